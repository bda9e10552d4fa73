"""What the coordinator should mend before giving out work, judged from what was seen.

An issue is `{check, level, lane, task_id, message, fix}`, `level` being `error` or `warning`; only errors fail the
preflight. What merely waits for its turn is no issue but an action of the tick.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest
from fairway_scripts.board import loose_ends
from fairway_scripts.board.orchestrator.tick import UNATTENDED
from fairway_scripts.work.proof_lines import evidence_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.board.board_shapes import HealthFinding, Seen
    from fairway_scripts.lanes.lane_shapes import GitFinding

ERROR = "error"
WARNING = "warning"
#: What a preflight looks at, in order.
CHECKED = (
    *("config", "queue file", "store", "git", "lane worktrees", "sessions", "work in progress", "blocked work"),
    *("watchers", "checkpoints", "evidence and handoffs", "reviews", "track limits"),
)
#: Categories of the health report that say somebody has to act. `stale_in_progress` is judged by itself.
_GROWN_OLD = (
    *("over_lease", "blocked_over_24h", "unacknowledged_handoffs_over_1h", "unrouted_reviews"),
    *("pending_reviews_over_24h", "stale_reviews"),
)
#: Findings about a lane's worktree that make it unfit for new work; while its task is in progress they are normal.
_UNFIT = ("uncommitted_changes", "behind_base")
_NO_PLACE = ("worktree_missing", "branch_missing")


def issue(check: str, level: str, message: str, fix: str, *, lane: str = "", task_id: str = "") -> GitFinding:
    """One issue."""
    return {"check": check, "level": level, "lane": lane, "task_id": task_id, "message": message, "fix": fix}


def sorted_issues(issues: list[GitFinding], lanes: list[str]) -> list[GitFinding]:
    """Errors first; then what concerns all, then by lane as configured, task, check and message."""
    order = {"": -1} | {lane: place for place, lane in enumerate(lanes)}
    return sorted(
        issues,
        key=lambda row: (
            row["level"] != ERROR,
            order.get(row["lane"], len(order)),
            row["lane"],
            row["task_id"],
            row["check"],
            row["message"],
        ),
    )


def issues_of(seen: Seen) -> list[GitFinding]:
    """The issues in what `orchestrator.look` has seen: git, lanes, sessions, health, gates, limits."""
    return [*_git(seen), *_sessions(seen), *_health(seen), *_attachments(seen), *_evidence(seen), *_limits(seen)]


def _git(seen: Seen) -> Iterator[GitFinding]:
    trouble = seen["preflight"]["git_trouble"]
    if trouble:
        yield issue(trouble["word"], ERROR, trouble["message"], trouble["fix"])
    busy = {row["lane"] for row in seen["lanes"] if row["in_progress"]}
    for found in seen["git_findings"]:
        if found["level"] == "note":
            continue
        level, fix = found["level"], found["fix"]
        if found["check"] in _NO_PLACE:
            level = ERROR
        elif found["check"] in _UNFIT:
            level = WARNING if found["lane"] in busy else ERROR
        yield issue(found["check"], level, found["message"], fix, lane=found["lane"], task_id=found["task_id"])


def _sessions(seen: Seen) -> Iterator[GitFinding]:
    for found in seen["session_findings"]:
        level = WARNING if found["check"] == UNATTENDED else ERROR
        about = f"session {found['session_id']}" if found["session_id"] else found["task_id"]
        message = f"{about}: {found['reason']}"
        yield issue(found["check"], level, message, found["fix"], lane=found["lane"], task_id=found["task_id"] or "")


def _health(seen: Seen) -> Iterator[GitFinding]:
    findings = seen["health_findings"]
    attended = {row["task_id"] for row in seen["active"] if row["sessions"]}
    ours = {row["lane"] for row in seen["lanes"]}
    for entry in findings["stale_in_progress"]:
        if entry["lane"] in ours:
            # long work that somebody is at is slow, not forgotten
            level = WARNING if entry["id"] in attended else ERROR
            yield _waiting("stale_in_progress", level, entry)
    for name in _GROWN_OLD:
        for entry in findings[name]:
            if entry["lane"] in ours or entry["waits_for"] in ours:
                yield _waiting(name, ERROR, entry)
    for name in loose_ends.KINDS:
        for entry in findings[name]:
            if entry["lane"] in ours:
                yield _waiting(name, WARNING, entry)


def _waiting(check: str, level: str, entry: HealthFinding) -> GitFinding:
    message = f"{entry['id']}: {entry['what']} (for {clock.span_text(entry['age_seconds'])})"
    return issue(check, level, message, entry["fix"], lane=entry["lane"], task_id=entry["id"])


def _attachments(seen: Seen) -> Iterator[GitFinding]:
    for watcher in seen["watchers"]:
        if watcher["stale"]:
            message = f"watcher {watcher['watch_id']}: {watcher['stale']}"
            lane, task_id = watcher["lane"] or "", watcher["task_id"]
            yield issue("stale_watcher", ERROR, message, watcher["fix"], lane=lane, task_id=task_id)
    for row in seen["checkpoints"]:
        if row["stale"]:
            task_id = row["subject_id"] if row["subject_kind"] == "task" else ""
            message = f"{row['subject_kind']} {row['subject_id']}: {row['stale']}"
            yield issue("stale_checkpoint", ERROR, message, row["fix"], lane=row["lane"], task_id=task_id)


def _evidence(seen: Seen) -> Iterator[GitFinding]:
    """Handed-off work that nothing shows to pass: an error where the gate will stop it anyway."""
    level = ERROR if seen["preflight"]["gates"].get("require_evidence_before_done") else WARNING
    for row in seen["evidence_gaps"]:
        fix = evidence_line(row["task_id"], worktree=row["worktree"])
        message = f"{row['task_id']} is handed off without evidence that passed"
        yield issue("evidence_missing", level, message, fix, lane=row["lane"], task_id=row["task_id"])


def _limits(seen: Seen) -> Iterator[GitFinding]:
    for row in seen["limits"]:
        first = row["task_ids"][0] if row["task_ids"] else ""
        fix = suggest("queue-release", TASK_ID=first, REASON=None) if first else suggest("checkpoint-status")
        yield issue("track_limit", WARNING, row["message"], fix, lane=row["lane"], task_id=first)
