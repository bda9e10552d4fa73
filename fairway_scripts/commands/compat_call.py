"""compat-call: what is left of it when no script is named; `cutover.script_door` answers the calls."""

from __future__ import annotations

from fairway_scripts.errors import FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from typing import Any


def arguments(parser: argparse.ArgumentParser) -> None:
    """The script and what it was called with."""
    parser.add_argument("script", nargs="?", default="", metavar="SCRIPT", help="the name or path of the older script")
    parser.add_argument("words", nargs="*", metavar="WORD", help="the words of the call, as they were given to it")


def run(_args: Any) -> int:
    """Refuse: a call with a script never comes here."""
    raise FairwayError("usage", "SCRIPT is required, before any flag", suggest("compat-call", "--help"))
