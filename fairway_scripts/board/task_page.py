"""A task on one page: what matters most first, long lists cut with a line that says so."""

from __future__ import annotations

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest
from fairway_scripts.calls.answer import labelled, shown
from fairway_scripts.calls.columns import columns
from fairway_scripts.catalog.tool import EVIDENCE
from fairway_scripts.work.review_verdicts import asked_text, speaker

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.reviews.detail_shapes import (
        AttachedCheckpoint,
        AttachedSession,
        AttachedWatcher,
        Dependency,
        Detail,
        SeenEvidence,
        SeenRequest,
        SeenReview,
        SeenWaiver,
    )
    from fairway_scripts.reviews.gates.profile_gates_rules import GateEvaluation
    from fairway_scripts.store.rows import Handoff, ReportsHistory
    from fairway_scripts.work.review_verdicts import Spoken

#: Rows of a list that are shown without `everything`.
RECORDS = 5
NEIGHBOURS = 20
_SHA = 12


def task_page(detail: Detail, now: str, *, everything: bool = False) -> list[str]:
    """The lines of a task's page; `now` is the stored time that ages are counted to."""
    page = _Page(detail, now, everything=everything)
    title = f"{detail['task_id']}  {shown(detail['title'])}"
    return [title, *page.state(), *page.definition(), *page.records(), *page.task()]


class _Page:
    def __init__(self, detail: Detail, now: str, *, everything: bool) -> None:
        self.detail = detail
        self.now = now
        self.everything = everything

    def state(self) -> list[str]:
        """Where the task stands and what comes next."""
        detail = self.detail
        lines = [f"status: {detail['status']} for {self._ago(detail['status_since'])}", f"lane: {detail['lane']}"]
        if detail["left_file_at"]:
            lines.append(f"left the queue file: {_time(detail['left_file_at'])}")
        if detail["archived_at"]:
            lines.append(f"archived: {_time(detail['archived_at'])}")
        if detail["owner"]:
            lines.append(f"owner: {shown(detail['owner'])}")
        if detail["claimant"]:
            lines += [f"claimant: {shown(detail['claimant'])} since {_time(detail['claimed_at'])}", self._lease()]
            lines.append(f"fence: {detail['fence']}")
        if detail["branch"]:
            tip = detail["measured_on"]["commit_sha"]
            at = f" at {tip[:_SHA]}" if tip and not detail["terminal"] else ""
            lines.append(f"branch: {shown(detail['branch'])}{at}")
        if detail["commit_sha"]:
            lines.append(f"commit: {detail['commit_sha']}")
        if detail["completed_at"]:
            lines.append(f"completed: {_time(detail['completed_at'])}")
        if detail["review_required"] or detail["reviews"]:
            lines.append(f"review: {detail['review_status']}")
        if detail["missing_domains"]:
            lines.append(f"missing approvals: {', '.join(detail['missing_domains'])}")
        lines += [f"not known: {shown(fault)}" for fault in detail["faults"]]
        step = detail["next_step"]
        return lines + ([f"next: {shown(step['why'])}", f"  {step['command']}"] if step["command"] else [])

    def definition(self) -> list[str]:
        """What the task hangs together with."""
        detail = self.detail
        lines = [f"priority: {detail['priority']}"] if detail["priority"] is not None else []
        if detail["sequence"] is not None:
            lines.append(f"sequence: {detail['sequence']}")
        lines.append(f"kind: {shown(detail['kind'])}")
        if detail["parent_id"]:
            lines.append(f"parent: {detail['parent_id']}")
        for name, value in [*detail["metadata"].items(), *detail["extra"].items()]:
            if value not in ("", [], None):
                lines.append(f"{name}: {shown(value)}")
        lines += [
            f"issue: {shown(row['tracker'])} {shown(row['issue'])}  {shown(row['url'])}"
            + _withdrawn(row["withdrawn_at"])
            for row in detail["tracker_links"]
        ]
        needed = sorted(detail["dependencies"], key=lambda row: bool(row["met"]))
        rows = [[row["id"], _status(row), row["lane"], shown(row["owner"])] for row in needed]
        lines += self._section("dependencies", columns(rows), NEIGHBOURS)
        rows = [[row["id"], row["status"], row["lane"]] for row in detail["dependents"]]
        lines += self._section("dependents", columns(rows), NEIGHBOURS)
        rows = [[row["id"], row["status"], row["lane"], shown(row["title"])] for row in detail["children"]]
        return lines + self._section("children", columns(rows), NEIGHBOURS)

    def records(self) -> list[str]:
        """Gates, then what was recorded and what is attached, the newest first."""
        detail = self.detail
        lines = self._section("gates", columns([self._gate(row) for row in detail["gate_evaluations"]]), NEIGHBOURS)
        required = [["ok" if row["ok"] else "missing", shown(row["message"])] for row in detail["required_reviews"]]
        lines += self._section("declared reviews", columns(required), NEIGHBOURS)
        for name, rows in (
            ("waivers", map(self._waiver, detail["waivers"])),
            ("review requests", map(self._request, detail["review_requests"])),
            ("reviews", map(self._review, detail["reviews"])),
            ("handoffs", map(self._handoff, detail["handoffs"])),
            ("evidence", map(self._evidence, detail["evidence"])),
            ("history", map(self._transition, detail["history"])),
            ("checkpoints", map(self._checkpoint, detail["checkpoints"])),
            ("watchers", map(self._watcher, detail["watchers"])),
            ("sessions", map(self._session, detail["sessions"])),
        ):
            lines += self._section(name, columns([*rows][::-1]), RECORDS)
        return lines

    def task(self) -> list[str]:
        """The work itself: the checks that prove it, and the notes in full."""
        detail = self.detail
        checks = [f"  {shown(check)}" for check in detail["acceptance_checks"]]
        lines = self._section("acceptance checks", checks, NEIGHBOURS)
        notes = [f"  {_visible(line)}".rstrip() for line in detail["notes"].rstrip().split("\n")]
        return lines + (["notes:", *notes] if detail["notes"].strip() else [])

    def _section(self, title: str, lines: list[str], most: int) -> list[str]:
        if not lines:
            return []
        hidden = 0 if self.everything else len(lines) - most
        if hidden <= 0:
            return [f"{title} ({len(lines)}):", *lines]
        command = suggest("queue-task-detail", TASK_ID=self.detail["task_id"], ALL=True)
        return [f"{title} ({len(lines)}):", *lines[:most], f"  ... {hidden} more: {command}"]

    def _lease(self) -> str:
        expires = self.detail["lease_expires_at"]
        if not expires:
            return "lease: none"
        if self.detail["over_lease"]:
            return f"lease: ran out {self._ago(expires)} ago ({_time(expires)})"
        return f"lease: until {_time(expires)} ({clock.span_text(clock.elapsed(self.now, expires))} left)"

    def _request(self, row: SeenRequest) -> list[str]:
        state = "superseded" if row["superseded_at"] else "answered" if row["answered"] else "open"
        why = ", ".join(str(rule) for rule in row["rules"])
        asked = asked_text(row["role"], row["domains"])
        return [asked, state, _commit(row["commit_sha"]), shown(why) + _withdrawn(row["withdrawn_at"])]

    def _gate(self, row: GateEvaluation) -> list[str]:
        ids = ", ".join(f"#{row_id}" for row_id in row["satisfied_by"])
        said = f"evidence {ids}" if ids else "asks for no evidence"
        if row["stale"]:
            said += f", stale: {', '.join(f'#{row_id}' for row_id in row['stale'])}"
        if row["against"] is not None:
            said += f", but #{row['against']} says otherwise since"
        why = "; ".join(row["reasons"]) or said
        return [f"{row['profile']}/{row['gate']}", row["mode"], row["status"], shown(why)]

    def _waiver(self, row: SeenWaiver) -> list[str]:
        what = f"{row['subject']} {row['needed']} -> {row['granted']}"
        ends = f" until {_time(row['expires_at'])}" if row["expires_at"] else ""
        state = f"approved by {', '.join(row['approved_by'])}" if row["approved_by"] else ""
        state = f"does not count: {shown(row['own_work'])}" if row["own_work"] else "ended" if row["ended"] else state
        return [
            f"#{row['id']}",
            what,
            shown(row["owner"]),
            _commit(row["commit_sha"]),
            _time(row["created_at"]) + ends,
            state,
            shown(row["reason"]) + _withdrawn(row["withdrawn_at"]),
        ]

    def _review(self, row: SeenReview) -> list[str]:
        given: Spoken = {"reviewer_role": row["reviewer_role"], "review_domain": row["review_domain"]}
        place = "" if row["on_tip"] is None else " (current)" if row["on_tip"] else " (stale)"
        verdict = row["verdict"]
        if row["own_work"]:
            verdict += f", does not count: {shown(row['own_work'])}"
        elif not (row["counts"] or row["withdrawn_at"] or row["waiver_id"]):
            verdict += ", replaced"
        note = shown(row["notes"]) if row["notes"] else ""
        note += f"  [{row['shared_login']}]" if row["shared_login"] else ""
        about = f" on waiver #{row['waiver_id']}" if row["waiver_id"] else ""
        who = f"{speaker(given)}{about} ({shown(row['reviewer'])})"
        commit = _commit(row["reviewed_commit_sha"]) + place
        return [verdict, who, commit, _time(row["created_at"]), note + _withdrawn(row["withdrawn_at"])]

    def _handoff(self, row: Handoff) -> list[str]:
        to_lane = f"to {row['to_role']}" if row["to_role"] else f"by {shown(row['owner'])}"
        state = "acknowledged" if row["acknowledged_at"] else "open"
        text = row["next_step"] or row["results"] or row["payload"]
        return [
            f"#{row['id']}",
            state,
            to_lane,
            _commit(row["commit_sha"]),
            _time(row["created_at"]),
            (shown(text) if text else "") + _withdrawn(row["withdrawn_at"]),
        ]

    def _evidence(self, row: SeenEvidence) -> list[str]:
        fresh = f"stale: {row['stale_reason']}" if row["stale_reason"] else row["freshness"]
        text = shown(row["command_text"])
        if row["artifact_path"]:
            digest = f" sha256 {row['artifact_sha256'][:_SHA]}" if row["artifact_sha256"] else ""
            text += f"  [{shown(row['artifact_path'])}{digest}]"
        if row["notes"]:
            text += f"  note: {shown(row['notes'])}"
        text += labelled(row, EVIDENCE)
        return [
            f"#{row['id']}",
            row["result"],
            fresh,
            _producer(row),
            _time(row["created_at"]),
            text + _withdrawn(row["withdrawn_at"]),
        ]

    def _checkpoint(self, row: AttachedCheckpoint) -> list[str]:
        until = f"until {shown(row['target_close_by'])}" if row["target_close_by"] else ""
        text = shown(row["summary"]) + (f"  [{shown(row['artifact_path'])}]" if row["artifact_path"] else "")
        return [
            *(f"#{row['checkpoint_id']}", row["state"], shown(row["owner"]), _time(row["created_at"]), until),
            text + _withdrawn(row["withdrawn_at"]),
        ]

    def _watcher(self, row: AttachedWatcher) -> list[str]:
        state = f"{row['status']}: {row['result']}" if row["result"] else str(row["status"])
        news = row["finished_at"] or row["last_news_at"] or row["started_at"]
        text = shown(row["process"]) + (f"  [{shown(row['artifact_path'])}]" if row["artifact_path"] else "")
        note = f"  {shown(row['notes'])}" if row["notes"] else ""
        return [row["watch_id"], state, shown(row["owner"]), _time(row["started_at"]), _time(news), text + note]

    def _session(self, row: AttachedSession) -> list[str]:
        who = f"{row['lane']} by {shown(row['provider'])}" if row["provider"] else str(row["lane"])
        news = row["ended_at"] or row["last_heartbeat_at"] or row["started_at"]
        text = shown(row["end_reason"]) if row["end_reason"] else ""
        text += f"  [{shown(row['transcript_path'])}]" if row["transcript_path"] else ""
        return [
            *(row["session_id"], row["status"], row["backend"] or "", who, _time(row["started_at"]), _time(news)),
            text.strip(),
        ]

    def _transition(self, row: ReportsHistory) -> list[str]:
        move = f"{row['from_status'] or 'new'} -> {row['to_status']}"
        reason = shown(row["reason"]) if row["reason"] and row["reason"] != row["command_source"] else ""
        return [_time(row["at"]), move, shown(row["actor"]), shown(row["command_source"]), reason]

    def _ago(self, stamp: str) -> str:
        try:
            return clock.span_text(clock.elapsed(stamp, self.now))
        except ValueError:  # a completion date that the queue file gave as free text
            return shown(stamp)


def _producer(row: SeenEvidence) -> str:
    """Who saw the result: a tool that ran the command; else somebody who says that one did is named."""
    if row["producer"] == "claim" or row["run_by"]:
        return str(row["producer"])
    return f"{row['producer']}, says {shown(row['recorded_by'])}"


def _time(stamp: str | None) -> str:
    """A stored time to the second: nobody reads the microseconds."""
    return f"{stamp[:19]}Z" if stamp and len(stamp) == 27 else shown(stamp)


def _commit(sha: str | None) -> str:
    return sha[:_SHA] if sha else "-"


def _status(dependency: Dependency) -> str:
    return f"{dependency['status']} (archived)" if dependency["archived"] else str(dependency["status"])


def _withdrawn(at: str | None) -> str:
    return f"  [withdrawn {_time(at)}]" if at else ""


def _visible(line: str) -> str:
    """A line of notes without characters that would move the cursor of a terminal."""
    if line.isprintable():
        return line
    return "".join(char if char.isprintable() or char == "\t" else ascii(char)[1:-1] for char in line)
