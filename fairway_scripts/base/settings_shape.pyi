from typing import NotRequired, TypedDict

class Graduation(TypedDict):
    clean_runs: int
    within: NotRequired[str]
    max_false_positives: NotRequired[int]

class RegressionPackPath(TypedDict):
    match: list[str]
    packs: list[str]

CiFailureRule = TypedDict(
    "CiFailureRule",
    {
        "name": str,
        "class": str,
        "job": str,
        "step": str,
        "line": str,
    },
)

class TaskPriorityLevel(TypedDict):
    rank: int
    label: str
    description: str

class WorkstreamProfileGate(TypedDict):
    name: str
    mode: str
    evidence_type: str
    required_evidence_count: int
    accepted_results: list[str]
    artifact_required: bool
    owner_signoff_required: bool
    expires_after: str
    description: str
    group: str
    task_kinds: list[str]
    graduation: Graduation | None

class ReleaseVersionFile(TypedDict):
    path: str
    pattern: str

class TrackerLabel(TypedDict):
    label: str
    role: str
    kind: str
    priority: int | None
    tag: str

class FairwaySettings(TypedDict):
    project_name: str
    db_path: str
    queue_source: str
    main_branch: str
    task_id_pattern: str

class QueueSettings(TypedDict):
    profile: str
    archives: list[str]
    max_bytes: int
    required_fields: list[str]

class StatesSettings(TypedDict):
    allowed: list[str]
    terminal: list[str]
    transitions: list[list[str]]

class StoreSettings(TypedDict):
    engine: str
    service: str
    schema: str

class LedgerSettings(TypedDict):
    signing_key: str
    allowed_signers: str
    anchor_stale_after: str

class ClaimsSettings(TypedDict):
    lease: str

class ConfigurationSettings(TypedDict):
    accepted: list[str]

class GatesSettings(TypedDict):
    require_evidence_before_done: bool
    require_review_before_done: bool
    require_handoff_before_merge_ready: bool
    require_blocked_reason: bool
    allow_force_without_reason: bool
    preflight_before_claim: str
    stale_evidence: str
    require_regression_packs: str

class Role(TypedDict):
    name: str
    branch: str
    provider: str
    lease: str
    worktree: str

class SensitivePath(TypedDict):
    match: list[str]
    reviewers: list[str]

class ReviewRoute(TypedDict):
    match: str
    reviewer: str

class ReviewSettings(TypedDict):
    paired: list[str]
    full_matrix: list[str]
    waiver_lasts: str

class ReviewsSettings(TypedDict):
    distinct_actor: bool

class ReviewShape(TypedDict):
    name: str
    shape: str
    task_kinds: list[str]
    risk_levels: list[str]
    tags: list[str]
    gates: list[str]
    match: list[str]
    risk_level: str

class ReviewDomain(TypedDict):
    name: str
    lanes: list[str]
    aliases: list[str]
    neighbours: list[str]
    cross_cutting: bool
    match: list[str]

class RiskLevel(TypedDict):
    name: str
    evidence: bool
    independent: int
    neighbouring: int
    cross_cutting: int
    domains: list[str]
    touched: list[str]
    real_exit: bool

class WorktreesSettings(TypedDict):
    root: str
    naming: str
    review_branch_naming: str

class EvidenceSettings(TypedDict):
    local_artifact_paths: list[str]

class SessionsSettings(TypedDict):
    default_backend: str
    stale_after: str
    name_prefix: str

class Provider(TypedDict):
    name: str
    command: str

class CoordinatorSettings(TypedDict):
    max_primary_tracks: int
    max_sidecar_tracks: int
    max_review_tracks: int
    checkpoint_stale_after: str

class WatchersSettings(TypedDict):
    timeout: str
    stale_after: str
    end_grace: str

class RegressionPacksSettings(TypedDict):
    catalog: str
    paths: list[RegressionPackPath]

class CiSettings(TypedDict):
    context_lines: int
    most_lines: int
    checkout_roots: list[str]
    failure_rules: list[CiFailureRule]

class GitCheckSettings(TypedDict):
    idle_days: int

class HealthSettings(TypedDict):
    stale_in_progress: str
    blocked: str
    handoff: str
    review: str

class DoctorSettings(TypedDict):
    suppress: list[str]

class TaskKindsSettings(TypedDict):
    allowed: list[str]
    default: str

class TaskPrioritiesSettings(TypedDict):
    default: int | None
    levels: list[TaskPriorityLevel]

class WorkstreamProfile(TypedDict):
    name: str
    task_kinds: list[str]
    review_domains: list[str]
    gates: list[WorkstreamProfileGate]

class PacketTemplate(TypedDict):
    name: str
    profiles: list[str]
    required_fields: list[str]
    optional_fields: list[str]

class Check(TypedDict):
    name: str
    match: list[str]
    command: str
    description: str

class ReleaseSettings(TypedDict):
    artifacts: list[str]
    open_blockers: str
    version_files: list[ReleaseVersionFile]

class SecretsSettings(TypedDict):
    allow: list[str]

TrustedCommand = TypedDict(
    "TrustedCommand",
    {
        "class": str,
        "match": list[str],
        "options": list[str],
        "environment": list[str],
        "description": str,
    },
)

class OutputKind(TypedDict):
    name: str
    task_kinds: list[str]
    evidence_types: list[str]
    match: list[str]
    description: str

class Tracker(TypedDict):
    name: str
    kind: str
    url: str
    project: str
    user: str
    role: str
    ignore_labels: list[str]
    labels: list[TrackerLabel]

class DashboardSettings(TypedDict):
    host: str
    port: int
    projects: list[str]
    read_only: bool
    open: bool

class BridgeSettings(TypedDict):
    write_back: str
    legacy_db: str

class Settings(TypedDict):
    fairway: FairwaySettings
    queue: QueueSettings
    states: StatesSettings
    store: StoreSettings
    ledger: LedgerSettings
    claims: ClaimsSettings
    configuration: ConfigurationSettings
    gates: GatesSettings
    roles: list[Role]
    sensitive_paths: list[SensitivePath]
    review_routes: list[ReviewRoute]
    review: ReviewSettings
    reviews: ReviewsSettings
    review_shapes: list[ReviewShape]
    review_domains: list[ReviewDomain]
    risk_levels: list[RiskLevel]
    worktrees: WorktreesSettings
    evidence: EvidenceSettings
    sessions: SessionsSettings
    providers: list[Provider]
    coordinator: CoordinatorSettings
    watchers: WatchersSettings
    regression_packs: RegressionPacksSettings
    ci: CiSettings
    git_check: GitCheckSettings
    health: HealthSettings
    doctor: DoctorSettings
    task_kinds: TaskKindsSettings
    task_priorities: TaskPrioritiesSettings
    workstream_profiles: list[WorkstreamProfile]
    packet_templates: list[PacketTemplate]
    checks: list[Check]
    release: ReleaseSettings
    secrets: SecretsSettings
    trusted_commands: list[TrustedCommand]
    output_kinds: list[OutputKind]
    trackers: list[Tracker]
    dashboard: DashboardSettings
    bridge: BridgeSettings
