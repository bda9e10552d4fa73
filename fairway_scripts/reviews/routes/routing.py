"""Which lanes must review a change: sensitive paths first, then the owner of each path (GPUaaS routing rules).

A *requirement* is a dict `{"lane", "rule", "layer", "paths"}`: `lane` must approve, because `paths` (sorted) match
the pattern `rule` of `layer` ("sensitive" or "owner"). One lane may appear with several rules; `required_lanes`
names each once. A requirement of the layer "self_owned" has an empty lane: nobody but the task's own lane answers
for these paths, so they ask for no review.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base.patterns.globs import compile_glob

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import ReviewRoute, SensitivePath

SENSITIVE = "sensitive"
OWNER = "owner"
SELF_OWNED = "self_owned"


class Requirement(TypedDict):
    """One reason why a lane must review."""

    lane: str
    rule: str
    layer: str
    paths: list[str]


class PathRoute(TypedDict):
    """The routes of one path for a task of no lane in particular; `lane` and `rule` are empty without an owner."""

    path: str
    lane: str
    rule: str
    sensitive_lanes: list[str]
    sensitive_rules: list[str]


Place = Callable[[str, str, str], tuple[int, int]]


def route(
    paths: Iterable[str],
    *,
    routes: Sequence[ReviewRoute],
    sensitive: Sequence[SensitivePath],
    task_lane: str,
    lanes: Sequence[str] = (),
) -> list[Requirement]:
    """The requirements that the changed `paths` put on a task of `task_lane`.

    `routes` are the settings' `review_routes` (`match`, `reviewer`), `sensitive` its `sensitive_paths` (`match`,
    a list of patterns, and `reviewers`). Both look at every path. A sensitive path requires all the reviewers of every
    rule that it matches, except the task's own lane: two lanes that guard the same paths review each other. The
    owner of a path is the reviewer of the first route that matches it; a route to the task's own lane falls
    through to the next. The answer is ordered by `lanes` (the config's order; lanes it does not name follow in the
    order in which the rules name them), then by rule, sensitive before owner; self-owned paths come last.
    Raises ValueError for a pattern that is none: settings that were read have been checked.
    """
    found: dict[tuple[str, str, str], list[str]] = {}
    for path in sorted(set(paths)):
        for lane, rule, layer in [
            *_sensitive_matches(path, sensitive, task_lane),
            *_owner_match(path, routes, task_lane),
        ]:
            found.setdefault((lane, layer, rule), []).append(path)
    place = _places(routes, sensitive, lanes)
    requirements: list[Requirement] = [
        {"lane": lane, "rule": rule, "layer": layer, "paths": below} for (lane, layer, rule), below in found.items()
    ]
    return sorted(requirements, key=lambda item: place(item["lane"], item["rule"], item["layer"]))


def required_lanes(requirements: Iterable[Requirement]) -> list[str]:
    """The lanes that must approve, each once, in the order of the requirements."""
    return list(dict.fromkeys(item["lane"] for item in requirements if item["layer"] != SELF_OWNED))


def unmatched_paths(paths: Iterable[str], requirements: Iterable[Requirement]) -> list[str]:
    """The paths, sorted, that no rule of either layer names."""
    named = {path for item in requirements for path in item["paths"]}
    return sorted(set(paths) - named)


def explain_route(path: str, *, routes: Sequence[ReviewRoute], sensitive: Sequence[SensitivePath]) -> PathRoute:
    """Who answers for one path, for trying out the routes without a task (no lane is anybody's own here)."""
    owner = _owner_match(path, routes, "")
    matches = _sensitive_matches(path, sensitive, "")
    lane, rule, _layer = owner[0] if owner else ("", "", "")
    return {
        "path": path,
        "lane": lane,
        "rule": rule,
        "sensitive_lanes": list(dict.fromkeys(lane for lane, _rule, _layer in matches)),
        "sensitive_rules": list(dict.fromkeys(rule for _lane, rule, _layer in matches)),
    }


def _sensitive_matches(path: str, sensitive: Sequence[SensitivePath], own: str) -> list[tuple[str, str, str]]:
    """(lane, rule, layer) for every reviewer of every sensitive rule that the path matches."""
    found: list[tuple[str, str, str]] = []
    for entry in sensitive:
        rule = next((pattern for pattern in entry["match"] if compile_glob(pattern).match(path)), None)
        if rule is None:
            continue
        others = [lane for lane in entry["reviewers"] if lane != own]
        found += [(lane, rule, SENSITIVE) for lane in others] or [("", rule, SELF_OWNED)]
    return found


def _owner_match(path: str, routes: Sequence[ReviewRoute], own: str) -> list[tuple[str, str, str]]:
    """(lane, rule, layer) of the owner route, at most one; self-owned when only routes to `own` match."""
    matching = [entry for entry in routes if compile_glob(entry["match"]).match(path)]
    for entry in matching:
        if entry["reviewer"] != own:
            return [(entry["reviewer"], entry["match"], OWNER)]
    return [("", matching[0]["match"], SELF_OWNED)] if matching else []


def _places(routes: Sequence[ReviewRoute], sensitive: Sequence[SensitivePath], lanes: Sequence[str]) -> Place:
    """The sort key of a requirement: its lane's place, then its rule's place, both as configured."""
    named = [*lanes]
    rules: list[tuple[str, str]] = []
    for guarded in sensitive:
        named += guarded["reviewers"]
        rules += [(SENSITIVE, pattern) for pattern in guarded["match"]]
    for owned in routes:
        named.append(owned["reviewer"])
        rules.append((OWNER, owned["match"]))
    lane_place = {lane: place for place, lane in enumerate(dict.fromkeys(named))}
    rule_place = {rule: place for place, rule in enumerate(dict.fromkeys(rules))}

    def place(lane: str, rule: str, layer: str) -> tuple[int, int]:
        known = rule_place.get((layer, rule))
        if known is None:  # self-owned: the rule is of one of the two layers
            known = min(at for (_layer, pattern), at in rule_place.items() if pattern == rule)
        return (lane_place.get(lane, len(lane_place)), known)

    return place
