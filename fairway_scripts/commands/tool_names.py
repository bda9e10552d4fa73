"""The tools as compat-scan compares them with a host's targets: which flags, names and bare words each takes."""

from __future__ import annotations

from typing import Any

from fairway_scripts.catalog import TOOLS
from fairway_scripts.front_door.names import SCRIPTS
from fairway_scripts.options import SWITCHES, VALUES, VARIABLE_ALIASES, flags
from fairway_scripts.render.make_fragment import FROM_MAKEFILE

#: The bare words of tools whose first one is no task, or that take more than one.
_POSITIONS = {
    "queue-set-status": ["TASK_ID", "STATUS"],
    "queue-preflight": ["ROLE"],
    "agent-role-config": ["ROLE"],
    "regression-packs": ["PACK_ID"],
    "packet-template": ["TEMPLATE", "TASK_ID"],
}


def catalogue() -> dict[str, Any]:
    """The tools, their make targets, the variables they know and the scripts they replace, as plain data."""
    tools = {}
    for name, tool in TOOLS.items():
        variables = tool.all_variables
        known: dict[str, str] = {}
        for variable in variables:
            known |= dict.fromkeys(flags(variable, variables), variable)
        tools[name] = {
            "flags": known,
            "switches": [variable for variable in variables if variable in SWITCHES],
            "names": [*variables, *(alias for own in variables for alias in VARIABLE_ALIASES.get(own, ()))],
            "positions": _POSITIONS.get(name, [tool.first] if tool.first else []),
            "target": bool(tool.make_targets),
        }
    return {
        "tools": tools,
        "targets": {
            target: [tool.name, *words] for tool in TOOLS.values() for target, words in tool.make_targets.items()
        },
        "names": {*VALUES, *SWITCHES, *(alias for names in VARIABLE_ALIASES.values() for alias in names)},
        "scripts": SCRIPTS,
        "heard": set(FROM_MAKEFILE),
    }
