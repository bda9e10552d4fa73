"""Checking, reading and setting the configuration of a project."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.faults import ERROR
from fairway_scripts.base.settings import lanes
from fairway_scripts.project.opening import locate, open_as_it_is
from fairway_scripts.settings.config_file import read_config, write_value
from fairway_scripts.settings.config_keys import get_value

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.calls.tool_calls import FairwayConfig, FairwayInit
    from fairway_scripts.front.front_shapes import AddedLanes, AddedWords, ReadSettings, SetValue, ValidConfig
    from fairway_scripts.project.project import Project

_MISSING = "{} has no .fairway/config.toml"


def validate_config(args: FairwayConfig) -> ValidConfig:
    """Every fault of the configuration file: `{path, faults}`, each fault with its `text`, sorted by line.

    Raises FairwayError `not_found` when there is no file and `file_unavailable` when it cannot be read.
    """
    project = _with_config(args)
    _settings, faults = read_config(project.config.path)
    return {
        "path": project.config.path,
        "faults": [{**fault.as_json(), "text": fault.text()} for fault in faults],
    }


def read_settings(args: FairwayConfig, key: str = "") -> ReadSettings:
    """The settings in force as `{path, settings, value}`; `path` is "" when they are assumed, `value` is that of `key`.

    Raises FairwayError `not_found` for an unknown key and `invalid_config` for a file with faults.
    """
    project = locate(args)
    path = project.config.path
    settings = sound_settings(path) if path else open_as_it_is(args).settings
    value = get_value(settings, key) if key else None
    return {"path": path, "settings": settings, "value": value}


def sound_settings(path: str) -> Settings:
    """The settings of the file at `path`; raises FairwayError `invalid_config` naming every error in it."""
    settings, faults = read_config(path)
    errors = [fault for fault in faults if fault.severity == ERROR]
    if errors:
        message = "\n".join(fault.text() for fault in errors)
        listed = [fault.as_json() for fault in errors]
        raise FairwayError("invalid_config", message, suggest("fairway-config", "validate"), faults=listed)
    return settings


def set_value(args: FairwayConfig, key: str, text: str) -> SetValue:
    """Set one key of the configuration file: `{path, key, before, after}`.

    Raises FairwayError `not_found` (no file, no such key), `usage` (a value that is none), `invalid_config` (nothing
    was written, because the file would not be valid).
    """
    path = _with_config(args).config.path
    before = get_value(read_config(path)[0], key)
    write_value(path, key, text)
    return {"path": path, "key": key, "before": before, "after": get_value(read_config(path)[0], key)}


def declare_lanes(args: FairwayConfig | FairwayInit, names: list[str]) -> AddedLanes:
    """Add lanes to the configuration file: `{path, added, lanes}`; a lane that is there already is no fault.

    Raises FairwayError `not_found` (no file), `usage` (a name that no lane can have), `invalid_config`.
    """
    from fairway_scripts.settings.config_tables import LANES, add_tables, refuse_lane_names

    refuse_lane_names(names)
    project = locate(args)
    if not project.config.path:
        wanted = [word for name in names for word in ("--lane", name)]
        raise FairwayError("not_found", _MISSING.format(project.root), suggest("fairway-init", *wanted))
    added = add_tables(project.config.path, LANES, names)
    return {"path": project.config.path, "added": added, "lanes": lanes(read_config(project.config.path)[0])}


def add_words(args: FairwayConfig, action: str, names: list[str]) -> AddedWords:
    """Declare workstream profiles (`add-profile`) or review domains (`add-domain`) by name: `{path, section, added}`.

    One that is there already is no fault. Raises FairwayError `not_found` (no file), `usage` (a name that cannot be),
    `invalid_config`.
    """
    from fairway_scripts.settings.config_tables import SECTIONS, add_tables

    path = _with_config(args).config.path
    section = SECTIONS[action]
    return {"path": path, "section": section, "added": add_tables(path, section, names)}


def _with_config(args: FairwayConfig) -> Project:
    project = locate(args)
    if not project.config.path:
        raise FairwayError("not_found", _MISSING.format(project.root), suggest("fairway-init"))
    return project
