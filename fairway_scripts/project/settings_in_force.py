"""The settings of a project: the copy in its store, else the configuration file, else what is assumed without one."""

from __future__ import annotations

import os

from fairway_scripts import __version__
from fairway_scripts.base import digest, jsonio
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.places import NAMED_STORES
from fairway_scripts.project.project import COPY, FOREIGN, OWN, SCRATCH, SETTINGS_KEY, is_born

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypedDict

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

    class Kept(TypedDict, total=False):
        """The store's copy of the settings; `digest` is that of the file."""

        mark: list[object]
        digest: str
        settings: Settings


#: The rank of a task without a priority, unless `task_priorities.default` says another.
NO_PRIORITY = 1000
#: What stands for the defaults, once it was asked for.
_defaults: list[str] = []

#: The text of the remembered settings that was read last, and what it says: nobody changes that.
_parsed: list[tuple[str, Kept]] = [("", {})]


def settings_in_force(project: Project) -> Settings:
    """The settings, from the store's copy when the configuration file has not changed since.

    The copy in a store that is only read is taken as it is, but not that of the project's own store which was moved:
    the configuration says where it is by now.
    """
    cached = cached_settings(project)
    if cached is not None:
        is_named = project.store_place.found in NAMED_STORES
        is_others = project.relation in (FOREIGN, COPY) and (is_named or not project.remembered["moved_to"])
        as_found = is_others and project.config.found not in ("--config", "FAIRWAY_CONFIG")
        if as_found or cached["mark"] == config_mark(project.config.path, project.own_config):
            return cached["settings"]
    return _read_settings(project)


def has_cached_settings(project: Project) -> bool:
    """Whether the store's copy of the settings is that of the configuration file as it is now."""
    project.remembered = project.store.remembered()
    cached = cached_settings(project)
    return cached is not None and bool(cached["mark"] == config_mark(project.config.path, project.own_config))


def cached_settings(project: Project) -> Kept | None:
    """What the store keeps of the settings, with the mark of the file they were read from; None where it keeps none.

    Raises FairwayError `store_damaged`.
    """
    text = project.remembered["settings"]
    if not text:
        return None
    from fairway_scripts.store.stored_json import damaged, stored

    said, cached = _parsed[0]
    if said != text:
        cached = stored(text, dict, "meta, settings", project.store.path)
        _parsed[0] = text, cached
    if not isinstance(cached.get("mark"), list) or not isinstance(cached.get("settings"), dict):
        raise damaged(project.store.path, "meta, settings", "holds no settings")
    return cached if "digest" in cached or project.relation in (FOREIGN, COPY) else None


def _read_settings(project: Project) -> Settings:
    settings = settings_from_file(project)
    if project.own_config:
        from fairway_scripts.project.config_authority import is_accepted

        if not is_accepted(project):
            project.notes.append(
                f"{project.show(project.config.path)} is in force, not the project's own configuration"
            )
            return settings
    if project.config.path and is_born(project.store) and project.relation in (OWN, SCRATCH):
        adopt_settings(project, settings)
    return settings


def settings_from_file(project: Project) -> Settings:
    """The settings of the configuration file, or the conventions where there is none; the store is left alone.

    Raises FairwayError `invalid_config` with every fault.
    """
    if not project.config.path:
        return assumed_settings(project, [])
    from fairway_scripts.settings.config_file import read_config

    settings, faults = read_config(project.config.path)
    errors = [fault for fault in faults if fault.severity == "error"]
    if errors:
        listing = "\n".join(fault.text() for fault in errors)
        raise FairwayError(
            "invalid_config",
            f"{project.show(project.config.path)} has {len(errors)} fault(s):\n{listing}",
            suggest("fairway-config", "validate"),
            faults=[fault.as_json() for fault in errors],
        )
    return settings


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


def config_mark(path: str, own: str = "") -> list[object]:
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


def configuration_mark(project: Project, cached: Kept | None) -> list[str]:
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
