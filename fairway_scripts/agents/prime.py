"""What a session has to know when it begins: its lane, its work, what is missing of it, and the next three lines.

A function of the store, of git's own files and of the clock: no process is started and nothing is written.
"""

from __future__ import annotations

import os

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.project.lane_choice import lane_here, worktree_root
from fairway_scripts.reviews.next_step import BLOCKED
from fairway_scripts.reviews.task_detail import task_detail

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.agents.agent_shapes import JudgedTask, LanePlace, PrimeFacts, Step
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Evidence, PrimeAsked, PrimeTold, PrimeWork, Review, TasksReadyAll

#: How many rows of each kind are looked at; how many there are is told.
_ROWS = 3
_LINES = 3
_APPROVED = "approved"
_PASS = "pass"
_READING = "queue-record-review"
_MERGING = "queue-merge-ready"


def gather(project: Project) -> tuple[PrimeFacts, list[JudgedTask]]:
    """Everything that the page is made of, and of `work` those tasks that are judged: the first of them.

    Returns `{project, lane, lane_found, worktree, has_worktree, in_worktree, actor, now, work, asked, told, ready,
    ready_total, ready_by_lane, next}`.
    `work` are the lane's tasks in work or blocked, the caller's own first: {task_id, title, status, owner, claimant,
    mine, fence, lease_expires_at, over_lease, branch, commit_sha, acceptance_checks, missing, waits, last_no}, where
    `missing` is what stands between the task and its end, `waits` whether somebody else has to act, and `last_no` the
    newest record that said no. `next` are at most three `{why, command}`. Raises FairwayError `not_found`.
    """
    lane, found = _lane(project)
    actor = project.identity.actor
    from fairway_scripts.work.claims import claimed_status

    claimed = claimed_status(project)
    with project.store.read() as tx:
        values = {"lane": lane, "actor": actor}
        work = tx.all("prime.work", claimed=claimed, blocked=BLOCKED, **values)
        asked = _asked(project, tx, lane)
        told = tx.all("prime.told", lane=lane) if lane else []
        by_lane = tx.all("prime.ready_by_lane")
        ready = tx.all("tasks.ready_lane", role=lane, priority=1 << 40, limit=_ROWS) if lane else []
    for row in work:
        row["mine"] = bool(row["mine"])
    place = _worktree(project, lane)
    places = dict.fromkeys(lane or row["lane"] for row in work[:_ROWS] if lane or row["mine"])
    steps: list[Step] = [
        {"why": f"lane {name} has no worktree yet", "command": suggest("worktree-setup", ROLE=name)}
        for name in places
        if not _worktree(project, name)["has_worktree"]
    ]
    judged = []
    for row in work[:_ROWS]:
        task, lines = _judge(project, row)
        judged.append(task)
        steps += lines
    mine = [row for row in work if row["status"] == claimed and (row["mine"] or not row["claimant"])]
    facts: PrimeFacts = {
        "project": project.settings["fairway"]["project_name"] or os.path.basename(project.root),
        "lane": lane,
        "lane_found": found,
        **place,
        "actor": actor,
        "now": clock.now(),
        "work": [*judged, *work[_ROWS:]],
        "asked": asked,
        "told": told,
        "ready": ready,
        "ready_total": sum(row["tasks"] for row in by_lane if not lane or row["lane"] == lane),
        "ready_by_lane": by_lane,
        "next": [*steps, *_others(lane, asked, told, [] if mine else ready)][:_LINES] or [_nothing(lane)],
    }
    return facts, judged


def _asked(project: Project, tx: Transaction, lane: str) -> list[PrimeAsked]:
    """What the lane was asked to review and has not answered."""
    rows = tx.all("prime.asked", lane=lane) if lane else []
    if not rows:
        return []
    from fairway_scripts.board.health_rules import pending_reviews
    from fairway_scripts.reviews.open_reviews import open_reviews

    found = open_reviews(tx, project.settings)
    pending = {row["id"] for row in pending_reviews(found["requests"], found["verdicts"])}
    return [row for row in rows if row["id"] in pending]


def _lane(project: Project) -> tuple[str, str]:
    try:
        return lane_here(project)
    except FairwayError as unknown:  # AGENT_ROLE names no lane: said on the page, which has to appear all the same
        return "", unknown.message


def _worktree(project: Project, lane: str) -> LanePlace:
    """Where the lane's worktree lies, whether it is there, and whether the caller stands in it."""
    if not lane:
        return {"worktree": "", "has_worktree": False, "in_worktree": False}
    path = settings_of.worktree_path(project.settings, lane, project.root, worktree_root())
    return {
        "worktree": path,
        "has_worktree": os.path.isdir(path),
        "in_worktree": os.path.realpath(path) == os.path.realpath(project.worktree),
    }


def _judge(project: Project, row: PrimeWork) -> tuple[JudgedTask, list[Step]]:
    """A task of the lane with what it lacks, and the lines that go on with it; none where somebody else has to act."""
    detail = task_detail(project, row["task_id"])
    step = detail["next_step"]
    words = getattr(step["command"], "argv", [])
    task: JudgedTask = {
        **row,
        "over_lease": detail["over_lease"],
        "acceptance_checks": detail["acceptance_checks"],
        "branch": detail["branch"] or settings_of.lane_branch(project.settings, row["lane"]),
        "commit_sha": detail["measured_on"]["commit_sha"],
        "missing": step["why"],
        "waits": bool(_is_call(words, _READING)) or row["status"] == BLOCKED,
        "last_no": _last_no(detail["evidence"], detail["reviews"]),
    }
    if task["waits"] or (task["claimant"] and not task["mine"] and not task["over_lease"]):
        return task, []
    found: list[Step] = [{"why": f"{row['task_id']}: {step['why']}", "command": step["command"]}]
    if _is_call(words, _MERGING) and task["commit_sha"]:
        task["missing"] = "the merge; everything else is recorded"
        found += _merged(project, task)
    return task, found


def _is_call(words: list[str], tool: str) -> bool:
    """Whether a line calls a tool, by its name, its make target or its verb behind `fairway`."""
    verb = tool.removeprefix("queue-")
    return any(word in (tool, verb) or word.endswith(f"/{tool}") for word in words[:2])


def _merged(project: Project, row: JudgedTask) -> list[Step]:
    """What follows when a task may be merged: the merge, where git has the integration branch, and its last status."""
    finished = (project.settings["states"]["terminal"] or ["done"])[0]
    values = {"STATUS": finished, "OWNER": row["owner"] or None, "BRANCH": row["branch"], "COMMIT": row["commit_sha"]}
    merge = suggest_program("git", "-C", project.root, "merge", "--ff-only", row["commit_sha"])
    return [
        {"why": "when that passes, it is merged (by the coordinator, where there is one)", "command": merge},
        {"why": "then it is finished", "command": suggest("queue-set-status", TASK_ID=row["task_id"], **values)},
    ]


def _last_no(evidence: Iterable[Evidence], reviews: Iterable[Review]) -> str:
    """The newest record of a task that said no: a check that did not pass, a verdict that was no approval."""
    said = [
        (row["created_at"], f"{row['result']}: {row['command_text']}")
        for row in evidence
        if row["result"] != _PASS and not row["withdrawn_at"]
    ]
    said += [
        (row["created_at"], f"{row['reviewer_role']} says {row['verdict']}: {row['notes'] or 'no note'}")
        for row in reviews
        if row["verdict"] != _APPROVED and not row["withdrawn_at"]
    ]
    at, what = max(said, default=("", ""))
    return f"{what} ({at})" if what else ""


def _others(lane: str, asked: list[PrimeAsked], told: list[PrimeTold], ready: list[TasksReadyAll]) -> list[Step]:
    """What else the lane can do: reviews, handoffs, and the next task."""
    found: list[Step] = []
    for row in asked[:_ROWS]:
        domain = row["review_domain"] or ""
        about = {"REVIEWER_ROLE": lane, "REVIEW_DOMAIN": domain, "REVIEWER": None, "STATUS": None, "NOTE": None}
        line = suggest(_READING, TASK_ID=row["task_id"], COMMIT=row["commit_sha"] or None, **about)
        found.append({"why": f"{row['task_id']}: read the change, then give your verdict", "command": line})
    for given in told[:_ROWS]:
        line = suggest("queue-ack-handoff", TASK_ID=given["task_id"])
        found.append({"why": f"{given['task_id']}: {given['owner'] or 'somebody'} hands over to you", "command": line})
    if ready:
        line = suggest("queue-claim", ROLE=lane, OWNER=None, TASK_ID=ready[0]["id"])
        found.append({"why": f"{ready[0]['id']} is ready", "command": line})
    return found


def _nothing(lane: str) -> Step:
    if lane:
        return {
            "why": "nothing is left to do in this lane; why",
            "command": suggest("queue-ready", ROLE=lane, EXPLAIN=True),
        }
    return {"why": "no lane is meant here; what each lane should do", "command": suggest("orchestrator-tick")}
