"""The state of one work tree: what is checked out and what is not committed."""

from __future__ import annotations

import os

from fairway_scripts.git.git import ask
from fairway_scripts.git.index_flags import has_modes, hidden_changes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypedDict

    #: Of some untracked files those that count.
    Counting = Callable[[list[str]], list[str]]

    class TreeState(TypedDict):
        """The state of a work tree, see `status`."""

        branch: str | None
        head: str | None
        dirty: bool
        staged: int
        unstaged: int
        unmerged: int
        untracked: int
        changed_files: list[str]

    class Parsed(TreeState):
        """What git says, with the files that it does not track, and whether a file's right to be run is another."""

        untracked_files: list[str]
        modes_alone: bool


#: Blanks before the path in each kind of record of `git status --porcelain=v2`.
_FIELDS_BEFORE_PATH = {"1": 8, "2": 9, "u": 10, "?": 1}

#: What people set so that `git status` is quick or quiet decides nothing here, nor inside a submodule (git hands these
#: on). fileMode is looked at unless the file system keeps no modes.
TRUE_STATUS = tuple(
    word
    for setting in (
        "status.showUntrackedFiles=normal",
        "core.fileMode=true",
        "core.fsmonitor=false",
        "core.trustctime=true",
        "core.checkStat=default",
        "diff.ignoreSubmodules=none",
    )
    for word in ("-c", setting)
)
_LIES_ABOUT_MODES = ("-c", "core.fileMode=false")


def status(worktree: str, counting: Counting | None = None, read: Parsed | None = None) -> TreeState:
    """The state of the work tree at `worktree`, whatever git's settings and the marks of its index say.

    `{branch, head, dirty, staged, unstaged, unmerged, untracked, changed_files}`: `branch` is None when detached,
    `head` the full id or None before the first commit, the four numbers count files, `changed_files` holds every
    such path once, sorted, a rename with both its names. An untracked folder counts as one file and ends in `/`.
    Of untracked files only those count that `counting` gives back: one that is not committed but was written by
    what was run, such as an artifact. A file that git tracks always counts. `read` is what `read_state` gave already.

    One git process that writes nothing; one more for each untracked folder with `counting`, and those of
    `index_flags.hidden_changes`.
    """
    state = read or read_state(worktree)
    files, untracked = state["changed_files"], state["untracked_files"]
    hidden = [path for path in hidden_changes(worktree) if path not in files]
    if counting is not None and untracked:
        files, untracked = _without_aside(worktree, files, untracked, counting)
    files = sorted({*files, *hidden})
    return {
        "branch": state["branch"],
        "head": state["head"],
        "dirty": bool(files),
        "staged": state["staged"],
        "unstaged": state["unstaged"] + len(hidden),
        "unmerged": state["unmerged"],
        "untracked": len(untracked),
        "changed_files": files,
    }


def of_work_tree(worktree: str) -> tuple[str, ...]:
    """The words by which git looks at this work tree, whatever core.worktree says; none for what is no work tree."""
    return ("--work-tree", worktree) if os.path.lexists(os.path.join(worktree, ".git")) else ()


def untracked_below(worktree: str, folder: str) -> list[str]:
    """The untracked files below an untracked folder (which ends in `/`), as git lists them."""
    out = ask(
        worktree,
        *of_work_tree(worktree),
        "ls-files",
        "--others",
        "--exclude-standard",
        "-z",
        "--",
        f":(top,literal){folder}",
    )
    return [os.fsdecode(path) for path in out.split(b"\0") if path]


def read_state(worktree: str) -> Parsed:
    """What `git status` says of a work tree, asked again where its file system keeps no modes."""
    words = ("status", "--porcelain=v2", "--branch", "-z", "--untracked-files=normal", "--no-ahead-behind")
    here = of_work_tree(worktree)
    out = ask(worktree, *here, *TRUE_STATUS, *words, "--ignore-submodules=none")
    state = parse_status(os.fsdecode(out))
    if state["modes_alone"] and not has_modes(worktree):
        out = ask(worktree, *here, *TRUE_STATUS, *_LIES_ABOUT_MODES, *words, "--ignore-submodules=none")
        return parse_status(os.fsdecode(out))
    return state


def _without_aside(
    worktree: str, changed: list[str], untracked: list[str], counting: Counting
) -> tuple[list[str], list[str]]:
    """The changed files without the untracked ones that do not count, and the untracked ones that do."""
    counted = []
    for path in untracked:
        files = untracked_below(worktree, path) if path.endswith("/") else [path]
        kept = counting(files)
        counted += [path] if len(kept) == len(files) else kept
    return sorted({*changed} - {*untracked} | {*counted}), counted


def parse_status(text: str) -> Parsed:
    """What git says of a work tree, from the NUL-separated porcelain v2 text with branch headers."""
    state: Parsed = {
        "branch": None,
        "head": None,
        "dirty": False,
        "staged": 0,
        "unstaged": 0,
        "unmerged": 0,
        "untracked": 0,
        "changed_files": [],
        "untracked_files": [],
        "modes_alone": False,
    }
    paths: set[str] = set()
    records = iter(text.split("\0"))
    for record in records:
        kind = record[:1]
        if kind == "#":
            _read_header(state, record)
        elif kind in _FIELDS_BEFORE_PATH:
            _count(state, record)
            found = _paths(record, records)
            paths.update(found)
            state["untracked_files"] += found if kind == "?" else []
            state["modes_alone"] = state["modes_alone"] or (kind in "12" and _changes_mode(record))
    state["dirty"], state["changed_files"] = bool(paths), sorted(paths)
    return state


def _changes_mode(record: str) -> bool:
    """Whether a record says that a file in the work tree is one to run and the index says it is none, or reversed."""
    modes = record.split(" ", 6)[4:6]  # of the index, of the work tree
    return modes[0] != modes[1] and {*modes} == {"100644", "100755"}


def _read_header(state: Parsed, record: str) -> None:
    _, name, value = record.split(" ", 2)
    if name == "branch.oid" and value != "(initial)":
        state["head"] = value
    elif name == "branch.head" and value != "(detached)":
        state["branch"] = value


def _count(state: Parsed, record: str) -> None:
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
