"""Which moves between states are allowed."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest, suggest_call

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import Settings


def check_status(settings: Settings, status: str) -> None:
    """Raise FairwayError `usage` when `status` is no configured state."""
    allowed = settings["states"]["allowed"]
    if status not in allowed:
        raise FairwayError("usage", f"STATUS {status!r} is none of {', '.join(allowed)}", suggest_call(STATUS=None))


def check_transition(settings: Settings, task_id: str, before: str, after: str) -> None:
    """Raise FairwayError `invalid_transition` when a configured transition list does not hold the pair.

    Without a list every move is allowed; `*` on the left of a pair stands for any state.
    """
    pairs = settings["states"]["transitions"]
    if not pairs or before == after or any(left in ("*", before) and right == after for left, right in pairs):
        return
    reachable = sorted({right for left, right in pairs if left in ("*", before)})
    raise FairwayError(
        "invalid_transition",
        f"{task_id} cannot go from {before} to {after}",
        f"from {before} it can go to: {', '.join(reachable) or 'nothing'}",
        task_id=task_id,
        reachable=reachable,
    )


def check_reopen(settings: Settings, task_id: str, before: str, after: str, *, reopen: bool, reason: str) -> None:
    """Raise FairwayError when finished work would be reopened without saying so, or without a reason.

    `invalid_transition` without REOPEN, `reason_required` without a reason.
    """
    terminal = settings["states"]["terminal"]
    if before not in terminal or after in terminal:
        return
    line = suggest("queue-set-status", TASK_ID=task_id, STATUS=after, REOPEN=True, REASON=None)
    if not reopen:
        raise FairwayError("invalid_transition", f"{task_id} is {before}, which is final", line, task_id=task_id)
    if not reason:
        raise FairwayError("reason_required", f"reopening {task_id} needs a REASON", line, task_id=task_id)


def check_blocked_reason(settings: Settings, task_id: str, before: str, after: str, reason: str) -> None:
    """Raise FairwayError `reason_required` when a task enters `blocked` without a reason and the gate asks for one."""
    if (
        after == "blocked"
        and before != "blocked"
        and not reason.strip()
        and settings["gates"]["require_blocked_reason"]
    ):
        raise FairwayError(
            "reason_required",
            f"BLOCKED_REASON is required to block {task_id}",
            suggest("queue-set-status", TASK_ID=task_id, STATUS="blocked", BLOCKED_REASON=None),
            task_id=task_id,
        )
