"""Who waits for whom in reviews, since when, and the line that wakes the one who is waited for.

A lane that was asked and has not spoken is waited for by the lane of the task; one that objected waits for that lane.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest
from fairway_scripts.base.settings import lane_provider
from fairway_scripts.project.work_place import reading_line
from fairway_scripts.reviews.open_reviews import open_reviews
from fairway_scripts.sessions.launch_lines import launch_lines
from fairway_scripts.sessions.reconcile import session_facts
from fairway_scripts.sessions.sessions import live_sessions
from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.review_verdicts import asked_domains, concerns
from fairway_scripts.work.verdicts import answers

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.base.errors import Hint
    from fairway_scripts.board.board_shapes import ReviewWait
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import ReviewRequest, WaitsReviews
    from fairway_scripts.work.work_shapes import Verdict

_THERE = ("alive", "elsewhere", "unknown")


def review_waits(project: Project, *, lane: str, now: str) -> list[ReviewWait]:
    """The waits, the longest first; of what waits for `lane` or is waited for by it where one is named.

    Each is {task_id, title, lane (who is waited for), waiting_lane, review_domain, commit_sha, since, waited_seconds,
    what (`reading` or `rework`), session_id ("" where no session of the lane is there), command, argv}: the line starts
    a session of the lane, or, where one is there or people work, says what it has to do.
    """
    with project.store.read() as tx:
        rows = tx.all("waits.reviews")
        known = open_reviews(tx, project.settings)
        sessions = live_sessions(tx)
    seen = session_facts(project, sessions)
    there: dict[str, str] = {}
    for session in sessions:
        if seen[session["session_id"]]["process"] in _THERE:
            there.setdefault(session["lane"], session["session_id"])
    launch = launch_lines(project)
    requests = {request["id"]: request for request in known["requests"]}
    said = [(row, _objected_at(requests[row["id"]], known["verdicts"])) for row in rows]
    waits = [_wait(project, row, there, now, launch, at) for row, at in said if at is not None]
    waits = [row for row in waits if lane in ("", row["lane"], row["waiting_lane"])]
    return sorted(waits, key=lambda row: (-row["waited_seconds"], row["task_id"], row["lane"]))


def _objected_at(request: ReviewRequest, given: list[Verdict]) -> str | None:
    """When somebody who was asked objected, "" when nobody has spoken since, None when it is approved."""
    domains = asked_domains(request)
    said = [row for row in given if row["task_id"] == request["task_id"] and concerns(row, request["role"], domains)]
    objections = [
        row["created_at"]
        for row in said
        if row["verdict"] != APPROVED
        and (row["created_at"] >= request["created_at"] or row["reviewed_commit_sha"] == request["commit_sha"])
    ]
    if objections:
        return max(objections)
    return None if any(answers(request, row) for row in said) else ""


def _wait(
    project: Project,
    row: WaitsReviews,
    there: dict[str, str],
    now: str,
    launch: Callable[[str, str], Hint],
    objected_at: str,
) -> ReviewWait:
    reworks = bool(objected_at)
    whom, waiting = (row["task_lane"], row["lane"]) if reworks else (row["lane"], row["task_lane"])
    since = objected_at or row["created_at"]
    session = there.get(whom, "")
    task_id = row["task_id"]
    if not session and lane_provider(project.settings, whom):
        line = launch(whom, task_id if reworks else "")
    else:
        line = suggest("queue-task-detail", TASK_ID=task_id) if reworks else reading_line(project, whom, task_id)
    return {
        "task_id": row["task_id"],
        "title": row["title"],
        "lane": whom,
        "waiting_lane": waiting,
        "review_domain": row["review_domain"] or "",
        "commit_sha": row["commit_sha"] or "",
        "since": since,
        "waited_seconds": max(int(clock.elapsed(since, now)), 0),
        "what": "rework" if reworks else "reading",
        "session_id": session,
        "command": line,
        "argv": list(line.argv),
    }
