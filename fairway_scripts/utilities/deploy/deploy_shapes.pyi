from typing import TypedDict

from fairway_scripts.utilities.utility_shapes import Finding, ReadDocument

class Value(TypedDict):
    value: str
    source: str
    note: str

class Service(TypedDict):
    name: str
    environment: str
    namespace: str
    values: dict[str, Value]

class Environment(TypedDict):
    name: str
    namespace: str
    services: list[Service]

class Expected(TypedDict):
    environments: list[Environment]
    kubernetes: dict[str, list[str]]

class Observed(TypedDict):
    adapter: str
    services: list[Service]
    findings: list[Finding]

class FieldRow(TypedDict):
    environment: str
    service: str
    field: str
    expected: str
    observed: str
    source: str
    result: str
    note: str

class Unexpected(TypedDict):
    environment: str
    service: str
    field: str
    observed: str

class Compared(TypedDict):
    outcome: str
    counts: dict[str, int]
    rows: list[FieldRow]
    unexpected: list[Unexpected]

class DeployDocument(ReadDocument):
    side: str

class DeployPacket(Compared):
    environment: str
    at: str
    findings: list[Finding]
    documents: list[DeployDocument]
