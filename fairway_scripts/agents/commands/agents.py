"""fairway-agents."""

from __future__ import annotations

import os
import shutil

from fairway_scripts.agents.installing import apply, changes, chosen, diff
from fairway_scripts.agents.skill import folder_of, is_ours, skill_files
from fairway_scripts.base.errors import OK, FairwayError, suggest, suggest_program
from fairway_scripts.calls.answer import answer, say, write_whole
from fairway_scripts.project.installation import home, is_checkout

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayAgents

_ACTIONS = ("install", "remove", "skill")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is done, and where a skill goes."""
    parser.add_argument("action", nargs="?", default="", metavar="ACTION", help=", ".join(_ACTIONS))
    parser.add_argument(
        "--into", default="", metavar="FOLDER", help="where the skill goes; default: .claude/skills/fairway"
    )


def run(args: FairwayAgents) -> int:
    """Write, take back or show what tells agent programs of the suite."""
    if args.action not in _ACTIONS:
        given = f"{args.action!r} is none of them" if args.action else "the ACTION is missing"
        raise FairwayError("usage", f"install, remove or skill: {given}", suggest("fairway-agents", "install"))
    if args.action == "skill":
        _skill(args)
        _say_where_it_is()
        return OK
    remove = args.action == "remove"
    found = changes(chosen(args), remove=remove)
    if found and not args.dry_run:
        apply(found, remove=remove)
    answer(args, {"files": found, "written": not args.dry_run}, [line for change in found for line in diff(change)])
    if not found:
        say("nothing is to be changed")
    elif args.dry_run:
        say("nothing was written: this is what would be")
    if not remove:
        _say_where_it_is()
    return OK


def _say_where_it_is() -> None:
    """What is written names `fairway` alone, which agents find on PATH or not at all."""
    tool = os.path.join(home(), "bin", "fairway")
    if is_checkout() and not shutil.which("fairway"):
        say(f"fairway is not on PATH, where agents look for it: {suggest_program('ln', '-s', tool)} ~/.local/bin/")


def _skill(args: FairwayAgents) -> None:
    folder = folder_of(args.into)
    written = []
    for name, text in skill_files().items():
        path = os.path.join(folder, name)
        if os.path.exists(path):
            with open(path, encoding="utf-8", errors="replace") as file:
                if not is_ours(file.read()):
                    message = f"{path} was not written by this tool"
                    raise FairwayError("file_owned", message, suggest("fairway-agents", "skill") + " --into FOLDER")
        written.append((path, text))
    if not args.dry_run:
        os.makedirs(folder, exist_ok=True)
        for path, text in written:
            write_whole(path, [text])
    answer(args, {"folder": folder, "files": [path for path, _text in written]}, [path for path, _text in written])
