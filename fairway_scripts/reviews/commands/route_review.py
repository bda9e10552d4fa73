"""queue-route-review."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs, say, shown, table
from fairway_scripts.calls.options import required
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.routes.review_requests import route_review
from fairway_scripts.reviews.routes.review_routes import sample_routes
from fairway_scripts.reviews.routes.review_shape import reason_text
from fairway_scripts.work.preflight import file_list
from fairway_scripts.work.proof_lines import review_asked_line
from fairway_scripts.work.review_verdicts import asked_text

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import QueueRouteReview
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import RequiredReview, Routed


def run(args: QueueRouteReview) -> int:
    """Route a task's commit to its reviewers, or sample the routes of some paths."""
    if args.paths:
        return _sample(args)
    required(args, "TASK_ID", "REF")
    clean_name(args.reviewer_role, "REVIEWER_ROLE")
    project = open_project(args)
    routed = route_review(project, args)
    _mention_missing_routes(project)
    if not routed["changed_paths"]:
        say(f"{routed['ref']} changes nothing that {routed['base']} has not")
    commit, count = routed["commit_sha"][:12], len(routed["changed_paths"])
    lines = [f"routed {routed['task_id']} at {commit} against {routed['base']}: {count} changed path(s)"]
    lines += table([_row(entry) for entry in routed["required"]], ("lane", "layer", "rules", "paths", "answer"))
    lines += [f"not known: {shown(fault)}" for fault in routed["faults"]]
    if not routed["required"] and not routed["faults"]:
        lines.append(f"no review is required: nothing here is for another lane than {routed['lane']}")
        if project.settings["gates"]["require_review_before_done"]:
            ask = review_asked_line(routed["task_id"], routed["commit_sha"][:12])
            lines.append(f"gates.require_review_before_done asks for one all the same: {ask}")
    lines += [*_shape(routed), *pairs(routed, "risk_level", "missing_domains", "review_status")]
    answer(args, routed, lines)
    return OK


def _shape(routed: Routed) -> list[str]:
    """How heavy the review is, why, and what a waiver has to do with it."""
    lines = [f"shape: {routed['shape']}"]
    lines += [f"because: {shown(reason_text(reason))}" for reason in routed["shape_reasons"]]
    waiver = routed["waiver"]
    if waiver:
        state = "" if waiver["covers"] else f" (does not count: {waiver['why_not']})"
        ends = f" until {waiver['expires_at']}" if waiver["expires_at"] else ""
        by = f", approved by {', '.join(waiver['approved_by'])}" if waiver["approved_by"] else ""
        what = f"{waiver['needed']} -> {waiver['granted']}{ends} by {waiver['owner']}: {shown(waiver['reason'])}{by}"
        lines.append(f"waiver {waiver['id']}: {what}{state}")
    return lines


def _sample(args: QueueRouteReview) -> int:
    if args.ref or args.reviewer_role:
        raise FairwayError(
            "usage",
            "PATHS samples the routes: leave out REF and REVIEWER_ROLE",
            suggest("queue-route-review", "--help"),
        )
    project = open_project(args) if args.task_id else open_as_it_is(args)
    sampled = sample_routes(project, args)
    _mention_missing_routes(project)
    answer(args, sampled, table(sampled["paths"], ("path", "lane", "rule", "sensitive_lanes"), form=args.format))
    return OK


def _row(entry: RequiredReview) -> dict[str, object]:
    paths = entry["paths"]
    shown = f"{file_list(paths, len(paths))} ({len(paths)})" if paths else "-"
    last = f"open, last: {entry['answer']}" if entry["answer"] else "open"
    asked = asked_text(entry["lane"], entry["domains"])
    lane = f"{asked} ({entry['lane'] or 'any other lane'})" if entry["domains"] else asked
    return {**entry, "lane": lane, "paths": shown, "answer": entry["answer"] if entry["ok"] else last}


def _mention_missing_routes(project: Project) -> None:
    if not project.settings["review_routes"] and not project.settings["sensitive_paths"]:
        say("no review routes are configured: [[review_routes]] says whose paths are whose")
