"""`compat/profile.mk`: a host's own names for the targets and variables of the suite, for `make/fairway.mk` to read.

The same rules as for the fragment hold: GNU Make 3.81, no value of anybody in a recipe, nothing run while it is read.
"""

from __future__ import annotations

from textwrap import fill
from typing import TYPE_CHECKING, Any

from fairway_scripts.catalog import COMMON, MUTATING, TOOLS
from fairway_scripts.options import flag
from fairway_scripts.render.make_fragment import FROM_ENVIRONMENT, own_variables

if TYPE_CHECKING:
    from collections.abc import Mapping

_HEADER = """\
# profile.mk: this repository's own names for targets and variables of Fairway Scripts.
#
# Written by compat-scan --write from compat/profile.toml: change that, then run it again. fairway.mk reads this file;
# FAIRWAY_PROFILE names another one, FAIRWAY_SKIP keeps a target as the host has it.
"""


def profile_fragment(profile: Mapping[str, Any]) -> str:
    """The text of `compat/profile.mk` for what `read_profile` gave.

    A target that the profile leaves without a tool, and that has the name of one of ours, stays the host's.
    """
    targets = profile["targets"]
    names = sorted({host for entry in targets.values() if entry["tool"] for host in entry["variables"]})
    blocks = [_HEADER, _list("fairway.host.variables", names) + "\n"]
    offered = {name: (tool.name, words) for tool in TOOLS.values() for name, words in tool.make_targets.items()}
    for name, entry in sorted(targets.items()):
        block = _block(name, entry, offered) if "%" not in name else ""
        blocks += [block] if block else []
    return "\n".join(blocks)


def _block(name: str, entry: Mapping[str, Any], offered: Mapping[str, tuple[str, list[str]]]) -> str:
    ours = offered.get(name)
    if not entry["tool"]:
        return f"# The host's own meaning counts.\nFAIRWAY_SKIP += {name}\n" if ours else ""
    taken = ours is not None and ours[0] == entry["tool"]
    words = [word for word in entry["words"] if not (taken and ours is not None and word in ours[1])]
    names = sorted(entry["variables"])
    data = [f"fairway.names.{name} := {' '.join(names)}"] if names else []
    ambient = [host for host in names if entry["variables"][host] in FROM_ENVIRONMENT and host not in FROM_ENVIRONMENT]
    data += [f"fairway.environment.{name} := {' '.join(ambient)}"] if ambient else []
    data += [f"fairway.words.{name} := {' '.join(words)}"] if words else []
    data += [
        f'fairway.flag.{name}.{host} := $${{{host}+{flag(own)}="$${host}"}}'
        for host, own in sorted(entry["variables"].items())
    ]
    lines = [f"{line}\n" for line in data]
    if taken:  # the profile says what the target is to do, so it is ours although the host has a recipe for it
        lines.append(f"FAIRWAY_TAKE += {name}\n")
    else:
        lines.insert(0, _rule(name, entry["tool"]))
        lines += [f"FAIRWAY_SKIP += {name}\n"] if ours else []
    return "".join(lines)


def _rule(name: str, tool_name: str) -> str:
    tool = TOOLS[tool_name]
    names = [*own_variables(tool), *(MUTATING if tool.mutates else []), *COMMON]
    return (
        f"ifeq ($(filter $(FAIRWAY_SKIP),{name}),)\n"
        f".PHONY: {name}\n"
        f"{name}: ## {tool.summary} The same as {tool_name}.\n"
        f"\t@$(call fairway.run,{tool_name},{' '.join(names)})\n"
        "endif\n"
    )


def _list(variable: str, names: list[str]) -> str:
    text = fill(f"{variable} := {' '.join(names)}".rstrip(), 110, subsequent_indent="  ", break_on_hyphens=False)
    return text.replace("\n", " \\\n")
