"""Sessions in tmux: a detached session a lane, a window a provider."""

from __future__ import annotations

from typing import Any

from fairway_scripts.workspace.processes import host_name
from fairway_scripts.workspace.terminal_protocol import (
    Attachment,
    Plan,
    launch_failure,
    missing_program,
    run_program,
)

_SHOWN = "#{pane_id} #{pane_pid} #{socket_path}"


class Tmux:
    """tmux. One instance lists the panes of a server once, however many sessions are looked at."""

    recording = "pane"

    def __init__(self) -> None:
        self._panes: dict[str, dict[str, int] | None] = {}

    def available(self) -> str:
        """Why tmux cannot be used here; "" when it can."""
        return missing_program("tmux")

    def launch(self, plan: Plan) -> Attachment:
        """Run the script in a new detached session, or in a new window when the lane's session is there."""
        common = ["-d", "-P", "-F", _SHOWN, "-n", plan.title, "-c", plan.worktree]
        code, _out, _err = run_program("tmux", "has-session", "-t", f"={plan.session_name}")
        if code == 0:
            where = ["new-window", *common, "-t", f"={plan.session_name}:"]
        else:
            where = ["new-session", *common, "-s", plan.session_name, "-x", "200", "-y", "50"]
        code, out, err = run_program("tmux", *where, "sh", plan.script)
        words = out.strip().split(" ", 2)
        if code or len(words) != 3:
            raise launch_failure("tmux", code, err)
        return Attachment(int(words[1]), words[0], words[2], plan.session_name)

    def alive(self, session: dict[str, Any]) -> bool | None:
        """Whether the pane is there; one that we started must also still have its process.

        A pane's number is given out again by the next server, so the number alone proves nothing.
        """
        if not session["tmux_pane"] or session["host"] not in (None, host_name()):
            return None
        panes = self._listed(session["terminal"] or "")
        if panes is None:
            return None
        pid = panes.get(session["tmux_pane"])
        return pid is not None and (not session["terminal"] or session["pid"] in (None, pid))

    def end(self, session: dict[str, Any]) -> bool:
        """Close the pane, if it is still the session's."""
        if not self.alive(session):
            return False
        server = ["-S", session["terminal"]] if session["terminal"] else []
        code, _out, _err = run_program("tmux", *server, "kill-pane", "-t", session["tmux_pane"])
        return code == 0

    def _listed(self, socket: str) -> dict[str, int] | None:
        """The processes of a server's panes by pane, none when it does not run; None when that cannot be told."""
        if socket not in self._panes:
            server = ["-S", socket] if socket else []
            code, out, err = run_program("tmux", *server, "list-panes", "-a", "-F", "#{pane_id} #{pane_pid}")
            gone = "no server running" in err or "No such file" in err or "Connection refused" in err
            if code and not gone:
                self._panes[socket] = None
            else:
                lines = (line.split() for line in out.splitlines())
                self._panes[socket] = {words[0]: int(words[1]) for words in lines if len(words) == 2}
        return self._panes[socket]
