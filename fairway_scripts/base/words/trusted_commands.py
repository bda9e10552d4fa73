"""Which class a command belongs to, and which approval lets it run.

A pattern is compared with the words of a command one by one, and names all of them: nothing may follow unless its
last word is `**`. Within a word `*` stands for anything. What such wild places take are plain words: nothing that a
program could read as an option or an assignment, unless the pattern or the entry's `options` name it. A program that
runs other programs (`env`, `sh`, `xargs`, `git` ...) is named with all the words that decide what it runs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base.patterns.globs import compile_word
from fairway_scripts.base.words.launching_programs import open_program

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from fairway_scripts.base.settings_shape import TrustedCommand
    from fairway_scripts.store.rows import ExecutionApproval

    Trust = TypedDict("Trust", {"class": str, "pattern": str, "environment": list[str]})

ANY_WORDS = "**"
_OPERATORS = frozenset("|&;<>()$`\n")
_WILD = frozenset("*?[")


def pattern_fault(pattern: str) -> str:
    """What is wrong with a pattern of `trusted_commands`, "" when nothing is."""
    words = pattern.split()
    if words and _WILD.intersection(words[0]):
        where = "begins with a wildcard" if words[0][0] in _WILD else "has a wildcard in its program"
        return f"{pattern!r} {where}, so it would trust every program that is named so"
    if ANY_WORDS in words[:-1]:
        return f"{pattern!r} has ** before its last word"
    if any(word != ANY_WORDS and ANY_WORDS in word for word in words):
        return f"{pattern!r} has ** within a word; it stands alone, as the last word"
    if _OPERATORS.intersection(pattern):
        return f"{pattern!r} has a sign of the shell; commands are run without one"
    for word in words:
        try:
            compile_word(word)
        except ValueError as fault:
            return f"{pattern!r}: {word!r} {fault}"
    if words and "=" in words[0]:
        return f"{pattern!r} begins with an assignment; commands are run without a shell"
    first_wild = next((at for at, word in enumerate(words) if _WILD.intersection(word)), 0)
    why = open_program(words, first_wild) if first_wild else ""
    return f"{pattern!r} {why}" if why else ""


def class_of(words: Sequence[str], table: Iterable[TrustedCommand]) -> Trust | None:
    """`{class, pattern, environment}` of the first entry of `trusted_commands` that a command matches, else None."""
    for entry in table:
        for pattern in entry["match"]:
            if matches(pattern, words, entry.get("options", ())):
                return {"class": entry["class"], "pattern": pattern, "environment": entry.get("environment", [])}
    return None


def near_miss(words: Sequence[str], table: Iterable[TrustedCommand]) -> str:
    """Which word keeps a command from a pattern that it would match otherwise, "" when there is no such pattern."""
    for entry in table:
        for pattern in entry["match"]:
            wanted, open_end = _split(pattern)
            fits = len(words) >= len(wanted) and (open_end or len(words) == len(wanted))
            if fits and all(compile_word(one).match(word) for one, word in zip(wanted, words, strict=False)):
                given = [*wanted, *[ANY_WORDS] * (len(words) - len(wanted))]
                options = entry.get("options", ())
                pairs = zip(given, words, strict=True)
                word = next((word for one, word in pairs if not _takes(one, word, options, words[0])), "")
                return f"{word!r} could be read as an option or an assignment, which {pattern!r} does not name"
    return ""


def matches(pattern: str, words: Sequence[str], options: Sequence[str] = ()) -> bool:
    """Whether a pattern names all words of a command; `options` are those that its wild places take too."""
    wanted, open_end = _split(pattern)
    if len(words) < len(wanted) or (len(words) > len(wanted) and not open_end):
        return False
    given = [*wanted, *[ANY_WORDS] * (len(words) - len(wanted))]
    return all(_takes(one, word, options, words[0]) for one, word in zip(given, words, strict=True))


def _split(pattern: str) -> tuple[list[str], bool]:
    wanted = pattern.split()
    open_end = wanted[-1:] == [ANY_WORDS]
    return wanted[:-1] if open_end else wanted, open_end


def _takes(pattern: str, word: str, options: Sequence[str], program: str) -> bool:
    """Whether one word of a pattern takes a word of a command of `program`."""
    if not _WILD.intersection(pattern):
        return pattern == word
    if not compile_word(pattern).match(word):
        return False
    fixed = pattern[: next(at for at, char in enumerate(pattern) if char in _WILD)]
    if word[:1] in ("-", "+", "@") and not fixed and not _named(word, options):
        return False
    if program == "git" and ":" in word and ":" not in fixed:
        return False  # SOURCE:TARGET, or an address whose protocol is a program
    return "=" not in word or "=" in fixed or _named(word, options)


def _named(word: str, options: Sequence[str]) -> bool:
    """Whether an option (`-n`, `--tail`, `--tail=5`) or an assignment (`ENV=`) is among those that are taken."""
    name, equals, _value = word.partition("=")
    return word in options or (name if name.startswith("-") else f"{name}{equals or ' '}") in options


def classes(table: Iterable[TrustedCommand]) -> list[str]:
    """The classes that a table names, each once, in its order."""
    return list(dict.fromkeys(entry["class"] for entry in table))


def why_not(approval: ExecutionApproval, *, at: str, commit: str | None, dirty: bool) -> str:
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
