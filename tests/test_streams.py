"""What a terminal is shown, and how a command ends whose streams cannot be written to."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import subprocess
import sys
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base import clock, streams
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, run_tool, task

HOSTILE = "\x1b[2Jgone\x9b31m \u202eevil\u2066\x07 \u2028next"
SHOWN = r"\x1b[2Jgone\x9b31m \u202eevil\u2066\x07 \u2028next"


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1", title="x"), task("B-2", title="\u753b" * 60)), lanes=[])


def on_terminal(project: Checkout, tool: str, *words: str, **variables: str) -> str:
    """What a tool shows on a terminal of 60 columns."""
    leader, follower = pty.openpty()
    with subprocess.Popen(
        [os.path.join(BIN, tool), *words],
        cwd=project.main,
        env=environment(**{"COLUMNS": "60", "TERM": "xterm", **variables}),
        stdin=subprocess.DEVNULL,
        stdout=follower,
        stderr=follower,
    ) as process:
        os.close(follower)
        shown = b""
        with contextlib.suppress(OSError):  # the other end is closed
            while piece := os.read(leader, 65536):
                shown += piece
    os.close(leader)
    assert process.returncode == 0, shown
    return shown.decode().replace("\r\n", "\n")


# --- what a terminal is shown ---------------------------------------------------------------------------------


@given(st.text())
def test_nothing_that_steers_a_terminal_reaches_it(text: str) -> None:
    shown = streams.clean(text)
    bad = [char for char in shown if unicodedata.category(char) == "Cc" and char not in "\t\n"]
    assert bad == []
    assert not set(shown) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u2028\u2029")
    assert streams.clean(shown) == shown


def test_letters_of_every_script_stay_letters() -> None:
    text = "caf\u00e9 \u5065\u5eb7 \u0645\u0631\u062d\u0628\u0627 \U0001f600 e\u0301 \u0928\u094d\u200d"
    assert streams.clean(text) == text


def test_stored_text_is_written_out_on_a_terminal_and_left_alone_in_a_pipe(project: Checkout) -> None:
    project.ok("queue-claim", "--task-id", "B-1", "--role", "B-ui", "--owner", "B")
    words = ("--task-id", "B-1", "--result", "fail", "--command-text", HOSTILE)
    project.ok("queue-record-evidence", *words)
    page = on_terminal(project, "queue-task-detail", "B-1")
    assert SHOWN in page
    assert "\x1b[2J" not in page
    assert HOSTILE in project.ok("queue-task-detail", "B-1").out
    assert project.ok("queue-task-detail", "B-1", "--json").json["evidence"][0]["command_text"] == HOSTILE


def test_a_table_fits_the_terminal_has_a_header_and_quiet_colours(project: Checkout) -> None:
    project.ok("queue-claim", "--task-id", "B-1", "--role", "B-ui", "--owner", "B")
    plain = on_terminal(project, "queue-list", NO_COLOR="1").splitlines()
    assert plain[0].split()[:3] == ["ID", "LANE", "STATUS"]
    assert all(streams.width(line) <= 60 for line in plain), plain
    assert plain[2].endswith("\u2026")
    coloured = on_terminal(project, "queue-list")
    assert "\x1b[36min_progress\x1b[0m" in coloured
    assert "\x1b" not in on_terminal(project, "queue-list", TERM="dumb")
    piped = project.ok("queue-list").out
    assert "\u753b" * 60 in piped
    assert not piped.startswith("ID")


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("caf\u00e9", 4), ("\u753b\u753b", 4), ("e\u0301", 1), ("\U0001f600", 2), ("", 0)]
)
def test_widths_are_those_of_a_terminal(text: str, columns: int) -> None:
    assert streams.width(text) == columns
    assert streams.width(streams.pad(text, 6)) == 6


@given(st.lists(st.lists(st.text(max_size=30), min_size=3, max_size=3), max_size=5), st.integers(10, 80))
def test_a_table_is_cut_only_as_far_as_it_has_to_be(cells: list[list[str]], room: int) -> None:
    fitting = streams.fit(cells, room)
    assert [row[0] for row in fitting] == [row[0] for row in cells]
    widths = [max((streams.width(row[place]) for row in fitting), default=0) for place in range(3)]
    if fitting == cells:
        return
    assert sum(widths) + 4 <= room or max(widths[1:]) <= 8


# --- streams that cannot be written ----------------------------------------------------------------------------


def run_with(project: Checkout, shell: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a tool with the redirection `shell` of a POSIX shell."""
    line = f'exec "$@" {shell}'
    return subprocess.run(
        ["sh", "-c", line, "sh", os.path.join(BIN, words[0]), *words[1:]],
        cwd=project.main,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )


CLAIM = ("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-1")


def status_of(project: Checkout) -> str:
    return str(project.ok("queue-task-detail", "B-1", "--json").json["status"])


@pytest.mark.parametrize("shell", [">&-", "<&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", "2</dev/null", "2>/dev/full"])
def test_a_caller_that_closed_its_streams_gets_the_true_exit_code(project: Checkout, shell: str) -> None:
    done = run_with(project, shell, *CLAIM)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert status_of(project) == "in_progress"
    assert run_with(project, shell, *CLAIM[:-1], "B-9").returncode == 3
    assert run_with(project, shell, "queue-verify").returncode == 0


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
def test_an_answer_that_cannot_be_written_is_told_and_a_change_stands(project: Checkout) -> None:
    project.ok("queue-ready")
    done = run_with(project, ">/dev/full", *CLAIM)
    assert (done.returncode, "Traceback" in done.stderr) == (0, False)
    assert "warning: the change was made, but its answer could not be written: No space left" in done.stderr
    assert status_of(project) == "in_progress"
    read = run_with(project, ">/dev/full", "queue-list")
    assert read.returncode == 2
    assert read.stderr.splitlines()[0].startswith("error: file_unavailable: standard output cannot be written")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full here")
@pytest.mark.parametrize(
    "words",
    [("queue-help", "--all"), ("queue-help", "--json"), ("fairway", "completion", "bash"), ("queue-snapshot",)],
    ids=" ".join,
)
def test_an_answer_that_is_longer_than_a_buffer_is_told_in_the_same_way(
    project: Checkout, words: tuple[str, ...]
) -> None:
    """It meets the end in the midst of its writing, and a flush tells nothing of it afterwards."""
    project.ok("queue-ready")
    done = run_with(project, ">/dev/full", *words)
    assert (done.returncode, "Traceback" in done.stderr) == (2, False)
    assert "standard output cannot be written: No space left on device" in done.stderr


def test_a_reader_that_went_away_does_not_hide_that_a_change_was_made(project: Checkout) -> None:
    project.ok("queue-ready")
    code = (
        "import os, subprocess, sys\n"
        "r, w = os.pipe(); os.close(r)\n"
        "done = subprocess.run(sys.argv[1:], stdout=w, stderr=subprocess.PIPE, text=True)\n"
        "print(done.returncode, done.stderr)"
    )

    def ask(*words: str) -> str:
        argv = [sys.executable, "-c", code, os.path.join(BIN, words[0]), *words[1:]]
        return subprocess.run(
            argv, cwd=project.main, env=environment(), capture_output=True, text=True, check=True
        ).stdout

    assert ask(*CLAIM).startswith("0 ")
    assert status_of(project) == "in_progress"
    assert ask("queue-list").strip() == "141"


def test_notes_are_lines_of_json_where_json_was_asked_for(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    answer = project.ok("queue-ready", "--json")
    notes = [json.loads(line) for line in answer.err.splitlines()]
    assert [note["level"] for note in notes] == ["note"] * len(notes)
    assert notes[0]["message"].startswith("created the store")
    assert {note["tool"] for note in notes} == {"queue-ready"}


# --- text from the environment ---------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["LOGNAME", "ACTOR", "FAIRWAY_SESSION_ID"])
def test_text_from_the_environment_that_is_no_utf8_is_a_usage_error(project: Checkout, name: str) -> None:
    answer = run_tool("queue-ready", cwd=project.main, env={name: os.fsdecode(b"caf\xe9")})
    assert (answer.code, answer.word) == (2, "usage")
    assert "Traceback" not in answer.err


def test_letters_of_a_refused_value_are_shown_as_letters(project: Checkout) -> None:
    answer = project.run("queue-claim", "--actor", "caf\u00e9\x07", "--role", "B-ui", "--owner", "B")
    assert "'caf\u00e9\\x07'" in answer.err


# --- days ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "end"),
    [
        ("UTC", "2026-11-30T00:00:00.000000Z"),
        ("America/Los_Angeles", "2026-11-30T08:00:00.000000Z"),
        ("Asia/Tokyo", "2026-11-29T15:00:00.000000Z"),
    ],
)
def test_a_day_is_over_where_the_person_lives(monkeypatch: pytest.MonkeyPatch, zone: str, end: str) -> None:
    import time

    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert clock.end_of_day("2026-11-29") == clock.until("2026-11-29") == end
        assert clock.text(clock.spoken("2026-11-30T00:00")) == end
        assert clock.until("2026-11-29T10:00Z") == "2026-11-29T10:00:00.000000Z"
        assert clock.text(clock.moment("2026-11-29T10:00")) == "2026-11-29T10:00:00.000000Z"
    finally:
        monkeypatch.undo()
        time.tzset()
