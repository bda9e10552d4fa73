"""What the store has of one task: its state, its definition, its neighbours and what is attached to it."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.project.changes import find_definition, find_state
from fairway_scripts.store.stored_json import stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.reviews.detail_shapes import (
        AttachedCheckpoint,
        AttachedSession,
        AttachedWatcher,
        Attachments,
        DetailDefinition,
        DetailState,
        Neighbours,
    )
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import ReportsAttachments


def state_of(tx: Transaction, task_id: str) -> DetailState:
    """Where a task stands; raises FairwayError `not_found`, for an archived one with what became of it."""
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
    return {
        "task_id": task_id,
        "lane": state["role"],
        "status": state["status"],
        "status_since": state["status_since"],
        "open_blockers": state["open_blockers"],
        "owner": state["owner"],
        "claimant": state["claimant"],
        "claimed_at": state["claimed_at"],
        "lease_expires_at": state["lease_expires_at"],
        "branch": state["branch"],
        "commit_sha": state["commit_sha"],
        "completed_at": state["completed_at"],
        "review_status": state["review_status"],
        "reviewer": state["reviewer"],
        "reviewed_at": state["reviewed_at"],
        "review_note": state["review_note"],
        "fence": state["fence"],
        "version": state["version"],
        "updated_at": state["updated_at"],
        "source": state["source"],
        "left_file_at": state["left_file_at"],
        "archived_at": state["archived_at"],
        "title": state["title"],
        "kind": state["kind"],
        "priority": state["priority"],
        "parent_id": state["parent_id"],
        "terminal": bool(state["terminal"]),
        "ready": bool(state["ready"]),
        "review_required": bool(state["review_required"]),
        "over_lease": bool(state["claimant"] and expires and expires < clock.now()),
    }


def definition_of(tx: Transaction, task_id: str) -> DetailDefinition:
    """What a task is: its notes, its checks and what it declares."""
    row = find_definition(tx, task_id)
    return {
        "sequence": row["sequence"],
        "notes": row["notes"] or "",
        "acceptance_checks": text_list(row["acceptance_checks"]),
        "metadata": {
            "profile": row["profile"] or "",
            "owning_domain": row["owning_domain"] or "",
            "owning_layer": row["owning_layer"] or "",
            "risk_level": row["risk_level"] or "",
            "migration_type": row["migration_type"] or "",
            "source_paths": text_list(row["source_paths"]),
            "target_paths": text_list(row["target_paths"]),
            "review_domains": text_list(row["review_domains"]),
            "tags": text_list(row["tags"]),
        },
        "extra": stored(row["extra"], dict, "extra"),
        "created_at": row["created_at"],
        "created_by": row["created_by"],
    }


def neighbours_of(tx: Transaction, task_id: str) -> Neighbours:
    """The tasks that a task hangs together with."""
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


def attached_to(tx: Transaction, task_id: str, withdrawn: int) -> Attachments:
    """The sessions, checkpoints and watchers of a task, oldest first."""
    rows = tx.all("reports.attachments", task_id=task_id, withdrawn=withdrawn)
    return {
        "sessions": [_session(row) for row in rows if row["part"] == "sessions"],
        "checkpoints": [_checkpoint(row) for row in rows if row["part"] == "checkpoints"],
        "watchers": [_watcher(row) for row in rows if row["part"] == "watchers"],
    }


def _session(row: ReportsAttachments) -> AttachedSession:
    return {
        "session_id": row["id"],
        "lane": row["who"],
        "status": row["state"],
        "backend": row["kind"],
        "provider": row["about"],
        "transcript_path": row["path"],
        "started_at": row["started_at"],
        "last_heartbeat_at": row["news_at"],
        "ended_at": row["ended_at"],
        "end_reason": row["note"],
    }


def _checkpoint(row: ReportsAttachments) -> AttachedCheckpoint:
    return {
        "checkpoint_id": int(row["id"]),
        "owner": row["who"],
        "state": row["state"],
        "target_close_by": row["about"],
        "artifact_path": row["path"],
        "created_at": row["started_at"],
        "withdrawn_at": row["ended_at"],
        "summary": row["note"],
    }


def _watcher(row: ReportsAttachments) -> AttachedWatcher:
    return {
        "watch_id": row["id"],
        "owner": row["who"],
        "status": row["state"],
        "process": row["kind"],
        "result": row["about"],
        "artifact_path": row["path"],
        "started_at": row["started_at"],
        "last_news_at": row["news_at"],
        "finished_at": row["ended_at"],
        "notes": row["note"],
    }


def text_list(text: str | None) -> list[str]:
    """A list of words that is kept as JSON."""
    found: list[str] = stored(text, list, "a list of a task")
    return found
