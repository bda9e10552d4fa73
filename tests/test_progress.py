"""Progress of long work: a line on the terminal of standard error, after two seconds, gone before the answer."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairway_scripts.base import progress, streams
from fairway_scripts.catalog import LONG, TOOLS
from tests.support.shell import HOME, Checkout, environment, make_checkout, queue_text, run_tool, task
from tests.test_house import HOT

#: Runs a tool whose work lasts long at once, so that nobody waits for it.
AT_ONCE = """
import sys
from fairway_scripts.base import progress
progress.AFTER, progress.EVERY = 0.0, 0.001
from fairway_scripts.front.entry import run
sys.exit(run(sys.argv[1], sys.argv[2:]))
"""
DRAWN = re.compile(r"\r[^\r\n]*\x1b\[K")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    made = make_checkout(tmp_path_factory.mktemp("progress"), queue_text(task("B-1"), task("B-2")), lanes=[])
    made.ok("queue-import")
    return made


def shown(project: Checkout, *words: str, answer: int | None = None, **variables: str) -> tuple[int, str]:
    """The exit code, and what the terminal is shown; `answer` is where standard output goes instead of to it."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-c", AT_ONCE, *words],
        cwd=project.main,
        env=environment(**{"PYTHONPATH": HOME, "TERM": "xterm", "COLUMNS": "200", **variables}),
        stdin=subprocess.DEVNULL,
        stdout=follower if answer is None else answer,
        stderr=follower,
    ) as process:
        os.close(follower)
        text = b""
        with contextlib.suppress(OSError):  # the other end is closed
            while piece := os.read(leader, 65536):
                text += piece
    os.close(leader)
    return process.returncode, text.decode().replace("\r\n", "\n")


# --- the line ---------------------------------------------------------------------------------------------------


class Watch:
    """A clock that stands until it is moved, and the terminal that the line is written to."""

    def __init__(self) -> None:
        self.now = 100.0
        self.written: list[str] = []
        self.line = progress.Line("queue-verify", self.written.append, lambda: self.now, 40)


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Iterator[Watch]:
    made = Watch()
    monkeypatch.setattr(progress, "_line", made.line)
    yield made
    streams.PLACE.at_start = True


def test_nothing_is_shown_before_two_seconds_have_passed(watch: Watch) -> None:
    watch.now += 1.99
    watch.line.draw()
    watch.line.clear()
    assert watch.written == []


def test_work_that_lasts_says_what_it_is_at(watch: Watch) -> None:
    rows = progress.counted("abc", "comparing rows", 3)
    watch.now += 2
    seen = []
    for row in rows:
        watch.line.draw()
        seen.append(row)
    assert seen == ["a", "b", "c"]
    assert watch.written == [
        "\rqueue-verify: comparing rows, 0 of 3, \u2026\x1b[K",
        "\rqueue-verify: comparing rows, 1 of 3, \u2026\x1b[K",
        "\rqueue-verify: comparing rows, 2 of 3, \u2026\x1b[K",
    ]


def test_a_statement_or_a_program_that_is_waited_for_shows_the_time(watch: Watch) -> None:
    progress.doing("reading \x1b[2Jx")
    watch.now += 3.7
    watch.line.draw()
    assert watch.written == ["\rqueue-verify: reading \\x1b[2Jx, 3 s\x1b[K"]


def test_the_line_is_taken_back_and_stays_away(watch: Watch) -> None:
    watch.now += 5
    watch.line.draw()
    watch.line.clear()
    watch.line.draw()
    assert watch.written[1:] == ["\r\x1b[K"]


def test_a_remark_takes_the_line_away_for_the_moment_only(watch: Watch) -> None:
    watch.now += 5
    watch.line.draw()
    watch.line.clear(False)
    watch.line.draw()
    assert len(watch.written) == 3


def test_nothing_is_drawn_into_a_line_that_is_not_ended(watch: Watch) -> None:
    watch.now += 5
    streams.PLACE.at_start = False
    watch.line.draw()
    assert watch.written == []


def test_without_a_line_nothing_is_counted() -> None:
    rows = iter("abc")
    assert progress.counted(rows, "x") is rows
    progress.doing("nothing that anybody sees")


# --- on a terminal ----------------------------------------------------------------------------------------------


def test_a_terminal_sees_the_work_and_then_the_answer_alone(project: Checkout) -> None:
    code, text = shown(project, "queue-verify")
    assert code == 0
    assert "\rqueue-verify: " in text
    answer = run_tool("queue-verify", cwd=project.main)
    assert DRAWN.sub("", text) == answer.out + answer.err
    assert "\x1b[K" not in text[text.index(answer.out.splitlines()[0]) :]


def test_a_refusal_stands_alone_too(project: Checkout) -> None:
    code, text = shown(project, "queue-restore", "--from", "nowhere.db")
    assert code == 3
    assert DRAWN.sub("", text).startswith("error: ")


def test_an_answer_that_goes_elsewhere_leaves_the_terminal_as_it_was(project: Checkout, tmp_path: Path) -> None:
    with (tmp_path / "snapshot.json").open("wb") as file:
        code, text = shown(project, "queue-snapshot", answer=file.fileno())
    assert (code, DRAWN.sub("", text)) == (0, "")
    assert text.endswith("\r\x1b[K")
    assert (tmp_path / "snapshot.json").read_text() == run_tool("queue-snapshot", cwd=project.main).out


@pytest.mark.parametrize(
    ("words", "variables"),
    [(["--json"], {}), (["--format", "json"], {}), ([], {"TERM": "dumb"}), ([], {"TERM": ""})],
    ids=str,
)
def test_a_program_or_a_plain_terminal_is_shown_none(
    project: Checkout, words: list[str], variables: dict[str, str]
) -> None:
    code, text = shown(project, "queue-verify", *words, **variables)
    assert code == 0
    assert "\x1b" not in text
    assert "\r" not in text


def test_the_line_has_no_colour(project: Checkout) -> None:
    text = shown(project, "queue-verify", NO_COLOR="1")[1]
    assert "\rqueue-verify: " in text
    assert set(re.findall(r"\x1b\[[0-9;]*[A-Za-z]", text)) == {"\x1b[K"}


def test_a_pipe_is_shown_none(project: Checkout) -> None:
    done = subprocess.run(
        [sys.executable, "-c", AT_ONCE, "queue-verify"],
        cwd=project.main,
        env=environment(PYTHONPATH=HOME, TERM="xterm"),
        capture_output=True,
        check=True,
    )
    assert b"\r" not in done.stdout + done.stderr


def test_what_may_last_is_a_tool_and_no_hot_one() -> None:
    assert {each.name for tool in TOOLS.values() for each in (tool, *tool.words)} >= LONG
    assert not LONG & set(HOT)
