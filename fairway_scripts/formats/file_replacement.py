"""The one writer of files: a regular file is replaced in one step, a pipe or device is written through.

After a crash there is the old content or the new, never a part of either. What a path names is looked at first:

- a symbolic link is followed and stays; one that points to nothing makes the file that it names;
- `/dev/stdout`, `/dev/fd/N` and `/proc/self/fd/N` are the open descriptor, so a redirection of the shell stays whole;
- a FIFO or a character device (`/dev/null`) is written to; a folder, a socket and a block device are refused;
- a file keeps its permissions, group, attributes and, where we may give it away, its owner. One without write
  permission is refused, as the shell would, and so is a database.

A second name (hard link) of a replaced file keeps the old content.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
import time
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.part_files import part_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: How long a FIFO may be without a reader, who may be starting at the same time.
FIFO_SECONDS = 5.0
_LOOK_AGAIN = 0.02
_MOST_LINKS = 40
_CHUNK = 1 << 20
_DATABASE = b"SQLite format 3\0"
_FOLDER = os.O_DIRECTORY | os.O_CLOEXEC | getattr(os, "O_PATH", os.O_RDONLY)
_TMPFILE = getattr(os, "O_TMPFILE", 0)
_DESCRIPTORS = "/proc/self/fd"


class _Target(NamedTuple):
    """What a path comes to: a name in a folder with its status (None: not there yet), or a descriptor of ours."""

    folder: str
    name: str
    status: os.stat_result | None
    descriptor: int | None = None

    @property
    def path(self) -> str:
        return os.path.join(self.folder, self.name)

    @property
    def is_file(self) -> bool:
        return self.descriptor is None and (self.status is None or stat.S_ISREG(self.status.st_mode))


@contextlib.contextmanager
def sole_writer(path: str) -> Iterator[None]:
    """Hold off other writers of `path` (those that ask here too) for the length of a `with` block.

    The lock is on the file's folder and goes with the process, so nothing is left behind. Raises FairwayError
    `file_unavailable` when the folder cannot be opened.
    """
    folder = os.path.dirname(os.path.realpath(path))
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError as fault:
        raise _unavailable(path, fault) from fault
    try:
        with contextlib.suppress(OSError):  # some network mounts know no locks; the replacement stays atomic
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace_file(path: str, content: bytes | Iterable[bytes]) -> None:
    """Write `content`, whole or in pieces, to what `path` names: a new or old file, a pipe, a device.

    Raises FairwayError `file_unavailable` when that fails, with a file's old content in place, and
    BrokenPipeError when our own standard output is named and its reader went away.
    """
    pieces = (content,) if isinstance(content, bytes) else content
    try:
        target = _target(path)
        if target.is_file:
            _replace(path, target, pieces)
            return
    except OSError as fault:
        raise _unavailable(path, fault) from fault
    try:
        _write_through(path, target, pieces)
    except OSError as fault:
        if isinstance(fault, BrokenPipeError) and target.descriptor is not None:
            raise
        raise _unavailable(path, fault) from fault


def write_new_file(path: str, content: bytes) -> None:
    """Make a file that must not be there yet, whole or not at all: of two calls at once one fails.

    Raises FairwayError `already_exists` (whatever has the name, also a link to nothing) or `file_unavailable`.
    """
    folder, name = os.path.split(os.path.abspath(path))
    try:
        _replace(path, _Target(folder, name, None), (content,), new=True)
    except FileExistsError:
        raise FairwayError("already_exists", f"{path} exists", suggest_program("ls", "-ld", path), path=path) from None
    except OSError as fault:
        raise _unavailable(path, fault) from fault


def _target(path: str) -> _Target:
    """Follow the links of the last part of a path, one by one, to what it names; raises OSError or FairwayError."""
    place = path
    for _link in range(_MOST_LINKS):
        folder, name = os.path.split(place)
        if name in ("", ".", ".."):
            raise _refused(path, "is a folder; name a file in it")
        folder = os.path.realpath(folder or ".")
        descriptor = _own_descriptor(folder, name)
        if descriptor is not None:
            return _Target(folder, name, os.fstat(descriptor), descriptor)
        try:
            place = os.path.join(folder, os.readlink(os.path.join(folder, name)))
        except OSError:
            return _looked_at(path, folder, name)
    raise _refused(path, "is a link that leads back to itself")


def _own_descriptor(folder: str, name: str) -> int | None:
    """The number that `/dev/fd/N` and its kin stand for."""
    if folder not in ("/dev/fd", os.path.realpath(_DESCRIPTORS)):
        return None
    if not (name.isascii() and name.isdigit()):
        return None
    number = int(name)
    try:
        os.fstat(number)
    except (OSError, OverflowError):
        raise OSError(errno.EBADF, f"descriptor {name} is not open") from None
    return number


def _looked_at(path: str, folder: str, name: str) -> _Target:
    try:
        status = os.stat(os.path.join(folder, name))
    except FileNotFoundError:
        if not os.path.isdir(folder):
            raise _refused(path, f"cannot be written: there is no folder {folder}") from None
        return _Target(folder, name, None)
    kinds = ((stat.S_ISDIR, "a folder; name a file in it"), (stat.S_ISSOCK, "a socket"), (stat.S_ISBLK, "a disk"))
    for is_kind, what in kinds:
        if is_kind(status.st_mode):
            raise _refused(path, f"is {what}, which is never written or replaced")
    return _Target(folder, name, status)


def _replace(path: str, target: _Target, pieces: Iterable[bytes], *, new: bool = False) -> None:
    """Write a file beside the target and give it the target's name; raises OSError, FileExistsError with `new`."""
    _refuse_protected(path, target)
    folder = os.open(target.folder, _FOLDER)
    part, named = part_name(target.name), False
    try:
        handle, named = _open_part(folder, part, 0o666 if target.status is None else 0o600)
        with os.fdopen(handle, "wb+") as out:
            out.writelines(pieces)
            out.flush()
            if target.status is not None:
                _take_over(out.fileno(), target)
            os.fsync(out.fileno())
            if not named:
                _give_name(out.fileno(), folder, part, target)
                named = True
        if new:
            os.link(part, target.name, src_dir_fd=folder, dst_dir_fd=folder)
        else:
            os.replace(part, target.name, src_dir_fd=folder, dst_dir_fd=folder)
            named = False
        _sync_folder(target.folder)
    finally:
        if named:
            with contextlib.suppress(OSError):
                os.unlink(part, dir_fd=folder)
        os.close(folder)


def _refuse_protected(path: str, target: _Target) -> None:
    if target.status is None:
        return
    if not os.access(target.path, os.W_OK):
        raise _refused(path, "cannot be written: it has no write permission")
    with contextlib.suppress(PermissionError), open(target.path, "rb") as file:
        if file.read(len(_DATABASE)) == _DATABASE:
            raise _refused(path, "is a database, which an output never replaces")


def _open_part(folder: int, part: str, mode: int) -> tuple[int, bool]:
    """A new file in a folder, and whether it has its name yet: without one, nothing is left when we are killed."""
    if _TMPFILE and os.path.isdir(_DESCRIPTORS):
        with contextlib.suppress(OSError):  # not every file system has files without a name
            return os.open(".", _TMPFILE | os.O_RDWR | os.O_CLOEXEC, mode, dir_fd=folder), False
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    return os.open(part, flags, mode, dir_fd=folder), True


def _give_name(handle: int, folder: int, part: str, target: _Target) -> None:
    """Give a file without a name one; copied where the file system has no way to."""
    try:
        os.link(f"{_DESCRIPTORS}/{handle}", part, src_dir_fd=folder, dst_dir_fd=folder)
    except OSError:
        status = os.fstat(handle)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
        with os.fdopen(os.open(part, flags, 0o600, dir_fd=folder), "wb") as copy:
            os.lseek(handle, 0, os.SEEK_SET)
            while chunk := os.read(handle, _CHUNK):
                copy.write(chunk)
            copy.flush()
            os.fchmod(copy.fileno(), stat.S_IMODE(status.st_mode))
            _take_over(copy.fileno(), target)
            os.fsync(copy.fileno())


def _take_over(handle: int, target: _Target) -> None:
    """Give a new file the owner, group, attributes and mode of the old one, as far as we may."""
    old = target.status
    if old is None:
        return
    for owner in (old.st_uid, -1):  # only root gives files away
        with contextlib.suppress(OSError):
            os.fchown(handle, owner, old.st_gid)
            break
    if hasattr(os, "listxattr"):  # access lists are attributes; security labels are the system's own
        with contextlib.suppress(OSError):
            for name in os.listxattr(target.path):
                with contextlib.suppress(OSError):
                    os.setxattr(handle, name, os.getxattr(target.path, name))
    mode, now = stat.S_IMODE(old.st_mode), os.fstat(handle)
    if now.st_gid != old.st_gid:
        mode &= ~0o070 | (mode & 0o007) << 3  # another group gets no more than everybody
    if (now.st_uid, now.st_gid) != (old.st_uid, old.st_gid):
        mode &= 0o777
    os.fchmod(handle, mode)


def _write_through(path: str, target: _Target, pieces: Iterable[bytes]) -> None:
    with os.fdopen(_open_through(path, target), "wb") as out:
        out.writelines(pieces)


def _open_through(path: str, target: _Target) -> int:
    """A descriptor of a pipe or device; a FIFO must have a reader soon. Raises OSError or FairwayError."""
    if target.descriptor is not None:
        return os.dup(target.descriptor)
    flags = os.O_WRONLY | os.O_NOCTTY | os.O_CLOEXEC
    if target.status is None or not stat.S_ISFIFO(target.status.st_mode):
        return os.open(target.path, flags)
    until = time.monotonic() + FIFO_SECONDS
    while True:
        try:
            handle = os.open(target.path, flags | os.O_NONBLOCK)
        except OSError as fault:
            if fault.errno != errno.ENXIO:
                raise
            if time.monotonic() >= until:
                raise _refused(path, f"is a pipe that nobody has read from for {FIFO_SECONDS:g} seconds") from None
            time.sleep(_LOOK_AGAIN)
        else:
            os.set_blocking(handle, True)
            return handle


def _sync_folder(folder: str) -> None:
    """Make the new name itself durable, where the file system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unavailable(path: str, fault: OSError) -> FairwayError:
    return _refused(path, f"cannot be written: {fault.strerror or fault}")


def _refused(path: str, why: str) -> FairwayError:
    return FairwayError("file_unavailable", f"{path} {why}", suggest_program("ls", "-ld", path), path=path)
