"""Waivers and deferrals of a review: until when one counts, and what it needs to count at a real exit.

A waiver lets a requirement go, a deferral puts it off until its end: after that the review is missing again. Either has
a reason, an owner and an end. At a real exit (a full-matrix review, or a risk level that says so) a typed name is not
enough: a lane that is not the task's has to approve the waiver itself.
"""

from __future__ import annotations

from fairway_scripts.work.gates import APPROVED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypedDict

    from fairway_scripts.store.rows import Waiver
    from fairway_scripts.work.work_shapes import Verdict

    class Numbered(TypedDict):
        """A waiver by its number."""

        id: int

    class Ending(TypedDict):
        """A waiver, as far as it ends, or why it counts for nothing."""

        expires_at: str | None
        own_work: str

    class OnWaiver(TypedDict):
        """A verdict, as far as it is about a waiver."""

        reviewer_role: str
        verdict: str
        waiver_id: int | None


#: What a waiver grants when it is about a domain: the approval is let go, or put off until the end.
WAIVED = "waived"
DEFERRED = "deferred"


def approvers(waiver: Numbered, rows: Iterable[OnWaiver]) -> list[str]:
    """The lanes whose latest verdict on a waiver approves it, [] when one of them objects.

    `rows` are the reviews of the task, oldest first; those of a waiver carry its id as `waiver_id`, and those on one's
    own work count for nothing (`own_work`).
    """
    counting = [row for row in rows if row.get("waiver_id") == waiver["id"] and not row.get("own_work")]
    latest = {row["reviewer_role"]: row for row in counting}
    if any(row["verdict"] != APPROVED for row in latest.values()):
        return []
    return list(latest)


def why_not(waiver: Ending, approved_by: list[str], *, now: str, real_exit: bool) -> str:
    """Why a waiver does not count now, whatever it is for; "" when it does. `now` is a stored time."""
    if waiver.get("own_work"):
        return str(waiver["own_work"])
    if waiver["expires_at"] and waiver["expires_at"] <= now:
        return f"it ended at {waiver['expires_at']}"
    if real_exit and not approved_by:
        return "this is a real exit, and no other lane has approved the waiver"
    return ""


def waiver_text(waiver: Waiver, approved_by: list[str]) -> str:
    """A waiver of a domain in words: what it grants, until when, whose it is and who approved it."""
    until = f" until {waiver['expires_at']}" if waiver["expires_at"] else ""
    by = f", approved by {', '.join(approved_by)}" if approved_by else ""
    return f"{waiver['granted']}{until} by {waiver['owner']}: {waiver['reason']} (waiver {waiver['id']}{by})"


def stand_in(waiver: Waiver, approved_by: list[str]) -> Verdict:
    """The waiver of a domain as a verdict that `review_standing.judge` takes."""
    return {
        "id": None,
        "task_id": waiver["task_id"],
        "reviewer_role": "",
        "reviewer": waiver["owner"],
        "review_domain": waiver["needed"],
        "domains": [waiver["needed"]],
        "verdict": APPROVED,
        "reviewed_commit_sha": waiver["commit_sha"],
        "base_commit_sha": waiver["base_commit_sha"],
        "route_reason": None,
        "notes": None,
        "recorded_by": waiver["recorded_by"],
        "created_at": waiver["created_at"],
        "withdrawn_at": None,
        "findings_count": None,
        "duration_seconds": None,
        "waiver_id": None,
        "waiver": {
            "id": waiver["id"],
            "needed": waiver["needed"],
            "granted": waiver["granted"],
            "text": waiver_text(waiver, approved_by),
        },
    }
