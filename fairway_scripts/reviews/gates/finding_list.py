"""What a guard found, as it wrote it: text with one finding a line, or a list in a .json file."""

from __future__ import annotations

from fairway_scripts.base.faults import ERROR, Fault
from fairway_scripts.formats.input_file import read_document, refuse_faults
from fairway_scripts.formats.json_text import read_json


def count_findings(path: str) -> int:
    """How many findings the file `path` lists: entries of the list in a .json file, else lines that are not blank.

    Raises FairwayError: `not_found`, `file_unavailable`, `invalid_document`.
    """
    document = read_document(path)
    try:
        text = document.data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = document.data.count(b"\n", 0, problem.start) + 1
        refuse_faults(path, [Fault(path, line, "", "", ERROR, "not_utf8", "is not UTF-8")])
        raise
    if "\0" in text:
        refuse_faults(path, [Fault(path, 0, "", "", ERROR, "binary", "is no text")])
    if not path.lower().endswith(".json"):
        return sum(1 for line in text.splitlines() if line.strip())
    value, faults = read_json(document.data, path)
    refuse_faults(path, faults)
    if isinstance(value, list):
        return len(value)
    refuse_faults(path, [Fault(path, 1, "", "", ERROR, "wrong_shape", "is JSON, but no list of findings")])
    raise AssertionError  # refused above
