"""The config file: read with every fault and its line, and edited one value at a time with its layout kept."""

from __future__ import annotations

import copy
import os
import re
import tomllib
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.base.settings import CONFIG_PATH, DEFAULTS
from fairway_scripts.formats.toml_lines import Address, has_comment, key_lines, line_of, mistake_in
from fairway_scripts.formats.toml_lines import with_value as toml_with_value
from fairway_scripts.settings.config_reading import below, place_text, read_tables

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.base.settings_shape import Settings

__all__ = ["read_config", "read_content", "with_value", "write_value"]


def read_config(path: str) -> tuple[Settings, list[Fault]]:
    """The settings of the file at `path`, every key filled, and all its faults, sorted by line.

    With a fault of severity "error" the settings are not fit for use. `project_name` is the name of the folder that
    holds `.fairway` (or the file) when the file gives none. Raises FairwayError `file_unavailable`.
    """
    return read_content(path, _content(path))


def write_value(path: str, dotted_key: str, text_value: str) -> None:
    """Set one key of the file at `path`, keeping comments, order and layout; the file is replaced in one step.

    `dotted_key` is as for `get_value`. `text_value` is what a person types: text as it is, `true` or `false`, a
    number, a list as `a, b` or as TOML writes it (`["a", "b"]`). Nothing is written unless the new file reads back
    with exactly this key changed and without a new fault. Raises FairwayError `not_found` for an unknown key,
    `usage` for a value that is none of its type, `invalid_config` otherwise, and `file_unavailable`.
    """
    # Reading, which the first command of a project does, can do without them.
    from fairway_scripts.formats.file_replacement import replace_file, sole_writer

    _content(path)  # a file that is missing is refused before its folder is locked
    with sole_writer(path):
        before = _content(path)
        after = with_value(path, before, dotted_key, text_value)
        if after != before:
            replace_file(path, after)


def with_value(path: str, before: bytes, dotted_key: str, text_value: str) -> bytes:
    """The content of a configuration file after setting one key as `write_value` does; messages name it `path`.

    Raises FairwayError as `write_value` does.
    """
    from fairway_scripts.settings.config_keys import address_of, key_at, typed_value

    settings, old_faults = read_content(path, before)
    _refuse_errors([fault for fault in old_faults if fault.code == "syntax"])
    address = address_of(settings, dotted_key)
    value = typed_value(key_at(address, dotted_key), text_value, dotted_key)
    intended = tomllib.loads(before.decode())
    _set(intended, address, value, dotted_key)
    after = _edited(before.decode(), address, value, dotted_key, intended)
    _settings, new_faults = read_content(path, after)
    known = {(fault.field, fault.code, fault.message) for fault in old_faults}
    field = place_text(address, settings)
    refused = [
        f"{fault.field}: {fault.message}"
        for fault in new_faults
        if fault.severity == ERROR and (fault.field == field or (fault.field, fault.code, fault.message) not in known)
    ]
    if refused:
        message = f"nothing was written to {path}: {'; '.join(refused)}"
        raise FairwayError("invalid_config", message, suggest("fairway-config", "get", dotted_key), key=dotted_key)
    return after


def _content(path: str) -> bytes:
    try:
        return read_regular(path)
    except OSError as fault:
        hint = "fairway-init" if isinstance(fault, FileNotFoundError) else suggest_program("ls", "-ld", path)
        message = f"{path} cannot be read: {fault.strerror or fault}"
        raise FairwayError("file_unavailable", message, hint, path=path) from fault


def read_content(path: str, content: bytes) -> tuple[Settings, list[Fault]]:
    """`read_config` of a content that is already at hand."""
    try:
        text = content.decode()
        tables, lines = tomllib.loads(text), key_lines(text)
    except UnicodeDecodeError as fault:
        line = content.count(b"\n", 0, fault.start) + 1
        return _unset(path), [_syntax_fault(path, line, f"is not UTF-8 (byte 0x{content[fault.start]:02x})")]
    except ValueError as fault:  # tomllib's own error, or a number too long for Python
        return _unset(path), [_toml_fault(path, text, fault)]
    except RecursionError:
        return _unset(path), [_syntax_fault(path, 0, "is nested too deeply")]
    settings, found = read_tables(tables)
    settings["fairway"]["project_name"] = settings["fairway"]["project_name"] or _project_name(path)
    faults = [
        Fault(
            path,
            line_of(lines, fault.place),
            "",
            place_text(fault.place, settings),
            fault.severity,
            fault.code,
            fault.message,
        )
        for fault in found
    ]
    return settings, sorted(faults, key=lambda fault: (fault.line, fault.field))


def _unset(path: str) -> Settings:
    settings = copy.deepcopy(DEFAULTS)
    settings["fairway"]["project_name"] = _project_name(path)
    return settings


def _project_name(path: str) -> str:
    folder = os.path.dirname(os.path.abspath(path))
    if os.path.basename(folder) == os.path.dirname(CONFIG_PATH):
        folder = os.path.dirname(folder)
    from fairway_scripts.settings.config_text import named_after

    return named_after(folder)


def _toml_fault(path: str, text: str, problem: Exception) -> Fault:
    if text.startswith("\ufeff"):
        return _syntax_fault(path, 1, "starts with a byte order mark; save the file as plain UTF-8")
    line, what = mistake_in(text, problem)
    return _syntax_fault(path, line, f"is no TOML: {what}")


def _syntax_fault(path: str, line: int, message: str) -> Fault:
    return Fault(path, line, "", "", ERROR, "syntax", message)


def _refuse_errors(errors: list[Fault]) -> None:
    if errors:
        message = "\n".join(fault.text() for fault in errors)
        faults = [fault.as_json() for fault in errors]
        raise FairwayError("invalid_config", message, suggest("fairway-config", "validate"), faults=faults)


def _set(tables: object, address: Address, value: object, dotted_key: str) -> None:
    """Set the value at `address` in plain or tomlkit tables; a section that is missing is added at the end."""
    for step in address[:-1]:
        if isinstance(tables, dict) and step not in tables:
            tables[step] = {}
        tables = below(tables, step)
    if not isinstance(tables, dict):
        raise FairwayError(
            "invalid_config", f"{dotted_key}: the section around it is no table", suggest("fairway-config", "validate")
        )
    tables[address[-1]] = value


def _edited(text: str, address: Address, value: object, dotted_key: str, intended: Mapping[str, object]) -> bytes:
    """The text with one value changed. Refuses an edit that would change anything else, naming what."""
    import tomlkit
    import tomlkit.exceptions

    try:
        document = tomlkit.parse(text)
        laid_out = _laid_out(document, address, value)
        _set(document, address, laid_out, dotted_key)
        after = tomlkit.dumps(document)
        if "\r\n" in text and not re.search(r"(?<!\r)\n", text):
            after = re.sub(r"(?<!\r)\n", "\r\n", after)  # tomlkit ends the lines that it adds with \n alone
        # tomlkit gathers the tables of one list that stand apart: then the one value is written where it stands
        written = tomlkit.item(laid_out).as_string().replace("\n", "\r\n" if "\r\n" in text else "\n")
        problem = _disturbed(text, after, address, intended)
        again = toml_with_value(text, address, written) if problem else None
        if again is not None and not _disturbed(text, again, address, intended):
            problem, after = "", again
    except (tomlkit.exceptions.TOMLKitError, tomllib.TOMLDecodeError, TypeError, KeyError, ValueError) as fault:
        raise _unsafe(dotted_key, str(fault)) from fault
    if problem:
        raise _unsafe(dotted_key, problem)
    return after.encode()


def _disturbed(before: str, after: str, address: Address, intended: Mapping[str, object]) -> str:
    """What an edit changes besides the one value, in words; "" for nothing."""
    if differing := _first_difference(intended, tomllib.loads(after)):
        return f"{differing} would change too"
    moved = _first_moved(before, after, address)
    return f"line {moved} would move or vanish" if moved else ""


def _laid_out(document: object, address: Address, value: object) -> object:
    """The value as it is to be written: a list that stood over several lines still does.

    Raises ValueError when comments inside the old list would be lost.
    """
    import tomlkit
    import tomlkit.items

    old = document
    for step in address:
        old = below(old, step)
    if not isinstance(old, tomlkit.items.Array) or "\n" not in old.as_string():
        return value
    if has_comment(old.as_string()):
        raise ValueError("the comments inside the list would be lost")
    if not isinstance(value, list):
        return value
    array = tomlkit.array()
    array.extend(value)
    return array.multiline(multiline=True)


def _first_moved(before: str, after: str, address: Address) -> int:
    """The first line, from 1, that is not part of the edited value and yet not kept in its place; 0 when all are."""
    old, new = before.splitlines(), after.splitlines()
    start = 0
    while start < min(len(old), len(new)) and old[start] == new[start]:
        start += 1
    end = 0
    while end < min(len(old), len(new)) - start and old[-1 - end] == new[-1 - end]:
        end += 1
    lines = key_lines(before)
    own = {line for key, line in lines.items() if key[: len(address)] == address}
    others = {line for key, line in lines.items() if key[: len(address)] != address} - own
    for line in range(start + 1, len(old) - end + 1):
        inside = own and min(own) <= line and not any(min(own) < other <= line for other in others)
        if not inside:
            return line
    return 0


def _unsafe(dotted_key: str, reason: str) -> FairwayError:
    message = f"{dotted_key} cannot be set without disturbing the file: {reason}; edit the file by hand"
    return FairwayError("invalid_config", message, suggest("fairway-config", "validate"), key=dotted_key)


def _first_difference(intended: object, outcome: object, above: str = "") -> str:
    """The dotted name of the first value that differs, empty when the two are the same."""
    if isinstance(intended, dict) and isinstance(outcome, dict):
        for name in [*intended, *(name for name in outcome if name not in intended)]:
            if found := _first_difference(intended.get(name), outcome.get(name), f"{above}.{name}".lstrip(".")):
                return found
        return ""
    if isinstance(intended, list) and isinstance(outcome, list) and len(intended) == len(outcome):
        for at, (one, other) in enumerate(zip(intended, outcome, strict=True)):
            if found := _first_difference(one, other, f"{above}.{at + 1}"):
                return found
        return ""
    return "" if type(intended) is type(outcome) and intended == outcome else above
