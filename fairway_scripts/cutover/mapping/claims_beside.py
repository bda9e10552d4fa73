"""A table of its own that says who holds a task: claims, leases, locks. Read as columns of the tasks that they are of.

Such a table is known by its name; which of its columns is what, by the cells. Where that is not clear the table stays
unread, and is named.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_tables import COLUMNS
from fairway_scripts.cutover.bridge.legacy_values import plain_name, plain_word
from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.column_look import moment
from fairway_scripts.cutover.mapping.column_names import bare_name
from fairway_scripts.store.legacy_shapes import is_marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Signs
    from fairway_scripts.store.legacy_types import Cells, Places, TableFacts

_CALLED = re.compile(r"(claim|lease|lock|assignment|reservation|holding|holder|checkout)s?\Z")
_ENDED = re.compile(r"releas|return|givenback|gaveback|back|ended|closed|finish|freed|dropped|surrender")
_EXPIRES = re.compile(r"expir|until|ttl|deadline|valid|due|(?<!re)lease(?!d|at|start|began|begin)")
_WHO = re.compile(r"owner|holder|agent|who|user|person|claim|assignee|worker|by|name")
#: What names nobody though it is one word.
_NOBODY = (sign.TASK, sign.TIME, sign.LIST, sign.COMMIT, sign.BRANCH, sign.PATH, sign.SMALL, sign.WHOLE)
#: What else a claim may say: our name -> the sign of its cells.
_MORE = {"claimed_at": sign.TIME, "lease_expires_at": sign.TIME, "branch": sign.BRANCH}
#: What a word or a flag says of a claim that is open, and of one that is over.
_OPEN = {"active", "held", "open", "claimed", "live", "current", "leased", "taken", "locked"}
_OVER = {
    "released",
    "returned",
    "expired",
    "ended",
    "closed",
    "done",
    "finished",
    "dropped",
    "revoked",
    "stolen",
    "free",
}
_OVER |= {"inactive", "completed", "unlocked", "given_back", "abandoned", "cancelled", "stale"}
_IS_OPEN = {"active", "isactive", "current", "iscurrent", "open", "isopen", "held", "isheld"}


def claims_beside(
    tables: Mapping[str, TableFacts], looked: Mapping[str, Mapping[str, Signs]], lookups: Places
) -> Places:
    """Return the columns that such a table gives the tasks: {their table: {our name: where it lies}}.

    The place is what `legacy_shapes` reads: the table, its column of the task, the one that is read, the one by which
    the last is told, the one that says that a claim has ended ("" where ended ones count too) with what it says before
    ("" for nothing, or no), the key of the task.
    """
    found: dict[str, dict[str, list[str]]] = {}
    for table, columns in looked.items():
        if not _CALLED.search(plain_name(table)):
            continue
        target, key, own = task_of(table, tables, looked)
        rest = [name for name in columns if name != key]
        who = _somebody(columns, rest, lookups.get(table, {}))
        began = _began(tables[table].get("rows", ()), columns, rest)
        ends = _ends(columns, rest)
        if not (target and who and began and len(ends) <= 1) or target in found:
            continue
        end = ends[0] if ends else ("", "")
        found[target] = {}
        for ours in ("owner", "claimant", *_MORE):
            named = [who] if ours not in _MORE else [name for name in rest if columns[name].has(_MORE[ours])]
            if ours == "lease_expires_at":
                named = [name for name in named if _EXPIRES.search(plain_name(name))]
            place = began if ours == "claimed_at" else named[0] if len(named) == 1 else ""
            if place and not _says_itself(ours, looked[target]):
                found[target][ours] = [table, key, place, began, *(end if ours != "owner" else ("", "")), own]
    return {target: places for target, places in found.items() if places}


def _says_itself(ours: str, columns: Iterable[str]) -> bool:
    """Tell whether a table of tasks has a column of its own that is called like one of ours."""
    known = {plain_name(name) for tier in COLUMNS["state"][ours].tiers for name in tier}
    return any({plain_name(name), bare_name(name, ("id", "ms", "ts"))} & known for name in columns)


def task_of(
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


def _began(rows: Iterable[Cells], columns: Mapping[str, Signs], rest: Iterable[str]) -> str:
    """Return the column of when claims began, "" where none or several may be it."""
    times = [name for name in rest if columns[name].has(sign.TIME) and columns[name].full]
    began = [name for name in times if not _EXPIRES.search(plain_name(name))]
    first = [name for name in began if all(moment(row[name]) <= moment(row[other]) for row in rows for other in began)]
    return first[0] if len(first) == 1 else ""


def _ends(columns: Mapping[str, Signs], rest: Iterable[str]) -> list[tuple[str, str]]:
    """Return the columns that may say that a claim has ended, each with what it says before; several are unclear."""
    found: list[tuple[str, str]] = []
    for name in rest:
        called, signs = plain_name(name), columns[name]
        words = {plain_word(value): value for value in signs.values}
        told = [value for word, value in words.items() if word in _OPEN or (called in _IS_OPEN and is_marked(value))]
        if called in _IS_OPEN:
            found += [(name, value) for value in told or ["1"]]
        elif words and words.keys() <= _OPEN | _OVER and signs.has(sign.NAME):
            found += [(name, value) for value in told or ["active"]]
        elif called in ("state", "status"):
            found += [(name, ""), (name, "")]
        elif _ENDED.search(called) and not _EXPIRES.search(called) and not (signs.full and signs.has(sign.TIME)):
            found.append((name, ""))
    return found
