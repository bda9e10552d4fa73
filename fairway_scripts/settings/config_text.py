"""The text of a new config file, for a project that starts."""

from __future__ import annotations

import json
import os
import sysconfig

from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.own_files import HOME
from fairway_scripts.settings.config_schema import REQUIRED, SECTIONS, Section

#: Names that `config_text` knows.
PRESETS = ("default", "gpuaas")

_TOP = """\
# The settings of this project's queue. Every key stands here with its default; keys that are commented out
# are unset. `fairway-config validate` checks the file and names the line of every fault.
"""


def named_after(folder: str) -> str:
    """The name of a project after its folder: as much of it as a setting may hold."""
    shown = "".join(char if char.isprintable() else " " for char in os.path.basename(folder))
    return shown.strip() or "fairway"


def config_text(preset: str = "default", project_name: str = "", lanes: list[str] | None = None) -> str:
    """The text of a config file.

    `default` spells out every key with its default and a comment, and has one `[[roles]]` table for each of
    `lanes`; `gpuaas` is the GPUaaS file as it comes with the suite (`project_name` and `lanes` are its own).
    Raises FairwayError `usage` for another preset and `file_unavailable` when the GPUaaS file is missing.
    """
    if preset == "gpuaas":
        return _gpuaas_text()
    if preset != "default":
        message = f"unknown preset {preset!r}; known: {', '.join(PRESETS)}"
        raise FairwayError("usage", message, suggest("fairway-init", PRESET="gpuaas"))
    given = {"fairway.project_name": project_name}
    parts = [_TOP]
    for section in SECTIONS:
        if section.path == "roles" and lanes:
            parts.append(_lane_text(section, lanes))
        elif section.repeated:
            parts.append(_example_text(section))
        else:
            parts.append(_section_text(section, given))
    return "\n".join(parts)


def _section_text(section: Section, given: dict[str, str]) -> str:
    lines = [f"# {section.help}", f"[{section.path}]"]
    for key in section.keys:
        if key.kind == "tables":
            continue
        value = given.get(f"{section.path}.{key.name}") or key.default
        lines.append(f"# {key.help}")
        example = "1000" if key.kind == "number" else '"..."'
        # a key without a value stays visible, as a comment that is ready to be filled in
        lines.append(f"# {key.name} = {example}" if value in ("", None) else f"{key.name} = {_toml(value)}")
    return "\n".join(lines) + "\n"


def _lane_text(section: Section, lanes: list[str]) -> str:
    tables = [f"[[{section.path}]]\nname = {_toml(lane)}\nbranch = {_toml(f'agent/{lane}')}\n" for lane in lanes]
    others = "".join(f"#   {key.name}: {key.help}\n" for key in section.keys if key.name not in ("name", "branch"))
    return f"# {section.help} Further keys:\n{others}" + "\n".join(tables)


def _example_text(section: Section) -> str:
    """A repeated table as a comment: its keys and what they mean."""
    width = max(len(key.name) for key in section.keys)
    lines = [f"# {section.help}", f"# [[{section.path}]]"]
    for key in section.keys:
        need = " (required)" if key.default is REQUIRED else ""
        lines.append(f"#   {key.name:<{width}}  {key.help}{need}")
    return "\n".join(lines) + "\n"


def _toml(value: object) -> str:
    """A plain value as TOML writes it. JSON's texts, numbers, lists and booleans are TOML's, but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def _gpuaas_text() -> str:
    installed = os.path.join(sysconfig.get_path("data"), "share", "fairway")
    places = [os.path.join(base, "compat", "gpuaas", "config.toml") for base in (HOME, installed)]
    for place in places:
        if os.path.isfile(place):
            with open(place, encoding="utf-8") as file:
                return file.read()
    message = f"the GPUaaS preset is not installed; looked for {' and '.join(places)}"
    raise FairwayError(
        "file_unavailable", message, suggest_program("pip", "install", "--force-reinstall", "fairway-scripts")
    )
