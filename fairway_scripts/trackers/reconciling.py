"""Comparing the links with their issues, and doing on our side what that proposes."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from fairway_scripts.base import digest, jsonio
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.changes import Change, find_state
from fairway_scripts.project.secrets.secret_guard import refuse_text
from fairway_scripts.queue.definition_tables import STORE
from fairway_scripts.queue.editing import owned_by_file, put_changed
from fairway_scripts.trackers.issue_rules import text_faults
from fairway_scripts.trackers.links import Finding, base_of, columns_of, found, known_of, ours_in, theirs_of
from fairway_scripts.trackers.reconcile_rules import Judged, judge, keep_text, standing_faults
from fairway_scripts.trackers.services.issues import Look, TrackerError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from fairway_scripts.calls.tool_calls import FairwayTrackerReconcile
    from fairway_scripts.project.project import Project
    from fairway_scripts.queue.queue_shapes import Given
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import Task, TrackerLink
    from fairway_scripts.trackers.opening import Tracker
    from fairway_scripts.trackers.services.service import Service
    from fairway_scripts.trackers.tracker_shapes import LinkProposal, Reconciled

    Pair = tuple[TrackerLink, Look]


def look_at(rows: Sequence[TrackerLink], known: dict[str, Tracker], service: Callable[[str], Service]) -> list[Pair]:
    """Every link with what came of looking at its issue; `service` gives the tracker of a name."""
    pairs: list[Pair] = []
    for name in dict.fromkeys(row["tracker"] for row in rows):
        own = [row for row in rows if row["tracker"] == name]
        lost = [(row, _lost(row, known.get(name))) for row in own]
        pairs += [(row, Look(known_of(row, conditional=False), trouble=why)) for row, why in lost if why]
        asked = {row["id"]: row for row, why in lost if why is None}
        if not asked:
            continue
        by_known: dict[tuple[str, str], list[TrackerLink]] = {}
        for row in asked.values():
            by_known.setdefault((row["issue"], row["remote_id"]), []).append(row)
        questions = [known_of(same[0], conditional=_settled(same)) for same in by_known.values()]
        for look in service(name).look(questions):
            pairs += [(row, look) for row in by_known[look.known.key, look.known.remote_id]]
    return pairs


def _settled(same: list[TrackerLink]) -> bool:
    """Whether all links of one issue remember the same of it, so that "unchanged" is an answer for each."""
    return len({(row["etag"], row["content_hash"]) for row in same}) == 1


def _lost(row: TrackerLink, tracker: Tracker | None) -> TrackerError | None:
    if tracker is None:
        return TrackerError("no_tracker", f"there is no tracker {row['tracker']!r} in the configuration")
    if (tracker["host"], tracker["kind"]) != (row["host"], row["kind"]):
        return TrackerError(
            "other_host", f"{row['tracker']} is {tracker['host']} now, the link was made with {row['host']}"
        )
    return None


def reconcile(project: Project, args: FairwayTrackerReconcile, pairs: list[Pair]) -> Reconciled:
    """Say what has gone apart, and with APPLY do what is proposed: all of a call in one transaction.

    Returns `{links, proposals: [{task_id, tracker, issue, field, base, theirs, ours, does}], findings, plan, applied}`.
    `plan` is the digest of the proposals; with PLAN another one is refused. Raises FairwayError `fence_outdated`,
    `usage` (PLAN).
    """
    if not args.apply:
        with project.store.read() as tx:
            return _compared(project, tx, pairs, args, None)
    with Change(project, args) as change:
        done: Reconciled | None = change.repeated()
        if done is not None:
            return done
        return change.finish(_compared(project, change.tx, pairs, args, change))


def _compared(
    project: Project, tx: Transaction, pairs: list[Pair], args: FairwayTrackerReconcile, change: Change | None
) -> Reconciled:
    findings: list[Finding] = []
    judged = []
    for asked, look in pairs:
        row = tx.one("trackers.link", id=asked["id"]) or asked  # as it is now: another call may have been quicker
        if row["withdrawn_at"]:
            continue
        outcome = _judged(project, tx, row, look, findings, applied=change is not None)
        if outcome is not None:
            judged.append((row, look, outcome))
    proposals = _proposals(judged)
    plan = digest.of_text(jsonio.dumps(proposals))[:12] if proposals else ""
    if args.plan and args.plan != plan:
        line = suggest("fairway-tracker reconcile")
        raise FairwayError("usage", f"PLAN {args.plan} is not what is proposed now ({plan or 'nothing'})", line)
    if change is not None:
        for row, look, outcome in judged:
            findings += _applied(change, row, look, outcome)
    return {
        "links": len(pairs),
        "proposals": _proposals(judged),
        "findings": [finding.as_json() for finding in findings],
        "plan": plan,
        "applied": change is not None,
    }


def _proposals(judged: list[tuple[TrackerLink, Look, Judged]]) -> list[LinkProposal]:
    return [
        {"task_id": row["task_id"], "tracker": row["tracker"], "issue": row["issue"], **proposal}
        for row, _look, outcome in judged
        for proposal in outcome.proposals
    ]


def _judged(
    project: Project, tx: Transaction, row: TrackerLink, look: Look, findings: list[Finding], *, applied: bool
) -> Judged | None:
    """What is proposed for one link; None where nothing is known, or nothing has changed."""

    def tell(word: str, message: str, fix: str = "") -> None:
        findings.append(Finding(word, row["tracker"], row["issue"], row["task_id"], message, fix))

    if look.trouble is not None:
        findings.append(found(look.trouble, row["tracker"], row["issue"], row["task_id"]))
        return None
    base, state = base_of(row), find_state(tx, row["task_id"])
    issue = look.issue
    theirs = base["theirs"] if issue is None else theirs_of(issue)
    for word, message in standing_faults(theirs, terminal=bool(state["terminal"])):
        tell(word, message)
    if issue is None:
        return None
    if issue.moved_to:
        tell("moved", f"it was moved to the issue with id {issue.moved_to}")
        return None
    ours, _notes = ours_in(tx, row["task_id"])
    outcome = judge(base, theirs, issue, ours, row["issue"])
    if issue.key != row["issue"] and not applied:
        tell("moved", f"it is {issue.key} now")
    for word, message in outcome.faults:
        tell(word, message, suggest("queue-task-detail", TASK_ID=row["task_id"]))
    if outcome.fields:
        refusal = _refusal(project, row, issue_faults=text_faults(issue), fields=outcome.fields, state=state)
        if refusal is not None:
            tell(*refusal)
            keep_text(outcome, base)
    return outcome


def _refusal(
    project: Project, row: TrackerLink, *, issue_faults: list[tuple[str, str]], fields: dict[str, str], state: Task
) -> tuple[str, str, str] | None:
    """Why the definition of a task cannot take the text of its issue, as (word, message, fix)."""
    if issue_faults:
        return (*issue_faults[0], "")
    if state["source"] != STORE:
        refusal = owned_by_file(project, state)
        return "file_owned", refusal.message, refusal.hint
    try:
        refuse_text(project, row["issue"], "\n".join(fields.values()))
    except FairwayError as secret:
        return "secret_found", secret.message, secret.hint
    return None


def _applied(change: Change, row: TrackerLink, look: Look, judged: Judged) -> list[Finding]:
    """Do what is proposed for one link, and remember what both sides are now; a refusal of it as a finding."""
    issue = look.issue
    if issue is None:
        return []
    findings: list[Finding] = []
    if judged.fields:
        try:
            put_changed(change, change.state(row["task_id"]), cast("Given", judged.fields))
        except FairwayError as refusal:
            told = (row["tracker"], row["issue"], row["task_id"], refusal.message, refusal.hint)
            findings.append(Finding("refused", *told))
            keep_text(judged, base_of(row))
    columns = columns_of(issue, judged.base)
    if judged.base["theirs"] != theirs_of(issue):
        columns["etag"] = None  # something is still open: the next look has to see the issue itself
    if any(columns[name] != row[name] for name in ("issue", "remote_id", "url", "base", "content_hash")):
        change.tx.run("trackers.agree", id=row["id"], **columns)
        payload: dict[str, object] = {
            "table": "tracker_links",
            "row_id": row["id"],
            "issue": issue.key,
            "tracker": row["tracker"],
        }
        payload["fields_changed"] = [proposal["field"] for proposal in judged.proposals]
        change.record("tracker_reconciled", row["task_id"], {**payload, "summary": f"{row['tracker']} {issue.key}"})
    elif (columns["etag"], columns["watermark"]) != (row["etag"], row["watermark"]):
        change.tx.run("trackers.seen", id=row["id"], etag=columns["etag"], watermark=columns["watermark"])
    return findings
