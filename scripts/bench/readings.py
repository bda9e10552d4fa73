"""What a process holds and uses, as the kernel tells it, and how samples are spread."""

from __future__ import annotations

import os
import re
import statistics


def memory(pid: int) -> dict[str, float]:
    """What a process holds: `rss`, `pss` (of pages that several share its part), and `peak`, the most of the first."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        lines = dict(re.findall(r"^(Rss|Pss):\s+(\d+) kB", file.read(), re.MULTILINE))
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        lines |= dict(re.findall(r"^Vm(HWM):\s+(\d+) kB", file.read(), re.MULTILINE))
    names = {"Rss": "rss", "Pss": "pss", "HWM": "peak"}
    return {names[name]: round(int(kb) / 1024, 1) for name, kb in lines.items()}


def spread(samples: list[float]) -> dict[str, float]:
    """The median of samples, what 95 of 100 are not above, and the largest."""
    ranked = sorted(samples)
    p95 = ranked[min(len(ranked) - 1, round(0.95 * (len(ranked) - 1)))]
    return {"median": round(statistics.median(ranked), 1), "p95": round(p95, 1), "most": round(ranked[-1], 1)}


def processor(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
