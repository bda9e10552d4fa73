"""queue-snapshot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import write
from fairway_scripts.project.opening import find_project
from fairway_scripts.upkeep.snapshot import json_pieces, yaml_pieces

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueSnapshot


def run(args: QueueSnapshot) -> int:
    """Write the store as one document, JSON unless YAML is asked for."""
    if args.format in ("ids", "tsv"):
        raise FairwayError("usage", f"a snapshot has no form {args.format}", suggest("queue-snapshot", FORMAT="json"))
    project = find_project(args)
    write(args, yaml_pieces(project) if args.format == "yaml" else json_pieces(project))
    return OK
