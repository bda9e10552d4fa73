"""A command never outlives a supervisor that was killed, at whatever moment of its start that was."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.shell import HOME, environment

SUPERVISOR = """
import os, signal, sys, time
sys.path[0] = sys.argv[1]
from fairway_scripts.programs import process_guard
from fairway_scripts.programs import proof_run
from fairway_scripts.programs import runner
from fairway_scripts.programs import supervised

how, moment, log = sys.argv[2:5]
command = "echo $$ > pid; sleep 300"

def die(*_args, **_more):
    os.kill(os.getpid(), signal.SIGKILL)

def die_before_exec(before=process_guard.guarded):
    # the command has been forked and waits; its supervisor dies meanwhile
    def guarded(*args):
        block = before(*args)
        tell = block.__enter__()
        def slowly():
            time.sleep(0.4)
            tell()
        class Block:
            def __enter__(self): return slowly
            def __exit__(self, *why): return block.__exit__(*why)
        return Block()
    supervised.guarded = runner.guarded = guarded
    signal.setitimer(signal.ITIMER_REAL, 0.2)

if moment == "before":
    process_guard._start = die
elif moment == "between":
    die_before_exec()
else:
    supervised._watch = die
    runner.subprocess.Popen.wait = die

if how == "proof":
    proof_run.GRACE = 0.2
    proof_run.run_proof(command, ".", 60)
else:
    with supervised.noted_signals() as noted:
        supervised.run_supervised(command, log=log, environment={"PATH": "/usr/bin:/bin"}, seconds=60, grace=0.2,
                                  noted=noted, each_line=lambda line: False, each_moment=lambda: None)
"""


@pytest.mark.parametrize("moment", ["before", "between", "after"])
@pytest.mark.parametrize("how", ["supervised", "proof"])
def test_a_command_ends_with_its_supervisor(tmp_path: Path, how: str, moment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", SUPERVISOR, HOME, how, moment, str(tmp_path / "log")],
        cwd=tmp_path,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode in (-signal.SIGKILL, -signal.SIGALRM), done.stderr
    deadline = time.monotonic() + 20
    while running_in(tmp_path):
        assert time.monotonic() < deadline, running_in(tmp_path)
        time.sleep(0.05)
    if moment == "between":  # a command that got as far as its exec is found and ended all the same
        time.sleep(0.6)
        assert running_in(tmp_path) == []


def running_in(folder: Path) -> list[str]:
    """The processes whose working folder is `folder`."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            if os.readlink(f"/proc/{number}/cwd") == str(folder):
                with open(f"/proc/{number}/cmdline", "rb") as file:
                    words = file.read()
                found += [f"{number} {words!r}"] if words else []
        except OSError:
            continue
    return found


pytestmark = pytest.mark.skipif(not os.path.isdir("/proc/self/fd"), reason="processes are looked for in /proc")
