"""What would be lost, or disturbed, if a worktree went away."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.paths import find_repository
from fairway_scripts.git.git import ask, resolve, resolve_many
from fairway_scripts.git.git_status import status
from fairway_scripts.git.git_worktrees import MARK, half_done

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypedDict

    from fairway_scripts.base.paths import Repository

    class WorktreeContents(TypedDict):
        """What lies in a worktree and in no commit, see `contents`."""

        marked: str
        locked: bool
        half_done: str
        submodules: bool
        changed_count: int
        changed_files: list[str]
        ignored_count: int


_SHOWN_FILES = 3


def stashes(repo: Repository) -> list[dict[str, str]]:
    """Every stash entry of the repository as `{branch, commit}`: where it was made, newest first.

    `branch` is "" when the entry does not tell (made on a detached HEAD, or stored by hand); `commit` is what was
    checked out then.
    """
    if resolve(repo.common_dir, "refs/stash") is None:
        return []
    # not `git stash list`, which wants a work tree
    out = ask(repo.common_dir, "log", "--walk-reflogs", "-z", "--format=%gs%x00%P", "refs/stash", "--")
    fields = os.fsdecode(out).split("\0")
    return [
        {"branch": _stash_branch(message), "commit": parents.split(" ")[0]}
        for message, parents in zip(fields[::2], fields[1::2], strict=False)
    ]


def is_published(repo: Repository, commit: str, main_branch: str) -> bool:
    """Whether a commit is in the history of the integration branch or of any branch of a remote, as last seen."""
    kinds = (f"refs/heads/{main_branch}", "refs/remotes/")
    return bool(ask(repo.common_dir, "for-each-ref", "--count=1", "--format=x", f"--contains={commit}", *kinds))


def contents(path: str) -> WorktreeContents:
    """What lies in the worktree at `path` and in no commit.

    `{marked, locked, half_done, submodules, changed_count, changed_files, ignored_count}`: `marked` is the text that
    `mark_worktree` left, "" for none; `changed_files` holds the first three; ignored folders count as one file.
    """
    repo = find_repository(path)
    git_dir = repo.git_dir if repo is not None else ""
    changed = status(path)["changed_files"]
    listed = ask(path, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--directory")
    return {
        "marked": _text(os.path.join(git_dir, MARK)),
        "locked": os.path.exists(os.path.join(git_dir, "locked")),
        "half_done": half_done(git_dir),
        "submodules": _has_submodules(path, git_dir),
        "changed_count": len(changed),
        "changed_files": changed[:_SHOWN_FILES],
        "ignored_count": listed.count(b"\0"),
    }


def _has_submodules(path: str, git_dir: str) -> bool:
    """Whether git will refuse to remove the worktree for its submodules: it looks at the index and at `modules`."""
    if os.path.isdir(os.path.join(git_dir, "modules")):
        return True
    return any(entry.startswith(b"160000 ") for entry in ask(path, "ls-files", "-z", "--stage").split(b"\0"))


def commits_only_on(repo: Repository, branch: str, known: Iterable[str]) -> list[str]:
    """The commits of a local branch that are in no other branch, here or on a remote, and in no tag; newest first.

    Left out, too, is the history of the `known` commits, as far as git has them.
    """
    # --exclude holds for the next pattern only, which is that of the local branches
    others = [f"--exclude={branch}", "--branches", "--remotes", "--tags"]
    found = filter(None, resolve_many(repo.common_dir, known).values())
    feed = "".join(f"^{commit}\n" for commit in found).encode()
    out = ask(repo.common_dir, "rev-list", "--stdin", f"refs/heads/{branch}", "--not", *others, feed=feed)
    return out.decode("ascii").split()


def is_occupied(path: str) -> bool:
    """Whether something other than an empty folder lies at `path`, so that git could not make a worktree there."""
    if not os.path.lexists(path):
        return False
    return not os.path.isdir(path) or bool(os.listdir(path))


def _stash_branch(message: str) -> str:
    for opening in ("WIP on ", "On "):
        if message.startswith(opening):
            branch = message.removeprefix(opening).partition(": ")[0]
            return "" if branch == "(no branch)" else branch
    return ""


def _text(path: str) -> str:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except OSError:
        return ""
