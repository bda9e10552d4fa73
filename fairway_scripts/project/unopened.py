"""A project whose store is left alone: for what has to work when the store is missing, damaged or outdated."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.project.opening import locate
from fairway_scripts.project.places import NAMED_STORES, USUAL, configured_store, queue_place
from fairway_scripts.project.settings_in_force import settings_from_file
from fairway_scripts.store.contract import exact, is_server

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project


def find_project(args: Call) -> Project:
    """The project that a call means, with its settings read from the configuration file and its store not opened.

    Raises FairwayError `invalid_config`, `not_found` (a configuration file that was named), `git_unavailable`.
    """
    project = locate(args)
    project.settings = settings_from_file(project)
    if project.store_place.found not in NAMED_STORES:
        named = configured_store(project)
        if named.found != USUAL or is_server(project.store_place.path):
            project.store_place = named
    project.store_place.path = exact(project.store_place.path)
    project.queue = queue_place(project, args)
    return project
