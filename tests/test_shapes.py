"""What the type checker reads of settings and calls is what the schema and the catalogue say."""

from __future__ import annotations

import importlib.util
import os

import pytest

from tests.support.shell import HOME

SPEC = importlib.util.spec_from_file_location("shapes", os.path.join(HOME, "scripts", "shapes.py"))
assert SPEC is not None
assert SPEC.loader is not None
shapes = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(shapes)
WRITTEN = shapes.written()


@pytest.mark.parametrize("path", WRITTEN)
def test_a_stub_is_as_it_would_be_written_now(path: str) -> None:
    with open(os.path.join(HOME, path), encoding="utf-8") as file:
        assert file.read() == WRITTEN[path], "run `make tables fragment`"


def test_a_tool_has_its_own_arguments_and_those_of_every_tool() -> None:
    assert "class QueueAckHandoff(Changing, Protocol):\n    handoff_id: str\n" in WRITTEN[shapes.CALLS]
    assert "    json: bool\n" in WRITTEN[shapes.CALLS].partition("class Changing")[0]
