"""`--watch`: an answer that stays, on a terminal, in a pipe and as JSON."""

from __future__ import annotations

import json
import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pytest

from tests.support.providers import put_providers_on_path
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, task

_PATIENCE = 30.0


class Watch:
    """A running `--watch`, and what it has written so far."""

    def __init__(self, process: subprocess.Popen[bytes], out: int) -> None:
        self.process = process
        self.out = out
        self.text = ""

    def wait_for(self, words: str) -> str:
        """Read until `words` were written; all text up to and with them, which is then forgotten."""
        end = time.monotonic() + _PATIENCE
        while words not in self.text:
            assert time.monotonic() < end, f"{words!r} is not in {self.text!r}"
            if select.select([self.out], [], [], 0.2)[0]:
                self.text += os.read(self.out, 1 << 16).decode(errors="replace")
        seen, _, self.text = self.text.partition(words)
        return seen + words

    def interrupt(self) -> int:
        """Ctrl-C; the exit code."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_PATIENCE)


@pytest.fixture(autouse=True)
def _providers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_providers_on_path(monkeypatch, tmp_path / "providers")


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    queue = queue_text(task("B-1"), task("B-2", dependencies=["B-1"]), task("A-1", "A-backend"))
    made = make_checkout(tmp_path, queue, lanes=["A-backend", "B-ui"])
    made.ok("queue-ready")
    return made


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[bytes]]]:
    processes: list[subprocess.Popen[bytes]] = []
    yield processes
    for process in processes:
        if process.poll() is None:
            process.kill()
            process.wait()


def start(started: list[subprocess.Popen[bytes]], project: Checkout, tool: str, *words: str) -> Watch:
    """The tool with --watch, its output into a pipe."""
    out, theirs = os.pipe()
    return _start(started, project, [tool, "--watch", *words], out, theirs)


def start_on_terminal(started: list[subprocess.Popen[bytes]], project: Checkout, tool: str, *words: str) -> Watch:
    """The tool with --watch on a terminal of 80 columns and 24 rows."""
    out, theirs = pty.openpty()
    return _start(started, project, [tool, "--watch", *words], out, theirs)


def _start(started: list[subprocess.Popen[bytes]], project: Checkout, words: list[str], out: int, theirs: int) -> Watch:
    errors: IO[bytes] | int = subprocess.DEVNULL
    process = subprocess.Popen(
        [sys.executable, os.path.join(BIN, words[0]), *words[1:]],
        cwd=project.main,
        env=environment(FAIRWAY_VIA="make", TERM="xterm"),
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=errors,
    )
    os.close(theirs)
    started.append(process)
    return Watch(process, out)


def test_a_pipe_gets_what_is_there_and_then_the_lines_that_come_and_go(
    project: Checkout, started: list[subprocess.Popen[bytes]]
) -> None:
    watch = start(started, project, "queue-ready")
    assert (
        watch.wait_for("B-ui  -  Title of B-1\n") == "+ A-1  A-backend  -  Title of A-1\n+ B-1  B-ui  -  Title of B-1\n"
    )
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    assert watch.wait_for("\n") == "- B-1  B-ui  -  Title of B-1\n"
    project.ok("queue-release", "B-1")
    assert watch.wait_for("\n") == "+ B-1  B-ui  -  Title of B-1\n"
    assert watch.interrupt() == 130


def test_a_changed_queue_file_is_a_change(project: Checkout, started: list[subprocess.Popen[bytes]]) -> None:
    watch = start(started, project, "queue-ready", "--format", "ids")
    watch.wait_for("+ B-1\n")
    project.write_queue(queue_text(task("B-1"), task("B-2", dependencies=["B-1"]), task("B-3")))
    assert watch.wait_for("+ B-3\n") == "- A-1\n+ B-3\n"


def test_a_restored_store_is_a_change(
    project: Checkout, started: list[subprocess.Popen[bytes]], tmp_path: Path
) -> None:
    backup = str(tmp_path / "backup.db")
    project.ok("queue-backup", "--output", backup)
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    watch = start(started, project, "queue-ready", "--format", "ids")
    assert watch.wait_for("+ A-1\n") == "+ A-1\n"
    project.ok("queue-restore", "--from", backup, "--force")
    assert watch.wait_for("\n") == "+ B-1\n"


def test_json_is_a_line_for_each_answer(project: Checkout, started: list[subprocess.Popen[bytes]]) -> None:
    watch = start(started, project, "queue-ready", "--json")
    first = json.loads(watch.wait_for("\n"))
    assert (first["schema"], [row["task_id"] for row in first["tasks"]]) == ("queue-ready/1", ["A-1", "B-1"])
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    assert [row["task_id"] for row in json.loads(watch.wait_for("\n"))["tasks"]] == ["A-1"]


def test_the_tick_in_a_pipe_names_the_next_lines_that_come_and_go(
    project: Checkout, started: list[subprocess.Popen[bytes]]
) -> None:
    watch = start(started, project, "orchestrator-tick")
    first = watch.wait_for("TASK_ID=B-1\n")
    assert "+ claim  B-ui  B-1  make queue-claim ROLE=B-ui OWNER=B-ui TASK_ID=B-1\n" in first
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    changes = watch.wait_for("session-launch ROLE=B-ui TASK_ID=B-1\n")
    assert "- claim  B-ui  B-1  make queue-claim ROLE=B-ui OWNER=B-ui TASK_ID=B-1\n" in changes
    assert watch.interrupt() == 130


@pytest.mark.parametrize(
    ("tool", "afterwards"), [("queue-ready", "Title of A-1"), ("orchestrator-tick", "B-ui  B-1  in_progress")]
)
def test_a_terminal_is_drawn_anew(
    tool: str, afterwards: str, project: Checkout, started: list[subprocess.Popen[bytes]]
) -> None:
    watch = start_on_terminal(started, project, tool)
    assert watch.wait_for("(Ctrl-C ends)").startswith(f"\x1b[H{tool}  ")
    assert "Title of B-1" in watch.wait_for("\x1b[J")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    while "Title of B-1" in (drawn := watch.wait_for("\x1b[J")):
        pass
    assert drawn.startswith("\x1b[H")
    assert afterwards in drawn
    assert watch.interrupt() == 130


def test_a_terminal_shows_as_many_lines_as_it_has_and_counts_the_others(
    project: Checkout, started: list[subprocess.Popen[bytes]]
) -> None:
    project.write_queue(queue_text(*(task(f"B-{number:03}") for number in range(60))))
    watch = start_on_terminal(started, project, "queue-ready")
    drawn = watch.wait_for("\x1b[J")
    assert "B-000" in drawn
    assert "B-059" not in drawn
    assert drawn.count("\n") == 23
    assert "more lines)" in drawn


def test_hostile_text_is_written_out_on_a_terminal(project: Checkout, started: list[subprocess.Popen[bytes]]) -> None:
    project.write_queue(queue_text(task("B-1", title="a\x1b[2Jb\u202ec")))
    drawn = start_on_terminal(started, project, "queue-ready").wait_for("\x1b[J")
    assert "a\\x1b[2Jb\\u202ec" in drawn
    assert "\x1b[2J" not in drawn


def test_it_ends_when_nobody_reads_any_more(project: Checkout, started: list[subprocess.Popen[bytes]]) -> None:
    watch = start(started, project, "queue-ready")
    watch.wait_for("Title of B-1\n")
    os.close(watch.out)
    assert watch.process.wait(_PATIENCE) == 141


def test_watching_is_no_sign_of_life(project: Checkout, started: list[subprocess.Popen[bytes]]) -> None:
    """A terminal that nobody sits at must not keep a claim."""
    project.ok("queue-claim", "A-1", "--role", "A-backend", "--owner", "A", "--actor", "ann")
    project.ok("queue-ready")
    before = project.detail("A-1")["lease_expires_at"]
    watch = start(started, project, "queue-ready", "--actor", "ann")
    watch.wait_for("Title of B-1\n")
    assert project.detail("A-1")["lease_expires_at"] == before


def test_a_first_look_that_is_refused_ends_it(project: Checkout) -> None:
    refused = project.run("queue-ready", "--watch", "--role", "X-nobody")
    assert (refused.code, refused.word, refused.out) == (3, "not_found", "")


def test_a_whole_answer_for_a_file_never_comes(project: Checkout) -> None:
    refused = project.run("orchestrator-tick", "--watch", "--output", "board.txt")
    assert (refused.code, refused.word) == (2, "usage")
    assert "hint: make orchestrator-tick WATCH=1" in refused.err
    assert not os.path.exists(os.path.join(project.main, "board.txt"))
