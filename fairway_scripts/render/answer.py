"""The one printer of answers: stdout gets the answer and nothing else, stderr gets notes for people."""

from __future__ import annotations

import sys

from fairway_scripts import jsonio
from fairway_scripts.errors import FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any


def answer(args: Any, data: dict[str, Any], lines: Iterable[str]) -> None:
    """Print `data` as JSON when the call asks for it, else `lines`; to the file of `--output` when one is named.

    JSON is one line with sorted keys and a `schema` (`<tool>/1`).
    """
    if args.json:
        text = jsonio.dumps({"schema": f"{args.tool}/1", **data}) + "\n"
    else:
        text = "".join(f"{line}\n" for line in lines)
    write(args, text)


def write(args: Any, text: str | Iterable[str]) -> None:
    """Write an answer, or its pieces, to standard output or, whole or not at all, to the file of `--output`."""
    pieces = (text,) if isinstance(text, str) else text
    target = getattr(args, "output", "")
    if target:
        write_whole(target, pieces)
        say(f"wrote {target}")
    else:
        sys.stdout.writelines(pieces)


def write_whole(path: str, pieces: Iterable[str]) -> None:
    """Write `pieces` to what `path` names; see `file_replacement.replace_file`. Raises FairwayError."""
    from fairway_scripts.documents.file_replacement import replace_file  # most answers go to standard output

    replace_file(path, (piece.encode() for piece in pieces))


def say(note: str) -> None:
    """A remark for the person at the terminal, on stderr."""
    sys.stderr.write(f"note: {note}\n")


def say_all(notes: Iterable[str]) -> None:
    """Several remarks."""
    for note in notes:
        say(note)


def warn(text: str) -> None:
    """A warning, on stderr."""
    sys.stderr.write(f"warning: {text}\n")


def pairs(data: dict[str, Any], *names: str) -> list[str]:
    """`key: value` lines of the named entries, leaving out what is not set."""
    return [f"{name}: {shown(data[name])}" for name in names if data.get(name) not in (None, "", [])]


def shown(value: Any) -> str:
    """A value as one line of text: yes/no, a dash for nothing, line ends made visible."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(entry) for entry in value) or "-"
    return str(value).replace("\r", "\\r").replace("\n", "\\n")


def table(rows: Sequence[dict[str, Any]], columns: Sequence[str], *, form: str = "text") -> list[str]:
    """Rows as aligned columns (a header only on a terminal), or as bare `ids` or `tsv`."""
    if form == "yaml":
        raise FairwayError("usage", "a list is printed as text, json, ids or tsv, not as yaml", "FORMAT=json")
    if form == "ids":
        return [shown(row[columns[0]]) for row in rows]
    cells = [[shown(row.get(name)) for name in columns] for row in rows]
    if form == "tsv":
        return ["\t".join(cell.replace("\t", "\\t") for cell in line) for line in cells]
    if sys.stdout.isatty() and rows:
        cells.insert(0, [name.upper() for name in columns])
    widths = [max((len(line[place]) for line in cells), default=0) for place in range(len(columns) - 1)]
    return [
        "  ".join([*(cell.ljust(width) for cell, width in zip(line, widths, strict=False)), line[-1]]).rstrip()
        for line in cells
    ]
