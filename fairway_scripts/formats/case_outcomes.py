"""How a test case ended, from the words and marks that test runners give it: a word that nobody knows is no pass."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

PASSED, FAILED, SKIPPED, UNKNOWN = "passed", "failed", "skipped", "unknown"
OUTCOMES = (PASSED, FAILED, SKIPPED, UNKNOWN)
#: What the attributes `status` and `result` say, without `-`, `_` and blanks. GoogleTest writes `run` and `completed`
#: for a case that failed as well: there the failure inside decides.
WORDS = {
    **dict.fromkeys(("run", "completed", "complete", "passed", "pass", "ok", "success", "successful", "fixed"), PASSED),
    **dict.fromkeys(("succeeded", "finished", "executed", "expected"), PASSED),
    **dict.fromkeys(("failed", "fail", "failure", "error", "errored", "broken", "timeout", "timedout"), FAILED),
    **dict.fromkeys(("crashed", "panicked", "regression", "unexpected", "notok"), FAILED),
    **dict.fromkeys(("notrun", "disabled", "ignored", "ignore", "skipped", "skip", "suppressed", "pending"), SKIPPED),
    **dict.fromkeys(("todo", "inconclusive", "notexecuted", "notstarted", "blocked"), SKIPPED),
    **dict.fromkeys(("untested", "excluded", "filtered", "deselected"), SKIPPED),
    # it began, or could have, and nobody knows what would have come of it
    **dict.fromkeys(("cancelled", "canceled", "aborted", "interrupted", "notrunnable"), UNKNOWN),
    **dict.fromkeys(("incomplete", "warning", "risky"), UNKNOWN),
}
_SAYING = ("status", "result", "outcome")
_GOOD = ("success", "passed")
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


def case_outcome(attributes: Mapping[str, str], *, failures: bool, skips: bool, odd: bool = False) -> str:
    """What a case came to; the worst that it says counts.

    `attributes` are those of the case, `failures`, `skips` and `odd` whether it holds an element of that kind.
    """
    if failures:
        return FAILED
    words = {WORDS.get(_plain(attributes[name]), UNKNOWN) for name in _SAYING if attributes.get(name)}
    words |= {UNKNOWN} if odd else set()
    flags = {name: _plain(attributes.get(name, "")) for name in ("executed", "skipped", "disabled", *_GOOD)}
    if FAILED in words or any(flags[name] in _FALSE for name in _GOOD):
        return FAILED
    if skips or SKIPPED in words or flags["executed"] in _FALSE:
        return SKIPPED
    if flags["skipped"] in _TRUE or flags["disabled"] in _TRUE:
        return SKIPPED
    return UNKNOWN if UNKNOWN in words else PASSED


def element_outcome(tag: str) -> str:
    """What an element inside a case says of it, "" for one that only tells more: `<warning>` of PHPUnit is no pass."""
    word = WORDS.get(_plain(tag), PASSED)
    return "" if word == PASSED else word


def unknown_words(attributes: Mapping[str, str]) -> list[str]:
    """The statuses of a case that are no end of a test, as they are written: `result='odd'`."""
    return [
        f"{name}={attributes[name]!r}"
        for name in _SAYING
        if attributes.get(name) and WORDS.get(_plain(attributes[name]), UNKNOWN) == UNKNOWN
    ]


def saying(attributes: Mapping[str, str]) -> str:
    """What a case says of itself, for a failure that says nothing else."""
    return ", ".join(f"{name}={attributes[name]!r}" for name in (*_SAYING, *_GOOD) if attributes.get(name))


def _plain(given: str) -> str:
    return "".join(char for char in given if char.isalnum()).lower()
