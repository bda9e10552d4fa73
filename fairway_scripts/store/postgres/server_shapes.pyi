from typing import TypedDict

# What a server says of itself.
class ServerFacts(TypedDict):
    version: int
    role: str
    database: str
    encoding: str
    standby: bool
    encrypted: bool
    local: bool
    may_change_tables: bool
    may_write: bool
    may_rewrite: bool
    skew: float
    collations: list[str]
    reachable_ms: float
