"""`differences.toml`: differences between the older scripts and this suite that somebody answers for.

Each entry is a `[[difference]]` with the operation and field that it is about, what both sides said (`match`), our
error word where our side refused (`word`), why, who answers for it, since when and until when (`expires`), and
optionally the lanes that it counts for.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING, Any, NamedTuple

from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.base.patterns.line_patterns import compile_pattern, pattern_fault
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.cutover.parity.parity_rules import CALL, COMPARED
from fairway_scripts.formats.toml_lines import key_lines, line_of, mistake_in

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.formats.toml_lines import Address

    Row = dict[str, Any]

REQUIRED = ("operation", "field", "match", "reason", "owner", "date", "expires")
OPTIONAL = ("lanes", "word")
_SIDES = ("legacy", "own")
#: What no side ever says: a pattern that fits it says nothing of what was said.
_SAYS_NOTHING = ("", "\u2400 \u2400")


class Reading(NamedTuple):
    """The entries of a file, and what is wrong in it.

    An entry is `{place, operation, field, match, word, lanes, reason, owner, date, expires}`: `place` is `path:line`,
    days are `YYYY-MM-DD`, `match` is `{legacy, own}` of regular expressions, `word` "" where our side did not refuse,
    `lanes` is [] for every lane.
    """

    entries: list[Row]
    faults: list[Fault]


def read_differences(path: str, shown: str = "") -> Reading:
    """Read and check the file `path`, which may be missing; `shown` is its name in faults (default: `path`)."""
    shown = shown or path
    try:
        text = read_regular(path).decode()
        document = tomllib.loads(text)
    except FileNotFoundError:
        return Reading([], [])
    except (OSError, UnicodeDecodeError) as problem:
        return Reading([], [Fault(shown, 0, "", "", ERROR, "unreadable", f"cannot be read: {problem}")])
    except tomllib.TOMLDecodeError as problem:
        line, what = mistake_in(text, problem)
        return Reading([], [Fault(shown, line, "", "", ERROR, "syntax", what)])
    lines, faults = key_lines(text), []

    def fault(at: Address, code: str, message: str) -> None:
        faults.append(Fault(shown, line_of(lines, at), "", str(at[-1]), ERROR, code, message))

    for key in document:
        if key != "difference":
            fault((key,), "unknown_key", f"{key} is no key; the entries are [[difference]]")
    found = document.get("difference", [])
    if not isinstance(found, list) or not all(isinstance(entry, dict) for entry in found):
        fault(("difference",), "wrong_shape", "the entries are [[difference]], with two brackets")
        found = []
    entries = []
    for position, entry in enumerate(found):
        before, at = len(faults), ("difference", position)
        _check(at, entry, fault)
        if len(faults) == before:
            entries.append(_entry(f"{shown}:{line_of(lines, at)}", entry))
    return Reading(entries, faults)


def _check(at: Address, entry: Row, fault: Callable[[Address, str, str], None]) -> None:
    for key in entry:
        if key not in (*REQUIRED, *OPTIONAL):
            known = ", ".join((*REQUIRED, *OPTIONAL))
            fault((*at, key), "unknown_key", f"{key} is no key of a difference; known are {known}")
    for key in ("operation", "field", "reason", "owner", *(("word",) if "word" in entry else ())):
        if not isinstance(entry.get(key), str) or not entry[key].strip():
            fault((*at, key), "missing_value", f"{key} is required, as text")
    if isinstance(entry.get("operation"), str) and entry["operation"] not in COMPARED:
        fault((*at, "operation"), "unknown_operation", f"{entry['operation']!r} is none of what is compared")
    if entry.get("field") == CALL:
        message = "a call that could not be translated is not explained: the profile says how it is read"
        fault((*at, "field"), "not_explainable", message)
    for key in ("date", "expires"):
        if _day(entry.get(key)) is None:
            fault((*at, key), "bad_date", f"{key} is required, as a day such as 2026-05-04")
    lanes = entry.get("lanes", [])
    if not isinstance(lanes, list) or not all(isinstance(lane, str) for lane in lanes):
        fault((*at, "lanes"), "wrong_shape", "lanes is a list of names")
    _check_match((*at, "match"), entry.get("match"), fault)


def _check_match(at: Address, match: Any, fault: Callable[[Address, str, str], None]) -> None:
    if not isinstance(match, dict) or set(match) != set(_SIDES):
        what = 'match is required, as { legacy = "...", own = "..." }: what each side said'
        fault(at, "missing_value", what)
        return
    for side, pattern in match.items():
        wrong = pattern_fault(pattern, ignore_case=False) if isinstance(pattern, str) else "is no text"
        if not wrong and all(compile_pattern(pattern, ignore_case=False).search(text) for text in _SAYS_NOTHING):
            wrong = "fits whatever is said"
        if wrong:
            fault((*at, side), "bad_pattern", f"match is of regular expressions: {pattern!r} {wrong}")


def _entry(place: str, entry: Row) -> Row:
    return {
        "place": place,
        **{key: entry[key].strip() for key in ("operation", "field", "reason", "owner")},
        "match": dict(entry["match"]),
        "word": entry.get("word", "").strip(),
        "lanes": list(entry.get("lanes", [])),
        "date": _day(entry["date"]),
        "expires": _day(entry["expires"]),
    }


def _day(value: Any) -> str | None:
    """A day as `YYYY-MM-DD`, None for what is none."""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        return dt.date.fromisoformat(value).isoformat()
    except (TypeError, ValueError):
        return None
