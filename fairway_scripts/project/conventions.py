"""What a project without a configuration is taken to be, what tells one from another, how changed settings are kept."""

from __future__ import annotations

import os

from fairway_scripts import __version__
from fairway_scripts.base import digest, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.project.project import SETTINGS_KEY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

NO_PRIORITY = 1000
#: What stands for the defaults, once it was asked for.
_defaults: list[str] = []


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


def config_mark(path: str, own: str = "") -> list[Any]:
    """What tells one state of the settings from another: the file's path, time and size, and whose defaults fill it.

    `own` is the project's own file where `path` is another one that it accepts.
    """
    if not _defaults:
        _defaults.append(f"{__version__} {digest.of_text(repr(settings_of.DEFAULTS))[:16]}")
    defaults = _defaults[0]
    if not path:
        return ["", 0, 0, defaults]
    status = os.stat(path)
    mark = [path, status.st_mtime_ns, status.st_size, defaults]
    return mark + config_mark(own)[:3] if own else mark


def configuration_mark(project: Project, cached: dict[str, Any] | None) -> list[str]:
    """What every event keeps of the configuration in force: its path and the digest of its content, both "" for none.

    `cached` is the store's copy of the settings, which knows the digest of the file that it was made from.
    """
    path = project.config.path
    if not path:
        return ["", ""]
    known = cached is not None and cached["mark"] == config_mark(path, project.own_config)
    return [project.show(path), cached["digest"] if cached and known else digest.of_file(path)[:16]]


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
