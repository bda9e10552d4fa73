"""The projects that a person has on this machine: `$XDG_STATE_HOME/fairway/projects.json`.

A project is its store's uuid, so worktrees of one repository are one project, a clone that moved is the one that it
was, and two tracks in one repository, each with its own configuration and store, are two.
"""

from __future__ import annotations

import contextlib
import os

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.formats.file_replacement import replace_file, sole_writer

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    Entry = dict[str, str]

_SCHEMA = "projects/1"
_KEYS = ("uuid", "name", "folder", "store", "config")


def path() -> str:
    """Where the file is."""
    state = os.environ.get("XDG_STATE_HOME", "")
    if not os.path.isabs(state):  # the base directory specification ignores a relative one
        state = os.path.join(os.path.expanduser("~"), ".local", "state")
    return os.path.join(state, "fairway", "projects.json")


def projects() -> list[Entry]:
    """Every project, by name and folder: {uuid, name, folder, store, config}, where config is "" for the usual one.

    Raises FairwayError `invalid_document` for a file that is none of ours, `file_unavailable`.
    """
    place = path()
    try:
        with open(place, encoding="utf-8") as file:
            found = jsonio.loads(file.read())
    except FileNotFoundError:
        return []
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{place}: cannot be read: {problem.strerror}") from problem
    except ValueError as problem:
        raise _foreign(place, f"it is no JSON: {problem}") from problem
    if not isinstance(found, dict) or found.get("schema") != _SCHEMA or not isinstance(found.get("projects"), list):
        raise _foreign(place, f"it is no {_SCHEMA}")
    rows = found["projects"]
    if not all(isinstance(row, dict) and all(isinstance(row.get(key), str) for key in _KEYS) for row in rows):
        raise _foreign(place, f"a project has not just the texts {', '.join(_KEYS)}")
    return sorted(({key: row[key] for key in _KEYS} for row in rows), key=lambda row: (row["name"], row["folder"]))


def put(entry: Entry) -> Entry | None:
    """Add a project, or bring the one with its uuid up to date; what stood there before.

    Raises FairwayError `already_exists` for a name that another project has.
    """
    with _changing() as rows:
        before = next((row for row in rows if row["uuid"] == entry["uuid"]), None)
        other = next((row for row in rows if row["name"] == entry["name"] and row is not before), None)
        if other:
            message = f"the project {entry['name']} is another one already: {other['folder']}"
            raise FairwayError("already_exists", message, suggest("fairway-projects", "add", PROJECT_NAME=None))
        rows[:] = [row for row in rows if row is not before] + [entry]
    return before


def drop(word: str) -> Entry:
    """Remove a project by its name, uuid or folder; its repository and store are not touched. Raises `not_found`."""
    with _changing() as rows:
        found = chosen(rows, word)
        rows.remove(found)
    return found


def chosen(rows: list[Entry], word: str) -> Entry:
    """The project that a name, a uuid or a folder means; raises FairwayError `not_found`."""
    folder = os.path.realpath(word)
    for row in rows:
        if word in (row["name"], row["uuid"]) or folder == row["folder"]:
            return row
    raise FairwayError("not_found", f"there is no project {word}", suggest("fairway-projects", "list"))


@contextlib.contextmanager
def _changing() -> Iterator[list[Entry]]:
    """The projects, to be changed in place by nobody else meanwhile, and written when the block ends well."""
    place = path()
    os.makedirs(os.path.dirname(place), mode=0o700, exist_ok=True)
    with sole_writer(place):
        rows = projects()
        yield rows
        replace_file(place, jsonio.dumps({"schema": _SCHEMA, "projects": rows}).encode() + b"\n")


def _foreign(place: str, why: str) -> FairwayError:
    return FairwayError("invalid_document", f"{place}:1: {why}", suggest_program("mv", place, f"{place}.old"))
