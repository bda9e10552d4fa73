"""The settings of a project: the copy in its store, or the configuration file where that has changed since."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.conventions import adopt_settings, assumed_settings, config_mark
from fairway_scripts.project.project import COPY, FOREIGN, OWN, SCRATCH, is_born

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.project.project import Project

#: The text of the remembered settings that was read last, and what it says: nobody changes that.
_parsed: list[tuple[str, dict[str, Any]]] = [("", {})]


def settings_in_force(project: Project) -> Settings:
    """The settings, from the store's copy when the configuration file has not changed since."""
    cached = cached_settings(project)
    if cached is not None:
        as_found = project.relation in (FOREIGN, COPY) and project.config.found not in ("--config", "FAIRWAY_CONFIG")
        if as_found or cached["mark"] == config_mark(project.config.path, project.own_config):
            found: Settings = cached["settings"]
            return found
    return _read_settings(project)


def has_cached_settings(project: Project) -> bool:
    """Whether the store's copy of the settings is that of the configuration file as it is now."""
    project.remembered = project.store.remembered()
    cached = cached_settings(project)
    return cached is not None and bool(cached["mark"] == config_mark(project.config.path, project.own_config))


def cached_settings(project: Project) -> dict[str, Any] | None:
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
