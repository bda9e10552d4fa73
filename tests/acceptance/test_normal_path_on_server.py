"""The normal path and the coordinator's day once more, with the store on a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

import pytest

from fairway_scripts.queue.generation import generate_queue
from tests.acceptance.test_normal_path import LANE, LINES, Replay, replay
from tests.support.repositories import add_lane_worktrees, commit_file, head
from tests.support.server import own_network, own_server, server
from tests.support.server_checkout import ServerCheckout, server_checkout
from tests.support.shell import HOME, QUEUE_FILE, Checkout


@pytest.fixture(scope="module", params=["main", "lane"])
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replay]:
    """The whole path, walked once from each place."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGSERVICEFILE", server().service_file)
        project = server_checkout(tmp_path_factory.mktemp("on-server"), "version: 1\ntasks: []\n", lanes=[])
        queue = generate_queue(commits=[head(project.main)[:8]])
        commit_file(project.main, QUEUE_FILE, queue, "Queue")
        project = ServerCheckout(Checkout(project.main, add_lane_worktrees(project.main)), project.schema)
        yield replay(project, project.main if request.param == "main" else project.lanes[LANE])


@pytest.mark.endurance
@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split("#")[0].strip())
def test_the_line_works_as_it_is_documented(done: Replay, line: str) -> None:
    answer = done.answers[line]
    assert answer.code == 0, answer
    assert "error" not in answer.err
    assert not os.path.exists(done.project.store)


@pytest.mark.endurance
def test_the_task_is_done_and_the_ledger_holds(done: Replay) -> None:
    assert done.project.detail(done.task_id)["status"] == "done"
    done.project.ok("queue-verify")


@pytest.mark.endurance
def test_a_day_is_lived_on_a_server_and_moved_back() -> None:
    server()  # skips, or fails in CI, where there is none
    if shutil.which("tmux") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("tmux is not here")
    assert own_server.programs()
    done = subprocess.run(
        [sys.executable, os.path.join(HOME, "scripts", "demo_day.py"), "--engine", "postgres"],
        capture_output=True,
        text=True,
        timeout=170,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr
    assert "moved postgres:fairway/gpuaas to" in done.stdout
    if not own_network.why_no_machines():  # a second machine looked on: the session there was not its own
        assert "  elsewhere  B-ALERT-ACK-001" in done.stdout
    assert "nothing is left to do" in done.stdout
