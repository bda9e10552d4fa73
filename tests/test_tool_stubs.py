"""What stands once for each tool is written from the catalogue: the files in bin/, the console scripts."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

from fairway_scripts.catalog import TOOLS
from tests.support.shell import BIN, HOME

_SPEC = importlib.util.spec_from_file_location("tool_stubs", os.path.join(HOME, "scripts", "tool_stubs.py"))
assert _SPEC is not None
assert _SPEC.loader is not None
tool_stubs: Any = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(tool_stubs)


def test_bin_is_what_the_catalogue_says() -> None:
    found = {}
    for name in tool_stubs.stubs():
        with open(os.path.join(BIN, name), encoding="utf-8") as file:
            found[name] = file.read()
    assert found == tool_stubs.stubs(), "run: make fragment"
    assert set(found) == set(TOOLS)


def test_the_console_scripts_are_what_the_catalogue_says() -> None:
    with open(os.path.join(HOME, "pyproject.toml"), encoding="utf-8") as file:
        text = file.read()
    assert tool_stubs.project(text) == text, "run: make fragment"


def test_a_tool_that_is_gone_loses_its_console_script_and_nothing_else_changes() -> None:
    with open(os.path.join(HOME, "pyproject.toml"), encoding="utf-8") as file:
        text = file.read()
    more = text.replace("[project.scripts]\n", '[project.scripts]\nno-tool = "fairway_scripts.front.entry:no_tool"\n')
    assert more != text
    assert tool_stubs.project(more) == text
