"""Everything that is recorded about one task."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.git import references
from fairway_scripts.project.changes import find_definition, find_state
from fairway_scripts.project.lane_choice import lane_here
from fairway_scripts.project.work_place import elsewhere
from fairway_scripts.reviews.gates.profile_gates import gate_evaluations, gates_of_task
from fairway_scripts.reviews.next_step import next_step
from fairway_scripts.reviews.review_waivers import approvers
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.gates import staleness
from fairway_scripts.work.review_verdicts import asked_domains, standing_verdicts
from fairway_scripts.work.reviewers import shared_logins
from fairway_scripts.work.verdicts import is_answered

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import ReportsAttachments
    from fairway_scripts.work.work_shapes import Holding

    Row = dict[str, Any]

_STATE = (
    "status", "status_since", "open_blockers", "owner", "claimant", "claimed_at", "lease_expires_at", "branch",
    "commit_sha", "completed_at", "review_status", "reviewer", "reviewed_at", "review_note", "fence", "version",
    "updated_at", "source", "left_file_at", "archived_at", "title", "kind", "priority", "parent_id",
)  # fmt: skip
_FULL_ID = (40, 64)
#: The columns of what is attached to a task, and the name of each for each kind of it ("" where it has none).
_SHARED = ("id", "who", "state", "kind", "about", "path", "started_at", "news_at", "ended_at", "note")
_ATTACHED = {
    "sessions": (
        "session_id", "lane", "status", "backend", "provider", "transcript_path", "started_at", "last_heartbeat_at",
        "ended_at", "end_reason",
    ),
    "checkpoints": (
        "checkpoint_id", "owner", "state", "", "target_close_by", "artifact_path", "created_at", "", "withdrawn_at",
        "summary",
    ),
    "watchers": (
        "watch_id", "owner", "status", "process", "result", "artifact_path", "started_at", "last_news_at",
        "finished_at", "notes",
    ),
}  # fmt: skip

#: What is read of every task, by its identifier, and what may come with records that were withdrawn.
_OF_TASK = (
    *("tasks.state", "tasks.definition", "tasks.dependencies", "tasks.children", "tasks.dependents"),
    *("reports.history", "records.answers_from_above", "reports.was_routed"),
    *("tasks.past_holders", "records.producers", "gates.profile_of"),
)
_RECORDS = (
    *("reports.evidence", "reports.handoffs", "reports.reviews", "reports.requests"),
    *("waivers.of_task", "reports.attachments", "reports.tracker_links"),
)


def task_detail(project: Project, task_id: str, *, everything: bool = False) -> dict[str, Any]:
    """The definition, state and records of a task; lists are oldest first.

    Besides the columns of the store: `lane`, `terminal`, `ready`, `over_lease`, `review_required` (bools),
    `metadata`, `extra`, `children` {id, lane, status, title}, `dependencies` {id, status, lane, owner, met, archived},
    `dependents` {id, lane, status}, `history`, `evidence` (each with `freshness` fresh|stale|unknown and
    `stale_reason`), `handoffs`, `reviews` (each with `counts`: whether it stands, `on_tip`, and `shared_login`: that
    it came from the login of the work), `review_requests` (each with `domains` and `answered`), `waivers` (each with
    `rules`, the reasons that it lets go, `ended`, and `approved_by`, lanes), `sessions`, `checkpoints` and `watchers`
    (see `_ATTACHED` for their keys), `tracker_links` (issues of trackers), `required_reviews` and `missing_domains`
    (what the task declares, see `review_standing.judge`), `faults` (what it declares that is not known),
    `gate_evaluations` (the gates
    of its workstream profile, see `profile_gates_rules.evaluate`), `measured_on` {commit_sha,
    what}: the commit that records are held against, and `next_step` {why, command}. Withdrawn records and
    superseded requests come only with `everything`.
    Raises FairwayError `not_found`.
    """
    values: dict[str, Any] = {"task_id": task_id, "withdrawn": int(everything)}
    with project.store.read() as tx:
        tx.foresee(*((name, {"task_id": task_id}) for name in _OF_TASK), *((name, values) for name in _RECORDS))
        detail = _state(tx, task_id)
        detail |= _definition(tx, task_id)
        detail |= _neighbours(tx, task_id)
        detail["history"] = tx.all("reports.history", task_id=task_id)
        detail["evidence"] = tx.all("reports.evidence", **values)
        detail["handoffs"] = tx.all("reports.handoffs", **values)
        detail["reviews"] = tx.all("reports.reviews", **values)
        detail["review_requests"] = tx.all("reports.requests", **values)
        detail["waivers"] = tx.all("waivers.of_task", **values)
        detail |= _attachments(tx.all("reports.attachments", **values))
        detail["tracker_links"] = tx.all("reports.tracker_links", **values)
        detail["above"] = standing_verdicts(tx.all("records.answers_from_above", task_id=task_id), project.settings)
        holding = _holding(detail)
        shared = shared_logins(tx, holding, detail["reviews"])
        detail["measured_on"] = measured_on(project, detail)
        detail |= _declared(project, tx, detail)
        gates = gates_of_task(project, tx, task_id)
        routed = bool(tx.value("reports.was_routed", task_id=task_id))
    _judge_records(detail, shared, project.settings)
    counting = [row for row in detail["evidence"] if not row["withdrawn_at"]]
    commit = detail["measured_on"]["commit_sha"]
    detail["gate_evaluations"] = gate_evaluations(project, gates, counting, commit) if gates else []
    detail["next_step"] = next_step(
        detail,
        initial=settings_of.initial_status(project.settings),
        finished=project.settings["states"]["terminal"][0] if project.settings["states"]["terminal"] else "done",
        routed=routed,
        in_lane=bool(detail["terminal"] and _lane_asks(project, detail["lane"])),
        gates=project.settings["gates"],
        elsewhere=lambda: elsewhere(project, detail["lane"], detail["branch"]),
    )
    return detail


def _holding(detail: Row) -> Holding:
    return {
        "task_id": detail["task_id"],
        "role": detail["lane"],
        "owner": detail["owner"],
        "claimant": detail["claimant"],
    }


def _lane_asks(project: Project, lane: str) -> bool:
    """Whether the caller stands in the lane of the task."""
    try:
        return lane_here(project)[0] == lane
    except FairwayError:  # AGENT_ROLE names no lane
        return False


def _declared(project: Project, tx: Transaction, detail: Row) -> Row:
    """What the task declares of its review, and how that stands: required_reviews, missing_domains, faults."""
    meta = detail["metadata"]
    if not (meta["review_domains"] or meta["risk_level"] or meta["profile"]):
        return {"required_reviews": [], "missing_domains": [], "faults": []}
    from fairway_scripts.reviews.review_bars import judge_by_records

    judged = judge_by_records(project, tx, _holding(detail), detail["measured_on"]["commit_sha"], now=clock.now())
    return {
        "required_reviews": judged["reviews"],
        "missing_domains": judged["missing"],
        "faults": judged["bar"]["faults"],
    }


def measured_on(project: Project, state: Mapping[str, Any]) -> dict[str, str]:
    """The commit that a task's records are held against: `{commit_sha, what}`, "" where it is not known.

    For finished work it is the commit it was finished with, because its lane's branch has moved on to other work;
    else the tip of the branch that the task is worked on. Read from git's files: no process is started.
    """
    if state["terminal"]:
        commit = state["commit_sha"] or ""
        return {"commit_sha": commit if len(commit) in _FULL_ID else "", "what": "the recorded commit"}
    branch = state["branch"] or settings_of.lane_branch(project.settings, state["lane"])
    tip = references.read_ref(project.repository, f"refs/heads/{branch}") if project.repository else None
    return {"commit_sha": tip or "", "what": f"the tip of {branch}"}


def _state(tx: Transaction, task_id: str) -> Row:
    try:
        state = find_state(tx, task_id)
    except FairwayError:
        archived = tx.one("reports.archived_task", task_id=task_id)
        if archived is None:
            raise
        raise FairwayError(
            "not_found",
            f"{task_id} is archived: {archived['status']}, in {archived['source']}; nobody works on it any more",
            suggest_program("grep", "-n", "--", task_id, archived["source"]),
            **archived,
        ) from None
    expires = state["lease_expires_at"]
    columns: Row = {**state}
    return {
        "task_id": task_id,
        "lane": state["role"],
        **{name: columns[name] for name in _STATE},
        "terminal": bool(state["terminal"]),
        "ready": bool(state["ready"]),
        "review_required": bool(state["review_required"]),
        "over_lease": bool(state["claimant"] and expires and expires < clock.now()),
    }


def _definition(tx: Transaction, task_id: str) -> Row:
    row = find_definition(tx, task_id)
    return {
        "sequence": row["sequence"],
        "notes": row["notes"] or "",
        "acceptance_checks": _list(row["acceptance_checks"]),
        "metadata": {
            "profile": row["profile"] or "",
            "owning_domain": row["owning_domain"] or "",
            "owning_layer": row["owning_layer"] or "",
            "risk_level": row["risk_level"] or "",
            "migration_type": row["migration_type"] or "",
            "source_paths": _list(row["source_paths"]),
            "target_paths": _list(row["target_paths"]),
            "review_domains": _list(row["review_domains"]),
            "tags": _list(row["tags"]),
        },
        "extra": stored(row["extra"], dict, "extra"),
        "created_at": row["created_at"],
        "created_by": row["created_by"],
    }


def _neighbours(tx: Transaction, task_id: str) -> Row:
    dependencies = tx.all("tasks.dependencies", task_id=task_id)
    return {
        "children": tx.all("tasks.children", task_id=task_id),
        "dependencies": [
            {
                "id": row["id"],
                "status": row["status"],
                "lane": row["lane"],
                "owner": row["owner"],
                "met": bool(row["terminal"]),
                "archived": bool(row["archived"]),
            }
            for row in dependencies
        ],
        "dependents": tx.all("tasks.dependents", task_id=task_id),
    }


def _judge_records(detail: Row, shared: dict[int, str], settings: Settings) -> None:
    """Add to each record what it is worth on the commit that counts."""
    commit = detail["measured_on"]["commit_sha"]
    for row in detail["evidence"]:
        row["stale_reason"] = staleness(row, commit)
        known = bool(commit and row["commit_sha"])
        row["freshness"] = "stale" if row["stale_reason"] else "fresh" if known else "unknown"
        row["tree_dirty"] = bool(row["tree_dirty"])
    standing = standing_verdicts([row for row in detail["reviews"] if not row["withdrawn_at"]], settings)
    counting = {row["id"] for row in standing}
    for row in detail["reviews"]:
        row["counts"] = row["id"] in counting
        row["shared_login"] = shared.get(row["id"], "")
        row["on_tip"] = row["reviewed_commit_sha"] == commit if commit else None
    for row in detail["review_requests"]:
        row["rules"], row["paths"] = _list(row["rules"]), _list(row["paths"])
        row["domains"] = asked_domains(row)
        row["answered"] = is_answered(row, [*standing, *detail["above"]])
    for row in detail["waivers"]:
        row["rules"] = _list(row["rules"])
        row["ended"] = bool(row["expires_at"] and row["expires_at"] <= clock.now())
        row["approved_by"] = approvers(row, [given for given in detail["reviews"] if not given["withdrawn_at"]])
    del detail["above"]


def _attachments(rows: list[ReportsAttachments]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {part: [] for part in _ATTACHED}
    for row in rows:
        columns: dict[str, Any] = {**row}
        names = _ATTACHED[row["part"]]
        found[row["part"]].append({name: columns[column] for column, name in zip(_SHARED, names, strict=True) if name})
    for checkpoint in found["checkpoints"]:
        checkpoint["checkpoint_id"] = int(checkpoint["checkpoint_id"])
    return found


def _list(text: str | None) -> list[Any]:
    found: list[Any] = stored(text, list, "a list of a task")
    return found
