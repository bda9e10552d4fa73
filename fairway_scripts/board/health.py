"""The health report: what has been waiting too long, and the line that mends each case."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.board import health_rules as health
from fairway_scripts.board import loose_ends
from fairway_scripts.calls.published import NORMAL
from fairway_scripts.git.references import branch_tips
from fairway_scripts.programs.processes import liveness
from fairway_scripts.reviews.next_step import BLOCKED
from fairway_scripts.reviews.open_reviews import open_reviews
from fairway_scripts.work.claims import claimed_status

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import HealthFinding, HealthReport, HealthRows, LooseRows
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import (
        LooseEndsMonitors,
        ReportsInStatus,
        ReportsOpenHandoffs,
        ReportsUnderReview,
        ReviewRequest,
    )
    from fairway_scripts.work.work_shapes import Verdict

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


class _Cases:
    """Makes the findings of a report: what is known of all tasks, and the lane that the report is of ("" for all)."""

    def __init__(self, rows: HealthRows | LooseRows, tips: dict[str, str], lane: str, now: str) -> None:
        loose = (rows["failed_ci"], rows["parents"], rows["monitors"], rows["undecided"])
        self.lanes = {row["id"]: row["lane"] for named in loose for row in named}
        self.tips = tips
        self.lane = lane
        self.now = now

    def case(self, key: str, task: str, since: str | None, what: str, waits_for: str | None = "") -> HealthFinding:
        """A case whose line follows from its category."""
        fix = health.mending_line(key, task, self.tips.get(task, ""), waits_for or "")
        return self.loose(task, since, (what, fix), waits_for)

    def loose(self, task: str, since: str | None, told: tuple[str, str], waits_for: str | None = "") -> HealthFinding:
        """A case with what it says and the line that mends it."""
        since = since or self.now
        return {
            "id": task,
            "lane": self.lanes.get(task, ""),
            "waits_for": waits_for or "",
            "since": since,
            "age_seconds": max(health.age(since, self.now), 0.0),
            "what": told[0],
            "fix": told[1],
        }

    def concerns(self, entry: HealthFinding) -> bool:
        """Whether the report is about a case."""
        return not self.lane or self.lane in (entry["lane"], entry["waits_for"])


def health_report(project: Project, *, now: str, lane: str = "", tx: Transaction | None = None) -> HealthReport:
    """How much there is of each of CATEGORIES, with the tasks.

    Returns the counts under the names of the categories, `findings` (category -> list of {id, lane, since,
    age_seconds, what, fix}), `thresholds` (category -> seconds, from the section `health` of the configuration; the
    names keep the usual thresholds whatever is configured) and `ok` (nothing but what is normal). `lane` keeps what
    belongs to a lane or waits for it. Finished and archived tasks are left out: there is nothing to be done about them.
    `tx` is a snapshot that is read already; without one the report opens its own.
    """
    rows, tips = _read(project, lane, tx)
    cases = _Cases(rows, tips, lane, now)
    for claim in (*rows["claims"], *rows["blocked"]):
        cases.lanes[claim["id"]] = claim["lane"]
    cases.lanes |= {row["id"]: row["lane"] for row in rows["handoffs"]}
    cases.lanes |= {row["id"]: row["lane"] for row in rows["reviewed"]}
    limits = _limits(project)
    found = {**_records(rows, cases, limits), **_loose(rows, cases, limits)}
    findings = {key: [entry for entry in found[key] if cases.concerns(entry)] for key in CATEGORIES}
    counts = {key: len(entries) for key, entries in findings.items()}
    return {
        "in_progress": counts["in_progress"],
        "stale_in_progress": counts["stale_in_progress"],
        "over_lease": counts["over_lease"],
        "blocked_over_24h": counts["blocked_over_24h"],
        "unacknowledged_handoffs": counts["unacknowledged_handoffs"],
        "unacknowledged_handoffs_over_1h": counts["unacknowledged_handoffs_over_1h"],
        "unrouted_reviews": counts["unrouted_reviews"],
        "pending_reviews": counts["pending_reviews"],
        "pending_reviews_over_24h": counts["pending_reviews_over_24h"],
        "stale_reviews": counts["stale_reviews"],
        "ci_learning": counts["ci_learning"],
        "active_parent_without_roll_up": counts["active_parent_without_roll_up"],
        "monitor_without_backing": counts["monitor_without_backing"],
        "undecided_evidence": counts["undecided_evidence"],
        "findings": findings,
        "thresholds": {
            "stale_in_progress": limits["stale_in_progress"],
            "blocked_over_24h": limits["blocked"],
            "unacknowledged_handoffs_over_1h": limits["handoff"],
            "pending_reviews_over_24h": limits["review"],
        },
        "ok": not any(entries for key, entries in findings.items() if key not in NORMAL),
    }


def loose_findings(project: Project, tx: Transaction, *, now: str) -> dict[str, list[HealthFinding]]:
    """The `findings` of the report under the names of `loose_ends.KINDS` alone, which ask for much less."""
    rows = _read_loose(project, tx, "")
    return _loose(rows, _Cases(rows, {}, "", now), _limits(project))


def _limits(project: Project) -> dict[str, float]:
    return {name: clock.duration(str(text)) for name, text in project.settings["health"].items()}


def _records(rows: HealthRows, cases: _Cases, limits: dict[str, float]) -> dict[str, list[HealthFinding]]:
    now, claims, handoffs = cases.now, rows["claims"], rows["handoffs"]
    pending = health.pending_reviews(rows["requests"], rows["verdicts"])

    def claimed(key: str, those: list[ReportsInStatus]) -> list[HealthFinding]:
        return [cases.case(key, row["id"], _since(row), _holder(key, row)) for row in those]

    def handed(key: str, those: list[ReportsOpenHandoffs]) -> list[HealthFinding]:
        what = "handoff {} for {} is not acknowledged"
        return [
            cases.case(
                *(key, row["id"], row["created_at"], what.format(row["handoff_id"], row["to_role"] or "anybody")),
                row["to_role"],
            )
            for row in those
        ]

    def asked(key: str, those: list[ReviewRequest]) -> list[HealthFinding]:
        return [
            cases.case(key, row["task_id"], row["created_at"], f"{row['role']} has not answered yet", row["role"])
            for row in those
        ]

    blocked = health.older_than(rows["blocked"], "status_since", limits["blocked"], now)
    return {
        "in_progress": claimed("in_progress", claims),
        "stale_in_progress": claimed(
            "stale_in_progress", [row for row in claims if health.age(_since(row), now) > limits["stale_in_progress"]]
        ),
        "over_lease": claimed("over_lease", health.claims_over_lease(claims, now)),
        "blocked_over_24h": [
            cases.case("blocked_over_24h", row["id"], row["status_since"], "blocked") for row in blocked
        ],
        "unacknowledged_handoffs": handed("unacknowledged_handoffs", handoffs),
        "unacknowledged_handoffs_over_1h": handed(
            "unacknowledged_handoffs_over_1h", health.older_than(handoffs, "created_at", limits["handoff"], now)
        ),
        "unrouted_reviews": [
            cases.case("unrouted_reviews", row["id"], row["updated_at"], _unrouted(row))
            for row in health.unrouted_reviews(rows["reviewed"], rows["requests"])
        ],
        "pending_reviews": asked("pending_reviews", pending),
        "pending_reviews_over_24h": asked(
            "pending_reviews_over_24h", health.older_than(pending, "created_at", limits["review"], now)
        ),
        "stale_reviews": [
            cases.case("stale_reviews", row["task_id"], row["created_at"], _off_tip(row), row["reviewer_role"])
            for row in health.stale_reviews(rows["verdicts"], cases.tips)
        ],
    }


def _loose(rows: LooseRows, cases: _Cases, limits: dict[str, float]) -> dict[str, list[HealthFinding]]:
    now = cases.now
    parents = health.older_than(rows["parents"], "status_since", limits["stale_in_progress"], now)
    monitors = [row for row in rows["monitors"] if not loose_ends.is_backed(row, _process(row), now)]
    undecided = health.older_than(rows["undecided"], "created_at", limits["handoff"], now)
    return {
        loose_ends.FAILED_CI: [
            cases.loose(row["id"], row["created_at"], loose_ends.of_failed_ci(row)) for row in rows["failed_ci"]
        ],
        loose_ends.PARENT: [cases.loose(row["id"], row["status_since"], loose_ends.of_parent(row)) for row in parents],
        loose_ends.MONITOR: [cases.loose(row["id"], row["created_at"], loose_ends.of_monitor(row)) for row in monitors],
        loose_ends.UNDECIDED: [
            cases.loose(row["id"], row["created_at"], loose_ends.of_undecided(row)) for row in undecided
        ],
    }


def _read_loose(project: Project, tx: Transaction, lane: str) -> LooseRows:
    claimed = claimed_status(project)
    return {
        "failed_ci": tx.all("loose_ends.failed_ci", role=lane),
        "parents": tx.all("loose_ends.parents_without_roll_up", claimed=claimed, role=lane),
        "monitors": tx.all("loose_ends.monitors", role=lane),
        "undecided": tx.all("loose_ends.undecided", claimed=claimed, role=lane),
    }


def _read(project: Project, lane: str, snapshot: Transaction | None) -> tuple[HealthRows, dict[str, str]]:
    with contextlib.nullcontext(snapshot) if snapshot else project.store.read() as tx:
        asked = open_reviews(tx, project.settings)
        rows: HealthRows = {
            "claims": tx.all("reports.in_status", status=claimed_status(project), role=lane),
            "blocked": tx.all("reports.in_status", status=BLOCKED, role=lane),
            "handoffs": tx.all("reports.open_handoffs", role=lane),
            "reviewed": [
                {**row, "review_status": asked["status"].get(row["id"], row["review_status"])}
                for row in tx.all("reports.under_review")
            ],
            "requests": asked["requests"],
            "verdicts": asked["verdicts"],
            **_read_loose(project, tx, lane),
        }
    return rows, _tips(project, rows["reviewed"])


def _tips(project: Project, reviewed: list[ReportsUnderReview]) -> dict[str, str]:
    """The commit at the tip of each task's branch, or of its lane's where it names none, by the task's id."""
    if project.repository is None:
        return {row["id"]: "" for row in reviewed}
    branches = {row["id"]: row["branch"] or settings_of.lane_branch(project.settings, row["lane"]) for row in reviewed}
    tips = branch_tips(project.repository, branches.values())
    return {task_id: tips.get(branch, "") for task_id, branch in branches.items()}


def _process(row: LooseEndsMonitors) -> str:
    return liveness(row["pid"], row["pid_started_at"], row["host"])


def _since(claim: ReportsInStatus) -> str:
    return claim["claimed_at"] or claim["status_since"]


def _holder(key: str, claim: ReportsInStatus) -> str:
    holder = f"claimed by {claim['claimant']}" if claim["claimant"] else "in progress without a claim"
    ended = f", lease ran out at {claim['lease_expires_at']}" if key == "over_lease" else ""
    return f"{holder} (owner {claim['owner'] or '-'}){ended}"


def _unrouted(task: ReportsUnderReview) -> str:
    return f"its review is {task['review_status']}, and no lane is asked for it"


def _off_tip(verdict: Verdict) -> str:
    commit = (verdict["reviewed_commit_sha"] or "")[:12]
    return f"{verdict['reviewer_role']} approved {commit}, which is not the branch tip"
