"""The state of one work tree: what is checked out and what is not committed."""

from __future__ import annotations

import os

from fairway_scripts.workspace.git import ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

#: Blanks before the path in each kind of record of `git status --porcelain=v2`.
_FIELDS_BEFORE_PATH = {"1": 8, "2": 9, "u": 10, "?": 1}


def status(worktree: str) -> dict[str, Any]:
    """The state of the work tree at `worktree`, from one git process that writes nothing.

    `{branch, head, dirty, staged, unstaged, unmerged, untracked, changed_files}`: `branch` is None when detached,
    `head` the full id or None before the first commit, the four numbers count files, `changed_files` holds every
    such path once, sorted, a rename with both its names. An untracked folder counts as one file and ends in `/`.
    """
    out = ask(
        worktree,
        "status",
        "--porcelain=v2",
        "--branch",
        "-z",
        "--untracked-files=normal",
        "--no-ahead-behind",
    )
    return parse_status(os.fsdecode(out))


def head_and_dirty(worktree: str) -> tuple[str | None, bool]:
    """The commit checked out in `worktree` (None before the first one) and whether anything is not committed."""
    state = status(worktree)
    return state["head"], state["dirty"]


def parse_status(text: str) -> dict[str, Any]:
    """The answer of `status` from the NUL-separated porcelain v2 text with branch headers."""
    state: dict[str, Any] = {"branch": None, "head": None, "staged": 0, "unstaged": 0, "unmerged": 0, "untracked": 0}
    paths: set[str] = set()
    records = iter(text.split("\0"))
    for record in records:
        kind = record[:1]
        if kind == "#":
            _read_header(state, record)
        elif kind in _FIELDS_BEFORE_PATH:
            _count(state, record)
            paths.update(_paths(record, records))
    return {**state, "dirty": bool(paths), "changed_files": sorted(paths)}


def _read_header(state: dict[str, Any], record: str) -> None:
    _, name, value = record.split(" ", 2)
    if name == "branch.oid" and value != "(initial)":
        state["head"] = value
    elif name == "branch.head" and value != "(detached)":
        state["branch"] = value


def _count(state: dict[str, Any], record: str) -> None:
    if record[0] == "?":
        state["untracked"] += 1
    elif record[0] == "u":
        state["unmerged"] += 1
    else:
        state["staged"] += record[2] != "."
        state["unstaged"] += record[3] != "."


def _paths(record: str, following: Iterator[str]) -> list[str]:
    path = record.split(" ", _FIELDS_BEFORE_PATH[record[0]])[-1]
    # a rename carries the old path as a record of its own
    return [path, next(following)] if record[0] == "2" else [path]
