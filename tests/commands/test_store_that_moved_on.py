"""A store that was moved once more: every checkout goes where the configuration says, and none begins a second one."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.repositories import git
from tests.support.server import fresh_schema
from tests.support.server_checkout import ServerCheckout, server_checkout
from tests.support.shell import queue_text, task

TASKS = queue_text(task("B-1"), task("B-2"))


@pytest.fixture
def project(tmp_path: Path) -> ServerCheckout:
    found = server_checkout(tmp_path, TASKS)
    found.ok("queue-ready")
    return found


@pytest.fixture
def clone(project: ServerCheckout, tmp_path: Path) -> ServerCheckout:
    """Another clone, as on another machine, which has used the store on the server."""
    place = str(tmp_path / "elsewhere")
    git(str(tmp_path), "clone", "--quiet", project.main, place)
    other = ServerCheckout(project, project.schema)
    other.main = place
    other.ok("queue-ready")
    return other


def move_on(project: ServerCheckout, clone: ServerCheckout, *moves: tuple[str, str]) -> None:
    """Move the store there and there, commit the configuration, and have the clone get it."""
    for to, schema in moves:
        if schema:
            project.ok("fairway-config", "set", "store.schema", schema)
        project.ok("queue-store-move", "--to", to)
    git(project.main, "commit", "--quiet", "-am", "The store is elsewhere")
    git(clone.main, "pull", "--quiet")


def test_a_clone_follows_the_configuration_to_another_schema(project: ServerCheckout, clone: ServerCheckout) -> None:
    move_on(project, clone, ("sqlite", ""), ("postgres", fresh_schema()))
    clone.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "C")
    assert project.detail("B-1")["owner"] == "C"
    assert clone.ok("queue-where", "--json").json["store"] == project.ok("queue-where", "--json").json["store"]


def test_a_clone_begins_no_second_store_where_it_went_into_a_file_of_another_machine(
    project: ServerCheckout, clone: ServerCheckout
) -> None:
    move_on(project, clone, ("sqlite", ""))
    answer = clone.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "C")
    assert (answer.code, answer.word) == (4, "store_moved")
    assert project.store in answer.err
    assert not os.path.exists(clone.store)


def test_a_file_that_was_left_behind_is_not_taken_for_the_one_that_is_configured_since(
    project: ServerCheckout, tmp_path: Path
) -> None:
    project.ok("queue-store-move", "--to", "sqlite")
    project.ok("queue-store-move", "--to", "postgres")
    project.ok("fairway-config", "set", "fairway.db_path", str(tmp_path / "moved.db"))
    project.ok("queue-store-move", "--to", "sqlite")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    moved = project.ok("queue-store-move", "--to", "postgres", "--json").json
    assert moved["from"] == str(tmp_path / "moved.db")
    assert project.detail("B-1")["owner"] == "B"
