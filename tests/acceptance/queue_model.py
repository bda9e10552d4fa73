"""What a queue is meant to do, said a second time in plain dicts: the life-cycle test holds the tools to it.

Every method that stands for a command returns the word of the refusal that is due, or "" and changes the model.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

EVERYTHING = "*"
LEASE_SECONDS = 12 * 3600
NO_PRIORITY = 1000
_START = datetime(2026, 11, 21, 8, tzinfo=timezone.utc)
_OBJECTIONS = ("blocked", "changes_requested")
#: When tasks that were done before their first import were finished.
_LONG_AGO = -1_000_000


def moment(seconds: int) -> str:
    """The stored form of a time, `seconds` after the start of the story."""
    return (_START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class QueueModel:
    """The queue file, the tasks, and what was recorded; `broken` names the task whose definition is at fault."""

    def __init__(self, head: str) -> None:
        self.head = head
        self.now = 0
        #: task id -> lane, title, priority, depends_on, and the seeds status, owner, branch, commit
        self.file: dict[str, dict[str, Any]] = {}
        self.broken = ""
        #: what was imported last, with `position`; a task that has left the file stays
        self.definitions: dict[str, dict[str, Any]] = {}
        self.left: set[str] = set()
        self.archived: set[str] = set()
        self.states: dict[str, dict[str, Any]] = {}
        self.holders: dict[str, set[tuple[str, str]]] = {}
        #: the ledger: at, actor, task, kind, before, after (the changed columns), records, undone
        self.events: list[dict[str, Any]] = []
        #: evidence, handoffs and reviews in the order they were recorded
        self.records: list[dict[str, Any]] = []

    # --- reading --------------------------------------------------------------------------------------------

    def order(self, task_id: str) -> tuple[str, int, int, str]:
        """The place of a task in every list: lane, priority, place in the file, id."""
        task = self.definitions[task_id]
        priority = NO_PRIORITY if task["priority"] is None else task["priority"]
        return task["lane"], priority, task["position"], task_id

    def ready(self, lane: str = "") -> list[str]:
        """The tasks that can be claimed, in order."""
        found = [
            task_id
            for task_id, state in self.states.items()
            if state["status"] == "todo"
            and task_id not in self.left
            and not self.open_dependencies(task_id)
            and lane in ("", self.definitions[task_id]["lane"])
        ]
        return sorted(found, key=self.order)

    def open_dependencies(self, task_id: str) -> list[str]:
        """The dependencies of a task that are not done."""
        return [one for one in self.needs(task_id) if self.states[one]["status"] != "done"]

    def needs(self, task_id: str) -> list[str]:
        """All dependencies of a task."""
        found: list[str] = self.definitions[task_id]["depends_on"]
        return found

    def of(self, task_id: str, kind: str) -> list[dict[str, Any]]:
        """The records of a task that were not withdrawn."""
        return [one for one in self.records if (one["task"], one["kind"]) == (task_id, kind) and not one["withdrawn"]]

    # --- the queue file -------------------------------------------------------------------------------------

    def synchronise(self) -> None:
        """What any command does first: a sound file counts; state comes from it once only."""
        if self.broken:
            return
        for position, (task_id, task) in enumerate(self.file.items()):
            self.definitions[task_id] = {**task, "position": position}
            if task_id not in self.states:
                self.states[task_id] = {
                    "status": task["status"],
                    "since": _LONG_AGO if task["status"] == "done" else self.now,
                    "owner": task["owner"],
                    "claimant": None,
                    "branch": task["branch"],
                    "commit_sha": task["commit"] or None,
                    "lease": None,
                    "fence": 0,
                    "review_status": "not_required",
                }
        self.left = set(self.definitions) - set(self.file)
        self.archived &= self.left

    def prune(self, actor: str) -> tuple[list[str], list[str]]:
        """`queue-prune-stale`: the tasks that go (untouched, and no staying task needs them), and those it archives."""
        gone = self.left - {event["task"] for event in self.events}
        while needed := gone & {need for one in set(self.definitions) - gone for need in self.needs(one)}:
            gone -= needed
        archived = self.left - gone - self.archived
        for task_id in gone:
            del self.definitions[task_id], self.states[task_id]
        self.left -= gone
        self.archived |= archived
        if gone or archived:
            self.note(actor, "", "pruned")
        self.finish(actor)
        return sorted(gone), sorted(archived)

    # --- claims ---------------------------------------------------------------------------------------------

    def claim(self, actor: str, owner: str, lane: str, task_id: str, fence: str = "", *, force: bool = False) -> str:
        """`queue-claim`; without a task the next ready one."""
        if not task_id:
            task_id = next(iter(self.ready(lane)), "")
            if not task_id:
                return "nothing_ready"
        if refusal := self.refuse(task_id, fence):
            return refusal
        state = self.states[task_id]
        if self.definitions[task_id]["lane"] != lane:
            return "wrong_lane"
        if state["status"] == "in_progress" and (state["claimant"] or state["owner"] not in ("", owner)):
            if (state["claimant"], state["owner"]) != (actor, owner):
                return "already_claimed"
            return self.finish(actor)
        if state["status"] == "done":
            return "invalid_transition"
        if task_id in self.left or (self.open_dependencies(task_id) and not force):
            return "not_ready"
        self.move(
            actor,
            task_id,
            "claimed",
            status="in_progress",
            owner=owner,
            claimant=actor,
            branch=f"agent/{lane}",
            lease=self.now + LEASE_SECONDS,
            fence=state["fence"] + 1,
        )
        return self.finish(actor)

    def give_back(self, actor: str, task_id: str, kind: str, fence: str = "", *, force: bool = False) -> str:
        """`queue-release` by its holder, `queue-reclaim` by anyone once the lease is over (or by force)."""
        if refusal := self.refuse(task_id, fence):
            return refusal
        state = self.states[task_id]
        if state["status"] != "in_progress":
            return "invalid_transition"
        if kind == "released" and state["claimant"] not in (None, actor):
            return "already_claimed"
        if kind == "reclaimed" and not force and state["lease"] and state["lease"] > self.now:
            return "already_claimed"
        self.move(
            actor, task_id, kind,
            status="todo", owner="", claimant=None, branch="", lease=None, fence=state["fence"] + 1,
        )  # fmt: skip
        return self.finish(actor)

    # --- status ---------------------------------------------------------------------------------------------

    def set_status(
        self,
        actor: str,
        task_id: str,
        status: str,
        fence: str = "",
        *,
        reason: str = "",
        owner: str = "",
        commit: str = "",
        reopen: bool = False,
        force: bool = False,
    ) -> str:
        """`queue-set-status` with the gates of the gpuaas preset."""
        if status == "done" and not commit and task_id not in self.states:
            return "not_found"
        if force and not reason:
            return "reason_required"
        if refusal := self.refuse(task_id, fence) or self._refuse_move(task_id, status, reason, reopen, force):
            return refusal
        state = self.states[task_id]
        updates: dict[str, Any] = {"status": status}
        if status == "todo" != state["status"]:
            updates |= {"owner": "", "branch": ""}
        if state["status"] == "done" != status:
            updates["commit_sha"] = None
        if status == "done" and not commit:
            commit = state["commit_sha"] or self.head
        updates |= {name: value for name, value in (("owner", owner), ("commit_sha", commit)) if value}
        if status != "in_progress":
            updates |= {"claimant": None, "lease": None}
        elif state["status"] != status:
            updates |= {"claimant": actor, "lease": self.now + LEASE_SECONDS, "fence": state["fence"] + 1}
        self.move(actor, task_id, "status_set", **updates)
        return self.finish(actor)

    def _refuse_move(self, task_id: str, status: str, reason: str, reopen: bool, force: bool) -> str:
        before = self.states[task_id]["status"]
        if before == "done" != status:
            if not reopen:
                return "invalid_transition"
            if not reason:
                return "reason_required"
        if status == "blocked" != before and not reason:
            return "reason_required"
        passed = any(one["result"] == "pass" for one in self.of(task_id, "evidence"))
        if status == "done" != before and not passed and not force:
            return "evidence_required"
        if status == "in_progress" != before and self.open_dependencies(task_id) and not force:
            return "not_ready"
        return ""

    # --- records --------------------------------------------------------------------------------------------

    def add_evidence(self, actor: str, task_id: str, fence: str, result: str) -> str:
        """`queue-record-evidence`."""
        if refusal := self.refuse(task_id, fence):
            return refusal
        self.note(actor, task_id, "evidence_recorded", self._record(task_id, "evidence", result=result))
        return self.finish(actor)

    def add_handoff(self, actor: str, task_id: str, fence: str) -> str:
        """`queue-record-handoff`."""
        if refusal := self.refuse(task_id, fence):
            return refusal
        self.note(actor, task_id, "handoff_recorded", self._record(task_id, "handoffs", acknowledged=False))
        return self.finish(actor)

    def acknowledge(self, actor: str, task_id: str, fence: str) -> str:
        """`queue-ack-handoff`: all that are open."""
        if refusal := self.refuse(task_id, fence):
            return refusal
        handoffs = self.of(task_id, "handoffs")
        if not handoffs:
            return "not_found"
        waiting = [one for one in handoffs if not one["acknowledged"]]
        if waiting:
            for one in waiting:
                one["acknowledged"] = True
            self.note(actor, task_id, "handoff_acknowledged", *waiting)
        return self.finish(actor)

    def add_review(self, actor: str, task_id: str, fence: str, lane: str, reviewer: str, verdict: str) -> str:
        """`queue-record-review`; nobody reviews what he held, holds or owns, no lane its own tasks."""
        if refusal := self.refuse(task_id, fence):
            return refusal
        state = self.states[task_id]
        past = self.holders.get(task_id, set())
        claimants = {state["claimant"], *(claimant for claimant, _owner in past)}
        owners = {state["owner"], *(owner for _claimant, owner in past)}
        if lane == self.definitions[task_id]["lane"] or reviewer in claimants | owners or actor in claimants:
            return "self_review"
        review = self._record(task_id, "reviews", lane=lane, verdict=verdict)
        latest = {one["lane"]: one["verdict"] for one in self.of(task_id, "reviews")}.values()
        before, after = state["review_status"], next((one for one in _OBJECTIONS if one in latest), "approved")
        state["review_status"] = after
        self.note(actor, task_id, "reviewed", review)
        self.events[-1].update(before={"review_status": before}, after={"review_status": after})
        return self.finish(actor)

    # --- undo -----------------------------------------------------------------------------------------------

    def undo(self, actor: str, task_id: str, fence: str = "") -> str:
        """`queue-undo`: the actor's last change, unless something was built on it; the fence stays where it is."""
        mine = [one for one in self.events if one["actor"] == actor and task_id in ("", one["task"]) and not one["undone"]]
        if not mine:
            return "not_found"
        event = mine[-1]
        if event["kind"] == "pruned":
            return "undo_refused"
        if refusal := self.refuse(event["task"], fence):
            return refusal
        if self._was_built_on(event):
            return "undo_refused"
        event["undone"] = True
        restored = {name: value for name, value in event["before"].items() if name != "fence"}
        self._set(event["task"], restored)
        for record in event["records"]:
            if event["kind"] == "handoff_acknowledged":
                record["acknowledged"] = False
            else:
                record["withdrawn"] = True
        return self.finish(actor)

    def _was_built_on(self, event: dict[str, Any]) -> bool:
        """Whether the task changed after the event, or a dependent one moved once this event had finished it."""
        later = self.events[self.events.index(event) + 1 :]
        if any(one["task"] == event["task"] and not one["undone"] for one in later):
            return True
        finished = event["after"].get("status") == "done"
        dependents = [state for one, state in self.states.items() if event["task"] in self.needs(one)]
        return finished and any(one["status"] != "todo" and one["since"] >= event["at"] for one in dependents)

    def _record(self, task_id: str, kind: str, **fields: Any) -> dict[str, Any]:
        self.records.append({"task": task_id, "kind": kind, "withdrawn": False, **fields})
        return self.records[-1]

    # --- what all commands share ----------------------------------------------------------------------------

    def refuse(self, task_id: str, fence: str) -> str:
        """The refusal that any change of a task starts with."""
        if task_id not in self.states:
            return "not_found"
        if self.broken in (EVERYTHING, task_id):
            return "invalid_queue"
        return "fence_outdated" if fence and fence != str(self.states[task_id]["fence"]) else ""

    def move(self, actor: str, task_id: str, kind: str, **updates: Any) -> None:
        """Change a state, with an event that holds what was before."""
        state = self.states[task_id]
        changed = {name: value for name, value in updates.items() if state[name] != value}
        if "status" in changed:
            changed["since"] = self.now
        self.note(actor, task_id, kind)
        self.events[-1].update(before={name: state[name] for name in changed}, after=changed)
        self._set(task_id, changed)

    def _set(self, task_id: str, values: dict[str, Any]) -> None:
        state = self.states[task_id]
        state.update(values)
        if state["claimant"]:
            self.holders.setdefault(task_id, set()).add((state["claimant"], state["owner"]))

    def note(self, actor: str, task_id: str, kind: str, *records: dict[str, Any]) -> None:
        """One event."""
        event = {"at": self.now, "actor": actor, "task": task_id, "kind": kind, "records": records}
        self.events.append({**event, "before": {}, "after": {}, "undone": False})

    def finish(self, actor: str) -> str:
        """A command that is done renews all that its actor holds."""
        for state in self.states.values():
            if state["claimant"] == actor:
                state["lease"] = max(state["lease"] or 0, self.now + LEASE_SECONDS)
        return ""
