"""Reading files that somebody named: nothing waits for ever on a pipe, and nothing is read without an end.

What has to stay as it is while we look at it (a queue file, a configuration, an artifact) must be a regular file. A
text or a document may also come from a pipe (`/dev/stdin`, `<(command)`), up to a limit.
"""

from __future__ import annotations

import errno
import os
import stat

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

#: More than this is not what was meant.
MAX_BYTES = 64 << 20
#: How long a pipe on disk may be without a writer, who may be starting at the same time.
FIFO_SECONDS = 5.0
_CHUNK = 1 << 16
_KINDS = {
    stat.S_IFIFO: "a pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a disk",
    stat.S_IFSOCK: "a socket",
}


def regular(path: str, flags: int) -> int:
    """Open a regular file, for `open(path, opener=regular)`; raises OSError saying what else it is.

    A folder is refused by `open` itself.
    """
    _refuse_kind(os.stat(path).st_mode, (stat.S_IFREG, stat.S_IFDIR))
    handle = os.open(path, flags | os.O_NONBLOCK | os.O_NOCTTY, 0o666)
    try:
        _refuse_kind(os.fstat(handle).st_mode, (stat.S_IFREG, stat.S_IFDIR))  # it may be another one by now
    except OSError:
        os.close(handle)
        raise
    return handle


def read_regular(path: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file; raises OSError, also for one of more than `limit` bytes."""
    with open(path, "rb", opener=regular) as file:
        return _up_to(file.fileno(), limit)


def listed_files(texts: Iterable[str]) -> list[str]:
    """The files that lists name, each perhaps behind `LABEL=`: one a line, as names may hold spaces.

    A label ends at the first `=`, as its readers take it; a file that is named as a whole has none.
    A line that names no file while each of its words does is a list of make's: `DOCUMENT='a.xml b.xml'`.
    """
    found: list[str] = []
    for line in (line for text in texts for line in text.split("\n") if line.strip()):
        words = line.split()
        is_list = len(words) > 1 and not _names_a_file(line) and all(map(_names_a_file, words))
        found += words if is_list else [line]
    return found


def _names_a_file(text: str) -> bool:
    return os.path.exists(text) or os.path.exists(text.partition("=")[2])


def read_stream(path: str, limit: int = MAX_BYTES) -> bytes:
    """The bytes of a regular file or of a pipe (`/dev/stdin`, `/dev/fd/63`, a FIFO); raises OSError.

    Refused are: more than `limit` bytes, a terminal (nothing waits for a person), a FIFO that nobody writes to.
    """
    mode = os.stat(path).st_mode
    _refuse_kind(mode, (stat.S_IFREG, stat.S_IFDIR, stat.S_IFIFO, stat.S_IFCHR))
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        if stat.S_ISFIFO(mode) and not _has_writer(handle):
            raise OSError(errno.ENXIO, f"is a pipe that nobody has written to for {FIFO_SECONDS:g} seconds")
        if os.isatty(handle):
            raise OSError(errno.EINVAL, "is a terminal, not a file")
        os.set_blocking(handle, True)
        return _up_to(handle, limit)
    finally:
        os.close(handle)


def _up_to(handle: int, limit: int) -> bytes:
    pieces, size = [], 0
    while piece := os.read(handle, min(_CHUNK, limit + 1 - size)):
        pieces.append(piece)
        size += len(piece)
        if size > limit:
            raise OSError(errno.EFBIG, f"has more than {limit} bytes")
    return b"".join(pieces)


def _has_writer(handle: int) -> bool:
    """Whether a pipe has something to read, or had a writer; one without any makes no event."""
    import select  # a module of its own, which hardly any call needs

    poll = select.poll()
    poll.register(handle, select.POLLIN)
    return bool(poll.poll(FIFO_SECONDS * 1000))


def _refuse_kind(mode: int, kinds: tuple[int, ...]) -> None:
    kind = stat.S_IFMT(mode)
    if kind not in kinds:
        raise OSError(errno.EINVAL, f"is {_KINDS.get(kind, 'something else')}, not a regular file")
