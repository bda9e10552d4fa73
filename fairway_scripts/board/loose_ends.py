"""What was seen and not decided, each a case of the health report; no task changes by it.

A failed build that nothing follows up, a parent that nobody rolls up, a monitor without anybody behind it, evidence
after which nothing was said.
"""

from __future__ import annotations

from typing import Any

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest

Row = dict[str, Any]

FAILED_CI, PARENT, MONITOR, UNDECIDED = KINDS = (
    "ci_learning",
    "active_parent_without_roll_up",
    "monitor_without_backing",
    "undecided_evidence",
)


def is_backed(monitor: Row, process: str, now: str) -> bool:
    """Whether a watcher without a command to poll has something behind it: a process, or time that was asked for.

    `process` is what is known of its process (`alive`, `dead`, `elsewhere`, `unknown`). What cannot be looked at from
    here is not taken for nothing.
    """
    if process in ("alive", "elsewhere"):
        return True
    words = monitor["expected_duration"]
    return bool(words) and clock.elapsed(monitor["created_at"], now) <= clock.duration(words)


def what(kind: str, row: Row) -> str:
    """One case in words."""
    if kind == FAILED_CI:
        return f"evidence {row['evidence_id']} failed ({row['command_text']}), and no task follows it up"
    if kind == PARENT:
        return f"in progress over {row['children']} children ({row['finished']} finished), without a roll-up of its own"
    if kind == MONITOR:
        about = f" ({row['process']})" if row["process"] else ""
        return f"watcher {row['watch_id']}{about} has no process, session, poll command or checkpoint behind it"
    return f"evidence {row['evidence_id']} ({row['result']}) came after the last decision"


def mending_line(kind: str, row: Row) -> str:
    """The line that settles one case; what it says is asked of who reads it."""
    if kind == FAILED_CI:
        return suggest("queue-spawn", TASK_ID=None, TITLE=None, FROM_TASK=row["id"])
    if kind == PARENT:
        return suggest("checkpoint-record", TASK_ID=row["id"], STATE="active", SUMMARY=None)
    if kind == MONITOR:
        return suggest("watcher-finish", WATCH_ID=row["watch_id"], RESULT=None)
    return suggest("queue-task-detail", TASK_ID=row["id"])
