"""A tool with --all-projects: its answers in every registered project."""

from __future__ import annotations

import sys

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import CALL, OK, FairwayError, suggest
from fairway_scripts.calls.options import remark
from fairway_scripts.registry.across import ask
from fairway_scripts.registry.projects_file import projects

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.served.calls import Outcome

_FLAG = "--all-projects"
#: What is said of one project alone and means nothing to all of them.
_ONE = ("--queue-db", "--db", "--queue-file", "--config", "--mine", "--watch")


def run(args: Call) -> int:
    """Ask every project what the call asks one, and print the answers under their names; 0 also where some have none.

    Raises FairwayError `not_found` where no project is registered, `usage` for a flag that is of one project and for
    a call that is wrong whatever the project.
    """
    tool, as_json = args.tool, args.json
    rest = [word for word in CALL.words if word.partition("=")[0] != _FLAG]
    _refuse_one(rest)
    rows = projects()
    if not rows:
        raise FairwayError("not_found", "no project is registered", suggest("fairway-projects", "add"))
    found = [(row, ask(row, tool, rest, as_json=as_json)) for row in rows]
    for _row, outcome in found:
        if outcome.error and outcome.error["word"] == "usage":
            raise FairwayError("usage", str(outcome.error["message"]), suggest(tool, "--help"))
    if as_json:
        shown = [{**row, **outcome.as_json()} for row, outcome in found]
        sys.stdout.write(jsonio.dumps({"schema": f"{tool}-across/1", "projects": shown}) + "\n")
        return OK
    for row, outcome in found:
        sys.stdout.write(f"== {row['name']} ({row['folder']})\n{outcome.text}")
        if outcome.error:
            sys.stdout.writelines(f"{line}\n" for line in _refusal(outcome))
        elif not outcome.text:
            sys.stdout.write("-\n")
        for said in outcome.remarks:
            if said["level"] != "hint":  # the line of a hint holds where the project is
                sys.stderr.write(remark(str(said["level"]), f"{row['name']}: {said['message']}"))
    return OK


def _refusal(outcome: Outcome) -> list[str]:
    """A refusal as it is told for one project: all of its lines, with what mends it."""
    told = outcome.told.splitlines()
    first = next((place for place, line in enumerate(told) if line.startswith("error: ")), None)
    if first is not None:
        return told[first:]
    error = outcome.error or {}
    return [f"error: {error['word']}: {error['message']}", *([f"hint: {error['hint']}"] if error.get("hint") else [])]


def _refuse_one(words: list[str]) -> None:
    for word in words:
        if word.partition("=")[0] in _ONE:
            message = f"{word.partition('=')[0]} is about one project, --all-projects about every one"
            raise FairwayError("usage", message, "leave one of the two away")
