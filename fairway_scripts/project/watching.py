"""`--watch`: an answer that stays, and shows every change of the store until Ctrl-C.

A terminal is drawn anew, in one write and without emptying it first, so that nothing flickers; a pipe gets the lines
that came and went, marked `+` and `-`; JSON is a line for each answer that differs from the one before.
"""

from __future__ import annotations

import os
import select
import sys
import time

from fairway_scripts.base import clock, streams
from fairway_scripts.base.errors import FairwayError, suggest_again
from fairway_scripts.calls.answer import json_text, say
from fairway_scripts.project.project import is_born

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.project.project import Project

    Mark = tuple[int, tuple[int, int], tuple[int, int, int], tuple[int, int, int]]

#: Milliseconds between two looks at the mark of changes; a look takes microseconds.
_PAUSE = 250
#: So many times as long as an answer took the store is then left alone.
_SHARE = 5
#: Looks after which a terminal is drawn anew although nothing has changed: ages grow, git and processes have no mark.
_STALE = 240


class Seen:
    """One answer: the open project, its data, its lines for a terminal, and its entries for a pipe.

    `entries` maps what an entry is about to what it says, in order; one that says something else has changed.
    """

    __slots__ = ("data", "entries", "lines", "project")

    def __init__(
        self, project: Project, data: Mapping[str, object], lines: list[str], entries: Mapping[Any, str]
    ) -> None:
        self.project = project
        self.data = data
        self.lines = lines
        self.entries = entries


def watch(args: Call, look: Callable[[], Seen]) -> int:
    """Show what `look` gives, now and after every change; it ends by Ctrl-C, or when nobody reads any more.

    `look` opens the project anew and answers as the tool does without WATCH. Raises FairwayError `usage` together with
    OUTPUT, and whatever `look` raises.
    """
    if getattr(args, "output", ""):
        message = "WATCH never ends, so there is no whole answer for a file"
        raise FairwayError("usage", message, suggest_again(args, OUTPUT="", WATCH=True))
    on_terminal = sys.stdout.isatty() and os.environ.get("TERM") != "dumb" and not args.json
    show = _Screen(args).show if on_terminal else _Json(args).show if args.json else _Lines().show
    reader = select.poll()
    reader.register(1, 0)  # only that the reader went away
    sentinel: Project | None = None
    while True:
        begun = time.monotonic()
        mark = change_mark(sentinel) if sentinel else None  # before the look: what changes meanwhile is seen next
        seen = look()
        show(seen)
        seen.project.notes.clear()  # shown, or said before
        sys.stdout.flush()
        if sentinel is None or mark is None:
            # a project that stays open tells of every change from here on, so there is one more look at once
            sentinel = seen.project
            continue
        seen.project.store.close()
        rest = time.monotonic() + _SHARE * (time.monotonic() - begun)
        if _wait(sentinel, mark, reader, rest=rest, on_terminal=on_terminal):
            sentinel.store.close()
            sentinel = None


def _wait(project: Project, mark: Mark, reader: select.poll, *, rest: float, on_terminal: bool) -> bool:
    """Return when something has changed, or a terminal is due for another look; whether it was one of the files.

    Not before the moment `rest`, so that a store that never rests is not read without end. Raises BrokenPipeError when
    the reader went away.
    """
    size, looks = _size(), 0
    while (now := change_mark(project)) == mark or time.monotonic() < rest:
        if any(event & (select.POLLERR | select.POLLHUP) for _fd, event in reader.poll(_PAUSE)):
            raise BrokenPipeError
        looks += 1
        if on_terminal and (looks >= _STALE or _size() != size):
            return False
    return now[1:] != mark[1:]


class _Notes:
    """The notes of a project beside an answer that is no screen."""

    def __init__(self) -> None:
        self.last: list[str] = []

    def tell(self, project: Project) -> None:
        """Say the notes; one that was said the time before is not said again."""
        for note in project.notes:
            if note not in self.last:
                say(note)
        self.last = list(project.notes)


class _Lines:
    """For a pipe: the entries that came and went."""

    def __init__(self) -> None:
        self.known: Mapping[Any, str] = {}
        self.notes = _Notes()

    def show(self, seen: Seen) -> None:
        """Print the difference to what was shown before, and the notes."""
        self.notes.tell(seen.project)
        gone = [line for key, line in self.known.items() if seen.entries.get(key) != line]
        new = [line for key, line in seen.entries.items() if self.known.get(key) != line]
        sys.stdout.writelines(f"{mark} {line}\n" for mark, lines in (("-", gone), ("+", new)) for line in lines)
        self.known = seen.entries


class _Json:
    """For a program: each answer that differs from the one before."""

    def __init__(self, args: Call) -> None:
        self.args = args
        self.last = ""
        self.notes = _Notes()

    def show(self, seen: Seen) -> None:
        """Print the answer as JSON where it is another one, and the notes."""
        self.notes.tell(seen.project)
        text = json_text(self.args, seen.data)
        if text != self.last:
            sys.stdout.write(text)
        self.last = text


class _Screen:
    """For a person: the whole answer, drawn over the one before."""

    def __init__(self, args: Call) -> None:
        self.tool = args.tool

    def show(self, seen: Seen) -> None:
        """Draw the lines from the top of the screen; what has no room is counted."""
        columns, rows = _size()
        notes = [f"note: {note}" for note in seen.project.notes]
        lines = [f"{self.tool}  {clock.now()[:19]}Z  (Ctrl-C ends)", *seen.lines, *notes]
        drawn: list[str] = []
        left = rows - 1
        for line in lines:
            text = line if isinstance(line, streams.Styled) else streams.clean(line.replace("\n", "\\n"))
            needed = max(1, -(-streams.width(streams.plain(text)) // columns))
            if needed > left - 1 and len(drawn) + 1 < len(lines):
                drawn.append(f"({len(lines) - len(drawn)} more lines)")
                break
            drawn.append(text)
            left -= needed
        sys.stdout.write(streams.Styled("\x1b[H" + "".join(f"{text}\x1b[K\n" for text in drawn) + "\x1b[J"))


def _size() -> tuple[int, int]:
    """Columns and rows of the terminal."""
    try:
        found = os.get_terminal_size(1)
    except OSError:
        return 80, 24
    return found.columns or 80, found.lines or 24


def change_mark(project: Project) -> Mark:
    """What is different as soon as an answer may be: the store's contents or file, the queue file, the configuration.

    The contents count from when the project was opened, so marks of one open project can be compared, and no others.
    """
    number = project.store.change_number() if is_born(project.store) else 0
    return number, _file(project.store_place.path), _text(project.queue.path), _text(project.config.path)


def _file(path: str) -> tuple[int, int]:
    """Which file lies at `path`: a restored store is another one."""
    try:
        status = os.stat(path)
    except OSError:
        return 0, 0
    return status.st_dev, status.st_ino


def _text(path: str) -> tuple[int, int, int]:
    """Which text a file holds, as far as its status tells."""
    try:
        status = os.stat(path) if path else None
    except OSError:
        status = None
    return (status.st_ino, status.st_size, status.st_mtime_ns) if status else (0, 0, 0)
