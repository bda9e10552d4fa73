"""How the gates of a task's workstream profiles stand, from what is recorded."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.identity import same_name
from fairway_scripts.reviews.gates import profile_gates_rules as rules

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.gates.profile_gates_rules import GateEvaluation, StandingGate
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Evidence, GatesModes


def gates_of_task(project: Project, tx: Transaction, task_id: str) -> list[StandingGate]:
    """The gates of a task with the mode that holds now; no query for a project without workstream profiles."""
    if not project.settings["workstream_profiles"]:
        return []
    task = tx.one("gates.profile_of", task_id=task_id) or {"kind": "", "profile": ""}
    gates = rules.gates_of(task["kind"] or "", task["profile"] or "", project.settings)
    standing = rules.gates_with_modes(gates, modes_for(tx, task_id, tx.all("gates.modes"))) if gates else []
    return with_holders(tx, task_id, standing)


def modes_for(tx: Transaction, task_id: str, modes: list[GatesModes]) -> dict[str, str]:
    """What guards were graduated to, as far as it counts for a task: no gate of it is lowered by its holders."""
    if all(row["mode"] == rules.BLOCKING for row in modes):
        return rules.modes_now(modes)
    holders = [row["claimant"] for row in tx.all("tasks.past_holders", task_id=task_id) if row["claimant"]]
    own = [row for row in modes if any(same_name(row["recorded_by"], name) for name in holders)]
    return rules.modes_now(row for row in modes if row["mode"] == rules.BLOCKING or row not in own)


def with_holders(tx: Transaction, task_id: str, gates: list[StandingGate]) -> list[StandingGate]:
    """The gates, those that ask for a sign-off with who holds or held the claim: they sign off no work of their own."""
    if not any(gate["owner_signoff_required"] for gate in gates):
        return gates
    past = [row for row in tx.all("tasks.past_holders", task_id=task_id) if row["claimant"]]
    names = [name for row in past for name in (row["claimant"], row["owner"]) if name]
    return [{**gate, "holders": names} if gate["owner_signoff_required"] else gate for gate in gates]


def gate_evaluations(
    project: Project, gates: list[StandingGate], evidence: list[Evidence], commit: str, now: str = ""
) -> list[GateEvaluation]:
    """`profile_gates_rules.evaluate` of each gate on `commit` ("" when it is not known), at `now` or this moment."""
    stale = project.settings["gates"]["stale_evidence"]
    return rules.evaluate_all(gates, evidence, now=now or clock.now(), commit=commit, stale=stale)
