"""parity-report status."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, suggest
from fairway_scripts.calls.answer import answer, say, table
from fairway_scripts.cutover.layout import host_root, status

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import ParityReportStatus


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add the argument that names the repository."""
    parser.add_argument("--into", default="", metavar="REPO", help="the main checkout; default: here")


def run(args: ParityReportStatus) -> int:
    """Print each older script's name with what stands there and where its original is."""
    found = status(host_root(args))
    answer(args, found, table(found["scripts"], ("script", "state", "original"), form=args.format))
    if not found["installed"]:
        say(f"nothing is installed in {found['root']}: {suggest('compat-install', '--into', found['root'])}")
    return OK
