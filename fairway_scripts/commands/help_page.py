"""queue-help."""

from __future__ import annotations

import difflib
import importlib
from typing import TYPE_CHECKING

from fairway_scripts.catalog import COMMON, MUTATING, TOOLS
from fairway_scripts.command_line import parser_for
from fairway_scripts.errors import OK, FairwayError, suggest
from fairway_scripts.options import flag
from fairway_scripts.render.answer import answer

if TYPE_CHECKING:
    import argparse
    from typing import Any

    from fairway_scripts.catalog import Tool


def arguments(parser: argparse.ArgumentParser) -> None:
    """What queue-help takes besides the common flags: the tool that is meant."""
    parser.add_argument("topic_given", nargs="?", default="", metavar="TOOL", help="one tool")


def run(args: Any) -> int:
    """Print every tool with its variables, or the whole help of one."""
    topic = args.topic_given or args.topic
    if topic:
        tool = _tool(topic)
        text = _help_of(tool)
        answer(args, {**_described(tool), "help": text}, [text.rstrip("\n")])
    else:
        described = [_described(tool) for tool in TOOLS.values()]
        answer(args, {"tools": described, "common": COMMON, "mutating": MUTATING}, _overview())
    return OK


def _tool(topic: str) -> Tool:
    """The tool of that name; `claim` is enough for `queue-claim`."""
    for name in (topic, f"queue-{topic}", f"fairway-{topic}"):
        if name in TOOLS:
            return TOOLS[name]
    for tool in TOOLS.values():
        if topic in tool.make_targets:
            return tool
    known = {**{name.partition("-")[2]: name for name in TOOLS}, **{name: name for name in TOOLS}}
    near = difflib.get_close_matches(topic, known, n=1)
    guess = f"; did you mean {known[near[0]]}?" if near else ""
    raise FairwayError("not_found", f"there is no tool {topic}{guess}", suggest("queue-help"))


def _help_of(tool: Tool) -> str:
    """The text of the tool's own `--help`."""
    parser = parser_for(tool)
    module = importlib.import_module(f"fairway_scripts.commands.{tool.module}")
    if hasattr(module, "arguments"):
        module.arguments(parser)
    return parser.format_help()


def _described(tool: Tool) -> dict[str, Any]:
    return {
        "name": tool.name,
        "summary": tool.summary,
        "variables": tool.variables,
        "flags": [flag(name) for name in tool.all_variables],
        "example": tool.example or tool.name,
        "changes_the_store": tool.mutates,
        "make_target": tool.target,
        "make_targets": list(tool.make_targets),
    }


def _overview() -> list[str]:
    lines = []
    for tool in TOOLS.values():
        lines.append(f"{tool.name}  {tool.summary}")
        if tool.variables:
            lines.append(f"    {' '.join(tool.variables)}")
        others = [name for name in tool.make_targets if name != tool.name]
        if others:
            lines.append(f"    make: {' '.join(others)}")
    return [
        *lines,
        "",
        f"every tool: {' '.join(COMMON)}",
        f"tools that change the store: {' '.join(MUTATING)}",
        "TASK_ID=x for make is --task-id x for the tool itself; queue-help TOOL (make: TOPIC=TOOL) shows one in full",
    ]
