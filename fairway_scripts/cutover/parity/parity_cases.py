"""Comparing recorded calls: our side does what a case file says was done, from the state in which it was done."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.parity.case_file import read_cases, unpacked, unpacked_text
from fairway_scripts.cutover.parity.own_side import Asked, marks, outcome
from fairway_scripts.cutover.parity.parity_ground import put_database
from fairway_scripts.cutover.parity.parity_rules import COMPARED, operation_of
from fairway_scripts.cutover.parity.parity_runbook import Step
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.programs.taped_call import Tape
from fairway_scripts.store.legacy_contents import digest_of, make_changes, read_contents

if TYPE_CHECKING:
    from fairway_scripts.cutover.parity.parity_rows import Rows
    from fairway_scripts.cutover.parity.parity_shapes import Case, CaseCall
    from fairway_scripts.cutover.parity.parity_sides import Sides


def compare_cases(sides: Sides, rows: Rows, folder: str) -> None:
    """Compare every case file of a folder, in the order in which they were captured.

    The old database is brought to where each call found it by what the cases themselves say was changed, so the copy
    may have been made before, between or after them. Raises FairwayError as `read_cases` does.
    """
    cases = [case for _path, case in read_cases(folder)]
    database = os.path.join(sides.work, "case.db")
    put_database(sides.snapshot, database)
    now = digest_of(read_contents(database))
    now = _rewind(database, cases, now)
    queue = _queue_file(sides)
    for case in cases:
        why = _why_not(case, now, queue)
        step = _step_of(case)
        if why:
            rows.leave(step, why)
            continue
        if rows.wants_any(step.id):
            _compare(sides, rows, case, step, database)
        now = _go_on(database, case)
    sides.take_lanes_away()


def _go_on(database: str, case: Case) -> str:
    """Bring the old database to where a case left it; return what tells its state, "?" when its rows do not fit."""
    try:
        if case["rows"]:
            make_changes(database, case["rows"])
    except FairwayError:
        return "?"
    return case["after"]["database"]


def _rewind(database: str, cases: list[Case], now: str) -> str:
    """Bring the old database back to before the first case, when it stands before, between or after them."""
    for position in range(len(cases) + 1):
        if position < len(cases) and cases[position]["before"]["database"] == now:
            break
        if position and cases[position - 1]["after"]["database"] == now:
            break
    else:
        return now
    for case in cases[:position][::-1]:
        if case["after"]["database"] != now:
            return now  # something happened between the cases that nobody recorded
        try:
            make_changes(database, case["rows"], back=True)
        except FairwayError:
            return "?"
        now = case["before"]["database"]
    return now


def _why_not(case: Case, now: str, queue: str) -> str:
    tool = case["call"].get("tool", "")
    if not tool:
        return "no tool is known to answer this command"
    if operation_of(tool) not in COMPARED:
        return f"calls of {tool} are not compared"
    if case["before"]["queue_file"] and case["before"]["queue_file"] != queue:
        return "it was captured with another queue file than the copy's"
    if case["before"]["database"] != now:
        return "it was captured with other rows in the old database than the copy's"
    return ""


def _queue_file(sides: Sides) -> str:
    source = str(sides.settings["fairway"]["queue_source"]).partition(":")[2]
    path = os.path.join(sides.own, source)
    return digest.of_file(path) if source and os.path.isfile(path) else ""


def _step_of(case: Case) -> Step:
    call = case["call"]
    role = str(call.get("role", ""))
    return Step(f"case:{case['name']}", str(call.get("tool", "")), {}, (), role, str(call.get("task_id", "")))


def _compare(sides: Sides, rows: Rows, case: Case, step: Step, database: str) -> None:
    """Compare one case: the recorded result against that of our tool, both from the same state."""
    call, result = case["call"], case["result"]
    try:
        sides.begin_from(step.id, database)
    except FairwayError as problem:
        rows.leave(step, problem.message)
        return
    changed = os.path.join(sides.work, "after.db")
    put_database(database if os.path.exists(database) else "", changed)
    task_id = step.task_id if case["rows"] or "records" in COMPARED[operation_of(step.tool)] else ""
    cwd = _folder_of(sides, call)
    if not os.path.isdir(cwd):
        rows.leave(step, f"the copy has no folder {call.get('worktree') or ''}/{call.get('cwd', '.')}")
        return
    before = marks(sides.story_store, task_id)
    own_argv = [unpacked_text(word) for word in call["own_argv"]]
    given = {name: unpacked_text(value) for name, value in call.get("environment", {}).items()}
    own = sides.do_here(step, Asked(step.tool, own_argv, cwd, given, task_id, unpacked(call["stdin"])))
    tape = Tape(result["exit_code"], b"", unpacked(result["stdout"]), unpacked(result["stderr"]), 0)
    _keep(sides, step, tape)
    try:
        if case["rows"]:
            make_changes(changed, case["rows"])
        after = sides.marks_of_legacy(step.id, changed, task_id)
    except FairwayError as problem:
        rows.leave(step, problem.message)
        return
    rows.compare(step, "the capture", outcome(tape, before, after), own, sides.context)


def _folder_of(sides: Sides, call: CaseCall) -> str:
    """Return where our side makes the call: as the caller in the main checkout, or in the worktree of a lane."""
    worktree = str(call.get("worktree") or "")
    place = os.path.join(os.path.dirname(sides.own), worktree) if worktree else sides.own
    if not os.path.isdir(place):
        lane = next((name for name in sides.context.lanes if worktree.endswith(name)), "")
        if lane:
            sides.make_lane(lane)
    return os.path.join(place, str(call.get("cwd", ".")))


def _keep(sides: Sides, step: Step, tape: Tape) -> None:
    for end, data in (("out", tape.stdout), ("err", tape.stderr)):
        replace_file(f"{sides.stream(step.id, 'legacy')}.{end}", data)
