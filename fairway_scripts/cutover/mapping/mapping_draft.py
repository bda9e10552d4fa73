"""The mapping of an old database as `[legacy_db]` of the host's profile, for a person to confirm."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest
from fairway_scripts.cutover.scan.profile_file import SCHEMA, append, read_profile, table_in, toml_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.cutover.mapping.mapping_shapes import ToldMapping


def write_draft(path: str, mapping: ToldMapping) -> list[str]:
    """Add to the profile at `path` what it does not say of the old database yet; return the names of its tables.

    `mapping` is what `find_mapping` gives. A table that is there stays as it is, whatever it holds; without the file it
    is made. Raises FairwayError `invalid_config` for a profile that cannot be read or added to, `file_unavailable`.
    """
    if os.path.exists(path):
        read_profile(path)
    hint = suggest("queue-import", LEGACY_DB=None, DRY_RUN=True)
    return append(
        path, f'schema = "{SCHEMA}"\n', lambda known: draft_lines(mapping, table_in(known, "legacy_db")), hint
    )


def draft_lines(mapping: ToldMapping, have: Mapping[str, object]) -> tuple[list[str], list[str]]:
    """Write the lines of the tables that `have`, the profile's `[legacy_db]`, does not hold yet, and their names."""
    lines: list[str] = []
    added = []
    for kind, entry in mapping["kinds"].items():
        if kind in have:
            continue
        added.append(f"legacy_db.{kind}")
        lines += [f"[legacy_db.{kind}]", f"table = {toml_text(entry['table'])}  # {entry['why']}", ""]
        lines.append(f"[legacy_db.{kind}.columns]")
        for ours, theirs in entry["columns"].items():
            lines.append(f"{_key(ours)} = {toml_text(theirs)}  # {entry['reasons'].get(ours, '')}".rstrip(" #"))
        for problem in mapping["problems"]:
            if problem["table"] == entry["table"] and problem["column"]:
                line = f"; say {problem['decide']}" if problem["decide"] else ""
                lines.append(f"# not sure: {toml_text(problem['column'])} {problem['message']}{line}")
        unplaced = [place["column"] for place in mapping["unplaced"] if place["table"] == entry["table"]]
        lines += [f"# no place here for: {', '.join(map(toml_text, unplaced))}"] if unplaced else []
        lines.append("")
    for family, words in mapping["words"].items():
        if words and family not in table_in(have, "words"):
            added.append(f"legacy_db.words.{family}")
            pairs = [f"{_key(theirs)} = {toml_text(ours)}" for theirs, ours in sorted(words.items())]
            lines += [f"[legacy_db.words.{family}]", *pairs, ""]
    rest = [problem for problem in mapping["problems"] if not problem["column"]]
    if added:
        lines += [f"# not sure: {toml_text(problem['table'])} {problem['message']}" for problem in rest]
        names = [".".join(filter(None, (place["table"], place["column"]))) for place in mapping["unplaced"]]
        ignore = f"ignore = [{', '.join(map(toml_text, names))}]"
        lines += [f"# where all of this means nothing here, under [legacy_db]: {ignore}"] if names else []
    return lines, added


def _key(name: str) -> str:
    return name if name.isidentifier() and name.isascii() else toml_text(name)
