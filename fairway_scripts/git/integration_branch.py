"""Which branch of a repository the work comes together on, as far as git tells."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import paths
from fairway_scripts.git import references
from fairway_scripts.programs.spawn import run_quick

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository

#: What integration branches are called, the most usual name first.
USUAL = ("main", "master", "trunk")


def integration_branch(repository: Repository, usual: str) -> str:
    """The integration branch of a repository: what its remote says, else a branch of a usual name, else what is out.

    A branch without a commit counts: the one on which a new repository begins. `usual` is the answer where nothing
    tells, and where a branch of that name is there and another is not checked out in its place.
    """
    code, out, _err = run_quick(["git", "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD"], repository.common_dir)
    remote = os.fsdecode(out).strip().removeprefix("refs/remotes/origin/") if code == 0 else ""
    if remote:
        return remote
    here = _checked_out(repository)
    if here in USUAL:
        return here
    there = [name for name in (usual, *USUAL) if references.read_ref(repository, f"refs/heads/{name}")]
    return there[0] if there else here or usual


def _checked_out(repository: Repository) -> str:
    """The branch of the main checkout (of a bare repository: the one it begins with), "" when detached."""
    if repository.main_worktree is None:
        return paths.head_branch(repository.common_dir) or ""
    return next((entry["branch"] or "" for entry in references.worktrees(repository) if entry["main"]), "")
