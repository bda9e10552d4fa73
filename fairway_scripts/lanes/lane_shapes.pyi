from typing import NotRequired, TypedDict

from fairway_scripts.base.git_folder import Worktree
from fairway_scripts.git.git_survey import HostPlace, LaneSurvey
from fairway_scripts.git.lane_state import LaneFacts
from fairway_scripts.git.worktree_facts import WorktreeContents
from fairway_scripts.store.rows import LanesClaims, LanesLiveSessions, LanesMadeWorktrees, PushIntentsOpen
from fairway_scripts.work.preflight import Issue

class OwnWorktree(LanesMadeWorktrees):
    stored: str

class OfHost(TypedDict):
    host: str | None

class Attachments(TypedDict):
    sessions: list[LanesLiveSessions]
    claims: list[LanesClaims]
    made: list[LanesMadeWorktrees]

class LaneRow(LaneFacts):
    sessions: list[str]
    tasks: list[str]
    issues: list[Issue]
    elsewhere: list[HostPlace]

class Fitness(LaneRow):
    ok: bool

class SeenWorktree(Worktree):
    gone: bool

class SetupFacts(TypedDict):
    lane: str
    path: str
    branch: str
    here: SeenWorktree | None
    holder: SeenWorktree | None
    holds: list[str]
    occupied: bool
    branch_exists: bool
    start: str | None
    base: str
    main_branch: str
    started_from: str

class SetupPlan(TypedDict):
    action: str
    refusal: str
    fix: str
    warning: str

class LanePlan(SetupFacts, SetupPlan): ...

class MadeWorktree(TypedDict):
    lane: str
    path: str
    branch: str
    started_from: str

class SetupRow(MadeWorktree):
    expected_branch: str
    action: str
    warning: str

class SetUp(TypedDict):
    worktrees: list[SetupRow]
    created: int
    dry_run: bool

class WorktreeFacts(Worktree, WorktreeContents):
    gone: bool
    main_branch: str
    published: bool | None
    stashes: int
    lane: str
    made: bool

class KeepFacts(WorktreeFacts):
    configured: bool
    asked: bool
    inside: bool
    sessions: list[str]
    claims: list[str]

class PrunedWorktree(TypedDict):
    path: str
    lane: str
    branch: str | None
    head: str | None
    action: str
    reasons: list[str]
    ignored_count: int

class Pruned(TypedDict):
    worktrees: list[PrunedWorktree]
    removable: int
    removed: int
    failed: int

class GitTask(TypedDict):
    id: str
    lane: str
    status: str
    commit_sha: str | None
    review_status: str | None

    owner: NotRequired[str | None]
    branch: NotRequired[str | None]
    claimed_at: NotRequired[str | None]
    evidence_at: NotRequired[str | None]
    handoff_at: NotRequired[str | None]

class GitRows(TypedDict):
    tasks: list[GitTask]
    counts: dict[str, int]
    ids: list[str]

class GitFinding(TypedDict):
    check: str
    level: str
    lane: str
    task_id: str
    message: str
    fix: str

class GitCheck(TypedDict):
    ok: bool
    base: str
    base_sha: str | None
    tasks: int
    lanes: list[LaneSurvey]
    findings: list[GitFinding]

class OpenIntent(PushIntentsOpen):
    on_remote: bool | None

class CloseoutFinding(GitFinding):
    remote: str
    branch: str

class About(TypedDict, total=False):
    task_id: str
    lane: str
    remote: str
    branch: str

class Owner(TypedDict):
    lane: str
    task_id: NotRequired[str]
    over: NotRequired[bool]

class Closeout(TypedDict):
    ok: bool
    remotes: list[str]
    unread: list[str]
    intents: list[OpenIntent]
    findings: list[CloseoutFinding]

class IntentRow(TypedDict):
    remote: str
    branch: str
    reason: str
    recorded_by: str
    created_at: str

class RecordedIntent(IntentRow):
    intent_id: int
    task_id: str

class WithdrawnIntents(TypedDict):
    task_id: str
    remote: str
    withdrawn: list[int]

class ReviewCheckedOut(TypedDict):
    task_id: str
    lane: str
    source: str
    commit_sha: str
    review_branch: str
    worktree: str
    previous_branch: str
    previous_commit: str | None
    moved_from: str
    warnings: list[str]
