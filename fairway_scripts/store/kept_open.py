"""A store that stays open from one call to the next, in a process that makes many.

Opening reads the schema anew, and whoever closes a file last copies its log back, which waits for the disk twice more.
The connection that was used last is lent to one call at a time. What others change is seen all the same: every call
reads in transactions of its own, and a file that was replaced meanwhile is opened anew. A store on a server is asked
for its schema and whose it is by every call; where the server has ended the connection, the first question makes
another, and where the file of services was changed, the next call connects anew.

Only a store of the caller's own stays open, one that `open_store` opens with `stays`. A call that handles the file as a
file comes after `let_go`: closing any descriptor of a file gives up all locks that this process has on it.
"""

from __future__ import annotations

import os

from fairway_scripts.store.contract import Store, is_server

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from fairway_scripts.store.contract import Conn


class _Kept:
    """The one connection, the file or server that it is of, and whether a call has it."""

    __slots__ = ("connection", "is_lent", "mark")

    def __init__(self) -> None:
        self.connection: Any = None
        self.mark: tuple[object, ...] | None = None
        self.is_lent = False


_kept = _Kept()


def keep() -> None:
    """Keep what is opened from now on, in this process."""
    Store.lender = _lend


def take_back(*, sound: bool) -> None:
    """The call is over: the next one gets what it had, unless it left a transaction open or closed the store.

    Nor where it did not end well: what it read half and still holds keeps its snapshot after the transaction.
    """
    _kept.is_lent = False
    if _kept.connection is None:
        return
    try:
        sound = sound and not _kept.connection.in_transaction
    except Exception:  # noqa: BLE001 - each engine has its own error for a closed connection
        sound = False
    if not sound:
        let_go()


def let_go() -> None:
    """Close what is kept."""
    connection, _kept.connection, _kept.mark = _kept.connection, None, None
    if connection is not None:
        connection.close()


def _lend(path: str, connect: Callable[[str], Conn]) -> Conn:
    """The connection to the store at `path`: the kept one, else a new one, kept unless a call has one already."""
    mark = _mark(path)  # before it is opened: a file that is replaced in between is opened anew by the next call
    if _kept.is_lent or mark is None:
        return connect(path)
    if _kept.connection is None or _kept.mark != mark:
        let_go()
        _kept.connection, _kept.mark = connect(path), mark
    _kept.is_lent = True
    kept: Conn = _kept.connection
    return kept


def _mark(path: str) -> tuple[object, ...] | None:
    """What tells one store from another at the same place; None where that cannot be known."""
    if is_server(path):
        from fairway_scripts.store.postgres.place import services_with

        services = services_with(path)
        return (path, services) if services else None
    try:
        status = os.stat(path)
    except OSError:
        return None
    return path, status.st_dev, status.st_ino
