"""queue-git-check."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, shown
from fairway_scripts.lanes.git_check import git_check
from fairway_scripts.project.lane_choice import listed_lane
from fairway_scripts.project.leases import sign_of_life
from fairway_scripts.queue.opening import open_project

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueGitCheck
    from fairway_scripts.lanes.lane_shapes import GitCheck


#: So many findings of one kind are shown in text; a store that git knows nothing of would fill the screen.
OF_A_KIND = 10


def run(args: QueueGitCheck) -> int:
    """Print every disagreement with what mends it, then a summary; only errors fail the check."""
    project = open_project(args)
    lane = listed_lane(project, args)
    found = git_check(project, now=clock.now(), lane=lane, base=args.base)
    answer(args, found, _lines(found, everything=args.everything))
    sign_of_life(project)
    if not found["ok"]:
        errors = [item for item in found["findings"] if item["level"] == "error"]
        raise FairwayError("git_inconsistent", f"{len(errors)} disagreement(s) between queue and git", errors[0]["fix"])
    return OK


def _lines(found: GitCheck, *, everything: bool) -> list[str]:
    lines = []
    shown_of_a_kind: dict[str, int] = {}
    for item in found["findings"]:
        shown_of_a_kind[item["check"]] = shown_of_a_kind.get(item["check"], 0) + 1
        if shown_of_a_kind[item["check"]] > OF_A_KIND and not everything:
            continue
        about = item["task_id"] or item["lane"] or "-"
        lines += [f"{item['level']}  {item['check']}  {about}  {shown(item['message'])}", f"  fix: {item['fix']}"]
    if not everything:
        more = {check: count - OF_A_KIND for check, count in shown_of_a_kind.items() if count > OF_A_KIND}
        listed = suggest("queue-git-check", ALL=True)
        lines += [f"... and {count} more {check} (all of them: {listed})" for check, count in more.items()]
    levels = [item["level"] for item in found["findings"]]
    counts = [f"{levels.count(level)} {level}(s)" for level in ("error", "warning", "note") if level in levels]
    verdict = "OK" if found["ok"] else "FAILED"
    whole = f"{found['tasks']} task(s) and {len(found['lanes'])} lane(s) against {found['base']}"
    return [*lines, f"{verdict} {whole}" + (f": {', '.join(counts)}" if counts else "")]
