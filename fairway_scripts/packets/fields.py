"""The fields of every packet in their order: which are required, what fills them, what stands there by default."""

from __future__ import annotations

from typing import NamedTuple

#: The lines that a field shows when nobody says otherwise.
_HANDOFF = (
    "files changed",
    "commands run",
    "results: pass, fail or skipped",
    "blockers",
    "residual risk",
    "next slice",
)
_DEVIATION = (
    "Must Not Touch is hard: no exception without the owner's word.",
    "Drift that blocks the work becomes a blocker or a follow-up task; it is not absorbed.",
)
_QUESTIONS = (
    "Does the fix remove the root cause, not only the symptom?",
    "Does the proof command exercise the cause?",
    "Is the coverage at the lowest layer that catches it reliably?",
    "Is every change beside the fix named under Scope Drift?",
)
_AUTHORITY = (
    "may: poll, collect logs, classify, record evidence, make a fix that Allowed Fixes names, escalate",
    "may not: expand the scope, change the target, retry without a new hypothesis, bypass gates",
    "may not: finish without evidence, claim, approve or close the task",
)
_FAILURES = ("expected transient", "known flaky lane", "owning-layer defect", "environment blocker", "scope expansion")


class Field(NamedTuple):
    """One field. `title` is its section ("" for the header only); fields with one title share it, told by `label`.

    `listed` fields hold one entry a line, and `one` is the flag that adds a single entry. `stored` names what the
    store knows instead (a key of the sources); `default` is what stands there otherwise.
    """

    name: str
    title: str = ""
    required: bool = False
    one: str = ""
    listed: bool = False
    stored: str = ""
    default: tuple[str, ...] = ()
    label: str = ""
    other: str = ""  # another variable that stands for this field

    @property
    def variable(self) -> str:
        """The make and environment variable: the name in upper case."""
        return self.name.upper()

    @property
    def flag(self) -> str:
        """The flag: the name with dashes."""
        return "--" + self.name.replace("_", "-")


class Packet(NamedTuple):
    """One kind of packet: its fields, which of them the header repeats, and the records that follow."""

    name: str
    title: str
    tool: str
    fields: tuple[Field, ...]
    header: tuple[str, ...] = ()
    records: tuple[str, ...] = ("evidence",)
    needs_task: bool = True


def _one(name: str, title: str, stored: str = "", **more: object) -> Field:
    return Field(name, title, stored=stored, **more)  # type: ignore[arg-type]


def _needed(name: str, title: str = "", stored: str = "", **more: object) -> Field:
    return Field(name, title, required=True, stored=stored, **more)  # type: ignore[arg-type]


def _list(name: str, title: str, one: str = "", stored: str = "", **more: object) -> Field:
    return Field(name, title, listed=True, one=one, stored=stored, **more)  # type: ignore[arg-type]


CONTEXT = Packet(
    "context",
    "Context Packet",
    "context-packet",
    (
        _one("track_id", ""),
        _needed("owner", stored="owner"),
        _one("owner_lane", "", "lane"),
        _one("handoff_required", "", default=("yes",)),
        _needed("goal", "Goal", "goal"),
        _list("non_goals", "Non-Goals", "--non-goal", "non_goals"),
        _one("current_state", "Current State", "current_state"),
        _one("architecture_context", "Architecture Context", "architecture_context"),
        _one("environment", "Environment", "environment"),
        _one("workflow_regression_pack", "Workflow Regression Pack", other="WORKFLOW_PACK"),
        _list("owned", "Owned Files / Systems", "--own", "owned"),
        _list("must_not_touch", "Must Not Touch", "--not-touch", "must_not_touch"),
        _list("commands", "Commands To Run", "--command", "proof"),
        _list("acceptance", "Acceptance", "--check", "acceptance", required=True),
        _list("risks", "Known Risks", "--risk", "risks"),
        _list("stop_conditions", "Stop Conditions", "--stop-condition", "stop_conditions"),
        _list("deviation_rules", "Deviation Rules", "--deviation-rule", default=_DEVIATION),
        _list("handoff_format", "Handoff Format", default=_HANDOFF),
    ),
    header=("track_id", "owner", "owner_lane", "handoff_required", "workflow_regression_pack"),
    records=("sessions", "dependencies", "reviews", "handoffs", "evidence", "history", "notes"),
)
BUGFIX = Packet(
    "bugfix",
    "Bug-Fix Review Packet",
    "bugfix-packet",
    (
        _needed("bug_summary", stored="title"),
        _needed("owning_layer", stored="owning_layer"),
        _one("workflow_pack", "", other="WORKFLOW_REGRESSION_PACK"),
        _needed("root_cause", "Root Cause"),
        _one("impact", "Impact"),
        _needed("proof_command", "Proof Command"),
        _needed("regression_coverage", "Regression Coverage"),
        _one("scope_drift", "Scope Drift"),
        _needed("residual_risk", "Residual Risk"),
        _one("follow_up", "Follow-Up / Blocker"),
        _list("review_questions", "Review Questions", "--review-question", default=_QUESTIONS),
    ),
    header=("bug_summary", "owning_layer", "workflow_pack"),
    records=("evidence", "reviews"),
)
WATCHER = Packet(
    "watcher",
    "Watcher Packet",
    "watcher-packet",
    (
        _needed("watch_id"),
        _needed("owner_lane", stored="owner_lane"),
        _needed("process", stored="process"),
        _needed("command", "Command", "command"),
        _needed("expected_duration", "Expected Duration", "expected_duration"),
        _one("poll_interval", "Poll Interval", "poll_interval"),
        _needed("success_condition", "Success Condition", "success_condition"),
        _needed("failure_condition", "Failure Condition", "failure_condition"),
        _list("allowed_fixes", "Allowed Fixes", "--allowed-fix", "allowed_fixes", default=("none: watch and report",)),
        _list("must_not_touch", "Must Not Touch", "--not-touch", "must_not_touch"),
        _list(
            "escalation_rules",
            "Escalation Rules",
            "--escalation-rule",
            "escalation_rules",
            default=("to the owner lane, at any failure that Allowed Fixes does not cover",),
        ),
        _list(
            "evidence_required",
            "Evidence Required",
            "--evidence",
            "evidence_required",
            default=("the command's log with its sha256 (artifact type command_log)",),
        ),
        _one(
            "close_condition",
            "Close Condition",
            "close_condition",
            default=("success or failure was seen, classified, and recorded as evidence",),
        ),
        _list("handoff_format", "Handoff Format", default=_HANDOFF),
        _list("authority", "Authority", default=_AUTHORITY),
        _list("failure_classes", "Failure Classes", default=_FAILURES),
    ),
    header=("watch_id", "owner_lane", "process"),
    records=(),
    needs_task=False,
)
ARCHITECTURE_MAP = Packet(
    "architecture-map",
    "Architecture Map Packet",
    "architecture-map-packet",
    (
        _needed("scope", "Scope", "scope"),
        _needed("current_owner", "Ownership", label="current"),
        _needed("target_owner", "Ownership", label="target"),
        _needed("migration_risk", "Migration Risk", "risk_level"),
        _list("source_docs", "Source Docs", "--source-doc"),
        _list("acceptance", "Acceptance", "--check", "acceptance", required=True),
    ),
)
BOUNDARY_GUARD = Packet(
    "boundary-guard",
    "Boundary Guard Packet",
    "boundary-guard-packet",
    (
        _needed("guard_intent", "Guard Intent"),
        _list("findings", "Report-Only Findings", "--finding"),
        _list("false_positives", "False Positives", "--false-positive"),
        _needed("graduation_criteria", "Graduation Criteria"),
        _list("proof_commands", "Proof Commands", "--proof-command"),
    ),
)
VERTICAL_SLICE = Packet(
    "vertical-slice",
    "Vertical Slice Packet",
    "vertical-slice-packet",
    (
        _needed("target_seam", "Target Seam"),
        _list("old_path", "Path Movement", stored="source_paths", label="old", required=True),
        _list("new_path", "Path Movement", stored="target_paths", label="new", required=True),
        _one("adapter", "Adapter"),
        _list("proof_commands", "Proof Commands", "--proof-command", required=True),
        _needed("rollback_plan", "Rollback Plan"),
    ),
)
PACKETS: dict[str, Packet] = {
    packet.name: packet for packet in (CONTEXT, BUGFIX, WATCHER, ARCHITECTURE_MAP, BOUNDARY_GUARD, VERTICAL_SLICE)
}


def from_template(name: str, required: list[str], optional: list[str]) -> Packet:
    """The packet of a configured template: its fields may be repeated, and each is a section of its own."""
    fields = tuple(Field(key, _words(key), required=key in required, listed=True) for key in (*required, *optional))
    return Packet(name, f"{_words(name)} Packet", "packet-template", fields, needs_task=False)


def _words(name: str) -> str:
    return " ".join(word.capitalize() for word in name.replace("_", "-").split("-"))
