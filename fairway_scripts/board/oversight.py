"""What the dashboard asks that no report answers: who vouched for what, what was forced, and single events."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.board.event_summaries import summary_of
from fairway_scripts.reviews.given_verdicts import READ, given_verdicts, status_given
from fairway_scripts.reviews.next_step import BLOCKED
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.gates import APPROVED

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.board.board_shapes import FinishedWork, ForcedEvent, OneEvent
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import (
        OversightApprovals,
        OversightEventsAfter,
        OversightFailedDeployments,
        OversightFinished,
        OversightVouchers,
        OversightWaivers,
        TaskEvent,
    )


def waivers(project: Project, lane: str = "") -> list[OversightWaivers]:
    """Every waiver that was not withdrawn, newest first, with the lane and the status of its task."""
    with project.store.read() as tx:
        return tx.all("oversight.waivers", role=lane)


def block_reasons(project: Project, lane: str = "") -> dict[str, str]:
    """Why each blocked task is blocked, as it was said the last time; "" where nothing was said."""
    with project.store.read() as tx:
        rows = tx.each("oversight.block_reasons", blocked=BLOCKED, role=lane)
        return {row["task_id"]: row["reason"] or "" for row in rows}


def run_approvals(project: Project, lane: str = "") -> list[OversightApprovals]:
    """Every approval to run a class of commands that was not withdrawn, newest first."""
    with project.store.read() as tx:
        return tx.all("oversight.approvals", role=lane)


def forced_events(project: Project, lane: str = "", *, limit: int) -> list[ForcedEvent]:
    """The newest events that went past a check with FORCE: id, at, actor, kind, task_id, lane, reason, summary."""
    with project.store.read() as tx:
        rows = tx.all("oversight.forced", role=lane, limit=limit, pattern='%"forced":true%')
    return [_forced(row) for row in rows]


def _forced(row: TaskEvent) -> ForcedEvent:
    payload: dict[str, object] = stored(row["payload"], dict, "payload")
    reason = str(payload.get("reason") or "")
    return {**row, "payload": payload, "reason": reason, "summary": summary_of(payload, row["reverts"])}


def vouchers(project: Project, lane: str = "") -> list[OversightVouchers]:
    """Evidence by who saw it: lane, producer, ran (`yes`: a tool ran the command), result, and how many records."""
    with project.store.read() as tx:
        return tx.all("oversight.vouchers", role=lane)


def finished_work(project: Project, lane: str = "", *, limit: int) -> list[FinishedWork]:
    """The tasks that were finished last, each with `approval`: whether somebody else approved the very commit.

    Beside it task_id, lane, completed_at, commit_sha, review_status. Approvals of a rebased commit with the same
    changes count for the gates (`reviews.approval_coverage`); here they stand as approvals of another commit.
    """
    with project.store.read() as tx:
        rows = tx.all("oversight.finished", role=lane, limit=limit)
        asked = (*READ, "records.reviews", "records.open_requests")
        tx.foresee(*((name, {"task_id": row["task_id"]}) for row in rows for name in asked))
        return [_finished(tx, row, project.settings) for row in rows]


def _finished(tx: Transaction, row: OversightFinished, settings: Settings) -> FinishedWork:
    task_id, commit = row["task_id"], row["commit_sha"]
    reviews = tx.all("records.reviews", task_id=task_id)
    requests = tx.all("records.open_requests", task_id=task_id)
    given = given_verdicts(tx, row, reviews, requests, settings)
    approved = [
        review["reviewed_commit_sha"]
        for review in reviews
        if review["verdict"] == APPROVED and review["waiver_id"] is None and review["id"] not in given["own"]
    ]
    return {
        "task_id": task_id,
        "lane": row["role"],
        "completed_at": row["completed_at"],
        "commit_sha": commit,
        "review_status": status_given(given, requests, row["review_status"]),
        "approval": "none" if not approved else "of this commit" if commit in approved else "of another commit",
    }


def failed_deployments(project: Project, lane: str = "") -> list[OversightFailedDeployments]:
    """The newest deploy packet of each task where what is deployed differs from what was expected."""
    with project.store.read() as tx:
        return tx.all("oversight.failed_deployments", role=lane)


def one_event(project: Project, event_id: int) -> OneEvent:
    """An event with its hashes, the rows that it wrote, and the numbers of the events beside it.

    The keys are those of `reports.activity`, and previous_hash, hash, store_hash, rows (of each table how many),
    before_in_task, after_in_task, before_in_store, after_in_store (None where there is none). Raises FairwayError
    `not_found`.
    """
    with project.store.read() as tx:
        event = tx.one("oversight.event", event_id=event_id)
    if event is None:
        raise FairwayError("not_found", f"there is no event {event_id}", suggest("queue-activity"), event_id=event_id)
    payload: dict[str, object] = stored(event["payload"], dict, "payload")
    images = stored(event["row_images"], list, "row_images")
    return {
        "id": event["id"],
        "at": event["at"],
        "actor": event["actor"],
        "session_id": event["session_id"],
        "tool": event["tool"],
        "task_id": event["task_id"],
        "kind": event["kind"],
        "payload": payload,
        "summary": summary_of(payload, event["reverts"], event["reverted_by"]),
        "request_id": event["request_id"],
        "reverts": event["reverts"],
        "reverted_by": event["reverted_by"],
        "previous_hash": event["previous_hash"],
        "hash": event["hash"],
        "store_hash": event["store_hash"],
        "rows": {str(table): len(rows) for table, _columns, rows in images},
        "before_in_task": event["before_in_task"],
        "after_in_task": event["after_in_task"],
        "before_in_store": event["before_in_store"],
        "after_in_store": event["after_in_store"],
    }


def events_after(project: Project, after: int, *, limit: int) -> list[OversightEventsAfter]:
    """The events behind number `after`, oldest first, at most `limit`: id, at, actor, kind, task_id, lane."""
    with project.store.read() as tx:
        return tx.all("oversight.events_after", after=after, limit=limit)


def last_event(project: Project) -> int:
    """The number of the newest event that `events_after` would show, 0 where nothing has happened yet."""
    with project.store.read() as tx:
        return int(tx.value("oversight.newest") or 0)


def flow(project: Project, lane: str = "", *, days: int) -> list[dict[str, str | int]]:
    """How many tasks were in each status at the end of each day on which one moved, oldest first, the last `days`.

    A row has `day` and, by the name of each status, how many tasks were in it. A task counts from when it was first
    seen; days on which nothing moved are left out.
    """
    statuses = project.settings["states"]["allowed"]
    with project.store.read() as tx:
        moves = tx.all("oversight.moves", role=lane)
    standing = dict.fromkeys([*statuses, *(row["to_status"] for row in moves)], 0)
    found: dict[str, dict[str, str | int]] = {}
    for row in moves:
        standing[row["to_status"]] += row["moves"]
        if row["from_status"] in standing:
            standing[row["from_status"]] -= row["moves"]
        found[row["day"]] = {"day": row["day"], **standing}
    return list(found.values())[-days:]
