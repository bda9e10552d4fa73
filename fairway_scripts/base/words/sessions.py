"""What a session may be: its backends and states, names, and what a partial update changes."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from fairway_scripts.base.errors import FairwayError, suggest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    #: the entries that may be emptied again
    Clearable = Literal[
        "lane_label",
        "provider",
        "session_name",
        "task_id",
        "external_id",
        "pid",
        "tmux_pane",
        "transcript_path",
        "branch",
    ]

#: How a session may be attached. What is done by hand or behind an interface has no pane and no process of ours.
BACKENDS: Final = ("shell", "tmux", "zellij", "manual", "codex-api")
#: The states in which a session is an attachment, and the ones in which it was one.
LIVE: Final = ("starting", "running")
OVER: Final = ("ended", "failed", "stale")
#: The entries of a session that `session-upsert` may empty again, by their make variable.
CLEARABLE: Final[dict[str, Clearable]] = {
    "LANE": "lane_label",
    "PROVIDER": "provider",
    "SESSION_NAME": "session_name",
    "TASK_ID": "task_id",
    "EXTERNAL_ID": "external_id",
    "PID": "pid",
    "TMUX_PANE": "tmux_pane",
    "TRANSCRIPT_PATH": "transcript_path",
    "BRANCH": "branch",
}
#: A session's id is also the name of its transcript.
_ID: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,119}")


def checked_id(session_id: str) -> str:
    """`session_id` when it can be one; raises FairwayError `usage`."""
    if not _ID.fullmatch(session_id):
        raise FairwayError(
            "usage",
            f"SESSION_ID {session_id!r} is no session id: letters, digits and . _ : @ + -, at most 120, the first a "
            "letter or digit",
        )
    return session_id


def checked_backend(backend: str) -> str:
    """`backend` when it is known; raises FairwayError `usage`."""
    if backend not in BACKENDS:
        raise FairwayError("usage", f"BACKEND {backend!r} is none of {', '.join(BACKENDS)}")
    return backend


def checked_live_status(status: str) -> str:
    """`status` when a session that is registered can have it; raises FairwayError `usage`."""
    if status not in LIVE:
        hint = (
            suggest("session-end", SESSION_ID=None, STATUS=None)
            if status in OVER
            else suggest("session-upsert", "--help")
        )
        raise FairwayError("usage", f"STATUS {status!r} is none of {', '.join(LIVE)}", hint)
    return status


def end_status(status: str, exit_code: int | None) -> str:
    """How a session ended: as it is said, else `failed` after an exit code that is not 0, else `ended`.

    Raises FairwayError `usage` for a word that says no end.
    """
    if not status:
        return "failed" if exit_code else "ended"
    if status not in OVER:
        raise FairwayError("usage", f"STATUS {status!r} is none of {', '.join(OVER)}", suggest("session-end", "--help"))
    return status


def new_id(backend: str, lane: str, at: str, taken: set[str]) -> str:
    """A session id that says what it is, `<backend>-<lane>-<UTC stamp>`; `at` is a stored time."""
    stamp = at[:19].replace("-", "").replace(":", "")
    plain = re.sub(r"[^A-Za-z0-9._-]", "-", f"{backend}-{lane}-{stamp}Z")[:110]
    name, count = plain, 1
    while name in taken:
        count += 1
        name = f"{plain}-{count}"
    return name


def cleared(words: str) -> list[Clearable]:
    """The entries that `CLEAR=TASK_ID,PID` names; raises FairwayError `usage` for an unknown name."""
    names = [word.upper() for word in re.split(r"[,\s]+", words) if word]
    unknown = [name for name in names if name not in CLEARABLE]
    if unknown:
        raise FairwayError("usage", f"CLEAR {', '.join(unknown)}: only {', '.join(CLEARABLE)} can be cleared")
    return [CLEARABLE[name] for name in names]


def differing(before: Mapping[str, object], after: Mapping[str, object]) -> dict[str, list[object]]:
    """The entries that differ, each with its value before and after, without the times that always move."""
    always = ("updated_at", "last_heartbeat_at")
    return {
        name: [before.get(name), after[name]]
        for name in after
        if name not in always and before.get(name) != after[name]
    }
