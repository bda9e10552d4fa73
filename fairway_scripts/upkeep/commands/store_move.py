"""queue-store-move."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.upkeep.store_move import move

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueStoreMove


def run(args: QueueStoreMove) -> int:
    """Move the store to the other engine, and print what was moved and its hash."""
    done = move(open_as_it_is(args), args.to, dry_run=args.dry_run)
    rows = sum(done["tables"].values())
    told = "would move" if done["dry_run"] else "moved"
    answer(
        args,
        done,
        [
            f"{told} {done['from']} to {done['to']}",
            f"rows: {rows}",
            f"events: {done['events']}",
            f"hash: {done['hash']}",
        ],
    )
    if not done["dry_run"] and done["config"]:
        say(f"commit {done['config']}, so that every clone uses the new place")
    return OK
