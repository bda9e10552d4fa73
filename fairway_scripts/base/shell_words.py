"""Values inside the commands that hints propose, so that a person can paste them as they are."""

from __future__ import annotations

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./-_")


def quoted(text: str) -> str:
    """`text` as one word of a POSIX shell, left bare where that is safe.

    Stands in for shlex.quote, whose module (with re) a hot command would load for a hint that is rarely shown.
    """
    if text and _PLAIN.issuperset(text):
        return text
    return "'" + text.replace("'", "'\"'\"'") + "'"
