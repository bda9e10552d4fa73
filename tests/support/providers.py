"""Stand-ins for the programs that a session needs: providers, and a zellij that records how it was called."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.shell import Checkout

#: How long a test waits for something that happens in another process before it fails.
PATIENCE = 30.0


def need(program: str) -> None:
    """Skip the test where `program` is missing; on CI, where it has to be, fail."""
    if shutil.which(program) is None:
        if os.environ.get("CI"):
            pytest.fail(f"{program} is not installed, and CI has to have it")
        pytest.skip(f"{program} is not installed")


@contextmanager
def tmux_folder() -> Iterator[str]:
    """A folder for `TMUX_TMPDIR` whose path is short, whatever TMPDIR and the user's name are; its server is ended.

    The path of a socket has at most 107 characters, 103 on macOS.
    """
    with tempfile.TemporaryDirectory(prefix="fw-", dir="/tmp" if os.access("/tmp", os.W_OK) else None) as folder:
        yield folder
        if shutil.which("tmux"):
            subprocess.run(["tmux", "kill-server"], env={**os.environ, "TMUX_TMPDIR": folder}, capture_output=True)


def program(folder: Path, name: str, script: str) -> None:
    """Put an executable shell script called `name` into `folder`."""
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (folder / name).chmod(0o755)


def path_with(folder: Path) -> dict[str, str]:
    """The environment in which the programs of `folder` are found first."""
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def put_providers_on_path(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """Let the providers of the gpuaas preset be installed, as programs that end at once."""
    for name in ("codex", "claude", "gemini"):
        program(folder, name, "exit 0")
    monkeypatch.setenv("PATH", path_with(folder)["PATH"])


def wait_until(ask: Callable[[], Any]) -> Any:
    """What `ask` gives once it gives something; fails when it never does."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if found := ask():
            return found
        time.sleep(0.05)
    return pytest.fail("waited in vain")


def session(project: Checkout, session_id: str) -> Any:
    """One session as session-status shows it."""
    rows = project.ok("session-status", "--all", "--json").json["sessions"]
    return next(row for row in rows if row["session_id"] == session_id)


def kill(pid: int) -> None:
    """End a process that the test itself has started, at once, and wait until it is gone."""
    os.kill(pid, signal.SIGKILL)
    wait_until(lambda: not is_running(pid))


def is_running(pid: int) -> bool:
    """Whether a process runs; one that waits for its parent to look does not."""
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
            return file.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
