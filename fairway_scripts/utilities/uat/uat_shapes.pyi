from typing import Literal, TypeAlias, TypedDict

from fairway_scripts.utilities.utility_shapes import Finding, ReadDocument

Outcome: TypeAlias = Literal["fail", "flaky", "pass", "not run"]

class Place(TypedDict):
    environment: str
    browser: str

class Manual(Place):
    result: str
    by: str
    date: str
    note: str

class Flow(TypedDict):
    id: str
    title: str
    lane: str
    paths: list[str]
    tasks: list[str]
    regression_packs: list[str]
    environments: list[str]
    browsers: list[str]
    tests: list[str]
    manual: list[Manual]

class Catalogue(TypedDict):
    environments: list[str]
    browsers: list[str]
    projects: dict[str, Place]
    flows: list[Flow]

class NamedCatalogue(Catalogue):
    document: str

class TestOutcome(TypedDict):
    project: str
    environment: str
    outcome: str
    seconds: float | None
    retries: int
    message: str
    note: str
    flows: list[str]

class Spec(TypedDict):
    file: str
    file_line: int | None
    titles: list[str]
    tags: list[str]
    line: int

class Test(Spec, TestOutcome): ...

class BrowserTest(Test):
    browser: str

class KnownResult(TypedDict, total=False):
    kind: str
    file: str
    file_line: int | None
    titles: list[str]
    flows: list[str]
    tags: list[str]
    seconds: float | None
    retries: int
    message: str
    note: str
    by: str
    date: str

class Seen(TypedDict):
    kind: str
    document: str
    file: str
    file_line: int | None
    outcome: str
    seconds: float | None
    retries: int
    message: str
    note: str
    by: str
    date: str

class Result(Seen, Place):
    titles: list[str]
    flows: list[str]
    tags: list[str]

class ReadResults(TypedDict):
    adapter: str
    results: list[Result]
    findings: list[Finding]

class Source(Seen):
    title: str

class Cell(Place):
    expected: bool
    outcome: str
    counts: dict[str, int]
    duration_seconds: float | None
    sources: list[Source]

class FlowPlace(Place):
    flow: str

class FlowCell(Cell):
    flow: str

class NotExpected(FlowPlace):
    outcome: str

class Loose(Place):
    document: str
    file: str
    outcome: str
    title: str
    names: list[str]

class FlowTask(TypedDict):
    task_id: str
    status: str

class KnownPack(TypedDict):
    id: str
    title: str
    gaps: list[str]

class FlowPack(TypedDict):
    pack_id: str
    title: str
    gaps: list[str]

class ShownFlow(TypedDict):
    id: str
    title: str
    lanes: list[str]
    lane_rules: list[str]
    tasks: list[FlowTask]
    regression_packs: list[FlowPack]
    covered: bool
    cells: list[Cell]

class Gap(TypedDict):
    code: str
    flow: str
    name: str
    message: str

class Counts(TypedDict):
    flows: int
    uncovered: int
    cells: dict[str, int]
    results: dict[str, int]

class Composed(TypedDict):
    outcome: str
    counts: Counts
    columns: list[Place]
    flows: list[ShownFlow]
    uncovered: list[str]
    not_run: list[FlowPlace]
    not_expected: list[NotExpected]
    gaps: list[Gap]
    loose_results: list[Loose]

class Checked(TypedDict):
    tasks: bool
    regression_packs: bool

class Matrix(Composed):
    checked: Checked
    at: str
    findings: list[Finding]
    documents: list[ReadDocument]
