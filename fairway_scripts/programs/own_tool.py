"""Running one of our own tools, or a line that one of them has suggested, for somebody who looks at its answer."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from typing import IO, TYPE_CHECKING, NamedTuple

from fairway_scripts.base import caller
from fairway_scripts.base.own_files import HOME
from fairway_scripts.programs.runner import end_group

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Bytes of each stream that are kept: more than anybody reads on a screen.
_MOST = 1 << 20
_GRACE = 2.0
_INSTALLED = "import sys; from fairway_scripts.front.entry import run; sys.exit(run(sys.argv[1], sys.argv[2:]))"


class Ended(NamedTuple):
    """How a program ended: its exit code, and both streams as text, cut off where they are very long."""

    code: int
    out: str
    err: str


class Running:
    """A program that was started, in a session of its own, with nothing to read."""

    def __init__(self, argv: Sequence[str], cwd: str, *, via: str = "") -> None:
        """Start `argv` in `cwd`; `via` is how its hints are spelled ("make", else ""). Raises OSError."""
        environment = caller.environment()
        if via:
            environment["FAIRWAY_VIA"] = via
        self._out: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by wait
        self._err: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed by wait
        self._child = subprocess.Popen(
            list(argv),
            cwd=cwd,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=self._out,
            stderr=self._err,
            start_new_session=True,
        )

    def wait(self) -> Ended:
        """Wait for its end; what it wrote."""
        code = self._child.wait()
        return Ended(code, _text(self._out), _text(self._err))

    def end(self) -> None:
        """End it, with all that it has started."""
        end_group(self._child, _GRACE)


def tool_argv(tool: str, words: Sequence[str]) -> list[str]:
    """The words that run a tool of this very package, with the interpreter that runs us."""
    place = os.path.join(HOME, "bin", tool)
    if os.path.isfile(place):
        return [sys.executable, place, *words]
    return [sys.executable, "-P", "-c", _INSTALLED, tool, *words]


def _text(file: IO[bytes]) -> str:
    with file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        text = file.read(_MOST).decode(errors="backslashreplace")
    return text if size <= _MOST else f"{text}\n({size - _MOST} more bytes)\n"
