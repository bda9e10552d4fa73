"""One claimer of the race between the engines: it stays connected and claims until the given seconds are over.

    python engine_claimer.py KIND NAME SECONDS LANE      (in a checkout; says `ready`, begins at a line on stdin)

Prints the seconds of processor time that its claims took, and then the identifiers that it claimed, one a line. KIND is
`verb` (the claim of the suite), `plain` (its statements alone, prepared, in one message: what the server and the way to
it allow) or `procrastinate` (that library takes one job after the other).
"""

from __future__ import annotations

import json
import os
import sys
import time
from typing import TYPE_CHECKING

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.identity import Identity
from fairway_scripts.calls.command_line import parse
from fairway_scripts.catalog import find_tool
from fairway_scripts.queue.opening import open_project
from fairway_scripts.store.postgres.transaction import with_image
from fairway_scripts.store.postgres.translation import own_statement, translated
from fairway_scripts.store.statements import RETURNING, changed_table
from fairway_scripts.work.claims import claim
from fairway_scripts.work.commands import claim as command

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    #: claims one, and gives its identifier; "" where there is none left
    Claim = Callable[[int], str]


def _open(name: str, lane: str) -> tuple[Any, Any]:
    args = parse(find_tool("queue-claim"), ["--role", lane, "--owner", name, "--actor", name], command)
    args.tool = "queue-claim"
    return open_project(args), args


def verb(name: str, lane: str) -> Claim:
    """The suite's own claim."""
    project, args = _open(name, lane)

    def one(number: int) -> str:
        # a claimant holds one task: whoever holds a thousand renews a thousand leases with each claim
        project.identity = Identity(f"{name}-{number}", "", named=True)
        try:
            return str(claim(project, args)["task_id"])
        except FairwayError as refusal:
            if refusal.word != "nothing_ready":
                raise
            return ""

    return one


#: What a claim says to the server, where the rows are chosen and numbered there: nothing has to come back in between.
_CHOSEN = """task_id = (SELECT task_id FROM task_state WHERE ready = 1 AND role = :role
  ORDER BY sort_priority NULLS FIRST, sort_sequence NULLS FIRST, task_id LIMIT 1)"""
_PLAIN = (
    ("sources.source", "", ""),
    ("tasks.next_ready", "", ""),
    ("tasks.update_state", "task_id = :task_id AND version = :version", _CHOSEN),
    ("tasks.add_history", "", ""),
    ("ledger.head", "", ""),
    ("tasks.cutting_over", "", ""),
    ("tasks.claims_of", "", ""),
    ("ledger.add_event", "SELECT CAST(:id AS bigint)", "SELECT (SELECT COALESCE(max(id), 0) + 1 FROM events)"),
    ("ledger.set_head", "", ""),
)
#: How long what an event says is.
_SAID = 600


def plain(name: str, lane: str) -> Claim:
    """The statements of a claim without the suite; what they write is as long, and no ledger."""
    connection = _open(name, lane)[0].store.connection
    at = "2026-05-04T10:00:00.000000Z"
    values = dict.fromkeys(_names(), name) | {
        **dict.fromkeys(("completed_at", "commit_sha", "reviewer", "reviewed_at", "review_note", "reverts")),
        **dict.fromkeys(("from_commit_sha", "to_commit_sha", "session_id", "request_id")),
        **dict.fromkeys(("terminal", "review_required", "fence", "event_id", "events"), 1),
        **dict.fromkeys(("at", "claimed_at", "lease_expires_at", "status_since", "updated_at", "before"), at),
        "task_id": "C-LOAD-000000",
        "role": lane,
        "status": "in_progress",
        "review_status": "not_required",
        **dict.fromkeys(("payload", "hashed"), f'"{"x" * _SAID}"'),
        "id": 1,
        "unseen": 2,
        "images": "",
        "kept": "fairway.rows",
    }
    texts = [_text(*words) for words in _PLAIN]

    def one(number: int) -> str:
        connection.begin_writing(lambda _number: None)
        given = {**values, "actor": f"{name}-{number}", "claimant": f"{name}-{number}", "session": f"{name}-{number}"}
        asked = [connection.message(text, given) for text in texts]
        changed = connection.send([*asked, ("COMMIT", ())])[2]
        return str(json.loads(changed.rows[0][0])[2][0][0]) if changed.rows else ""  # the first column of its image

    return one


def _text(name: str, old: str, new: str) -> str:
    text = own_statement(name).replace(old, new, 1)
    return with_image(text, changed_table(text)) if text.endswith(RETURNING) else text


def _names() -> list[str]:
    """The names of the values of all these statements."""
    return [name for words in _PLAIN for name in translated(_text(*words))[1]]


def procrastinate(name: str, lane: str) -> Claim:
    """A worker of that library, which takes jobs and never ends one."""
    import asyncio

    from engine_peer import taker

    loop = asyncio.new_event_loop()
    take = loop.run_until_complete(taker())
    assert name
    assert lane
    return lambda _number: str(loop.run_until_complete(take()))


def main(kind: str, name: str, seconds: float, lane: str) -> None:
    """Claim one task after the other."""
    one = {"verb": verb, "plain": plain, "procrastinate": procrastinate}[kind](name, lane)
    print("ready", flush=True)
    sys.stdin.readline()
    claimed: list[str] = []
    until, spent = time.monotonic() + seconds, time.process_time()
    while time.monotonic() < until and (found := one(len(claimed))):
        claimed.append(found)
    print(time.process_time() - spent, *claimed, sep="\n")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4])
