"""Lanes that are added to a configuration file, as `[[roles]]` tables that leave the rest of it as it was."""

from __future__ import annotations

import json
import tomllib
from typing import Any

from fairway_scripts.documents.config_file import read_config, read_content
from fairway_scripts.documents.file_replacement import replace_file, sole_writer
from fairway_scripts.documents.toml_lines import key_lines
from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.regular_files import read_regular
from fairway_scripts.rules.config_values import value_fault
from fairway_scripts.rules.faults import ERROR, Fault
from fairway_scripts.settings import lanes


def add_lanes(path: str, names: list[str]) -> list[str]:
    """Declare lanes in the configuration file at `path`; those that were not there yet, in the order of `names`.

    Raises FairwayError `usage` for a name that no lane can have, `invalid_config` when the file has errors or would
    have some, `file_unavailable`. Nothing is written then.
    """
    read_config(path)  # a file that cannot be read is refused before its folder is locked
    with sole_writer(path):
        before = read_regular(path)
        known = lanes(read_content(path, before)[0])
        new = [name for name in dict.fromkeys(names) if name not in known]
        after = with_lanes(path, before, new)
        if after != before:
            replace_file(path, after)
    return new


def with_lanes(path: str, before: bytes, names: list[str]) -> bytes:
    """The content of a configuration file with a table for each of `names` behind its last lane; see `add_lanes`."""
    refuse_lane_names(names)
    _refuse(read_content(path, before)[1])
    if not names:
        return before
    text = before.decode()
    tables: dict[str, Any] = tomllib.loads(text)
    new = [{"name": name, "branch": f"agent/{name}"} for name in names]
    block = "".join(f"\n[[roles]]\nname = {_toml(lane['name'])}\nbranch = {_toml(lane['branch'])}\n" for lane in new)
    intended = {**tables, "roles": [*tables.get("roles", []), *new]}
    for after in (_behind_the_last(text, block), text.rstrip("\n") + "\n" + block):
        if _parsed(after) == intended:
            _refuse(read_content(path, after.encode())[1])
            return after.encode()
    message = f"{path} writes its lanes in one line: add {', '.join(names)} there"
    raise FairwayError("invalid_config", message, f"edit {path}")


def refuse_lane_names(names: list[str]) -> None:
    """Raise FairwayError `usage` for a name that cannot stand in a branch and in a folder's name, or none at all."""
    for name in names:
        if fault := value_fault("lane_name", name) or ("" if name.strip() else "is empty"):
            raise FairwayError("usage", f"lane {name!r}: {fault}", suggest("fairway-config", "add-lane", "<lane>"))


def _refuse(faults: list[Fault]) -> None:
    errors = [fault for fault in faults if fault.severity == ERROR]
    if errors:
        message = "nothing was written: " + "\n".join(fault.text() for fault in errors)
        listed = [fault.as_json() for fault in errors]
        raise FairwayError("invalid_config", message, suggest("fairway-config", "validate"), faults=listed)


def _behind_the_last(text: str, block: str) -> str:
    """The text with the block behind the last lane that it has, else at its end."""
    rows = text.splitlines(keepends=True)
    last = max((line for key, line in key_lines(text).items() if key[0] == "roles"), default=len(rows))
    return "".join(rows[:last]).rstrip("\n") + "\n" + block + "".join(rows[last:])


def _parsed(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except ValueError:
        return {}


def _toml(value: str) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")
