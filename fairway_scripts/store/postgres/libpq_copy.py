"""Many rows through libpq at once, by COPY; loaded when a store is moved or copied."""

from __future__ import annotations

import ctypes
from itertools import islice
from typing import TYPE_CHECKING

from fairway_scripts.store.postgres.libpq import MOST_AT_ONCE, pq

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.store.postgres.libpq import Wire

_COPY_OUT, _COPY_IN = 3, 4  # ExecStatusType


def copy_out(wire: Wire, text: str) -> list[bytes]:
    """See `Wire.copy_out`."""
    _begin(wire, text, _COPY_OUT)
    line, lines = ctypes.c_void_p(), []
    while (size := pq.PQgetCopyData(wire.conn, ctypes.byref(line), 0)) > 0:
        lines.append(ctypes.string_at(line, size))
        pq.PQfreemem(line)
    _end(wire)
    return lines


def copy_in(wire: Wire, text: str, lines: Iterable[bytes]) -> None:
    """See `Wire.copy_in`."""
    _begin(wire, text, _COPY_IN)
    end: bytes | None = b"given up"
    try:
        left = iter(lines)
        while chunk := b"".join(islice(left, MOST_AT_ONCE)):
            pq.PQputCopyData(wire.conn, chunk, len(chunk))
        end = None
    finally:
        pq.PQputCopyEnd(wire.conn, end)
        if end is not None:
            _rest(wire)
    _end(wire)


def _begin(wire: Wire, text: str, expected: int) -> None:
    wire.hear()
    result = pq.PQexec(wire.conn, text.encode())
    if pq.PQresultStatus(result) != expected:
        wire.taken(result)
    pq.PQclear(result)


def _end(wire: Wire) -> None:
    """Hear how it ended; raises ServerError."""
    result = pq.PQgetResult(wire.conn)
    _rest(wire)
    wire.taken(result)


def _rest(wire: Wire) -> None:
    while result := pq.PQgetResult(wire.conn):
        pq.PQclear(result)
