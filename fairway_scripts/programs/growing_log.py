"""The output of a command, read from its log while it grows."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_CHUNK = 1 << 16
#: How much is read between two looks at the clock.
_PORTION = 1 << 20
#: A line is looked at in pieces of this size.
_LONGEST_LINE = 1 << 13


class GrowingLog:
    """The lines that are added to a log, each given once to `each_line`; reading ends early when `is_over` says so."""

    def __init__(self, path: str, start: int, each_line: Callable[[str], bool], is_over: Callable[[], bool]) -> None:
        self.file = open(path, "rb", buffering=0)  # noqa: SIM115 - closed by close(); the name may be gone by then
        self.start = start
        self.offset = start
        self.each_line = each_line
        self.is_over = is_over
        self.rest = b""
        self.decided = False
        self.skipped = False

    def size(self) -> int:
        """How much was written since the start."""
        return os.fstat(self.file.fileno()).st_size - self.start

    def behind(self) -> bool:
        """Whether something was written that nobody has looked at."""
        return self.skipped or self.offset < self.start + self.size()

    def read(self) -> bool:
        """Read a portion of what was added; whether there is more."""
        end = self.offset + _PORTION
        self.file.seek(self.offset)
        while self.offset < end and not self.is_over():
            chunk = self.file.read(_CHUNK)
            if not chunk:
                return False
            self.offset += len(chunk)
            *whole, self.rest = (self.rest + chunk).split(b"\n")
            self._give(whole)
            while len(self.rest) > _LONGEST_LINE:  # one endless line: in pieces, so that memory stays small
                self._give([self.rest[:_LONGEST_LINE]])
                self.rest = self.rest[_LONGEST_LINE:]
        return self.offset < self.start + self.size()

    def read_end(self) -> None:
        """Give the last lines of what was not read, which show where a command stood when it was stopped."""
        end = self.start + self.size()
        if end - self.offset > _CHUNK:
            self.offset, self.rest = end - _CHUNK, b""
        self.is_over, self.skipped = lambda: False, False
        self.read()

    def close(self) -> None:
        """Give a last line that has no end, and let go of the file."""
        if self.rest:
            self._give([self.rest])
        self.file.close()

    def _give(self, lines: list[bytes]) -> None:
        for line in lines:
            for at in range(0, len(line) or 1, _LONGEST_LINE):
                if self.is_over():
                    self.skipped = True
                    return
                piece = line[at : at + _LONGEST_LINE]
                self.decided |= self.each_line(piece.decode("utf-8", "replace").rstrip("\r"))
