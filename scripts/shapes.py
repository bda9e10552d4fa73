"""Write what the type checker knows: settings from their schema, calls from the catalogue, rows from the SQL.

    .venv/bin/python scripts/shapes.py        (`make tables` and `make fragment` do it)

The files are stubs (`.pyi`): nothing imports them when a tool runs.
"""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from keyword import iskeyword
from typing import TYPE_CHECKING

HOME = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, HOME)

from fairway_scripts.calls import options  # noqa: E402
from fairway_scripts.calls.command_line import parser_for  # noqa: E402
from fairway_scripts.catalog import COMMON, MUTATING, TOOLS, Tool  # noqa: E402
from fairway_scripts.catalog.tool import EVIDENCE  # noqa: E402
from fairway_scripts.settings.config_schema import BY_PATH, SECTIONS, Key  # noqa: E402
from scripts.row_shapes import row_shapes  # noqa: E402

if TYPE_CHECKING:
    import argparse

ROWS = "fairway_scripts/store/rows.pyi"
SETTINGS = "fairway_scripts/base/settings_shape.pyi"
CALLS = "fairway_scripts/calls/tool_calls.pyi"
#: What verbs of several tools ask of a call: the variables of each.
SHARED = {
    "LaneList": ("MINE", "ROLE"),
    "PacketCall": ("ATTACH", "DRAFT", "FULL", "OUTPUT", "TASK_ID", *MUTATING),
    "TimedCall": ("TIMEOUT",),
    "UtilityCall": ("ATTACH_TO", "OUTPUT", *MUTATING),
}
_NUMBERS = ("count", "size", "number")
_LISTS = ("texts", "some_texts", "globs", "globs_or_glob", "command_patterns", "command_options", "command_variables")
_GRADUATION = """class Graduation(TypedDict):
    clean_runs: int
    within: NotRequired[str]
    max_false_positives: NotRequired[int]"""
_KINDS = {
    "flag": "bool",
    "pairs": "list[list[str]]",
    "graduation": "Graduation | None",
    "results": "list[str]",
    **dict.fromkeys(_NUMBERS, "int"),
    **dict.fromkeys(_LISTS, "list[str]"),
}


def settings_shape() -> str:
    """A TypedDict for every table of the configuration, as `config_reading` fills it."""
    parts = ["from typing import NotRequired, TypedDict", _GRADUATION]
    for section in sorted(SECTIONS, key=lambda section: -section.path.count(".")):
        keys = {key.name: _key_type(section.path, key) for key in section.keys}
        parts.append(typed_dict(_section_name(section.path), keys))
    tops = {section.path: _listed(section.path) for section in SECTIONS if "." not in section.path}
    return "\n\n".join([*parts, typed_dict("Settings", tops)]) + "\n"


def typed_dict(name: str, keys: dict[str, str]) -> str:
    """A TypedDict; one that has a key such as `class` is written as a call."""
    if any(map(iskeyword, keys)):
        entries = [f'        "{key}": {kind},' for key, kind in keys.items()]
        return "\n".join([f"{name} = TypedDict(", f'    "{name}",', "    {", *entries, "    },", ")"])
    return "\n".join([f"class {name}(TypedDict):", *(f"    {key}: {kind}" for key, kind in keys.items())])


def _section_name(path: str) -> str:
    """`workstream_profiles.gates` -> WorkstreamProfileGate; a table that stands once -> GatesSettings."""
    words = [word.capitalize() for word in path.replace(".", "_").split("_")]
    if not BY_PATH[path].repeated:
        return "".join(words) + "Settings"
    return "".join(word[:-3] + "y" if word.endswith("ies") else word.removesuffix("s") for word in words)


def _listed(path: str) -> str:
    name = _section_name(path)
    return f"list[{name}]" if BY_PATH[path].repeated else name


def _key_type(path: str, key: Key) -> str:
    if key.kind == "tables":
        return _listed(f"{path}.{key.name}")
    return _KINDS.get(key.kind, "str") + (" | None" if key.kind == "number" and key.default is None else "")


def tool_calls() -> str:
    """A protocol for the arguments of every tool; `Call` has what all of them have, `Changing` what changes need.

    `Said` is what a call may say of evidence, by column.
    """
    common = {options.attribute(name): _variable_type(name) for name in COMMON}
    common |= {"config": "str", "tool": "str", "bare": "bool", "project_notes": "list[str]"}
    changing = {options.attribute(name): _variable_type(name) for name in MUTATING}
    said = typed_dict("Said", dict.fromkeys(map(options.attribute, EVIDENCE), "str | None"))
    parts = ["from typing import Protocol, TypedDict", said]
    parts += [_call_class("Call", "", common), _call_class("Changing", "Call", changing)]
    for name, variables in SHARED.items():
        asked = {options.attribute(variable): _variable_type(variable) for variable in variables}
        parts.append(_call_class(name, "Call", asked))
    for name, tool in sorted(_every_tool().items()):
        own = {word: kind for word, kind in _arguments(tool).items() if common.get(word) != kind}
        if tool.mutates:
            own = {word: kind for word, kind in own.items() if word not in changing}
        parts.append(_call_class(call_name(name), "Changing" if tool.mutates else "Call", own))
    return "\n\n".join(parts) + "\n"


def call_name(tool: str) -> str:
    """`queue-claim` -> QueueClaim."""
    return "".join(word.capitalize() for word in tool.replace(" ", "-").split("-"))


def _every_tool() -> dict[str, Tool]:
    words = {word.name: word for tool in TOOLS.values() for word in tool.words}
    return {**TOOLS, **words}


def _call_class(name: str, base: str, arguments: dict[str, str]) -> str:
    head = f"class {name}({base}, Protocol):" if base else f"class {name}(Protocol):"
    lines = [f"    {word}: {kind}" for word, kind in sorted(arguments.items())]
    return "\n".join([head, *lines]) if lines else f"{head} ..."


def _variable_type(name: str) -> str:
    if name in options.SWITCHES:
        return "bool"
    return "list[str]" if name in options.REPEATABLE else "str"


def _arguments(tool: Tool) -> dict[str, str]:
    """The attributes of a tool's parsed arguments, with what its own module adds to its parser."""
    found = {options.attribute(name): _variable_type(name) for name in tool.all_variables}
    module = import_module(f"fairway_scripts.{tool.module}")
    if hasattr(module, "arguments"):
        parser = parser_for(tool)
        module.arguments(parser)
        for action in parser._actions:  # noqa: SLF001 - no other way
            if action.dest not in (*found, "help", "version", "config", "first_given"):
                found[action.dest] = _action_type(action)
    return found


def _action_type(action: argparse.Action) -> str:
    if "append" in str(type(action)).lower():
        return "list[str]" if action.default is not None else "list[str] | None"
    if action.nargs == 0:
        return "bool"
    if action.nargs in ("*", "+", "...") or isinstance(action.default, list):
        return "list[str]"
    return "str" if action.default is not None or action.required else "str | None"


def _formatted(path: str, text: str) -> str:
    """The text as ruff would have it."""
    ruff = os.path.join(os.path.dirname(sys.executable), "ruff")
    argv = [ruff, "format", "--quiet", "--stdin-filename", os.path.join(HOME, path), "-"]
    return subprocess.run(argv, input=text, capture_output=True, text=True, check=True).stdout


def written() -> dict[str, str]:
    """The text of each stub by its path."""
    found = {SETTINGS: settings_shape(), CALLS: tool_calls(), ROWS: row_shapes(typed_dict)}
    return {path: _formatted(path, text) for path, text in found.items()}


def main() -> None:
    """Write them."""
    for path, text in written().items():
        with open(os.path.join(HOME, path), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
