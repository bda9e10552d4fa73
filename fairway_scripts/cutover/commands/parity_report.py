"""parity-report."""

from __future__ import annotations

import difflib
import shlex
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK, FairwayError
from fairway_scripts.base.since import since_time
from fairway_scripts.calls.answer import answer, pairs, table
from fairway_scripts.cutover.parity.kept_cases import replay
from fairway_scripts.cutover.parity.parity import report, report_command
from fairway_scripts.cutover.parity.parity_run_text import difference_text
from fairway_scripts.cutover.shadow.observing import compare_waiting
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.queue.opening import refresh

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.calls.tool_calls import ParityReport, ParityReportExplain
    from fairway_scripts.cutover.parity.parity_shapes import (
        Difference,
        OpenCall,
        PrintedSide,
        Replayed,
        Report,
        Summary,
    )

#: The most that is shown of what one side said, in characters; `--json` has all of it.
_LONGEST = 100
_MEND = "mend what differs, or explain it in compat/differences.toml"


def run(args: ParityReport) -> int:
    """Compare what still waits, print what was observed, or do a kept call once more; 1 when a difference is open."""
    if args.replay:
        return _replay(args, replay(open_as_it_is(args), args.replay))
    found = reported(args)
    answer(args, found, _lines(found))
    if found["unexplained"]:
        what = "call differs" if found["unexplained"] == 1 else "calls differ"
        raise FairwayError(
            "parity_mismatch",
            f"{found['unexplained']} {what} and nobody has explained why",
            f"{_MEND}, then: {report_command(args.role)}",
        )
    return OK


def reported(args: ParityReport | ParityReportExplain) -> Report:
    """Return the report that a call asks for; shadowed calls that wait are compared first."""
    since = since_time(args.since, clock.now()) if args.since else ""
    project = open_as_it_is(args)
    compare_waiting(project)
    refresh(project)  # only now: what was done on the older side is compared before it is taken in
    found = report(project, args.role, since)
    sign_of_life(project)
    return found


def _replay(args: ParityReport, found: Replayed) -> int:
    """Print both sides of a case and where they differ; exit 1 when they do."""
    command = shlex.join(found["command"])
    outcome = "differs" if found["differences"] else "agrees now"
    lines = [f"{found['operation']} {'is not compared: unknown' if found['unknown'] else outcome}"]
    lines += [*pairs(found, "call_id", "role", "task_id"), f"command: {command}", *pairs(found, "note", "unknown")]
    lines += _difference_lines(found["differences"], "  ")
    lines += ["", *_diff(found["legacy"], found["own"])]
    answer(args, found, lines)
    if found["unknown"]:
        raise FairwayError(
            "parity_mismatch", f"the call is not compared: {found['unknown']}", "compare a new call of it"
        )
    if found["differences"]:
        fields = ", ".join(row["field"] for row in found["differences"])
        raise FairwayError("parity_mismatch", f"the two sides still differ in {fields}", _MEND)
    return OK


def _diff(legacy: PrintedSide, own: PrintedSide) -> list[str]:
    """Write what both printed as a unified diff of standard output and standard error."""
    lines: list[str] = []
    for name, theirs, ours in (("out", legacy["out"], own["out"]), ("err", legacy["err"], own["err"])):
        before, after = theirs.splitlines(), ours.splitlines()
        lines += difflib.unified_diff(before, after, f"legacy {name}", f"own {name}", lineterm="")
    return lines


def _lines(found: Report) -> list[str]:
    lines = [_first_line(found)]
    for lane in found["lanes"]:
        name = "calls of no lane" if lane["role"] == "*" else lane["role"]
        lines.append(f"{name} ({lane['engine']})")
        rows = [_row(row) for row in lane["operations"]]
        lines += [f"  {line}" for line in table(rows, ("operation", "calls", "result", "latency", "first", "last"))]
        for row in lane["operations"]:
            lines += [
                f"  explained by {entry['place']}: {entry['calls']} {row['operation']}" for entry in row["explained_by"]
            ]
            lines += [line for case in row["open"] for line in _case(row, case)]
            if row["operation"] in lane["unproven"] and row["unclear"]:
                lines.append(f"  unclear: {row['operation']}: {row['unclear_why']}")
        lines += [f"  #{number} {line}" for number, line in enumerate(lane["obstacles"], 1)]
    for unused in found["unused"]:
        lines.append(
            f"unused: {unused['place']} ({unused['operation']} {unused['field']}, {unused['owner']}) explains nothing"
        )
    if found["waiting"]:
        lines.append(f"waiting: {found['waiting']} call(s) are not compared yet")
    return lines


def _first_line(found: Report) -> str:
    calls = sum(row["observations"] for lane in found["lanes"] for row in lane["operations"])
    return f"{calls} observed, {found['unexplained']} unexplained" if calls else "nothing was observed in shadow"


def _row(row: Summary) -> dict[str, object]:
    matching = "match" + (f" ({row['refused']} refused)" if row["refused"] else "")
    counted = {matching: row["match"], "explained": row["explained"], "unexplained": row["unexplained"]}
    counted |= {"unclear": row["unclear"], "interrupted": row["interrupted"]}
    counts = ", ".join(f"{number} {name}" for name, number in counted.items() if number)
    latency = "-" if row["latency"] is None else f"x{row['latency']:.2f}"
    times = {"first": row["first_seen"][:16] + "Z", "last": row["last_seen"][:16] + "Z"}
    return {"operation": row["operation"], "calls": row["observations"], "result": counts, "latency": latency, **times}


def _case(row: Summary, case: OpenCall) -> list[str]:
    what = " ".join(filter(None, (row["operation"], case["task_id"])))
    lines = [f"  unexplained: {what} at {case['at'][:19]}Z", *_difference_lines(case["differences"], "    ")]
    return [*lines, f"    {case['replay']}"] if case["replay"] else lines


def _difference_lines(differences: Iterable[Difference], indent: str) -> list[str]:
    return [indent + difference_text(difference, _LONGEST) for difference in differences]
