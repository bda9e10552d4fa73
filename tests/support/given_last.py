"""Flags of a helper and of its caller, as one call: a flag is given once, so the caller's replaces the helper's."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable


def given_last(own: Iterable[str], more: Iterable[str]) -> list[str]:
    """The words of `own` without the flags (and their values) that `more` gives too, then `more`."""
    more = list(more)
    again = {word.partition("=")[0] for word in more if word.startswith("--")}
    kept: list[str] = []
    replaced = False
    for word in own:
        if word.startswith("--"):
            replaced = word.partition("=")[0] in again
        if not replaced:
            kept.append(word)
    return [*kept, *more]
