from collections.abc import Mapping, Sequence
from typing import TypedDict

from fairway_scripts.project.change_shapes import Updates

class Problem(TypedDict):
    check: str
    task_id: str
    event_id: int | None
    message: str
    table: str
    row: list[object]
    column: str
    found: object
    recorded: object

class Head(TypedDict):
    event_id: int
    events: int
    hash: str

class AnchorTold(Head):
    commit: str
    at: str
    actor: str
    signed: bool

class AnchorStanding(AnchorTold):
    ref: str
    age_seconds: int
    events_since: int

class NewestAnchor(AnchorStanding):
    ok: bool
    stale: bool

class AnchorSignature(TypedDict):
    signature: str
    signer: str
    why: str

class ComparedAnchor(AnchorStanding, AnchorSignature):
    ok: bool

class AddedAnchor(Head):
    ref: str
    commit: str
    at: str
    signed: bool
    changed: bool
    before: AnchorTold | None

class Unproven(TypedDict):
    rows: int
    event_id: int | None
    tables: dict[str, int]

class Verified(TypedDict):
    path: str
    ok: bool
    events: int | None
    tasks: int | None
    rows: int | None
    head: Head | None
    unproven: Unproven | None
    anchors: list[ComparedAnchor] | None
    problems: list[Problem]

class Restored(Updates, total=False):
    terminal: int
    status_since: str

class RevertedEvent(TypedDict):
    id: int
    at: str
    task_id: str
    kind: str
    verdict: str
    before: Restored
    after: dict[str, object]
    rows: list[tuple[str, int]]
    superseded: list[int]

class Undone(TypedDict):
    task_id: str
    event_id: int
    kind: str
    at: str
    restored: dict[str, object]
    before: dict[str, object]
    withdrawn: list[tuple[str, int]]
    reopened: list[tuple[str, int]]
    status: str
    owner: str | None
    claimant: str | None
    fence: int
    dry_run: bool

class RoleStatements(TypedDict):
    schema: str
    roles: list[str]
    statements: list[str]

class ServerCheck(TypedDict):
    service: str
    ok: bool
    trials: Sequence[Mapping[str, object]]

class BackedUp(TypedDict):
    path: str
    size: int

class Migrated(TypedDict):
    path: str
    schema_version: int
    pending: list[str]
    applied: list[str]
    backup: str

class RestoredStore(TypedDict):
    path: str
    source: str
    form: str
    tasks: int
    events: int
    backup: str
    set_aside: str

_MovedRows = TypedDict("_MovedRows", {"from": str})

class MovedRows(_MovedRows):
    to: str
    tables: dict[str, int]
    events: int
    hash: str

class Moved(MovedRows):
    dry_run: bool
    config: str

class Exported(TypedDict):
    path: str
    line: int
    tasks: list[str]
    added_text: str
    sha256: str
    dry_run: bool

class EndedLedger(TypedDict):
    event_id: int | None
    events: int | None
    hash: str | None
