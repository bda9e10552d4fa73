"""Telling an acceptance check that is a command from one that is a sentence."""

from __future__ import annotations

import re

from fairway_scripts.base.words.program_names import PROGRAM_NAMES, names_a_program

_ASSIGNMENT = re.compile(r"[A-Za-z_][A-Za-z0-9_]*=")
_PATH = re.compile(r"(?:\.{0,2}/|~/|\$|[\w.@-]+/)[^\s]*")
_NAME = re.compile(r"[a-z0-9][a-z0-9._+-]*")
_FLAG = re.compile(r"(?:^|\s)--?[A-Za-z]")
_OPENING = re.compile(r"^(?:[!({]\s*|\[\[?\s)")


def looks_like_command(text: str) -> bool:
    """True when an acceptance check can be run, false when it is prose such as `all tests pass`.

    A line counts as a command when, after `VAR=value` words, its first word is a known program (for those that
    are English words too: not followed by an English function word), a path, a `$VARIABLE` or a test bracket,
    or a lower-case name that takes an option somewhere. Only the first line with content is read.
    """
    line = next((part.strip() for part in text.splitlines() if part.strip() and part.strip()[0] != "#"), "")
    opening = _OPENING.match(line)
    if opening:
        return True
    words = line.split()
    while words and _ASSIGNMENT.match(words[0]):
        words.pop(0)
    if not words:
        return bool(line)
    first = words[0].rstrip(";")
    if first in PROGRAM_NAMES:
        return names_a_program(" ".join(words))
    if _PATH.fullmatch(first):
        return True
    return bool(_NAME.fullmatch(first) and _FLAG.search(line[len(first) :]))
