from typing import NotRequired, TypedDict

from fairway_scripts.store.rows import TasksReadyAll

# A task that another one waits for.
class Needed(TypedDict):
    id: str
    status: str | None
    lane: str | None

# A task that is not ready, and why.
class Waiting(TypedDict):
    id: str
    lane: str
    title: str
    waits_for: list[Needed]
    reason: str

# The claimable tasks, how many there are, and where it is asked for what waits.
class Ready(TypedDict):
    tasks: list[TasksReadyAll]
    total: int
    waiting: NotRequired[list[Waiting]]
