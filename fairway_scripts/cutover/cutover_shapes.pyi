from collections.abc import Mapping
from typing import TypeAlias, TypedDict

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
