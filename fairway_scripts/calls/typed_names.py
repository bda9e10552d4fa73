"""Names that were typed for make and that the tool of the target does not take: a slip, or the host's own.

make gives a misspelt variable to nobody and goes on, so DRYRUN=1 for queue-prune-stale would prune. The fragment
hands such names over (`FAIRWAY_UNREAD`), and a tool refuses one that is close to a name that the call does take before
it does anything. What is not close is the host's own business.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest, suggest_call

#: The names that the fragment fills.
_UNREAD, _GOALS, _MAKEFILES = "FAIRWAY_UNREAD", "FAIRWAY_GOALS", "FAIRWAY_MAKEFILES"
#: Names that make, shells and compilers take themselves; PATH is no slip for PATHS.
_FOREIGN = ("PATH", "HOME", "SHELL", "USER", "LANG", "PWD", "TERM", "TMPDIR", "MAKE", "MAKEFLAGS", "CC", "CXX")


def refuse_slips(tool_name: str) -> list[str]:
    """Notes on typed names of ours that no tool of this call takes; the fragment's words leave the environment.

    Raises FairwayError `usage` naming the name that was meant, for a name that is close to one that the tools of the
    call take, and for DRY_RUN where a tool that changes things has no such thing.
    """
    unread = os.environ.pop(_UNREAD, "").split()
    goals = os.environ.pop(_GOALS, "").split()
    makefiles = os.environ.pop(_MAKEFILES, "").split()
    tools, foreign = _tools_of(tool_name, goals)
    known = _names_of(tools)
    notes = []
    for name in unread:
        if name in known or name.startswith(("FAIRWAY_", "fairway.")) or name in _FOREIGN:
            continue
        meant, same = closest(name, known)
        hosts = _is_mentioned(name, makefiles)
        if meant and not (hosts and (foreign or not same)):
            raise FairwayError(
                "usage", f"{name} is no variable of {tool_name}: {meant} is meant", suggest_call(**{meant: None})
            )
        if name == "DRY_RUN" and any(tool.mutates for tool in tools):
            raise FairwayError("usage", f"{tool_name} has no DRY_RUN; nothing was done", suggest(tool_name, "--help"))
        if name in _vocabulary() and not hosts:
            notes.append(f"{name} is no variable of {tool_name}, and does not count")
    return notes


def closest(name: str, known: set[str]) -> tuple[str, bool]:
    """The name of `known` that `name` is most likely a slip for, "" for none; and whether its letters are the same.

    Letters in another case, without or with other marks between words (`task_id`, `TASKID`, `DRY-RUN`) are the same
    letters. Else one letter too many, too few, another, or two changed over; two such faults from six letters on; or
    another ending (DEPENDENCY, DEPENDS for DEPENDENCIES, DEPENDS_ON).
    """
    letters = _letters(name)
    for other in sorted(known):
        if _letters(other) == letters:
            return other, True
    near = []
    for other in sorted(known):
        longer = max(len(name), len(other))
        allowed = 0 if longer < 4 else 1 if longer < 6 else 2
        if abs(len(name) - len(other)) <= allowed and (faults := distance(name.upper(), other)) <= allowed:
            near.append((faults, other))
        elif name.upper()[: (same := max(7, int(0.7 * longer)))] == other[:same]:
            near.append((allowed + 1, other))
    return (min(near)[1], False) if near else ("", False)


def distance(one: str, other: str) -> int:
    """How many letters have to be added, left out, replaced or changed over with their neighbour to make them equal."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, letter in enumerate(one, 1):
        line = [row]
        for column, against in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (letter != against))
            if row > 1 and column > 1 and letter == other[column - 2] and one[row - 2] == against:
                cost = min(cost, before[column - 2] + 1)
            line.append(cost)
        before, last = last, line
    return last[-1]


def _letters(name: str) -> str:
    return "".join(letter for letter in name.upper() if letter.isalnum())


def _tools_of(tool_name: str, goals: list[str]) -> tuple[list[Tool], bool]:
    """The tools that this call of make runs, and whether it also runs something of the host."""
    from fairway_scripts.catalog import TOOLS, find_tool

    by_target = {target: tool for tool in TOOLS.values() for target in tool.make_targets}
    tools = [by_target[goal] for goal in goals if goal in by_target]
    foreign = any(goal not in by_target for goal in goals) or os.environ.get("MAKELEVEL", "1") not in ("", "0", "1")
    return [*tools, find_tool(tool_name)], foreign


def _names_of(tools: list[Tool]) -> set[str]:
    from fairway_scripts.calls.options import VARIABLE_ALIASES

    names = {name for tool in tools for name in tool.all_variables}
    return names | {alias for name in names for alias in VARIABLE_ALIASES.get(name, ())}


def _vocabulary() -> set[str]:
    from fairway_scripts.calls.options import SWITCHES, VALUES

    return {*VALUES, *SWITCHES}


def _is_mentioned(name: str, makefiles: list[str]) -> bool:
    """Whether a makefile of the host speaks of `name` as a word of its own."""
    import re

    word = re.compile(rf"(?<![\w-]){re.escape(name)}(?![\w-])")
    for path in makefiles:
        try:
            with open(path, encoding="utf-8", errors="replace") as file:
                if word.search(file.read()):
                    return True
        except OSError:
            continue
    return False


TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.catalog import Tool
