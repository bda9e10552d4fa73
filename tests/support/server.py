"""The PostgreSQL server of the tests: one for each process that asks for it, gone with the process."""

from __future__ import annotations

import atexit
import importlib.util
import os
import uuid
from contextlib import closing
from functools import cache
from typing import Any

import pytest

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def _script(name: str) -> Any:
    spec = importlib.util.spec_from_file_location(name, os.path.join(HOME, "scripts", f"{name}.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


own_server = _script("own_server")
own_network = _script("own_network")
SERVICE = own_server.SERVICE
Server = own_server.Server


@cache
def server() -> Any:
    """The server of this process, started when it is asked for first.

    Skips where PostgreSQL's programs are missing, and fails when CI is set.
    """
    folder = own_server.programs()
    if not folder:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL's server (initdb, postgres) is not here, and CI has to have it")
        pytest.skip("PostgreSQL's server (initdb, postgres) is not here")
    made = Server(folder)
    atexit.register(made.remove)
    return made


def socket_of(running: Any) -> str:
    """The socket of a running server."""
    return os.path.join(running.folder, ".s.PGSQL.5432")


#: The schema that `make_older` goes back to.
OLDER = 12


def columns_of(version: int) -> dict[str, set[str]]:
    """The columns of each table of a store of an older schema, or of today's."""
    import sqlite3

    from fairway_scripts.store.schema import TABLES
    from fairway_scripts.store.sqlite.new_tables import make_tables

    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        make_tables(connection, version)
        found = {name: connection.execute(f"PRAGMA table_info({name})").fetchall() for name in TABLES}
    return {name: {column[1] for column in columns} for name, columns in found.items() if columns}


def make_older(schema: str) -> None:
    """Make a store on the server one of schema 12 again."""
    from fairway_scripts.store.schema import SCHEMA_VERSION, VIEWS

    old, new = columns_of(OLDER), columns_of(SCHEMA_VERSION)
    changes = [f"DROP VIEW {schema}.{view};" for view in VIEWS]
    changes += [f"DROP TABLE {schema}.{name};" for name in sorted(new.keys() - old.keys())]
    for name, columns in old.items():
        changes += [f"ALTER TABLE {schema}.{name} DROP COLUMN {column};" for column in sorted(new[name] - columns)]
    server().sql(f"{' '.join(changes)} UPDATE {schema}.store_schema SET version = {OLDER}")


def fresh_schema() -> str:
    """A name that no other test has."""
    return f"t_{uuid.uuid4().hex[:12]}"
