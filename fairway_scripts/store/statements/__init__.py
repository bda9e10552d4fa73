"""Named SQL statements, one file a family, in SQL that SQLite 3.35 and PostgreSQL 13 both accept.

A statement is written `-- name: family.verb_noun`, then SQL with `:named` values. A family is read on first use.
A statement that changes a table of the ledger gives the changed rows back: `RETURNING *` is added here, so that no
statement can be written that the ledger does not see. `-- name: family.verb_noun [derived]` is one that sets only
columns which need no event (`ledger_tables.DERIVED`, `LIFE_SIGNS`, `MARKS`).
"""

from __future__ import annotations

import os

from fairway_scripts.base.own_files import own_bytes

_FOLDER = os.path.dirname(__file__)
_families: dict[str, dict[str, str]] = {}

RETURNING = "\nRETURNING *"
#: Ends a statement that gives nothing to the ledger.
UNSEEN = "\n"
DERIVED_MARK = " [derived]"


def statement(name: str) -> str:
    """The SQL called `family.name`; raises KeyError when there is none."""
    family, _, rest = name.partition(".")
    if family not in _families:
        _families[family] = read_file(os.path.join(_FOLDER, f"{family}.sql"))
    text = _families[family][rest]
    if text[0] in "UID" and not text.endswith((RETURNING, UNSEEN)):
        text = _families[family][rest] = _seen(text)
    return text


def changed_table(text: str) -> str:
    """The table that a statement changes, "" for one that only reads."""
    words = text.split(None, 3)
    if words[0] == "UPDATE":
        return words[1]
    return words[2] if words[0] in ("INSERT", "DELETE") else ""


def read_file(path: str) -> dict[str, str]:
    """The statements of a file by their names."""
    found: dict[str, str] = {}
    for block in own_bytes(path).decode().split("-- name: ")[1:]:
        name, _, text = block.partition("\n")
        text = text.strip()
        if name.endswith(DERIVED_MARK):
            name, text = name.removesuffix(DERIVED_MARK), text + UNSEEN
        found[name.strip()] = text
    return found


def _seen(text: str) -> str:
    """A statement that changes rows, so that the ledger sees them where it keeps their table."""
    from fairway_scripts.store.ledger_tables import KEYS

    return text + (RETURNING if changed_table(text) in KEYS else UNSEEN)


def every_name() -> list[str]:
    """The names of all statements, `family.name`."""
    families = sorted(name.removesuffix(".sql") for name in os.listdir(_FOLDER) if name.endswith(".sql"))
    return [f"{family}.{name}" for family in families for name in read_file(os.path.join(_FOLDER, f"{family}.sql"))]


def verbs_by_table() -> dict[str, list[str]]:
    """What the statements do to each table besides reading it: `{table: [DELETE, INSERT, UPDATE]}`."""
    from fairway_scripts.store.schema import TABLES

    found: dict[str, set[str]] = {}
    for name in every_name():
        text = statement(name)
        table = changed_table(text)
        if table in TABLES:
            found.setdefault(table, set()).add(text.split(None, 1)[0])
            if "DO UPDATE" in text:
                found[table].add("UPDATE")
    return {table: sorted(verbs) for table, verbs in found.items()}
