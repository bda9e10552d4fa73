"""The facts about a lane before a claim, on real worktrees."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fairway_scripts.base.paths import find_repository
from fairway_scripts.base.settings import default_settings
from fairway_scripts.git.lane_state import has_branch, is_merged, lane_facts
from fairway_scripts.work.preflight import preflight_issues
from tests.support.repositories import (
    add_lane_worktrees,
    commit_file,
    count_git_calls,
    git,
    git_calls,
    head,
    write_file,
)

SETTINGS = default_settings(["A-backend", "B-ui"], naming="gpuas-{role}", main_branch="master")


@pytest.fixture
def lane(checkout) -> str:
    return add_lane_worktrees(checkout, ["B-ui"])["B-ui"]


def facts(checkout: str, **more) -> dict:
    return lane_facts(find_repository(checkout), SETTINGS, "B-ui", **more)


def issues_of(state: dict) -> list[dict]:
    return preflight_issues(state, has_branch=True, merged=False)


def checks(checkout: str) -> list[str]:
    return [issue["check"] for issue in issues_of(facts(checkout))]


def test_a_fresh_lane_has_nothing_against_it(checkout, lane):
    assert facts(checkout) == {
        "lane": "B-ui",
        "path": lane,
        "exists": True,
        "branch": "agent/B-ui",
        "expected_branch": "agent/B-ui",
        "dirty": False,
        "changed_count": 0,
        "changed_files": [],
        "head": head(checkout),
        "base": "master",
        "base_head": head(checkout),
        "ahead": 0,
        "behind": 0,
        "contains_base": True,
    }
    assert checks(checkout) == []


def test_the_facts_are_the_same_from_the_main_checkout_and_from_any_lane(checkout, lane):
    assert facts(lane) == facts(checkout)


def test_a_lane_at_the_tip_of_its_base_costs_one_process_and_any_other_two(checkout, lane, monkeypatch, tmp_path):
    notes = count_git_calls(monkeypatch, tmp_path)
    facts(checkout)
    assert len(git_calls(notes)) == 1
    commit_file(lane, "f", "1")
    before = len(git_calls(notes))
    facts(checkout)
    assert len(git_calls(notes)) == before + 2


def test_a_lane_behind_its_base_is_one_issue_that_the_proposed_command_mends(checkout, lane):
    commit_file(checkout, "f", "1")
    (issue,) = issues_of(facts(checkout))
    assert issue["check"] == "outdated_base"
    subprocess.run(issue["fix"], shell=True, check=True, capture_output=True)
    assert checks(checkout) == []


def test_a_lane_that_has_left_its_base_is_one_issue_that_the_proposed_command_mends(checkout, lane):
    commit_file(checkout, "f", "1")
    commit_file(lane, "g", "1")
    state = facts(checkout)
    assert (state["ahead"], state["behind"], state["contains_base"]) == (1, 1, False)
    (issue,) = issues_of(state)
    subprocess.run(issue["fix"], shell=True, check=True, capture_output=True)
    assert checks(checkout) == []


def test_a_lane_on_another_branch_is_an_issue_that_the_proposed_command_mends(checkout, lane):
    git(lane, "switch", "--quiet", "-c", "other")
    (issue,) = issues_of(facts(checkout))
    assert issue["check"] == "wrong_branch"
    subprocess.run(issue["fix"], shell=True, check=True, capture_output=True)
    assert checks(checkout) == []


def test_after_a_squash_merge_the_proposed_command_begins_the_branch_at_its_base_again(checkout, lane):
    for text in ("1", "2"):
        commit_file(lane, "f", text)
    git(checkout, "merge", "--quiet", "--squash", "agent/B-ui")
    git(checkout, "commit", "--quiet", "-m", "both in one")
    here, state = find_repository(checkout), facts(checkout)
    (issue,) = preflight_issues(state, has_branch=True, merged=is_merged(here, state))
    assert issue["fix"].endswith("reset --keep master")
    subprocess.run(issue["fix"], shell=True, check=True, capture_output=True)
    assert checks(checkout) == []
    commit_file(lane, "g", "1")
    commit_file(checkout, "h", "1")
    state = facts(checkout)
    assert not is_merged(here, state), "it has something of its own again"


def test_whether_the_base_has_it_all_costs_one_process_more_where_both_went_on(checkout, lane, monkeypatch, tmp_path):
    here, notes = find_repository(checkout), count_git_calls(monkeypatch, tmp_path)
    counts = []
    for place in (None, lane, checkout):
        if place:
            commit_file(place, os.path.basename(place), "1")
        before = len(git_calls(notes))
        is_merged(here, facts(checkout))
        counts.append(len(git_calls(notes)) - before)
    assert counts == [1, 2, 3]
    git(lane, "switch", "--quiet", "-c", "other")
    before = len(git_calls(notes))
    is_merged(here, facts(checkout))
    assert len(git_calls(notes)) - before == 2, "what is asked first there is the way back to the lane's branch"


def test_a_lane_whose_branch_was_renamed_is_an_issue_that_the_proposed_command_mends(checkout, lane):
    git(lane, "branch", "--quiet", "-m", "agent/B-ui", "other")
    here, state = find_repository(checkout), facts(checkout)
    (issue,) = preflight_issues(state, has_branch=has_branch(here, state), merged=False)
    assert issue["fix"].endswith("switch -c agent/B-ui master")
    subprocess.run(issue["fix"], shell=True, check=True, capture_output=True)
    assert checks(checkout) == []


def test_a_missing_worktree_is_an_issue_with_the_tool_that_makes_it(checkout):
    git(checkout, "branch", "agent/B-ui")
    (issue,) = issues_of(facts(checkout))
    assert (issue["check"], issue["level"]) == ("worktree_missing", "warning")
    assert issue["fix"] == "make worktree-setup ROLE=B-ui"


def test_of_many_uncommitted_files_the_first_ten_are_listed(checkout, lane):
    for number in range(12):
        write_file(lane, f"f{number:02}", "1")
    state = facts(checkout)
    assert (state["dirty"], state["changed_count"]) == (True, 12)
    assert state["changed_files"] == [f"f{number:02}" for number in range(10)]
    assert checks(checkout) == ["uncommitted_changes"]


def test_a_lane_whose_folder_was_removed_does_not_exist(checkout, lane):
    os.rename(lane, lane + "-moved")
    state = facts(checkout)
    assert (state["exists"], state["path"], state["branch"]) == (False, lane, None)


def test_a_folder_that_is_no_worktree_does_not_count_as_the_lane(checkout):
    os.mkdir(os.path.join(os.path.dirname(checkout), "gpuas-B-ui"))
    assert not facts(checkout)["exists"]


def test_a_worktree_elsewhere_with_the_branch_of_the_lane_is_the_lane(checkout, lane, tmp_path):
    git(checkout, "worktree", "move", lane, str(tmp_path / "with blank"))
    assert facts(checkout)["path"] == os.path.realpath(tmp_path / "with blank")


def test_the_worktree_root_can_be_overridden(checkout, tmp_path):
    root = os.path.join(os.path.realpath(tmp_path), "lanes")
    git(checkout, "worktree", "add", "--quiet", "-b", "agent/B-ui", f"{root}/gpuas-B-ui")
    assert facts(checkout, worktree_root=root)["path"] == f"{root}/gpuas-B-ui"


def test_the_remote_branch_is_the_base_when_there_is_one(checkout, lane):
    newer = commit_file(checkout, "f", "1")
    git(checkout, "update-ref", "refs/remotes/origin/master", newer)
    git(checkout, "reset", "--quiet", "--hard", "HEAD~1")
    state = facts(checkout)
    assert (state["base"], state["base_head"], state["behind"]) == ("origin/master", newer, 1)


@pytest.mark.parametrize("base", ["absent", "-v"])
def test_a_base_that_git_does_not_know_is_an_issue(checkout, lane, base):
    state = facts(checkout, base=base)
    assert (state["base_head"], state["behind"], state["contains_base"]) == (None, None, False)
    assert [issue["check"] for issue in issues_of(state)] == ["base_missing"]


def test_a_base_may_be_any_revision(checkout, lane):
    commit = head(checkout)
    assert facts(checkout, base=commit[:9])["base_head"] == commit


def test_the_modules_of_the_check_are_cheap_to_import():
    heavy = ["subprocess", "pathlib", "plumbum", "hashlib", "dataclasses", "logging", "tomllib", "shlex"]
    probe = (
        f"import sys; sys.path[:0] = {sys.path!r}; import fairway_scripts.git.lane_state, "
        f"fairway_scripts.work.preflight; print([m for m in {heavy!r} if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-I", "-S", "-c", probe], capture_output=True, text=True)
    assert done.stdout.strip() == "[]", done.stderr
