"""What the coordinator's view is made of, as the store says it, under the names that rules take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base import settings as settings_of
from fairway_scripts.board.reports import tasks_by_lane
from fairway_scripts.project.work_place import reading_line
from fairway_scripts.reviews.given_verdicts import lighter_for_nothing
from fairway_scripts.reviews.next_step import BLOCKED
from fairway_scripts.reviews.open_reviews import open_reviews
from fairway_scripts.reviews.review_bars import judge_by_records
from fairway_scripts.runs.checkpoints import current_checkpoints
from fairway_scripts.runs.watchers import current_watchers
from fairway_scripts.sessions.reconcile import session_facts, session_findings
from fairway_scripts.sessions.sessions import live_sessions
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.own_approvals import own_approvals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.board.board_shapes import Facts, LaneFacts
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import OrchestratorActive
    from fairway_scripts.work.work_shapes import Holding

#: Ready tasks of a lane that are named; the others are counted.
READY_NAMED = 3


def of_lanes(project: Project, tx: Transaction) -> LaneFacts:
    """What the store says of the lanes as a whole, under the names of `board_rules.lane_rows`."""
    settings = project.settings
    initial = settings_of.initial_status(settings)
    counts = tasks_by_lane(tx)
    return {
        "lanes": settings_of.lanes(settings),
        "statuses": settings["states"]["allowed"],
        "claimed": claimed_status(project),
        "counts": counts["rows"],
        "ready": counts["ready"],
        "waiting": {row["lane"]: row["tasks"] for row in tx.all("orchestrator.waiting", initial=initial)},
    }


def of_work(project: Project, tx: Transaction, now: str) -> Facts:
    """What the store says of the work, under the names that `tick.actions` takes."""
    settings = project.settings
    claimed = claimed_status(project)
    work = tx.all("orchestrator.active", claimed=claimed, blocked=BLOCKED)
    terminal = settings["states"]["terminal"]
    routed: dict[str, list[str]] = {}
    last_routing: dict[str, str] = {}
    for row in tx.all("orchestrator.routings"):
        last_routing[row["task_id"]] = row["payload"]
        routed.setdefault(row["task_id"], []).append(stored(row["payload"], dict, "payload").get("commit_sha") or "")
    sessions = live_sessions(tx)
    seen = session_facts(project, sessions)
    task_lanes = {row["task_id"]: row["lane"] for row in tx.all("orchestrator.task_lanes")}
    watchers = current_watchers(project, tx, now)
    asked = open_reviews(tx, settings)
    requests = asked["requests"]
    reading = {(row["role"], row["task_id"]): reading_line(project, row["role"], row["task_id"]) for row in requests}
    return {
        "now": now,
        "lanes": settings_of.lanes(settings),
        "finished": terminal[0] if terminal else "done",
        "limits": {
            "max_primary_tracks": settings["coordinator"]["max_primary_tracks"],
            "max_sidecar_tracks": settings["coordinator"]["max_sidecar_tracks"],
            "max_review_tracks": settings["coordinator"]["max_review_tracks"],
        },
        "thresholds": {
            "handoff": clock.duration(settings["health"]["handoff"]),
            "blocked": clock.duration(settings["health"]["blocked"]),
        },
        "active": [row for row in work if row["status"] == claimed],
        "blocked": [row for row in work if row["status"] == BLOCKED],
        "ready_first": tx.all("orchestrator.ready_first", places=READY_NAMED),
        "handoffs": {row["task_id"]: row for row in tx.all("orchestrator.last_handoffs")},
        "routed": routed,
        "requests": requests,
        "reading": reading,
        "verdicts": asked["verdicts"],
        "gate": settings["gates"]["require_review_before_done"],
        "lighter": _lighter(tx, work, last_routing),
        "missing_domains": _missing_domains(project, tx, work, now),
        "task_lanes": task_lanes,
        "sessions": [{**row, **seen[row["session_id"]]} for row in sessions],
        "session_findings": session_findings(project, tx, seen, now),
        "watchers": [{**row, "lane": row["lane"] or task_lanes.get(row["task_id"], "")} for row in watchers],
        "checkpoints": current_checkpoints(project, tx, now),
        "write_backs": tx.all("write_backs.failures"),
    }


def _lighter(tx: Transaction, work: list[OrchestratorActive], last_routing: dict[str, str]) -> dict[str, str]:
    """Task -> why the review that it was routed for is not the one that it needs, see `lighter_for_nothing`."""
    found = {}
    for row in work:
        payload = last_routing.get(row["task_id"], "{}")
        if stored(payload, dict, "payload").get("waiver_id") is not None:
            waivers = tx.all("waivers.of_task", task_id=row["task_id"], withdrawn=0)
            _own, own = own_approvals(tx, _holding(row), [], {}, waivers)
            found[row["task_id"]] = lighter_for_nothing(payload, waivers, own)
    return found


def _holding(row: OrchestratorActive) -> Holding:
    return {"task_id": row["task_id"], "role": row["lane"], "owner": row["owner"], "claimant": row["claimant"]}


def _missing_domains(
    project: Project, tx: Transaction, work: list[OrchestratorActive], now: str
) -> dict[str, list[str]]:
    """Task -> the declared approvals that nobody has given on any commit; what is not known counts as one."""
    found = {}
    for row in work:
        if row["declares"]:
            judged = judge_by_records(project, tx, _holding(row), "", now=now)
            found[row["task_id"]] = [*judged["missing"], *judged["bar"]["faults"]]
    return found


def committed(facts: Facts) -> set[str]:
    """The commits that the records of open work name."""
    named = [row["commit_sha"] for row in facts["handoffs"].values()]
    return {commit for commit in [*named, *(row["commit_sha"] for row in facts["active"])] if commit}


def concerns(row: Mapping[str, object], lane: str) -> bool:
    """Whether a row is of a lane ("" for any), or of none."""
    return not lane or row["lane"] in ("", None, lane)
