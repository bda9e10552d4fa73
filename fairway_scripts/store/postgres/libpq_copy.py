"""Many rows through libpq (`pq`) at once, by COPY; loaded when a store is moved or copied, so no hot tool has it."""

from __future__ import annotations

import ctypes
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.store.postgres.libpq import Wire

#: So many lines are given at once.
_LINES = 500
_COPY_OUT, _COPY_IN = 3, 4  # ExecStatusType


def copy_out(pq: ctypes.CDLL, wire: Wire, text: str) -> list[bytes]:
    """See `Wire.copy_out`."""
    _begin(pq, wire, text, _COPY_OUT)
    line, lines = ctypes.c_void_p(), []
    while (size := pq.PQgetCopyData(wire.conn, ctypes.byref(line), 1)) >= 0:
        if not size:  # nothing is here yet
            if not wire.wait():
                break
            continue
        lines.append(ctypes.string_at(line, size))
        pq.PQfreemem(line)
    _end(pq, wire)
    return lines


def copy_in(pq: ctypes.CDLL, wire: Wire, text: str, lines: Iterable[bytes]) -> None:
    """See `Wire.copy_in`."""
    _begin(pq, wire, text, _COPY_IN)
    end: bytes | None = b"given up"
    try:
        left = iter(lines)
        while chunk := b"".join(islice(left, _LINES)):
            pq.PQputCopyData(wire.conn, chunk, len(chunk))
        end = None
    finally:
        pq.PQputCopyEnd(wire.conn, end)
        if end is not None:
            _rest(pq, wire)
    _end(pq, wire)


def _begin(pq: ctypes.CDLL, wire: Wire, text: str, expected: int) -> None:
    wire.hear()
    result = wire.run(text)
    if pq.PQresultStatus(result) != expected:
        wire.taken(result)
    pq.PQclear(result)


def _end(pq: ctypes.CDLL, wire: Wire) -> None:
    """Hear how it ended; raises ServerError."""
    result = wire.result()
    _rest(pq, wire)
    wire.taken(result)


def _rest(pq: ctypes.CDLL, wire: Wire) -> None:
    while result := wire.result():
        pq.PQclear(result)
