"""What a change calls for: gates, regression packs, reviewers and checks, each with the rule that asks for it.

An entry that applies is `{kind, name, rule, matched, command}`: `rule` is the setting or record that asks for it,
`matched` the changed paths or words that it was recognised by, `command` what to run ("" when there is nothing). An
entry that was considered and does not apply is `{kind, name, why}`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest_in_document
from fairway_scripts.reviews.gates.profile_gates_rules import (
    asked_by,
    gate_key,
    gates_of,
    gates_with_modes,
    record_line,
)
from fairway_scripts.reviews.review_bar import without_doubles
from fairway_scripts.reviews.routes.review_shape import ROUTE_RULE, matching, reason_text
from fairway_scripts.settings.review_needs import profiles_of
from fairway_scripts.work.preflight import file_list
from fairway_scripts.work.proof_lines import evidence_line
from fairway_scripts.work.review_verdicts import asked_text
from fairway_scripts.work.verdicts import by_lane

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.base.settings_shape import Settings, WorkstreamProfile, WorkstreamProfileGate
    from fairway_scripts.reviews.judged_shapes import (
        Applying,
        AskedCommand,
        GateTask,
        NotNeeded,
        SelectFacts,
        Selection,
        Shape,
        ShapeOfChange,
    )
    from fairway_scripts.work.work_shapes import Asked

    Entries = tuple[list[Applying], list[NotNeeded]]

GATE, PACK, REVIEWER, DOMAIN, CHECK = "gate", "pack", "reviewer", "domain", "check"
_UNNAMED = "TASK_ID"
#: The settings of [gates] that ask for something of every task.
_QUEUE_GATES = (
    "require_evidence_before_done",
    "require_review_before_done",
    "require_handoff_before_merge_ready",
    "preflight_before_claim",
    "require_regression_packs",
)
_OFF = (False, "off")


def select(facts: SelectFacts) -> Selection:
    """`{selected, not_needed, commands}` for a change.

    `facts`: `task` (task_id, lane, kind, profile, acceptance_checks; None when no task is named), `ref` ("" when
    paths are looked at), `paths` (changed), `settings`, `modes` (of `profile_gates.modes_for`), `packs` (`{pack_id,
    title, owner, blocks, rule, matched}` of those called for), `other_packs` (`{pack_id, why}`), `shape` (of
    `review_shape.shape_of`). Entries come by kind (gates, packs, reviewers, checks) and then in the order of the
    configuration. `commands` are the commands of all entries, each once, as `{command, asked_by}`.
    """
    task, settings = facts["task"], facts["settings"]
    parts = [
        _queue_gates(settings, task, facts["ref"] or None),
        _profile_gates(settings, task, facts["modes"]),
        _packs(facts, _name(task)),
        _reviewers(facts, _name(task)),
        _checks(settings, task, facts["paths"]),
    ]
    selected = [entry for applying, _others in parts for entry in applying]
    return {
        "selected": selected,
        "not_needed": [entry for _applying, others in parts for entry in others],
        "commands": _commands(selected),
    }


def _name(task: GateTask | None) -> str | None:
    return task["task_id"] if task else None


def _queue_gate_line(name: str, task: GateTask | None, ref: str | None) -> str:
    """The command that provides what a setting of [gates] asks for; what is not known is asked for."""
    own = _name(task)
    if name == "require_evidence_before_done":
        return evidence_line(own or "", task["acceptance_checks"] if task else (), document=True)
    if name == "require_review_before_done":
        return suggest_in_document("queue-route-review", TASK_ID=own, REF=ref)
    if name == "require_handoff_before_merge_ready":
        done = dict.fromkeys(("COMMANDS", "RESULTS", "CHANGED_FILES"))
        return suggest_in_document("queue-record-handoff", TASK_ID=own, OWNER=None, BRANCH=None, COMMIT=ref, **done)
    if name == "preflight_before_claim":
        return suggest_in_document("queue-preflight", ROLE=task["lane"] if task else None)
    return suggest_in_document("regression-packs", "record", TASK_ID=own, PACK_ID=None, RESULT=None)


def _queue_gates(settings: Settings, task: GateTask | None, ref: str | None) -> Entries:
    applying: list[Applying] = []
    others: list[NotNeeded] = []
    gates: dict[str, object] = {**settings["gates"]}
    for name in _QUEUE_GATES:
        value = gates[name]
        if value in _OFF:
            others.append(_other(GATE, name, f"gates.{name} is {_word(value)}"))
        else:
            line = _queue_gate_line(name, task, ref)
            applying.append(_entry(GATE, name, f"gates.{name} is {_word(value)}", [], line))
    return applying, others


def _profile_gates(settings: Settings, task: GateTask | None, modes: dict[str, str]) -> Entries:
    applying: list[Applying] = []
    others: list[NotNeeded] = []
    for profile in settings["workstream_profiles"]:
        for gate in profile["gates"]:
            name = gate_key(profile["name"], gate["name"])
            if task is None:
                others.append(_other(GATE, name, f"no task is named, so no kind or profile ({_UNNAMED})"))
                continue
            own = gates_with_modes(gates_of(task["kind"], task["profile"], settings), modes)
            found = [entry for entry in own if gate_key(entry["profile"], entry["name"]) == name]
            if found:
                matched = [task["profile"]] if task["profile"] == profile["name"] else [task["kind"]]
                how = "profile of the task" if task["profile"] == profile["name"] else "kind of the task"
                line = record_line(asked_by(found[0]), task["task_id"])
                applying.append(_entry(GATE, name, f"{how}, {found[0]['mode']}", matched, line))
            else:
                others.append(_other(GATE, name, _why_no_gate(settings, profile, gate, task)))
    return applying, others


def _why_no_gate(settings: Settings, profile: WorkstreamProfile, gate: WorkstreamProfileGate, task: GateTask) -> str:
    fitting = [entry["name"] for entry in profiles_of(task["kind"], task["profile"], settings)]
    if profile["name"] in fitting:
        return f"the gate is for {', '.join(gate['task_kinds'])}; the task's kind is {task['kind']}"
    if task["profile"] and task["profile"] in fitting:
        return f"the task's own profile is {task['profile']}"
    return f"the profile is for {', '.join(profile['task_kinds'])}; the task's kind is {task['kind']}"


def _packs(facts: SelectFacts, task: str | None) -> Entries:
    applying = []
    for pack in facts["packs"]:
        line = suggest_in_document("regression-packs", "record", PACK_ID=pack["pack_id"], TASK_ID=task, RESULT=None)
        blocks = "blocks" if pack["blocks"] else "blocks nowhere"
        applying.append(_entry(PACK, pack["pack_id"], f"{pack['rule']}, {blocks}", pack["matched"], line))
    return applying, [_other(PACK, pack["pack_id"], pack["why"]) for pack in facts["other_packs"]]


def _reviewers(facts: SelectFacts, task: str | None) -> Entries:
    shape, own = facts["shape"], facts["task"]["lane"] if facts["task"] else ""
    line = suggest_in_document("queue-route-review", TASK_ID=task, REF=facts["ref"]) if facts["ref"] else ""
    asked = by_lane(shape["requirements"])
    applying = [
        _entry(REVIEWER, entry["lane"], f"{entry['layer']}: {', '.join(entry['rules'])}", entry["paths"], line)
        for entry in asked
    ]
    applying += [
        _domain_entry(entry, line) for entry in without_doubles(shape["bar"], asked, facts["settings"])["entries"]
    ]
    names = {entry["lane"] for entry in asked}
    others = []
    for lane in [entry["name"] for entry in facts["settings"]["roles"]]:
        if lane in names:
            continue
        why = "it is the task's own lane" if lane == own else f"no rule names it for a {shape['shape']} review of this"
        others.append(_other(REVIEWER, lane, why))
    recognised = {reason["rule"] for reason in shape["reasons"]}
    others += [
        _other(f"{table['shape']} review", table["name"], "nothing of it was recognised")
        for table in facts["settings"]["review_shapes"]
        if table["name"] not in recognised
    ]
    return applying, others


def _domain_entry(entry: Asked, line: str) -> Applying:
    """An approval that the task's own declaration asks for, by its domain."""
    name = asked_text("", entry.get("domains", []))
    rule = f"{entry['layer']}: {', '.join(entry['rules'])}; asked of {entry['lane'] or 'any other lane'}"
    return _entry(DOMAIN, name, rule, entry["paths"], line)


def _checks(settings: Settings, task: GateTask | None, paths: Sequence[str]) -> Entries:
    own = task["acceptance_checks"] if task else []
    applying = [_entry(CHECK, command, "acceptance_checks of the task", [], command) for command in own]
    others = []
    for check in settings["checks"]:
        matched = matching(check["match"], paths)
        if matched:
            rule = f"checks.{check['name']}: {', '.join(check['match'])}"
            applying.append(_entry(CHECK, check["name"], rule, matched, check["command"]))
        else:
            others.append(_other(CHECK, check["name"], f"no changed path matches {', '.join(check['match'])}"))
    return applying, others


def shape_text(shape: Shape | ShapeOfChange) -> list[str]:
    """Why the review is as heavy as it is, a line a reason."""
    reasons = [reason for reason in shape["reasons"] if reason["rule"] != ROUTE_RULE]
    return [reason_text(reason) for reason in reasons or shape["reasons"]]


def matched_text(matched: list[str]) -> str:
    """What an entry was recognised by, cut after a few."""
    return file_list(matched, len(matched)) if matched else ""


def _commands(selected: Iterable[Applying]) -> list[AskedCommand]:
    asked: dict[str, list[str]] = {}
    for entry in selected:
        if entry["command"]:
            asked.setdefault(entry["command"], []).append(f"{entry['kind']} {entry['name']}")
    return [{"command": command, "asked_by": names} for command, names in asked.items()]


def _entry(kind: str, name: str, rule: str, matched: Sequence[str], command: str) -> Applying:
    return {"kind": kind, "name": name, "rule": rule, "matched": list(matched), "command": command}


def _other(kind: str, name: str, why: str) -> NotNeeded:
    return {"kind": kind, "name": name, "why": why}


def _word(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
