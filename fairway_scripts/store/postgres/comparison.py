"""The two engines side by side on equal rows: every statement is taken, and every question has the same answer."""

from __future__ import annotations

import re
from itertools import islice, product
from typing import TYPE_CHECKING

from fairway_scripts.store.ledger_tables import KEYS
from fairway_scripts.store.postgres.answers import ServerError
from fairway_scripts.store.postgres.translation import own_statement, translated
from fairway_scripts.store.statements import every_name, statement

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.engine import Cell, Row
    from fairway_scripts.store.postgres.channel import Connection
    from fairway_scripts.store.postgres.transaction import ServerTransaction

#: What no PREPARE takes.
_UTILITY = re.compile(r"(CREATE|DROP|PRAGMA)\b")
#: So many sets of values are tried for a question.
MOST_TRIES = 12
_NUMBERS = (0, 1, 1000)


def refused_statements(connection: Connection) -> list[str]:
    """The named statements that the server does not take, each with what it says; within a transaction of its own."""
    found = []
    connection.ask(own_statement("verification.make_images"))
    for number, name in enumerate(every_name()):
        text = own_statement(name)
        if _UTILITY.match(text):
            continue
        connection.ask("SAVEPOINT one")
        try:
            connection.ask(f"PREPARE fairway_{number} AS {translated(text)[0]}")
            connection.ask(f"DEALLOCATE fairway_{number}")
        except ServerError as problem:
            found.append(f"{name}: {' '.join(str(problem).split())}")
            connection.ask("ROLLBACK TO SAVEPOINT one")
        connection.ask("RELEASE SAVEPOINT one")
    return found


def different_answers(file: Transaction, server: ServerTransaction) -> tuple[int, int, list[str]]:
    """Ask both the same, with values that are in the rows and some that are not.

    Returns how many questions were asked, how many of them had an answer with rows, and which answers differ.
    """
    asked = filled = 0
    wrong = []
    samples = _samples(file)
    for name in every_name():
        text = statement(name)
        if not text.startswith(("SELECT", "WITH")) or "?" in text or own_statement(name) != text:
            continue
        if "row_images" in text and name.startswith("verification."):
            continue  # they ask a temporary table
        for values in islice(_tries(server.connection, text, samples), MOST_TRIES):
            ours, theirs = (_answer(tx, text, values) for tx in (file, server))
            asked += 1
            filled += bool(ours)
            if "ORDER BY" not in text:
                ours, theirs = sorted(ours, key=repr), sorted(theirs, key=repr)
            if ours != theirs:
                wrong.append(f"{name} {values}: {_first_difference(ours, theirs)}")
                break
    return asked, filled, wrong


def _samples(file: Transaction) -> dict[str, list[Cell]]:
    """Values by the names of columns: what is asked for mostly has the name of where it stands."""
    found: dict[str, list[Cell]] = {}
    for table in KEYS:
        cursor = file.connection.execute(f"SELECT * FROM {table} LIMIT 40")
        names = [column[0] for column in cursor.description]
        for row in cursor:
            for name, value in zip(names, row, strict=True):
                kept = found.setdefault(f"{table.removeprefix('task_').rstrip('s')}_id" if name == "id" else name, [])
                if value is not None and value not in kept and len(kept) < 2:
                    kept.append(value)
    return found


def _tries(connection: Connection, text: str, samples: dict[str, list[Cell]]) -> Iterator[dict[str, Cell]]:
    """Sets of values for a question: those of the rows, some that are in none, each of the type that it asks for."""
    sql, names = translated(text)
    connection.ask(f"PREPARE fairway_asked AS {sql}")
    kinds = "SELECT unnest(parameter_types)::text FROM pg_prepared_statements WHERE name = 'fairway_asked'"
    types = [str(row[0]) for row in connection.ask(kinds).rows]
    connection.ask("DEALLOCATE fairway_asked")
    choices = []
    for name, kind in zip(names, types, strict=True):
        wanted: type = str if kind == "text" else int
        known = [value for value in samples.get(name, []) if isinstance(value, wanted)]
        choices.append([1000] if name == "limit" else [*known, *([""] if wanted is str else _NUMBERS)])
    for values in product(*choices):
        yield dict(zip(names, values, strict=True))


def _answer(tx: Transaction, text: str, values: Mapping[str, object]) -> list[Row]:
    return [tuple(row) for row in tx.connection.execute(text, values)]


def _first_difference(ours: list[Row], theirs: list[Row]) -> str:
    if len(ours) != len(theirs):
        return f"{len(ours)} rows and {len(theirs)}"
    return next(f"{own} and {other}" for own, other in zip(ours, theirs, strict=True) if own != other)
