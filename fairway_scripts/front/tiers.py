"""Help in tiers: the ten commands of the day, the families of tools, and every tool with its variables."""

from __future__ import annotations

import importlib
from textwrap import wrap

from fairway_scripts.base.errors import CALL
from fairway_scripts.calls.umbrella import NAME, verb_of
from fairway_scripts.calls.verbs import DAILY
from fairway_scripts.catalog import COMMON, FAMILIES, MUTATING, TOOLS, family_tools

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.catalog import Tool

_WIDTH = 110


def daily() -> list[Tool]:
    """The ten tools of the day, in the order in which a task meets them."""
    return [TOOLS[name] for name in DAILY]


def families() -> dict[str, str]:
    """Each family with what it is about: `{"packets": "Bounded packets, and regression packs."}`."""
    return {name: _doc(name) for name in FAMILIES}


def first_tier() -> list[str]:
    """What `fairway` alone prints: the day's commands with their lines, and where the rest is."""
    rows = [(_called(tool.name), tool.summary) for tool in daily()]
    lines = ["The commands of the day:", "", *_columns(rows), "", "Families:", "", *_columns(list(families().items()))]
    rest = {
        "one command or family": _asks("TOPIC"),
        "every command with its variables": _asks(""),
        "an agent's first page": _called("fairway-prime"),
    }
    return [*lines, "", *_columns([(line, what) for what, line in rest.items() if line])]


def family_page(name: str) -> list[str]:
    """The tools of one family, a line each."""
    rows = [(_called(tool.name), tool.summary) for tool in family_tools(name)]
    return [_doc(name), "", *_columns(rows)]


def variable_lines(tool: Tool) -> list[str]:
    """How a tool is called with make, each flag a variable; [] for one without a target."""
    target = next(iter(tool.make_targets), "")
    words = [target, *(f"{name}=" for name in tool.all_variables if name not in ("FORMAT", "JSON", "PRETTY"))]
    return ["", *wrap("with make: " + " ".join(["make", *words]), _WIDTH, subsequent_indent="    ")] if target else []


def last_tier() -> list[str]:
    """Every tool with its variables and make targets, family by family."""
    lines = []
    for family in FAMILIES:
        lines += [f"# {_doc(family)}", ""]
        for tool in family_tools(family):
            lines.append(f"{tool.name}  {tool.summary}")
            if tool.variables:
                lines += wrap(" ".join(tool.variables), _WIDTH, initial_indent="    ", subsequent_indent="    ")
            others = [name for name in tool.make_targets if name != tool.name]
            if others:
                lines.append(f"    make: {' '.join(others)}")
            lines += [f"    {word.name}  {word.summary}" for word in tool.words]
        lines.append("")
    return [
        *lines,
        f"every tool: {' '.join(COMMON)}",
        f"tools that change the store: {' '.join(MUTATING)}",
        "TASK_ID=x for make is --task-id x for the tool itself; queue-help TOOL (make: TOPIC=TOOL) shows one in full",
    ]


def _doc(family: str) -> str:
    module = importlib.import_module(f"fairway_scripts.catalog.{family}")
    return (module.__doc__ or "").partition("\n")[0]


def _called(tool: str) -> str:
    """How the reader of this page calls a tool: as this call was made; "" where there is no such tool."""
    if tool not in TOOLS:
        return ""
    if CALL.via == "make" and TOOLS[tool].make_targets:
        return f"make {next(iter(TOOLS[tool].make_targets))}"
    return f"{NAME} {verb_of(tool)}" if CALL.via == NAME else tool


def _asks(topic: str) -> str:
    """The line that asks for help on a topic, or for everything."""
    if CALL.via == "make":
        return f"make queue-help {'TOPIC=claim' if topic else 'ALL=1'}"
    return f"{_called('queue-help')} {'claim' if topic else '--all'}"


def _columns(rows: list[tuple[str, str]]) -> list[str]:
    width = max(len(name) for name, _text in rows)
    return [f"  {name:{width}}  {text}" for name, text in rows]
