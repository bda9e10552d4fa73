"""The place of a store on a server: a service of libpq and a schema."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.contract import SERVER, exact

_SMALL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789_")
_SERVICE = _SMALL | frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ.-")


def parts(place: str) -> tuple[str, str]:
    """Service and schema of `postgres:SERVICE/SCHEMA`; raises FairwayError `usage` for another form.

    A URL is none: it would put a password into files and process lists. libpq finds host, user and password of a
    service in its own files: https://www.postgresql.org/docs/current/libpq-pgservice.html
    """
    service, _, schema = place.removeprefix(SERVER).partition("/")
    if not (service and _SERVICE.issuperset(service) and _is_schema(schema)):
        raise FairwayError(
            "usage",
            f"{exact(place)} names no store on a server: the form is postgres:SERVICE/SCHEMA, with a service "
            "of pg_service.conf and a schema in lower case; host, user and password never stand here",
            "see docs/postgres.md",
        )
    return service, schema


def services_with(place: str) -> bytes:
    """The caller's file of services, which says where the server of `place` is; b"" where it stands elsewhere."""
    try:
        with open(os.environ.get("PGSERVICEFILE") or os.path.expanduser("~/.pg_service.conf"), "rb") as file:
            text = file.read()
    except OSError:
        return b""
    return text if f"[{parts(place)[0]}]".encode() in text else b""


def _is_schema(name: str) -> bool:
    return bool(name) and len(name) <= 63 and _SMALL.issuperset(name) and not name[0].isdigit()
