"""The sections that the authoring standard asks of a task's notes."""

from __future__ import annotations

import re

#: The sections in their order; any heading that begins with the words counts.
SECTIONS = ("Context", "Pre-read", "Invariants", "Scope", "Deliverables", "Evidence")

# Begins with the line break, not with ^: the engine then jumps from line to line.
_HEADING = re.compile(
    r"\n[ \t>#*_\-\d.)]*"
    r"(context|pre[- ]?read|invariants?|scope|in scope|deliverables?|(?:acceptance[ \t]+)?evidence)\b",
    re.IGNORECASE,
)
#: Every section as the standard writes it, in its order: the usual case. Each step takes lines up to the next heading.
_USUAL = re.compile(
    rf"{SECTIONS[0]}\b" + "".join(rf"(?>(?:[^\n]*+\n(?!{name}\b))*)[^\n]*+\n{name}\b" for name in SECTIONS[1:])
)
_NAMED = {"c": "Context", "p": "Pre-read", "i": "Invariants", "s": "Scope", "d": "Deliverables", "e": "Evidence"}
_NAMED |= {"a": "Evidence"}


def missing_sections(notes: str) -> list[str]:
    """The names of the sections that `notes` lacks, in the order of the authoring standard.

    A heading is an inline label (`Context: ...`), a line of its own or a Markdown heading, in any case; `Pre-read
    (required)`, `Evidence required in handoff` and `Acceptance evidence` count for their sections.
    """
    if _USUAL.match(notes):
        return []
    found = set()
    for label in _HEADING.findall("\n" + notes):
        word = label.lower()
        found.add("Scope" if word == "in scope" else _NAMED[word[0]])
    return [section for section in SECTIONS if section not in found]
