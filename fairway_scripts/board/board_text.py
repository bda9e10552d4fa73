"""The coordinator's board as text: sections by urgency, each with its number of entries."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest
from fairway_scripts.board.orchestrator.tick import ACTIONS
from fairway_scripts.calls.answer import shown
from fairway_scripts.calls.columns import columns
from fairway_scripts.lanes.elsewhere import hosts_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairway_scripts.board.board_shapes import (
        Action,
        ActiveTask,
        BoardLane,
        BoardSession,
        ChangeEvent,
        Dispatch,
        LaneWorktree,
        Preflight,
        ReadyLane,
        Seen,
        Summary,
    )
    from fairway_scripts.runs.run_shapes import CurrentWatcher, ShownCheckpoint
    from fairway_scripts.upkeep.upkeep_shapes import NewestAnchor


def status_lines(seen: Seen) -> Iterator[str]:
    """Every section; what is next only as counts, because naming it is the tick's."""
    yield from _board(seen)
    counts = Counter(row["action"] for row in seen["actions"])
    listing = ", ".join(f"{word} {counts[word]}" for word in ACTIONS if counts[word])
    yield f"Next ({len(seen['actions'])})"
    yield f"  {listing}: {suggest('orchestrator-tick')}" if listing else "  nothing is left to do"


def tick_lines(seen: Seen) -> Iterator[str]:
    """Every section, then the actions with their command lines, what changed since, and the cursor for next time."""
    yield from _board(seen)
    yield f"Next ({_count(seen, 'actions', seen['actions'])})"
    if not seen["actions"]:
        yield "  nothing is left to do"
    cells = [[row["action"], row["lane"], row["task_id"], row["reason"]] for row in seen["actions"]]
    for row, line in zip(seen["actions"], _aligned(cells), strict=True):
        yield line
        yield f"      {row['command']}"
    if seen["since"]:
        yield f"Changed since {seen['since']} ({sum(len(task['events']) for task in seen['changes'])})"
        for task in seen["changes"]:
            yield f"  {task['task_id'] or '(no task)'}"
            yield from columns([_event(event) for event in task["events"]], "    ")
    yield f"cursor: {seen['cursor']}"


def tick_entries(seen: Seen) -> dict[tuple[str, ...], str]:
    """What is to be done next, by what it is about: what it says is the command line, for reasons hold ages."""
    return {_about(row): "  ".join([*map(shown, _about(row)[:-1]), row["command"]]) for row in seen["actions"]}


def _about(row: Action) -> tuple[str, ...]:
    return (row["action"], row["lane"], row["task_id"], row["command"])


def preflight_lines(found: Preflight) -> Iterator[str]:
    """Each issue with what mends it, then one line that sums up."""
    for issue in found["issues"]:
        about = issue["task_id"] or issue["lane"] or "-"
        yield f"{issue['level']}  {issue['check']}  {about}  {shown(issue['message'])}"
        yield f"  fix: {issue['fix']}"
    word = "OK" if found["ok"] else "FAILED"
    whose = f" for lane {found['lane']}" if found["lane"] else ""
    counts = f"{found['errors']} error(s), {found['warnings']} warning(s)"
    yield f"{word}{whose}: {counts}; checked {', '.join(found['checked'])}"


def plan_lines(found: Dispatch) -> Iterator[str]:
    """Each lane's next work with its command line and what stands in the way."""
    cells = [[row["lane"], row["action"], row["task_id"], row["reason"]] for row in found["plan"]]
    for row, line in zip(found["plan"], _aligned(cells, ""), strict=True):
        yield line
        if row["command"]:
            yield f"    {row['command']}"
        yield from (f"    in the way: {shown(issue['message'])}; {issue['fix']}" for issue in row["obstacles"])
    yield from (f"in everybody's way: {shown(issue['message'])}; {issue['fix']}" for issue in found["obstacles"])
    if len(found["plan"]) < found["total"]:
        yield f"{len(found['plan'])} of {found['total']} shown"


def _board(seen: Seen) -> Iterator[str]:
    yield "Preflight"
    yield from columns(list(_summary(seen["preflight"])))
    yield f"Lanes ({len(seen['lanes'])})"
    yield from columns([_lane(row) for row in seen["lanes"]])
    yield f"Active ({_count(seen, 'active', seen['active'])})"
    yield from columns([_active(row) for row in seen["active"]])
    yield f"Ready ({sum(row['total'] for row in seen['ready'])})"
    yield from columns([cells for row in seen["ready"] if row["total"] for cells in _ready(row)])
    yield f"Sessions ({_count(seen, 'sessions', seen['sessions'])})"
    yield from columns([_session(row) for row in seen["sessions"]])
    yield f"Watchers ({_count(seen, 'watchers', seen['watchers'])})"
    yield from columns([_watcher(row) for row in seen["watchers"]])
    yield f"Checkpoints ({_count(seen, 'checkpoints', seen['checkpoints'])})"
    yield from columns([_checkpoint(row) for row in seen["checkpoints"]])
    yield "Health"
    counts = [f"{name} {count}" for name, count in seen["health"].items() if name != "ok" and count]
    yield f"  {', '.join(counts) or 'nothing waits'}"
    yield from (f"  over the limit: {row['message']}" for row in seen["limits"])


def _count(seen: Seen, name: str, rows: Sequence[object]) -> str:
    """How many rows a list has; where LIMIT cut it off, how many of how many."""
    total = seen.get("totals", {}).get(name, len(rows))
    return f"{len(rows)} of {total}" if total > len(rows) else str(total)


def _summary(told: Summary) -> Iterator[list[str]]:
    changed = ", changed since it was read" if told["queue_file_changed"] else ""
    yield ["config", told["config"] or "none: GPUaaS conventions are assumed"]
    yield ["queue", f"{told['queue_file'] or 'no queue file'}{changed}"]
    if told["git_trouble"]:
        yield ["git", shown(told["git_trouble"]["message"])]
    else:
        yield ["git", f"{told['git_errors']} error(s), {told['git_warnings']} warning(s)"]
    yield from _ledger(told["anchor"], wanted=told["anchor_wanted"])
    told_of = f"{told['live_sessions']} registered, {told['sessions_over']} of them over"
    yield ["sessions", f"{told_of}, {told['unattended']} task(s) without one"]
    closed = [name for name, value in sorted(told["gates"].items()) if value not in (False, "off")]
    yield ["gates", ", ".join(name.removeprefix("require_") for name in closed) or "none is closed"]


def _ledger(anchor: NewestAnchor | None, *, wanted: bool) -> Iterator[list[str]]:
    """How old the newest anchor is; nothing where nobody uses anchors."""
    if anchor is None:
        if wanted:
            yield ["ledger", f"a signing key is configured, but nothing is anchored: {suggest('queue-anchor')}"]
        return
    since = f"{clock.span_text(anchor['age_seconds'])} old, {anchor['events_since']} event(s) since"
    if not anchor["ok"]:
        yield ["ledger", f"the newest anchor is not part of it: {suggest('queue-verify', ANCHOR=anchor['ref'])}"]
    else:
        yield ["ledger", f"anchored, {since}" + (f": {suggest('queue-anchor')}" if anchor["stale"] else "")]


def _lane(row: BoardLane) -> list[str]:
    counts = [f"{status} {count}" for status, count in row["counts"].items()]
    return [row["lane"], *counts, f"ready {row['ready']}", f"waiting {row['waiting']}", _place(row["worktree"])]


def _place(worktree: LaneWorktree | None) -> str:
    if worktree is None:
        return ""
    if not worktree["exists"]:
        return hosts_text(worktree["elsewhere"]) if worktree["elsewhere"] else "no worktree"
    parts = ["dirty" if worktree["dirty"] else "clean"]
    parts += [f"{worktree['ahead']} ahead"] if worktree["ahead"] else []
    parts += [f"{worktree['behind']} behind"] if worktree["behind"] else []
    if worktree["branch"] != worktree["expected_branch"]:
        parts.append(f"on {worktree['branch'] or 'no branch'}")
    return ", ".join(parts)


def _active(row: ActiveTask) -> list[str]:
    who = f"session {', '.join(row['sessions'])}; " if row["sessions"] else ""
    age = clock.span_text(row["age_seconds"])
    return [row["lane"], row["task_id"], row["status"], age, f"{who}{shown(row['why'])}"]


def _ready(row: ReadyLane) -> Iterator[list[str]]:
    for task in row["first"]:
        yield [row["lane"], task["task_id"], f"p{shown(task['priority'])}", shown(task["title"])]
    if row["total"] > len(row["first"]):
        more = row["total"] - len(row["first"])
        yield [row["lane"], f"and {more} more", "", suggest("queue-ready", ROLE=row["lane"])]


def _session(row: BoardSession) -> list[str]:
    provider = f"{row['backend']}/{row['provider']}" if row["provider"] else row["backend"]
    return [row["lane"], row["session_id"], provider, shown(row["task_id"]), row["over"] or row["process"]]


def _watcher(row: CurrentWatcher) -> list[str]:
    age = clock.span_text(row["age_seconds"])
    how = f"STALE: {row['stale']}" if row["stale"] else shown(row["success_condition"])
    return [row["watch_id"], row["task_id"], row["status"], age, how]


def _checkpoint(row: ShownCheckpoint) -> list[str]:
    age = clock.span_text(row["age_seconds"])
    how = f"STALE: {row['stale']}" if row["stale"] else shown(row["summary"])
    return [row["subject_kind"], row["subject_id"], row["state"], age, how]


def _event(event: ChangeEvent) -> list[str]:
    return [str(event["id"]), event["at"][:19] + "Z", event["actor"], event["kind"], shown(event["summary"])]


def _aligned(rows: list[list[str]], indent: str = "  ") -> list[str]:
    return columns([list(map(shown, cells)) for cells in rows], indent)
