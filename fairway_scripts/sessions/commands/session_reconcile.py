"""session-reconcile."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, table
from fairway_scripts.queue.opening import open_project
from fairway_scripts.sessions.reconcile import reconcile

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import SessionReconcile
    from fairway_scripts.sessions.session_shapes import Reconciled, SessionFinding

COLUMNS = ("subject", "lane", "did", "check", "reason")


def run(args: SessionReconcile) -> int:
    """Print what does not fit and what was done about it."""
    project = open_project(args)
    found = reconcile(project, args)
    rows = [
        {**finding, "subject": finding["session_id"] or finding["task_id"], "did": _did(finding, found)}
        for finding in found["findings"]
    ]
    lines = [f"{found['checked']} live sessions checked, {len(found['marked'])} marked stale"]
    lines += table(rows, COLUMNS, form="text")
    if not rows:
        lines.append("nothing to do")
    lines += [f"fix: {row['fix']}" for row in rows if row["action"] == "report"]
    answer(args, found, lines)
    return OK


def _did(finding: SessionFinding, found: Reconciled) -> str:
    if finding["action"] == "report":
        return "reported"
    return "would be marked stale" if found["dry_run"] else "marked stale"
