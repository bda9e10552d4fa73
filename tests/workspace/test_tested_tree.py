"""What was tested: a commit, and whether the work tree was just that commit."""

from __future__ import annotations

import pytest

from fairway_scripts.workspace.tested_tree import commit_tested
from tests.support.repositories import git, head, write_file


def test_a_clean_tree_is_its_commit(checkout):
    assert commit_tested(checkout) == {"commit_sha": head(checkout), "branch": "master", "tree_dirty": False}


@pytest.mark.parametrize("path", ["README.md", "new", "folder/new"])
def test_any_changed_or_untracked_file_makes_the_tree_dirty(checkout, path):
    write_file(checkout, path, "changed")
    assert commit_tested(checkout)["tree_dirty"]


def test_an_ignored_file_does_not(checkout):
    write_file(checkout, ".git/info/exclude", "*.log\n")
    write_file(checkout, "x.log", "")
    assert not commit_tested(checkout)["tree_dirty"]


@pytest.mark.parametrize("artifact", ["log.txt", "logs/log.txt", "a b/c/ü [x]*.txt"])
def test_the_artifact_alone_does_not(checkout, artifact):
    write_file(checkout, artifact, "output")
    assert not commit_tested(checkout, artifact)["tree_dirty"]
    assert commit_tested(checkout)["tree_dirty"]


@pytest.mark.parametrize("neighbour", ["logs/other.txt", "logs/deep/other.txt", "elsewhere.txt", "README.md"])
def test_the_artifact_does_not_hide_what_lies_beside_it(checkout, neighbour):
    write_file(checkout, "logs/log.txt", "output")
    write_file(checkout, neighbour, "changed")
    assert commit_tested(checkout, "logs/log.txt")["tree_dirty"]


def test_a_detached_head_has_no_branch(checkout):
    git(checkout, "checkout", "--quiet", "--detach")
    assert commit_tested(checkout) == {"commit_sha": head(checkout), "branch": None, "tree_dirty": False}
