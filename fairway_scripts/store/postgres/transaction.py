"""Named statements on an open transaction of a server."""

from __future__ import annotations

from fairway_scripts.store.contract import Transaction
from fairway_scripts.store.ledger import keep_changed
from fairway_scripts.store.postgres.answers import Cursor, line_of_row, row_of_line
from fairway_scripts.store.postgres.translation import own_statement
from fairway_scripts.store.schema import SCHEMA_VERSION, VIEWS
from fairway_scripts.store.statements import RETURNING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.store.contract import Question
    from fairway_scripts.store.postgres.answers import Answer

_NUMBERED = """SELECT 1 FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = ? AND column_name = 'id' AND is_identity = 'YES'"""
_ADDITIONS = """SELECT 'trigger', t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT t.tgisinternal
UNION ALL SELECT 'view', viewname FROM pg_views WHERE schemaname = current_schema()
UNION ALL SELECT 'rule', rulename FROM pg_rules WHERE schemaname = current_schema() AND rulename <> '_RETURN'
ORDER BY 2"""


class ServerTransaction(Transaction):
    """A transaction on a schema of a server."""

    __slots__ = ("foreseen",)

    is_remote = True
    text_of = staticmethod(own_statement)

    def __init__(self, connection: Any) -> None:
        super().__init__(connection)
        #: answers that are here already, by name and values; good until something is changed
        self.foreseen: dict[tuple[str, frozenset[tuple[str, Any]]], Answer] = {}

    def _asked(self, name: str, values: dict[str, Any]) -> Cursor:
        if self.foreseen:
            found = self.foreseen.get((name, frozenset(values.items())))
            if found is not None:
                return Cursor(found)
        answer: Cursor = self.connection.execute(self.text_of(name), values)
        return answer

    def foresee(self, *questions: Question) -> None:
        """Answer these in one message with what waits; see `Transaction.foresee`."""
        connection = self.connection
        answers = connection.send([connection.message(self.text_of(name), values) for name, values in questions])
        for (name, values), answer in zip(questions, answers, strict=True):
            self.foreseen[name, frozenset(values.items())] = answer

    def run(self, name: str, **values: Any) -> int:
        """Run a statement that changes rows; see `Transaction.run`."""
        self.foreseen.clear()
        return super().run(name, **values)

    def put(self, name: str, *, otherwise: Callable[[], FairwayError] | None = None, **values: Any) -> None:
        """Have a statement run with what is asked next; see `Transaction.put`."""
        self.foreseen.clear()
        text = self.text_of(name)

        def take(answer: Answer) -> None:
            if not answer.changed and otherwise is not None:
                raise otherwise()
            if answer.names is not None:
                keep_changed(self, text, Cursor(answer))

        is_taken = otherwise is not None or text.endswith(RETURNING)
        self.connection.later(self.connection.message(text, values), take if is_taken else None)

    def insert(self, name: str, **values: Any) -> int:
        """Run a statement that adds one row; see `Transaction.insert`."""
        self.foreseen.clear()
        return super().insert(name, **values)

    def many(self, name: str, rows: Iterable[Any]) -> None:
        """Run a statement once a row; see `Transaction.many`."""
        self.foreseen.clear()
        super().many(name, rows)

    def close(self) -> None:
        """Leave nothing that was written without an event: the answers of what was put are needed for it."""
        if any(take for _message, take in self.connection.waiting):
            self.connection.send([])
        super().close()

    def cursors(self, text: str, given: Iterable[Any]) -> Iterator[Cursor]:
        """What a statement gives, run once for each of `given`; all of them are sent before the first is read."""
        for answer in self.connection.answers(text, list(given)):
            yield Cursor(answer)

    def stream(self, text: str) -> Iterator[tuple[Any, ...]]:
        """The rows of a SELECT as COPY gives them; see `Transaction.stream`."""
        types = self.connection.execute(f"{text} LIMIT 0").types
        for line in self.connection.wire.copy_out(f"COPY ({text}) TO STDOUT"):
            yield row_of_line(line, types)

    def put_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
        """Put rows of another store into a table as they are, by COPY, and count on behind them."""
        self.connection.execute("SELECT 1")  # what waits comes before
        lines = map(line_of_row, rows)
        self.connection.wire.copy_in(f"COPY {table} ({', '.join(columns)}) FROM STDIN", lines)
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
