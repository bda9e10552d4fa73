"""Issues become tasks: each by the rules of a task that is added, with a link, all of a call in one transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import uuid4

from fairway_scripts.base.errors import FairwayError, suggest_again
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.secrets.secret_guard import refuse_text
from fairway_scripts.queue.editing import put_new
from fairway_scripts.trackers.issue_rules import fields_of, obstacles
from fairway_scripts.trackers.links import Base, Finding, columns_of, found, ours_in, theirs_of
from fairway_scripts.trackers.services.issues import Issue, Known, TrackerError

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTrackerImport, FairwayTrackerLink
    from fairway_scripts.project.project import Project
    from fairway_scripts.trackers.opening import Tracker
    from fairway_scripts.trackers.services.service import Service
    from fairway_scripts.trackers.tracker_shapes import Imported


class _PreviewError(Exception):
    """Takes back what a dry run has written."""


def import_issues(project: Project, args: FairwayTrackerImport, tracker: Tracker, service: Service) -> Imported:
    """Add a task and a link for each issue that ISSUE or LABEL names and that has no link yet.

    Returns `{tracker, imported: [{task_id, issue, title, lane, url}], linked_before: [{issue, task_id}], findings,
    dry_run}`; an issue with a finding that stands in its way is left alone, the others are imported. Raises
    FairwayError `usage` (what is no issue, nothing named).
    """
    repeated: Imported | None = None if args.dry_run else repeated_answer(project, args)
    if repeated is not None:
        return repeated
    issues, findings = _asked(args, tracker, service)
    answer: Imported = {
        "tracker": tracker["name"],
        "imported": [],
        "linked_before": [],
        "findings": [],
        "dry_run": bool(args.dry_run),
    }
    try:
        with Change(project, args) as change:
            done: Imported | None = change.repeated()
            if done is not None:
                return done
            for issue in issues:
                findings += _imported(change, args, tracker, issue, answer)
            answer["findings"] = [finding.as_json() for finding in findings]
            if args.dry_run:
                raise _PreviewError  # noqa: TRY301 - leaving the change by an exception is what takes it back
            return change.finish(answer)
    except _PreviewError:
        return answer


def _asked(args: FairwayTrackerImport, tracker: Tracker, service: Service) -> tuple[list[Issue], list[Finding]]:
    """The issues that a call names, as they are now, and those that cannot be had."""
    findings: list[Finding] = []
    issues: dict[str, Issue] = {}
    try:
        for look in service.look([Known(key) for key in keys_of(args, service)]):
            if look.issue is not None:
                issues[look.issue.remote_id] = look.issue
            elif look.trouble is not None:
                findings.append(found(look.trouble, tracker["name"], look.known.key))
        if args.label.strip():
            for issue in service.labelled(args.label.strip()):
                issues.setdefault(issue.remote_id, issue)
    except TrackerError as trouble:
        findings.append(found(trouble, tracker["name"], f"label {args.label.strip()}"))
    return list(issues.values()), findings


def keys_of(args: FairwayTrackerImport | FairwayTrackerLink, service: Service) -> list[str]:
    """The keys of the issues that ISSUE names. Raises FairwayError `usage`."""
    keys = []
    for words in filter(None, (word.strip() for word in args.issue.split(","))):
        key = service.key_of(words)
        if not key:
            line = suggest_again(args, ISSUE=None)
            raise FairwayError("usage", f"ISSUE {words!r} is no issue of {service.project}", line)
        keys.append(key)
    return list(dict.fromkeys(keys))


def _imported(
    change: Change, args: FairwayTrackerImport, tracker: Tracker, issue: Issue, answer: Imported
) -> list[Finding]:
    """Import one issue, or say why not."""
    name = tracker["name"]
    known = change.tx.one("trackers.of_issue", tracker=name, remote_id=issue.remote_id)
    if known is not None:
        answer["linked_before"].append({"issue": issue.key, "task_id": known["task_id"]})
        return []
    faults = obstacles(issue)
    if faults:
        return [Finding(word, name, issue.key, "", message) for word, message in faults]
    fields, faults = fields_of(issue, tracker, args.role)
    findings = [Finding(word, name, issue.key, "", message) for word, message in faults]
    if any(word == "no_lane" for word, _message in faults):
        return findings
    if issue.locked:
        findings.append(Finding("locked", name, issue.key, "", f"{issue.key} is locked"))
    try:
        refuse_text(change.project, issue.key, f"{issue.title}\n{issue.body}")
        task = put_new(change, "", fields, {"issue": issue.key, "tracker": name})
    except FairwayError as refusal:
        word = "secret_found" if refusal.word == "secret_found" else "refused"
        return [*findings, Finding(word, name, issue.key, "", refusal.message, refusal.hint)]
    add_link(change, tracker, task["task_id"], issue, imported=True)
    answer["imported"].append(
        {
            "task_id": task["task_id"],
            "issue": issue.key,
            "title": task["title"],
            "lane": task["lane"],
            "url": issue.url,
        }
    )
    return findings


def add_link(change: Change, tracker: Tracker, task_id: str, issue: Issue, *, imported: bool) -> int:
    """Link a task to an issue inside an open change: the id of the link."""
    ours, _notes = ours_in(change.tx, task_id)
    base: Base = {"theirs": theirs_of(issue), "ours": ours, "imported": imported}
    row_id = change.tx.insert(
        "trackers.add",
        task_id=task_id,
        uid=uuid4().hex,
        tracker=tracker["name"],
        kind=tracker["kind"],
        host=tracker["host"],
        **columns_of(issue, base),
        recorded_by=change.project.identity.actor,
        created_at=change.at,
    )
    payload = {"table": "tracker_links", "row_id": row_id, "issue": issue.key, "tracker": tracker["name"]}
    change.record("tracker_linked", task_id, {**payload, "summary": f"{tracker['name']} {issue.key}"})
    return row_id
