"""fairway-completion."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.call_shapes import shape_of
from fairway_scripts.calls.tool_parsers import parser_of
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front.completion import SHELLS, script

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayCompletion


def arguments(parser: argparse.ArgumentParser) -> None:
    """The shell that the script is for."""
    parser.add_argument("shell", nargs="?", default="", metavar="SHELL", help=", ".join(SHELLS))


def run(args: FairwayCompletion) -> int:
    """Print the completion script for a shell."""
    if args.shell not in SHELLS:
        given = f"{args.shell!r} is no shell that is completed for" if args.shell else "the SHELL is missing"
        raise FairwayError("usage", f"{given}: one of {', '.join(SHELLS)}", suggest("fairway-completion", SHELLS[0]))
    text = script(args.shell, [shape_of(tool, parser_of(tool)) for tool in TOOLS.values()])
    answer(args, {"shell": args.shell, "script": text}, [text.rstrip("\n")])
    return OK
