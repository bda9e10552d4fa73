"""A full disk, a read-only store, a damaged store, a newer store: a clear refusal, and nothing half-written."""

from __future__ import annotations

import os
import resource
import shlex
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.shell import BIN, Answer, Checkout, environment, make_checkout, queue_text, task


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A project with a few tasks and a store."""
    project = make_checkout(tmp_path, queue_text(*(task(f"B-{n}") for n in range(5))), lanes=[])
    project.ok("queue-ready")
    return project


def run_as(change: Callable[[], None], tool: str, *arguments: str, cwd: str) -> Answer:
    """Run a tool whose process is changed (limits, user) before it starts."""
    done = subprocess.run(
        [sys.executable, os.path.join(BIN, tool), *arguments],
        cwd=cwd,
        env=environment(),
        preexec_fn=change,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def test_a_full_disk_is_named_and_nothing_is_half_written(project: Checkout) -> None:
    size = os.path.getsize(project.store)

    def full() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (size // 64, size // 64))

    answer = run_as(full, "queue-claim", "B-1", "--role", "B-ui", "--owner", "B", cwd=project.main)
    assert answer.code == 2, answer
    assert answer.word == "store_unavailable"
    assert project.store in answer.err
    assert project.detail("B-1")["status"] == "todo"
    assert project.run("queue-verify").code == 0


def read_only(folder: str, tool: str, *arguments: str, cwd: str) -> Answer:
    """Run a tool in a mount namespace of its own, in which `folder` cannot be written."""
    command = " ".join(shlex.quote(word) for word in (sys.executable, os.path.join(BIN, tool), *arguments))
    place, where = shlex.quote(folder), shlex.quote(cwd)
    script = f"mount --bind {place} {place} && mount -o remount,ro,bind {place} && cd {where} && exec {command}"
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", script], env=environment(), capture_output=True, text=True, timeout=60
    )
    return Answer(done.returncode, done.stdout, done.stderr)


def can_mount(folder: str) -> bool:
    if os.getuid() != 0 or shutil.which("unshare") is None:
        return False
    return read_only(folder, "queue-help", cwd=folder).code == 0


@pytest.mark.parametrize("log", ["with a log", "without a log"])
def test_a_store_that_may_not_be_written_can_be_read(project: Checkout, tmp_path: Path, log: str) -> None:
    if not can_mount(str(tmp_path)):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("only root may make a read-only mount")
    if log == "without a log":
        sqlite3.connect(project.store).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    folder = str(tmp_path)
    ready = read_only(folder, "queue-ready", "--format", "ids", "--actor", "ann", cwd=project.main)
    assert ready.out.split() == [f"B-{n}" for n in range(5)], ready
    refused = read_only(folder, "queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--json", cwd=project.main)
    assert (refused.code, refused.word) == (2, "store_unavailable"), refused
    assert project.detail("B-1")["status"] == "todo"


@pytest.mark.parametrize("damage", ["garbage", "truncated", "header"])
def test_a_damaged_store_is_named_with_the_way_back(project: Checkout, damage: str) -> None:
    connection = sqlite3.connect(project.store)
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    with open(project.store, "r+b") as file:
        if damage == "garbage":
            file.write(os.urandom(4096 * 8))
        elif damage == "header":
            file.write(b"This is not a database at all")
        else:
            file.truncate(4096 * 3 + 17)
    answer = project.run("queue-ready")
    assert (answer.code, answer.word) == (2, "store_damaged"), answer
    assert "queue-restore" in answer.err


def test_a_store_of_a_newer_version_is_left_alone(project: Checkout) -> None:
    connection = sqlite3.connect(project.store)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    answer = project.run("queue-ready")
    assert (answer.code, answer.word) == (2, "store_newer")
    assert "9999" in answer.err


def test_a_folder_where_the_store_should_be_is_a_clear_error(project: Checkout, tmp_path: Path) -> None:
    answer = project.run("queue-ready", "--db", str(tmp_path))
    assert answer.code == 2
    assert answer.word == "store_unavailable"


def test_a_store_path_that_cannot_be_made_is_a_clear_error(project: Checkout) -> None:
    answer = project.run("queue-ready", "--db", "/proc/nowhere/queue.db")
    assert (answer.code, answer.word) == (2, "store_unavailable")
