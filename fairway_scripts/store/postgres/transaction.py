"""Named statements on an open transaction of a server."""

from __future__ import annotations

from fairway_scripts.base import jsonio
from fairway_scripts.store.contract import NUMBER, LooseTransaction, Transaction
from fairway_scripts.store.ledger import HASHED, images_text
from fairway_scripts.store.ledger_tables import DERIVED, KEYS
from fairway_scripts.store.postgres.answers import Cursor, line_of_row, row_of_line
from fairway_scripts.store.postgres.translation import own_statement
from fairway_scripts.store.schema import SCHEMA_VERSION, VIEWS
from fairway_scripts.store.statements import RETURNING, changed_table

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import Any

    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.store.contract import Question, Values
    from fairway_scripts.store.engine import Pending, Row, Rows
    from fairway_scripts.store.postgres.answers import Answer
    from fairway_scripts.store.postgres.channel import Connection

#: Asked with the first message of a change; the end of the task's chain is looked up by `ledger.add_event`.
HEAD: Question = ("ledger.head", {})
_imaged: dict[str, str] = {}
_NUMBERED = """SELECT 1 FROM information_schema.columns
WHERE table_schema = current_schema() AND table_name = ? AND column_name = 'id' AND is_identity = 'YES'"""
_ADDITIONS = """SELECT 'trigger', t.tgname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = current_schema() AND NOT t.tgisinternal
UNION ALL SELECT 'view', viewname FROM pg_views WHERE schemaname = current_schema()
UNION ALL SELECT 'rule', rulename FROM pg_rules WHERE schemaname = current_schema() AND rulename <> '_RETURN'
ORDER BY 2"""


class ServerTransaction(Transaction):
    """A transaction on a schema of a server."""

    __slots__ = ("flushed", "foreseen", "is_kept", "otherwise", "unseen")

    connection: Connection

    is_remote = True
    text_of = staticmethod(own_statement)

    def __init__(self, connection: Connection) -> None:
        super().__init__(connection)
        #: answers that are here already, by name and values; good until something is changed
        self.foreseen: dict[tuple[str, frozenset[tuple[str, object]]], Answer] = {}
        #: how many rows were put whose answers are not here yet, and how many of these answers came
        self.unseen = self.flushed = 0
        #: the refusal where one of those rows is missing
        self.otherwise: Callable[[], FairwayError] | None = None
        #: whether the rows that were put are in their event already
        self.is_kept = False

    def _asked(self, name: str, values: dict[str, object]) -> Cursor:
        if self.foreseen:
            found = self.foreseen.get((name, frozenset(values.items() if name != HEAD[0] else ())))
            if found is not None:
                return Cursor(found)
        return self.connection.execute(self.text_of(name), values)

    def foresee(self, *questions: Question) -> None:
        """Answer these in one message with what waits; see `Transaction.foresee`."""
        asked = {(name, frozenset(values.items())): (name, values) for name, values in questions}
        new = {key: question for key, question in asked.items() if key not in self.foreseen}
        messages = [self.connection.message(self.text_of(name), values) for name, values in new.values()]
        if messages or not questions:
            self.foreseen.update(zip(new, self.connection.send(messages), strict=True))

    def run(self, name: str, **values: object) -> int:
        """Run a statement that changes rows; see `Transaction.run`."""
        self._forget(name)
        return LooseTransaction.run(self, name, **values)

    def put(self, name: str, *, otherwise: Callable[[], FairwayError] | None = None, **values: object) -> None:
        """Have a statement run with what is asked next; see `Transaction.put`.

        The server keeps the image of a row that it changes for the event of this transaction, which then needs no
        message of its own (`add_event`). Where it cannot be known that there is one such row the answer is waited for.
        """
        text = self.text_of(name)
        table = changed_table(text)
        is_image = text.endswith(RETURNING)
        is_one = table != "meta" and (otherwise is not None or text.startswith("INSERT"))
        if text.startswith("DELETE") or (is_image and not is_one):
            LooseTransaction.put(self, name, otherwise=otherwise, **values)
            return
        self._forget(name)
        if is_image:
            self._put_row(text, table, values, otherwise)
        else:
            self.connection.later(self.connection.message(text, values))

    def _put_row(
        self, text: str, table: str, values: dict[str, object], otherwise: Callable[[], FairwayError] | None = None
    ) -> None:
        self.unseen += 1
        self.otherwise = otherwise or self.otherwise
        is_before = self.pending is None

        def take(answer: Answer) -> None:
            if self.is_kept:
                return
            self.unseen, self.flushed = 0, self.flushed + 1
            if not answer.changed and otherwise is not None:
                raise otherwise()
            rows = self.pending_rows if is_before and self.pending is not None else self.written
            for kept in answer.rows:
                _table, columns, (row,) = jsonio.loads((kept[0] or "").rpartition("\n")[2])
                rows[table, tuple([row[columns.index(key)] for key in KEYS[table]])] = columns, row

        self.connection.later(self.connection.message(with_image(text, table), {**values, "kept": self._kept}), take)

    def _forget(self, name: str) -> None:
        """Forget what a statement may make another answer; what reads other tables alone is as it was."""
        text = self.text_of(name)
        table = "" if text.startswith("DELETE") else changed_table(text)  # a row that goes takes others along
        self.foreseen = {key: found for key, found in self.foreseen.items() if table not in self.text_of(key[0])}

    @property
    def _kept(self) -> str:
        """The setting in which the server keeps the images of the rows that were put since the last message."""
        return f"fairway.rows{self.flushed}"

    def add_event(self, event: Pending, rows: Rows) -> None:
        """Insert an event with the rows that belong to it, and move the head.

        The server puts the images that it keeps behind `rows`, and makes the hashes: so all of this can wait and go
        with the commit. It fails where a row is missing that was put.
        """
        told: dict[str, Any] = {**event}
        hashed = jsonio.dumps([told[name] for name in HASHED[1:]])[1:-1]
        images = images_text(rows)[1:-1]
        told |= {"hashed": hashed, "images": images, "unseen": self.unseen, "kept": self._kept}
        self.is_kept, self.unseen = self.unseen > 0, 0
        self.put("ledger.add_event", **told)
        self.put("ledger.set_head", event_id=event["id"], events=event["events"])

    def insert(self, name: str, **values: object) -> int:
        """Run a statement that adds one row; see `Transaction.insert`. Where its number was foreseen it can wait."""
        text = self.text_of(name)
        table = changed_table(text)
        numbers = self.foreseen.pop((NUMBER, frozenset({("table", table)})), None)
        self._forget(name)
        number = numbers.rows[0][0] if numbers else None
        if number is None:
            return LooseTransaction.insert(self, name, **values)
        text = text.replace("(", "(id, ", 1).replace("VALUES (", "VALUES (:number, ", 1)
        self._put_row(text, table, {**values, "number": number})
        return int(number)

    def many(self, name: str, rows: Iterable[Values]) -> None:
        """Run a statement once a row; see `Transaction.many`."""
        self.foreseen.clear()
        super().many(name, rows)

    def close(self) -> None:
        """Leave nothing that was written without an event: rows for which nobody recorded one are asked for."""
        if self.unseen and self.pending is None:
            self.foresee()
        super().close()

    def cursors(self, text: str, given: Iterable[Values]) -> Iterator[Cursor]:
        """What a statement gives, run once for each of `given`; all of them are sent before the first is read."""
        for answer in self.connection.answers(text, list(given)):
            yield Cursor(answer)

    def stream(self, text: str) -> Iterator[Row]:
        """The rows of a SELECT as COPY gives them; see `Transaction.stream`."""
        types = self.connection.execute(f"{text} LIMIT 0").types
        for line in self.connection.wire.copy_out(f"COPY ({text}) TO STDOUT"):
            yield row_of_line(line, types)

    def put_rows(self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
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


def with_image(text: str, table: str) -> str:
    """A statement that puts the image of its row, as `ledger.images_text` writes it, behind those in a setting.

    It gives that setting back: a line a row.
    """
    found = _imaged.get(text)
    if found is None:
        derived = "".join(f" AND key <> '{name}'" for name in DERIVED.get(table, ()))
        found = _imaged[text] = (
            f"{text.removesuffix('*')}(SELECT set_config(:kept, "
            f"concat(current_setting(:kept, true), chr(10), '[\"{table}\",[', "
            "string_agg(CAST(to_json(key) AS text), ','), '],[[', string_agg(CAST(value AS text), ','), ']]]'), true) "
            f"FROM json_each(row_to_json({table})) WHERE CAST(value AS text) <> 'null'{derived})"
        )
    return found
