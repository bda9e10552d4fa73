"""parity-report keep."""

from __future__ import annotations

import os
import signal
from typing import TYPE_CHECKING

from fairway_scripts.base import paths
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.calls.answer import tell_notes
from fairway_scripts.calls.options import READABLE
from fairway_scripts.catalog import TOOLS
from fairway_scripts.cutover.door import handover
from fairway_scripts.cutover.door.calls import read_call
from fairway_scripts.cutover.door.entries import Entry
from fairway_scripts.cutover.door.published_calls import SCRIPTS
from fairway_scripts.cutover.door.table import find_entry
from fairway_scripts.cutover.parity.parity_keep import record_call

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import ParityReportKeep
    from fairway_scripts.cutover.parity.parity_shapes import Meaning


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what it takes besides the common flags; everything behind `--` is the command."""
    parser.add_argument("--out", metavar="FILE", default="", help="the case file to write")
    parser.add_argument("--name", metavar="NAME", default="", help="the name of the case; default: that of the file")
    parser.add_argument("--replace", action="store_true", help="write over a case file that is there")
    parser.add_argument("call", nargs="*", metavar="COMMAND", help="the command and its arguments, behind `--`")


def run(args: ParityReportKeep) -> int:
    """Run the command for the caller and write the case; the exit code is the command's own."""
    if not args.out or not args.call:
        missing = "--out FILE" if not args.out else "the command behind `--`"
        raise FairwayError("usage", f"{missing} is required", suggest("parity-report keep", "--help"))
    try:
        code = record_call(args, meaning(args.call), _environment())
    except OSError as problem:
        message = f"{args.call[0]} cannot be started: {problem.strerror}"
        raise FairwayError("command_failed", message, suggest_program("ls", "-l", args.call[0])) from problem
    tell_notes(args)
    return code if code >= 0 else _end_by(-code)


def meaning(call: list[str]) -> Meaning:
    """Return how one of our tools is asked what a command asks, the tool "" for unknown.

    The command calls one of the older scripts (also behind `ruby` or `env`), or make with a target that is named as
    a tool.
    """
    repository = paths.find_repository(os.getcwd())
    data = handover.load(repository) if repository else None
    table = (data.get("scripts") if data else None) or {}
    scripts = {os.path.basename(path): path for path in (*SCRIPTS, *table)}
    for position, word in enumerate(call):
        if os.path.basename(word) in scripts:
            return _meaning_of(*find_entry(table, scripts[os.path.basename(word)], call[position + 1 :]))
    target = next((word for word in call[1:] if word in TOOLS), "")
    if os.path.basename(call[0]) in ("make", "gmake") and target:
        given = [word for word in call[1:] if "=" in word and not word.startswith("-")]
        return _meaning_of(Entry("make", target, {"tool": target}, published=True), given)
    return {"tool": "", "own_argv": [], "role": "", "task_id": ""}


def _meaning_of(entry: Entry, words: list[str]) -> Meaning:
    call = read_call(entry, words, os.environ)
    return {
        "tool": call.tool,
        "own_argv": call.own_words() if call.tool else [],
        "role": call.values.get("ROLE", ""),
        "task_id": call.values.get("TASK_ID", ""),
    }


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name in READABLE or name == "FAIRWAY_NOW"}


def _end_by(number: int) -> int:
    """End as the command did: by the same signal."""
    if number != signal.SIGKILL:
        signal.signal(number, signal.SIG_DFL)
    os.kill(os.getpid(), number)
    return 128 + number
