"""What can be typed behind a tool, as data: for completions and manual pages."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.calls.umbrella import NAME, find, verb_of
from fairway_scripts.catalog import TOOLS

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.catalog import Tool

#: Kinds of values: `tasks`, `ready` and `lanes` are asked of the store, `files` of the shell, `text` of nobody;
#: anything else is the words to choose from.
TEXT, FILES, TASKS, READY, LANES = "text", "files", "tasks", "ready", "lanes"

_TASKS = ("TASK_ID", "PARENT", "FROM_TASK", "IN", "DEPENDENCIES", "ATTACH_TO")
_FILES = ("FILE", "PATH", "PATHS", "DIR", "FOLDER", "REPO", "REPOSITORY")
_LANES = ("LANE", "LANES")
_RESULTS = "pass fail partial skipped blocked"
_STATUSES = "todo in_progress blocked done"
#: Values with a closed set of words; (tool, variable) where it is the tool's own.
_WORDS = {
    "BACKEND": "shell tmux zellij manual codex-api",
    "ENGINE": "legacy shadow fairway",
    "FAILURE_CLASS": "expected_transient known_flaky_lane owning_layer_defect environment_blocker scope_expansion",
    "FORMAT": "text json ids tsv yaml",
    "PLACE": "child sibling root",
    "RESULT": _RESULTS,
    ("fairway-dashboard", "EXPORT DIR"): "export",
    ("queue-list", "STATUS"): _STATUSES,
    ("queue-set-status", "STATUS"): _STATUSES,
    ("queue-record-review", "STATUS"): "approved changes_requested blocked",
    ("session-end", "STATUS"): "ended failed stale",
    ("session-upsert", "STATUS"): "starting running ended failed stale",
    ("checkpoint-record", "STATE"): "planned active awaiting_input review done parked abandoned",
}
#: Tools whose task has to be one that can be claimed.
_CLAIMING = ("queue-claim", "session-launch")
#: First words of verbs that have a second one.
_GROUPS = ("record", "route", "packet", "coordinator", "db", "worktree", "review", "session", "watcher", "checkpoint")


class Option(NamedTuple):
    """One flag of a tool: its names, the name of its value ("" for a switch), its kind, and what it means."""

    flags: tuple[str, ...]
    value: str
    kind: str
    help: str


class Shape(NamedTuple):
    """What a tool takes: its flags, and the kind of a bare word ("" where it takes none)."""

    tool: Tool
    options: tuple[Option, ...]
    bare: str
    bare_name: str


def shape_of(tool: Tool, parser: argparse.ArgumentParser) -> Shape:
    """What a tool takes, from its whole parser."""
    options, bare, bare_name = [], "", ""
    for action in parser._actions:  # noqa: SLF001 - argparse has no other way to look at a parser
        if action.option_strings:
            options.append(_option(tool, action))
        elif action.dest == "first_given":
            bare, bare_name = _kind(tool, tool.first, str(action.metavar or "")), tool.first
        elif not bare:
            bare_name = str(action.metavar or action.dest).upper()
            bare = " ".join(map(str, action.choices or ())) or _listed(action) or _kind(tool, bare_name, bare_name)
    if tool.words:
        bare = " ".join(word.name.partition(" ")[2] for word in tool.words)
    return Shape(tool, tuple(options), bare, bare_name)


def _listed(action: argparse.Action) -> str:
    """The words to choose from where the help lists them: `add, list, remove NAME or status; ...`."""
    if action.metavar not in ("ACTION", "SHELL"):
        return ""
    listed = str(action.help or "").partition(";")[0].replace(" or ", ", ")
    return " ".join(item.partition(" ")[0].strip("()") for item in listed.split(", "))


def verbs() -> dict[str, str]:
    """Every verb of `fairway` with its tool: one word first, then those of two words."""
    single = {verb_of(name): name for name in TOOLS if name != NAME} | {name: name for name in TOOLS if name != NAME}
    double: dict[str, str] = {}
    for group in _GROUPS:
        seconds = sorted({part for name in TOOLS for part in _rests(name, group)})
        double |= {f"{group} {second}": tool for second in seconds if (tool := find([group, second]))}
    return single | double


def _rests(name: str, group: str) -> list[str]:
    """What may stand behind a group's word for a tool: `evidence` behind `record` for `queue-record-evidence`."""
    bare = name.removeprefix("queue-").removeprefix("orchestrator-")
    return [bare.removeprefix(f"{group}-"), bare.removesuffix(f"-{group}")] if group != "db" else [bare, "export"]


def _option(tool: Tool, action: argparse.Action) -> Option:
    name = action.option_strings[0].removeprefix("--").upper().replace("-", "_")
    takes = action.nargs != 0
    value = str(action.metavar or name) if takes else ""
    kind = " ".join(map(str, action.choices or ())) or _kind(tool, name, value) if takes else ""
    return Option(tuple(action.option_strings), value, kind, str(action.help or "").replace("%%", "%"))


def _kind(tool: Tool, variable: str, value: str) -> str:
    words = _WORDS.get((tool.name, variable)) or _WORDS.get(variable)
    if words:
        return words
    if variable in _TASKS:
        return READY if tool.name in _CLAIMING and variable == "TASK_ID" else TASKS
    if value in _LANES or (tool.name, variable) == ("lane-engine", "WORD"):
        return LANES
    return FILES if value in _FILES else TEXT
