"""Evidence: its words, and whether the tree it was produced on was the commit it names."""

from __future__ import annotations

from fairway_scripts.errors import FairwayError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

RESULTS = ("pass", "fail", "partial", "skipped", "blocked")
#: `runner`: a tool ran the command and saw the result; `claim`: somebody says so.
PRODUCERS = ("runner", "claim")


def checked_result(word: str) -> str:
    """One of `RESULTS`, whatever its case; raises FairwayError `usage` for any other word."""
    return _one_of("RESULT", word, RESULTS)


def checked_producer(word: str) -> str:
    """One of `PRODUCERS`, `claim` when none is given; raises FairwayError `usage` for any other word."""
    return _one_of("PRODUCER", word or "claim", PRODUCERS)


def is_address(artifact: str) -> bool:
    """Whether an artifact is named by a web address instead of a file."""
    return artifact.lower().startswith(("https://", "http://"))


def changed_besides(changed_files: Iterable[str], artifact: str) -> list[str]:
    """The changed files of a work tree that are not the artifact itself; both relative to the top of the tree.

    A folder without any tracked file ends in `/` and stands for everything in it, the artifact included.
    """
    return [path for path in changed_files if path != artifact]


def holder_of(changed_files: Iterable[str], artifact: str) -> str:
    """The untracked folder (ending in `/`) among the changed files that the artifact lies in, "" when in none."""
    return next((path for path in changed_files if path.endswith("/") and artifact.startswith(path)), "")


def _one_of(name: str, word: str, words: tuple[str, ...]) -> str:
    plain = word.strip().lower()
    if plain not in words:
        raise FairwayError("usage", f"{name} {word!r} is none of {', '.join(words)}", "queue-record-evidence --help")
    return plain
