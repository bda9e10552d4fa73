"""What git knows about commits, branches and changes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.git import git as known
from fairway_scripts.git.git_status import parse_status, status
from fairway_scripts.git.review_span import read_span
from tests.support.repositories import (
    add_lane_worktrees,
    commit_file,
    count_git_calls,
    git,
    git_calls,
    head,
    make_repository,
    write_file,
)

ODD_NAMES = [b"with blank", b"quote'd\"", b"new\nline", b"tab\there", "ünïcode".encode(), b"not-\xff-utf8", b"-dash"]


# --- commits ----------------------------------------------------------------------------------------------


def test_short_ids_branches_and_tags_resolve_to_the_full_commit(checkout):
    commit = head(checkout)
    git(checkout, "tag", "-a", "-m", "annotated", "v1")
    for name in (commit, commit[:8], "master", "refs/heads/master", "HEAD", "v1"):
        assert known.resolve(checkout, name) == commit


@pytest.mark.parametrize(
    "name",
    [
        "",
        "absent",
        "0" * 40,
        "-v",
        "--all",
        "HEAD\nHEAD",
        "HEAD:README.md",
        "HEAD^{tree}",
        "a b",
        "master..master",
        "\0",
    ],
)
def test_what_names_no_commit_is_none(checkout, name):
    assert known.resolve(checkout, name) is None


def test_many_revisions_take_one_process(checkout, monkeypatch, tmp_path):
    commits = [commit_file(checkout, "f", str(number)) for number in range(3)]
    notes = count_git_calls(monkeypatch, tmp_path)
    asked = [*commits, "absent", "-x", "ünïcode", commits[0][:9]]
    assert known.resolve_many(checkout, asked) == {
        **{commit: commit for commit in commits},
        "absent": None,
        "-x": None,
        "ünïcode": None,
        commits[0][:9]: commits[0],
    }
    assert len(git_calls(notes)) == 1


def test_an_ambiguous_short_id_names_no_commit(checkout):
    tree = git(checkout, "rev-parse", "HEAD^{tree}")
    seen: dict[str, bytes] = {}
    for number in range(5000):
        text = f"tree {tree}\nauthor A <a@b> 1 +0000\ncommitter A <a@b> 1 +0000\n\n{number}\n".encode()
        prefix = hashlib.sha1(b"commit %d\0" % len(text) + text, usedforsecurity=False).hexdigest()[:4]
        if prefix in seen:
            break
        seen[prefix] = text
    for commit in (seen[prefix], text):
        git(checkout, "hash-object", "-w", "-t", "commit", "--stdin", feed=commit)
    assert known.resolve_many(checkout, [prefix, "HEAD"]) == {prefix: None, "HEAD": head(checkout)}


def test_no_revisions_start_no_process(checkout, monkeypatch, tmp_path):
    notes = count_git_calls(monkeypatch, tmp_path)
    assert known.resolve_many(checkout, []) == {}
    assert git_calls(notes) == []


def test_ancestry_follows_history_and_includes_the_commit_itself(checkout):
    first, second = head(checkout), commit_file(checkout, "f", "1")
    assert known.is_ancestor(checkout, first, second)
    assert known.is_ancestor(checkout, second, second)
    assert not known.is_ancestor(checkout, second, first)


def test_the_merge_base_is_where_two_branches_left_each_other(checkout):
    start = head(checkout)
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    commit_file(lane, "f", "1")
    commit_file(checkout, "g", "1")
    assert known.merge_base(checkout, "master", "agent/B-ui") == start


def test_unrelated_histories_have_no_merge_base(checkout):
    _orphan(checkout)
    assert known.merge_base(checkout, "master", "orphan") is None


def test_ahead_and_behind_are_counted_from_the_base(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    for number in range(3):
        commit_file(lane, "f", str(number))
    commit_file(checkout, "g", "1")
    assert known.ahead_behind(checkout, "master", "agent/B-ui") == (3, 1)


QUESTIONS = [known.is_ancestor, known.merge_base, known.ahead_behind, known.changed_paths]


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("unknown", ["absent", "-v", "--output=stolen", "f" * 40, ""])
def test_an_unknown_revision_is_refused_by_name(checkout, question, unknown):
    for pair in ((unknown, "HEAD"), ("HEAD", unknown)):
        with pytest.raises(FairwayError, match=f"no commit {unknown!r}") as refusal:
            question(checkout, *pair)
        assert refusal.value.word == "not_found"
    assert sorted(os.listdir(checkout)) == [".git", "README.md"]


@pytest.mark.parametrize("question", QUESTIONS)
def test_outside_a_repository_git_is_quoted(tmp_path, question):
    with pytest.raises(FairwayError, match="not a git repository") as refusal:
        question(str(tmp_path), "HEAD", "HEAD")
    assert refusal.value.word == "git_unavailable"


@pytest.mark.parametrize(
    ("given", "has_origin", "name"),
    [("release/x", True, "release/x"), ("", True, "origin/master"), ("", False, "master")],
)
def test_the_base_is_the_given_one_else_the_remote_branch_else_the_local_one(checkout, given, has_origin, name):
    if has_origin:
        git(checkout, "update-ref", "refs/remotes/origin/master", "HEAD")
    assert known.base_ref(checkout, "master", given) == name


# --- changes ----------------------------------------------------------------------------------------------


def test_changed_paths_leave_out_what_only_the_base_changed(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    commit_file(lane, "mine", "1")
    commit_file(checkout, "theirs", "1")
    assert known.changed_paths(checkout, "master", "agent/B-ui") == ["mine"]


def test_both_names_of_a_rename_are_changed(checkout):
    git(checkout, "config", "diff.renames", "copies")
    start = head(checkout)
    git(checkout, "mv", "README.md", "READ.txt")
    git(checkout, "commit", "--quiet", "-m", "rename")
    assert known.changed_paths(checkout, start, "HEAD") == ["READ.txt", "README.md"]


def test_deleted_files_and_files_in_folders_are_changed(checkout):
    start = head(checkout)
    commit_file(checkout, "a/b/c", "1")
    git(checkout, "rm", "--quiet", "README.md")
    git(checkout, "commit", "--quiet", "-m", "remove")
    assert known.changed_paths(checkout, start, "HEAD") == ["README.md", "a/b/c"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_unusual_names_come_through_unchanged(checkout, name):
    start = head(checkout)
    commit_file(checkout, name, "1")
    assert known.changed_paths(checkout, start, "HEAD") == [os.fsdecode(name)]


def test_changes_between_unrelated_histories_are_refused(checkout):
    _orphan(checkout)
    with pytest.raises(FairwayError, match="share no history") as refusal:
        known.changed_paths(checkout, "master", "orphan")
    assert refusal.value.word == "git_inconsistent"


def _orphan(checkout: str) -> None:
    tree = git(checkout, "rev-parse", "HEAD^{tree}")
    git(checkout, "branch", "orphan", git(checkout, "commit-tree", "-m", "alone", tree))


# --- the name of a change ---------------------------------------------------------------------------------


def test_replacements_and_grafts_do_not_show_another_history(checkout):
    first = head(checkout)
    second = commit_file(checkout, "f", "a")
    git(checkout, "switch", "--quiet", "--orphan", "apart")
    apart = commit_file(checkout, "f", "a")
    git(checkout, "replace", "--graft", apart, second)
    os.makedirs(f"{checkout}/.git/info", exist_ok=True)
    with open(f"{checkout}/.git/info/grafts", "w", encoding="ascii") as file:
        file.write(f"{apart} {first}\n")
    assert not known.is_ancestor(checkout, first, apart)
    assert known.merge_base(checkout, second, apart) is None
    assert known.resolve(checkout, "apart") == apart


# --- status -----------------------------------------------------------------------------------------------


def test_a_clean_work_tree(checkout):
    assert status(checkout) == {
        "branch": "master",
        "head": head(checkout),
        "staged": 0,
        "unstaged": 0,
        "unmerged": 0,
        "untracked": 0,
        "dirty": False,
        "changed_files": [],
    }


def test_an_unstaged_change_is_not_taken_for_a_staged_one(checkout):
    write_file(checkout, "README.md", "changed")
    state = status(checkout)
    assert (state["staged"], state["unstaged"], state["changed_files"]) == (0, 1, ["README.md"])
    assert state["dirty"]


def test_staged_unstaged_and_untracked_files_are_counted_apart(checkout):
    write_file(checkout, "staged", "1")
    git(checkout, "add", "staged")
    write_file(checkout, "README.md", "changed")
    write_file(checkout, "new/one", "1")
    write_file(checkout, "new/two", "1")
    state = status(checkout)
    assert [state[key] for key in ("staged", "unstaged", "unmerged", "untracked")] == [1, 1, 0, 1]
    assert state["changed_files"] == ["README.md", "new/", "staged"]


def test_a_rename_names_both_files(checkout):
    git(checkout, "mv", "README.md", "with blank")
    state = status(checkout)
    assert (state["staged"], state["changed_files"]) == (1, ["README.md", "with blank"])


def test_an_unmerged_file_is_counted(checkout):
    lane = add_lane_worktrees(checkout, ["B-ui"])["B-ui"]
    commit_file(lane, "README.md", "theirs")
    commit_file(checkout, "README.md", "ours")
    with pytest.raises(AssertionError):
        git(checkout, "merge", "agent/B-ui")
    state = status(checkout)
    assert (state["unmerged"], state["changed_files"]) == (1, ["README.md"])


@pytest.mark.parametrize("name", ODD_NAMES)
@pytest.mark.parametrize("staged", [True, False])
def test_unusual_names_survive_in_the_status(checkout, name, staged):
    write_file(checkout, name, "1")
    if staged:
        git(checkout, "add", "--", name)
    assert status(checkout)["changed_files"] == [os.fsdecode(name)]


def test_the_status_sees_untracked_files_whatever_the_user_hides(checkout):
    git(checkout, "config", "status.showUntrackedFiles", "no")
    write_file(checkout, "new", "1")
    assert status(checkout)["untracked"] == 1


def test_a_detached_head_and_a_branch_without_commits(checkout, tmp_path):
    git(checkout, "switch", "--quiet", "--detach")
    assert (status(checkout)["branch"], status(checkout)["head"]) == (None, head(checkout))
    git(str(tmp_path), "init", "--quiet", "--initial-branch=first", "empty")
    state = status(str(tmp_path / "empty"))
    assert (state["branch"], state["head"]) == ("first", None)


def test_a_copy_carries_its_source_as_a_record_of_its_own():
    zero = "0" * 40
    copy = f"2 C. N... 100644 100644 100644 {zero} {zero} C100 b c"
    records = [f"# branch.oid {zero}", "# branch.head m", copy, "a", "? z", "! ignored", ""]
    assert parse_status("\0".join(records))["changed_files"] == ["a", "b c", "z"]


def test_a_bare_repository_has_no_status(checkout, tmp_path):
    git(checkout, "clone", "--quiet", "--bare", checkout, str(tmp_path / "bare.git"))
    with pytest.raises(FairwayError, match="work tree"):
        status(str(tmp_path / "bare.git"))


# --- shallow clones and what a repository would have us start ---------------------------------------------------


@pytest.fixture
def shallow(tmp_path) -> str:
    """A clone of depth 1 with two branches whose common commit was cut off."""
    origin = make_repository(tmp_path, "origin")
    git(origin, "switch", "--quiet", "--create", "agent/B-ui")
    commit_file(origin, "a.ts", "1\n")
    git(origin, "switch", "--quiet", "master")
    commit_file(origin, "b.go", "1\n")
    clone = str(tmp_path / "clone")
    git(str(tmp_path), "clone", "--quiet", "--depth=1", "--no-single-branch", f"file://{origin}", clone)
    return clone


def ask_across(place: str) -> dict[str, Callable[[], object]]:
    """What is asked of two revisions -> the asking."""
    ends = ("origin/master", "origin/agent/B-ui")
    return {
        "merge_base": lambda: known.merge_base(place, *ends),
        "is_ancestor": lambda: known.is_ancestor(place, *ends),
        "ahead_behind": lambda: known.ahead_behind(place, *ends),
        "changed_paths": lambda: known.changed_paths(place, *ends),
        "read_span": lambda: read_span(place, ends[1], ends[0]),
    }


@pytest.mark.parametrize("question", ["merge_base", "is_ancestor", "ahead_behind", "changed_paths", "read_span"])
def test_what_a_shallow_clone_cannot_tell_is_said_with_what_mends_it(shallow: str, question: str) -> None:
    with pytest.raises(FairwayError, match="this clone is shallow") as caught:
        ask_across(shallow)[question]()
    assert (caught.value.word, caught.value.hint) == ("git_inconsistent", "git fetch --unshallow")
    assert known.apart(shallow, "origin/master", "origin/agent/B-ui") == (None, None)
    git(shallow, "fetch", "--quiet", "--unshallow")
    assert ask_across(shallow)[question]() is not None


def test_a_shallow_clone_still_tells_what_does_not_hang_on_what_was_cut_off(shallow: str) -> None:
    git(shallow, "switch", "--quiet", "--create", "topic")
    commit_file(shallow, "c.ts", "1\n")
    assert known.ahead_behind(shallow, "origin/master", "topic") == (1, 0)
    assert known.is_ancestor(shallow, "origin/master", "topic")
    assert not known.is_ancestor(shallow, "topic", "origin/master")


def test_looking_at_a_work_tree_starts_no_program_of_the_repository(tmp_path) -> None:
    place = make_repository(tmp_path, "hostile")
    started = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho >> '{started}'\n")
    program.chmod(0o755)
    git(place, "config", "core.fsmonitor", str(program))
    git(place, "config", "core.hooksPath", str(tmp_path))
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman"):
        (tmp_path / hook).symlink_to(program)
    status(place)
    known.resolve(place, "HEAD")
    known.changed_paths(place, "HEAD", "HEAD")
    assert not started.exists()
