"""Folders and files that we make inside a git directory, with the permissions that git gives its own.

`core.sharedRepository` says who may use a repository (git-config(1)): `group` and `all` add permissions to what the
umask leaves, an octal number sets them, and folders hand their group down. What we make beside git's own files
follows it, or the second member of a group could read the store and never write it.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.paths import is_git_dir, repository_settings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    class Worktree(TypedDict):
        """One worktree of a repository, see `paths.worktrees`."""

        path: str
        branch: str | None
        head: str | None
        main: bool
        prunable: bool


_GROUP, _EVERYBODY, _SET_GID = 0o660, 0o664, 0o2000
_WORDS = {
    **dict.fromkeys(("group", "true", "yes", "on", "1"), _GROUP),
    **dict.fromkeys(("all", "world", "everybody", "2"), _EVERYBODY),
}


def make_folder(folder: str, mode: int = 0o777) -> None:
    """Make a folder (of `mode`, less the umask) and those above it, shared as their repository is.

    Raises FairwayError `store_unavailable`.
    """
    missing, place = [], folder
    while place and not os.path.isdir(place) and os.path.dirname(place) != place:
        missing.append(place)
        place = os.path.dirname(place)
    try:
        os.makedirs(folder, mode=mode, exist_ok=True)
        for made in missing:
            share(made)
    except OSError as problem:
        message = f"{folder}: cannot be made: {problem.strerror}"
        raise FairwayError("store_unavailable", message, suggest_program("ls", "-ld", place), path=folder) from problem


def share(path: str) -> None:
    """Give what was made at `path` the permissions that its repository asks for; outside a git directory none.

    Only the owner of a file may change its permissions: a file of somebody else has them from when it was made.
    """
    wanted = shared_permissions(os.path.dirname(path))
    if wanted is None:
        return
    try:
        before = os.stat(path).st_mode
        after = permissions(before, *wanted)
        if after != before & 0o7777:
            os.chmod(path, after)
    except OSError:
        return


def permissions(mode: int, bits: int, exact: bool) -> int:  # noqa: FBT001 - as `shared_permissions` gives them
    """The permission bits for a file or folder of `mode`, as git works them out (`calc_shared_perm`)."""
    if not mode & 0o200:
        bits &= ~0o222
    if mode & 0o100:
        bits |= (bits & 0o444) >> 2
    after = (mode & 0o7000) | bits if exact else mode & 0o7777 | bits
    if mode & 0o170000 == 0o040000:
        after |= (after & 0o444) >> 2 | _SET_GID
    return after


def shared_permissions(place: str) -> tuple[int, bool] | None:
    """What `core.sharedRepository` of the git directory that holds `place` asks for: bits, and whether they are exact.

    None for a repository of one user, and outside a git directory.
    """
    while not is_git_dir(place):
        above = os.path.dirname(place)
        if above == place:
            return None
        place = above
    value = repository_settings(place).get("core.sharedrepository", "").lower()
    if value in _WORDS:
        return _WORDS[value], False
    if len(value) > 2 and value.startswith("0") and not set(value) - set("01234567"):
        return int(value, 8) & 0o666, True
    return None
