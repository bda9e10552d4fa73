"""A list of commands that were run: lines of tab-separated fields, or of JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.formats.input_file import refuse_faults
from fairway_scripts.formats.json_text import read_json
from fairway_scripts.formats.text_tree import decode
from fairway_scripts.work.evidence import RESULTS

if TYPE_CHECKING:
    from fairway_scripts.runs.run_shapes import ListedCommand

#: The fields of a line, in their order; of JSON, its keys. `result` may also be `exit:N`; `-` stands for not known.
FIELDS = ("result", "seconds", "command", "artifact", "notes")
_KEYS = {*FIELDS, "exit_code", "artifact_type"}
_UNKNOWN = ("", "-")
_EXIT = re.compile(r"exit:(-?[0-9]{1,5})")
_SECONDS = re.compile(r"[0-9]{1,9}(\.[0-9]+)?")


def read_command_list(data: bytes, path: str) -> list[ListedCommand]:
    """Each command as `{command, result, exit_code, seconds, artifact, artifact_type, notes, line}`, in their order.

    What is not known is "" or None. Raises FairwayError `invalid_document` with every fault and its line.
    """
    text, faults = decode(data, path)
    rows: list[ListedCommand] = []
    as_json = text.lstrip()[:1] == "{"
    for number, line in enumerate(re.split(r"\r\n|\n", text), 1):
        if not line.strip() or (not as_json and line.startswith("#")):
            continue
        found = _of_json(line, path, number, faults) if as_json else _of_fields(line, path, number, faults)
        if found is not None and not (number == 1 and found.get("result") == "result"):
            row = _checked(found, path, number, faults)
            rows.append(row)
    refuse_faults(path, faults, "a line holds result, seconds, command, artifact and notes, with a tab between them")
    return rows


def _of_fields(line: str, path: str, number: int, faults: list[Fault]) -> dict[str, str] | None:
    fields = line.split("\t")
    if len(fields) < 3 or len(fields) > len(FIELDS):
        what = f"has {len(fields)} fields between tabs, not 3 to {len(FIELDS)}: {', '.join(FIELDS)}"
        faults.append(_fault(path, number, what))
        return None
    return {name: value.strip() for name, value in zip(FIELDS, fields, strict=False)}


def _of_json(line: str, path: str, number: int, faults: list[Fault]) -> dict[str, str] | None:
    value, found = read_json(line, path)
    faults += [fault._replace(line=number) for fault in found]
    if found:
        return None
    if not isinstance(value, dict):
        faults.append(_fault(path, number, "is no JSON object"))
        return None
    unknown = sorted(set(value) - _KEYS)
    wrong = sorted(name for name, entry in value.items() if not isinstance(entry, str) and entry is not None)
    if unknown or wrong:
        what = f"unknown key {unknown[0]!r}; known: {', '.join(sorted(_KEYS))}" if unknown else f"{wrong[0]} is no text"
        faults.append(_fault(path, number, what))
        return None
    return {name: entry if isinstance(entry, str) else "" for name, entry in value.items()}


def _checked(found: dict[str, str], path: str, number: int, faults: list[Fault]) -> ListedCommand:
    result, exit_code = found.get("result", "").lower(), found.get("exit_code", "")
    by_exit = _EXIT.fullmatch(result)
    if by_exit:
        result, exit_code = "", by_exit[1]
    if result in _UNKNOWN:
        result = ""
    elif result not in RESULTS:
        faults.append(_fault(path, number, f"the result {result!r} is none of {', '.join(RESULTS)}, exit:N, -"))
    if exit_code and not re.fullmatch(r"-?[0-9]{1,5}", exit_code):
        faults.append(_fault(path, number, f"the exit code {exit_code!r} is no number"))
        exit_code = ""
    seconds = found.get("seconds", "")
    if seconds not in _UNKNOWN and not _SECONDS.fullmatch(seconds):
        faults.append(_fault(path, number, f"the duration {seconds!r} is no number of seconds"))
        seconds = ""
    if not found.get("command", "").strip() or "\0" in "".join(found.values()):
        faults.append(_fault(path, number, "names no command, or holds a NUL character"))
    artifact = found.get("artifact", "")
    return {
        "command": found.get("command", "").strip(),
        "result": result,
        "exit_code": int(exit_code) if exit_code else None,
        "seconds": None if seconds in _UNKNOWN else round(float(seconds)),
        "artifact": "" if artifact in _UNKNOWN else artifact,
        "artifact_type": found.get("artifact_type", ""),
        "notes": "" if found.get("notes", "") in _UNKNOWN else found["notes"],
        "line": number,
    }


def _fault(path: str, line: int, what: str) -> Fault:
    return Fault(path, line, "", "", ERROR, "command_list", what)
