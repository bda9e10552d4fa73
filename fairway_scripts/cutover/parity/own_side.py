"""Our side of a case: our tool does what the caller asked for, on a copy of the store, and writes nowhere else."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.calls.variables import READABLE
from fairway_scripts.cutover.parity.parity_facts import Outcome
from fairway_scripts.cutover.parity.parity_rules import operation_of
from fairway_scripts.programs.own_tool import tool_argv
from fairway_scripts.programs.taped_call import TIMED_OUT, Tape, run_kept
from fairway_scripts.store.opening import open_store

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
    """Return the words for our tool: those of the call without what leads elsewhere, and the store `store`.

    JSON is asked for where it is read. `--config` goes too: it was checked when the call was made, and the settings are
    in the copy.
    """
    more = ["--json"] if operation_of(tool) in _AS_JSON else []
    return exchanged(given, _DROPPED, [f"--queue-db={store}", *more], _DROPPED_SWITCHES)


def exchanged(given: Iterable[str], dropped: Iterable[str], new: list[str], switches: Iterable[str] = ()) -> list[str]:
    """Return the words of a call with `new` ones in place of the flags `dropped`, with their values, and `switches`."""
    kept: list[str] = []
    words = iter(given)
    after: list[str] = []
    for word in words:
        if word == "--":
            after = [word, *words]
            break
        name, equals, _value = word.partition("=")
        plain = name[2:].replace("_", "-").lower() if name.startswith("--") else ""
        if plain in dropped:
            if not equals:
                next(words, None)
        elif plain not in switches:
            kept.append(word)
    return [*kept, *new, *after]


def own_environment(surroundings: Mapping[str, str], given: Mapping[str, str], at: str) -> dict[str, str]:
    """Return the environment for our tool: the surroundings with exactly those variables of ours that the call had.

    `given` are the variables that were set, `at` when the call began.
    """
    found = {
        name: value for name, value in surroundings.items() if name not in READABLE and not name.startswith("FAIRWAY_")
    }
    found |= {name: value for name, value in given.items() if name not in _DROPPED_VARIABLES}
    return {**found, "FAIRWAY_ENGINE": "fairway", "FAIRWAY_NOW": at}


def discard(path: str) -> None:
    """Remove a database with its companions."""
    for suffix in ("", "-wal", "-shm", "-journal"):
        with suppress(FileNotFoundError):
            os.unlink(path + suffix)


class Marks(NamedTuple):
    """What a task's record held at one moment: its state, and its records as {(kind, id): word}."""

    state: Mapping[str, object] | None
    records: dict[tuple[str, int], str]


def marks(store: str, task_id: str) -> Marks:
    """Return what the store at a path says of a task ("" for none)."""
    if not task_id:
        return Marks(None, {})
    place = open_store(store)
    try:
        with place.read() as tx:
            state = tx.one("parity.state", task_id=task_id)
            return Marks(
                state, {(row["kind"], row["id"]): row["word"] for row in tx.all("parity.records", task_id=task_id)}
            )
    finally:
        place.close()


def outcome(tape: Tape, before: Marks, after: Marks | None) -> Outcome:
    """Return what a call came to: what it printed, and what the record of its task has now and had not before."""
    state, records = None, None
    if after is not None and after.state is not None:
        state = after.state
        records = [[kind, word] for (kind, row), word in after.records.items() if (kind, row) not in before.records]
    code = -1 if tape.exit_code == TIMED_OUT else tape.exit_code
    return Outcome(code, tape.stdout.decode(errors="replace"), tape.stderr.decode(errors="replace"), state, records)


class Asked(NamedTuple):
    """What our side is asked: a tool and its words, where, with which environment and input, about which task."""

    tool: str
    words: list[str]
    cwd: str
    environment: dict[str, str]
    task_id: str = ""
    feed: bytes = b""


def do_here(asked: Asked, store: str, streams: str, seconds: float) -> tuple[Outcome, int]:
    """Do it on the store at a path; return what it came to, and the milliseconds that it took.

    What it prints is kept as `<streams>.out` and `.err`. After `seconds` it is ended.
    """
    before = marks(store, asked.task_id)
    tape = run_kept(
        tool_argv(asked.tool, own_words(asked.tool, asked.words, store)),
        cwd=asked.cwd,
        environment={**asked.environment, "FAIRWAY_ENGINE": "fairway"},
        streams=streams,
        seconds=seconds,
        feed=asked.feed,
    )
    return outcome(tape, before, marks(store, asked.task_id)), tape.milliseconds
