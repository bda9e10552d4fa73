"""One task on its way to where the old database has it: its state, its history, its event.

The transitions of a task stay one unbroken chain. Where the old history has a gap, or ends somewhere else than the old
state, a row that says so closes it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.cutover.bridge.legacy_rows import PROVENANCE, UNKNOWN, own_row, provenance
from fairway_scripts.cutover.bridge.legacy_scope import DELETED
from fairway_scripts.cutover.bridge.legacy_state import (
    CHANGED,
    SAME,
    Policy,
    Target,
    chain_of,
    end_of,
    is_same_place,
    wanted_state,
)
from fairway_scripts.cutover.bridge.legacy_values import lane_named
from fairway_scripts.cutover.bridge.legacy_words import OURS
from fairway_scripts.project.changes import STATE_COLUMNS, difference
from fairway_scripts.project.ledger import append_event
from fairway_scripts.work import verdicts as review_rules
from fairway_scripts.work.claims import claimed_status
from fairway_scripts.work.review_verdicts import standing_verdicts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.cutover.bridge.legacy_scope import Scope
    from fairway_scripts.store.contract import LooseTransaction
    from fairway_scripts.store.legacy_types import Cells
    from fairway_scripts.store.rows import LegacyStates

    #: a row of a history by our columns, as it was read
    Link = dict[str, str | None]

KIND = "legacy_imported"
SOURCE = "legacy"
_GAP = "the old database does not say how it came here"
_SEED = "the old database knew it so first"
_END = "as the old database has it"
_LANES = re.compile(r"[\s,;]+")


class TaskInStep:
    """One task on its way to where the old database has it."""

    def __init__(
        self,
        scope: Scope,
        before: LegacyStates,
        transitions: list[tuple[str, Link, str]],
        target: Target | None,
    ) -> None:
        self.scope = scope
        self.before = before
        self.task_id = before["task_id"]
        self.transitions = transitions
        self.target = target
        self.policy = Policy(scope.project.settings, claimed_status(scope.project))
        #: where the chain of history rows ends so far
        self.end = chain_of(before)
        self.last_at = ""
        self.moved_at = ""
        self.reseeded = False
        self.last_actor = ""

    def bring_in_step(self) -> LegacyStates:
        """Write what is new; return the state afterwards."""
        if (self.transitions or self.target) and self.scope.is_ours(self.task_id, self.before["version"]):
            self._leave_to_us()
            return self._finish(self._with_reviews(self.before))
        self._ask_lanes()
        wanted = self._wanted()
        self._fill_from(wanted)
        if self._untouched():
            self._reseed(wanted)
        for key, row, content in self.transitions:
            self._append(row)
            history_id = self._add(row["to_status"] or "", row)
            self.scope.placed("history", key, content, self.task_id, str(history_id), known=False)
        after = self._closed(wanted)
        if self.target is not None and self.target.news != SAME:
            known = self.target.news == CHANGED
            target = self.target
            self.scope.placed(target.kind, target.key, target.content, self.task_id, self.task_id, known=known)
        return self._finish(after)

    def _leave_to_us(self) -> None:
        why = "the task was changed here since"
        for key, _row, _content in self.transitions:
            self.scope.tallies["history"].leave(why, f"{key} ({self.task_id})")
        if self.target is not None and self.target.news != SAME:
            self.scope.tallies[self.target.kind].leave(why, self.task_id)

    def _ask_lanes(self) -> None:
        """Ask each lane of which the old state itself says that it has to review."""
        asked = self._old_text("review_roles") if self.target and self.target.news != SAME else ""
        lanes = self.scope.context.lanes
        wanted = [lane for word in _LANES.split(asked) if (lane := lane_named(word, lanes))]
        if not wanted:
            return
        tx, task_id = self.scope.tx, self.task_id
        there = {row["role"] for row in tx.all("records.open_requests", task_id=task_id)}
        reviews = {row["reviewer_role"]: row["id"] for row in tx.all("records.reviews", task_id=task_id)}
        for lane in [lane for lane in dict.fromkeys(wanted) if lane not in there]:
            own, _remarks = own_row("requests", {"role": "lane"}, {"lane": lane}, "", self.scope.context)
            number = self.scope.add("requests", {**own, "task_id": task_id, "answered_by": reviews.get(lane)})
            self.scope.change_of(task_id)["rows"].append(("review_requests", number))

    def _old_text(self, column: str) -> str:
        """Return what the old state says under a name of ours, "" for nothing."""
        return str(self.target.read.get(column) or "") if self.target else ""

    def _wanted(self) -> LegacyStates:
        """Return the state to arrive at: the old row's, or where the old transitions end when there is none."""
        read: Cells = self.target.read if self.target else {}
        if not read and self.transitions:
            last = self.transitions[-1][1]
            names = {"status": "to_status", "owner": "to_owner", "branch": "to_branch", "commit_sha": "to_commit_sha"}
            read = {ours: last[theirs] for ours, theirs in names.items()}
            read["claimant"] = last["claimant"]
        moved_at = next((row["at"] for _key, row, _content in reversed(self.transitions) if row["at"]), None)
        after = wanted_state(self.before, read, moved_at or str(read.get("updated_at") or self.scope.at), self.policy)
        return self._with_reviews(after, read)

    def _with_reviews(self, after: LegacyStates, read: Cells | None = None) -> LegacyStates:
        """Fill the review columns by the reviews and requests that came in, where the old state does not say them."""
        change = self.scope.changes.get(self.task_id)
        tables = {table for table, _id in (*change["rows"], *change["updated"])} if change else set()
        if (read or {}).get("review_status") or not tables & {"task_reviews", "review_requests"}:
            return after
        reviews = self.scope.tx.all("records.reviews", task_id=self.task_id)
        standing = standing_verdicts(reviews, self.scope.project.settings)
        requests = self.scope.tx.all("records.open_requests", task_id=self.task_id)
        if not requests and not any(row["verdict"] in OURS["verdict"] for row in standing):
            if after["review_status"] not in OURS["verdict"] or not any(row["verdict"] == DELETED for row in reviews):
                return after
            pending = review_rules.PENDING if after["review_required"] else review_rules.NOT_REQUIRED
            return {**after, "review_status": pending}  # what it said before was taken back
        after = {**after, "review_required": 1, "review_status": review_rules.review_status(requests, standing)}
        if reviews:
            last = reviews[-1]
            after |= {"reviewer": last["reviewer"], "reviewed_at": last["created_at"], "review_note": last["notes"]}
        return after

    def _fill_from(self, wanted: LegacyStates) -> None:
        """Let the last transition end where the state does, in what the old history leaves open."""
        if not self.transitions or self.transitions[-1][1]["to_status"] != wanted["status"]:
            return
        last = self.transitions[-1][1]
        for name, place in (
            ("owner", wanted["owner"]),
            ("branch", wanted["branch"]),
            ("commit_sha", wanted["commit_sha"]),
        ):
            if last[f"to_{name}"] is None:
                last[f"to_{name}"] = place or ""
        last["reason"] = last["reason"] or self._old_text("blocked_reason")

    def _untouched(self) -> bool:
        """Tell whether the task has but the one history row that the queue file's import gave it."""
        if self.before["version"] != 1 or self.before["fence"]:
            return False
        first = self.scope.tx.all("legacy.first_history", task_id=self.task_id)
        self._seed_id = first[0]["id"] if first else 0
        return len(first) == 1 and first[0]["command_source"] == "import"

    def _reseed(self, wanted: LegacyStates) -> None:
        """Let the task's history begin where the old database has it begin, not where the queue file stood today."""
        initial = settings_of.initial_status(self.scope.project.settings)
        key = content = ""
        if not self.transitions:
            if is_same_place(wanted, self.before):
                return
            self.end, at = chain_of(wanted), wanted["status_since"]
            actor, reason = PROVENANCE + UNKNOWN, self._old_text("blocked_reason") or _END
        elif self.transitions[0][1]["from_status"]:
            row = self.transitions[0][1]
            self.end, at = end_of(row, "from", row["from_status"] or initial), row["at"] or ""
            actor, reason = PROVENANCE + UNKNOWN, _SEED
        else:
            key, row, content = self.transitions.pop(0)
            self.end, at = end_of(row, "to", row["to_status"] or ""), row["at"] or ""
            actor, reason = row["actor"] or "", row["reason"] or ""
        self._note_time(at, moved=True)
        self.scope.tx.run(
            "legacy.reseed",
            id=self._seed_id,
            to_status=self.end["status"],
            to_owner=self.end["owner"],
            to_branch=self.end["branch"],
            to_commit_sha=self.end["commit_sha"] or None,
            claimant=None,
            command_source=SOURCE,
            actor=actor,
            reason=reason,
            at=at or self.scope.at,
        )
        self.last_actor = actor
        self.reseeded = True
        self.scope.change_of(self.task_id)["reseeded"] = True
        if key:
            self.scope.placed("history", key, content, self.task_id, str(self._seed_id), known=False)

    def _append(self, row: Link) -> None:
        """Close the gap before a transition that starts somewhere else than the one before it ended."""
        if row["from_status"] and row["from_status"] != self.end["status"]:
            gap: Link = {"at": row["at"], "actor": PROVENANCE + UNKNOWN, "reason": _GAP, "claimant": None}
            self._add(row["from_status"], gap)

    def _add(self, status: str, row: Link) -> int:
        """Add a history row that begins where the chain ends; return its number."""
        before = self.end
        after = self.policy.next_link(before, status, row)
        entered = status == self.policy.claimed and before["status"] != status
        claimant = row.get("claimant") or (row["actor"] if entered else None)
        self._note_time(row["at"], moved=status != before["status"])
        self.end, self.last_actor = after, row["actor"] or ""
        return self.scope.tx.insert(
            "tasks.add_history",
            task_id=self.task_id,
            from_status=before["status"],
            from_owner=before["owner"],
            from_branch=before["branch"],
            from_commit_sha=before["commit_sha"],
            to_status=after["status"],
            to_owner=after["owner"],
            to_branch=after["branch"],
            to_commit_sha=after["commit_sha"],
            claimant=claimant,
            command_source=SOURCE,
            actor=self.last_actor,
            reason=row["reason"],
            at=row["at"] or self.last_at or self.scope.at,
        )

    def _note_time(self, at: str | None, *, moved: bool) -> None:
        self.last_at = at or self.last_at
        if moved:
            self.moved_at = self.last_at

    def _closed(self, wanted: LegacyStates) -> LegacyStates:
        """Add a last row where the old history ends elsewhere than the old state; return the state to write."""
        if not is_same_place(self.end, wanted) or self._has_another_reason():
            at = wanted["updated_at"] if self.target and wanted["updated_at"] > self.last_at else self.last_at
            row: Link = {
                "to_owner": wanted["owner"] or "",
                "to_branch": wanted["branch"] or "",
                "to_commit_sha": wanted["commit_sha"] or "",
                "actor": provenance(None),
                "reason": self._old_text("blocked_reason") or _END,
                "at": at or self.scope.at,
                "claimant": None,
            }
            self._add(wanted["status"], row)
        if (self.reseeded or wanted["status"] != self.before["status"]) and self.moved_at:
            return {**wanted, "status_since": self.moved_at}
        return wanted

    def _has_another_reason(self) -> bool:
        """Tell whether the old state says why the task is blocked, and our history does not."""
        reason = self._old_text("blocked_reason")
        if not reason or (self.target and self.target.news == SAME):
            return False
        rows = self.scope.tx.all("legacy.reasons", task_id=self.task_id)
        return all(row["reason"] != reason for row in rows)

    def _finish(self, after: LegacyStates) -> LegacyStates:
        """Write the state when it changed, and the event when anything did."""
        scope, before = self.scope, self.before
        columns: Mapping[str, object] = after
        changed = any(columns[name] != then for name, then in before.items() if name in STATE_COLUMNS)
        if changed:
            after = {**after, "version": before["version"] + 1}
            tx: LooseTransaction = scope.tx
            tx.run(
                "tasks.update_state",
                task_id=self.task_id,
                version=before["version"],
                updated_at=after["updated_at"],
                **{name: columns[name] for name in STATE_COLUMNS},
            )
        change = scope.changes.get(self.task_id)
        if change is None and not changed:
            return before
        change = scope.change_of(self.task_id)
        payload = {**difference(before, after), **change, "database": scope.project.show(scope.source.path)}
        who = (self.last_actor or PROVENANCE + UNKNOWN) if scope.mirror else ""
        append_event(scope.project, scope.tx, KIND, self.task_id, payload, at=scope.at, actor=who)
        return after
