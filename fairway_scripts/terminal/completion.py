"""Completing the line of `:`: the tool, then its flags."""

from __future__ import annotations

from fairway_scripts.calls import options
from fairway_scripts.catalog import TOOLS, find_tool


def complete(line: str, task: str, lane: str) -> str:
    """The whole line that `line` most likely begins, "" when nothing is known.

    The tool first, then flags of that tool that are not given yet; after --task-id and --role the chosen task and lane.
    """
    head, blank, word = line.rpartition(" ")
    if not blank:
        return _first(sorted(TOOLS), word)
    names = head.split()
    try:
        tool = find_tool(names[0])
    except (KeyError, IndexError):
        return ""
    value = {"--task-id": task, "--role": lane}.get(names[-1], "")
    if value and not word.startswith("-"):
        return f"{head} {value}" if value.startswith(word) and value != word else ""
    if not word.startswith("-"):
        value = task if tool.first == "TASK_ID" and len(names) == 1 else ""
        return f"{head} {value}" if value and value.startswith(word) and value != word else ""
    flags = [options.flag(name) for name in tool.all_variables]
    found = _first([flag for flag in flags if flag not in names], word)
    return f"{head} {found}" if found else ""


def _first(names: list[str], begun: str) -> str:
    """The first name that begins so and goes on, with what they have in common left to the person."""
    return next((name for name in names if name.startswith(begun) and name != begun), "") if begun else ""
