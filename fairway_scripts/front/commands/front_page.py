"""fairway: the page that it shows alone; with a verb, `entry` runs the tool that is meant."""

from __future__ import annotations

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer
from fairway_scripts.calls.umbrella import verb_of
from fairway_scripts.front.tiers import daily, families, first_tier

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import Fairway


def arguments(parser: argparse.ArgumentParser) -> None:
    """The verb, which is read before this parser is made; it is only shown."""
    parser.usage = "fairway [--as LANE] [--db FILE] [--config FILE] [--json] VERB ..."


def run(args: Fairway) -> int:
    """Print the ten commands of the day and where the rest is."""
    rows = [{"verb": verb_of(tool.name), "name": tool.name, "summary": tool.summary} for tool in daily()]
    answer(args, {"daily": rows, "families": families()}, first_tier())
    return OK
