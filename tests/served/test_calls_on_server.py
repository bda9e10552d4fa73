"""A process that makes many calls on a store of a server: it holds no more connections than one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.server import server
from tests.support.server_checkout import server_checkout
from tests.support.shell import BIN, environment, queue_text, task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.server_checkout import ServerCheckout

_BACKENDS = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'fairway'"


@pytest.fixture
def project(tmp_path: Path) -> ServerCheckout:
    made = server_checkout(tmp_path, queue_text(task("B-1"), task("B-2")))
    made.ok("queue-ready")
    return made


@pytest.mark.parametrize("driver", ["libpq", "psycopg"])
def test_many_calls_leave_no_connection_behind(project: ServerCheckout, driver: str) -> None:
    before = int(server().sql(_BACKENDS))
    with subprocess.Popen(
        [sys.executable, os.path.join(BIN, "fairway-batch")],
        cwd=project.main,
        env={**environment(), **server().environment, "FAIRWAY_PG_DRIVER": driver},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        assert process.stdout
        for _call in range(30):
            process.stdin.write('{"tool": "ready"}\n')
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["exit_code"] == 0
        assert int(server().sql(_BACKENDS)) <= before + 3  # one that was let go may still be on its way out
        process.stdin.close()
