"""parity-report run."""

from __future__ import annotations

import os
from copy import copy
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, json_text, say, write_whole
from fairway_scripts.cutover.parity.parity_run import RESULT, run_parity
from fairway_scripts.cutover.parity.parity_run_text import parity_lines, parity_page
from fairway_scripts.cutover.parity.parity_tasks import file_tasks

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import ParityReportRun
    from fairway_scripts.cutover.parity.parity_shapes import RunResult

PAGE = "parity.md"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what it takes besides the common flags."""
    parser.add_argument("--repo", metavar="COPY", default="", help="a copy of the repository; it is left as it is")
    parser.add_argument("--out", metavar="DIR", default="", help="where parity.md, parity.json and raw/ go")
    parser.add_argument("--legacy-cmd", metavar="CMD", default="", help="the older store's command, run in a copy")
    parser.add_argument("--cases", metavar="DIR", default="", help="case files that `keep` wrote")
    parser.add_argument("--routes", metavar="FILE", default="", help="the table of routes; default: that of the preset")
    parser.add_argument("--only", metavar="ROW", action="append", default=[], help="only this row (repeatable)")
    parser.add_argument("--allow-remote", action="store_true", help="the copy may have remotes on this machine")
    parser.add_argument("--record-tasks", action="store_true", help="file each mismatch as a task: in the copy's store")


def run(args: ParityReportRun) -> int:
    """Compare, write the results, and print what is no match; 1 when a difference is not explained."""
    if not args.repo or not args.out:
        missing = "--repo" if not args.repo else "--out"
        raise FairwayError("usage", f"{missing} is required", suggest("parity-report run", "--help"))
    result = run_parity(_placed(args))
    result["tasks"] = []
    _write(args, result)
    if args.record_tasks:
        store = os.path.abspath(args.queue_db) if args.queue_db else ""
        result["tasks"] = file_tasks(result, os.path.realpath(args.out), store)
        _write(args, result)
    lines = [*parity_lines(result), *(f"task {task['task_id']}: {task['done']}" for task in result["tasks"])]
    answer(args, result, lines)
    say(f"wrote {os.path.join(args.out, PAGE)}, {RESULT} and raw/")
    if args.only and not result["rows"]:
        raise FairwayError(
            "not_found", f"no row is called {', '.join(args.only)}", "leave --only out: the report names every row"
        )
    differing = result["counts"]["mismatch"]
    if differing:
        raise FairwayError(
            "parity_mismatch",
            f"{differing} comparison(s) differ and nobody has explained it",
            f"read {os.path.join(args.out, PAGE)}; mend it, or list it in compat/differences.toml of the copy",
            mismatches=[row["id"] for row in result["rows"] if row["verdict"] == "mismatch"],
        )
    return OK


def _placed(args: ParityReportRun) -> ParityReportRun:
    """Return the call with its paths from the root of the file system."""
    placed = copy(args)
    placed.repo, placed.out = os.path.realpath(args.repo), os.path.realpath(args.out)
    placed.cases = args.cases and os.path.abspath(args.cases)
    placed.routes = args.routes and os.path.abspath(args.routes)
    return placed


def _write(args: ParityReportRun, result: RunResult) -> None:
    write_whole(os.path.join(args.out, RESULT), [json_text(args, result)])
    write_whole(os.path.join(args.out, PAGE), [parity_page(result)])
