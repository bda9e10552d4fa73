"""The one table of tools, a file a family.

`TOOLS` maps the name that a person types (a file in `bin/`, a make target of the same name) to the command
module that answers it, one line of help, the make variables it takes, and an example. The command line of a tool,
`make/fairway.mk`, `queue-help` and the interface page are all made from this table; tests keep them equal.
"""

from __future__ import annotations

from fairway_scripts.catalog.tool import COMMON, MUTATING, Tool

TYPE_CHECKING = False
if TYPE_CHECKING:
    TOOLS: dict[str, Tool]

__all__ = ["ACROSS", "COMMON", "FAMILIES", "LONG", "MUTATING", "TOOLS", "Tool", "family_tools", "find_tool"]

#: The families in the order of help; what agents call most comes first and is looked at first.
FAMILIES = ("work", "definitions", "oversight", "attachments", "packets", "utilities", "trackers", "cutover", "upkeep")

#: Tools whose work may last, and which never hand the terminal to another program: they show their progress on one.
LONG = frozenset(
    (
        *("queue-import", "queue-export", "queue-generate", "queue-snapshot", "queue-backup", "queue-restore"),
        *("queue-migrate", "queue-verify", "queue-doctor", "queue-git-check", "queue-merge-ready", "queue-validate"),
        *("orchestrator-status", "orchestrator-preflight", "orchestrator-dispatch"),
        *("evidence-bundle", "evidence-verify", "release-verify", "gate-select", "readiness-report", "review-report"),
        *("output-report", "ci-packet", "deploy-packet", "uat-matrix", "trusted-run", "watcher-run", "bugfix-packet"),
        *("compat-scan", "compat-install", "parity-report", "parity-report run", "parity-report keep"),
        *("worktree-setup", "worktree-prune"),
        *("fairway-tracker import", "fairway-tracker export", "fairway-tracker reconcile"),
    )
)

#: The module that answers a call of any tool with ALL_PROJECTS: it asks the tool in each of them.
ACROSS = "registry.commands.across"


def find_tool(name: str) -> Tool:
    """The tool called `name`, or a word of one (`parity-report run`); raises KeyError when there is none.

    No more families are read than it takes.
    """
    if name not in _found:
        _found[name] = _find(name)
    if (tool := _found[name]) is None:
        raise KeyError(name)
    return tool


#: What was looked for before: a list of findings names few tools many times, and so do calls in a row their verbs.
_found: dict[str, Tool | None] = {}


def _find(name: str) -> Tool | None:
    every = (tool for family in FAMILIES for tool in family_tools(family))
    return next((each for tool in every for each in (tool, *tool.words) if each.name == name), None)


def family_tools(name: str) -> tuple[Tool, ...]:
    """The tools of one family of `FAMILIES`, in the order of help."""
    tools: tuple[Tool, ...] = __import__(f"{__name__}.{name}", fromlist=["TOOLS"]).TOOLS
    return tools


def __getattr__(name: str) -> dict[str, Tool]:
    """`TOOLS`, made when somebody asks for all of it."""
    if name != "TOOLS":
        raise AttributeError(name)
    table = {tool.name: tool for family in FAMILIES for tool in family_tools(family)}
    globals()["TOOLS"] = table
    return table
