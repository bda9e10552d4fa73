"""How our side of a comparison is called: as the caller called, but on a copy of the store, writing nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.rules.parity import operation_of
from fairway_scripts.variables import READABLE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Flags with a value that would lead outside the copy or change the form of the answer.
_DROPPED = ("queue-db", "db", "output", "format", "attach-to", "attach", "config")
_DROPPED_SWITCHES = ("json", "pretty")
_DROPPED_VARIABLES = ("QUEUE_DB", "AGENT_QUEUE_DB", "OUTPUT", "FORMAT", "JSON", "PRETTY", "ATTACH", "ATTACH_TO")
#: Operations whose answer is read as JSON; of the others only how they end or what they leave behind counts.
_AS_JSON = (
    *("ready", "route-review", "merge-ready", "validate", "git-check", "task-detail", "orchestrator-tick"),
    *("claim", "set-status", "record-evidence", "record-handoff", "record-review"),
)


def own_words(tool: str, given: Iterable[str], store: str) -> list[str]:
    """The words for our tool: those of the call without what leads elsewhere, the store `store`, JSON where it is read.

    `--config` goes too: it was checked when the call was made, and the settings are in the copy.
    """
    kept: list[str] = []
    words = iter(given)
    after: list[str] = []
    for word in words:
        if word == "--":
            after = [word, *words]
            break
        name, equals, _value = word.partition("=")
        plain = name[2:].replace("_", "-").lower() if name.startswith("--") else ""
        if plain in _DROPPED:
            if not equals:
                next(words, None)
        elif plain not in _DROPPED_SWITCHES:
            kept.append(word)
    more = ["--json"] if operation_of(tool) in _AS_JSON else []
    return [*kept, f"--queue-db={store}", *more, *after]


def own_environment(surroundings: Mapping[str, str], given: Mapping[str, str], at: str) -> dict[str, str]:
    """The environment for our tool: the surroundings with exactly those variables of ours that the call had.

    `given` are the variables that were set, `at` when the call began.
    """
    found = {
        name: value for name, value in surroundings.items() if name not in READABLE and not name.startswith("FAIRWAY_")
    }
    found |= {name: value for name, value in given.items() if name not in _DROPPED_VARIABLES}
    return {**found, "FAIRWAY_ENGINE": "fairway", "FAIRWAY_NOW": at}
