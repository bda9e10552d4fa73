"""A program that has to end: what it is fed is whole, and who holds its streams keeps nobody waiting."""

from __future__ import annotations

import os
import signal
import time

from fairway_scripts.programs import runner

LARGE = b"x" * 300_000  # more than a pipe holds


def test_what_a_program_leaves_with_its_input_open_keeps_nobody_waiting() -> None:
    leaves = ["sh", "-c", "exec 3<&0; sleep 600 <&3 & exit 0"]
    ended = runner.run(leaves, environment=dict(os.environ), limit=60, feed=LARGE)
    assert ended.exit_code == 0


def test_a_program_that_does_not_read_its_input_is_no_failure() -> None:
    assert runner.run(["true"], environment=dict(os.environ), limit=60, feed=LARGE).exit_code == 0


def test_the_input_is_whole_when_the_caller_is_killed(tmp_path) -> None:
    begun, told = tmp_path / "begun", tmp_path / "told"
    waits = f"while [ ! -e {tmp_path}/go ]; do sleep 0.01; done"
    script = f"echo x > {begun}; {waits}; wc -c > {told}.part; mv {told}.part {told}"
    child = os.fork()
    if child == 0:
        runner.run(["sh", "-c", script], environment=dict(os.environ), limit=60, feed=LARGE)
        os._exit(0)
    until(begun.exists)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    (tmp_path / "go").touch()
    until(told.exists)
    assert int(told.read_text()) == len(LARGE)


def until(is_so) -> None:
    end = time.monotonic() + 30
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.01)
