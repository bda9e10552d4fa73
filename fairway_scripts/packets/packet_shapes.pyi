from typing import Literal, TypeAlias, TypedDict

from fairway_scripts.reviews.detail_shapes import Detail
from fairway_scripts.store.rows import SessionRow

#: What a watcher is told that a packet shows too.
WatcherField: TypeAlias = Literal[
    "process",
    "command",
    "expected_duration",
    "poll_interval",
    "success_condition",
    "failure_condition",
    "allowed_fixes",
    "must_not_touch",
    "escalation_rules",
    "evidence_required",
    "close_condition",
]

class PacketTask(Detail):
    live_sessions: list[SessionRow]
    unused_notes: list[list[str]]

class PacketData(TypedDict):
    packet: str
    tool: str
    title: str
    subject: str
    task: PacketTask | None
    values: dict[str, list[str]]
    faults: list[dict[str, str]]
    now: str

class KeptPacket(TypedDict):
    task_id: str
    evidence: list[int]
    path: str
    sha256: str
    text: str
