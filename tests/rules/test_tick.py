"""What the coordinator does next, from facts alone."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from fairway_scripts.board.orchestrator import tick
from fairway_scripts.board.orchestrator.dispatch import dispatch_plan
from fairway_scripts.board.orchestrator.limits import over_limits

NOW = "2026-11-21T12:00:00.000000Z"
EARLY, LATER = "2026-11-21T10:00:00.000000Z", "2026-11-21T11:00:00.000000Z"
SHA, OTHER = "a" * 40, "b" * 40


def working(task_id: str = "B-1", lane: str = "B-ui", **more: Any) -> dict[str, Any]:
    row = {"task_id": task_id, "lane": lane, "status": "in_progress", "owner": "B", "branch": f"agent/{lane}"}
    return {**row, "commit_sha": None, "status_since": EARLY, "reason": "", **more}


def handoff(task_id: str = "B-1", **more: Any) -> dict[str, Any]:
    row = {"handoff_id": 1, "task_id": task_id, "lane": "B-ui", "to_role": "", "commit_sha": SHA}
    return {**row, "created_at": EARLY, "acknowledged_at": EARLY, **more}


def request(task_id: str = "B-1", role: str = "D-arch", number: int = 1, **more: Any) -> dict[str, Any]:
    row = {"id": number, "task_id": task_id, "role": role, "commit_sha": SHA, "answered_by": None}
    return {**row, "created_at": EARLY, **more}


def verdict(word: str = "approved", role: str = "D-arch", at: str = LATER, commit: str = SHA) -> dict[str, Any]:
    row = {"id": 9, "task_id": "B-1", "reviewer_role": role, "reviewer": "D", "verdict": word}
    return {**row, "reviewed_commit_sha": commit, "created_at": at, "review_domain": None, "domains": [role]}


def facts(**given: Any) -> dict[str, Any]:
    found: dict[str, Any] = {
        "now": NOW,
        "lanes": ["C-ops", "B-ui", "A-backend", "D-arch"],
        "limits": {"max_primary_tracks": 1, "max_sidecar_tracks": 1, "max_review_tracks": 1},
        "thresholds": {"handoff": 3600.0, "blocked": 86400.0},
        "finished": "done",
        "routed": {},
        "handoffs": {},
        "integrated": {},
        "task_lanes": {"B-1": "B-ui", "B-2": "B-ui"},
    }
    lists = ("active", "blocked", "ready_first", "requests", "verdicts", "session_findings", "watchers", "checkpoints")
    found |= {name: [] for name in lists}
    found |= given
    found["reading"] = {(row["role"], row["task_id"]): f"read {row['task_id']}" for row in found["requests"]}
    found["standing"] = tick.standings(found)
    return found


def words(**given: Any) -> list[tuple[str, str, str]]:
    return [(row["action"], row["lane"], row["task_id"]) for row in tick.next_actions(facts(**given))]


def test_with_nothing_going_on_nothing_is_left_to_do() -> None:
    assert tick.next_actions(facts()) == []


def ready(task_id: str, lane: str) -> dict[str, Any]:
    return {"task_id": task_id, "lane": lane, "title": "t"}


class TestClaim:
    def test_an_idle_lane_takes_its_first_ready_task(self) -> None:
        (row,) = tick.next_actions(facts(ready_first=[ready("B-1", "B-ui"), ready("B-2", "B-ui")]))
        assert (row["action"], row["task_id"]) == ("claim", "B-1")
        assert row["command"] == "make queue-claim ROLE=B-ui OWNER=B-ui TASK_ID=B-1"

    def test_a_busy_lane_takes_nothing(self) -> None:
        given = {"active": [working()], "ready_first": [ready("B-2", "B-ui"), ready("A-1", "A-backend")]}
        assert words(**given) == [("continue", "B-ui", "B-1"), ("claim", "A-backend", "A-1")]

    def test_work_that_waits_for_review_keeps_its_lane(self) -> None:
        given = {"active": [working()], "handoffs": {"B-1": handoff()}, "requests": [request()]}
        assert words(**given, ready_first=[ready("B-2", "B-ui")]) == [("review", "D-arch", "B-1")]

    def test_values_are_quoted_for_the_shell(self) -> None:
        (row,) = tick.next_actions(facts(ready_first=[ready("B 1", "B-ui")]))
        assert row["command"].endswith("TASK_ID='B 1'")


class TestTheWayOfATask:
    @pytest.mark.parametrize(
        ("given", "expected"),
        [
            ({}, "continue"),
            ({"handoffs": {"B-1": handoff()}}, "route"),
            ({"handoffs": {"B-1": handoff()}, "routed": {"B-1": [OTHER]}}, "route"),
            ({"handoffs": {"B-1": handoff()}, "routed": {"B-1": [SHA]}}, "merge"),
            ({"handoffs": {"B-1": handoff()}, "requests": [request()]}, "review"),
            ({"handoffs": {"B-1": handoff()}, "requests": [request(commit_sha=OTHER)]}, "route"),
            ({"handoffs": {"B-1": handoff()}, "requests": [request()], "verdicts": [verdict()]}, "merge"),
            (
                {"handoffs": {"B-1": handoff()}, "requests": [request()], "verdicts": [verdict("changes_requested")]},
                "continue",
            ),
            (
                {
                    "handoffs": {"B-1": handoff(commit_sha=OTHER, created_at=NOW)},
                    "requests": [request()],
                    "verdicts": [verdict("changes_requested")],
                },
                "route",
            ),
            ({"handoffs": {"B-1": handoff()}, "integrated": {SHA: True}}, "close"),
            ({"handoffs": {"B-1": handoff()}, "integrated": {SHA: None}}, "route"),
            ({"active": [working(commit_sha=SHA)], "integrated": {SHA: True}}, "close"),
        ],
    )
    def test_the_next_step_follows_from_what_is_recorded(self, given: dict[str, Any], expected: str) -> None:
        assert facts(**{"active": [working()], **given})["standing"]["B-1"][0] == expected

    def test_merged_work_is_closed_whatever_reviews_are_open(self) -> None:
        given = {"active": [working()], "handoffs": {"B-1": handoff()}, "requests": [request()]}
        (row,) = tick.next_actions(facts(**given, integrated={SHA: True}))
        assert row["command"] == f"make queue-set-status TASK_ID=B-1 STATUS=done COMMIT={SHA}"

    def test_a_commit_that_changes_nothing_waits_for_the_review_that_was_asked_for(self) -> None:
        """It is on the integration branch because it never left it, which is no merge."""
        given = {"active": [working()], "handoffs": {"B-1": handoff()}, "integrated": {SHA: True}}
        asked = request(base_commit_sha=SHA)
        assert facts(**given, requests=[asked])["standing"]["B-1"][0] == "review"
        assert facts(**given, requests=[asked], verdicts=[verdict()])["standing"]["B-1"][0] == "close"
        assert facts(**given, requests=[request(base_commit_sha=OTHER)])["standing"]["B-1"][0] == "close"

    def test_an_objection_says_who_wants_what(self) -> None:
        given = {"active": [working()], "handoffs": {"B-1": handoff()}, "requests": [request()]}
        (row,) = tick.next_actions(facts(**given, verdicts=[verdict("changes_requested")]))
        assert row["action"] == "continue"
        assert "changes_requested by D on aaaaaaaaaaaa" in row["reason"]


class TestReconcile:
    FINDING: ClassVar[dict[str, Any]] = {
        "session_id": "s1",
        "lane": "B-ui",
        "task_id": "B-1",
        "reason": "gone",
        "fix": "make x",
    }

    def test_each_finding_is_named(self) -> None:
        assert words(session_findings=[{**self.FINDING, "check": "dead_process"}]) == [("reconcile", "B-ui", "B-1")]

    def test_work_that_nobody_does_is_reconciled_and_not_continued(self) -> None:
        finding = {**self.FINDING, "check": "unattended", "session_id": None}
        assert words(active=[working()], session_findings=[finding]) == [("reconcile", "B-ui", "B-1")]

    def test_nobody_has_to_sit_beside_work_that_waits_for_a_review(self) -> None:
        finding = {**self.FINDING, "check": "unattended", "session_id": None}
        given = {"active": [working()], "handoffs": {"B-1": handoff()}, "requests": [request()]}
        assert words(**given, session_findings=[finding]) == [("review", "D-arch", "B-1")]

    def test_a_stale_watcher_shows_with_the_lane_of_its_task(self) -> None:
        watcher = {"watch_id": "W", "lane": None, "task_id": "B-1", "stale": "no news", "fix": "make y"}
        assert words(watchers=[watcher, {**watcher, "stale": ""}]) == [("reconcile", "B-ui", "B-1")]


class TestLimits:
    def test_one_review_a_lane_the_longest_waiting_first(self) -> None:
        asked = [request("B-1", number=1, created_at=LATER), request("B-2", number=2), request("B-2", "E-gov", 3)]
        rows = tick.next_actions(facts(requests=asked))
        assert [(row["lane"], row["task_id"]) for row in rows] == [("D-arch", "B-2"), ("E-gov", "B-2")]
        assert "1 more wait for D-arch" in rows[0]["reason"]

    def test_a_second_task_is_a_side_track_that_needs_a_checkpoint(self) -> None:
        given = {"active": [working(), working("B-2")]}
        assert words(**given) == [("checkpoint", "B-ui", "B-2"), ("continue", "B-ui", "B-1")]
        assert over_limits(facts(**given)) == []

    def test_a_third_task_is_over_the_limits(self) -> None:
        (row,) = over_limits(facts(active=[working(), working("B-2"), working("B-3")]))
        assert (row["lane"], row["task_ids"]) == ("B-ui", ["B-3"])

    def test_more_active_tracks_than_allowed_are_named(self) -> None:
        track = {"subject_kind": "track", "open": True, "state": "active", "stale": "", "lane": "", "fix": ""}
        rows = [{**track, "subject_id": name} for name in ("docs", "ci")]
        (row,) = over_limits(facts(checkpoints=rows))
        assert "ci, docs" in row["message"]


@pytest.mark.parametrize(("age", "expected"), [("2026-11-20T11:59:59.000000Z", ["unblock"]), (EARLY, [])])
def test_blocked_work_shows_when_it_is_blocked_too_long(age: str, expected: list[str]) -> None:
    blocked = working(status="blocked", status_since=age, reason="no staging")
    assert [row["action"] for row in tick.next_actions(facts(blocked=[blocked]))] == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"acknowledged_at": None}, [("ack", "B-ui")]),
        ({"acknowledged_at": None, "to_role": "C-ops"}, [("ack", "C-ops")]),
        ({"acknowledged_at": None, "created_at": LATER}, []),
        ({"acknowledged_at": NOW}, []),
    ],
)
def test_an_old_handoff_is_to_be_acknowledged(given: dict[str, Any], expected: list[tuple[str, str]]) -> None:
    rows = tick.next_actions(facts(handoffs={"B-1": handoff(**given)}))
    assert [(row["action"], row["lane"]) for row in rows] == expected


def test_the_order_is_urgency_then_the_configured_lanes_then_the_task() -> None:
    first = [ready("B-9", "B-ui"), ready("A-9", "A-backend"), ready("C-9", "C-ops")]
    stale = {"subject_kind": "track", "subject_id": "t", "open": True, "state": "planned", "stale": "old"}
    given = {"ready_first": first, "checkpoints": [{**stale, "lane": "", "fix": "make z"}]}
    expected = [
        ("checkpoint", "", ""),
        ("claim", "C-ops", "C-9"),
        ("claim", "B-ui", "B-9"),
        ("claim", "A-backend", "A-9"),
    ]
    assert words(**given) == expected
    assert words(**{**given, "ready_first": first[::-1]}) == expected


class TestDispatch:
    LANE: ClassVar[dict[str, Any]] = {"lane": "B-ui", "in_progress": 0, "waiting": 0, "ready": 1}

    def test_a_lane_gets_its_claim_with_what_stands_in_its_way(self) -> None:
        actions = tick.next_actions(facts(ready_first=[ready("B-1", "B-ui")]))
        issue = {"lane": "B-ui", "task_id": "", "level": "error", "message": "dirty", "fix": "f"}
        other = [{**issue, "lane": "A-backend"}, {**issue, "level": "warning"}, {**issue, "task_id": "B-7"}]
        (row,) = dispatch_plan(actions, [self.LANE], [issue, *other])
        assert (row["action"], row["task_id"], row["obstacles"]) == ("claim", "B-1", [issue])

    @pytest.mark.parametrize(
        ("lane", "why"),
        [
            ({}, "no task is left to do"),
            ({"waiting": 3}, "nothing is ready: 3 task(s) wait for others"),
            ({"in_progress": 1}, "its work waits for review"),
        ],
    )
    def test_a_lane_without_work_says_why(self, lane: dict[str, Any], why: str) -> None:
        (row,) = dispatch_plan([], [{**self.LANE, **lane}], [])
        assert (row["action"], row["reason"], row["command"]) == ("none", why, "")
