"""A program that is fed a text and has to end well in time; it leaves nothing running."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess

from fairway_scripts.base import caller

_SHOWN = 300


def feed_program(argv: list[str], text: bytes, seconds: float) -> str:
    """Run a program with `text` on its standard input: "" when it ended with 0, else why not.

    It runs in a session of its own, in the caller's environment. What is left of it after `seconds` is ended, and so is
    everything that it started and left.
    """
    try:
        process = subprocess.Popen(
            argv,
            env=caller.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
        )
    except OSError as problem:
        return f"{argv[0]}: {problem.strerror}"
    try:
        _out, err = process.communicate(text, timeout=seconds)
    except subprocess.TimeoutExpired:
        return f"{argv[0]} did not end within {seconds:g} seconds"
    finally:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()
        process.wait()
    if process.returncode == 0:
        return ""
    said = err.decode(errors="replace").strip()[-_SHOWN:]
    return f"{argv[0]} ended with {process.returncode}" + (f": {said}" if said else "")
