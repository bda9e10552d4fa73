"""fairway-store-roles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer
from fairway_scripts.project.opening import find_project
from fairway_scripts.upkeep.store_roles import role_statements

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import FairwayStoreRoles


def run(args: FairwayStoreRoles) -> int:
    """Print the SQL for psql; nothing is sent to a server."""
    told = role_statements(find_project(args), args.grantee)
    answer(args, told, told["statements"])
    return OK
