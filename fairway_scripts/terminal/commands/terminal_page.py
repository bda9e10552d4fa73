"""fairway-tui."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.base.own_files import HOME

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from fairway_scripts.calls.tool_calls import FairwayTui
    from fairway_scripts.terminal.app import TerminalPage


def arguments(parser: argparse.ArgumentParser) -> None:
    """Further repositories, for the key `p`."""
    parser.add_argument("repositories", nargs="*", metavar="REPOSITORY", help="further repositories, for the key p")


def run(args: FairwayTui) -> int:
    """Show the terminal page until the person leaves it."""
    if args.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        message = "the terminal page needs a terminal to draw on and to read keys from"
        raise FairwayError("usage", message, suggest("orchestrator-status", JSON=args.json))
    for folder in args.repositories:
        if not os.path.isdir(folder):
            raise FairwayError("not_found", f"{folder} is no folder", "name folders of repositories")
    with ExitStack() as terminal:
        page = _page()(args, args.repositories, terminal)
        code = page.run(mouse=False)
    if page.return_code:  # it has told of its fault
        raise FairwayError(
            "internal",
            "the page ended with a fault",
            "this is a fault of the tool; please report it with the text above",
        )
    return int(code or OK)


def _page() -> Callable[[FairwayTui, list[str], ExitStack], TerminalPage]:
    """What shows the page; raises FairwayError `missing_dependency` where an installed package lacks the extra.

    In a checkout ModuleNotFoundError goes on to `bin/_start.py`, which starts again in the checkout's own environment.
    """
    missing = _missing()
    if not missing:
        return _made
    if os.path.isfile(f"{HOME}/bin/_start.py"):
        raise ModuleNotFoundError(missing, name=missing)
    from fairway_scripts.base.extras import install_line

    message = f"the terminal page needs the Python package {missing}"
    raise FairwayError("missing_dependency", message, install_line("tui"))


def _made(args: FairwayTui, folders: list[str], terminal: ExitStack) -> TerminalPage:
    """The page. What it shows first is read, and drawn as text, while Textual is loaded, which takes most of the time.

    `terminal` gives back what the text took, unless the page ends in order. Nothing of what is loaded is garbage, so
    nobody looks for any meanwhile, nor among it later.
    """
    gc.disable()
    try:
        from fairway_scripts.terminal.reader import Reader, project_facts
        from fairway_scripts.terminal.rows import Asked
        from fairway_scripts.terminal.sketch import Sketch
        from fairway_scripts.terminal.views import VIEWS

        reader, sketch = Reader(args), terminal.enter_context(Sketch())
        facts = reader.read_ahead(project_facts, args.role)
        rows = reader.read_ahead(VIEWS[0].rows, Asked())
        facts.add_done_callback(lambda _: sketch.draw_outline(facts))
        rows.add_done_callback(lambda _: sketch.draw_rows(facts, rows))
        from fairway_scripts.terminal.app import TerminalPage

        page = TerminalPage(args, folders, reader)
        sketch.end()
        page.call_later(sketch.hand_over, page.exit)
        return page
    finally:
        gc.freeze()
        gc.enable()


def _missing() -> str:
    """The package of the extra that is not there, "" where all is."""
    from importlib.util import find_spec

    return next((name for name in ("textual", "rich") if find_spec(name) is None), "")
