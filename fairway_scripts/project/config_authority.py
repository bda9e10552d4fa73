"""Whose configuration decides: a call may name another file than the project's own, but no gate opens by that.

Every event of the ledger holds the path and the digest of the configuration that was in force (`config` in its
payload). Under another one than the project's own, what a gate decides about (a finished status, a review, a waiver,
an approval to run, a guard that graduates) is refused, unless the project's own file names it in
`configuration.accepted`.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.patterns.globs import compile_glob
from fairway_scripts.base.settings import queue_source
from fairway_scripts.settings.config_file import read_config

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project


def refuse_other_configuration(project: Project, what: str) -> None:
    """Raise FairwayError `config_foreign` when `what` is asked for under a configuration that is not the project's."""
    if not project.own_config or is_accepted(project):
        return
    own = project.show(project.own_config)
    raise FairwayError(
        "config_foreign",
        f"{what} is decided by the project's own configuration ({own}), not by {project.show(project.config.path)} "
        f"({project.config.found})",
        f"leave {project.config.found} out; what may decide as well stands in configuration.accepted of {own}",
        path=project.config.path,
        own=project.own_config,
    )


def refuse_to_finish(project: Project, status: str) -> None:
    """The same for a status that is a finished one here or by the project's own configuration."""
    if not project.own_config:
        return
    finished = {*project.settings["states"]["terminal"], *_own_settings(project)["states"]["terminal"]}
    if status in finished:
        refuse_other_configuration(project, f"the status {status}")


def is_accepted(project: Project) -> bool:
    """Whether the project's own configuration accepts the one that is in force; its paths start at the checkout."""
    inside = os.path.relpath(project.config.path, project.root)
    patterns = _own_settings(project)["configuration"]["accepted"]
    return any(pattern in (inside, project.config.path) or compile_glob(pattern).match(inside) for pattern in patterns)


def own_queue_file(project: Project) -> str:
    """The queue file that the project's own configuration names, "" for none, whatever the call names."""
    path = queue_source(_own_settings(project) if project.own_config else project.settings)[1]
    if path in ("", "inline") or not (project.root_found or os.path.isabs(path)):
        return ""
    return os.path.realpath(os.path.join(project.root, path))


def _own_settings(project: Project) -> Settings:
    return read_config(project.own_config)[0]
