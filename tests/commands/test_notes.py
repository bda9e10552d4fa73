"""What there is to note of a project is told beside every answer and every refusal, once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shell import BIN, Checkout, environment, finish, make_checkout, queue_text, start_tool, task

NOTE = "has 1 fault(s), so its last good definitions are in force"


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A project whose queue file has a fault since it was read."""
    made = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=["B-ui"])
    made.ok("queue-ready")
    made.write_queue(queue_text(task("B-1"), task("B-2", depends_on=["B-NOWHERE"])))
    return made


def notes(err: str) -> int:
    return err.count(NOTE)


@pytest.mark.parametrize(
    "words",
    [
        ["queue-ready"],
        ["queue-list", "--format", "ids"],
        ["queue-task-detail", "B-1", "--json"],
        ["queue-claim", "B-1", "--role", "B-ui", "--owner", "B"],
        ["queue-set-status", "B-1", "--status", "blocked", "--blocked-reason", "why", "--force", "--reason", "x"],
        ["checkpoint-record", "--task-id", "B-1", "--summary", "half"],
        ["bugfix-packet", "--task-id", "B-1", "--draft"],
        ["evidence-verify", "B-1"],
        ["output-report"],
        ["queue-doctor"],
        ["fairway", "ready"],
        ["fairway-prime"],
        ["watcher-run", "--task-id", "B-1", "--", "true"],
    ],
    ids=" ".join,
)
def test_an_answer_is_told_with_the_note_once(project: Checkout, words: list[str]) -> None:
    answer = project.run(*words)
    assert notes(answer.err) == 1
    assert NOTE not in answer.out


def test_a_note_that_two_steps_of_a_command_have_is_told_once(project: Checkout) -> None:
    words = ["--track-id", "docs", "--task-id", "B-1", "--summary", "half"]
    assert project.ok("checkpoint-record", *words).err.count("TRACK_ID docs is the subject") == 1


def test_a_refusal_is_told_with_the_note_once_and_has_the_last_word(project: Checkout) -> None:
    refused = project.run("queue-task-detail", "B-404")
    assert (refused.code, refused.out) == (3, "")
    assert [line.split(": ")[0] for line in refused.err.splitlines()] == ["note", "error", "hint"]
    assert notes(refused.err) == 1


def test_the_first_import_is_told_although_the_call_is_refused(tmp_path: Path) -> None:
    new = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    refused = new.run("queue-claim", "B-404", "--role", "B-ui", "--owner", "B")
    assert (refused.code, refused.err.count("Agent_Work_Queue.yaml: 1 added")) == (3, 1)


@pytest.mark.parametrize(("task_id", "word"), [("B-404", "not_found"), ("B-1", "usage")])
def test_what_was_read_for_a_call_that_left_something_out_is_told_too(
    project: Checkout, task_id: str, word: str
) -> None:
    refused = project.run("queue-claim", task_id, "--role", "B-ui")
    assert (refused.word, notes(refused.err)) == (word, 1)


def test_json_has_it_as_an_object_before_the_error(project: Checkout) -> None:
    refused = project.run("queue-task-detail", "B-404", "--json")
    note, error = map(json.loads, refused.err.splitlines())
    assert (note["level"], NOTE in note["message"], error["word"]) == ("note", True, "not_found")


def test_an_answer_in_a_file_is_told_with_it(project: Checkout, tmp_path: Path) -> None:
    answer = project.ok("bugfix-packet", "--task-id", "B-1", "--draft", "--output", str(tmp_path / "packet.md"))
    assert (answer.out, notes(answer.err)) == ("", 1)
    assert NOTE not in (tmp_path / "packet.md").read_text()


def test_a_hook_is_told_nothing_beside_its_page(project: Checkout) -> None:
    assert project.ok("fairway-prime", "--hook-json").err == ""


def test_each_call_of_a_batch_has_its_own_among_its_remarks(project: Checkout) -> None:
    calls = [{"tool": "queue-ready"}, {"tool": "queue-task-detail", "arguments": {"task_id": "B-404"}}]
    done = subprocess.run(
        [sys.executable, os.path.join(BIN, "fairway-batch")],
        check=False,
        cwd=project.main,
        env=environment(),
        input="".join(f"{json.dumps(call)}\n" for call in calls),
        capture_output=True,
        text=True,
    )
    told = [[remark["message"] for remark in json.loads(line)["remarks"]] for line in done.stdout.splitlines()]
    assert ([notes("\n".join(said)) for said in told], done.stderr) == ([1, 1], "")


def test_a_command_that_lasts_tells_it_before_it_waits(project: Checkout, tmp_path: Path) -> None:
    go = tmp_path / "go"
    run = start_tool(
        "watcher-run", "--task-id", "B-1", "--", "sh", "-c", f"until [ -e {go} ]; do :; done", cwd=project.main
    )
    assert run.stderr is not None
    first = run.stderr.readline().decode()
    go.touch()
    ended = finish(run)
    assert (ended.code, notes(first), notes(ended.err)) == (0, 1, 0)


@pytest.mark.parametrize("form", ["text", "json"])
def test_an_answer_that_stays_tells_it_once(project: Checkout, form: str) -> None:
    watch = start_tool("queue-ready", "--watch", "--format", form, cwd=project.main)
    assert watch.stderr is not None
    assert watch.stdout is not None
    first = watch.stderr.readline().decode()
    watch.stdout.readline()
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    watch.stdout.readline()
    watch.send_signal(signal.SIGINT)
    ended = finish(watch)
    assert (ended.code, notes(first), notes(ended.err)) == (130, 1, 0)
