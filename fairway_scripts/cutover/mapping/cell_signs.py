"""What the cells of a column look like: tasks, times, lists, lanes, commits, words of a vocabulary, small numbers.

A sign is what *all* cells that say something have in common; it never follows from a name.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import jsonio
from fairway_scripts.cutover.bridge.legacy_values import Unreadable, lane_named, normal_time, plain_word
from fairway_scripts.cutover.bridge.legacy_words import OURS, WORDS
from fairway_scripts.store.legacy_shapes import move_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fairway_scripts.store.legacy_types import Cell

#: The signs that a column may have.
TASK, TIME, DAY, LIST, FILES, LANE = "task", "time", "day", "list", "files", "lane"
BRANCH, COMMIT, PATH, FILE, SMALL, WHOLE = "branch", "commit", "path", "file", "small number", "number"
MOVE, SENTENCE, NAME, LANES = "move of a status", "sentence", "name", "several lanes"
#: Vocabularies whose words are told apart from those of the others: family -> further words of it.
FAMILIES: dict[str, tuple[str, ...]] = {
    "status": (),
    **dict.fromkeys(("result", "verdict", "session", "checkpoint"), ()),
    "artifact type": (
        *("ci_pipeline", "deploy_validation", "command_log", "screenshot", "browser_trace", "trace", "runbook"),
        *("config", "diff", "log", "other"),
    ),
    "backend": ("shell", "tmux", "zellij", "manual", "api", "screen", "codex_api", "subagent"),
    "provider": ("codex", "claude", "gemini", "openai", "anthropic", "aider", "opencode"),
}
_ID = "like the id of a task"
#: sign -> what every cell matches
_PATTERNS: dict[str, re.Pattern[str]] = {
    _ID: re.compile(r"[A-Z][A-Z0-9]*(-[A-Z0-9]+)+"),
    COMMIT: re.compile(r"[0-9a-f]{7,40}"),
    BRANCH: re.compile(r"(agent|review|release|feature|topic|fix|lane|work)/[\w./-]+|master|main"),
    PATH: re.compile(r"/.*"),
    FILE: re.compile(r"[\w@.+-]+(/[\w@.+-]+)+/?|[\w-]+\.[a-z]{1,5}"),
    WHOLE: re.compile(r"-?\d+"),
    DAY: re.compile(r"\d{4}-\d\d-\d\d"),
    NAME: re.compile(r"[\w.:@+'-]{1,60}"),
}
_SMALL_MAX = 20
#: A column with more different values is no column of words.
_MOST_WORDS = 40


class Known(NamedTuple):
    """What the project knows: its tasks, its lanes, its statuses in their order, those that end work."""

    tasks: frozenset[str] = frozenset()
    lanes: tuple[str, ...] = ()
    statuses: tuple[str, ...] = ("todo", "in_progress", "blocked", "done")
    terminal: tuple[str, ...] = ("done",)


class Signs(NamedTuple):
    """The signs of one column: `filled` of `rows` cells say something, `values` are the different ones as text."""

    rows: int
    filled: int
    values: frozenset[str]
    found: frozenset[str]

    def has(self, *signs: str) -> bool:
        """Tell whether the column has one of the signs."""
        return any(sign in self.found for sign in signs)

    @property
    def full(self) -> bool:
        """Tell whether every row says something."""
        return 0 < self.rows == self.filled

    @property
    def unique(self) -> bool:
        """Tell whether no two rows say the same."""
        return self.full and len(self.values) == self.rows


def cells_of(rows: Sequence[Mapping[str, Cell]], column: str) -> list[Cell]:
    """Return the cells that say something: neither NULL nor an empty text."""
    return [row[column] for row in rows if row[column] is not None and str(row[column]).strip()]


def signs_of(rows: Sequence[Mapping[str, Cell]], column: str, known: Known) -> Signs:
    """Return the signs of a column by its cells in `rows`; one without a cell that says something has none."""
    cells = cells_of(rows, column)
    values = frozenset(str(cell) for cell in cells)
    return Signs(len(rows), len(cells), values, frozenset(_found(values, known)) if values else frozenset())


def list_items(cell: object) -> list[str] | None:
    """Return the items of a JSON list of plain values, None for anything else."""
    text = str(cell).strip()
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        items = jsonio.loads(text)
    except ValueError:
        return None
    plain = isinstance(items, list) and not any(isinstance(item, (dict, list)) for item in items)
    return [str(item) for item in items] if plain else None


def words_in(text: str) -> list[str]:
    """Return the words of a list in one text: `D-arch,E-governance`, `["D-arch"]`."""
    return [word for word in re.split(r"[][\s,;|\"]+", text) if word]


def move_of(text: str) -> tuple[str, str] | None:
    """Return the two words of `todo -> in_progress` in plain spelling, None for another text."""
    found = move_in(text)
    return (plain_word(found[0]), plain_word(found[1])) if found else None


@cache
def _time_at_all(value: str) -> bool:
    try:
        return normal_time(value) is not None
    except Unreadable:
        return False


def in_family(family: str, values: Iterable[str], known: Known) -> bool:
    """Tell whether all values are words of a family, and one of them of no other."""
    plain = {plain_word(value) for value in values}
    rest = [other for other in FAMILIES if other != family]
    of_others = set().union(*(_words(other, known) for other in rest))
    ours_of_others = set().union(*(_ours(other, known) for other in rest))
    telling = (plain - of_others) | (plain & _ours(family, known) - ours_of_others)
    return plain <= _words(family, known) and bool(telling)


def all_words(family: str, values: Iterable[str], known: Known) -> bool:
    """Tell whether all values are words of a family, though they may be those of another too."""
    return {plain_word(value) for value in values} <= _words(family, known)


@cache
def _ours(family: str, known: Known) -> set[str]:
    ours = known.statuses if family == "status" else OURS.get(family) or FAMILIES[family]
    return {plain_word(word) for word in ours}


@cache
def _words(family: str, known: Known) -> set[str]:
    return _ours(family, known) | {plain_word(word) for word in WORDS.get(family, ()) if word}


def _found(values: frozenset[str], known: Known) -> set[str]:
    """Return the signs of these different texts."""
    few = values if len(values) <= _MOST_WORDS else ()
    found = {family for family in FAMILIES if few and in_family(family, few, known)}
    found |= {f"maybe {family}" for family in ("status", "checkpoint") if few and all_words(family, few, known)}
    found |= {name for name, pattern in _PATTERNS.items() if all(pattern.fullmatch(value) for value in values)}
    among = len(values & known.tasks)
    if (_ID in found and (not known.tasks or 2 * among >= len(values))) or among == len(values):
        found.add(TASK)
    if WHOLE in found:
        found -= {COMMIT, *({WHOLE} if all(0 <= int(value) <= _SMALL_MAX for value in values) else ())}
        found.update(() if WHOLE in found else {SMALL})
    if all(_is_time(value) for value in values):
        found.add(TIME)
    if known.lanes and all(lane_named(value, known.lanes) for value in values):
        found.add(LANE)
    elif known.lanes and all(lane_named(word, known.lanes) for value in values for word in words_in(value)):
        found.add(LANES)
    if all((move := move_of(value)) and set(move) <= _words("status", known) for value in values):
        found.add(MOVE)
    found |= _list_signs(values)
    if found & {BRANCH, PATH, TIME}:
        found.discard(FILE)
    if found & {LIST, TIME, MOVE}:
        found.discard(NAME)
    elif NAME not in found and any(" " in value for value in values):
        found.add(SENTENCE)
    return found


def _list_signs(values: frozenset[str]) -> set[str]:
    lists = [list_items(value) for value in values]
    if any(items is None for items in lists):
        return set()
    filled = [item for items in lists for item in items or () if item]
    return {LIST, *({FILES} if filled and all(_PATTERNS[FILE].fullmatch(item) for item in filled) else ())}


def _is_time(value: str) -> bool:
    """Tell whether a text is a moment: a number only when it lies in our days."""
    return bool(value[:1].isdigit()) and _time_at_all(value)
