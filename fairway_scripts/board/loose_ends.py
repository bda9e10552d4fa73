"""What was seen and not decided, each a case of the health report; no task changes by it.

A failed build that nothing follows up, a parent that nobody rolls up, a monitor without anybody behind it, evidence
after which nothing was said.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import suggest

if TYPE_CHECKING:
    from fairway_scripts.store.rows import (
        LooseEndsFailedCi,
        LooseEndsMonitors,
        LooseEndsParentsWithoutRollUp,
        LooseEndsUndecided,
    )


FAILED_CI, PARENT, MONITOR, UNDECIDED = KINDS = (
    "ci_learning",
    "active_parent_without_roll_up",
    "monitor_without_backing",
    "undecided_evidence",
)


def is_backed(monitor: LooseEndsMonitors, process: str, now: str) -> bool:
    """Whether a watcher without a command to poll has something behind it: a process, or time that was asked for.

    `process` is what is known of its process (`alive`, `dead`, `elsewhere`, `unknown`). What cannot be looked at from
    here is not taken for nothing.
    """
    if process in ("alive", "elsewhere"):
        return True
    words = monitor["expected_duration"]
    return words is not None and words != "" and clock.elapsed(monitor["created_at"], now) <= clock.duration(words)


def of_failed_ci(row: LooseEndsFailedCi) -> tuple[str, str]:
    """A case in words, and the line that settles it; what the line says is asked of who reads it. So are the others."""
    what = f"evidence {row['evidence_id']} failed ({row['command_text']}), and no task follows it up"
    return what, suggest("queue-spawn", TASK_ID=None, TITLE=None, FROM_TASK=row["id"])


def of_parent(row: LooseEndsParentsWithoutRollUp) -> tuple[str, str]:
    """A parent that nobody rolls up."""
    what = f"in progress over {row['children']} children ({row['finished']} finished), without a roll-up of its own"
    return what, suggest("checkpoint-record", TASK_ID=row["id"], STATE="active", SUMMARY=None)


def of_monitor(row: LooseEndsMonitors) -> tuple[str, str]:
    """A monitor without anything behind it."""
    about = f" ({row['process']})" if row["process"] else ""
    what = f"watcher {row['watch_id']}{about} has no process, session, poll command or checkpoint behind it"
    return what, suggest("watcher-finish", WATCH_ID=row["watch_id"], RESULT=None)


def of_undecided(row: LooseEndsUndecided) -> tuple[str, str]:
    """Evidence after which nothing was said."""
    what = f"evidence {row['evidence_id']} ({row['result']}) came after the last decision"
    return what, suggest("queue-task-detail", TASK_ID=row["id"])
