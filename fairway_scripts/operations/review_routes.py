"""Routing a change to the lanes that must review it, and opening the review requests."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from fairway_scripts import jsonio
from fairway_scripts import settings as settings_of
from fairway_scripts.errors import FairwayError
from fairway_scripts.operations.changes import Change, answered_before, difference, find_state
from fairway_scripts.operations.records import named_lane
from fairway_scripts.operations.reviews import base_of_call, settle_review, unknown_revision
from fairway_scripts.rules import gates
from fairway_scripts.rules import reviews as review_rules
from fairway_scripts.rules.routing import SELF_OWNED, explain_route, route, unmatched_paths
from fairway_scripts.workspace.git import changed_paths, patch_id
from fairway_scripts.workspace.review_span import read_span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.operations.project import Project

_TABLE = "review_requests"


def route_review(project: Project, args: Any) -> dict[str, Any]:
    """Say which lanes must review what REF changes since it left BASE, and open a request for each.

    Earlier open requests are superseded; those made by hand stay in force on the new commit. REVIEWER_ROLE and REASON
    add one by hand. A lane whose latest verdict approves this very commit, or the same patch before a rebase, has
    answered already. Returns task_id, lane, ref, commit_sha, base, base_sha, merge_base, changed_paths, required
    (`{lane, layer, rules, paths, answered_by, answer}`), self_owned and unrouted (paths), review_required,
    review_status, superseded. Raises FairwayError: `not_found`, `reason_required`, `self_review`,
    `git_inconsistent`, `git_unavailable`.
    """
    by_hand = _by_hand(project, args)
    repeated = answered_before(project, args)
    if repeated is not None:
        return repeated
    with project.store.read() as tx:
        lane = find_state(tx, args.task_id)["role"]
        latest = gates.latest_verdicts(tx.all("records.reviews", task_id=args.task_id))
    if by_hand and by_hand["role"] == lane:
        raise FairwayError(
            "self_review",
            f"{args.task_id} belongs to lane {lane}, which cannot review it",
            "name another REVIEWER_ROLE",
        )
    change_read = read_change(project, args.ref, args.base)
    routed = routes_of(project, lane, change_read["changed_paths"])
    same = equal_patches(project, latest.values(), change_read["commit_sha"], change_read["merge_base"])
    with Change(project, args) as change:
        if change.answer is not None:
            return change.answer
        return _open_requests(change, change_read, routed, by_hand, same)


def sample_routes(project: Project, args: Any) -> dict[str, Any]:
    """Who would review the paths of PATHS; nothing is changed, and without a task no store is needed.

    Returns `{task_id, lane, paths}`, one `{path, lane, rule, sensitive_lanes, sensitive_rules}` a path; with a task
    routes to its own lane fall through.
    """
    settings, own = project.settings, ""
    if args.task_id:
        with project.store.read() as tx:
            own = find_state(tx, args.task_id)["role"]
    rules = {"routes": settings["review_routes"], "sensitive": settings["sensitive_paths"]}
    sampled = []
    for path in sampled_paths(args.paths):
        if own:
            sampled.append(_sample_for_lane(path, own, rules))
        else:
            sampled.append(dict(explain_route(path, **rules)))
    return {"task_id": args.task_id, "lane": own, "paths": sampled}


def sampled_paths(given: Iterable[str]) -> list[str]:
    """The paths of PATHS: one a value; through make, which has but one value, one a line, else one a word."""
    values = list(given)
    if os.environ.get("FAIRWAY_VIA") == "make" and len(values) == 1 and len(values[0].splitlines()) < 2:
        return values[0].split()
    return [path for value in values for path in value.splitlines() if path]


def read_change(project: Project, ref: str, base: str) -> dict[str, Any]:
    """What REF changes: `{ref, commit_sha, base, base_sha, merge_base, changed_paths}`, ids in full, two git processes.

    Raises FairwayError: `git_unavailable` outside a repository, `not_found` for a REF or BASE that git does not
    know, `git_inconsistent` when they share no history.
    """
    if project.repository is None:
        raise FairwayError(
            "git_unavailable",
            f"{project.root} is in no git repository, so REF {ref!r} names no commit",
            "run it in a checkout of the repository",
        )
    name = base_of_call(project, base)
    span = read_span(project.worktree, ref, name)
    if span["commit_sha"] is None:
        raise unknown_revision(project, "REF", ref)
    if span["base_sha"] is None:
        raise unknown_revision(project, "BASE", name)
    if span["merge_base"] is None:
        raise FairwayError("git_inconsistent", f"{ref} and {name} share no history", "name another BASE=...")
    paths = changed_paths(project.worktree, span["merge_base"], span["commit_sha"])
    return {"ref": ref, "base": name, **span, "changed_paths": paths}


def routes_of(project: Project, lane: str, paths: list[str]) -> list[dict[str, Any]]:
    """The requirements that both routing layers put on these paths for a task of `lane` (GPUaaS routing rules)."""
    settings = project.settings
    found = route(
        paths,
        routes=settings["review_routes"],
        sensitive=settings["sensitive_paths"],
        task_lane=lane,
        lanes=settings_of.lanes(settings),
    )
    return [dict(requirement) for requirement in found]


def equal_patches(project: Project, reviews: Iterable[dict[str, Any]], commit: str, merge_base: str) -> set[int]:
    """The ids of the reviews of another commit whose change is, line for line, what `commit` changes.

    That is what a clean rebase leaves. A git process a reviewed commit, and one for `commit` when there is any.
    """
    others = [row for row in reviews if row["reviewed_commit_sha"] != commit and row["base_commit_sha"]]
    current = patch_id(project.worktree, merge_base, commit) if others else ""
    patches: dict[tuple[str, str], str] = {}
    equal = set()
    for row in others:
        span = (row["base_commit_sha"], row["reviewed_commit_sha"])
        if span not in patches:
            patches[span] = _patch_id_if_known(project, *span)
        if current and patches[span] == current:
            equal.add(row["id"])
    return equal


def manual_requests(requests: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """The open requests that were made by hand, `{role, rules}`; `rules` holds the reasons."""
    return [
        {"role": row["role"], "rules": jsonio.loads(row["rules"])}
        for row in requests
        if row["layer"] == review_rules.MANUAL
    ]


def readable(path: str) -> str:
    r"""A path of git as text that can be stored and shown: bytes that are not UTF-8 become `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _by_hand(project: Project, args: Any) -> dict[str, Any] | None:
    if not args.reviewer_role:
        return None
    if not args.reason:
        raise FairwayError("reason_required", "asking a lane by hand needs a REASON", "add REASON='why this lane'")
    return {"role": named_lane(project, args.reviewer_role.strip()), "rules": [args.reason]}


def _patch_id_if_known(project: Project, base: str, commit: str) -> str:
    try:
        return patch_id(project.worktree, base, commit)
    except FairwayError as problem:
        if problem.word != "not_found":
            raise
        return ""  # git has forgotten the commit: nothing can be said about its patch


def _open_requests(
    change: Change,
    read: dict[str, Any],
    routed: list[dict[str, Any]],
    by_hand: dict[str, Any] | None,
    same: set[int],
) -> dict[str, Any]:
    task_id = change.args.task_id
    state = change.state(task_id)
    earlier = change.tx.all("records.open_requests", task_id=task_id)
    latest = gates.latest_verdicts(change.tx.all("records.reviews", task_id=task_id))
    answered = _answered(latest, read["commit_sha"], same)
    manual = manual_requests(earlier) + ([by_hand] if by_hand else [])
    for row in earlier:
        change.tx.run("records.supersede_request", request_id=row["id"], at=change.at)
    # a request by hand stays a row of its own: the next routing has to find it again
    asked = [*review_rules.by_lane(routed), *review_rules.by_lane([], manual)]
    rows = [[_TABLE, _add_request(change, read, entry, answered.get(entry["lane"]))] for entry in asked]
    requests = change.tx.all("records.open_requests", task_id=task_id)
    status = review_rules.review_status(requests, latest)
    required = int(bool(requests) or status in review_rules.OBJECTIONS)
    after = settle_review(change, state, review_required=required, review_status=status)
    event = {
        "rows": rows,
        "superseded": [row["id"] for row in earlier],
        "commit_sha": read["commit_sha"],
        "base_commit_sha": read["merge_base"],
        "required": [{name: entry[name] for name in ("lane", "layer", "rules")} for entry in asked],
        **difference(state, after),
    }
    change.record("review_routed", task_id, event)
    return change.finish(
        {
            **_routes_answer(read, routed),
            "task_id": task_id,
            "lane": state["role"],
            "required": [_required(entry, latest, answered) for entry in review_rules.by_lane(routed, manual)],
            "review_required": bool(after["review_required"]),
            "review_status": after["review_status"],
            "superseded": len(earlier),
        }
    )


def _add_request(change: Change, read: dict[str, Any], entry: dict[str, Any], answered_by: int | None) -> int:
    return change.tx.insert(
        "records.add_request",
        task_id=change.args.task_id,
        role=entry["lane"],
        layer=entry["layer"],
        rules=jsonio.dumps(entry["rules"]),
        paths=jsonio.dumps([readable(path) for path in entry["paths"]]),
        commit_sha=read["commit_sha"],
        base_commit_sha=read["merge_base"],
        answered_by=answered_by,
        requested_by=change.project.identity.actor,
        created_at=change.at,
    )


def _answered(latest: dict[str, dict[str, Any]], commit: str, same: set[int]) -> dict[str, int]:
    """Lane -> the review that approves `commit` already, by its id or as the same patch."""
    return {
        lane: review["id"]
        for lane, review in latest.items()
        if review["verdict"] == gates.APPROVED and (review["reviewed_commit_sha"] == commit or review["id"] in same)
    }


def _required(entry: dict[str, Any], latest: dict[str, dict[str, Any]], answered: dict[str, int]) -> dict[str, Any]:
    lane = entry["lane"]
    return {
        **entry,
        "paths": [readable(path) for path in entry["paths"]],
        "answered_by": answered.get(lane),
        "answer": review_rules.verdict_text(latest[lane]) if lane in latest else "",
    }


def _routes_answer(read: dict[str, Any], routed: list[dict[str, Any]]) -> dict[str, Any]:
    paths = read["changed_paths"]
    own = sorted({path for item in routed if item["layer"] == SELF_OWNED for path in item["paths"]})
    nobody = unmatched_paths(paths, routed)  # type: ignore[arg-type]
    return {
        **read,
        "changed_paths": [readable(path) for path in paths],
        "self_owned": [readable(path) for path in own],
        "unrouted": [readable(path) for path in nobody],
    }


def _sample_for_lane(path: str, own: str, rules: dict[str, Any]) -> dict[str, Any]:
    found = route([path], task_lane=own, **rules)
    owner = [item for item in found if item["layer"] == "owner"]
    sensitive = [item for item in found if item["layer"] == "sensitive"]
    return {
        "path": path,
        "lane": owner[0]["lane"] if owner else "",
        "rule": owner[0]["rule"] if owner else "",
        "sensitive_lanes": list(dict.fromkeys(item["lane"] for item in sensitive)),
        "sensitive_rules": list(dict.fromkeys(item["rule"] for item in sensitive)),
    }
