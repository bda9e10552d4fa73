"""watcher-start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.watchers import start_watcher

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import WatcherStart


def run(args: WatcherStart) -> int:
    """Register a watcher and print it; nothing is run."""
    required(args, "TASK_ID")
    clean_name(args.owner, "OWNER")
    project = open_project(args)
    started = start_watcher(project, args)
    lines = [f"started watcher {started['watch_id']} for {started['task_id']}"]
    lines += pairs(started, "lane", "owner", "process", "command", "success_condition", "failure_condition")
    lines += pairs(started, "expected_duration", "poll_interval", "close_condition")
    answer(args, started, lines)
    return OK
