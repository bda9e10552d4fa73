"""`make/fairway.mk`, written from the table of tools.

`python -m fairway_scripts.front.make_fragment > make/fairway.mk` writes the committed file; a test keeps the two
equal. The fragment is read by GNU Make 3.81 (the make of macOS) and newer, and carries each value as an exported
variable that the shell reads, so that nothing a person types is ever executed by make or by the shell.
"""

from __future__ import annotations

import os
import runpy
import sys
from textwrap import fill

from fairway_scripts.base.own_files import HOME
from fairway_scripts.calls.options import VARIABLE_ALIASES, flag
from fairway_scripts.calls.verbs import DAILY
from fairway_scripts.catalog import COMMON, MUTATING, TOOLS
from fairway_scripts.front import make_parts as parts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

    from fairway_scripts.catalog import Tool

#: The names that count wherever they stand, typed or not: a session, or a makefile that is all about one lane, sets
#: them once for all its calls. Every other name (`STATUS`, `OUTPUT`, `TAGS`, ...) is also set by hosts, CI systems and
#: shells for their own ends, so it counts only when it is typed.
FROM_MAKEFILE: Final = ["TASK_ID", "ROLE", "AGENT_ROLE", "ACTOR", "QUEUE_DB", "QUEUE_FILE", "WORKTREE_ROOT"]
#: From the environment also who works: a person exports it once a shell.
FROM_ENVIRONMENT: Final = [*FROM_MAKEFILE, "OWNER"]
#: The names that the tools read from their environment and that no flag carries.
SETTINGS: Final = [
    "AGENT_ROLE",
    "FAIRWAY_ROLE",
    "WORKTREE_ROOT",
    "AGENT_QUEUE_DB",
    "AGENT_QUEUE_FILE",
    "FAIRWAY_CONFIG",
    "FAIRWAY_SESSION_ID",
]


def fragment() -> str:
    """The whole text of `make/fairway.mk`: the contract, the values, the flags and a target for each tool."""
    tools = [tool for tool in TOOLS.values() if tool.make_targets]
    names = _names(tools)
    targets = [target for tool in tools for target in tool.make_targets]
    sections = [
        parts.CONTRACT,
        parts.SETTINGS,
        "\n".join(
            [
                _list("fairway.variables", names),
                "# Read by the tools from their environment; no flag carries them.",
                _list("fairway.settings", SETTINGS),
                "# The names that count from the environment, and from a makefile.",
                _list("fairway.from.environment", FROM_ENVIRONMENT),
                _list("fairway.from.file", FROM_MAKEFILE),
                "# Tools that hardly ever need a package.",
                _list("fairway.light", sorted(_light().intersection(TOOLS))),
            ]
        )
        + "\n",
        parts.SEAL,
        parts.CALL,
        _flags(names),
        _list("fairway.targets", targets) + "\n\n" + parts.TARGETS,
        _list("fairway.changing", MUTATING) + "\n" + _list("fairway.common", COMMON) + "\n",
        "".join(_target(tool, name, words) for tool in tools for name, words in tool.make_targets.items()),
        parts.END,
    ]
    return "\n".join(sections)


def _light() -> frozenset[str]:
    """The tools that start without packages, as the starter of the checkout has them."""
    light: frozenset[str] = runpy.run_path(os.path.join(HOME, "bin", "_start.py"))["LIGHT"]
    return light


def help_lines(*, everything: bool) -> str:
    """The text of `make/fairway-help.mk` (the day's targets) or `-all.mk`: a line `target: ## what it does` each."""
    rows = [(tool, target, words) for tool in TOOLS.values() for target, words in tool.make_targets.items()]
    if not everything:
        rows = [(TOOLS[name], name, []) for name in (*DAILY, "queue-help")]
    lines = [f"{target}: ## {tool.summary}{_same(tool, target, words)}\n" for tool, target, words in rows]
    return f"{parts.HELP}{''.join(lines)}endif\n"


def own_variables(tool: Tool) -> list[str]:
    """The make variables of one tool beside the common ones, each behind its other names, so that it wins."""
    taken = tool.all_variables
    shared = {*COMMON, *MUTATING}
    names: list[str] = []
    for name in taken:
        if name not in shared:
            names += [alias for alias in VARIABLE_ALIASES.get(name, ()) if alias not in taken]
            names.append(name)
    return names


def _names(tools: list[Tool]) -> list[str]:
    """Every variable of every tool, once and sorted, so that a new one changes two lines."""
    return sorted({*MUTATING, *COMMON, *(name for tool in tools for name in own_variables(tool))})


def _list(variable: str, names: list[str]) -> str:
    """An assignment of words, folded where it is long."""
    return fill(f"{variable} := {' '.join(names)}", 110, subsequent_indent="  ", break_on_hyphens=False).replace(
        "\n", " \\\n"
    )


def _flags(names: list[str]) -> str:
    """For each variable its flag, as the shell is to read it (nothing when it is not set), and its other names."""
    lines = [f'fairway.flag.{name} := $${{{name}+{flag(name)}="$${name}"}}' for name in names]
    same: dict[str, set[str]] = {}
    for name, others in VARIABLE_ALIASES.items():
        for other in others:
            same.setdefault(name, set()).add(other)
            same.setdefault(other, set()).add(name)
    lines += ["# Other names of the same value."]
    lines += [f"fairway.same.{name} := {' '.join(sorted(others))}" for name, others in sorted(same.items())]
    return "# A flag for each variable that is set; one that is set and empty stays apart from one that is not.\n" + (
        "\n".join(lines) + "\n"
    )


def _target(tool: Tool, target: str, fixed: list[str]) -> str:
    """The line that defines one target of a tool, unless it is left to the host."""
    names = own_variables(tool)
    if tool.mutates:
        names = [*names, "$(fairway.changing)"]
    words = " ".join([*names, "$(fairway.common)"])
    return f"$(call fairway.target,{target},{' '.join([tool.name, *fixed])},{words})\n"


def _same(tool: Tool, target: str, fixed: list[str]) -> str:
    return "" if target == tool.name else f" The same as {' '.join([tool.name, *fixed])}."


if __name__ == "__main__":
    wanted = sys.argv[1:]
    sys.stdout.write(help_lines(everything=wanted == ["help-all"]) if wanted else fragment())
