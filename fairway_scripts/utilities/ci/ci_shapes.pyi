from typing import Literal, TypeAlias, TypedDict

from fairway_scripts.formats.excerpt_shapes import Block, Failed, NumberedLine
from fairway_scripts.utilities.utility_shapes import Finding, ReadDocument

class LogLine(NumberedLine):
    job: str
    step: str

class Step(TypedDict):
    name: str
    status: str
    duration_seconds: float | None

class Failure(Failed):
    file: str
    file_line: int | None

Counted: TypeAlias = Literal["passed", "failed", "skipped", "unknown", "flaky"]

class Tests(TypedDict):
    passed: int
    failed: int
    skipped: int
    unknown: int
    flaky: int

class Times(TypedDict, total=False):
    url: str
    started_at: str
    finished_at: str
    duration_seconds: float | None

class KnownJob(Times, total=False):
    id: str
    stage: str
    reported: str
    allow_failure: bool
    steps: list[Step]
    tests: Tests | None
    failures: list[Failure]
    log: list[NumberedLine]
    paths: list[str]

class _Job(TypedDict):
    id: str
    name: str
    stage: str
    status: str
    reported: str
    url: str
    duration_seconds: float | None
    allow_failure: bool
    tests: Tests | None
    steps: list[Step]

class Job(_Job):
    started_at: str
    finished_at: str
    failures: list[Failure]
    log: list[NumberedLine]
    paths: list[str]

class ShownJob(_Job):
    failing_step: str

class KnownRun(Times, total=False):
    id: str
    name: str
    ref: str
    commit: str
    status: str
    reported: str
    jobs: list[Job]
    findings: list[Finding]

class _Run(TypedDict):
    id: str
    name: str
    ref: str
    commit: str
    status: str
    reported: str
    url: str
    started_at: str
    finished_at: str
    duration_seconds: float | None
    adapter: str
    source: str

class Run(_Run):
    jobs: list[Job]
    findings: list[Finding]

class ShownRun(_Run):
    jobs: list[ShownJob]

class Classed(TypedDict):
    failure_class: str
    rule: str
    matched: str
    means: str

class FailingTest(Classed):
    title: str

class RoutedFile(TypedDict):
    path: str
    line: int | None
    lane: str
    rule: str

class Suspect(TypedDict):
    lane: str
    rules: list[str]
    paths: list[str]

class FailedJob(Classed):
    run: str
    job: str
    job_id: str
    stage: str
    step: str
    reported: str
    url: str
    failing_tests: list[FailingTest]
    tests_left_out: int
    excerpts: list[Block]
    lines_left_out: int
    files: list[RoutedFile]
    lanes: list[Suspect]

class FirstFailing(Classed):
    run: str
    stage: str
    job: str
    step: str
    test: str
    url: str

class Counts(TypedDict):
    runs: dict[str, int]
    jobs: dict[str, int]
    tests: dict[str, int]

class NextStep(TypedDict):
    what: str
    command: str

class Judged(Classed):
    outcome: str
    counts: Counts
    first_failing: FirstFailing
    runs: list[ShownRun]
    failures: list[FailedJob]
    lanes: list[Suspect]
    unrouted_paths: list[str]
    findings: list[Finding]

class Composed(Judged):
    next_steps: list[NextStep]

class Packet(Composed):
    documents: list[ReadDocument]
    at: str

class Level(TypedDict):
    plan: int | None
    plan_at: int
    plan_late: bool
    points: int
    failed: bool
    at: int
    before: int
