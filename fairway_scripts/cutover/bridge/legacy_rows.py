"""Rows of an old database as rows of ours: evidence, handoffs, reviews, sessions, checkpoints, transitions.

Nothing is thrown away: a word that stands for none of ours is kept as it is, a cell that cannot be read goes into the
row's notes as text, and both are remarked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fairway_scripts.base import jsonio
from fairway_scripts.cutover.bridge.legacy_values import our_word, read_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    Row = dict[str, Any]

PROVENANCE = "legacy:"
UNKNOWN = "unknown"
#: The text column of each kind that takes up what could not be read.
_NOTES = {"evidence": "notes", "handoffs": "payload", "reviews": "notes", "sessions": "end_reason"}
_NOTES |= {"checkpoints": "summary", "history": "reason"}
_SESSION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,119}")
_LIVE = ("starting", "running")
_DAY = len("2026-05-04")


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
        """The word of ours that an old one stands for, None when there is none."""
        ours = self.statuses if family == "status" else None
        return our_word(family, word, self.words.get(family), ours)


def provenance(actor: str | None) -> str:
    """Who an old row says it was, as an actor of ours: `legacy:codex-1`, `legacy:unknown`."""
    name = (actor or "").strip()
    return name if name.startswith(PROVENANCE) else PROVENANCE + (name or UNKNOWN)


def own_row(kind: str, columns: Mapping[str, str], row: Row, lane: str, context: Context) -> tuple[Row, list[str]]:
    """An old row of `kind` as a row of ours, and what there is to remark.

    `columns` is the mapping of its table, `lane` the lane of its task ("" for a row of no task). Raises ValueError
    with the reason when it cannot be one.
    """
    read, unreadable = read_row(kind, columns, row)
    own, remarks = _MAKERS[kind](read, lane, context)
    if unreadable:
        note = f"(not readable in the old database: {'; '.join(unreadable)})"
        if kind == "requests":
            own["rules"] = jsonio.dumps([*jsonio.loads(own["rules"]), note])
        else:
            own[_NOTES[kind]] = f"{own[_NOTES[kind]] or ''} {note}".strip()
        remarks += [f"cannot be read: {what}" for what in unreadable]
    return own, remarks


def _word(context: Context, family: str, given: str | None, remarks: list[str]) -> str:
    found = context.word(family, given or "")
    if found is None:
        remarks.append(f"{family} {given or ''!r} is none of ours: kept as it is")
    return found or (given or "").strip() or UNKNOWN


def _evidence(read: Row, _lane: str, context: Context) -> tuple[Row, list[str]]:
    remarks: list[str] = []
    get = read.get
    names = ("command_text", "artifact_path", "artifact_type", "notes")
    return {
        **{name: get(name) or "" for name in names},
        **{name: get(name) or None for name in ("branch", "commit_sha", "pack_id", "environment", "handoff_id")},
        "result": _word(context, "result", get("result"), remarks),
        "duration_seconds": get("duration_seconds"),
        "recorded_by": provenance(get("recorded_by")),
        "created_at": get("created_at") or context.at,
    }, remarks


def _handoff(read: Row, lane: str, context: Context) -> tuple[Row, list[str]]:
    get = read.get
    names = ("to_role", "owner", "branch", "commands", "results", "changed_files", "risks", "blockers", "next_step")
    acknowledged = get("acknowledged_at")
    return {
        **{name: get(name) or "" for name in (*names, "payload")},
        "from_role": get("from_role") or lane,
        "commit_sha": get("commit_sha") or None,
        "recorded_by": provenance(get("recorded_by") or get("owner")),
        "created_at": get("created_at") or context.at,
        "acknowledged_at": acknowledged,
        "acknowledged_by": provenance(get("acknowledged_by")) if acknowledged else None,
        "acknowledged_note": get("acknowledged_note"),
    }, []


def _review(read: Row, _lane: str, context: Context) -> tuple[Row, list[str]]:
    remarks: list[str] = []
    get = read.get
    reviewer = get("reviewer") or ""
    return {
        "reviewer_role": get("reviewer_role") or _lane_of(reviewer, context.lanes) or UNKNOWN,
        "reviewer": reviewer or UNKNOWN,
        "verdict": _word(context, "verdict", get("verdict"), remarks),
        "reviewed_commit_sha": get("reviewed_commit_sha") or "",
        "base_commit_sha": get("base_commit_sha") or "",
        "route_reason": get("route_reason") or "",
        "notes": get("notes") or "",
        "recorded_by": provenance(get("recorded_by") or reviewer),
        "created_at": get("created_at") or context.at,
    }, remarks


def _lane_of(reviewer: str, lanes: Sequence[str]) -> str:
    """The lane that a reviewer's name means: the lane itself, or the one lane that begins with it (`D` -> `D-arch`)."""
    if reviewer in lanes:
        return reviewer
    meant = [name for name in lanes if reviewer and name.startswith(f"{reviewer}-")]
    return meant[0] if len(meant) == 1 else ""


def _request(read: Row, _lane: str, context: Context) -> tuple[Row, list[str]]:
    get = read.get
    role = get("role") or ""
    if role not in context.lanes:
        raise ValueError(f"it asks {role or 'nobody'}, which is no lane")
    return {
        "role": role,
        "layer": "owner",
        "rules": jsonio.dumps([get("rules") or "the old database asked for it"]),
        "paths": "[]",
        "commit_sha": get("commit_sha") or None,
        "base_commit_sha": get("base_commit_sha") or None,
        "answered_by": get("answered_by") or None,
        "requested_by": provenance(get("requested_by")),
        "created_at": get("created_at") or context.at,
    }, []


def _session(read: Row, lane: str, context: Context) -> tuple[Row, list[str]]:
    remarks: list[str] = []
    get = read.get
    session_id = get("id") or ""
    if not _SESSION_ID.fullmatch(session_id):
        raise ValueError("its id is no session id")
    role = get("role") or (get("lane") if get("lane") in context.lanes else "") or lane
    if not role:
        raise ValueError("it names no lane")
    given, ended = get("status") or "", get("ended_at")
    status = context.word("session", given)
    if status is None:
        remarks.append(f"session {given!r} is none of ours: kept as its external state")
        status = "ended" if ended else "running"
    if status in _LIVE and ended:
        status = "ended"
    texts = ("lane", "worktree_path", "branch", "provider", "session_name", "task_id", "external_id", "host")
    started = get("started_at") or get("updated_at") or context.at
    return {
        **{name: get(name) or None for name in (*texts, "tmux_pane", "transcript_path", "end_reason")},
        **{name: get(name) for name in ("pid", "exit_code", "last_heartbeat_at")},
        "id": session_id,
        "role": role,
        "session_backend": get("session_backend") or "manual",
        "external_state": None if given in ("", status) else given,
        "status": status,
        "started_at": started,
        "ended_at": ended or (None if status in _LIVE else get("updated_at") or started),
        "registered_by": provenance(get("registered_by")),
        "updated_at": get("updated_at") or ended or get("last_heartbeat_at") or started,
    }, remarks


def _checkpoint(read: Row, _lane: str, context: Context) -> tuple[Row, list[str]]:
    remarks: list[str] = []
    get = read.get
    subject = (get("subject_id") or "").strip()
    if not subject:
        raise ValueError("it names no track")
    target = get("target_close_by") or ""
    return {
        "subject_id": subject,
        "state": _word(context, "checkpoint", get("state"), remarks),
        "owner": get("owner") or "",
        "target_close_by": target[:_DAY] if target.endswith("T00:00:00.000000Z") else target,
        "summary": get("summary") or "",
        "artifact_path": get("artifact_path") or "",
        "session_id": get("session_id") or None,
        "recorded_by": provenance(get("recorded_by") or get("owner")),
        "created_at": get("created_at") or context.at,
    }, remarks


def _transition(read: Row, _lane: str, context: Context) -> tuple[Row, list[str]]:
    get = read.get
    status = context.word("status", get("to_status") or "")
    if status is None:
        raise ValueError(f"its status {get('to_status') or ''!r} is none of {', '.join(context.statuses)}")
    before = get("from_status")
    remarks = []
    if before and context.word("status", before) is None:
        remarks.append(f"status {before!r} is none of ours: the transition starts where the one before it ended")
    return {
        **{name: get(name) for name in ("from_owner", "to_owner", "from_branch", "to_branch", "claimant", "at")},
        **{name: get(name) for name in ("from_commit_sha", "to_commit_sha", "command_source")},
        "from_status": context.word("status", before) if before else None,
        "to_status": status,
        "actor": provenance(get("actor")),
        "reason": get("reason") or "",
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
