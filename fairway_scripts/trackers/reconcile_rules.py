"""What is proposed where a task and its issue have gone apart since they last agreed. Data in, data out.

Only our side is ever changed: the definition of an imported task (`ours`), where a link points to (`link`), or what is
remembered of the other side (`note`). A change of both sides is nobody's to decide here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fairway_scripts.trackers.issue_rules import notes_of
from fairway_scripts.trackers.links import ours_of
from fairway_scripts.trackers.services.issues import CLOSED, OPEN

if TYPE_CHECKING:
    from fairway_scripts.trackers.links import Base, Ours, Theirs
    from fairway_scripts.trackers.services.issues import Issue


class Proposal(TypedDict):
    """One change: what both sides were, what each is now, and what is done."""

    field: str
    base: str
    theirs: str
    ours: str
    does: str


class Judged(NamedTuple):
    """What is proposed for a link, what stands in the way as (word, message), the fields to change, the new base."""

    proposals: list[Proposal]
    faults: list[tuple[str, str]]
    fields: dict[str, str]
    base: Base


def standing_faults(theirs: Theirs, *, terminal: bool) -> list[tuple[str, str]]:
    """What is wrong for as long as it stays so, as (word, message)."""
    faults = []
    if theirs["state"] == CLOSED and not terminal:
        faults.append(("closed_there", "the issue is closed and the task is not finished"))
    elif theirs["state"] == OPEN and terminal:
        faults.append(("open_there", "the task is finished and the issue is open"))
    elif theirs["state"] not in (OPEN, CLOSED):
        faults.append(("unknown_state", f"the issue is in the state {theirs['state']!r}"))
    if theirs["locked"]:
        faults.append(("locked", "the issue is locked"))
    if theirs["private"]:
        faults.append(("private", "the issue is confidential; its text is not taken over"))
    return faults


def judge(base: Base, theirs: Theirs, issue: Issue, ours: Ours, key: str) -> Judged:
    """Compare both sides with what they were. `key` is where the link points to."""
    judged = Judged([], [], {}, {"theirs": {**theirs}, "ours": {**base["ours"]}, "imported": base["imported"]})
    if issue.key != key:
        judged.proposals.append({"field": "issue", "base": key, "theirs": issue.key, "ours": key, "does": "link"})
    before = base["theirs"]
    for name in ("state", "labels", "locked", "private"):
        was, now = _shown(before[name]), _shown(theirs[name])
        if was != now:
            judged.proposals.append({"field": name, "base": was, "theirs": now, "ours": "-", "does": "note"})
    if theirs["private"]:
        _keep(judged, before)
        return judged
    _title(judged, base, theirs, ours)
    _body(judged, base, theirs, ours, issue)
    return judged


def _title(judged: Judged, base: Base, theirs: Theirs, ours: Ours) -> None:
    was, now, here = base["theirs"]["title"], theirs["title"], ours["title"]
    if was == now:
        return
    row: Proposal = {"field": "title", "base": was, "theirs": now, "ours": here, "does": "note"}
    if base["imported"] and now.strip() != here:
        if here != base["ours"]["title"]:
            judged.faults.append(("both_changed", f"title: base {was!r}, theirs {now!r}, ours {here!r}"))
            judged.base["theirs"]["title"] = was
            return
        row["does"] = "ours"
        judged.fields["title"] = now.strip()
    judged.proposals.append(row)
    judged.base["ours"]["title"] = now.strip() if base["imported"] else here


def _body(judged: Judged, base: Base, theirs: Theirs, ours: Ours, issue: Issue) -> None:
    was, now = base["theirs"]["body_hash"], theirs["body_hash"]
    if was == now:
        return
    here = ours["notes_hash"]
    notes = notes_of(issue.url, issue.body)
    becomes = ours_of("", notes)["notes_hash"]
    shown: Proposal = {"field": "body", "base": _digest(was), "theirs": notes, "ours": _digest(here), "does": "note"}
    if base["imported"] and becomes != here:
        if here != base["ours"]["notes_hash"]:
            judged.faults.append(("both_changed", "the issue's text and the task's notes have both changed"))
            judged.base["theirs"]["body_hash"] = was
            return
        shown["does"] = "ours"
        judged.fields["notes"] = notes
    judged.proposals.append(shown)
    judged.base["ours"]["notes_hash"] = becomes if base["imported"] else here


def keep_text(judged: Judged, before: Base) -> None:
    """Take back what a judgement says of title and text, which cannot be taken over."""
    judged.proposals[:] = [row for row in judged.proposals if row["does"] != "ours"]
    judged.fields.clear()
    _keep(judged, before["theirs"])
    judged.base["ours"].update(before["ours"])


def _keep(judged: Judged, before: Theirs) -> None:
    judged.base["theirs"]["title"] = before["title"]
    judged.base["theirs"]["body_hash"] = before["body_hash"]


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(entry) for entry in value) or "-"
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _digest(value: str) -> str:
    return f"sha256:{value[:12]}"
