from typing import NotRequired, TypeAlias, TypedDict

from fairway_scripts.store.legacy_contents import RowChange

Fact: TypeAlias = str | list[str] | list[list[str]] | dict[str, str] | dict[str, list[str]] | None
Facts: TypeAlias = dict[str, Fact]

class Difference(TypedDict):
    field: str
    legacy: Fact
    own: Fact
    word: NotRequired[str]

class Drafted(TypedDict):
    operation: str
    field: str
    match: dict[str, str]
    word: str
    reason: str
    owner: str
    date: str
    expires: str

class Explanation(Drafted):
    place: str
    lanes: list[str]

class Unused(TypedDict):
    place: str
    operation: str
    field: str
    owner: str
    date: str
    expires: str

# What an observation says before and after it is judged: calls in shadow, and rows of a parity run.
class Compared(TypedDict):
    operation: str
    role: str
    verdict: str
    differences: list[Difference]

class Observation(Compared):
    call_id: str
    at: str
    task_id: str | None
    note: str | None
    replay: str | None
    legacy_ms: int | None
    own_ms: int | None
    ends: list[str]

class Judged(Observation):
    explained: list[tuple[Difference, Explanation]]
    unexplained: list[Difference]

class ExplainedBy(TypedDict):
    place: str
    calls: int

class OpenCall(TypedDict):
    call_id: str
    at: str
    task_id: str | None
    differences: list[Difference]
    replay: str

class Summary(TypedDict):
    role: str
    operation: str
    observations: int
    done: int
    refused: int
    match: int
    explained: int
    unexplained: int
    unclear: int
    unclear_why: str
    interrupted: int
    explained_by: list[ExplainedBy]
    latency: float | None
    first_seen: str
    last_seen: str
    open: list[OpenCall]

class LaneReport(TypedDict):
    role: str
    engine: str
    operations: list[Summary]
    unproven: list[str]
    obstacles: list[str]

class Report(TypedDict):
    lanes: list[LaneReport]
    unexplained: int
    unused: list[Unused]
    waiting: int

class PrintedSide(TypedDict):
    out: str
    err: str
    facts: Facts

class Replayed(TypedDict):
    call_id: str
    operation: str
    role: str
    task_id: str | None
    command: list[str]
    note: str
    unknown: str
    legacy: PrintedSide
    own: PrintedSide
    differences: list[Difference]

class RunRow(TypedDict):
    id: str
    operation: str
    role: str
    task_id: str
    source: str
    verdict: str
    why: str
    differences: list[Difference]
    explained_by: list[str]
    legacy: Facts
    own: Facts
    raw: list[str]
    repeat: str

class FiledTask(TypedDict):
    task_id: str
    row: str
    done: str

class RunResult(TypedDict):
    at: str
    repo: str
    commit: str
    legacy_cmd: str
    cases: str
    preset: bool
    rows: list[RunRow]
    counts: dict[str, int]
    unused: list[str]
    tasks: NotRequired[list[FiledTask]]

class Meaning(TypedDict):
    tool: str
    own_argv: list[str]
    role: str
    task_id: str

# A text, or bytes that are none: {"base64": ...}.
Packed: TypeAlias = str | dict[str, str]

class CaseCall(TypedDict):
    argv: list[Packed]
    cwd: str
    worktree: str
    tool: str
    own_argv: list[Packed]
    role: str
    task_id: str
    stdin: Packed
    environment: dict[str, Packed]

class CaseBefore(TypedDict):
    commit: str | None
    queue_file: str
    database: str

class CaseAfter(TypedDict):
    commit: str | None
    database: str

class CaseResult(TypedDict):
    exit_code: int
    stdout: Packed
    stderr: Packed

class CaseFile(TypedDict):
    path: Packed
    before: str
    after: str

class Case(TypedDict):
    name: str
    captured_at: str
    duration_ms: int
    call: CaseCall
    before: CaseBefore
    after: CaseAfter
    result: CaseResult
    files: list[CaseFile]
    rows: list[RowChange]

class NewObservation(TypedDict):
    call_id: str
    at: str
    role: str
    operation: str
    task_id: str | None
    verdict: str
    note: str | None
    differences: str
    legacy_result: str
    own_result: str
    replay: str | None
    legacy_ms: int | None
    own_ms: int | None
