from typing import Literal, TypeAlias, TypedDict

from fairway_scripts.git.git_survey import HostPlace
from fairway_scripts.reviews.reports.review_report_rules import Spread
from fairway_scripts.store.rows import InboxHandoffs, InboxRequests, ReportsCounts, ReportsList

class LaneWorktree(TypedDict):
    path: str
    exists: bool
    branch: str | None
    expected_branch: str
    dirty: bool
    ahead: int | None
    behind: int | None
    elsewhere: list[HostPlace]

class Found(TypedDict, total=False):
    words: str
    lane: str
    status: str
    owner: str
    actor: str
    kind: str
    finished: bool

class TaskValues(TypedDict):
    lane: str
    status: str
    owner: str
    words: str
    finished: int

class EventValues(TypedDict):
    lane: str
    actor: str
    kind: str
    words: str

class Happened(TypedDict):
    id: int
    at: str
    actor: str
    kind: str
    task_id: str
    reverts: int | None
    payload: dict[str, object]
    summary: str

class WindowEvent(Happened):
    tool: str
    lane: str | None

class ForcedEvent(Happened):
    lane: str | None
    reason: str

class ReportedEvent(Happened):
    session_id: str | None
    tool: str
    request_id: str | None
    reverted_by: int | None

class OneEvent(ReportedEvent):
    previous_hash: str
    hash: str
    store_hash: str | None
    rows: dict[str, int]
    before_in_task: int | None
    after_in_task: int | None
    before_in_store: int | None
    after_in_store: int | None

class Activity(TypedDict):
    events: list[ReportedEvent]
    total: int

class TaskList(TypedDict):
    tasks: list[ReportsList]
    total: int

class LaneCounts(TypedDict):
    rows: list[ReportsCounts]
    ready: dict[str, int]
    archived: int

class StatusReport(TypedDict):
    total: int
    ready: int
    archived: int
    by_status: dict[str, int]
    by_lane: dict[str, dict[str, int]]
    ready_by_lane: dict[str, int]

class FinishedWork(TypedDict):
    task_id: str
    lane: str
    completed_at: str | None
    commit_sha: str | None
    review_status: str | None
    approval: str

class InboxRequest(InboxRequests):
    command: str

class InboxHandoff(InboxHandoffs):
    command: str

class Inbox(TypedDict):
    requests: list[InboxRequest]
    handoffs: list[InboxHandoff]

Measure: TypeAlias = Literal["wait_seconds", "cycle_seconds", "blocked_seconds", "review_seconds", "evidence_seconds"]

class OfTask(TypedDict):
    task_id: str

class TimedTask(TypedDict):
    id: str
    lane: str
    title: str
    status: str

class TaskTiming(TimedTask):
    open: bool
    first_seen_at: str | None
    first_claimed_at: str | None
    finished_at: str | None
    last_activity_at: str | None
    wait_seconds: float | None
    cycle_seconds: float | None
    blocked_seconds: float | None
    review_seconds: float | None
    evidence_seconds: float | None
    evidence_count: int
    unknown: list[str]

class LaneTiming(TypedDict):
    lane: str
    tasks: int
    finished: int
    wait: Spread
    cycle: Spread
    blocked: Spread
    review: Spread
    evidence: Spread

class TimingReport(TypedDict):
    measured_at: str
    by_lane: list[LaneTiming]
    by_task: list[TaskTiming]
    total: int
    not_measured: int

class ReviewWait(TypedDict):
    task_id: str
    title: str
    lane: str
    waiting_lane: str
    review_domain: str
    commit_sha: str
    since: str
    waited_seconds: int
    what: str
    session_id: str
    command: str
    argv: list[str]

class ListValues(TypedDict):
    role: str
    status: str
    owner: str
    archived: int
