"""watcher-start, watcher-finish and watcher-status: what somebody looks after until it is decided."""

from __future__ import annotations

import hashlib
import json
import os

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import write_file
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import events, rows, state

NOON = {"FAIRWAY_NOW": "2026-05-04T12:00:00Z"}


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2")), lanes=[])
    made.ok("queue-ready")
    return made


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """One project for calls that leave nothing behind, or nothing that the next one looks at."""
    project = make_checkout(tmp_path_factory.mktemp("shared"), queue_text(task("B-1"), task("B-2")), lanes=[])
    project.ok("watcher-start", "W-1", "--task-id", "B-1")
    return project


def status(project: Checkout, *words: str, now: str = "2026-05-04T12:05:00Z") -> list[dict[str, object]]:
    found: list[dict[str, object]] = project.ok("watcher-status", *words, "--json", env={"FAIRWAY_NOW": now}).json[
        "watchers"
    ]
    return found


def finish_task(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--force", "--reason", "test")
    project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass")
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", "HEAD")


def test_a_watcher_is_told_everything_that_the_packet_holds(project: Checkout) -> None:
    told = {
        "owner": "C-ops/watch",
        "process": "deploy to staging",
        "command": "make deploy-status",
        "success_condition": "the deployment is live",
        "failure_condition": "a pod restarts",
        "allowed_fixes": "restart the runner",
        "must_not_touch": "doc/architecture/**",
        "escalation_rules": "two failures: ask C",
        "expected_duration": "20m",
        "poll_interval": "1m",
        "close_condition": "live for ten minutes",
        "evidence_required": "the log",
    }
    flags = [word for name, value in told.items() for word in (f"--{name.replace('_', '-')}", value)]
    project.ok("watcher-start", "W-1", "--task-id", "B-1", *flags)
    (row,) = status(project)
    assert {name: row[name] for name in told} == told
    assert (row["watch_id"], row["task_id"], row["lane"], row["status"]) == ("W-1", "B-1", "B-ui", "active")


def test_starting_a_watcher_changes_nothing_about_the_task(project: Checkout) -> None:
    project.ok("queue-import")
    before = state(project, "B-1")
    project.ok("watcher-start", "W-1", "--task-id", "B-1")
    project.ok("watcher-finish", "W-1", "--result", "fail")
    assert state(project, "B-1") == before


def test_an_id_is_made_from_task_and_time_and_is_never_given_twice(project: Checkout) -> None:
    first, second = (project.ok("watcher-start", "--task-id", "B-1", "--json", env=NOON).json for _ in range(2))
    assert first["watch_id"] == "watch-B-1-20260504T120000"
    assert second["watch_id"] == "watch-B-1-20260504T120000-2"


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        ([], 2, "usage"),
        (["W-2", "--task-id", "B-9"], 3, "not_found"),
        (["W-1", "--task-id", "B-2"], 4, "already_exists"),
        (["../x", "--task-id", "B-1"], 2, "usage"),
        (["W-2", "--task-id", "B-1", "--expected-duration", "a while"], 2, "usage"),
        (["W-2", "--task-id", "B-1", "--poll-interval", "0"], 2, "usage"),
    ],
)
def test_a_watcher_that_cannot_be_started_is_refused(shared: Checkout, words: list[str], code: int, word: str) -> None:
    answer = shared.run("watcher-start", *words)
    assert (answer.code, answer.word) == (code, word), answer.err
    assert len(rows(shared, "watchers")) == 1


def test_nothing_is_watched_for_a_finished_task(project: Checkout) -> None:
    finish_task(project)
    answer = project.run("watcher-start", "--task-id", "B-1")
    assert (answer.code, answer.word) == (4, "invalid_transition")


def test_finishing_records_the_evidence_in_the_same_change(project: Checkout) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1", "--command", "make deploy", env=NOON)
    write_file(project.main, "deploy.log", "all good\n")
    done = project.ok(
        "watcher-finish",
        *["W-1", "--result", "pass", "--artifact-path", "deploy.log", "--artifact-type", "deploy_validation"],
        *["--notes", "live", "--json"],
        env={"FAIRWAY_NOW": "2026-05-04T12:03:00Z"},
    ).json
    (evidence,) = rows(project, "task_evidence", "B-1")
    assert evidence["id"] == done["evidence_id"]
    assert (evidence["command_text"], evidence["result"], evidence["producer"]) == ("make deploy", "pass", "claim")
    assert evidence["artifact_sha256"] == hashlib.sha256(b"all good\n").hexdigest()
    assert (evidence["artifact_size"], evidence["duration_seconds"]) == (9, 180)
    kinds = [row["kind"] for row in rows(project, "events", "B-1")]
    assert kinds == ["watcher_started", "watcher_finished"]
    (event,) = events(project, "B-1", "watcher_finished")
    assert (event["table"], event["row_id"], event["watch_id"]) == ("task_evidence", evidence["id"], "W-1")
    project.ok("queue-verify")


def test_a_pass_needs_something_that_shows_it(project: Checkout) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1")
    answer = project.run("watcher-finish", "W-1", "--result", "pass")
    assert (answer.code, answer.word) == (1, "evidence_required")
    assert not rows(project, "task_evidence")


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["W-9", "--result", "fail"], 3, "not_found"),
        (["W-1"], 2, "usage"),
        (["--result", "fail"], 2, "usage"),
        (["W-1", "--result", "partial"], 2, "usage"),
        (["W-1", "--result", "fail", "--failure-class", "bad luck"], 2, "usage"),
        (["W-1", "--result", "pass", "--notes", "x", "--failure-class", "known_flaky_lane"], 2, "usage"),
        (["W-1", "--result", "fail", "--artifact-path", "missing.log"], 2, "file_unavailable"),
    ],
)
def test_an_end_that_makes_no_sense_is_refused_and_leaves_the_watcher_active(
    shared: Checkout, words: list[str], code: int, word: str
) -> None:
    answer = shared.run("watcher-finish", *words)
    assert (answer.code, answer.word) == (code, word), answer.err
    (row,) = rows(shared, "watchers")
    assert row["status"] == "active"
    assert not rows(shared, "task_evidence")


def test_a_watcher_is_finished_once(project: Checkout) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1")
    project.ok("watcher-finish", "W-1", "--result", "fail")
    answer = project.run("watcher-finish", "W-1", "--result", "pass", "--notes", "after all")
    assert (answer.code, answer.word) == (4, "invalid_transition")
    (row,) = rows(project, "watchers")
    assert row["result"] == "fail"


@pytest.mark.parametrize("given", ["owning-layer defect", "OWNING_LAYER_DEFECT", "owning_layer_defect"])
def test_a_failure_class_may_be_written_as_people_say_it(project: Checkout, given: str) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1")
    done = project.ok("watcher-finish", "W-1", "--result", "fail", "--failure-class", given, "--json").json
    assert done["failure_class"] == "owning_layer_defect"


def test_a_blocked_watcher_shows_until_the_same_is_watched_again_and_passes(project: Checkout) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1", "--process", "deploy", env=NOON)
    project.ok("watcher-finish", "W-1", "--result", "blocked")
    assert [row["status"] for row in status(project)] == ["blocked"]
    project.ok("watcher-start", "W-2", "--task-id", "B-1", "--process", "deploy")
    project.ok("watcher-finish", "W-2", "--result", "pass", "--notes", "live")
    assert status(project) == []
    assert [row["watch_id"] for row in status(project, "--all")] == ["W-1", "W-2"]


@pytest.mark.parametrize(
    ("told", "now", "stale"),
    [
        (["--expected-duration", "20m"], "2026-05-04T12:19:00Z", ""),
        (["--expected-duration", "20m"], "2026-05-04T12:21:00Z", "no news for 21m, expected within 20m"),
        (["--poll-interval", "5m"], "2026-05-04T12:06:00Z", "no news for 6m, expected within 5m"),
        ([], "2026-05-04T13:59:00Z", ""),
        ([], "2026-05-04T14:01:00Z", "no news for 2h01m, expected within 2h00m"),
    ],
)
def test_a_watcher_without_news_is_stale(project: Checkout, told: list[str], now: str, stale: str) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1", *told, env=NOON)
    (row,) = status(project, now=now)
    assert row["stale"] == stale
    assert bool(row["fix"]) == bool(stale)


@pytest.mark.parametrize(
    "news",
    [
        ["queue-record-evidence", "B-1", "--command-text", "t", "--result", "partial"],
        ["checkpoint-record", "B-1", "--summary", "still building"],
    ],
    ids=lambda words: words[0],
)
def test_evidence_and_checkpoints_of_the_task_are_news(project: Checkout, news: list[str]) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1", "--expected-duration", "20m", env=NOON)
    project.ok(*news, env={"FAIRWAY_NOW": "2026-05-04T12:15:00Z"})
    (row,) = status(project, now="2026-05-04T12:30:00Z")
    assert row["stale"] == ""


def test_a_watcher_of_a_finished_task_is_stale_at_once(project: Checkout) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1")
    finish_task(project)
    (row,) = status(project)
    assert row["stale"] == "its task is finished"


def test_status_is_narrowed_by_task_and_lane(project: Checkout) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1", env=NOON)
    project.ok("watcher-start", "W-2", "--task-id", "B-2", env=NOON)
    assert [row["watch_id"] for row in status(project, "--task-id", "B-2")] == ["W-2"]
    assert [row["watch_id"] for row in status(project, "--role", "B-ui")] == ["W-1", "W-2"]
    assert status(project, "--role", "C-ops") == []
    assert project.ok("watcher-status", "--format", "ids").out == "W-1\nW-2\n"


@pytest.mark.parametrize(
    "words",
    [
        ["queue-claim", "B-2", "--role", "B-ui", "--owner", "B"],
        ["queue-reclaim", "B-1", "--reason", "x", "--force"],
        ["queue-release", "B-1"],
        ["queue-set-status", "B-1", "--status", "done", "--commit", "HEAD"],
        ["queue-set-status", "B-1", "--status", "blocked", "--reason", "x", "--force"],
        ["queue-record-review", "B-1", "--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved"],
        ["queue-undo"],
    ],
    ids=lambda words: " ".join(words[:4]),
)
def test_what_runs_for_a_watcher_may_not_claim_approve_or_close(project: Checkout, words: list[str]) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--force", "--reason", "test")
    before = state(project, "B-1"), state(project, "B-2")
    if words[0] == "queue-record-review":
        words = [*words, "--commit", "HEAD"]
    answer = project.run(*words, env={"FAIRWAY_WATCH_ID": "W-1"})
    assert (answer.code, answer.word) == (4, "watcher_refused"), answer.err
    assert (state(project, "B-1"), state(project, "B-2")) == before
    assert not rows(project, "task_reviews")


@pytest.mark.parametrize(
    "words",
    [
        ["queue-record-evidence", "B-1", "--command-text", "t", "--result", "fail"],
        ["checkpoint-record", "B-1", "--summary", "x"],
        ["queue-set-status", "B-1", "--status", "blocked", "--reason", "the runner is down"],
        ["queue-ready"],
    ],
    ids=lambda words: words[0],
)
def test_what_runs_for_a_watcher_may_look_record_and_escalate(project: Checkout, words: list[str]) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--force", "--reason", "test")
    project.ok(*words, env={"FAIRWAY_WATCH_ID": "W-1"})


def test_repeating_a_request_finishes_nothing_twice(project: Checkout) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1")
    words = ("watcher-finish", "W-1", "--result", "fail", "--request-id", "r", "--json")
    assert project.ok(*words).json == project.ok(*words).json
    assert len(rows(project, "task_evidence")) == 1


def test_the_status_is_json_that_a_tool_can_read(project: Checkout) -> None:
    project.ok("watcher-start", "W-1", "--task-id", "B-1", env=NOON)
    found = json.loads(project.make("watcher-status", "JSON=1").out)
    assert (found["schema"], found["active"], found["blocked"]) == ("watcher-status/1", 1, 0)
    assert os.linesep not in found["watchers"][0]["watch_id"]
