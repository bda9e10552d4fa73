"""What this store knows already: the states of its tasks, and which old row became which row of ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import LegacyRow, LegacyRowsOf, LegacyStates


class KnownRow(NamedTuple):
    """What an old row became: a row of ours (`own_key` "" for an old one that our own call left)."""

    task_id: str | None
    own_table: str
    own_key: str
    direction: str
    content_hash: str


class States:
    """The states of the tasks that are defined here: all of them, or each when it is asked for."""

    def __init__(self, tx: Transaction, *, at_once: bool) -> None:
        self._tx = tx
        self._is_all = at_once
        self._found: dict[str, LegacyStates | None] = {}
        if at_once:
            self._found.update({row["task_id"]: {**row} for row in tx.each("legacy.states")})

    def __contains__(self, task_id: str) -> bool:
        return self._get(task_id) is not None

    def __getitem__(self, task_id: str) -> LegacyStates:
        found = self._get(task_id)
        if found is None:
            raise KeyError(task_id)
        return found

    def _get(self, task_id: str) -> LegacyStates | None:
        if not self._is_all and task_id not in self._found:
            row = self._tx.one("legacy.state", task_id=task_id)
            self._found[task_id] = {**row} if row else None
        return self._found.get(task_id)


class Noted:
    """What old rows became: of a whole table at once where all of it is read, else of each when it is asked for."""

    def __init__(self, tx: Transaction) -> None:
        self._tx = tx
        self._tables: dict[str, dict[str, KnownRow]] = {}

    def load(self, table: str) -> None:
        """Look up all rows of a table at once."""
        if table not in self._tables:
            found = self._tx.each("legacy.rows_of", legacy_table=table)
            self._tables[table] = {row["legacy_key"]: _known_row(row) for row in found}

    def drop(self, table: str) -> None:
        """Let go of what was looked up at once."""
        self._tables.pop(table, None)

    def get(self, table: str, key: str) -> KnownRow | None:
        """Return what the row of a key became, None for one that is not known."""
        if table not in self._tables:
            row = self._tx.one("legacy.row", legacy_table=table, legacy_key=key)
            return _known_row(row) if row else None
        return self._tables[table].get(key)


def _known_row(row: LegacyRow | LegacyRowsOf) -> KnownRow:
    return KnownRow(row["task_id"], row["own_table"], row["own_key"] or "", row["direction"], row["content_hash"])
