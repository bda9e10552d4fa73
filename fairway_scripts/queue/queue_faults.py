"""The faults of a queue file as a refusal tells them: one line each, and the command that mends the first kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fairway_scripts.base.errors import suggest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.base.errors import Hint

#: Words of a file that the configuration does not have: the code of the fault -> the action that declares them.
_DECLARES = {"unknown_lane": "add-lane", "unknown_profile": "add-profile", "unknown_domain": "add-domain"}
_WORD = re.compile(r"unknown (?:lane|profile|review domain) (.+); known: ")


def grouped(faults: Sequence[dict[str, Any]]) -> list[str]:
    """The lines of faults, in their order; one that several tasks have in the same words is told once, with a count."""
    alike: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for fault in faults:
        alike.setdefault((fault["field"], fault["message"]), []).append(fault)
    return [found[0]["text"] + (f" (and {len(found) - 1} more)" if found[1:] else "") for found in alike.values()]


def line_that_declares(faults: Sequence[dict[str, Any]]) -> Hint | str:
    """The command that declares in the configuration what the file names and nobody knows; "" for other faults.

    Where several kinds of words are missing it is the line for the first of them.
    """
    for code, action in _DECLARES.items():
        found = [_WORD.match(fault["message"]) for fault in faults if fault["code"] == code]
        names = list(dict.fromkeys(word[1] for word in found if word))
        if names:
            return suggest("fairway-config", action, *names)
    return ""
