"""queue-where."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.board.whereabouts import whereabouts
from fairway_scripts.calls.answer import answer, say, warn
from fairway_scripts.project.places import MAIN

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    from fairway_scripts.board.board_shapes import Whereabouts
    from fairway_scripts.calls.tool_calls import QueueWhere


def run(args: QueueWhere) -> int:
    """Print every place that a call uses and how it was found; what is wrong with one of them is a warning."""
    found = whereabouts(args)
    answer(args, found, _lines(found))
    if found["shared"]:
        say(found["shared"])
    for problem in found["problems"]:
        warn(f"{problem['word']}: {problem['message']}" + (f" (hint: {problem['hint']})" if problem["hint"] else ""))
    return OK


def _lines(found: Whereabouts) -> list[str]:
    lines = []
    for name, place in (("store", found["store"]), ("queue_file", found["queue_file"]), ("config", found["config"])):
        missing = "  missing" if place["path"] and not place["exists"] else ""
        lines.append(f"{name}: {place['path'] or '-'}{missing}  ({place['found']})")
    for name, entry in (("lane", found["lane"]), ("actor", found["actor"])):
        lines.append(f"{name}: {entry['name'] or '-'}  ({entry['found'] or 'nothing here tells'})")
    if found["session"]:
        lines.append(f"session: {found['session']}")
    if found["root_found"] != MAIN and found["common_dir"]:
        lines.append(
            f"defined by: {found['root'] if found['root_found'] else '-'}  ({found['root_found'] or 'nothing'})"
        )
    names: tuple[Literal["project", "root", "worktree", "common_dir", "main_branch"], ...]
    names = ("project", "root", "worktree", "common_dir", "main_branch")
    lines += [f"{name}: {found[name] or '-'}" for name in names]
    return [*lines, f"version: {found['version']} in {found['program']}", f"python: {found['python']}"]
