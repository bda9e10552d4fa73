"""A project whose store is left alone: for what has to work when the store is missing, damaged or outdated."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts.documents.config_file import read_config
from fairway_scripts.errors import FairwayError
from fairway_scripts.operations.conventions import assumed_settings
from fairway_scripts.operations.places import Place, queue_place
from fairway_scripts.operations.project import locate

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project

_NAMED = ("--db", "QUEUE_DB", "AGENT_QUEUE_DB")


def find_project(args: Any) -> Project:
    """The project that a call means, with its settings read from the configuration file and its store not opened.

    Raises FairwayError `invalid_config`, `not_found` (a configuration file that was named), `git_unavailable`.
    """
    project = locate(args)
    project.settings = _settings(project)
    configured = project.settings["fairway"]["db_path"]
    if configured and project.store_place.found not in _NAMED:
        path = os.path.realpath(os.path.join(project.root, configured))
        project.store_place = Place(path, "fairway.db_path in the configuration")
    project.store_place.path = os.path.realpath(project.store_place.path)
    project.queue = queue_place(project, args)
    return project


def _settings(project: Project) -> dict[str, Any]:
    if not project.config.path:
        return assumed_settings(project, [])
    settings, faults = read_config(project.config.path)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        listing = "\n".join(fault.text() for fault in errors)
        raise FairwayError(
            "invalid_config",
            f"{project.show(project.config.path)} has {len(errors)} fault(s):\n{listing}",
            "fairway-config validate",
            faults=[fault.as_json() for fault in errors],
        )
    return settings
