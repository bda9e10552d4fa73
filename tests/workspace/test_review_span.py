"""The two ends of what a review reads, and the point where they part."""

from __future__ import annotations

import pytest

from fairway_scripts.git.review_span import read_span
from tests.support.repositories import add_lane_worktrees, commit_file, count_git_calls, git, git_calls, head


@pytest.fixture
def lane(checkout: str) -> str:
    """A lane with one commit of its own; master has moved on by one."""
    path = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    commit_file(path, "ui", "1")
    commit_file(checkout, "other", "1")
    return path


def test_both_ends_and_the_fork_come_out_in_full_from_one_process(lane, checkout, monkeypatch, tmp_path):
    fork = git(checkout, "rev-parse", "master~1")
    short = git(lane, "rev-parse", "--short=8", "HEAD")
    notes = count_git_calls(monkeypatch, tmp_path)
    assert read_span(lane, short, "master") == {
        "commit_sha": head(lane),
        "base_sha": head(checkout),
        "merge_base": fork,
    }
    assert len([call for call in git_calls(notes) if "rev-parse" in call and "master" in call]) == 1
    assert not [call for call in git_calls(notes) if "cat-file" in call or "merge-base" in call]


def test_an_annotated_tag_stands_for_its_commit(lane):
    git(lane, "tag", "-a", "-m", "annotated", "v1")
    assert read_span(lane, "v1", "v1") == dict.fromkeys(("commit_sha", "base_sha", "merge_base"), head(lane))


@pytest.mark.parametrize(
    "name",
    [
        "absent",
        "0" * 40,
        "",
        " ",
        "-v",
        "--all",
        "^master",
        "master..HEAD",
        "master...HEAD",
        "HEAD^@",
        "HEAD\nHEAD",
        "\0",
    ],
)
def test_what_names_no_commit_is_none_on_either_side(lane, checkout, name):
    assert read_span(lane, name, "master") == {"commit_sha": None, "base_sha": head(checkout), "merge_base": None}
    assert read_span(lane, "HEAD", name) == {"commit_sha": head(lane), "base_sha": None, "merge_base": None}


def test_unrelated_histories_have_no_fork(lane, checkout):
    git(lane, "checkout", "--quiet", "--orphan", "fresh")
    commit = commit_file(lane, "fresh", "1")
    assert read_span(lane, "fresh", "master") == {"commit_sha": commit, "base_sha": head(checkout), "merge_base": None}


def test_of_several_forks_one_is_taken(lane, checkout):
    ours, theirs = head(lane), head(checkout)
    for place, other in ((lane, theirs), (checkout, ours)):
        git(place, "merge", "--quiet", "--no-ff", "-m", "criss-cross", other)
    assert read_span(lane, "HEAD", "master")["merge_base"] in {ours, theirs}
