"""Whether the queue and git tell the same story: each disagreement, its level and its command."""

from __future__ import annotations

import copy
import itertools

import pytest

from fairway_scripts.base.settings import default_settings
from fairway_scripts.lanes.git_consistency import check, is_consistent, names_a_task

SETTINGS = default_settings(["A-backend", "B-ui"], main_branch="master")
NOW = "2026-05-10T00:00:00.000000Z"
RECENT = "2026-05-09T00:00:00.000000Z"
OLD = "2026-05-01T00:00:00.000000Z"
MERGED, OPEN, LOST = "a" * 40, "b" * 40, "c" * 40
RECORD = "make queue-set-status TASK_ID=B-1 STATUS=done COMMIT='<commit>'"


def lane(name: str, **changes: object) -> dict:
    return {
        "lane": name,
        "path": f"/w/{name}",
        "exists": True,
        "branch": f"agent/{name}",
        "expected_branch": f"agent/{name}",
        "branch_exists": True,
        "dirty": False,
        "changed_count": 0,
        "changed_files": [],
        "ahead": 0,
        "behind": 0,
        "merged": False,
        **changes,
    }


def commit(message: str, branch: str = "agent/B-ui", sha: str = OPEN, parents: int = 1) -> dict:
    return {"sha": sha, "branch": branch, "committed_at": RECENT, "parents": parents, "message": message}


def seen(**changes: object) -> dict:
    at = {"head": MERGED, "committed_at": RECENT}
    return {
        "base": {"name": "master", "head": MERGED},
        "branches": {"master": at, "agent/A-backend": at, "agent/B-ui": at, "topic": at},
        "commits": {
            MERGED: {"sha": MERGED, "integrated": True},
            OPEN: {"sha": OPEN, "integrated": False},
            LOST: {"sha": None, "integrated": None},
        },
        "unmerged": [],
        "lanes": [lane("A-backend"), lane("B-ui")],
        **changes,
    }


def claimed(**changes: object) -> dict:
    return task(status="in_progress", branch="agent/B-ui", claimed_at=RECENT, **changes)


def task(**changes: object) -> dict:
    blank = {"id": "B-1", "lane": "B-ui", "status": "todo", "owner": "B", "branch": "", "commit_sha": ""}
    return {**blank, "claimed_at": "", **changes}


def found(survey: dict, *tasks: dict, now: str = NOW) -> list[dict]:
    return check(survey, list(tasks), SETTINGS, now)


def test_a_queue_that_agrees_with_git_has_no_findings():
    assert found(seen(), task(), claimed(), task(id="B-2", status="done", commit_sha=MERGED)) == []


# --- lanes ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "name", "level", "message", "fix"),
    [
        (
            {"branch": "topic"},
            "wrong_branch",
            "error",
            "/w/B-ui is on branch topic, lane B-ui works on agent/B-ui",
            "git -C /w/B-ui switch agent/B-ui",
        ),
        (
            {"branch": None},
            "wrong_branch",
            "error",
            "/w/B-ui is on no branch (detached), lane B-ui works on agent/B-ui",
            "git -C /w/B-ui switch agent/B-ui",
        ),
        (
            {"branch": "topic", "branch_exists": False, "ahead": None, "behind": None},
            "wrong_branch",
            "error",
            "/w/B-ui is on branch topic, lane B-ui works on agent/B-ui",
            "git -C /w/B-ui switch -c agent/B-ui master",
        ),
        (
            {"exists": False, "branch": None},
            "worktree_missing",
            "warning",
            "lane B-ui has no worktree at /w/B-ui",
            "make worktree-setup ROLE=B-ui",
        ),
        (
            {"exists": False, "branch": None, "branch_exists": False, "ahead": None, "behind": None},
            "branch_missing",
            "warning",
            "lane B-ui has neither a branch agent/B-ui nor a worktree at /w/B-ui",
            "make worktree-setup ROLE=B-ui",
        ),
        (
            {"dirty": True, "changed_count": 5, "changed_files": ["a", "b", "c", "d", "e"]},
            "uncommitted_changes",
            "warning",
            "/w/B-ui has uncommitted changes: a, b, c and 2 more",
            "commit what belongs to the work in /w/B-ui, and stash or remove the rest",
        ),
        (
            {"behind": 1},
            "behind_base",
            "warning",
            "agent/B-ui lacks 1 commit of master",
            "git -C /w/B-ui merge --ff-only master",
        ),
        (
            {"ahead": 2},
            "ahead_of_base",
            "note",
            "agent/B-ui has 2 commits that master has not",
            "git log master..agent/B-ui",
        ),
    ],
)
def test_each_fault_of_a_lane_has_its_own_finding(changes, name, level, message, fix):
    expected = {"check": name, "level": level, "lane": "B-ui", "task_id": "", "message": message, "fix": fix}
    assert found(seen(lanes=[lane("A-backend"), lane("B-ui", **changes)])) == [expected]


def test_a_lane_whose_work_the_base_has_under_another_commit_begins_there_again():
    (first, _second) = found(seen(lanes=[lane("B-ui", ahead=1, behind=2, merged=True)]))
    assert first["fix"] == "git -C /w/B-ui reset --keep master"


def test_a_lane_that_has_left_its_base_is_told_to_rebase():
    findings = found(seen(lanes=[lane("B-ui", ahead=1, behind=2)]))
    assert [(finding["check"], finding["fix"]) for finding in findings] == [
        ("behind_base", "git -C /w/B-ui rebase master"),
        ("ahead_of_base", "git log master..agent/B-ui"),
    ]


def test_a_missing_integration_branch_is_one_error_and_not_one_for_each_task():
    blind = {MERGED: {"sha": MERGED, "integrated": None}}
    survey = seen(base={"name": "master", "head": None}, commits=blind)
    done = [task(id=f"B-{number}", status="done", commit_sha=MERGED) for number in range(3)]
    assert [finding["check"] for finding in found(survey, *done)] == ["base_missing"]


# --- claims -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("branch", "checks"),
    [
        ("", ["claim_without_branch"]),
        (None, ["claim_without_branch"]),
        ("topic", ["claim_branch_foreign"]),
        ("agent/A-backend", ["claim_branch_foreign"]),
        ("gone", ["claim_branch_foreign", "claim_branch_missing"]),
    ],
)
def test_a_claim_must_be_on_the_branch_of_its_lane(branch, checks):
    findings = found(seen(), {**claimed(), "branch": branch})
    assert [finding["check"] for finding in findings] == checks
    for finding in findings:
        assert (finding["level"], finding["lane"], finding["task_id"]) == ("error", "B-ui", "B-1")
        assert "B-1 is claimed by B " in finding["message"]
        assert finding["fix"] == "make queue-set-status TASK_ID=B-1 STATUS=in_progress BRANCH=agent/B-ui"


def test_a_claim_on_a_lane_branch_that_is_gone_is_told_to_make_it_again():
    survey = seen()
    del survey["branches"]["agent/B-ui"]
    (finding,) = found(survey, claimed())
    assert (finding["check"], finding["fix"]) == ("claim_branch_missing", "git branch agent/B-ui master")


@pytest.mark.parametrize(
    ("claimed_at", "tip", "tip_merged", "idle"),
    [
        (OLD, OLD, False, True),
        (OLD, RECENT, False, False),
        (OLD, RECENT, True, True),  # the newest commit of the branch is somebody else's, brought in from master
        (RECENT, OLD, False, False),
        ("", OLD, False, True),
        ("", RECENT, True, False),  # nothing is known about when the work began
        ("2026-05-07T00:00:00.000000Z", OLD, False, False),  # exactly three days
        ("2026-05-06T23:59:59.000000Z", OLD, False, True),
    ],
)
def test_a_claim_without_commits_for_days_is_idle(claimed_at, tip, tip_merged, idle):
    survey = seen()
    survey["branches"]["agent/B-ui"] = {"head": MERGED if tip_merged else OPEN, "committed_at": tip}
    survey["unmerged"] = [] if tip_merged else [commit("B-1")]
    checks = [finding["check"] for finding in found(survey, {**claimed(), "claimed_at": claimed_at})]
    assert checks == (["claim_idle"] if idle else [])


@pytest.mark.parametrize("sign", ["evidence_at", "handoff_at"])
@pytest.mark.parametrize(("at", "idle"), [(OLD, True), (RECENT, False)])
def test_a_record_of_work_is_a_sign_of_life_whatever_date_the_commits_have(sign, at, idle):
    checks = [finding["check"] for finding in found(seen(), {**claimed(), "claimed_at": OLD, sign: at})]
    assert checks == (["claim_idle"] if idle else [])


def test_an_idle_claim_is_a_warning_that_says_how_long_and_what_to_do():
    (finding,) = found(seen(), {**claimed(), "claimed_at": OLD})
    assert finding["level"] == "warning"
    assert finding["message"] == "B-1 is claimed by B, no commit on agent/B-ui for 9d00h"
    assert finding["fix"] == "make queue-task-detail TASK_ID=B-1"


def test_the_number_of_idle_days_is_a_setting():
    patient = copy.deepcopy(SETTINGS)
    patient["git_check"]["idle_days"] = 30
    assert check(seen(), [{**claimed(), "claimed_at": OLD}], patient, NOW) == []


# --- finished work ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "name", "level", "message", "fix"),
    [
        (
            LOST,
            "done_commit_unknown",
            "error",
            f"B-1 is done with commit {LOST}, which git does not know",
            "git fetch origin",
        ),
        (
            "never-surveyed",
            "done_commit_unknown",
            "error",
            "B-1 is done with commit never-surveyed, which git does not know",
            "git fetch origin",
        ),
        (
            OPEN,
            "done_commit_not_integrated",
            "error",
            f"B-1 is done with commit {OPEN}, which is not on master",
            f"make queue-merge-ready TASK_ID=B-1 REF={OPEN}",
        ),
        (
            None,
            "done_without_commit",
            "note",
            "B-1 is done and names no commit",
            RECORD,
        ),
    ],
)
def test_finished_work_must_be_on_the_integration_branch(given, name, level, message, fix):
    expected = {"check": name, "level": level, "lane": "B-ui", "task_id": "B-1", "message": message, "fix": fix}
    assert found(seen(), task(status="done", commit_sha=given)) == [expected]


@pytest.mark.parametrize("review", ["changes_requested", "blocked"])
def test_nobody_is_told_to_merge_what_a_reviewer_objects_to(review):
    (finding,) = found(seen(), task(status="done", commit_sha=OPEN, review_status=review))
    assert finding["message"] == f"B-1 is done with commit {OPEN}, which is not on master, and its review is {review}"
    assert finding["fix"] == "make queue-task-detail TASK_ID=B-1"


def test_finished_is_what_the_settings_call_terminal():
    other = copy.deepcopy(SETTINGS)
    other["states"]["terminal"] = ["shipped"]
    tasks = [task(status="shipped", commit_sha=OPEN), task(id="B-2", status="done", commit_sha=OPEN)]
    assert [finding["task_id"] for finding in check(seen(), tasks, other, NOW)] == ["B-1"]


@pytest.mark.parametrize("state", ["todo", "blocked"])
def test_work_that_is_neither_claimed_nor_finished_is_not_compared(state):
    assert found(seen(), task(status=state, branch="gone", commit_sha=LOST)) == []


# --- commits ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ("B-1: fix", True),
        ("fix\n\nTask: B-1", True),
        ("[B-1] fix", True),
        ("fix (B-1).", True),
        ("fixes #B-1", True),
        ("closes B-1.", True),
        ("B-12: fix", False),
        ("AB-1: fix", False),
        ("b-1: fix", False),
        ("B-1x", False),
        ("B-9: a task that the queue does not have", False),
        ("", False),
    ],
)
def test_a_message_names_a_task_only_by_its_whole_id(message, named):
    assert names_a_task(message, {"B-1"}) is named
    assert (found(seen(unmerged=[commit(message)]), task()) == []) is named


def test_nameless_commits_of_a_branch_are_one_warning_that_lists_the_first_five():
    commits = [commit(f"change {number}\n\nbody", sha=f"{number:040}") for number in range(7)]
    (finding,) = found(seen(unmerged=commits), task())
    listed = "; ".join(f"0000000000 change {number}" for number in range(5))
    assert finding == {
        "check": "commits_without_task",
        "level": "warning",
        "lane": "B-ui",
        "task_id": "",
        "message": f"agent/B-ui has 7 commits naming no task of the queue: {listed} and 2 more",
        "fix": "name the task in the messages of agent/B-ui that are not on master",
    }


def test_a_branch_of_no_lane_is_told_without_a_lane():
    (finding,) = found(seen(unmerged=[commit("x", branch="topic")]))
    assert (finding["lane"], finding["message"].split()[0]) == ("", "topic")


def test_merges_need_not_name_a_task():
    assert found(seen(unmerged=[commit("Merge branch 'master'", parents=2)])) == []


def test_a_nameless_commit_without_a_message_or_with_control_characters_stays_on_one_line():
    (finding,) = found(seen(unmerged=[commit("", sha="1" * 40), commit("a\x1b[31mb\tc", sha="2" * 40)]))
    assert finding["message"].endswith("1111111111 (no message); 2222222222 a?[31mb?c")


# --- the list ---------------------------------------------------------------------------------------------


def test_findings_come_errors_first_then_in_lane_and_task_order_whatever_the_order_of_tasks():
    survey = seen(lanes=[lane("B-ui", ahead=1), lane("A-backend", behind=1)], unmerged=[commit("x")])
    tasks = [
        task(id="B-2", status="done", commit_sha=OPEN),
        task(id="A-1", lane="A-backend", status="done", commit_sha=LOST),
        task(id="B-1", status="done", commit_sha=LOST),
        task(id="Z-1", lane="unknown", status="done", commit_sha=LOST),
    ]
    for order in itertools.permutations(tasks):
        assert [(finding["level"], finding["lane"], finding["task_id"]) for finding in found(survey, *order)] == [
            ("error", "B-ui", "B-1"),
            ("error", "B-ui", "B-2"),
            ("error", "A-backend", "A-1"),
            ("error", "unknown", "Z-1"),
            ("warning", "B-ui", ""),
            ("warning", "A-backend", ""),
            ("note", "B-ui", ""),
        ]


@pytest.mark.parametrize(
    ("levels", "consistent"), [([], True), (["warning", "note"], True), (["note", "error"], False)]
)
def test_only_errors_make_the_check_fail(levels, consistent):
    assert is_consistent([{"level": level} for level in levels]) is consistent
