"""The standard streams of a command: what a terminal shows, and what happens when nobody can be written to.

Standard output is the answer, standard error is for people. A terminal obeys escape sequences and turns the order of
letters round for some characters, so stored text is shown to it with these characters written out; a pipe gets the
bytes as they are.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any, TextIO

#: Controls (C0 but for tab and line feed, DEL, C1), line and paragraph separators, marks that turn the order of
#: letters round, and the byte order mark: whatever changes how the text around it is shown.
_WRITTEN_OUT = {
    code: f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
    for code in (
        *(code for code in range(0x20) if code not in (0x09, 0x0A)),
        *range(0x7F, 0xA0),
        *(0x061C, 0x200E, 0x200F, 0x2028, 0x2029, 0xFEFF),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    )
}
#: Colours of states, quiet ones: what is over, under way, doubtful, wrong.
_COLOURS = {
    **dict.fromkeys(("done", "pass", "passed", "ok", "approved", "healthy", "match", "live"), "32"),
    **dict.fromkeys(("in_progress", "active", "running", "review", "pending"), "36"),
    **dict.fromkeys(("warn", "warning", "stale", "partial", "changes_requested", "skipped"), "33"),
    **dict.fromkeys(("blocked", "fail", "failed", "error", "missing", "differs", "unhealthy"), "31"),
}
#: Columns that hold states.
_STATES = frozenset(("status", "state", "level", "result", "verdict", "outcome", "health", "action"))
_STREAMS = ("stdin", "stdout", "stderr")


class Place:
    """Where the cursor of the terminal stands, and what takes a line away before text (True: an answer) is written."""

    __slots__ = ("at_start", "before_writing")

    def __init__(self) -> None:
        self.at_start = True
        self.before_writing: Callable[[bool], None] | None = None


#: The terminal of this process, which both streams write to.
PLACE = Place()


class Styled(str):
    """Text for a terminal that is clean already and may hold colours."""

    __slots__ = ()


class Terminal:
    """A text stream to a terminal: whatever is not `Styled` is cleaned on its way."""

    def __init__(self, stream: TextIO | Answers) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text as `clean` shows it, where no line of progress is."""
        if PLACE.before_writing is not None and text:
            PLACE.at_start = text.endswith("\n")
            PLACE.before_writing(self is sys.stdout)
        return self._stream.write(text if isinstance(text, Styled) else clean(text))

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Answers:
    """Standard output: as it is, and it keeps the fault that ended it, which a longer answer meets in the midst of one.

    What was in the buffer then is gone, so that a flush later on tells nothing of it.
    """

    __slots__ = ("_stream", "lost")

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.lost: OSError | None = None

    def write(self, text: str) -> int:
        """Write text. Raises OSError where nothing can be written any more."""
        try:
            return self._stream.write(text)
        except OSError as problem:
            self.lost = problem
            raise

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class Remarks:
    """Standard error: what cannot be written to it is dropped, since no remark may undo or hide what was done."""

    def __init__(self, stream: TextIO | Terminal) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write text, or drop it."""
        try:
            return self._stream.write(text)
        except OSError:
            silence(2)
            return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        """Write several texts."""
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        """Write what is still waiting, or drop it."""
        try:
            self._stream.flush()
        except OSError:
            silence(2)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def prepare() -> None:
    """Make the standard streams of the process fit for use.

    A descriptor that the caller closed is opened on nothing, so that neither an answer raises nor a file that is opened
    later takes its number and gets the answer. Text is UTF-8 whatever the locale says.
    """
    for number, name in enumerate(_STREAMS):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # the lowest number that is free, which is this one
        if getattr(sys, name) is None:
            mode = "r" if number == 0 else "w"
            setattr(sys, name, open(number, mode, encoding="utf-8", errors="backslashreplace", closefd=False))  # noqa: SIM115
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        if isinstance(stream, (Terminal, Remarks, Answers)):
            continue
        if name == "stdout":
            sys.stdout = Answers(stream)
        if stream.isatty():
            setattr(sys, name, Terminal(getattr(sys, name)))
    if not isinstance(sys.stderr, Remarks):
        sys.stderr = Remarks(sys.stderr)  # as much of a text stream as is used


def silence(number: int = 1) -> None:
    """Send what is still written to standard output (or another stream) nowhere, so that leaving does not complain."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, number)
    os.close(nowhere)


def clean(text: str) -> str:
    """Text as a terminal may get it: characters that would steer it or turn letters round are written out."""
    return text if text.isascii() and text.replace("\n", "").isprintable() else text.translate(_WRITTEN_OUT)


def plain(text: str) -> str:
    """A `Styled` text without its colours: the characters that are seen."""
    pieces = text.split("\x1b[")
    return "".join([pieces[0], *(piece.partition("m")[2] for piece in pieces[1:])])


def width(text: str) -> int:
    """The columns that a text takes on a terminal."""
    if text.isascii():
        return len(text)
    from unicodedata import category, east_asian_width  # only for text beyond ASCII

    return sum(
        0 if category(char) in ("Mn", "Me", "Cf") else 2 if east_asian_width(char) in ("W", "F") else 1 for char in text
    )


def pad(text: str, columns: int) -> str:
    """`text` with blanks after it, up to `columns` columns."""
    return text + " " * (columns - width(text))


def cut(text: str, columns: int) -> str:
    """The beginning of a text that takes at most `columns` columns, with an ellipsis where something is missing."""
    if width(text) <= columns:
        return text
    kept, taken = "", 0
    for char in text:
        taken += width(char)
        if taken > columns - 1:
            break
        kept += char
    return kept + "\u2026"


def fit(cells: list[list[str]], room: int) -> list[list[str]]:
    """Rows of a table cut so that a line takes at most `room` columns; the first column, the id, is never cut.

    The widest column gives first, none below eight columns; where that is not enough the lines stay too long.
    """
    if not cells:
        return cells
    gap, least = 2, 8
    widths = [max(width(row[place]) for row in cells) for place in range(len(cells[0]))]
    over = sum(widths) + gap * (len(widths) - 1) - room
    while over > 0:
        place = max(range(1, len(widths)), key=widths.__getitem__, default=0)
        if not place or widths[place] <= least:
            break
        next_widest = max((widths[other] for other in range(1, len(widths)) if other != place), default=least)
        step = min(over, max(widths[place] - max(next_widest, least), 1))
        widths[place] -= step
        over -= step
    return [[row[0], *(cut(cell, widths[place]) for place, cell in enumerate(row[1:], 1))] for row in cells]


def room() -> int:
    """The columns of the terminal that standard output goes to."""
    try:
        return int(os.environ["COLUMNS"]) or 80
    except (KeyError, ValueError):
        pass
    try:
        return os.get_terminal_size(1).columns or 80
    except OSError:
        return 80


def colour(name: str, cell: str) -> str:
    """The number of the colour (31 red, 32 green, 33 yellow, 36 cyan) of a state in column `name`, "" for none."""
    return _COLOURS.get(cell.lower(), "") if name in _STATES else ""


def coloured(name: str, cell: str, shown: str) -> str:
    """`shown`, the padded text of a cell, in the colour of the state that the cell of column `name` holds, if any."""
    code = colour(name, cell)
    plain = not code or os.environ.get("NO_COLOR") or os.environ.get("TERM") == "dumb"
    return shown if plain else f"\x1b[{code}m{shown}\x1b[0m"
