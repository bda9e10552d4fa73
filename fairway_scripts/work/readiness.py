"""What is ready, and why the rest is not."""

from __future__ import annotations

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.work.work_shapes import Needed, Ready, Waiting

ALL_ROWS = 1 << 40


def ready(
    project: Project, lane: str, *, limit: int | None = None, priority: int | None = None, inside: str = ""
) -> Ready:
    """The claimable tasks in the order to take them: lane, priority, sequence, id.

    `total` counts them without `limit`. Raises FairwayError `not_found` when there is no task `inside`.
    """
    most = ALL_ROWS if priority is None else priority
    count = ALL_ROWS if limit is None else limit
    with project.store.read() as tx:
        if inside:
            tasks = tx.all("tasks.ready_inside", role=lane, inside=inside, priority=most, limit=ALL_ROWS)
            if not tasks:
                from fairway_scripts.project.changes import find_state

                find_state(tx, inside)
            return {"tasks": tasks if limit is None else tasks[:limit], "total": len(tasks)}
        if lane:
            tasks = tx.all("tasks.ready_lane", role=lane, priority=most, limit=count)
        else:
            tasks = tx.all("tasks.ready_all", priority=most, limit=count)
        total = len(tasks)
        if limit is not None and total >= limit:
            total = tx.value("tasks.ready_count", role=lane, priority=most)
    return {"tasks": tasks, "total": total}


def explain(project: Project, lane: str, *, limit: int | None = None) -> list[Waiting]:
    """Every task in the initial status that is not ready: id, lane, title, waits_for (id, status, lane), reason.

    With `limit` only the first ones, in the order in which they would be taken.
    """
    initial = settings_of.initial_status(project.settings)
    needed: dict[str, list[Needed]] = {}
    with project.store.read() as tx:
        waiting = tx.all("tasks.waiting", initial=initial, role=lane, limit=ALL_ROWS if limit is None else limit)
        if limit is None:
            dependencies = tx.all("tasks.open_dependencies", initial=initial)
        else:
            dependencies = tx.all("tasks.open_dependencies_of_first", initial=initial, role=lane, limit=limit)
        for row in dependencies:
            found: Needed = {"id": row["id"], "status": row["status"], "lane": row["lane"]}
            needed.setdefault(row["task_id"], []).append(found)
    explained: list[Waiting] = []
    for task in waiting:
        waits_for = needed.get(task["id"], [])
        reason = (
            "it left the queue file"
            if task["left_file_at"]
            else "waits for " + ", ".join(f"{row['id']} ({row['status']})" for row in waits_for)
        )
        explained.append(
            {"id": task["id"], "lane": task["lane"], "title": task["title"], "waits_for": waits_for, "reason": reason}
        )
    return explained


def why_empty(project: Project, lane: str) -> str:
    """One sentence that says why nothing is ready."""
    initial = settings_of.initial_status(project.settings)
    whose = f"lane {lane}" if lane else "the queue"
    waiting = explain(project, lane)
    if not waiting:
        return f"nothing is ready: {whose} has no task in status {initial}"
    return (
        f"nothing is ready: {len(waiting)} {initial} task(s) of {whose} wait for others; "
        f"{waiting[0]['id']} {waiting[0]['reason']} (all of them: {suggest('queue-ready', ROLE=lane, EXPLAIN=True)})"
    )
