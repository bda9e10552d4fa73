"""checkpoint-record, checkpoint-status and checkpoint-stale: where a task or a track stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import rows

NOON = {"FAIRWAY_NOW": "2026-05-04T12:00:00Z"}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """One project for calls that leave nothing behind, or nothing that the next one looks at."""
    project = make_checkout(tmp_path_factory.mktemp("shared"), queue_text(task("B-1"), task("B-2")), lanes=[])
    project.ok("queue-import")
    return project


def at(moment: str) -> dict[str, str]:
    return {"FAIRWAY_NOW": moment}


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=[])


def subjects(project: Checkout, *words: str, tool: str = "checkpoint-status", now: str = "") -> list[str]:
    env = at(now) if now else NOON
    return [row["subject_id"] for row in project.ok(tool, *words, "--json", env=env).json["checkpoints"]]


def test_a_checkpoint_says_where_a_task_stands(project: Checkout) -> None:
    answer = project.ok(
        "checkpoint-record", "B-1", "--summary", "half of it", "--owner", "B", "--state", "review", env=NOON
    )
    assert answer.out.splitlines() == [
        "recorded checkpoint 1 for task B-1",
        "state: review",
        "owner: B",
        "summary: half of it",
    ]
    (row,) = rows(project, "events", "B-1")
    assert row["kind"] == "checkpoint_recorded"


def test_a_track_needs_no_task(project: Checkout) -> None:
    project.ok("checkpoint-record", "--track-id", "docs sweep", "--summary", "begun", env=NOON)
    (row,) = project.ok("checkpoint-status", "--json", env=NOON).json["checkpoints"]
    assert (row["subject_kind"], row["subject_id"], row["state"]) == ("track", "docs sweep", "active")


def test_a_track_goes_before_the_task_that_a_session_has_in_its_environment(project: Checkout) -> None:
    answer = project.make("orchestrator-checkpoint", "TRACK_ID=side", "SUMMARY=x", env={"TASK_ID": "B-1"})
    assert answer.out.startswith("recorded checkpoint 1 for track side")
    assert "TRACK_ID side is the subject, not TASK_ID B-1" in answer.err


@pytest.mark.parametrize(
    ("words", "code", "word", "named"),
    [
        (["--summary", "x"], 2, "usage", "TRACK_ID or TASK_ID"),
        (["B-1"], 2, "usage", "SUMMARY"),
        (["B-9", "--summary", "x"], 3, "not_found", "B-9"),
        (["B-1", "--summary", "x", "--state", "busy"], 2, "usage", "awaiting_input"),
        (["B-1", "--summary", "x", "--target-close-by", "2026-02-30"], 2, "usage", "2026-02-30"),
        (["B-1", "--summary", "x", "--target-close-by", "soon"], 2, "usage", "soon"),
        (["B-1", "--summary", "x", "--target-close-by", "99999999d"], 2, "usage", "TARGET_CLOSE_BY"),
        (["--track-id", "a\nb", "--summary", "x"], 2, "usage", "control character"),
    ],
)
def test_what_cannot_be_recorded_is_refused_and_leaves_nothing(
    shared: Checkout, words: list[str], code: int, word: str, named: str
) -> None:
    answer = shared.run("checkpoint-record", *words)
    assert (answer.code, answer.word) == (code, word)
    assert named in answer.err
    assert not rows(shared, "checkpoints")


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-05-09", "2026-05-09"),
        ("20260509", "2026-05-09"),
        ("2026-05-09T10:00:00+02:00", "2026-05-09T08:00:00.000000Z"),
        ("2d", "2026-05-06T12:00:00.000000Z"),
    ],
)
def test_a_target_is_a_day_a_time_or_a_span_from_now(project: Checkout, given: str, kept: str) -> None:
    answer = project.ok("checkpoint-record", "B-1", "--summary", "x", "--target-close-by", given, "--json", env=NOON)
    assert answer.json["target_close_by"] == kept
    assert not answer.err.count("has passed")


def test_a_target_in_the_past_is_taken_and_said(project: Checkout) -> None:
    answer = project.ok("checkpoint-record", "B-1", "--summary", "x", "--target-close-by", "2026-05-03", env=NOON)
    assert "has passed already" in answer.err


def test_the_latest_checkpoint_of_a_subject_decides(project: Checkout) -> None:
    project.ok("checkpoint-record", "B-1", "--summary", "begun", env=NOON)
    project.ok("checkpoint-record", "--track-id", "side", "--summary", "begun", env=NOON)
    project.ok("checkpoint-record", "B-1", "--summary", "over", "--state", "parked", env=NOON)
    assert subjects(project) == ["side"]
    assert subjects(project, "--all") == ["B-1", "side"]
    assert subjects(project, tool="checkpoint-stale", now="2026-06-01") == ["side"]


def test_a_task_and_a_track_of_the_same_name_are_two_subjects(project: Checkout) -> None:
    project.ok("checkpoint-record", "B-1", "--summary", "x", env=NOON)
    project.ok("checkpoint-record", "--track-id", "B-1", "--summary", "x", "--state", "done", env=NOON)
    assert subjects(project) == ["B-1"]


def test_naming_a_subject_shows_its_history_newest_first(project: Checkout) -> None:
    for summary in ("one", "two"):
        project.ok("checkpoint-record", "B-1", "--summary", summary, env=NOON)
    found = project.ok("checkpoint-status", "B-1", "--json", env=NOON).json["checkpoints"]
    assert [(row["summary"], row["open"]) for row in found] == [("two", True), ("one", False)]


def test_a_finished_task_closes_its_checkpoints(project: Checkout) -> None:
    project.ok("checkpoint-record", "B-1", "--summary", "x", env=NOON)
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--force", "--reason", "test")
    project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass")
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", "HEAD")
    assert subjects(project) == []
    assert subjects(project, tool="checkpoint-stale", now="2027-01-01") == []


def test_an_open_checkpoint_is_stale_after_a_day(project: Checkout) -> None:
    project.ok("checkpoint-record", "B-1", "--summary", "x", env=NOON)
    project.ok("checkpoint-record", "B-2", "--summary", "x", "--state", "awaiting_input", env=NOON)
    assert subjects(project, tool="checkpoint-stale", now="2026-05-05T12:00:00Z") == []
    assert subjects(project, tool="checkpoint-stale", now="2026-05-05T12:00:01Z") == ["B-1"]


def test_a_missed_target_is_stale_even_while_waiting(project: Checkout) -> None:
    words = ["--summary", "x", "--state", "awaiting_input", "--target-close-by", "2026-05-09"]
    project.ok("checkpoint-record", "B-1", *words, env=NOON)
    assert subjects(project, "--before", "2026-05-09", tool="checkpoint-stale") == []
    assert subjects(project, "--before", "2026-05-10", tool="checkpoint-stale") == ["B-1"]


def test_a_stale_checkpoint_says_why_and_what_mends_it(project: Checkout) -> None:
    project.ok("checkpoint-record", "--track-id", "a b", "--summary", "x", env=NOON)
    (row,) = project.ok("checkpoint-stale", "--json", env=at("2026-05-06T12:00:00Z")).json["checkpoints"]
    assert row["stale"] == "no checkpoint for 2d00h, more than 1d00h"
    assert row["fix"] == "make checkpoint-record TRACK_ID='a b' STATE=parked SUMMARY='<summary>'"


def test_the_age_at_which_a_checkpoint_is_stale_is_configured(project: Checkout) -> None:
    project.ok("fairway-config", "set", "coordinator.checkpoint_stale_after", "2h")
    project.ok("checkpoint-record", "B-1", "--summary", "x", env=NOON)
    assert subjects(project, tool="checkpoint-stale", now="2026-05-04T14:00:01Z") == ["B-1"]


def test_a_day_to_measure_against_has_to_be_one(project: Checkout) -> None:
    answer = project.run("checkpoint-stale", "--before", "yesterday")
    assert (answer.code, answer.word) == (2, "usage")


def test_repeating_a_request_records_nothing_twice(project: Checkout) -> None:
    words = ("checkpoint-record", "B-1", "--summary", "x", "--request-id", "r1", "--json")
    first, second = project.ok(*words), project.ok(*words)
    assert first.json == second.json
    assert len(rows(project, "checkpoints")) == 1


def test_the_make_targets_reach_the_same_tools(project: Checkout) -> None:
    assert project.make("queue-checkpoint-record", "TASK_ID=B-1", 'SUMMARY=$(shell id) "x"').code == 0
    for target in ("orchestrator-checkpoints", "queue-checkpoint-status"):
        assert '$(shell id) "x"' in project.make(target).out
    for target in ("orchestrator-checkpoint-stale", "queue-checkpoint-stale"):
        assert project.make(target).err == "note: no stale checkpoint\n"


def test_a_bare_word_is_the_task_or_the_track_that_is_known_by_it(project: Checkout) -> None:
    project.ok("checkpoint-record", "--track-id=docs-sweep", "--summary=begun")
    assert project.ok("checkpoint-record", "B-1", "--summary=x", "--json").json["subject_kind"] == "task"
    assert project.ok("checkpoint-record", "docs-sweep", "--summary=x", "--json").json["subject_kind"] == "track"
    unknown = project.run("checkpoint-record", "docs-sweeep", "--summary=x")
    assert (unknown.code, unknown.word) == (3, "not_found")
    project.ok("checkpoint-record", "--track-id=B-1", "--summary=x")
    both = project.run("checkpoint-record", "B-1", "--summary=x")
    assert (both.code, both.word) == (2, "usage")
