"""A project whose store is left alone: for what has to work when the store is missing, damaged or outdated."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts.operations.places import NAMED_STORES, Place, queue_place
from fairway_scripts.operations.project import CONFIGURED_STORE, locate, settings_from_file

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project


def find_project(args: Any) -> Project:
    """The project that a call means, with its settings read from the configuration file and its store not opened.

    Raises FairwayError `invalid_config`, `not_found` (a configuration file that was named), `git_unavailable`.
    """
    project = locate(args)
    project.settings = settings_from_file(project)
    configured = project.settings["fairway"]["db_path"]
    if configured and project.store_place.found not in NAMED_STORES:
        path = os.path.realpath(os.path.join(project.root, configured))
        project.store_place = Place(path, CONFIGURED_STORE)
    project.store_place.path = os.path.realpath(project.store_place.path)
    project.queue = queue_place(project, args)
    return project
