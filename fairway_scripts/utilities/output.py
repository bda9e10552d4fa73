"""What was delivered, by lane and time span: from evidence alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.utilities import output_kinds as rules

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.utilities.utility_shapes import Delivered, DeliveredRecord, OutputReport


def output_report(project: Project, *, lane: str, since: str, until: str) -> OutputReport:
    """`{lane, since, until, outputs, counts, delivered, undelivered}` of one lane or (lane "") of all.

    Only records that were not withdrawn and say pass or partial count; `since` and `until` are stored times or "".
    `undelivered` looks at tasks finished in the span, and at their evidence of whatever time.
    """
    table = project.settings["output_kinds"] or rules.DEFAULT
    with project.store.read() as tx:
        evidence = tx.all("evidence_checks.delivered", lane=lane, since=since, until=until)
        ever = tx.all("evidence_checks.delivered", lane=lane, since="", until="")
        finished = tx.all("evidence_checks.finished", lane=lane, since=since, until=until)
    shown = rules.delivered(evidence, table)
    known = [lane] if lane else settings_of.lanes(project.settings)
    others = sorted({row["lane"] for row in [*evidence, *finished]} - set(known))
    missing = rules.undelivered(finished, rules.delivered(ever, table), table)
    return {
        "lane": lane,
        "since": since,
        "until": until,
        "outputs": [kind["name"] for kind in table],
        "counts": rules.counts([*known, *others], shown, table),
        "delivered": [_record(row) for row in shown],
        "undelivered": missing,
    }


def _record(row: Delivered) -> DeliveredRecord:
    return {
        "evidence_id": row["id"],
        "output": row["output"],
        "lane": row["lane"],
        "task_id": row["task_id"],
        "task_kind": row["task_kind"],
        "by": row["by"],
        "result": row["result"],
        "artifact_type": row["artifact_type"],
        "artifact_path": row["artifact_path"],
        "commit_sha": row["commit_sha"],
    }
