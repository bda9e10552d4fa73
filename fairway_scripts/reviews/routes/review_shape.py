"""The shape of a review: as light as the risk of a change allows, and never lighter without a recorded waiver.

`light` asks the owner of each path (GPUaaS review routes), `paired` adds the reviewers of sensitive paths, and
`full-matrix` asks every lane that reviews at all. The table `[[review_shapes]]` says what makes a review heavier;
without a table sensitive paths make it paired and everything else is light, which is the routing rule by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base.patterns.globs import compile_glob
from fairway_scripts.reviews.gates.profile_gates_rules import gates_of
from fairway_scripts.reviews.routes.routing import SENSITIVE, Requirement, required_lanes, route
from fairway_scripts.settings.review_domains import plain
from fairway_scripts.settings.review_needs import LIGHT, PAIRED, SHAPES, in_order, shape_lanes
from fairway_scripts.work.preflight import file_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Literal

    from fairway_scripts.base.settings_shape import ReviewShape, Settings
    from fairway_scripts.reviews.judged_shapes import Reason, Shape, TaskFacts
    from fairway_scripts.work.work_shapes import ReadWaiver


class ReadDefinition(TypedDict):
    """What `task_facts` takes of a definition, its lists and unknown fields read."""

    kind: str | None
    risk_level: str | None
    profile: str | None
    tags: list[str]
    extra: dict[str, object]
    review_domains: list[str]


#: The layer of a requirement that the shape adds to the routed ones.
SHAPE = "shape"
#: The rule under which a sensitive path makes a review paired.
SENSITIVE_RULE = "sensitive_paths"
#: The rule of a light review for which nothing was recognised.
ROUTE_RULE = "review_routes"

#: (the list of a table entry, how a reason names it, what it is compared with).
_WAYS: tuple[tuple[Literal["task_kinds", "risk_levels", "tags", "gates"], str, str], ...] = (
    ("task_kinds", "kind", "kinds"),
    ("risk_levels", "risk_level", "risk_levels"),
    ("tags", "tag", "tags"),
    ("gates", "gate", "gates"),
)


def shape_of(task: TaskFacts, paths: Sequence[str], settings: Settings, granted: str = "") -> Shape:
    """The shape that a change of `task` to `paths` needs, and who must review it.

    `task` is `{role, kind, risk_level, tags, gates}` (see `task_facts`); `granted` the shape that a waiver which
    covers this very change allows, "" without one: a waiver makes a review lighter, never heavier.

    Returns `needed` and `shape` (of SHAPES; the same without a waiver), `reasons` (`{rule, shape, by, matched}`,
    the heaviest first, then in the order of the table), `requirements` (as `routing.route` gives them, those that
    the shape adds under the layer SHAPE) and `reviewers`, each lane once and never the task's own.
    """
    reasons = _reasons(task, paths, settings)
    needed = reasons[0]["shape"]
    shape = granted if granted and is_lighter(granted, needed) else needed
    own, lanes = task["role"], [entry["name"] for entry in settings["roles"]]
    routed = route(
        paths,
        routes=settings["review_routes"],
        sensitive=settings["sensitive_paths"],
        task_lane=own,
        lanes=lanes,
    )
    requirements = [*routed, *_added(reasons, needed, settings, own)]
    if shape != needed:
        requirements = _waived(requirements, shape, needed, settings, own)
    return {
        "needed": needed,
        "shape": shape,
        "reasons": reasons,
        "requirements": requirements,
        "reviewers": in_order(required_lanes(requirements), lanes),
    }


def is_lighter(shape: str, than: str) -> bool:
    """Whether `shape` asks for less review than `than`."""
    return SHAPES.index(shape) < SHAPES.index(than)


def task_facts(role: str, definition: ReadDefinition, settings: Settings) -> TaskFacts:
    """What `shape_of` and `review_bar.bar_of` ask of a task, from its definition (lists as lists, `extra` as a dict).

    The gates of a task are those that its own field `gates` names and those of the workstream profile that its
    `profile` names, else of every profile for its kind; a gate of a profile may be for some kinds only.
    """
    kind = definition["kind"] or ""
    named = definition["extra"].get("gates")
    own = [str(name) for name in named] if isinstance(named, list) else [named] if isinstance(named, str) else []
    of_profile = [gate["name"] for gate in gates_of(kind, definition["profile"] or "", settings)]
    return {
        "role": role,
        "kind": kind,
        "risk_level": definition["risk_level"] or "",
        "tags": [str(tag) for tag in definition["tags"]],
        "gates": list(dict.fromkeys([*own, *of_profile])),
        "profile": definition["profile"] or "",
        "review_domains": [str(word) for word in definition.get("review_domains") or []],
    }


def reason_text(reason: Reason) -> str:
    """A reason in words, such as `break-glass or credential action asks for full-matrix: tag break-glass`."""
    if reason["rule"] == ROUTE_RULE:
        return "nothing asks for more than the review routes"
    what = "sensitive paths ask" if reason["rule"] == SENSITIVE_RULE else f"{reason['rule']} asks"
    matched = file_list(reason["matched"], len(reason["matched"]))
    return f"{what} for {reason['shape']}: {reason['by']} {matched}"


def covers(waiver: ReadWaiver, reasons: Iterable[Reason], *, same_change: bool) -> str:
    """Why a waiver `{needed, rules}` does not cover a change, "" when it does.

    It was given for one change and for the reasons that were known then: another patch, or one more reason for as
    heavy a review as the one that was waived, is a risk that nobody has accepted.
    """
    if not same_change:
        return "it was given for another change"
    asked = [reason for reason in reasons if reason["rule"] != ROUTE_RULE]
    heavier = [reason for reason in asked if is_lighter(waiver["needed"], reason["shape"])]
    if heavier:
        return f"{heavier[0]['rule']} asks for {heavier[0]['shape']} now"
    new = [reason for reason in asked if reason["rule"] not in waiver["rules"]]
    new = [reason for reason in new if is_lighter(waiver["granted"], reason["shape"])]
    return f"{new[0]['rule']} was no reason then" if new else ""


def _reasons(task: TaskFacts, paths: Sequence[str], settings: Settings) -> list[Reason]:
    """Every reason that is recognised, one for each way; the one of the routes when there is no other."""
    found = [reason for entry in settings["review_shapes"] for reason in _recognised(entry, task, paths)]
    for entry in settings["sensitive_paths"]:
        matched = matching(entry["match"], paths)
        if matched:
            found.append({"rule": SENSITIVE_RULE, "shape": PAIRED, "by": "path", "matched": matched})
    if not found:
        return [{"rule": ROUTE_RULE, "shape": LIGHT, "by": "path", "matched": []}]
    return sorted(found, key=lambda reason: -SHAPES.index(reason["shape"]))


def _recognised(entry: ReviewShape, task: TaskFacts, paths: Sequence[str]) -> Iterable[Reason]:
    values = {
        "kinds": [task["kind"]],
        "risk_levels": [task["risk_level"]],
        "tags": task["tags"],
        "gates": task["gates"],
    }
    for key, by, of_task in _WAYS:
        words = {plain(word) for word in entry[key]}
        matched = [value for value in values[of_task] if value and plain(value) in words]
        if matched:
            yield {"rule": entry["name"], "shape": entry["shape"], "by": by, "matched": sorted(matched)}
    matched = matching(entry["match"], paths)
    if matched:
        yield {"rule": entry["name"], "shape": entry["shape"], "by": "path", "matched": matched}


def matching(patterns: Iterable[str], paths: Iterable[str]) -> list[str]:
    """The paths that one of the patterns matches, sorted."""
    compiled = [compile_glob(pattern) for pattern in patterns]
    return sorted({path for path in paths if any(pattern.match(path) for pattern in compiled)})


def _added(reasons: Iterable[Reason], needed: str, settings: Settings, own: str) -> list[Requirement]:
    """What the table asks for besides the routes; sensitive paths have asked for theirs already."""
    added: list[Requirement] = []
    for reason in reasons:
        if reason["shape"] != needed or reason["rule"] == SENSITIVE_RULE:
            continue
        rule = f"{needed}: {reason['rule']}"
        paths = reason["matched"] if reason["by"] == "path" else []
        added += _of_list(needed, settings, own, rule, paths)
    return added


def _of_list(shape: str, settings: Settings, own: str, rule: str, paths: list[str]) -> list[Requirement]:
    return [
        {"lane": lane, "rule": rule, "layer": SHAPE, "paths": list(paths)}
        for lane in shape_lanes(shape, settings)
        if lane != own
    ]


def _waived(
    requirements: list[Requirement], shape: str, needed: str, settings: Settings, own: str
) -> list[Requirement]:
    """What is left of the requirements under a waiver: somebody, where anybody was asked before."""
    kept = [item for item in requirements if item["layer"] != SHAPE]
    if shape == LIGHT:
        kept = [item for item in kept if item["layer"] != SENSITIVE]
    kept += _of_list(shape, settings, own, f"{shape}: waived from {needed}", [])
    before = required_lanes(requirements)
    if before and not required_lanes(kept):
        rule = f"{shape}: waived from {needed}, and no route names another lane"
        kept.append({"lane": before[0], "rule": rule, "layer": SHAPE, "paths": []})
    return kept
