"""Drafting entries of `compat/differences.toml` for differences that nobody has explained yet."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from typing import Any

from fairway_scripts.base.patterns.globs import LONGEST_PATTERN
from fairway_scripts.cutover.parity.parity_report import as_text
from fairway_scripts.cutover.parity.parity_rules import CALL

#: How long a drafted explanation counts, in days: then somebody looks again.
_DAYS = 90
#: What means something in a pattern.
_SPECIAL = "\\.^$*+?()[]{}|"


def drafts(found: dict[str, Any], reason: str, owner: str, today: str) -> list[dict[str, Any]]:
    """An entry for each open difference of a report, each kind once.

    It is {operation, field, match, word, reason, owner, date, expires}. A call that could not be translated gets none:
    the table of calls says how it is read.
    """
    expires = (dt.date.fromisoformat(today) + dt.timedelta(days=_DAYS)).isoformat()
    entries: list[dict[str, Any]] = []
    for row in (row for lane in found["lanes"] for row in lane["operations"]):
        for difference in (each for case in row["open"] for each in case["differences"]):
            said = {side: _exactly(difference[side]) for side in ("legacy", "own")}
            entry = {"operation": row["operation"], "field": difference["field"], "match": said}
            entry |= {"word": difference.get("word") or "", "reason": reason, "owner": owner}
            entry |= {"date": today, "expires": expires}
            if difference["field"] != CALL and entry not in entries:
                entries.append(entry)
    return entries


def entry_text(entry: dict[str, Any]) -> list[str]:
    """An entry as the lines of its file."""
    match = ", ".join(f"{side} = {_toml(text)}" for side, text in entry["match"].items())
    texts = [(key, entry[key]) for key in ("word", "reason", "owner") if entry[key] or key != "word"]
    return [
        "[[difference]]",
        f"operation = {_toml(entry['operation'])}",
        f"field = {_toml(entry['field'])}",
        f"match = {{ {match} }}",
        *(f"{key} = {_toml(text)}" for key, text in texts),
        f"date = {entry['date']}",
        f"expires = {entry['expires']}",
    ]


def _exactly(value: Any) -> str:
    """A pattern for what one side said and for nothing else; of what is too long for a pattern, for its beginning."""
    signs = [f"\\{sign}" if sign in _SPECIAL else sign for sign in as_text(value)]
    if len(whole := f"^{''.join(signs)}$") <= LONGEST_PATTERN:
        return whole
    lengths = itertools.accumulate(map(len, signs), initial=1)
    return "^" + "".join(sign for sign, before in zip(signs, lengths, strict=False) if before + 2 <= LONGEST_PATTERN)


def _toml(text: str) -> str:
    """A text as TOML; literally where signs of a pattern would have to be written twice."""
    literal = "\\" in text and "'" not in text and text.isprintable()
    return f"'{text}'" if literal else json.dumps(text, ensure_ascii=False)
