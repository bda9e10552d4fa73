"""Sub-agents by the provider's thread: a session row each, and for each state a checkpoint, a handoff or evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.identity import clean_name
from fairway_scripts.base.words.sessions import checked_backend, new_id
from fairway_scripts.project.changes import Change
from fairway_scripts.project.lane_choice import chosen_lane, known_lane
from fairway_scripts.runs import subagents_rules as rules
from fairway_scripts.runs.checkpoints import add_checkpoint
from fairway_scripts.sessions.session_entries import EMPTY, update_of
from fairway_scripts.sessions.sessions import find_session, lane_entries
from fairway_scripts.work.commits import resolve_commit
from fairway_scripts.work.records import artifact_columns, insert_evidence, tested_columns

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SubagentBridge
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs.run_shapes import Bridged, Left, Reported, WorkColumns
    from fairway_scripts.store.rows import SessionRow
    from fairway_scripts.work.evidence import NewEvidence

#: The backend of a session that a provider keeps behind its interface.
BACKEND = "codex-api"


def bridge(project: Project, args: SubagentBridge) -> Bridged:
    """Record the state that a sub-agent reports; the same state again is only a heartbeat.

    Again with a new SUMMARY it is a new checkpoint, but work is handed over or given up once only.

    Returns `{session_id, external_id, state, lane, task_id, status, track_id, checkpoint_id, handoff_id, evidence_id,
    repeated}`; the ids are None where the state leaves no such record. Raises FairwayError: `usage`, `not_found`
    (task, commit), `invalid_transition`, `file_unavailable` (artifact).
    """
    external_id = clean_name(args.external_id, "EXTERNAL_ID")
    state = rules.checked_state(args.state)
    columns = _columns_of_work(project, args, state)
    with Change(project, args) as change:
        repeated: Bridged | None = change.repeated()
        if repeated is not None:
            return repeated
        before, is_new = _session(change, args, external_id)
        rules.check_order(external_id, before["external_state"] or "", state)
        if args.task_id:
            change.state(args.task_id)
            before = {**before, "task_id": args.task_id}
        summary = args.summary or rules.default_summary(external_id, before["provider"] or "", state)
        again = before["external_state"] == state and not is_new
        if again and (rules.STATES[state].record or not args.summary):
            return change.finish(_beat(change, before, state))
        after = _moved(change, before, state, summary, is_new=is_new)
        return change.finish(_records(change, after, state, summary, columns, args))


def _columns_of_work(project: Project, args: SubagentBridge, state: str) -> WorkColumns:
    """The columns of the record that the state leaves, from the disk and git: before the store is locked."""
    record = rules.STATES[state].record
    if record == "evidence":
        artifact = artifact_columns(project, args.artifact_path)
        return {**artifact, **tested_columns(project, args.commit, str(artifact["artifact_path"]))}
    if record == "handoff":
        return {"commit_sha": resolve_commit(project, args.commit) if args.commit else ""}
    return {}


def _session(change: Change, args: SubagentBridge, external_id: str) -> tuple[SessionRow, bool]:
    """The session of the thread, and whether it has to be added."""
    project = change.project
    known = change.tx.value("sessions.of_external_id", external_id=external_id)
    if known is not None:
        return find_session(change.tx, known), False
    lane = known_lane(project, args.role) if args.role else ""
    if not lane and args.task_id:
        lane = change.state(args.task_id)["role"]
    lane = lane or chosen_lane(project, "")
    if not lane:
        raise FairwayError(
            "usage",
            f"sub-agent {external_id} is new, and nothing tells its lane",
            suggest("subagent-bridge", EXTERNAL_ID=None, STATE="started", ROLE=None),
        )
    backend = checked_backend(args.backend or BACKEND)
    taken = set(change.tx.column("sessions.ids"))
    row: SessionRow = {
        **EMPTY,
        **lane_entries(project, lane),
        "session_id": new_id(backend, lane, change.at, taken),
        "backend": backend,
        "external_id": external_id,
        "started_at": change.at,
        "registered_by": project.identity.actor,
        "updated_at": change.at,
    }
    return {**row, "provider": clean_name(args.provider, "PROVIDER") or row["provider"]}, True


def _moved(change: Change, before: SessionRow, state: str, summary: str, *, is_new: bool) -> SessionRow:
    """Write the session in its new state, without an event: the event is that of the record which the state leaves."""
    status = rules.STATES[state].session
    over = status in ("ended", "failed", "stale")
    after: SessionRow = {
        **before,
        "external_state": state,
        "status": status,
        "last_heartbeat_at": before["last_heartbeat_at"] if state == "stale" else change.at,
        "ended_at": change.at if over else None,
        "end_reason": summary if over else None,
        "exit_code": None,
        "updated_at": change.at,
    }
    if is_new:
        change.tx.run("sessions.add", **after)
    else:
        change.tx.run("sessions.update", **update_of(after, change.at))
    return after


def _records(
    change: Change, row: SessionRow, state: str, summary: str, columns: WorkColumns, args: SubagentBridge
) -> Bridged:
    """Leave the checkpoint and the record of a state, with the one event of this call."""
    meaning = rules.STATES[state]
    track = args.track_id.strip() or f"subagent/{row['external_id']}"
    checkpoint_id = add_checkpoint(
        change,
        {
            "subject_kind": "track",
            "subject_id": clean_name(track, "TRACK_ID"),
            "state": meaning.checkpoint,
            "owner": row["provider"] or "",
            "target_close_by": "",
            "summary": summary,
            "artifact_path": args.artifact_path,
        },
    )
    told = {"session_id": row["session_id"], "external_id": row["external_id"], "state": state, "summary": summary}
    ids: Left = {"checkpoint_id": checkpoint_id, "handoff_id": None, "evidence_id": None}
    task_id = row["task_id"] or ""
    if meaning.record and task_id:
        table, row_id = _record_of_work(change, row, task_id, meaning.record, summary, columns, args)
        ids["evidence_id" if meaning.record == "evidence" else "handoff_id"] = row_id
        payload = {"table": table, "row_id": row_id, "checkpoint_id": checkpoint_id, **told}
        change.record(f"{meaning.record}_recorded", task_id, payload)
    else:
        if meaning.record:
            change.project.notes.append(f"no TASK_ID: {state} is a checkpoint of {track}, and no {meaning.record}")
        change.record("checkpoint_recorded", "", {"table": "checkpoints", "row_id": checkpoint_id, **told})
    return {**_answer(row, state, repeated=False), "track_id": track, **ids}


def _record_of_work(
    change: Change,
    row: SessionRow,
    task_id: str,
    record: str,
    summary: str,
    columns: WorkColumns,
    args: SubagentBridge,
) -> tuple[str, int]:
    """The handoff of finished work or the evidence of failed work, as (table, number of the row)."""
    who = f"sub-agent {row['external_id']}"
    if record == "evidence":
        kind = "command_log" if args.artifact_path else ""
        proof: NewEvidence = {
            "command_text": who,
            "result": "fail",
            "artifact_type": kind,
            "duration_seconds": None,
            "notes": summary,
            "producer": "claim",
            "run_by": None,
            "artifact_path": columns["artifact_path"],
            "artifact_sha256": columns["artifact_sha256"],
            "artifact_size": columns["artifact_size"],
            "commit_sha": columns["commit_sha"],
            "branch": columns["branch"],
            "tree_dirty": columns["tree_dirty"],
        }
        return "task_evidence", insert_evidence(change, task_id, proof)
    row_id = change.tx.insert(
        "records.add_handoff",
        task_id=task_id,
        from_role=row["lane"],
        to_role="",
        owner=row["provider"] or who,
        branch=row["branch"] or "",
        commit_sha=columns["commit_sha"],
        commands="",
        results=summary,
        changed_files="",
        risks="",
        blockers="",
        next_step="",
        payload=f"{who} has completed; read its work before you build on it",
        recorded_by=change.project.identity.actor,
        created_at=change.at,
    )
    return "task_handoffs", row_id


def _beat(change: Change, row: SessionRow, state: str) -> Bridged:
    """The same state again: nothing but a heartbeat, and none after the end."""
    if row["ended_at"] is None:
        change.tx.run("sessions.update", **update_of({**row, "last_heartbeat_at": change.at}, row["updated_at"]))
    none: Left = {"checkpoint_id": None, "handoff_id": None, "evidence_id": None}
    return {**_answer(row, state, repeated=True), "track_id": None, **none}


def _answer(row: SessionRow, state: str, *, repeated: bool) -> Reported:
    return {
        "session_id": row["session_id"],
        "external_id": row["external_id"],
        "lane": row["lane"],
        "task_id": row["task_id"],
        "status": row["status"],
        "state": state,
        "repeated": repeated,
    }
