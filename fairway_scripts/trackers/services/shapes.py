"""Reading foreign JSON: what is not there or of another kind is a `bad_answer` with its place, never a guess."""

from __future__ import annotations

from typing import NoReturn

from fairway_scripts.trackers.services.issues import TrackerError


def part(value: object, *path: str) -> object:
    """What stands at `path` of an object, None where nothing does."""
    for name in path:
        if value is None:
            return None
        if not isinstance(value, dict):
            _refuse(path, "an object")
        value = value.get(name)
    return value


def text(value: object, *path: str) -> str:
    """A text that has to be there; a number is taken as one."""
    found = part(value, *path)
    if isinstance(found, bool) or not isinstance(found, (str, int)):
        _refuse(path, "a text")
    return whole_pairs(str(found))


def whole_pairs(found: str) -> str:
    """A text of JSON as UTF-8 can hold it: half a pair of UTF-16 becomes the sign for what is not known."""
    return found.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def text_or_none(value: object, *path: str) -> str:
    """A text, "" where there is none."""
    return "" if part(value, *path) is None else text(value, *path)


def flag(value: object, *path: str) -> bool:
    """Yes or no; nothing is no."""
    found = part(value, *path)
    if found is not None and not isinstance(found, bool):
        _refuse(path, "true or false")
    return bool(found)


def rows(value: object, *path: str) -> list[object]:
    """A list that has to be there."""
    found = part(value, *path)
    if not isinstance(found, list):
        _refuse(path, "a list")
    return found


def _refuse(path: tuple[str, ...], what: str) -> NoReturn:
    raise TrackerError("bad_answer", f"{'.'.join(path) or 'the answer'} is not {what}")
