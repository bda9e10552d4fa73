"""Manual pages in the language of man(7), written from the catalogue: the same text as `--help`, without a date."""

from __future__ import annotations

import re

from fairway_scripts import __version__
from fairway_scripts.calls.umbrella import NAME, verb_of
from fairway_scripts.catalog import FAMILIES, TOOLS, family_tools
from fairway_scripts.front.tiers import families

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.calls.call_shapes import Option, Shape

_EXIT = (
    ("0", "done"),
    ("1", "the answer is no; the word on standard error says why"),
    ("2", "the command cannot run"),
    ("3", "there is no such thing"),
    ("4", "conflict: somebody else was first, or a rule forbids it"),
    ("130, 141", "interrupted; the reader of standard output went away"),
)


def page(shape: Shape, words: Iterable[Shape] = ()) -> str:
    """The manual page of a tool: name, synopsis, options, its words, example, exit status."""
    tool = shape.tool
    bare = f" [{_italic(shape.bare_name)}]" if shape.bare_name else ""
    lines = [
        f'.TH "{_text(tool.name.upper())}" 1 "" "fairway-scripts {_text(__version__)}"',
        *(".SH NAME", f"{_text(tool.name)} \\- {_text(_lowered(tool.summary))}"),
        *(".SH SYNOPSIS", f"{_bold(tool.name)}{bare} [{_italic('option')} ...]"),
    ]
    if tool.name != NAME:
        lines += [".br", f"{_bold(f'{NAME} {verb_of(tool.name)}')}{bare} [{_italic('option')} ...]"]
    lines += [".SH DESCRIPTION", *_words(tool.summary)]
    if tool.name == NAME:
        lines += _all_verbs()
    lines += [".SH OPTIONS", *(line for option in shape.options for line in _option(option))]
    for word in words:
        lines += [f".SH {_text(word.tool.name.upper())}", *_words(word.tool.summary)]
        lines += [line for option in word.options for line in _option(option)]
    lines += [".SH EXAMPLE", ".nf", _text(tool.example or tool.name), ".fi"]
    if tool.make_targets:
        variables = " ".join(f"{name}=..." for name in tool.variables[:3])
        lines += [".PP", "As a make target:", ".PP", ".nf"]
        lines += [_text(f"make {target} {variables}".rstrip()) for target in tool.make_targets] + [".fi"]
    lines += [".SH EXIT STATUS", *(line for code, what in _EXIT for line in (".TP", _bold(code), *_words(what)))]
    if tool.name != NAME:
        lines += [".SH SEE ALSO", f"{_bold(NAME)}(1)"]
    return "\n".join(lines) + "\n"


def _all_verbs() -> list[str]:
    """Each verb with its line, by family, for the page of `fairway`."""
    lines = []
    for family in FAMILIES:
        lines += [f".SS {_text(families()[family])}"]
        for tool in family_tools(family):
            if tool.name != NAME:
                lines += [".TP", f"{_bold(verb_of(tool.name))} ({_bold(tool.name)}(1))", *_words(tool.summary)]
    assert len(TOOLS) > 1
    return lines


def _option(option: Option) -> list[str]:
    flags = ", ".join(_bold(flag) for flag in option.flags)
    value = f" {_italic(option.value)}" if option.value else ""
    return [".TP", f"{flags}{value}", *_words(option.help)]


def _words(text: str) -> list[str]:
    """A paragraph; no line of it begins with what would be a request."""
    plain = _text(" ".join(text.split()))
    return [f"\\&{plain}" if plain[:1] in (".", "'") else plain]


def _bold(text: str) -> str:
    return f"\\fB{_text(text)}\\fR"


def _italic(text: str) -> str:
    return f"\\fI{_text(text)}\\fR"


def _text(text: str) -> str:
    """Text with what roff would read as its own escaped; a minus sign stays one that can be pasted."""
    return re.sub(r"[\\\-]", lambda sign: "\\e" if sign[0] == "\\" else "\\-", text)


def _lowered(summary: str) -> str:
    """A help line as the NAME section has it: no capital, no full stop, in one piece."""
    plain = " ".join(summary.split()).rstrip(".")
    return plain[:1].lower() + plain[1:]
