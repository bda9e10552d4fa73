"""What was tested: a commit, and whether the work tree was just that commit, whatever git is told not to look at."""

from __future__ import annotations

import os

import pytest

from fairway_scripts.git import index_flags
from fairway_scripts.git.git_status import status
from fairway_scripts.git.tested_tree import commit_tested
from tests.support.repositories import commit_file, count_git_calls, git, git_calls, head, make_repository, write_file


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


def but(*names: str):
    """The untracked files that count, when those of `names` do not."""
    return lambda files: [name for name in files if name not in names]


@pytest.mark.parametrize("artifact", ["log.txt", "logs/log.txt", "a b/c/ü [x]*.txt"])
def test_the_artifact_alone_does_not(checkout, artifact):
    write_file(checkout, artifact, "output")
    assert not commit_tested(checkout, but(artifact))["tree_dirty"]
    assert commit_tested(checkout)["tree_dirty"]


@pytest.mark.parametrize("neighbour", ["logs/other.txt", "logs/deep/other.txt", "elsewhere.txt", "README.md"])
def test_the_artifact_does_not_hide_what_lies_beside_it(checkout, neighbour):
    write_file(checkout, "logs/log.txt", "output")
    write_file(checkout, neighbour, "changed")
    found = status(checkout, but("logs/log.txt"))
    assert (found["dirty"], found["changed_files"]) == (True, [neighbour])


def test_a_tracked_file_counts_whatever_names_it_an_artifact(checkout):
    write_file(checkout, "README.md", "changed")
    assert commit_tested(checkout, but("README.md"))["tree_dirty"]


def test_a_detached_head_has_no_branch(checkout):
    git(checkout, "checkout", "--quiet", "--detach")
    assert commit_tested(checkout) == {"commit_sha": head(checkout), "branch": None, "tree_dirty": False}


# --- what is told to git so that people are not bothered ------------------------------------------------------


@pytest.mark.parametrize(
    "setting",
    [
        *("status.showUntrackedFiles=no", "core.trustctime=false", "core.checkStat=minimal"),
        *("core.untrackedCache=true", "status.branch=false", "status.renames=copies"),
        *("core.quotePath=true", "core.ignoreStat=true"),
    ],
)
def test_a_setting_for_people_hides_no_untracked_file(checkout, setting):
    git(checkout, "config", *setting.split("=", 1))
    write_file(checkout, "new", "x")
    assert status(checkout)["changed_files"] == ["new"]


def test_a_mode_counts_where_git_is_told_not_to_look_at_modes(checkout):
    git(checkout, "config", "core.fileMode", "false")
    os.chmod(f"{checkout}/README.md", 0o755)
    assert status(checkout)["changed_files"] == ["README.md"]


def test_where_the_file_system_keeps_no_modes_only_contents_count(checkout, monkeypatch):
    monkeypatch.setattr("fairway_scripts.git.git_status.has_modes", lambda _place: False)
    os.chmod(f"{checkout}/README.md", 0o755)
    assert not status(checkout)["dirty"]
    write_file(checkout, "README.md", "changed")
    assert status(checkout)["changed_files"] == ["README.md"]


def test_a_monitor_that_says_nothing_has_changed_is_not_asked(checkout, tmp_path):
    monitor = tmp_path / "monitor"
    monitor.write_text('#!/bin/sh\nprintf "token\\0"\n')
    monitor.chmod(0o755)
    git(checkout, "config", "core.fsmonitor", str(monitor))
    git(checkout, "status")
    write_file(checkout, "README.md", "changed")
    assert status(checkout)["changed_files"] == ["README.md"]


@pytest.mark.parametrize("version", ["2", "4"])
@pytest.mark.parametrize("mark", ["--assume-unchanged", "--skip-worktree"])
def test_a_marked_file_that_differs_is_found(checkout, mark, version):
    for name in ("a", "a b/c", "folder/deep/ü", "z" * 200):
        commit_file(checkout, name, name)
    git(checkout, "update-index", f"--index-version={version}")
    git(checkout, "update-index", mark, "folder/deep/ü", "README.md")
    assert not status(checkout)["dirty"], "a mark alone is no change"
    write_file(checkout, "folder/deep/ü", "changed")
    found = status(checkout)
    assert (found["changed_files"], found["unstaged"], found["dirty"]) == (["folder/deep/ü"], 1, True)
    os.remove(f"{checkout}/README.md")
    assert status(checkout)["changed_files"] == ["README.md", "folder/deep/ü"]


def test_a_marked_link_mode_or_kind_that_differs_is_found(checkout):
    for name in ("link", "kept", "run", "kind"):
        (os.symlink("a", f"{checkout}/{name}") if name in ("link", "kept") else write_file(checkout, name, "x"))
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "-m", "more")
    git(checkout, "update-index", "--assume-unchanged", "link", "kept", "run", "kind")
    os.remove(f"{checkout}/link")
    os.symlink("b", f"{checkout}/link")
    os.chmod(f"{checkout}/run", 0o755)
    os.remove(f"{checkout}/kind")
    os.symlink("x", f"{checkout}/kind")
    assert status(checkout)["changed_files"] == ["kind", "link", "run"]


def test_a_marked_file_is_compared_as_git_would_store_it(checkout):
    write_file(checkout, ".gitattributes", "* text eol=crlf\n")
    write_file(checkout, "f", "a\r\nb\r\n")
    git(checkout, "add", "--all")
    git(checkout, "commit", "--quiet", "-m", "lines")
    git(checkout, "update-index", "--assume-unchanged", "f")
    assert not status(checkout)["dirty"]


def test_what_a_sparse_checkout_leaves_out_is_not_missing(checkout):
    commit_file(checkout, "left/out", "x")
    commit_file(checkout, "kept/file", "x")
    git(checkout, "sparse-checkout", "set", "--cone", "kept")
    assert not os.path.exists(f"{checkout}/left/out")
    assert not status(checkout)["dirty"]


def test_a_shared_index_is_read_by_git_itself(checkout):
    commit_file(checkout, "f", "x")
    git(checkout, "update-index", "--split-index")
    git(checkout, "update-index", "--assume-unchanged", "f")
    write_file(checkout, "f", "changed")
    assert status(checkout)["changed_files"] == ["f"]


def test_an_index_of_sha256_is_read_too(tmp_path):
    place = str(tmp_path / "wide")
    git(str(tmp_path), "init", "--quiet", "--object-format=sha256", "--initial-branch=master", "wide")
    commit_file(place, "f", "x")
    git(place, "update-index", "--assume-unchanged", "f")
    assert not status(place)["dirty"]
    write_file(place, "f", "changed")
    assert status(place)["changed_files"] == ["f"]


def test_no_process_is_started_for_marks_where_there_are_none(checkout, monkeypatch, tmp_path):
    notes = count_git_calls(monkeypatch, tmp_path)
    status(checkout)
    assert len(git_calls(notes)) == 1
    monkeypatch.setattr(index_flags, "_ask_git", lambda _place: pytest.fail("the index was not understood"))
    assert index_flags.hidden_changes(checkout) == []


@pytest.mark.parametrize("ignore", ["all", "dirty", "untracked"])
def test_a_changed_submodule_counts_whatever_is_ignored_about_it(tmp_path, ignore):
    library, checkout = make_repository(tmp_path, "library"), make_repository(tmp_path, "host")
    git(checkout, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", library, "lib")
    git(checkout, "config", "-f", ".gitmodules", "submodule.lib.ignore", ignore)
    git(checkout, "commit", "--quiet", "--all", "-m", "lib")
    git(checkout, "config", "submodule.lib.ignore", ignore)
    git(checkout, "config", "diff.ignoreSubmodules", "all")
    git(f"{checkout}/lib", "config", "status.showUntrackedFiles", "no")
    assert not status(checkout)["dirty"]
    write_file(checkout, "lib/new", "x")
    assert status(checkout)["changed_files"] == ["lib"]
    os.remove(f"{checkout}/lib/new")
    commit_file(f"{checkout}/lib", "more", "x")
    assert status(checkout)["changed_files"] == ["lib"]
