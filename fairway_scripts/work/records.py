"""Recording what was done for a task: evidence, handoffs, and that a handoff was received."""

from __future__ import annotations

import os
import stat

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.git import references
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import held, keep
from fairway_scripts.project.secrets.secret_guard import refuse_file
from fairway_scripts.store.contract import number_for
from fairway_scripts.work import evidence as evidence_rules
from fairway_scripts.work.commits import resolve_commit

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import (
        QueueAckHandoff,
        QueueRecordEvidence,
        QueueRecordHandoff,
        RecordGuardReport,
        RegressionPacks,
        Said,
    )
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Handoff
    from fairway_scripts.work.evidence import Artifact, NewEvidence, NewHandoff, Special, Tested
    from fairway_scripts.work.work_shapes import Acknowledged, Acknowledgement, EvidenceRecorded, HandoffRecorded

_NO_ARTIFACT: Artifact = {"artifact_path": "", "artifact_sha256": None, "artifact_size": None}


def record_evidence(
    project: Project,
    args: QueueRecordEvidence | RecordGuardReport | RegressionPacks,
    artifact_type: str,
    *,
    duration: int | None,
    special: Special | None = None,
) -> EvidenceRecorded:
    """Record a command and its result, bound to the commit that was tested.

    That is HEAD of the work tree in which the call is made, or COMMIT (then whether the tree was clean is not known
    and it counts as clean). `duration` is in whole seconds. An artifact is a file or a web address. Raises
    FairwayError: `usage`, `not_found` (task, commit), `file_unavailable` (artifact), `self_review` (SIGNED_OFF_BY or
    PRODUCER=runner of the claimant's own).
    """
    said = evidence_rules.said_of(args)
    signer = said["signed_off_by"]
    result = evidence_rules.checked_result(args.result)
    producer = evidence_rules.checked_producer(args.producer)
    repeated: EvidenceRecorded | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    artifact = artifact_columns(project, args.artifact_path)
    tested = tested_columns(project, args.commit, str(artifact["artifact_path"]))
    with Change(project, args, held(args.task_id), number_for("task_evidence")) as change:
        known: EvidenceRecorded | None = change.repeated()
        if known is not None:
            return known
        state = change.state(args.task_id)
        row: NewEvidence = {
            "command_text": args.command_text,
            "result": result,
            "artifact_type": artifact_type,
            "duration_seconds": duration,
            "notes": args.notes,
            "producer": producer,
            **artifact,
            **tested,
            "run_by": None,  # somebody says it; a tool of ours says itself what it ran
        }
        more: Special = special or {}
        if producer == evidence_rules.RUNNER or signer:
            from fairway_scripts.work.reviewers import check_typed

            check_typed(change, state, producer, signer or "")
        row_id = insert_evidence(change, args.task_id, row, more, said)
        columns = {name: value for name, value in {**row, **said, **more}.items() if name != "run_by"}
        change.record("evidence_recorded", args.task_id, {"table": "task_evidence", "row_id": row_id, **columns})
        told: EvidenceRecorded = {
            **row,
            **said,
            **more,
            "tree_dirty": bool(row["tree_dirty"]),
            "evidence_id": row_id,
            "task_id": state["task_id"],
            "lane": state["role"],
            "recorded_by": project.identity.actor,
            "created_at": change.at,
        }
        del told["run_by"]
        return change.finish(told)


def record_handoff(project: Project, args: QueueRecordHandoff) -> HandoffRecorded:
    """Record a handoff; the texts are kept as they are (`payload` are the notes), the task keeps its owner.

    Raises FairwayError: `not_found` (task, commit, lane), `git_unavailable`.
    """
    repeated: HandoffRecorded | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    to_role = named_lane(project, args.to_role)
    commit = resolve_commit(project, args.commit)
    with Change(project, args, held(args.task_id), number_for("task_handoffs")) as change:
        known: HandoffRecorded | None = change.repeated()
        if known is not None:
            return known
        state = change.state(args.task_id)
        row: NewHandoff = {
            "from_role": state["role"],
            "to_role": to_role,
            "owner": args.owner,
            "branch": args.branch,
            "commit_sha": commit,
            "commands": args.commands,
            "results": args.results,
            "changed_files": args.changed_files,
            "risks": args.risks,
            "blockers": args.blockers,
            "next_step": args.next_step,
            "payload": args.notes,
        }
        row_id = insert_handoff(change, args.task_id, row)
        told: HandoffRecorded = {
            **row,
            "handoff_id": row_id,
            "task_id": state["task_id"],
            "lane": state["role"],
            "recorded_by": project.identity.actor,
            "created_at": change.at,
        }
        return change.finish(told)


def acknowledge_handoffs(project: Project, args: QueueAckHandoff, *, handoff_id: int | None) -> Acknowledgement:
    """Acknowledge one handoff, or every open handoff of the task; what was acknowledged before stays as it is.

    Returns `acknowledged` (ids), and `already`, those that this call did not change. Raises FairwayError `not_found`
    when there is no such handoff.
    """
    with Change(project, args) as change:
        repeated: Acknowledgement | None = change.repeated()
        if repeated is not None:
            return repeated
        named = _handoffs(change, args.task_id, handoff_id)
        task_id = named[0]["task_id"]
        change.state(task_id)
        acknowledged = [row["id"] for row in named if not row["acknowledged_at"]]
        for row_id in acknowledged:
            actor = project.identity.actor
            change.tx.run("records.acknowledge_handoff", handoff_id=row_id, at=change.at, actor=actor, note=args.note)
        if acknowledged:
            rows = [["task_handoffs", row_id] for row_id in acknowledged]
            change.record("handoff_acknowledged", task_id, {"rows": rows, "note": args.note})
        already = [_acknowledged(row) for row in named if row["acknowledged_at"] and (handoff_id or not acknowledged)]
        told: Acknowledgement = {
            "task_id": task_id,
            "acknowledged": acknowledged,
            "already": already,
            "acknowledged_by": project.identity.actor,
            "note": args.note,
        }
        return change.finish(told)


def _acknowledged(row: Handoff) -> Acknowledged:
    who, when = row["acknowledged_by"], row["acknowledged_at"]
    return {"handoff_id": row["id"], "acknowledged_by": who, "acknowledged_at": when}


def named_lane(project: Project, lane: str) -> str:
    """A lane that a record names; raises FairwayError `not_found` when the configuration has lanes and not this one.

    Without a configuration any name is taken: the queue file need not name the lanes that only review.
    """
    return known_lane(project, lane) if lane and project.config.path else lane


def artifact_columns(project: Project, given: str) -> Artifact:
    """The artifact columns: a file is named relative to the work tree when it lies inside, else absolutely.

    Raises FairwayError `file_unavailable`, `secret_found`.
    """
    if not given:
        return _NO_ARTIFACT.copy()
    if evidence_rules.is_address(given):
        return {**_NO_ARTIFACT, "artifact_path": given}
    folder, name = os.path.split(os.path.abspath(given))
    path = os.path.join(os.path.realpath(folder), name)
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            raise FairwayError(
                "file_unavailable", f"the artifact {given} is not a file", "name one file, or pack the folder into one"
            )
        refuse_file(project, path, given)
        sha256 = digest.of_file(path)
    except OSError as problem:
        raise FairwayError(
            "file_unavailable",
            f"the artifact {given} cannot be read: {problem.strerror}",
            "ARTIFACT_PATH is relative to the current folder; an address starts with https://",
            path=path,
        ) from problem
    top = os.path.join(project.worktree, "")
    shown = path.removeprefix(top) if path.startswith(top) else path
    return {"artifact_path": shown, "artifact_sha256": sha256, "artifact_size": status.st_size}


def tested_columns(
    project: Project,
    commit: str,
    artifact: str,
    tx: Transaction | None = None,  # noqa: PT028 - no test: the word begins its name
) -> Tested:
    """The columns commit_sha, branch, tree_dirty; tells on `project.notes` what they cannot say.

    `artifact` is what the tested command wrote, relative to the top of the work tree; `tx` is an open transaction.
    """
    repository = project.repository
    if repository is None or repository.worktree is None:
        if not commit:
            project.notes.append("outside a git work tree: the evidence names no commit that was tested")
        return {"commit_sha": resolve_commit(project, commit) if commit else None, "branch": None, "tree_dirty": 0}
    if commit:
        sha = resolve_commit(project, commit)
        here = references.read_ref(repository, "HEAD") == sha
        project.notes.append(f"COMMIT is taken as given: whether the tree was exactly {sha[:12]} is not known")
        return {"commit_sha": sha, "branch": references.head_branch(repository) if here else None, "tree_dirty": 0}
    from fairway_scripts.git.tested_tree import commit_tested
    from fairway_scripts.work.local_artifacts import counting

    tested = commit_tested(repository.worktree, counting(project, [artifact], tx=tx))
    if tested["tree_dirty"]:
        project.notes.append("the work tree has uncommitted changes, so this evidence counts as stale")
    return {**tested, "tree_dirty": int(tested["tree_dirty"])}


def _handoffs(change: Change, task_id: str, handoff_id: int | None) -> list[Handoff]:
    if handoff_id is not None:
        row = change.tx.one("records.handoff", handoff_id=handoff_id)
        if row is None or task_id not in ("", row["task_id"]):
            whose = f"; it belongs to {row['task_id']}" if row else ""
            message = f"there is no handoff {handoff_id}{f' of {task_id}' if task_id else ''}{whose}"
            raise FairwayError("not_found", message, suggest("queue-task-detail", TASK_ID=None))
        return [row]
    change.state(task_id)
    rows = change.tx.all("records.handoffs", task_id=task_id)
    if not rows:
        raise FairwayError(
            "not_found", f"{task_id} has no handoff to acknowledge", suggest("queue-task-detail", TASK_ID=task_id)
        )
    return rows


def insert_handoff(change: Change, task_id: str, row: NewHandoff) -> int:
    """Add a handoff and its event inside an open change; the row's number."""
    keep(change.project, change.tx, task_id, change.at)
    who = change.project.identity.actor
    row_id = change.tx.insert("records.add_handoff", task_id=task_id, **row, recorded_by=who, created_at=change.at)
    change.record("handoff_recorded", task_id, {"table": "task_handoffs", "row_id": row_id, **row})
    return row_id


def insert_evidence(
    change: Change, task_id: str, row: NewEvidence, special: Special | None = None, said: Said | None = None
) -> int:
    """Add an evidence row inside an open change, whose event the caller records; the row's number."""
    more = special or {}
    keep(change.project, change.tx, task_id, change.at)
    return change.tx.insert(
        "records.add_evidence",
        task_id=task_id,
        **row,
        pack_id=more.get("pack_id"),
        environment=more.get("environment"),
        gate=more.get("gate"),
        guard_mode=more.get("guard_mode"),
        findings_count=more.get("findings_count"),
        false_positives=more.get("false_positives"),
        **(said or evidence_rules.said_of()),
        recorded_by=change.project.identity.actor,
        created_at=change.at,
    )
