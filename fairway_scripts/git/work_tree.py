"""What a command did to a checkout: the files of the work tree before and after it."""

from __future__ import annotations

import os
from typing import NamedTuple, TypedDict

from fairway_scripts.base import digest
from fairway_scripts.git.git import ask, resolve
from fairway_scripts.git.git_status import TRUE_STATUS, of_work_tree
from fairway_scripts.git.index_flags import hidden_changes


class ChangedFile(TypedDict):
    """A file with the sha256 that it had before and has after, "" where it was or is none."""

    path: str
    before: str
    after: str


class TreeState(NamedTuple):
    """The commit that is checked out ("" before the first), and the sha256 of each file that differs from it."""

    commit: str
    files: dict[str, str]


def tree_state(worktree: str) -> TreeState:
    """How a work tree stands; a file that is gone has the sha256 "". Ignored files do not count."""
    commit = resolve(worktree, "HEAD") or ""
    words = ("status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames", "--ignore-submodules=none")
    names = [
        os.fsdecode(entry[3:])
        for entry in ask(worktree, *of_work_tree(worktree), *TRUE_STATUS, *words).split(b"\0")
        if entry
    ]
    names += [name for name in hidden_changes(worktree) if name not in names]
    return TreeState(commit, {name: _sha256(worktree, name) for name in names})


def changed_files(worktree: str, before: TreeState, after: TreeState, but: str = "") -> list[ChangedFile]:
    """The files that changed between two states, as `{path, before, after}` of sha256 ("" for no file), by path.

    Committed changes count too. `but` is an absolute path that is left out.
    """
    names = {*before.files, *after.files}
    if before.commit and after.commit and before.commit != after.commit:
        out = ask(worktree, "diff-tree", "-r", "--name-only", "-z", "--no-renames", before.commit, after.commit)
        names |= {os.fsdecode(entry) for entry in out.split(b"\0") if entry}
    found: list[ChangedFile] = []
    for name in sorted(names):
        if but and os.path.realpath(os.path.join(worktree, name)) == os.path.realpath(but):
            continue
        old, new = (_of(worktree, state, name) for state in (before, after))
        if old != new:
            found.append({"path": name, "before": old, "after": new})
    return found


def _of(worktree: str, state: TreeState, name: str) -> str:
    """The sha256 of a file in a state: of the work tree where it differed from the commit, else of the commit."""
    if name in state.files:
        return state.files[name]
    listed = ask(worktree, "ls-tree", "-z", "--full-tree", state.commit, "--", name) if state.commit else b""
    if not listed:
        return ""
    return digest.of_bytes(ask(worktree, "cat-file", "--filters", f"{state.commit}:{name}"))


def _sha256(worktree: str, name: str) -> str:
    path = os.path.join(worktree, name)
    if os.path.islink(path):
        return digest.of_bytes(os.fsencode(os.readlink(path)))
    return digest.of_file(path) if os.path.isfile(path) else ""
