"""What a failure of a server is to the caller.

The codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.postgres.answers import UNPREPARED

if TYPE_CHECKING:
    from fairway_scripts.store.postgres.answers import ServerError

#: Somebody else holds what was asked for: lock_timeout, statement_timeout, deadlock, serialization.
_BUSY = ("55P03", "57014", "40P01", "40001")
_NO_RIGHT = "42501"
_READ_ONLY = "25006"
#: The server found its own data broken.
_DAMAGED = ("XX001", "XX002")


def refusal(problem: ServerError, place: str) -> FairwayError:
    """The refusal with the word that every engine uses."""
    said = " ".join(str(problem).split())
    if problem.sqlstate in _BUSY:
        return FairwayError("store_busy", f"{place} is locked by another process", "run the command again", path=place)
    if problem.sqlstate in UNPREPARED:
        message = f"{place}: the session was changed in the middle of a transaction: {said}"
        return FairwayError("store_busy", message, "run the command again", path=place)
    if problem.sqlstate in _DAMAGED:
        return FairwayError(
            "store_damaged", f"{place} is damaged: {said}", suggest("queue-restore", FROM=None), path=place
        )
    if problem.sqlstate == _NO_RIGHT:
        message = f"{place}: the role of this connection may not do that: {said}"
        return FairwayError("store_unavailable", message, suggest("queue-doctor"), path=place)
    if problem.sqlstate == _READ_ONLY:
        message = f"{place} is only read there (a standby, or a read-only role): {said}"
        return FairwayError("store_unavailable", message, suggest("queue-doctor"), path=place)
    return FairwayError("store_unavailable", f"{place}: {said}", suggest("queue-doctor"), path=place)
