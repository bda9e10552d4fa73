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

class RecordedCheckpoint(NewCheckpoint):
    checkpoint_id: int
    session_id: str
    recorded_by: str
    created_at: str

class ShownCheckpoint(RecordedCheckpoint):
    task_status: str
    lane: str
    title: str
    open: bool
    age_seconds: int
    stale: str
    fix: str

class CheckpointStanding(TypedDict):
    state: str
    target_close_by: str | None
    created_at: str
    subject_over: int

class CheckpointStatus(TypedDict):
    checkpoints: list[ShownCheckpoint]
    open: int
    stale: int

class StaleCheckpoints(TypedDict):
    checkpoints: list[ShownCheckpoint]
    before: str

class WatcherTold(TypedDict):
    owner: str
    process: str
    command: str
    success_condition: str
    failure_condition: str
    allowed_fixes: str
    must_not_touch: str
    escalation_rules: str
    expected_duration: str
    poll_interval: str
    close_condition: str
    evidence_required: str

class ShownWatcher(WatcherTold):
    watch_id: str
    task_id: str
    lane: str | None
    status: str
    result: str | None
    failure_class: str
    artifact_path: str | None
    artifact_sha256: str | None
    artifact_size: int | None
    duration_seconds: int | None
    exit_code: int | None
    attempts: int | None
    evidence_id: int | None
    pid: int | None
    host: str | None
    started_at: str
    last_news_at: str | None
    finished_at: str | None
    notes: str
    recorded_by: str

class CurrentWatcher(ShownWatcher):
    title: str
    task_status: str
    age_seconds: int
    news_at: str
    process_state: str
    stale: str
    fix: str

class WatcherStatus(TypedDict):
    watchers: list[CurrentWatcher]
    active: int
    blocked: int
    stale: int

class WatchSeen(TypedDict):
    outcome: str
    why: str
    advice: str
    log: str
    tail: list[str]

class FinishedWatch(ShownWatcher, WatchSeen): ...

class ArtifactOf(TypedDict):
    task_id: str
    id: int | None
    branch: str | None
    commit_sha: str | None

class ArtifactState(TypedDict):
    path: str
    sha256: str | None
    status: str
    where: str
    found_sha256: str | None

class CheckedArtifact(ArtifactState):
    task_id: str
    evidence_id: int | None
    manifest: str

class SearchedTree(TypedDict):
    path: str
    branch: str | None
    name: str
    head: str | None

class SeenFile(TypedDict):
    status: str
    where: str
    found_sha256: str | None
    file: str
    branch: str | None
    head: str | None

class ShownArtifact(TypedDict):
    evidence_id: int
    name: str
    text: str

class ManifestEntry(TypedDict):
    path: str
    sha256: str
    size: int

class Manifest(TypedDict):
    task_id: str | None
    root: str
    commit: str | None
    artifacts: list[ManifestEntry]

class ListedCommand(TypedDict):
    command: str
    result: str
    exit_code: int | None
    seconds: int | None
    artifact: str
    artifact_type: str
    notes: str
    line: int

class SaidOfFile(TypedDict, total=False):
    type: str
    result: str
    result_from: str
    exit_code: int | None
    told: str

class BundledFile(ManifestEntry):
    type: str

class RunFile(BundledFile):
    result: str
    result_from: str
    exit_code: int | None
    told: str

class RanCommand(TypedDict):
    command: str
    result: str
    duration_seconds: int | None
    artifact: str
    artifact_type: str
    notes: str

class BundledCommand(RanCommand):
    result_from: str

class BundleManifest(TypedDict):
    schema: str
    task_id: str
    root: str
    commit: str | None
    artifacts: list[BundledFile]
    commands: list[BundledCommand]

class GatheredBundle(TypedDict):
    manifest: BundleManifest
    text: str
    sha256: str
    base: str
    silent: list[str]

class RecordedBundle(TypedDict):
    task_id: str
    manifest_path: str
    manifest_sha256: str
    evidence: list[int]
    already: int | None

class ShownBundle(TypedDict):
    manifest: BundleManifest
    manifest_sha256: str
    silent: list[str]
    script: str
    recorded: RecordedBundle | None
