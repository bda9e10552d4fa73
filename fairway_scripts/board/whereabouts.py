"""Which files a call uses and why, told even when something about them is wrong."""

from __future__ import annotations

import copy
import os
import platform
import sys
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.identity import shows_nothing
from fairway_scripts.project import installation
from fairway_scripts.project.lane_choice import known_lane, lane_here
from fairway_scripts.project.opening import locate, open_as_it_is
from fairway_scripts.project.places import Place, queue_place
from fairway_scripts.project.project import is_born
from fairway_scripts.queue.importing import shared_with_the_project
from fairway_scripts.store.contract import is_server

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.board.board_shapes import EnginePlace, FoundPlace, SourceFacts, StoreContents, Whereabouts
    from fairway_scripts.calls.tool_calls import QueueDoctor, QueueWhere
    from fairway_scripts.project.project import Project


def look_around(args: QueueDoctor | QueueWhere) -> tuple[Project, list[FairwayError]]:
    """The project of a call, opened as far as that goes, and what stood in the way; nothing is imported or made.

    With a problem `project.store` is None. Raises FairwayError only when the place of the files cannot be told
    (`git_unavailable`, `not_found` for a configuration file that was named).
    """
    try:
        return open_as_it_is(args), []
    except FairwayError as problem:
        project = locate(args)
        project.settings = _readable_settings(project)
        try:
            project.queue = queue_place(project, args)
        except FairwayError:
            project.queue = Place("", "nothing says which checkout counts")
        return project, [problem]


def whereabouts(args: QueueWhere) -> Whereabouts:
    """Every place that a call uses, each as `{path, found, exists}`, and who asks.

    Returns version, program (where the suite lies), python, project (its name), root, worktree, git_dir, common_dir,
    main_branch, config, queue_file (also valid and task_count, None when it was never read), store (also engine,
    `sqlite` or `postgres`, schema_version and task_count), lane {name, found}, actor {name, found}, session, shared
    (what to say of a store that another configuration uses too), problems (errors as JSON), root_found (how the
    root was found). Paths are absolute, "" for none.
    """
    project, problems = look_around(args)
    lane, found = "", ""
    try:
        lane, found = (known_lane(project, args.role), "--role") if args.role else lane_here(project)
    except FairwayError as problem:
        problems.append(problem)
    repository = project.repository
    return {
        "version": installation.version(),
        "program": installation.home(),
        "python": f"{platform.python_version()} at {sys.executable}",
        "project": project.settings["fairway"]["project_name"] or os.path.basename(project.root),
        "root": project.root,
        "root_found": project.root_found,
        "worktree": project.worktree,
        "git_dir": repository.git_dir if repository else "",
        "common_dir": repository.common_dir if repository else "",
        "main_branch": project.settings["fairway"]["main_branch"],
        "config": _place(project.config.path, project.config.found),
        "queue_file": {**_place(project.queue.path, project.queue.found), **_source(project)},
        "store": {**_store_place(project), **_contents(project)},
        "lane": {"name": lane, "found": found},
        "actor": {"name": project.identity.actor, "found": _actor_found(project, args)},
        "session": project.identity.session,
        "shared": shared_with_the_project(project),
        "problems": [problem.as_json() for problem in problems],
    }


def _readable_settings(project: Project) -> Settings:
    """What can be made of a configuration file with faults; the defaults when it cannot be read at all."""
    from fairway_scripts.settings.config_file import read_config

    try:
        if project.config.path:
            return read_config(project.config.path)[0]
    except FairwayError:
        return copy.deepcopy(settings_of.DEFAULTS)
    return settings_of.default_settings([])


def _place(path: str, found: str) -> FoundPlace:
    return {"path": path, "found": found, "exists": bool(path) and os.path.exists(path)}


def _store_place(project: Project) -> EnginePlace:
    """The store's place; on a server it exists when it answers."""
    path, found = project.store_place.path, project.store_place.found
    if is_server(path):
        return {"engine": "postgres", "path": path, "found": found, "exists": _is_open(project)}
    return {"engine": "sqlite", **_place(path, found)}


def _source(project: Project) -> SourceFacts:
    known = None
    if _is_open(project):
        with project.store.read() as tx:
            known = tx.one("sources.source", path=project.queue.path)
    return {"valid": bool(known["valid"]) if known else None, "task_count": known["task_count"] if known else None}


def _contents(project: Project) -> StoreContents:
    if not _is_open(project):
        return {"schema_version": None, "task_count": None}
    with project.store.read() as tx:
        return {"schema_version": tx.value("reports.schema_version"), "task_count": tx.value("reports.task_count")}


def _is_open(project: Project) -> bool:
    return project.store is not None and is_born(project.store)


def _actor_found(project: Project, args: QueueWhere) -> str:
    if args.actor:
        return "--actor"
    actor = os.environ.get("ACTOR", "")
    if actor and not shows_nothing(actor):
        return "ACTOR"
    return "FAIRWAY_SESSION_ID" if project.identity.session else "user@host"
