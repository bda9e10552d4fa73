"""A GPUaaS-shaped project on disk, and the verbs that a person types in it.

`Checkout` is a real git repository with lane worktrees, a configuration and a queue file; `run` starts a tool of
`bin/` as its own process, `make` goes through `make/fairway.mk`.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from typing import Any, NamedTuple

from tests.support import tool_server
from tests.support.engines import engine_variables
from tests.support.folders import fresh_folder
from tests.support.repositories import (
    FIXED_GIT,
    GPUAAS_LANES,
    HANDED_DOWN,
    add_lane_worktrees,
    commit_file,
    git,
    make_repository,
    write_file,
)

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BIN = os.path.join(HOME, "bin")
FRAGMENT = os.path.join(HOME, "make", "fairway.mk")
GPUAAS_CONFIG = os.path.join(HOME, "compat", "gpuaas", "config.toml")
QUEUE_FILE = "doc/governance/Agent_Work_Queue.yaml"
#: The same text wherever this checkout lies, so that commits have the same ids everywhere.
MAKEFILE = "include $(FAIRWAY_TEST_FRAGMENT)\n"


class Answer(NamedTuple):
    """What a process gave back."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)

    @property
    def word(self) -> str:
        """The stable word of the refusal on stderr, "" without one."""
        for line in self.err.splitlines():
            if line.startswith("error: "):
                return line.split(": ")[1]
            if line.startswith("{") and '"error/1"' in line:
                return str(json.loads(line)["word"])
        return ""


def environment(**extra: str) -> dict[str, str]:
    """A clean environment for a child process: nothing of the tester's own settings reaches it."""
    return {**{name: os.environ[name] for name in HANDED_DOWN if name in os.environ}, **FIXED_GIT, **extra}


def make_environment(**extra: str) -> dict[str, str]:
    """The same for make in a `Checkout`, whose Makefile finds the fragment of this checkout through it."""
    return environment(FAIRWAY_TEST_FRAGMENT=FRAGMENT, FAIRWAY_PYTHON=sys.executable, **extra)


def run_tool(tool: str, *arguments: str | bytes, cwd: str, env: dict[str, str] | None = None) -> Answer:
    """Run one tool of `bin/` in `cwd` and wait for it."""
    variables = tool_environment(cwd, env)
    if not tool_server.answers(variables):
        return finish(start_tool(tool, *arguments, cwd=cwd, env=env))
    code, out, err = tool_server.call(tool, [os.fsdecode(word) for word in arguments], cwd, variables)
    return Answer(code, out.decode(errors="replace"), err.decode(errors="replace"))


def tool_environment(cwd: str, env: dict[str, str] | None) -> dict[str, str]:
    """What a tool gets: hints are lines for make, the same wherever this checkout lies (test_hints.py has others)."""
    return environment(**{"FAIRWAY_VIA": "make", **engine_variables(cwd), **(env or {})})


def start_tool(
    tool: str, *arguments: str | bytes, cwd: str, env: dict[str, str] | None = None
) -> subprocess.Popen[bytes]:
    """Start one tool of `bin/` without waiting for it."""
    return subprocess.Popen(
        [sys.executable, os.path.join(BIN, tool), *arguments],
        cwd=cwd,
        env=tool_environment(cwd, env),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(process: subprocess.Popen[bytes]) -> Answer:
    """Wait for a started process."""
    out, err = process.communicate(timeout=120)
    return Answer(process.returncode, out.decode(errors="replace"), err.decode(errors="replace"))


class Checkout:
    """A project on disk: `main` is the coordinator's checkout, `lanes` maps a lane to its worktree."""

    def __init__(self, main: str, lanes: dict[str, str]) -> None:
        self.main = main
        self.lanes = lanes

    @property
    def store(self) -> str:
        """Where the store lies by default."""
        return os.path.join(self.main, ".git", "fairway", "queue.db")

    @property
    def queue_file(self) -> str:
        """The queue file of the coordinator checkout."""
        return os.path.join(self.main, QUEUE_FILE)

    def run(self, tool: str, *arguments: str | bytes, cwd: str = "", env: dict[str, str] | None = None) -> Answer:
        """Run a tool in the coordinator checkout, or in `cwd`."""
        return run_tool(tool, *arguments, cwd=cwd or self.main, env=env)

    def ok(self, tool: str, *arguments: str | bytes, cwd: str = "", env: dict[str, str] | None = None) -> Answer:
        """Run a tool that has to succeed."""
        answer = self.run(tool, *arguments, cwd=cwd, env=env)
        assert answer.code == 0, (tool, arguments, answer)
        return answer

    def detail(self, task_id: str, env: dict[str, str] | None = None) -> Any:
        """All that is recorded about a task, as JSON."""
        return self.ok("queue-task-detail", task_id, "--json", env=env).json

    def make(self, *words: str | bytes, cwd: str = "", env: dict[str, str] | None = None) -> Answer:
        """`make -s WORDS` in the coordinator checkout (whose Makefile includes the fragment), or in `cwd`."""
        done = subprocess.run(
            ["make", "-s", "--no-print-directory", *words],
            cwd=cwd or self.main,
            env=make_environment(**engine_variables(cwd or self.main), **(env or {})),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=120,
        )
        return Answer(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace"))

    def write_queue(self, text: str) -> None:
        """Replace the queue file of the coordinator checkout, without committing it."""
        write_file(self.main, QUEUE_FILE, text)

    def commit(self, lane: str, path: str, text: str = "x\n", message: str = "change") -> str:
        """Commit a file on a lane's branch; the full id of the commit."""
        return commit_file(self.lanes[lane], path, text, message)


def make_checkout(
    parent: str | os.PathLike[str],
    queue: str,
    *,
    lanes: Iterable[str] = GPUAAS_LANES,
    config: str | None = GPUAAS_CONFIG,
    name: str = "gpuaas",
) -> Checkout:
    """A repository `parent/name` on `master` with a Makefile, the given queue file and a worktree for each lane.

    `config` is the configuration file to copy in; None leaves the project without one.
    """
    wanted = (queue, tuple(lanes), config, name)
    if wanted not in _patterns:
        if len(_patterns) == _MOST_PATTERNS:
            shutil.rmtree(_patterns.pop(next(iter(_patterns))).folder)
        _patterns[wanted] = _make_pattern(*wanted)
    return _patterns[wanted].copy_to(os.path.realpath(parent))


class _Pattern(NamedTuple):
    """A checkout that tests get copies of: making one anew takes a dozen runs of git."""

    folder: str
    name: str
    lanes: dict[str, str]

    def copy_to(self, parent: str) -> Checkout:
        """The same files in `parent`, where the linked worktrees know each other by their new places."""
        places = [self.name, *(os.path.basename(path) for path in self.lanes.values())]
        assert not [place for place in places if os.path.lexists(os.path.join(parent, place))]
        subprocess.run(["cp", "-a", f"{self.folder}/.", parent], check=True)
        main = os.path.join(parent, self.name)
        lanes = {lane: os.path.join(parent, os.path.basename(path)) for lane, path in self.lanes.items()}
        for path in lanes.values():
            linked = os.path.join(main, ".git", "worktrees", os.path.basename(path))
            write_file(path, ".git", f"gitdir: {linked}\n")
            write_file(linked, "gitdir", f"{path}/.git\n")
        return Checkout(main, lanes)


#: Tests that are run one after the other mostly ask for the same.
_MOST_PATTERNS = 16
_patterns: dict[tuple[str, tuple[str, ...], str | None, str], _Pattern] = {}


def _make_pattern(queue: str, lanes: tuple[str, ...], config: str | None, name: str) -> _Pattern:
    folder = fresh_folder("pattern-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    main = make_repository(folder, name)
    write_file(main, QUEUE_FILE, queue)
    write_file(main, "Makefile", MAKEFILE)
    if config is not None:
        os.makedirs(os.path.join(main, ".fairway"))
        shutil.copy(config, os.path.join(main, ".fairway", "config.toml"))
    git(main, "add", "--all")
    git(main, "commit", "--quiet", "-m", "set up")
    return _Pattern(folder, name, add_lane_worktrees(main, lanes))


def task(task_id: str, role: str = "B-ui", **fields: Any) -> dict[str, Any]:
    """A task for `queue_text`; a title is made up when none is given."""
    return {"id": task_id, "title": f"Title of {task_id}", "role": role, **fields}


def queue_text(*tasks: dict[str, Any], roles: Iterable[str] = ("A-backend", "B-ui", "C-ops")) -> str:
    """The text of a queue file; values are written as JSON, which is YAML too."""
    lines = ["version: 1", "updated_at: 2026-11-01", f"roles: {json.dumps(list(roles))}", "tasks:"]
    for entry in tasks:
        for place, (name, value) in enumerate(entry.items()):
            lines.append(f"{'- ' if place == 0 else '  '}{name}: {json.dumps(value, ensure_ascii=False)}")
    return "\n".join(lines) + "\n" if tasks else "version: 1\ntasks: []\n"
