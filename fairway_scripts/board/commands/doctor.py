"""queue-doctor."""

from __future__ import annotations

from fairway_scripts.base.errors import OK, FairwayError
from fairway_scripts.board.doctor.diagnosis import diagnose
from fairway_scripts.calls.answer import answer, say_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.calls.tool_calls import QueueDoctor


def run(args: QueueDoctor) -> int:
    """Print `ok`, or every finding with what mends it; ALL shows the suppressed ones too."""
    from fairway_scripts.catalog import TOOLS

    diagnosis = diagnose(args, tuple(target for tool in TOOLS.values() for target in tool.make_targets))
    say_all(diagnosis.pop("notes"))
    if not args.everything:
        diagnosis["findings"] = [item for item in diagnosis["findings"] if not item["suppressed"]]
    answer(args, diagnosis, _lines(diagnosis["findings"]))
    if not diagnosis["ok"]:
        errors = [item for item in diagnosis["findings"] if item["level"] == "error" and not item["suppressed"]]
        raise FairwayError("unhealthy", f"{len(errors)} error(s) found: {_keys(errors)}", errors[0]["fix"])
    return OK


def _lines(findings: list[dict[str, Any]]) -> list[str]:
    lines = []
    for item in findings:
        mark = " (suppressed)" if item["suppressed"] else ""
        lines += [f"{item['level']}  {item['key']}{mark}  {item['message']}", f"  fix: {item['fix']}"]
    return lines or ["ok"]


def _keys(findings: list[dict[str, Any]]) -> str:
    return ", ".join(dict.fromkeys(item["key"] for item in findings))
