"""The links that the store keeps, what both sides were when they last agreed, and findings about them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fairway_scripts.base import digest, jsonio
from fairway_scripts.store.stored_json import damaged, stored
from fairway_scripts.trackers.services.issues import WORDS, Issue, Known, TrackerError

if TYPE_CHECKING:
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import TrackerLink, TrackersLinks
    from fairway_scripts.trackers.tracker_shapes import LinkColumns, ShownLink


class Theirs(TypedDict):
    """An issue as far as links compare it."""

    title: str
    body_hash: str
    state: str
    labels: list[str]
    locked: bool
    private: bool


class Ours(TypedDict):
    """A task as far as links compare it."""

    title: str
    notes_hash: str


class Base(TypedDict):
    """What both sides were; `imported` says that the task was made of the issue."""

    theirs: Theirs
    ours: Ours
    imported: bool


class Finding(NamedTuple):
    """Something that is not as it should be: `word` is one of `services.issues.WORDS`."""

    word: str
    tracker: str
    issue: str
    task_id: str
    message: str
    fix: str = ""

    def as_json(self) -> dict[str, str]:
        """The finding as a JSON-ready object, with what its word means."""
        return {**self._asdict(), "means": WORDS[self.word]}


def found(trouble: TrackerError, tracker: str, issue: str, task_id: str = "") -> Finding:
    """A trouble as a finding about an issue."""
    return Finding(trouble.word, tracker, issue, task_id, trouble.message)


def theirs_of(issue: Issue) -> Theirs:
    """An issue as far as links compare it."""
    return {
        "title": issue.title,
        "body_hash": digest.of_text(issue.body),
        "state": issue.state or issue.state_word,
        "labels": list(issue.labels),
        "locked": issue.locked,
        "private": issue.private,
    }


def content_hash(theirs: Theirs) -> str:
    """The digest of all that links compare of an issue."""
    return digest.of_text(jsonio.dumps(theirs))


def ours_of(title: str, notes: str) -> Ours:
    """A task as far as links compare it."""
    return {"title": title, "notes_hash": digest.of_text(notes)}


def ours_in(tx: Transaction, task_id: str) -> tuple[Ours, str]:
    """A task as it is now, and its notes."""
    row = tx.one("tasks.definition", task_id=task_id)
    notes = row["notes"] or "" if row else ""
    return ours_of(row["title"] if row else "", notes), notes


def base_of(row: TrackerLink) -> Base:
    """What a link remembers; raises FairwayError `store_damaged`."""
    base: Base = stored(row["base"], dict, "tracker_links, base")
    theirs, ours = base.get("theirs"), base.get("ours")
    if not isinstance(theirs, dict) or not isinstance(ours, dict) or "imported" not in base:
        raise damaged("", "tracker_links, base", "does not hold both sides")
    if Theirs.__required_keys__ - theirs.keys() or Ours.__required_keys__ - ours.keys():
        raise damaged("", "tracker_links, base", "lacks something of a side")
    return base


def known_of(row: TrackerLink, *, conditional: bool) -> Known:
    """What a link knows of its issue."""
    return Known(row["issue"], row["remote_id"], (row["etag"] or "") if conditional else "")


def columns_of(issue: Issue, base: Base) -> LinkColumns:
    """The columns of a link that say what an issue is, and what both sides were."""
    return {
        "issue": issue.key,
        "remote_id": issue.remote_id,
        "url": issue.url,
        "base": jsonio.dumps(base),
        "content_hash": content_hash(base["theirs"]),
        "etag": issue.etag or None,
        "watermark": issue.updated_at,
    }


def shown_link(row: TrackersLinks) -> ShownLink:
    """A link as answers show it."""
    return {
        "link_id": row["id"],
        "task_id": row["task_id"],
        "lane": row["lane"],
        "status": row["status"],
        "tracker": row["tracker"],
        "kind": row["kind"],
        "issue": row["issue"],
        "url": row["url"],
        "watermark": row["watermark"],
        "content_hash": row["content_hash"],
        "comment_id": row["comment_id"],
        "imported": base_of(row)["imported"],
        "pending_since": row["pending_at"],
        "recorded_by": row["recorded_by"],
        "created_at": row["created_at"],
        "withdrawn_at": row["withdrawn_at"],
    }
