"""review-checkout: a task's work on a named review branch."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import commit_file, git, head, make_repository, write_file
from tests.support.shell import Checkout, make_checkout, queue_text, task


@pytest.fixture
def project() -> Checkout:
    """A project in which lane B-ui has one commit for B-1, and D-arch is where it is reviewed."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("A-1", "A-backend")), lanes=["B-ui", "D-arch"])
    made.commit("B-ui", "a.ts", message="B-1: first")
    return made


def check_out(project: Checkout, *arguments: str, lane: str = "D-arch") -> Any:
    """The answer of a checkout in a reviewer's worktree."""
    return project.ok("review-checkout", "B-1", *arguments, "--json", cwd=project.lanes[lane]).json


def branch(path: str) -> str:
    return git(path, "rev-parse", "--abbrev-ref", "HEAD")


def rewrite_lane(project: Checkout) -> str:
    """Amend the lane's commit, so that the one reviewed before is in no branch but the review branch."""
    git(project.lanes["B-ui"], "commit", "--quiet", "--amend", "-m", "B-1: again")
    return head(project.lanes["B-ui"])


def test_the_lanes_work_is_checked_out_on_its_review_branch(project: Checkout) -> None:
    done = check_out(project)
    place = project.lanes["D-arch"]
    assert (branch(place), head(place)) == ("review/B-ui", head(project.lanes["B-ui"]))
    assert (done["source"], done["commit_sha"], done["moved_from"]) == ("agent/B-ui", head(place), "")
    assert (done["previous_branch"], done["worktree"]) == ("agent/D-arch", place)
    assert branch(project.lanes["B-ui"]) == "agent/B-ui"
    assert git(place, "status", "--porcelain") == ""


def test_the_text_says_how_to_get_back(project: Checkout) -> None:
    answer = project.ok("review-checkout", "B-1", cwd=project.lanes["D-arch"])
    assert answer.out.splitlines()[0] == "checked out review/B-ui for B-1"
    assert answer.out.splitlines()[-1] == "back: git switch agent/D-arch"


def test_the_review_branch_follows_the_lane(project: Checkout) -> None:
    first = check_out(project)["commit_sha"]
    newer = project.commit("B-ui", "b.ts", message="B-1: second")
    done = check_out(project)
    assert (head(project.lanes["D-arch"]), done["moved_from"]) == (newer, first)
    assert (done["previous_branch"], done["previous_commit"]) == ("review/B-ui", first)


def test_what_is_checked_out_already_stays(project: Checkout) -> None:
    sha = check_out(project)["commit_sha"]
    again = check_out(project)
    assert (again["moved_from"], again["previous_branch"]) == (sha, "review/B-ui")


def test_ref_names_the_commit_to_read(project: Checkout) -> None:
    first = head(project.lanes["B-ui"])
    project.commit("B-ui", "b.ts")
    assert check_out(project, "--ref", first)["commit_sha"] == first
    assert check_out(project, "--ref", "agent/B-ui")["commit_sha"] == head(project.lanes["B-ui"])


def test_the_branch_that_the_task_records_counts(project: Checkout) -> None:
    git(project.lanes["B-ui"], "switch", "--quiet", "-c", "feature/B-1")
    sha = project.commit("B-ui", "c.ts")
    git(project.lanes["B-ui"], "switch", "--quiet", "agent/B-ui")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--branch", "feature/B-1", "--actor", "b")
    assert (check_out(project)["source"], head(project.lanes["D-arch"])) == ("feature/B-1", sha)


def test_a_branch_that_only_origin_has_is_read_there(project: Checkout, tmp_path: Path) -> None:
    origin = make_repository(tmp_path, "origin")
    git(project.main, "remote", "add", "origin", origin)
    git(project.main, "push", "--quiet", "origin", "agent/B-ui:refs/heads/agent/A-backend")
    git(project.main, "fetch", "--quiet", "origin")
    done = project.ok("review-checkout", "A-1", "--json", cwd=project.lanes["D-arch"]).json
    assert (done["source"], done["review_branch"]) == ("origin/agent/A-backend", "review/A-backend")
    assert "branch.review" not in git(project.main, "config", "--local", "--list")


@pytest.mark.parametrize(("path", "text"), [("README.md", "changed\n"), ("untracked.ts", "x\n")])
def test_a_dirty_tree_is_refused(project: Checkout, path: str, text: str) -> None:
    place = project.lanes["D-arch"]
    write_file(place, path, text)
    answer = project.run("review-checkout", "B-1", cwd=place)
    assert (answer.code, answer.word) == (1, "preflight_failed")
    assert path in answer.err
    assert branch(place) == "agent/D-arch"


def test_a_tree_in_the_middle_of_something_is_refused(project: Checkout) -> None:
    place = project.lanes["D-arch"]
    git(place, "bisect", "start", "--no-checkout")
    answer = project.run("review-checkout", "B-1", cwd=place)
    assert (answer.code, answer.word) == (1, "preflight_failed")
    assert "a bisect is under way" in answer.err


def test_a_commit_that_only_the_review_branch_has_is_never_left_behind(project: Checkout) -> None:
    check_out(project)
    place = project.lanes["D-arch"]
    mine = commit_file(place, "fix.ts", "x\n", "a fix by the reviewer")
    project.commit("B-ui", "b.ts")
    answer = project.run("review-checkout", "B-1", cwd=place)
    assert (answer.code, answer.word) == (4, "unreviewed_commits")
    assert f"review/B-ui holds 1 commit that nothing else has and nobody has reviewed: {mine[:12]}" in answer.err
    assert (branch(place), head(place)) == ("review/B-ui", mine)


def test_the_hint_keeps_the_commits_and_clears_the_way(project: Checkout) -> None:
    check_out(project)
    place = project.lanes["D-arch"]
    mine = commit_file(place, "fix.ts", "x\n")
    answer = project.run("review-checkout", "B-1", cwd=place)
    assert "git branch review/B-ui-kept review/B-ui" in answer.err
    git(place, "branch", "review/B-ui-kept", "review/B-ui")
    check_out(project)
    assert git(place, "rev-parse", "review/B-ui-kept") == mine


def test_a_lane_that_was_rewritten_is_followed_once_the_old_commit_was_reviewed(project: Checkout) -> None:
    old = check_out(project)["commit_sha"]
    new = rewrite_lane(project)
    assert project.run("review-checkout", "B-1", cwd=project.lanes["D-arch"]).word == "unreviewed_commits"
    project.ok(
        *("queue-record-review", "B-1", "--reviewer-role", "D-arch", "--reviewer", "D", "--actor", "d"),
        *("--status", "changes_requested", "--commit", old, "--note", "reword it"),
    )
    assert check_out(project)["commit_sha"] == new


def test_a_verdict_that_names_no_commit_covers_none(project: Checkout) -> None:
    """As records of older scripts may have it."""
    old = check_out(project)["commit_sha"]
    new = rewrite_lane(project)
    for lane in ("D-arch", "C-ops"):
        project.ok(
            *("queue-record-review", "B-1", "--reviewer-role", lane, "--reviewer", "D", "--actor", "d"),
            *("--status", "changes_requested", "--commit", old, "--note", "reword it"),
        )
    with closing(sqlite3.connect(project.store)) as store:
        store.execute("UPDATE task_reviews SET reviewed_commit_sha = NULL WHERE reviewer_role = 'C-ops'")
        store.commit()
    assert check_out(project)["commit_sha"] == new


def test_a_reviewed_commit_does_not_cover_what_was_committed_on_top_of_it(project: Checkout) -> None:
    old = check_out(project)["commit_sha"]
    mine = commit_file(project.lanes["D-arch"], "fix.ts", "x\n")
    rewrite_lane(project)
    project.ok(
        *("queue-record-review", "B-1", "--reviewer-role", "D-arch", "--reviewer", "D", "--actor", "d"),
        *("--status", "approved", "--commit", old, "--note", "fine"),
    )
    answer = project.run("review-checkout", "B-1", "--json", cwd=project.lanes["D-arch"])
    assert answer.word == "unreviewed_commits"
    assert mine in answer.err
    assert old not in answer.err


def test_a_review_branch_of_another_worktree_is_not_moved_under_its_feet(project: Checkout) -> None:
    check_out(project)
    project.commit("B-ui", "b.ts")
    answer = project.run("review-checkout", "B-1")
    assert (answer.code, answer.word) == (4, "already_exists")
    assert project.lanes["D-arch"] in answer.err
    assert branch(project.main) == "master"


def test_when_git_refuses_to_move_the_branch_the_work_tree_goes_back(project: Checkout) -> None:
    place = project.lanes["D-arch"]
    write_file(project.main, ".git/refs/heads/review/B-ui.lock", "")
    answer = project.run("review-checkout", "B-1", cwd=place)
    assert (answer.code, answer.word) == (2, "git_unavailable")
    assert branch(place) == "agent/D-arch"
    assert git(project.main, "branch", "--list", "review/*") == ""


def test_another_commit_than_the_one_asked_for_is_said(project: Checkout) -> None:
    asked = head(project.lanes["B-ui"])
    project.ok("queue-route-review", "B-1", "--ref", asked, "--reviewer-role", "D-arch", "--reason", "please")
    assert check_out(project)["findings"] == []
    project.commit("B-ui", "b.ts")
    (warning,) = [row["message"] for row in check_out(project)["findings"]]
    assert f"REF={asked}" in warning


@pytest.mark.parametrize(
    ("arguments", "code", "word"),
    [
        ([], 2, "usage"),
        (["B-9"], 3, "not_found"),
        (["B-1", "--ref", "nowhere"], 3, "not_found"),
        (["B-1", "--ref=--help"], 3, "not_found"),
        (["A-1"], 3, "not_found"),
    ],
)
def test_what_cannot_be_found_is_refused(project: Checkout, arguments: list[str], code: int, word: str) -> None:
    answer = project.run("review-checkout", *arguments, cwd=project.lanes["D-arch"])
    assert (answer.code, answer.word) == (code, word)
    assert branch(project.lanes["D-arch"]) == "agent/D-arch"


def test_make_runs_it_in_the_worktree_it_is_called_in(project: Checkout) -> None:
    git(project.lanes["D-arch"], "merge", "--quiet", "--ff-only", "master")
    answer = project.make("review-checkout", "TASK_ID=B-1", cwd=project.lanes["D-arch"])
    assert answer.code == 0, answer.err
    assert branch(project.lanes["D-arch"]) == "review/B-ui"
