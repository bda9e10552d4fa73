"""For security and governance: what was let go, who vouched for what, and whether the records hold."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.board import oversight
from fairway_scripts.dashboard.panels import ASKED, BEHIND, SHOWN, Column, Maker, Page, Panel, counted
from fairway_scripts.dashboard.work_panels import LANE, lane_of
from fairway_scripts.upkeep.anchors import newest_anchor
from fairway_scripts.upkeep.verification import verify

if TYPE_CHECKING:
    from fairway_scripts.dashboard.panels import Query
    from fairway_scripts.project.project import Project

_TASK = Column("task_id", "Task", "task")
_COMMIT, _AGE = Column("commit_sha", "Commit", "commit"), Column("created_at", "Age", "age")


def _waivers(project: Project, query: Query) -> Panel:
    rows = oversight.waivers(project, lane_of(project, query))
    columns = (
        *(_TASK, LANE, Column("needed", "Needed", "word"), Column("granted", "Granted", "word"), Column("owner", "By")),
        *(Column("reason", "Why", "wide"), _COMMIT, _AGE, Column("expires_at", "Ends", "moment")),
    )
    return counted("waivers", "Waivers", columns, rows, empty="Nothing was waived.")


def _forced(project: Project, query: Query) -> Panel:
    rows = oversight.forced_events(project, lane_of(project, query), limit=SHOWN)
    columns = (
        *(Column("at", "When", "age"), Column("actor", "Actor"), Column("kind", "What", "word"), _TASK, LANE),
        *(Column("reason", "Reason given", "wide"), Column("id", "Event", "event")),
    )
    panel = counted("forced", "Checks that were gone past with FORCE", columns, rows, empty="No check was gone past.")
    return panel if len(rows) < SHOWN else panel._replace(total=None, told=f"the newest {SHOWN}")


def _refusals(_project: Project, _query: Query) -> Panel:
    return Panel(
        "refusals",
        "Refused self-reviews",
        (_TASK,),
        [],
        empty="A call that is refused changes nothing, so no row tells of it: how many there were is not known.",
        told="not recorded",
    )


def _finished(project: Project, query: Query) -> Panel:
    rows = oversight.finished_work(project, lane_of(project, query), limit=SHOWN)
    columns = (
        *(_TASK, LANE, Column("completed_at", "Finished", "age"), _COMMIT, Column("approval", "Approval", "word")),
        Column("review_status", "Review", "word"),
    )
    return Panel(
        "finished",
        "Approvals against what was finished",
        columns,
        rows,
        about="The tasks that were finished last. An approval of another commit can cover the same change after a "
        "rebase; the page of the task says so.",
        empty="Nothing is finished yet.",
        total=len(rows) if len(rows) < SHOWN else None,
        told="" if len(rows) < SHOWN else f"the newest {SHOWN}",
    )


def _vouchers(project: Project, query: Query) -> Panel:
    rows = oversight.vouchers(project, lane_of(project, query))
    columns = (
        *(
            LANE,
            Column("producer", "Said by", "word"),
            Column("ran", "A tool ran it"),
            Column("result", "Result", "word"),
        ),
        Column("records", "Records", "number"),
    )
    panel = counted("vouchers", "Evidence, by who saw it", columns, rows, empty="No evidence is recorded.")
    return panel._replace(told=f"{sum(row['records'] for row in rows):,} records" if rows else "")


def _verified(project: Project, _query: Query) -> Panel:
    found = verify(project)
    columns = (
        *(Column("check", "Check", "word"), _TASK, Column("event_id", "Event", "event"), Column("table", "Table")),
        Column("message", "What is wrong", "wide"),
    )
    size = (
        f"{found['events']:,} events and {found['rows']:,} rows" if found["events"] is not None else "The file itself"
    )
    about = f"{size} recomputed and compared at {clock.now()[:19].replace('T', ' ')} UTC."
    panel = counted("verified", "Verification of the ledger", columns, found["problems"], about=about)
    return panel._replace(empty="Everything is as its events recorded it.", told="sound" if found["ok"] else "")


def _anchors(project: Project, _query: Query) -> Panel:
    with project.store.read() as tx:
        newest = newest_anchor(project, tx)
    rows = [{**newest, "part": "yes" if newest["ok"] else "no"}] if newest else []
    columns = (
        *(Column("ref", "Ref"), Column("at", "Age", "age"), Column("part", "Part of the ledger")),
        *(Column("events", "Events", "number"), Column("events_since", "Events since", "number")),
    )
    return counted("anchors", "Anchors", columns, rows, empty="Nothing is anchored outside the store: queue-anchor.")


def _run_approvals(project: Project, query: Query) -> Panel:
    rows = oversight.run_approvals(project, lane_of(project, query))
    columns = (
        *(_TASK, LANE, Column("command_class", "Commands", "word"), Column("approved_by", "Approved by")),
        *(Column("reason", "Why", "wide"), _COMMIT, _AGE, Column("expires_at", "Ends", "moment")),
    )
    return counted("approvals", "Approvals to run commands", columns, rows, empty="Nobody was allowed to run anything.")


TRUST = Page(
    "/trust",
    "Trust",
    "What was let go, by whom and why; who vouched for what; and whether the records are what was recorded.",
    ("lane",),
    {
        "verified": Maker("Verification of the ledger", _verified, ASKED),
        "anchors": Maker("Anchors", _anchors),
        "waivers": Maker("Waivers", _waivers),
        "forced": Maker("Checks that were gone past with FORCE", _forced, BEHIND),
        "refusals": Maker("Refused self-reviews", _refusals),
        "finished": Maker("Approvals against what was finished", _finished, BEHIND),
        "vouchers": Maker("Evidence, by who saw it", _vouchers, BEHIND),
        "approvals": Maker("Approvals to run commands", _run_approvals),
    },
)
