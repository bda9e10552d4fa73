"""Ending a program together with all that it has started."""

from __future__ import annotations

import os
import signal
import subprocess
from contextlib import suppress


def end_group(child: subprocess.Popen[bytes], grace: float) -> None:
    """End what is left of the child's group: politely, after `grace` seconds for good; the child is always waited for.

    The child must have been started in a session of its own.
    """
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            child.wait(timeout=grace)
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()
