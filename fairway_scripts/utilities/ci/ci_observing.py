"""Getting a CI report from a command: once, or again and again until what it reports is decided."""

from __future__ import annotations

import os
import tempfile
import time
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import caller, clock
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.base.words.watchers import NOT_STARTED
from fairway_scripts.formats.input_file import COMMAND, MAX_BYTES, Document
from fairway_scripts.programs.supervised import (
    FLOODED,
    MOST_OUTPUT,
    Interruption,
    noted_signals,
    run_supervised,
    wait,
)
from fairway_scripts.utilities.ci import ci_runs

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.utilities.ci.ci_shapes import Run

DECIDED, TIMED_OUT, INTERRUPTED = "decided", "timed_out", "interrupted"
_SHOWN = 300


class Plan(NamedTuple):
    """How to observe: `interval` None means once; times are in seconds; `merged` keeps stderr in the document."""

    command: str
    seconds: float
    grace: float
    interval: float | None
    merged: bool


class Seen(NamedTuple):
    """The last report that could be read (None when there was none) and how the observation ended."""

    document: Document | None
    runs: list[Run]
    ended: str
    why: str


def observe(plan: Plan, read: Callable[[Document, int], list[Run]], changed: Callable[[str], None]) -> Seen:
    """Run the command of `plan` until no run of its report will go on by itself, its deadline, or a signal.

    `read` makes runs of a document and the command's exit code; `changed` hears where things stand whenever that is
    not what it was. While polling, a report that cannot be read is no end: the next may be good. The command runs in
    a process group of its own, of which nothing is left. Raises FairwayError: `watch_failed` (no report, once or
    because the command cannot be started), and without an interval what `read` raises.
    """
    with noted_signals() as noted, tempfile.TemporaryDirectory(prefix="ci-packet-") as folder:
        watch = _Watch(plan, read, changed, noted, folder)
        return watch.until_decided()


class _Watch:
    """The polls of one observation."""

    def __init__(
        self,
        plan: Plan,
        read: Callable[[Document, int], list[Run]],
        changed: Callable[[str], None],
        noted: Interruption,
        folder: str,
    ) -> None:
        self.plan = plan
        self.read = read
        self.changed = changed
        self.noted = noted
        self.out = os.path.join(folder, "out")
        self.err = os.path.join(folder, "err")
        self.begun = time.monotonic()
        self.state = ""
        self.document: Document | None = None
        self.runs: list[Run] = []

    def until_decided(self) -> Seen:
        """Poll until there is an end."""
        while True:
            ended = self._poll()
            if ended:
                return self._seen(ended)
            interval = self.plan.interval or 0.0
            if self._left() <= interval:
                return self._seen(TIMED_OUT)
            wait(interval, self.noted, lambda: None)
            if self.noted:
                return self._seen(INTERRUPTED)

    def _left(self) -> float:
        return self.plan.seconds - (time.monotonic() - self.begun)

    def _poll(self) -> str:
        """Run the command once; how the observation ended, "" when it goes on."""
        for path in (self.out, self.err):
            with open(path, "wb"):
                pass
        command = self.plan.command if self.plan.merged else f"exec 2>{quoted(self.err)}\n{self.plan.command}"
        ended = run_supervised(
            command,
            log=self.out,
            environment=caller.environment(),
            seconds=max(self._left(), 0.01),
            grace=self.plan.grace,
            noted=self.noted,
            each_line=lambda _line: False,
            each_moment=lambda: None,
        )
        if ended.stopped == "interrupted":
            return INTERRUPTED
        if ended.stopped == FLOODED:
            return self._unreadable(self._no_report(0, MOST_OUTPUT), final=True)
        if ended.exit_code is None:
            return TIMED_OUT
        return self._take(ended.exit_code)

    def _take(self, code: int) -> str:
        """Read what the command wrote; "" when it has to be asked again."""
        with open(self.out, "rb") as file:
            data = file.read(MAX_BYTES + 1)
        if not data.strip() or len(data) > MAX_BYTES:
            return self._unreadable(self._no_report(code, len(data)), final=code in NOT_STARTED)
        document = Document(f"the output of {self.plan.command!r}", self.plan.command, data, self.plan.command, COMMAND)
        try:
            runs = self.read(document, code)
        except FairwayError as refusal:
            if refusal.word == "usage" and self.document is None:
                raise  # what the command prints is not what was meant; later on it is a disturbance
            return self._unreadable(refusal, final=False)
        self.document, self.runs = document, runs
        self._say(ci_runs.state_text(runs))
        if self.plan.interval is None or ci_runs.is_decided(runs):
            return DECIDED
        return ""

    def _unreadable(self, refusal: FairwayError, *, final: bool) -> str:
        if final or self.plan.interval is None:
            raise refusal
        self._say(f"no report: {' '.join(refusal.message.split())[:_SHOWN]}")
        return ""

    def _no_report(self, code: int, size: int) -> FairwayError:
        with open(self.err, "rb") as file:
            said = file.read(4 * _SHOWN).decode("utf-8", "replace").strip()
        what = f"wrote more than {MAX_BYTES} bytes" if size > MAX_BYTES else f"wrote no report (exit code {code})"
        about = f": {said.splitlines()[-1][:_SHOWN]}" if said else ""
        return FairwayError("watch_failed", f"{self.plan.command}: {what}{about}", self.plan.command)

    def _say(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.changed(state)

    def _seen(self, ended: str) -> Seen:
        why = {
            DECIDED: "",
            TIMED_OUT: f"not decided within {clock.span_text(self.plan.seconds)}; last seen: {self.state or 'nothing'}",
            INTERRUPTED: f"stopped by {self.noted.name}; last seen: {self.state or 'nothing'}",
        }
        return Seen(self.document, self.runs, ended, why[ended])
