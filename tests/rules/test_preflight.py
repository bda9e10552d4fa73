"""Whether a lane's worktree is fit to start work in: each fact, its issue and its command."""

from __future__ import annotations

import shlex

import pytest

from fairway_scripts.base.shell_words import quoted
from fairway_scripts.work.preflight import file_list, preflight_issues

FIT = {
    "lane": "B-ui",
    "path": "/w/gpuas-B-ui",
    "exists": True,
    "branch": "agent/B-ui",
    "expected_branch": "agent/B-ui",
    "dirty": False,
    "changed_count": 0,
    "changed_files": [],
    "head": "a" * 40,
    "base": "master",
    "base_head": "b" * 40,
    "ahead": 0,
    "behind": 0,
    "contains_base": True,
}
BEHIND = {"behind": 2, "contains_base": False}
DIRTY = {"dirty": True, "changed_count": 1, "changed_files": ["a.py"]}
AT = "git -C /w/gpuas-B-ui"


def issues_of(facts):
    return preflight_issues(facts, has_branch=True, merged=False)


def test_a_fit_lane_has_no_issues():
    assert issues_of(FIT) == []


@pytest.mark.parametrize(
    ("facts", "check", "level", "message", "fix"),
    [
        (
            {"exists": False, "branch": None, "base_head": None, "contains_base": False},
            "worktree_missing",
            "warning",
            "lane B-ui has no worktree at /w/gpuas-B-ui",
            "make worktree-setup ROLE=B-ui",
        ),
        (
            {"branch": "topic"},
            "wrong_branch",
            "error",
            "/w/gpuas-B-ui is on branch topic, lane B-ui works on agent/B-ui",
            f"{AT} switch agent/B-ui",
        ),
        (
            {"branch": None},
            "wrong_branch",
            "error",
            "/w/gpuas-B-ui is on no branch (detached), lane B-ui works on agent/B-ui",
            f"{AT} switch agent/B-ui",
        ),
        (
            DIRTY,
            "uncommitted_changes",
            "error",
            "/w/gpuas-B-ui has uncommitted changes: a.py",
            "commit what belongs to the work in /w/gpuas-B-ui, and stash or remove the rest",
        ),
        (
            BEHIND,
            "outdated_base",
            "error",
            "/w/gpuas-B-ui lacks 2 commits of master",
            f"{AT} merge --ff-only master",
        ),
        (
            {**BEHIND, "behind": 1, "ahead": 3},
            "outdated_base",
            "error",
            "/w/gpuas-B-ui lacks 1 commit of master",
            f"{AT} rebase master",
        ),
        (
            {"contains_base": False, "behind": None, "ahead": None, "head": None},
            "outdated_base",
            "error",
            "/w/gpuas-B-ui is not based on master",
            f"{AT} merge --ff-only master",
        ),
        (
            {"base_head": None, "behind": None, "contains_base": False},
            "base_missing",
            "error",
            "git knows no master to compare /w/gpuas-B-ui with",
            "git fetch origin",
        ),
    ],
)
def test_each_fault_has_its_own_issue_and_command(facts, check, level, message, fix):
    assert issues_of({**FIT, **facts}) == [{"check": check, "level": level, "message": message, "fix": fix}]


def test_several_faults_are_all_told():
    issues = issues_of({**FIT, **BEHIND, **DIRTY, "branch": "topic"})
    assert [issue["check"] for issue in issues] == ["wrong_branch", "uncommitted_changes", "outdated_base"]


def test_commands_survive_blanks_and_quotes_in_the_path():
    (issue,) = issues_of({**FIT, "path": "/w/it's a lane", "branch": "topic"})
    assert shlex.split(issue["fix"]) == ["git", "-C", "/w/it's a lane", "switch", "agent/B-ui"]


@pytest.mark.parametrize(
    ("paths", "count", "text"),
    [
        (["a"], 1, "a"),
        (["a", "b", "c"], 3, "a, b, c"),
        (["a", "b", "c", "d"], 12, "a, b, c and 9 more"),
        (["new\nline", "\udcff"], 2, "'new\\nline', '\\udcff'"),
    ],
)
def test_files_are_listed_up_to_three_and_stay_on_one_line(paths, count, text):
    assert file_list(paths, count) == text


@pytest.mark.parametrize("text", ["", "a", "a b", "it's", "$(x)", "a\nb", "~", "*", "--x=1", "agent/B-ui", "ü"])
def test_a_quoted_value_is_one_word_of_the_shell(text):
    assert shlex.split(quoted(text)) == [text]


def test_plain_values_stay_bare():
    assert quoted("/w/gpuas-B-ui") == "/w/gpuas-B-ui"
