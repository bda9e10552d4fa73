"""`compat/profile.toml`: what compat-scan learned about a host, read with every fault, and added to with care."""

from __future__ import annotations

import os
import re
import tomllib
from typing import Any

from fairway_scripts.documents.file_replacement import replace_file, sole_writer
from fairway_scripts.documents.toml_lines import key_lines, line_of, mistake_in
from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.regular_files import read_regular
from fairway_scripts.rules.faults import ERROR, Fault
from fairway_scripts.rules.legacy_tables import COLUMNS, KIND, WORDS

PROFILE_PATH = "compat/profile.toml"
SCHEMA = "profile/1"

_TEXT, _TEXTS, _TABLE = "text", "a list of texts", "a table of texts"
#: section -> the keys of its entries and what each holds
_TARGET = {
    "tool": _TEXT,
    "via": _TEXT,
    "script": _TEXT,
    "arguments": _TEXTS,
    "words": _TEXTS,
    "environment": _TABLE,
    "variables": _TABLE,
}
_SCRIPT = {"subcommands": _TABLE, "flags": _TABLE}
_DB_TABLE = {"table": _TEXT, "columns": _TABLE}
_EMPTY: dict[str, Any] = {_TEXT: "", _TEXTS: [], _TABLE: {}}
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
#: These names and words end up in a makefile.
_TARGET_NAME = re.compile(r"[A-Za-z0-9_.%/-]+\Z")
_WORD = re.compile(r"[A-Za-z0-9_@%+=:./-]+\Z")
_HEADER = """\
How this repository's own Makefile calls its queue scripts, and which tool answers each target.

Written by compat-scan --write, which only ever adds what is missing: what you change here stays.
  tool         the tool that answers the target; "" leaves the target to the host
  via          how the original is run: "script", or "make" through the Makefile as it was
  arguments    the words of the script, {NAME} where the value of that make variable goes
  words        what the tool is always passed
  [...variables]  a name of the host = the name that the tool knows
"""


def read_profile(path: str) -> dict[str, Any]:
    """The profile at `path`: {makefile, targets, scripts, legacy_db}, every key of every entry filled.

    Raises FairwayError `file_unavailable`, and `invalid_config` with all faults (`faults`: unknown keys are faults).
    """
    text = _text(path)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        line, what = mistake_in(text, fault)
        message = f"{path}:{line}: is no TOML: {what}"
        raise FairwayError("invalid_config", message, f"edit {path}", path=path) from fault
    faults = _Faults(path, text)
    profile = _checked(tables, faults)
    if faults.found:
        message = "\n".join(fault.text() for fault in faults.found)
        found = [fault.as_json() for fault in faults.found]
        raise FairwayError("invalid_config", message, f"edit {path}:{faults.found[0].line}", faults=found)
    return profile


def add_to_profile(path: str, makefile: str, entries: dict[str, Any], notes: dict[str, str]) -> list[str]:
    """Add to the profile at `path` what it does not have yet, and write it; the dotted names of what was added.

    `entries` is {"targets": {target: {...}}, "scripts": {script: {"subcommands": {...}}}}, `notes` has a remark for a
    target. Comments, order and values of the file stay; without the file it is made. A key that is there is left alone,
    whatever it holds. Raises FairwayError `invalid_config` when that cannot be done safely, and `file_unavailable`.
    """
    import tomlkit

    os.makedirs(os.path.dirname(path), exist_ok=True)
    with sole_writer(path):
        before = _text(path) if os.path.exists(path) else _new_text(makefile)
        document = tomlkit.parse(before)
        intended = tomllib.loads(before)
        added: list[str] = []
        for section in ("targets", "scripts"):
            for name, entry in entries.get(section, {}).items():
                added += _add_entry(document, intended, (section, name), entry, notes.get(name, ""))
        after = tomlkit.dumps(document)
        if tomllib.loads(after) != intended:
            message = f"{path}: {', '.join(added)} cannot be added without disturbing the file; add it by hand"
            raise FairwayError("invalid_config", message, suggest("compat-scan"), added=added)
        if after != before or not os.path.exists(path):
            replace_file(path, after.encode())
    return added


def profile_entry(entry: dict[str, Any]) -> dict[str, Any]:
    """One target of a scan as the profile keeps it: only keys that say something, `tool` and `via` always.

    A target that is not answered gets no tool, so that it stays what the host made it.
    """
    left_out = {"tool", "words", "variables"} if entry["answer"] == "unknown" else set()
    if entry["via"] == "make":
        left_out |= {"script", "arguments", "environment"}
    kept = {key: entry[key] for key in _TARGET if entry.get(key) and key not in left_out}
    return {"tool": "", "via": entry["via"], **kept}


def _text(path: str) -> str:
    try:
        return read_regular(path).decode()
    except (OSError, UnicodeDecodeError) as problem:
        hint = "compat-scan --write"
        raise FairwayError("file_unavailable", f"{path} cannot be read: {problem}", hint, path=path) from problem


def _new_text(makefile: str) -> str:
    header = "".join(f"# {line}".rstrip() + "\n" for line in _HEADER.splitlines())
    return (
        f'{header}\nschema = "{SCHEMA}"\nmakefile = "{makefile}"\n\n'
        "# Where the old database keeps what our tables hold, where that is not found by itself:\n"
        '#   [legacy_db.state]\n#   table = "their table"\n#   columns = {status = "their column"}\n'
        "[legacy_db]\n"
    )


def _add_entry(
    document: Any, intended: dict[str, Any], address: tuple[str, str], entry: dict[str, Any], note: str
) -> list[str]:
    import tomlkit

    section, name = address
    if section not in document:
        document[section] = tomlkit.table(is_super_table=True)
        intended[section] = {}
    if name not in document[section]:
        table = tomlkit.table()
        for line in note.splitlines():
            table.add(tomlkit.comment(line))
        document[section][name] = table
        intended[section][name] = {}
        added = [f"{section}.{name}"]
    else:
        added = []
    for key, value in entry.items():
        if key not in document[section][name]:
            document[section][name][key] = value
            intended[section][name][key] = value
            added.append(f"{section}.{name}.{key}")
        elif isinstance(value, dict) and section == "scripts":
            added += _add_words(document[section][name][key], intended[section][name][key], value, f"{section}.{name}")
    return [f"{section}.{name}"] if f"{section}.{name}" in added else added


def _add_words(table: Any, intended: dict[str, Any], words: dict[str, str], place: str) -> list[str]:
    added = [word for word in words if word not in table]
    for word in added:
        table[word] = intended[word] = words[word]
    return [f"{place}.{word}" for word in added]


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


def _checked(tables: dict[str, Any], faults: _Faults) -> dict[str, Any]:
    for key in tables:
        if key not in {"schema", "makefile", "targets", "scripts", "legacy_db"}:
            faults.add((key,), "is not known here")
    if tables.get("schema", SCHEMA) != SCHEMA:
        faults.add(("schema",), f"is {tables['schema']!r}; this suite reads {SCHEMA}")
    makefile = tables.get("makefile", "Makefile")
    if not isinstance(makefile, str):
        faults.add(("makefile",), f"has to be {_TEXT}")
    profile = {
        "makefile": makefile,
        "targets": _entries(tables, ("targets",), _TARGET, faults),
        "scripts": _entries(tables, ("scripts",), _SCRIPT, faults),
        "legacy_db": _legacy_db(_table(tables, ("legacy_db",), faults), faults),
    }
    for name, entry in profile["targets"].items():
        _check_target(name, entry, faults)
    return profile


def _legacy_db(given: dict[str, Any], faults: _Faults) -> dict[str, Any]:
    """The hints for the old database as they stand there: a table for each kind of record, `ignore` and `words`."""
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
    return given


def _check_keys(given: dict[str, Any], address: tuple[str, ...], keys: dict[str, str], faults: _Faults) -> None:
    for key, value in given.items():
        if key not in keys:
            faults.add((*address, key), f"is not known here; there are {', '.join(keys)}")
        elif not _is(keys[key], value):
            faults.add((*address, key), f"has to be {keys[key]}")


def _table(tables: dict[str, Any], address: tuple[str, ...], faults: _Faults) -> dict[str, Any]:
    value = tables.get(address[-1], {})
    if isinstance(value, dict):
        return value
    faults.add(address, "has to be a table")
    return {}


def _entries(tables: dict[str, Any], address: tuple[str, ...], keys: dict[str, str], faults: _Faults) -> dict[str, Any]:
    entries = {}
    for name in _table(tables, address, faults):
        given = _table(tables[address[-1]], (*address, name), faults)
        _check_keys(given, (*address, name), keys, faults)
        entries[name] = {key: _value(given.get(key), kind) for key, kind in keys.items()}
    return entries


def _is(kind: str, value: Any) -> bool:
    if kind == _TEXT:
        return isinstance(value, str)
    if kind == _TEXTS:
        return isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    return isinstance(value, dict) and all(isinstance(entry, str) for entry in value.values())


def _value(value: Any, kind: str) -> Any:
    """A value of the right kind; an empty one for what is missing or wrong."""
    good = value if value is not None and _is(kind, value) else _EMPTY[kind]
    return good if isinstance(good, str) else type(good)(good)


def can_be_named(target: str) -> bool:
    """Whether the profile, and the fragment that is made of it, can hold a target of this name."""
    return _TARGET_NAME.match(target) is not None


def _check_target(name: str, entry: dict[str, Any], faults: _Faults) -> None:
    place = ("targets", name)
    if not can_be_named(name):
        faults.add(place, "is no name of a target that can be written into a makefile")
    if entry["via"] not in {"script", "make"}:
        faults.add((*place, "via"), 'has to be "script" or "make"')
    elif entry["via"] == "script" and not entry["script"]:
        faults.add((*place, "script"), 'is needed with via = "script"')
    for host, own in entry["variables"].items():
        if not (_NAME.match(host) and _NAME.match(own)):
            faults.add((*place, "variables", host), "has to map the name of a variable to another")
    for word in entry["words"]:
        if not _WORD.match(word):
            faults.add((*place, "words"), f"{word!r} holds what make or a shell would not take as text")
