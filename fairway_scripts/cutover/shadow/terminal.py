"""A terminal for an original whose output is handed on: it writes to one that behaves as the caller's.

Its standard input, its controlling terminal and its process group stay the caller's, so that keys, job control and
`/dev/tty` are what they were. What it writes is changed by the caller's terminal alone.
"""

from __future__ import annotations

import fcntl
import os
import termios

_SIZE = b"\0" * 8
_OUTPUT, _CONTROL = 1, 6
#: tcgetattr(3): input, output, control and local modes.
_MODES = (0, 1, 2, 3)


class Terminal:
    """A pair of `master` and `slave` beside the terminal on the descriptor `real`."""

    __slots__ = ("_seen", "master", "real", "slave")

    def __init__(self, real: int) -> None:
        self.real = real
        self.master, self.slave = os.openpty()
        modes = termios.tcgetattr(real)
        modes[_OUTPUT] &= termios.OPOST  # nothing is changed on this way: the real one does it
        termios.tcsetattr(self.slave, termios.TCSANOW, modes)
        self._seen = termios.tcgetattr(self.slave)
        self.resize()

    def resize(self) -> None:
        """Take over the size of the caller's window."""
        try:
            fcntl.ioctl(self.master, termios.TIOCSWINSZ, fcntl.ioctl(self.real, termios.TIOCGWINSZ, _SIZE))
        except OSError:  # one of the two was hung up
            return

    def follow(self) -> None:
        """Set on the caller's terminal what the original has set on its output."""
        try:
            modes = termios.tcgetattr(self.master)
            if modes == self._seen:
                return
            real = termios.tcgetattr(self.real)
            for place in _MODES:
                changed = modes[place] ^ self._seen[place]
                real[place] = real[place] & ~changed | modes[place] & changed
            pairs = zip(modes[_CONTROL], self._seen[_CONTROL], real[_CONTROL], strict=True)
            real[_CONTROL] = [new if new != old else kept for new, old, kept in pairs]
            self._seen = modes
            termios.tcsetattr(self.real, termios.TCSANOW, real)
        except (OSError, termios.error):
            return
