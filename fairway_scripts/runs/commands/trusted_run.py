"""trusted-run."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import INTERRUPTED, OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, echo, pairs, say, tell_notes
from fairway_scripts.calls.options import required
from fairway_scripts.queue.opening import open_project
from fairway_scripts.runs.trusted_run import run_trusted
from fairway_scripts.runs.words_behind import take_words

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import TrustedRun

_STOPPED = {"timeout": "its time was up", "too_much_output": "it wrote too much"}
_NAMES = ("result", "exit_code", "outcome", "duration_seconds", "command_class", "approved_by", "session_id")
_TESTED = ("commit_sha", "branch", "tree_dirty", "evidence_id", "artifact_path", "artifact_sha256")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What trusted-run takes besides the common flags: the task, then the command as words behind `--`."""
    take_words(parser)


def run(args: TrustedRun) -> int:
    """Run an approved command; 0 when it ended with 0, 1 when not, 130 when it was interrupted.

    The command's output goes to standard output and the record to standard error; with JSON the other way round.
    """
    words = _words(args)
    required(args, "TASK_ID")
    project = open_project(args)
    tell_notes(args)
    done = run_trusted(project, args, words, _Stream(as_json=args.json).show)
    lines = [f"ran {done['command_text']} for {done['task_id']}: {done['result']}", *pairs(done, *_NAMES, *_TESTED)]
    if args.json:
        answer(args, done, [])
    else:
        for line in lines:
            say(line)
    if done["outcome"] == "interrupted":
        return INTERRUPTED
    if done["result"] == "pass":
        return OK
    if done["result"] == "blocked":
        raise FairwayError(
            "command_failed",
            f"{done['command_text']} could not be started (exit code {done['exit_code']}), which says nothing about "
            f"the work; recorded as evidence {done['evidence_id']} of {done['task_id']}, blocked",
            f"see whether its program is installed where the approval's search path finds it; the log: "
            f"{done['artifact_path']}",
            exit_code=done["exit_code"],
            task_id=done["task_id"],
            session_id=done["session_id"],
        )
    how = f"ended with exit code {done['exit_code']}"
    if done["outcome"] != "ended":
        how = f"was stopped: {_STOPPED[done['outcome']]}"
    raise FairwayError(
        "command_failed",
        f"{done['command_text']} {how}; recorded as evidence {done['evidence_id']} of {done['task_id']}",
        f"the log: {done['artifact_path']}",
        exit_code=done["exit_code"],
        task_id=done["task_id"],
        session_id=done["session_id"],
    )


class _Stream:
    """Where the command's lines go, for as long as somebody reads there: the run outlives its reader."""

    def __init__(self, *, as_json: bool) -> None:
        self.as_json = as_json
        self.is_read = True

    def show(self, line: str) -> None:
        """Write one line at once."""
        if self.as_json:
            echo(line)
            return
        try:
            if self.is_read:
                sys.stdout.write(f"{line}\n")
                sys.stdout.flush()
        except BrokenPipeError:
            self.is_read = False


def _words(args: TrustedRun) -> list[str]:
    """The words of the command. COMMAND is split as a shell would, and never run by one: no pipes, no expansion."""
    words = list(args.words)
    if not args.task_id and words:
        args.task_id = words.pop(0)
    if words and args.command:
        raise FairwayError(
            "usage", "the command is given twice: as COMMAND and behind --", suggest("trusted-run", "--help")
        )
    if args.command:
        try:
            words = shlex.split(args.command)
        except ValueError as problem:
            raise FairwayError(
                "usage", f"COMMAND {args.command!r}: {problem}", suggest("trusted-run", "--help")
            ) from problem
    if not words:
        raise FairwayError(
            "usage", "no command is given", suggest("trusted-run", TASK_ID=args.task_id or None, COMMAND=None)
        )
    return words
