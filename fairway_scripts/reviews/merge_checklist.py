"""Whether a commit of a task may be merged: the checklist, judged from facts that were gathered before.

A check is `{check, level, message, fix}`; `level` is `pass`, `warn` or `fail`, `fix` the command to run ("" when
there is nothing to do). Only `fail` stands in the way of a merge.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest, suggest_program
from fairway_scripts.reviews.gates.profile_gates_rules import BLOCKING, MISSING, gate_text, record_line
from fairway_scripts.reviews.review_standing import review_line
from fairway_scripts.reviews.routes.review_shape import ROUTE_RULE, SENSITIVE_RULE, is_lighter, reason_text
from fairway_scripts.work import gates
from fairway_scripts.work import verdicts as review_rules
from fairway_scripts.work.preflight import commit_command, file_list, update_command
from fairway_scripts.work.proof_lines import evidence_line, review_asked_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.reviews.judged_shapes import Check, Objection, ShownWaiver, Stands
    from fairway_scripts.reviews.judged_shapes import MergeFacts as Facts

PASS = "pass"
WARN = "warn"
FAIL = "fail"


_UNDER_ANOTHER = "; it has all that the lane's worktree changed, under another commit"


def merge_checklist(facts: Facts) -> list[Check]:
    """Every check: status, evidence, packs, gates, shape, reviews (one a lane), handoff, intent, branch, base, tree.

    `facts`: `task` (task_id, role, status, terminal), `initial_status`, `gates` (the settings' section), `ref`,
    `commit_sha`, `base`, `base_sha`, `merge_base`, `behind` (commits of the base that REF lacks), `evidence` and
    `handoffs` (rows, oldest first), `judged` (of `review_standing.summed_up`), `branches` (`{name, tip, contains}`, the
    ones that may hold the task's work), `worktree` (`{path, exists, changed_files, merged}`: whether the base has all
    that it changed), `packs` (`{pack_id, blocks, ok, fresh, why}` of the regression packs that are called for; none
    when they are not asked for), `elsewhere` (of `work_place`; left out, the caller stands in the right place),
    `gate_evaluations` (of `profile_gates.evaluate`; left out, none), `shape` (of `review_shape.shape_of`, and its
    `waiver`; left out, there is no line), `undeclared` (the changed paths that the task does not declare; left out or
    none, there is no line).
    """
    return [
        _status(facts),
        _evidence(facts),
        *_packs(facts),
        *_profile_gates(facts),
        *_shape(facts),
        *_reviews(facts),
        _handoff(facts),
        *_intent(facts),
        _branch(facts),
        _base(facts),
        _worktree(facts),
    ]


def is_merge_ready(checks: list[Check]) -> bool:
    """Whether nothing failed: warnings do not stand in the way."""
    return all(check["level"] != FAIL for check in checks)


def _status(facts: Facts) -> Check:
    task, status = facts["task"], facts["task"]["status"]
    if task["terminal"] or status not in (facts["initial_status"], review_rules.BLOCKED):
        return _check("status", PASS, f"{task['task_id']} is {status}")
    line = suggest("queue-claim", ROLE=task["role"], OWNER=None, TASK_ID=task["task_id"])
    return _check("status", FAIL, f"{task['task_id']} is {status}: nobody works on it", line)


def _evidence(facts: Facts) -> Check:
    rows, commit, policy = facts["evidence"], facts["commit_sha"], facts["gates"]["stale_evidence"]
    verdict = gates.evidence_verdict(rows, commit, policy)
    task = facts["task"]
    line = evidence_line(task["task_id"], task.get("acceptance_checks", ()), worktree=facts.get("elsewhere", ""))
    doubt = gates.evidence_doubt(verdict, policy)
    if not doubt:
        return _check("evidence", PASS, verdict["why"])
    needed = facts["gates"]["require_evidence_before_done"] or facts["judged"]["bar"]["evidence"]
    return _check("evidence", FAIL if needed and not verdict["ok"] else WARN, doubt, line)


def _packs(facts: Facts) -> Iterator[Check]:
    """A line a regression pack; one that blocks nowhere never stands in the way."""
    enforced = facts["gates"].get("require_regression_packs") == "enforce"
    task = facts["task"]["task_id"]
    for pack in facts.get("packs", ()):
        name = f"pack {pack['pack_id']}" if pack["pack_id"] else "regression packs"
        message = f"{name}: {pack['why']}"
        if not pack["ok"]:
            line = suggest("regression-packs", "record", PACK_ID=pack["pack_id"], TASK_ID=task, RESULT=None)
            fix = line if pack["pack_id"] else suggest("regression-packs", "validate")
            yield _check("pack", FAIL if enforced and pack["blocks"] else WARN, message, fix)
        else:
            yield _check("pack", PASS if pack["fresh"] else WARN, message)


def _profile_gates(facts: Facts) -> Iterator[Check]:
    """A line a gate of the task's workstream profile: only one that is blocking stands in the way."""
    for found in facts.get("gate_evaluations", ()):
        message = f"gate {gate_text(found)}"
        if found["status"] != MISSING:
            doubtful = found["stale"] or found["against"] is not None
            yield _check("gate", WARN if doubtful else PASS, message)
            continue
        line = record_line(found, facts["task"]["task_id"], facts["commit_sha"])
        yield _check("gate", FAIL if found["mode"] == BLOCKING else WARN, message, line)


def _shape(facts: Facts) -> Iterator[Check]:
    """Why the review is as heavy as it is, when the table of shapes or a waiver has a say in it."""
    found = facts.get("shape")
    if not found or _is_merged(facts):
        return
    waiver = found["waiver"]
    reasons = [reason for reason in found["reasons"] if reason["shape"] == found["needed"]]
    if waiver or any(reason["rule"] not in (ROUTE_RULE, SENSITIVE_RULE) for reason in reasons):
        why = "; ".join(reason_text(reason) for reason in reasons)
        waived = "" if found["shape"] == found["needed"] else f", waived from {found['needed']}"
        yield _check("shape", PASS, f"{found['shape']} review{waived}: {why}")
    if waiver:
        yield _waiver(facts, waiver, found["needed"])


def _waiver(facts: Facts, waiver: ShownWaiver, needed: str) -> Check:
    ends = f" until {waiver['expires_at']}" if waiver["expires_at"] else ""
    by = f", approved by {', '.join(waiver['approved_by'])}" if waiver["approved_by"] else ""
    said = f"waiver {waiver['id']} of {waiver['owner']}, {waiver['needed']} -> {waiver['granted']}{ends}"
    said += f": {waiver['reason']}{by}"
    if waiver["covers"]:
        return _check("waiver", WARN, said)
    message = f"{said}, does not count: {waiver['why_not']}"
    change = {"TASK_ID": facts["task"]["task_id"], "REF": facts["commit_sha"][:12]}
    line = suggest("review-waive", **change, SHAPE=waiver["granted"], OWNER=None, REASON=None)
    return _check("waiver", WARN, message, line if is_lighter(waiver["granted"], needed) else "")


def _reviews(facts: Facts) -> Iterator[Check]:
    """A line for each lane and domain that is asked, and for each objection; what is missing of them stands in the way.

    They are those that the finished status looks at too (`review_standing.summed_up`).
    """
    judged = facts["judged"]
    for review in judged["reviews"]:
        level = (WARN if review["waiver_id"] else PASS) if review["ok"] else FAIL
        yield _check("review", level, review["message"], "" if review["ok"] else _review_line(facts, review))
    for objection in judged["objections"]:
        level = FAIL if objection["current"] else WARN
        yield _check("review", level, objection["message"], _review_line(facts, objection))
    for found in judged["findings"]:
        if not found["lane"] and not found["domains"]:
            anybody = not judged["reviews"] and not judged["bar"]["faults"]
            yield _check("review", FAIL, found["message"], _asking_line(facts) if anybody else _route_line(facts))
    if judged["reviews"] or judged["objections"] or judged["findings"]:
        return
    if _is_merged(facts):
        message = f"{facts['base']} has this commit already, so what it changed cannot be compared"
        task, ref = facts["task"]["task_id"], facts["commit_sha"][:12]
        line = suggest("queue-merge-ready", TASK_ID=task, REF=ref, BASE=None)
        yield _check("review", WARN, message, line)
    else:
        yield _check("review", PASS, "no changed path asks for another lane's review")


def _handoff(facts: Facts) -> Check:
    if facts["handoffs"]:
        latest = facts["handoffs"][-1]
        return _check("handoff", PASS, f"handoff {latest['id']} names {(latest['commit_sha'] or 'no commit')[:12]}")
    level = FAIL if facts["gates"]["require_handoff_before_merge_ready"] else WARN
    line = suggest(
        "queue-record-handoff",
        TASK_ID=facts["task"]["task_id"],
        OWNER=None,
        BRANCH=None,
        COMMIT=facts["commit_sha"][:12],
        COMMANDS=None,
        RESULTS=None,
        CHANGED_FILES=None,
    )
    return _check("handoff", level, "there is no handoff", line)


def _branch(facts: Facts) -> Check:
    commit = facts["commit_sha"][:12]
    for branch in facts["branches"]:
        if branch["contains"]:
            tip = branch["tip"] or ""
            beyond = "" if tip == facts["commit_sha"] else f", whose tip {tip[:12]} has more"
            return _check("branch", PASS, f"{commit} is on {branch['name']}{beyond}")
    names = " nor ".join(branch["name"] for branch in facts["branches"])
    message = f"{commit} is not on {names}" if len(facts["branches"]) == 1 else f"{commit} is neither on {names}"
    return _check(
        "branch",
        WARN if _is_merged(facts) else FAIL,
        message,
        suggest_program("git", "branch", "--all", "--contains", commit),
    )


def _intent(facts: Facts) -> Iterator[Check]:
    """What was changed beside what the task set out to change: for whoever merges to look at, no refusal."""
    paths = facts.get("undeclared") or []
    if paths and not _is_merged(facts):
        message = f"{len(paths)} changed path(s) are none of the task's target_paths: {file_list(paths, len(paths))}"
        yield _check("intent", WARN, message, suggest("queue-task-detail", TASK_ID=facts["task"]["task_id"]))


def _base(facts: Facts) -> Check:
    base, tip, commit = facts["base"], facts["base_sha"], facts["commit_sha"][:12]
    if facts.get("beside"):
        more = f"{base} is not on {facts['main_branch']}: what it has more would be merged too"
        if facts["approved_with"]:
            first = facts["approved_with"][0]
            line = suggest("queue-merge-ready", TASK_ID=first, REF=commit)
            return _check("base", WARN, f"{more}, and is judged for {', '.join(facts['approved_with'])}", line)
        line = suggest("queue-merge-ready", TASK_ID=facts["task"]["task_id"], REF=commit)
        return _check("base", FAIL, f"{more}, and was not judged", line)
    if _is_merged(facts):
        return _check("base", PASS, f"{base} has {commit} already")
    if facts["merge_base"] == tip:
        return _check("base", PASS, f"{commit} is based on the tip of {base}: merge --ff-only works")
    message = f"{commit} lacks {facts['behind']} commit(s) of {base}: merge --ff-only would be refused"
    place = facts["worktree"]
    if place["exists"]:
        fix = update_command(place["path"], base, diverged=True, merged=place["merged"])
        return _check("base", FAIL, f"{message}{_UNDER_ANOTHER if place['merged'] else ''}", fix)
    return _check("base", FAIL, message, suggest("worktree-setup", ROLE=facts["task"]["role"]))


def _worktree(facts: Facts) -> Check:
    place = facts["worktree"]
    if not place["exists"]:
        line = suggest("worktree-setup", ROLE=facts["task"]["role"])
        return _check("worktree", WARN, f"lane {facts['task']['role']} has no worktree at {place['path']}", line)
    files = place["changed_files"]
    if not files:
        return _check("worktree", PASS, f"{place['path']} is clean")
    message = f"{place['path']} has uncommitted changes: {file_list(files, len(files))}"
    return _check("worktree", FAIL, message, commit_command(place["path"]))


def _is_merged(facts: Facts) -> bool:
    return bool(facts["merge_base"] == facts["commit_sha"])


def _review_line(facts: Facts, review: Stands | Objection) -> str:
    return review_line(review, facts["commit_sha"])


def _asking_line(facts: Facts) -> str:
    return review_asked_line(facts["task"]["task_id"], facts["commit_sha"][:12])


def _route_line(facts: Facts) -> str:
    return suggest("queue-route-review", TASK_ID=facts["task"]["task_id"], REF=facts["commit_sha"][:12])


def _check(check: str, level: str, message: str, fix: str = "") -> Check:
    return {"check": check, "level": level, "message": message, "fix": fix}
