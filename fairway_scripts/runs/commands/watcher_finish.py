"""watcher-finish."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK
from fairway_scripts.base.identity import clean_name
from fairway_scripts.calls.answer import answer, pairs
from fairway_scripts.calls.options import number, required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.watchers import finish_watcher

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import WatcherFinish


def run(args: WatcherFinish) -> int:
    """Finish a watcher, and print how it ended and which evidence that is."""
    required(args, "WATCH_ID", "RESULT")
    clean_name(args.artifact_type, "ARTIFACT_TYPE")
    duration = number(args, "DURATION_SECONDS")
    project = open_project(args)
    finished = finish_watcher(project, args, duration=duration)
    lines = [f"finished watcher {finished['watch_id']} of {finished['task_id']}: {finished['result']}"]
    lines += pairs(finished, "failure_class", "duration_seconds", "evidence_id", "artifact_path", "artifact_sha256")
    answer(args, finished, lines)
    return OK
