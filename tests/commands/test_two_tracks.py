"""Two tracks in one repository: a second configuration with a queue file of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.repositories import write_file
from tests.support.shell import Checkout, make_checkout, queue_text, task

TRACK = "tracks/two/config.toml"
CONFIG = '[fairway]\nqueue_source = "yaml:tracks/two/queue.yaml"\n[[roles]]\nname = "B-ui"\n'
ENV = {"FAIRWAY_CONFIG": TRACK}


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    found = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    write_file(found.main, TRACK, CONFIG)
    write_file(found.main, "tracks/two/queue.yaml", queue_text(task("B-T1", depends_on=["B-1"])))
    found.ok("queue-import")
    return found


def ids(project: Checkout, env: dict[str, str]) -> list[str]:
    return project.ok("queue-list", "--format", "ids", env=env).out.split()


def test_both_share_the_store_of_the_project_and_are_told_so(project: Checkout) -> None:
    answer = project.ok("queue-import", env=ENV)
    assert f"note: {TRACK} shares the store of .fairway/config.toml" in answer.err
    assert f"fairway.db_path in {TRACK} gives it a store of its own" in answer.err
    assert "shares the store" in project.ok("queue-where", env=ENV).err
    assert ids(project, {}) == ids(project, ENV) == ["B-1", "B-T1"]
    project.write_queue(queue_text(task("B-1"), task("B-2")))
    assert "0 left" in project.ok("queue-import").out  # each file defines its own tasks
    assert sorted(ids(project, ENV)) == ["B-1", "B-2", "B-T1"]


def test_one_line_gives_a_track_a_store_of_its_own(project: Checkout) -> None:
    write_file(project.main, "tracks/two/queue.yaml", queue_text(task("B-T1")))
    write_file(project.main, TRACK, CONFIG.replace("[fairway]", '[fairway]\ndb_path = ".git/fairway/two.db"'))
    answer = project.ok("queue-import", env=ENV)
    assert "shares the store" not in answer.err
    assert (ids(project, {}), ids(project, ENV)) == (["B-1"], ["B-T1"])


def test_the_projects_own_configuration_shares_with_nobody(project: Checkout) -> None:
    assert "shares" not in project.ok("queue-import").err + project.ok("queue-where").err
