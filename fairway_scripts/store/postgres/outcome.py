"""A connection that was lost while a change was committed: whether it was, the server knows."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.contract import BUSY_SECONDS
from fairway_scripts.store.postgres.answers import ServerError

if TYPE_CHECKING:
    from fairway_scripts.store.postgres.channel import Connection

_COMMITTED, _ABORTED = "committed", "aborted"


def require_committed(connection: Connection, number: int, failure: ServerError) -> None:
    """Return when the transaction of that number was committed; raises FairwayError `store_unavailable` otherwise.

    The answer is the server's own record of the transaction, which outlives a restart:
    https://www.postgresql.org/docs/current/functions-info.html (txid_status). What cannot be learned is said to be
    unknown, never done or failed.
    """
    state, until = "", time.monotonic() + BUSY_SECONDS
    while state not in (_COMMITTED, _ABORTED) and time.monotonic() < until:
        try:
            connection.reconnect()
            state = str(connection.wire.ask(f"SELECT txid_status({number})").rows[0][0])
        except (FairwayError, ServerError):
            state = ""
        if state not in (_COMMITTED, _ABORTED):
            time.sleep(0.1)
    if state == _COMMITTED:
        return
    said = " ".join(str(failure).split())
    if state == _ABORTED:
        message = f"{connection.place}: the connection was lost at the commit, and nothing was changed: {said}"
        raise FairwayError("store_unavailable", message, "run the command again", path=connection.place) from failure
    message = (
        f"{connection.place}: the connection was lost at the commit, and whether the change was made is unknown: {said}"
    )
    raise FairwayError("store_unavailable", message, suggest("queue-activity"), path=connection.place) from failure
