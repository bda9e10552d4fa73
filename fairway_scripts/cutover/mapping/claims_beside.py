"""A table of its own that says who holds a task: claims, leases, locks. Read as columns of the tasks that they are of.

Such a table is known by its name; which of its columns is what, by the cells. Where that is not clear the table stays
unread, and is named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_values import plain_name
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.column_look import moment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Signs
    from fairway_scripts.store.legacy_types import Cells, Places, TableFacts

_CALLED = re.compile(r"(claim|lease|lock|assignment|reservation|holding|holder|checkout)s?\Z")
_ENDED = re.compile(r"releas|return|givenback|gaveback|back|ended|closed|finish|freed|dropped|until|surrender")
_EXPIRES = re.compile(r"expir|until|ttl|deadline|valid|due|lease")
_WHO = re.compile(r"owner|holder|agent|who|user|person|claim|assignee|worker|by|name")
#: What names nobody though it is one word.
_NOBODY = (sign.TASK, sign.TIME, sign.LIST, sign.COMMIT, sign.BRANCH, sign.PATH, sign.SMALL, sign.WHOLE)
#: What a state says of a claim, and the names of which it has to have none of its own.
_SAYS = {"owner": ("owner", "assignee", "assignedto", "holder"), "claimant": ("claimant", "claimedby")}
_AT = ("claimedat", "claimtime", "claimedon")


def claims_beside(
    tables: Mapping[str, TableFacts], looked: Mapping[str, Mapping[str, Signs]], lookups: Places
) -> Places:
    """Return the columns that such a table gives the tasks: {their table: {our name: where it lies}}.

    The place is what `legacy_shapes` reads: the table, its column of the task, the one that is read, the one by which
    the last is told, the one that says that a claim has ended ("" where ended ones count too), the key of the task.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for table, columns in looked.items():
        if not _CALLED.search(plain_name(table)):
            continue
        target, key, own = _task_of(table, tables, looked)
        rest = [name for name in columns if name != key]
        who = _somebody(columns, rest, lookups.get(table, {}))
        began, ended = _times(tables[table].get("rows", ()), columns, rest)
        if not (target and who and began) or target in found:
            continue
        names = {plain_name(name) for name in looked[target]}
        found[target] = {
            ours: [table, key, who, began, ended if ours == "claimant" else "", own]
            for ours, known in _SAYS.items()
            if names.isdisjoint(known)
        }
        if names.isdisjoint(_AT):
            found[target]["claimed_at"] = [table, key, began, began, ended, own]
    return {target: places for target, places in found.items() if places}


def _task_of(
    table: str, tables: Mapping[str, TableFacts], looked: Mapping[str, Mapping[str, Signs]]
) -> tuple[str, str, str]:
    """Return the table of tasks that a table is about, its own column for them, and theirs; empty texts for none."""
    for column, (target, own) in tables[table].get("refs", {}).items():
        if own and any(signs.has(sign.TASK) and signs.unique for signs in looked.get(target, {}).values()):
            return target, column, own
    named = [name for name, signs in looked[table].items() if signs.has(sign.TASK) and signs.full]
    targets = [
        (other, column)
        for other, columns in looked.items()
        for column, signs in columns.items()
        if other != table and signs.has(sign.TASK) and signs.unique and _has_status(columns)
    ]
    return (targets[0][0], named[0], targets[0][1]) if len(named) == 1 == len(targets) else ("", "", "")


def _has_status(columns: Mapping[str, Signs]) -> bool:
    return any(signs.has("status", "maybe status", sign.SMALL) for signs in columns.values())


def _somebody(columns: Mapping[str, Signs], rest: Iterable[str], lookups: Mapping[str, object]) -> str:
    """Return the column of who holds a task, "" where none or several may be."""
    names = [
        name
        for name in rest
        if columns[name].full
        and (name in lookups or (columns[name].has(sign.NAME) and not columns[name].has(*_NOBODY)))
    ]
    called = [name for name in names if _WHO.search(plain_name(name))]
    return names[0] if len(names) == 1 else called[0] if len(called) == 1 else ""


def _times(rows: Iterable[Cells], columns: Mapping[str, Signs], rest: Iterable[str]) -> tuple[str, str]:
    """Return the columns of when claims began and ended; "" where none or several may be it."""
    times = [name for name in rest if columns[name].has(sign.TIME)]
    began = [name for name in times if columns[name].full and not _EXPIRES.search(plain_name(name))]
    first = [name for name in began if all(moment(row[name]) <= moment(row[other]) for row in rows for other in began)]
    over = [name for name in rest if not columns[name].full or name not in times]
    ended = [name for name in over if _ENDED.search(plain_name(name)) and not _EXPIRES.search(plain_name(name))]
    unsure = len(ended) > 1 or any(plain_name(name) in ("active", "iscurrent", "current", "isactive") for name in rest)
    return ("" if unsure or len(first) != 1 else first[0]), (ended or [""])[0]
