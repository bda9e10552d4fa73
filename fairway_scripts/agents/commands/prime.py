"""fairway-prime."""

from __future__ import annotations

import os
import sys

from fairway_scripts.agents.prime import gather
from fairway_scripts.agents.prime_page import page
from fairway_scripts.base.errors import OK, FairwayError
from fairway_scripts.base.jsonio import dumps
from fairway_scripts.base.paths import find_repository
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayPrime

#: The program whose hook takes the page under another name than the rest.
_CURSOR = "cursor"


def run(args: FairwayPrime) -> int:
    """Print the page; without a project only a note, for a hook nothing. A hook tells what is wrong as its page."""
    try:
        project = open_project(args)
        facts, judged = gather(project)
    except FairwayError as refusal:
        if refusal.word == "not_found":
            if not args.hook_json and find_repository(os.getcwd()):
                say(f"{refusal.message}: {refusal.hint}")
            return OK
        if not args.hook_json:
            raise
        hint = f"\nhint: {refusal.hint}" if refusal.hint else ""
        _hook(args.programs, f"fairway: {refusal.word}: {refusal.message}{hint}"[:3_000])
        return OK
    finally:
        if args.hook_json:
            args.project_notes = []  # nobody is there to hear them
    text = page(facts, judged)
    if args.hook_json:
        _hook(args.programs, text)
        return OK
    answer(args, {**facts, "page": text}, [text.rstrip("\n")])
    return OK


def _hook(program: str, text: str) -> None:
    context: dict[str, object] = {"hookSpecificOutput": {"hookEventName": "SessionStart", "additionalContext": text}}
    sys.stdout.write(dumps({"additional_context": text} if program.strip().lower() == _CURSOR else context) + "\n")
