"""One column of an old table, looked at for what it may be of ours."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.cutover.bridge.legacy_values import normal_time
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.cell_signs import cells_of
from fairway_scripts.cutover.mapping.state_words import status_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.cutover.bridge.legacy_tables import Kind
    from fairway_scripts.cutover.mapping.cell_signs import Signs
    from fairway_scripts.cutover.mapping.mapping_rules import Draft, Table

#: Our columns whose cells have a sign of their own: column -> (signs, one of which it has; what a reason says).
OWN_SIGNS: dict[str, tuple[tuple[str, ...], str]] = {
    "task_id": ((sign.TASK,), "it holds tasks"),
    "status": (("status", "session", sign.SMALL), "it holds states"),
    "to_status": (("status", sign.SMALL), "it holds states"),
    "from_status": (("status", sign.SMALL), "it holds states"),
    "result": (("result",), "it holds results"),
    "verdict": (("verdict",), "it holds verdicts"),
    "state": (("checkpoint", "maybe checkpoint"), "it holds states"),
    "branch": ((sign.BRANCH,), "it holds branches"),
    "commit_sha": ((sign.COMMIT,), "it holds commits"),
    "reviewed_commit_sha": ((sign.COMMIT,), "it holds commits"),
    "role": ((sign.LANE, sign.LANES), "it holds lanes"),
    "reviewer_role": ((sign.LANE,), "it holds lanes"),
    "artifact_type": (("artifact type",), "it holds kinds of artifact"),
    "artifact_path": ((sign.FILE, sign.PATH), "it holds places of files"),
    "provider": (("provider",), "it holds providers"),
    "session_backend": (("backend",), "it holds kinds of terminal"),
    "worktree_path": ((sign.PATH,), "it holds folders"),
    "changed_files": ((sign.FILES, sign.FILE), "it holds files"),
}
SPECIFIC = {name for signs, _why in OWN_SIGNS.values() for name in signs} - {sign.FILE, sign.SMALL}
TEXTS = (sign.NAME, sign.SENTENCE)


class Look(NamedTuple):
    """One column of theirs, looked at for one of ours."""

    draft: Draft
    kind: Kind
    table: Table
    column: str

    @property
    def signs(self) -> Signs:
        """Return the signs of the column."""
        return self.table.signs[self.column]

    def text_of(self, row: Mapping[str, object]) -> str:
        """Return the cell in a row as text, "" for none."""
        return "" if row[self.column] is None else str(row[self.column]).strip()

    def statuses(self) -> list[tuple[str, bool]]:
        """For each row of a table of states: the status in our words, and whether this column says something."""
        status = self.draft.columns[self.kind.name].get("status")
        return [(status_of(self.draft, row[status]), bool(self.text_of(row))) for row in self.table.rows if status]

    def filled_when(self, wanted: set[str], *, all_of_them: bool = True) -> bool:
        """Tell whether the column says something in rows of the wanted statuses alone, and there are rows of both."""
        rows = self.statuses()
        filled = {status for status, says in rows if says}
        empty = {status for status, says in rows if not says}
        return bool(filled) and filled <= wanted and bool(empty) and not (all_of_them and empty & wanted)

    def working(self) -> set[str]:
        """Return the statuses in which somebody works on a task."""
        known = self.draft.known
        return set(known.statuses) - set(known.terminal) - {known.statuses[0]}

    def other(self, kind: str, ours: str) -> set[str]:
        """Return the cells of a column of ours in another table, or in this one."""
        theirs = self.draft.columns.get(kind, {}).get(ours)
        if theirs is None:
            return set()
        return {str(cell) for cell in cells_of(self.draft.tables[self.draft.chosen[kind]].rows, theirs)}

    def times(self) -> list[str]:
        """Return the columns of the table that are times in every row."""
        found = {name: signs for name, signs in self.table.signs.items() if signs.has(sign.TIME) and signs.full}
        exact = [name for name, signs in found.items() if not signs.has(sign.DAY)]
        return exact or list(found)


def keys_of(table: Table) -> set[str]:
    """Return the columns that tell rows from others or refer to rows of others.

    Of several that do so together those that are no number, and differ or have a sign of their own, say something.
    """
    key = table.facts["pk"]
    signs = {column: table.signs[column] for column in key if column in table.signs}
    telling = [name for name, found in signs.items() if len(found.values) > 1 or found.has(*SPECIFIC - {sign.BRANCH})]
    plain_words = {name for name in telling if not signs[name].has(sign.SMALL, sign.WHOLE)} if len(key) > 1 else ()
    return {*key, *table.facts.get("refs", {})}.difference(plain_words)


@cache
def moment(cell: object) -> str:
    """Return a cell as a time in the stored form, "" for none."""
    return normal_time(cell) or ""
