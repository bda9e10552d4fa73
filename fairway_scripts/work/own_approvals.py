"""Approvals that turn out to be of one's own work: whoever gave them claims the task later, or spoke on the one above.

When a verdict or a waiver is given `reviewers.own_work` refuses it. What is found here was no own work then, or not on
that task.
"""

from __future__ import annotations

from fairway_scripts.store.stored_json import stored
from fairway_scripts.work import verdicts as rules
from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.reviewers import is_chosen, proves

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import RecordsTraces, Review, Waiver
    from fairway_scripts.work.verdicts import Holder
    from fairway_scripts.work.work_shapes import Holding


#: The kinds of events by which somebody lets work of others pass.
_GIVEN = ("reviewed", "review_waived", "execution_approved")


class Doers:
    """Who did the work of a task, by name and by session. A login is nobody's name, a session is somebody's."""

    def __init__(self, tx: Transaction, state: Holding, above: Collection[str]) -> None:
        """`above` are the tasks above it, by their ids."""
        self.state = state
        self.past = tx.all("tasks.past_holders", task_id=state["task_id"])
        self.producers = tx.column("records.producers", task_id=state["task_id"]) if above else []
        self.traces = {name: tx.all("records.traces", task_id=name) for name in (state["task_id"], *above)}
        every = [row for rows in self.traces.values() for row in rows]
        self.recorded_in = {name: recorded_in(rows) for name, rows in self.traces.items()}
        self.chosen = {row["actor"] for row in every if is_chosen(row)}

    def why(self, row: Review | Waiver, name: str, *, lane: str = "") -> str:
        """Why an approval or a waiver of the task `name` counts for nothing, "" when it counts.

        `name` is the task itself or one above. Of its own the claims alone count, for whoever has read the work may
        well record evidence afterwards; of one above all that would have been refused on the task.
        """
        own = name == self.state["task_id"]
        by = row.get("recorded_by") or ""
        session = self.recorded_in[name].get(("waivers" if "granted" in row else "task_reviews", row["id"]), "")
        claimants = [held["claimant"] or "" for held in self.past]
        work = [event for event in self.traces[self.state["task_id"]] if proves(event, claimants, evidence=not own)]
        nobody: Holder = {"role": "", "owner": "", "claimant": self.state["claimant"]}
        return rules.self_review(
            nobody if own else self.state,
            [held for held in self.past if held["claimant"] or not own],
            lane=lane,
            reviewer=str(row.get("reviewer") or row.get("owner") or ""),
            actor=by if "@" not in by or by in self.chosen else "",
            producers=[] if own else self.producers,
            session=session if session in {event["session_id"] for event in work} else "",
            title="reviewer " if row.get("reviewer") else "",
            recorded=True,
        )


def own_approvals(
    tx: Transaction,
    state: Holding,
    reviews: Sequence[Review],
    above: Mapping[str, Sequence[Review]],
    waivers: Sequence[Waiver],
) -> tuple[dict[int, str], dict[int, str]]:
    """The approvals of a task and of those above it, and the waivers, of whoever did its work: ids, and why."""
    given = [
        (name, row)
        for name, rows in ((state["task_id"], reviews), *above.items())
        for row in rows
        if row["verdict"] == APPROVED
    ]
    if not given and not waivers:
        return {}, {}
    doers, task_id = Doers(tx, state, above), state["task_id"]
    of_reviews = {
        row["id"]: doers.why(row, name, lane=row["reviewer_role"] if name != task_id else "") for name, row in given
    }
    of_waivers = {row["id"]: doers.why(row, task_id) for row in waivers}
    return _told(of_reviews), _told(of_waivers)


def _told(found: dict[int, str]) -> dict[int, str]:
    return {row_id: why for row_id, why in found.items() if why}


def recorded_in(traces: list[RecordsTraces], kinds: Collection[str] = _GIVEN) -> dict[tuple[str, int], str]:
    """The session in which each row was recorded, by its table and id, in events of `kinds`."""
    found = {}
    for row in traces:
        if row["session_id"] and row["kind"] in kinds:
            payload = stored(row["payload"], dict, "payload")
            found[payload.get("table", ""), payload.get("row_id", 0)] = row["session_id"]
    return found
