"""The published interface of the older scripts, in the form of a host's profile: names, subcommands, flags.

GPUaaS scripts take make variables as flags (`--task-id ID`, `--task_id=ID`), as `TASK_ID=ID`, or, for the packets,
from their environment. What a host's own `compat/profile.toml` says of a script goes before this table.
"""

from __future__ import annotations

from fairway_scripts.calls.variables import ALIASES, VALUES, VARIABLE_ALIASES
from fairway_scripts.catalog import find_tool
from fairway_scripts.cutover.door.entries import Entry, own_flag, tool_variables
from fairway_scripts.cutover.door.published_calls import SCRIPTS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import TableEntry

#: Tools whose bare word is a lane, and those that are fed by the environment, or only by a part of it.
_LANE_FIRST = frozenset({"queue-preflight", "agent-role-config"})
_PACKETS = frozenset({"context-packet", "watcher-packet", "bugfix-packet"})
_CHECKS = {"QUEUE_FILE": "QUEUE_FILE"}
#: Flags with a value that some tool takes, so that the word behind them is never taken for something else.
_EVERY = {own_flag(name) for name in VALUES} | {flag for flags in ALIASES.values() for flag in flags} | {"--config"}


def published(script: str, subcommand: str) -> Entry | None:
    """Return the entry of a published call, None for one that is not published."""
    text = SCRIPTS.get(script, {}).get(subcommand)
    if text is None:
        return None
    tool = text.partition(" ")[0]
    if not tool_variables(tool):  # not every installation has every tool
        return None
    data: TableEntry = {"tool": text, "positional": _positional(tool)}
    if tool in _PACKETS:
        data["env"] = "same"
    elif script.startswith("scripts/ci/"):
        data["env"] = _CHECKS
    return Entry(script, subcommand, data, published=True)


def _positional(tool: str) -> list[str]:
    first = "ROLE" if tool in _LANE_FIRST else find_tool(tool).first
    return [first] if first else []


def names_of(tool: str) -> tuple[dict[str, str], set[str]]:
    """Return what a published call of a tool may say: {flag or `NAME=`: variable}, and all flags with a value."""
    names = tool_variables(tool)
    found: dict[str, str] = {}
    for name in names:
        others = [flag for flag in ALIASES.get(name, ()) if flag[2:].upper().replace("-", "_") not in names]
        further = [other for other in VARIABLE_ALIASES.get(name, ()) if other not in names]
        found |= dict.fromkeys([own_flag(name), *others, f"{name}=", *(f"{other}=" for other in further)], name)
    return found, _EVERY


def plain(word: str) -> str:
    """Spell a subcommand as the table does: `queue_set_status` is `set-status`."""
    return word.replace("_", "-").removeprefix("queue-")
