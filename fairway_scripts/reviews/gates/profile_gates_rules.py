"""The gates of workstream profiles: which apply to a task, and which recorded evidence satisfies them.

A gate asks for a number of evidence records; each must have the right type, result and artifact, be young enough,
speak for the commit, and carry the owner's sign-off where the gate asks for one. Nothing here decides: what a missing
record does follows from the mode of the gate.
"""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest_in_document
from fairway_scripts.base.identity import same_name
from fairway_scripts.settings.review_needs import needed_count, profiles_of
from fairway_scripts.work.gates import staleness

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypedDict

    from fairway_scripts.base.settings_shape import Settings, WorkstreamProfile, WorkstreamProfileGate
    from fairway_scripts.store.rows import Evidence, GatesModes

    class AppliedGate(WorkstreamProfileGate):
        """A gate of a task, with the profile that it is one of."""

        profile: str

    class StandingGate(AppliedGate):
        """A gate with the mode that holds now, and whose sign-offs do not count (`profile_gates.with_holders`)."""

        configured_mode: str
        holders: list[str]
        own: dict[int, str]

    class Rejected(TypedDict):
        """A record of the right type that does not count, and why."""

        id: int
        why: str

    class GateAsked(TypedDict):
        """What the command line that records for a gate has to say."""

        profile: str
        gate: str
        evidence_type: str
        artifact_required: bool
        owner_signoff_required: bool

    class GateEvaluation(GateAsked):
        """How a gate stands, see `evaluate`."""

        mode: str
        configured_mode: str
        group: str
        description: str
        accepted_results: list[str]
        expires_after: str
        status: str
        needed: int
        satisfied_by: list[int]
        stale: list[int]
        matching_evidence_count: int
        rejected: list[Rejected]
        reasons: list[str]
        against: int | None


BLOCKING = "blocking"
#: From the lightest to the heaviest: only a blocking gate stands in the way.
MODES = ("report_only", "advisory", BLOCKING)
SATISFIED = "satisfied"
MISSING = "missing"

#: The type of evidence that record-guard-report records.
GUARD_REPORT = "guard-report"

#: Results that speak against what an earlier record showed, unless the gate accepts them.
_AGAINST = ("fail", "blocked")


def gates_of(kind: str, profile: str, settings: Settings) -> list[AppliedGate]:
    """The gates of a task, each with the name of its `profile` added, in the order of the configuration.

    The task's own field `profile` decides when it names one of the configured profiles; else every profile applies
    that has the task's kind, or no kinds at all. A gate may be for some kinds only.
    """
    return [gate for entry in profiles_of(kind, profile, settings) for gate in _of_profile(entry, kind)]


def _of_profile(entry: WorkstreamProfile, kind: str) -> list[AppliedGate]:
    return [
        {**gate, "profile": entry["name"]}
        for gate in entry["gates"]
        if not gate["task_kinds"] or kind in gate["task_kinds"]
    ]


def gate_key(profile: str, gate: str) -> str:
    """The one name of a gate: `PROFILE/GATE`, as a guard's report names the gate that it was recorded for."""
    return f"{profile}/{gate}"


def modes_now(rows: Iterable[GatesModes]) -> dict[str, str]:
    """What guards were graduated to: gate key -> mode; `rows` are those of guard_modes, oldest first."""
    return {gate_key(row["profile"], row["gate"]): row["mode"] for row in rows}


def gates_with_modes(gates: Iterable[AppliedGate], modes: dict[str, str]) -> list[StandingGate]:
    """The gates with the mode that holds now; `configured_mode` keeps the one of the configuration."""
    return [
        {
            **gate,
            "configured_mode": gate["mode"],
            "holders": [],
            "own": {},
            "mode": modes.get(gate_key(gate["profile"], gate["name"]), gate["mode"]),
        }
        for gate in gates
    ]


def evaluate(gate: StandingGate, evidence: Iterable[Evidence], *, now: str, commit: str, stale: str) -> GateEvaluation:
    """How a gate (of `gates_with_modes`) stands, given the evidence of one task, oldest first.

    `now` is a stored time, `commit` the full id of the commit that records have to speak for ("" when it is not
    known), `stale` the policy `gates.stale_evidence`. Returns profile, gate, group, mode, configured_mode,
    what it asks for (evidence_type, accepted_results, artifact_required, owner_signoff_required,
    expires_after), status (SATISFIED, MISSING), needed, satisfied_by (the ids that count, the best first,
    at most `needed`), stale (those of them that speak for another commit, where that is to be said),
    matching_evidence_count, rejected (`{id, why}` of the records of the right type that do not
    count), reasons (why it is missing), and against (the id of a later record that speaks against those, or None).
    """
    key, needed = gate_key(gate["profile"], gate["name"]), needed_count(gate)
    counted, current = [], []
    rejected: list[Rejected] = []
    for row in evidence:
        if not _is_candidate(gate, key, row):
            continue
        why = _why_not(gate, row, now, commit, stale)
        if why:
            rejected.append({"id": row["id"], "why": why})
            current += [row] if row["result"] in _AGAINST and not staleness(row, commit) else []
        else:
            counted.append(row)
    best = sorted(counted, key=lambda row: (bool(staleness(row, commit)), -row["id"]))[:needed]
    satisfied = len(best) >= needed
    last = max((row["id"] for row in best), default=0)
    against = [row["id"] for row in current if row["id"] > last] if best else []
    return {
        "profile": gate["profile"],
        "gate": gate["name"],
        "mode": gate["mode"],
        "configured_mode": gate["configured_mode"],
        "group": gate["group"],
        "evidence_type": gate["evidence_type"],
        "description": gate["description"],
        "accepted_results": gate["accepted_results"],
        "artifact_required": gate["artifact_required"],
        "owner_signoff_required": gate["owner_signoff_required"],
        "expires_after": gate["expires_after"],
        "status": SATISFIED if satisfied else MISSING,
        "needed": needed,
        "satisfied_by": [row["id"] for row in best],
        "stale": [row["id"] for row in best if staleness(row, commit)] if stale == "warn" else [],
        "matching_evidence_count": len(counted),
        "rejected": rejected,
        "reasons": [] if satisfied else _reasons(gate, len(counted), needed, rejected),
        "against": against[-1] if against else None,
    }


def evaluate_all(
    gates: Iterable[StandingGate], evidence: list[Evidence], *, now: str, commit: str, stale: str
) -> list[GateEvaluation]:
    """`evaluate` of every gate of a task."""
    return [evaluate(gate, evidence, now=now, commit=commit, stale=stale) for gate in gates]


def gate_text(found: GateEvaluation) -> str:
    """How a gate stands, in words: `gate P/G (blocking): evidence 4`."""
    name = f"{gate_key(found['profile'], found['gate'])} ({found['mode']})"
    if found["status"] == MISSING:
        return f"{name}: {'; '.join(found['reasons'])}"
    if not found["needed"]:
        return f"{name}: asks for no evidence"
    text = f"{name}: evidence {', '.join(str(row_id) for row_id in found['satisfied_by'])}"
    if found["stale"]:
        text += f", of which {', '.join(str(row_id) for row_id in found['stale'])} stale"
    return text if found["against"] is None else f"{text}, but evidence {found['against']} says otherwise since"


def asked_by(gate: AppliedGate) -> GateAsked:
    """What `record_line` has to know of a gate that was not evaluated."""
    return {
        "profile": gate["profile"],
        "gate": gate["name"],
        "evidence_type": gate["evidence_type"],
        "artifact_required": gate["artifact_required"],
        "owner_signoff_required": gate["owner_signoff_required"],
    }


def record_line(found: GateAsked, task_id: str, commit: str = "") -> str:
    """The command that records what a gate asks for, with all that only its runner can know asked for.

    `found` is an evaluation, `commit` what was judged, where that is known: the line may be typed where another commit
    is checked out. It stands in documents, so it is one for make.
    """
    values: dict[str, str | None] = {"TASK_ID": task_id, "COMMAND_TEXT": None, "COMMIT": commit[:12]}
    if found["artifact_required"]:
        values["ARTIFACT_PATH"] = None
    if found["evidence_type"] == GUARD_REPORT:
        values |= {"PROFILE": found["profile"], "GATE": found["gate"], "GUARD_MODE": None, "FINDINGS": None}
        return suggest_in_document("record-guard-report", **values)
    values |= {"RESULT": None, "ARTIFACT_TYPE": found["evidence_type"] or ""}
    if found["owner_signoff_required"]:
        values["SIGNED_OFF_BY"] = None
    return suggest_in_document("queue-record-evidence", **values)


def _is_candidate(gate: StandingGate, key: str, row: Evidence) -> bool:
    """Whether a record is of the gate's type; a guard's report for one gate is none for another."""
    if row.get("gate"):
        return bool(row["gate"] == key)
    return not gate["evidence_type"] or row["artifact_type"] == gate["evidence_type"]


def _why_not(gate: StandingGate, row: Evidence, now: str, commit: str, stale: str) -> str:
    """Why a record of the right type does not count, "" when it does."""
    if gate["evidence_type"] and row["artifact_type"] != gate["evidence_type"]:
        return f"its type is {row['artifact_type'] or 'not given'}, not {gate['evidence_type']}"
    if gate["accepted_results"] and row["result"] not in gate["accepted_results"]:
        return f"its result is {row['result']}; accepted: {', '.join(gate['accepted_results'])}"
    if gate["artifact_required"] and not row["artifact_path"]:
        return "it has no artifact"
    if gate["owner_signoff_required"] and not row["signed_off_by"]:
        return "nobody has signed it off (SIGNED_OFF_BY)"
    if any(same_name(row["signed_off_by"], name) for name in gate["holders"]):
        return f"{row['signed_off_by']}, who signed it off, holds or held the claim"
    if row["id"] in gate["own"]:
        return f"it was signed off in session {gate['own'][row['id']]}, which has claimed the task"
    if gate["expires_after"] and clock.later(row["created_at"], clock.duration(gate["expires_after"])) <= now:
        return f"it is older than {gate['expires_after']}"
    if gate["expires_after"] and clock.later(now, clock.duration(gate["expires_after"])) < row["created_at"]:
        return f"its clock was more than {gate['expires_after']} ahead"
    return staleness(row, commit) if stale == "refuse" else ""


def _reasons(gate: StandingGate, counted: int, needed: int, rejected: list[Rejected]) -> list[str]:
    kind = f" of type {gate['evidence_type']}" if gate["evidence_type"] else ""
    if not counted and not rejected:
        return [f"no evidence{kind}" if needed == 1 else f"no evidence{kind}, {needed} are needed"]
    few = [f"{counted} of {needed} records{kind}"] if counted or needed > 1 else []
    return few + [f"evidence {entry['id']}: {entry['why']}" for entry in rejected]
