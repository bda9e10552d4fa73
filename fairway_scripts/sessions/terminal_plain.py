"""Sessions without a terminal program: a process of their own, work done by hand, and work behind an interface."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, NoReturn

from fairway_scripts.base import caller
from fairway_scripts.programs.processes import ALIVE, end_process, liveness
from fairway_scripts.sessions.terminal_protocol import Attachment, Plan

if TYPE_CHECKING:
    from fairway_scripts.store.rows import SessionRow


class Shell:
    """A process in the background without a terminal; its output goes to the transcript."""

    recording = "file"

    def available(self) -> str:
        """A shell is everywhere."""
        return ""

    def launch(self, plan: Plan) -> Attachment:
        """Start the script as the leader of a process group of its own, which outlives this command."""
        import subprocess

        process = subprocess.Popen(
            ["sh", plan.script],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=plan.worktree,
            env=caller.environment(),
            start_new_session=True,
        )
        return Attachment(process.pid)

    def alive(self, session: SessionRow) -> bool | None:  # noqa: ARG002 - the protocol's
        """There is no pane; the process tells."""
        return None

    def end(self, session: SessionRow) -> bool:
        """End the process group, if its leader is still the one that was started."""
        pid, mark = session["pid"], session["pid_started_at"]
        if not pid or not mark or liveness(pid, mark, session["host"]) != ALIVE:
            return False
        return end_process(pid, mark, in_pane=False)


class ByHand:
    """A session that somebody else starts and ends: a person, or a provider behind an interface."""

    recording = "none"

    def available(self) -> str:
        """Nothing is needed."""
        return ""

    def launch(self, plan: Plan) -> Attachment:  # noqa: ARG002 - the protocol's
        """Nothing is started; the session is known, and its commands are its heartbeat."""
        return Attachment()

    def alive(self, session: SessionRow) -> bool | None:  # noqa: ARG002 - the protocol's
        """Nothing can be seen of it."""
        return None

    def end(self, session: SessionRow) -> bool:  # noqa: ARG002 - the protocol's
        """Nothing was started."""
        return False


def become(script: str) -> NoReturn:
    """Turn this process into the session's script, keeping its number and its terminal."""
    os.execvpe("sh", ["sh", script], caller.environment())
