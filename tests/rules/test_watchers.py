"""What a watcher's rules say: failure classes, conditions, what decides, what must not be touched."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.words.watchers import (
    FAILURE_CLASSES,
    Failure,
    checked_span,
    classify,
    interval,
    is_superseded,
    protected,
    result_of,
    touched,
    why_stale,
)
from fairway_scripts.runs.watch_runs import Seen, checked_condition, verdict


def failure(code: int | None = 1, tail: str = "", **more: Any) -> Failure:
    return Failure(code, more.pop("timed_out", False), tail, **more)


@pytest.mark.parametrize(
    ("seen", "name"),
    [
        (failure(1, "AssertionError: 4 != 5"), "owning_layer_defect"),
        (failure(1, ""), "owning_layer_defect"),
        (failure(-11, ""), "owning_layer_defect"),
        (failure(127, "sh: pnpm: not found"), "environment_blocker"),
        (failure(126, ""), "environment_blocker"),
        (failure(137, ""), "environment_blocker"),
        (failure(-9, ""), "environment_blocker"),
        (failure(124, ""), "environment_blocker"),
        (failure(None, "", timed_out=True), "environment_blocker"),
        (failure(1, "write: No space left on device"), "environment_blocker"),
        (failure(1, "curl: (6) Could not resolve host: registry"), "environment_blocker"),
        (failure(7, "connect: connection refused"), "environment_blocker"),
        (failure(75, ""), "expected_transient"),
        (failure(1, "read: Connection reset by peer"), "expected_transient"),
        (failure(1, "HTTP 503 Service Unavailable"), "expected_transient"),
        (failure(1, "503 assertions"), "owning_layer_defect"),
        (failure(1, "error 429: too many requests"), "expected_transient"),
        (failure(1, "AssertionError", earlier=("fail", "pass")), "known_flaky_lane"),
        (failure(1, "AssertionError", earlier=("fail",)), "owning_layer_defect"),
        (failure(0, "", touched=("doc/api/a",)), "scope_expansion"),
        (failure(127, "", touched=("doc/api/a",), earlier=("pass",)), "scope_expansion"),
    ],
)
def test_the_first_rule_that_holds_names_the_class(seen: Failure, name: str) -> None:
    assert classify(seen)[0] == name


def test_each_class_says_what_to_do_and_only_a_broken_environment_blocks() -> None:
    assert len(FAILURE_CLASSES) == 5
    assert all(FAILURE_CLASSES.values())
    assert [name for name in FAILURE_CLASSES if result_of(name) == "blocked"] == ["environment_blocker"]


@pytest.mark.parametrize(
    ("seen", "success", "failing", "polling", "outcome"),
    [
        (Seen(0, success=False, failure=False), "", "", False, "pass"),
        (Seen(1, success=False, failure=False), "", "", False, "fail"),
        (Seen(1, success=False, failure=False), "", "", True, "again"),
        (Seen(127, success=False, failure=False), "", "", True, "fail"),
        (Seen(-15, success=False, failure=False), "", "", True, "again"),
        (Seen(2, success=False, failure=False), "", "exit:2", True, "fail"),
        (Seen(2, success=False, failure=False), "exit:2", "", False, "pass"),
        (Seen(0, success=False, failure=False), "exit:2", "", True, "again"),
        (Seen(2, success=False, failure=False), "exit:2", "exit:2", False, "fail"),
        (Seen(0, success=True, failure=False), "/x/", "", False, "pass"),
        (Seen(0, success=False, failure=False), "/x/", "", True, "again"),
        (Seen(None, success=True, failure=False), "/x/", "", False, "pass"),
        (Seen(1, success=True, failure=False), "/x/", "", False, "fail"),
        (Seen(None, success=True, failure=True), "/x/", "/y/", True, "fail"),
    ],
)
def test_what_decides_a_run(seen: Seen, success: str, failing: str, polling: bool, outcome: str) -> None:
    good, bad = checked_condition("SUCCESS_CONDITION", success), checked_condition("FAILURE_CONDITION", failing)
    assert verdict(seen, good, bad, polling=polling)[0] == outcome


@pytest.mark.parametrize("text", ["exit:0, 3", "exit 0,3", "EXIT:0,3"])
def test_exit_codes_may_be_written_in_a_few_ways(text: str) -> None:
    found = checked_condition("SUCCESS_CONDITION", text)
    assert found is not None
    assert found.codes == (0, 3)


@pytest.mark.parametrize("text", ["green", "exit:", "exit:x", "//", "/", "/[/", "0"])
def test_a_condition_that_cannot_be_checked_is_refused(text: str) -> None:
    with pytest.raises(FairwayError, match="SUCCESS_CONDITION"):
        checked_condition("SUCCESS_CONDITION", text)


@pytest.mark.parametrize(("words", "seconds"), [("30s", 30), ("90", 90), ("1h30m", 5400), ("0.5s", 0.5), ("", None)])
def test_a_span_is_read_in_seconds(words: str, seconds: float | None) -> None:
    assert checked_span("TIMEOUT", words) == seconds


@pytest.mark.parametrize("words", ["soon", "0", "0s", "-5m", "9999d", "1.2.3s"])
def test_a_span_that_is_none_is_refused(words: str) -> None:
    with pytest.raises(FairwayError, match="TIMEOUT"):
        checked_span("TIMEOUT", words)


def test_words_for_people_protect_no_path() -> None:
    assert protected("production data, doc/api/**; *.sql\nthe runner's cache\n/etc/x,") == ["doc/api/**", "*.sql"]


def test_only_new_changes_to_protected_paths_count() -> None:
    assert touched(["doc/**"], ["doc/old"], ["doc/old", "doc/new/a", "src/b"]) == ["doc/new/a"]


@pytest.mark.parametrize(
    ("expected", "poll", "seconds"),
    [("20m", "5m", 1200), ("", "5m", 300), ("90", "", 90), ("about an hour", "30s", 30), ("", "", 7200)],
)
def test_news_is_expected_within_the_duration_else_the_interval(expected: str, poll: str, seconds: int) -> None:
    assert interval({"expected_duration": expected, "poll_interval": poll}, 7200) == seconds


@pytest.mark.parametrize(
    ("process", "stale"), [("alive", False), ("dead", True), ("elsewhere", True), ("unknown", True)]
)
def test_a_process_that_is_seen_to_run_needs_nobody(process: str, stale: bool) -> None:
    row = {"status": "active", "task_over": 0, "task_status": "todo", "pid": 7, "expected_duration": "20m"}
    row |= {"poll_interval": "", "started_at": "2026-05-04T12:00:00Z", "last_news_at": None}
    row |= {"evidence_at": None, "checkpoint_at": None}
    assert bool(why_stale(row, "2026-05-04T13:00:00Z", 7200, process)) == stale


def test_a_block_is_over_when_the_same_was_watched_later_and_passed() -> None:
    row = {"task_id": "B-1", "process": "deploy", "command": None, "started_at": "2026-05-04T12", "task_over": 0}
    key = ("B-1", "deploy", "")
    assert not is_superseded(row, {})
    assert not is_superseded(row, {key: "2026-05-04T11"})
    assert is_superseded(row, {key: "2026-05-04T13"})
    assert is_superseded({**row, "task_over": 1}, {})
