"""What a task's state becomes by a row of the old database.

An empty cell (NULL) says nothing: what is known here stays as long as the status does. An empty text says "nobody".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.base import settings as settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.base.settings_shape import Settings

    Row = dict[str, Any]


class Policy:
    """The words that decide: where work starts, what a claim leads to, what is finished."""

    def __init__(self, settings: Settings, claimed: str) -> None:
        self.settings = settings
        self.initial = settings_of.initial_status(settings)
        self.claimed = claimed

    def is_terminal(self, status: str) -> bool:
        """Whether work in this status is finished."""
        return settings_of.is_terminal(self.settings, status)

    def next_link(self, before: Row, status: str, row: Mapping[str, Any]) -> Row:
        """Status, owner, branch and commit after a transition; what its row leaves open follows from the status."""
        reopened = self.is_terminal(before["status"]) and not self.is_terminal(status)
        back = status == self.initial and before["status"] != status
        given = {name: row.get(f"to_{name}") for name in ("owner", "branch", "commit_sha")}
        return {
            "status": status,
            "owner": _first(given["owner"], "" if back else before["owner"]) or "",
            "branch": _first(given["branch"], "" if back else before["branch"]) or "",
            "commit_sha": _first(given["commit_sha"], None if reopened else before["commit_sha"]) or None,
        }


def wanted_state(before: Row, read: Mapping[str, Any], moved_at: str, policy: Policy) -> Row:
    """The state of a task (all columns of `before`, as they are to be) by a row of the old database.

    `read` holds the mapped cells (times normalised, words ours; missing where the database has no such column), {}
    when the database has no row; `moved_at` is when the last transition was.
    """
    if not read:
        return dict(before)
    status = read["status"]
    same = status == before["status"]
    terminal = policy.is_terminal(status)
    given = {f"to_{name}": read.get(name) for name in ("owner", "branch", "commit_sha")}
    after = {**before, **policy.next_link(before, status, given), "terminal": int(terminal)}
    if terminal:
        kept = before["completed_at"] if same else moved_at
        after["completed_at"] = read.get("completed_at") or kept
    else:
        after["completed_at"] = None
    after.update(_claim(before, after, read, moved_at, policy))
    after.update(_review(before, read))
    if not same:
        after["status_since"] = (read.get("completed_at") if terminal else read.get("claimed_at")) or moved_at
        if status != policy.claimed and not terminal:
            after["status_since"] = moved_at
    after["updated_at"] = read.get("updated_at") or moved_at
    return after


def _claim(before: Row, after: Row, read: Mapping[str, Any], moved_at: str, policy: Policy) -> Row:
    """The columns of a claim: a claimant only while the work is in progress, a new fence with every new holder."""
    if after["status"] != policy.claimed:
        return {"claimant": None, "claimed_at": None, "lease_expires_at": None}
    stays = before["status"] == policy.claimed and before["owner"] == after["owner"]
    claimant = read.get("claimant")
    if claimant is None:
        claimant = before["claimant"] if stays else None
    kept = before["claimed_at"] if stays else None
    held = stays and (claimant or None) == before["claimant"]
    return {
        "claimant": claimant or None,
        "claimed_at": read.get("claimed_at") or kept or (None if stays else moved_at),
        "lease_expires_at": before["lease_expires_at"] if held else None,
        "fence": before["fence"] + (not stays),
    }


def _review(before: Row, read: Mapping[str, Any]) -> Row:
    names = ("review_status", "reviewer", "reviewed_at", "review_note")
    found = {name: _first(read.get(name), before[name]) for name in names}
    required = read.get("review_required")
    found["review_required"] = before["review_required"] if required is None else int(bool(required))
    return found


def _first(value: Any, otherwise: Any) -> Any:
    return otherwise if value is None else value
