"""What a table is by its cells alone: which kinds of record its columns would make."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.state_words import chains

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Known
    from fairway_scripts.cutover.mapping.mapping_rules import Table


def kinds_by_cells(
    free: Mapping[str, Table], chosen: Mapping[str, str], tables: Mapping[str, Table], known: Known
) -> dict[str, dict[str, str]]:
    """Return the kinds that tables seem to be: `{kind: {table: why}}`; a table that could be two kinds is in both.

    `free` are the tables that are still nothing, `chosen` is what is settled (kind -> table).
    """
    found: dict[str, dict[str, str]] = {}
    for name, table in free.items():
        for kind, why in kinds_of_cells(table, tables).items():
            found.setdefault(kind, {})[name] = why
    _part_state_and_archive(found, chosen, tables, known)
    return found


def _with(table: Table, *signs: str) -> list[str]:
    return [column for column, signs_of in table.signs.items() if signs_of.has(*signs)]


def kinds_of_cells(table: Table, tables: Mapping[str, Table]) -> dict[str, str]:
    """Return the kinds that the cells of one table speak for, each with why."""
    tasks = [name for name in _with(table, sign.TASK) if table.signs[name].full]
    for kind, fits in _FITS.items():
        why = fits(table, tasks, tables)
        if why:
            return {kind: why}
    return {}


def _statuses(table: Table) -> list[str]:
    """Return the columns that may be the status of a task: words of it, or a few small numbers that are no key."""
    small = [name for name in _with(table, sign.SMALL) if not _is_key(table, name) and table.signs[name].full]
    few = [name for name in small if len(table.signs[name].values) <= _MOST_STATUSES]
    return _with(table, "status", "maybe status") or few


_MOST_STATUSES = 12


def _is_key(table: Table, column: str) -> bool:
    return column in table.facts["pk"] or column in table.facts.get("refs", {})


def _tasks_with(family: str, table: Table, tasks: list[str], _tables: Mapping[str, Table]) -> str:
    words = _with(table, family)
    return f"{tasks[0]} holds tasks and {words[0]} {family}s" if tasks and words else ""


def _history(table: Table, tasks: list[str], _tables: Mapping[str, Table]) -> str:
    """Two columns of statuses, or moves told as text, and a time."""
    statuses = _with(table, "status") and _with(table, "status", "maybe status")
    moves, times = _with(table, sign.MOVE), _with(table, sign.TIME)
    numbers = [name for name in _with(table, sign.SMALL) if not _is_key(table, name)]
    chained = any(chains(table, tasks[0], one, two) for one in numbers for two in numbers if one != two and tasks)
    pairs = statuses if len(statuses) > 1 else numbers if chained else []
    if not tasks or not times or _is_key_alone(table, tasks[0]) or _with(table, sign.LIST):
        return ""
    if moves:
        return f"{tasks[0]} holds tasks and {moves[0]} moves from status to status"
    return f"{tasks[0]} holds tasks, {pairs[0]} and {pairs[1]} statuses" if len(pairs) > 1 else ""


def _is_key_alone(table: Table, column: str) -> bool:
    return list(table.facts["pk"]) == [column]


def _requests(table: Table, tasks: list[str], tables: Mapping[str, Table]) -> str:
    """Tasks, lanes, and a reference to a table of reviews that may be empty."""
    lanes = _with(table, sign.LANE)
    if not tasks or not lanes or _with(table, sign.LIST, "backend", "provider", sign.PATH):
        return ""
    reviews = [name for name, other in tables.items() if other is not table and _with(other, "verdict")]
    for column, (target, _key) in table.facts.get("refs", {}).items():
        if target in reviews:
            return f"{tasks[0]} holds tasks, {lanes[0]} lanes, and {column} refers to {target}"
    for column in [name for name in _with(table, sign.SMALL, sign.WHOLE) if not table.signs[name].full]:
        for name in reviews:
            keys = [key for key in tables[name].facts["pk"] if key in tables[name].signs]
            if len(keys) == 1 and table.signs[column].values <= tables[name].signs[keys[0]].values:
                return f"{tasks[0]} holds tasks, {lanes[0]} lanes, and {column} numbers of {name}"
    return ""


def _handoffs(table: Table, tasks: list[str], _tables: Mapping[str, Table]) -> str:
    lists, commits = _with(table, sign.LIST), _with(table, sign.COMMIT)
    if not tasks or not commits or _is_key_alone(table, tasks[0]) or _with(table, sign.LANE) == _with(table, sign.NAME):
        return ""
    if lists:
        return f"{tasks[0]} holds tasks, {commits[0]} commits and {lists[0]} lists"
    if _with(table, "status"):
        return ""  # what a task was, with remarks
    texts = _with(table, sign.SENTENCE)
    return f"{tasks[0]} holds tasks, {commits[0]} commits and {texts[0]} texts" if len(texts) > 1 else ""


def _sessions(table: Table, _tasks: list[str], _tables: Mapping[str, Table]) -> str:
    lanes, tools = _with(table, sign.LANE), _with(table, "provider", "backend")
    keys = [name for name in table.facts["pk"] if table.signs[name].unique and not table.signs[name].has(sign.TASK)]
    return f"{lanes[0]} holds lanes and {tools[0]} programs" if lanes and tools and keys else ""


def _checkpoints(table: Table, tasks: list[str], _tables: Mapping[str, Table]) -> str:
    states, times = _with(table, "checkpoint", "maybe checkpoint"), _with(table, sign.TIME)
    days = _with(table, sign.DAY) or _with(table, "checkpoint")
    return f"{states[0]} holds states of checkpoints" if states and times and days and not tasks else ""


def _state(table: Table, tasks: list[str], _tables: Mapping[str, Table]) -> str:
    unique = [name for name in tasks if table.signs[name].unique]
    statuses = _statuses(table)
    return f"{unique[0]} names each task once and {statuses[0]} holds few values" if unique and statuses else ""


_FITS: dict[str, Callable[[Table, list[str], Mapping[str, Table]], str]] = {
    "sessions": _sessions,
    "evidence": partial(_tasks_with, "result"),
    "reviews": partial(_tasks_with, "verdict"),
    "history": _history,
    "requests": _requests,
    "handoffs": _handoffs,
    "checkpoints": _checkpoints,
    "state": _state,
}


def _part_state_and_archive(
    found: dict[str, dict[str, str]], chosen: Mapping[str, str], tables: Mapping[str, Table], known: Known
) -> None:
    """Of the tables of tasks the one with most of them is the state; one whose tasks are others is an archive."""
    states = found.get("state", {})
    candidates = [*([chosen["state"]] if "state" in chosen else []), *states]
    if len(candidates) < 2:
        return
    tasks = {name: _tasks_of(tables[name]) & known.tasks for name in candidates}
    first, *rest = sorted(candidates, key=lambda name: (-len(tasks[name]), name))
    if "state" in chosen and first != chosen["state"]:
        return
    for name in rest:
        apart = not tasks[name] & tasks[first]
        one_status = any(len(tables[name].signs[column].values) <= 1 for column in _statuses(tables[name]))
        if apart and one_status and len(tasks[first]) > len(tasks[name]):
            del states[name]
            found.setdefault("archive", {})[name] = f"its tasks are none of {first}'s, all in one status"


def _tasks_of(table: Table) -> frozenset[str]:
    unique = [name for name in _with(table, sign.TASK) if table.signs[name].unique]
    return table.signs[unique[0]].values if unique else frozenset()
