"""compat/README.md names every script, its tools and what is compared, as the code has them."""

from __future__ import annotations

import os
import re

import pytest

from fairway_scripts.catalog import TOOLS
from fairway_scripts.cutover.door.published_calls import SCRIPTS
from fairway_scripts.cutover.shadow.shadow import CHANGES, READS
from tests.support.shell import HOME

with open(os.path.join(HOME, "compat", "README.md"), encoding="utf-8") as _file:
    PAGE = _file.read()
ROWS = {row[0]: row[1] for row in re.findall(r"^\| `(scripts/[^`]+)` \| (.*?) \| [^|]*\|$", PAGE, re.MULTILINE)}


def test_every_script_has_a_row() -> None:
    assert sorted(ROWS) == sorted(SCRIPTS)


@pytest.mark.parametrize("script", sorted(SCRIPTS))
def test_a_row_names_the_tools_that_answer(script: str) -> None:
    row = ROWS[script.replace("agent_queue_store.rb", "agent_queue.sh")]
    named = set(re.findall(r"`([a-z]+-[a-z-]*\*?)`", row))
    families = tuple(name[:-1] for name in named if name.endswith("*"))
    for entry in SCRIPTS[script].values():
        tool = entry.split()[0]
        if tool not in TOOLS:
            continue
        said = tool.removeprefix("orchestrator-")  # `tick` and `dispatch` stand there as words
        assert tool in named or (families and tool.startswith(families)) or f"`{said}`" in row, tool


@pytest.mark.parametrize("name", ["orchestrate_agents.sh", "agent_session_adapter.sh", "workflow_regression_packs.sh"])
def test_every_subcommand_of_a_small_script_is_named(name: str) -> None:
    script = f"scripts/ops/{name}"
    said = ROWS[script]
    for word in SCRIPTS[script]:
        assert not word or f"`{word}`" in said or word == "dispatch-plan", word


def test_the_compared_operations_are_named() -> None:
    said = PAGE[PAGE.index("In `shadow` these are compared") : PAGE.index("## How long")]
    for tool in READS | CHANGES:
        word = tool.removeprefix("queue-").removeprefix("orchestrator-")
        family = (
            "packets"
            if "packet" in word
            else "the reports"
            if "report" in word
            else "packs"
            if "packs" in word
            else word
        )
        assert family in said, tool


@pytest.mark.parametrize("page", ["compat/README.md", "docs/cutover.md", "docs/parity.md"])
def test_the_commands_exist(page: str) -> None:
    with open(os.path.join(HOME, page), encoding="utf-8") as file:
        named = set(
            re.findall(r"\b((?:compat|parity)-[a-z]+(?: (?:run|keep|explain|status))?)(?= --|`| [A-Z])", file.read())
        )
    assert named <= {each.name for tool in TOOLS.values() for each in (tool, *tool.words)}
