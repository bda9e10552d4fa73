"""Review domains: the words for them, and which lanes answer for each.

A *domain* is what a reviewer answers for: governance, ops, security. The table `[[review_domains]]` names them, with
the lanes whose plain approval counts for each; without lanes that is the lane of the same name, or of that name behind
a letter and a dash, as in `C-ops`. A lane that answers for none of them is a domain of its own name.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.base.settings_shape import ReviewDomain, Settings

#: Between the domains of a request of which any one will do; no name of a domain holds a comma.
ANY_OF = ","


def plain(word: str) -> str:
    """A word without case, and with one dash for blanks and underlines: `Break Glass` is `break-glass`."""
    return "-".join(word.casefold().replace("_", " ").replace("-", " ").split())


def domain_of(word: str, settings: Settings) -> str | None:
    """The name of the domain that a word means, by its name, an alias of it, or a lane; None when it means none."""
    wanted = plain(word)
    for entry in settings["review_domains"]:
        if wanted and wanted in (plain(name) for name in (entry["name"], *entry["aliases"])):
            return str(entry["name"])
    return next((lane["name"] for lane in settings["roles"] if plain(lane["name"]) == wanted), None)


def domain_names(settings: Settings) -> list[str]:
    """Every domain: those of the table, then the lanes that answer for none of them."""
    table = [entry["name"] for entry in settings["review_domains"]]
    lanes = [entry["name"] for entry in settings["roles"]]
    return [*table, *(lane for lane in lanes if not any(answers_for(lane, name, settings) for name in table))]


def known_words(settings: Settings) -> list[str]:
    """Every word by which a task may name a domain, as configured."""
    words = [name for entry in settings["review_domains"] for name in (entry["name"], *entry["aliases"])]
    return list(dict.fromkeys([*words, *(entry["name"] for entry in settings["roles"])]))


def answers_for(lane: str, domain: str, settings: Settings) -> bool:
    """Whether a plain approval of `lane`, one for no domain in particular, counts for `domain`."""
    entry = _entry(domain, settings)
    if entry is None:
        return lane == domain
    if entry["lanes"]:
        return lane in entry["lanes"]
    names = [plain(name) for name in (entry["name"], *entry["aliases"])]
    short = lane[2:] if len(lane) > 2 and lane[0].isalpha() and lane[1] == "-" else lane
    return plain(lane) in names or plain(short) in names


def lanes_of(domain: str, settings: Settings) -> list[str]:
    """The configured lanes that answer for a domain, in the order of the configuration."""
    entry = _entry(domain, settings)
    if entry is not None and entry["lanes"]:
        return list(entry["lanes"])
    return [lane["name"] for lane in settings["roles"] if answers_for(lane["name"], domain, settings)]


def domains_of_lane(lane: str, settings: Settings) -> list[str]:
    """The domains for which a lane answers; its own name when the table gives it none."""
    table = [entry["name"] for entry in settings["review_domains"]]
    return [name for name in table if answers_for(lane, name, settings)] or [lane]


def neighbours_of(lane: str, settings: Settings) -> list[str]:
    """The domains next to those of a lane, without its own; every other one where the table names no neighbours."""
    own = domains_of_lane(lane, settings)
    named = [name for domain in own for name in (_entry(domain, settings) or {"neighbours": []})["neighbours"]]
    found = [domain_of(word, settings) or word for word in named] or domain_names(settings)
    return [name for name in dict.fromkeys(found) if name not in own]


def cross_cutting(settings: Settings) -> list[str]:
    """The domains that cut across all others."""
    return [entry["name"] for entry in settings["review_domains"] if entry["cross_cutting"]]


def asked_lane(domains: Iterable[str], own: str, settings: Settings) -> str:
    """The lane to ask for an approval of one of `domains`: never the task's own; "" when the configuration has none.

    Where only the task's own lane answers for a domain, one that answers for a neighbour of it is asked.
    """
    wanted = list(domains)
    near = [name for domain in wanted for name in (_entry(domain, settings) or {"neighbours": []})["neighbours"]]
    for domain in (*wanted, *near):
        for lane in lanes_of(domain, settings):
            if lane != own:
                return lane
    return next((lane["name"] for lane in settings["roles"] if lane["name"] != own), "")


def matching_paths(domain: str, paths: Iterable[str], settings: Settings) -> list[str]:
    """The paths that belong to a domain by its patterns, sorted; patterns cost an import, so only where there are."""
    entry = _entry(domain, settings)
    if entry is None or not entry["match"]:
        return []
    from fairway_scripts.base.patterns.globs import compile_glob

    patterns = [compile_glob(pattern) for pattern in entry["match"]]
    return sorted({path for path in paths if any(pattern.match(path) for pattern in patterns)})


def _entry(domain: str, settings: Settings) -> ReviewDomain | None:
    return next((entry for entry in settings["review_domains"] if entry["name"] == domain), None)


def known_levels(settings: Settings) -> list[str]:
    """Every word that a task's `risk_level` may be: the levels, then what review shapes recognise."""
    named = [level["name"] for level in settings["risk_levels"]]
    recognised = [word for entry in settings["review_shapes"] for word in entry["risk_levels"]]
    return list(dict.fromkeys([*named, *recognised]))
