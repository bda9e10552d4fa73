"""Which class a command belongs to, and which approval lets it run.

A pattern is compared with the words of a command one by one, and names all of them: nothing may follow unless its
last word is `**`. Within a word `*` stands for anything, but a pattern that begins with `*` never takes an option.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fairway_scripts.rules.globs import compile_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    Row = dict[str, Any]

ANY_WORDS = "**"
_OPERATORS = frozenset("|&;<>()$`\n")


def pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern of `trusted_commands`, "" when nothing is."""
    words = pattern.split()
    if words and (words[0] == ANY_WORDS or words[0].startswith(("*", "?", "["))):
        return f"{pattern!r} begins with a wildcard, so it would trust every program"
    if ANY_WORDS in words[:-1]:
        return f"{pattern!r} has ** before its last word"
    if any(word != ANY_WORDS and ANY_WORDS in word for word in words):
        return f"{pattern!r} has ** within a word; it stands alone, as the last word"
    if _OPERATORS.intersection(pattern):
        return f"{pattern!r} has a sign of the shell; commands are run without one"
    return ""


def class_of(words: Sequence[str], table: Iterable[Row]) -> Row | None:
    """`{class, pattern}` of the first entry of `trusted_commands` that matches a command, None when none does."""
    for entry in table:
        for pattern in entry["match"]:
            if matches(pattern, words):
                return {"class": entry["class"], "pattern": pattern}
    return None


def matches(pattern: str, words: Sequence[str]) -> bool:
    """Whether a pattern names all words of a command."""
    wanted = pattern.split()
    open_end = wanted[-1:] == [ANY_WORDS]
    if open_end:
        wanted.pop()
    if len(words) < len(wanted) or (len(words) > len(wanted) and not open_end):
        return False
    return all(_word(one, word) for one, word in zip(wanted, words, strict=False))


def classes(table: Iterable[Row]) -> list[str]:
    """The classes that a table names, each once, in its order."""
    return list(dict.fromkeys(entry["class"] for entry in table))


def why_not(approval: Row, *, at: str, commit: str | None, dirty: bool) -> str:
    """Why an approval does not cover a run at `at` on `commit`, "" when it does.

    `approval` is a row (`expires_at`, `commit_sha`); one that names a commit covers only a clean tree of exactly it.
    """
    if approval["expires_at"] and approval["expires_at"] <= at:
        return f"expired at {approval['expires_at']}"
    if approval["commit_sha"] and approval["commit_sha"] != commit:
        return f"is for commit {approval['commit_sha'][:12]}, checked out is {(commit or 'none')[:12]}"
    if approval["commit_sha"] and dirty:
        return f"is for commit {approval['commit_sha'][:12]}, and the work tree has uncommitted changes"
    return ""


def _word(pattern: str, word: str) -> bool:
    if word.startswith("-") and not pattern.startswith("-"):
        return False
    return compile_word(pattern).match(word)
