"""Whether a lane's worktree is fit to start work in: the checks before a claim (GPUaaS `agent_preflight.sh`)."""

from __future__ import annotations

from fairway_scripts.base.errors import suggest, suggest_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    from fairway_scripts.git.lane_state import LaneFacts

    class Issue(TypedDict):
        """What speaks against starting work in a lane; `fix` is a command line."""

        check: str
        level: str
        message: str
        fix: str


ERROR = "error"
WARNING = "warning"

_NAMED_FILES = 3


def preflight_issues(facts: LaneFacts, *, has_branch: bool, merged: bool) -> list[Issue]:
    """What speaks against starting work in a lane, given the facts of `lane_state.lane_facts`.

    Each issue is `{check, level, message, fix}`; only level `error` stands in the way. `fix` is a command line.
    `has_branch` says whether the lane's branch is there (`lane_state.has_branch`), `merged` whether the base
    has all that it changed (`lane_state.is_merged`).
    Checks: `worktree_missing` (a warning: work may be done elsewhere), `wrong_branch`, `uncommitted_changes`,
    `base_missing`, `outdated_base`.
    """
    if not facts["exists"]:
        return [_worktree_missing(facts)]
    found = [_wrong_branch(facts, has_branch=has_branch), _uncommitted_changes(facts), _base(facts, merged=merged)]
    return [issue for issue in found if issue is not None]


def update_command(path: str, base: str, *, diverged: bool, merged: bool) -> str:
    """The command that brings the worktree at `path` up to `base`: fast-forward, or rebase when it has own commits.

    Those that are `merged` under another commit (a squash) would conflict with it: the branch begins at the base again.
    """
    verb = ["reset", "--keep"] if merged else ["rebase"] if diverged else ["merge", "--ff-only"]
    return suggest_program("git", "-C", path, *verb, base)


def switch_command(path: str, branch: str, base: str, *, has_branch: bool) -> str:
    """The command that puts the worktree at `path` on `branch`, which begins at `base` where it is not there yet."""
    how = [branch] if has_branch else ["-c", branch, base]
    return suggest_program("git", "-C", path, "switch", *how)


def commit_command(path: str) -> str:
    """How what lies uncommitted in the worktree at `path` is kept, as a sentence: the reader chooses."""
    return f"commit what belongs to the work in {path}, and stash or remove the rest"


def file_list(paths: list[str], count: int) -> str:
    """The first few of `count` paths, saying how many more there are; unprintable characters are escaped."""
    shown = [path if path.isprintable() else ascii(path) for path in paths[:_NAMED_FILES]]
    more = count - len(shown)
    return ", ".join(shown) + (f" and {more} more" if more > 0 else "")


def _issue(check: str, level: str, message: str, fix: str) -> Issue:
    return {"check": check, "level": level, "message": message, "fix": fix}


def _worktree_missing(facts: LaneFacts) -> Issue:
    message = f"lane {facts['lane']} has no worktree at {facts['path']}"
    return _issue("worktree_missing", WARNING, message, suggest("worktree-setup", ROLE=facts["lane"]))


def _wrong_branch(facts: LaneFacts, *, has_branch: bool) -> Issue | None:
    path, branch, expected = facts["path"], facts["branch"], facts["expected_branch"]
    if branch == expected:
        return None
    where = f"is on branch {branch}" if branch else "is on no branch (detached)"
    fix = switch_command(path, expected, facts["base"], has_branch=has_branch)
    return _issue("wrong_branch", ERROR, f"{path} {where}, lane {facts['lane']} works on {expected}", fix)


def _uncommitted_changes(facts: LaneFacts) -> Issue | None:
    if not facts["dirty"]:
        return None
    files = file_list(facts["changed_files"], facts["changed_count"])
    message = f"{facts['path']} has uncommitted changes: {files}"
    return _issue("uncommitted_changes", ERROR, message, commit_command(facts["path"]))


def _base(facts: LaneFacts, *, merged: bool) -> Issue | None:
    """Not based on its base and behind it are one fact, so they are one issue."""
    path, base = facts["path"], facts["base"]
    if facts["base_head"] is None:
        return _issue(
            "base_missing",
            ERROR,
            f"git knows no {base} to compare {path} with",
            suggest_program("git", "fetch", "origin"),
        )
    if facts["contains_base"]:
        return None
    behind, ahead = facts["behind"], facts["ahead"]
    commits = "commit" if behind == 1 else "commits"
    message = f"{path} lacks {behind} {commits} of {base}" if behind else f"{path} is not based on {base}"
    return _issue("outdated_base", ERROR, message, update_command(path, base, diverged=bool(ahead), merged=merged))
