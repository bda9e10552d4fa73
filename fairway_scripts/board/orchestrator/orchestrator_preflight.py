"""Whether the day can begin: everything that should be mended before work is given out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.board.doctor.diagnosis_store import store_findings
from fairway_scripts.board.orchestrator import coordinator_issues as rules
from fairway_scripts.board.orchestrator.dispatch import dispatch_plan
from fairway_scripts.board.orchestrator.orchestrator import look
from fairway_scripts.project.lane_declaration import declaring_line
from fairway_scripts.queue.validation import validate_queue

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import Dispatch, Preflight, Seen
    from fairway_scripts.lanes.lane_shapes import GitFinding
    from fairway_scripts.project.project import Project


def preflight(project: Project, *, now: str, lane: str = "") -> Preflight:
    """Check configuration, queue file, store, git, sessions, health, gates, lanes and track limits; nothing changes.

    Returns `{ok, lane, checked, errors, warnings, issues}`: `issues` are `{check, level, lane, task_id, message, fix}`
    of level `error` or `warning`, errors first; `ok` means no error; `checked` names what was looked at, in order.
    """
    seen = look(project, now=now, lane=lane)
    issues = rules.sorted_issues(
        [*_configuration(project, seen), *_queue(project, seen), *_store(project), *rules.issues_of(seen)],
        [row["lane"] for row in seen["lanes"]],
    )
    errors = [issue for issue in issues if issue["level"] == rules.ERROR]
    return {
        "ok": not errors,
        "lane": lane,
        "checked": list(rules.CHECKED),
        "errors": len(errors),
        "warnings": len(issues) - len(errors),
        "issues": issues,
    }


def dispatch(project: Project, *, now: str, lane: str = "", limit: int | None = None) -> Dispatch:
    """Which lane takes up which task now, and what stands in the way; nothing is changed.

    Returns `{plan, total, ready, obstacles}`: the rows of `dispatch`, at most `limit`, how many there are, how
    many tasks are ready, and the errors that belong to no single lane.
    """
    seen = look(project, now=now, lane=lane)
    issues = rules.sorted_issues(rules.issues_of(seen), [row["lane"] for row in seen["lanes"]])
    plan = dispatch_plan(seen["actions"], seen["lanes"], issues)
    return {
        "plan": plan if limit is None else plan[:limit],
        "total": len(plan),
        "ready": sum(row["total"] for row in seen["ready"]),
        "obstacles": [issue for issue in issues if issue["level"] == rules.ERROR and not issue["lane"]],
    }


def _configuration(project: Project, seen: Seen) -> list[GitFinding]:
    """A configuration with errors refuses every command, so what is left is whether there is one."""
    found: list[GitFinding] = []
    if not seen["preflight"]["config"]:
        message = "there is no configuration file: GPUaaS conventions are assumed"
        found.append(rules.issue("config_missing", rules.WARNING, message, suggest("fairway-init")))
    if not project.settings["roles"]:
        message = "no lane is configured, and the queue file names none"
        found.append(rules.issue("lanes_missing", rules.ERROR, message, declaring_line(project)))
    return found


def _queue(project: Project, seen: Seen) -> list[GitFinding]:
    """The queue file: whether it is there, free of faults, and the one that the store was filled from."""
    if not project.queue.path:
        return []
    try:
        checked = validate_queue(project, "")
    except FairwayError as problem:
        return [rules.issue("queue_file_" + problem.word, rules.ERROR, problem.message, problem.hint)]
    found = []
    faults = [fault for fault in checked["faults"] if fault["severity"] == "error"]
    if faults:
        message = f"{checked['path']} has {len(faults)} fault(s), first: {faults[0]['text']}"
        found.append(rules.issue("queue_file_invalid", rules.ERROR, message, suggest("queue-validate")))
    elif seen["preflight"]["queue_file_changed"]:
        message = f"{checked['path']} has changed since it was read"
        found.append(rules.issue("queue_file_changed", rules.ERROR, message, suggest("queue-import")))
    return found


def _store(project: Project) -> list[GitFinding]:
    return [
        rules.issue(item["key"], item["level"], item["message"], item["fix"])
        for item in store_findings(project)
        if item["level"] in (rules.ERROR, rules.WARNING)
    ]
