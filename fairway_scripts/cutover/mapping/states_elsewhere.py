"""Old databases without a table of the states of tasks: a view says them, or the last rows of a log do."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.cutover.mapping import cell_signs as sign
from fairway_scripts.cutover.mapping.cell_signs import signs_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fairway_scripts.cutover.mapping.cell_signs import Known
    from fairway_scripts.store.legacy_types import TableFacts

#: Behind the name of a log: the last of its rows of each task.
LAST = "[last]"


class Elsewhere(NamedTuple):
    """What says the states: its name, why it does, its columns of task and status, and of a log what tells the last."""

    table: str
    why: str
    task: str
    status: str
    order: str = ""


def states_elsewhere(tables: Mapping[str, TableFacts], views: Collection[str], known: Known) -> list[Elsewhere]:
    """Return what may say the states of tasks: the views that name each task once, else the logs of their states."""
    found: dict[bool, list[Elsewhere]] = {True: [], False: []}
    for name, facts in tables.items():
        signs = {column: signs_of(facts.get("rows", ()), column, known) for column in facts["columns"]}
        tasks = [column for column in signs if signs[column].full and signs[column].has(sign.TASK)]
        states = [column for column in signs if signs[column].full and signs[column].has("status")]
        times = [column for column in signs if signs[column].full and signs[column].has(sign.TIME)]
        whole = [column for column in facts["pk"] if len(facts["pk"]) == 1 and facts["columns"][column] == "INTEGER"]
        if len(tasks) != 1 or len(states) != 1:
            continue
        is_once, order = signs[tasks[0]].unique, [*whole, *times]
        if name in views and is_once:
            found[True].append(Elsewhere(name, "it is a view that names each task once", tasks[0], states[0]))
        elif name not in views and not is_once and order:
            why = f"the last row of a task by {order[0]} says where it stands"
            found[False].append(Elsewhere(f"{name}{LAST}", why, tasks[0], states[0], order[0]))
    return found[True] or found[False]
