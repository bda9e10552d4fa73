"""Tables that are added to a configuration file, one a name, so that the rest of the file stays as it was."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.formats.file_replacement import replace_file, sole_writer
from fairway_scripts.formats.toml_lines import key_lines
from fairway_scripts.settings.config_file import read_config, read_content
from fairway_scripts.settings.config_values import value_fault

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Final, Literal

    Listed = Literal["roles", "workstream_profiles", "review_domains"]

#: The section that holds the lanes.
LANES: Final = "roles"

#: What may be added by its name alone, besides lanes: the section of its tables.
SECTIONS: dict[str, Listed] = {"add-profile": "workstream_profiles", "add-domain": "review_domains"}


def add_tables(path: str, section: Listed, names: list[str]) -> list[str]:
    """Add a `[[section]]` table to the configuration file for each of `names`; those that were not there, in order.

    Raises FairwayError `usage` for a lane that cannot be one, `invalid_config` when the file has errors or would have
    some, `file_unavailable`. Nothing is written then.
    """
    read_config(path)  # a file that cannot be read is refused before its folder is locked
    with sole_writer(path):
        before = read_regular(path)
        known = {entry["name"] for entry in read_content(path, before)[0][section]}
        new = [name for name in dict.fromkeys(names) if name not in known]
        after = with_tables(path, before, section, new)
        if after != before:
            replace_file(path, after)
    return new


def with_tables(path: str, before: bytes, section: Listed, names: list[str]) -> bytes:
    """The content of a configuration file with a table for each of `names` behind its last of the section.

    Where the file has none and the tool has some of its own (the usual review domains), these are written too: they
    would be gone otherwise. Raises what `add_tables` raises.
    """
    if section == LANES:
        refuse_lane_names(names)
    _refuse(read_content(path, before)[1])
    if not names:
        return before
    text = before.decode()
    tables = tomllib.loads(text)
    kept = [] if tables.get(section) else [_given(entry) for entry in DEFAULTS[section]]
    new = [*kept, *(_entry(section, name) for name in names)]
    line_end = "\r\n" if "\r\n" in text else "\n"
    block = "".join(map(_table, [section] * len(new), new)).replace("\n", line_end)
    intended = {**tables, section: [*tables.get(section, []), *new]}
    for after in (_behind_the_last(text, section, block, line_end), text.rstrip("\r\n") + line_end + block):
        if _parsed(after) == intended:
            _refuse(read_content(path, after.encode())[1])
            return after.encode()
    message = f"{path} writes its [[{section}]] in one line: add {', '.join(names)} there"
    raise FairwayError("invalid_config", message, f"edit {path}")


def refuse_lane_names(names: list[str]) -> None:
    """Raise FairwayError `usage` for a name that cannot stand in a branch and in a folder's name, or none at all."""
    for name in names:
        if fault := value_fault("lane_name", name) or ("" if name.strip() else "is empty"):
            raise FairwayError("usage", f"lane {name!r}: {fault}", suggest("fairway-config", "add-lane", "<lane>"))


def _entry(section: Listed, name: str) -> dict[str, object]:
    return {"name": name, "branch": f"agent/{name}"} if section == LANES else {"name": name}


def _given(entry: Mapping[str, object]) -> dict[str, object]:
    """What an entry of the tool's own says, without what it leaves empty."""
    return {
        key: list(value) if isinstance(value, tuple) else value
        for key, value in entry.items()
        if value or key == "name"
    }


def _table(section: Listed, entry: dict[str, object]) -> str:
    return f"\n[[{section}]]\n" + "".join(f"{key} = {_toml(value)}\n" for key, value in entry.items())


def _refuse(faults: list[Fault]) -> None:
    errors = [fault for fault in faults if fault.severity == ERROR]
    if errors:
        message = "nothing was written: " + "\n".join(fault.text() for fault in errors)
        listed = [fault.as_json() for fault in errors]
        raise FairwayError("invalid_config", message, suggest("fairway-config", "validate"), faults=listed)


def _behind_the_last(text: str, section: Listed, block: str, line_end: str) -> str:
    """The text with the block behind the last table of the section, else at its end."""
    rows = text.splitlines(keepends=True)
    last = max((line for key, line in key_lines(text).items() if key[0] == section), default=len(rows))
    return "".join(rows[:last]).rstrip("\r\n") + line_end + block + "".join(rows[last:])


def _parsed(text: str) -> dict[str, object]:
    try:
        return tomllib.loads(text)
    except ValueError:
        return {}


def _toml(value: object) -> str:
    """A value as TOML writes it: what JSON writes, for the kinds that a configuration has."""
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_toml(entry) for entry in value)}]"
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
