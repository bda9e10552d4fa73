"""Sessions in tmux: a detached session a lane, a window a provider."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.programs.processes import ALIVE, host_name, liveness
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

_SHOWN = "#{pane_id} #{socket_path}"


class Tmux:
    """tmux. One instance lists the panes of a server once, however many sessions are looked at."""

    recording = "pane"

    def __init__(self) -> None:
        self._panes: dict[str, list[str] | None] = {}

    def available(self) -> str:
        """Why tmux cannot be used here; "" when it can."""
        return missing_program("tmux")

    def launch(self, plan: Plan) -> Attachment:
        """Run the script in a new detached session, or in a new window when the lane's session is there.

        Raises FairwayError `launch_failed`.
        """
        common = ["-d", "-P", "-F", _SHOWN, "-n", plan.title, "-c", plan.worktree]
        code, _out, _err = run_program("tmux", "has-session", "-t", f"={plan.session_name}")
        if code == 0:
            where = ["new-window", *common, "-t", f"={plan.session_name}:"]
        else:
            where = ["new-session", *common, "-s", plan.session_name, "-x", "200", "-y", "50"]
        code, out, err = run_program("tmux", *where, *LEADER, plan.script)
        pane, _blank, socket = out.strip().partition(" ")
        if code or not socket:
            raise launch_failure("tmux", code, err)
        pid, _pane = wait_for_pid(plan.pid_file)
        if pid is None:
            raise FairwayError(
                "launch_failed", f"nothing runs in the tmux pane {pane}", suggest_program("tmux", "list-panes", "-a")
            )
        return Attachment(pid, pane, socket, plan.session_name)

    def alive(self, session: SessionRow) -> bool | None:
        """Whether its server has the pane. The next server gives the number out again: only the process is proof."""
        if not session["tmux_pane"] or session["host"] not in (None, host_name()):
            return None
        panes = self._listed(session["terminal"] or "")
        return None if panes is None else session["tmux_pane"] in panes

    def end(self, session: SessionRow) -> bool:
        """Close the pane, if the session's process still runs and so the pane is still the session's."""
        process = liveness(session["pid"], session["pid_started_at"], session["host"])
        pane = session["tmux_pane"]
        if process != ALIVE or not pane or not self.alive(session):
            return False
        server = ["-S", session["terminal"]] if session["terminal"] else []
        code, _out, _err = run_program("tmux", *server, "kill-pane", "-t", pane)
        return code == 0

    def _listed(self, socket: str) -> list[str] | None:
        """The panes of a server, none when it does not run; None when that cannot be told."""
        if socket not in self._panes:
            server = ["-S", socket] if socket else []
            code, out, err = run_program("tmux", *server, "list-panes", "-a", "-F", "#{pane_id}")
            gone = "no server running" in err or "No such file" in err or "Connection refused" in err
            self._panes[socket] = None if code and not gone else out.split()
        return self._panes[socket]
