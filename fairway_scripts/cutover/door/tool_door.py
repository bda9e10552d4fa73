"""Sending a call of one of the suite's own tools to the original, when its lane is still there."""

from __future__ import annotations

import os

from fairway_scripts.base import paths
from fairway_scripts.cutover.door import handover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.cutover_shapes import FrontDoor

#: Tools whose words the original understands as they are.
_SAME_WORDS = frozenset({"regression-packs", "agent-role-config"})
#: Words that ask the tool about itself.
_ASKS_US = frozenset(("--help", "-h", "--version"))
#: Variables that make a call this side's: no original reads another's database, nor looks at other projects.
_OWN_READING = ("LEGACY_DB", "ALL_PROJECTS", "WATCH")
#: Tools with an original whose command modules add arguments of their own, and have to be loaded to read a call.
OWN_ARGUMENTS = frozenset(
    (
        *("queue-preflight", "regression-packs", "agent-role-config", "context-packet", "watcher-packet"),
        *("bugfix-packet", "queue-update", "queue-spawn"),
    )
)


def divert(tool: str, words: list[str], values_of: Callable[[], dict[str, str]]) -> None:
    """Hand a call over to the original when its engine says so; come back when this side answers.

    `values_of` gives the make variables of the call ({"TASK_ID": "B-1"}); it is asked only while a project cuts over.
    Raises FairwayError `missing_dependency` when the original should answer and is not there.
    """
    forced = os.environ.get("FAIRWAY_LEGACY", "0") not in ("", "0")
    if os.environ.get("FAIRWAY_ENGINE") == handover.FAIRWAY:
        return
    repository = paths.look_here()
    data = handover.load(repository) if repository else None
    if repository is None or (data is None and not forced) or not _ASKS_US.isdisjoint(words):
        return
    data = data or {}
    values = values_of()
    if any(values.get(name) for name in _OWN_READING):
        return
    engine = handover.LEGACY if forced else _engine(data, tool, values, repository)
    if engine != handover.LEGACY:
        from fairway_scripts.cutover.door.lanes import engine_by_database

        engine = engine_by_database(values, data, repository, engine)
    if engine != handover.FAIRWAY:
        _pass_on(data, tool, words, values, repository, engine, forced=forced)


def _engine(data: FrontDoor, tool: str, values: dict[str, str], repository: Repository) -> str:
    from fairway_scripts.cutover.door.lanes import lane_in_place, lane_of_task

    task = values.get("TASK_ID", "")
    role = values.get("ROLE", "") or ("" if task else lane_in_place(tool, repository))
    return handover.engine_of_call(data, role, lambda: lane_of_task(data, task, values, repository))


def _pass_on(
    data: FrontDoor,
    tool: str,
    words: list[str],
    values: dict[str, str],
    repository: Repository,
    engine: str,
    *,
    forced: bool,
) -> None:
    from fairway_scripts.cutover.door.door_table import table_of
    from fairway_scripts.cutover.door.originals import OriginalCall, entry_for
    from fairway_scripts.cutover.door.passing import checkouts, replace_process, shadowed_call
    from fairway_scripts.cutover.door.published_calls import KEEPS_RECORD, ORIGINALS
    from fairway_scripts.cutover.door.script_door import missing_original

    data = {**data, "scripts": table_of(data, repository)}
    found = next((found for root in checkouts(repository) if (found := entry_for(data, tool, values, root))), None)
    if found is None:
        script = ORIGINALS[tool][-1][0]
        if script in KEEPS_RECORD or forced:
            raise missing_original(script, values.get("ROLE", ""))
        return
    entry, path = found
    as_they_are = entry.published and tool in _SAME_WORDS
    call = OriginalCall(entry, path, {} if as_they_are else values)
    argv = [*call.argv, *words] if as_they_are else call.argv
    if engine == handover.SHADOW:
        from fairway_scripts.cutover.shadow.shadow import is_shadowed, run_shadowed

        if is_shadowed(tool, words):
            note = shadowed_call(data, entry.script, argv, tool, words, values, values.get("ROLE", ""), [])
            run_shadowed(note, call.environment, repository, feed=call.stdin)
    replace_process(argv, call.environment, feed=call.stdin)
