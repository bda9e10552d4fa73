"""How pages look: the templates, and what they may call."""

from __future__ import annotations

import hashlib
from importlib import resources
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import jinja2

from fairway_scripts.base import clock

if TYPE_CHECKING:
    from collections.abc import Mapping

_ROOM = "fairway_scripts.dashboard"
#: The kinds of files that are given out, by the ends of their names.
TYPES = {"css": "text/css", "js": "text/javascript", "svg": "image/svg+xml"}


def _text_of(folder: str, name: str) -> str:
    return (resources.files(_ROOM) / folder / name).read_text(encoding="utf-8")


def static_files() -> dict[str, bytes]:
    """Every file that pages load, by its name."""
    folder = resources.files(_ROOM) / "static"
    found = [entry for entry in folder.iterdir() if entry.name.rpartition(".")[2] in TYPES]
    return {entry.name: entry.read_bytes() for entry in found}


def mark_of(files: Mapping[str, bytes]) -> str:
    """A word that changes with any of the files, so that a browser may keep them for ever."""
    whole = hashlib.sha256()
    for name in sorted(files):
        whole.update(name.encode() + b"\0" + files[name])
    return whole.hexdigest()[:12]


def address(path: str, query: Mapping[str, str] | None = None) -> str:
    """A path, quoted already, with a query."""
    return path + (f"?{urlencode(query)}" if query else "")


def task_address(task_id: str) -> str:
    """The page of a task."""
    return f"/tasks/{quote(task_id, safe='')}"


def age(stamp: object, now: str) -> str:
    """How long ago a stored time was, in the words of the tools; the text itself for what is no stored time."""
    try:
        return clock.span_text(clock.elapsed(str(stamp), now))
    except ValueError:
        return str(stamp or "")


def visible(value: object) -> str:
    """A value as one line of text: characters that cannot be seen, or that turn the line around, are written out."""
    if value is None:
        return ""
    if isinstance(value, (list, tuple)):
        value = ", ".join(map(str, value))
    text = str(value)
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char in "\n\t" else ascii(char)[1:-1] for char in text)


def templates(**shared: object) -> jinja2.Environment:
    """The templates, with everything escaped, and `shared` known to all of them."""
    made = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: _text_of("templates", name)),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
        auto_reload=False,
    )
    made.filters["visible"] = visible
    made.globals.update(address=address, task_address=task_address, age=age, **shared)
    return made
