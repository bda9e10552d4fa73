"""The remotes of a repository and their branches, as they were when they were fetched last."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.git.git import ask
from fairway_scripts.programs.spawn import run_quick

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository

_REMOTES = "refs/remotes/"


def remotes(repo: Repository) -> list[str]:
    """The names of the remotes, sorted. Raises FairwayError `git_unavailable`."""
    return sorted(filter(None, os.fsdecode(ask(repo.common_dir, "remote")).split("\n")))


def remote_branches(repo: Repository, names: list[str]) -> dict[str, dict[str, str]]:
    """The branches that each remote had when it was fetched last, with their heads: `{remote: {branch: commit}}`.

    A remote whose branches were never fetched is left out. Raises FairwayError `git_unavailable`.
    """
    out = ask(repo.common_dir, "for-each-ref", "--format=%(objectname) %(symref) %(refname)", _REMOTES)
    found: dict[str, dict[str, str]] = {}
    longest_first = sorted(names, key=len, reverse=True)  # a remote may be called `team/one` beside `team`
    for line in filter(None, os.fsdecode(out).split("\n")):
        sha, symbolic, reference = line.split(" ", 2)
        name = reference.removeprefix(_REMOTES)
        remote = next((each for each in longest_first if name.startswith(f"{each}/")), "")
        if remote and not symbolic:
            found.setdefault(remote, {})[name.removeprefix(f"{remote}/")] = sha
    return found


def check_branch_name(place: str, branch: str) -> None:
    """Raises FairwayError `usage` for a name that git takes for no branch."""
    code, _out, _err = run_quick(["git", "check-ref-format", "--branch", branch], place)
    if code or branch.startswith("-") or "@{" in branch:
        hint = suggest_program("git", "branch", "--list")
        raise FairwayError("usage", f"BRANCH {branch!r} is no name of a branch", hint)
