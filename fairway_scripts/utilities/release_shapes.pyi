from typing import TypedDict

from fairway_scripts.formats.release_files import ReleaseFiles
from fairway_scripts.reviews.gates.profile_gates_rules import GateEvaluation, StandingGate
from fairway_scripts.reviews.judged_shapes import BarFacts, Judged, Stands
from fairway_scripts.store.rows import Evidence, GatesAllTasks, Handoff, Review, ReviewRequest
from fairway_scripts.work.work_shapes import EvidenceVerdict

# A gap or a warning.
class ReleaseFinding(TypedDict):
    check: str
    subject: str
    message: str
    fix: str

class NamedTask(TypedDict):
    task: GatesAllTasks
    commits: list[str]

class ReleasedTask(NamedTask):
    commit_sha: str

class Assigned(TypedDict):
    released: list[ReleasedTask]
    unfinished: list[NamedTask]
    elsewhere: list[NamedTask]

class CommitName(TypedDict):
    sha: str
    subject: str

class Blocker(TypedDict):
    task_id: str
    lane: str
    title: str
    parent_id: str | None
    reason: str
    related: str

class NamedVersion(TypedDict):
    path: str
    version: str
    line: int

class Versions(TypedDict):
    version: str
    files: list[NamedVersion]

class Span(TypedDict):
    ref: str
    commit_sha: str
    since_tag: str
    since_sha: str

class TaskRecords(TypedDict):
    evidence: list[Evidence]
    handoffs: list[Handoff]
    reviews: list[Review]
    requests: list[ReviewRequest]
    bar: BarFacts
    gates: list[StandingGate]

class TaskFacts(TypedDict):
    evidence: EvidenceVerdict
    judged: Judged
    gate_evaluations: list[GateEvaluation]
    acceptance_checks: list[str]

class VerifiedTask(TypedDict):
    task_id: str
    title: str
    lane: str
    kind: str | None
    commit_sha: str
    commits: list[str]
    evidence: EvidenceVerdict
    reviews: list[Stands]
    gate_evaluations: list[GateEvaluation]
    ok: bool

class Verification(Span):
    ok: bool
    commits: int
    tasks: list[VerifiedTask]
    gaps: list[ReleaseFinding]
    warnings: list[ReleaseFinding]
    blockers: list[Blocker]
    artifacts: list[ReleaseFiles]
    version: str
    version_files: list[NamedVersion]
    commits_without_task: list[CommitName]
