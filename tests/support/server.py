"""The PostgreSQL server of the tests: one for each process that asks for it, gone with the process."""

from __future__ import annotations

import atexit
import importlib.util
import os
import uuid
from functools import cache
from typing import Any

import pytest

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
_SPEC = importlib.util.spec_from_file_location("own_server", os.path.join(HOME, "scripts", "own_server.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
own_server: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(own_server)
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


def fresh_schema() -> str:
    """A name that no other test has."""
    return f"t_{uuid.uuid4().hex[:12]}"
