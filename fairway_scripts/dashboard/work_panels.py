"""The panels of the wall and of the board: what needs somebody, what can be taken, what is in work, what waits."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.since import since_time
from fairway_scripts.board.health import CATEGORIES, health_report
from fairway_scripts.board.orchestrator.parts import upcoming
from fairway_scripts.board.oversight import block_reasons
from fairway_scripts.board.reports import activity, list_tasks, status_report
from fairway_scripts.calls.published import NORMAL
from fairway_scripts.dashboard.panels import BEHIND, KEPT, SHOWN, Column, Maker, Page, Panel, counted
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.reviews.next_step import BLOCKED
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.readiness import explain, ready

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import HealthFinding
    from fairway_scripts.dashboard.panels import Query
    from fairway_scripts.project.project import Project

TASK, LANE = Column("id", "Task", "task"), Column("lane", "Lane", "lane")
TITLE, OWNER = Column("title", "Title", "title"), Column("owner", "Owner")
_SINCE = Column("since", "Since", "age")
#: The columns of a list of events.
EVENTS = (
    Column("at", "When", "age"),
    Column("actor", "Actor"),
    Column("kind", "What", "word"),
    Column("task_id", "Task", "task"),
    Column("summary", "In short", "wide"),
    Column("id", "Event", "event"),
)
#: What the categories of the health report are called where people read them.
_WORDS = {
    "stale_in_progress": "in progress for long",
    "over_lease": "lease ran out",
    "blocked_over_24h": "blocked for long",
    "unacknowledged_handoffs_over_1h": "handoff waits",
    "unrouted_reviews": "nobody asked to review",
    "pending_reviews_over_24h": "review waits",
    "stale_reviews": "approval of another commit",
}


def _needs(project: Project, query: Query) -> Panel:
    found = health_report(project, now=clock.now(), lane=lane_of(project, query))
    rows = [
        {**entry, "reason": _WORDS.get(name, name.replace("_", " "))}
        for name in CATEGORIES
        if name not in NORMAL
        for entry in found["findings"][name]
    ]
    rows.sort(key=lambda row: (row["since"], str(row["id"])))
    columns = (
        *(Column("reason", "Why", "word"), TASK, LANE, _SINCE, Column("what", "What is so", "wide")),
        Column("fix", "Line that mends it", "line"),
    )
    return Panel(
        "needs",
        "Needs somebody now",
        columns,
        rows,
        about="What has waited longer than the configuration allows, the longest first.",
        empty="Nothing has waited too long.",
        total=len(rows),
    )


def _tick(project: Project, query: Query, most: int = sys.maxsize) -> Panel:
    seen = upcoming(project, now=clock.now(), lane=lane_of(project, query), most=most)
    columns = (
        *(Column("action", "Do", "word"), LANE, Column("task_id", "Task", "task"), Column("reason", "Why", "wide")),
        Column("command", "Line to paste", "line"),
    )
    return Panel(
        "tick",
        "What the coordinator would do next",
        columns,
        seen["actions"],
        about="The answer of orchestrator-tick, in its order.",
        empty="Nothing is left to do.",
        total=seen["total"],
    )


def _tick_first(project: Project, query: Query) -> Panel:
    return _tick(project, query, KEPT)


def _recent(project: Project, query: Query) -> Panel:
    found = activity(project, lane=lane_of(project, query), limit=12)
    return Panel("recent", "Last events", EVENTS, found["events"], total=found["total"], more="/activity")


def _happened(project: Project, query: Query) -> Panel:
    since = since_time(query.since, clock.now()) if query.since else ""
    lane = lane_of(project, query)
    found = activity(project, task_id=query.task_id, lane=lane, since=since, limit=SHOWN)
    empty = "Nothing happened that matches."
    return Panel("happened", "Events", EVENTS, found["events"], empty=empty, total=found["total"])


def _ready(project: Project, query: Query) -> Panel:
    found = ready(project, lane_of(project, query), limit=SHOWN)
    columns = (TASK, LANE, Column("priority", "Priority", "number"), TITLE, Column("kind", "Kind"))
    return Panel(
        "ready",
        "Ready",
        columns,
        found["tasks"],
        about="Can be claimed now, in the order to take them.",
        empty="No task is ready.",
        total=found["total"],
    )


def _in_status(project: Project, query: Query, name: str, title: str, status: str, empty: str) -> Panel:
    found = list_tasks(project, lane=lane_of(project, query), status=status, owner=query.owner, limit=SHOWN)
    columns = (TASK, LANE, TITLE, OWNER, Column("claimant", "Claimant"), Column("status_since", "Since", "age"))
    return Panel(name, title, columns, found["tasks"], total=found["total"], empty=empty)


def _active(project: Project, query: Query) -> Panel:
    return _in_status(project, query, "active", "In progress", claimed_status(project), "Nobody works on anything.")


def _blocked(project: Project, query: Query) -> Panel:
    if BLOCKED not in project.settings["states"]["allowed"]:
        return Panel("blocked", "Blocked", (TASK,), [], empty="This project has no state `blocked`.", total=0)
    panel = _in_status(project, query, "blocked", "Blocked", BLOCKED, "Nothing is blocked.")
    why = block_reasons(project, lane_of(project, query))
    rows = [{**row, "reason": why.get(str(row["id"]), "")} for row in panel.rows]
    *columns, since = panel.columns
    return panel._replace(columns=(*columns, Column("reason", "Why", "wide"), since), rows=rows)


def _findings(project: Project, query: Query, category: str) -> list[HealthFinding]:
    return health_report(project, now=clock.now(), lane=lane_of(project, query))["findings"][category]


def _handoffs(project: Project, query: Query) -> Panel:
    rows = _findings(project, query, "unacknowledged_handoffs")
    columns = (TASK, LANE, Column("waits_for", "Waits for", "lane"), _SINCE, Column("what", "What is so", "wide"))
    empty = "Every handoff is acknowledged."
    return Panel("handoffs", "Handoffs that wait", columns, rows, empty=empty, total=len(rows))


def _reviews(project: Project, query: Query) -> Panel:
    rows = _findings(project, query, "pending_reviews")
    columns = (
        *(TASK, LANE, Column("waits_for", "Waits for", "lane"), _SINCE),
        Column("fix", "Line for the reviewer", "line"),
    )
    return Panel("reviews", "Reviews that wait", columns, rows, empty="No lane is asked for a review.", total=len(rows))


def _waiting(project: Project, query: Query) -> Panel:
    rows = explain(project, lane_of(project, query), limit=SHOWN)
    columns = (TASK, LANE, TITLE, Column("reason", "Why it is not ready", "wide"))
    panel = counted("waiting", "Not ready, and why", columns, rows, empty="Everything that is to do is ready.")
    return panel if len(rows) < SHOWN else panel._replace(total=None, told=f"the first {SHOWN}")


def _tasks(project: Project, query: Query) -> Panel:
    found = list_tasks(
        project,
        lane=lane_of(project, query),
        status=query.status,
        owner=query.owner,
        limit=SHOWN,
        archived=False,
    )
    columns = (
        *(TASK, LANE, Column("status", "Status", "word"), OWNER, Column("priority", "Priority", "number"), TITLE),
        Column("status_since", "Since", "age"),
    )
    return Panel("tasks", "All tasks", columns, found["tasks"], empty="No task matches.", total=found["total"])


def _figures(project: Project, query: Query) -> Panel:
    found = status_report(project, lane_of(project, query))
    own = {"lane": query.lane} if query.lane else {}
    rows = [{"label": "ready", "value": found["ready"], "path": "/board", "query": own}]
    for status, count in found["by_status"].items():
        there = {**own, "status": status, "show": "tasks"}
        rows.append({"label": status.replace("_", " "), "value": count, "path": "/board", "query": there})
    columns = (Column("label", "Tasks"), Column("value", "How many", "number"))
    return counted("figures", "Tasks by status", columns, rows)._replace(is_figures=True)


def lane_of(project: Project, query: Query) -> str:
    """The lane that a page is about, "" for all; raises FairwayError `not_found` for one that is not there."""
    return known_lane(project, query.lane) if query.lane else ""


WALL = Page(
    "/",
    "Now",
    "What needs somebody, across all lanes.",
    ("lane",),
    {
        "figures": Maker("Tasks by status", _figures),
        "needs": Maker("Needs somebody now", _needs),
        "tick": Maker("What the coordinator would do next", _tick, BEHIND, first=_tick_first),
        "recent": Maker("Last events", _recent),
    },
)
BOARD = Page(
    "/board",
    "Board",
    "What can be taken, what is in work, and what waits for whom.",
    ("lane", "status", "owner"),
    {
        "ready": Maker("Ready", _ready),
        "active": Maker("In progress", _active),
        "blocked": Maker("Blocked", _blocked),
        "handoffs": Maker("Handoffs that wait", _handoffs, BEHIND),
        "reviews": Maker("Reviews that wait", _reviews, BEHIND),
        "waiting": Maker("Not ready, and why", _waiting, BEHIND),
        "tasks": Maker("All tasks", _tasks, BEHIND),
    },
)
ACTIVITY = Page(
    "/activity",
    "Activity",
    "What happened, newest first; it goes on by itself while this page is open.",
    ("lane", "task_id", "since"),
    {"happened": Maker("Events", _happened)},
)
