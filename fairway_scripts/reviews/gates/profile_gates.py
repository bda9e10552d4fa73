"""How the gates of a task's workstream profiles stand, from what is recorded."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.identity import same_name
from fairway_scripts.reviews.gates import profile_gates_rules as rules
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.own_approvals import recorded_in
from fairway_scripts.work.reviewers import proves

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.gates.profile_gates_rules import GateEvaluation, StandingGate
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Evidence, GatesModes, TasksPastHolders

    class Graduation(GatesModes):
        """What a guard was graduated to, and in which session, "" for none."""

        session: str


def gates_of_task(project: Project, tx: Transaction, task_id: str) -> list[StandingGate]:
    """The gates of a task with the mode that holds now; no query for a project without workstream profiles."""
    if not project.settings["workstream_profiles"]:
        return []
    task = tx.one("gates.profile_of", task_id=task_id) or {"kind": "", "profile": ""}
    gates = rules.gates_of(task["kind"] or "", task["profile"] or "", project.settings)
    if not gates:
        return []
    past = tx.all("tasks.past_holders", task_id=task_id)
    modes = modes_for(past, graduations(tx), lambda: claimed_in(tx, task_id, past))
    standing = rules.gates_with_modes(gates, modes)
    return with_holders(standing, past, lambda: own_sign_offs(tx, task_id, past))


def graduations(tx: Transaction) -> list[Graduation]:
    """What guards were graduated to, oldest first, each with the session in which it was lowered, "" for none."""
    modes = tx.all("gates.modes")
    lowered: dict[int, str] = {}
    if any(row["mode"] != rules.BLOCKING for row in modes):
        for event in tx.all("gates.graduated_in"):
            number = stored(event["payload"], dict, "payload").get("guard_mode_id", 0)
            lowered[number] = event["session_id"] or ""
    return [{**row, "session": lowered.get(row["id"], "")} for row in modes]


def modes_for(
    past: Sequence[TasksPastHolders], modes: list[Graduation], claimed: Callable[[], Collection[str]]
) -> dict[str, str]:
    """What guards were graduated to, as far as it counts for a task: no gate of it is lowered by its holders.

    `past` are its holders, `modes` comes from `graduations`, `claimed` gives what `claimed_in` does.
    """
    holders = [row["claimant"] for row in past if row["claimant"]]
    sessions = claimed() if holders and any(row["session"] for row in modes) else ()

    def is_own(row: Graduation) -> bool:
        return row["session"] in sessions or any(same_name(row["recorded_by"], name) for name in holders)

    return rules.modes_now(row for row in modes if row["mode"] == rules.BLOCKING or not is_own(row))


def claimed_in(tx: Transaction, task_id: str, past: Sequence[TasksPastHolders]) -> set[str]:
    """The sessions in which a task was claimed; `past` are its holders."""
    claimants = [row["claimant"] or "" for row in past]
    traces = tx.all("records.traces", task_id=task_id)
    return {row["session_id"] for row in traces if row["session_id"] and proves(row, claimants, evidence=False)}


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
    claimed = claimed_in(tx, task_id, past)
    every = recorded_in(tx.all("records.traces", task_id=task_id), ("evidence_recorded",)).items()
    return {row_id: session for (_table, row_id), session in every if session in claimed}


def gate_evaluations(
    project: Project, gates: list[StandingGate], evidence: list[Evidence], commit: str, now: str = ""
) -> list[GateEvaluation]:
    """`profile_gates_rules.evaluate` of each gate on `commit` ("" when it is not known), at `now` or this moment."""
    stale = project.settings["gates"]["stale_evidence"]
    return rules.evaluate_all(gates, evidence, now=now or clock.now(), commit=commit, stale=stale)
