"""What one subcommand of an older script can be asked, and how: an entry of the one table of calls.

An entry is what `compat/profile.toml` holds for it, or what the published interface says (`published`).
"""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls.variables import SWITCHES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from fairway_scripts.cutover.cutover_shapes import TableEntry

PROFILE = "compat/profile.toml"
#: What `env` says of an original that reads our own names.
SAME = "same"


class Entry:
    """What one subcommand of a script can be asked: `tool` and its fixed words, and how each value is given.

    `map` {their flag: our variable, or "NAME=value" for a flag that says a value by being there}, `env` {their
    variable: ours}, or "same", `positional` [our variable], `constants` {our variable: value}, `values` {our variable:
    {their word: our word}}, `switches` and `ignored`: flags without and with a value that mean nothing here, `stdin`
    the variable that standard input holds, or `payload` {key: our variable} where it holds a JSON object.
    `tool` "" leaves the call to its original. `published` marks an entry that the host's profile does not have:
    whatever it does not know is left for our tool to judge.
    """

    __slots__ = (
        *("constants", "env", "fixed", "ignored", "map", "payload", "positional", "published", "script", "stdin"),
        *("subcommand", "switches", "tool", "values", "env_first"),
    )

    def __init__(self, script: str, subcommand: str, data: TableEntry, *, published: bool = False) -> None:
        tool, *fixed = data.get("tool", "").split() or [""]
        self.script, self.subcommand, self.tool, self.fixed = script, subcommand, tool, fixed
        self.map = data.get("map") or {}
        self.positional = data.get("positional") or []
        self.constants = data.get("constants") or {}
        self.values = data.get("values") or {}
        self.switches = data.get("switches") or []
        self.ignored = data.get("ignored") or []
        stdin = data.get("stdin") or ""
        self.stdin: str = stdin if isinstance(stdin, str) else ""
        self.payload: dict[str, str] = {} if isinstance(stdin, str) else stdin
        self.published = published
        env = data.get("env") or {}
        self.env = {name: name for name in tool_variables(tool)} if isinstance(env, str) else env
        self.env_first = not isinstance(env, str) and not published

    def takes_value(self, flag: str) -> bool:
        """Tell whether the word behind a flag belongs to it."""
        if f"{flag}=" in self.map:
            return True
        name = self.map.get(flag, "")
        return flag in self.ignored or bool(name and name not in SWITCHES and "=" not in name)

    def place(self) -> str:
        """Return the table of the profile that this entry is."""
        word = (
            self.subcommand if self.subcommand.replace("-", "").replace("_", "").isalnum() else f'"{self.subcommand}"'
        )
        return f'[scripts."{self.script}".{word}]'

    @property
    def said(self) -> str:
        """Return the script and the subcommand, as people type them."""
        return f"{self.script} {self.subcommand}".strip()


def flag_words(values: Mapping[str, str]) -> list[str]:
    """Write values as the words of one of our tools: `{"TASK_ID": "B-1", "FORCE": "1"}` -> `--task-id=B-1 --force`."""
    return [
        own_flag(name) if name in SWITCHES and value == "1" else f"{own_flag(name)}={value}"
        for name, value in values.items()
    ]


def own_flag(name: str) -> str:
    """Return the flag of a variable: `TASK_ID` -> `--task-id`."""
    return "--" + name.lower().replace("_", "-")


def tool_variables(tool: str) -> list[str]:
    """Return the variables that a tool takes, [] for a tool that nobody knows."""
    from fairway_scripts.catalog import find_tool

    try:
        return find_tool(tool).all_variables if tool else []
    except KeyError:
        return []


def variables_by_tool() -> dict[str, list[str]]:
    """Return every tool with the variables that it takes."""
    from fairway_scripts.catalog import TOOLS

    return {name: tool_variables(name) for name in TOOLS}


# --- what is missing ------------------------------------------------------------------------------------------


def missing_lines(entry: Entry, untranslated: Iterable[str]) -> list[str]:
    """Return the lines that a profile lacks for what could not be read, each as it could stand there."""
    lines = []
    for word in untranslated:
        flag, equals, value = word.partition("=")
        if word.startswith("-"):
            lines.append(f'map = {{"{flag}" = "..."}}')
        elif equals and flag in (*entry.values, "FORMAT"):
            lines.append(f'values = {{{flag} = {{"{value}" = "..."}}}}')
        else:
            lines.append('positional = ["..."]')
    return list(dict.fromkeys(lines))


def not_read(entry: Entry, untranslated: Sequence[str]) -> FairwayError:
    """Return the refusal of a call that could not be read whole."""
    lines = "; ".join(missing_lines(entry, untranslated))
    return FairwayError(
        "usage",
        f"{entry.said}: {', '.join(untranslated)} could not be translated: {PROFILE} does not say what it means",
        f"edit {PROFILE}: under {entry.place()} add {lines}",
        untranslated=list(untranslated),
    )


def no_place(entry: Entry, lost: list[str]) -> FairwayError:
    """Return the refusal of a value that the original cannot be told."""
    name, equals, value = lost[0].partition("=")
    line = f'values = {{{name} = {{"..." = "{value}"}}}}' if equals else f'map = {{"--..." = "{name}"}}'
    return FairwayError(
        "usage",
        f"{entry.said} cannot be told {', '.join(lost)}: {PROFILE} has no place for it",
        f"leave it out, or edit {PROFILE}: under {entry.place()} add {line}",
        unwritable=lost,
    )
