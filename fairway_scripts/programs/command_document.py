"""A document that a command writes: run once under supervision, with a time limit, and nothing left behind."""

from __future__ import annotations

import os
import tempfile

from fairway_scripts.base import caller, clock
from fairway_scripts.base.errors import FairwayError, suggest_call
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.formats.input_file import COMMAND, MAX_BYTES, Document
from fairway_scripts.programs.supervised import FLOODED, MOST_OUTPUT, Ended, noted_signals, run_supervised

_SHOWN = 300


def command_document(command: str, seconds: float, grace: float) -> Document:
    """What `command` writes to standard output in at most `seconds`; its error output is no part of the document.

    `grace` is how many seconds it may take to end once it was asked to. Raises FairwayError: `command_failed` (an exit
    code that is not 0: half an answer is none), `deadline_passed`, `invalid_document` (nothing, or more than 64 MB);
    KeyboardInterrupt after a signal, once the command is gone.
    """
    with noted_signals() as noted, tempfile.TemporaryDirectory(prefix="fairway-command-") as folder:
        out, errors = os.path.join(folder, "out"), os.path.join(folder, "err")
        for path in (out, errors):
            with open(path, "wb"):
                pass
        ended = run_supervised(
            f"exec 2>{quoted(errors)}\n{command}",
            log=out,
            environment=caller.environment(),
            seconds=seconds,
            grace=grace,
            noted=noted,
            each_line=lambda _line: False,
            each_moment=lambda: None,
        )
        with open(errors, "rb") as file:
            said = file.read(4 * _SHOWN).decode("utf-8", "replace").strip()
        with open(out, "rb") as file:
            data = file.read(MAX_BYTES + 1)
    if ended.stopped == "interrupted":
        raise KeyboardInterrupt
    _refuse_bad_end(command, ended, seconds, f": {said.splitlines()[-1][:_SHOWN]}" if said else "")
    if not data.strip() or len(data) > MAX_BYTES:
        what = "nothing" if not data.strip() else f"more than {MAX_BYTES} bytes"
        raise FairwayError("invalid_document", f"{command}: wrote {what}", command)
    return Document(f"the output of {command!r}", command, data, command, COMMAND)


def _refuse_bad_end(command: str, ended: Ended, seconds: float, about: str) -> None:
    if ended.stopped == FLOODED:
        raise FairwayError("invalid_document", f"{command}: wrote more than {MOST_OUTPUT} bytes", command)
    if ended.exit_code is None:
        raise FairwayError(
            "deadline_passed",
            f"{command}: was not done within {clock.span_text(seconds)}{about}",
            suggest_call(TIMEOUT=None),
        )
    if ended.exit_code != 0:
        raise FairwayError("command_failed", f"{command}: exit code {ended.exit_code}{about}", command)
