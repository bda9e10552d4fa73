from typing import TypedDict

class Figures(TypedDict):
    project: str
    tasks: int
    ready: int
    in_progress: int
    blocked: int
    last: str

class LaneProof(TypedDict):
    lane: str
    records: int
    passed: int
    ran: int

class LaneParity(TypedDict):
    observed: int | None
    unexplained: int | None
    parity: str

class About(TypedDict):
    project: str
    lanes: list[str]
    cursor: int
