"""The lane that a call belongs to when it does not say, and whose the database is that it names.

QUEUE_DB and AGENT_QUEUE_DB are words of both sides: a host that exports them means the file of its own scripts.
"""

from __future__ import annotations

import os

from fairway_scripts.base import paths
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.cutover.door.handover import FAIRWAY, LEGACY, OTHER_LANES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.cutover_shapes import FrontDoor

#: Tools that work on the lane they are called in when none is named.
_LANE_OF_THE_PLACE = frozenset({"queue-claim", "queue-preflight", "session-launch"})
_BRANCH = "agent/"
#: Whose the database is that a call names: a store of ours, the one of the older scripts that was taken over, another.
OURS, THEIRS, ANOTHER = "ours", "theirs", "another"
NAMES = ("QUEUE_DB", "AGENT_QUEUE_DB")


def lane_in_place(tool: str, repository: Repository) -> str:
    """Return the lane that a tool takes from where it is called, "" for one that takes none from there."""
    return branch_lane(repository) if tool in _LANE_OF_THE_PLACE else ""


def branch_lane(repository: Repository) -> str:
    """Return the lane of the place in which a call is made: AGENT_ROLE, else the branch `agent/LANE`, else ""."""
    given = os.environ.get("AGENT_ROLE") or os.environ.get("FAIRWAY_ROLE")
    branch = _branch(repository)
    return given or (branch.removeprefix(_BRANCH) if branch.startswith(_BRANCH) else "")


def _branch(repository: Repository) -> str:
    if repository.plain_references:
        return paths.head_branch(repository.git_dir) or ""
    from fairway_scripts.git.references import head_branch

    return head_branch(repository) or ""


def lane_of_task(data: FrontDoor, task_id: str, values: dict[str, str], repository: Repository) -> str:
    """Return the lane of a task as the store has it, else the queue file.

    It is `OTHER_LANES` where neither knows it, "" for no task. A fresh clone has no store yet, and a task may have been
    defined since it was last read. `values` are those of the call, which may name another store.
    """
    if not task_id:
        return ""
    from fairway_scripts.store.sqlite.lane_lookup import lane_of

    path = _own_store(named_database(values), data, repository) or data.get("store")
    known = lane_of(path or os.path.join(repository.common_dir, "fairway", "queue.db"), task_id)
    return known or _lane_in_file(task_id, values, repository) or OTHER_LANES


def _own_store(named: str, data: FrontDoor, repository: Repository) -> str:
    """Return the file that a call names if it is a store of ours; one that cannot be read is judged afterwards."""
    try:
        return named if whose_database(named, data, repository) == OURS else ""
    except FairwayError:
        return ""


def named_database(values: dict[str, str]) -> str:
    """Return the file that a call names in its words (`values`) or its environment, "" for none."""
    return values.get("QUEUE_DB") or next((told for name in NAMES if (told := os.environ.get(name))), "")


def whose_database(named: str, data: FrontDoor, repository: Repository) -> str:
    """Tell whose the file `named` is, as the front door knows it. One that is not there yet is ours elsewhere."""
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
    from fairway_scripts.store.sqlite.lane_lookup import is_store

    return OURS if is_store(there[0]) else ANOTHER


def engine_by_database(values: dict[str, str], data: FrontDoor, repository: Repository, engine: str) -> str:
    """Return the engine of a call that is not `legacy`, by the database that it names; theirs is left out.

    Another one of the older scripts is theirs alone. Raises FairwayError `usage` for it on a lane that has moved: what
    is asked is about a queue of which nothing was taken in.
    """
    named = named_database(values)
    try:
        whose = whose_database(named, data, repository)
    except FairwayError:
        if engine == FAIRWAY:
            raise
        whose = ANOTHER  # nothing that is compared makes a call fail
    if whose == ANOTHER and engine == FAIRWAY:
        message = f"{named} is no store of this suite, and not the database that was taken over (bridge.legacy_db)"
        raise FairwayError("usage", message, "set FAIRWAY_LEGACY to 1 for this call: its original answers then")
    if whose == THEIRS:
        if whose_database(values.get("QUEUE_DB", ""), data, repository) == THEIRS:
            del values["QUEUE_DB"]
        for name in NAMES if engine == FAIRWAY else ():
            if whose_database(os.environ.get(name, ""), data, repository) == THEIRS:
                del os.environ[name]
    return LEGACY if whose == ANOTHER else engine


def _lane_in_file(task_id: str, values: dict[str, str], repository: Repository) -> str:
    """Return the role of a task in the queue file of the main checkout, "" when it is not there.

    The reader of the queue file is asked only about a file in which the id stands. Raises FairwayError for a file or a
    configuration that cannot be read: to take the lane of all other tasks would be to take a side.
    """
    from fairway_scripts.base.regular_files import read_regular

    main = repository.main_worktree or repository.worktree or ""
    named = values.get("QUEUE_FILE") or os.environ.get("QUEUE_FILE") or os.environ.get("AGENT_QUEUE_FILE")
    named = named or _queue_source(main)
    path = os.path.join(main, named)
    try:
        data = read_regular(path) if named else b""
    except (FileNotFoundError, NotADirectoryError):
        return ""
    except (OSError, ValueError) as problem:
        raise FairwayError("file_unavailable", f"{path!r}: {problem}", suggest("queue-validate")) from problem
    if task_id.isascii() and task_id.encode() not in data:  # JSON may write other letters as numbers
        return ""
    from fairway_scripts.queue.files.queue_file import read_queue_text

    found = read_queue_text(data, path)
    for task in found.tasks:
        if task.fields["id"] == task_id:
            return str(task.fields["role"])
    if any(fault.severity == "error" for fault in found.faults):
        message = f"the lane of {task_id!r} is not known: {path} cannot be read whole"
        raise FairwayError("invalid_queue", message, suggest("queue-validate"))
    return ""


def _queue_source(main: str) -> str:
    """Return the path of the configured queue file, "" for none; raises FairwayError `invalid_config`."""
    import tomllib

    from fairway_scripts.base.settings import CONFIG_PATH, DEFAULTS, source_of

    path = os.path.join(main, CONFIG_PATH)
    source: object = DEFAULTS["fairway"]["queue_source"]
    try:
        with open(path, "rb") as file:
            section = tomllib.load(file).get("fairway", {})
        source = section.get("queue_source", source) if isinstance(section, dict) else None
    except (FileNotFoundError, NotADirectoryError):
        pass
    except (OSError, ValueError) as problem:
        raise FairwayError("invalid_config", f"{path}: {problem}", f"edit {path}") from problem
    if not isinstance(source, str):
        raise FairwayError("invalid_config", f"{path}: fairway.queue_source is no text", f"edit {path}")
    return source_of(source)[1]
