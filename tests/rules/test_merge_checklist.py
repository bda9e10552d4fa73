"""The merge checklist: which facts pass, warn or fail, and which command each finding proposes."""

from __future__ import annotations

from typing import Any

import pytest

from fairway_scripts.reviews.merge_checklist import is_merge_ready, merge_checklist
from fairway_scripts.reviews.review_standing import judge, other_objections, summed_up

COMMIT = "c" * 40
TIP = "b" * 40
OTHER = "d" * 40
GATES = {
    "require_evidence_before_done": True,
    "require_handoff_before_merge_ready": False,
    "stale_evidence": "warn",
}
NO_BAR: dict[str, Any] = {"risk_level": "", "evidence": False, "declared": False, "entries": [], "faults": []}
EVIDENCE = {"id": 1, "result": "pass", "commit_sha": COMMIT, "tree_dirty": 0}


def judged(
    reviews: Any = (), objections: Any = (), *, bar: Any = None, gate: bool = False, approved: bool = False
) -> dict[str, Any]:
    """What the rule of reviews says."""
    return summed_up(reviews, objections, {**NO_BAR, **(bar or {})}, gate=gate, approved=approved)


def facts(**changed: Any) -> dict[str, Any]:
    """The facts of a task that may be merged, with some of them changed."""
    ready: dict[str, Any] = {
        "task": {"task_id": "B-1", "role": "B-ui", "status": "in_progress", "terminal": 0},
        "initial_status": "todo",
        "gates": GATES,
        "ref": "agent/B-ui",
        "commit_sha": COMMIT,
        "base": "origin/master",
        "base_sha": TIP,
        "merge_base": TIP,
        "behind": 0,
        "evidence": [EVIDENCE],
        "handoffs": [{"id": 3, "commit_sha": COMMIT}],
        "judged": judged(),
        "branches": [{"name": "agent/B-ui", "tip": COMMIT, "contains": True}],
        "worktree": {"path": "/lanes/gpuas-B-ui", "exists": True, "changed_files": [], "merged": False},
    }
    return {**ready, **changed}


def in_status(status: str, *, terminal: int = 0) -> dict[str, Any]:
    return {"task_id": "B-1", "role": "B-ui", "status": status, "terminal": terminal}


def finding(name: str, **changed: Any) -> dict[str, str]:
    """The one check called `name` under the changed facts; every other check has to pass."""
    checks = merge_checklist(facts(**changed))
    (found,) = [check for check in checks if check["check"] == name]
    assert [check["level"] for check in checks if check["check"] != name] == ["pass"] * (len(checks) - 1)
    return found


def test_a_task_with_everything_in_place_is_merge_ready() -> None:
    checks = merge_checklist(facts())
    assert [check["check"] for check in checks] == [
        *["status", "evidence", "review", "handoff", "branch", "base", "worktree"]
    ]
    assert {check["level"] for check in checks} == {"pass"}
    assert {check["fix"] for check in checks} == {""}
    assert is_merge_ready(checks)


@pytest.mark.parametrize(("level", "ready"), [("pass", True), ("warn", True), ("fail", False)])
def test_only_a_failed_check_stands_in_the_way(level: str, ready: bool) -> None:
    assert is_merge_ready([{"check": "a", "level": "pass"}, {"check": "b", "level": level}]) is ready


# --- status -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["todo", "blocked"])
def test_a_task_that_nobody_works_on_is_not_ready(status: str) -> None:
    found = finding("status", task=in_status(status))
    assert (found["level"], found["fix"]) == ("fail", "make queue-claim ROLE=B-ui OWNER='<owner>' TASK_ID=B-1")


@pytest.mark.parametrize(("status", "terminal"), [("in_progress", 0), ("done", 1), ("needs_review", 0), ("blocked", 1)])
def test_work_that_is_under_way_or_finished_passes(status: str, terminal: int) -> None:
    assert finding("status", task=in_status(status, terminal=terminal))["level"] == "pass"


# --- evidence ---------------------------------------------------------------------------------------------

STALE = {**EVIDENCE, "commit_sha": OTHER}


@pytest.mark.parametrize(
    ("required", "policy", "rows", "level"),
    [
        (True, "warn", [], "fail"),
        (False, "warn", [], "warn"),
        (True, "warn", [{**EVIDENCE, "result": "fail"}], "fail"),
        (True, "warn", [EVIDENCE], "pass"),
        (True, "accept", [STALE], "pass"),
        (True, "warn", [STALE], "warn"),
        (True, "refuse", [STALE], "fail"),
        (False, "refuse", [STALE], "warn"),
        (True, "refuse", [STALE, {**EVIDENCE, "id": 2}], "pass"),
        (True, "refuse", [{**EVIDENCE, "tree_dirty": 1}], "fail"),
    ],
)
def test_evidence_is_judged_by_the_gate_and_the_policy_for_stale_evidence(
    required: bool, policy: str, rows: list[dict[str, Any]], level: str
) -> None:
    gates = {**GATES, "require_evidence_before_done": required, "stale_evidence": policy}
    found = finding("evidence", gates=gates, evidence=rows)
    assert found["level"] == level
    proposed = "make watcher-run TASK_ID=B-1 COMMAND='<command>'"
    assert found["fix"] == ("" if level == "pass" else proposed)


@pytest.mark.parametrize("result", ["fail", "blocked"])
def test_a_failure_on_the_same_commit_outweighs_an_older_pass_of_the_same_command(result: str) -> None:
    found = finding("evidence", evidence=[EVIDENCE, {**EVIDENCE, "id": 2, "result": result}])
    assert (found["level"], found["message"]) == ("fail", f"evidence 2 says {result} on this commit")


def test_a_failure_of_another_command_is_named_beside_what_passed() -> None:
    found = finding("evidence", evidence=[EVIDENCE, {**EVIDENCE, "id": 2, "result": "fail", "command_text": "lint"}])
    assert (found["level"], found["message"]) == (
        "warn",
        "evidence 1 passed on this commit, but evidence 2 says fail on this commit: lint",
    )


def test_a_risk_level_asks_for_evidence_although_no_gate_does() -> None:
    gates = {**GATES, "require_evidence_before_done": False}
    assert finding("evidence", evidence=[], gates=gates)["level"] == "warn"
    assert finding("evidence", evidence=[], gates=gates, judged=judged(bar={"evidence": True}))["level"] == "fail"


@pytest.mark.parametrize(
    "later",
    [{"id": 2, "result": "fail", "commit_sha": OTHER}, {"id": 2, "result": "skipped"}, {"id": 0, "result": "fail"}],
    ids=["on another commit", "skipped", "recorded before"],
)
def test_other_results_do_not_contradict_a_pass(later: dict[str, Any]) -> None:
    assert finding("evidence", evidence=[EVIDENCE, {**EVIDENCE, **later}])["level"] == "pass"


# --- reviews ----------------------------------------------------------------------------------------------


def review(verdict: str = "approved", commit: str = COMMIT, number: int = 5, lane: str = "D-arch") -> dict[str, Any]:
    row = {"id": number, "reviewer": "D", "verdict": verdict, "reviewed_commit_sha": commit}
    return {**row, "reviewer_role": lane, "review_domain": None, "domains": ["architecture"]}


def standing(given: dict[str, Any] | None, same: set[int]) -> dict[str, Any]:
    asked = [{"lane": "D-arch", "layer": "sensitive", "rules": ["doc/**"], "paths": ["doc/a"]}]
    (found,) = judge(asked, [given] if given else [], COMMIT, same)
    return found


def test_an_approval_of_the_commit_itself_counts() -> None:
    found = standing(review(), set())
    assert (found["ok"], found["message"]) == (True, f"D-arch: approved by D on {COMMIT[:12]}")


def test_an_approval_of_the_same_patch_counts_and_says_so() -> None:
    found = standing(review(commit=OTHER), {5})
    assert (found["ok"], found["message"]) == (True, f"D-arch: approved by D on {OTHER[:12]}, the same change as REF")


def test_an_approval_of_another_change_is_stale_and_both_commits_are_named() -> None:
    found = standing(review(commit=OTHER), set())
    assert not found["ok"]
    assert found["message"] == (
        f"D-arch: approved by D on {OTHER[:12]}, which is stale: REF is {COMMIT[:12]} with another change"
    )


@pytest.mark.parametrize("verdict", ["changes_requested", "blocked"])
@pytest.mark.parametrize(("commit", "same"), [(COMMIT, set()), (OTHER, {5}), (OTHER, set())])
def test_an_objection_of_a_required_lane_fails_on_whatever_commit(verdict: str, commit: str, same: set[int]) -> None:
    found = standing(review(verdict, commit), same)
    assert (found["ok"], found["message"]) == (False, f"D-arch: {verdict} by D on {commit[:12]}")


def test_a_lane_that_has_said_nothing_is_named_with_the_reason_for_asking_it() -> None:
    found = standing(None, set())
    assert (found["ok"], found["verdict"], found["reviewed_commit_sha"]) == (False, None, None)
    assert found["message"] == "D-arch has not reviewed (sensitive: doc/**)"


def test_each_required_review_is_a_check_of_its_own() -> None:
    plain = {"domains": [], "waiver_id": None}
    approved = {**plain, "lane": "D-arch", "ok": True, "message": "D-arch: approved"}
    silent = {**plain, "lane": "E-governance", "ok": False, "message": "E-governance has not reviewed"}
    checks = merge_checklist(facts(judged=judged([approved, silent])))
    given, missing = [check for check in checks if check["check"] == "review"]
    assert (given["level"], given["message"], given["fix"]) == ("pass", "D-arch: approved", "")
    assert (missing["level"], missing["message"]) == ("fail", "E-governance has not reviewed")
    assert missing["fix"] == f"E-governance reads {COMMIT[:12]} and records its verdict"


@pytest.mark.parametrize(
    ("commit", "same", "level"), [(COMMIT, set(), "fail"), (OTHER, {5}, "fail"), (OTHER, set(), "warn")]
)
def test_an_objection_of_a_lane_that_need_not_review_fails_only_on_this_very_change(
    commit: str, same: set[int], level: str
) -> None:
    objections = other_objections([], [review("blocked", commit, lane="C-ops")], COMMIT, same)
    found = finding("review", judged=judged((), objections))
    assert (found["level"], found["message"]) == (level, f"C-ops: blocked by D on {commit[:12]}")


def test_approvals_and_required_lanes_are_no_objections_of_others() -> None:
    verdicts = [review(lane="C-ops"), review("blocked")]
    assert other_objections([{"lane": "D-arch"}], verdicts, COMMIT, set()) == []


def test_the_review_gate_wants_somebodys_approval_even_where_nobody_is_asked() -> None:
    found = finding("review", judged=judged(gate=True))
    where = f"TASK_ID=B-1 REF={COMMIT[:12]}"
    asking_line = f"make queue-route-review {where} REVIEWER_ROLE='<reviewer-role>' REASON='<reason>'"
    assert (found["level"], found["fix"]) == ("fail", asking_line)
    assert finding("review", judged=judged(gate=True, approved=True))["level"] == "pass"


def test_what_the_declaration_names_and_nobody_knows_stands_in_the_way() -> None:
    found = finding("review", judged=judged(bar={"faults": ["risk_level 'hihg' is not known"]}))
    assert (found["level"], found["message"]) == ("fail", "risk_level 'hihg' is not known")


# --- handoff ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("required", "level"), [(True, "fail"), (False, "warn")])
def test_a_missing_handoff_fails_only_under_its_gate(required: bool, level: str) -> None:
    found = finding("handoff", handoffs=[], gates={**GATES, "require_handoff_before_merge_ready": required})
    assert found["level"] == level
    assert found["fix"].startswith("make queue-record-handoff TASK_ID=B-1 OWNER='<owner>' BRANCH='<branch>' COMMIT=")


def test_the_newest_handoff_is_named() -> None:
    found = finding("handoff", handoffs=[{"id": 3, "commit_sha": COMMIT}, {"id": 4, "commit_sha": OTHER}])
    assert found["message"] == f"handoff 4 names {OTHER[:12]}"


# --- git --------------------------------------------------------------------------------------------------

ELSEWHERE = {"name": "agent/B-ui", "tip": OTHER, "contains": False}


def test_a_commit_that_is_on_none_of_the_tasks_branches_fails() -> None:
    found = finding("branch", branches=[{"name": "review/B-ui", "tip": None, "contains": False}, ELSEWHERE])
    assert (found["level"], found["fix"]) == ("fail", f"git branch --all --contains {COMMIT[:12]}")
    assert found["message"] == f"{COMMIT[:12]} is neither on review/B-ui nor agent/B-ui"
    assert finding("branch", branches=[ELSEWHERE])["message"] == f"{COMMIT[:12]} is not on agent/B-ui"


def test_a_commit_below_the_tip_of_its_branch_passes_and_the_tip_is_named() -> None:
    found = finding("branch", branches=[{"name": "agent/B-ui", "tip": OTHER, "contains": True}])
    assert found["level"] == "pass"
    assert f"whose tip {OTHER[:12]} has more" in found["message"]


def test_a_commit_that_lacks_commits_of_its_base_fails_with_the_rebase_to_run() -> None:
    found = finding("base", merge_base=OTHER, behind=2)
    assert (found["level"], found["fix"]) == ("fail", "git -C /lanes/gpuas-B-ui rebase origin/master")
    assert "lacks 2 commit(s) of origin/master: merge --ff-only would be refused" in found["message"]


def test_a_commit_that_its_base_has_as_another_one_is_not_rebased_onto_it() -> None:
    place = {"path": "/lanes/gpuas-B-ui", "exists": True, "changed_files": [], "merged": True}
    found = finding("base", merge_base=OTHER, behind=1, worktree=place)
    assert found["fix"] == "git -C /lanes/gpuas-B-ui reset --keep origin/master"
    assert "has all that the lane's worktree changed, under another commit" in found["message"]


def test_without_a_worktree_there_is_one_to_make_before_anything_is_rebased() -> None:
    place = {"path": "/lanes/gpuas-B-ui", "exists": False, "changed_files": [], "merged": False}
    checks = {check["check"]: check for check in merge_checklist(facts(merge_base=OTHER, behind=1, worktree=place))}
    assert checks["base"]["fix"] == "make worktree-setup ROLE=B-ui"
    assert (checks["worktree"]["level"], checks["worktree"]["fix"]) == ("warn", "make worktree-setup ROLE=B-ui")


def test_a_worktree_with_uncommitted_changes_fails() -> None:
    place = {"path": "/my lanes/B", "exists": True, "changed_files": ["a", "b", "c", "d\x1b"], "merged": False}
    found = finding("worktree", worktree=place)
    assert (found["level"], found["message"]) == (
        "fail",
        "/my lanes/B has uncommitted changes: a, b, c and 1 more",
    )
    assert found["fix"] == "commit what belongs to the work in /my lanes/B, and stash or remove the rest"


def test_a_merged_commit_passes_with_a_warning_that_its_change_can_no_longer_be_seen() -> None:
    checks = {
        check["check"]: check
        for check in merge_checklist(facts(merge_base=COMMIT, base_sha=OTHER, branches=[ELSEWHERE]))
    }
    assert {name: checks[name]["level"] for name in ("review", "branch", "base")} == {
        "review": "warn",
        "branch": "warn",
        "base": "pass",
    }
    assert checks["base"]["message"] == f"origin/master has {COMMIT[:12]} already"
