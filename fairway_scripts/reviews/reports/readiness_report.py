"""Which gates of the workstream profiles are met, over all tasks of the queue."""

from __future__ import annotations

from functools import partial
from operator import itemgetter
from typing import TYPE_CHECKING

from fairway_scripts.reviews.gates import profile_gates_rules as rules
from fairway_scripts.reviews.gates.guards import guard_standing, named_profile
from fairway_scripts.reviews.gates.profile_gates import (
    claimed_in,
    graduations,
    modes_for,
    own_sign_offs,
    with_holders,
)
from fairway_scripts.reviews.reports.readiness import readiness
from fairway_scripts.reviews.task_detail import measured_on

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.gates.profile_gates_rules import AppliedGate, StandingGate
    from fairway_scripts.reviews.reports.readiness import TaskGate
    from fairway_scripts.reviews.reports.report_shapes import ReadinessReport
    from fairway_scripts.store.rows import Evidence, TasksPastHolders

_signer = itemgetter("signed_off_by")


def readiness_report(project: Project, *, profile: str, now: str, gap_limit: int) -> ReadinessReport:
    """The gates of one profile, or (profile "") of all, over every task that is in the queue.

    `now` is the stored time at which records are young or old; at most `gap_limit` tasks that miss a gate are named.
    Returns what `readiness.readiness` gives, and for a gate with graduation criteria `graduation` (`{holds,
    reasons, runs}`). Raises FairwayError `not_found` (profile).
    """
    if profile:
        named_profile(project, profile)
    settings = project.settings
    with project.store.read() as tx:
        modes = graduations(tx)
        tasks = tx.all("gates.tasks")
        evidence: dict[str, list[Evidence]] = {}
        for row in tx.all("gates.evidence"):
            evidence.setdefault(row["task_id"], []).append(row)
        configured: list[AppliedGate] = [
            {**gate, "profile": entry["name"]}
            for entry in settings["workstream_profiles"]
            if profile in ("", entry["name"])
            for gate in entry["gates"]
        ]
        gates = rules.gates_with_modes(configured, rules.modes_now(modes))
        holders: dict[str, list[TasksPastHolders]] = {}
        for held in tx.all("gates.holders"):
            holders.setdefault(held["task_id"], []).append(held)
        standing = {
            rules.gate_key(gate["profile"], gate["name"]): guard_standing(tx, gate, now)
            for gate in gates
            if gate["graduation"]
        }
        standing_gates: dict[str, list[StandingGate]] = {}
        for task in tasks:
            name, own = task["task_id"], rules.gates_of(task["kind"] or "", task["profile"] or "", settings)
            past = holders.get(name, [])
            signed = partial(own_sign_offs, tx, name, past) if any(map(_signer, evidence.get(name, []))) else dict
            mode_of = modes_for(past, modes, partial(claimed_in, tx, name, past)) if own else {}
            standing_gates[name] = with_holders(rules.gates_with_modes(own, mode_of), past, signed)
    stale = settings["gates"]["stale_evidence"]
    found: list[TaskGate] = []
    for task in tasks:
        mine = [gate for gate in standing_gates[task["task_id"]] if profile in ("", gate["profile"])]
        commit = measured_on(project, task)["commit_sha"] if mine else ""
        rows = evidence.get(task["task_id"], [])
        evaluations = rules.evaluate_all(mine, rows, now=now, commit=commit, stale=stale)
        found += [{**entry, "task": task} for entry in evaluations]
    report = readiness(gates, found, gap_limit)
    for entry in report["gate_evaluations"]:
        entry["graduation"] = standing.get(rules.gate_key(entry["profile"], entry["gate"]))
    return {"profile": profile, **report}
