from typing import TypedDict

from fairway_scripts.store.rows import OrchestratorWaiting, PrimeAsked, PrimeTold, PrimeWork, TasksReadyAll

# What a file was before it told of the suite, and the digest of what was written.
class Kept(TypedDict):
    before: str | None
    sha256: str

class FileChange(TypedDict):
    path: str
    before: str | None
    after: str | None

class Step(TypedDict):
    why: str
    command: str

class LanePlace(TypedDict):
    worktree: str
    has_worktree: bool
    in_worktree: bool

# A task in work or blocked, and what it lacks.
class JudgedTask(PrimeWork):
    over_lease: bool
    acceptance_checks: list[str]
    branch: str
    commit_sha: str
    missing: str
    waits: bool
    last_no: str

class PrimeFacts(LanePlace):
    project: str
    lane: str
    lane_found: str
    actor: str
    now: str
    work: list[PrimeWork]
    asked: list[PrimeAsked]
    told: list[PrimeTold]
    ready: list[TasksReadyAll]
    ready_total: int
    ready_by_lane: list[OrchestratorWaiting]
    next: list[Step]
