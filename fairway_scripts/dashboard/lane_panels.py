"""For architecture: who owns what, what hangs on what, and what was delivered."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.board.orchestrator.parts import lanes_seen
from fairway_scripts.board.reports import list_tasks, status_report
from fairway_scripts.dashboard.charts import crossing
from fairway_scripts.dashboard.panels import BEHIND, ON_PAGE, SHOWN, Column, Maker, Page, counted
from fairway_scripts.dashboard.work_panels import LANE, lane_of
from fairway_scripts.lanes.elsewhere import hosts_text
from fairway_scripts.queue.hierarchy import tree
from fairway_scripts.sessions.sessions import session_status
from fairway_scripts.utilities.output import output_report
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.readiness import explain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.dashboard.panels import Panel, Query
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.queue_shapes import Branch

_TASK = Column("task_id", "Task", "task")
_COMMIT = Column("commit_sha", "Commit", "commit")
#: Tasks in progress of one lane that are told beside those of the others.
_OF_A_LANE = 25


def _owners_first(project: Project, query: Query) -> Panel:
    return _owners(project, query, share=not query.lane)


def _owners(project: Project, query: Query, *, share: bool = False) -> Panel:
    lane = lane_of(project, query)
    sessions = session_status(project, lane=lane)["sessions"]
    names = [lane] if lane else list(status_report(project)["by_lane"])
    of_a_lane = max(1, ON_PAGE // max(1, len(names))) if share else _OF_A_LANE
    most = SHOWN if lane else of_a_lane
    rows: list[Mapping[str, object]] = []
    total = 0
    for name in names:
        found = list_tasks(project, lane=name, status=claimed_status(project), limit=most)
        total += found["total"]
        for row in found["tasks"]:
            there = [session["session_id"] for session in sessions if session["task_id"] == row["id"]]
            task = {"task_id": row["id"], "title": row["title"], "owner": row["owner"], "since": row["status_since"]}
            rows.append({"lane": name, **task, "sessions": there or "no session"})
        if not found["total"]:
            rows.append({"lane": name, "title": "idle"})
    columns = (
        *(LANE, _TASK, Column("title", "Title", "title"), Column("owner", "Owner")),
        *(Column("sessions", "Session", "word"), Column("since", "Since", "age")),
    )
    every = "Every lane is there, also one in which nothing happens;" if share and len(rows) <= ON_PAGE else "Of a lane"
    about = f"{every} at most {most} of its tasks."
    empty = "No lane is configured and no task is in progress."
    panel = counted("owners", "Who owns what", columns, rows, about=about, empty=empty)
    return panel._replace(told=f"{total:,} in progress")


def _loose_sessions(project: Project, query: Query) -> Panel:
    rows = [row for row in session_status(project, lane=lane_of(project, query))["sessions"] if not row["task_id"]]
    columns = (
        *(Column("session_id", "Session"), LANE, Column("provider", "Provider"), Column("process", "Process", "word")),
        Column("started_at", "Since", "age"),
    )
    empty = "Every live session works on a task."
    return counted("loose", "Sessions without a task", columns, rows, empty=empty)


def _worktrees(project: Project, query: Query) -> Panel:
    rows = []
    for lane in lanes_seen(project, lane=lane_of(project, query)):
        place = lane["worktree"]
        if not place:
            state = "not known"
        elif not place["exists"]:
            state = hosts_text(place["elsewhere"]) if place["elsewhere"] else "missing"
        else:
            state = "dirty" if place["dirty"] else "clean"
        rows.append(
            {
                "lane": lane["lane"],
                "ready": lane["ready"],
                "waiting": lane["waiting"],
                "in_progress": lane["in_progress"],
                "path": place and place["path"],
                "branch": place and place["branch"],
                "ahead": place and place["ahead"],
                "behind": place and place["behind"],
                "state": state,
            }
        )
    columns = (
        *(LANE, Column("ready", "Ready", "number"), Column("waiting", "Waiting", "number")),
        *(
            Column("in_progress", "In progress", "number"),
            Column("state", "Worktree", "word"),
            Column("branch", "Branch"),
        ),
        *(Column("ahead", "Ahead", "number"), Column("behind", "Behind", "number"), Column("path", "Where", "wide")),
    )
    return counted("worktrees", "Worktrees", columns, rows, empty="No lane is configured.")


def _dependencies(project: Project, query: Query) -> Panel:
    rows = [
        {"task_id": row["id"], "lane": row["lane"], "needs": need["id"], "of": need["lane"], "status": need["status"]}
        for row in explain(project, lane_of(project, query), limit=SHOWN)
        for need in row["waits_for"]
    ]
    columns = (
        *(_TASK, LANE, Column("needs", "Waits for", "task"), Column("of", "Of lane", "lane")),
        Column("status", "Which is", "word"),
    )
    panel = counted("dependencies", "What waits for what", columns, rows, empty="No task waits for another.")
    panel = panel._replace(about="Left who waits, right for whom.", chart=crossing(rows, "lane", "of"))
    return panel if len(rows) < SHOWN else panel._replace(total=None, told=f"of the first {SHOWN} tasks")


def _parts(project: Project, _query: Query) -> Panel:
    rows: list[Mapping[str, object]] = []

    def walk(nodes: list[Branch], depth: int) -> None:
        for node in nodes:
            task = node["task"]
            told = {"lane": task["lane"], "status": task["status"], "kind": task["kind"], "title": task["title"]}
            done = f"{task['done']} of {task['total']}" if task["total"] else ""
            rows.append({"task_id": task["id"], "level": depth, "done": done, **told})
            walk(node["children"], depth + 1)

    walk(tree(project, "", depth=4)["children"], 1)
    columns = (
        *(_TASK, Column("level", "Level", "number"), LANE, Column("status", "Status", "word")),
        *(Column("done", "Parts done"), Column("title", "Title", "title")),
    )
    return counted("parts", "Parts of parts", columns, rows, empty="No task is a part of another.")


def _delivered(project: Project, query: Query) -> Panel:
    rows = output_report(project, lane=lane_of(project, query), since="", until="")["delivered"]
    columns = (
        *(Column("output", "What"), LANE, _TASK, Column("result", "Result", "word"), _COMMIT),
        Column("artifact_path", "Artifact", "wide"),
    )
    empty = "No packet, contract or other output is recorded."
    return counted("delivered", "Packets and contracts delivered", columns, rows[::-1], empty=empty)


LANES = Page(
    "/lanes",
    "Lanes",
    "Who owns what, what hangs on what, and what was delivered.",
    ("lane",),
    {
        "owners": Maker("Who owns what", _owners, first=_owners_first),
        "loose": Maker("Sessions without a task", _loose_sessions),
        "worktrees": Maker("Worktrees", _worktrees, BEHIND),
        "dependencies": Maker("What waits for what", _dependencies, BEHIND),
        "parts": Maker("Parts of parts", _parts, BEHIND),
        "delivered": Maker("Packets and contracts delivered", _delivered, BEHIND),
    },
)
