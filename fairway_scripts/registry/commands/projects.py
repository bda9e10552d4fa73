"""fairway-projects."""

from __future__ import annotations

import os

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.project.project import is_born
from fairway_scripts.queue.opening import open_project
from fairway_scripts.registry.across import ask, counts
from fairway_scripts.registry.projects_file import drop, projects, put

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayProjects

_ACTIONS = ("add", "list", "remove", "status")
_LISTED = ("name", "folder", "uuid")
_SHOWN = ("name", "state", "ready", "total", "statuses", "folder")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is done, and with which project."""
    parser.add_argument("action", nargs="?", default="", metavar="ACTION", help=", ".join(_ACTIONS))
    parser.add_argument("project", nargs="?", default="", metavar="PROJECT", help="a folder to add; a name to remove")


def run(args: FairwayProjects) -> int:
    """Keep the list of projects, or look at all of them."""
    if args.action == "add":
        _add(args)
    elif args.action == "remove":
        gone = drop(args.project or os.getcwd())
        answer(args, gone, [f"removed {gone['name']}"])
        say(f"nothing in {gone['folder']} was touched")
    elif args.action == "list":
        rows = projects()
        answer(args, {"projects": rows}, table(rows, _LISTED, form=args.format))
    elif args.action == "status":
        asked = [(row, ask(row, "queue-status-report", [], as_json=True)) for row in projects()]
        rows = [row for row, _outcome in asked]
        shown = [{**row, **counts(outcome)} for row, outcome in asked]
        answer(args, {"projects": shown}, table(shown, _SHOWN, form=args.format))
    else:
        given = f"{args.action!r} is none of them" if args.action else "the ACTION is missing"
        raise FairwayError("usage", f"{', '.join(_ACTIONS)}: {given}", suggest("fairway-projects", "list"))
    if args.action in ("list", "status") and not rows:
        say("no project is registered")
    return OK


def _add(args: FairwayProjects) -> None:
    """Register the project of a folder; what it was registered with before is brought up to date."""
    if args.project:
        try:
            os.chdir(args.project)
        except OSError as problem:
            raise FairwayError("file_unavailable", f"{args.project}: {problem.strerror}") from problem
    project = open_project(args)
    if not is_born(project.store):
        raise FairwayError("not_found", f"{project.root} has no store yet", suggest("queue-import"))
    uuid = str(jsonio.loads(project.remembered["identity"] or "{}").get("uuid", ""))
    if not uuid:
        raise FairwayError("not_found", f"the store {project.store.path} has no uuid", suggest("queue-doctor"))
    name = args.project_name or project.settings["fairway"]["project_name"] or os.path.basename(project.root)
    config = os.path.abspath(args.config) if args.config else ""
    entry = {"uuid": uuid, "name": name, "folder": project.root, "store": project.store.path, "config": config}
    before = put(entry)
    verb = "added" if before is None else "up to date:"
    answer(args, {**entry, "added": before is None}, [f"{verb} {name}  {project.root}"])
