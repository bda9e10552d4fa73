"""The lane that a call belongs to, when the call does not say."""

from __future__ import annotations

import os

from fairway_scripts.base import paths
from fairway_scripts.cutover.door.handover import OTHER_LANES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.base.paths import Repository

#: Tools that work on the lane they are called in when none is named.
_LANE_OF_THE_PLACE = frozenset({"queue-claim", "queue-preflight", "session-launch"})
_BRANCH = "agent/"


def lane_in_place(tool: str, repository: Repository) -> str:
    """The lane that a tool takes from where it is called: AGENT_ROLE, else the branch `agent/LANE`, else ""."""
    if tool not in _LANE_OF_THE_PLACE:
        return ""
    given = os.environ.get("AGENT_ROLE") or os.environ.get("FAIRWAY_ROLE")
    branch = _branch(repository)
    return given or (branch.removeprefix(_BRANCH) if branch.startswith(_BRANCH) else "")


def _branch(repository: Repository) -> str:
    if repository.plain_references:
        return paths.head_branch(repository.git_dir) or ""
    from fairway_scripts.git.references import head_branch

    return head_branch(repository) or ""


def lane_of_task(data: dict[str, Any], task_id: str, values: dict[str, str], repository: Repository) -> str:
    """The lane of a task as the store has it; `OTHER_LANES` for a task that it does not know; "" without a task.

    `values` are those of the call, which may name another store.
    """
    if not task_id:
        return ""
    from fairway_scripts.store.sqlite.lane_lookup import lane_of

    path = values.get("QUEUE_DB") or os.environ.get("QUEUE_DB") or os.environ.get("AGENT_QUEUE_DB") or data.get("store")
    return lane_of(path or os.path.join(repository.common_dir, "fairway", "queue.db"), task_id) or OTHER_LANES
