"""SQL that both engines understand, in the words of PostgreSQL: the values become `$1` ..."""

from __future__ import annotations

import os

from fairway_scripts.store.statements import read_file, statement

TYPE_CHECKING = False

_OWN = os.path.join(os.path.dirname(__file__), "statements.sql")
_translated: dict[str, tuple[str, tuple[str, ...]]] = {}
_overrides: dict[str, str] = {}


def own_statement(name: str) -> str:
    """The SQL called `family.name`: this engine's own where it has one, else everybody's; raises KeyError."""
    if not _overrides:
        _overrides.update(read_file(_OWN))
    return _overrides.get(name) or statement(name)


def translated(text: str) -> tuple[str, tuple[str, ...]]:
    """A statement with `$n` for its values, and the names of those in their order ("" for each `?`).

    LIKE becomes ILIKE: SQLite's does not look at case. Without expressions: loading those takes longer than all of it.
    """
    found = _translated.get(text)
    if found is None:
        names: list[str] = []
        parts = text.split("'")  # every other one is a text, which stays as it is
        parts[::2] = [_with_numbers(part.replace(" LIKE ", " ILIKE "), names) for part in parts[::2]]
        found = _translated[text] = ("'".join(parts), tuple(names))
    return found


def _with_numbers(part: str, names: list[str]) -> str:
    first, *rest = part.replace("?", ":").split(":")
    made = [first]
    for piece in rest:
        end = 0
        while end < len(piece) and (piece[end].isalnum() or piece[end] == "_"):
            end += 1
        name = piece[:end]
        if not name or name not in names:
            names.append(name)
            number = len(names)
        else:
            number = names.index(name) + 1
        made.append(f"${number}{piece[end:]}")
    return "".join(made)


def as_text(value: object) -> str | None:
    """A value as the server reads it; raises ValueError for a text that no server takes."""
    if value is None or isinstance(value, str):
        if value is not None and "\0" in value:
            raise ValueError("a NUL character, which PostgreSQL does not take")
        return value
    return str(int(value)) if isinstance(value, bool) else str(value)
