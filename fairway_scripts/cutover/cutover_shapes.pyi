from collections.abc import Mapping
from typing import NotRequired, TypeAlias, TypedDict

class TableEntry(TypedDict, total=False):
    tool: str
    map: dict[str, str]
    env: dict[str, str] | str
    positional: list[str]
    constants: dict[str, str]
    values: dict[str, dict[str, str]]
    switches: list[str]
    ignored: list[str]
    stdin: str | dict[str, str]

CallTable: TypeAlias = Mapping[str, Mapping[str, TableEntry]]

class KindHint(TypedDict, total=False):
    table: str
    columns: dict[str, str]

class DatabaseHints(TypedDict, total=False):
    state: KindHint
    archive: KindHint
    history: KindHint
    evidence: KindHint
    handoffs: KindHint
    reviews: KindHint
    requests: KindHint
    sessions: KindHint
    checkpoints: KindHint
    ignore: list[str]
    words: dict[str, dict[str, str]]

class Profile(TypedDict):
    scripts: dict[str, dict[str, TableEntry]]
    legacy_db: DatabaseHints

class FrontDoor(TypedDict, total=False):
    schema: str
    engines: dict[str, str]
    store: str
    legacy_db: str
    scripts: dict[str, dict[str, TableEntry]]
    profile: list[int] | None

class Original(TypedDict):
    path: str
    sha256: str
    mode: str
    tracked: bool

class InstalledFile(TypedDict, total=False):
    original: Original | None
    sha256: str

class Manifest(TypedDict):
    schema: str
    folder: str
    files: dict[str, InstalledFile]
    copies: dict[str, str]
    created: dict[str, str]
    kept: list[str]
    version: NotRequired[str]
    originals_removed: NotRequired[bool]

class Installed(TypedDict):
    root: str
    changes: list[str]
    held: bool
    dry_run: bool
    manifest: str
    engine: str
    kept: list[str]

class Uninstalled(TypedDict):
    root: str
    changes: list[str]
    left: list[str]
    dry_run: bool

class ScriptState(TypedDict):
    script: str
    state: str
    original: str

class StandIns(TypedDict):
    root: str
    installed: bool
    scripts: list[ScriptState]

class ShadowedCall(TypedDict):
    tool: str
    own_argv: list[str]
    values: dict[str, str]
    untranslated: list[str]
    role: str
    task_id: str
    script: str
    argv: list[str]
    database: str

class CallNote(ShadowedCall):
    schema: str
    call_id: str
    at: str
    cwd: str
    read_only: bool
    environment: dict[str, str]

class CallEnd(TypedDict, total=False):
    exit_code: int
    signal: int
    ended_at: str
    duration_ms: int
    unread: dict[str, str]
    moment: int

class Debt(TypedDict):
    task_id: str
    role: str
    kind: str
    status: str
    why: str
    since: str

class Delivered(TypedDict):
    delivered: int
    failed: int
    waiting: int
    debts: int
    busy: bool
    errors: list[str]

class ListedLane(TypedDict):
    role: str
    engine: str
    own: bool
    since: str | None
    set_by: str | None
    reason: str | None
    cut_over_at: str | None
    waiting: int
    failed: int
    debts: int

class LaneEngines(TypedDict):
    cutting_over: bool
    write_back: str
    front_door: str
    lanes: list[ListedLane]
    debts: list[Debt]

class PastChange(TypedDict):
    id: int
    at: str
    actor: str
    before: str
    engine: str
    reason: str
    forced: bool
    obstacles: list[str]

class EngineHistory(TypedDict):
    role: str
    engine: str
    changes: list[PastChange]

class EngineChange(TypedDict):
    role: str
    engine: str
    before: str
    lanes: list[str]
    since: str
    changed: bool

class ReturnedLane(TypedDict):
    role: str
    delivered: int
    records: int
    file: str
    debts: list[str]

class ChangedEngines(TypedDict):
    engine: str
    changes: list[EngineChange]
    returned: list[ReturnedLane]
    front_door: str
    engines_file: str

class Message(TypedDict):
    status: str
    owner: str | None
    branch: str | None
    commit_sha: str | None
    reason: str

# How far the old database was read, and when (in nanoseconds) that was and it had last been written to.
class MirrorMark(TypedDict, total=False):
    mark: str
    basis: str
    marks: dict[str, tuple[int, str]]
    read_ns: int
    written_ns: int

class Refreshed(TypedDict):
    database: str
    tasks: list[str]
    new: int
    changed: int
    left: int

# What the event of a task says of an import; an own key is a number, or the id of a session.
class TaskChange(TypedDict):
    rows: list[tuple[str, int | str]]
    updated: list[tuple[str, int | str]]
    reseeded: NotRequired[bool]
    unreadable: NotRequired[list[str]]

class Reason(TypedDict):
    why: str
    rows: int
    keys: list[str]

class TableTally(TypedDict):
    kind: str
    table: str
    rows: int
    new: int
    changed: int
    known: int
    left: int
    not_placed: list[Reason]
    remarks: list[Reason]
