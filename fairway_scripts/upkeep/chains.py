"""The events of one task, followed from the first to the last."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fairway_scripts.project.changes import STATE_COLUMNS
from fairway_scripts.store.ledger import START, event_hash, store_hash

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from fairway_scripts.store.rows import Event, TaskState, VerificationHead, VerificationStoreChain
    from fairway_scripts.upkeep.upkeep_shapes import Problem

#: Columns that change without an event: a lease with every sign of life, `terminal` with the configuration.
_NOT_IN_LEDGER = ("lease_expires_at", "terminal")
_FOLLOWED = frozenset(STATE_COLUMNS).difference(_NOT_IN_LEDGER)
#: The version of a task that nobody has changed since it was seeded.
_FIRST_VERSION = 1
_BETWEEN = "one was removed, added, moved or changed"
#: How much of a value a message shows.
_LONGEST = 80


class Chain:
    """The chain of a task: `add` its events in order, then ask how the state differs from where they lead.

    Only the first break of a chain is reported: what comes after it follows from nothing. `broken` says that there
    is one.
    """

    def __init__(self, task_id: str) -> None:
        self.task_id = task_id
        self.problems: list[Problem] = []
        self.broken = False
        self._last_hash = START
        self._last_id: int | None = None
        self._version = _FIRST_VERSION
        self._claims = 0
        self._columns: dict[str, object] = {}

    def add(self, event: Event) -> None:
        """Follow one event; what is wrong with it goes to `problems`."""
        if self.broken:
            return
        name = f"event {event['id']}{f' of {self.task_id}' if self.task_id else ''}"
        if event["previous_hash"] != self._last_hash:
            before = f"event {self._last_id}" if self._last_id else "the beginning"
            self._break(event, f"{name} does not follow {before}: an event between them was removed or changed")
        elif event_hash(event) != event["hash"]:
            self._break(event, f"{name} was changed after it was written: its hash does not match")
        else:
            self._last_hash, self._last_id = event["hash"], event["id"]
            self._follow(event, name)

    def differences(self, state: TaskState | None) -> Iterator[Problem]:
        """How the state of the task differs from where an unbroken chain leads."""
        if state is None:
            yield self._problem("state", f"{self.task_id} has events but no state")
            return
        if state["version"] != self._version:
            yield self._problem(
                "version",
                f"{self.task_id} has version {state['version']}, its events lead to {self._version}: "
                "it was changed without an event, or its last events were removed",
            )
        if state["fence"] < self._claims:
            yield self._problem(
                "fence", f"{self.task_id} has fence {state['fence']}, fewer than its {self._claims} claims"
            )
        columns: Mapping[str, object] = state
        for name, value in sorted(self._columns.items()):
            if columns[name] != value:
                yield self._problem(
                    "state", f"{self.task_id}: {name} is {shown(columns[name])}, its events lead to {shown(value)}"
                )

    def _follow(self, event: Event, name: str) -> None:
        try:
            payload = json.loads(event["payload"])
            if self.task_id:  # events that concern no task keep what they like
                self._replay(event, payload, payload.get("version"), name)
        except (ValueError, AttributeError, TypeError):
            self._break(event, f"{name} holds something else than the JSON of a change")

    def _replay(self, event: Event, payload: Mapping[str, Mapping[str, object]], version: object, name: str) -> None:
        before, after = payload.get("before", {}), payload.get("after", {})
        for column in sorted(_FOLLOWED.intersection(before)):
            if self._columns.get(column, before[column]) != before[column]:
                told = f"the events before it say {shown(self._columns[column])}"
                self._note(event, f"{name} found {column} {shown(before[column])}, {told}")
        self._columns.update((column, after[column]) for column in _FOLLOWED.intersection(after))
        self._version = version if isinstance(version, int) else self._version
        self._claims += event["kind"] == "claimed"

    def _break(self, event: Event, message: str) -> None:
        self.broken = True
        self._note(event, message)

    def _note(self, event: Event, message: str) -> None:
        self.problems.append(self._problem("ledger", message, event["id"]))

    def _problem(self, check: str, message: str, event_id: int | None = None) -> Problem:
        return problem(check, message, self.task_id, event_id)


class StoreChain:
    """The chain over all events of the store: `add` them in the order of their numbers, then `compare_head`.

    Only the first break is reported, and not again for an event in `known`.
    """

    def __init__(self, known: set[int | None]) -> None:
        self.problems: list[Problem] = []
        self.events = 0
        self._known = known
        self._last_hash = START
        self._last_id = 0
        self._broken = False

    def add(self, event: VerificationStoreChain) -> None:
        """Follow one event (id, task_id, hash, store_hash)."""
        follows = event["store_hash"] == store_hash(self._last_hash, event["id"], event["hash"])
        if not follows and not self._broken:
            self._broken = True
            if event["id"] not in self._known:
                before = f"event {self._last_id}" if self._last_id else "the beginning"
                message = f"event {event['id']} does not follow {before} in the store: {_BETWEEN}"
                self.problems.append(problem("ledger", message, event["task_id"], event["id"]))
        self.events += 1
        self._last_hash, self._last_id = event["store_hash"] or "", event["id"]

    def compare_head(self, heads: list[VerificationHead]) -> None:
        """Hold the end of the chain against the head of the store: no row before the first event, else one."""
        there = (self._last_id, self.events, self._last_hash)
        if not heads and not self.events:
            return
        if [head["id"] for head in heads] != [1]:
            self._miss(f"the ledger has {len(heads)} heads instead of head 1 alone")
            return
        kept = (heads[0]["event_id"], heads[0]["events"], heads[0]["hash"])
        if kept != there:
            self._miss(
                f"the ledger ends with event {there[0]}, the {there[1]}th, its head says event {kept[0]}, "
                f"the {kept[1]}th: {'its newest events were removed' if kept[:2] > there[:2] else 'one was changed'}"
            )

    def _miss(self, message: str) -> None:
        self.problems.append(problem("head", message))


def problem(check: str, message: str, task_id: str = "", event_id: int | None = None) -> Problem:
    """One thing that is wrong with a store; a cell has table, row (its key), column, found and recorded besides."""
    return {
        "check": check,
        "task_id": task_id,
        "event_id": event_id,
        "message": message,
        "table": "",
        "row": [],
        "column": "",
        "found": None,
        "recorded": None,
    }


def shown(value: object) -> str:
    """A value as a message shows it: `-` for NULL, `''` for an empty text, no more than 80 characters."""
    if value is None:
        return "-"
    text = str(value) or "''"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
