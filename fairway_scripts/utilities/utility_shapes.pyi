from typing import TypedDict

from fairway_scripts.store.rows import EvidenceChecksDelivered, EvidenceChecksFinished

class Finding(TypedDict):
    code: str
    place: str
    message: str

class ReadDocument(TypedDict):
    name: str
    adapter: str
    bytes: int
    sha256: str

class Delivered(EvidenceChecksDelivered):
    output: str
    by: str

class Undelivered(EvidenceChecksFinished):
    output: str

class OutputCount(TypedDict):
    lane: str
    output: str
    records: int
    tasks: int
    artifacts: int

class DeliveredRecord(TypedDict):
    evidence_id: int
    output: str
    lane: str
    task_id: str
    task_kind: str | None
    by: str
    result: str
    artifact_type: str | None
    artifact_path: str | None
    commit_sha: str | None

class OutputReport(TypedDict):
    lane: str
    since: str
    until: str
    outputs: list[str]
    counts: list[OutputCount]
    delivered: list[DeliveredRecord]
    undelivered: list[Undelivered]
