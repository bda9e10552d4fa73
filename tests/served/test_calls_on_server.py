"""A process that makes many calls on a store of a server keeps one connection; what others do in between counts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.rings import some
from tests.support.running_batch import Ask, running_batch
from tests.support.server import make_older, server
from tests.support.server_checkout import ServerCheckout, server_checkout
from tests.support.shell import BIN, environment, queue_text, task

#: Asks the projects in folders in turn, three times each, and says what was ready in them.
_IN_TURN = """
import json, os, sys
from fairway_scripts.served import calls

calls.expect_many()
told = []
for folder in sys.argv[1:] * 3:
    os.chdir(folder)
    told.append(len(calls.call("queue-ready", []).answer["tasks"]))
print(json.dumps(told))
"""
_BACKENDS = "FROM pg_stat_activity WHERE application_name = 'fairway'"


@pytest.fixture
def project(tmp_path: Path) -> ServerCheckout:
    made = server_checkout(tmp_path, queue_text(task("B-1"), task("B-2"), task("B-3")), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


@pytest.fixture
def services(tmp_path: Path) -> Path:
    """The file of services of the batch."""
    file = tmp_path / "pg_service.conf"
    shutil.copy(server().service_file, file)
    return file


@pytest.fixture(params=some(["libpq", "psycopg"], "libpq"))
def ask(project: ServerCheckout, services: Path, request: pytest.FixtureRequest) -> Iterator[Ask]:
    """Gives a call to a batch that is running, and waits for its answer."""
    variables = {
        **environment(),
        "PGSERVICEFILE": str(services),
        "PGSYSCONFDIR": server().folder,
        "FAIRWAY_PG_DRIVER": request.param,
    }
    with running_batch(project.main, variables) as asked:
        yield asked


def ready(ask: Ask) -> list[str]:
    return [row["task_id"] for row in ask("ready")["answer"]["tasks"]]


def claim(ask: Ask, task_id: str) -> Any:
    return ask("claim", role="B-ui", owner="B", task_id=task_id)


def backends() -> list[str]:
    return sorted(server().sql(f"SELECT pid {_BACKENDS}").split())


def test_many_calls_leave_no_connection_behind(ask: Ask) -> None:
    before = len(backends())
    for _call in range(30):
        assert ask("ready")["exit_code"] == 0
        assert claim(ask, "B-9")["exit_code"] != 0
    assert len(backends()) <= before + 3  # one that was let go may still be on its way out


def test_calls_in_a_row_have_one_connection(ask: Ask) -> None:
    before = set(backends())
    assert ready(ask) == ["B-1", "B-2", "B-3"]
    (own,) = set(backends()) - before
    assert claim(ask, "B-1")["exit_code"] == 0
    assert ready(ask) == ["B-2", "B-3"]
    assert own in backends()
    assert len(set(backends()) - before) == 1


def test_what_others_change_is_seen(project: ServerCheckout, ask: Ask) -> None:
    assert claim(ask, "B-1")["exit_code"] == 0
    project.ok("queue-claim", "--role", "B-ui", "--owner", "C", "--actor", "c", "--task-id", "B-2")
    assert claim(ask, "B-2")["error"]["word"] == "already_claimed"
    assert ready(ask) == ["B-3"]
    assert [ask("verify")["exit_code"] for _ in range(2)] == [0, 0]


@pytest.mark.parametrize("first", ["ready", "claim"])
def test_a_connection_that_the_server_ended_is_made_anew(ask: Ask, first: str) -> None:
    assert claim(ask, "B-1")["exit_code"] == 0
    server().sql(f"SELECT pg_terminate_backend(pid) {_BACKENDS}")
    if first == "ready":
        assert ready(ask) == ["B-2", "B-3"]
    assert claim(ask, "B-2")["exit_code"] == 0


def test_a_schema_that_is_older_migrated_or_lost_meanwhile_is_seen(project: ServerCheckout, ask: Ask) -> None:
    assert len(ready(ask)) == 3
    make_older(project.schema)
    assert ask("ready")["error"]["word"] == "store_outdated"
    project.ok("queue-migrate")
    assert len(ready(ask)) == 3
    server().sql(f"DROP SCHEMA {project.schema} CASCADE")
    assert ask("ready")["error"]["word"] == "store_lost"


def test_a_service_that_names_another_database_by_now_is_another_store(services: Path, ask: Ask) -> None:
    assert len(ready(ask)) == 3
    text = services.read_text()
    services.write_text(text.replace("dbname=postgres", "dbname=template1"))
    assert ask("ready")["error"]["word"] == "store_lost"
    services.write_text(text)
    assert len(ready(ask)) == 3


def test_where_the_service_stands_elsewhere_no_connection_is_kept(services: Path, ask: Ask) -> None:
    before = set(backends())
    services.write_text("")
    assert len(ready(ask)) == 3
    (first,) = set(backends()) - before
    assert len(ready(ask)) == 3
    until = time.monotonic() + 10
    while first in backends() and time.monotonic() < until:
        time.sleep(0.02)
    assert first not in backends()


def test_two_projects_in_one_process_answer_for_themselves(project: ServerCheckout, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    second = server_checkout(other, queue_text(task("B-7")))
    second.ok("queue-ready")
    done = subprocess.run(
        [sys.executable, "-c", _IN_TURN, project.main, second.main],
        env={**environment(), **server().environment, "PYTHONPATH": os.path.dirname(BIN)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [3, 1] * 3
