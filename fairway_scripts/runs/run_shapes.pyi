from typing import TypedDict

class WorkColumns(TypedDict, total=False):
    artifact_path: str
    artifact_sha256: str | None
    artifact_size: int | None
    commit_sha: str | None
    branch: str | None
    tree_dirty: int

class Reported(TypedDict):
    session_id: str
    external_id: str | None
    lane: str
    task_id: str | None
    status: str
    state: str
    repeated: bool

class Left(TypedDict):
    checkpoint_id: int | None
    handoff_id: int | None
    evidence_id: int | None

class Bridged(Reported, Left):
    track_id: str | None

class NewCheckpoint(TypedDict):
    subject_kind: str
    subject_id: str
    state: str
    owner: str
    target_close_by: str
    summary: str
    artifact_path: str

class TrustedResult(TypedDict):
    task_id: str
    lane: str
    session_id: str
    evidence_id: int
    command_text: str
    command_class: str
    pattern: str
    approval_id: int
    approved_by: str
    worktree_path: str
    commit_sha: str | None
    branch: str | None
    tree_dirty: bool
    result: str
    outcome: str
    exit_code: int | None
    duration_seconds: int | None
    artifact_path: str
    artifact_sha256: str | None
    artifact_size: int | None
    started_at: str
    ended_at: str
