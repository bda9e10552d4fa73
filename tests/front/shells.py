"""A shell that a person sits at: a pseudo-terminal in which keys are typed and the screen is read."""

from __future__ import annotations

import os
import pty
import select
import shutil
import signal
import time

import pytest

from tests.support.shell import BIN, environment

#: How each shell is started without the settings of the tester, and how it takes up the completions.
STARTS = {
    "bash": (["bash", "--norc", "--noprofile", "-i"], ". {script}"),
    "zsh": (["zsh", "-f", "-i"], "autoload -Uz compinit && compinit -u -D; . {script}"),
    "fish": (["fish", "--no-config", "-i"], "source {script}"),
}
_PATIENCE = 40.0


def need(program: str) -> str:
    """The path of a program that a test needs; where it is missing the test is skipped, and fails under CI."""
    found = shutil.which(program)
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is missing")
        pytest.skip(f"{program} is missing")
    return found


class Terminal:
    """One interactive shell; `close` ends it."""

    def __init__(self, shell: str, folder: str, home: str, script: str) -> None:
        argv, load = STARTS[shell]
        self.seen = b""
        self.pid, self.screen = pty.fork()
        if self.pid == 0:
            os.chdir(folder)
            extra = {"HOME": home, "TERM": "dumb", "PATH": f"{BIN}:{os.environ['PATH']}", "PS1": "> "}
            os.execve(need(argv[0]), argv, environment(**extra))
        self.line(load.format(script=script) + "; echo loa'ded'")
        self.wait_for("loaded")

    def line(self, text: str) -> None:
        """Type a line and enter."""
        self.keys(text + "\r")

    def keys(self, text: str) -> None:
        """Type keys; a tab stop is the key Tab."""
        os.write(self.screen, text.encode())

    def wait_for(self, text: str) -> str:
        """What has come on the screen since the last wait, once `text` is in it; fails after a while."""
        end = time.monotonic() + _PATIENCE
        while text.encode() not in self.seen:
            ready, _, _ = select.select([self.screen], [], [], 0.2)
            if ready:
                try:
                    self.seen += os.read(self.screen, 65536)
                except OSError:
                    break
            if time.monotonic() > end:
                break
        seen, self.seen = self.seen.decode(errors="replace"), b""
        assert text in seen, seen[-2000:]
        return seen

    def close(self) -> None:
        """End the shell that was started here."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.screen)
