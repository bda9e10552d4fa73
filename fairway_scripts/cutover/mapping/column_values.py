"""Which column of a recognised table is which of ours, by what its cells hold and how they go with the others.

Each of our columns has a test (`column_tests`). A column of theirs is taken when it is the only one that passes the
test of ours, and ours is the only test that it passes; anything else that fits is listed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_values import Unreadable, normal_time
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.column_look import OWN_SIGNS, SPECIFIC, TEXTS, Look
from fairway_scripts.cutover.mapping.column_tests import reason_for

if TYPE_CHECKING:
    from fairway_scripts.cutover.bridge.legacy_tables import Column, Kind
    from fairway_scripts.cutover.mapping.cell_signs import Signs
    from fairway_scripts.cutover.mapping.mapping_rules import Draft, Table

_MANY = 3
#: Columns that name people and lanes: a number there is the key of a row that nobody has found.
_NAMES = {*("owner", "claimant", "from_owner", "to_owner", "reviewer", "actor", "recorded_by", "requested_by")}
_NAMES |= {*("registered_by", "acknowledged_by", "role", "from_role", "to_role", "reviewer_role", "review_roles")}


def contradicts(column: Column, signs: Signs) -> bool:
    """Tell whether the cells speak against a column that is called like ours."""
    if not signs.filled:
        return False
    if _is_a_key(column.name, signs) or (column.name.endswith("_sha") and signs.has(sign.TASK)):
        return True
    if column.kind == "time":
        return len(signs.values) >= _MANY and not signs.has(sign.TIME) and not _some_times(signs)
    if column.kind == "whole":
        return signs.has(sign.TIME, sign.LIST)
    if signs.has(sign.TIME) and not signs.has(sign.SMALL):
        return column.name not in {"target_close_by", "answered_by", "payload"}
    if signs.has(sign.MOVE):
        return column.name in {"from_status", "to_status", "actor"}
    return column.kind != "lines" and column.name not in {"payload", "rules"} and signs.has(sign.LIST)


def _is_a_key(ours: str, signs: Signs) -> bool:
    return ours in _NAMES and signs.has(sign.SMALL, sign.WHOLE)


def _some_times(signs: Signs) -> bool:
    for value in signs.values:
        try:
            normal_time(value)
        except Unreadable:
            continue
        return True
    return False


def supports(ours: str, signs: Signs) -> bool:
    """Tell whether the cells speak for a column whose name has a word of ours in it."""
    if ours in OWN_SIGNS:
        return signs.has(*OWN_SIGNS[ours][0])
    if ours.endswith("_at"):
        return signs.has(sign.TIME)
    if ours in {"commands", "results", "risks", "blockers"}:
        return signs.has(sign.LIST, *TEXTS) and not signs.has(*SPECIFIC - {sign.FILES})
    if ours.endswith(("_seconds", "_code")) or ours == "pid":
        return signs.has(sign.SMALL, sign.WHOLE)
    is_text = not signs.has(sign.TIME, sign.LIST, sign.MOVE, sign.TASK, sign.COMMIT) and not _is_a_key(ours, signs)
    return is_text and signs.has(*TEXTS)


def assign_by_cells(draft: Draft, kind: Kind) -> None:
    """Give the columns that no name has given, and list those that could be more than one."""
    table = draft.tables[draft.chosen[kind.name]]
    columns, reasons = draft.columns[kind.name], draft.reasons[kind.name]
    hints = draft.section(kind.name).get("columns", {})
    if kind.name == "archive":
        _as_in_state(draft, table)
    fits: dict[str, dict[str, str]] = {}
    for weak in (False, True):
        settled = False
        while not settled:
            fits = {
                column.name: _fitting(draft, kind, table, column.name, weak=weak)
                for column in kind.columns
                if column.name not in columns and column.name not in hints
            }
            alone = [(ours, next(iter(found.items()))) for ours, found in fits.items() if len(found) == 1]
            sure = [(ours, pair) for ours, pair in alone if sum(pair[0] in found for found in fits.values()) == 1]
            settled = not sure
            for ours, (theirs, why) in sure[:1]:
                columns[ours], reasons[ours] = theirs, why
    for theirs in table.facts["columns"]:
        could = [ours for ours, found in fits.items() if theirs in found]
        if could:
            lines = [f'{ours} = "{theirs}"' for ours in could]
            draft.problem(
                table.name,
                theirs,
                f"could be {' or '.join(could)}: {fits[could[0]][theirs]}",
                f"[legacy_db.{kind.name}] columns = {{ {' | '.join(lines)} }}",
            )


def _as_in_state(draft: Draft, archive: Table) -> None:
    """Take what is called as in the table of states for what it is there."""
    columns, reasons = draft.columns["archive"], draft.reasons["archive"]
    for ours, theirs in draft.columns.get("state", {}).items():
        if ours not in columns and theirs in archive.facts["columns"] and theirs not in columns.values():
            columns[ours], reasons[ours] = theirs, f"as in {draft.chosen['state']}"


def _fitting(draft: Draft, kind: Kind, table: Table, ours: str, *, weak: bool) -> dict[str, str]:
    """Return the columns of theirs that pass the test of ours, with why; with `weak` also a test that says little."""
    used = {*draft.columns[kind.name].values(), *(column for name, column in draft.understood if name == table.name)}
    found = {}
    for column in table.facts["columns"]:
        if column not in used and table.signs[column].filled:
            why = reason_for(Look(draft, kind, table, column), ours, weak=weak)
            if why:
                found[column] = why
    return found
