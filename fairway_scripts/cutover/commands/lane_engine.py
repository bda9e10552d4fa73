"""lane-engine."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, table
from fairway_scripts.cutover.checks import tracked
from fairway_scripts.cutover.door.engine_changes import (
    ALL,
    change_engine,
    deliver_all,
    engine_history,
    list_engines,
)
from fairway_scripts.cutover.layout import merge_lines
from fairway_scripts.project.installation import missing_packages
from fairway_scripts.queue.opening import open_project

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from fairway_scripts.calls.tool_calls import LaneEngine
    from fairway_scripts.cutover.cutover_shapes import ChangedEngines
    from fairway_scripts.project.project import Project

LANES = ("role", "engine", "since", "set_by", "waiting", "failed", "debts", "reason")
CHANGES = ("at", "before", "engine", "actor", "reason")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what lane-engine takes besides its flags: a lane, an engine and a reason as plain words."""
    parser.add_argument("words", nargs="*", metavar="WORD", help="[ROLE] [legacy|shadow|fairway] [REASON]")


def run(args: LaneEngine) -> int:
    """Print the engines, the history of one lane, or what was changed or delivered."""
    _settle(args)
    missing_packages()  # an interpreter that lacks some gives way to another before anything is written
    project = open_project(args)
    if args.deliver:
        return _deliver(args, project)
    data: Mapping[str, object]
    if not args.role:
        data = listed = list_engines(project)
        lines = table(listed["lanes"], LANES, form=args.format)
        if args.format == "text" and not listed["cutting_over"]:
            lines.insert(0, "not cutting over: every lane is fairway")
        if args.format == "text":
            lines += [
                f"debt: {row['task_id']} is {row['status']} here: {' '.join(row['why'].split())}"
                for row in listed["debts"]
            ]
    elif not args.engine:
        data = history = engine_history(project, args.role)
        lines = [f"{history['role']} is {history['engine']}", *table(history["changes"], CHANGES)]
    else:
        data = changed = change_engine(project, args, args.role, args.engine)
        lines = _changed(changed)
    answer(args, data, lines)
    return OK


def _settle(args: LaneEngine) -> None:
    """Put the plain words where the flags would have put them; raises FairwayError `usage`."""
    for name, word in zip(("role", "engine", "reason"), args.words, strict=False):
        if getattr(args, name) and getattr(args, name) != word:
            raise FairwayError("usage", f"two values for {name.upper()}: {word} and {getattr(args, name)}")
        setattr(args, name, word)
    if len(args.words) > 3:
        raise FairwayError(
            "usage", "put the reason in quotes", suggest("lane-engine", ROLE=None, ENGINE=None, REASON=None)
        )
    if args.engine and not args.role:
        raise FairwayError(
            "usage", "ROLE is required", suggest("lane-engine", ROLE=ALL, ENGINE=args.engine, REASON=None)
        )


def _changed(found: ChangedEngines) -> list[str]:
    lines = []
    for row in found["changes"]:
        beside = f" ({', '.join(row['lanes'])})" if row["lanes"] else ""
        name = f"other lanes{beside}" if row["role"] == "*" else row["role"]
        how = f"{row['before']} -> {row['engine']}" if row["changed"] else f"is {row['engine']} already"
        lines.append(f"{name}: {how}")
    for lane in found["returned"]:
        none = "none, and what they do not know is a debt" if lane["debts"] else "none, they knew every one already"
        lines.append(f"{lane['role']}: new statuses that the older scripts were told: {lane['delivered'] or none}")
        kept = f"{lane['role']}: records made since it had moved, kept as a file: {lane['records']}, in {lane['file']}"
        lines += [kept] if lane["file"] else []
        lines += [f"debt: {line}" for line in lane["debts"]]
    return [*lines, *_next(found)]


def _next(found: ChangedEngines) -> list[str]:
    """Return what is left to do: the engines are a file of the repository, reviewed and committed like any other."""
    path = found.get("engines_file")
    if not path:
        return []
    root = os.path.dirname(os.path.dirname(path))
    name = os.path.relpath(path, root)
    is_new = not tracked(root, name)
    moved = [row["role"] for row in found["changes"] if row["changed"] or is_new]
    if not moved:
        return []
    names = "other lanes" if moved == ["*"] else "every lane" if "*" in moved else ", ".join(moved)
    add = f"git -C '{root}' add {name} && " if is_new else ""
    return [f"next: {add}git -C '{root}' commit -m '{names}: {found['engine']}' {name}", *merge_lines(root)]


def _deliver(args: LaneEngine, project: Project) -> int:
    done = deliver_all(project)
    lines = [f"{done['delivered']} told, {done['failed']} failed, {done['waiting']} waiting, {done['debts']} debts"]
    answer(args, done, [*lines, *(f"failed: {line}" for line in done["errors"])])
    if done["failed"] or done["debts"] or done["busy"]:
        what = f"{done['failed']} call(s) of the older scripts failed, {done['debts']} debt(s) are not settled"
        if done["busy"]:
            what = "somebody else is telling the older scripts at this moment"
        raise FairwayError("parity_mismatch", what, suggest("lane-engine"))
    return OK
