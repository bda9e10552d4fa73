"""Sub-agents that a coordinator starts: the states they report, and what each of them leaves on record.

Every state leaves a checkpoint on the sub-agent's own track, because the latest checkpoint says where a track stands;
the two final ones also leave what somebody has to read: a handoff of finished work, evidence of failed work.
"""

from __future__ import annotations

from typing import Final, NamedTuple

from fairway_scripts.base.errors import FairwayError, suggest


class Meaning(NamedTuple):
    """What a state means for the session, for the checkpoint of its track, and which record it leaves on the task."""

    session: str
    checkpoint: str
    record: str = ""


#: GPUaaS's codex bridge: the states by external thread.
STATES: Final = {
    "started": Meaning("starting", "active"),
    "running": Meaning("running", "active"),
    "waiting_on_approval": Meaning("running", "awaiting_input"),
    "waiting_on_input": Meaning("running", "awaiting_input"),
    "completed": Meaning("ended", "done", "handoff"),
    "failed": Meaning("failed", "abandoned", "evidence"),
    "stale": Meaning("stale", "parked"),
}
_OTHER_WORDS: Final = {"no_progress": "stale", "complete": "completed", "done": "completed", "error": "failed"}


def checked_state(word: str) -> str:
    """One of `STATES`, `waiting-on-input` and `no_progress` included; raises FairwayError `usage`."""
    plain = word.strip().lower().replace("-", "_").replace("/", "_")
    plain = _OTHER_WORDS.get(plain, plain)
    if plain not in STATES:
        raise FairwayError(
            "usage", f"STATE {word!r} is none of {', '.join(STATES)}", suggest("subagent-bridge", "--help")
        )
    return plain


def check_order(external_id: str, before: str, after: str) -> None:
    """Raise FairwayError `invalid_transition` when a thread that is over goes on without having started again.

    A thread that was only taken for stale may go on: it was not over after all.
    """
    if before in ("completed", "failed") and after not in (before, "started"):
        raise FairwayError(
            "invalid_transition",
            f"sub-agent {external_id} has {before}; {after} came late, or it was started again",
            suggest("subagent-bridge", EXTERNAL_ID=external_id, STATE="started"),
            external_id=external_id,
        )


def default_summary(external_id: str, provider: str, state: str) -> str:
    """What a checkpoint says when the call says nothing."""
    return f"sub-agent {external_id}{f' ({provider})' if provider else ''}: {state.replace('_', ' ')}"
