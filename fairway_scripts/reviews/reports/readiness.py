"""What the gates of many tasks add up to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.reviews.gates.profile_gates_rules import BLOCKING, MISSING, SATISFIED, gate_key, record_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.reviews.gates.profile_gates_rules import GateEvaluation, StandingGate
    from fairway_scripts.reviews.reports.report_shapes import Gap, GateOfAll, Readiness
    from fairway_scripts.store.rows import GatesTasks

    class TaskGate(GateEvaluation):
        """How a gate of one task stands."""

        task: GatesTasks


NO_TASKS = "no_tasks"


def readiness(gates: Iterable[StandingGate], found: Sequence[TaskGate], gap_limit: int) -> Readiness:
    """`{ok, task_count, blocking_missing, advisory_missing, gate_evaluations}` of the gates, each over its tasks.

    `gates` come from `profile_gates.gates_with_modes`; `found` are evaluations of `profile_gates.evaluate`, each with
    its `task` (task_id, title, kind, lane, status). `ok` says that no blocking gate is missing; the numbers count
    tasks that miss a gate in the mode that it has for each of them, `advisory_missing` those for which it does not
    block. A gate's evaluation has profile,
    gate, group, mode, configured_mode, evidence_type, task_count, satisfied_count, missing_count, status (SATISFIED,
    MISSING, NO_TASKS), missing (at most `gap_limit` of task_id, title, kind, lane, status, reasons,
    matching_evidence_count, fix) and satisfied (task_id, evidence: the ids that count, against).
    """
    evaluations = [_of_gate(gate, found, gap_limit) for gate in gates]
    blocking = [entry["mode"] == BLOCKING for entry in found if entry["status"] == MISSING]
    return {
        "ok": not any(blocking),
        "task_count": len({entry["task"]["task_id"] for entry in found}),
        "blocking_missing": sum(blocking),
        "advisory_missing": blocking.count(False),
        "gate_evaluations": evaluations,
    }


def _of_gate(gate: StandingGate, found: Iterable[TaskGate], gap_limit: int) -> GateOfAll:
    key = gate_key(gate["profile"], gate["name"])
    own = [entry for entry in found if gate_key(entry["profile"], entry["gate"]) == key]
    missing = [entry for entry in own if entry["status"] == MISSING]
    satisfied = [entry for entry in own if entry["status"] == SATISFIED]
    return {
        "profile": gate["profile"],
        "gate": gate["name"],
        "group": gate["group"],
        "mode": gate["mode"],
        "configured_mode": gate["configured_mode"],
        "evidence_type": gate["evidence_type"],
        "task_count": len(own),
        "satisfied_count": len(satisfied),
        "missing_count": len(missing),
        "status": MISSING if missing else SATISFIED if own else NO_TASKS,
        "missing": [_gap(entry) for entry in missing[:gap_limit]],
        "satisfied": [
            {"task_id": entry["task"]["task_id"], "evidence": entry["satisfied_by"], "against": entry["against"]}
            for entry in satisfied
        ],
    }


def _gap(entry: TaskGate) -> Gap:
    task = entry["task"]
    return {
        "task_id": task["task_id"],
        "title": task["title"],
        "kind": task["kind"] or "",
        "lane": task["lane"],
        "status": task["status"],
        "reasons": entry["reasons"],
        "matching_evidence_count": entry["matching_evidence_count"],
        "fix": record_line(entry, task["task_id"]),
    }
