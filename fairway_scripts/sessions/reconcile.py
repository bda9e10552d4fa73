"""Comparing sessions with their processes, panes and tasks, and marking the ones that are over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.settings import lane_provider
from fairway_scripts.lanes.elsewhere import is_elsewhere
from fairway_scripts.programs.processes import liveness
from fairway_scripts.project.changes import Change
from fairway_scripts.sessions.launch_lines import launch_lines
from fairway_scripts.sessions.session_findings import MARK_STALE, session_finding, unattended
from fairway_scripts.sessions.sessions import live_sessions
from fairway_scripts.sessions.terminals import panes_of
from fairway_scripts.work.claims import claimed_status

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionReconcile
    from fairway_scripts.project.project import Project
    from fairway_scripts.sessions.session_shapes import AppliedFinding, Reconciled, SessionFacts, SessionFinding
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import SessionRow


def reconcile(project: Project, args: SessionReconcile) -> Reconciled:
    """Mark the sessions that are over as stale, and report tasks in progress without a session; tasks never change.

    Returns `{findings, marked, dry_run, checked}`: the findings of `session_findings`, each with `applied`, the
    ids of the sessions that were marked, how many sessions were looked at.
    """
    with project.store.read() as tx:
        facts = session_facts(project, live_sessions(tx))
    if args.dry_run:
        with project.store.read() as tx:
            return _answer(session_findings(project, tx, facts, clock.now()), [], facts, dry_run=True)
    with Change(project, args) as change:
        repeated: Reconciled | None = change.repeated()
        if repeated is not None:
            return repeated
        findings = session_findings(project, change.tx, facts, change.at)
        marked: list[str] = []
        for finding in findings:
            session_id = finding["session_id"]
            if finding["action"] == MARK_STALE and session_id:
                change.tx.run("sessions.mark_stale", session_id=session_id, at=change.at, reason=finding["reason"])
                marked.append(session_id)
        if marked:
            reasons = {entry["session_id"]: entry["reason"] for entry in findings if entry["session_id"] in marked}
            change.record("session_reconciled", "", {"stale": reasons})
        return change.finish(_answer(findings, marked, facts, dry_run=False))


def session_facts(project: Project, rows: list[SessionRow]) -> dict[str, SessionFacts]:
    """What can be seen of each session: `{session_id: {process, pane, theirs}}`; one program call a terminal server."""
    panes = panes_of(rows)
    return {
        row["session_id"]: {
            "process": liveness(row["pid"], row["pid_started_at"], row["host"]),
            "pane": panes[row["session_id"]],
            "theirs": is_elsewhere(project, row),
        }
        for row in rows
    }


def session_findings(
    project: Project, tx: Transaction, facts: dict[str, SessionFacts], at: str
) -> list[SessionFinding]:
    """Every finding about the live sessions that `facts` knows, and about tasks in progress, in a fixed order.

    A lane that names no provider and never had a session is worked in by people: no session is missing there.
    """
    stale_after = clock.duration(project.settings["sessions"]["stale_after"])
    tasks = {row["session_id"]: row for row in tx.all("sessions.tasks_of_live")}
    findings: list[SessionFinding] = []
    attended: set[str] = set()
    lanes: dict[str, set[str | None]] = {}
    for row in live_sessions(tx):
        session_id = row["session_id"]
        seen = facts.get(session_id)  # a session that was registered a moment ago is left alone
        found = session_finding(row, seen, tasks.get(session_id), at, stale_after) if seen else None
        if found is not None:
            findings.append(found)
            continue
        lanes.setdefault(row["lane"], set()).add(row["task_id"])
        if row["task_id"]:
            attended.add(row["task_id"])
    in_progress = [
        row
        for row in tx.all("sessions.tasks_in_progress", claimed=claimed_status(project))
        if row["has_had_sessions"] or lane_provider(project.settings, row["lane"])
    ]
    return findings + unattended(in_progress, attended, lanes, launch_lines(project))


def _answer(
    findings: list[SessionFinding], marked: list[str], facts: dict[str, SessionFacts], *, dry_run: bool
) -> Reconciled:
    told: list[AppliedFinding] = [{**finding, "applied": finding["session_id"] in marked} for finding in findings]
    return {"findings": told, "marked": marked, "dry_run": dry_run, "checked": len(facts)}
