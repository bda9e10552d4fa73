"""Watchers: starting one, finishing it together with its evidence, and finding those that went quiet.

A watcher never moves its task: what it saw becomes evidence, and the lane decides.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest, suggest_call
from fairway_scripts.base.words import watchers as rules
from fairway_scripts.programs.processes import host_name, liveness, start_mark
from fairway_scripts.project.changes import Change, find_state, repeated_answer
from fairway_scripts.project.leases import due_claims, renew
from fairway_scripts.runs.watcher_row import watcher_row
from fairway_scripts.work.records import artifact_columns, insert_evidence, tested_columns

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import WatcherFinish, WatcherStart
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs import run_shapes
    from fairway_scripts.runs.run_shapes import CurrentWatcher, ShownWatcher, WatcherTold
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import NewWatcher, Watcher, WatcherRow
    from fairway_scripts.work.evidence import NewEvidence, WatcherColumns, WatcherEnd


def start_watcher(project: Project, args: WatcherStart, *, pid: int | None = None) -> ShownWatcher:
    """Register a watcher of TASK_ID: the packet's fields, and with `pid` the process that watches.

    WATCH_ID is made up when none is given. Returns the watcher (see `watcher_row`). Raises FairwayError: `usage`,
    `not_found` (task), `already_exists` (WATCH_ID), `invalid_transition` (the task is finished).
    """
    told: WatcherTold = {
        "owner": args.owner,
        "process": args.process,
        "command": args.command,
        "success_condition": args.success_condition,
        "failure_condition": args.failure_condition,
        "allowed_fixes": args.allowed_fixes,
        "must_not_touch": args.must_not_touch,
        "escalation_rules": args.escalation_rules,
        "expected_duration": args.expected_duration,
        "poll_interval": args.poll_interval,
        "close_condition": args.close_condition,
        "evidence_required": args.evidence_required,
    }
    rules.checked_span("EXPECTED_DURATION", told["expected_duration"])
    rules.checked_span("POLL_INTERVAL", told["poll_interval"])
    with Change(project, args) as change:
        repeated: ShownWatcher | None = change.repeated()
        if repeated is not None:
            return repeated
        state = change.state(args.task_id)
        if state["terminal"]:
            raise FairwayError(
                "invalid_transition",
                f"{args.task_id} is {state['status']}: there is nothing left to watch for it",
                suggest("queue-task-detail", TASK_ID=args.task_id),
            )
        row: NewWatcher = {
            **told,
            "id": _free_id(change, args.watch_id, args.task_id),
            "task_id": args.task_id,
            "role": state["role"],
            "status": rules.ACTIVE,
            "pid": pid,
            "pid_started_at": start_mark(pid) if pid else None,
            "host": host_name() if pid else None,
            "notes": args.notes,
            "started_at": change.at,
            "last_news_at": change.at,
            "recorded_by": project.identity.actor,
        }
        change.tx.run("attachments.add_watcher", **row)
        change.record("watcher_started", args.task_id, {"watch_id": row["id"], **{k: v for k, v in told.items() if v}})
        watcher: Watcher = {
            **row,
            "result": None,
            "failure_class": None,
            "artifact_path": None,
            "artifact_sha256": None,
            "artifact_size": None,
            "duration_seconds": None,
            "exit_code": None,
            "attempts": None,
            "evidence_id": None,
            "finished_at": None,
        }
        return change.finish(watcher_row(watcher))


def finish_watcher(project: Project, args: WatcherFinish, *, duration: int | None) -> ShownWatcher:
    """Finish a watcher that somebody looked after: RESULT, and evidence with ARTIFACT_PATH or NOTES in one change.

    Returns the watcher with evidence_id. Raises FairwayError: `usage`, `not_found`, `invalid_transition` (finished
    before), `evidence_required` (a pass that nothing shows), `file_unavailable`.
    """
    result = rules.checked_result(args.result)
    failure_class = rules.checked_class(args.failure_class, result)
    repeated: ShownWatcher | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    if result == rules.PASS and not (args.artifact_path or args.notes):
        raise FairwayError(
            "evidence_required",
            f"watcher {args.watch_id} cannot pass without evidence",
            suggest("watcher-finish", WATCH_ID=args.watch_id, RESULT=None, ARTIFACT_PATH=None),
        )
    artifact = artifact_columns(project, args.artifact_path)
    tested = tested_columns(project, args.commit, str(artifact["artifact_path"]))
    with Change(project, args) as change:
        known: ShownWatcher | None = change.repeated()
        if known is not None:
            return known
        watcher = find_watcher(change.tx, args.watch_id)
        took = clock.elapsed(watcher["started_at"], change.at) if duration is None else duration
        seen: WatcherEnd = {
            "result": result,
            "evidence_result": "",
            "failure_class": failure_class,
            "duration_seconds": max(0, int(took)),  # a clock may have been set back
            "exit_code": None,
            "attempts": None,
            "notes": args.notes,
            "artifact_type": args.artifact_type,
            "producer": "claim",
            "run_by": None,
            **artifact,
            **tested,
        }
        return change.finish(close_watcher(change, watcher, seen))


def close_watcher(change: Change, watcher: Watcher, seen: WatcherEnd) -> ShownWatcher:
    """Finish an active watcher and record its evidence inside an open change; the watcher afterwards.

    Raises FairwayError `invalid_transition` when the watcher is finished already.
    """
    if watcher["status"] != rules.ACTIVE:
        raise FairwayError(
            "invalid_transition",
            f"watcher {watcher['id']} was finished at {watcher['finished_at']} with {watcher['result']}",
            suggest("watcher-start", TASK_ID=watcher["task_id"]),
            watch_id=watcher["id"],
        )
    about = watcher["command"] or watcher["process"] or f"watcher {watcher['id']}"
    evidence: NewEvidence = {
        "command_text": about,
        "result": seen["evidence_result"] or seen["result"],
        "artifact_type": seen["artifact_type"],
        "duration_seconds": seen["duration_seconds"],
        "notes": seen["notes"],
        "producer": seen["producer"],
        "run_by": seen["run_by"],
        "artifact_path": seen["artifact_path"],
        "artifact_sha256": seen["artifact_sha256"],
        "artifact_size": seen["artifact_size"],
        "commit_sha": seen["commit_sha"],
        "branch": seen["branch"],
        "tree_dirty": seen["tree_dirty"],
    }
    evidence_id = insert_evidence(change, watcher["task_id"], evidence)
    ended: WatcherColumns = {
        "result": seen["result"],
        "failure_class": seen["failure_class"],
        "artifact_path": seen["artifact_path"],
        "artifact_sha256": seen["artifact_sha256"],
        "artifact_size": seen["artifact_size"],
        "duration_seconds": seen["duration_seconds"],
        "exit_code": seen["exit_code"],
        "attempts": seen["attempts"],
        "evidence_id": evidence_id,
    }
    after: Watcher = {
        **watcher,
        **ended,
        "status": rules.status_of(seen["result"]),
        "notes": seen["notes"] or watcher["notes"],
        "last_news_at": change.at,
        "finished_at": change.at,
    }
    change.tx.run(
        "attachments.finish_watcher",
        watch_id=watcher["id"],
        status=after["status"],
        notes=after["notes"],
        at=change.at,
        **ended,
    )
    told = {"watch_id": watcher["id"], "failure_class": seen["failure_class"], "exit_code": seen["exit_code"]}
    payload = {"table": "task_evidence", "row_id": evidence_id, **told, **evidence}
    change.record("watcher_finished", watcher["task_id"], payload)
    return watcher_row(after)


def find_watcher(tx: Transaction, watch_id: str) -> Watcher:
    """The row of a watcher; raises FairwayError `not_found`."""
    row = tx.one("attachments.watcher", watch_id=watch_id)
    if row is None:
        raise FairwayError(
            "not_found", f"there is no watcher {watch_id}", suggest("watcher-status", ALL=True), watch_id=watch_id
        )
    return row


def report_news(project: Project, watch_id: str) -> None:
    """Say that a watcher is at work, and keep the leases of its actor alive; never in anybody's way."""
    at = clock.now()
    try:
        with project.store.write() as tx:
            tx.run("attachments.watcher_news", watch_id=watch_id, at=at)
            renew(project, tx, at, due_claims(project, tx, at))
    except FairwayError:
        return  # the lock is taken: the next sign of life says it


def current_watchers(
    project: Project, tx: Transaction, now: str, *, lane: str = "", task_id: str = "", everything: bool = False
) -> list[CurrentWatcher]:
    """The watchers that are active, or blocked and not yet answered by a later pass; with `everything` all of them.

    Oldest first. Beside `watcher_row`: title, task_status, age_seconds, news_at (when it was last heard of), process
    (`alive`, `dead`, `elsewhere`, `unknown`), stale (why it needs somebody) and fix (the command line that mends it).
    """
    usual = clock.duration(project.settings["watchers"]["stale_after"])
    later = {
        (row["task_id"], row["process"], row["command"]): row["started_at"]
        for row in tx.all("attachments.later_passes")
    }
    rows = tx.all("attachments.watchers", task_id=task_id, role=lane, everything=int(everything))
    if not everything:
        rows = [row for row in rows if row["status"] == rules.ACTIVE or not rules.is_superseded(row, later)]
    return [_judged(row, now, usual) for row in rows]


def watcher_status(project: Project, *, task_id: str = "", lane: str, everything: bool) -> run_shapes.WatcherStatus:
    """`{watchers: [...], active, blocked, stale}` (see `current_watchers`); raises `not_found` for no such task."""
    now = clock.now()
    with project.store.read() as tx:
        if task_id:
            find_state(tx, task_id)
        rows = current_watchers(project, tx, now, lane=lane, task_id=task_id, everything=everything)
    return {
        "watchers": rows,
        "active": sum(row["status"] == rules.ACTIVE for row in rows),
        "blocked": sum(row["status"] == rules.BLOCKED for row in rows),
        "stale": sum(bool(row["stale"]) for row in rows),
    }


def _judged(row: WatcherRow, now: str, usual: float) -> CurrentWatcher:
    active = row["status"] == rules.ACTIVE
    process = liveness(row["pid"], row["pid_started_at"], row["host"]) if active else "unknown"
    stale = rules.why_stale(row, now, usual, process)
    return {
        **watcher_row(row),
        "title": row["title"] or "",
        "task_status": row["task_status"] or "",
        "age_seconds": max(0, int(clock.elapsed(row["started_at"], row["finished_at"] or now))),
        "news_at": rules.last_news(row),
        "process_state": process,
        "stale": stale,
        "fix": suggest("watcher-finish", WATCH_ID=row["id"], RESULT="blocked", NOTES=None) if stale else "",
    }


def _free_id(change: Change, given: str, task_id: str) -> str:
    """The id of a new watcher: the one that is given when it is free, else one made from the task and the time."""
    if given:
        if change.tx.one("attachments.watcher", watch_id=rules.checked_id(given)) is not None:
            raise FairwayError(
                "already_exists",
                f"there is a watcher {given} already",
                suggest_call(WATCH_ID=""),
                watch_id=given,
            )
        return given
    plain = "".join(char if char.isascii() and (char.isalnum() or char in "._-") else "-" for char in task_id)[:80]
    stem = f"watch-{plain}-{change.at[:19].replace('-', '').replace(':', '')}"
    number, name = 1, stem
    while change.tx.one("attachments.watcher", watch_id=name) is not None:
        number += 1
        name = f"{stem}-{number}"
    return name
