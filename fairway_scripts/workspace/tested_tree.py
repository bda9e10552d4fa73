"""What was tested: the commit that a command ran on, and whether its work tree was just that commit."""

from __future__ import annotations

import os

from fairway_scripts.rules.evidence import changed_besides, holder_of
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
    changed = changed_besides(state["changed_files"], artifact)
    folder = holder_of(changed, artifact) if artifact else ""
    if folder and len(changed) == 1:
        listing = ask(worktree, "ls-files", "--others", "--exclude-standard", "-z", "--", f":(literal,top){folder}")
        changed = changed_besides((os.fsdecode(path) for path in listing.split(b"\0") if path), artifact)
    return {"commit_sha": state["head"], "branch": state["branch"], "tree_dirty": bool(changed)}
