"""The comment of a link: posted once, changed when it says something else, and never posted twice.

A comment is announced in the store before it is sent, and its outcome kept after. Who dies in between leaves the
announcement; whoever comes next looks for the mark of the link among the comments before anything is sent again, and
waits until a request that is still under way must have arrived.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, digest
from fairway_scripts.project.changes import Change, find_state, repeated_answer
from fairway_scripts.reviews.given_verdicts import given_verdicts, status_given
from fairway_scripts.trackers.links import Finding, found, known_of
from fairway_scripts.trackers.services.issues import Comment, TrackerError
from fairway_scripts.trackers.summary_text import Standing, is_marked, marked, same_text, summary

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.calls.tool_calls import FairwayTrackerExport
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction
    from fairway_scripts.store.rows import TrackerLink
    from fairway_scripts.trackers.services.service import Service
    from fairway_scripts.trackers.tracker_shapes import Exported, ExportedLink

#: Seconds after which a request whose outcome nobody saw must have arrived, or never will.
SETTLED = 120.0
#: Troubles that say for certain that nothing was posted.
_CERTAIN = ("rate_limited", "no_access", "hidden", "gone", "moved", "locked")


def standing_of(tx: Transaction, task_id: str, settings: Settings) -> Standing:
    """How a task stands, as far as a tracker is told."""
    state = find_state(tx, task_id)
    requests, reviews = tx.all("records.open_requests", task_id=task_id), tx.all("records.reviews", task_id=task_id)
    given = given_verdicts(tx, state, reviews, requests, settings)
    review = status_given(given, requests, state["review_status"])
    results = [row["result"] for row in tx.all("reports.evidence", task_id=task_id, withdrawn=0)]
    return Standing(
        task_id,
        state["status"],
        state["role"],
        state["commit_sha"] or "",
        (review or "") if state["review_required"] else "",
        results.count("pass"),
        results.count("fail"),
        int(state["open_blockers"] or 0),
    )


def export(
    project: Project, args: FairwayTrackerExport, rows: Sequence[TrackerLink], service: Callable[[str], Service]
) -> Exported:
    """Bring the comments of links up to date, one after the other, each with what came of it kept at once.

    `service` gives the tracker of a name, and is asked only when something has to be sent. Returns `{links: [{link_id,
    task_id, tracker, issue, action, comment_id}], findings, dry_run}`. Raises FairwayError `fence_outdated`, and what
    opening a tracker raises.
    """
    repeated: Exported | None = repeated_answer(project, args)
    if repeated is not None:
        return repeated
    if args.fence and args.task_id:
        with Change(project, args) as change:
            change.state(args.task_id)
    answer: Exported = {"links": [], "findings": [], "dry_run": bool(args.dry_run)}
    for row in rows:
        told, findings = export_link(project, args, row, partial(service, row["tracker"]))
        answer["links"].append(told)
        answer["findings"] += [finding.as_json() for finding in findings]
    if args.request_id and not args.dry_run:
        with Change(project, args) as change:
            return change.finish(answer)
    return answer


def export_link(
    project: Project, args: FairwayTrackerExport, row: TrackerLink, service: Callable[[], Service]
) -> tuple[ExportedLink, list[Finding]]:
    """Bring the comment of one link up to date; `service` is asked for only when something has to be sent.

    Returns `{link_id, task_id, tracker, issue, action, comment_id}` and findings; `action` is `posted`, `edited`,
    `adopted` (it stood there, and nobody had seen that), `unchanged` or `none`.
    """
    with project.store.read() as tx:
        text = summary(standing_of(tx, row["task_id"], project.settings))
    work = _Export(project, args, row, text, service)
    try:
        action = work.run()
    except TrackerError as trouble:
        work.findings.append(found(trouble, row["tracker"], row["issue"], row["task_id"]))
        action = "none"
    told: ExportedLink = {
        "link_id": row["id"],
        "task_id": row["task_id"],
        "tracker": row["tracker"],
        "issue": row["issue"],
        "action": action,
        "comment_id": work.comment_id,
    }
    return told, work.findings


class _Export:
    """One link's comment on its way."""

    def __init__(
        self, project: Project, args: FairwayTrackerExport, row: TrackerLink, text: str, service: Callable[[], Service]
    ) -> None:
        self.project = project
        self.args = args
        self.row = row
        self.text = text
        self.text_hash = digest.of_text(text)
        self.comment_id = row["comment_id"] or ""
        self.findings: list[Finding] = []
        self._ask = service

    def run(self) -> str:
        row = self.row
        if self.comment_id and row["comment_hash"] == self.text_hash and not self.args.anew:
            return "unchanged"
        if self.args.dry_run:
            return "would edit" if self.comment_id and not self.args.anew else "would post"
        service = self._ask()
        self.known = known_of(row, conditional=False)
        self.mark = service.mark(row["uid"])
        if self.comment_id and not self.args.anew:
            return self._edit(service)
        there = self._there(service)
        if there is not None:
            return self._adopt(service, there)
        if row["pending_at"] and clock.elapsed(row["pending_at"], clock.now()) < SETTLED:
            raise TrackerError("outcome_unknown", f"a comment of {row['pending_at'][:19]}Z may still be under way")
        return self._post(service)

    def _post(self, service: Service) -> str:
        if not self._announce():
            raise TrackerError("outcome_unknown", "another call is posting this comment")
        try:
            self.comment_id = service.add_comment(self.known, marked(self.text, self.mark))
        except TrackerError as trouble:
            if trouble.word in _CERTAIN:
                self._settle("", "", "tracker_export_refused")
                raise
            there = self._there(service)
            if there is None:
                raise TrackerError("outcome_unknown", f"{trouble.message}; the comment is not there so far") from None
            return self._adopt(service, there)
        self._settle(self.comment_id, self.text_hash, "tracker_exported")
        return "posted"

    def _adopt(self, service: Service, there: Comment) -> str:
        """Take a comment for ours that has our mark, and bring it up to date."""
        self.comment_id = there.comment_id
        if not same_text(there.body, marked(self.text, self.mark)):
            return self._edit(service)
        self._settle(self.comment_id, self.text_hash, "tracker_exported")
        return "adopted"

    def _edit(self, service: Service) -> str:
        try:
            service.edit_comment(self.known, self.comment_id, marked(self.text, self.mark))
        except TrackerError as trouble:
            if trouble.word not in ("hidden", "gone"):
                raise
            raise TrackerError(
                "comment_gone", f"comment {self.comment_id} of {self.row['issue']}: {trouble.message}"
            ) from None
        self._settle(self.comment_id, self.text_hash, "tracker_exported")
        return "edited"

    def _there(self, service: Service) -> Comment | None:
        """Our comment, if it stands there: with our mark, and from the owner of the token."""
        candidates = [comment for comment in service.comments(self.known) if is_marked(comment.body, self.mark)]
        if not candidates:
            return None
        try:
            me = service.me()
        except TrackerError as trouble:
            message = (
                f"comment {candidates[0].comment_id} has the mark of this link, and whose it is: {trouble.message}"
            )
            raise TrackerError("author_unknown", message) from None
        own = [comment for comment in candidates if comment.author == me]
        return own[0] if own else None

    def _announce(self) -> bool:
        """Say in the store that a comment is about to be sent; False when another call has said so meanwhile."""
        with Change(self.project, self.args) as change:
            now = change.tx.one("trackers.link", id=self.row["id"])
            if now is None or any(now[name] != self.row[name] for name in ("withdrawn_at", "pending_at", "comment_id")):
                return False
            change.tx.run("trackers.intend", id=self.row["id"], pending_hash=self.text_hash, at=change.at)
            change.record("tracker_export_begun", self.row["task_id"], self._told({"text_hash": self.text_hash}))
            return True

    def _settle(self, comment_id: str, comment_hash: str, kind: str) -> None:
        with Change(self.project, self.args) as change:
            values = {"comment_id": comment_id or None, "comment_hash": comment_hash or None}
            change.tx.run("trackers.settle", id=self.row["id"], **values)
            change.record(kind, self.row["task_id"], self._told(values))

    def _told(self, more: Mapping[str, object]) -> dict[str, object]:
        row = self.row
        named = {"table": "tracker_links", "row_id": row["id"], "issue": row["issue"], "tracker": row["tracker"]}
        return {**named, **more, "summary": f"{row['tracker']} {row['issue']}"}
