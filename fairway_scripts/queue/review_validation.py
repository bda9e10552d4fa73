"""What a task declares of its review, held against the words that are configured.

A misspelt word would ask for nothing, or for an approval that nobody can give: it is refused where it stands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.faults import Fault
from fairway_scripts.settings.review_domains import known_levels, known_words, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairway_scripts.base.settings_shape import Settings
    from fairway_scripts.queue.definitions_rules import TaskRecord


def review_faults(tasks: Sequence[TaskRecord], settings: Settings, path: str = "") -> list[Fault]:
    """The faults of `review_domains`, `risk_level` and `profile` of the tasks, each at its line.

    Any profile will do where none is configured.
    """
    domains, levels = known_words(settings), known_levels(settings)
    profiles = [entry["name"] for entry in settings["workstream_profiles"]]
    words = {
        "domain": (domains, {plain(word) for word in domains}),
        "risk": (levels, {plain(word) for word in levels}),
    }
    found = []
    for task in tasks:
        for field, word, line, kind in _named(task):
            listed, plain_words = words[kind]
            if plain(word) not in plain_words:
                what = "review domain" if kind == "domain" else "risk level"
                message = f"unknown {what} {word}; known: {', '.join(listed)}"
                found.append(Fault(path, line, task.fields["id"], field, "error", f"unknown_{kind}", message))
        profile = task.fields["profile"]
        if profile and profiles and profile not in profiles:
            message = f"unknown profile {profile}; known: {', '.join(profiles)}"
            line = task.line_of("profile")
            found.append(Fault(path, line, task.fields["id"], "profile", "error", "unknown_profile", message))
    return found


def _named(task: TaskRecord) -> Iterator[tuple[str, str, int, str]]:
    """(field, word, line, what it has to be) of each word that a task declares."""
    if task.fields["review_domains"]:
        lines = task.item_lines.get("review_domains", [])
        for at, word in enumerate(task.fields["review_domains"]):
            line = lines[at] if at < len(lines) else task.line_of("review_domains")
            yield "review_domains", word, line, "domain"
    if task.fields["risk_level"]:
        yield "risk_level", task.fields["risk_level"], task.line_of("risk_level"), "risk"
