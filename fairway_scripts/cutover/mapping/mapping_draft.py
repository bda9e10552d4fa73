"""The mapping of an old database as `[legacy_db]` of the host's profile, for a person to confirm."""

from __future__ import annotations

import os
import tomllib
from typing import TYPE_CHECKING, Any

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.cutover.scan.profile_file import SCHEMA, read_profile
from fairway_scripts.formats.file_replacement import replace_file, sole_writer

if TYPE_CHECKING:
    from collections.abc import Mapping

    Row = dict[str, Any]


def write_draft(path: str, mapping: Mapping[str, Any]) -> list[str]:
    """Add to the profile at `path` what it does not say of the old database yet; the names of the tables added.

    `mapping` is what `find_mapping` gives. A table that is there stays as it is, whatever it holds; without the file it
    is made. Raises FairwayError `invalid_config` for a profile that cannot be read or added to, `file_unavailable`.
    """
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with sole_writer(path):
        there = os.path.exists(path)
        have: Row = read_profile(path)["legacy_db"] if there else {}
        before = read_regular(path).decode() if there else f'schema = "{SCHEMA}"\n'
        lines, added = draft_lines(mapping, have)
        after = "\n".join([before.rstrip("\n"), "", *lines, ""]) if added else before
        try:
            tomllib.loads(after)
        except tomllib.TOMLDecodeError as fault:  # a `legacy_db = {...}` on one line takes no further table
            message = f"{path}: {', '.join(added)} cannot be added without disturbing the file; add it by hand: {fault}"
            raise FairwayError(
                "invalid_config", message, suggest("queue-import", LEGACY_DB=None, DRY_RUN=True)
            ) from fault
        if added:
            replace_file(path, after.encode())
    return added


def draft_lines(mapping: Mapping[str, Any], have: Mapping[str, Any]) -> tuple[list[str], list[str]]:
    """The lines of the tables that `have`, the profile's `[legacy_db]`, does not hold yet, and the tables' names."""
    lines: list[str] = []
    added = []
    for kind, entry in mapping["kinds"].items():
        if kind in have:
            continue
        added.append(f"legacy_db.{kind}")
        lines += [f"[legacy_db.{kind}]", f"table = {_text(entry['table'])}  # {entry['why']}", ""]
        lines.append(f"[legacy_db.{kind}.columns]")
        for ours, theirs in entry["columns"].items():
            lines.append(f"{_key(ours)} = {_text(theirs)}  # {entry['reasons'].get(ours, '')}".rstrip(" #"))
        for problem in mapping["problems"]:
            if problem["table"] == entry["table"] and problem["column"]:
                lines.append(f"# not sure: {_text(problem['column'])} {problem['message']}")
        said = [place["column"] for place in mapping["unplaced"] if place["table"] == entry["table"]]
        lines += [f"# no place here for: {', '.join(map(_text, said))}"] if said else []
        lines.append("")
    for family, words in mapping["words"].items():
        if words and family not in have.get("words", {}):
            added.append(f"legacy_db.words.{family}")
            pairs = [f"{_key(theirs)} = {_text(ours)}" for theirs, ours in sorted(words.items())]
            lines += [f"[legacy_db.words.{family}]", *pairs, ""]
    rest = [problem for problem in mapping["problems"] if not problem["column"]]
    if added:
        lines += [f"# not sure: {_text(problem['table'])} {problem['message']}" for problem in rest]
    return lines, added


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else _text(name)


def _text(value: str) -> str:
    """A basic string of TOML, which JSON's texts are."""
    return str(jsonio.dumps(value)).replace("\x7f", "\\u007f")
