"""What git says about lanes, commits and branches, and how few processes that takes."""

from __future__ import annotations

import json
import os
import threading

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.paths import find_repository
from fairway_scripts.base.settings import default_settings
from fairway_scripts.git import git_survey
from fairway_scripts.git.git_survey import survey
from fairway_scripts.lanes import git_consistency
from tests.support.repositories import (
    COMMIT_TIME,
    add_lane_worktrees,
    commit_file,
    commit_many,
    count_git_calls,
    git,
    git_calls,
    head,
    write_file,
)

LANES = ["A-backend", "B-ui"]
SETTINGS = default_settings(LANES, naming="gpuas-{role}", main_branch="master")
STORED_TIME = "2026-05-04T08:00:00.000000Z"


@pytest.fixture
def lanes(checkout) -> dict[str, str]:
    return add_lane_worktrees(checkout, LANES)


def look(checkout: str, commits=(), branches=(), **more) -> dict:
    return survey(find_repository(checkout), SETTINGS, LANES, list(commits), list(branches), **more)


def lane(seen: dict, name: str) -> dict:
    return next(entry for entry in seen["lanes"] if entry["lane"] == name)


def test_a_fresh_repository_is_described_in_full(checkout, lanes):
    start = head(checkout)
    seen = look(checkout, [start], ["agent/A-backend", "absent"])
    at_start = {"head": start, "committed_at": STORED_TIME}
    assert seen["base"] == {"name": "master", "head": start}
    assert seen["branches"] == {"agent/A-backend": at_start, "agent/B-ui": at_start, "master": at_start}
    assert seen["commits"] == {start: {"sha": start, "integrated": True}}
    assert seen["unmerged"] == []
    assert lane(seen, "B-ui") == {
        "lane": "B-ui",
        "path": lanes["B-ui"],
        "exists": True,
        "branch": "agent/B-ui",
        "expected_branch": "agent/B-ui",
        "branch_exists": True,
        "dirty": False,
        "changed_count": 0,
        "changed_files": [],
        "ahead": 0,
        "behind": 0,
        "merged": False,
    }
    assert json.loads(json.dumps(seen)) == seen


def test_commits_are_integrated_on_the_base_only_and_unknown_ones_are_told(checkout, lanes):
    merged, open_commit = commit_file(checkout, "f", "1"), commit_file(lanes["B-ui"], "g", "1")
    seen = look(checkout, [merged[:10], open_commit, "f" * 40, "-v", ""])
    assert seen["commits"] == {
        merged[:10]: {"sha": merged, "integrated": True},
        open_commit: {"sha": open_commit, "integrated": False},
        "f" * 40: {"sha": None, "integrated": None},
        "-v": {"sha": None, "integrated": None},
        "": {"sha": None, "integrated": None},
    }


def test_a_commit_of_no_branch_is_not_integrated_and_not_listed(checkout, lanes):
    lost = commit_file(lanes["B-ui"], "f", "1")
    git(lanes["B-ui"], "reset", "--quiet", "--hard", "HEAD~1")
    seen = look(checkout, [lost])
    assert seen["commits"][lost] == {"sha": lost, "integrated": False}
    assert seen["unmerged"] == []


@pytest.mark.parametrize("ahead", ["local", "remote"])
def test_a_commit_on_either_side_of_a_push_is_integrated(checkout, lanes, ahead):
    newer = commit_file(checkout, "f", "1")
    if ahead == "local":
        git(checkout, "update-ref", "refs/remotes/origin/master", "HEAD~1")
    else:
        git(checkout, "update-ref", "refs/remotes/origin/master", "HEAD")
        git(checkout, "reset", "--quiet", "--hard", "HEAD~1")
    seen = look(checkout, [newer])
    assert seen["base"]["name"] == "origin/master"
    assert seen["commits"][newer]["integrated"]


def test_unmerged_commits_stand_under_their_branch_newest_first(checkout, lanes):
    one = commit_file(lanes["B-ui"], "f", "1", "B-1: one\n\nbody", at="2026-05-05T00:00:00Z")
    two = commit_file(lanes["B-ui"], "f", "2", "B-1: two", at="2026-05-06T00:00:00Z")
    # a commit that a task names, in the middle of the branch, must not take its ancestors away from the branch
    seen = look(checkout, [one, two])
    assert seen["unmerged"] == [
        {
            "sha": two,
            "branch": "agent/B-ui",
            "committed_at": "2026-05-06T00:00:00.000000Z",
            "parents": 1,
            "message": "B-1: two",
        },
        {
            "sha": one,
            "branch": "agent/B-ui",
            "committed_at": "2026-05-05T00:00:00.000000Z",
            "parents": 1,
            "message": "B-1: one\n\nbody",
        },
    ]


def test_a_commit_of_two_branches_stands_under_the_lane(checkout, lanes):
    commit_file(lanes["B-ui"], "f", "1")
    git(checkout, "branch", "aaa", "agent/B-ui")
    assert [commit["branch"] for commit in look(checkout, branches=["aaa"])["unmerged"]] == ["agent/B-ui"]


def test_a_merge_has_two_parents(checkout, lanes):
    commit_file(checkout, "f", "1")
    commit_file(lanes["B-ui"], "g", "1")
    git(lanes["B-ui"], "merge", "--quiet", "--no-edit", "master")
    assert sorted(commit["parents"] for commit in look(checkout)["unmerged"]) == [1, 2]


def test_branches_that_nobody_asked_about_are_not_searched(checkout, lanes):
    git(checkout, "branch", "topic")
    commit_many(checkout, "topic", ["x"])
    assert look(checkout)["unmerged"] == []
    assert [commit["branch"] for commit in look(checkout, branches=["topic"])["unmerged"]] == ["topic"]


@pytest.mark.parametrize("message", ["naïve ünïcode", "a\x1eb\x1f", "%H %x00", "one\n\ntwo\n\nthree", "-"])
def test_messages_come_through_unchanged(checkout, lanes, message):
    commit_file(lanes["B-ui"], "f", "1", message)
    assert [commit["message"] for commit in look(checkout)["unmerged"]] == [message]


def test_a_message_that_is_not_utf8_is_read_as_latin_1_and_an_empty_one_as_nothing(checkout, lanes):
    git(lanes["B-ui"], "commit", "--quiet", "--allow-empty", "--allow-empty-message", "-m", "")
    git(lanes["B-ui"], "commit", "--quiet", "--allow-empty", "-m", os.fsdecode(b"b\xffd"))
    assert {commit["message"] for commit in look(checkout)["unmerged"]} == {"", "b\xffd"}


def test_the_users_settings_for_the_log_do_not_matter(checkout, lanes):
    commit_file(lanes["B-ui"], "f", "1", "B-1")
    plain = look(checkout)
    settings = {"log.showSignature": "true", "color.ui": "always", "format.pretty": "oneline", "log.decorate": "full"}
    for name, value in settings.items():
        git(checkout, "config", name, value)
    assert look(checkout) == plain


def test_lanes_ahead_behind_dirty_missing_and_astray(checkout, lanes):
    commit_file(lanes["A-backend"], "f", "1")
    commit_file(checkout, "g", "1")
    write_file(lanes["A-backend"], "new\nname", "1")
    os.rename(lanes["B-ui"], lanes["B-ui"] + "-moved")
    seen = look(checkout)
    backend, ui = lane(seen, "A-backend"), lane(seen, "B-ui")
    assert [backend[key] for key in ("ahead", "behind", "dirty", "changed_files")] == [1, 1, True, ["new\nname"]]
    assert [ui[key] for key in ("exists", "branch", "branch_exists", "behind")] == [False, None, True, 1]
    git(lanes["A-backend"], "stash", "--include-untracked")
    git(lanes["A-backend"], "switch", "--quiet", "--detach")
    assert lane(look(checkout), "A-backend")["branch"] is None


def test_a_repository_without_the_integration_branch_is_described_as_far_as_possible(checkout, lanes):
    git(checkout, "branch", "-m", "master", "trunk")
    seen = look(checkout, ["HEAD"])
    assert seen["base"] == {"name": "master", "head": None}
    assert seen["commits"]["HEAD"] == {"sha": head(checkout), "integrated": None}
    assert (lane(seen, "B-ui")["ahead"], lane(seen, "B-ui")["behind"]) == (None, None)


def test_another_base_can_be_given(checkout, lanes):
    git(checkout, "branch", "release")
    newer = commit_file(checkout, "f", "1")
    seen = look(checkout, [newer], base="release")
    assert (seen["base"]["name"], seen["commits"][newer]["integrated"]) == ("release", False)


def test_the_number_of_git_processes_does_not_depend_on_the_number_of_tasks(checkout, lanes, monkeypatch, tmp_path):
    for worktree in lanes.values():
        commit_file(worktree, "f", worktree)
    commits = commit_many(checkout, "master", [f"done {number}" for number in range(300)])
    for number in range(300):
        git(checkout, "update-ref", f"refs/heads/task/{number}", commits[number])
    notes = count_git_calls(monkeypatch, tmp_path)
    counts = []
    for size in (3, 300):
        before = len(git_calls(notes))
        look(checkout, commits[:size], [f"task/{number}" for number in range(size)])
        counts.append(len(git_calls(notes)) - before)
    assert counts == [3 + 3 * len(LANES)] * 2  # each lane has commits of its own, and so has its base


def test_a_lane_at_the_tip_of_its_base_or_without_a_worktree_costs_less(checkout, lanes, monkeypatch, tmp_path):
    os.rename(lanes["A-backend"], lanes["A-backend"] + "-moved")
    notes = count_git_calls(monkeypatch, tmp_path)
    look(checkout)
    assert len(git_calls(notes)) == 3 + 1


def test_the_survey_and_the_rules_fit_each_other(checkout, lanes):
    done = commit_file(checkout, "f", "1", "B-1: done")
    for worktree in lanes.values():
        git(worktree, "merge", "--quiet", "--ff-only", "master")
    open_commit = commit_file(lanes["B-ui"], "g", "1", "no name")
    tasks = [
        _task("B-1", "done", commit_sha=done),
        _task("B-2", "in_progress", branch="agent/B-ui", claimed_at=COMMIT_TIME),
        _task("B-3", "done", commit_sha=open_commit),
        _task("B-4", "todo"),
    ]
    seen = look(checkout, [task["commit_sha"] for task in tasks], [task["branch"] for task in tasks])
    found = git_consistency.check(seen, tasks, SETTINGS, "2026-05-05T00:00:00Z")
    assert [(finding["check"], finding["lane"], finding["task_id"]) for finding in found] == [
        ("done_commit_not_integrated", "B-ui", "B-3"),
        ("commits_without_task", "B-ui", ""),
        ("ahead_of_base", "B-ui", ""),
    ]


def _task(task_id: str, state: str, **more: str) -> dict:
    blank = {"lane": "B-ui", "owner": "B", "branch": "", "commit_sha": "", "claimed_at": ""}
    return {"id": task_id, "status": state, **blank, **more}


class TestManyWorktrees:
    """They are read side by side, and told as if it had been one after the other."""

    def test_each_is_read_beside_another(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(os, "cpu_count", lambda: 2)
        both = threading.Barrier(2, timeout=30)

        def read(path: str) -> dict[str, str]:
            both.wait()  # breaks where one comes after the other
            return {"head": path}

        paths = [f"/lane-{number}" for number in range(20)]
        assert git_survey._at_once(read, paths) == {path: {"head": path} for path in paths}
        assert git_survey._at_once(read, []) == {}

    def test_the_first_fault_is_raised_once_all_have_ended(self) -> None:
        ended = []

        def read(path: str) -> dict[str, str]:
            ended.append(path)
            if path in "BD":
                raise FairwayError("git_unavailable", path)
            return {"head": path}

        with pytest.raises(FairwayError, match=r"^B"):
            git_survey._at_once(read, list("ABCDE"))
        assert sorted(ended) == list("ABCDE")
