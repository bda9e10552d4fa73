"""The few things that the suite writes to a repository: worktrees, and the branches that lanes and reviews stand on.

Nothing here is ever forced: where git refuses, the refusal is the answer. Two `git worktree add` at a time lose races
on git's own lock files, so every write happens inside `repository_lock`, and none sets up tracking, which is what
would make git rewrite the shared configuration file.
"""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.base.paths import find_repository
from fairway_scripts.git.git import ask
from fairway_scripts.programs.spawn import run_quick

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.base.paths import Repository

#: The lock that writers of one repository share, below its common directory.
LOCK = os.path.join("fairway", "worktrees.lock")
#: The file in a worktree's own git directory that says who made it. git deletes it together with the worktree, so a
#: worktree that somebody makes later at the same path is never taken for ours.
MARK = "fairway-lane"
#: What git leaves in a git directory while something is half done there.
_HALF_DONE = {
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase or an am",
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "BISECT_LOG": "a bisect",
}
_NO_COMMIT = "0" * 40


@contextmanager
def repository_lock(repo: Repository) -> Iterator[None]:
    """Keep every other writer of the repository waiting until the block ends; freed even when the process is killed.

    Raises FairwayError `file_unavailable` when the lock file cannot be made.
    """
    path = os.path.join(repo.common_dir, LOCK)
    try:
        make_folder(os.path.dirname(path))
        lock = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        share(path)
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path}: cannot be made: {problem.strerror}", path=path) from problem
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def add_worktree(repo: Repository, path: str, branch: str, start: str = "") -> str:
    """Make a worktree at `path` on `branch`; with `start` (a revision) the branch is made there.

    Returns "" or what went wrong after the worktree was complete (a post-checkout hook that failed). Raises
    FairwayError `git_unavailable` with what git said when there is no worktree.
    """
    words = ["--no-track", "-b", branch, "--", path, start] if start else ["--", path, branch]
    argv = ["git", "worktree", "add", "--quiet", *words]
    code, _, err = run_quick(argv, _place(repo))
    said = os.fsdecode(err).strip()
    if code and not os.path.exists(os.path.join(path, ".git")):
        raise FairwayError(
            "git_unavailable",
            f"`{' '.join(argv[:4])}` failed for {path}: {_last_line(said) or f'exit code {code}'}",
            suggest_program("git", "-C", _place(repo), "worktree", "list"),
            path=path,
        )
    return f"made {path}, but its post-checkout hook ended with {code}: {_last_line(said)}" if code else ""


def mark_worktree(path: str, text: str) -> None:
    """Write down in the git directory of the worktree at `path` who made it."""
    repo = find_repository(path)
    if repo is not None:
        with open(os.path.join(repo.git_dir, MARK), "w", encoding="utf-8") as file:
            file.write(text)


def remove_worktree(repo: Repository, path: str) -> None:
    """Remove a worktree as far as git agrees to it. Raises FairwayError `git_unavailable` with git's reason."""
    ask(_place(repo), "worktree", "remove", "--", path)


def half_done(git_dir: str) -> str:
    """What is in the middle of happening in the worktree of `git_dir` (`a rebase`), "" for nothing."""
    return next((what for name, what in _HALF_DONE.items() if os.path.exists(os.path.join(git_dir, name))), "")


def held_by_git(repo: Repository, path: str) -> list[str]:
    """What git keeps of a worktree whose folder is not at `path` any more, which goes when it is given up.

    A staged change, an operation that is under way, a commit that is checked out without a branch; [] for nothing.
    """
    git_dir = _git_dir_of(repo, path)
    if not git_dir:
        return []
    found = [what] if (what := half_done(git_dir)) else []
    # without a work tree: the index against the commit that was checked out
    there = ["git", f"--git-dir={git_dir}"]
    code = run_quick([*there, "diff-index", "--cached", "--quiet", "HEAD", "--"], repo.common_dir)[0]
    if code:
        found.append("a staged change" if code == 1 else "an index that cannot be read")
    if run_quick([*there, "symbolic-ref", "--quiet", "HEAD"], repo.common_dir)[0]:
        found.append("a commit on no branch")
    return found


def _git_dir_of(repo: Repository, path: str) -> str:
    """The git directory of the worktree that is remembered at `path`, "" when there is none."""
    registry = os.path.join(repo.common_dir, "worktrees")
    for name in os.listdir(registry) if os.path.isdir(registry) else []:
        git_dir = os.path.join(registry, name)
        try:
            with open(os.path.join(git_dir, "gitdir"), "rb") as file:
                pointer = os.fsdecode(file.read()).rstrip("\r\n")
        except OSError:
            continue
        if os.path.realpath(os.path.dirname(os.path.join(git_dir, pointer))) == path:
            return git_dir
    return ""


def check_out_branch(worktree: str, branch: str, commit: str, before: str | None, reason: str) -> None:
    """Put `branch` on `commit` and check it out in the clean work tree at `worktree`.

    `before` is the commit that the branch is known to be on, None when it does not exist: when it has moved since,
    it stays where it is and the work tree goes back. `reason` goes into the reflog. Raises FairwayError
    `git_unavailable` with what git said.
    """
    earlier = os.fsdecode(ask(worktree, "rev-parse", "--abbrev-ref", "HEAD")).strip()
    earlier = os.fsdecode(ask(worktree, "rev-parse", "HEAD")).strip() if earlier == "HEAD" else earlier
    ask(worktree, "switch", "--quiet", "--detach", commit)
    try:
        ask(worktree, "update-ref", "-m", reason, f"refs/heads/{branch}", commit, before or _NO_COMMIT)
        ask(worktree, "switch", "--quiet", "--no-guess", branch)
    except FairwayError:
        ask(worktree, "checkout", "--quiet", earlier, "--")
        raise


def _place(repo: Repository) -> str:
    return repo.main_worktree or repo.common_dir


def _last_line(text: str) -> str:
    return text.splitlines()[-1] if text else ""
