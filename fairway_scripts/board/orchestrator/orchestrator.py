"""The coordinator's view: everything that is going on, from one snapshot of the store and a few looks at git.

Nothing here writes, not even a lease: the coordinator holds no claim, and two looks at the same store have to be equal.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, TypeVar

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.since import since_time
from fairway_scripts.board.board_rules import board_of
from fairway_scripts.board.event_summaries import summary_of
from fairway_scripts.board.health import health_report
from fairway_scripts.board.orchestrator import tick as rules
from fairway_scripts.board.orchestrator.facts import committed, concerns, of_lanes, of_work
from fairway_scripts.board.orchestrator.limits import over_limits
from fairway_scripts.lanes.git_check import compare_with_git, git_rows
from fairway_scripts.project.work_place import elsewhere
from fairway_scripts.store.stored_json import stored
from fairway_scripts.upkeep.anchors import newest_anchor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.board.board_shapes import (
        EvidenceGap,
        GitSeen,
        GitTrouble,
        Seen,
        StoredFacts,
        Summary,
        TaskChanges,
    )
    from fairway_scripts.lanes.lane_shapes import GitRows
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

_Row = TypeVar("_Row", bound="Mapping[str, object]")


def queue_file_changed(project: Project, tx: Transaction) -> bool:
    """Whether the queue file is another one than the definitions in the store were read from."""
    try:
        status = os.stat(project.queue.path) if project.queue.path else None
    except OSError:
        status = None
    if status is None:
        return False
    known = tx.one("sources.source", path=project.queue.path)
    if known is None or known["size"] != status.st_size:
        return True
    return bool(known["mtime_ns"] != status.st_mtime_ns and known["sha256"] != digest.of_file(project.queue.path))


def look(project: Project, *, now: str, lane: str = "", since: str = "") -> Seen:
    """Everything that the coordinator's tools show, in one answer.

    Returns `{preflight, lanes, active, ready, sessions, watchers, checkpoints, health, actions, limits, cursor, since,
    changes, health_findings, git_findings, session_findings, evidence_gaps}`: `preflight` sums up config, git, sessions
    and gates; `lanes`, `active` and `ready` come from `board_rules`, `actions` and `limits` from `tick`, the
    findings from the checks that made them; `evidence_gaps` are handoffs without evidence that passed; `cursor` is the
    number of the last event. `since` (an event's number, an age, a date or a time) fills `changes`. `lane` keeps what
    concerns one lane. Git is asked by at most three processes and two a lane; where it cannot be asked, that is said
    in `preflight` and everything else is there. Raises FairwayError `usage`.
    """
    after, moment = _since(since, now)
    with project.store.read() as tx:
        facts = _stored(project, tx, now)
        facts["changes"] = _changes(tx, lane, after=after, since=moment) if since else []
        facts["queue_file_changed"] = queue_file_changed(project, tx)
        facts["anchor"] = newest_anchor(project, tx)
    if facts["queue_file_changed"]:
        project.notes.append(
            f"{project.show(project.queue.path)} has changed since it was read: {suggest('queue-import')}"
        )
    git = _git(project, facts["git_rows"], now, committed(facts))
    facts["integrated"] = {sha: found["integrated"] for sha, found in git["commits"].items()}
    facts["loose"] = facts["health"]["findings"]
    facts["standing"] = rules.standings(facts)
    facts["session_findings"] = rules.findings_that_count(facts)
    board = board_of(facts, git["lanes"])
    gaps: list[EvidenceGap] = [
        {**row, "worktree": elsewhere(project, row["lane"], row["branch"] or "")}
        for row in facts["handoffs"].values()
        if not row["passes"] and concerns(row, lane)
    ]
    return {
        "preflight": _summary(project, facts, git),
        "lanes": [row for row in board["lanes"] if lane in ("", row["lane"])],
        "active": _of_lane(board["active"], lane),
        "ready": [row for row in board["ready"] if lane in ("", row["lane"])],
        "sessions": _of_lane(board["sessions"], lane),
        "watchers": _of_lane(facts["watchers"], lane),
        "checkpoints": _of_lane([row for row in facts["checkpoints"] if row["open"]], lane),
        "health": {
            **{name: len(cases) for name, cases in facts["health"]["findings"].items()},
            "ok": facts["health"]["ok"],
        },
        "health_findings": facts["health"]["findings"],
        "actions": _of_lane(rules.next_actions(facts), lane),
        "limits": _of_lane(over_limits(facts), lane),
        "cursor": facts["cursor"],
        "since": since,
        "changes": facts["changes"],
        "git_findings": _of_lane(git["findings"], lane),
        "session_findings": _of_lane(facts["session_findings"], lane),
        "evidence_gaps": gaps,
    }


def cut_off(seen: Seen, limit: int | None) -> Seen:
    """An answer of `look` whose lists have at most `limit` rows, with `totals`: how many each has in all.

    A coordinator of 100,000 tasks reads the first of what is to be done; the rest is megabytes.
    """
    if limit is None:
        return seen
    return {
        **seen,
        "active": seen["active"][:limit],
        "sessions": seen["sessions"][:limit],
        "watchers": seen["watchers"][:limit],
        "checkpoints": seen["checkpoints"][:limit],
        "actions": seen["actions"][:limit],
        "changes": seen["changes"][:limit],
        "git_findings": seen["git_findings"][:limit],
        "session_findings": seen["session_findings"][:limit],
        "evidence_gaps": seen["evidence_gaps"][:limit],
        "health_findings": {name: rows[:limit] for name, rows in seen["health_findings"].items()},
        "totals": {
            "active": len(seen["active"]),
            "sessions": len(seen["sessions"]),
            "watchers": len(seen["watchers"]),
            "checkpoints": len(seen["checkpoints"]),
            "actions": len(seen["actions"]),
            "changes": len(seen["changes"]),
            "git_findings": len(seen["git_findings"]),
            "session_findings": len(seen["session_findings"]),
            "evidence_gaps": len(seen["evidence_gaps"]),
        },
    }


def _of_lane(rows: list[_Row], lane: str) -> list[_Row]:
    """What belongs to a lane ("" for any); what belongs to no lane concerns every lane."""
    return [row for row in rows if concerns(row, lane)]


def _stored(project: Project, tx: Transaction, now: str) -> StoredFacts:
    """What the store says, under the names that `tick.actions` takes, and what only the board needs."""
    return {
        **of_work(project, tx, now),
        **of_lanes(project, tx),
        "health": health_report(project, now=now, tx=tx),
        "git_rows": git_rows(project, tx),
        "cursor": tx.value("orchestrator.cursor"),
        "changes": [],
        "queue_file_changed": False,
        "anchor": None,
    }


def _git(project: Project, rows: GitRows, now: str, commits: set[str]) -> GitSeen:
    """The comparison with git; where git cannot be asked, an empty one with `trouble`."""
    try:
        found, survey = compare_with_git(project, rows, now=now, commits=sorted(commits))
    except FairwayError as problem:
        trouble: GitTrouble = {"word": problem.word, "message": problem.message, "fix": problem.hint}
        return {"ok": False, "findings": [], "commits": {}, "lanes": [], "trouble": trouble}
    return {
        "ok": found["ok"],
        "findings": found["findings"],
        "commits": survey["commits"],
        "lanes": survey["lanes"],
        "trouble": None,
    }


def _summary(project: Project, facts: StoredFacts, git: GitSeen) -> Summary:
    """The first lines of the board: configuration, git, sessions and gates in a word each."""
    levels = [finding["level"] for finding in git["findings"]]
    over = [row for row in facts["session_findings"] if row["check"] != rules.UNATTENDED]
    return {
        "config": project.show(project.config.path) if project.config.path else "",
        "queue_file": project.show(project.queue.path) if project.queue.path else "",
        "queue_file_changed": facts["queue_file_changed"],
        "git_ok": git["ok"],
        "git_errors": levels.count("error"),
        "git_warnings": levels.count("warning"),
        "git_trouble": git["trouble"],
        "anchor": facts["anchor"],
        "anchor_wanted": bool(project.settings["ledger"]["signing_key"]),
        "live_sessions": len(facts["sessions"]),
        "sessions_over": len(over),
        "unattended": len(facts["session_findings"]) - len(over),
        "gates": {name: value for name, value in project.settings["gates"].items() if name.startswith("require_")},
    }


def _since(words: str, now: str) -> tuple[int, str]:
    """The events that `--since` means: those behind a number, or since a time."""
    if words.strip().isascii() and words.strip().isdigit():
        return int(words), ""
    return 0, since_time(words, now)


def _changes(tx: Transaction, lane: str, *, after: int, since: str) -> list[TaskChanges]:
    """The events since, task by task, the task that changed first at the top; those of no task under ""."""
    found: dict[str, TaskChanges] = {}
    for event in tx.all("orchestrator.events_since", after=after, since=since):
        if lane and event["lane"] not in (None, lane):
            continue
        payload: dict[str, object] = stored(event["payload"], dict, "payload")
        task = found.setdefault(
            event["task_id"], {"task_id": event["task_id"], "lane": event["lane"] or "", "events": []}
        )
        task["events"].append(
            {
                "id": event["id"],
                "at": event["at"],
                "actor": event["actor"],
                "kind": event["kind"],
                "summary": summary_of(payload, event["reverts"]),
            }
        )
    return list(found.values())
