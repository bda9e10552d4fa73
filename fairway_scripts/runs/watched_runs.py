"""The runs of one watched command: once, or again at each interval until it is decided how it went."""

from __future__ import annotations

import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import caller, clock
from fairway_scripts.base.words import watchers as rules
from fairway_scripts.programs.supervised import (
    FLOODED,
    MOST_OUTPUT,
    Ended,
    Interruption,
    append_to_log,
    run_supervised,
    wait,
)
from fairway_scripts.project.changes import WATCHER_VARIABLE
from fairway_scripts.runs import watch_runs
from fairway_scripts.runs.watchers import report_news

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.project.project import Project

#: How often a long watch says that it is at work.
NEWS_SECONDS = 60.0
#: Lines of output that are kept to classify a failure.
_TAIL = 200
INTERRUPTED, TIMED_OUT = "interrupted", "timed_out"


class WatchPlan(NamedTuple):
    """What is watched: times in seconds, `interval` None for a single run, `folder` "" for the current one."""

    task_id: str
    command: str
    folder: str
    seconds: float
    grace: float
    interval: float | None
    success: watch_runs.Condition | None
    failure: watch_runs.Condition | None


class WatchedRun:
    """The runs of one watched command, and what is known at their end."""

    def __init__(
        self,
        project: Project,
        watch_id: str,
        log: str,
        plan: WatchPlan,
        noted: Interruption,
        show: Callable[[float, str], None] | None,
    ) -> None:
        self.project = project
        self.watch_id = watch_id
        self.log = log
        self.plan = plan
        self.noted = noted
        self.show = show
        self.begun = time.monotonic()
        self.news = self.begun
        self.attempts = 0
        self.exit_code: int | None = None
        self.outcome = ""
        self.why = ""
        self.tail: deque[str] = deque(maxlen=_TAIL)
        self.matched = {"success": False, "failure": False}

    @property
    def elapsed(self) -> float:
        """Seconds since the watch began."""
        return time.monotonic() - self.begun

    def until_decided(self) -> None:
        """Run the command, again at each interval when there is one, until outcome and why are known."""
        seconds, interval = self.plan.seconds, self.plan.interval
        while not self._once(seconds - self.elapsed):
            if interval is None or self.elapsed + interval >= seconds:
                return self._timed_out()
            wait(interval, self.noted, self._moment)
            if self.noted:
                return self._interrupted()
        return None

    def _once(self, seconds: float) -> bool:
        """Run the command once; whether that decided."""
        self.attempts += 1
        self.tail.clear()
        self.matched = {"success": False, "failure": False}
        self._note(f"attempt {self.attempts} at {clock.now()}: {self.plan.command}")
        ended = run_supervised(
            self.plan.command,
            log=self.log,
            environment=self._environment(),
            seconds=seconds,
            grace=self.plan.grace,
            noted=self.noted,
            each_line=self._line,
            each_moment=self._moment,
            folder=self.plan.folder,
        )
        self.exit_code = ended.exit_code
        self._judge(ended)
        self._note(f"attempt {self.attempts} after {self.elapsed:.1f}s: {self.why}")
        return bool(self.outcome)

    def _judge(self, ended: Ended) -> None:
        if ended.stopped == INTERRUPTED:
            self._interrupted()
        elif ended.stopped == "timeout":
            self._timed_out()
        elif ended.stopped == FLOODED:
            self.outcome, self.why = rules.FAIL, f"wrote more than {MOST_OUTPUT >> 20} MiB"
        else:
            seen = watch_runs.Seen(ended.exit_code, **self.matched)
            polling = self.plan.interval is not None
            outcome, self.why = watch_runs.verdict(seen, self.plan.success, self.plan.failure, polling=polling)
            self.outcome = "" if outcome == watch_runs.AGAIN else outcome

    def _timed_out(self) -> None:
        last = f"; the last attempt: {self.why}" if self.why else ""
        self.outcome, self.why = TIMED_OUT, f"not decided within {clock.span_text(self.plan.seconds)}{last}"

    def _interrupted(self) -> None:
        self.outcome, self.why = INTERRUPTED, f"stopped by {self.noted.name}"

    def _line(self, line: str) -> bool:
        self.tail.append(line)
        if self.show:
            self.show(self.elapsed, line)
        if self.noted or self.elapsed >= self.plan.seconds:
            return False  # what was printed by then is shown, and decides nothing any more
        for name, condition in (("success", self.plan.success), ("failure", self.plan.failure)):
            if condition and condition.pattern and condition.pattern.search(line):
                self.matched[name] = True
        return any(self.matched.values())

    def _moment(self) -> None:
        if time.monotonic() - self.news >= NEWS_SECONDS:
            self.news = time.monotonic()
            report_news(self.project, self.watch_id)

    def _note(self, text: str) -> None:
        append_to_log(self.log, f"=== {text}\n")

    def _environment(self) -> dict[str, str]:
        kept = caller.environment()
        return {**kept, WATCHER_VARIABLE: self.watch_id, "FAIRWAY_TASK_ID": self.plan.task_id}
