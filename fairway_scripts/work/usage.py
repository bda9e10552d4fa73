"""What work costs: tokens, money and minutes, recorded by whoever spent them, and summed up.

A record is an event of the ledger and nothing else, so it cannot be changed afterwards; a wrong one is corrected by
another that names it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest_again
from fairway_scripts.project.changes import Change, find_state
from fairway_scripts.project.lane_choice import chosen_lane
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work import usage_rules as rules

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import UsageRecord
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import UsageRecords
    from fairway_scripts.work.work_shapes import Spent, UsageRecorded, UsageReport, UsageRow

KIND = "usage_recorded"


def record_usage(project: Project, args: UsageRecord, numbers: dict[str, int | None]) -> UsageRecorded:
    """Record what was spent on a task, or in a lane; `numbers` are tokens_in, tokens_out and corrects.

    Returns event_id, task_id ("" for none), lane, tokens_in, tokens_out (numbers, None where not given), cost and
    minutes (decimal text, "" where not given), currency, provider, model, utility, corrects (an event's number, None),
    recorded_by, created_at. Raises FairwayError: `usage`, `not_found` (task, lane, or the record to correct).
    """
    cost, minutes = rules.amount("COST", args.cost), rules.amount("MINUTES", args.minutes)
    if numbers["tokens_in"] is None and numbers["tokens_out"] is None and not (cost or minutes):
        names = "TOKENS_IN, TOKENS_OUT, COST, MINUTES"
        raise FairwayError(
            "usage", f"nothing is measured: one of {names} is required", suggest_again(args, MINUTES=None)
        )
    currency = rules.currency(args.currency) if cost else ""
    with Change(project, args) as change:
        repeated: UsageRecorded | None = change.repeated()
        if repeated is not None:
            return repeated
        lane = change.state(args.task_id)["role"] if args.task_id else chosen_lane(project, args.role)
        if not lane:
            raise FairwayError(
                "usage", "neither TASK_ID nor ROLE says what it was spent on", suggest_again(args, TASK_ID=None)
            )
        corrects = numbers["corrects"]
        if corrects is not None and change.tx.value("usage.record", id=corrects) is None:
            raise FairwayError("not_found", f"event {corrects} is no record of usage", suggest_again(args, CORRECTS=""))
        row: Spent = {
            "lane": lane,
            "tokens_in": numbers["tokens_in"],
            "tokens_out": numbers["tokens_out"],
            "corrects": corrects,
            "cost": cost,
            "minutes": minutes,
            "currency": currency,
            "provider": args.provider.strip(),
            "model": args.model.strip(),
            "utility": args.utility.strip(),
        }
        event_id = change.record(KIND, args.task_id, {**row, "summary": rules.told(row)})
        who = project.identity.actor
        told: UsageRecorded = {
            **row,
            "event_id": event_id,
            "task_id": args.task_id,
            "recorded_by": who,
            "created_at": change.at,
        }
        return change.finish(told)


def usage_report(project: Project, *, lane: str, task_id: str, since: str) -> UsageReport:
    """Sums of what was recorded.

    Returns `{total, by_lane, by_task_id, by_utility, by_model, records, corrected, unmeasured}`: each sum is {records,
    tokens_in, tokens_out, minutes, cost: {currency: decimal text}}, with the group's name under `lane`, `task_id` and
    so on; the greatest number of tokens first. What no record measured is None, "" for minutes. `unmeasured` counts
    claimed tasks for which nothing was ever recorded.
    Raises FairwayError `not_found` for a task that is not there.
    """
    with project.store.read() as tx:
        if task_id:
            find_state(tx, task_id)
        found = tx.all("usage.records", since=since)
        unmeasured = int(tx.value("usage.unmeasured", role=lane, since=since) or 0)
    rows = [_row(event) for event in found]
    corrected = {row["corrects"] for row in rows if row["corrects"]}
    rows = [row for row in rows if row["event_id"] not in corrected]
    rows = [row for row in rows if lane in ("", row["lane"]) and task_id in ("", row["task_id"])]
    return {
        "total": rules.total(rows),
        "by_lane": rules.grouped(rows, "lane"),
        "by_task_id": rules.grouped(rows, "task_id"),
        "by_utility": rules.grouped(rows, "utility"),
        "by_model": rules.grouped(rows, "model"),
        "records": len(rows),
        "corrected": len(corrected),
        "unmeasured": 0 if task_id else unmeasured,
    }


def _row(event: UsageRecords) -> UsageRow:
    payload = stored(event["payload"], dict, "payload")
    return {
        "event_id": event["id"],
        "task_id": event["task_id"],
        "lane": payload.get("lane") or event["task_lane"] or "",
        "utility": payload.get("utility") or "",
        "model": payload.get("model") or payload.get("provider") or "",
        "corrects": payload.get("corrects"),
        "currency": payload.get("currency") or "",
        "tokens_in": payload.get("tokens_in"),
        "tokens_out": payload.get("tokens_out"),
        "minutes": payload.get("minutes"),
        "cost": payload.get("cost"),
    }
