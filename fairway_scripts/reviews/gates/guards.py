"""Recording what a guard found, and letting a guard become blocking."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest, suggest_again
from fairway_scripts.base.jsonio import dumps
from fairway_scripts.project.changes import Change, find_state
from fairway_scripts.project.config_authority import refuse_other_configuration
from fairway_scripts.reviews.gates import guards_rules as rules
from fairway_scripts.reviews.gates.profile_gates import gates_of_task
from fairway_scripts.reviews.gates.profile_gates_rules import (
    BLOCKING,
    GUARD_REPORT,
    gate_key,
    gates_with_modes,
    modes_now,
)
from fairway_scripts.work.records import record_evidence
from fairway_scripts.work.reviewers import own_claim

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import WorkstreamProfile
    from fairway_scripts.calls.tool_calls import GuardGraduate, RecordGuardReport
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.gates.profile_gates_rules import AppliedGate, StandingGate
    from fairway_scripts.reviews.judged_shapes import Graduated, GuardStanding
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.work.evidence import Special
    from fairway_scripts.work.work_shapes import EvidenceRecorded


def record_guard_report(
    project: Project, args: RecordGuardReport, *, findings: int | None, false_positives: int, duration: int | None
) -> EvidenceRecorded:
    """Record the run of a guard as evidence of type guard-report, for the one gate that PROFILE and GATE name.

    `findings` is None when the guard could not look. The result follows from the numbers, see
    `guards_rules.guard_result`. Returns the evidence (see `records.record_evidence`) with gate (PROFILE/GATE),
    guard_mode, findings_count and false_positives. Raises FairwayError: `usage`, `not_found` (gate, task, commit),
    `file_unavailable` (artifact), `self_review` (SIGNED_OFF_BY does the work), `fence_outdated`.
    """
    gate = named_gate(project, args.profile, args.gate)
    if gate["evidence_type"] not in ("", GUARD_REPORT):
        raise FairwayError(
            "usage",
            f"{gate_key(args.profile, args.gate)} takes evidence of type {gate['evidence_type']}, not {GUARD_REPORT}",
            suggest(
                "queue-record-evidence",
                TASK_ID=args.task_id,
                ARTIFACT_TYPE=gate["evidence_type"],
                COMMAND_TEXT=None,
                RESULT=None,
            ),
        )
    args.result = rules.guard_result(findings, false_positives, args.guard_mode, args.result.strip().lower())
    key = gate_key(args.profile, args.gate)
    special: Special = {
        "gate": key,
        "guard_mode": args.guard_mode,
        "findings_count": findings,
        "false_positives": false_positives,
    }
    recorded = record_evidence(project, args, GUARD_REPORT, duration=duration, special=special)
    with project.store.read() as tx:
        applying = [gate_key(entry["profile"], entry["name"]) for entry in gates_of_task(project, tx, args.task_id)]
    if key not in applying:
        project.notes.append(f"{key} is no gate of {args.task_id}: its profile or kind is another")
    return recorded


def graduate_guard(project: Project, args: GuardGraduate) -> Graduated:
    """Change the mode of a gate from now on: to blocking only when its graduation criteria hold, or with FORCE.

    Back to report_only or advisory needs no criteria, but somebody who holds no task of it.
    Returns profile, gate, mode_before, mode, configured_mode, criteria (None without), criteria_hold, reasons (why
    not), runs (ids of the evidence that was counted), forced, reason, recorded_by, created_at. Raises FairwayError:
    `usage`, `reason_required`, `not_found` (gate), `graduation_refused`, `self_review` (a blocking gate is lowered by
    whoever works on a task of it).
    """
    configured = named_gate(project, args.profile, args.gate)
    mode = rules.checked_mode(args.mode)
    if not args.reason.strip():
        raise FairwayError("reason_required", "a change of mode needs a REASON", suggest_again(args, REASON=None))
    refuse_other_configuration(project, "what a guard does")
    with Change(project, args) as change:
        repeated: Graduated | None = change.repeated()
        if repeated is not None:
            return repeated
        gate = gates_with_modes([configured], modes_now(change.tx.all("gates.modes")))[0]
        if gate["mode"] == mode:
            message = f"{gate_key(args.profile, args.gate)} is {mode} already"
            raise FairwayError("graduation_refused", message, suggest("readiness-report"))
        if gate["mode"] == BLOCKING:
            _refuse_for_own_work(change, key=gate_key(args.profile, args.gate))
        found = guard_standing(change.tx, gate, change.at)
        forced = mode == BLOCKING and not found["holds"]
        if forced and not args.force:
            raise _not_yet(args, found)
        row_id = change.tx.insert(
            "gates.add_mode",
            profile=args.profile,
            gate=args.gate,
            mode=mode,
            reason=args.reason,
            recorded_by=project.identity.actor,
            created_at=change.at,
            evidence=dumps(found["runs"]),
        )
        summary = f"{gate_key(args.profile, args.gate)} {gate['mode']} -> {mode}"
        answer: Graduated = {
            "profile": args.profile,
            "gate": args.gate,
            "mode": mode,
            "reason": args.reason,
            "recorded_by": project.identity.actor,
            "created_at": change.at,
            "mode_before": gate["mode"],
            "configured_mode": gate["configured_mode"],
            "criteria": gate["graduation"],
            "criteria_hold": found["holds"],
            "reasons": found["reasons"],
            "runs": found["runs"],
            "forced": forced,
        }
        change.record("guard_graduated", "", {"guard_mode_id": row_id, "summary": summary, **answer})
        return change.finish(answer)


def _refuse_for_own_work(change: Change, key: str) -> None:
    """Nobody lets a gate stand open that is blocking for work of their own."""
    who, project, tx = change.project.identity, change.project, change.tx
    asked = {"actor": who.actor, "session": who.session or who.actor, "before": _END_OF_TIME}
    held = tx.all("tasks.claims_of", **asked) if who.named else []
    taken = tx.all("gates.taken_in", session=who.session) if who.session else []
    for task_id in dict.fromkeys(row["task_id"] for row in (*held, *taken)):
        why = own_claim(project, tx, find_state(tx, task_id))
        if why and key in [gate_key(row["profile"], row["name"]) for row in gates_of_task(project, tx, task_id)]:
            raise FairwayError(
                "self_review",
                f"{key} is blocking for {task_id}: {why}",
                "somebody who does none of that work changes what the guard does",
                task_id=task_id,
            )


def guard_standing(tx: Transaction, gate: StandingGate, now: str) -> GuardStanding:
    """How near the guard of a gate is to graduation at `now`, see `guards_rules.graduation`."""
    runs = tx.all("gates.runs", gate=gate_key(gate["profile"], gate["name"]))
    return rules.graduation(gate["graduation"], runs, now)


def named_gate(project: Project, profile: str, gate: str) -> AppliedGate:
    """A gate of the configuration with its `profile`; raises FairwayError `not_found` naming the ones there are."""
    entry = named_profile(project, profile)
    for found in entry["gates"]:
        if found["name"] == gate:
            return {**found, "profile": profile}
    known = ", ".join(found["name"] for found in entry["gates"]) or "none"
    raise FairwayError("not_found", f"the profile {profile} has no gate {gate!r}; gates: {known}", _CONFIG)


def named_profile(project: Project, profile: str) -> WorkstreamProfile:
    """A workstream profile of the configuration; raises FairwayError `not_found` naming the ones there are."""
    entries = project.settings["workstream_profiles"]
    for entry in entries:
        if entry["name"] == profile:
            return entry
    known = ", ".join(entry["name"] for entry in entries) or "none"
    raise FairwayError("not_found", f"there is no workstream profile {profile!r}; profiles: {known}", _CONFIG)


#: Later than any lease.
_END_OF_TIME = "9999"
_CONFIG = "name one of these, or add it to [[workstream_profiles]] in .fairway/config.toml"


def _not_yet(args: GuardGraduate, found: GuardStanding) -> FairwayError:
    return FairwayError(
        "graduation_refused",
        f"{gate_key(args.profile, args.gate)} cannot become {args.mode} yet: {'; '.join(found['reasons'])}",
        suggest(
            "record-guard-report",
            TASK_ID=None,
            PROFILE=args.profile,
            GATE=args.gate,
            GUARD_MODE=None,
            COMMAND_TEXT=None,
        ),
        reasons=found["reasons"],
        runs=found["runs"],
    )
