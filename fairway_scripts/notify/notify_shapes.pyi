from typing import TypedDict

class Failed(TypedDict):
    event_id: int
    attempts: int
    at: str
    why: str

class State(TypedDict, total=False):
    cursor: int
    began: int
    failed: Failed | None
    done: list[str]
    given_up: list[Failed]
    salt: str

class Wanted(TypedDict):
    lane: str
    kinds: set[str]

class Message(TypedDict):
    schema: str
    project: str
    event_id: int
    hash: str
    at: str
    actor: str
    session_id: str | None
    kind: str
    task_id: str
    lane: str
    title: str
    summary: str

class Told(TypedDict):
    notifier: str
    told: list[Message]
    cursor: int
    waiting: int
    failed: Failed | None
    given_up: list[Failed]

class NotifierStanding(TypedDict):
    name: str
    cursor: int
    behind: int
    failed: Failed | None
    given_up: list[Failed]

class ToldHandoff(TypedDict):
    task_id: str
    to_role: str | None
    created_at: str
    told: list[str]

class NotifyStanding(TypedDict):
    notifiers: list[NotifierStanding]
    handoffs: list[ToldHandoff]
