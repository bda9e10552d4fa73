"""What was tested: the commit that a command ran on, and whether its work tree was just that commit."""

from __future__ import annotations

from fairway_scripts.git.git_status import status, untracked_below

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    from fairway_scripts.git.git_status import Counting

    class TreeTested(TypedDict):
        """What a command in a work tree tested, see `commit_tested`."""

        commit_sha: str | None
        branch: str | None
        tree_dirty: bool

    class Uncommitted(TypedDict):
        """What lies in a work tree and in no commit, see `uncommitted`."""

        head: str | None
        changed_files: list[str]


def commit_tested(worktree: str, counting: Counting | None = None) -> TreeTested:
    """`{commit_sha, branch, tree_dirty}` of a work tree: commit None before the first one, branch None when detached.

    What lies in it and in no commit makes it dirty; `counting` and git processes: see `git_status.status`.
    """
    state = status(worktree, counting)
    return {"commit_sha": state["head"], "branch": state["branch"], "tree_dirty": state["dirty"]}


def uncommitted(worktree: str, counting: Counting | None = None) -> Uncommitted:
    """`{head, changed_files}` of a work tree, every untracked file by itself where git names its folder as a whole.

    One git process, and one more for each untracked folder.
    """
    state = status(worktree, counting)
    files: list[str] = []
    for path in state["changed_files"]:
        files += untracked_below(worktree, path) if path.endswith("/") else [path]
    return {"head": state["head"], "changed_files": files}
