"""Case files: one call of an older script with all that it came to, as TOML.

Bytes that are UTF-8 stand there as text, others as `{ base64 = "..." }`; a NULL of a database row is left out. What
is written reads back as it was, and the same call gives the same bytes apart from its times.
"""

from __future__ import annotations

import base64
import binascii
import os
import tomllib
from typing import TYPE_CHECKING, Any

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.formats.file_replacement import replace_file

if TYPE_CHECKING:
    from collections.abc import Iterable

    Row = dict[str, Any]

SCHEMA = "parity-case/1"
SUFFIX = ".toml"
_TABLES = ("call", "before", "after", "result")
_LISTS = ("files", "rows")


def packed(value: bytes | str) -> str | Row:
    """Bytes (or text as the operating system gives it) as a case file holds them."""
    data = os.fsencode(value) if isinstance(value, str) else value
    try:
        return data.decode()
    except UnicodeDecodeError:
        return {"base64": base64.b64encode(data).decode()}


def unpacked(value: str | Row) -> bytes:
    """What `packed` was given, as bytes."""
    return value.encode() if isinstance(value, str) else base64.b64decode(value["base64"], validate=True)


def unpacked_text(value: str | Row) -> str:
    """What `packed` was given, as text for the operating system."""
    return value if isinstance(value, str) else os.fsdecode(unpacked(value))


def write_case(path: str, case: Row) -> None:
    """Write the case file `path`, whole or not at all.

    `case` is `{name, captured_at, duration_ms, call, before, after, result, files, rows}` of plain values and of what
    `packed` gives. Raises FairwayError `file_unavailable`.
    """
    replace_file(path, case_text(case).encode())


def case_text(case: Row) -> str:
    """The text of a case file."""
    import tomlkit

    return tomlkit.dumps(_item({"schema": SCHEMA, **case}))


def _item(value: Any) -> Any:
    """A value as TOML is written: long texts over several lines, nothing for None."""
    import tomlkit

    if isinstance(value, dict):
        return {name: _item(entry) for name, entry in value.items() if entry is not None}
    if isinstance(value, list):
        return [_item(entry) for entry in value]
    if isinstance(value, str) and value.count("\n") > 1 and _reads_well(value):
        return tomlkit.string(value, multiline=True)
    return value


def _reads_well(text: str) -> bool:
    """Whether a text is the same over several lines: a control character or three quotes would need care."""
    return '"""' not in text and "\\" not in text and all(char >= " " or char in "\t\n" for char in text)


def read_case(path: str) -> Row:
    """The case of a file, as `write_case` was given it.

    Raises FairwayError `file_unavailable`, and `invalid_document` for a file that is no case.
    """
    try:
        case = tomllib.loads(read_regular(path).decode())
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path}: cannot be read: {problem.strerror}") from problem
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise _no_case(path, str(problem)) from problem
    if case.get("schema") != SCHEMA:
        raise _no_case(path, f"its schema is {case.get('schema')!r}, not {SCHEMA!r}")
    wrong = [name for name in _TABLES if not isinstance(case.get(name), dict)]
    wrong += [name for name in _LISTS if not isinstance(case.setdefault(name, []), list)]
    wrong += [name for name in ("name", "captured_at") if not isinstance(case.get(name), str)]
    if wrong:
        raise _no_case(path, f"{', '.join(wrong)} is missing or has another shape")
    call, result = case["call"], case["result"]
    try:
        for value in (*call["argv"], *call["own_argv"], call["stdin"], result["stdout"], result["stderr"]):
            unpacked(value)
        int(result["exit_code"])
    except (KeyError, TypeError, ValueError, binascii.Error, AttributeError) as problem:
        raise _no_case(path, f"{type(problem).__name__}: {problem}") from problem
    return {name: value for name, value in case.items() if name != "schema"}


def read_cases(folder: str) -> Iterable[tuple[str, Row]]:
    """Every case file of a folder as (path, case), in the order in which they were captured.

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
