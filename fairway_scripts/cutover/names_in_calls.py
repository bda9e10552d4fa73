"""What a host's own scripts call the things that we keep, from its table of calls: names for columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.cutover.bridge.legacy_tables import KIND
from fairway_scripts.cutover.bridge.legacy_values import plain_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.cutover.cutover_shapes import CallTable, TableEntry

#: tool -> the kind of table in which the older script keeps what the same call says
_KEPT_IN = {
    "queue-claim": "state",
    "queue-set-status": "state",
    "queue-record-evidence": "evidence",
    "queue-record-handoff": "handoffs",
    "queue-record-review": "reviews",
    "checkpoint-record": "checkpoints",
    "session-upsert": "sessions",
    "session-launch": "sessions",
}


def names_in_calls(scripts: CallTable) -> dict[str, dict[str, str]]:
    """Return {kind of table: {their name in plain spelling: our column}}, from the `scripts` of a profile.

    A flag is a name, and so is a variable of the environment, whole and without its first word (`AQ_CAME_OUT` is also
    `came_out`). A name that means two things in one kind is none.
    """
    found: dict[str, dict[str, str]] = {}
    unsure: set[tuple[str, str]] = set()
    for entry in (entry for words in scripts.values() for entry in words.values()):
        kind = _KEPT_IN.get(entry.get("tool", ""), "")
        for theirs, ours in _columns(entry, kind) if kind else ():
            if found.setdefault(kind, {}).setdefault(theirs, ours) != ours:
                unsure.add((kind, theirs))
    for kind, theirs in unsure:
        del found[kind][theirs]
    return found


def _columns(entry: TableEntry, kind: str) -> Iterator[tuple[str, str]]:
    """Yield (their name in plain spelling, our column) for each value that a call carries under a name of theirs."""
    given = entry.get("env", {})
    flags, env = entry.get("map", {}), given if isinstance(given, dict) else {}
    words = {name: [name] for name in flags}
    words |= {name: [name, name.partition("_")[2]] for name in env}
    for name, spellings in words.items():
        variable = env.get(name, flags.get(name, ""))
        for column in KIND[kind].columns:
            known = {plain_name(word) for tier in column.tiers for word in tier}
            if plain_name(variable) in known:
                yield from ((plain_name(spelling), column.name) for spelling in spellings if spelling)
                break
