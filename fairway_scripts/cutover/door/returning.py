"""Taking a lane back to the older scripts, at any moment.

They are told the status of its tasks, our records of the time go out as a file, and what they could not be told is
named: a debt that stays listed until the older side says the same, and until then our newer state is kept.
"""

from __future__ import annotations

import os
from itertools import groupby
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.git_folder import make_folder
from fairway_scripts.cutover.bridge import hand_on, legacy_side
from fairway_scripts.cutover.bridge import hand_on_rules as rules
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.project.places import store_folder

if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import ReturnedLane
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Evidence, Handoff, Review

    Records = dict[str, list[Evidence] | list[Handoff] | list[Review]]


def return_lane(project: Project, role: str, since: str) -> ReturnedLane:
    """Tell the older scripts where the tasks of a lane are that moved here at `since`, and write our records down.

    Returns how many calls got through (`delivered`), how many records of the time there are, the file that they are in
    ("" without any), and what the older side was not told, a line each. Raises
    FairwayError `store_busy` (somebody else is telling them), `file_unavailable`.
    """
    _owe_the_rest(project, role, since)
    done = hand_on.deliver(project, everything=True, seconds=hand_on.PATIENCE)
    if done["busy"]:
        raise FairwayError("store_busy", "somebody else is telling the older scripts", "run the command again")
    with project.store.read() as tx:
        owed = hand_on.debts(tx, role)
        records: Records = {
            "evidence": tx.all("write_backs.evidence_since", role=role, since=since),
            "handoffs": tx.all("write_backs.handoffs_since", role=role, since=since),
            "reviews": tx.all("write_backs.reviews_since", role=role, since=since),
        }
    count = sum(len(rows) for rows in records.values())
    return {
        "role": role,
        "delivered": done["delivered"],
        "records": count,
        "file": _write_down(project, role, since, records) if count else "",
        "debts": [f"{row['task_id']} is {row['status']} here: {' '.join(row['why'].split())}" for row in owed],
    }


def is_quiet(tx: Transaction, role: str) -> bool:
    """Tell whether nothing of a lane became pending since it was last tried; what a failure holds up was not."""
    return not tx.value("write_backs.untried", role=role)


def _owe_the_rest(project: Project, role: str, since: str) -> None:
    """Note what was never pending (the older scripts were not to be told, or nobody was left there to be told)."""
    with project.store.read() as tx:
        path = tx.all("write_backs.path", role=role, since=since)
        owing = set(tx.column("write_backs.owing_tasks"))
    paths = {task: list(rows) for task, rows in groupby(path, lambda row: row["task_id"]) if task not in owing}
    if not paths:
        return
    try:
        with legacy_side.look(project) as side:
            theirs = {task: state["status"] for task, state in side.states(list(paths)).items()}
    except FairwayError:
        theirs = {}  # what cannot be read is told all of it, which is refused and listed then
    with project.store.write() as tx:
        owing = set(tx.column("write_backs.owing_tasks"))  # somebody else may lead the lane back at this moment
        for task, rows in paths.items():
            for state in rules.not_told_yet(rows, theirs.get(task)) if task not in owing else ():
                event = tx.value("write_backs.last_event", task_id=task)
                reason = state["reason"] or "back to the older scripts"
                hand_on.add(project, tx, state, event_id=event, at=clock.now(), reason=reason)


def _write_down(project: Project, role: str, since: str, records: Records) -> str:
    """Write the records of a lane to a file beside the store; return its path."""
    now = clock.now()
    base = project.repository.common_dir if project.repository else store_folder(project)
    folder = os.path.join(base, "fairway", "returned")
    path = os.path.join(folder, f"{role.replace(os.sep, '-')}-{now.replace(':', '')}.json")
    document = {"schema": "returned-lane/1", "role": role, "since": since, "at": now, **records}
    try:
        make_folder(folder)
        replace_file(path, (jsonio.dumps(document) + "\n").encode())
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path} cannot be written: {problem.strerror}", path=path) from problem
    return path
