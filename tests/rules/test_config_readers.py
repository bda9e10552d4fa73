"""Every key that a configuration may hold is read by something: a key without a reader is a promise nobody keeps."""

from __future__ import annotations

import ast
from functools import cache

from fairway_scripts.settings.config_schema import RETIRED, SECTIONS
from tests.support.sources import modules, nodes

#: Modules that define, check or write the configuration; what only they know nobody reads.
OWN = ("settings/config_", "formats/toml_lines")
#: Keys that are read as a whole table, entry by entry, without being named.
KEYS = sorted({(section.path, key.name) for section in SECTIONS for key in section.keys})


@cache
def words_read() -> set[str]:
    """Every text that code outside the configuration's own modules looks something up by."""
    found: set[str] = set()
    for path in (path for path in modules() if not path.startswith(OWN)):
        constants = (node.value for node in nodes(path) if isinstance(node, ast.Constant))
        found |= {text for text in constants if isinstance(text, str) and " " not in text}
    return found


def test_a_key_has_a_reader() -> None:
    assert [section for section, _key in KEYS if section.split(".", maxsplit=1)[0] not in words_read()] == []
    unread = [f"{section}.{key}" for section, key in KEYS if key not in words_read()]
    assert unread == [], "nothing reads these: give them a reader or retire them"


def test_the_walk_would_find_a_key_that_nobody_reads() -> None:
    for path in RETIRED:
        assert path.split(".")[-1] not in words_read(), f"{path} is retired and read"
    assert "no_such_key" not in words_read()
