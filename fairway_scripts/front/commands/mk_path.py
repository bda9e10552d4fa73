"""fairway-mk-path."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.project.installation import fragment_path

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import FairwayMkPath


def arguments(parser: argparse.ArgumentParser) -> None:
    """What is printed."""
    parser.add_argument(
        "--include",
        action="store_true",
        help="print the line for a Makefile that is committed, and make what that line reads where it is missing",
    )


def run(args: FairwayMkPath) -> int:
    """Print the path of the make fragment, or the line that includes it."""
    if args.include:
        _include(args)
        return OK
    path = fragment_path()
    answer(args, {"path": path}, [path])
    if " " in path:
        say("make splits a path at its blanks: fairway-mk-path --include prints a line that can be included")
    return OK


def _include(args: FairwayMkPath) -> None:
    from fairway_scripts.queue.make_inclusion import inclusion

    found = inclusion()
    answer(args, found, [found["line"]])
    for path in found["made"]:
        say(f"wrote {path}")
