from typing import Literal, TypeAlias, TypedDict

from fairway_scripts.store.rows import SessionRow

#: Entries of a session that are kept as they were given.
Plain: TypeAlias = Literal["lane_label", "provider", "session_name", "external_id", "tmux_pane", "branch"]

class Process(TypedDict, total=False):
    host: str
    pid: int | None
    pid_started_at: str | None

class GivenSession(TypedDict, total=False):
    lane: str
    lane_label: str | None
    worktree_path: str
    branch: str | None
    backend: str
    provider: str | None
    session_name: str | None
    task_id: str | None
    external_id: str | None
    pid: int | None
    pid_started_at: str | None
    host: str
    tmux_pane: str | None
    transcript_path: str | None
    status: str

class LaneEntries(TypedDict):
    lane: str
    backend: str
    provider: str | None
    worktree_path: str
    branch: str | None
    host: str

class Revival(TypedDict):
    status: str
    ended_at: None
    end_reason: None
    exit_code: None

class SeenSession(SessionRow):
    process: str

class SessionStatus(TypedDict):
    sessions: list[SeenSession]
    total: int

class Upserted(SessionRow):
    created: bool

class Heartbeat(TypedDict):
    session_id: str
    lane: str
    task_id: str | None
    status: str
    last_heartbeat_at: str | None
    revived: bool

class Closed(SessionRow):
    already: bool

class Ended(Closed):
    stopped: bool

class Launched(SessionRow):
    claimed: int | None
    warnings: list[str]

class LaunchedByHand(Launched):
    exports: dict[str, str]

class SessionFacts(TypedDict):
    process: str
    pane: str
    theirs: bool

class SessionFinding(TypedDict):
    check: str
    session_id: str | None
    lane: str
    task_id: str | None
    action: str
    reason: str
    fix: str

class AppliedFinding(SessionFinding):
    applied: bool

class Reconciled(TypedDict):
    findings: list[AppliedFinding]
    marked: list[str]
    dry_run: bool
    checked: int
