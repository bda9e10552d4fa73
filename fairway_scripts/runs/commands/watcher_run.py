"""watcher-run."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import INTERRUPTED, OK, FairwayError, suggest
from fairway_scripts.base.identity import clean_name
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.calls.answer import answer, echo, pairs, tell_notes
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.watcher_run import run_watcher
from fairway_scripts.runs.words_behind import take_words

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import WatcherRun
    from fairway_scripts.runs.run_shapes import FinishedWatch


def arguments(parser: argparse.ArgumentParser) -> None:
    """What watcher-run takes besides the common flags: the task, then the command as words behind `--`."""
    take_words(parser)


def run(args: WatcherRun) -> int:
    """Run the command until it is decided; 0 when it passed, 1 when not, 130 when it was interrupted."""
    if not args.task_id and args.words:
        args.task_id = args.words.pop(0)
    if args.words and args.command:
        raise FairwayError(
            "usage", "the command is given twice: as COMMAND and behind --", suggest("watcher-run", "--help")
        )
    args.command = args.command or " ".join(quoted(word) for word in args.words)
    required(args, "TASK_ID", "COMMAND")
    clean_name(args.owner, "OWNER")
    project = open_project(args)
    tell_notes(args)
    on_terminal = sys.stderr.isatty()
    finished = run_watcher(project, args, show=_show if on_terminal else None)
    answer(args, finished, _lines(finished))
    if finished["outcome"] == "interrupted":
        return INTERRUPTED
    if finished["result"] == "pass":
        return OK
    if not on_terminal:
        for line in finished["tail"]:
            echo(line, f"| {line}")
    raise FairwayError(
        "watch_failed",
        f"{finished['command']}: {finished['why']} ({finished['failure_class']})",
        f"{finished['advice']}; the log: {finished['log']}",
        watch_id=finished["watch_id"],
    )


def _show(elapsed: float, line: str) -> None:
    """A line of output as it comes, with the time since the start."""
    echo(line, f"[{clock.span_text(elapsed):>6}] {line}")


def _lines(finished: FinishedWatch) -> list[str]:
    first = f"finished watcher {finished['watch_id']} of {finished['task_id']}: {finished['outcome']}"
    return [
        first,
        *pairs(finished, "why", "failure_class", "advice", "exit_code", "attempts", "duration_seconds"),
        *pairs(finished, "evidence_id", "artifact_path", "artifact_size", "artifact_sha256"),
    ]
