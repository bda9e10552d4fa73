"""Command lines as people and agents type them: through a shell."""

from __future__ import annotations

import subprocess

from tests.support.shell import Answer, make_environment


def type_line(line: str, cwd: str) -> Answer:
    """Give a line to a shell in `cwd` and wait for what it runs."""
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=cwd,
        env=make_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Answer(done.returncode, done.stdout, done.stderr)
