"""The one printer of answers: stdout gets the answer and nothing else, stderr gets notes for people."""

from __future__ import annotations

import sys

from fairway_scripts.base import streams
from fairway_scripts.base.errors import CALL, FairwayError, suggest_call
from fairway_scripts.calls.options import remark, wants_json

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fairway_scripts.calls.tool_calls import Call


def answer(args: Call, data: Mapping[str, object], lines: Iterable[str]) -> None:
    """Print `data` as JSON when the call asks for it, else `lines`; to the file of `--output` when one is named.

    JSON is what `json_text` makes of it.
    """
    if args.json:
        write(args, json_text(args, data))
    elif sys.stdout.isatty() and not getattr(args, "output", ""):
        sys.stdout.writelines(
            streams.Styled(line + "\n") if isinstance(line, streams.Styled) else line + "\n" for line in lines
        )
    else:
        write(args, "".join(f"{line}\n" for line in lines))


def json_text(args: Call, data: Mapping[str, object]) -> str:
    """`data` as JSON: one line, or with `--pretty` one a person can read; sorted keys and a `schema` (`<tool>/1`).

    The names in it are those of `published`.
    """
    from fairway_scripts.calls.published import json_of, published  # not for an answer as text

    return json_of({"schema": f"{args.tool.replace(' ', '-')}/1", **published(data)}, pretty=args.pretty)


def write(args: Call, text: str | Iterable[str]) -> None:
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
    from fairway_scripts.formats.file_replacement import replace_file  # most answers go to standard output

    replace_file(path, (piece.encode() for piece in pieces))


def say(note: str) -> None:
    """A remark for the person at the terminal, on stderr."""
    sys.stderr.write(remark("note", note))


def tell_notes(args: Call) -> None:
    """What a call's project has to say (`Project.notes`), on stderr: each note once, and none of them again.

    The boundary does it when a command has ended, however it did. A command whose end is far does it too, as soon as
    the notes are known; tests/test_walls.py has a list of these.
    """
    for note in dict.fromkeys(args.project_notes):
        say(note)
    args.project_notes.clear()


def warn(text: str) -> None:
    """A warning, on stderr."""
    sys.stderr.write(remark("warning", text))


def echo(line: str, shown: str = "") -> None:
    """A line that a command of the caller's printed, on stderr: as `shown`, or an object where JSON was asked for."""
    sys.stderr.write(remark("output", line) if wants_json(CALL.words) else f"{shown or line}\n")
    sys.stderr.flush()


def pairs(data: Mapping[str, object], *names: str) -> list[str]:
    """`key: value` lines of the named entries, leaving out what is not set."""
    return [f"{name}: {shown(data[name])}" for name in names if data.get(name) not in (None, "", [])]


def labelled(data: Mapping[str, object], labels: Mapping[str, tuple[str, str, str]]) -> str:
    """The entries of `labels` (such as `catalog.tool.EVIDENCE`) that are set: `  signed off by D`, "" for none."""
    found = ((label, data.get(name.lower())) for name, (_metavar, _about, label) in labels.items())
    return "".join(f"  {label} {shown(value)}" for label, value in found if value)


def shown(value: object) -> str:
    """A value as one line of text: yes/no, a dash for nothing, line ends made visible."""
    if value is None or value == "":
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(shown(entry) for entry in value) or "-"
    return str(value).replace("\r", "\\r").replace("\n", "\\n")


def table(rows: Sequence[Mapping[str, object]], columns: Sequence[str], *, form: str = "text") -> list[str]:
    """Rows as aligned columns (a header only on a terminal), or as bare `ids` or `tsv`.

    Raises FairwayError `usage` for YAML.
    """
    if form == "yaml":
        raise FairwayError(
            "usage", "a list is printed as text, json, ids or tsv, not as yaml", suggest_call(FORMAT="tsv")
        )
    if form == "ids":
        return [shown(row[columns[0]]) for row in rows]
    cells = [[shown(row.get(name)) for name in columns] for row in rows]
    if form == "tsv":
        return ["\t".join(cell.replace("\t", "\\t") for cell in line) for line in cells]
    if sys.stdout.isatty() and rows:
        return _on_terminal(cells, columns)
    widths = [max((streams.width(line[place]) for line in cells), default=0) for place in range(len(columns) - 1)]
    return [
        "  ".join([*(streams.pad(cell, width) for cell, width in zip(line, widths, strict=False)), line[-1]]).rstrip()
        for line in cells
    ]


def _on_terminal(cells: list[list[str]], columns: Sequence[str]) -> list[str]:
    """A table with a header, cut to the width of the terminal, its states in colour."""
    rows = [[name.upper() for name in columns], *([streams.clean(cell) for cell in line] for line in cells)]
    fitting = streams.fit(rows, streams.room())
    widths = [max(streams.width(line[place]) for line in fitting) for place in range(len(columns) - 1)]
    lines: list[str] = []
    for row, line in zip(rows, fitting, strict=True):
        padded = [*(streams.pad(cell, width) for cell, width in zip(line, widths, strict=False)), line[-1]]
        shown = [streams.coloured(name, cell, text) for name, cell, text in zip(columns, row, padded, strict=True)]
        lines.append(streams.Styled("  ".join(shown).rstrip()))
    return lines
