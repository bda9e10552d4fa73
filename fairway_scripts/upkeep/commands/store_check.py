"""queue-store-check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.upkeep.store_check import check_server

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueStoreCheck


def run(args: QueueStoreCheck) -> int:
    """Print what was tried on the server and what came of it; exit code 1 when something does not hold."""
    found = check_server(open_as_it_is(args), args.service)
    lines = [f"{'ok' if one['ok'] else 'FAILED':6}  {one['trial']}: {one['detail']}" for one in found["trials"]]
    answer(args, found, lines)
    if not found["ok"]:
        raise FairwayError("verify_failed", f"{found['service']}: {lines[-1]}", suggest("queue-doctor"))
    return OK
