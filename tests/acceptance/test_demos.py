"""The walks that `make demo` and `make demo-day` show, run as a person runs them."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from tests.support.shell import HOME


def walk(script: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, os.path.join(HOME, "scripts", script)],
        capture_output=True,
        text=True,
        timeout=150,
        stdin=subprocess.DEVNULL,
    )


def test_the_normal_path_of_a_task_from_ready_to_done() -> None:
    done = walk("demo.py")
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert "OK 406 task(s) and 5 lane(s) against master" in lines
    assert lines[-1].startswith("demo: done in ")


def test_a_coordinators_day_with_a_provider_in_tmux_that_is_killed() -> None:
    if shutil.which("tmux") is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("tmux is not installed")
    done = walk("demo_day.py")
    assert done.returncode == 0, done.stdout + done.stderr
    for line in (
        "  claim  B-ui  B-ALERT-ACK-001  the lane is free; next: Acknowledge an alert from the list",
        "failure_class: owning_layer_defect",
        "review_status: approved",
        "1 live sessions checked, 1 marked stale",
        "  nothing is left to do",
    ):
        assert line in done.stdout.splitlines(), line
