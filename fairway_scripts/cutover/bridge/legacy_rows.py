"""Rows of an old database as rows of ours: evidence, handoffs, reviews, sessions, checkpoints, transitions.

Nothing is thrown away: a word that stands for none of ours is kept as it is, a cell that cannot be read goes into the
row's notes as text, and both are remarked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.cutover.bridge.legacy_tables import COLUMNS, KIND
from fairway_scripts.cutover.bridge.legacy_values import lane_named, our_word, plain_word, read_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fairway_scripts.store.legacy_types import Cells

PROVENANCE = "legacy:"
UNKNOWN = "unknown"
#: The text column of each kind that takes up what could not be read.
_NOTES = {"evidence": "notes", "handoffs": "payload", "reviews": "notes", "sessions": "end_reason"}
_NOTES |= {"checkpoints": "summary", "history": "reason"}
#: Texts that are NULL here where they say nothing.
_NULL: dict[str, tuple[str, ...]] = {
    "evidence": ("handoff_id", "branch", "commit_sha", "pack_id", "environment"),
    "handoffs": ("commit_sha",),
    "reviews": (),
    "requests": ("commit_sha", "base_commit_sha", "answered_by"),
    "sessions": (
        *("lane", "worktree_path", "branch", "provider", "session_name", "external_id", "host", "tmux_pane"),
        *("transcript_path", "end_reason"),
    ),
    "checkpoints": ("session_id",),
}
_SESSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,119}")
#: Columns that name lanes.
LANES = ("role", "from_role", "to_role", "reviewer_role")
_LIVE = ("starting", "running")
_DAY, _MINUTE = len("2026-05-04"), len("2026-05-04T10:00")


class Context:
    """What a row is read with: the lanes and statuses of the project, the host's own words, and the time of now."""

    def __init__(
        self, lanes: Sequence[str], statuses: Sequence[str], words: Mapping[str, Mapping[str, str]], at: str
    ) -> None:
        self.lanes = list(lanes)
        self.statuses = list(statuses)
        self.words = words
        self.at = at

    def word(self, family: str, word: str) -> str | None:
        """Return the word of ours that an old one stands for, None when there is none."""
        ours = self.statuses if family == "status" else None
        return our_word(family, word, self.words.get(family), ours)


def provenance(actor: str | None) -> str:
    """Return who an old row says it was, as an actor of ours: `legacy:codex-1`, `legacy:unknown`."""
    name = (actor or "").strip()
    return name if name.startswith(PROVENANCE) else PROVENANCE + (name or UNKNOWN)


def own_row(kind: str, columns: Mapping[str, str], row: Cells, lane: str, context: Context) -> tuple[Cells, list[str]]:
    """Return an old row of `kind` as a row of ours, and what there is to remark.

    `columns` is the mapping of its table, `lane` the lane of its task ("" for a row of no task). Raises ValueError
    with the reason when it cannot be one.
    """
    read, unreadable = read_row(kind, columns, row)
    read |= {name: _lane_of(_text(read, name), context.lanes) or read[name] for name in LANES if read.get(name)}
    own, remarks = _MAKERS[kind](read, lane, context)
    if unreadable:
        note = f"(not readable in the old database: {'; '.join(unreadable)})"
        if kind == "requests":
            own["rules"] = jsonio.dumps([*jsonio.loads(_text(own, "rules")), note])
        else:
            own[_NOTES[kind]] = f"{own[_NOTES[kind]] or ''} {note}".strip()
        remarks += [f"cannot be read: {what}" for what in unreadable]
    times = [name for name in columns if COLUMNS[kind][name].kind == "time"]
    late = [columns[name] for name in times if _text(read, name)[:_MINUTE] > context.at[:_MINUTE]]
    remarks += [f"{theirs} lies ahead of now: a time without a zone is taken for UTC" for theirs in late]
    return own, remarks


def _text(cells: Cells, name: str) -> str:
    """Return a cell as text, "" for one that says nothing."""
    return str(cells.get(name) or "")


def _word(context: Context, family: str, given: str, remarks: list[str]) -> str:
    found = context.word(family, given)
    if found is None:
        remarks.append(f"{family} {given!r} is none of ours: kept as it is")
    return found or given.strip() or UNKNOWN


def _cells(kind: str, read: Cells, at: str = "") -> Cells:
    """Return the cells of a row as we keep them: a text that says nothing is "", or None in the columns of `_NULL`."""
    found: Cells = {}
    for column in [column for column in KIND[kind].columns if column.name != "task_id"]:
        cell = read.get(column.name)
        if column.kind in ("text", "lines"):
            cell = cell or (None if column.name in _NULL[kind] else "")
        found[column.name] = cell
    if "created_at" in found:
        found["created_at"] = found["created_at"] or at
    return found


def _evidence(read: Cells, _lane: str, context: Context) -> tuple[Cells, list[str]]:
    remarks: list[str] = []
    own = _cells("evidence", read, context.at)
    own["result"] = _word(context, "result", _text(own, "result"), remarks)
    return {**own, "recorded_by": provenance(_text(own, "recorded_by"))}, remarks


def _handoff(read: Cells, lane: str, context: Context) -> tuple[Cells, list[str]]:
    own = _cells("handoffs", read, context.at)
    own["from_role"] = own["from_role"] or lane
    own["recorded_by"] = provenance(_text(own, "recorded_by") or _text(own, "owner"))
    own["acknowledged_note"] = read.get("acknowledged_note")
    own["acknowledged_by"] = provenance(_text(own, "acknowledged_by")) if own["acknowledged_at"] else None
    return own, []


def _review(read: Cells, _lane: str, context: Context) -> tuple[Cells, list[str]]:
    remarks: list[str] = []
    own = _cells("reviews", read, context.at)
    reviewer, verdict = _text(own, "reviewer"), _text(own, "verdict")
    if not verdict.strip():
        raise ValueError("it says no verdict")
    own["verdict"] = _word(context, "verdict", verdict, remarks)
    own["reviewer_role"] = own["reviewer_role"] or _lane_of(reviewer, context.lanes) or UNKNOWN
    own |= {"reviewer": reviewer or UNKNOWN, "recorded_by": provenance(_text(own, "recorded_by") or reviewer)}
    return own, remarks


def _lane_of(reviewer: str, lanes: Sequence[str]) -> str:
    """Return the lane that a name means: the lane in any spelling, or the one that begins with it (`D` -> `D-arch`)."""
    beginning = [name for name in lanes if reviewer and plain_word(name).startswith(f"{plain_word(reviewer)}_")]
    return lane_named(reviewer, lanes) or (beginning[0] if len(beginning) == 1 else "")


def _request(read: Cells, _lane: str, context: Context) -> tuple[Cells, list[str]]:
    own = _cells("requests", read, context.at)
    if own["role"] not in context.lanes:
        raise ValueError(f"it asks {own['role'] or 'nobody'}, which is no lane")
    own["rules"] = jsonio.dumps([own["rules"] or "the old database asked for it"])
    return {**own, "layer": "owner", "paths": "[]", "requested_by": provenance(_text(own, "requested_by"))}, []


def _session(read: Cells, lane: str, context: Context) -> tuple[Cells, list[str]]:
    remarks: list[str] = []
    own = _cells("sessions", read)
    if not _SESSION_ID.fullmatch(_text(own, "id")):
        raise ValueError("its id is no session id")
    own["role"] = own["role"] or (own["lane"] if own["lane"] in context.lanes else "") or lane
    if not own["role"]:
        raise ValueError("it names no lane")
    given, ended = _text(own, "status"), own["ended_at"]
    status = context.word("session", given)
    if status is None:
        remarks.append(f"session {given!r} is none of ours: kept as its external state")
        status = "ended" if ended else "running"
    if status in _LIVE and ended:
        status = "ended"
    started = own["started_at"] or own["updated_at"] or context.at
    own["ended_at"] = ended or (None if status in _LIVE else own["updated_at"] or started)
    own["updated_at"] = own["updated_at"] or ended or own["last_heartbeat_at"] or started
    own |= {"status": status, "started_at": started, "external_state": None if given in ("", status) else given}
    own["session_backend"] = own["session_backend"] or "manual"
    own["registered_by"] = provenance(_text(own, "registered_by"))
    return {**own, "task_id": read.get("task_id") or None}, remarks


def _checkpoint(read: Cells, _lane: str, context: Context) -> tuple[Cells, list[str]]:
    remarks: list[str] = []
    own = _cells("checkpoints", read, context.at)
    own["subject_id"] = _text(own, "subject_id").strip()
    if not own["subject_id"]:
        raise ValueError("it names no track")
    target = _text(own, "target_close_by")
    own["target_close_by"] = target[:_DAY] if target.endswith("T00:00:00.000000Z") else target
    own["state"] = _word(context, "checkpoint", _text(own, "state"), remarks)
    return {**own, "recorded_by": provenance(_text(own, "recorded_by") or _text(own, "owner"))}, remarks


def _transition(read: Cells, _lane: str, context: Context) -> tuple[Cells, list[str]]:
    given, before = _text(read, "to_status"), _text(read, "from_status")
    status = context.word("status", given)
    if status is None:
        raise ValueError(f"its status {given!r} is none of {', '.join(context.statuses)}")
    remarks = []
    if before and context.word("status", before) is None:
        remarks.append(f"status {before!r} is none of ours: the transition starts where the one before it ended")
    return {
        **{column.name: read.get(column.name) for column in KIND["history"].columns if column.name != "task_id"},
        "from_status": context.word("status", before) if before else None,
        "to_status": status,
        "actor": provenance(_text(read, "actor")),
        "reason": read.get("reason") or "",
    }, remarks


_MAKERS = {
    "evidence": _evidence,
    "handoffs": _handoff,
    "reviews": _review,
    "requests": _request,
    "sessions": _session,
    "checkpoints": _checkpoint,
    "history": _transition,
}
