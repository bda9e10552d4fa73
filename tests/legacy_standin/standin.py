"""The stand-in legacy suite on disk: installed into a repository, and looked into.

Nothing here goes through `fairway_scripts`: the old side has to stay what it is when ours changes.
"""

from __future__ import annotations

import functools
import glob
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Mapping
from typing import Any

import pytest

from tests.support.repositories import GPUAAS_LANES, add_lane_worktrees, git, make_repository, write_file
from tests.support.shell import QUEUE_FILE, Answer, Checkout, environment, finish

HERE = os.path.dirname(os.path.abspath(__file__))
OPS = "scripts/ops"
CI = "scripts/ci"
QUEUE_SCRIPT = f"{OPS}/agent_queue.sh"
STORE_SCRIPT = f"{OPS}/agent_queue_store.rb"
#: The moment at which the stand-in believes to be unless a test says otherwise; it is UTC.
NOW = "2026-05-04 10:00:00"


class LegacyProject(Checkout):
    """A checkout that lives on the old scripts; `run` and `ok` still start our own tools in it."""

    def script(self, path: str, *words: str, cwd: str = "", env: Mapping[str, str] | None = None) -> Answer:
        """Run a script of the repository (`scripts/ops/...`) in the coordinator checkout, or in `cwd`."""
        return finish(self.start_script(path, *words, cwd=cwd, env=env))

    def start_script(
        self, path: str, *words: str, cwd: str = "", env: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a script of the repository without waiting for it."""
        where = cwd or self.main
        return subprocess.Popen(
            [os.path.join(where, path), *words],
            cwd=where,
            env=legacy_environment(**(env or {})),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )

    def queue(self, *words: str, cwd: str = "", env: Mapping[str, str] | None = None) -> Answer:
        """`agent_queue.sh WORDS`, as operators type it."""
        return self.script(QUEUE_SCRIPT, *words, cwd=cwd, env=env)

    def queue_ok(self, *words: str, cwd: str = "", env: Mapping[str, str] | None = None) -> Answer:
        """`agent_queue.sh WORDS` that has to succeed."""
        answer = self.queue(*words, cwd=cwd, env=env)
        assert answer.code == 0, (words, answer)
        return answer

    def make(self, *words: str | bytes, cwd: str = "", env: dict[str, str] | None = None) -> Answer:
        """`make -s WORDS` with the clock of the stand-in frozen."""
        return super().make(*words, cwd=cwd, env={"LEGACY_NOW": NOW, **(env or {})})

    @property
    def legacy_db(self) -> str:
        """The old database."""
        return legacy_db(self.main)


def legacy_environment(**extra: str) -> dict[str, str]:
    """The environment of a call: the clock frozen, nobody named, FAIRWAY_PYTHON for shims that are installed later."""
    return environment(**{"LEGACY_NOW": NOW, "FAIRWAY_PYTHON": sys.executable, **extra})


def install(repo: str) -> None:
    """Copy the scripts, the Makefile and the pack catalogue into a repository and commit them."""
    for source in sorted(_files()):
        target = os.path.join(repo, os.path.relpath(source, HERE))
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copy(source, target)
    git(repo, "add", "--all")
    git(repo, "commit", "--quiet", "--no-verify", "-m", "scripts for agents")


def make_legacy_project(
    parent: str | os.PathLike[str],
    queue_text: str,
    *,
    lanes: Iterable[str] = GPUAAS_LANES,
    name: str = "gpuaas",
    initialise: bool = True,
) -> LegacyProject:
    """A repository `parent/name` on `master` that lives on the stand-in, with a worktree for each lane.

    With `initialise` the database is there already, seeded from the queue file.
    """
    main = make_repository(parent, name)
    write_file(main, QUEUE_FILE, queue_text)
    install(main)
    project = LegacyProject(main, add_lane_worktrees(main, lanes))
    if initialise:
        project.queue_ok("sync")
    return project


def legacy_db(repo: str) -> str:
    """Where the old database of a repository lies; `repo` may be any of its worktrees."""
    common = git(repo, "rev-parse", "--git-common-dir")
    return os.path.join(os.path.realpath(os.path.join(repo, common)), "agent_queue", "agent_queue.db")


def legacy_rows(repo: str, table: str) -> list[dict[str, Any]]:
    """The rows of a table of the old database, in the order in which they were written."""
    connection = sqlite3.connect(f"file:{legacy_db(repo)}?mode=ro", uri=True)
    try:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(f'SELECT * FROM "{table}" ORDER BY rowid')]
    finally:
        connection.close()


@functools.cache
def why_missing() -> str:
    """What the stand-in lacks on this machine, "" when it can run."""
    if shutil.which("ruby") is None:
        return "the stand-in needs ruby"
    probe = subprocess.run(["ruby", "-e", 'require "sqlite3"'], capture_output=True, check=False)
    return "" if probe.returncode == 0 else "the stand-in needs the sqlite3 gem of ruby"


def need_ruby() -> None:
    """Skip the calling test module where the stand-in cannot run; on a CI machine that is a failure."""
    missing = why_missing()
    if missing and os.environ.get("CI"):
        raise RuntimeError(missing)
    if missing:
        pytest.skip(missing, allow_module_level=True)


def _files() -> list[str]:
    found = [os.path.join(HERE, "Makefile")]
    for pattern in ("scripts/ops/*", "scripts/ci/*", "doc/governance/*"):
        found += glob.glob(os.path.join(HERE, pattern))
    return found
