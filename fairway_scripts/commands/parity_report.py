"""parity-report."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts import clock
from fairway_scripts.cutover.explaining import drafts, entry_text
from fairway_scripts.errors import OK, FairwayError
from fairway_scripts.operations.leases import sign_of_life
from fairway_scripts.operations.parity import report, report_command
from fairway_scripts.operations.project import open_project
from fairway_scripts.render.answer import answer, say_all, table
from fairway_scripts.rules.since import since_time

if TYPE_CHECKING:
    import argparse

#: The most that is shown of what one side said, in characters; `--json` has all of it.
_LONGEST = 100
_WORDS = (
    "the lane, default: every lane; `explain` prints an entry of compat/differences.toml for each open difference, to "
    "be read and completed; `run` compares on a copy, `keep` keeps a call as a case, `status` lists the stand-ins"
)
COUNTS = ("match", "explained", "unexplained", "unclear", "interrupted")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What parity-report takes besides its flags: what to do, and the lane as a plain word."""
    parser.add_argument("words", nargs="*", metavar="[explain] [ROLE]", help=_WORDS)


def run(args: Any) -> int:
    """Print what was observed; exit 1 when a difference is not explained."""
    drafting = args.words[:1] == ["explain"]
    lanes = list(dict.fromkeys([*args.words[drafting:], *filter(None, [args.role])]))
    if len(lanes) > 1:
        raise FairwayError("usage", f"more than one value for ROLE: {' and '.join(lanes)}")
    role = "".join(lanes)
    since = since_time(args.since, clock.now()) if args.since else ""
    project = open_project(args)
    say_all(project.notes)
    found = report(project, role, since)
    if drafting:
        entries = drafts(found, args.reason, args.owner, clock.now()[:10])
        answer(args, {"entries": entries}, [line for entry in entries for line in [*entry_text(entry), ""]])
        return OK
    answer(args, found, _lines(found))
    sign_of_life(project)
    if found["unexplained"]:
        what = "call differs" if found["unexplained"] == 1 else "calls differ"
        raise FairwayError(
            "parity_mismatch",
            f"{found['unexplained']} {what} and nobody has explained why",
            "mend what differs, or explain it in compat/differences.toml, then: " + report_command(role),
        )
    return OK


def _lines(found: dict[str, Any]) -> list[str]:
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
        lines += [f"  #{number} {line}" for number, line in enumerate(lane["obstacles"], 1)]
    for entry in found["unused"]:
        lines.append(
            f"unused: {entry['place']} ({entry['operation']} {entry['field']}, {entry['owner']}) explains nothing"
        )
    if found["waiting"]:
        lines.append(f"waiting: {found['waiting']} call(s) are not compared yet: parity-observe")
    return lines


def _first_line(found: dict[str, Any]) -> str:
    calls = sum(row["observations"] for lane in found["lanes"] for row in lane["operations"])
    return f"{calls} observed, {found['unexplained']} unexplained" if calls else "nothing was observed in shadow"


def _row(row: dict[str, Any]) -> dict[str, Any]:
    told = {name: f"{row[name]} {name}" for name in COUNTS if row[name]}
    if row["refused"]:
        told["match"] += f" ({row['refused']} refused)"
    counts = ", ".join(told.values())
    latency = "-" if row["latency"] is None else f"x{row['latency']:.2f}"
    times = {"first": row["first_seen"][:16] + "Z", "last": row["last_seen"][:16] + "Z"}
    return {"operation": row["operation"], "calls": row["observations"], "result": counts, "latency": latency, **times}


def _case(row: dict[str, Any], case: dict[str, Any]) -> list[str]:
    what = " ".join(filter(None, (row["operation"], case["task_id"])))
    lines = [f"  unexplained: {what} at {case['at'][:19]}Z"]
    for difference in case["differences"]:
        told = [difference[side] if difference[side] not in (None, "") else "nothing" for side in ("legacy", "own")]
        word = f" ({difference['word']})" if difference.get("word") else ""
        lines.append(f"    {difference['field']}: legacy {_text(told[0])}, own {_text(told[1])}{word}")
    return [*lines, f"    {case['replay']}"] if case["replay"] else lines


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = " ".join(" ".join(entry) if isinstance(entry, list) else str(entry) for entry in value) or "nothing"
    text = str(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3].rstrip()}..."
