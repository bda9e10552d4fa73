"""What the figures were measured on, and whether anything else was running."""

from __future__ import annotations

import os
import platform
import shutil
import sqlite3
import subprocess
import time
from typing import Any

#: A share of idle time below which the machine counts as busy.
QUIET = 0.9


def describe() -> dict[str, Any]:
    """Processor, cores, memory, system and the versions of the programs that take part."""
    programs = {
        "git": ("git", "--version"),
        "make": ("make", "--version"),
        "ruby": ("ruby", "--version"),
        "taskwarrior": ("task", "--version"),
    }
    return {
        "processor": _processor(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        **{name: _version(words) for name, words in programs.items()},
    }


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            for line in file:
                if line.startswith("model name"):
                    return line.split(":", 1)[1].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()


def _version(words: tuple[str, ...]) -> str:
    """The first line of what a program says about itself, "" when it is not here."""
    if not shutil.which(words[0]):
        return ""
    said = subprocess.run(words, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL).stdout
    return (said.splitlines() or [""])[0]


def quietness(seconds: float = 2.0) -> dict[str, Any]:
    """The load averages, and the share of processor time that was idle while nothing of ours ran.

    `idle` is None where the system does not tell.
    """
    before = _times()
    time.sleep(seconds if before else 0)
    after = _times()
    idle = None
    if before and after and sum(after) > sum(before):
        idle = (after[3] - before[3]) / (sum(after) - sum(before))
    return {"load": [round(load, 2) for load in os.getloadavg()], "idle": None if idle is None else round(idle, 3)}


def is_quiet(readings: list[dict[str, Any]]) -> bool:
    """Whether every reading found the machine idle."""
    return all(reading["idle"] is None or reading["idle"] >= QUIET for reading in readings)


def _times() -> list[int]:
    try:
        with open("/proc/stat", encoding="ascii") as file:
            return [int(word) for word in file.readline().split()[1:9]]
    except OSError:
        return []
