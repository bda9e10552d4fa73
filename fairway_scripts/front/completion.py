"""Completions for bash, zsh and fish, written from the catalogue; ids and lanes are asked of the store when Tab is hit.

All three are one table in three languages: which tool a verb is, which flags it takes, and of which kind a value is.
The table is in the script, so that loading it starts no program.
"""

from __future__ import annotations

from fairway_scripts import __version__
from fairway_scripts.calls.call_shapes import Shape, verbs
from fairway_scripts.calls.umbrella import NAME, verb_of
from fairway_scripts.catalog import FAMILIES, TOOLS
from fairway_scripts.front.completion_parts import BASH, FISH, TABLE, ZSH

SHELLS = ("bash", "zsh", "fish")


def script(shell: str, shapes: list[Shape]) -> str:
    """The completion script for a shell of `SHELLS`, for all tools of `shapes`."""
    templates = {"bash": BASH, "zsh": ZSH, "fish": FISH}
    row = _fish_row if shell == "fish" else _row
    fill = {
        "table": TABLE,
        "version": __version__,
        "names": " ".join(TOOLS),
        "verbs": " ".join(sorted({verb_of(name) for name in TOOLS if name != NAME} | {"help", "version"})),
        "described": "\n".join(_described(shell)),
        "families": " ".join(FAMILIES),
        "seconds": _cases(shell, _seconds()),
        "tools": _cases(shell, _tools()),
        "rows": "\n".join(row(shape) for shape in shapes),
        "kinds": _cases(shell, _kinds(shapes)),
    }
    text = templates[shell]
    for name, value in fill.items():
        text = text.replace(f"@{name}@", value)
    return text


def _described(shell: str) -> list[str]:
    """The verbs with what they do, as the shell shows them beside a word."""
    rows = sorted((verb_of(tool.name), tool.summary) for tool in TOOLS.values() if tool.name != NAME)
    if shell == "zsh":
        return [f"    {_quoted(verb + ':' + text)}" for verb, text in rows]
    return [f"    printf '%s\\t%s\\n' {verb} {_quoted(text)}" for verb, text in rows] if shell == "fish" else []


def _seconds() -> dict[str, list[str]]:
    """First words of verbs with their second words, as rows of a case: `seconds='evidence handoff'` -> [`record`]."""
    found: dict[str, list[str]] = {}
    for verb in verbs():
        first, _, second = verb.partition(" ")
        if second:
            found.setdefault(first, []).append(second)
    return {f"seconds={_quoted(' '.join(seconds))}": [first] for first, seconds in found.items()}


def _tools() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for verb, tool in verbs().items():
        found.setdefault(f"tool={tool}", []).append(verb)
    return found


def _kinds(shapes: list[Shape]) -> dict[str, list[str]]:
    """What a value may be, as rows of a case over "TOOL FLAG": those that differ by tool first."""
    by_flag: dict[str, dict[str, list[str]]] = {}
    for shape in shapes:
        for option in shape.options:
            for flag in option.flags if option.value else ():
                by_flag.setdefault(flag, {}).setdefault(option.kind, []).append(shape.tool.name)
    own: dict[str, list[str]] = {}
    common = {"kind='lanes' ": ["* --as"]}
    for flag, kinds in by_flag.items():
        usual = max(kinds, key=lambda kind: len(kinds[kind]))
        for kind, tools in kinds.items():
            if kind != usual:
                own.setdefault(f"kind={_quoted(kind)}", []).extend(f"{tool} {flag}" for tool in tools)
        common.setdefault(f"kind={_quoted(usual)} ", []).append(f"* {flag}")  # the blank keeps the rows apart
    return own | common


def _cases(shell: str, rows: dict[str, list[str]]) -> str:
    """Rows of a case: an assignment for each list of patterns, where `*` stands for any tool."""
    if shell == "fish":
        return "\n".join(
            f"        case {' '.join(map(_quoted, names))}\n            {_fish(what)}" for what, names in rows.items()
        )
    return "\n".join(f"    {'|'.join(map(_pattern, names))}) {what.strip()} ;;" for what, names in rows.items())


def _fish(assignment: str) -> str:
    name, _, value = assignment.strip().partition("=")
    return f"set {name} {value}"


def _row(shape: Shape) -> str:
    flags = " ".join(option.flags[-1] if option.flags[0] == "-h" else option.flags[0] for option in shape.options)
    return f"    {shape.tool.name}) flags={_quoted(flags)} bare={_quoted(shape.bare)} ;;"


def _fish_row(shape: Shape) -> str:
    flags = " ".join(option.flags[-1] if option.flags[0] == "-h" else option.flags[0] for option in shape.options)
    return f"        case {shape.tool.name}\n            set flags {_quoted(flags)}; set bare {_quoted(shape.bare)}"


def _pattern(text: str) -> str:
    return text.replace("* ", "*\\ ") if text.startswith("* ") else _quoted(text)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "'\\''") + "'"
