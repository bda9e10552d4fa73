"""Recording where a task or a track stands, and finding what has not been heard of for too long."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.identity import clean_name
from fairway_scripts.project.changes import Change, find_state
from fairway_scripts.runs import checkpoints_rules as rules

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import CheckpointRecord, CheckpointStale, CheckpointStatus
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs import run_shapes
    from fairway_scripts.runs.run_shapes import NewCheckpoint, RecordedCheckpoint, ShownCheckpoint, StaleCheckpoints
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import CheckpointRow


def record_checkpoint(project: Project, args: CheckpointRecord) -> RecordedCheckpoint:
    """Record where TASK_ID or TRACK_ID stands; the newest checkpoint of a task or track is the one that counts.

    Returns checkpoint_id, subject_kind (`task` or `track`), subject_id, state, owner, target_close_by (a day or a
    time, "" without one), summary, artifact_path, session_id, recorded_by, created_at. Raises FairwayError: `usage`,
    `not_found` (task).
    """
    kind, subject = subject_of(project, args)
    with Change(project, args) as change:
        repeated: RecordedCheckpoint | None = change.repeated()
        if repeated is not None:
            return repeated
        if kind == rules.TASK:
            change.state(subject)
        row: NewCheckpoint = {
            "subject_kind": kind,
            "subject_id": subject,
            "state": rules.checked_state(args.state),
            "owner": args.owner,
            "target_close_by": rules.checked_target(args.target_close_by, change.at),
            "summary": args.summary,
            "artifact_path": args.artifact_path,
        }
        standing: run_shapes.CheckpointStanding = {
            "state": row["state"],
            "target_close_by": row["target_close_by"],
            "created_at": change.at,
            "subject_over": 0,
        }
        if row["target_close_by"] and rules.why_stale(standing, change.at, 1):
            project.notes.append(f"TARGET_CLOSE_BY {row['target_close_by']} has passed already")
        checkpoint_id = add_checkpoint(change, row)
        payload = {"table": "checkpoints", "row_id": checkpoint_id, **row}
        change.record("checkpoint_recorded", subject if kind == rules.TASK else "", payload)
        recorded: RecordedCheckpoint = {
            "checkpoint_id": checkpoint_id,
            **row,
            "session_id": project.identity.session,
            "recorded_by": project.identity.actor,
            "created_at": change.at,
        }
        return change.finish(recorded)


def add_checkpoint(change: Change, row: NewCheckpoint) -> int:
    """Add a checkpoint inside an open change, whose event the caller records; the number of the row.

    `row` holds subject_kind, subject_id, state, owner, target_close_by, summary, artifact_path.
    """
    who = change.project.identity
    return change.tx.insert(
        "attachments.add_checkpoint",
        **row,
        session_id=who.session or None,
        recorded_by=who.actor,
        created_at=change.at,
    )


def subject_of(project: Project, args: CheckpointRecord | CheckpointStatus) -> tuple[str, str]:
    """What a call means: `("track", TRACK_ID)` or `("task", TASK_ID)`, `("", "")` when it names neither.

    A session has TASK_ID in its environment, so a track that is named goes before it.
    """
    if args.track_id.strip():
        if args.task_id:
            project.notes.append(f"TRACK_ID {args.track_id} is the subject, not TASK_ID {args.task_id}")
        return rules.TRACK, clean_name(args.track_id.strip(), "TRACK_ID")
    if args.task_id and getattr(args, "bare", False):
        return _kind_of(project, args.task_id), args.task_id
    return (rules.TASK, args.task_id) if args.task_id else ("", "")


def _kind_of(project: Project, word: str) -> str:
    """Whether a bare word means a task or a track; raises FairwayError `usage` for both, `not_found` for neither."""
    with project.store.read() as tx:
        rows = rules.latest(tx.all("attachments.current_checkpoints"))
        is_task = tx.one("tasks.state", task_id=word) is not None
    is_track = any(row["subject_kind"] == rules.TRACK and row["subject_id"] == word for row in rows)
    if is_task and is_track:
        raise FairwayError("usage", f"{word} is a task and a track", "name it as TASK_ID or as TRACK_ID")
    if not is_task and not is_track:
        message = f"there is no task and no track {word} yet; TRACK_ID names a new track"
        raise FairwayError("not_found", message, suggest("checkpoint-status", ALL=True))
    return rules.TASK if is_task else rules.TRACK


def current_checkpoints(project: Project, tx: Transaction, now: str, before: str = "") -> list[ShownCheckpoint]:
    """The checkpoint that counts of every task and track, newest first, closed ones too.

    Each has checkpoint_id, subject_kind, subject_id, lane and title (of a task), state, owner, target_close_by,
    summary, artifact_path, session_id, recorded_by, created_at, `open`, `age_seconds`, `stale` (why it needs
    somebody, "" when it does not) and `fix` (the command line that mends it).
    """
    limit = clock.duration(project.settings["coordinator"]["checkpoint_stale_after"])
    rows = rules.latest(tx.all("attachments.current_checkpoints"))
    return [_shown(row, rules.why_stale(row, now, limit, before), now) for row in rows]


def checkpoint_status(project: Project, args: CheckpointStatus, *, everything: bool) -> run_shapes.CheckpointStatus:
    """`{checkpoints: [...], open, stale}`: the current checkpoints that are open, with `everything` the closed too.

    With TASK_ID or TRACK_ID all checkpoints of that one, newest first. Raises FairwayError `not_found` (no such task).
    """
    now = clock.now()
    kind, subject = subject_of(project, args)
    with project.store.read() as tx:
        if args.task_id:
            find_state(tx, args.task_id)
        if kind:
            rows = tx.all("attachments.checkpoints", subject_kind=kind, subject_id=subject)
            current = current_checkpoints(project, tx, now)
            by_id = {row["checkpoint_id"]: row for row in current}
            found = [by_id.get(row["id"]) or _closed(row, now) for row in reversed(rows)]
        else:
            found = current_checkpoints(project, tx, now)
    if not everything and not kind:
        found = [row for row in found if row["open"]]
    return {
        "checkpoints": found,
        "open": sum(row["open"] for row in found),
        "stale": sum(bool(row["stale"]) for row in found),
    }


def stale_checkpoints(project: Project, args: CheckpointStale) -> StaleCheckpoints:
    """`{checkpoints: [...], before}`: the open checkpoints that are too old, or whose target lies before BEFORE.

    Raises FairwayError `usage` for a BEFORE that is no day or time.
    """
    now = clock.now()
    before = rules.checked_before(args.before, now)
    with project.store.read() as tx:
        rows = current_checkpoints(project, tx, now, before)
    return {"checkpoints": [row for row in rows if row["stale"]], "before": before}


def required_subject(project: Project, args: CheckpointRecord) -> tuple[str, str]:
    """`subject_of`; raises FairwayError `usage` when the call names neither a task nor a track."""
    found = subject_of(project, args)
    if not found[0]:
        raise FairwayError(
            "usage", "TRACK_ID or TASK_ID is required", suggest("checkpoint-record", TRACK_ID=None, SUMMARY=None)
        )
    return found


def _closed(row: CheckpointRow, now: str) -> ShownCheckpoint:
    return {**_shown(row, "", now), "open": False}


def _shown(row: CheckpointRow, stale: str, now: str) -> ShownCheckpoint:
    variable = "TASK_ID" if row["subject_kind"] == rules.TASK else "TRACK_ID"
    line = suggest("checkpoint-record", **{variable: row["subject_id"]}, STATE="parked", SUMMARY=None)
    return {
        "checkpoint_id": row["id"],
        "subject_kind": row["subject_kind"],
        "subject_id": row["subject_id"],
        "state": row["state"],
        "owner": row["owner"] or "",
        "target_close_by": row["target_close_by"] or "",
        "summary": row["summary"],
        "artifact_path": row["artifact_path"] or "",
        "session_id": row["session_id"] or "",
        "recorded_by": row["recorded_by"],
        "created_at": row["created_at"],
        "lane": row["role"] or "",
        "title": row["title"] or "",
        "task_status": row["task_status"] or "",
        "open": rules.is_open(row),
        "age_seconds": max(0, int(clock.elapsed(row["created_at"], now))),
        "stale": stale,
        "fix": line if stale else "",
    }
