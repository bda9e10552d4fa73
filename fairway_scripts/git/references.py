"""References and worktrees of a repository: read from git's own files where those can be, else asked of git.

`paths` reads the format in which git keeps references as files. A repository in another one (reftable) answers through
git, so that "cannot be read here" is never taken for "is not there".
"""

from __future__ import annotations

import os

from fairway_scripts.base import paths
from fairway_scripts.base.errors import FairwayError, suggest_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.base.git_folder import Worktree
    from fairway_scripts.base.paths import Repository

_HEADS = "refs/heads/"
_REMOTES = "refs/remotes/"
_ID_LENGTHS = frozenset((40, 64))
_HEX = frozenset("0123456789abcdef")
#: What no name of a branch holds: a revision with one of them is git's to read.
_UNLIKE_A_BRANCH = frozenset(" ~^:?*[\\@{\n\r\0")


def read_ref(repo: Repository, name: str) -> str | None:
    """The full commit id of a reference (`refs/heads/master`, `HEAD`), following symbolic ones; None: not there.

    Raises FairwayError `git_unavailable` when that cannot be told.
    """
    if repo.plain_references:
        return paths.read_ref(repo, name)
    return _answer(repo, "rev-parse", "--verify", "--quiet", "--end-of-options", name)


def exact_name(place: str, revision: str) -> str:
    """The full name of the branch that `revision` names, of origin or here; whatever names no branch as it is.

    Git itself takes a tag, or a file of the git directory, of a branch's name for the branch.
    """
    if revision.startswith(("refs/", "-")) or revision.endswith("HEAD") or not _UNLIKE_A_BRANCH.isdisjoint(revision):
        return revision
    if len(revision) in _ID_LENGTHS and _HEX.issuperset(revision):
        return revision
    repo = paths.find_repository(place)
    folders = (_REMOTES, _HEADS) if revision.startswith("origin/") else (_HEADS,)
    names = [folder + revision for folder in folders] if repo else []
    return next((name for name in names if repo and read_ref(repo, name)), revision)


def branch_tips(repo: Repository, names: Iterable[str]) -> dict[str, str]:
    """The commits at the tips of those of the branches that are there, by name; one process at most.

    Raises FairwayError `git_unavailable` when that cannot be told.
    """
    wanted = set(names)
    if repo.plain_references:
        found = {name: paths.read_ref(repo, _HEADS + name) for name in wanted}
        return {name: tip for name, tip in found.items() if tip}
    if not wanted:
        return {}
    out = os.fsdecode(_run(repo, "for-each-ref", "--format=%(objectname) %(refname)", _HEADS, fine=(0,))[1])
    tips = (line.partition(" ") for line in out.splitlines())
    return {name: tip for tip, _, ref in tips if (name := ref.removeprefix(_HEADS)) in wanted}


def head_branch(repo: Repository) -> str | None:
    """The branch checked out where the repository was looked at from, even without a commit; None when detached."""
    if repo.plain_references:
        return paths.head_branch(repo.git_dir)
    name = _answer(repo, "symbolic-ref", "--quiet", "HEAD") or ""
    return name.removeprefix(_HEADS) if name.startswith(_HEADS) else None


def worktrees(repo: Repository) -> list[Worktree]:
    """All worktrees, as `paths.worktrees` gives them."""
    if repo.plain_references:
        return paths.worktrees(repo)
    out = _run(repo, "worktree", "list", "--porcelain", "-z", fine=(0,))[1]
    found = [_worktree(record, main=number == 0) for number, record in enumerate(os.fsdecode(out).split("\0\0"))]
    listed = [entry for entry in found if entry is not None]
    return listed[:1] + sorted(listed[1:], key=lambda entry: str(entry["path"]))


def _worktree(record: str, *, main: bool) -> Worktree | None:
    """One record of `git worktree list`: `worktree PATH`, `HEAD ID`, `branch REF` or `detached`, marks with reasons."""
    fields = dict(line.partition(" ")[::2] for line in record.strip("\0").split("\0"))
    if not fields.get("worktree") or "bare" in fields:
        return None
    head = fields.get("HEAD", "").strip("0")
    return {
        "path": os.path.realpath(fields["worktree"]),
        "branch": fields["branch"].removeprefix(_HEADS) if "branch" in fields else None,
        "head": fields["HEAD"] if head else None,
        "main": main,
        "prunable": "prunable" in fields,
    }


def _answer(repo: Repository, *arguments: str) -> str | None:
    code, out = _run(repo, *arguments, fine=(0, 1))
    return os.fsdecode(out).strip("\n") if code == 0 else None


def _run(repo: Repository, *arguments: str, fine: tuple[int, ...]) -> tuple[int, bytes]:
    from fairway_scripts.programs.spawn import run_quick  # a repository with plain references never needs it

    code, out, err = run_quick(["git", *arguments], _place(repo))
    if code not in fine:
        raise _failure(repo, arguments[0], err)
    return code, out


def _place(repo: Repository) -> str:
    return repo.worktree or repo.git_dir


def _failure(repo: Repository, asked: str, err: bytes) -> FairwayError:
    said = os.fsdecode(err).strip().splitlines()
    return FairwayError(
        "git_unavailable",
        f"`git {asked}` failed in {_place(repo)}: {said[0] if said else 'no word was said'}",
        suggest_program("git", "-C", _place(repo), "status"),
    )
