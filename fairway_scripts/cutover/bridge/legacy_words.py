"""The words in an old queue database that stand for ours. Data only."""

from __future__ import annotations

#: Words that stand for one of ours. A word that is ours already needs no entry.
WORDS: dict[str, dict[str, str]] = {
    "status": {
        **dict.fromkeys(("open", "new", "pending", "ready", "queued", "backlog", "to_do"), "todo"),
        **dict.fromkeys(("claimed", "started", "active", "doing", "wip", "working", "running"), "in_progress"),
        **dict.fromkeys(("inprogress",), "in_progress"),
        **dict.fromkeys(("review", "in_review", "needs_review", "reviewing", "verified", "merge_ready"), "in_progress"),
        **dict.fromkeys(("on_hold", "hold", "held", "waiting", "stuck", "paused", "parked", "suspended"), "blocked"),
        **dict.fromkeys(
            ("complete", "completed", "closed", "finished", "merged", "resolved", "landed", "shipped"), "done"
        ),
    },
    "result": {
        **dict.fromkeys(("passed", "ok", "success", "succeeded", "green"), "pass"),
        **dict.fromkeys(("failed", "failure", "error", "red", "ko"), "fail"),
        **dict.fromkeys(("skip",), "skipped"),
        **dict.fromkeys(("partially", "mixed"), "partial"),
    },
    "verdict": {
        **dict.fromkeys(("approve", "accepted", "lgtm", "ok", "pass"), "approved"),
        **dict.fromkeys(
            ("changes", "change_requested", "request_changes", "requested_changes", "needs_changes", "rework"),
            "changes_requested",
        ),
        **dict.fromkeys(("reject", "rejected", "block"), "blocked"),
    },
    "review_status": {
        **dict.fromkeys(("none", "no", "not_needed", ""), "not_required"),
        **dict.fromkeys(("requested", "open", "waiting", "in_review"), "pending"),
        **dict.fromkeys(("approve", "accepted", "lgtm"), "approved"),
        **dict.fromkeys(("changes", "request_changes", "needs_changes", "rework"), "changes_requested"),
        **dict.fromkeys(("reject", "rejected", "block"), "blocked"),
    },
    "session": {
        **dict.fromkeys(("started", "launching"), "starting"),
        **dict.fromkeys(("active", "live", "waiting_on_approval", "waiting_on_input"), "running"),
        **dict.fromkeys(("completed", "done", "closed", "exited", "finished"), "ended"),
        **dict.fromkeys(("crashed", "error"), "failed"),
        **dict.fromkeys(("lost", "orphaned"), "stale"),
    },
    "checkpoint": {
        **dict.fromkeys(("in_progress", "open", "running"), "active"),
        **dict.fromkeys(("waiting", "blocked", "waiting_on_input"), "awaiting_input"),
        **dict.fromkeys(("in_review",), "review"),
        **dict.fromkeys(("closed", "complete", "completed"), "done"),
        **dict.fromkeys(("paused", "on_hold"), "parked"),
        **dict.fromkeys(("dropped", "cancelled"), "abandoned"),
    },
}
#: The words of ours that each list may stand for; `status` is configured.
OURS: dict[str, tuple[str, ...]] = {
    "result": ("pass", "fail", "partial", "skipped", "blocked"),
    "verdict": ("approved", "changes_requested", "blocked"),
    "review_status": ("not_required", "pending", "approved", "changes_requested", "blocked"),
    "session": ("starting", "running", "ended", "failed", "stale"),
    "checkpoint": ("planned", "active", "awaiting_input", "review", "done", "parked", "abandoned"),
}
