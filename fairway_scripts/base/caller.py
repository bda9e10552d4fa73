"""The environment of whoever made this call: what a command that we run for somebody gets.

make puts every typed variable into the environment of its recipes (`TIMEOUT=20m`, `COMMAND=...`), where a Makefile or a
test runner would take it for its own. The fragment says which names those are (`FAIRWAY_MADE`); here they go out
again, so that a command runs in the same environment whether its tool was started by make or by hand.
"""

from __future__ import annotations

import os

#: What make says to the makes below it, and what the fragment says to our tools.
OF_MAKE = (
    *("MAKEFLAGS", "MFLAGS", "MAKEOVERRIDES", "MAKELEVEL", "MAKE_TERMOUT", "MAKE_TERMERR", "MAKE_RESTARTS"),
    *("GNUMAKEFLAGS", "FAIRWAY_VIA", "FAIRWAY_MADE", "FAIRWAY_UNREAD", "FAIRWAY_GOALS", "FAIRWAY_MAKEFILES"),
)
#: Between make and its tool there may be a shell or two.
_GENERATIONS = 4


def environment() -> dict[str, str]:
    """Our environment without what make put into it for us; a name that the caller had before has its value again.

    The earlier value is known where the system shows the environment of make's own process (`/proc`); elsewhere the
    name is left out.
    """
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in OF_MAKE and not name.startswith("FAIRWAY_TYPED_")
    }
    made = [name for name in os.environ.get("FAIRWAY_MADE", "").split() if name not in OF_MAKE]
    if made:
        before = _before_make()
        for name in made:
            kept.pop(name, None)
            if name in before:
                kept[name] = before[name]
    return kept


def _before_make() -> dict[str, str]:
    """The environment that make was started with: of the nearest process above us on another level of make."""
    level, process = os.environ.get("MAKELEVEL", ""), os.getppid()
    for _generation in range(_GENERATIONS):
        found = _environment_of(process)
        if found.get("MAKELEVEL", "") != level:
            return found
        process = _parent_of(process)
    return {}


def _environment_of(process: int) -> dict[str, str]:
    try:
        with open(f"/proc/{process}/environ", "rb") as file:
            entries = file.read().split(b"\0")
    except OSError:
        return {}
    return dict(os.fsdecode(entry).split("=", 1) for entry in entries if b"=" in entry)


def _parent_of(process: int) -> int:
    try:
        with open(f"/proc/{process}/stat", "rb") as file:
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, IndexError, ValueError):
        return 0
