"""What a queue is meant to do, said a second time in plain dicts: the life-cycle test holds the tools to it.

Every method that stands for a command returns the word of the refusal that is due, or "" and changes the model.
"""

from __future__ import annotations

from typing import Any

from tests.acceptance.queue_facts import LEASE_SECONDS, QueueFacts

_OBJECTIONS = ("blocked", "changes_requested")


class QueueModel(QueueFacts):
    """The commands of the queue on plain dicts."""

    def prune(self, actor: str) -> tuple[list[str], list[str]]:
        """`queue-prune-stale`: the tasks that go (untouched, and no staying task needs them), and those it archives."""
        gone = self.left - {event["task"] for event in self.events}
        while needed := gone & {need for one in set(self.definitions) - gone for need in self.needs(one)}:
            gone -= needed
        archived = self.left - gone - self.archived
        for task_id in gone:
            del self.definitions[task_id], self.states[task_id]
        self.left -= gone
        self.archived = (self.archived | archived) & self.left
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
            commit = self._commit_to_finish_with(task_id)
        updates |= {name: value for name, value in (("owner", owner), ("commit_sha", commit)) if value}
        if status != "in_progress":
            updates |= {"claimant": None, "lease": None}
        elif state["status"] != status:
            updates |= {"claimant": actor, "lease": self.now + LEASE_SECONDS, "fence": state["fence"] + 1}
        self.move(actor, task_id, "status_set", **updates)
        return self.finish(actor)

    def _commit_to_finish_with(self, task_id: str) -> str:
        """Work that is finished without naming a commit: what was approved or handed off, else what it has, else none.

        Where somebody happens to stand says nothing about the work.
        """
        state = self.states[task_id]
        approved = "approved" in {one["lane"]: one["verdict"] for one in self.of(task_id, "reviews")}.values()
        known = state["status"] != "done" and (approved or self.of(task_id, "handoffs"))
        return self.head if known else state["commit_sha"] or ""

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
        self.note(actor, task_id, "evidence_recorded", self._record(task_id, "evidence", result=result, by=actor))
        self.keep(task_id)
        return self.finish(actor)

    def add_handoff(self, actor: str, task_id: str, fence: str) -> str:
        """`queue-record-handoff`."""
        if refusal := self.refuse(task_id, fence):
            return refusal
        self.note(actor, task_id, "handoff_recorded", self._record(task_id, "handoffs", acknowledged=False))
        self.keep(task_id)
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
        """`queue-record-review`; nobody reviews what he held, holds, owns or proved, no lane its own tasks."""
        if refusal := self.refuse(task_id, fence):
            return refusal
        state = self.states[task_id]
        past = self.holders.get(task_id, set())
        claimants = {state["claimant"], *(claimant for claimant, _owner in past)}
        owners = {state["owner"], *(owner for _claimant, owner in past)}
        workers = claimants | {one["by"] for one in self.of(task_id, "evidence")}
        if lane == self.definitions[task_id]["lane"] or reviewer in workers | owners or actor in workers:
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
        standing = [one for one in self.events if one["actor"] == actor and not one["undone"]]
        mine = [one for one in standing if task_id in ("", one["task"])]
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
        self.put(event["task"], restored)
        for record in event["records"]:
            if event["kind"] == "handoff_acknowledged":
                record["acknowledged"] = False
            else:
                record["withdrawn"] = True
        return self.finish(actor)

    def _was_built_on(self, event: dict[str, Any]) -> bool:
        """Whether the task changed after the event, or a dependent one moved once this event had finished it."""
        later = self.events[event["number"] + 1 :]
        if any(one["task"] == event["task"] and not one["undone"] for one in later):
            return True
        finished = event["after"].get("status") == "done"
        dependents = [state for one, state in self.states.items() if event["task"] in self.needs(one)]
        return finished and any(one["status"] != "todo" and one["since"] >= event["at"] for one in dependents)

    def _record(self, task_id: str, kind: str, **fields: Any) -> dict[str, Any]:
        self.records.append({"task": task_id, "kind": kind, "withdrawn": False, **fields})
        return self.records[-1]
