"""What this store knows already: the states of its tasks, and which old row became which row of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fairway_scripts.store.contract import Transaction

    Row = dict[str, Any]

_NOTED = ("task_id", "own_table", "own_key", "direction", "content_hash")


class States:
    """The states of the tasks that are defined here: all of them, or each when it is asked for."""

    def __init__(self, tx: Transaction, *, at_once: bool) -> None:
        self._tx = tx
        self._is_all = at_once
        self._found: dict[str, Row | None] = {}
        if at_once:
            self._found.update({row["task_id"]: {**row} for row in tx.each("legacy.states")})

    def __contains__(self, task_id: str) -> bool:
        return self._get(task_id) is not None

    def __getitem__(self, task_id: str) -> Row:
        found = self._get(task_id)
        if found is None:
            raise KeyError(task_id)
        return found

    def _get(self, task_id: str) -> Row | None:
        if not self._is_all and task_id not in self._found:
            row = self._tx.one("legacy.state", task_id=task_id)
            self._found[task_id] = {**row} if row else None
        return self._found.get(task_id)


class Noted:
    """What old rows became: of a whole table at once where all of it is read, else of each when it is asked for."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._tables: dict[str, dict[str, tuple[Any, ...]]] = {}

    def load(self, table: str) -> None:
        """Look up all rows of a table at once."""
        if table not in self._tables:
            found = self._tx.each("legacy.rows_of", legacy_table=table)
            self._tables[table] = {row["legacy_key"]: tuple(row[name] for name in _NOTED) for row in found}

    def drop(self, table: str) -> None:
        """Let go of what was looked up at once."""
        self._tables.pop(table, None)

    def get(self, table: str, key: str) -> Row | None:
        """What the row of a key became, None for one that is not known."""
        if table not in self._tables:
            row = self._tx.one("legacy.row", legacy_table=table, legacy_key=key)
            return {**row} if row else None
        cells = self._tables[table].get(key)
        return dict(zip(_NOTED, cells, strict=True)) if cells else None
