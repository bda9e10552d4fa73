"""The types of the rows that a store gives, and of what each of its statements takes and gives."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.own_files import HOME
from fairway_scripts.store.schema import TABLES
from fairway_scripts.store.statements import every_name, statement
from scripts.statement_shapes import Query, Values, is_one_row, read_tables, tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from scripts.statement_shapes import Columns

#: Rows that have a shorter name than their table or statement.
_ROW_NAMES = {
    "task_evidence": "Evidence",
    "task_handoffs": "Handoff",
    "task_reviews": "Review",
    "attachments.checkpoints": "CheckpointRow",
    "attachments.current_checkpoints": "CheckpointRow",
    "attachments.watchers": "WatcherRow",
    "orchestrator.events_since": "TaskEvent",
    "sessions.list": "SessionRow",
    "sessions.session": "SessionRow",
    "sources.remembered": "Remembered",
    "tasks.next_ready": "Task",
}
#: What a statement takes, where it is made in one place and handed to it in another.
_VALUE_NAMES = {
    "attachments.add_watcher": "NewWatcher",
    "sessions.update": "SessionUpdate",
    "tasks.add_history": "HistoryRow",
}
#: method -> what it returns, of the type of a row and of its first column
_READERS = {
    "all": "list[{row}]",
    "column": "list[{first}]",
    "each": "Iterator[{row}]",
    "one": "{row} | None",
    "value": "{value}",
}
_WRITERS = {"insert": "int", "put": "None", "run": "int"}
_PRAGMAS = {"user_version": "int"}
_NAMED = re.compile(r'(?:\.(\w+)\(\s*)?"([a-z_]+\.[a-z_]+)"')
_HEAD = """from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias, TypedDict, overload

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.contract import LooseTransaction

Value: TypeAlias = str | int | float | None"""

_TRANSACTION = """# each of the methods is the loose one, of which these are what it takes and gives
class Transaction(Statements, LooseTransaction): ...  # type: ignore[misc]"""


class Signature(NamedTuple):
    """What a statement takes, the class of its rows ("" for none) and the type of its first column."""

    taken: str
    row: str = ""
    first: str = ""
    one_row: bool = False

    def answer(self, form: str) -> str:
        """What a method returns whose answer has this form, "" where it has none."""
        if "{row}" in form and not self.row:
            return ""
        is_given = self.one_row or "None" in self.first or self.first == "Value"
        return form.format(row=self.row, first=self.first, value=self.first + ("" if is_given else " | None"))


def row_shapes(typed_dict: Callable[[str, dict[str, str]], str]) -> str:
    """The text of `rows.pyi`: a TypedDict for the rows of each table and statement, and `Statements`, the methods."""
    tables = read_tables()
    classes = {_row_name(table): _fields(tables[table]) for table in TABLES}
    classes |= {
        row: _fields(Values(tables, tokens_of(statement(name))).columns()) for name, row in _VALUE_NAMES.items()
    }
    signatures = {name: _signature(name, tables, classes) for name in every_name()}
    lines = _overloads({name: found for name, found in signatures.items() if found.first}, _READERS)
    written = {name: found for name, found in signatures.items() if not found.first and "?" not in statement(name)}
    lines += _overloads(written, _WRITERS)
    methods = "\n".join(["class Statements:", *lines])
    needed = {*map(_row_name, TABLES), *_VALUE_NAMES.values()} | set(re.findall(r"\w+", methods))
    rows = [typed_dict(name, fields) for name, fields in sorted(classes.items()) if name in needed]
    return "\n\n".join([_HEAD, *rows, methods, _TRANSACTION]) + "\n"


def _signature(name: str, tables: dict[str, Columns], classes: dict[str, dict[str, str]]) -> Signature:
    """What a statement takes and gives; the class of its rows is added to `classes` where none has these fields."""
    tokens = tokens_of(statement(name))
    taken = "".join(f", {value}: {column.text}" for value, column in Values(tables, tokens).columns().items())
    taken = ", *" + taken if taken else ""
    if tokens[0] == "PRAGMA":
        return Signature(taken, "", _PRAGMAS.get(tokens[1], "str"), one_row=True)
    if tokens[0] not in ("SELECT", "WITH"):
        return Signature(taken)
    fields = _fields(Query(tables).columns(tokens))
    first = next(iter(fields.values()))
    if not all(map(str.isidentifier, fields)):  # such as `count(*)`, which nobody asks for by its name
        return Signature(taken, "", first, is_one_row(tokens))
    own = _ROW_NAMES.get(name) or "".join(word.capitalize() for word in re.split(r"[._]", name))
    row = next((known for known, shape in classes.items() if shape == fields), own)
    classes[row] = fields
    return Signature(taken, row, first, is_one_row(tokens))


def _fields(columns: Columns) -> dict[str, str]:
    return {name: column.text for name, column in columns.items()}


def _overloads(signatures: dict[str, Signature], methods: dict[str, str]) -> list[str]:
    """The methods, once for all statements that take and give the same by it."""
    uses = _uses()
    lines = []
    for method, form in methods.items():
        alike: dict[str, list[str]] = {}
        for name, found in signatures.items():
            answer = found.answer(form)
            if answer and _is_used(uses.get(name, set()), method):
                otherwise = "otherwise: Callable[[], FairwayError] | None = None"
                taken = f"{found.taken or ', *'}, {otherwise}" if method == "put" else found.taken
                alike.setdefault(f"{taken}) -> {answer}: ...", []).append(name)
        for rest, names in alike.items():
            listed = ", ".join(f'"{name}"' for name in names)
            lines += ["    @overload", f"    def {method}(self, name: Literal[{listed}]{rest}"]
    return lines


def _is_used(uses: set[str], method: str) -> bool:
    """Whether a statement is asked for by a method; one that is kept by its name may be asked for by any."""
    return method in uses or bool(uses.difference(_READERS, _WRITERS))


def _uses() -> dict[str, set[str]]:
    """The methods by which the package asks for each statement."""
    found: dict[str, set[str]] = {}
    for folder, _folders, files in os.walk(os.path.join(HOME, "fairway_scripts")):
        for name in files:
            if name.endswith(".py"):
                with open(os.path.join(folder, name), encoding="utf-8") as file:
                    for method, known in _NAMED.findall(file.read()):
                        found.setdefault(known, set()).add(method)
    return found


def _row_name(table: str) -> str:
    *words, last = [word.capitalize() for word in table.split("_")]
    last = last[:-3] + "y" if last.endswith("ies") else last.removesuffix("s")
    return _ROW_NAMES.get(table) or "".join([*words, last])
