"""By which commits a repository is recognised: those that its history began with."""

from __future__ import annotations

import os

from fairway_scripts.programs.spawn import run_quick

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository

#: Where to begin: what is checked out, and the usual names of an integration branch.
_STARTS = ("HEAD", "refs/heads/main", "refs/heads/master", "refs/remotes/origin/HEAD")


def root_commits(repository: Repository) -> list[str]:
    """The ids of the commits where the main line of a repository began, sorted; [] before the first commit.

    Only first parents are followed: a history that was merged in (a subtree) does not make one repository the other.
    A shallow clone does not have them: [] too.
    """
    if is_shallow(repository):
        return []
    argv = ["git", "--no-replace-objects", "rev-list", "--ignore-missing", "--first-parent", "--max-parents=0"]
    code, out, _err = run_quick([*argv, *_STARTS, "--"], _place(repository))
    return sorted(set(out.decode().split())) if code == 0 else []


def is_shallow(repository: Repository) -> bool:
    """Whether the beginning of the history was left out when the repository was cloned."""
    return os.path.exists(os.path.join(repository.common_dir, "shallow"))


def head_commit(repository: Repository) -> str:
    """The commit that is checked out where the caller stands, "" for none."""
    code, out, _err = run_quick(["git", "rev-parse", "--verify", "--quiet", "HEAD^{commit}"], _place(repository))
    return out.decode().strip() if code == 0 else ""


def descends(repository: Repository, commit: str) -> bool:
    """Whether what is checked out here is `commit` or was built on it; False when git does not know it."""
    if not commit:
        return False
    argv = ["git", "--no-replace-objects", "merge-base", "--is-ancestor", commit, "HEAD"]
    return run_quick(argv, _place(repository))[0] == 0


def is_as_committed(repository: Repository, path: str) -> bool:
    """Whether the file at `path` is tracked and as it was committed."""
    place = _place(repository)
    tracked = run_quick(["git", "ls-files", "--error-unmatch", "--", path], place)[0] == 0
    code, out, _err = run_quick(["git", "status", "--porcelain", "--", path], place)
    return tracked and code == 0 and not out.strip()


def _place(repository: Repository) -> str:
    return repository.worktree or repository.common_dir
