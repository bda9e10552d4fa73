"""The health report: what has been waiting too long, and the line that mends each case."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.board import health_rules as health
from fairway_scripts.board import loose_ends
from fairway_scripts.calls.published import NORMAL
from fairway_scripts.git.references import branch_tips
from fairway_scripts.programs.processes import liveness
from fairway_scripts.reviews.next_step import BLOCKED
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.review_verdicts import standing_verdicts

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

    Row = dict[str, Any]

#: Every category, in the order of the report. The first is only a count; the others are listed task by task.
CATEGORIES = (
    "in_progress",
    "stale_in_progress",
    "over_lease",
    "blocked_over_24h",
    "unacknowledged_handoffs",
    "unacknowledged_handoffs_over_1h",
    "unrouted_reviews",
    "pending_reviews",
    "pending_reviews_over_24h",
    "stale_reviews",
    *loose_ends.KINDS,
)


def health_report(project: Project, *, now: str, lane: str = "", tx: Transaction | None = None) -> dict[str, Any]:
    """How much there is of each of CATEGORIES, with the tasks.

    Returns the counts under the names of the categories, `findings` (category -> list of {id, lane, since,
    age_seconds, what, fix}), `thresholds` (category -> seconds, from the section `health` of the configuration; the
    names keep the usual thresholds whatever is configured) and `ok` (nothing but what is normal). `lane` keeps what
    belongs to a lane or waits for it. Finished and archived tasks are left out: there is nothing to be done about them.
    `tx` is a snapshot that is read already; without one the report opens its own.
    """
    rows, tips = _read(project, lane, tx)
    limits = {name: clock.duration(str(text)) for name, text in project.settings["health"].items()}
    claims, handoffs = rows["claims"], rows["handoffs"]
    pending = health.pending_reviews(rows["requests"], rows["verdicts"])
    for claim in claims:
        claim["since"] = claim["claimed_at"] or claim["status_since"]
    found = {
        "in_progress": claims,
        "stale_in_progress": health.older_than(claims, "since", limits["stale_in_progress"], now),
        "over_lease": health.claims_over_lease(claims, now),
        "blocked_over_24h": health.older_than(rows["blocked"], "status_since", limits["blocked"], now),
        "unacknowledged_handoffs": handoffs,
        "unacknowledged_handoffs_over_1h": health.older_than(handoffs, "created_at", limits["handoff"], now),
        "unrouted_reviews": health.unrouted_reviews(rows["reviewed"], rows["requests"]),
        "pending_reviews": pending,
        "pending_reviews_over_24h": health.older_than(pending, "created_at", limits["review"], now),
        "stale_reviews": health.stale_reviews(rows["verdicts"], tips),
        **_loose(rows, limits, now),
    }
    named = ("claims", "blocked", "handoffs", "reviewed", "failed_ci", "parents", "monitors", "undecided")
    lanes = {row["id"]: row["lane"] for name in named for row in rows[name]}
    findings = {
        key: [entry for row in found[key] if (entry := _finding(key, row, lanes, tips, now)) and _concerns(entry, lane)]
        for key in CATEGORIES
    }
    return {
        **{key: len(entries) for key, entries in findings.items()},
        "findings": findings,
        "thresholds": {
            "stale_in_progress": limits["stale_in_progress"],
            "blocked_over_24h": limits["blocked"],
            "unacknowledged_handoffs_over_1h": limits["handoff"],
            "pending_reviews_over_24h": limits["review"],
        },
        "ok": not any(entries for key, entries in findings.items() if key not in NORMAL),
    }


def loose_findings(project: Project, tx: Transaction, *, now: str) -> dict[str, list[Row]]:
    """The `findings` of the report under the names of `loose_ends.KINDS` alone, which ask for much less."""
    rows = _read_loose(project, tx, "")
    limits = {name: clock.duration(str(text)) for name, text in project.settings["health"].items()}
    lanes = {row["id"]: row["lane"] for found in rows.values() for row in found}
    found = _loose(rows, limits, now)
    return {key: [_finding(key, row, lanes, {}, now) for row in found[key]] for key in loose_ends.KINDS}


def _loose(rows: dict[str, list[Row]], limits: dict[str, float], now: str) -> dict[str, list[Row]]:
    return {
        loose_ends.FAILED_CI: rows["failed_ci"],
        loose_ends.PARENT: health.older_than(rows["parents"], "status_since", limits["stale_in_progress"], now),
        loose_ends.MONITOR: [row for row in rows["monitors"] if not loose_ends.is_backed(row, _process(row), now)],
        loose_ends.UNDECIDED: health.older_than(rows["undecided"], "created_at", limits["handoff"], now),
    }


def _read_loose(project: Project, tx: Transaction, lane: str) -> dict[str, list[Row]]:
    claimed = claimed_status(project)
    return {
        "failed_ci": tx.all("loose_ends.failed_ci", role=lane),
        "parents": tx.all("loose_ends.parents_without_roll_up", claimed=claimed, role=lane),
        "monitors": tx.all("loose_ends.monitors", role=lane),
        "undecided": tx.all("loose_ends.undecided", claimed=claimed, role=lane),
    }


def _read(project: Project, lane: str, snapshot: Transaction | None) -> tuple[dict[str, list[Row]], dict[str, str]]:
    with contextlib.nullcontext(snapshot) if snapshot else project.store.read() as tx:
        rows = {
            "claims": tx.all("reports.in_status", status=claimed_status(project), role=lane),
            "blocked": tx.all("reports.in_status", status=BLOCKED, role=lane),
            "handoffs": tx.all("reports.open_handoffs", role=lane),
            "reviewed": tx.all("reports.under_review"),
            "requests": tx.all("reports.open_requests"),
            "verdicts": open_verdicts(project, tx),
            **_read_loose(project, tx, lane),
        }
    return rows, _tips(project, rows["reviewed"])


def _tips(project: Project, reviewed: list[Row]) -> dict[str, str]:
    """The commit at the tip of each task's branch, or of its lane's where it names none, by the task's id."""
    if project.repository is None:
        return {row["id"]: "" for row in reviewed}
    branches = {row["id"]: row["branch"] or settings_of.lane_branch(project.settings, row["lane"]) for row in reviewed}
    tips = branch_tips(project.repository, branches.values())
    return {task_id: tips.get(branch, "") for task_id, branch in branches.items()}


def open_verdicts(project: Project, tx: Transaction) -> list[Row]:
    """The verdicts that stand on open tasks, and those of tasks above that answered a request of one."""
    found = []
    for inherited in (False, True):
        by_task: dict[str, list[Row]] = {}
        rows = tx.all("reports.open_answers_from_above") if inherited else tx.all("reports.open_verdicts")
        for row in rows:
            by_task.setdefault(row["for_task"] if inherited else row["task_id"], []).append(row)
        for task_id, rows in by_task.items():
            above = {"inherited_from": rows[0]["task_id"], "task_id": task_id} if inherited else {}
            found += [{**row, **above} for row in standing_verdicts(rows, project.settings)]
    return found


def _finding(key: str, row: Row, lanes: dict[str, str], tips: dict[str, str], now: str) -> Row:
    """One case as the report shows it; rows of requests and verdicts carry the task as `task_id`."""
    task_id = row.get("id") if "task_id" not in row else row["task_id"]
    since = next((row[name] for name in ("since", "created_at", "status_since", "updated_at") if row.get(name)), now)
    reviewer = row.get("reviewer_role") or row.get("role") or ""
    told = {"id": task_id, "tip": tips.get(str(task_id), ""), "reviewer_role": reviewer}
    return {
        "id": task_id,
        "lane": lanes.get(str(task_id), ""),
        "waits_for": reviewer or row.get("to_role") or "",
        "since": since,
        "age_seconds": max(health.age(since, now), 0.0),
        "what": _what(key, row, reviewer),
        "fix": _fix(key, row, told),
    }


def _fix(key: str, row: Row, told: Row) -> str:
    if key in loose_ends.KINDS:
        return loose_ends.mending_line(key, row)
    return "" if key == "in_progress" else health.mending_line(key, told)


def _process(row: Row) -> str:
    return liveness(row["pid"], row["pid_started_at"], row["host"])


def _what(key: str, row: Row, reviewer: str) -> str:
    if key in loose_ends.KINDS:
        return loose_ends.what(key, row)
    if key in ("in_progress", "stale_in_progress", "over_lease"):
        holder = f"claimed by {row['claimant']}" if row["claimant"] else "in progress without a claim"
        ended = f", lease ran out at {row['lease_expires_at']}" if key == "over_lease" else ""
        return f"{holder} (owner {row['owner'] or '-'}){ended}"
    if key == "blocked_over_24h":
        return "blocked"
    if key.startswith("unacknowledged_handoffs"):
        return f"handoff {row['handoff_id']} for {row['to_role'] or 'anybody'} is not acknowledged"
    if key == "unrouted_reviews":
        return f"its review is {row['review_status']}, and no lane is asked for it"
    if key == "stale_reviews":
        return f"{reviewer} approved {row['reviewed_commit_sha'][:12]}, which is not the branch tip"
    return f"{reviewer} has not answered yet"


def _concerns(entry: Row, lane: str) -> bool:
    return not lane or lane in (entry["lane"], entry["waits_for"])
