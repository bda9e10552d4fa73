"""fairway-store-roles."""

from __future__ import annotations

from typing import Any

from fairway_scripts.errors import OK
from fairway_scripts.operations.store_roles import role_statements
from fairway_scripts.operations.unopened import find_project
from fairway_scripts.render.answer import answer


def run(args: Any) -> int:
    """Print the SQL for psql; nothing is sent to a server."""
    told = role_statements(find_project(args), args.grantee)
    answer(args, told, told["statements"])
    return OK
