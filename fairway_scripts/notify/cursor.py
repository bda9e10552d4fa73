"""How far each notifier has told the ledger, and what it could not: a small file of the git directory for each."""

from __future__ import annotations

import contextlib
import os
import re
from typing import TYPE_CHECKING

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.formats.file_replacement import replace_file, sole_writer
from fairway_scripts.project.registry import folder_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.notify.notify_shapes import State
    from fairway_scripts.project.project import Project

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}")

_STATE = "state.json"


def place_of(project: Project, name: str) -> str:
    """The file of a notifier. Raises FairwayError `usage` for a name that is no file name."""
    if not _NAME.fullmatch(name):
        raise FairwayError("usage", f"NOTIFIER {name!r} is no name: letters, digits, dots and dashes")
    return os.path.join(folder_of(project), "notify", name, _STATE)  # a folder each: the lock is on the folder


def states(project: Project) -> dict[str, State]:
    """Every notifier of the project with its state."""
    folder = os.path.join(folder_of(project), "notify")
    try:
        names = sorted(os.listdir(folder))
    except FileNotFoundError:
        return {}
    places = {name: os.path.join(folder, name, _STATE) for name in names}
    return {name: _read(place) for name, place in places.items() if os.path.exists(place)}


@contextlib.contextmanager
def held(place: str) -> Iterator[State]:
    """The state of a notifier, which nobody else moves on meanwhile; `{}` for a new one."""
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with sole_writer(place):
        yield _read(place)


def keep(place: str, state: State) -> None:
    """Write a state down."""
    replace_file(place, jsonio.dumps(state).encode() + b"\n")


def _read(place: str) -> State:
    try:
        with open(place, encoding="utf-8") as file:
            found = jsonio.loads(file.read())
            state: State = found
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as problem:
        raise FairwayError("file_unavailable", f"{place}: cannot be read: {problem}") from problem
    if not isinstance(found, dict) or not isinstance(found.get("cursor"), int):
        raise FairwayError("invalid_document", f"{place}:1: it is no state of a notifier")
    return state
