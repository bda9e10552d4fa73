"""queue-doctor."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, FairwayError
from fairway_scripts.board.doctor.diagnosis import diagnose
from fairway_scripts.calls.answer import answer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import MarkedFinding
    from fairway_scripts.calls.tool_calls import QueueDoctor


def run(args: QueueDoctor) -> int:
    """Print `ok`, or every finding with what mends it; ALL shows the suppressed ones too."""
    from fairway_scripts.catalog import TOOLS

    diagnosis = diagnose(args, tuple(target for tool in TOOLS.values() for target in tool.make_targets))
    shown = [item for item in diagnosis["findings"] if args.everything or not item["suppressed"]]
    answer(args, {"ok": diagnosis["ok"], "findings": shown}, _lines(shown))
    if not diagnosis["ok"]:
        errors = [item for item in diagnosis["findings"] if item["level"] == "error" and not item["suppressed"]]
        raise FairwayError("unhealthy", f"{len(errors)} error(s) found: {_keys(errors)}", errors[0]["fix"])
    return OK


def _lines(findings: list[MarkedFinding]) -> list[str]:
    lines = []
    for item in findings:
        mark = " (suppressed)" if item["suppressed"] else ""
        lines += [f"{item['level']}  {item['key']}{mark}  {item['message']}", f"  fix: {item['fix']}"]
    return lines or ["ok"]


def _keys(findings: list[MarkedFinding]) -> str:
    return ", ".join(dict.fromkeys(item["key"] for item in findings))
