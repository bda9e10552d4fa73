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
