"""queue-anchor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer
from fairway_scripts.project.opening import find_project
from fairway_scripts.upkeep.anchoring import add_anchor

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueAnchor


def run(args: QueueAnchor) -> int:
    """Anchor the head of the ledger in a git ref."""
    made = add_anchor(find_project(args), force=args.force)
    how = "signed" if made["signed"] else "not signed"
    what = "anchored" if made["changed"] else "anchored already:"
    lines = [
        f"{what} event {made['event_id']} ({made['events']} events) in {made['ref']}, {how}",
        f"head {made['hash']}",
        f"commit {made['commit']}",
    ]
    answer(args, made, lines)
    return OK
