"""Several projects on one page: a project that cannot be read is a row that says why."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.board.reports import activity, status_report
from fairway_scripts.dashboard.panels import Column, Maker, Page, Panel, counted
from fairway_scripts.reviews.next_step import BLOCKED
from fairway_scripts.work.claims import claimed_status

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.dashboard.dashboard_shapes import Figures
    from fairway_scripts.dashboard.panels import Query
    from fairway_scripts.project.project import Project


def figures_of(project: Project) -> Figures:
    """What one row says of a project: its name, how many tasks stand how, and its last event."""
    counts = status_report(project)
    last = activity(project, limit=1)["events"]
    by_status = counts["by_status"]
    return {
        "project": project.settings["fairway"]["project_name"] or os.path.basename(project.root),
        "tasks": counts["total"],
        "ready": counts["ready"],
        "in_progress": by_status.get(claimed_status(project), 0),
        "blocked": by_status.get(BLOCKED, 0),
        "last": last[0]["at"] if last else "",
    }


def panel_of(found: list[tuple[str, Figures | FairwayError]]) -> Panel:
    """The panel of what each project answered, the FairwayError of one that could not be read among them."""
    rows: list[Mapping[str, object]] = []
    for folder, answer in found:
        if isinstance(answer, FairwayError):
            unknown = {"project": os.path.basename(folder), "state": answer.word, "problem": answer.message}
            rows.append({**unknown, "fix": answer.hint, "folder": folder})
        else:
            rows.append({**answer, "state": "readable", "folder": folder})
    columns: tuple[Column, ...] = (
        *(Column("project", "Project"), Column("state", "State", "word"), Column("tasks", "Tasks", "number")),
        *(Column("ready", "Ready", "number"), Column("in_progress", "In progress", "number")),
        *(Column("blocked", "Blocked", "number"), Column("last", "Last event", "age")),
        *(Column("folder", "Where", "place"), Column("problem", "What is wrong", "wide")),
        Column("fix", "Line that mends it", "line"),
    )
    if all(row["state"] == "readable" for row in rows):
        columns = columns[:-2]
    return counted("projects", "Projects", columns, rows)


def _nobody(_project: Project, _query: Query) -> Panel:
    raise AssertionError("this panel is made of every project")


PROJECTS = Page(
    "/projects",
    "Projects",
    "Every project that this dashboard was given; its other pages are those of the first one.",
    (),
    {"projects": Maker("Projects", _nobody, everywhere=True)},
)
