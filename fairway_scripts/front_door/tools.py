"""Sending a call of one of the suite's own tools to the original, when its lane is still there."""

from __future__ import annotations

import os

from fairway_scripts import handover, paths

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from fairway_scripts.paths import Repository

#: Tools whose words the original understands as they are.
_SAME_WORDS = frozenset({"regression-packs", "agent-role-config"})
#: Words that ask the tool about itself.
_ASKS_US = frozenset(("--help", "-h", "--version"))
#: Variables that make a call this side's: no original reads another's database, nor looks at other projects.
_OWN_READING = ("LEGACY_DB", "ALL_PROJECTS")
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
    repository = paths.find_repository(os.getcwd())
    data = handover.load(repository.common_dir) if repository else None
    if repository is None or (data is None and not forced) or not _ASKS_US.isdisjoint(words):
        return
    data = data or {}
    values = values_of()
    if any(values.get(name) for name in _OWN_READING):
        return
    engine = handover.LEGACY if forced else _engine(data, tool, values, repository)
    if engine != handover.FAIRWAY:
        _pass_on(data, tool, words, values, repository, engine, forced=forced)


def _engine(data: dict[str, Any], tool: str, values: dict[str, str], repository: Repository) -> str:
    from fairway_scripts.front_door.lanes import lane_in_place, lane_of_task

    task = values.get("TASK_ID", "")
    role = values.get("ROLE", "") or ("" if task else lane_in_place(tool, repository))
    store = [f"--queue-db={values['QUEUE_DB']}"] if values.get("QUEUE_DB") else []
    return handover.engine_of_call(data, role, lambda: lane_of_task(data, task, store, repository))


def _pass_on(
    data: dict[str, Any],
    tool: str,
    words: list[str],
    values: dict[str, str],
    repository: Repository,
    engine: str,
    *,
    forced: bool,
) -> None:
    from fairway_scripts.front_door.names import KEEPS_RECORD, place_of
    from fairway_scripts.front_door.passing import checkouts, replace_process
    from fairway_scripts.front_door.scripts import missing_original

    as_they_are = tool in _SAME_WORDS and tool not in (data.get("targets") or {})
    given = {} if as_they_are else values
    calls = (handover.legacy_call(data, tool, given, root) for root in checkouts(repository))
    found = next((call for call in calls if call), None)
    if found is None:
        script = handover.ORIGINALS[tool][-1][1]
        if script in KEEPS_RECORD or forced:
            raise missing_original(place_of(script), values.get("ROLE", ""))
        return
    argv, extra = found
    if as_they_are:
        argv = [*argv, *words]
    if engine == handover.SHADOW:
        from fairway_scripts.front_door.shadow import is_shadowed, run_shadowed

        if is_shadowed(tool, words):
            call = {"tool": tool, "own_argv": words, "script": os.path.basename(argv[0]), "argv": argv}
            call |= {"role": values.get("ROLE", ""), "task_id": values.get("TASK_ID", "")}
            run_shadowed(call, extra, repository)
    replace_process(argv, extra)
