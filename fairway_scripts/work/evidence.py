"""The words of evidence."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest_call

RESULTS = ("pass", "fail", "partial", "skipped", "blocked")
#: `runner`: a tool ran the command and saw the result; `claim`: somebody says so.
RUNNER = "runner"
PRODUCERS = (RUNNER, "claim")


def checked_result(word: str) -> str:
    """One of `RESULTS`, whatever its case; raises FairwayError `usage` for any other word."""
    return _one_of("RESULT", word, RESULTS)


def checked_producer(word: str) -> str:
    """One of `PRODUCERS`, `claim` when none is given; raises FairwayError `usage` for any other word."""
    return _one_of("PRODUCER", word or "claim", PRODUCERS)


def is_address(artifact: str) -> bool:
    """Whether an artifact is named by a web address instead of a file."""
    return artifact.lower().startswith(("https://", "http://"))


def _one_of(name: str, word: str, words: tuple[str, ...]) -> str:
    plain = word.strip().lower()
    if plain not in words:
        raise FairwayError("usage", f"{name} {word!r} is none of {', '.join(words)}", suggest_call(**{name: None}))
    return plain
