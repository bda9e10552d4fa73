"""Calling an original with values of ours: a tool of a lane that it still answers, a comparison, a status handed on."""

from __future__ import annotations

from fairway_scripts.cutover.door import handover
from fairway_scripts.cutover.door.calls import write_call
from fairway_scripts.cutover.door.table import best_original, originals

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.cutover.cutover_shapes import FrontDoor
    from fairway_scripts.cutover.door.entries import Entry


class OriginalCall:
    """What runs an original.

    `argv` has its absolute path first (behind its interpreter when it is not executable), `environment` is to be added
    to the caller's, `stdin` is what it reads ("" for the caller's own input), `entry` is what it was written by.
    """

    __slots__ = ("argv", "entry", "environment", "stdin")

    def __init__(self, entry: Entry, path: str, values: Mapping[str, str]) -> None:
        written = write_call(entry, values)
        self.entry = entry
        self.argv = [*handover.command(path), *written.words]
        self.environment = {**written.environment, **handover.STAY_LEGACY}
        self.stdin = written.stdin


def entry_for(data: FrontDoor, tool: str, values: Mapping[str, str], root: str) -> tuple[Entry, str] | None:
    """Return how the originals of the checkout `root` are best asked for what `tool` does, and the path of the script.

    `data` is what `handover.load` gives. None when no original does it.
    """
    there = []
    paths = {}
    for entry in originals(data.get("scripts") or {}, tool):
        path = handover.original(entry.script, root)
        if path:
            there.append(entry)
            paths[entry.script] = path
    best = best_original(there, values)
    return None if best is None else (best, paths[best.script])


def call_original(data: FrontDoor, tool: str, values: Mapping[str, str], root: str) -> OriginalCall | None:
    """Return what runs the original for `tool` with values of ours ({"TASK_ID": "B-1"}) in the checkout `root`.

    None when no original does it. Raises FairwayError `usage` when the original cannot be told one of the values.
    """
    found = entry_for(data, tool, values, root)
    return None if found is None else OriginalCall(*found, values)
