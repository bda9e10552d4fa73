"""Rules that compare values of the config file with each other.

Each rule takes settings with every key filled and yields (place, code, message) or (place, code, message,
severity). `CHECKS` names with each rule the values it reads, so that it is left out when one of them is broken.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import settings as project
from fairway_scripts.base.faults import WARNING
from fairway_scripts.base.patterns.line_patterns import compile_pattern
from fairway_scripts.settings.config_checks_review import profile_domains, review_domains, risk_levels
from fairway_scripts.settings.config_trackers import tracker_findings
from fairway_scripts.settings.config_values import branch_fault
from fairway_scripts.settings.review_needs import LIGHT, needed_count, shape_lanes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from fairway_scripts.base.settings_shape import Settings

Place = tuple[str | int, ...]
Finding = tuple[Place, str, str] | tuple[Place, str, str, str]


def _states(settings: Settings) -> Iterator[Finding]:
    allowed, terminal = settings["states"]["allowed"], settings["states"]["terminal"]
    for at, state in enumerate(terminal):
        if state not in allowed:
            yield ("states", "terminal", at), "unknown_state", f"{state!r} is not one of states.allowed"
    if allowed[0] in terminal:
        place = ("states", "terminal", terminal.index(allowed[0]))
        yield (
            place,
            "terminal_start",
            f"tasks start in {allowed[0]!r}, the first of states.allowed, so it cannot end them",
        )
    claimed = project.CLAIMED_STATUS
    if claimed not in allowed:
        yield ("states", "allowed"), "unknown_state", f"must contain {claimed!r}, the state of a claimed task"
    if claimed in terminal:
        yield ("states", "terminal"), "terminal_claim", f"must not contain {claimed!r}, the state of a claimed task"


def _transitions(settings: Settings) -> Iterator[Finding]:
    states = settings["states"]
    for at, (source, target) in enumerate(states["transitions"]):
        place: Place = ("states", "transitions", at)
        if source != "*" and source not in states["allowed"]:
            yield (*place, 0), "unknown_state", f"{source!r} is not one of states.allowed"
        if target not in states["allowed"]:
            yield (*place, 1), "unknown_state", f"{target!r} is not one of states.allowed"
    start, claimed = states["allowed"][0], project.CLAIMED_STATUS
    pairs = states["transitions"]
    if pairs and start != claimed and [start, claimed] not in pairs and ["*", claimed] not in pairs:
        message = f"no move from {start!r} to {claimed!r} is listed, so nothing can be claimed"
        yield ("states", "transitions"), "no_claim", message, WARNING


def _store(settings: Settings) -> Iterator[Finding]:
    if settings["store"]["engine"] == "postgres" and not settings["store"]["service"]:
        yield ("store", "engine"), "service_missing", "postgres needs store.service, a service of pg_service.conf"


def _lane_names(settings: Settings) -> Iterator[Finding]:
    yield from _repeats("roles", [entry["name"] for entry in settings["roles"]], "name", "lane")


def _lane_branches(settings: Settings) -> Iterator[Finding]:
    main = settings["fairway"]["main_branch"]
    earlier: dict[str, str] = {}
    for at, entry in enumerate(settings["roles"]):
        name, place = entry["name"], ("roles", at, "branch")
        branch = entry["branch"] or f"agent/{name}"
        if branch == main:
            yield place, "branch_collision", f"lane {name} has the integration branch {main!r} for its own"
        elif _nested(branch, main):
            yield place, "branch_collision", f"git cannot hold both {branch!r} and {main!r}"
        for other, owner in earlier.items():
            if owner != name and branch == other:
                yield place, "branch_collision", f"{branch!r} is already the branch of lane {owner}"
            elif owner != name and _nested(branch, other):
                yield place, "branch_collision", f"git cannot hold both {branch!r} and {other!r} of lane {owner}"
        earlier.setdefault(branch, name)


def _nested(one: str, other: str) -> bool:
    """Whether one branch name is a folder of the other, which git's reference store refuses."""
    return one.startswith(f"{other}/") or other.startswith(f"{one}/")


def _lane_worktrees(settings: Settings) -> Iterator[Finding]:
    earlier: dict[str, str] = {}
    for at, name in enumerate(project.lanes(settings)):
        path = project.worktree_path(settings, name, "/checkout")
        if path == "/checkout":
            yield ("roles", at, "worktree"), "worktree_collision", f"lane {name} would work in the main checkout"
        owner = earlier.setdefault(path, name)
        if owner != name:
            yield ("roles", at, "worktree"), "worktree_collision", f"is already the worktree of lane {owner}"


def _route_reviewers(settings: Settings) -> Iterator[Finding]:
    for at, entry in enumerate(settings["review_routes"]):
        yield from _unknown_lane(settings, entry["reviewer"], ("review_routes", at, "reviewer"))


def _sensitive_reviewers(settings: Settings) -> Iterator[Finding]:
    for at, entry in enumerate(settings["sensitive_paths"]):
        for which, reviewer in enumerate(entry["reviewers"]):
            yield from _unknown_lane(settings, reviewer, ("sensitive_paths", at, "reviewers", which))


def _unknown_lane(settings: Settings, reviewer: str, place: Place) -> Iterator[Finding]:
    lanes = project.lanes(settings)
    if lanes and reviewer not in lanes:
        yield place, "unknown_lane", f"{reviewer!r} is no configured lane; lanes: {', '.join(lanes)}"


def _shape_lanes(settings: Settings) -> Iterator[Finding]:
    for key in ("paired", "full_matrix"):
        for at, lane in enumerate(settings["review"][key]):
            yield from _unknown_lane(settings, lane, ("review", key, at))


def _review_shapes(settings: Settings) -> Iterator[Finding]:
    shapes = settings["review_shapes"]
    yield from _repeats("review_shapes", [entry["name"] for entry in shapes], "name", "review shape")
    for at, entry in enumerate(shapes):
        place: Place = ("review_shapes", at)
        yield from _unknown_kinds(settings, entry["task_kinds"], (*place, "task_kinds"))
        if not any(entry[key] for key in ("task_kinds", "risk_levels", "tags", "gates", "match")):
            yield place, "recognises_nothing", "needs task_kinds, risk_levels, tags, gates or match"
        if entry["shape"] != LIGHT and not shape_lanes(entry["shape"], settings):
            message = f"nobody is asked: name lanes in [review], or in [[sensitive_paths]], for {entry['shape']}"
            yield (*place, "shape"), "no_reviewers", message


def _review_branches(settings: Settings) -> Iterator[Finding]:
    taken = {project.lane_branch(settings, name): name for name in project.lanes(settings)}
    for name in project.lanes(settings):
        branch = project.review_branch(settings, name)
        place = ("worktrees", "review_branch_naming")
        if branch_fault(branch):
            yield place, "bad_value", f"gives lane {name} the branch {branch!r}, which git does not accept"
        elif branch in taken or branch == settings["fairway"]["main_branch"]:
            yield place, "branch_collision", f"gives lane {name} the review branch {branch!r}, which is in use"


def _task_kinds(settings: Settings) -> Iterator[Finding]:
    kinds = settings["task_kinds"]
    if kinds["allowed"] and kinds["default"] not in kinds["allowed"]:
        yield ("task_kinds", "default"), "unknown_kind", f"{kinds['default']!r} is not one of task_kinds.allowed"


def _task_priorities(settings: Settings) -> Iterator[Finding]:
    default, levels = settings["task_priorities"]["default"], settings["task_priorities"]["levels"]
    ranks = [level["rank"] for level in levels]
    yield from _repeats(("task_priorities", "levels"), ranks, "rank", "rank")
    if ranks and default is not None and default not in ranks:
        yield ("task_priorities", "default"), "unknown_rank", f"{default} is the rank of no level"


def _providers(settings: Settings) -> Iterator[Finding]:
    yield from _repeats("providers", [entry["name"] for entry in settings["providers"]], "name", "provider")


def _profiles(settings: Settings) -> Iterator[Finding]:
    profiles = settings["workstream_profiles"]
    yield from _repeats("workstream_profiles", [profile["name"] for profile in profiles], "name", "profile")
    for at, profile in enumerate(profiles):
        place: Place = ("workstream_profiles", at)
        gates = profile["gates"]
        yield from _unknown_kinds(settings, profile["task_kinds"], (*place, "task_kinds"))
        yield from _repeats((*place, "gates"), [gate["name"] for gate in gates], "name", "gate")
        for which, gate in enumerate(gates):
            yield from _unknown_kinds(settings, gate["task_kinds"], (*place, "gates", which, "task_kinds"))
            if not needed_count(gate):
                yield (*place, "gates", which), "asks_nothing", "asks for no evidence, so it is always met", WARNING


def _unknown_kinds(settings: Settings, kinds: list[str], place: Place) -> Iterator[Finding]:
    allowed = settings["task_kinds"]["allowed"]
    for at, kind in enumerate(kinds):
        if allowed and kind not in allowed:
            yield (*place, at), "unknown_kind", f"{kind!r} is not one of task_kinds.allowed"


def _gate_checks(settings: Settings) -> Iterator[Finding]:
    yield from _repeats("checks", [entry["name"] for entry in settings["checks"]], "name", "check")


def _version_files(settings: Settings) -> Iterator[Finding]:
    for at, entry in enumerate(settings["release"]["version_files"]):
        place: Place = ("release", "version_files", at)
        if compile_pattern(entry["pattern"], ignore_case=False).groups != 1:
            yield (*place, "pattern"), "bad_value", f"{entry['pattern']!r} needs one group, around the version"
        if entry["path"].startswith("/") or ".." in entry["path"].split("/"):
            yield (*place, "path"), "bad_value", f"{entry['path']!r} must lie inside the repository"


def _packet_templates(settings: Settings) -> Iterator[Finding]:
    templates = settings["packet_templates"]
    yield from _repeats("packet_templates", [template["name"] for template in templates], "name", "template")
    profiles = [profile["name"] for profile in settings["workstream_profiles"]]
    for at, template in enumerate(templates):
        place: Place = ("packet_templates", at)
        for which, profile in enumerate(template["profiles"]):
            if profiles and profile not in profiles:
                yield (*place, "profiles", which), "unknown_profile", f"{profile!r} is no workstream profile"
        for which, field in enumerate(template["optional_fields"]):
            if field in template["required_fields"]:
                yield (*place, "optional_fields", which), "field_twice", f"{field!r} is already a required field"


def _output_kinds(settings: Settings) -> Iterator[Finding]:
    kinds = settings["output_kinds"]
    yield from _repeats("output_kinds", [kind["name"] for kind in kinds], "name", "kind of output")
    for at, kind in enumerate(kinds):
        yield from _unknown_kinds(settings, kind["task_kinds"], ("output_kinds", at, "task_kinds"))
        if not kind["task_kinds"] and not kind["evidence_types"] and not kind["match"]:
            yield ("output_kinds", at), "shown_by_nothing", "needs task_kinds, evidence_types or match"


def _failure_rules(settings: Settings) -> Iterator[Finding]:
    rules = settings["ci"]["failure_rules"]
    yield from _repeats(("ci", "failure_rules"), [rule["name"] for rule in rules], "name", "rule")
    for at, rule in enumerate(rules):
        if not rule["job"] and not rule["step"] and not rule["line"]:
            yield ("ci", "failure_rules", at), "fits_nothing", "needs job, step or line"


def _repeats(section: str | Place, values: Sequence[object], key: str, noun: str) -> Iterator[Finding]:
    """A fault for each entry whose `key` repeats an earlier one's."""
    place: Place = (section,) if isinstance(section, str) else section
    for at, value in enumerate(values):
        if value in values[:at]:
            yield (*place, at, key), "named_twice", f"{value!r} is already the {key} of another {noun}"


#: (the values that the rule reads, "*" for any index; the rule).
CHECKS: tuple[tuple[tuple[tuple[str, ...], ...], Callable[[Settings], Iterable[Finding]]], ...] = (
    ((("states", "allowed"), ("states", "terminal")), _states),
    ((("states", "allowed"), ("states", "transitions")), _transitions),
    ((("store",),), _store),
    ((("roles", "*", "name"),), _lane_names),
    ((("roles", "*", "name"), ("roles", "*", "branch"), ("fairway", "main_branch")), _lane_branches),
    ((("roles", "*", "name"), ("roles", "*", "worktree"), ("worktrees",)), _lane_worktrees),
    ((("roles", "*", "name"), ("review_routes", "*", "reviewer")), _route_reviewers),
    ((("roles", "*", "name"), ("sensitive_paths", "*", "reviewers")), _sensitive_reviewers),
    ((("roles", "*", "name"), ("review",)), _shape_lanes),
    (
        (
            *(("roles",), ("review",), ("review_shapes",), ("sensitive_paths",), ("review_routes",)),
            ("task_kinds", "allowed"),
        ),
        _review_shapes,
    ),
    ((("roles", "*", "name"), ("roles", "*", "branch"), ("worktrees", "review_branch_naming")), _review_branches),
    ((("task_kinds", "allowed"), ("task_kinds", "default")), _task_kinds),
    ((("task_priorities",),), _task_priorities),
    ((("providers", "*", "name"),), _providers),
    ((("workstream_profiles",), ("task_kinds", "allowed")), _profiles),
    ((("packet_templates",), ("workstream_profiles", "*", "name")), _packet_templates),
    ((("output_kinds",), ("task_kinds", "allowed")), _output_kinds),
    ((("ci", "failure_rules"),), _failure_rules),
    ((("checks",),), _gate_checks),
    ((("release",),), _version_files),
    ((("trackers",), ("roles", "*", "name")), tracker_findings),
    ((("review_domains",), ("roles", "*", "name")), review_domains),
    ((("risk_levels",), ("review_domains",), ("review_shapes",)), risk_levels),
    ((("workstream_profiles",), ("review_domains",)), profile_domains),
)
