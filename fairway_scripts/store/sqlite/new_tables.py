"""The tables of a new store as one SQL script: what the steps of the schema make, without what they are made with.

Loading sqlite-utils costs more than making the tables. `make tables` writes the script and the number of the schema
anew, which is due whenever a step is changed or added; until then a new store is made by the steps.
"""

from __future__ import annotations

import os
import sqlite3

from fairway_scripts.base import digest
from fairway_scripts.base.own_files import own_bytes
from fairway_scripts.store.schema import SCHEMA_VERSION

_FOLDER = os.path.dirname(__file__)
_SCRIPT = os.path.join(_FOLDER, "new_tables.sql")
_STEPS = ("columns.py", "steps_queue.py", "steps_cutover.py", "steps_ledger.py", "steps_views.py", "steps_links.py")


def add_tables(connection: sqlite3.Connection) -> bool:
    """Give an empty database its tables; False, and nothing done, when the script is older than the steps.

    The caller holds the write lock. Raises sqlite3.Error.
    """
    statements = _kept()
    if not statements:
        return False
    for statement in statements:
        connection.execute(statement)
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION:d}")
    return True


def statements() -> list[str]:
    """The statements that make the tables of a new store, from the script or, where that is older, from the steps."""
    return _kept() or script().split(";\n")[1:]


def _kept() -> list[str]:
    """The statements of the script, [] for one that is older than the steps."""
    try:
        first, *found = own_bytes(_SCRIPT).decode().split(";\n")
    except OSError:
        return []
    return found if first == _stamp() else []


def make_tables(connection: sqlite3.Connection, version: int = SCHEMA_VERSION) -> None:
    """Give an empty database the tables of schema `version`: by the script, else by the steps, which load sqlite-utils.

    The caller holds the write lock. Raises sqlite3.Error.
    """
    if version == SCHEMA_VERSION and add_tables(connection):
        return
    from fairway_scripts.store.sqlite.migrations import apply_until

    apply_until(connection, version)


def script(version: int = SCHEMA_VERSION) -> str:
    """The script that the steps amount to; `version` is their number."""
    from fairway_scripts.store.sqlite.migrations import apply

    connection = sqlite3.connect(":memory:", isolation_level=None)
    apply(connection)
    made = [sql for (sql,) in connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid")]
    steps = connection.execute("SELECT migration_set, name FROM _sqlite_migrations ORDER BY id")
    made += [
        "INSERT INTO _sqlite_migrations (migration_set, name, applied_at)\n"
        f"VALUES ('{group}', '{name}', strftime('%Y-%m-%d %H:%M:%f+00:00', 'now'))"
        for group, name in steps
    ]
    connection.close()
    return ";\n".join([_stamp(version), *made])


def _stamp(version: int = SCHEMA_VERSION) -> str:
    steps = "".join(digest.of_bytes(own_bytes(os.path.join(_FOLDER, name))) for name in _STEPS)
    return f"-- schema {version}, steps {digest.of_text(steps)[:16]}"


def write() -> None:
    """Write the script, and in `store/schema.py` the number of the steps."""
    from fairway_scripts.formats.file_replacement import replace_file
    from fairway_scripts.store import schema
    from fairway_scripts.store.sqlite.migrations import names

    version = len(names())
    text = own_bytes(schema.__file__).decode()
    known = f"\nSCHEMA_VERSION = {SCHEMA_VERSION}\n"
    replace_file(schema.__file__, [text.replace(known, f"\nSCHEMA_VERSION = {version}\n").encode()])
    replace_file(_SCRIPT, [script(version).encode()])


if __name__ == "__main__":
    write()
