"""The files of a finished run, and what each of them is: log, exit code, JUnit report, a utility's artifact."""

from __future__ import annotations

import os
import re
import stat
from typing import TYPE_CHECKING

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError, suggest_call, suggest_program
from fairway_scripts.formats.foreign_text import decode_foreign
from fairway_scripts.formats.input_file import read_document, refuse_faults
from fairway_scripts.formats.json_text import read_json
from fairway_scripts.formats.junit_file import read_junit
from fairway_scripts.formats.xml_tree import outermost_tag
from fairway_scripts.work.evidence import RESULTS

if TYPE_CHECKING:
    from fairway_scripts.runs.run_shapes import BundledFile, RunFile, SaidOfFile

#: What evidence-bundle writes itself: never part of a bundle.
MANIFEST_NAME, SCRIPT_NAME = "evidence-manifest.json", "record-evidence.sh"
COMMAND_LISTS = ("commands.tsv", "commands.txt", "commands.jsonl")
MOST_FILES = 10_000
_OWN = re.compile(r"evidence-manifest(?:-[0-9a-f]{16})?\.json")
_SCHEMA = re.compile(r"([a-z][a-z-]*)/[0-9]+")
#: In so many bytes the outermost element of a report stands.
_BEGINNING = 1 << 20
_LOGS = (".log", ".out", ".txt")


def files_below(folder: str) -> list[str]:
    """Every file below a folder, sorted by its path there; what a bundle writes is left out.

    Links to folders are not followed. Raises FairwayError: `not_found`, `file_unavailable` (a folder or name that
    cannot be read, too many files).
    """
    if not os.path.isdir(folder):
        raise FairwayError(
            "not_found", f"there is no folder {folder}", suggest_program("ls", "-l", os.path.dirname(folder) or ".")
        )

    def refuse(problem: OSError) -> None:
        raise FairwayError("file_unavailable", f"{problem.filename}: cannot be read: {problem.strerror}") from problem

    found = []
    for place, folders, names in os.walk(folder, onerror=refuse):
        folders[:] = [name for name in folders if name != ".git"]
        found += [os.path.join(place, name) for name in names if not is_own(name)]
        if len(found) > MOST_FILES:
            raise FairwayError(
                "file_unavailable", f"{folder}: more than {MOST_FILES} files", suggest_call(ARTIFACTS=None)
            )
    return sorted(found)


def is_own(name: str) -> bool:
    """Whether a file of that name is what a bundle writes: a manifest, or the script."""
    return name == SCRIPT_NAME or bool(_OWN.fullmatch(name))


def describe(path: str, name: str) -> RunFile:
    """One file as `{path: name, sha256, size, type, result, result_from, exit_code, told}`; `name` is shown.

    `result` is what the file itself says ("" when it says nothing): a JUnit report by its cases, an exit-code file by
    its number, a utility's artifact by its `result`. Raises FairwayError `file_unavailable`, `invalid_document`.
    """
    try:
        name.encode()
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise FairwayError(
                "file_unavailable", f"{name}: is not a file", "name one file, or pack the folder into one"
            )
        sha256, size = digest.of_file(path), os.path.getsize(path)
    except UnicodeEncodeError as problem:
        raise FairwayError("file_unavailable", f"{name!r}: the name is not UTF-8", "rename the file") from problem
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{name}: cannot be read: {problem.strerror}") from problem
    return {
        "path": name,
        "sha256": sha256,
        "size": size,
        "type": "file",
        "result": "",
        "result_from": "",
        "exit_code": None,
        "told": "",
        **_read(path, name),
    }


def entry_of(row: RunFile) -> BundledFile:
    """A file as the manifest names it."""
    return {"path": row["path"], "sha256": row["sha256"], "size": row["size"], "type": row["type"]}


def command_of(path: str) -> str:
    """The command in a `.cmd` file: its text without blanks at the ends. Raises FairwayError."""
    text, faults = decode_foreign(read_document(path).data, path)
    if faults:
        raise FairwayError("invalid_document", f"{path}: is not valid UTF-8", "save the file as UTF-8")
    return text.strip()


def _read(path: str, name: str) -> SaidOfFile:
    _stem, ending = os.path.splitext(os.path.basename(name))
    if os.path.basename(name) in COMMAND_LISTS:
        return {"type": "command_list"}
    if ending == ".exit":
        return _exit_code(path, name)
    if ending.lower() == ".xml":
        return _junit(path, name)
    if ending.lower() == ".json":
        return _utility(path)
    return {"type": "command_log"} if ending in _LOGS else {}


def _exit_code(path: str, name: str) -> SaidOfFile:
    text = decode_foreign(read_document(path).data, name)[0].strip()
    if not re.fullmatch(r"-?[0-9]{1,5}", text):
        raise FairwayError(
            "invalid_document",
            f"{name}:1: {text[:40]!r} is no exit code",
            "the file holds the exit code of the command, as a shell gives it behind it",
        )
    code = int(text)
    return {
        "type": "exit_code",
        "exit_code": code,
        "result": "pass" if code == 0 else "fail",
        "result_from": "exit code",
        "told": f"exit code {code}",
    }


def _junit(path: str, name: str) -> SaidOfFile:
    """A JUnit report; any other XML is just a file."""
    data = read_document(path).data
    root = outermost_tag(data[:_BEGINNING], name)
    looks_so = not root and re.search(r"<testsuites?[\s>/]", decode_foreign(data[:_BEGINNING], name)[0])
    if root not in ("testsuites", "testsuite") and not looks_so:
        return {}
    report = read_junit(data, name)
    refuse_faults(name, report.errors)
    counts = report.counts
    told = f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped"
    told += f", {counts['unknown']} unknown" if counts["unknown"] else ""
    found = {"failed": "fail", "passed": "pass", "skipped": "skipped"}.get(report.outcome, "partial")
    result = found if report.cases else ""
    return {"type": "junit", "result": result, "result_from": "JUnit report" if result else "", "told": told}


def _utility(path: str) -> SaidOfFile:
    """A utility's artifact, known by its `schema`; any other JSON, and what is none, is just a file."""
    value, faults = read_json(read_document(path).data, path)
    top = value if isinstance(value, dict) and not faults else {}
    schema = top.get("schema")
    found = _SCHEMA.fullmatch(schema) if isinstance(schema, str) else None
    if found is None:
        return {}
    result = top.get("result")
    word = result if isinstance(result, str) and result in RESULTS else ""
    return {"type": found[1], "result": word, "result_from": "artifact" if word else ""}
