"""What a command may not do while it runs for a watcher: claim, approve or close (GPUaaS watcher rules)."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest

_CLAIMS = "claim"
_FORBIDDEN = {
    "queue-claim": _CLAIMS,
    "queue-reclaim": _CLAIMS,
    "queue-release": "give work back",
    "queue-record-review": "review",
    "review-waive": "waive a review",
    "guard-graduate": "change the mode of a gate",
    "queue-undo": "undo",
    "queue-approve-run": "approve",
}


def refuse(watch_id: str, tool: str, status: str, *, terminal: bool, forced: bool) -> None:
    """Raise FairwayError `watcher_refused` when `tool` may not be called by a watcher.

    `status` is the one that the call sets, `terminal` whether that finishes a task, `forced` whether it goes past a
    check.
    """
    what = _FORBIDDEN.get(tool, "")
    if not what and tool == "queue-set-status" and terminal:
        what = f"close a task (STATUS={status})"
    if not what and forced:
        what = "go past a check (FORCE)"
    if what:
        raise FairwayError(
            "watcher_refused",
            f"a watcher may not {what}; this call runs for watcher {watch_id}",
            suggest("watcher-finish", WATCH_ID=watch_id, RESULT=None),
            watch_id=watch_id,
        )
