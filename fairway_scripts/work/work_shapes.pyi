from typing import NotRequired, TypedDict

from fairway_scripts.calls.tool_calls import Said
from fairway_scripts.store.rows import TasksReadyAll
from fairway_scripts.work.evidence import Artifact, NewHandoff, Special
from fairway_scripts.work.preflight import Issue

class Claimed(TypedDict):
    task_id: str
    lane: str
    title: str
    status: str
    owner: str | None
    claimant: str | None
    branch: str | None
    claimed_at: str | None
    lease_expires_at: str | None
    fence: int
    renewed: bool
    warnings: list[Issue]

class GivenBack(TypedDict):
    task_id: str
    lane: str
    status: str
    fence: int

# Whether the evidence of a task is enough for a commit, see `gates.evidence_verdict`.
class EvidenceVerdict(TypedDict):
    ok: bool
    fresh: bool
    id: int | None
    why: str
    against: str

# What a waiver keeps, its reasons read.
class ReadWaiver(TypedDict):
    id: int
    needed: str
    granted: str
    rules: list[str]
    reason: str
    owner: str
    commit_sha: str | None
    base_commit_sha: str | None
    created_at: str
    expires_at: str | None
    own_work: str

# A waiver that stands for the approval of a domain.
class StandIn(TypedDict):
    id: int
    needed: str
    granted: str
    text: str

# A verdict, as far as it answers a request; without an `id` it is the waiver that stands for one.
class Word(TypedDict):
    id: int | None
    task_id: str
    reviewer_role: str
    reviewer: str
    verdict: str
    reviewed_commit_sha: str | None
    created_at: str
    review_domain: str | None
    domains: list[str]
    own_work: NotRequired[str]

# A verdict that stands with what it counts for, or the waiver that stands for one.
class Verdict(Word):
    base_commit_sha: str | None
    route_reason: str | None
    notes: str | None
    recorded_by: str
    withdrawn_at: str | None
    findings_count: int | None
    duration_seconds: int | None
    waiver_id: int | None
    inherited_from: NotRequired[str]
    stale_why: NotRequired[str]
    waiver: NotRequired[StandIn]

# A lane or a domain whose approval is asked for, see `review_bar`.
class Asked(TypedDict):
    lane: str
    layer: str
    rules: list[str]
    paths: list[str]
    domains: NotRequired[list[str]]
    counted: NotRequired[bool]
    counts_for: NotRequired[list[str]]

# A request that was made by hand.
class ByHand(TypedDict):
    role: str
    rules: list[str]

# A handoff that an acknowledgement did not change.
class Acknowledged(TypedDict):
    handoff_id: int
    acknowledged_by: str | None
    acknowledged_at: str | None

class Acknowledgement(TypedDict):
    task_id: str
    acknowledged: list[int]
    already: list[Acknowledged]
    acknowledged_by: str
    note: str

class Kept(TypedDict):
    text: str
    task_id: str
    evidence_id: int
    path: str
    sha256: str

class Sum(TypedDict):
    records: int
    tokens_in: int | None
    tokens_out: int | None
    minutes: str
    cost: dict[str, str]

class Spent(TypedDict):
    lane: str
    tokens_in: int | None
    tokens_out: int | None
    corrects: int | None
    cost: str
    minutes: str
    currency: str
    provider: str
    model: str
    utility: str

class UsageRow(TypedDict):
    event_id: int
    task_id: str
    lane: str
    utility: str
    model: str
    corrects: int | None
    currency: str
    tokens_in: int | None
    tokens_out: int | None
    minutes: str | None
    cost: str | None

# A sum with the name of its group under the name of that.
class GroupSum(Sum):
    lane: NotRequired[str]
    task_id: NotRequired[str]
    utility: NotRequired[str]
    model: NotRequired[str]

class UsageReport(TypedDict):
    total: Sum
    by_lane: list[GroupSum]
    by_task_id: list[GroupSum]
    by_utility: list[GroupSum]
    by_model: list[GroupSum]
    records: int
    corrected: int
    unmeasured: int

class UsageRecorded(Spent):
    event_id: int
    task_id: str
    recorded_by: str
    created_at: str

class EvidenceRecorded(Artifact, Special, Said):
    command_text: str
    result: str
    artifact_type: str
    duration_seconds: int | None
    notes: str
    producer: str
    run_by: NotRequired[str | None]
    commit_sha: str | None
    branch: str | None
    tree_dirty: bool
    evidence_id: int
    task_id: str
    lane: str
    recorded_by: str
    created_at: str

class HandoffRecorded(NewHandoff):
    handoff_id: int
    task_id: str
    lane: str
    recorded_by: str
    created_at: str

# A task that another one waits for.
class Needed(TypedDict):
    id: str
    status: str | None
    lane: str | None

# A task that is not ready, and why.
class Waiting(TypedDict):
    id: str
    lane: str
    title: str
    waits_for: list[Needed]
    reason: str

# The claimable tasks, how many there are, and where it is asked for what waits.
class Ready(TypedDict):
    tasks: list[TasksReadyAll]
    total: int
    waiting: NotRequired[list[Waiting]]

# Who has a task, as far as its reviews are judged by it.
class Holding(TypedDict):
    task_id: str
    role: str
    owner: str | None
    claimant: str | None
