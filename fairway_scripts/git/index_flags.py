"""Files that git was told not to look at: assume-unchanged and skip-worktree, which hide what is not committed.

`git status` believes both bits. They stand in the index, which is read here without a process: nearly always there are
none. The format is git's own (`gitformat-index`, versions 2 to 4).
"""

from __future__ import annotations

import os

from fairway_scripts.base.paths import find_repository
from fairway_scripts.git.git import ask

TYPE_CHECKING = False
if TYPE_CHECKING:
    #: path, mode (octal), object id, whether it is skip-worktree
    Flagged = tuple[str, int, str, bool]

_BEFORE_ID = 40  # bytes of an entry before its object id: ten numbers
_MODES = frozenset((0o100644, 0o100755, 0o120000, 0o160000, 0o040000))
_ASSUME_UNCHANGED, _EXTENDED, _SKIP_WORKTREE = 0x80, 0x40, 0x40


def hidden_changes(worktree: str) -> list[str]:
    """The files of a work tree, sorted, that differ from the index although git was told not to look at them.

    A file that a sparse checkout leaves out does not differ. No process where no file is marked, else one, and one
    more for each marked submodule. Raises FairwayError `git_unavailable`.
    """
    repository = find_repository(worktree)
    if repository is None:
        return []
    marked = _flagged(worktree, repository.git_dir)
    if not marked:
        return []
    sparse = os.path.exists(os.path.join(repository.git_dir, "info", "sparse-checkout"))
    differing, compared = [], []
    for path, mode, object_id, skipped in marked:
        place = os.path.join(worktree, path)
        if not os.path.lexists(place):
            if not (skipped and sparse):
                differing.append(path)
        elif mode == 0o160000:
            if not os.path.isdir(place) or _head(place) not in ("", object_id):
                differing.append(path)
        elif not _is_kind(place, mode) or "\n" in path:
            differing.append(path)
        else:
            compared.append((path, object_id))
    return sorted(differing + _differing(worktree, compared))


def _differing(worktree: str, entries: list[tuple[str, str]]) -> list[str]:
    """Those of `(path, object id)` whose contents, as git would store them, have another id."""
    files = [entry for entry in entries if not os.path.islink(os.path.join(worktree, entry[0]))]
    feed = b"".join(os.fsencode(path) + b"\n" for path, _ in files)
    ids = ask(worktree, "hash-object", "--stdin-paths", feed=feed).decode("ascii").split() if files else []
    found = [path for (path, known), now in zip(files, ids, strict=True) if known != now]
    return found + [path for path, known in entries if _link_id(os.path.join(worktree, path), known) not in ("", known)]


def _link_id(place: str, known: str) -> str:
    """The object id of a symbolic link, "" for anything else."""
    if not os.path.islink(place):
        return ""
    import hashlib  # a marked link is rare

    target = os.fsencode(os.readlink(place))
    kind = hashlib.sha1 if len(known) == 40 else hashlib.sha256
    return kind(b"blob %d\0" % len(target) + target).hexdigest()


def _is_kind(place: str, mode: int) -> bool:
    status = os.lstat(place)
    if mode == 0o120000:
        return (status.st_mode & 0o170000) == 0o120000
    return (status.st_mode & 0o170000) == 0o100000 and bool(status.st_mode & 0o100) == (mode == 0o100755)


def _head(place: str) -> str:
    """The commit that a submodule has checked out, "" when it is not there."""
    if not os.path.exists(os.path.join(place, ".git")):
        return ""
    return ask(place, "rev-parse", "HEAD").decode("ascii").strip()


def _flagged(worktree: str, git_dir: str) -> list[Flagged]:
    try:
        with open(os.path.join(git_dir, "index"), "rb") as file:
            data = file.read()
    except FileNotFoundError:
        return []  # nothing was ever staged
    for size in (20, 32):  # SHA-1, SHA-256
        try:
            return _read_index(data, size)
        except (ValueError, IndexError):
            continue
    return _ask_git(worktree)


def _read_index(data: bytes, size: int) -> list[Flagged]:
    """The marked entries of an index; raises ValueError or IndexError for anything that is not as it should be."""
    version, count = int.from_bytes(data[4:8], "big"), int.from_bytes(data[8:12], "big")
    if data[:4] != b"DIRC" or version not in (2, 3, 4):
        raise ValueError
    found: list[Flagged] = []
    place, name = 12, b""
    fixed = _BEFORE_ID + size
    for _ in range(count):
        flags = data[place + fixed]
        start = place + fixed + (4 if flags & _EXTENDED else 2)
        if version == 4:
            cut, start = _number(data, start)
            end = data.index(0, start)
            if cut > len(name):
                raise ValueError
            name = name[: len(name) - cut] + data[start:end]
            following = end + 1
        else:
            end = data.index(0, start)
            name = data[start:end] if flags & (_ASSUME_UNCHANGED | _EXTENDED) else b""
            following = place + ((end - place + 8) & ~7)
        mode = int.from_bytes(data[place + 24 : place + 28], "big")
        if mode not in _MODES or (data[place + fixed + 1] != (end - start) & 0xFF and version != 4):
            raise ValueError
        skipped = bool(flags & _EXTENDED and data[place + fixed + 2] & _SKIP_WORKTREE)
        if (flags & _ASSUME_UNCHANGED or skipped) and mode != 0o040000:
            found.append((os.fsdecode(name), mode, data[place + 40 : place + 40 + size].hex(), skipped))
        place = following
    _check_extensions(data, place, size)
    return found


def _check_extensions(data: bytes, place: int, size: int) -> None:
    """What follows the entries: extensions up to the checksum. A shared index (`link`) holds entries of its own."""
    end = len(data) - size
    while place < end:
        if data[place : place + 4] == b"link":
            raise ValueError
        place += 8 + int.from_bytes(data[place + 4 : place + 8], "big")
    if place != end:
        raise ValueError


def _number(data: bytes, place: int) -> tuple[int, int]:
    """A number of variable length, as git's packs have it, and where it ends."""
    value = data[place] & 0x7F
    while data[place] & 0x80:
        place += 1
        value = ((value + 1) << 7) | (data[place] & 0x7F)
    return value, place + 1


def _ask_git(worktree: str) -> list[Flagged]:
    found: list[Flagged] = []
    for record in ask(worktree, "ls-files", "-v", "--stage", "-z").split(b"\0"):
        tag = record[:1]
        if tag == b"S" or tag.islower():
            head, _, path = record[2:].partition(b"\t")
            mode, object_id, _stage = head.decode("ascii").split(" ")
            found.append((os.fsdecode(path), int(mode, 8), object_id, tag in (b"S", b"s")))
    return found


def has_modes(worktree: str) -> bool:
    """Whether the file system of a work tree keeps the right to run a file: where it does not, every file has it."""
    marker = os.path.join(worktree, ".git")
    try:
        status = os.stat(os.path.join(marker, "HEAD") if os.path.isdir(marker) else marker)
    except OSError:
        return True
    return not status.st_mode & 0o100
