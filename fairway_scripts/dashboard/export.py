"""The pages as files without a script, for people who have no access: the same templates, every panel computed."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING
from urllib.parse import quote

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.board.reports import list_tasks
from fairway_scripts.dashboard import looks
from fairway_scripts.dashboard.deeds import DEEDS
from fairway_scripts.dashboard.panels import SHOWN, Query
from fairway_scripts.dashboard.project_panels import figures_of, panel_of
from fairway_scripts.dashboard.site import PAGES, about
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.reviews.task_detail import task_detail

if TYPE_CHECKING:
    from collections.abc import Mapping

    import jinja2

    from fairway_scripts.dashboard.desk import Desk
    from fairway_scripts.dashboard.panels import Panel
    from fairway_scripts.project.project import Project

#: Says that a folder was written by an export, so that the next one may write over it.
_MARK = ".fairway-export"
#: Pages of tasks, at most: the open ones first.
MOST_TASKS = 1000


def export(desk: Desk, folder: str) -> dict[str, int]:
    """Write every page into `folder`, which is new, empty or an earlier export; `{pages, tasks, left_out}`.

    `left_out` counts the tasks that got no page of their own: beyond MOST_TASKS, finished ones first. Raises
    FairwayError `already_exists` for a folder of something else, `file_unavailable`.
    """
    folder = os.path.abspath(folder)
    _begin(folder)
    everywhere = panel_of(desk.survey_here(figures_of))
    return desk.ask_here(lambda project: _write_all(project, folder, everywhere))


def _begin(folder: str) -> None:
    try:
        others = set(os.listdir(folder)) if os.path.lexists(folder) else set()
        if others and _MARK not in others:
            raise FairwayError("already_exists", f"{folder} holds something else: {min(others)}", "name a new folder")
        os.makedirs(os.path.join(folder, "tasks"), exist_ok=True)
    except OSError as fault:
        raise FairwayError("file_unavailable", f"{folder} cannot be written: {fault.strerror}") from fault
    replace_file(os.path.join(folder, _MARK), b"")


def _write_all(project: Project, folder: str, everywhere: Panel) -> dict[str, int]:
    rows = list_tasks(project)["tasks"]
    terminal = project.settings["states"]["terminal"]
    rows.sort(key=lambda row: row["status"] in terminal)
    kept = {row["id"]: _file_of(row["id"]) for row in rows[:MOST_TASKS]}
    addresses = {looks.task_address(task_id): quote(name) for task_id, name in kept.items()}
    addresses |= {page.path: _page_file(page.path) for page in PAGES.values()}
    for name, content in looks.static_files().items():
        if not name.endswith(".js"):
            replace_file(os.path.join(folder, name), content)
    shared = {"now": clock.now(), "name": "", "form_token": "", "read_only": True, **about(project)}
    template = _looks("", addresses).get_template("page.html")
    for key, page in PAGES.items():
        makers = page.panels.items()
        panels = {name: everywhere if maker.everywhere else maker.make(project, Query()) for name, maker in makers}
        text = template.render(here=key, page=page, query=Query(), panels=panels, **shared)
        replace_file(os.path.join(folder, _page_file(page.path)), text.encode())
    template = _looks("../", addresses).get_template("task.html")
    for task_id, name in kept.items():
        text = template.render(here="", task=task_detail(project, task_id), offered=[], done="", **shared)
        replace_file(os.path.join(folder, name), text.encode())
    return {"pages": len(PAGES), "tasks": len(kept), "left_out": len(rows) - len(kept)}


def _looks(up: str, addresses: Mapping[str, str]) -> jinja2.Environment:
    """The templates of a folder; `up` leads from there to the top, a page that is not written has no address."""

    def link(path: str, _query: Mapping[str, str] | None = None) -> str:
        return up + addresses[path] if path in addresses else ""

    shared = {"pages": PAGES, "deeds": DEEDS, "most": SHOWN, "is_export": True, "static": up, "link": link}
    return looks.templates(load=lambda _here, _key: "", **shared)


def _page_file(path: str) -> str:
    return f"{path.strip('/') or 'index'}.html"


def _file_of(task_id: str) -> str:
    """The file of a task: its id, with every character that a path or an address would take for something else."""
    return f"tasks/{quote(task_id, safe='').replace('~', '~7E').replace('%', '~')}.html"
