"""`compat/profile.toml`: how a host's queue scripts are called, read with every fault, and added to with care."""

from __future__ import annotations

import json
import os
import re
import tomllib
from typing import TYPE_CHECKING, cast

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.cutover.bridge.legacy_tables import COLUMNS, KIND
from fairway_scripts.cutover.bridge.legacy_words import WORDS
from fairway_scripts.cutover.door.bare_words import bare_names
from fairway_scripts.formats.file_replacement import replace_file, sole_writer
from fairway_scripts.formats.toml_lines import key_lines, line_of, mistake_in

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from fairway_scripts.base.errors import Hint
    from fairway_scripts.cutover.cutover_shapes import CallTable, DatabaseHints, Profile, TableEntry

_BARE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*\Z")
PROFILE_PATH = "compat/profile.toml"
SCHEMA = "profile/2"

_TEXT, _TEXTS, _TABLE, _TABLES = "text", "a list of texts", "a table of texts", "a table of such tables"
_ENV = 'a table of texts, or "same"'
_STDIN = "a text, or a table of texts"
#: the keys of an entry `[scripts."PATH".SUBCOMMAND]` and what each holds
_ENTRY = {
    "tool": _TEXT,
    "map": _TABLE,
    "env": _ENV,
    "positional": _TEXTS,
    "constants": _TABLE,
    "values": _TABLES,
    "switches": _TEXTS,
    "ignored": _TEXTS,
    "stdin": _STDIN,
}
_DB_TABLE = {"table": _TEXT, "columns": _TABLE}
_HEADER = """\
How this repository's queue scripts are called: an entry for each thing that a script can be asked.

Written by compat-scan --write, which only ever adds what is missing: what you change here stays.
  [scripts."PATH".SUBCOMMAND]   "" for a script that takes none
  tool        the tool that does the same; "" leaves the call to the script
  map         {"--their-flag" = "OUR_VARIABLE"}, or "OUR_VARIABLE=value" for a flag that says it by being there
  env         {THEIR_VARIABLE = "OUR_VARIABLE"} for what the script reads from its environment; "same": our names
  positional  ["OUR_VARIABLE"] for the bare words, "OUR_VARIABLE..." for all that are left, "--" before those behind --
  constants   {OUR_VARIABLE = "value"} for what the call always means
  values      {OUR_VARIABLE = {"their word" = "our word"}}
  switches    flags without a value, and ignored those with one, that mean nothing here
  stdin       the variable that standard input holds; {their_key = "OUR_VARIABLE"} for a JSON object
What an entry does not name cannot be translated, and is refused on a lane that has moved.
"""


def read_profile(path: str, tools: Mapping[str, Collection[str]] | None = None) -> Profile:
    """Read the profile at `path`.

    With `tools` (tool -> its variables) every tool and variable that is named has to be one. Raises FairwayError
    `file_unavailable`, and `invalid_config` with all faults (`faults`: unknown keys are faults).
    """
    text = _text(path)
    try:
        tables: dict[str, object] = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line, what = mistake_in(text, fault)
        message = f"{path}:{line}: is no TOML: {what}"
        raise FairwayError("invalid_config", message, f"edit {path}", path=path) from fault
    faults = _Faults(path, text)
    profile = _checked(tables, faults)
    for script, entries in profile["scripts"].items() if tools is not None else ():
        for word, entry in entries.items():
            _check_names(entry, ("scripts", script, word), tools or {}, faults)
    if faults.found:
        message = "\n".join(fault.text() for fault in faults.found)
        found = [fault.as_json() for fault in faults.found]
        raise FairwayError("invalid_config", message, f"edit {path}:{faults.found[0].line}", faults=found)
    return profile


def add_to_profile(path: str, scripts: CallTable, notes: Mapping[tuple[str, str], str]) -> list[str]:
    """Add to the profile at `path` the entries that it does not have; return the names of what was added.

    `notes` has a remark for an entry. Raises FairwayError as `append` does.
    """

    def lacking(known: Mapping[str, object]) -> tuple[list[str], list[str]]:
        there = table_in(known, "scripts")
        new = [(script, word) for script in scripts for word in scripts[script] if word not in table_in(there, script)]
        parts = [_entry_text(*key, scripts[key[0]][key[1]], notes.get(key, "")) for key in new]
        return "\n".join(parts).splitlines(), [" ".join(key).strip() for key in new]

    return append(path, _new_text(), lacking, suggest("compat-scan"))


def append(
    path: str, start: str, lacking: Callable[[Mapping[str, object]], tuple[list[str], list[str]]], hint: Hint
) -> list[str]:
    """Write what the profile at `path` lacks behind what it says; return the names of what was added.

    `lacking` gives the lines and the names for the tables that are there. What is there stays as it is, whatever it
    holds; without the file it is made, beginning with `start`. Raises FairwayError `invalid_config` for a profile that
    cannot be added to safely (`hint`), and `file_unavailable`.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with sole_writer(path):
        there = os.path.exists(path)
        before = _text(path) if there else start
        lines, added = lacking(tomllib.loads(before))
        after = "\n".join([before.rstrip("\n"), "", *lines, ""]) if added else before
        try:
            tomllib.loads(after)
        except tomllib.TOMLDecodeError as fault:  # a `legacy_db = {...}` on one line takes no further table
            message = f"{path}: {', '.join(added)} cannot be added without disturbing the file; add it by hand: {fault}"
            raise FairwayError("invalid_config", message, hint, added=added) from fault
        if added or not there:
            replace_file(path, after.encode())
    return added


def _entry_text(script: str, word: str, entry: Mapping[str, object], note: str) -> str:
    head = [f"# {line}" for line in note.splitlines()]
    name = word if _BARE.match(word) else toml_text(word)
    lines = [f"{key} = {toml_text(entry[key])}" for key in _ENTRY if entry.get(key) or key == "tool"]
    return "".join(f"{line}\n" for line in [*head, f"[scripts.{toml_text(script)}.{name}]", *lines])


def toml_text(value: object) -> str:
    """Write a value as TOML."""
    if isinstance(value, dict):
        pairs = (f"{key if _BARE.match(key) else toml_text(key)} = {toml_text(entry)}" for key, entry in value.items())
        return "{" + ", ".join(pairs) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_text, value)) + "]"
    # what JSON writes for a text is a basic string of TOML
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(path: str) -> str:
    try:
        return read_regular(path).decode()
    except (OSError, UnicodeDecodeError) as problem:
        hint = "compat-scan --write"
        raise FairwayError("file_unavailable", f"{path} cannot be read: {problem}", hint, path=path) from problem


def _new_text() -> str:
    header = "".join(f"# {line}".rstrip() + "\n" for line in _HEADER.splitlines())
    return (
        f'{header}\nschema = "{SCHEMA}"\n\n'
        "# Where the old database keeps what our tables hold, where that is not found by itself:\n"
        '#   [legacy_db.state]\n#   table = "their table"\n#   columns = {status = "their column"}\n'
        "[legacy_db]\n"
    )


class _Faults:
    """The faults of one profile, each with its line."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.lines = key_lines(text)
        self.found: list[Fault] = []

    def add(self, address: tuple[str, ...], message: str) -> None:
        place = ".".join(address)
        self.found.append(Fault(self.path, line_of(self.lines, address), "", place, ERROR, "profile", message))
        self.found.sort(key=lambda fault: (fault.line, fault.field))


def _checked(tables: dict[str, object], faults: _Faults) -> Profile:
    """Return what the tables of a profile say, without what is not known or has another shape; that is a fault."""
    for key in tables:
        if key not in {"schema", "scripts", "legacy_db"}:
            faults.add((key,), "is not known here; there are schema, scripts, legacy_db")
    if tables.get("schema", SCHEMA) != SCHEMA:
        faults.add(("schema",), f"is {tables['schema']!r}; this suite reads {SCHEMA}")
    scripts: dict[str, dict[str, TableEntry]] = {}
    every = _table(tables, ("scripts",), faults)
    for script in every:
        given = _table(every, ("scripts", script), faults)
        scripts[script] = {}
        for word in given:
            place = ("scripts", script, word)
            entry = _table(given, place, faults)
            if "tool" not in entry and isinstance(given[word], dict):
                faults.add(place, 'needs tool = "...", or tool = "" for a call that stays with its script')
            scripts[script][word] = cast("TableEntry", _check_keys(entry, place, _ENTRY, faults))
    return {"scripts": scripts, "legacy_db": _legacy_db(_table(tables, ("legacy_db",), faults), faults)}


def _check_names(
    entry: TableEntry, place: tuple[str, ...], tools: Mapping[str, Collection[str]], faults: _Faults
) -> None:
    """Check that every tool and variable that an entry names is one."""
    tool = entry.get("tool", "").partition(" ")[0]
    if not tool:
        return
    if tool not in tools:
        faults.add((*place, "tool"), f"{tool} is no tool")
        return
    env, stdin = entry.get("env", {}), entry.get("stdin", "")
    named = [
        *((("map", flag), name.partition("=")[0]) for flag, name in entry.get("map", {}).items()),
        *((("env", theirs), name) for theirs, name in (env.items() if isinstance(env, dict) else ())),
        *((("positional",), name) for name in bare_names(entry.get("positional", []))),
        *((("constants", name), name) for name in entry.get("constants", {})),
        *((("values", name), name) for name in entry.get("values", {})),
        *((("stdin",), name) for name in (stdin.values() if isinstance(stdin, dict) else filter(None, [stdin]))),
    ]
    for key, name in named:
        if name not in tools[tool]:
            faults.add((*place, *key), f"{tool} takes no {name or 'variable of that name'}")


def _legacy_db(given: dict[str, object], faults: _Faults) -> DatabaseHints:
    """Check the hints for the old database: a table for each kind of record, `ignore` and `words`."""
    for key, value in given.items():
        place = ("legacy_db", key)
        if key == "ignore":
            if not _is(_TEXTS, value):
                faults.add(place, f"has to be {_TEXTS}")
        elif key == "words":
            _check_keys(_table(given, place, faults), place, dict.fromkeys(WORDS, _TABLE), faults)
        elif key in KIND:
            entry = _table(given, place, faults)
            _check_keys(entry, place, _DB_TABLE, faults)
            columns = entry.get("columns")
            if isinstance(columns, dict):
                _check_keys(columns, (*place, "columns"), dict.fromkeys(COLUMNS[key], _TEXT), faults)
        else:
            faults.add(place, f"is not known here; there are {', '.join([*KIND, 'ignore', 'words'])}")
    return cast("DatabaseHints", given)  # where it is of another shape there is a fault


def _check_keys(
    given: dict[str, object], address: tuple[str, ...], keys: dict[str, str], faults: _Faults
) -> dict[str, object]:
    """Return what is known of a table and of the right shape; the rest are faults."""
    for key, value in given.items():
        if key not in keys:
            faults.add((*address, key), f"is not known here; there are {', '.join(keys)}")
        elif not _is(keys[key], value):
            faults.add((*address, key), f"has to be {keys[key]}")
    return {key: value for key, value in given.items() if key in keys and _is(keys[key], value)}


def table_in(tables: Mapping[str, object], key: str) -> dict[str, object]:
    """Return the table under a key, {} where there is none."""
    value = tables.get(key)
    return value if isinstance(value, dict) else {}


def _table(tables: dict[str, object], address: tuple[str, ...], faults: _Faults) -> dict[str, object]:
    """Return the table at an address; {} where it is missing, or, as a fault, where it is something else."""
    value = tables.get(address[-1], {})
    if isinstance(value, dict):
        return value
    faults.add(address, "has to be a table")
    return {}


def _is(kind: str, value: object) -> bool:
    """Tell whether a value is of a kind."""
    if kind == _TEXT or (kind == _STDIN and isinstance(value, str)):
        return isinstance(value, str)
    if kind == _TEXTS:
        return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    if kind == _ENV and value == "same":
        return True
    inner = _TABLE if kind == _TABLES else _TEXT
    return isinstance(value, dict) and all(_is(inner, entry) for entry in value.values())
