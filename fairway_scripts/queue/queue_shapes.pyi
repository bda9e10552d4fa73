from typing import Literal, NotRequired, TypeAlias, TypedDict

from fairway_scripts.project.change_shapes import ToldFault

# What defines a task; a field that is not there is not given.
class Given(TypedDict, total=False):
    title: str
    role: str
    parent_id: str
    kind: str
    notes: str
    profile: str
    owning_domain: str
    owning_layer: str
    risk_level: str
    migration_type: str
    lane: str
    priority: int | None
    sequence: int | None
    acceptance_checks: list[str]
    dependencies: list[str]
    source_paths: list[str]
    target_paths: list[str]
    review_domains: list[str]
    tags: list[str]

# What defines a task of the store, but for its lane.
class Described(TypedDict):
    title: str
    parent_id: str
    kind: str
    notes: str
    profile: str
    owning_domain: str
    owning_layer: str
    risk_level: str
    migration_type: str
    priority: int | None
    sequence: int | None
    acceptance_checks: list[str]
    dependencies: list[str]
    source_paths: list[str]
    target_paths: list[str]
    review_domains: list[str]
    tags: list[str]

class Definition(Described):
    role: str
    lane: NotRequired[str]

# Every field of a task of a queue file: text is "" and a list [] where the file does not give it.
class Fields(Described):
    id: str
    role: str
    lane: str
    status: str
    owner: str
    branch: str
    completed_at: str
    commit_sha: str

class Counts(TypedDict):
    added: int
    changed: int
    left: int

# What `import_definitions` did.
class Outcome(Counts):
    path: str
    tasks: int
    archived: int
    warnings: int
    faults: list[ToldFault]

class Imported(Counts):
    path: str
    tasks: int
    archived: int
    warnings: int
    unchanged: bool
    dry_run: bool

class Validated(TypedDict):
    path: str
    profile: str
    ok: bool
    tasks: int
    errors: int
    warnings: int
    notes: int
    faults: list[ToldFault]

class TreeTask(TypedDict):
    id: str
    title: str
    kind: str | None
    lane: str
    status: str
    owner: str | None
    priority: int | None
    parent_id: str | None
    terminal: bool
    left_file: bool
    done: int
    total: int

class Branch(TypedDict):
    task: TreeTask
    children: list[Branch]

class Tree(TypedDict):
    task: TreeTask | None
    children: list[Branch]
    cut: int

class Plan(TypedDict):
    removed: list[str]
    archived: list[str]
    claimed: list[str]

Deleted: TypeAlias = Literal["history", "dependencies", "state", "definitions"]

class Pruned(Plan):
    rows: dict[Deleted, int]
    dry_run: bool

# A task that was added or changed.
class TaskTold(Described):
    task_id: str
    lane: str
    status: str
    ready: bool
    source: str
    warnings: list[str]

class ChangedTask(TaskTold):
    changed: dict[str, list[object]]

# A task that was added beside another one, and how that was found.
class Spawned(TaskTold):
    spawned_from: str
    place: str
    found: str
