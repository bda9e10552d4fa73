"""A `fairway-batch` that is running: a call goes in, its answer comes out."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from tests.support.shell import BIN

Ask = Callable[..., Any]


@contextmanager
def running_batch(cwd: str, variables: Mapping[str, str], *words: str) -> Iterator[Ask]:
    """What gives the batch a call, a tool and its arguments, and waits for the answer; it ends with the block."""
    process = subprocess.Popen(
        [sys.executable, os.path.join(BIN, "fairway-batch"), *words],
        cwd=cwd,
        env=variables,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )

    def ask(tool: str, **arguments: Any) -> Any:
        assert process.stdin
        assert process.stdout
        process.stdin.write(json.dumps({"tool": tool, "arguments": arguments}) + "\n")
        process.stdin.flush()
        return json.loads(process.stdout.readline())

    try:
        yield ask
    finally:
        with contextlib.suppress(OSError):
            process.communicate(timeout=60)
