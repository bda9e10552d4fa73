"""queue-help."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.options import flag
from fairway_scripts.calls.tool_parsers import parser_of
from fairway_scripts.calls.umbrella import find
from fairway_scripts.calls.verbs import LIKENESS, NEAREST
from fairway_scripts.catalog import COMMON, FAMILIES, MUTATING, TOOLS, family_tools
from fairway_scripts.front.tiers import daily, families, family_page, first_tier, last_tier, variable_lines

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueHelp
    from fairway_scripts.catalog import Tool


def run(args: QueueHelp) -> int:
    """Print the day's commands and the families, every tool with its variables, or one tool or family in full."""
    topic = " ".join(args.topic.split())
    if not topic:
        names = [tool.name for tool in daily()]
        described = [_described(tool) for tool in TOOLS.values()]
        data = {"tools": described, "daily": names, "families": families(), "common": COMMON, "mutating": MUTATING}
        answer(args, data, last_tier() if args.everything else first_tier())
    elif topic in FAMILIES and topic not in TOOLS:
        described = [_described(tool) for tool in family_tools(topic)]
        answer(args, {"family": topic, "about": families()[topic], "tools": described}, family_page(topic))
    else:
        tool = tool_named(topic)
        text = parser_of(tool).format_help()  # the text of the tool's own `--help`
        answer(args, {**_described(tool), "help": text}, [text.rstrip("\n"), *variable_lines(tool)])
    return OK


def tool_named(topic: str) -> Tool:
    """The tool of that name; `claim` is enough for `queue-claim`, and `record evidence` for `queue-record-evidence`.

    Raises FairwayError `not_found`.
    """
    if topic in TOOLS:
        return TOOLS[topic]
    for word in (word for tool in TOOLS.values() for word in tool.words if word.name == topic):
        return word
    found = find(topic.split())
    if found:
        return TOOLS[found]
    known = {**{name.partition("-")[2]: name for name in TOOLS}, **{name: name for name in (*TOOLS, *FAMILIES)}}
    if topic in NEAREST:
        verb, why = NEAREST[topic]
        meant = find(verb.split())
        raise FairwayError(
            "not_found", f"there is no tool {topic}; the nearest is {meant}: {why}", suggest("queue-help", TOPIC=meant)
        )
    near = difflib.get_close_matches(topic, known, n=1, cutoff=LIKENESS)
    if not near:
        raise FairwayError("not_found", f"there is no tool {topic}", suggest("queue-help"))
    meant = known[near[0]]
    message = f"there is no tool {topic}; did you mean {meant}?"
    raise FairwayError("not_found", message, suggest("queue-help", TOPIC=meant))


def _described(tool: Tool) -> dict[str, object]:
    return {
        "name": tool.name,
        "summary": tool.summary,
        "variables": tool.variables,
        "flags": [flag(name) for name in tool.all_variables],
        "example": tool.example or tool.name,
        "changes_the_store": tool.mutates,
        "make_target": tool.target,
        "make_targets": list(tool.make_targets),
        "words": [word.name for word in tool.words],
    }
