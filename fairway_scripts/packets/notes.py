"""The sections of a task's notes, and which field of a packet each of them fills."""

from __future__ import annotations

import re

#: Heading, as people write it -> the source that its text fills.
SOURCES = {
    "goal": "goal",
    "deliverables": "goal",
    "non-goals": "non_goals",
    "out of scope": "non_goals",
    "context": "current_state",
    "pre-read": "architecture_context",
    "invariants": "must_not_touch",
    "scope": "owned",
    "risks": "risks",
    "stop conditions": "stop_conditions",
    "acceptance": "acceptance",
    "evidence": "acceptance",
}
_HEADING = re.compile(
    r"^[ \t>#*_\-\d.)]*(goals?|non[- ]goals?|out of scope|context|pre[- ]?read|invariants?|(?:in )?scope|deliverables?|"
    r"(?:known )?risks?|stop conditions?|acceptance|evidence)\b(?:[^:\n]{0,40}:|(?:[ \t]*\([^)\n]*\))?[*_ \t]*$)",
    re.IGNORECASE | re.MULTILINE,
)
_SPELLINGS = {
    "goals": "goal", "non goal": "non-goals", "non goals": "non-goals", "non-goal": "non-goals", "preread": "pre-read",
    "pre read": "pre-read", "invariant": "invariants", "in scope": "scope", "deliverable": "deliverables",
    "risk": "risks", "known risk": "risks", "known risks": "risks", "stop condition": "stop conditions",
}  # fmt: skip


def split_notes(notes: str) -> list[tuple[str, str]]:
    """The sections of `notes` as (heading, text) in their order; text before the first heading has the heading "".

    A heading is a label with a colon, a Markdown heading or a line of its own, in any case (authoring standard).
    """
    marks = list(_HEADING.finditer(notes))
    sections = [("", notes[: marks[0].start()] if marks else notes)]
    for place, mark in enumerate(marks):
        word = mark.group(1).lower()
        end = marks[place + 1].start() if place + 1 < len(marks) else len(notes)
        sections.append((_SPELLINGS.get(word, word), notes[mark.end() : end].lstrip("*_ \t")))
    return [(heading, text.strip()) for heading, text in sections if text.strip()]


def lines_of(text: str) -> list[str]:
    """The entries of a text with one entry a line, without list marks."""
    found = (re.sub(r"^\s*(?:[-*+]|\d+[.)])\s+", "", line).strip() for line in text.splitlines())
    return [line for line in found if line]
