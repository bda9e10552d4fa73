"""The projects that are measured: real git repositories with a queue of a given size and one lane worktree."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING, NamedTuple

from stopwatch import environment, run

if TYPE_CHECKING:
    from collections.abc import Sequence

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [HOME, os.path.join(HOME, "bin")]

from _start import LIGHT  # noqa: E402 - found through the line above

from fairway_scripts.queue.generation import generate_queue  # noqa: E402 - found through the line above

PYTHON = sys.executable
QUEUE_FILE = "doc/governance/Agent_Work_Queue.yaml"
#: The lane with a worktree (its checks before a claim ask git) and the one without (they only warn).
CHECKED_LANE, FREE_LANE, OTHER_LANE = "A-backend", "C-ops", "B-ui"
#: 60 % open, a good half of them ready: what is ready grows with the queue.
STATUSES = {"done": 30, "in_progress": 10, "todo": 60}
#: Short tasks, so that the largest queue stays a file that one would still call a queue file.
LINES_PER_TASK = 20
SOURCE_FILES = 1000
_MAX_BYTES = 1 << 28


class Project(NamedTuple):
    """A project on disk, its store filled and settled."""

    size: int
    folder: str
    main: str
    head: str
    #: ready tasks of OTHER_LANE, which no measured claim takes
    spare: tuple[str, ...]

    def log_bytes(self) -> int:
        """The size of the store's write-ahead log: every process that opens the store alone reads all of it."""
        path = os.path.join(self.main, ".git", "fairway", "queue.db-wal")
        return os.path.getsize(path) if os.path.exists(path) else 0


def tool(name: str, *words: str) -> tuple[str, ...]:
    """The command line of a tool as make and the file in bin/ start it: by the environment's own interpreter."""
    return (PYTHON, *(["-S"] if name in LIGHT else []), os.path.join(HOME, "bin", name), *words)


def missing(*names: str) -> list[str]:
    """Those of the tools that this checkout has no command module for."""
    from fairway_scripts.catalog import TOOLS

    return [
        name
        for name in names
        if not os.path.exists(os.path.join(HOME, "fairway_scripts", *TOOLS[name].module.split(".")) + ".py")
    ]


def make_project(parent: str, size: int) -> Project:
    """A project with `size` tasks in `parent`, imported, with its caches warm."""
    folder = os.path.join(parent, f"tasks-{size}")
    main = make_repository(folder)
    head = run(["git", "rev-parse", "HEAD"], main).strip()
    lanes = {CHECKED_LANE: 1, OTHER_LANE: 1, FREE_LANE: 1}
    text = generate_queue(size, statuses=STATUSES, lanes=lanes, lines_per_task=LINES_PER_TASK, commits=[head])
    commit(main, {QUEUE_FILE: text}, "queue")
    lane = os.path.join(folder, f"gpuas-{CHECKED_LANE}")
    run(["git", "worktree", "add", "--quiet", "--no-track", "-b", f"agent/{CHECKED_LANE}", lane], main)
    settle(main, lane)
    spare = run(tool("queue-ready", "--role", OTHER_LANE, "--limit", "64", "--format", "ids"), main).split()
    return Project(size, folder, main, run(["git", "rev-parse", "HEAD"], main).strip(), tuple(spare))


def make_repository(folder: str) -> str:
    """A repository `folder`/gpuaas with the GPUaaS configuration, a Makefile and a thousand source files; its path."""
    main = os.path.join(folder, "gpuaas")
    os.makedirs(os.path.join(main, ".fairway"))
    run(["git", "init", "--quiet", "--template=", "--initial-branch=master"], main)
    with open(os.path.join(HOME, "compat", "gpuaas", "config.toml"), encoding="utf-8") as file:
        config = file.read().replace("[queue]\n", f"[queue]\nmax_bytes = {_MAX_BYTES}\n", 1)
    sources = {f"packages/part{n % 40}/file{n}.go": f"package part{n % 40}\n" for n in range(SOURCE_FILES)}
    makefile = f"FAIRWAY_HOME := {HOME}\nFAIRWAY_PYTHON := {PYTHON}\ninclude {HOME}/make/fairway.mk\n"
    commit(main, {".fairway/config.toml": config, "Makefile": makefile, **sources}, "start")
    return main


def commit(main: str, files: dict[str, str], message: str) -> None:
    """Write files and commit them."""
    for path, text in files.items():
        target = os.path.join(main, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
    run(["git", "-c", "core.compression=0", "add", "--all"], main)
    run(["git", "commit", "--quiet", "-m", message], main)


def settle(*worktrees: str) -> None:
    """Wait out git's doubt about files that are as new as its index, and write an index without doubts.

    Otherwise every `git status` of the run would read the whole queue file again.
    """
    time.sleep(1.1)
    for path in worktrees:
        run(["git", "status", "--porcelain"], path)


def empty_project(parent: str, name: str) -> str:
    """A repository without lane worktrees and without a queue; its main checkout."""
    return make_repository(os.path.join(parent, name))


def flat_queue(tasks: int, lane: str = FREE_LANE) -> str:
    """A queue file of `tasks` tasks of one lane, all ready."""
    lines = ["version: 1", f"roles: [{lane}]", "tasks:"]
    for number in range(tasks):
        lines += [f"- id: C-LOAD-{number:06}", f"  title: Task {number}", f"  role: {lane}"]
    return "\n".join(lines) + "\n"


def remove(folder: str) -> None:
    """Take a folder away."""
    shutil.rmtree(folder, ignore_errors=True)


def processes(lines: Sequence[tuple[str, ...]], cwd: str) -> list[tuple[int, str, str]]:
    """Run every command line at the same time; exit code, stdout and stderr of each, in their order."""
    running = [
        subprocess.Popen(
            words,
            cwd=cwd,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for words in lines
    ]
    answers = []
    for process in running:
        out, err = process.communicate()
        answers.append((process.returncode, out, err))
    return answers
