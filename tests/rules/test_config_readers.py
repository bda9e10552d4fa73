"""Every key that a configuration may hold is read by something: a key without a reader is a promise nobody keeps."""

from __future__ import annotations

import ast
import os
from functools import cache

import fairway_scripts
from fairway_scripts.settings.config_schema import RETIRED, SECTIONS

PACKAGE = os.path.dirname(fairway_scripts.__file__)
#: Modules that define, check or write the configuration; what only they know nobody reads.
OWN = ("rules/config_", "documents/config_", "documents/toml_lines")
#: Keys that are read as a whole table, entry by entry, without being named.
KEYS = sorted({(section.path, key.name) for section in SECTIONS for key in section.keys})


@cache
def words_read() -> set[str]:
    """Every text that code outside the configuration's own modules looks something up by."""
    found: set[str] = set()
    for folder, _folders, files in os.walk(PACKAGE):
        for name in files:
            path = os.path.relpath(os.path.join(folder, name), PACKAGE)
            if not name.endswith(".py") or path.startswith(OWN):
                continue
            with open(os.path.join(PACKAGE, path), encoding="utf-8") as file:
                tree = ast.parse(file.read())
            if path == "settings.py":
                tree.body = [node for node in tree.body if not isinstance(node, ast.AnnAssign)]
            found |= {
                node.value
                for node in ast.walk(tree)
                if isinstance(node, ast.Constant) and isinstance(node.value, str) and " " not in node.value
            }
    return found


def test_a_key_has_a_reader() -> None:
    assert [section for section, _key in KEYS if section.split(".", maxsplit=1)[0] not in words_read()] == []
    unread = [f"{section}.{key}" for section, key in KEYS if key not in words_read()]
    assert unread == [], "nothing reads these: give them a reader or retire them"


def test_the_walk_would_find_a_key_that_nobody_reads() -> None:
    for path in RETIRED:
        assert path.split(".")[-1] not in words_read(), f"{path} is retired and read"
    assert "no_such_key" not in words_read()
