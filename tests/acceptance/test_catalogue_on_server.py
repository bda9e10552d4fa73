"""Every tool of the catalogue with the store on a PostgreSQL server: it prints the same keys as with a file."""

from __future__ import annotations

import os

import pytest

from tests.support import interface_page
from tests.support.server import server
from tests.support.shell import HOME


@pytest.mark.endurance
def test_every_tool_takes_and_prints_on_a_server_what_the_interface_page_says(monkeypatch: pytest.MonkeyPatch) -> None:
    schemas = "SELECT count(*) FROM pg_tables WHERE tablename = 'task_evidence'"
    before = int(server().sql(schemas))  # the server skips, or fails in CI, where there is none
    monkeypatch.setenv("FAIRWAY_TEST_ENGINE", "postgres")
    with open(os.path.join(HOME, "docs", "interface.md"), encoding="utf-8") as file:
        expected = file.read()
    found = interface_page.page()
    assert found.splitlines() == expected.splitlines()
    assert int(server().sql(schemas)) > before, "the project of the page was not on the server"
