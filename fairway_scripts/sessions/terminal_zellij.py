"""Sessions in zellij: a background session a lane, a pane a provider.

zellij does not say which process it started, so the session's script writes its own number and pane into a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.programs.processes import ALIVE, end_process, host_name, liveness
from fairway_scripts.sessions.terminal_protocol import (
    LEADER,
    Attachment,
    Plan,
    launch_failure,
    missing_program,
    run_program,
    wait_for_pid,
)

if TYPE_CHECKING:
    from fairway_scripts.store.rows import SessionRow


class Zellij:
    """zellij. One instance lists its sessions once."""

    recording = "terminal"

    def __init__(self) -> None:
        self._names: list[str] | None = None

    def available(self) -> str:
        """Why zellij cannot be used here; "" when it can."""
        return missing_program("zellij")

    def launch(self, plan: Plan) -> Attachment:
        """Run the script in a new pane of the lane's session, which is made when it is not there.

        Raises FairwayError `launch_failed`.
        """
        if plan.session_name not in self._listed():
            code, _out, err = run_program("zellij", "attach", "--create-background", plan.session_name)
            if code:
                raise launch_failure("zellij", code, err)
        pane = ["--session", plan.session_name, "action", "new-pane", "--close-on-exit", "--name", plan.title]
        code, _out, err = run_program("zellij", *pane, "--cwd", plan.worktree, "--", *LEADER, plan.script)
        if code:
            raise launch_failure("zellij", code, err)
        pid, pane_id = wait_for_pid(plan.pid_file)
        if pid is None:
            raise FairwayError(
                "launch_failed",
                "zellij opened no pane in which the session runs",
                suggest_program("zellij", "list-sessions"),
            )
        return Attachment(pid, pane_id, plan.session_name, plan.session_name)

    def alive(self, session: SessionRow) -> bool | None:
        """Whether the zellij session is there; its process tells about the pane."""
        if not session["terminal"] or session["host"] not in (None, host_name()) or self.available():
            return None
        return session["terminal"] in self._listed()

    def end(self, session: SessionRow) -> bool:
        """End the process in the pane, which closes with it."""
        pid, mark = session["pid"], session["pid_started_at"]
        if not pid or not mark or liveness(pid, mark, session["host"]) != ALIVE:
            return False
        return end_process(pid, mark, in_pane=True)

    def _listed(self) -> list[str]:
        if self._names is None:
            _code, out, _err = run_program("zellij", "list-sessions", "--short", "--no-formatting")
            self._names = [line.strip() for line in out.splitlines() if line.strip()]
        return self._names
