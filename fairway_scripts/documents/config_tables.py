"""Words that are added to a configuration file, each as a table at its end."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from fairway_scripts.documents.config_file import read_config, read_content
from fairway_scripts.documents.file_replacement import replace_file, sole_writer
from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.regular_files import read_regular
from fairway_scripts.rules.faults import ERROR
from fairway_scripts.settings import DEFAULTS

#: What may be added by its name alone: the section of its tables.
SECTIONS = {"add-profile": "workstream_profiles", "add-domain": "review_domains"}


def add_tables(path: str, section: str, names: list[str]) -> list[str]:
    """Add a `[[section]]` table with a name to the configuration file for each of `names`; those that were new.

    Where the file has none and the tool has some of its own (the usual review domains), these are written too: they
    would be gone otherwise. Raises FairwayError `usage` (a name that cannot be), `invalid_config`, `file_unavailable`;
    nothing is written then.
    """
    settings, faults = read_config(path)
    errors = [fault.text() for fault in faults if fault.severity == ERROR]
    if errors:
        raise FairwayError("invalid_config", "\n".join(errors), suggest("fairway-config", "validate"))
    with sole_writer(path):
        before = read_regular(path).decode()
        line_end = "\r\n" if "\r\n" in before else "\n"
        tables: dict[str, Any] = tomllib.loads(before)
        known = {entry["name"] for entry in settings[section]}
        new = [name for name in dict.fromkeys(names) if name not in known]
        if not new:
            return []
        kept = [] if tables.get(section) else DEFAULTS[section]
        block = "".join(_table(section, entry) for entry in [*kept, *({"name": name} for name in new)])
        after = before.rstrip("\r\n") + line_end + block.replace("\n", line_end)
        _refuse_what_disturbs(path, before, after, section, len(kept) + len(new))
        replace_file(path, after.encode())
    return new


def _table(section: str, entry: dict[str, Any]) -> str:
    lines = [f"{key} = {_toml(value)}" for key, value in entry.items() if value or key == "name"]
    return f"\n[[{section}]]\n" + "".join(f"{line}\n" for line in lines)


def _refuse_what_disturbs(path: str, before: str, after: str, section: str, count: int) -> None:
    """Raise `invalid_config` unless the new text says what the old one did, with so many tables more and no fault."""
    old, new = tomllib.loads(before), tomllib.loads(after)
    entries = new.pop(section)
    same = {key: value for key, value in old.items() if key != section} == new
    earlier = old.get(section, [])
    if not same or entries[: len(earlier)] != earlier or len(entries) != len(earlier) + count:
        raise FairwayError("invalid_config", f"{path} leaves no place for a [[{section}]] table", f"edit {path}")
    errors = [fault.text() for fault in read_content(path, after.encode())[1] if fault.severity == ERROR]
    if errors:
        raise FairwayError("usage", "nothing was written: " + "\n".join(errors), suggest("fairway-config", "show"))


def _toml(value: Any) -> str:
    """A value as TOML writes it: what JSON writes, for the kinds that a configuration has."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
