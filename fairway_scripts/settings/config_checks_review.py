"""The rules that hold the tables of review domains and risk levels against each other and against the lanes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import settings as project
from fairway_scripts.settings.review_domains import ANY_OF, domain_of, known_words, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.base.settings_shape import Settings

    Place = tuple[str | int, ...]
    Finding = tuple[Place, str, str] | tuple[Place, str, str, str]


def review_domains(settings: Settings) -> Iterator[Finding]:
    """Every name and alias once, lanes and neighbours that there are."""
    lanes = project.lanes(settings)
    taken: dict[str, str] = {}
    for at, entry in enumerate(settings["review_domains"]):
        place: Place = ("review_domains", at)
        for key, words in (("name", [entry["name"]]), ("aliases", entry["aliases"])):
            for word in words:
                if ANY_OF in word or not plain(word):
                    yield (*place, key), "bad_value", f"{word!r} is no name of a domain"
                elif plain(word) in taken:
                    yield (*place, key), "named_twice", f"{word!r} is already a word for {taken[plain(word)]}"
                taken.setdefault(plain(word), entry["name"])
        for which, lane in enumerate(entry["lanes"]):
            if lanes and lane not in lanes:
                message = f"{lane!r} is no configured lane; lanes: {', '.join(lanes)}"
                yield (*place, "lanes", which), "unknown_lane", message
        yield from _unknown(settings, entry["neighbours"], (*place, "neighbours"))


def risk_levels(settings: Settings) -> Iterator[Finding]:
    """Every level once, domains that there are, and touched ones whose paths are known."""
    taken: set[str] = set()
    for at, level in enumerate(settings["risk_levels"]):
        place: Place = ("risk_levels", at)
        if plain(level["name"]) in taken:
            yield (*place, "name"), "named_twice", f"{level['name']!r} is already the name of another risk level"
        taken.add(plain(level["name"]))
        yield from _unknown(settings, level["domains"], (*place, "domains"))
        yield from _unknown(settings, level["touched"], (*place, "touched"))
    for at, entry in enumerate(settings["review_shapes"]):
        word = entry["risk_level"]
        if word and plain(word) not in taken:
            known = ", ".join(level["name"] for level in settings["risk_levels"])
            yield ("review_shapes", at, "risk_level"), "unknown_risk", f"{word!r} is no risk level; known: {known}"


def profile_domains(settings: Settings) -> Iterator[Finding]:
    """The domains of a workstream profile are domains."""
    for at, profile in enumerate(settings["workstream_profiles"]):
        yield from _unknown(settings, profile["review_domains"], ("workstream_profiles", at, "review_domains"))


def _unknown(settings: Settings, words: list[str], place: Place) -> Iterator[Finding]:
    for which, word in enumerate(words):
        if domain_of(word, settings) is None:
            known = ", ".join(known_words(settings))
            yield (*place, which), "unknown_domain", f"{word!r} is no review domain; known: {known}"
