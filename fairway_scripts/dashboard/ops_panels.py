"""For operations: what runs, what ran out, and what does not match."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.board import loose_ends, oversight
from fairway_scripts.board.doctor.diagnosis import diagnose
from fairway_scripts.board.health import health_report
from fairway_scripts.calls.command_line import parse
from fairway_scripts.catalog import find_tool
from fairway_scripts.cutover.door.engines import FAIRWAY, engine_of_lane, engines
from fairway_scripts.cutover.door.moving import lanes_of
from fairway_scripts.cutover.parity.parity import report, report_command
from fairway_scripts.dashboard.panels import ASKED, BEHIND, Column, Maker, Page, counted
from fairway_scripts.dashboard.work_panels import LANE, lane_of
from fairway_scripts.project.places import NAMED_STORES
from fairway_scripts.runs.checkpoints import current_checkpoints
from fairway_scripts.runs.watchers import current_watchers
from fairway_scripts.sessions.sessions import session_status

if TYPE_CHECKING:
    from fairway_scripts.cutover.parity.parity_shapes import LaneReport
    from fairway_scripts.dashboard.dashboard_shapes import LaneParity
    from fairway_scripts.dashboard.panels import Panel, Query
    from fairway_scripts.project.project import Project

_TASK = Column("task_id", "Task", "task")
_AGE = Column("created_at", "Age", "age")
_FIX = Column("fix", "Line that mends it", "line")


def _sessions(project: Project, query: Query) -> Panel:
    rows = session_status(project, lane=lane_of(project, query))["sessions"]
    columns = (
        *(Column("session_id", "Session"), LANE, _TASK, Column("status", "Status", "word")),
        *(Column("process", "Process", "word"), Column("provider", "Provider"), Column("backend", "Backend")),
        Column("last_heartbeat_at", "Last heard of", "age"),
    )
    return counted("sessions", "Live sessions", columns, rows, empty="No session is live.")


def _watchers(project: Project, query: Query) -> Panel:
    with project.store.read() as tx:
        rows = current_watchers(project, tx, clock.now(), lane=lane_of(project, query))
    columns = (
        *(Column("watch_id", "Watcher"), _TASK, LANE, Column("status", "Status", "word")),
        *(
            Column("process", "Process", "word"),
            Column("news_at", "Last news", "age"),
            Column("stale", "Why now", "wide"),
        ),
        _FIX,
    )
    return counted("watchers", "Watchers", columns, rows, empty="Nothing is watched, and no watcher is blocked.")


def _checkpoints(project: Project, query: Query) -> Panel:
    lane = lane_of(project, query)
    with project.store.read() as tx:
        rows = [row for row in current_checkpoints(project, tx, clock.now()) if row["open"]]
    rows = [row for row in rows if not lane or row["lane"] == lane]
    columns = (
        *(Column("subject_id", "Task or track"), Column("state", "State", "word"), Column("owner", "Owner")),
        *(Column("summary", "Where it stands", "wide"), Column("target_close_by", "To be closed by"), _AGE),
        *(Column("stale", "Why now", "wide"), _FIX),
    )
    return counted("checkpoints", "Open checkpoints", columns, rows, empty="No checkpoint is open.")


def _category(project: Project, query: Query, name: str, category: str, title: str, empty: str) -> Panel:
    rows = health_report(project, now=clock.now(), lane=lane_of(project, query))["findings"][category]
    columns = (
        *(Column("id", "Task", "task"), LANE, Column("since", "Since", "age"), Column("what", "What is so", "wide")),
        _FIX,
    )
    return counted(name, title, columns, rows, empty=empty)


def _leases(project: Project, query: Query) -> Panel:
    return _category(project, query, "leases", "over_lease", "Leases that ran out", "Every claim shows signs of life.")


def _failing(project: Project, query: Query) -> Panel:
    empty = "Every failed build has something that follows it up."
    return _category(project, query, "failing", loose_ends.FAILED_CI, "Failed builds without follow-up", empty)


def _deployments(project: Project, query: Query) -> Panel:
    rows = oversight.failed_deployments(project, lane_of(project, query))
    columns = (_TASK, LANE, Column("notes", "What differs", "wide"), Column("artifact_path", "Packet", "wide"), _AGE)
    empty = "No deploy packet says that what is deployed differs."
    return counted("deployments", "Deployments that differ", columns, rows, empty=empty)


def _engines(project: Project, _query: Query) -> Panel:
    """Who answers each lane, by its own engine or that of `*`, and what parity-report says of it: its own answer."""
    found: dict[str, LaneReport] = {}
    about, said = "Beside each lane what parity-report says of it.", "nothing observed"
    try:
        told = report(project)
        found = {lane["role"]: lane for lane in told["lanes"]}
        about += f" {told['waiting']} call(s) are not compared yet." if told["waiting"] else ""
    except FairwayError as refusal:  # explanations that cannot be read: then nothing is known
        said = f"not computed: {refusal.message}"
    names: list[str] = []
    if known := engines(project):
        with project.store.read() as tx:
            names = lanes_of(project, tx)
    rows = [
        {
            "lane": name,
            "engine": engine_of_lane(known, name),
            "fix": report_command(name),
            **_parity(found.get(name), said),
        }
        for name in names
    ]
    columns = (
        *(Column("lane", "Lane"), Column("engine", "Answered by", "word"), Column("observed", "Observed", "number")),
        *(Column("unexplained", "Unexplained", "number"), Column("parity", "Parity", "wide")),
        Column("fix", "Line that says all of it", "line"),
    )
    empty = "Nobody is cutting over: every lane is answered by these tools."
    return counted("engines", "Engines", columns, rows, empty=empty, about=about if rows else "")


def _parity(lane: LaneReport | None, said: str) -> LaneParity:
    """What parity-report says of a lane; of one that it does not list, `said`."""
    if lane is None:
        return {"observed": None, "unexplained": None, "parity": said}
    observed = sum(row["observations"] for row in lane["operations"])
    unexplained = sum(row["unexplained"] for row in lane["operations"])
    word = "; ".join(lane["obstacles"]) or ("moved" if lane["engine"] == FAIRWAY else "nothing is in the way")
    return {"observed": observed, "unexplained": unexplained, "parity": word}


def _doctor(project: Project, _query: Query) -> Panel:
    named = project.store_place.found in NAMED_STORES
    args = parse(find_tool("queue-doctor"), [f"--queue-db={project.store_place.path}"] if named else [], None)
    rows = diagnose(args)["findings"]
    columns = (
        Column("level", "Level", "word"),
        Column("key", "What", "word"),
        Column("message", "Which", "wide"),
        _FIX,
    )
    return counted("doctor", "Doctor", columns, rows, empty="The set-up lacks nothing.")


OPS = Page(
    "/ops",
    "Operations",
    "What runs, what ran out, and what does not match.",
    ("lane",),
    {
        "sessions": Maker("Live sessions", _sessions),
        "watchers": Maker("Watchers", _watchers),
        "checkpoints": Maker("Open checkpoints", _checkpoints),
        "leases": Maker("Leases that ran out", _leases, BEHIND),
        "failing": Maker("Failed builds without follow-up", _failing, BEHIND),
        "deployments": Maker("Deployments that differ", _deployments, BEHIND),
        "engines": Maker("Engines", _engines, BEHIND),
        "doctor": Maker("Doctor", _doctor, ASKED),
    },
)
