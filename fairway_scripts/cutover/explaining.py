"""Drafting entries of `compat/differences.toml` for differences that nobody has explained yet."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import TYPE_CHECKING

from fairway_scripts.base.patterns.globs import LONGEST_PATTERN
from fairway_scripts.cutover.parity.parity_report import as_text
from fairway_scripts.cutover.parity.parity_rules import CALL

if TYPE_CHECKING:
    from fairway_scripts.cutover.parity.parity_shapes import Drafted, Fact, Report, Summary

#: How long a drafted explanation counts, in days: then somebody looks again.
_DAYS = 90
#: What means something in a pattern.
_SPECIAL = "\\.^$*+?()[]{}|"


def drafts(found: Report, reason: str, owner: str, today: str) -> list[Drafted]:
    """Draft an entry for each open difference of a report, each kind once.

    A call that could not be translated gets none:
    the table of calls says how it is read.
    """
    expires = (dt.date.fromisoformat(today) + dt.timedelta(days=_DAYS)).isoformat()
    entries: list[Drafted] = []
    for row in _rows(found):
        for difference in (each for case in row["open"] for each in case["differences"]):
            entry: Drafted = {
                "operation": row["operation"],
                "field": difference["field"],
                "match": {"legacy": _exactly(difference["legacy"]), "own": _exactly(difference["own"])},
                "word": difference.get("word") or "",
                "reason": reason,
                "owner": owner,
                "date": today,
                "expires": expires,
            }
            if difference["field"] != CALL and entry not in entries:
                entries.append(entry)
    return entries


def untranslated(found: Report) -> int:
    """Return how many calls of a report could not be translated."""
    cases = [case for row in _rows(found) for case in row["open"]]
    return sum(any(difference["field"] == CALL for difference in case["differences"]) for case in cases)


def _rows(found: Report) -> list[Summary]:
    return [row for lane in found["lanes"] for row in lane["operations"]]


def entry_text(entry: Drafted) -> list[str]:
    """Write an entry as the lines of its file."""
    match = ", ".join(f"{side} = {_toml(text)}" for side, text in entry["match"].items())
    texts = [("reason", entry["reason"]), ("owner", entry["owner"])]
    if entry["word"]:
        texts.insert(0, ("word", entry["word"]))
    return [
        "[[difference]]",
        f"operation = {_toml(entry['operation'])}",
        f"field = {_toml(entry['field'])}",
        f"match = {{ {match} }}",
        *(f"{key} = {_toml(text)}" for key, text in texts),
        f"date = {entry['date']}",
        f"expires = {entry['expires']}",
    ]


def _exactly(value: Fact) -> str:
    """Write a pattern for what one side said and nothing else, or for its beginning where that is too long for one."""
    signs = [f"\\{sign}" if sign in _SPECIAL else sign for sign in as_text(value)]
    if len(whole := f"^{''.join(signs)}$") <= LONGEST_PATTERN:
        return whole
    lengths = itertools.accumulate(map(len, signs), initial=1)
    return "^" + "".join(sign for sign, before in zip(signs, lengths, strict=False) if before + 2 <= LONGEST_PATTERN)


def _toml(text: str) -> str:
    """Write a text as TOML; literally where signs of a pattern would have to be written twice."""
    literal = "\\" in text and "'" not in text and text.isprintable()
    return f"'{text}'" if literal else json.dumps(text, ensure_ascii=False)
