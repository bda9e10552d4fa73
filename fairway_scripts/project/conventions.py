"""What a project without a configuration file is taken to be, and how changed settings reach the store."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import digest, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.project.config_marks import config_mark
from fairway_scripts.project.project import SETTINGS_KEY

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

NO_PRIORITY = 1000


def assumed_settings(project: Project, lanes: list[str]) -> Settings:
    """Settings by convention: the given lanes, `master` where it exists, the worktree naming that is seen."""
    main_branch, naming = "main", "{repo}-{role}"
    if project.repository is not None:
        from fairway_scripts.git import references

        if references.read_ref(project.repository, "refs/heads/master"):
            main_branch = "master"
        siblings = (os.path.basename(entry["path"]) for entry in references.worktrees(project.repository))
        if any(name.startswith("gpuas-") for name in siblings):
            naming = "gpuas-{role}"
    return settings_of.default_settings(lanes, naming=naming, main_branch=main_branch)


def adopt_settings(project: Project, settings: Settings) -> None:
    """Keep a copy of changed settings in the store and recompute what depends on them. Opens its own transaction."""
    if project.store.read_only:
        return
    with project.store.write(repeatable=True) as tx:
        store_settings(project, tx, settings)


def store_settings(project: Project, tx: Transaction, settings: Settings) -> None:
    """The same inside a transaction that is open already."""
    path = project.config.path
    kept = {"digest": digest.of_file(path)[:16] if path else "", "settings": settings}
    text = jsonio.dumps({"mark": config_mark(path, project.own_config), **kept})
    tx.run("sources.set_meta", key=SETTINGS_KEY, value=text)
    tx.run("sources.clear_terminal")
    for status in settings["states"]["terminal"]:
        tx.run("sources.mark_terminal", status=status)
    tx.run("sources.default_priority", priority=default_priority(settings))
    tx.run("tasks.refresh_blockers_everywhere")
    tx.run("tasks.refresh_ready_everywhere", initial=settings_of.initial_status(settings))


def default_priority(settings: Settings) -> int:
    """The rank of a task without a priority: `task_priorities.default`, else 1000."""
    configured = settings["task_priorities"]["default"]
    return NO_PRIORITY if configured is None else int(configured)
