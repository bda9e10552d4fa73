"""The one table of calls: what the host's profile says of a script, else what is published.

`table` is always the host's part, as `compat/profile.toml` and front-door.json hold it:
{"scripts/ops/agent_queue.sh": {"evidence": {...}}}.
"""

from __future__ import annotations

from fairway_scripts.cutover.door.calls import unwritable
from fairway_scripts.cutover.door.entries import Entry
from fairway_scripts.cutover.door.published import names_of, plain, published
from fairway_scripts.cutover.door.published_calls import ORIGINALS, SCRIPTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from fairway_scripts.cutover.cutover_shapes import CallTable


def entry_of(table: CallTable, script: str, subcommand: str) -> Entry | None:
    """Return the entry of one subcommand, the host's own before the published one; None for one that nobody knows."""
    own = table.get(script) or {}
    return Entry(script, subcommand, own[subcommand]) if subcommand in own else published(script, subcommand)


def subcommands(table: CallTable, script: str) -> list[str]:
    """List the subcommands of a script that are known, "" among them for a call without one."""
    return sorted({*(table.get(script) or {}), *SCRIPTS.get(script, {})})


def find_entry(table: CallTable, script: str, words: Iterable[str]) -> tuple[Entry, list[str]]:
    """Return the entry of a call and its words without the subcommand.

    A subcommand that is not known gives an entry without a tool, whose subcommand is the first bare word.
    """
    given = list(words)
    known = {*(table.get(script) or {}), *SCRIPTS.get(script, {})}
    bare = _bare_places(table, script, given)
    for length in (2, 1):
        first = " ".join(given[place] for place in bare[:length])
        found = next((word for word in (first, plain(first)) if word and word in known), None)
        if found is not None and len(bare) >= length:
            entry = entry_of(table, script, found)
            if entry is not None:
                return entry, [word for place, word in enumerate(given) if place not in bare[:length]]
    entry = entry_of(table, script, "") if "" in known else None
    return entry or Entry(script, given[bare[0]] if bare else "", {}), given


def _bare_places(table: CallTable, script: str, words: list[str]) -> list[int]:
    """Return the places of the words that are neither flags nor their values, up to `--`."""
    own = table.get(script) or {}
    takes = {flag for sub in own for flag in _flags_with_value(Entry(script, sub, own[sub]))}
    every = names_of("")[1] if script in SCRIPTS else set()
    places, skip = [], False
    for place, word in enumerate(words):
        if skip:
            skip = False
        elif word == "--":
            break
        elif not word.startswith("-"):
            if not word.partition("=")[0].isupper() or "=" not in word:
                places.append(place)
        else:
            skip = "=" not in word and (word in takes or word.lower().replace("_", "-") in every)
    return places


def _flags_with_value(entry: Entry) -> list[str]:
    named = (flag.removesuffix("=") for flag in (*entry.map, *entry.ignored))
    return [flag for flag in named if entry.takes_value(flag)]


def originals(table: CallTable, tool: str) -> list[Entry]:
    """List how originals are asked to do what `tool` does, the host's own way before the published one."""
    own = [
        Entry(script, word, data)
        for script, entries in table.items()
        for word, data in entries.items()
        if data.get("tool", "").split()[:1] == [tool]
    ]
    scripts = {entry.script for entry in own}
    usual = (
        published(script, word)
        for script, word in ORIGINALS.get(tool, ())
        if script not in scripts and word not in (table.get(script) or {})
    )
    return [*own, *(entry for entry in usual if entry is not None)]


def best_original(entries: Iterable[Entry], values: Mapping[str, str]) -> Entry | None:
    """Return the entry that can be told most of `values`, the first of equals; None without any."""
    return min(entries, key=lambda entry: _distance(entry, values), default=None)


def _distance(entry: Entry, values: Mapping[str, str]) -> tuple[int, int]:
    unsaid = [name for name, value in entry.constants.items() if values.get(name) != value]
    return len(unsaid) + len(unwritable(entry, values)), -len(entry.constants)
