"""Whether a verdict that was given on one commit speaks for another one, and what has changed when it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.git.change_coverage import changed_entries, differing_paths, same_tree
from fairway_scripts.git.git import is_ancestor, resolve_many
from fairway_scripts.work.preflight import file_list

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import Covers

SAME_COMMIT, SAME_CONTENTS, REBASED = "commit", "contents", "rebase"


def coverage(project: Project, read: tuple[str, str], now: tuple[str, str]) -> Covers:
    """What a verdict on the change `read` says about the change `now`, each as (its merge base, its commit): full ids.

    Gives `{covers, how, why, paths}`. `how` is `commit` (it was read itself,
    from the merge base of now or an earlier one), `contents` (the same contents on the same base: only messages or
    the number of commits differ) or `rebase` (the same edits on another base); it is "" when the verdict is stale:
    then `why` says so in words and `paths` names the files that were not read as they are now. A verdict whose base
    was never known speaks for its own commit, and for the same contents on a base that its commit has. Raises
    FairwayError `git_unavailable`.

    Git processes: none for this very commit, else those of `git.change_coverage`, and one more.
    """
    if read[1] == now[1] and read[0] in ("", now[0]):
        return _covers(SAME_COMMIT)
    needed = [commit for commit in (*read, *now) if commit]
    gone = [commit for commit, found in resolve_many(project.worktree, needed).items() if found is None]
    if not read[1] or gone:
        lost = f"git has forgotten {gone[0][:12]}" if gone else "it names no commit"
        return _stale(f"{lost}, so what was read cannot be compared", [])
    if read[1] == now[1]:
        if is_ancestor(project.worktree, read[0], now[0]):
            return _covers(SAME_COMMIT)  # what was read has been merged in part
        return _stale(f"it was read from {read[0][:12]} on, not what lies before", [])
    if not read[0]:
        if same_tree(project.worktree, read[1], now):
            return _covers(SAME_CONTENTS)
        return _stale("it is not known against which base it was read, and the contents are others", [])
    paths = differing_paths(project.worktree, read, now)
    if paths:
        return _stale(f"not read as it is now: {file_list(paths, len(paths))}", paths)
    if read[0] == now[0]:
        return _covers(SAME_CONTENTS)
    if changed_entries(project.worktree, *now):
        return _covers(REBASED)
    return _stale("what was read changes nothing, which says nothing about another base", [])


def is_same_change(project: Project, one: tuple[str, str], other: tuple[str, str]) -> bool:
    """Whether two changes, each (the commit that it starts from, its last commit), are the same; see `coverage`."""
    return coverage(project, one, other)["covers"]


def _covers(how: str) -> Covers:
    return {"covers": True, "how": how, "why": "", "paths": []}


def _stale(why: str, paths: list[str]) -> Covers:
    return {"covers": False, "how": "", "why": why, "paths": paths}
