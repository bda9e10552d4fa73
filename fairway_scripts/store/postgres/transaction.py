"""Named statements on an open transaction of a server."""

from __future__ import annotations

import json
from itertools import islice

from fairway_scripts.store.contract import Transaction
from fairway_scripts.store.postgres.answers import Cursor
from fairway_scripts.store.postgres.translation import own_statement
from fairway_scripts.store.schema import SCHEMA_VERSION, VIEWS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Any

#: So many rows go to the server in one message.
ROWS_AT_ONCE = 2000
_NUMBERED = """SELECT 1 FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = ? AND column_name = 'id' AND is_identity = 'YES'"""
_ADDITIONS = """SELECT 'trigger', t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT t.tgisinternal
UNION ALL SELECT 'view', viewname FROM pg_views WHERE schemaname = current_schema()
UNION ALL SELECT 'rule', rulename FROM pg_rules WHERE schemaname = current_schema() AND rulename <> '_RETURN'
ORDER BY 2"""


class ServerTransaction(Transaction):
    """A transaction on a schema of a server."""

    __slots__ = ()

    is_remote = True
    text_of = staticmethod(own_statement)

    def cursors(self, text: str, given: Iterable[Any]) -> Iterator[Cursor]:
        """What a statement gives, run once for each of `given`; all of them are sent before the first is read."""
        for answer in self.connection.answers(text, list(given)):
            yield Cursor(answer)

    def put_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put rows of another store into a table as they are, some thousand a message, and count on behind them."""
        listed = ", ".join(columns)
        text = f"INSERT INTO {table} ({listed}) SELECT {listed} FROM json_populate_recordset(CAST(NULL AS {table}), ?)"
        left = iter(rows)
        while chunk := [dict(zip(columns, row, strict=True)) for row in islice(left, ROWS_AT_ONCE)]:
            self.connection.execute(text, [json.dumps(chunk, ensure_ascii=False)])
        if "id" in columns and self.connection.execute(_NUMBERED, [table]).fetchone():
            highest = f"(SELECT max(id) FROM {table})"
            self.connection.execute(
                f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE({highest}, 1), {highest} IS NOT NULL)"
            )

    def schema_version(self) -> int:
        """The schema of the store; see `Transaction.schema_version`."""
        return int(self.value("reports.schema_version") or 0)

    def due_steps(self) -> list[str]:
        """The steps of the schema that are due: they have the names that they have for a file."""
        from fairway_scripts.store.postgres.tables import steps_after

        version = self.schema_version()
        return steps_after(version) if version < SCHEMA_VERSION else []

    def apply_steps(self) -> None:
        """Apply every due step of the schema."""
        from fairway_scripts.store.postgres.tables import rebuild

        rebuild(self)

    def dangling_rows(self) -> list[str]:
        """Nothing: the server refuses such rows, and every key of ours is checked by it."""
        return []

    def additions(self) -> list[tuple[str, str]]:
        """Triggers, views and rules that no version makes."""
        found = self.connection.execute(_ADDITIONS)
        return [(str(kind), str(name)) for kind, name in found if name not in VIEWS]
