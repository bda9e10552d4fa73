"""The next step of a task: the first thing on the normal path that is still missing."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.reviews.next_step import next_step

TIP = "a" * 40
OLD = "b" * 40


def detail(**changes: Any) -> dict[str, Any]:
    """A task in work on agent/B-ui, whose tip is TIP, with nothing recorded."""
    return {
        "task_id": "B-1",
        "lane": "B-ui",
        "status": "in_progress",
        "terminal": False,
        "left_file_at": None,
        "over_lease": False,
        "claimant": "ann",
        "owner": "B",
        "branch": "agent/B-ui",
        "measured_on": {"commit_sha": TIP, "what": "the tip of agent/B-ui"},
        "dependencies": [],
        "history": [],
        "evidence": [],
        "handoffs": [],
        "reviews": [],
        "review_requests": [],
        **changes,
    }


COMMITS = {"fresh": TIP, "stale": OLD, "unknown": None}


def evidence(freshness: str = "fresh", result: str = "pass", withdrawn: str | None = None) -> dict[str, Any]:
    about = {"id": 1, "commit_sha": COMMITS[freshness], "tree_dirty": False, "command_text": "make test"}
    return {**about, "environment": "", "result": result, "withdrawn_at": withdrawn}


def handoff(commit: str = TIP, withdrawn: str | None = None) -> dict[str, Any]:
    return {"commit_sha": commit, "withdrawn_at": withdrawn}


def request(role: str = "D-arch", commit: str = TIP, **changes: Any) -> dict[str, Any]:
    row = {"role": role, "commit_sha": commit, "created_at": "2", "answered_by": None, "answered": False}
    return {**row, "withdrawn_at": None, "superseded_at": None, **changes}


def review(role: str = "D-arch", verdict: str = "approved", *, counts: bool = True) -> dict[str, Any]:
    row = {"id": 1, "reviewer_role": role, "verdict": verdict, "reviewed_commit_sha": TIP, "created_at": "3"}
    return {**row, "counts": counts}


RECORDED = {"evidence": [evidence()], "handoffs": [handoff()]}


GATES = {"stale_evidence": "warn", "require_review_before_done": False}


def step(task: dict[str, Any], *, routed: bool = False, stale: str = "warn", place: str = "") -> dict[str, str]:
    gates = {**GATES, "stale_evidence": stale}
    return next_step(task, initial="todo", finished="done", routed=routed, gates=gates, elsewhere=lambda: place)


@pytest.mark.parametrize(
    ("task", "why", "command"),
    [
        pytest.param(
            detail(status="todo"), "it is ready", "make queue-claim ROLE=B-ui OWNER='<owner>' TASK_ID=B-1", id="ready"
        ),
        pytest.param(
            detail(
                status="todo",
                dependencies=[
                    {"id": "A-1", "status": "done", "met": True},
                    {"id": "A-2", "status": "blocked", "met": False},
                ],
            ),
            "it waits for A-2 (blocked)",
            "make queue-task-detail TASK_ID=A-2",
            id="waits",
        ),
        pytest.param(
            detail(status="todo", left_file_at="2026"),
            "it left the queue file",
            "make queue-prune-stale",
            id="left the file",
        ),
        pytest.param(
            detail(
                status="blocked",
                history=[{"to_status": "blocked", "reason": "old"}, {"to_status": "blocked", "reason": "no contract"}],
            ),
            "it is blocked (no contract)",
            "make queue-claim ROLE=B-ui",
            id="blocked, for the latest reason",
        ),
        pytest.param(detail(status="blocked"), "no reason given", "make queue-claim", id="blocked without a reason"),
        pytest.param(
            detail(over_lease=True),
            "the lease of ann ran out",
            "make queue-reclaim TASK_ID=B-1 REASON='<reason>'",
            id="over lease",
        ),
        pytest.param(
            detail(),
            "no evidence: do the work and commit it, then run its checks",
            "make watcher-run TASK_ID=B-1 COMMAND='<command>'",
            id="no evidence",
        ),
        pytest.param(
            detail(evidence=[evidence(result="fail")]),
            "evidence 1 says fail on this commit: make test: run its checks",
            "make watcher-run",
            id="failing evidence",
        ),
        pytest.param(
            detail(evidence=[evidence("stale")]),
            "evidence 1 is stale: it was recorded on bbbbbbbbbbbb, not on aaaaaaaaaaaa (gates.stale_evidence: warn)",
            "make watcher-run",
            id="stale evidence",
        ),
        pytest.param(
            detail(evidence=[evidence(withdrawn="2026")]),
            "no evidence: do the work and commit it, then run its checks",
            "make watcher-run",
            id="withdrawn evidence",
        ),
        pytest.param(
            detail(evidence=[evidence()]),
            "it has no handoff",
            f"make queue-record-handoff TASK_ID=B-1 OWNER=B BRANCH=agent/B-ui COMMIT={TIP}",
            id="no handoff",
        ),
        pytest.param(
            detail(evidence=[evidence()], handoffs=[handoff(OLD)]),
            "its handoff names another commit",
            "make queue-record-handoff",
            id="handoff of an older commit",
        ),
        pytest.param(
            detail(**RECORDED),
            "its review is not routed",
            f"make queue-route-review TASK_ID=B-1 REF={TIP}",
            id="not routed",
        ),
        pytest.param(
            detail(**RECORDED, review_requests=[request(commit=OLD)]),
            "its review was asked for on another commit",
            "make queue-route-review",
            id="routed on an older commit",
        ),
        pytest.param(
            detail(**RECORDED, review_requests=[request(superseded_at="3")]),
            "its review is not routed",
            "make queue-route-review",
            id="only superseded requests",
        ),
        pytest.param(
            detail(**RECORDED, review_requests=[request()]),
            "D-arch has to review it",
            "make queue-record-review TASK_ID=B-1 REVIEWER_ROLE=D-arch REVIEWER='<reviewer>' STATUS='<status>' COMMIT="
            f"{TIP}",
            id="review missing",
        ),
        pytest.param(
            detail(**RECORDED, review_requests=[request(answered=True), request("E-governance")], reviews=[review()]),
            "E-governance has to review it",
            "REVIEWER_ROLE=E-governance",
            id="second review missing",
        ),
        pytest.param(
            detail(**RECORDED, review_requests=[request("C-ops", domains=["ops", "security"])]),
            "C-ops has to review it for ops or security",
            "REVIEWER_ROLE=C-ops REVIEW_DOMAIN=ops",
            id="a domain without approval",
        ),
        pytest.param(
            detail(**RECORDED, review_requests=[request(answered=True)], missing_domains=["governance"], faults=[]),
            "no approval yet: governance",
            f"make queue-route-review TASK_ID=B-1 REF={TIP}",
            id="a domain that nobody was asked for",
        ),
        pytest.param(
            detail(**RECORDED, review_requests=[request()], reviews=[review(verdict="changes_requested")]),
            "D-arch says changes_requested on aaaaaaaaaaaa",
            "REVIEWER_ROLE=D-arch",
            id="an objection",
        ),
        pytest.param(
            detail(
                **RECORDED,
                review_requests=[request(answered=True)],
                reviews=[review(verdict="blocked", counts=False), review()],
            ),
            "everything is recorded; after the merge set it done",
            f"make queue-merge-ready TASK_ID=B-1 REF={TIP}",
            id="an objection that was taken back",
        ),
    ],
)
def test_the_next_step_of_a_task_that(task: dict[str, Any], why: str, command: str) -> None:
    found = step(task)
    assert why in found["why"]
    assert command in found["command"]


def test_an_objection_that_names_no_commit_is_told_all_the_same() -> None:
    objection = {**review(verdict="blocked"), "reviewed_commit_sha": None}
    found = step(detail(**RECORDED, review_requests=[request()], reviews=[objection]))
    assert found["why"] == "D-arch says blocked on no known commit; it has to look again"


def test_a_task_whose_routes_ask_nobody_goes_straight_to_the_merge() -> None:
    assert "queue-merge-ready" in step(detail(**RECORDED), routed=True)["command"]


def test_finished_work_has_no_next_step() -> None:
    assert step(detail(terminal=True, status="done")) == {"why": "", "command": ""}


def test_without_a_known_tip_any_handoff_will_do_and_the_commit_stays_open() -> None:
    task = detail(evidence=[evidence("unknown")], handoffs=[handoff(OLD)], measured_on={"commit_sha": "", "what": "?"})
    assert step(task)["command"] == "make queue-route-review TASK_ID=B-1 REF='<ref>'"


def test_names_are_quoted_for_the_shell() -> None:
    task = detail(evidence=[evidence()], owner="Ann O'Neil $(id)", branch="agent/B ui")
    assert "OWNER='Ann O'\"'\"'Neil $(id)' BRANCH='agent/B ui'" in step(task)["command"]


def test_stale_evidence_that_the_project_accepts_is_no_step() -> None:
    assert "queue-record-handoff" in step(detail(evidence=[evidence("stale")]), stale="accept")["command"]


def test_checks_are_run_where_the_work_is() -> None:
    found = step(detail(acceptance_checks=["make test"]), place="/lanes/B-ui")
    assert found["command"] == "make watcher-run TASK_ID=B-1 COMMAND='make test' WORKTREE=/lanes/B-ui"
