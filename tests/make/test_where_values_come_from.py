"""Which values count: typed ones, and few names of the environment and of a makefile."""

from __future__ import annotations

from pathlib import Path

import pytest

from fairway_scripts.calls import options
from tests.make.hosts import recording_host

GENERIC = ["STATUS", "BRANCH", "COMMIT", "NOTE", "REASON", "FORCE", "REOPEN", "REQUEST_ID", "JSON", "TASK"]
#: How a host sets a value for its own ends.
LINES = [
    "NAME := x",
    "NAME = x",
    "NAME ?= x",
    "NAME += x",
    "export NAME = x",
    "export NAME ?= x",
    "override NAME := x",
    "define NAME\nx\nendef",
    "queue-set-status: NAME := x",
    "queue-set-status: override NAME := x",
]


@pytest.mark.parametrize("preference", [[], ["-e"]])
def test_a_generic_name_in_the_environment_does_not_count(tmp_path: Path, preference: list[str]) -> None:
    host = recording_host(str(tmp_path))
    environment = dict.fromkeys(GENERIC, "left over")
    assert host.make(*preference, "queue-set-status", env=environment).arguments == []


@pytest.mark.parametrize("line", LINES)
@pytest.mark.parametrize("where", ["above", "below"])
def test_a_value_that_the_host_sets_for_itself_does_not_count(tmp_path: Path, where: str, line: str) -> None:
    host = recording_host(str(tmp_path), **{where: "\n".join(line.replace("NAME", name) for name in GENERIC)})
    outcome = host.make("queue-set-status")
    assert (outcome.err, outcome.arguments) == ("", [])
    assert host.make("-e", "queue-set-status", env={"NOTE": "left over"}).arguments == []


SESSION = ["TASK_ID", "ROLE", "OWNER", "ACTOR", "QUEUE_DB", "QUEUE_FILE"]


def flags(*names: str) -> set[str]:
    return {f"{options.flag(name)}=x" for name in names}


def test_the_names_that_sessions_export_count_from_the_environment(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    assert set(host.make("queue-claim", env=dict.fromkeys(SESSION, "x")).arguments) == flags(*SESSION)


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith("queue-")])
@pytest.mark.parametrize("where", ["above", "below"])
def test_the_names_of_a_lane_count_from_a_makefile_but_not_who_works(tmp_path: Path, where: str, line: str) -> None:
    host = recording_host(str(tmp_path), **{where: "\n".join(line.replace("NAME", name) for name in SESSION)})
    outcome = host.make("queue-claim")
    assert set(outcome.arguments) == flags("TASK_ID", "ROLE", "ACTOR", "QUEUE_DB", "QUEUE_FILE")


def test_a_value_of_one_target_counts_for_that_target(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="queue-claim: ROLE := B-ui")
    calls = host.make("queue-claim", "queue-ready").calls
    assert [call.arguments for call in calls] == [["--role=B-ui"], []]


@pytest.mark.parametrize("line", ["NAME :=", "NAME ?=", "export NAME :=", "NAME = $(NOTHING)", "NAME := # none"])
def test_an_empty_value_of_a_makefile_is_none(tmp_path: Path, line: str) -> None:
    host = recording_host(str(tmp_path), "\n".join(line.replace("NAME", name) for name in [*SESSION, "AGENT_ROLE"]))
    call = host.make("queue-claim").calls[0]
    assert (call.arguments, call.environment.get("AGENT_ROLE", "")) == ([], "")


def test_an_empty_value_of_the_environment_is_none(tmp_path: Path) -> None:
    assert recording_host(str(tmp_path)).make("queue-claim", env=dict.fromkeys(SESSION, "")).arguments == []


def test_a_typed_empty_value_is_one(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), "TASK_ID := x")
    assert host.make("queue-claim", "TASK_ID=", env={"TASK_ID": "y"}).arguments == ["--task-id="]


@pytest.mark.parametrize("where", ["above", "below"])
def test_the_host_can_let_more_names_count(tmp_path: Path, where: str) -> None:
    lines = "FAIRWAY_ENVIRONMENT_VARS += NOTE REF\nFAIRWAY_MAKEFILE_VARS += BRANCH\nBRANCH := b\nCOMMIT := c"
    host = recording_host(str(tmp_path), **{where: lines})
    outcome = host.make("queue-set-status", env={"NOTE": "x", "REASON": "y"})
    assert outcome.arguments == ["--note=x", "--branch=b"]


def test_a_value_of_the_makefile_beats_the_environment(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="ROLE := makefile")
    assert host.make("queue-claim", env={"ROLE": "environment"}).arguments == ["--role=makefile"]
    assert host.make("-e", "queue-claim", env={"ROLE": "environment"}).arguments == ["--role=environment"]


def test_a_value_of_the_makefile_is_expanded_by_make_and_by_nobody_else(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), 'LANE := B\nROLE = $(LANE)-it\'s `id` $$HOME "$$(id)"')
    assert host.make("queue-claim").arguments == ['--role=B-it\'s `id` $HOME "$(id)"']


@pytest.mark.parametrize("where", ["above", "below"])
@pytest.mark.parametrize("line", LINES)
def test_a_typed_value_beats_the_makefile_and_the_environment(tmp_path: Path, where: str, line: str) -> None:
    if where == "above" and line.startswith("override"):
        pytest.skip("refused: the next test")
    host = recording_host(str(tmp_path), **{where: f"{line.replace('NAME', 'NOTE')}\nunexport NOTE"})
    assert host.make("queue-set-status", "NOTE=typed", env={"NOTE": "e"}).arguments == ["--note=typed"]


@pytest.mark.parametrize("typed", ["NOTE=typed", "NOTE:=typed"])
def test_a_typed_value_that_a_makefile_overrides_above_is_refused_since_it_cannot_be_read(
    tmp_path: Path, typed: str
) -> None:
    outcome = recording_host(str(tmp_path), "override NOTE := x").make("queue-set-status", typed)
    assert outcome.calls == []
    assert outcome.code == 2
    assert "error: usage: a makefile overrides NOTE" in outcome.err


def test_an_override_of_the_host_is_nothing_to_a_value_that_only_mentions_its_name(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), "override NOTE := x")
    assert host.make("queue-set-status", "REASON=NOTE=x NOTE=y").arguments == ["--reason=NOTE=x NOTE=y"]


def test_a_typed_task_replaces_the_task_id_of_the_session(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    assert host.make("queue-claim", "TASK=typed", env={"TASK_ID": "session"}).arguments == ["--task=typed"]


def test_a_setting_of_the_makefile_reaches_the_environment_of_the_tool(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below="WORKTREE_ROOT := /the lanes")
    assert host.make("queue-ready").calls[0].environment["WORKTREE_ROOT"] == "/the lanes"


def test_the_values_of_a_call_stay_out_of_the_recipes_that_run_after_it(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path), below='ROLE := B-ui\nafter:\n\t@echo "[$$ROLE]"')
    assert host.make("queue-ready", "after").out == "answer of queue-ready\n[]\n"


def test_the_tool_is_told_that_make_called_it_and_which_values_make_exported(tmp_path: Path) -> None:
    host = recording_host(str(tmp_path))
    environment = host.make("queue-claim", "TASK_ID=x", "DRYRUN=1", "LIMIT=2", env={"OWNER": "B"}).calls[0].environment
    told = {name: value for name, value in environment.items() if name.startswith("FAIRWAY_")}
    assert told == {
        "FAIRWAY_VIA": "make",
        "FAIRWAY_MADE": "LIMIT TASK_ID",
        "FAIRWAY_UNREAD": "DRYRUN LIMIT",
        "FAIRWAY_GOALS": "queue-claim",
        "FAIRWAY_MAKEFILES": "Makefile",
    }
