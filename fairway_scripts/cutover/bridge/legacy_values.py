"""Values of an old database in our form: times, words, whole numbers. What cannot be read is said, never guessed."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, jsonio
from fairway_scripts.cutover.bridge.legacy_tables import COLUMNS
from fairway_scripts.cutover.bridge.legacy_words import OURS, WORDS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fairway_scripts.store.legacy_types import Cell, Cells

#: Numbers above these are milliseconds and microseconds since 1970: as seconds they would lie thousands of years off.
_MILLISECONDS, _MICROSECONDS = 10**11, 10**14
#: Numbers below this are no time (a year written as a number, a counter): 1973 in seconds.
_FIRST_SECOND = 10**8
#: Days since 4714 BC, as SQLite's `julianday()` gives them, from 1970 to 2100; a whole number of that size is none.
_DAYS = (2_440_587.5, 2_488_070.0)
_NUMBER = re.compile(r"\d+(\.\d+)?")
#: The unit of a duration that is named in its column: `durationMs`, `took_minutes`.
_UNIT = re.compile(r"(?:_|(?<=[a-z])(?=[A-Z]))([Mm]s|[Mm]illis(?:econds)?|[Mm]in(?:ute)?s?|[Hh]ours?)$")
_SECONDS = {
    **dict.fromkeys(("ms", "millis", "milliseconds"), 0.001),
    **dict.fromkeys(("min", "mins", "minute", "minutes"), 60),
    **dict.fromkeys(("hour", "hours"), 3600),
}
_ZONE = re.compile(r"\s*(UTC|GMT)$")
_OFFSET = re.compile(r"\s+([+-]\d\d:?\d\d)$")
_WORD = re.compile(r"[^a-z0-9]+")


class Unreadable(ValueError):  # noqa: N818 - the name of what a cell is
    """A cell that is no value of its column's kind."""


def normal_time(value: object) -> str | None:
    """Return a time in the stored form, None for an empty cell.

    Reads `YYYY-MM-DD HH:MM:SS`, ISO 8601 with or without a zone (without one it is UTC), Ruby's `... UTC` and
    `... +0200`, a bare day, SQLite's `julianday`, and seconds, milliseconds or microseconds since 1970. Raises
    Unreadable.
    """
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    try:
        if isinstance(value, (int, float)) or _NUMBER.fullmatch(str(value).strip()):
            number = float(value) if isinstance(value, (int, float)) else float(str(value))
            days = "." in str(value) and _DAYS[0] <= number < _DAYS[1]
            return _from_number(round((number - _DAYS[0]) * 86_400, 3) if days else number)
        plain = _OFFSET.sub(r"\1", _ZONE.sub("Z", str(value).strip()))
        return clock.text(clock.moment(plain))
    except (ValueError, OverflowError, OSError):
        raise Unreadable(str(value)) from None


def _from_number(number: float) -> str:
    if number >= _MICROSECONDS:
        number /= 1e6
    elif number >= _MILLISECONDS:
        number /= 1e3
    if not _FIRST_SECOND <= number < _MILLISECONDS:
        raise ValueError(number)
    return clock.text(datetime.fromtimestamp(number, timezone.utc))


def text_value(value: object) -> str | None:
    """Return a cell as text, None for NULL."""
    return value if value is None or isinstance(value, str) else str(value)


def whole_value(value: object) -> int | None:
    """Return a cell as a whole number (`true` is 1, 1.6 is 2), None for an empty one. Raises Unreadable."""
    if value is None or value == "":
        return None
    words = {**dict.fromkeys(("true", "yes", "on", "t", "y"), 1), **dict.fromkeys(("false", "no", "off", "f", "n"), 0)}
    try:
        plain = str(value).strip().lower()
        return words[plain] if plain in words else round(float(plain))
    except (ValueError, OverflowError):
        raise Unreadable(str(value)) from None


def lines_value(value: object) -> str | None:
    """Return a cell as text; a JSON list of plain values without line breaks becomes one line an item."""
    text = text_value(value)
    if text is None or not text.lstrip().startswith("["):
        return text
    try:
        items = jsonio.loads(text)
    except ValueError:
        return text
    if not isinstance(items, list) or any(isinstance(item, (dict, list)) or "\n" in str(item) for item in items):
        return text
    return "\n".join(str(item) for item in items if item not in (None, ""))


_READERS: dict[str, Callable[[object], str | int | None]] = {
    "text": text_value,
    "lines": lines_value,
    "time": normal_time,
    "whole": whole_value,
}


def read_row(kind: str, columns: Mapping[str, str], row: Mapping[str, Cell]) -> tuple[Cells, list[str]]:
    """Read the mapped cells of an old row under our column names, and what could not be read as `column: text`.

    `columns` maps our columns to theirs; a column that is not mapped is missing from the answer, an unreadable cell
    is None in it.
    """
    found: Cells = {}
    unreadable = []
    for name, theirs in columns.items():
        try:
            value = _READERS[COLUMNS[kind][name].kind](row[theirs])
            if name == "duration_seconds" and isinstance(value, int) and (unit := _UNIT.search(theirs)):
                value = round(value * _SECONDS[unit[1].lower()])
            found[name] = value
        except Unreadable as problem:
            found[name] = None
            unreadable.append(f"{theirs}: {problem}")
    return found, unreadable


def plain_name(name: str) -> str:
    """Return a name without case and punctuation: `taskId`, `task_id` and `TASK-ID` are one."""
    return _WORD.sub("", name.lower())


def plain_word(word: str) -> str:
    """Return a word without case and punctuation: `In-Progress` -> `in_progress`."""
    return _WORD.sub("_", word.strip().lower()).strip("_")


def lane_named(word: str, lanes: Sequence[str]) -> str:
    """Return the lane that a word is, or the only one that it is but for case and punctuation (`D_ARCH` for `D-arch`).

    "" for none.
    """
    if word in lanes:
        return word
    plain = plain_word(word)
    meant = [lane for lane in lanes if plain and plain_word(lane) == plain]
    return meant[0] if len(meant) == 1 else ""


def our_word(
    family: str, word: str, extra: Mapping[str, str] | None = None, ours: Sequence[str] | None = None
) -> str | None:
    """Return the word of ours that `word` stands for, None when none is known.

    `family` is a key of `WORDS`, `extra` the host's own table of the same shape, `ours` the words that count
    (the configured statuses). A word that is ours as it stands is never translated.
    """
    known = list(OURS[family] if ours is None else ours)
    if word in known:
        return word
    by_plain = {plain_word(name): name for name in known}
    plain = plain_word(word)
    given = {plain_word(name): target for name, target in (extra or {}).items()}
    for target in (given.get(plain), by_plain.get(plain), WORDS[family].get(plain)):
        if target in known:
            return target
    return None
