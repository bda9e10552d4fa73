"""Looking at the old database: what it says of a task, and which rows it has."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.bridge.legacy_mapping import mapping_of
from fairway_scripts.cutover.bridge.legacy_rows import LANES
from fairway_scripts.cutover.bridge.legacy_values import lane_named, our_word, read_row
from fairway_scripts.cutover.door.engines import legacy_db_path
from fairway_scripts.cutover.mapping.row_identity import identity
from fairway_scripts.store.legacy_source import databases_beside, open_legacy

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.cutover.mapping.mapping_shapes import FoundMapping
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.legacy_reading import LegacySource
    from fairway_scripts.store.legacy_types import Cells, MappedTable

#: The kinds of legacy tables in which a call that tells the older scripts something leaves rows.
_GROWING = ("history", "evidence")
#: Which family of words a column's values belong to.
_WORDS = {"result": "result", "verdict": "verdict", "status": "status"}
_PATIENCE = 5.0


class LegacySide:
    """One look at the old database."""

    def __init__(self, project: Project, source: LegacySource, mapping: FoundMapping) -> None:
        self._project = project
        self._source = source
        self._kinds = mapping["kinds"]
        self._words = mapping["words"]
        self._lanes = settings_of.lanes(project.settings)

    def states(self, task_ids: list[str]) -> dict[str, Cells]:
        """Return the state of the tasks that the old database knows, under our column names and with our words.

        Raises FairwayError `invalid_config` when no table of it is known to hold the state.
        """
        entry = self._entry("state")
        found = {}
        for row in self._source.rows_of(entry, entry["columns"]["task_id"], task_ids):
            read = self._read("state", row)
            found[str(read["task_id"])] = read
        return found

    def keys(self, task_id: str) -> dict[str, list[str]]:
        """Return the keys of the rows about a task, by kind of table."""
        return {kind: list(self.records(kind, task_id)) for kind in _GROWING if kind in self._kinds}

    def records(self, kind: str, task_id: str) -> dict[str, Cells]:
        """Return the rows of a kind of table (`evidence`, `handoffs`, `reviews`, `history`) about a task, by key."""
        return {key: read for key, _number, read in self.rows(kind, task_id)}

    def rows(self, kind: str, task_id: str) -> Iterator[tuple[str, str, Cells]]:
        """Yield the same rows one by one: what tells each from others, its number, and what it holds."""
        entry = self._entry(kind)
        for number, row in self._source.numbered_rows_of(entry, task_id):
            yield identity(kind, entry, number, row), number, self._read(kind, row)

    def table(self, kind: str) -> str:
        """Return the name of the old table of a kind."""
        return self._entry(kind)["table"]

    def has(self, kind: str) -> bool:
        """Tell whether the old database has a table of a kind."""
        return kind in self._kinds

    def _entry(self, kind: str) -> MappedTable:
        if kind not in self._kinds:
            raise FairwayError(
                "invalid_config",
                f"{self._source.path}: no table is known to hold the {kind}; name it in [legacy_db] of the profile",
                suggest("queue-import", LEGACY_DB=None, DRY_RUN=True),
            )
        return self._kinds[kind]

    def _read(self, kind: str, row: Cells) -> Cells:
        read, _unreadable = read_row(kind, self._kinds[kind]["columns"], row)
        read |= {name: lane_named(str(read[name]), self._lanes) or read[name] for name in LANES if read.get(name)}
        for column, family in _WORDS.items():
            if read.get(column):
                ours = self._project.settings["states"]["allowed"] if family == "status" else None
                read[column] = our_word(family, str(read[column]), self._words.get(family), ours) or read[column]
        return read


@contextlib.contextmanager
def look(project: Project) -> Iterator[LegacySide]:
    """Open the old database as it is at this moment.

    Raises FairwayError `not_found`, `store_busy`, `file_unavailable`.
    """
    with open_legacy(legacy_db_path(project), patience=_PATIENCE) as source:
        with project.store.write(repeatable=True) as tx:  # what is found out about its tables is remembered
            mapping = mapping_of(project, tx, source)
        yield LegacySide(project, source, mapping)


def has_database(project: Project) -> bool:
    """Tell whether there is an old database."""
    return os.path.isfile(legacy_db_path(project))


def unread_databases(project: Project) -> str:
    """Return what to say where the old database is not there and others lie in its folder, "" otherwise."""
    path = legacy_db_path(project)
    beside = databases_beside(path) if not os.path.exists(path) and os.path.isdir(os.path.dirname(path)) else []
    if not beside:
        return ""
    return f"{project.show(path)} is not there, and nothing is read of {', '.join(beside)}: set bridge.legacy_db"
