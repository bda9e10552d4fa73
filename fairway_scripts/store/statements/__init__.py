"""Named SQL statements, one file a family, in SQL that SQLite 3.35 and PostgreSQL 13 both accept.

A statement is written `-- name: family.verb_noun`, then SQL with `:named` values. A family is read on first use.
"""

from __future__ import annotations

import os

_FOLDER = os.path.dirname(__file__)
_families: dict[str, dict[str, str]] = {}


def statement(name: str) -> str:
    """The SQL called `family.name`; raises KeyError when there is none."""
    family, _, rest = name.partition(".")
    if family not in _families:
        _families[family] = _read(os.path.join(_FOLDER, f"{family}.sql"))
    return _families[family][rest]


def _read(path: str) -> dict[str, str]:
    found: dict[str, str] = {}
    with open(path, encoding="utf-8") as file:
        for block in file.read().split("-- name: ")[1:]:
            name, _, text = block.partition("\n")
            found[name.strip()] = text.strip()
    return found
