"""The backends by name, and what can be seen of many sessions at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.sessions.terminal_plain import ByHand, Shell
from fairway_scripts.sessions.terminal_tmux import Tmux
from fairway_scripts.sessions.terminal_zellij import Zellij

if TYPE_CHECKING:
    from fairway_scripts.sessions.terminal_protocol import Terminal
    from fairway_scripts.store.rows import SessionRow


def backends() -> dict[str, Terminal]:
    """A fresh backend for each name; what one has listed is remembered for its life only."""
    return {"shell": Shell(), "tmux": Tmux(), "zellij": Zellij(), "manual": ByHand(), "codex-api": ByHand()}


def panes_of(sessions: list[SessionRow]) -> dict[str, str]:
    """`alive`, `gone` or `unknown` for each session's pane, by session id; one program call a terminal server."""
    known = backends()
    words = {True: "alive", False: "gone", None: "unknown"}
    found = {}
    for session in sessions:
        backend = known.get(session["backend"])
        found[session["session_id"]] = words[backend.alive(session) if backend else None]
    return found
