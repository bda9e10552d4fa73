"""What the model of a queue holds, and what its commands share; the commands are in `queue_model`."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

EVERYTHING = "*"
LEASE_SECONDS = 12 * 3600
WORTH_RENEWING_SECONDS = 60
NO_PRIORITY = 1000
_START = datetime(2026, 11, 21, 8, tzinfo=timezone.utc)
#: When tasks that were done before their first import were finished.
_LONG_AGO = -1_000_000


def moment(seconds: int) -> str:
    """The stored form of a time, `seconds` after the start of the story."""
    return (_START + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class QueueFacts:
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
        #: the ledger: number, at, actor, task, kind, before, after (the changed columns), records, undone
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

    def tasks_in(self, *statuses: str) -> list[str]:
        """The tasks in one of these statuses."""
        return [task_id for task_id, state in self.states.items() if state["status"] in statuses]

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
        self.put(task_id, changed)

    def put(self, task_id: str, values: dict[str, Any]) -> None:
        """Write columns of a state, and remember who holds the task now."""
        state = self.states[task_id]
        state.update(values)
        if state["claimant"] or state["owner"]:
            self.holders.setdefault(task_id, set()).add((state["claimant"], state["owner"]))

    def note(self, actor: str, task_id: str, kind: str, *records: dict[str, Any]) -> None:
        """One event."""
        event = {"number": len(self.events), "at": self.now, "actor": actor, "task": task_id, "kind": kind}
        self.events.append({**event, "records": records, "before": {}, "after": {}, "undone": False})

    def finish(self, actor: str) -> str:
        """A command that is done renews what its actor holds, where that makes a difference."""
        for task_id, state in self.states.items():
            if state["claimant"] == actor:
                self.keep(task_id)
        return ""

    def keep(self, task_id: str) -> None:
        """A sign of life renews the lease of a held task: a command of its claimant, work recorded by anybody."""
        state, until = self.states[task_id], self.now + LEASE_SECONDS
        if state["claimant"] and until - (state["lease"] or 0) > WORTH_RENEWING_SECONDS:
            state["lease"] = until
