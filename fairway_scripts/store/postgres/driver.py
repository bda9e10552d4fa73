"""Which driver speaks to the server: libpq itself, else psycopg, which brings a libpq of its own."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.store.postgres.answers import ServerError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.store.postgres.libpq import Wire
    from fairway_scripts.store.postgres.psycopg_wire import PsycopgWire

#: How long is waited for a server that does not answer, in seconds; a service may say something else.
CONNECT_SECONDS = 10


def connect(service: str, place: str) -> Wire | PsycopgWire:
    """A connection to a service; raises FairwayError `store_unavailable`."""
    limit = "" if os.environ.get("PGCONNECT_TIMEOUT") else f" connect_timeout={CONNECT_SECONDS}"
    try:
        return _wire(place)(f"service={service} client_encoding=UTF8 application_name=fairway{limit}")
    except ServerError as problem:
        said = " ".join(str(problem).split())
        raise FairwayError(
            "store_unavailable", f"{place} cannot be reached: {said}", suggest("queue-doctor"), path=place
        ) from problem


def _wire(place: str) -> type[Wire | PsycopgWire]:
    """The driver; `FAIRWAY_PG_DRIVER` (libpq or psycopg) chooses one."""
    chosen = os.environ.get("FAIRWAY_PG_DRIVER", "")
    try:
        if chosen != "psycopg":
            from fairway_scripts.store.postgres.libpq import Wire

            return Wire
    except ImportError:
        if chosen == "libpq":
            raise _no_driver(place) from None
    try:
        from fairway_scripts.store.postgres.psycopg_wire import PsycopgWire
    except ImportError as problem:
        raise _no_driver(place) from problem
    return PsycopgWire


def _no_driver(place: str) -> FairwayError:
    from fairway_scripts.base.extras import install_line

    return FairwayError(
        "store_unavailable",
        f"{place}: neither PostgreSQL's library (libpq) nor psycopg is here",
        install_line("postgres"),
        path=place,
    )
