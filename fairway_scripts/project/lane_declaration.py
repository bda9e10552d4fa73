"""Lanes that nobody has declared are refused, each time with the line that declares them."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import CALL, FairwayError, suggest, suggest_again
from fairway_scripts.project.project import is_born

if TYPE_CHECKING:
    from fairway_scripts.base.errors import Hint
    from fairway_scripts.project.project import Project


def refuse_undeclared(project: Project, lane: str) -> None:
    """Raise FairwayError `not_found` for a lane that neither the configuration nor a task of the project has.

    A task of such a lane would be in no list that goes lane by lane.
    """
    known = settings_of.lanes(project.settings)
    if not known and is_born(project.store):
        with project.store.read() as tx:
            known = tx.column("tasks.lanes")
    if lane not in known:
        raise unknown_lane(project, lane, known)


def unknown_lane(project: Project, lane: str, known: list[str]) -> FairwayError:
    """The refusal of a lane that is none of the `known` ones."""
    import difflib

    near = difflib.get_close_matches(lane, known, n=1)
    meant = f"; did you mean {near[0]}?" if near else ""
    message = f"there is no lane {lane!r}; lanes: {', '.join(known) or 'none is declared'}{meant}"
    return FairwayError("not_found", message, (near and _corrected(lane, near[0])) or declaring_line(project, lane))


def _corrected(lane: str, meant: str) -> Hint | None:
    """This call once more with the lane that is meant, None where the call does not name one by itself."""
    from fairway_scripts.calls.command_line import parse
    from fairway_scripts.catalog import TOOLS

    if CALL.tool not in TOOLS:
        return None
    args = parse(TOOLS[CALL.tool], list(CALL.words), sys.modules.get(f"fairway_scripts.{TOOLS[CALL.tool].module}"))
    named = next((name for name in ("ROLE", "TO_ROLE", "REVIEWER_ROLE") if getattr(args, name.lower(), "") == lane), "")
    return suggest_again(args, **{named: meant}) if named else None


def declaring_line(project: Project, lane: str = "<lane>") -> Hint:
    """The line that declares a lane, as it fits here: in the configuration that is there, or with a new one."""
    if project.config.path:
        return suggest("fairway-config", "add-lane", lane)
    return suggest("fairway-init", "--lane", lane)
