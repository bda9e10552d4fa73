"""What became of the rows of each old table, counted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import Reason, TableTally

#: How many keys are named as examples of what was not placed.
_EXAMPLES = 5


class Tally:
    """The rows of one old table: how many there are and what became of them."""

    def __init__(self, kind: str, table: str) -> None:
        self.kind = kind
        self.table = table
        self.rows = self.new = self.changed = self.known = 0
        self.last_key, self.is_unsettled = 0, False
        self._left: dict[str, list[str]] = {}
        self._remarks: dict[str, list[str]] = {}

    def leave(self, why: str, key: str, *, for_now: bool = False) -> None:
        """Count a row that is not placed; `for_now` as long as another row says what it does: it is read again."""
        self._left.setdefault(why, []).append(key)
        self.is_unsettled = self.is_unsettled or for_now

    def remark(self, what: str, key: str) -> None:
        """Note something about a row that is placed."""
        self._remarks.setdefault(what, []).append(key)

    @property
    def left(self) -> int:
        """Return how many rows are not placed."""
        return sum(len(keys) for keys in self._left.values())

    def as_json(self) -> TableTally:
        """Return the counts; `not_placed` and `remarks` list each reason with its number and a few keys."""
        return {
            "kind": self.kind,
            "table": self.table,
            "rows": self.rows,
            "new": self.new,
            "changed": self.changed,
            "known": self.known,
            "left": self.left,
            "not_placed": _listed(self._left),
            "remarks": _listed(self._remarks),
        }


def _listed(found: dict[str, list[str]]) -> list[Reason]:
    return [{"why": why, "rows": len(keys), "keys": keys[:_EXAMPLES]} for why, keys in sorted(found.items())]
