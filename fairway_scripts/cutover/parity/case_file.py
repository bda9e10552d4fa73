"""Case files: one call of an older script with all that it came to, as TOML.

Bytes that are UTF-8 stand there as text, others as `{ base64 = "..." }`; a NULL of a database row is left out. What
is written reads back as it was, and the same call gives the same bytes apart from its times.
"""

from __future__ import annotations

import base64
import binascii
import os
import tomllib
from typing import TYPE_CHECKING, cast

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.formats.file_replacement import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.cutover.parity.parity_shapes import Case, Packed

SCHEMA = "parity-case/1"
SUFFIX = ".toml"
#: What a case has to say, by its tables, and the type of each value.
_VALUES: dict[str, dict[str, type]] = {
    "call": {"argv": list, "own_argv": list},
    "before": {"queue_file": str, "database": str},
    "after": {"database": str},
    "result": {"exit_code": int},
}
#: ... and by its lists, what each entry has to say as text.
_LISTS: dict[str, tuple[str, ...]] = {"files": (), "rows": ("table", "key")}


def packed(value: bytes | str) -> Packed:
    """Return bytes (or text as the operating system gives it) as a case file holds them."""
    data = os.fsencode(value) if isinstance(value, str) else value
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def unpacked(value: Packed) -> bytes:
    """Return what `packed` was given, as bytes."""
    return value.encode() if isinstance(value, str) else base64.b64decode(value["base64"], validate=True)


def unpacked_text(value: Packed) -> str:
    """Return what `packed` was given, as text for the operating system."""
    return value if isinstance(value, str) else os.fsdecode(unpacked(value))


def write_case(path: str, case: Case) -> None:
    """Write the case file `path`, whole or not at all; raises FairwayError `file_unavailable`."""
    replace_file(path, case_text(case).encode())


def case_text(case: Case) -> str:
    """Return the text of a case file."""
    import tomlkit

    tables = {"schema": SCHEMA, **case}
    return tomlkit.dumps({name: _item(value) for name, value in tables.items() if value is not None})


def _item(value: object) -> object:
    """Return a value as TOML is written: long texts over several lines, nothing for None."""
    import tomlkit

    if isinstance(value, dict):
        return {name: _item(entry) for name, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_item(entry) for entry in value]
    if isinstance(value, str) and value.count("\n") > 1 and _reads_well(value):
        return tomlkit.string(value, multiline=True)
    return value


def _reads_well(text: str) -> bool:
    """Tell whether a text is the same over several lines: a control character or three quotes would need care."""
    return '"""' not in text and "\\" not in text and all(char >= " " or char in "\t\n" for char in text)


def read_case(path: str) -> Case:
    """Return the case of a file, as `write_case` was given it.

    Raises FairwayError `file_unavailable`, and `invalid_document` for a file that is no case.
    """
    try:
        found: dict[str, object] = tomllib.loads(read_regular(path).decode())
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path}: cannot be read: {problem.strerror}") from problem
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise _no_case(path, str(problem)) from problem
    if (schema := found.pop("schema", None)) != SCHEMA:
        raise _no_case(path, f"its schema is {schema!r}, not {SCHEMA!r}")
    wrong = _wrong_shapes(found)
    if wrong:
        raise _no_case(path, f"{', '.join(wrong)} is missing or has another shape")
    case = cast("Case", found)
    call, result = case["call"], case["result"]
    try:
        environment = call.setdefault("environment", {}).values()
        texts = (call["stdin"], result["stdout"], result["stderr"])
        for value in (*call["argv"], *call["own_argv"], *environment, *texts):
            unpacked(value)
    except (KeyError, TypeError, ValueError, binascii.Error, AttributeError) as problem:
        raise _no_case(path, f"{type(problem).__name__}: {problem}") from problem
    return case


def _wrong_shapes(found: dict[str, object]) -> list[str]:
    """Return the names of what a case file lacks or says in another shape; missing lists are put there."""
    wrong = [name for name in ("name", "captured_at") if not isinstance(found.get(name), str)]
    wrong += [name for name, keys in _LISTS.items() if not _is_list_with(keys, found.setdefault(name, []))]
    for name, values in _VALUES.items():
        table = found.get(name)
        if isinstance(table, dict):
            wrong += [f"{name}.{key}" for key, kind in values.items() if not isinstance(table.get(key), kind)]
        else:
            wrong.append(name)
    return wrong


def _is_list_with(keys: tuple[str, ...], value: object) -> bool:
    """Tell whether a value is a list of tables that each have a text under all keys."""
    return isinstance(value, list) and all(
        isinstance(entry, dict) and all(isinstance(entry.get(key), str) for key in keys) for entry in value
    )


def read_cases(folder: str) -> Iterable[tuple[str, Case]]:
    """Return every case file of a folder as (path, case), in the order in which they were captured.

    Raises FairwayError as `read_case` does, and `not_found` for a folder without any.
    """
    try:
        names = sorted(name for name in os.listdir(folder) if name.endswith(SUFFIX))
    except OSError as problem:
        raise FairwayError(
            "not_found", f"{folder}: {problem.strerror}", suggest("parity-report run", "--help"), path=folder
        ) from problem
    if not names:
        raise FairwayError(
            "not_found",
            f"{folder} holds no case files (*{SUFFIX})",
            suggest("parity-report keep", "--help"),
            path=folder,
        )
    cases = [(os.path.join(folder, name), read_case(os.path.join(folder, name))) for name in names]
    return sorted(cases, key=lambda entry: (entry[1]["captured_at"], entry[0]))


def _no_case(path: str, why: str) -> FairwayError:
    return FairwayError(
        "invalid_document", f"{path} is no case file: {why}", suggest("parity-report keep", "--help"), path=path
    )
