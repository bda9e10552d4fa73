"""Watching by running: a command under supervision until it is decided, then watcher and evidence in one change."""

from __future__ import annotations

import copy
import os
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.git_folder import make_folder
from fairway_scripts.base.words import watchers as rules
from fairway_scripts.git import references
from fairway_scripts.git.git import changed_paths
from fairway_scripts.git.tested_tree import uncommitted
from fairway_scripts.programs.supervised import append_to_log, noted_signals
from fairway_scripts.project.changes import Change, repeated_answer
from fairway_scripts.project.places import store_folder
from fairway_scripts.project.secrets.secret_guard import redact_file, redact_text
from fairway_scripts.project.work_place import stand_in
from fairway_scripts.runs import watch_runs
from fairway_scripts.runs.watched_runs import INTERRUPTED, TIMED_OUT, WatchedRun, WatchPlan
from fairway_scripts.runs.watchers import close_watcher, find_watcher, start_watcher
from fairway_scripts.work.records import artifact_columns, tested_columns

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.calls.tool_calls import WatcherRun
    from fairway_scripts.git.tested_tree import Uncommitted
    from fairway_scripts.project.project import Project
    from fairway_scripts.runs.run_shapes import FinishedWatch, WatchSeen
    from fairway_scripts.work.evidence import Tested, WatcherEnd

LOG_FOLDER = "watchers"
#: Lines of output that the answer holds.
_SHOWN_LINES = 20
#: How often the end is written when somebody holds the store; each try waits for the lock itself.
_TRIES = 3


def run_watcher(
    project: Project, args: WatcherRun, *, show: Callable[[float, str], None] | None = None
) -> FinishedWatch:
    """Run COMMAND for TASK_ID until it is decided, and record how it went.

    It runs in WORKTREE, by default in the current folder; without POLL_INTERVAL once, else until a condition is met.
    `show` gets the seconds since the start and each line of output. The tested commit is the one at the start; a tree
    that was not clean then, or a HEAD that has moved since, makes the evidence stale. Returns the watcher (see
    `watchers.watcher_row`) with outcome (`pass`, `fail`, `blocked`, `timed_out` or `interrupted`), why, advice, log
    (its path) and tail (the last lines). Raises FairwayError: `usage`, `not_found` (task, commit),
    `already_exists`, `invalid_transition`, `file_unavailable` (the log).
    """
    stand_in(project, args.worktree)
    plan, protected = _plan(project, args), rules.protected(args.must_not_touch)
    repeated: FinishedWatch | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    tested = tested_columns(project, args.commit, "")
    folder = os.path.join(store_folder(project), LOG_FOLDER)
    make_folder(folder)
    if args.watch_id:  # an id that we make is new, and so is its log
        append_to_log(os.path.join(folder, f"{rules.checked_id(args.watch_id)}.log"), "")
    with noted_signals() as noted:
        opening = copy.copy(args)
        opening.request_id = ""  # the request is answered by the end of the watch, not by its start
        opening.expected_duration = args.expected_duration or f"{plan.seconds:g}s"
        watcher = start_watcher(project, opening, pid=os.getpid())
        log = os.path.join(folder, f"{watcher['watch_id']}.log")
        before = _tree(project, protected)
        run = WatchedRun(project, watcher["watch_id"], log, plan, noted, show)
        run.until_decided()
        touched = _touched(project, protected, before)
        return _record(project, args, watcher["watch_id"], run, tested, touched)


def _plan(project: Project, args: WatcherRun) -> WatchPlan:
    """What the call asks for, checked before anything is registered."""
    settings = project.settings["watchers"]
    timeout = rules.checked_span("TIMEOUT", args.timeout)
    expected = rules.checked_span("EXPECTED_DURATION", args.expected_duration)
    return WatchPlan(
        args.task_id,
        args.command,
        os.path.abspath(args.worktree) if args.worktree else "",
        timeout or expected or clock.duration(settings["timeout"]),
        clock.duration(settings["end_grace"]),
        rules.checked_span("POLL_INTERVAL", args.poll_interval),
        watch_runs.checked_condition("SUCCESS_CONDITION", args.success_condition),
        watch_runs.checked_condition("FAILURE_CONDITION", args.failure_condition),
    )


def _record(
    project: Project, args: WatcherRun, watch_id: str, run: WatchedRun, tested: Tested, touched: list[str]
) -> FinishedWatch:
    """Finish the watcher and record its evidence; the answer."""
    moved = _moved(project, args, tested)
    failure_class, why = _classified(project, args, run, tested, touched)
    result = rules.PASS
    if run.outcome == INTERRUPTED:
        result = rules.BLOCKED
    elif failure_class:
        result = rules.result_of(failure_class)
    about = [f"{run.why} after {clock.span_text(run.elapsed)}, {run.attempts} attempt(s)"]
    about += [f"{failure_class}: {why}"] if failure_class else []
    about += [f"protected paths changed: {', '.join(touched)}"] if touched else []
    about += ["HEAD moved while it ran"] if moved else []
    redacted = redact_file(project, run.log, os.path.basename(run.log))
    about += [redacted] if redacted else []
    project.notes += [redacted] if redacted else []
    seen: WatcherEnd = {
        "result": result,
        "evidence_result": "partial" if run.outcome == INTERRUPTED else result,
        "failure_class": failure_class,
        "duration_seconds": round(run.elapsed),
        "exit_code": run.exit_code,
        "attempts": run.attempts,
        "notes": "; ".join(about + ([args.notes] if args.notes else [])),
        "artifact_type": "command_log",
        "producer": "runner",
        "run_by": project.tool,
        **artifact_columns(project, run.log),
        **tested,
        "tree_dirty": int(bool(tested["tree_dirty"]) or moved),
    }
    more: WatchSeen = {
        "outcome": run.outcome if run.outcome in (INTERRUPTED, TIMED_OUT) else result,
        "why": run.why,
        "advice": rules.FAILURE_CLASSES.get(failure_class, ""),
        "log": run.log,
        "tail": redact_text(project, "\n".join(list(run.tail)[-_SHOWN_LINES:]), "the last lines").split("\n"),
    }
    return _written(project, args, watch_id, seen, more)


def _classified(
    project: Project, args: WatcherRun, run: WatchedRun, tested: Tested, touched: list[str]
) -> tuple[str, str]:
    """The failure class and why, ("", "") for a pass that touched nothing it must not, and for an interrupted run."""
    if run.outcome == INTERRUPTED or (run.outcome == rules.PASS and not touched):
        return "", ""
    earlier: list[str] = []
    if tested["commit_sha"] and not tested["tree_dirty"]:
        with project.store.read() as tx:
            earlier = tx.column(
                "attachments.earlier_results",
                task_id=args.task_id,
                command_text=args.command,
                commit_sha=tested["commit_sha"],
            )
    tail = "\n".join(run.tail)
    seen = rules.Failure(run.exit_code, run.outcome == TIMED_OUT, tail, tuple(earlier), tuple(touched))
    return rules.classify(seen)


def _written(project: Project, args: WatcherRun, watch_id: str, seen: WatcherEnd, more: WatchSeen) -> FinishedWatch:
    """The one change at the end; a store that somebody holds is tried again, for the run cannot be repeated."""
    for left in reversed(range(_TRIES)):
        try:
            with Change(project, args) as change:
                watcher = close_watcher(change, find_watcher(change.tx, watch_id), seen)
                finished: FinishedWatch = {**watcher, **more}
                return change.finish(finished)
        except FairwayError as refusal:
            if refusal.word != "store_busy":
                raise
            if not left:
                line = suggest(
                    "watcher-finish", WATCH_ID=watch_id, RESULT=seen["result"], ARTIFACT_PATH=seen["artifact_path"]
                )
                raise FairwayError(refusal.word, refusal.message, line, watch_id=watch_id) from refusal
            project.notes.append("the store was busy; tried again")
    raise AssertionError  # the last try returns or raises


def _moved(project: Project, args: WatcherRun, tested: Tested) -> bool:
    """Whether another commit is checked out now than when the command was started."""
    repository = project.repository
    if args.commit or repository is None or repository.worktree is None:
        return False
    return bool(references.read_ref(repository, "HEAD") != tested["commit_sha"])


def _tree(project: Project, patterns: list[str]) -> Uncommitted:
    """The commit that is checked out and the uncommitted changes, when there is something to protect."""
    if not patterns or project.repository is None or project.repository.worktree is None:
        return {"head": None, "changed_files": []}
    return uncommitted(project.worktree)


def _touched(project: Project, patterns: list[str], before: Uncommitted) -> list[str]:
    """The protected paths that were changed since `before`, committed or not."""
    after = _tree(project, patterns)
    changed = list(after["changed_files"])
    if before["head"] and after["head"] and before["head"] != after["head"]:
        changed += changed_paths(project.worktree, before["head"], after["head"])
    return rules.touched(patterns, before["changed_files"], changed)
