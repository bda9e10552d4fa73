"""The database that a call names: a store of ours, the one of the older scripts that was taken over, or another.

QUEUE_DB and AGENT_QUEUE_DB are words of both sides: a host that exports them means the file of its own scripts.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.door.handover import FAIRWAY, LEGACY

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

    from fairway_scripts.base.paths import Repository

OURS, THEIRS, ANOTHER = "ours", "theirs", "another"
_VARIABLES = ("QUEUE_DB", "AGENT_QUEUE_DB")


def named_database(values: Mapping[str, str]) -> str:
    """The file that a call names in its words (`values`) or its environment, "" for none."""
    return values.get("QUEUE_DB") or next((told for name in _VARIABLES if (told := os.environ.get(name))), "")


def whose_database(named: str, data: Mapping[str, Any], repository: Repository) -> str:
    """Whose the file `named` is; `data` is what the front door knows. One that is not there yet is ours elsewhere."""
    legacy = str(data.get("legacy_db") or "")
    if not named or not legacy:
        return OURS
    roots = (os.getcwd(), repository.main_worktree or "", repository.worktree or "")
    places = list(dict.fromkeys(os.path.realpath(os.path.join(root, named)) for root in roots))
    if os.path.realpath(legacy) in places:
        return THEIRS
    there = [place for place in places if os.path.exists(place)]
    if not there:
        return ANOTHER if os.path.dirname(os.path.realpath(legacy)) in map(os.path.dirname, places) else OURS
    from fairway_scripts.store.sqlite.lane_lookup import lane_of

    try:
        lane_of(there[0], "")
    except FairwayError:
        return ANOTHER
    return OURS


def engine_by_database(values: dict[str, str], data: Mapping[str, Any], repository: Repository, engine: str) -> str:
    """The engine of a call that is not `legacy`, by the database that it names, which is left out where it is theirs.

    Another one of the older scripts is theirs alone. Raises FairwayError `usage` for it on a lane that has moved: what
    is asked is about a queue of which nothing was taken in.
    """
    named = named_database(values)
    whose = whose_database(named, data, repository)
    if whose == ANOTHER and engine == FAIRWAY:
        message = f"{named} is no store of this suite, and not the database that was taken over (bridge.legacy_db)"
        raise FairwayError("usage", message, "ask the original: put FAIRWAY_LEGACY=1 before the call")
    if whose == THEIRS:
        values.pop("QUEUE_DB", None)
        for name in _VARIABLES if engine == FAIRWAY else ():
            os.environ.pop(name, None)
    return LEGACY if whose == ANOTHER else engine
