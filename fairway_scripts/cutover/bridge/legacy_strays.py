"""Records that were taken in from a table that is no table of their kind by now, because the mapping was mended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_requests import settle_requests
from fairway_scripts.cutover.bridge.legacy_tables import KIND
from fairway_scripts.cutover.bridge.legacy_tally import Tally

if TYPE_CHECKING:
    from fairway_scripts.cutover.bridge.legacy_scope import Scope

#: The kinds of records that open a gate, or keep one closed.
_TAKEN_BACK = ("evidence", "reviews", "requests")


def take_back_strays(scope: Scope) -> None:
    """Evidence, verdicts and requests that are none say `deleted` and open no gate; each is told with its table.

    Where no table of a kind was found, only the profile says that there is none: else it is told and stays.
    """
    for kind in [name for name in KIND if name not in ("state", "archive")]:
        tally, own_table = scope.tallies.get(kind, Tally(kind, "")), KIND[kind].own_table
        is_sure = bool(tally.table) or kind in scope.mapping["none"]
        for row in scope.tx.all("legacy.strays", own_table=own_table, legacy_table=tally.table):
            scope.tallies.setdefault(kind, tally)
            task_id = row["task_id"] or ""
            what = f"{row['legacy_table']} holds no {kind}; what was taken in from it stays"
            if not is_sure:
                what = (
                    f"no table is known to hold the {kind} by now; what was taken in from {row['legacy_table']} stays"
                )
            elif kind in _TAKEN_BACK and not scope.why_not(task_id):
                what += " as deleted"
                _take_back(scope, kind, task_id, int(row["own_key"]))
                scope.change_of(task_id)["updated"].append((own_table, int(row["own_key"])))
                scope.tx.run("legacy.mark_stray", legacy_table=row["legacy_table"], legacy_key=row["legacy_key"])
            tally.remark(what, f"{row['legacy_key']} ({task_id})")
    settle_requests(scope)


def _take_back(scope: Scope, kind: str, task_id: str, own_key: int) -> None:
    if kind == "evidence":
        scope.tx.run("legacy.void_evidence", own_key=own_key)
    elif kind == "reviews":
        scope.tx.run("legacy.void_review", own_key=own_key)
        scope.taken_back.add(task_id)
    else:
        scope.tx.run("legacy.void_request", own_key=own_key, at=scope.at)
