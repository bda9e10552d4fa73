"""Calls of an older script whose subcommand nobody has a word for: whose they are, and that they are not passed over.

What such a call does is not known, so it may change the record: on a lane that has moved it is refused, and in shadow
it is noted as one that could not be translated.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.door import handover
from fairway_scripts.cutover.door.published_calls import KEEPS_RECORD

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.door.script_door import Asked

_HELP = ("-h", "--help", "help")


def unknown_word(asked: Asked) -> str:
    """Return the subcommand that no entry names, "" for a call that is known, asks for help, or says nothing."""
    entry, _call = asked.read()
    named = not entry.tool and entry.subcommand not in (asked.table.get(asked.script) or {})
    return entry.subcommand if named and _keeps_record(asked) and entry.subcommand not in _HELP else ""


def _keeps_record(asked: Asked) -> bool:
    return asked.script in KEEPS_RECORD or asked.script in asked.table


def engine_of_unknown(asked: Asked, repository: Repository) -> tuple[str, str]:
    """Return the lane of a call that names neither lane nor task in a way that is known, and its engine.

    A word of it that is a task or a lane says whose it is, whatever stands before it; then the place of the call does.
    What is of no lane is its original's, and noted as soon as one lane is in shadow.
    """
    from fairway_scripts.cutover.door.lanes import branch_lane

    if not unknown_word(asked):
        return "", handover.LEGACY
    engines = asked.data.get("engines") or {}
    if lane := lane_among(asked, repository, {*engines} - {handover.OTHER_LANES}):
        return lane, handover.engine_of(asked.data, lane)
    if lane := branch_lane(repository):
        return lane, handover.engine_of(asked.data, lane)
    return "", handover.SHADOW if handover.SHADOW in engines.values() else handover.LEGACY


def lane_among(asked: Asked, repository: Repository, lanes: Collection[str] = ()) -> str:
    """Return the first of `lanes`, or the lane of the first task, that a word of a call names; "" for none."""
    from fairway_scripts.cutover.door.lanes import lane_of_task

    for part in _parts(asked.words):
        is_task = part not in lanes and "-" in part and part.isupper()
        lane = part if part in lanes else lane_of_task(asked.data, part, {}, repository) if is_task else ""
        if lane not in ("", handover.OTHER_LANES):
            return lane
    return ""


def _parts(words: list[str]) -> Iterator[str]:
    """Yield what the words of a call may name: each word, what follows its `=`, and what is attached to a letter."""
    for word in words:
        yield word
        yield word.partition("=")[2]
        if word.startswith("-") and not word.startswith("--"):
            yield word[2:]


def explain(asked: Asked) -> None:
    """List which subcommands there are: as an answer when that was the question, else as a refusal.

    Raises FairwayError `usage`, and SystemExit 0 after an answer.
    """
    from fairway_scripts.cutover.door.entries import Entry
    from fairway_scripts.cutover.door.table import entry_of, subcommands

    table, script = asked.table, asked.script
    entries = {word: entry_of(table, script, word) for word in subcommands(table, script)}
    known = sorted(word for word, entry in entries.items() if word and entry is not None and entry.tool)
    name = os.path.basename(script)
    if not known:
        message = f"no tool answers {name}; its original does: {script} with FAIRWAY_LEGACY=1"
        raise FairwayError("usage", message, "run the original: put FAIRWAY_LEGACY=1 before the call")
    usage = f"{name} {'|'.join(known)} [--flag VALUE ...]"
    if any(word in _HELP for word in asked.words):
        print(f"usage: {usage}")  # noqa: T201 - the answer itself
        raise SystemExit(0)
    bare = next((word for word in asked.words if not word.startswith("-")), "")
    said = f"{bare!r} is no subcommand of {name}" if bare else f"{name} needs a subcommand"
    hint = f"{script} {known[0]} --help"
    if bare and table.get(script):
        hint = f"edit compat/profile.toml: add {Entry(script, bare, {}).place()} with the tool that does it"
    raise FairwayError("usage", f"{said}; known: {', '.join(known)}", hint)
