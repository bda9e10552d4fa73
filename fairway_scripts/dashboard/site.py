"""The pages of the dashboard, in the order of the navigation."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.settings import lanes
from fairway_scripts.board.oversight import last_event
from fairway_scripts.dashboard.lane_panels import LANES
from fairway_scripts.dashboard.ops_panels import OPS
from fairway_scripts.dashboard.project_panels import PROJECTS
from fairway_scripts.dashboard.report_panels import REPORTS
from fairway_scripts.dashboard.task_panels import TASK
from fairway_scripts.dashboard.trust_panels import TRUST
from fairway_scripts.dashboard.work_panels import ACTIVITY, BOARD, WALL

if TYPE_CHECKING:
    from fairway_scripts.dashboard.dashboard_shapes import About
    from fairway_scripts.project.project import Project

#: Every page that is made of panels, by the name under which its panels are loaded one by one.
PAGES = {
    "now": WALL,
    "board": BOARD,
    "lanes": LANES,
    "trust": TRUST,
    "ops": OPS,
    "activity": ACTIVITY,
    "reports": REPORTS,
    "projects": PROJECTS,
}
#: The same, and the panels of the page of a task.
EVERY = {**PAGES, "task": TASK}


def about(project: Project) -> About:
    """What every page says of its project: its name, its lanes, and the number of the last event."""
    cursor = last_event(project)
    name = project.settings["fairway"]["project_name"] or os.path.basename(project.root)
    return {"project": name, "lanes": lanes(project.settings), "cursor": cursor}
