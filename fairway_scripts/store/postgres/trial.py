"""Trying a server with the rows of a store, in a scratch schema that goes again."""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing
from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store import contents
from fairway_scripts.store.contract import SERVER, Store
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.postgres.answers import ServerError
from fairway_scripts.store.postgres.channel import Connection
from fairway_scripts.store.postgres.comparison import different_answers, refused_statements
from fairway_scripts.store.postgres.connection import ServerStore
from fairway_scripts.store.postgres.facts import OLDEST, facts
from fairway_scripts.store.schema import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

#: So many want the same thing at once.
RACERS = 16
_KEY = "store_check"


class Trial(TypedDict):
    """How one check of a server went."""

    trial: str
    ok: bool
    detail: str
    ms: int


def trial(service: str, sandbox: Store) -> Iterator[Trial]:
    """Check after check, each as `{trial, ok, detail, ms}`; the first that fails is the last.

    `sandbox` is a private copy of a store. Raises FairwayError `store_unavailable` when the server cannot be reached,
    or the role may not make a schema.
    """
    place = f"{SERVER}{service}/fairway_check_{os.getpid()}"
    checks: tuple[tuple[str, Callable[[Store, Store], str]], ...] = (
        ("server", _server),
        ("statements", _statements),
        ("rows", _rows),
        ("answers", _answers),
        ("race", _race),
        ("connection ended", _ended),
        ("rows back in a file", _back),
    )
    with closing(open_store(place, create=True)) as store:
        try:
            for name, check in checks:
                begun = time.perf_counter()
                try:
                    detail, ok = check(store, sandbox), True
                except (AssertionError, FairwayError) as problem:
                    detail, ok = str(problem), False
                yield {"trial": name, "ok": ok, "detail": detail, "ms": round((time.perf_counter() - begun) * 1000)}
                if not ok:
                    return
        finally:
            _drop(place)


def _drop(place: str) -> None:
    with closing(Connection(place)) as connection:
        connection.wire.ask(f'SET client_min_messages = warning; DROP SCHEMA IF EXISTS "{connection.schema}" CASCADE')


def _require(condition: object, message: str) -> None:
    if not condition:
        raise AssertionError(message)


def _server(store: Store, _sandbox: Store) -> str:
    told = facts(store)
    _require(told["version"] >= OLDEST, f"version {told['version']} is older than 13")
    _require(not told["collations"], f"not compared byte by byte: {', '.join(told['collations'])}")
    return (
        f"PostgreSQL {told['version'] // 10000}.{told['version'] % 10000}, role {told['role']}, {told['skew']:+.3f} s"
    )


def _statements(store: Store, _sandbox: Store) -> str:
    assert isinstance(store, ServerStore)
    with store.read(temporary=True) as tx:
        wrong = refused_statements(tx.connection)
    _require(not wrong, "; ".join(wrong[:3]))
    return "every statement is taken"


def _rows(store: Store, sandbox: Store) -> str:
    with sandbox.read() as source, store.write(repeatable=True) as tx:
        contents.replace(tx, source)
        counts = contents.counts(tx)
        for table in TABLES:
            _require(list(contents.rows(tx, table)) == list(contents.rows(source, table)), f"{table} differs")
    return f"{sum(counts.values())} rows of {len(counts)} tables are equal"


def _answers(store: Store, sandbox: Store) -> str:
    assert isinstance(store, ServerStore)
    with sandbox.read() as file, store.read() as tx:
        asked, filled, wrong = different_answers(file, tx)
    _require(not wrong, "; ".join(wrong[:3]))
    return f"{asked} questions, {filled} of them with rows: the same answers"


def _race(store: Store, _sandbox: Store) -> str:
    won: list[int] = []
    failed: list[Exception] = []

    def run(number: int) -> None:
        try:
            with closing(open_store(store.path)) as own, own.write(repeatable=True) as tx:
                if tx.value("sources.meta", key=_KEY) is None:
                    tx.connection.execute("INSERT INTO meta (key, value) VALUES (?, ?)", [_KEY, str(number)])
                    won.append(number)
        except (FairwayError, ServerError) as problem:
            failed.append(problem)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(RACERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    _require(not failed, f"{len(failed)} of {RACERS} failed: {failed[:1]}")
    _require(len(won) == 1, f"{len(won)} winners")
    return f"1 winner of {RACERS}"


def _ended(store: Store, _sandbox: Store) -> str:
    """A connection that is ended within a change leaves nothing of it."""
    with closing(open_store(store.path)) as other:
        try:
            with other.write(repeatable=True) as tx:
                tx.connection.execute("UPDATE meta SET value = 'half' WHERE key = ?", [_KEY])
                (number,) = tx.connection.execute("SELECT pg_backend_pid()").fetchone()
                with store.read() as own:
                    own.connection.execute("SELECT pg_terminate_backend(?)", [number])
                tx.connection.execute("UPDATE meta SET value = 'whole' WHERE key = ?", [_KEY])
        except FairwayError as problem:
            _require(problem.word == "store_unavailable", problem.message)
        else:
            raise AssertionError("the connection went on")
    with store.read() as tx:
        _require(tx.value("sources.meta", key=_KEY) not in ("half", "whole"), "half of a change is there")
    return "nothing of the change is there"


def _back(store: Store, sandbox: Store) -> str:
    with closing(store.copy_to_sandbox()) as copy, copy.read() as there, sandbox.read() as here:
        for table in TABLES:
            found = [row for row in contents.rows(there, table) if table != "meta" or row["key"] != _KEY]
            _require(found == list(contents.rows(here, table)), f"{table} differs")
    return "equal"
