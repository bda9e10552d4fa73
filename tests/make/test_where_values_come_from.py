"""Which values count: typed ones, those of a makefile, and few of the environment."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from fairway_scripts import options
from fairway_scripts.catalog import TOOLS
from tests.make.hosts import recording_host

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    "name", ["STATUS", "BRANCH", "COMMIT", "NOTE", "REASON", "FORCE", "REOPEN", "REQUEST_ID", "JSON"]
)
@pytest.mark.parametrize("preference", [[], ["-e"]])
def test_a_generic_name_in_the_environment_does_not_count(tmp_path: Path, name: str, preference: list[str]) -> None:
    host = recording_host(str(tmp_path))
    assert host.make(*preference, "queue-set-status", env={name: "left over"}).arguments == []


@pytest.mark.parametrize("name", ["TASK_ID", "TASK", "ROLE", "OWNER", "ACTOR", "QUEUE_DB", "QUEUE_FILE"])
def test_a_name_that_sessions_export_counts_from_the_environment(tmp_path: Path, name: str) -> None:
    host = recording_host(str(tmp_path))
    assert host.make("queue-claim", env={name: "x"}).arguments == [f"{options.flag(name)}=x"]


@pytest.mark.parametrize("where", ["above", "below"])
def test_the_host_can_let_more_names_count_from_the_environment(tmp_path: Path, where: str) -> None:
    host = recording_host(str(tmp_path), **{where: "FAIRWAY_ENVIRONMENT_VARS += NOTE REF"})
    outcome = host.make("queue-set-status", env={"NOTE": "x", "REASON": "y"})
    assert outcome.arguments == ["--note=x"]


@pytest.mark.parametrize("where", ["above", "below"])
@pytest.mark.parametrize(
    "line", ["BRANCH := x", "BRANCH = x", "export BRANCH = x", "override BRANCH := x", "BRANCH ?= x"]
)
def test_a_value_of_the_makefile_counts_wherever_it_stands(tmp_path: Path, where: str, line: str) -> None:
    host = recording_host(str(tmp_path), **{where: line})
    assert host.make("queue-claim").arguments == ["--branch=x"]


def test_a_value_of_the_makefile_beats_the_environment(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="OWNER := makefile")
    assert host.make("queue-claim", env={"OWNER": "environment"}).arguments == ["--owner=makefile"]


@pytest.mark.parametrize("where", ["above", "below"])
def test_a_typed_value_beats_the_makefile_and_the_environment(tmp_path: Path, where: str) -> None:
    host = recording_host(str(tmp_path), **{where: "OWNER := makefile"})
    outcome = host.make("queue-claim", "OWNER=typed", env={"OWNER": "environment"})
    assert outcome.arguments == ["--owner=typed"]


def test_a_typed_value_reaches_the_tool_when_the_host_unexports_its_name(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="unexport NOTE")
    assert host.make("queue-set-status", "NOTE=x").arguments == ["--note=x"]


def test_a_typed_task_stands_behind_the_task_id_of_the_session_so_that_it_wins(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    outcome = host.make("queue-claim", "TASK=typed", env={"TASK_ID": "session"})
    assert outcome.arguments == ["--task-id=session", "--task=typed"]
    parsed = options.parser_for(TOOLS["queue-claim"]).parse_args(outcome.arguments)
    assert parsed.task_id == "typed"


def test_a_setting_of_the_makefile_reaches_the_environment_of_the_tool(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="WORKTREE_ROOT := /lanes")
    assert host.make("queue-ready").calls[0].environment["WORKTREE_ROOT"] == "/lanes"


def test_the_tool_is_told_that_make_called_it(tmp_path: Path) -> None:
    assert recording_host(str(tmp_path)).make("queue-ready").calls[0].environment["FAIRWAY_VIA"] == "make"
