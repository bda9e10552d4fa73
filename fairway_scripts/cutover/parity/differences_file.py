"""`differences.toml`: differences between the older scripts and this suite that somebody answers for.

Each entry is a `[[difference]]` with the operation and field that it is about, what both sides said (`match`), our
error word where our side refused (`word`), why, who answers for it, since when and until when (`expires`), and
optionally the lanes that it counts for.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.base.patterns.line_patterns import compile_pattern, pattern_fault
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.cutover.parity.parity_rules import CALL, COMPARED
from fairway_scripts.formats.toml_lines import key_lines, line_of, mistake_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from fairway_scripts.cutover.parity.parity_shapes import Explanation
    from fairway_scripts.formats.toml_lines import Address

REQUIRED = ("operation", "field", "match", "reason", "owner", "date", "expires")
OPTIONAL = ("lanes", "word")
_SIDES = ("legacy", "own")
#: What no side ever says: a pattern that fits it says nothing of what was said.
_SAYS_NOTHING = ("", "\u2400 \u2400")


class Reading(NamedTuple):
    """The entries of a file, and what is wrong in it.

    Of an entry, `place` is `path:line`,
    days are `YYYY-MM-DD`, `match` is `{legacy, own}` of regular expressions, `word` "" where our side did not refuse,
    `lanes` is [] for every lane.
    """

    entries: list[Explanation]
    faults: list[Fault]


def read_differences(path: str, shown: str = "") -> Reading:
    """Read and check the file `path`, which may be missing; `shown` is its name in faults (default: `path`)."""
    shown = shown or path
    try:
        text = read_regular(path).decode()
        document: dict[str, object] = tomllib.loads(text)
    except FileNotFoundError:
        return Reading([], [])
    except (OSError, UnicodeDecodeError) as problem:
        return Reading([], [Fault(shown, 0, "", "", ERROR, "unreadable", f"cannot be read: {problem}")])
    except tomllib.TOMLDecodeError as problem:
        line, what = mistake_in(text, problem)
        return Reading([], [Fault(shown, line, "", "", ERROR, "syntax", what)])
    lines = key_lines(text)
    faults: list[Fault] = []

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
        checked = _check(at, entry, f"{shown}:{line_of(lines, at)}", fault)
        if len(faults) == before:
            entries.append(checked)
    return Reading(entries, faults)


def _check(
    at: Address, entry: Mapping[str, object], place: str, fault: Callable[[Address, str, str], None]
) -> Explanation:
    """Return an entry as it counts, which it does when no fault was found in it."""
    for key in entry:
        if key not in (*REQUIRED, *OPTIONAL):
            known = ", ".join((*REQUIRED, *OPTIONAL))
            fault((*at, key), "unknown_key", f"{key} is no key of a difference; known are {known}")
    texts = dict.fromkeys(("operation", "field", "reason", "owner", "word"), "")
    for key in texts if "word" in entry else [key for key in texts if key != "word"]:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            fault((*at, key), "missing_value", f"{key} is required, as text")
        else:
            texts[key] = value.strip()
    operation = entry.get("operation")
    if isinstance(operation, str) and operation not in COMPARED:
        fault((*at, "operation"), "unknown_operation", f"{operation!r} is none of what is compared")
    if entry.get("field") == CALL:
        message = "a call that could not be translated is not explained: the profile says how it is read"
        fault((*at, "field"), "not_explainable", message)
    days = {key: _day(entry.get(key)) for key in ("date", "expires")}
    for key in [key for key, day in days.items() if not day]:
        fault((*at, key), "bad_date", f"{key} is required, as a day such as 2026-05-04")
    lanes = entry.get("lanes", [])
    if not isinstance(lanes, list) or not all(isinstance(lane, str) for lane in lanes):
        fault((*at, "lanes"), "wrong_shape", "lanes is a list of names")
        lanes = []
    return {
        "place": place,
        "operation": texts["operation"],
        "field": texts["field"],
        "match": _checked_match((*at, "match"), entry.get("match"), fault),
        "word": texts["word"],
        "lanes": lanes,
        "reason": texts["reason"],
        "owner": texts["owner"],
        "date": days["date"],
        "expires": days["expires"],
    }


def _checked_match(at: Address, match: object, fault: Callable[[Address, str, str], None]) -> dict[str, str]:
    if not isinstance(match, dict) or set(match) != set(_SIDES):
        what = 'match is required, as { legacy = "...", own = "..." }: what each side said'
        fault(at, "missing_value", what)
        return {}
    for side, pattern in match.items():
        wrong = pattern_fault(pattern, ignore_case=False) if isinstance(pattern, str) else "is no text"
        if not wrong and all(compile_pattern(pattern, ignore_case=False).search(text) for text in _SAYS_NOTHING):
            wrong = "fits whatever is said"
        if wrong:
            fault((*at, side), "bad_pattern", f"match is of regular expressions: {pattern!r} {wrong}")
    return match


def _day(value: object) -> str:
    """Return a day as `YYYY-MM-DD`, "" for what is none."""
    if isinstance(value, dt.datetime):
        value = value.date()
    if isinstance(value, dt.date):
        return value.isoformat()
    try:
        return dt.date.fromisoformat(value).isoformat() if isinstance(value, str) else ""
    except ValueError:
        return ""
