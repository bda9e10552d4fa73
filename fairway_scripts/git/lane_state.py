"""The facts about one lane that the checks before a claim need, with at most two git processes."""

from __future__ import annotations

import os
import time

from fairway_scripts.base import settings as choices
from fairway_scripts.git.git import apart, base_ref, is_taken_in, resolve
from fairway_scripts.git.git_status import status
from fairway_scripts.git.references import read_ref, worktrees

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    from fairway_scripts.base.git_folder import Worktree
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.git.git_status import Counting

    class LanePlace(TypedDict):
        """Where the worktree of a lane is, or belongs."""

        path: str
        exists: bool

    class LaneFacts(LanePlace):
        """Where a lane stands, see `lane_facts`."""

        lane: str
        branch: str | None
        expected_branch: str
        dirty: bool
        changed_count: int
        changed_files: list[str]
        head: str | None
        base: str
        base_head: str | None
        ahead: int | None
        behind: int | None
        contains_base: bool


_SHOWN_FILES = 10
#: How long a look at a lane holds, in seconds, and what was seen when.
_holds = {"seconds": 0.0}
_looks: dict[tuple[object, ...], tuple[float, LaneFacts]] = {}


def hold_looks(seconds: float) -> None:
    """Let a look of `lane_facts` hold for so long in this process; by default every call looks."""
    _holds["seconds"] = seconds


def lane_facts(
    repo: Repository,
    settings: Settings,
    lane: str,
    worktree_root: str = "",
    base: str = "",
    counting: Counting | None = None,
    listed: list[Worktree] | None = None,
) -> LaneFacts:
    """Where lane `lane` stands: a JSON-ready dict that `preflight.preflight_issues` judges.

    `worktree_root` overrides `worktrees.root`, `base` the integration branch; `listed` has the worktrees where they
    were listed already; `counting` says which untracked files count (`git_status.status`). Keys: `lane`, `path`,
    `exists`, `branch` (None when detached), `expected_branch`, `dirty`, `changed_count`, `changed_files` (the first
    ten), `head`, `base`, `base_head` (None when there is no such revision), `ahead`, `behind` (numbers of commits, None
    when unknown), `contains_base`. Processes: `git status`, and `git rev-list` only when the lane is not at the tip
    of its base.
    """
    key = (repo.common_dir, lane, worktree_root, base, counting is not None)
    known = _looks.get(key) if _holds["seconds"] else None
    if known and time.monotonic() - known[0] < _holds["seconds"]:
        return known[1]
    facts = _look(repo, settings, lane_worktree(repo, settings, lane, worktree_root, listed), lane, base, counting)
    if _holds["seconds"]:
        _looks[key] = (time.monotonic(), facts)
    return facts


def _look(
    repo: Repository, settings: Settings, entry: LanePlace, lane: str, base: str, counting: Counting | None
) -> LaneFacts:
    base = base_ref(repo.common_dir, settings["fairway"]["main_branch"], base)
    facts: LaneFacts = {
        "lane": lane,
        "path": entry["path"],
        "exists": entry["exists"],
        "branch": None,
        "expected_branch": choices.lane_branch(settings, lane),
        "dirty": False,
        "changed_count": 0,
        "changed_files": [],
        "head": None,
        "base": base,
        "base_head": _tip(repo, base),
        "ahead": None,
        "behind": None,
        "contains_base": False,
    }
    if not entry["exists"]:
        return facts
    state = status(entry["path"], counting)
    facts["branch"], facts["head"], facts["dirty"] = state["branch"], state["head"], state["dirty"]
    facts["changed_count"] = len(state["changed_files"])
    facts["changed_files"] = state["changed_files"][:_SHOWN_FILES]
    if facts["head"] is None or facts["base_head"] is None:
        return facts
    if facts["head"] == facts["base_head"]:
        facts["ahead"], facts["behind"] = 0, 0
    else:
        facts["ahead"], facts["behind"] = apart(repo.common_dir, facts["base_head"], facts["head"])
    facts["contains_base"] = facts["behind"] == 0
    return facts


def has_branch(repo: Repository, facts: LaneFacts) -> bool:
    """Whether the branch of a lane is there; looked up only where the lane's worktree is on another one."""
    expected = facts["expected_branch"]
    return facts["branch"] == expected or read_ref(repo, f"refs/heads/{expected}") is not None


def is_merged(repo: Repository, facts: LaneFacts) -> bool:
    """Whether the base has all that a lane changed, under other commits: one process, where both have some.

    While the lane's worktree is on another branch nothing is asked: that is left first.
    """
    head, base = facts["head"], facts["base_head"]
    both = bool(facts["ahead"] and facts["behind"] and head and base and facts["branch"] == facts["expected_branch"])
    return both and is_taken_in(repo.common_dir, str(base), str(head))


def lane_worktree(
    repo: Repository,
    settings: Settings,
    lane: str,
    worktree_root: str = "",
    listed: list[Worktree] | None = None,
) -> LanePlace:
    """The worktree of a lane as `{path, exists}`, of those that were `listed` where that was done already.

    It is the worktree at the configured path; failing that, the one that has the lane's branch checked out
    wherever it lies; failing both, the configured path, which then does not exist.
    """
    main = repo.main_worktree or repo.common_dir
    path = os.path.realpath(choices.worktree_path(settings, lane, main, worktree_root))
    branch = choices.lane_branch(settings, lane)
    present = [entry for entry in listed or worktrees(repo) if os.path.exists(os.path.join(entry["path"], ".git"))]
    here = next((entry for entry in present if entry["path"] == path), None)
    entry = here or next((entry for entry in present if entry["branch"] == branch), None)
    return {"path": entry["path"] if entry else path, "exists": entry is not None}


def _tip(repo: Repository, revision: str) -> str | None:
    """The commit of a revision, from git's files when it is a branch: git is asked only about anything else."""
    for prefix in ("refs/heads/", "refs/remotes/"):
        commit = read_ref(repo, prefix + revision)
        if commit is not None:
            return commit
    return resolve(repo.common_dir, revision)
