"""How heavy a review is: the six exits of the gpuaas table, sensitive paths, and waivers."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.reviews.routes.review_shape import covers, is_lighter, reason_text, shape_of, task_facts
from fairway_scripts.settings.config_file import read_config
from fairway_scripts.settings.config_text import config_text
from fairway_scripts.settings.review_needs import FULL_MATRIX, LIGHT, PAIRED, SHAPES, shape_lanes

B, C, D, E = "B-ui", "C-ops", "D-arch", "E-governance"

LIVE = "live or prod mutation"
RELEASE = "deploy or release approval"
BREAK_GLASS = "break-glass or credential action"
EXPOSURE = "public exposure"
ENFORCEMENT = "sensitive-operation enforcement"
CLAIMS = "external compliance or customer claims"

#: exit -> one example of each way in which it is recognised, the paths several
EXITS: dict[str, dict[str, Any]] = {
    LIVE: {
        "kind": "live-change",
        "risk_level": "prod",
        "tag": "prod-mutation",
        "gate": "prod-mutation",
        "paths": [
            "infra/prod/main.tf",
            "prod/x",
            "deploy/values-prod.yaml",
            "config/app.production.toml",
            "web/.env.prod",
        ],
    },
    RELEASE: {
        "kind": "release-evidence",
        "risk_level": "release",
        "tag": "deploy-approval",
        "gate": "release-approval",
        "paths": [".github/workflows/deploy-demo.yml", "scripts/release.sh", "scripts/ops/deploy_platform.sh"],
    },
    BREAK_GLASS: {
        "kind": "break-glass",
        "risk_level": "credential",
        "tag": "credential-rotation",
        "gate": "break-glass",
        "paths": ["doc/runbooks/break_glass.md", "packages/services/auth/credential_store.go", "ops/secrets/a.enc"],
    },
    EXPOSURE: {
        "kind": "public-exposure",
        "risk_level": "public",
        "tag": "ingress",
        "gate": "exposure-approval",
        "paths": ["deploy/ingress.yaml", "infra/dns/zone.tf", "infra/firewall/rules.tf"],
    },
    ENFORCEMENT: {
        "kind": "enforcement",
        "risk_level": "sensitive-operation",
        "tag": "sensitive-operation",
        "gate": "sensitive-operation-enforcement",
        "paths": ["packages/shared/authz/policy.go", "cmd/security-scan", "scripts/security.sh"],
    },
    CLAIMS: {
        "kind": "compliance",
        "risk_level": "customer-claim",
        "tag": "external-claim",
        "gate": "customer-claims",
        "paths": ["doc/compliance/soc2.md", "docs/customer/sla.md", "doc/legal/terms.md"],
    },
}
WAYS = [
    (name, by, value)
    for name, ways in EXITS.items()
    for by in ("kind", "risk_level", "tag", "gate", "path")
    for value in (ways["paths"] if by == "path" else [ways[by]])
]


@pytest.fixture(scope="module")
def gpuaas(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    path = tmp_path_factory.mktemp("config") / "config.toml"
    path.write_text(config_text("gpuaas"))
    settings, faults = read_config(str(path))
    assert faults == []
    return settings


def facts(role: str = "A-backend", **given: Any) -> dict[str, Any]:
    return {"role": role, "kind": "task", "risk_level": "", "tags": [], "gates": [], **given}


def facts_with(by: str, value: str) -> tuple[dict[str, Any], list[str]]:
    """A task and paths with one thing to recognise it by."""
    if by == "path":
        return facts(), [value]
    name, entry = {"tag": ("tags", [value]), "gate": ("gates", [value])}.get(by, (by, value))
    return facts(**{str(name): entry}), ["packages/web/src/App.tsx"]


# --- the six exits ---------------------------------------------------------------------------------------


def test_the_gpuaas_table_has_the_six_exits_and_each_has_every_way_of_being_recognised(gpuaas: dict[str, Any]) -> None:
    assert [entry["name"] for entry in gpuaas["review_shapes"]] == list(EXITS)
    for entry in gpuaas["review_shapes"]:
        assert entry["shape"] == FULL_MATRIX
        for way in ("task_kinds", "risk_levels", "tags", "gates", "match"):
            assert entry[way], (entry["name"], way)


@pytest.mark.parametrize(("name", "by", "value"), WAYS, ids=str)
def test_every_exit_forces_the_full_matrix_however_it_is_recognised(
    gpuaas: dict[str, Any], name: str, by: str, value: str
) -> None:
    task, paths = facts_with(by, value)
    found = shape_of(task, paths, gpuaas)
    assert (found["needed"], found["shape"]) == (FULL_MATRIX, FULL_MATRIX)
    assert {"rule": name, "shape": FULL_MATRIX, "by": by, "matched": [value]} in found["reasons"]
    assert found["reviewers"] == [B, C, D, E]


@pytest.mark.parametrize("key", ["task_kinds", "risk_levels", "tags", "gates"])
def test_every_word_of_the_table_is_recognised(gpuaas: dict[str, Any], key: str) -> None:
    by = {"task_kinds": "kind", "risk_levels": "risk_level", "tags": "tag", "gates": "gate"}[key]
    for entry in gpuaas["review_shapes"]:
        for word in entry[key]:
            task, _paths = facts_with(by, word)
            assert shape_of(task, [], gpuaas)["needed"] == FULL_MATRIX, word


@pytest.mark.parametrize("written", ["Break Glass", "break_glass", "BREAK-GLASS", " break--glass "])
def test_spelling_is_no_way_out(gpuaas: dict[str, Any], written: str) -> None:
    assert shape_of(facts(tags=[written]), [], gpuaas)["needed"] == FULL_MATRIX


@pytest.mark.parametrize("role", [B, C, D, E])
def test_the_full_matrix_never_asks_the_lane_of_the_task(gpuaas: dict[str, Any], role: str) -> None:
    assert shape_of(facts(role, tags=["prod"]), [], gpuaas)["reviewers"] == [
        lane for lane in (B, C, D, E) if lane != role
    ]


# --- paired and light ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("paths", "reviewers"),
    [
        (["doc/design/flows.md"], [D]),
        (["docs/design/a.md", "README.md"], [D]),
        (["README.md"], []),
        (["packages/web/src/App.tsx"], [B]),
        (["cmd/api/routes.go"], [E]),
        (["cmd/api/routes.go", "packages/web/a.ts"], [B, E]),
        ([".github/workflows/ci.yml"], [C]),
        ([], []),
    ],
)
def test_what_nothing_asks_more_for_stays_light(gpuaas: dict[str, Any], paths: list[str], reviewers: list[str]) -> None:
    found = shape_of(facts(), paths, gpuaas)
    assert (found["shape"], found["reviewers"]) == (LIGHT, reviewers)
    assert [reason_text(reason) for reason in found["reasons"]] == ["nothing asks for more than the review routes"]


@pytest.mark.parametrize(
    "path",
    [
        "doc/api/openapi.draft.yaml",
        "doc/api/asyncapi.draft.yaml",
        "doc/architecture/Runtime.md",
        "doc/governance/Queue.md",
        "scripts/ci/validate.sh",
    ],
)
def test_sensitive_paths_stay_paired(gpuaas: dict[str, Any], path: str) -> None:
    found = shape_of(facts(), [path], gpuaas)
    assert (found["shape"], found["reviewers"]) == (PAIRED, [D, E])
    assert reason_text(found["reasons"][0]) == f"sensitive paths ask for paired: path {path}"


def test_d_and_e_review_each_other_on_sensitive_paths(gpuaas: dict[str, Any]) -> None:
    assert shape_of(facts(D), ["doc/architecture/a.md"], gpuaas)["reviewers"] == [E]
    assert shape_of(facts(E), ["doc/governance/a.md"], gpuaas)["reviewers"] == [D]


def test_the_heaviest_shape_wins_and_every_reason_is_kept_the_heaviest_first(gpuaas: dict[str, Any]) -> None:
    found = shape_of(facts(tags=["prod"], risk_level="release"), ["doc/architecture/a.md", "infra/dns/z"], gpuaas)
    assert found["shape"] == FULL_MATRIX
    assert [(reason["rule"], reason["by"]) for reason in found["reasons"]] == [
        (LIVE, "tag"),
        (RELEASE, "risk_level"),
        (EXPOSURE, "path"),
        ("sensitive_paths", "path"),
    ]


def test_a_heavier_shape_keeps_the_routed_reviewers_and_says_what_it_adds(gpuaas: dict[str, Any]) -> None:
    requirements = shape_of(facts(), ["packages/shared/authz/a.go"], gpuaas)["requirements"]
    assert [(item["lane"], item["layer"]) for item in requirements] == [
        (E, "owner"),
        *((lane, "shape") for lane in (B, C, D, E)),
    ]
    assert requirements[1]["rule"] == f"full-matrix: {ENFORCEMENT}"
    assert requirements[1]["paths"] == ["packages/shared/authz/a.go"]


def test_without_a_table_the_routing_rules_alone_decide() -> None:
    settings = copy.deepcopy(DEFAULTS)
    settings["sensitive_paths"] = [{"match": ["s/**"], "reviewers": ["x", "y"]}]
    settings["review_routes"] = [{"match": "o/**", "reviewer": "z"}]
    assert shape_of(facts(tags=["prod"]), ["o/a"], settings)["shape"] == LIGHT
    found = shape_of(facts(), ["o/a", "s/a"], settings)
    assert (found["shape"], found["reviewers"]) == (PAIRED, ["x", "y", "z"])
    assert [item["layer"] for item in found["requirements"]] == ["sensitive", "sensitive", "owner"]


def test_a_table_may_ask_for_a_paired_review_of_its_own() -> None:
    settings = table({"shape": PAIRED, "tags": ["schema"]})
    assert shape_of(facts(tags=["schema"]), [], settings)["reviewers"] == ["x", "y"]
    settings["review"]["paired"] = ["z"]
    assert shape_of(facts(tags=["schema"]), [], settings)["reviewers"] == ["z"]


def test_the_lists_of_lanes_default_to_those_that_the_routing_tables_name() -> None:
    settings = table()
    assert [shape_lanes(shape, settings) for shape in SHAPES] == [[], ["x", "y"], ["x", "y", "z"]]
    settings["review"]["full_matrix"] = ["w"]
    # a heavier shape never asks fewer lanes
    assert shape_lanes(FULL_MATRIX, settings) == ["x", "y", "w"]


def table(*shapes: dict[str, Any]) -> dict[str, Any]:
    """Settings with a small table: each entry names only what it is recognised by."""
    settings = copy.deepcopy(DEFAULTS)
    settings["sensitive_paths"] = [{"match": ["s/**"], "reviewers": ["x", "y"]}]
    settings["review_routes"] = [{"match": "o/**", "reviewer": "z"}]
    empty: dict[str, Any] = {"task_kinds": [], "risk_levels": [], "tags": [], "gates": [], "match": []}
    settings["review_shapes"] = [{"name": f"entry {at}", **empty, **entry} for at, entry in enumerate(shapes)]
    return settings


# --- the gates of a task ---------------------------------------------------------------------------------


def definition(**given: Any) -> dict[str, Any]:
    return {"kind": "task", "profile": "", "risk_level": None, "tags": [], "extra": {}, **given}


def test_the_gates_of_a_task_are_its_own_and_those_of_its_profile() -> None:
    settings = copy.deepcopy(DEFAULTS)
    every = {"name": "every", "task_kinds": []}
    narrow = {"name": "narrow", "task_kinds": ["guard"]}
    settings["workstream_profiles"] = [
        {"name": "p", "task_kinds": ["guard", "map"], "gates": [every, narrow]},
        {"name": "q", "task_kinds": [], "gates": [{"name": "other", "task_kinds": []}]},
    ]

    def gates(**given: Any) -> list[str]:
        found: list[str] = task_facts("A", definition(**given), settings)["gates"]
        return found

    assert gates(kind="guard") == ["every", "narrow", "other"]
    assert gates(kind="map") == ["every", "other"]
    assert gates(kind="bug") == ["other"]
    assert gates(kind="bug", profile="p") == ["every"]
    assert gates(kind="bug", profile="q", extra={"gates": ["own"]}) == ["own", "other"]
    assert gates(kind="bug", profile="q", extra={"gates": "own"}) == ["own", "other"]
    assert gates(kind="bug", profile="q", extra={"gates": {"not": "a list"}}) == ["other"]


# --- waivers ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("granted", "paths", "reviewers"),
    [
        (LIGHT, ["packages/shared/authz/a.go"], [E]),
        (PAIRED, ["packages/shared/authz/a.go"], [D, E]),
        (PAIRED, ["infra/dns/z", "packages/web/a"], [B, D, E]),
        (LIGHT, ["infra/dns/z", "packages/web/a"], [B]),
        # a waiver to light lets the reviewers of sensitive paths go, the owner of the path stays
        (LIGHT, ["doc/architecture/a.md"], [D]),
    ],
)
def test_a_waiver_asks_the_lanes_of_the_lighter_shape(
    gpuaas: dict[str, Any], granted: str, paths: list[str], reviewers: list[str]
) -> None:
    found = shape_of(facts(), paths, gpuaas, granted)
    assert (found["shape"], found["reviewers"]) == (granted, reviewers)
    assert is_lighter(granted, found["needed"])


def test_a_waiver_never_leaves_nobody_where_somebody_was_asked(gpuaas: dict[str, Any]) -> None:
    # the only route of this path leads to the task's own lane
    found = shape_of(facts(D), ["doc/architecture/a.md"], gpuaas, LIGHT)
    assert (found["shape"], found["reviewers"]) == (LIGHT, [E])
    # and here no route names anybody
    assert shape_of(facts(), ["infra/dns/z"], gpuaas, LIGHT)["reviewers"] == [B]


@pytest.mark.parametrize("granted", SHAPES)
def test_a_waiver_never_makes_a_review_heavier(gpuaas: dict[str, Any], granted: str) -> None:
    assert shape_of(facts(), ["README.md"], gpuaas, granted)["shape"] == LIGHT


def reason(rule: str, shape: str) -> dict[str, Any]:
    return {"rule": rule, "shape": shape, "by": "tag", "matched": ["x"]}


@pytest.mark.parametrize(
    ("reasons", "same_change", "why"),
    [
        ([reason("a", PAIRED)], True, ""),
        ([], True, ""),
        ([reason("review_routes", LIGHT)], True, ""),
        ([reason("a", PAIRED)], False, "it was given for another change"),
        ([reason("a", FULL_MATRIX)], True, "a asks for full-matrix now"),
        ([reason("a", PAIRED), reason("b", PAIRED)], True, "b was no reason then"),
        ([reason("a", PAIRED), reason("b", LIGHT)], True, ""),
    ],
)
def test_a_waiver_covers_the_change_and_the_reasons_that_it_was_given_for(
    reasons: list[dict[str, Any]], same_change: bool, why: str
) -> None:
    waiver = {"needed": PAIRED, "granted": LIGHT, "rules": ["a"]}
    assert covers(waiver, reasons, same_change=same_change) == why


# --- properties ------------------------------------------------------------------------------------------

WORDS = st.sampled_from(["prod", "Deploy", "break_glass", "ingress", "compliance", "ui", "", "backend"])
PATHS = st.sampled_from(
    [
        *("README.md", "cmd/api/a.go", "packages/web/a.ts", "doc/architecture/a.md", "scripts/ci/x", "infra/dns/z"),
        *("scripts/release.sh", "doc/legal/t.md", "packages/shared/authz/p.go", "doc/design/x.md", "infra/prod/m.tf"),
    ]
)
TASKS = st.fixed_dictionaries(
    {
        "role": st.sampled_from(["A-backend", B, C, D, E]),
        "kind": st.sampled_from(["task", "deploy", "guard"]),
        "risk_level": WORDS,
        "tags": st.lists(WORDS, max_size=3),
        "gates": st.lists(WORDS, max_size=2),
    }
)


@given(
    task=TASKS, paths=st.lists(PATHS, max_size=4), more=st.lists(PATHS, max_size=3), tags=st.lists(WORDS, max_size=3)
)
def test_more_paths_and_tags_never_make_a_review_lighter_or_ask_fewer_lanes(
    gpuaas: dict[str, Any], task: dict[str, Any], paths: list[str], more: list[str], tags: list[str]
) -> None:
    before = shape_of(task, paths, gpuaas)
    after = shape_of({**task, "tags": [*task["tags"], *tags]}, [*paths, *more], gpuaas)
    assert not is_lighter(after["shape"], before["shape"])
    assert set(before["reviewers"]) <= set(after["reviewers"])
    assert task["role"] not in after["reviewers"]


@given(task=TASKS, paths=st.lists(PATHS, max_size=4), granted=st.sampled_from(SHAPES))
def test_a_waiver_only_takes_away_and_never_everybody(
    gpuaas: dict[str, Any], task: dict[str, Any], paths: list[str], granted: str
) -> None:
    full, waived = shape_of(task, paths, gpuaas), shape_of(task, paths, gpuaas, granted)
    assert set(waived["reviewers"]) <= set(full["reviewers"])
    assert bool(waived["reviewers"]) == bool(full["reviewers"])
    assert waived["reasons"] == full["reasons"]


@given(task=TASKS, paths=st.permutations(["README.md", "infra/dns/z", "doc/architecture/a.md", "cmd/api/a.go"]))
def test_the_order_of_the_paths_does_not_matter(gpuaas: dict[str, Any], task: dict[str, Any], paths: list[str]) -> None:
    assert shape_of(task, paths, gpuaas) == shape_of(task, sorted(paths), gpuaas)
