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
    **dict.fromkeys(("crashed", "regression", "unexpected", "notok"), FAILED),
    **dict.fromkeys(("notrun", "disabled", "ignored", "ignore", "skipped", "skip", "suppressed", "pending"), SKIPPED),
    **dict.fromkeys(("todo", "inconclusive", "notexecuted", "notstarted", "notrunnable", "blocked"), SKIPPED),
    **dict.fromkeys(("cancelled", "canceled", "aborted", "interrupted", "excluded", "filtered", "deselected"), SKIPPED),
}
_SAYING = ("status", "result")
_TRUE, _FALSE = ("true", "1", "yes"), ("false", "0", "no")


def case_outcome(attributes: Mapping[str, str], *, failures: bool, skips: bool) -> str:
    """What a case came to; the worst that it says counts.

    `attributes` are those of the case, `failures` and `skips` whether it holds an element of that kind.
    """
    if failures:
        return FAILED
    words = {WORDS.get(_plain(attributes[name]), UNKNOWN) for name in _SAYING if attributes.get(name)}
    flags = {name: _plain(attributes.get(name, "")) for name in ("executed", "skipped", "disabled", "success")}
    if FAILED in words or flags["success"] in _FALSE:
        return FAILED
    if skips or SKIPPED in words or flags["executed"] in _FALSE:
        return SKIPPED
    if flags["skipped"] in _TRUE or flags["disabled"] in _TRUE:
        return SKIPPED
    return UNKNOWN if UNKNOWN in words else PASSED


def unknown_words(attributes: Mapping[str, str]) -> list[str]:
    """The statuses of a case that are not known, as they are written: `result='odd'`."""
    return [
        f"{name}={attributes[name]!r}"
        for name in _SAYING
        if attributes.get(name) and _plain(attributes[name]) not in WORDS
    ]


def saying(attributes: Mapping[str, str]) -> str:
    """What a case says of itself, for a failure that says nothing else."""
    return ", ".join(f"{name}={attributes[name]!r}" for name in (*_SAYING, "success") if attributes.get(name))


def _plain(given: str) -> str:
    return "".join(char for char in given if char.isalnum()).lower()
