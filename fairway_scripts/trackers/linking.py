"""Linking a task to an issue, taking a link back, and listing links."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.changes import Change, find_state, repeated_answer
from fairway_scripts.trackers.importing import add_link, keys_of
from fairway_scripts.trackers.links import Finding, found, shown_link
from fairway_scripts.trackers.services.issues import Known

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayTrackerLink, FairwayTrackerUnlink
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import TrackersLinks
    from fairway_scripts.trackers.opening import Tracker
    from fairway_scripts.trackers.services.service import Service
    from fairway_scripts.trackers.tracker_shapes import Linked, LinkName, ShownLink, Unlinked


def rows_of(tx: Transaction, *, task_id: str = "", tracker: str = "", everything: bool = False) -> list[TrackersLinks]:
    """The rows of links, oldest first; raises FairwayError `not_found` for a task that is not there."""
    if task_id:
        find_state(tx, task_id)
    return tx.all("trackers.links", task_id=task_id, tracker=tracker, withdrawn=int(everything))


def links(project: Project, *, task_id: str, tracker: str, everything: bool) -> list[ShownLink]:
    """The links of the store, as `links.shown_link` shows them, those that were taken back only with `everything`."""
    with project.store.read() as tx:
        return [shown_link(row) for row in rows_of(tx, task_id=task_id, tracker=tracker, everything=everything)]


def link(project: Project, args: FairwayTrackerLink, tracker: Tracker, service: Service) -> Linked:
    """Link TASK_ID to ISSUE, which is looked at first.

    Returns the link as `links.shown_link` shows it, with `findings` (locked, closed and so on: it is linked all the
    same). Raises FairwayError `usage`, `not_found` (task), `already_exists`, `tracker_findings` (the issue could not
    be seen; nothing was recorded).
    """
    repeated: Linked | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    with project.store.read() as tx:
        find_state(tx, args.task_id)  # before anything is asked
    (key, *more) = keys_of(args, service)
    if more:
        raise FairwayError("usage", "a task is linked to one ISSUE at a time", suggest(args.tool, "--help"))
    (look,) = service.look([Known(key)])
    if look.issue is None or look.trouble is not None:
        told = [found(look.trouble, tracker["name"], key, args.task_id).as_json()] if look.trouble else []
        what = f"{look.trouble.word}: {look.trouble.message}" if look.trouble else "it could not be seen"
        raise FairwayError("tracker_findings", f"{key} was not linked: {what}", findings=told)
    issue = look.issue
    with Change(project, args) as change:
        done: Linked | None = change.repeated()
        if done is not None:
            return done
        change.state(args.task_id)
        for row in rows_of(change.tx, task_id=args.task_id, tracker=tracker["name"]):
            if row["remote_id"] == issue.remote_id:
                line = suggest("fairway-tracker list", TASK_ID=args.task_id)
                raise FairwayError("already_exists", f"{args.task_id} is linked to {issue.key} already", line)
        row_id = add_link(change, tracker, args.task_id, issue, imported=False)
        (row,) = [each for each in rows_of(change.tx, task_id=args.task_id) if each["id"] == row_id]
        states = [("locked", issue.locked), ("private", issue.private), ("unknown_state", not issue.state)]
        states += [("not_an_issue", issue.is_change), ("moved", bool(issue.moved_to))]
        told = [
            Finding(word, tracker["name"], issue.key, args.task_id, f"{issue.key}: {word}").as_json()
            for word, holds in states
            if holds
        ]
        answer: Linked = {**shown_link(row), "findings": told}
        return change.finish(answer)


def unlink(project: Project, args: FairwayTrackerUnlink, issue: str) -> Unlinked:
    """Take back the links of TASK_ID, the one to `issue` when it is not "". What stands in the tracker stays there.

    Returns `{task_id, unlinked: [{link_id, tracker, issue}]}`. Raises FairwayError `not_found`.
    """
    with Change(project, args) as change:
        done: Unlinked | None = change.repeated()
        if done is not None:
            return done
        change.state(args.task_id)
        rows = rows_of(change.tx, task_id=args.task_id, tracker=args.tracker.strip())
        meant = [row for row in rows if not issue or _is_meant(row, issue)]
        if not meant:
            which = f" to {issue}" if issue else ""
            line = suggest("fairway-tracker list", TASK_ID=args.task_id)
            raise FairwayError("not_found", f"{args.task_id} has no link{which}", line)
        for row in meant:
            change.tx.run("trackers.withdraw", id=row["id"], at=change.at)
            told = {"table": "tracker_links", "row_id": row["id"], "issue": row["issue"], "tracker": row["tracker"]}
            told |= {"reason": args.reason, "summary": f"{row['tracker']} {row['issue']}"}
            change.record("tracker_unlinked", args.task_id, told)
        gone: list[LinkName] = [
            {"link_id": row["id"], "tracker": row["tracker"], "issue": row["issue"]} for row in meant
        ]
        answer: Unlinked = {"task_id": args.task_id, "unlinked": gone}
        return change.finish(answer)


def _is_meant(row: TrackersLinks, issue: str) -> bool:
    """Whether a link is to the issue that somebody names by its key, its number or the address of its page."""
    return issue in (row["issue"], row["url"]) or (
        issue.isdigit() and row["issue"].endswith((f"#{issue}", f"-{issue}"))
    )
