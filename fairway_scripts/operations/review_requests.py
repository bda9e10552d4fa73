"""Opening the review requests of a change: exactly the lanes that the shape of its review asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts import jsonio
from fairway_scripts.errors import FairwayError
from fairway_scripts.operations.approval_coverage import covering
from fairway_scripts.operations.changes import Change, answered_before, difference, find_state
from fairway_scripts.operations.records import named_lane
from fairway_scripts.operations.review_routes import manual_requests, read_change, readable
from fairway_scripts.operations.review_shapes import shape_answer, shape_facts, shape_of_change
from fairway_scripts.operations.reviews import settle_review
from fairway_scripts.rules import gates
from fairway_scripts.rules import reviews as review_rules
from fairway_scripts.rules.routing import SELF_OWNED, unmatched_paths

if TYPE_CHECKING:
    from fairway_scripts.operations.project import Project

    Row = dict[str, Any]

_TABLE = "review_requests"


def route_review(project: Project, args: Any) -> Row:
    """Say which lanes must review what REF changes since it left BASE, and open a request for each.

    The shape of the review decides: the routes of the changed paths, what `[[review_shapes]]` asks for besides, and a
    waiver that covers this change. Earlier open requests are superseded; those made by hand stay in force on the
    new commit. REVIEWER_ROLE and REASON add one by hand. A lane whose latest verdict approves this very commit, or
    the same change on another base, has answered already.

    Returns task_id, lane, ref, commit_sha, base, base_sha, merge_base, changed_paths, required (`{lane, layer, rules,
    paths, answered_by, answer}`), self_owned and unrouted (paths), shape and shape_needed (light, paired or
    full-matrix; they differ under a waiver), shape_reasons (`{rule, shape, by, matched}`), waiver (None without
    one), review_required, review_status, superseded. Raises FairwayError: `not_found`, `reason_required`,
    `self_review`, `git_inconsistent`, `git_unavailable`.
    """
    by_hand = _by_hand(project, args)
    repeated = answered_before(project, args)
    if repeated is not None:
        return repeated
    with project.store.read() as tx:
        lane = find_state(tx, args.task_id)["role"]
        latest = gates.latest_verdicts(tx.all("records.reviews", task_id=args.task_id))
        facts = shape_facts(project, tx, args.task_id, lane)
    if by_hand and by_hand["role"] == lane:
        raise FairwayError(
            "self_review",
            f"{args.task_id} belongs to lane {lane}, which cannot review it",
            "name another REVIEWER_ROLE",
        )
    change_read = read_change(project, args.ref, args.base)
    shape = shape_of_change(project, facts, change_read)
    same = covering(project, latest.values(), change_read["commit_sha"], change_read["merge_base"])
    with Change(project, args) as change:
        if change.answer is not None:
            return change.answer
        return _open_requests(change, change_read, shape, by_hand, same)


def _by_hand(project: Project, args: Any) -> Row | None:
    if not args.reviewer_role:
        return None
    if not args.reason:
        raise FairwayError("reason_required", "asking a lane by hand needs a REASON", "add REASON='why this lane'")
    return {"role": named_lane(project, args.reviewer_role.strip()), "rules": [args.reason]}


def _open_requests(
    change: Change,
    read: Row,
    shape: Row,
    by_hand: Row | None,
    same: set[int],
) -> Row:
    routed, task_id = shape["requirements"], change.args.task_id
    state = change.state(task_id)
    earlier = change.tx.all("records.open_requests", task_id=task_id)
    latest = gates.latest_verdicts(change.tx.all("records.reviews", task_id=task_id))
    answered = _answered(latest, same)
    manual = manual_requests(earlier) + ([by_hand] if by_hand else [])
    for row in earlier:
        change.tx.run("records.supersede_request", request_id=row["id"], at=change.at)
    # a request by hand stays a row of its own: the next routing has to find it again
    asked = [*review_rules.by_lane(routed), *review_rules.by_lane([], manual)]
    rows = [[_TABLE, _add_request(change, read, entry, shape["shape"], answered.get(entry["lane"]))] for entry in asked]
    requests = change.tx.all("records.open_requests", task_id=task_id)
    status = review_rules.review_status(requests, latest)
    required = int(bool(requests) or status in review_rules.OBJECTIONS)
    after = settle_review(change, state, review_required=required, review_status=status)
    event = {
        "rows": rows,
        "superseded": [row["id"] for row in earlier],
        "commit_sha": read["commit_sha"],
        "base_commit_sha": read["merge_base"],
        "shape": shape["shape"],
        "waiver_id": shape["waiver"]["id"] if shape["waiver"] and shape["waiver"]["covers"] else None,
        "required": [{name: entry[name] for name in ("lane", "layer", "rules")} for entry in asked],
        **difference(state, after),
    }
    change.record("review_routed", task_id, event)
    return change.finish(
        {
            **_routes_answer(read, routed),
            **shape_answer(shape),
            "task_id": task_id,
            "lane": state["role"],
            "required": [_required(entry, latest, answered) for entry in review_rules.by_lane(routed, manual)],
            "review_required": bool(after["review_required"]),
            "review_status": after["review_status"],
            "superseded": len(earlier),
        }
    )


def _add_request(change: Change, read: Row, entry: Row, shape: str, answered_by: int | None) -> int:
    return change.tx.insert(
        "records.add_request",
        task_id=change.args.task_id,
        role=entry["lane"],
        layer=entry["layer"],
        rules=jsonio.dumps(entry["rules"]),
        paths=jsonio.dumps([readable(path) for path in entry["paths"]]),
        commit_sha=read["commit_sha"],
        base_commit_sha=read["merge_base"],
        shape=shape,
        answered_by=answered_by,
        review_domain=None,
        requested_by=change.project.identity.actor,
        created_at=change.at,
    )


def _answered(latest: dict[str, Row], covering_ids: set[int]) -> dict[str, int]:
    """Lane -> the review that approves the change already."""
    return {
        lane: review["id"]
        for lane, review in latest.items()
        if review["verdict"] == gates.APPROVED and review["id"] in covering_ids
    }


def _required(entry: Row, latest: dict[str, Row], answered: dict[str, int]) -> Row:
    lane = entry["lane"]
    return {
        **entry,
        "paths": [readable(path) for path in entry["paths"]],
        "answered_by": answered.get(lane),
        "answer": review_rules.verdict_text(latest[lane]) if lane in latest else "",
    }


def _routes_answer(read: Row, routed: list[Row]) -> Row:
    paths = read["changed_paths"]
    own = sorted({path for item in routed if item["layer"] == SELF_OWNED for path in item["paths"]})
    nobody = unmatched_paths(paths, routed)  # type: ignore[arg-type]
    return {
        **read,
        "changed_paths": [readable(path) for path in paths],
        "self_owned": [readable(path) for path in own],
        "unrouted": [readable(path) for path in nobody],
    }
