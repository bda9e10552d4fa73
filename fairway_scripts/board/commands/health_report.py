"""queue-health-report."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.board.health import CATEGORIES, health_report
from fairway_scripts.calls.answer import answer, shown
from fairway_scripts.calls.published import NORMAL
from fairway_scripts.project.lane_choice import known_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fairway_scripts.board.board_shapes import HealthFinding, HealthReport
    from fairway_scripts.calls.tool_calls import QueueHealthReport

#: Tasks that one line names.
NAMED = 10


def run(args: QueueHealthReport) -> int:
    """Print a line a category with its count, and below it each task that needs somebody, with what mends it."""
    project = open_project(args)
    lane = known_lane(project, args.role) if args.role else ""
    report = health_report(project, now=clock.now(), lane=lane)
    answer(args, report, _lines(report))
    sign_of_life(project)
    return OK


def _named(key: str, entries: list[HealthFinding]) -> str:
    """The tasks of a category that is normal as such, in the line itself."""
    if key not in NORMAL or not entries:
        return ""
    names = list(dict.fromkeys(entry["id"] for entry in entries))
    return "  " + ", ".join(names[:NAMED]) + (f" and {len(names) - NAMED} more" if len(names) > NAMED else "")


def _lines(report: HealthReport) -> Iterator[str]:
    limits: Mapping[str, object] = report["thresholds"]
    for key in CATEGORIES:
        limit = limits.get(key)
        entries = report["findings"][key]
        over = f" (longer than {clock.span_text(limit)})" if isinstance(limit, (int, float)) else ""
        yield f"{key}: {len(entries)}{over}{_named(key, entries)}"
        for entry in entries if key not in NORMAL else ():
            yield f"  {entry['id']}  {clock.span_text(entry['age_seconds'])}  {shown(entry['what'])}"
            yield f"    {entry['fix']}"
