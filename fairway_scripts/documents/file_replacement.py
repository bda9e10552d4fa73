"""Replacing a file in one step: after a crash there is the old content or the new, never a part of either."""

from __future__ import annotations

import contextlib
import fcntl
import os
import stat
from typing import TYPE_CHECKING

from fairway_scripts.errors import FairwayError

if TYPE_CHECKING:
    from collections.abc import Iterator


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
        raise _unavailable(path, "written", fault) from fault
    try:
        with contextlib.suppress(OSError):  # some network mounts know no locks; the replacement stays atomic
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def replace_file(path: str, content: bytes) -> None:
    """Write `content` to `path` at once, keeping the file's mode; a symbolic link stays one and its target changes.

    Raises FairwayError `file_unavailable` when that fails, with the old content in place.
    """
    import tempfile  # more modules than the rest of a reading command

    target = os.path.realpath(path)
    folder = os.path.dirname(target)
    temporary = ""
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{os.path.basename(target)}.", dir=folder)
        with os.fdopen(handle, "wb") as out:
            out.write(content)
            out.flush()
            os.fchmod(out.fileno(), _mode(target))
            os.fsync(out.fileno())
        os.replace(temporary, target)
        temporary = ""
        _sync_folder(folder)
    except OSError as fault:
        raise _unavailable(path, "written", fault) from fault
    finally:
        if temporary:
            with contextlib.suppress(OSError):
                os.unlink(temporary)


def _mode(target: str) -> int:
    """The permission bits of the file, or those a new file would get."""
    try:
        return stat.S_IMODE(os.stat(target).st_mode)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask


def _sync_folder(folder: str) -> None:
    """Make the new name itself durable, where the file system can."""
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _unavailable(path: str, verb: str, fault: OSError) -> FairwayError:
    reason = fault.strerror or str(fault)
    return FairwayError("file_unavailable", f"{path} cannot be {verb}: {reason}", f"ls -ld '{path}'", path=path)
