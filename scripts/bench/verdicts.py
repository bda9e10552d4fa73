"""The budgets, held against what was measured. A budget that is not met is reported, never an error."""

from __future__ import annotations

from typing import Any, NamedTuple

import hot

#: The size at which the budgets of single commands are stated, and the one that must not cost much more.
BASE, LARGE = 2_000, 100_000
RUBY_SHARE, GROWTH, MAKE_MS, MEMORY_MB, IMPORT_SHARE = 0.5, 1.3, 10.0, 20.0, 1.5
#: What an installed tool may take, as a multiple of the checkout's.
INSTALLED = 1.1
#: What the front door may add to a call of an older script, beside the start of bare Python.
DOOR = 1.5


class Budget(NamedTuple):
    """One line: what is asked, what was measured, and whether that meets it (None: it was not measured)."""

    asked: str
    measured: str
    met: bool | None

    @property
    def verdict(self) -> str:
        """The verdict in words."""
        return {True: "met", False: "NOT MET", None: "not measured"}[self.met]


def judge(results: dict[str, Any]) -> list[Budget]:
    """Every budget whose part of the run took place."""
    found: list[Budget] = []
    if "hot" in results:
        found += [*_start_up(results["hot"]), *_growth(results["hot"]), *_through_make(results["hot"])]
    found += [
        Budget(f"{name}, installed: at most {INSTALLED} x the checkout's", f"{ratio:.2f} x", ratio <= INSTALLED)
        for name, ratio in results.get("installed", {}).items()
    ]
    if "memory" in results:
        found.append(_memory(results["memory"]["peak_mb"]))
    if "crowd" in results:
        found += _crowd(results["crowd"])
    for one in results.get("imports", []):
        found += _import(one)
    if results.get("git_check", {}).get("git_processes"):
        found.append(_git_processes("queue-git-check", results["git_check"]["git_processes"]))
    if results.get("tick", {}).get("git_processes"):
        found += _tick(results["tick"])
    if "front_door" in results:
        found += _front_door(results["front_door"])
    for one in results.get("surfaces", []):
        if one["size"] == LARGE:
            found += _surfaces(one["dashboard"], one["terminal"])
    return found


def _surfaces(page: dict[str, Any], screen: dict[str, Any]) -> list[Budget]:
    """What people look at, at the largest size."""
    crowd, minute = page["crowd"], page["minute"]
    many = minute["browsers"]
    measured = [
        ("dashboard, first byte", max(page["first_byte_ms"].values()), 100, "ms"),
        ("dashboard, first paint", max(page["paint_ms"].values(), default=None), 500, "ms"),
        ("dashboard, an unknown path", page["unknown_ms"], 50, "ms"),
        ("dashboard, event to stream, 95 %", page["event_ms"]["p95"], 500, "ms"),
        ("dashboard, event to screen, 95 %", (page["screen_ms"] or {}).get("p95"), 500, "ms"),
        (f"dashboard, event to each of {many} streams, 95 %", crowd["event_ms"]["p95"], 500, "ms"),
        (f"dashboard, event to screen beside {many} streams, 95 %", (crowd["screen_ms"] or {}).get("p95"), 500, "ms"),
        ("dashboard, processor while idle", page["idle_percent"], 1, "%"),
        ("dashboard, memory with every panel computed (RSS)", page["all_panels_mb"]["rss"], 80, "MB"),
        (f"dashboard, memory with {many} streams (RSS)", minute["memory_mb"]["rss"], 80, "MB"),
        ("dashboard, a page compressed", max(page["gzip_bytes"].values()) / 1000, 100, "KB"),
        ("terminal page, first screen", screen["first_ms"]["median"], 500, "ms"),
        ("terminal page, first screen with its counts", screen["counted_ms"]["median"], 500, "ms"),
        ("terminal page, a key to its first byte, 95 %", screen["key_ms"]["p95"], 50, "ms"),
        ("terminal page, memory after all views (RSS)", screen["walked_mb"]["rss"], 60, "MB"),
    ]
    told = Budget(
        f"dashboard, {many} streams for {minute['seconds']:.0f} s, killed writers, a restart: none lost or doubled",
        f"{minute['lost']} lost, {minute['doubled']} doubled of {minute['events']} events",
        minute["events"] > 0 and minute["lost"] == minute["doubled"] == 0,
    )
    return [
        told,
        *(
            Budget(
                f"{what} at {LARGE:,} tasks: below {most} {unit}",
                "" if got is None else f"{got:.1f} {unit}",
                None if got is None else got < most,
            )
            for what, got, most, unit in measured
        ),
    ]


def _median(rows: list[dict[str, Any]], name: str, size: int) -> float | None:
    return next((row["median_ms"] for row in rows if (row["name"], row["size"]) == (name, size)), None)


def _start_up(measured: dict[str, Any]) -> list[Budget]:
    ruby = _median(measured["rows"], hot.RUBY, 0)
    budgets = []
    for name in hot.COMMANDS:
        asked = f"{name} at {BASE:,} tasks: at most {RUBY_SHARE} x the start of Ruby"
        took = _median(measured["rows"], name, BASE)
        if ruby is None or took is None:
            budgets.append(Budget(asked, "" if took is None else f"{took:.1f} ms", None))
            continue
        shown = f"{took:.1f} ms of {RUBY_SHARE * ruby:.1f} ms ({took / ruby:.2f} x)"
        budgets.append(Budget(asked, shown, took <= RUBY_SHARE * ruby))
    return budgets


def _growth(measured: dict[str, Any]) -> list[Budget]:
    budgets = []
    for name in hot.COMMANDS:
        asked = f"{name} at {LARGE:,} tasks: at most {GROWTH} x its time at {BASE:,}"
        base, large = _median(measured["rows"], name, BASE), _median(measured["rows"], name, LARGE)
        if base is None or large is None:
            budgets.append(Budget(asked, "", None))
            continue
        budgets.append(Budget(asked, f"{large:.1f} ms ({large / base:.2f} x)", large <= GROWTH * base))
    return budgets


def _through_make(measured: dict[str, Any]) -> list[Budget]:
    return [
        Budget(f"make {name}: at most {MAKE_MS:.0f} ms more than the tool itself", f"{added:.1f} ms", added <= MAKE_MS)
        for name, added in measured["make_adds_ms"].items()
    ]


def _memory(peaks: dict[str, float]) -> Budget:
    name = max(hot.COMMANDS, key=lambda command: peaks[command])
    asked = f"peak memory of every hot command: at most {MEMORY_MB:.0f} MB"
    return Budget(asked, f"{peaks[name]:.1f} MB ({name})", peaks[name] <= MEMORY_MB)


def _crowd(crowd: dict[str, Any]) -> list[Budget]:
    many = crowd["processes"]
    winners = crowd["race_winners"]
    kept = crowd["writes_kept"]
    return [
        Budget(
            f"{many} processes claim {crowd['tasks']:,} tasks: none twice, none left",
            f"{crowd['double_claims']} twice, {crowd['left_over']} left",
            crowd["double_claims"] == 0 and crowd["left_over"] == 0,
        ),
        Budget(
            f"{many} processes claim {crowd['tasks']:,} tasks: no lock errors",
            f"{crowd['lock_errors']} lock errors, {crowd['other_errors']} others",
            crowd["lock_errors"] == 0 and crowd["other_errors"] == 0,
        ),
        Budget(f"{many} claims of one task: one winner", ", ".join(map(str, winners)), set(winners) == {1}),
        Budget(
            "one `fairway batch`: over 500 claims/s, none twice",
            f"{crowd['batch_claims_per_s']:.0f} claims/s; SQLite alone: {crowd['commits_per_s']:.0f} commits/s",
            crowd["batch_claims_per_s"] > 500,
        ),
        Budget(f"{many} records at once: all kept", f"{kept} of {crowd['writes']}", kept == crowd["writes"]),
    ]


def _import(one: dict[str, Any]) -> list[Budget]:
    whole, inside = one["processes_ms"], one["inside_ms"]
    budgets = []
    if one["tasks"] >= 5_000:
        for how, took, floor in (
            ("whole processes", whole["import, new store"], whole["libyaml events alone"]),
            ("inside the process", inside["import"], inside["events"]),
        ):
            asked = f"import of {one['tasks']:,} tasks, {how}: at most {IMPORT_SHARE} x the bare libyaml events"
            shown = f"{took:.0f} ms against {floor:.0f} ms ({took / floor:.2f} x)"
            budgets.append(Budget(asked, shown, took <= IMPORT_SHARE * floor))
    again, floor = whole["import again, unchanged"], whole["libyaml events alone"]
    budgets.append(
        Budget(
            f"import of {one['tasks']:,} tasks again: skipped, so faster than only reading them",
            f"{again:.0f} ms against {floor:.0f} ms",
            again < floor,
        )
    )
    return budgets


def _tick(measured: dict[str, Any]) -> list[Budget]:
    found = [_git_processes("orchestrator-tick", measured["git_processes"])]
    medians = measured["median_ms"]
    status = medians["orchestrator-status"].get(str(BASE))
    if status is not None:
        took = medians["orchestrator-tick"][str(BASE)]
        asked = f"orchestrator-tick at {BASE:,} tasks and five lanes: under twice orchestrator-status"
        found.append(Budget(asked, f"{took:.1f} ms against {status:.1f} ms ({took / status:.2f} x)", took < 2 * status))
    return found


def _front_door(measured: dict[str, Any]) -> list[Budget]:
    bare = measured["median_ms"][hot.BARE]
    return [
        Budget(
            f"front door, {name}: adds at most {DOOR} x the start of Python",
            f"{took:.1f} ms of {DOOR * bare:.1f} ms ({took / bare:.2f} x)",
            took <= DOOR * bare,
        )
        for name, took in measured["added_ms"].items()
    ]


def _git_processes(name: str, counts: dict[str, int]) -> Budget:
    listing = ", ".join(f"{count} at {int(size):,}" for size, count in counts.items())
    asked = f"git processes of {name}: the same number at every size"
    return Budget(asked, listing, len(set(counts.values())) == 1 if len(counts) > 1 else None)
