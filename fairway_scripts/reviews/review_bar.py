"""The bar of a review: the approvals that a task's own declaration asks for, whatever paths it changes.

A task declares `review_domains` and a `risk_level`; both bind. Every declared domain needs an approval for exactly
that domain. The table `[[risk_levels]]` says what a level asks for besides: approvals of an independent domain, of one
next to the owner's, of a cross-cutting one, of named domains, and of named domains whose paths were touched.

An *entry* is `{lane, domains, counted, layer, rules, paths}`: `lane` is whom to ask, `domains` what the approval is for
(any one of them, when there are several), `layer` one of DECLARED, PROFILE and RISK, `rules` the reasons in words.
`counted` entries are those of which a level says only how many: each needs an approval and a domain of its own.
"""

from __future__ import annotations

from fairway_scripts.settings import review_domains as words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from typing import Literal

    from fairway_scripts.base.settings_shape import RiskLevel, Settings
    from fairway_scripts.reviews.judged_shapes import Bar, Declaration, Raised
    from fairway_scripts.work.work_shapes import Asked

DECLARED = "declared"
PROFILE = "profile"
RISK = "risk"

#: The keys of a risk level that ask for a number of approvals, and how a reason names what they ask for.
_COUNTED: tuple[tuple[Literal["independent", "neighbouring", "cross_cutting"], str], ...] = (
    ("independent", "an independent domain"),
    ("neighbouring", "a domain next to the owner's"),
    ("cross_cutting", "a cross-cutting domain"),
)


def bar_of(task: Declaration, paths: Sequence[str], settings: Settings, reasons: Iterable[Raised] = ()) -> Bar:
    """What the declaration of `task` asks for, for a change of `paths`.

    `task` is that of `review_shape.task_facts`; `reasons` are those of its review shape: a rule of
    `[[review_shapes]]` that names a risk level raises the level to it. Returns `{risk_level, evidence, real_exit,
    declared, entries, faults}`: `evidence`, whether passing evidence is needed; `real_exit`, whether a waiver needs
    somebody's approval; `declared`, whether the task declares anything that asks for a review; `faults`, what in the
    declaration is not understood, in words.
    """
    level, faults = _level(task, reasons, settings)
    found: dict[str, Asked] = {}
    for layer, rule, word in _named(task, level, settings):
        domain = words.domain_of(word, settings)
        if domain is None:
            faults.append(f"review domain {word!r} is not known; known: {', '.join(words.known_words(settings))}")
        _add(found, domain or word, layer, rule, [], task["role"], settings)
    if level is not None:
        for word in level["touched"]:
            domain = words.domain_of(word, settings) or word
            touched = words.matching_paths(domain, paths, settings)
            if touched:
                _add(found, domain, RISK, _because(level, "its paths are touched"), touched, task["role"], settings)
    counted = list(_counted(task["role"], level, settings, faults)) if level is not None else []
    entries = [*found.values(), *counted]
    return {
        "risk_level": level["name"] if level is not None else "",
        "evidence": bool(level is not None and level["evidence"]),
        "real_exit": bool(level is not None and level["real_exit"]),
        "declared": bool(entries or faults),
        "entries": entries,
        "faults": faults,
    }


def still_to_ask(entries: Sequence[Asked], asked: Sequence[Asked], settings: Settings) -> list[Asked]:
    """The entries that need a request of their own, beside the lanes that are `asked` (`{lane}`) anyway.

    An entry that any of several domains will do for needs none when one of the other approvals does for it.
    """
    single = [entry for entry in entries if not entry.get("counted")]
    expected = [(entry["lane"], words.domains_of_lane(entry["lane"], settings)) for entry in asked]
    expected += [(entry["lane"], entry.get("domains", [])) for entry in single]
    taken: set[int] = set()
    needed = list(single)
    for entry in entries:
        if not entry.get("counted"):
            continue
        fitting = [
            at
            for at, (_, domains) in enumerate(expected)
            if at not in taken and set(domains) & set(entry.get("domains", []))
        ]
        if fitting:
            taken.add(fitting[0])
        else:
            needed.append(entry)
    return needed


def without_doubles(bar: Bar, asked: Sequence[Asked], settings: Settings) -> Bar:
    """The bar without the domains that a risk level names and that one of the lanes which are asked anyway answers for.

    What the task itself declares stays: it names what each approval is for.
    """
    lanes = [entry["lane"] for entry in asked]

    def is_double(entry: Asked) -> bool:
        if entry["layer"] != RISK or entry.get("counted"):
            return False
        return any(words.answers_for(lane, domain, settings) for lane in lanes for domain in entry.get("domains", []))

    return {**bar, "entries": [entry for entry in bar["entries"] if not is_double(entry)]}


def _level(task: Declaration, reasons: Iterable[Raised], settings: Settings) -> tuple[RiskLevel | None, list[str]]:
    """The heaviest level that the task names or a reason of its shape raises it to."""
    table, raising = settings["risk_levels"], {reason["rule"] for reason in reasons}
    raised = [entry.get("risk_level", "") for entry in settings["review_shapes"] if entry["name"] in raising]
    named = [task["risk_level"], *raised]
    wanted = {words.plain(word) for word in named if word}
    heaviest = next((level for level in reversed(table) if words.plain(level["name"]) in wanted), None)
    own = task["risk_level"]
    if own and words.plain(own) not in {words.plain(word) for word in words.known_levels(settings)}:
        return heaviest, [f"risk_level {own!r} is not known; known: {', '.join(words.known_levels(settings))}"]
    return heaviest, []


def _named(task: Declaration, level: RiskLevel | None, settings: Settings) -> Iterator[tuple[str, str, str]]:
    """(layer, rule, word) for each domain that is asked for by name."""
    for word in task["review_domains"]:
        yield DECLARED, "review_domains", word
    if not task["review_domains"] and task["profile"]:
        for profile in settings["workstream_profiles"]:
            if profile["name"] == task["profile"]:
                for word in profile["review_domains"]:
                    yield PROFILE, profile["name"], word
    if level is not None:
        for word in level["domains"]:
            yield RISK, f"risk_level {level['name']}", word


def _counted(own: str, level: RiskLevel, settings: Settings, faults: list[str]) -> Iterator[Asked]:
    """An entry for each approval of which the level says only what kind of domain it is."""
    mine = words.domains_of_lane(own, settings)
    pools = {
        "independent": words.domain_names(settings),
        "neighbouring": words.neighbours_of(own, settings),
        "cross_cutting": words.cross_cutting(settings),
    }
    for key, what in _COUNTED:
        pool = [name for name in pools[key] if name not in mine]
        if level[key] > len(pool):
            faults.append(f"{_because(level, what)}: {level[key]} asked for, {len(pool)} configured")
        for _place in range(min(level[key], len(pool))):
            lane = words.asked_lane(pool, own, settings)
            rules = [_because(level, what)]
            yield {"lane": lane, "domains": pool, "counted": True, "layer": RISK, "rules": rules, "paths": []}


def _because(level: RiskLevel, what: str) -> str:
    return f"risk_level {level['name']}, {what}"


def _add(
    found: dict[str, Asked], domain: str, layer: str, rule: str, paths: list[str], own: str, settings: Settings
) -> None:
    lane = words.asked_lane([domain], own, settings)
    new: Asked = {"lane": lane, "domains": [domain], "counted": False, "layer": layer, "rules": [], "paths": []}
    entry = found.setdefault(domain, new)
    entry["rules"] += [rule] if rule not in entry["rules"] else []
    entry["paths"] = sorted({*entry["paths"], *paths})
