"""What the page of a task computes behind itself: what is still wanted before its commit may be merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.settings import lane_branch
from fairway_scripts.calls.command_line import parse
from fairway_scripts.catalog import find_tool
from fairway_scripts.dashboard.panels import BEHIND, Column, Maker, Page, Panel, counted
from fairway_scripts.project.changes import find_state
from fairway_scripts.reviews.merge_checklist import FAIL, PASS
from fairway_scripts.reviews.merge_ready import merge_ready

if TYPE_CHECKING:
    from fairway_scripts.dashboard.panels import Query
    from fairway_scripts.project.project import Project


def _merge_ready(project: Project, query: Query) -> Panel:
    with project.store.read() as tx:
        state = find_state(tx, query.task_id)
    ref = state["branch"] or lane_branch(project.settings, state["role"])
    args = parse(find_tool("queue-merge-ready"), [f"--task-id={query.task_id}", f"--ref={ref}"], None)
    found = merge_ready(project, args)
    columns = (
        *(Column("level", "Level", "word"), Column("check", "Check", "word"), Column("message", "What is so", "wide")),
        Column("fix", "Line to paste", "line"),
    )
    rows = sorted(found["checks"], key=lambda check: (check["level"] != FAIL, check["level"] == PASS))
    failed = sum(check["level"] == FAIL for check in rows)
    about = f"{ref} at {found['commit_sha'][:12]} against {found['base']}: the answer of queue-merge-ready."
    panel = counted("merge-ready", "What merge-ready still wants", columns, rows, about=about)
    return panel._replace(told=f"{failed} of {len(rows)}" if failed else "nothing: it may be merged")


TASK = Page(
    "/tasks",
    "Task",
    "Everything that is recorded about a task.",
    (),
    {"merge-ready": Maker("What merge-ready still wants", _merge_ready, BEHIND)},
)
