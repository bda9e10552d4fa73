"""What every way of attaching a session can do, and the plan and outcome of starting one."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, NamedTuple, Protocol

from fairway_scripts.base import caller
from fairway_scripts.base.errors import FairwayError

if TYPE_CHECKING:
    from fairway_scripts.store.rows import SessionRow

#: What a terminal runs: a shell that starts the script and has no traps of its own. When the terminal is closed, only
#: the process that leads it is told, and a shell that waits for a program would not listen; this one ends at once,
#: and then the script and the provider are told.
LEADER = ("sh", "-c", 'sh "$0"; exit $?')
#: How long a terminal program may take to answer, in seconds.
_PATIENCE = 20.0


class Plan(NamedTuple):
    """One session to start: its script is what runs; every path is absolute."""

    session_id: str
    session_name: str  # of the terminal session or window
    title: str
    worktree: str
    script: str
    pid_file: str
    transcript: str


class Attachment(NamedTuple):
    """What was started; None where the backend has no such thing."""

    pid: int | None = None
    tmux_pane: str | None = None
    terminal: str | None = None
    session_name: str | None = None


class Terminal(Protocol):
    """A backend. `session` is a row of the sessions table."""

    #: how the script keeps the transcript: `pane` (the terminal does), `terminal` (script(1) does), `file`, `none`
    recording: str

    def available(self) -> str:
        """Why sessions cannot be started this way here; "" when they can."""

    def launch(self, plan: Plan) -> Attachment:
        """Start the plan's script; raises FairwayError `launch_failed`."""

    def alive(self, session: SessionRow) -> bool | None:
        """Whether the session's pane is still there; None when this backend cannot tell."""

    def end(self, session: SessionRow) -> bool:
        """End what was started, if it is still the same; whether anything was ended."""


def missing_program(program: str) -> str:
    """Why `program` cannot be run: "" when it is on PATH."""
    return "" if shutil.which(program) else f"the program {program} is not on PATH"


def run_program(program: str, *words: str) -> tuple[int, str, str]:
    """Run a terminal program and give (exit code, stdout, stderr); 127 when it is missing, 124 when it hangs."""
    from plumbum import CommandNotFound, ProcessTimedOut, local  # slow to load, and most who look at sessions ask none

    try:
        with local.env():  # a terminal server that this starts hands its environment on
            local.env.clear()
            local.env.update(caller.environment())
            code, out, err = local[program].run(list(words), retcode=None, timeout=_PATIENCE)
    except CommandNotFound:
        return 127, "", f"{program}: not found"
    except ProcessTimedOut:
        return 124, "", f"{program} {words[0]}: no answer within {_PATIENCE:.0f} s"
    return int(code), str(out), str(err)


def launch_failure(program: str, code: int, err: str) -> FairwayError:
    """The refusal of a terminal program that did not start a session."""
    said = " ".join(err.split()) or f"exit code {code}"
    hint = f"{program} list-sessions"
    if program == "tmux" and "too long" in said:  # a socket's path has at most 107 characters, 103 on macOS
        hint = "export TMUX_TMPDIR=/tmp"
    return FairwayError("launch_failed", f"{program} did not start the session: {said}", hint)


def wait_for_pid(path: str) -> tuple[int | None, str | None]:
    """The process and pane that a session's script writes into its pid file; (None, None) when it never does."""
    import time

    for _moment in range(100):
        if os.path.exists(path):
            with open(path, encoding="utf-8") as file:
                words = file.read().split()
            return int(words[0]), words[1] if len(words) > 1 else None
        time.sleep(0.05)
    return None, None
