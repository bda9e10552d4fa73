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
    """The lane of a task as the store has it, else the queue file; `OTHER_LANES` where neither knows it, "" for none.

    A fresh clone has no store yet, and a task may have been defined since it was last read. `values` are those of the
    call, which may name another store.
    """
    if not task_id:
        return ""
    from fairway_scripts.store.sqlite.lane_lookup import lane_of

    path = values.get("QUEUE_DB") or os.environ.get("QUEUE_DB") or os.environ.get("AGENT_QUEUE_DB") or data.get("store")
    known = lane_of(path or os.path.join(repository.common_dir, "fairway", "queue.db"), task_id)
    return known or _lane_in_file(task_id, values, repository) or OTHER_LANES


def _lane_in_file(task_id: str, values: dict[str, str], repository: Repository) -> str:
    """The role of a task in the queue file of the main checkout, "" when it is not found there.

    Only the lines of `id` and `role` are looked at: a reader of YAML is no part of the standard library.
    """
    import re

    main = repository.main_worktree or repository.worktree or ""
    named = values.get("QUEUE_FILE") or os.environ.get("QUEUE_FILE") or os.environ.get("AGENT_QUEUE_FILE")
    try:
        with open(os.path.join(main, named or _queue_source(main)), encoding="utf-8", errors="replace") as file:
            lines = file.read().splitlines()
    except OSError:
        return ""
    item: dict[str, str] = {}
    indent, item_begins = "", re.compile(r"(\s*)- ")
    for line in lines[next((place for place, line in enumerate(lines) if line.startswith("tasks:")), 0) :]:
        begins = item_begins.match(line)
        if begins and (not indent or len(begins[0]) <= len(indent)):
            item, indent = {}, begins[0]
        said = re.match(r"(\s*(?:- )?)(id|role):\s*[\"']?([^\s\"'#]+)", line)
        if said and len(said[1]) == len(indent):
            item[said[2]] = said[3]
        if item.get("id") == task_id and "role" in item:
            return item["role"]
    return ""


def _queue_source(main: str) -> str:
    """The path of the queue file that the configuration names."""
    import tomllib

    from fairway_scripts.base.settings import DEFAULTS, source_of

    source = DEFAULTS["fairway"]["queue_source"]
    try:
        with open(os.path.join(main, ".fairway", "config.toml"), "rb") as file:
            source = str(tomllib.load(file).get("fairway", {}).get("queue_source", source))
    except (OSError, tomllib.TOMLDecodeError):
        pass
    return source_of(source)[1]
