"""Names as they are compared."""

from __future__ import annotations

import re

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]")


def plain_name(name: str) -> str:
    """A name without case and punctuation: `taskId`, `task_id` and `TASK-ID` are one."""
    return _NOT_IN_NAMES.sub("", name.lower())
