"""Watchers: how one may end, when one is stale, and what kind of failure was seen.

A watcher looks at something that takes time (a pipeline, a deployment, a long test) until it is decided. It may look,
collect logs, classify, record evidence, make a fix that was allowed beforehand, and escalate; it never claims,
approves or closes (GPUaaS watcher rules).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError, suggest_call
from fairway_scripts.base.patterns.globs import compile_glob

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    class Watched(TypedDict):
        """What is known of a watcher, and of its task since it was started."""

        task_id: str
        process: str | None
        command: str | None
        expected_duration: str | None
        poll_interval: str | None
        status: str
        pid: int | None
        started_at: str
        last_news_at: str | None
        evidence_at: str | None
        checkpoint_at: str | None
        task_status: str | None
        task_over: int


ACTIVE, DONE, BLOCKED = "active", "done", "blocked"
PASS, FAIL = "pass", "fail"
RESULTS = (PASS, FAIL, BLOCKED)

TRANSIENT = "expected_transient"
FLAKY = "known_flaky_lane"
DEFECT = "owning_layer_defect"
ENVIRONMENT = "environment_blocker"
SCOPE = "scope_expansion"
#: Each failure class with what it asks for.
FAILURE_CLASSES = {
    TRANSIENT: "wait for the cause to pass, then run it again",
    FLAKY: "it has passed on this very commit: name the flaky test in a follow-up before running it again",
    DEFECT: "the lane that owns the work has to look at it",
    ENVIRONMENT: "nothing is known about the work: get the environment mended first",
    SCOPE: "stop: what must not be touched was changed",
}

#: Exit codes of a shell that could not start the command at all.
NOT_STARTED = (126, 127)
#: sysexits.h EX_TEMPFAIL, timeout(1), and a process killed for want of memory.
_TEMPORARY_EXIT, _TIMEOUT_EXIT = (75,), (124,)
_KILLED_EXIT = (-9, 137)

_TRANSIENT_WORDS = re.compile(
    r"connection reset|connection timed out|operation timed out|tls handshake timeout|temporary failure"
    r"|temporarily unavailable|too many requests|\b(?:429|502|503|504)\b.{0,40}(?:error|gateway|unavailable|requests)"
    r"|rate limit|deadlock detected|try again later|unexpected eof",
    re.IGNORECASE,
)
_ENVIRONMENT_WORDS = re.compile(
    r"no space left on device|connection refused|could not resolve host|name or service not known"
    r"|network is unreachable|command not found|permission denied|cannot allocate memory|out of memory"
    r"|read-only file system|certificate has expired|cannot connect to the docker daemon"
    r"|(?:401|403) (?:unauthorized|forbidden)",
    re.IGNORECASE,
)


class Failure(NamedTuple):
    """What is known about a command that did not succeed.

    `exit_code` is None when it was stopped; `tail` is the end of its output; `earlier` holds the results of the same
    command on the same clean commit; `touched` the protected paths that changed while it ran.
    """

    exit_code: int | None
    timed_out: bool
    tail: str
    earlier: tuple[str, ...] = ()
    touched: tuple[str, ...] = ()


#: The first rule that holds names the class: (class, why, test).
_RULES: tuple[tuple[str, str, Callable[[Failure], bool]], ...] = (
    (SCOPE, "protected paths changed while it ran", lambda seen: bool(seen.touched)),
    (ENVIRONMENT, "the command could not be started", lambda seen: seen.exit_code in NOT_STARTED),
    (ENVIRONMENT, "it was killed, as for want of memory", lambda seen: seen.exit_code in _KILLED_EXIT),
    (ENVIRONMENT, "the output names a broken environment", lambda seen: bool(_ENVIRONMENT_WORDS.search(seen.tail))),
    (TRANSIENT, "it asked to be tried again later", lambda seen: seen.exit_code in _TEMPORARY_EXIT),
    (TRANSIENT, "the output names a passing disturbance", lambda seen: bool(_TRANSIENT_WORDS.search(seen.tail))),
    (FLAKY, "the same command has passed on the same commit", lambda seen: PASS in seen.earlier),
    (ENVIRONMENT, "it was not decided in time", lambda seen: seen.timed_out or seen.exit_code in _TIMEOUT_EXIT),
    (DEFECT, "the command failed by itself", lambda _seen: True),
)


def classify(seen: Failure) -> tuple[str, str]:
    """The failure class of what was seen, and why: the first rule that holds."""
    return next((name, why) for name, why, holds in _RULES if holds(seen))


def result_of(failure_class: str) -> str:
    """How a watcher ends with a failure: `blocked` when nothing is known about the work, else `fail`."""
    return BLOCKED if failure_class == ENVIRONMENT else FAIL


def status_of(result: str) -> str:
    """The status of a watcher that ended with `result`."""
    return BLOCKED if result == BLOCKED else DONE


def checked_result(word: str) -> str:
    """One of `RESULTS`, whatever its case; raises FairwayError `usage`."""
    return _one_of("RESULT", word, RESULTS)


def checked_class(word: str, result: str) -> str:
    """A failure class, "" for no word; raises FairwayError `usage`, also for a class beside a pass."""
    if not word.strip():
        return ""
    found = _one_of("FAILURE_CLASS", word.replace(" ", "_").replace("-", "_"), tuple(FAILURE_CLASSES))
    if result == PASS:
        raise FairwayError(
            "usage", f"FAILURE_CLASS {found} does not go with RESULT=pass", suggest_call(FAILURE_CLASS="")
        )
    return found


def checked_id(watch_id: str) -> str:
    """`watch_id` when it can name a watcher and its log; raises FairwayError `usage`."""
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._:@+-]{0,119}", watch_id):
        raise FairwayError(
            "usage",
            f"WATCH_ID {watch_id!r} is no watcher id: letters, digits and . _ : @ + -, at most 120, the first a letter "
            "or digit",
        )
    return watch_id


def checked_span(name: str, words: str) -> float | None:
    """Seconds of a span (`30s`, `1h30m`; a bare number is seconds), None for no words; raises FairwayError `usage`."""
    given = words.strip()
    if not given:
        return None
    span = _seconds(given)
    if not 0.001 <= span <= 366 * 86400:
        raise FairwayError(
            "usage", f"{name} {words!r} is no span of time (30s, 20m, 1h30m)", suggest_call(**{name: None})
        )
    return span


def protected(text: str) -> list[str]:
    """The path patterns of MUST_NOT_TOUCH: entries between commas, semicolons or line ends that hold no blank.

    An entry with a blank is meant for people and is not checked.
    """
    entries = [entry.strip() for entry in re.split(r"[,;\n]", text)]
    return [entry for entry in entries if entry and not re.search(r"\s", entry) and _is_pattern(entry)]


def touched(patterns: Iterable[str], before: Iterable[str], after: Iterable[str]) -> list[str]:
    """The protected paths among the uncommitted changes that were not there before."""
    kinds = [compile_glob(pattern) for pattern in patterns]
    fresh = sorted(set(after) - set(before))
    return [path for path in fresh if any(kind.match(path) for kind in kinds)]


def interval(row: Watched, usual: float) -> float:
    """Seconds within which news is expected: how long the watch should take, else how often it looks, else `usual`."""
    for words in (row["expected_duration"], row["poll_interval"]):
        span = _seconds(words or "")
        if span > 0:
            return span
    return usual


def last_news(row: Watched) -> str:
    """When a watcher was last heard of: its own news, or evidence or a checkpoint of its task since it started."""
    return max(row["started_at"], row["last_news_at"] or "", row["evidence_at"] or "", row["checkpoint_at"] or "")


def why_stale(row: Watched, now: str, usual: float, process: str) -> str:
    """Why an active watcher needs somebody, "" when it does not.

    `process` says what is known of the process that watches: `dead` needs somebody at once, `alive` nobody, because
    it has a deadline of its own.
    """
    if row["status"] != ACTIVE:
        return ""
    if row["task_over"]:
        return "its task is finished" if row["task_status"] else "its task is gone"
    if process == "dead":
        return f"its process {row['pid']} has gone without finishing it"
    if process == "alive":
        return ""
    quiet, expected = clock.elapsed(last_news(row), now), interval(row, usual)
    if quiet > expected:
        return f"no news for {clock.span_text(quiet)}, expected within {clock.span_text(expected)}"
    return ""


def is_superseded(row: Watched, later: dict[tuple[str, str, str], str]) -> bool:
    """Whether a blocked watcher needs nobody any more: its task is finished, or the same was watched later and passed.

    `later` maps (task, process, command) to when the latest watcher that passed was started.
    """
    key = (row["task_id"], row["process"] or "", row["command"] or "")
    return bool(row["task_over"]) or later.get(key, "") > row["started_at"]


def _seconds(words: str) -> float:
    """Seconds of a span, a bare number being seconds; -1 for what is none."""
    try:
        return clock.duration(f"{words}s" if words.isascii() and words.isdigit() else words)
    except ValueError:
        return -1.0


def _is_pattern(entry: str) -> bool:
    try:
        compile_glob(entry)
    except ValueError:
        return False
    return True


def _one_of(name: str, word: str, words: tuple[str, ...]) -> str:
    plain = word.strip().lower()
    if plain not in words:
        raise FairwayError("usage", f"{name} {word!r} is none of {', '.join(words)}", suggest_call(**{name: None}))
    return plain
