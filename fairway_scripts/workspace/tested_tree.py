"""What was tested: the commit that a command ran on, and whether its work tree was just that commit."""

from __future__ import annotations

import os

from fairway_scripts.workspace.git import ask
from fairway_scripts.workspace.git_status import status

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def commit_tested(worktree: str, artifact: str = "") -> dict[str, Any]:
    """`{commit_sha, branch, tree_dirty}` of a work tree: commit None before the first one, branch None when detached.

    `artifact`, relative to the top of the work tree, is what the tested command wrote: by itself it makes no tree
    dirty; any other uncommitted or untracked file does. One git process; a second when the artifact lies in an
    untracked folder, which git names only as a whole.
    """
    state = status(worktree)
    changed = [path for path in state["changed_files"] if path != artifact]
    if len(changed) == 1 and changed[0].endswith("/") and artifact.startswith(changed[0]):
        changed = [path for path in _untracked_below(worktree, changed[0]) if path != artifact]
    return {"commit_sha": state["head"], "branch": state["branch"], "tree_dirty": bool(changed)}


def uncommitted(worktree: str) -> dict[str, Any]:
    """`{head, changed_files}` of a work tree, every untracked file by itself where git names its folder as a whole.

    One git process, and one more for each untracked folder.
    """
    state = status(worktree)
    files: list[str] = []
    for path in state["changed_files"]:
        files += _untracked_below(worktree, path) if path.endswith("/") else [path]
    return {"head": state["head"], "changed_files": files}


def _untracked_below(worktree: str, folder: str) -> list[str]:
    out = ask(worktree, "ls-files", "--others", "--exclude-standard", "-z", "--", f":(top,literal){folder}")
    return [os.fsdecode(path) for path in out.split(b"\0") if path]
