"""An artifact of a utility as text: the same data give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import Hint
from fairway_scripts.calls.published import json_of, published

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence


#: The shape of an artifact's JSON where it is not the first: what was kept as evidence says which one it has.
_SHAPES = dict.fromkeys(
    ("ci-packet", "deploy-packet", "uat-matrix", "gate-select", "release-verify", "readiness-report"), 2
)


def json_text(tool: str, data: Mapping[str, object], *, pretty: bool) -> str:
    """An artifact as JSON: one line, or `pretty` one a person can read; sorted keys and a `schema` `<tool>/<shape>`."""
    return json_of({"schema": f"{tool}/{_SHAPES.get(tool, 1)}", **published(data)}, pretty=pretty)


def markdown_text(lines: Iterable[str]) -> str:
    """Lines of Markdown as a text without blanks at the ends of lines, with one line end at the end."""
    return "\n".join(line.rstrip() for line in lines).rstrip("\n") + "\n"


def markdown_table(rows: Sequence[Mapping[str, object]], columns: Sequence[tuple[str, str]]) -> list[str]:
    """Rows as a Markdown table; `columns` are (key, heading). An entry that is not there is a dash."""
    lines = ["| " + " | ".join(heading for _key, heading in columns) + " |", "|" + "---|" * len(columns)]
    return lines + ["| " + " | ".join(cell(row.get(key)) for key, _heading in columns) + " |" for row in rows]


def cell(value: object) -> str:
    """A value as the text of a Markdown table's cell: one line, with bars escaped."""
    if value is None or value in ("", [], {}):
        return "-"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(entry) for entry in value)
    return str(value).replace("\\", "\\\\").replace("|", "\\|").replace("\r", " ").replace("\n", " ")


def code_block(text: str, language: str = "") -> list[str]:
    """Text as a fenced block whose fence is longer than any run of backquotes in it."""
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    fence = "`" * max(3, longest + 1)
    return [fence + language, *text.rstrip("\n").split("\n"), fence]


def remedies(fixes: Iterable[str]) -> list[str]:
    """What helps, once each: sentences as a list, then the command lines as a block that can be pasted."""
    known = list(dict.fromkeys(fixes))
    sentences = [f"- {cell(fix)}" for fix in known if not isinstance(fix, Hint)]
    commands = [fix for fix in known if isinstance(fix, Hint)]
    block = code_block("\n".join(commands)) if commands else []
    return [*sentences, *([""] if sentences and block else []), *block]
