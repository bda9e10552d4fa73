"""The words of a call that are no flags: which variable each of them is, and where a script wants them."""

from __future__ import annotations

from fairway_scripts.calls.variables import REPEATABLE

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

#: Behind the last name of `positional`: it takes all words that are left.
ALL_LEFT = "..."
#: Ends the flags of a call; in `positional` it stands before what has to follow it.
FLAGS_END = "--"
#: Variables with an entry a line: a flag that is given again adds one.
LISTS = frozenset((*REPEATABLE, "COMMANDS", "RESULTS", "CHANGED_FILES"))


def is_attached(word: str) -> bool:
    """Tell whether a word may be a flag of one letter with its value: `-n5`; `-role` may be a flag of another kind."""
    name = word[1:].partition("=")[0].replace("-", "")
    return word[1] != "-" and (len(word) == 3 or not (name.isalpha() and name.islower()))


def bare_names(positional: Sequence[str]) -> list[str]:
    """Return the variables that bare words give."""
    return [name.removesuffix(ALL_LEFT) for name in positional if name != FLAGS_END]


def named_words(
    positional: Sequence[str], bare: Sequence[str], behind: Sequence[str]
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return bare words, and words `behind` the end of the flags, with their variables; and the words without."""
    if FLAGS_END not in positional:
        return _named(positional, [*bare, *behind])
    end = list(positional).index(FLAGS_END)
    (before, lost), (after, more) = _named(positional[:end], bare), _named(positional[end + 1 :], behind)
    return before + after, lost + more


def _named(names: Sequence[str], words: Sequence[str]) -> tuple[list[tuple[str, str]], list[str]]:
    if names and names[-1].endswith(ALL_LEFT):
        name, last = names[-1].removesuffix(ALL_LEFT), len(names) - 1
        joined = ("\n" if name in LISTS else " ").join(words[last:])
        return [*zip(names[:last], words, strict=False), *([(name, joined)] if len(words) >= last else [])], []
    return list(zip(names, words, strict=False)), list(words[len(names) :])


def in_order(positional: Sequence[str], bare: Sequence[str], flags: Sequence[str]) -> list[str]:
    """Return the words of a call, with a bare word, or "", for each variable of `positional`.

    Bare words come first, as most scripts want them; last, behind what ends the flags, where one looks like a flag, or
    where the entry says so.
    """
    end = list(positional).index(FLAGS_END) if FLAGS_END in positional else len(bare)
    before, behind = _without_empty(bare[:end]), _without_empty(bare[end:])
    if behind:
        return [*before, *flags, FLAGS_END, *behind]
    if any(word.startswith("-") for word in before):
        return [*flags, FLAGS_END, *before]
    if positional and positional[-1].endswith(ALL_LEFT) and len(before) == len(positional):
        return [*before[:-1], *flags, before[-1]]
    return [*before, *flags]


def _without_empty(words: Sequence[str]) -> list[str]:
    left = list(words)
    while left and not left[-1]:
        left.pop()
    return left
