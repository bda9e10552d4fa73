"""What a change is made of for its reviewers: its paths and their routes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import CALL, FairwayError, suggest_call
from fairway_scripts.git.git import changed_paths
from fairway_scripts.git.review_span import read_span
from fairway_scripts.project.changes import find_state
from fairway_scripts.reviews.reviews import base_of_call, unknown_revision
from fairway_scripts.reviews.routes.routing import explain_route, route
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work import verdicts as review_rules

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypedDict

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.calls.tool_calls import QueueRouteReview
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import SampledRoutes
    from fairway_scripts.reviews.routes.routing import PathRoute
    from fairway_scripts.store.rows import ReviewRequest
    from fairway_scripts.work.work_shapes import ByHand

    class ChangeRead(TypedDict):
        """What REF changes since it parted from BASE, see `read_change`."""

        ref: str
        commit_sha: str
        base: str
        base_sha: str
        merge_base: str
        changed_paths: list[str]


def sample_routes(project: Project, args: QueueRouteReview) -> SampledRoutes:
    """Who would review the paths of PATHS; nothing is changed, and without a task no store is needed.

    Returns `{task_id, lane, paths}`, one `{path, lane, rule, sensitive_lanes, sensitive_rules}` a path; with a task
    routes to its own lane fall through.
    """
    settings, own = project.settings, ""
    if args.task_id:
        with project.store.read() as tx:
            own = find_state(tx, args.task_id)["role"]
    routes, sensitive = settings["review_routes"], settings["sensitive_paths"]
    sampled: list[PathRoute] = []
    for path in sampled_paths(args.paths):
        if own:
            sampled.append(_sample_for_lane(path, own, settings))
        else:
            sampled.append(explain_route(path, routes=routes, sensitive=sensitive))
    return {"task_id": args.task_id, "lane": own, "paths": sampled}


def sampled_paths(given: Iterable[str]) -> list[str]:
    """The paths of PATHS: one a value; through make, which has but one value, one a line, else one a word."""
    values = list(given)
    if CALL.via == "make" and len(values) == 1 and len(values[0].splitlines()) < 2:
        return values[0].split()
    return [path for value in values for path in value.splitlines() if path]


def read_change(project: Project, ref: str, base: str) -> ChangeRead:
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
        raise FairwayError("git_inconsistent", f"{ref} and {name} share no history", suggest_call(BASE=None))
    paths = changed_paths(project.worktree, span["merge_base"], span["commit_sha"])
    return {
        "ref": ref,
        "base": name,
        "commit_sha": span["commit_sha"],
        "base_sha": span["base_sha"],
        "merge_base": span["merge_base"],
        "changed_paths": paths,
    }


def manual_requests(requests: Iterable[ReviewRequest]) -> list[ByHand]:
    """The open requests that were made by hand, `{role, rules}`; `rules` holds the reasons."""
    return [
        {"role": row["role"], "rules": stored(row["rules"], list, "rules")}
        for row in requests
        if row["layer"] == review_rules.MANUAL
    ]


def readable(path: str) -> str:
    r"""A path of git as text that can be stored and shown: bytes that are not UTF-8 become `\xff`."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _sample_for_lane(path: str, own: str, settings: Settings) -> PathRoute:
    found = route([path], routes=settings["review_routes"], sensitive=settings["sensitive_paths"], task_lane=own)
    owner = [item for item in found if item["layer"] == "owner"]
    sensitive = [item for item in found if item["layer"] == "sensitive"]
    return {
        "path": path,
        "lane": owner[0]["lane"] if owner else "",
        "rule": owner[0]["rule"] if owner else "",
        "sensitive_lanes": list(dict.fromkeys(item["lane"] for item in sensitive)),
        "sensitive_rules": list(dict.fromkeys(item["rule"] for item in sensitive)),
    }
