"""What the coordinator does next, judged from facts that were gathered before; nothing is looked up or changed.

An action is `{action, urgency, lane, task_id, reason, command}`: `urgency` counts from 1, the most urgent, `command`
is a line that can be pasted as it is, `task_id` is "" where no task is meant.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest
from fairway_scripts.board import health_rules as health
from fairway_scripts.board import loose_ends
from fairway_scripts.work.proof_lines import review_asked_line
from fairway_scripts.work.review_verdicts import request_text, speaker
from fairway_scripts.work.verdicts import OBJECTIONS, verdict_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from fairway_scripts.board.board_shapes import Action, Facts
    from fairway_scripts.sessions.session_shapes import SessionFinding
    from fairway_scripts.store.rows import OrchestratorActive, OrchestratorLastHandoffs, ReviewRequest
    from fairway_scripts.work.work_shapes import Verdict

RECONCILE, CLOSE, MERGE, REVIEW, ROUTE, ACK, UNBLOCK, CHECKPOINT, CONTINUE, CLAIM = ACTIONS = (
    *("reconcile", "close", "merge", "review", "route", "ack", "unblock", "checkpoint", "continue", "claim"),
)
#: What stands in the way of others comes before what one lane does for itself.
URGENCY: Final = {action: place for place, action in enumerate(ACTIONS, start=1)}
#: The check of a session finding that says a task in progress has nobody at work on it.
UNATTENDED: Final = "unattended"
_SHORT = 12
#: Why a task whose review was routed is routed again all the same: no rule asks anybody, but the gate does.
_NOBODY = "nobody has approved it, and gates.require_review_before_done asks for it"


def next_actions(facts: Facts) -> list[Action]:
    """Every action of `actions`, in the order of urgency, then lane (as configured), then task."""
    return sorted(actions(facts), key=order(facts))


def actions(facts: Facts) -> Iterator[Action]:
    """Every action, in no order.

    `facts`: `now`; `lanes` (names); `limits` (`max_primary_tracks`, `max_sidecar_tracks`, `max_review_tracks`);
    `thresholds` (seconds: `handoff`, `blocked`); `finished` (the status that ends a task); `active` and `blocked`
    (tasks: task_id, lane, status, owner, branch, commit_sha, status_since, reason), oldest first; `ready_first`
    (task_id, lane, title), in the order to take them; `handoffs` (the last one of each open task); `routed`
    (task -> commits that were routed); `requests` and `verdicts` (of open tasks, the ones that stand);
    `reading` ((lane, task) -> the line with which the lane reads it);
    `gate` (whether `gates.require_review_before_done` is set); `lighter` (task -> why its review is routed again);
    `missing_domains` (task -> what it declares and nobody has approved); `integrated` (commit -> whether it is there);
    `task_lanes`; `session_findings`, `watchers`, `checkpoints`, `loose` (kind -> cases), `write_backs` (not yet taken
    over); `standing`.
    """
    for part in (_reconcile, _reviews, _acknowledge, _unblock, _checkpoints, _work, _claims):
        yield from part(facts)


def order(facts: Facts) -> Callable[[Action], tuple[int | str, ...]]:
    """The key that sorts actions."""
    places = {lane: place for place, lane in enumerate(facts["lanes"])}
    return lambda row: (
        *(row["urgency"], places.get(row["lane"], len(places))),
        *(row["lane"], row["task_id"], row["command"]),
    )


def standings(facts: Facts) -> dict[str, tuple[str, str]]:
    """Where each task in progress stands, by id: the action that is next for it, and why.

    `close`, `merge`, `route` and `review` wait for somebody other than the lane; `continue` is the lane's own work.
    Takes the facts of `actions` but for `standing`, which is this answer.
    """
    requests: dict[str, list[ReviewRequest]] = {}
    verdicts: dict[str, list[Verdict]] = {}
    for request in facts["requests"]:
        requests.setdefault(request["task_id"], []).append(request)
    for verdict in facts["verdicts"]:
        verdicts.setdefault(verdict["task_id"], []).append(verdict)
    return {
        task["task_id"]: _standing(facts, task, requests.get(task["task_id"], []), verdicts.get(task["task_id"], []))
        for task in facts["active"]
    }


def _standing(
    facts: Facts, task: OrchestratorActive, requests: list[ReviewRequest], verdicts: list[Verdict]
) -> tuple[str, str]:
    task_id = task["task_id"]
    handoff = facts["handoffs"].get(task_id)
    commit = (handoff and handoff["commit_sha"]) or task["commit_sha"] or ""
    pending = health.pending_reviews(requests, verdicts)
    # nothing was merged: it is there to be read
    unchanged = any(row.get("base_commit_sha") == commit for row in pending)
    if commit and facts["integrated"].get(commit) and not unchanged:
        return CLOSE, f"{commit[:_SHORT]} is on the integration branch, and the task is still {task['status']}"
    if handoff is None:
        return CONTINUE, "no handoff yet"
    objection = next((row for row in verdicts if row["verdict"] in OBJECTIONS), None)
    if objection and objection["created_at"] >= handoff["created_at"]:
        return CONTINUE, f"{speaker(objection)}: {verdict_text(objection)}"
    if not _is_routed(facts, handoff, requests):
        return ROUTE, f"handed off{_at(commit)}, and nobody is asked to review it"
    if lighter := facts.get("lighter", {}).get(task_id):
        return ROUTE, f"handed off{_at(commit)}, and {lighter}"
    if pending:
        return REVIEW, "waits for the review of " + ", ".join(dict.fromkeys(map(request_text, pending)))
    if objection:
        return CONTINUE, f"{speaker(objection)}: {verdict_text(objection)}"
    if missing := facts.get("missing_domains", {}).get(task_id):
        return ROUTE, f"handed off{_at(commit)}, and there is no approval for {', '.join(missing)}"
    if facts.get("gate") and not verdicts:
        return ROUTE, f"handed off{_at(commit)}, and {_NOBODY}"
    approved = ", ".join(sorted(map(speaker, verdicts))) or "no lane has to review it"
    return MERGE, f"handed off{_at(commit)} and reviewed ({approved})"


def findings_that_count(facts: Facts) -> list[SessionFinding]:
    """The session findings without those about work that waits for others: nobody has to sit beside a review."""
    waiting = {task["task_id"] for task in facts["active"] if _stands(facts, task)[0] != CONTINUE}
    return [row for row in facts["session_findings"] if row["check"] != UNATTENDED or row["task_id"] not in waiting]


def action(word: str, lane: str, task_id: str, reason: str, command: str) -> Action:
    """One row; raises KeyError for a word that is no action."""
    return {
        "action": word,
        "urgency": URGENCY[word],
        "lane": lane,
        "task_id": task_id,
        "reason": reason,
        "command": command,
    }


def _stands(facts: Facts, task: OrchestratorActive) -> tuple[str, str]:
    return facts["standing"][task["task_id"]]


def _reconcile(facts: Facts) -> Iterator[Action]:
    # one call marks every session that is over, but each of them is named
    for over in findings_that_count(facts):
        subject = f"session {over['session_id']}: " if over["session_id"] else ""
        yield action(RECONCILE, over["lane"], over["task_id"] or "", f"{subject}{over['reason']}", over["fix"])
    for row in facts["watchers"]:
        if row["stale"]:
            lane = row["lane"] or facts["task_lanes"].get(row["task_id"], "")
            yield action(RECONCILE, lane, row["task_id"], f"watcher {row['watch_id']}: {row['stale']}", row["fix"])
    for kind in loose_ends.KINDS:
        for loose in facts.get("loose", {}).get(kind, []):
            yield action(RECONCILE, loose["lane"], loose["id"], loose["what"], loose["fix"])
    for owed in facts.get("write_backs", []):
        said = " ".join(str(owed["last_error"] or "").split())
        reason = f"the older scripts do not know its status (tries: {owed['attempts']}): {said}"
        yield action(RECONCILE, owed["role"], owed["task_id"], reason, suggest("lane-engine", DELIVER=True))


def _work(facts: Facts) -> Iterator[Action]:
    """What is next for each task in progress, but for reviews, which the reviewing lane does."""
    alone = {row["task_id"] for row in facts["session_findings"] if row["check"] == UNATTENDED}
    for task in facts["active"]:
        word, reason = _stands(facts, task)
        if word in (CLOSE, MERGE, ROUTE):
            yield action(word, task["lane"], task["task_id"], reason, _line(facts, word, task))
    for lane in _all_lanes(facts):
        for task in own_work(facts, lane)[: facts["limits"]["max_primary_tracks"]]:
            if task["task_id"] not in alone:
                age = clock.span_text(health.age(task["status_since"], facts["now"]))
                reason = f"in progress for {age} (owner {task['owner'] or '-'}): {_stands(facts, task)[1]}"
                yield action(CONTINUE, lane, task["task_id"], reason, _line(facts, CONTINUE, task))


def _line(facts: Facts, word: str, task: OrchestratorActive) -> str:
    task_id = task["task_id"]
    handoff = facts["handoffs"].get(task["task_id"])
    commit = (handoff and handoff["commit_sha"]) or task["commit_sha"] or ""
    ref = commit or task["branch"] or f"agent/{task['lane']}"
    if word == CLOSE:
        return suggest("queue-set-status", TASK_ID=task_id, STATUS=facts["finished"], COMMIT=ref)
    if word == MERGE:
        return suggest("queue-merge-ready", TASK_ID=task_id, REF=ref)
    if word == ROUTE and _stands(facts, task)[1].endswith(_NOBODY):
        return review_asked_line(task_id, ref)
    if word == ROUTE:
        return suggest("queue-route-review", TASK_ID=task_id, REF=ref)
    return suggest("queue-task-detail", TASK_ID=task_id)


def _reviews(facts: Facts) -> Iterator[Action]:
    """Open requests, the longest waiting first, as many a reviewing lane as the limit allows."""
    active = {task["task_id"]: task for task in facts["active"]}
    given: Counter[str] = Counter()
    pending = health.pending_reviews(facts["requests"], facts["verdicts"])
    asked = Counter(row["role"] for row in pending)
    for row in sorted(pending, key=lambda row: (row["created_at"], row["id"])):
        lane, task_id = row["role"], row["task_id"]
        task = active.get(task_id)
        if task is not None and _stands(facts, task)[0] == CLOSE:
            continue
        if given[lane] >= facts["limits"]["max_review_tracks"]:
            continue
        given[lane] += 1
        age = clock.span_text(health.age(row["created_at"], facts["now"]))
        more = f"; {asked[lane] - given[lane]} more wait for {lane}" if asked[lane] > given[lane] else ""
        at, whose = _at(row["commit_sha"]), facts["task_lanes"].get(task_id) or "it"
        reason = f"{request_text(row)} was asked {age} ago to review{at or ' the work'} of {whose}{more}"
        yield action(REVIEW, lane, task_id, reason, facts["reading"][lane, task_id])


def _acknowledge(facts: Facts) -> Iterator[Action]:
    for row in facts["handoffs"].values():
        age = health.age(row["created_at"], facts["now"])
        if row["acknowledged_at"] or age <= facts["thresholds"]["handoff"]:
            continue
        reason = f"handoff {row['handoff_id']} for {row['to_role'] or 'anybody'} waits for {clock.span_text(age)}"
        line = suggest("queue-ack-handoff", TASK_ID=row["task_id"])
        yield action(ACK, row["to_role"] or row["lane"], row["task_id"], reason, line)


def _unblock(facts: Facts) -> Iterator[Action]:
    for task in facts["blocked"]:
        age = health.age(task["status_since"], facts["now"])
        if age > facts["thresholds"]["blocked"]:
            reason = f"blocked for {clock.span_text(age)}: {task['reason'] or 'no reason given'}"
            line = suggest("queue-task-detail", TASK_ID=task["task_id"])
            yield action(UNBLOCK, task["lane"], task["task_id"], reason, line)


def _checkpoints(facts: Facts) -> Iterator[Action]:
    held = set()
    for row in facts["checkpoints"]:
        is_task = row["subject_kind"] == "task"
        if is_task and row["open"]:
            held.add(row["subject_id"])
        if row["stale"]:
            subject = row["subject_id"] if is_task else ""
            about = "" if is_task else f"track {row['subject_id']}: "
            yield action(CHECKPOINT, row["lane"], subject, f"{about}{row['stale']}", row["fix"])
    for lane in _all_lanes(facts):
        for task in own_work(facts, lane)[facts["limits"]["max_primary_tracks"] :]:
            if task["task_id"] not in held:
                line = suggest("checkpoint-record", TASK_ID=task["task_id"], STATE="active", SUMMARY=None)
                yield action(CHECKPOINT, lane, task["task_id"], "a side track without a checkpoint", line)


def _claims(facts: Facts) -> Iterator[Action]:
    """The first ready task of each lane that has nothing in progress.

    A task that waits for review or merge keeps its lane: the next one's commits would land on the same branch.
    """
    busy = Counter(task["lane"] for task in facts["active"])
    seen = set()
    for row in facts["ready_first"]:
        lane = row["lane"]
        if lane in seen or busy[lane] >= max(1, facts["limits"]["max_primary_tracks"]):
            continue
        seen.add(lane)
        line = suggest("queue-claim", ROLE=lane, OWNER=lane, TASK_ID=row["task_id"])
        yield action(CLAIM, lane, row["task_id"], f"the lane is free; next: {row['title']}", line)


def own_work(facts: Facts, lane: str) -> list[OrchestratorActive]:
    """The tasks that a lane itself has to go on with, the oldest first: the first are its primary tracks."""
    return [task for task in facts["active"] if task["lane"] == lane and _stands(facts, task)[0] == CONTINUE]


def _all_lanes(facts: Facts) -> list[str]:
    return [*facts["lanes"], *sorted({task["lane"] for task in facts["active"]}.difference(facts["lanes"]))]


def _is_routed(facts: Facts, handoff: OrchestratorLastHandoffs, requests: list[ReviewRequest]) -> bool:
    commit = handoff["commit_sha"]
    if any(not commit or row["commit_sha"] in (None, "", commit) for row in requests):
        return True
    routed = facts["routed"].get(handoff["task_id"], [])
    return commit in routed if commit else bool(routed)


def _at(commit: str | None) -> str:
    return f" at {commit[:_SHORT]}" if commit else ""
