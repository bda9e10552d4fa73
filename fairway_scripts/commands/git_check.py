"""queue-git-check."""

from __future__ import annotations

from fairway_scripts import clock
from fairway_scripts.errors import OK, FairwayError
from fairway_scripts.operations.git_check import git_check
from fairway_scripts.operations.leases import sign_of_life
from fairway_scripts.operations.project import known_lane, open_project
from fairway_scripts.render.answer import answer, say_all, shown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(args: Any) -> int:
    """Print every disagreement with what mends it, then a summary; only errors fail the check."""
    project = open_project(args)
    say_all(project.notes)
    lane = known_lane(project, args.role) if args.role else ""
    found = git_check(project, now=clock.now(), lane=lane, base=args.base)
    answer(args, found, _lines(found))
    sign_of_life(project)
    if not found["ok"]:
        errors = [item for item in found["findings"] if item["level"] == "error"]
        raise FairwayError("git_inconsistent", f"{len(errors)} disagreement(s) between queue and git", errors[0]["fix"])
    return OK


def _lines(found: dict[str, Any]) -> list[str]:
    lines = []
    for item in found["findings"]:
        about = item["task_id"] or item["lane"] or "-"
        lines += [f"{item['level']}  {item['check']}  {about}  {shown(item['message'])}", f"  fix: {item['fix']}"]
    levels = [item["level"] for item in found["findings"]]
    counts = [f"{levels.count(level)} {level}(s)" for level in ("error", "warning", "note") if level in levels]
    verdict = "OK" if found["ok"] else "FAILED"
    whole = f"{found['tasks']} task(s) and {len(found['lanes'])} lane(s) against {found['base']}"
    return [*lines, f"{verdict} {whole}" + (f": {', '.join(counts)}" if counts else "")]
