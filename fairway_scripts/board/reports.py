"""Lists, counts and the ledger as reports: what is where, how much of it, and what happened."""

from __future__ import annotations

from collections import Counter

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest_call
from fairway_scripts.board.event_summaries import summary_of
from fairway_scripts.project.changes import find_state
from fairway_scripts.store.stored_json import stored

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.board.board_shapes import (
        Activity,
        LaneCounts,
        ListValues,
        ReportedEvent,
        StatusReport,
        TaskList,
    )
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import ReportsCounts, ReportsEvents

#: More rows than any queue has.
ALL_ROWS = 1 << 40


def list_tasks(
    project: Project,
    *,
    lane: str = "",
    status: str = "",
    owner: str = "",
    inside: str = "",
    limit: int | None = None,
    archived: bool = False,
) -> TaskList:
    """Tasks that match every given filter, in the order lane, priority, sequence, id.

    `lane` and `status` may be several, with commas between. Returns `{tasks, total}`: `total` counts them without
    `limit`. A task has id, lane, status, owner, claimant, branch, priority, kind, title, commit_sha, parent_id, ready
    (bool), open_blockers, status_since, updated_at, left_file_at, archived_at. Archived tasks are left out unless
    `archived`. Raises FairwayError `usage` for a status that neither the project nor a task has and `not_found` for an
    unknown `inside`.
    """
    status = ",".join(word.strip() for word in status.split(",") if word.strip())
    values: ListValues = {"role": lane, "status": status, "owner": owner, "archived": int(archived)}
    with project.store.read() as tx:
        if inside:
            find_state(tx, inside)
        most = ALL_ROWS if limit is None else limit
        if inside:
            tasks = tx.all("reports.list_inside", limit=most, inside=inside, **values)
        else:
            tasks = tx.all("reports.list", limit=most, **values)
        total = len(tasks)
        if total == limit and inside:
            total = tx.value("reports.list_inside_count", inside=inside, **values)
        elif total == limit:
            total = tx.value("reports.list_count", **values)
    allowed = project.settings["states"]["allowed"]
    strange = [
        word for word in status.split(",") if word not in allowed and all(word != row["status"] for row in tasks)
    ]
    if status and strange:
        raise FairwayError("usage", f"STATUS {strange[0]!r} is none of {', '.join(allowed)}", suggest_call(STATUS=None))
    for task in tasks:
        task["ready"] = bool(task["ready"])
    return {"tasks": tasks, "total": total}


def status_report(project: Project, lane: str = "") -> StatusReport:
    """How many tasks are in which status, in all and for each lane.

    Returns `{total, ready, archived, by_status, by_lane, ready_by_lane}`. Every configured status and lane is there,
    in the configured order and with 0 where nothing is; then what else the store holds. Archived tasks count only in
    `archived`.
    """
    with project.store.read() as tx:
        counts = tasks_by_lane(tx, lane)
    rows = counts["rows"]
    statuses = _in_order(project.settings["states"]["allowed"], (row["status"] for row in rows))
    lanes = _in_order([lane] if lane else settings_of.lanes(project.settings), (row["lane"] for row in rows))
    by_lane = {name: dict.fromkeys(statuses, 0) for name in lanes}
    ready = dict.fromkeys(lanes, 0) | counts["ready"]
    for row in rows:
        by_lane[row["lane"]][row["status"]] = row["tasks"]
    by_status = {status: sum(counts[status] for counts in by_lane.values()) for status in statuses}
    return {
        "total": sum(by_status.values()),
        "ready": sum(ready.values()),
        "archived": counts["archived"],
        "by_status": by_status,
        "by_lane": by_lane,
        "ready_by_lane": ready,
    }


def tasks_by_lane(tx: Transaction, lane: str = "") -> LaneCounts:
    """`{rows, ready, archived}`: {lane, status, tasks} for what is there, ready tasks by lane, how many are archived.

    Only `archived` counts archived tasks: they are few, so all tasks are counted in an index and these taken off.
    """
    of_lane = {"role": lane}
    tx.foresee(("reports.counts", of_lane), ("reports.ready_counts", of_lane), ("reports.archived_counts", {}))
    rows, ready = tx.all("reports.counts", role=lane), tx.all("reports.ready_counts", role=lane)
    archived = tx.all("reports.archived_counts")
    off, off_ready = Counter[tuple[str, str]](), Counter[str]()
    for row in archived:
        off[row["lane"] or "", row["status"] or ""] += row["tasks"]
        off_ready[row["lane"] or ""] += row["ready"]
    left: list[ReportsCounts] = [{**row, "tasks": row["tasks"] - off[row["lane"], row["status"]]} for row in rows]
    return {
        "rows": [row for row in left if row["tasks"]],
        "ready": {row["lane"]: many for row in ready if (many := row["tasks"] - off_ready[row["lane"]])},
        "archived": sum(row["tasks"] for row in archived if lane in ("", row["defined"])),
    }


def activity(project: Project, *, task_id: str = "", lane: str = "", since: str = "", limit: int) -> Activity:
    """The events of the ledger, newest first.

    Returns `{events, total}`: `total` counts them without `limit`. An event has id, at, actor, session_id, tool,
    task_id ("" for what concerns no single task), kind, summary (one line), payload (what was written, as an
    object), request_id, reverts and reverted_by (numbers of events, None). `since` is a stored time. Raises
    FairwayError `not_found` for an unknown task.
    """
    with project.store.read() as tx:
        if task_id:
            find_state(tx, task_id)
        events = tx.all("reports.events", limit=limit, task_id=task_id, role=lane, since=since)
        total = len(events)
        if total == limit:
            total = tx.value("reports.event_count", task_id=task_id, role=lane, since=since)
    return {"events": [_told(event) for event in events], "total": total}


def _told(event: ReportsEvents) -> ReportedEvent:
    payload: dict[str, object] = stored(event["payload"], dict, "payload")
    return {**event, "payload": payload, "summary": summary_of(payload, event["reverts"], event["reverted_by"])}


def _in_order(configured: list[str], seen: Iterable[str]) -> list[str]:
    """The configured names, then the others that were seen."""
    return [*configured, *sorted(set(seen).difference(configured))]
