"""What a task's state becomes by a row of the old database.

An empty cell (NULL) says nothing: what is known here stays as long as the status does. An empty text says "nobody".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fairway_scripts.base import settings as settings_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.store.legacy_types import Cell, Cells
    from fairway_scripts.store.rows import LegacyStates

#: What an old row of a task's state is to us.
NEW, CHANGED, SAME = "new", "changed", "same"


class Target(NamedTuple):
    """Where the old database has a task: kind of table and key of its row, what was read, its hash, what it is."""

    kind: str
    key: str
    read: Cells
    content: str
    news: str


class Chain(TypedDict):
    """What each history row carries on from the one before it."""

    status: str
    owner: str | None
    branch: str | None
    commit_sha: str | None


def chain_of(state: Chain | LegacyStates) -> Chain:
    """Return what a history row carries on of a state."""
    return {
        "status": state["status"],
        "owner": state["owner"],
        "branch": state["branch"],
        "commit_sha": state["commit_sha"],
    }


def is_same_place(one: Chain | LegacyStates, other: Chain | LegacyStates) -> bool:
    """Tell whether two states have the same status, owner, branch and commit; an empty text is none."""
    return all((left or "") == (right or "") for left, right in zip(_places(one), _places(other), strict=True))


def _places(state: Chain | LegacyStates) -> tuple[str | None, ...]:
    return (state["status"], state["owner"], state["branch"], state["commit_sha"])


def end_of(row: Mapping[str, str | None], end: str, status: str) -> Chain:
    """Return where a transition begins (`from`) or leads (`to`), with empty texts for what it leaves open."""
    return {
        "status": status,
        "owner": row[f"{end}_owner"] or "",
        "branch": row[f"{end}_branch"] or "",
        "commit_sha": row[f"{end}_commit_sha"] or "",
    }


class _Claim(TypedDict):
    claimant: str | None
    claimed_at: str | None
    lease_expires_at: str | None
    fence: int


class _Review(TypedDict):
    review_required: int | None
    review_status: str | None
    reviewer: str | None
    reviewed_at: str | None
    review_note: str | None


class Policy:
    """The words that decide: where work starts, what a claim leads to, what is finished."""

    def __init__(self, settings: Settings, claimed: str) -> None:
        self.settings = settings
        self.initial = settings_of.initial_status(settings)
        self.claimed = claimed

    def is_terminal(self, status: str) -> bool:
        """Tell whether work in this status is finished."""
        return settings_of.is_terminal(self.settings, status)

    def next_link(self, before: Chain | LegacyStates, status: str, row: Mapping[str, Cell]) -> Chain:
        """Return where a transition leads; what its row leaves open follows from the status."""
        reopened = self.is_terminal(before["status"]) and not self.is_terminal(status)
        back = status == self.initial and before["status"] != status
        return {
            "status": status,
            "owner": _first(row.get("to_owner"), "" if back else before["owner"]) or "",
            "branch": _first(row.get("to_branch"), "" if back else before["branch"]) or "",
            "commit_sha": _first(row.get("to_commit_sha"), None if reopened else before["commit_sha"]) or None,
        }


def wanted_state(before: LegacyStates, read: Cells, moved_at: str, policy: Policy) -> LegacyStates:
    """Return the state of a task (all columns of `before`, as they are to be) by a row of the old database.

    `read` holds the mapped cells (times normalised, words ours; missing where the database has no such column), {}
    when the database has no row; `moved_at` is when the last transition was.
    """
    if not read:
        return before.copy()
    status = str(read["status"])
    same = status == before["status"]
    terminal = policy.is_terminal(status)
    given = {f"to_{name}": read.get(name) for name in ("owner", "branch", "commit_sha")}
    link = policy.next_link(before, status, given)
    completed_at = _text(read.get("completed_at"))
    after: LegacyStates = {
        **before,
        **link,
        **_claim(before, link, read, moved_at, policy),
        **_review(before, read),
        "terminal": int(terminal),
        "completed_at": (completed_at or (before["completed_at"] if same else moved_at)) if terminal else None,
        "updated_at": _text(read.get("updated_at")) or moved_at,
    }
    if not same:
        since = completed_at if terminal else _text(read.get("claimed_at")) if status == policy.claimed else None
        after["status_since"] = since or moved_at
    return after


def _claim(before: LegacyStates, after: Chain, read: Cells, moved_at: str, policy: Policy) -> _Claim:
    """Return the columns of a claim: a claimant only while work is in progress, a new fence with every new holder."""
    if after["status"] != policy.claimed:
        return {"claimant": None, "claimed_at": None, "lease_expires_at": None, "fence": before["fence"]}
    stays = before["status"] == policy.claimed and before["owner"] == after["owner"]
    claimant = _text(read.get("claimant"))
    if claimant is None:
        claimant = before["claimant"] if stays else None
    kept = before["claimed_at"] if stays else None
    held = stays and (claimant or None) == before["claimant"]
    return {
        "claimant": claimant or None,
        "claimed_at": _text(read.get("claimed_at")) or kept or (None if stays else moved_at),
        "lease_expires_at": _text(read.get("lease_expires_at")) or (before["lease_expires_at"] if held else None),
        "fence": before["fence"] + (not stays),
    }


def _review(before: LegacyStates, read: Cells) -> _Review:
    required = read.get("review_required")
    return {
        "review_required": before["review_required"] if required is None else int(bool(required)),
        "review_status": _first(read.get("review_status"), before["review_status"]),
        "reviewer": _first(read.get("reviewer"), before["reviewer"]),
        "reviewed_at": _first(read.get("reviewed_at"), before["reviewed_at"]),
        "review_note": _first(read.get("review_note"), before["review_note"]),
    }


def _first(cell: Cell, otherwise: str | None) -> str | None:
    return otherwise if cell is None else str(cell)


def _text(cell: Cell) -> str | None:
    return _first(cell, None)
