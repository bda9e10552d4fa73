"""`make bench`: the tools side by side with their floors and budgets, in one run.

Prints tables, writes every sample to bench.json, and with --record puts the tables into docs/benchmarks.md.
A budget that is not met is reported; the exit code is 1 only when something measured is broken.
"""

from __future__ import annotations

import argparse
import compileall
import json
import os
import statistics
import sys
import tempfile
import time
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

import crowd
import engines
import front_door
import git_check
import hot
import imports
import installed
import machine
import memory
import peers
import report
import surfaces
import tick
import wear
from projects import HOME, Project, make_project, remove
from stopwatch import Broken, Stopwatch
from verdicts import BASE, judge

if TYPE_CHECKING:
    from collections.abc import Callable

PARTS = (
    *("hot", "installed", "memory", "wear", "crowd", "engines", "import", "git-check", "taskwarrior", "tick"),
    *("front-door", "surfaces"),
)
SIZES = (400, 2_000, 10_000, 100_000)
#: Fewer tasks leave too few ready ones for every claim of a run to find its own.
SMALLEST = 400
#: Taskwarrior's time grows faster than the queue.
TASKWARRIOR_SIZES = {400: 9, 2_000: 9, 10_000: 3}
PAGE = os.path.join(HOME, "docs", "benchmarks.md")
#: Round numbers from which the comparison with Taskwarrior takes its targets.
_PEERS_PLACE = 2000


class Bench:
    """One run: the options, the projects made so far, the results."""

    def __init__(self, options: argparse.Namespace, folder: str) -> None:
        self.options = options
        self.folder = folder
        self.watch = Stopwatch(hyperfine=not options.no_hyperfine)
        self.rounds = options.rounds or (5 if options.quick else 21)
        self.projects: dict[int, Project] = {}
        self.results: dict[str, Any] = {}

    def carry_out(self) -> None:
        """Every part that was asked for, in the order of PARTS."""
        parts: dict[str, Callable[[], None]] = {
            "hot": self._hot,
            "installed": self._installed,
            "memory": self._memory,
            "wear": self._wear,
            "crowd": self._crowd,
            "engines": self._engines,
            "import": self._imports,
            "git-check": self._git_check,
            "taskwarrior": self._taskwarrior,
            "tick": self._tick,
            "front-door": self._front_door,
            "surfaces": self._surfaces,
        }
        for name in self.options.only or PARTS:
            say(f"{name} ...")
            parts[name]()

    def _base(self) -> Project:
        """The project for what is measured at one size only."""
        sizes = self.options.sizes
        return self._project(BASE if BASE in sizes else sizes[0])

    def _project(self, size: int) -> Project:
        if size not in self.projects:
            say(f"  making a project with {size:,} tasks")
            self.projects[size] = make_project(self.folder, size)
        return self.projects[size]

    def _hot(self) -> None:
        projects = [self._project(size) for size in self.options.sizes]
        base = self._base()
        say(f"  {self.rounds} rounds")
        samples = hot.measure(self.watch, projects, self.rounds, base, self.folder)
        added = hot.through_make(samples, base.size)
        self.results["hot"] = {
            "base": base.size,
            "rows": [{"name": key.name, "size": key.size, **figures(values)} for key, values in samples.items()],
            "make_adds_ms": {name: round(seconds * 1000, 2) for name, seconds in added.items()},
            "log_mb": {str(project.size): round(project.log_bytes() / 1e6, 2) for project in projects},
        }

    def _installed(self) -> None:
        self.results["installed"] = installed.measure(self.watch, self._base(), self.rounds, self.folder)

    def _memory(self) -> None:
        project = self._base()
        peaks = memory.measure(project, 3)
        self.results["memory"] = {
            "size": project.size,
            "peak_mb": {name: round(peak / 1e6, 2) for name, peak in peaks.items()},
        }

    def _wear(self) -> None:
        writes = 100 if self.options.quick else 1_000
        self.results["wear"] = wear.measure(self.watch, self._base(), writes, min(self.rounds, 11))

    def _crowd(self) -> None:
        tasks = self.options.claims or (100 if self.options.quick else 2_000)
        say(f"  {crowd.MANY} processes claim {tasks:,} tasks")
        self.results["crowd"] = crowd.measure(self.folder, tasks)

    def _engines(self) -> None:
        clients = (1, 16) if self.options.quick else engines.CLIENTS
        self.results["engines"] = engines.measure(self.folder, clients)

    def _imports(self) -> None:
        self.results["imports"] = []
        for tasks in (406, 5_000):
            rounds = 3 if self.options.quick else 7
            found = imports.measure(self.watch, self.folder, tasks, rounds)
            for name in ("processes", "inside"):
                samples = found.pop(name)
                found[f"{name}_ms"] = {key: figures(values)["median_ms"] for key, values in samples.items()}
                found[f"{name}_samples_ms"] = {key: figures(values)["samples_ms"] for key, values in samples.items()}
            self.results["imports"].append(found)

    def _git_check(self) -> None:
        sizes = [size for size in self.options.sizes if size <= BASE] or self.options.sizes[:1]
        found = git_check.measure(self.watch, [self._project(size) for size in sizes], min(self.rounds, 11))
        self.results["git_check"] = {
            "median_ms": {str(size): figures(values)["median_ms"] for size, values in sorted(found["samples"].items())},
            "git_processes": {str(size): count for size, count in found["git_processes"].items()},
        }

    def _tick(self) -> None:
        sizes = [size for size in self.options.sizes if size <= BASE] or self.options.sizes[:1]
        found = tick.measure(self.watch, [self._project(size) for size in sizes], min(self.rounds, 11))
        medians: dict[str, dict[str, float]] = {}
        for key, values in found["samples"].items():
            medians.setdefault(key.name, {})[str(key.size)] = figures(values)["median_ms"]
        counts = {str(size): count for size, count in found["git_processes"].items()}
        self.results["tick"] = {"median_ms": medians, "git_processes": counts}

    def _front_door(self) -> None:
        samples = front_door.measure(self.watch, os.path.join(self.folder, "front-door"), self.rounds)
        self.results["front_door"] = {
            "median_ms": {name: figures(values)["median_ms"] for name, values in samples.items()},
            "added_ms": {name: round(took * 1000, 2) for name, took in front_door.added(samples).items()},
        }

    def _surfaces(self) -> None:
        if surfaces.missing():
            say(f"  not measured: {surfaces.missing()} is missing")
            return
        seconds = 10 if self.options.quick else 60
        self.results["surfaces"] = [
            surfaces.measure(self._project(size), seconds) for size in self.options.sizes if size >= BASE
        ]

    def _taskwarrior(self) -> None:
        self.results["taskwarrior"] = []
        if not peers.available():
            return
        for size in self.options.sizes:
            if size in TASKWARRIOR_SIZES:
                rounds = min(self.rounds, TASKWARRIOR_SIZES[size])
                hyperfine = bool(self.watch.program)
                samples = peers.measure(self._project(size), rounds, _PEERS_PLACE, hyperfine=hyperfine)
                medians = {name: figures(values)["median_ms"] for name, values in samples.items()}
                self.results["taskwarrior"].append({"size": size, "rounds": rounds, "median_ms": medians})


def figures(seconds: list[float]) -> dict[str, Any]:
    """The median, the least and all samples, in milliseconds."""
    samples = [round(value * 1000, 3) for value in seconds]
    return {"median_ms": round(statistics.median(samples), 3), "min_ms": min(samples), "samples_ms": samples}


def say(text: str) -> None:
    """Progress, on stderr: stdout carries the report."""
    print(text, file=sys.stderr, flush=True)


def parse(words: list[str] | None = None) -> argparse.Namespace:
    """The options of a call."""
    parser = argparse.ArgumentParser(
        prog="scripts/bench", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--sizes", type=_sizes, default=list(SIZES), metavar="'400 2000'", help="tasks in the stores")
    parser.add_argument("--rounds", type=int, default=0, metavar="N", help="rounds of the hot commands (default: 21)")
    parser.add_argument("--claims", type=int, default=0, metavar="N", help="tasks that sixteen processes claim")
    parser.add_argument("--quick", action="store_true", help="400 and 2,000 tasks, few rounds: a first impression")
    parser.add_argument("--only", action="append", choices=PARTS, help="one part of the run (repeatable)")
    parser.add_argument("--no-hyperfine", action="store_true", help="use the built-in runner")
    parser.add_argument("--record", action="store_true", help="put the tables into docs/benchmarks.md")
    output = os.path.join(HOME, "bench.json")
    parser.add_argument("--output", default=output, metavar="FILE", help="where all samples go")
    parser.add_argument("--folder", metavar="DIR", help="where to work (default: a temporary folder); keep it local")
    options = parser.parse_args(words)
    if options.quick and options.sizes == list(SIZES):
        options.sizes = [400, BASE]
    if not 0 <= options.rounds <= 25:
        parser.error("--rounds: at most 25, because every round claims tasks of its own")
    return options


def _sizes(text: str) -> list[int]:
    sizes = sorted({int(word) for word in text.replace(",", " ").split()})
    if not sizes or sizes[0] < SMALLEST:
        raise argparse.ArgumentTypeError(f"at least one size, none below {SMALLEST}")
    return sizes


def main() -> int:
    """Run, report, write; the exit code."""
    options = parse()
    began = time.monotonic()
    readings = [machine.quietness()]
    started = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    for package in ("fairway_scripts", "bin"):
        compileall.compile_dir(os.path.join(HOME, package), quiet=1)
    folder = os.path.realpath(tempfile.mkdtemp(prefix="fairway-bench-", dir=options.folder))
    bench = Bench(options, folder)
    try:
        bench.carry_out()
    except Broken as problem:
        say(f"bench: broken: {problem}")
        return 1
    finally:
        remove(folder)
    readings.append(machine.quietness())
    from fairway_scripts import __version__

    results = {
        "schema": "bench/1",
        "started_at": started,
        "seconds": round(time.monotonic() - began, 1),
        "version": __version__,
        "runner": bench.watch.name,
        "rounds": bench.rounds,
        "machine": machine.describe(),
        "quiet": {"quiet": machine.is_quiet(readings), "readings": readings},
        **bench.results,
    }
    budgets = judge(results)
    results["budgets"] = [{"asked": one.asked, "measured": one.measured, "verdict": one.verdict} for one in budgets]
    with open(options.output, "w", encoding="utf-8") as file:
        json.dump(results, file, indent=1, sort_keys=True)
        file.write("\n")
    text = report.whole(results, budgets)
    print(text, end="")
    if options.record:
        _record(text)
    return 0


def _record(text: str) -> None:
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(report.replace_block(page, text))
    say(f"bench: wrote {os.path.relpath(PAGE)}")


if __name__ == "__main__":
    sys.exit(main())
