"""How the gates of a task's workstream profiles stand, from what is recorded."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.identity import same_name
from fairway_scripts.reviews.gates import profile_gates_rules as rules
from fairway_scripts.work.own_approvals import recorded_in
from fairway_scripts.work.reviewers import proves

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.gates.profile_gates_rules import GateEvaluation, StandingGate
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Evidence, GatesModes, TasksPastHolders


def gates_of_task(project: Project, tx: Transaction, task_id: str) -> list[StandingGate]:
    """The gates of a task with the mode that holds now; no query for a project without workstream profiles."""
    if not project.settings["workstream_profiles"]:
        return []
    task = tx.one("gates.profile_of", task_id=task_id) or {"kind": "", "profile": ""}
    gates = rules.gates_of(task["kind"] or "", task["profile"] or "", project.settings)
    if not gates:
        return []
    past = tx.all("tasks.past_holders", task_id=task_id)
    standing = rules.gates_with_modes(gates, modes_for(past, tx.all("gates.modes")))
    return with_holders(standing, past, lambda: own_sign_offs(tx, task_id, past))


def modes_for(past: Sequence[TasksPastHolders], modes: list[GatesModes]) -> dict[str, str]:
    """What guards were graduated to, as far as it counts for a task: no gate of it is lowered by its holders."""
    holders = [row["claimant"] for row in past if row["claimant"]]
    return rules.modes_now(
        row
        for row in modes
        if row["mode"] == rules.BLOCKING or not any(same_name(row["recorded_by"], name) for name in holders)
    )


def with_holders(
    gates: list[StandingGate], past: Sequence[TasksPastHolders], signed: Callable[[], dict[int, str]]
) -> list[StandingGate]:
    """The gates, those that ask for a sign-off with whose does not count: nobody signs off work of their own.

    `past` are the holders of the task, `signed` gives what `own_sign_offs` does.
    """
    if not any(gate["owner_signoff_required"] for gate in gates):
        return gates
    names = [name for row in past if row["claimant"] for name in (row["claimant"], row["owner"]) if name]
    own = signed()
    return [{**gate, "holders": names, "own": own} if gate["owner_signoff_required"] else gate for gate in gates]


def own_sign_offs(tx: Transaction, task_id: str, past: Sequence[TasksPastHolders]) -> dict[int, str]:
    """The evidence of a task, by its ids, that was recorded in a session which has claimed the task: that session."""
    traces, claimants = tx.all("records.traces", task_id=task_id), [row["claimant"] or "" for row in past]
    claimed = {row["session_id"] for row in traces if proves(row, claimants, evidence=False)}
    every = recorded_in(traces, ("evidence_recorded",)).items()
    return {row_id: session for (_table, row_id), session in every if session in claimed}


def gate_evaluations(
    project: Project, gates: list[StandingGate], evidence: list[Evidence], commit: str, now: str = ""
) -> list[GateEvaluation]:
    """`profile_gates_rules.evaluate` of each gate on `commit` ("" when it is not known), at `now` or this moment."""
    stale = project.settings["gates"]["stale_evidence"]
    return rules.evaluate_all(gates, evidence, now=now or clock.now(), commit=commit, stale=stale)
