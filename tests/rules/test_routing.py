"""Which lanes must review a change, by the GPUaaS routes and by small ones of our own."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base import settings as project
from fairway_scripts.reviews.routes import routing
from fairway_scripts.settings.config_file import read_config
from fairway_scripts.settings.config_text import config_text

C, D, E, B = "C-ops", "D-arch", "E-governance", "B-ui"

OWNERS = [
    (".github/workflows/ci.yml", C),
    ("scripts/ci/contracts_validate.sh", E),
    ("scripts/ops/agent_queue.sh", C),
    ("doc/api/openapi.draft.yaml", D),
    ("doc/architecture/platform-foundation/ownership.md", D),
    ("doc/architecture/Runtime.md", D),
    ("doc/governance/Agent_Queue.md", E),
    ("docs/architecture/overview.md", D),
    ("docs/design/state-machine.md", D),
    ("doc/design/flows.md", D),
    ("docs/governance/rules.md", E),
    ("packages/web/src/App.tsx", B),
    ("app/main.dart", B),
    ("cmd/api/routes.go", E),
    ("cmd/terminal-gateway/main.go", E),
    ("cmd/node-agent/main.go", E),
    ("cmd/billing-worker/main.go", E),
    ("cmd/provisioning-worker/main.go", E),
    ("packages/services/auth/service.go", E),
    ("packages/services/billing/service.go", E),
    ("packages/services/payments/service.go", E),
    ("packages/services/provisioning/worker/service.go", E),
    ("packages/services/terminal/proxy.go", E),
    ("packages/services/appruntime/run.go", E),
    ("packages/shared/authz/policy.go", E),
    ("cmd/security-scan", E),
    ("cmd/release.go", E),
    ("cmd/my-runtime", E),
    ("packages/security.md", E),
    ("packages/release-notes", E),
    ("packages/runtime", E),
    ("scripts/security.sh", E),
    ("scripts/release.sh", E),
    ("scripts/check-runtime.sh", E),
    # the wildcards look directly under cmd, packages and scripts only
    ("cmd/security-x/main.go", ""),
    ("packages/runtime/x.go", ""),
    ("packages/services/catalog/service.go", ""),
    ("README.md", ""),
]

SENSITIVE = [
    ("doc/api/openapi.draft.yaml", True),
    ("doc/api/asyncapi.draft.yaml", True),
    ("doc/api/notes.md", False),
    ("doc/architecture/Runtime.md", True),
    ("doc/architecture/platform-foundation/ownership.md", True),
    ("doc/governance/Agent_Work_Queue.yaml", True),
    ("scripts/ci/contracts_validate.sh", True),
    ("scripts/ops/agent_queue.sh", False),
    ("docs/architecture/overview.md", False),
    ("cmd/api/routes.go", False),
]


@pytest.fixture(scope="session")
def gpuaas(tmp_path_factory):
    path = tmp_path_factory.mktemp("gpuaas") / "config.toml"
    path.write_text(config_text("gpuaas"))
    settings, faults = read_config(str(path))
    assert faults == []
    return settings


def required(settings, paths, task_lane):
    return routing.route(
        paths,
        routes=settings["review_routes"],
        sensitive=settings["sensitive_paths"],
        task_lane=task_lane,
        lanes=project.lanes(settings),
    )


def lanes_of(settings, paths, task_lane):
    return routing.required_lanes(required(settings, paths, task_lane))


@pytest.mark.parametrize(("path", "lane"), OWNERS)
def test_gpuaas_owner_of_a_path(gpuaas, path, lane):
    found = routing.explain_route(path, routes=gpuaas["review_routes"], sensitive=gpuaas["sensitive_paths"])
    assert found["lane"] == lane
    assert bool(found["rule"]) == bool(lane)


@pytest.mark.parametrize(("path", "sensitive"), SENSITIVE)
def test_gpuaas_sensitive_paths_need_both_architecture_and_governance(gpuaas, path, sensitive):
    found = routing.explain_route(path, routes=gpuaas["review_routes"], sensitive=gpuaas["sensitive_paths"])
    assert found["sensitive_lanes"] == ([D, E] if sensitive else [])


@pytest.mark.parametrize(
    ("path", "task_lane", "lanes"),
    [
        ("doc/api/openapi.draft.yaml", "A-backend", [D, E]),
        # architecture and governance review each other
        ("doc/api/openapi.draft.yaml", D, [E]),
        ("doc/governance/Agent_Queue.md", E, [D]),
        # an owner's own path falls through, here to nobody
        ("packages/web/src/App.tsx", B, []),
        ("packages/web/src/App.tsx", "A-backend", [B]),
        ("cmd/api/routes.go", E, []),
        ("README.md", "A-backend", []),
    ],
)
def test_gpuaas_reviewers_of_a_tasks_change(gpuaas, path, task_lane, lanes):
    assert lanes_of(gpuaas, [path], task_lane) == lanes


def test_all_changed_paths_count_not_only_the_first(gpuaas):
    paths = ["README.md", "app/main.dart", "scripts/ops/x.sh", "doc/governance/Rules.md"]
    assert lanes_of(gpuaas, paths, "A-backend") == [B, C, D, E]
    assert lanes_of(gpuaas, paths[::-1], "A-backend") == [B, C, D, E]


def test_a_lane_keeps_every_rule_with_the_paths_that_caused_it(gpuaas):
    paths = ["doc/governance/b.md", "doc/governance/a.md", "cmd/api/x.go"]
    found = [entry for entry in required(gpuaas, paths, "A-backend") if entry["lane"] == E]
    both = ["doc/governance/a.md", "doc/governance/b.md"]
    assert found == [
        {"lane": E, "rule": "doc/governance/**", "layer": "sensitive", "paths": both},
        {"lane": E, "rule": "doc/governance/**", "layer": "owner", "paths": both},
        {"lane": E, "rule": "cmd/api/**", "layer": "owner", "paths": ["cmd/api/x.go"]},
    ]


def test_a_path_that_only_the_own_lane_owns_is_reported_and_needs_no_review(gpuaas):
    found = required(gpuaas, ["packages/web/a.ts"], B)
    assert found == [{"lane": "", "rule": "packages/web/**", "layer": "self_owned", "paths": ["packages/web/a.ts"]}]


def test_a_route_to_the_own_lane_falls_through_to_the_next_that_matches():
    routes = [
        {"match": "web/**", "reviewer": "ui"},
        {"match": "web/*.css", "reviewer": "ui"},
        {"match": "**", "reviewer": "arch"},
    ]
    found = routing.route(["web/a.css"], routes=routes, sensitive=[], task_lane="ui")
    assert found == [{"lane": "arch", "rule": "**", "layer": "owner", "paths": ["web/a.css"]}]


def test_a_sensitive_rule_that_names_only_the_own_lane_is_self_owned():
    rules = [{"match": ["doc/**"], "reviewers": ["arch"]}]
    found = routing.route(["doc/a"], routes=[], sensitive=rules, task_lane="arch")
    assert found == [{"lane": "", "rule": "doc/**", "layer": "self_owned", "paths": ["doc/a"]}]
    assert routing.required_lanes(found) == []


def test_every_sensitive_rule_that_matches_adds_its_reviewers():
    rules = [{"match": ["doc/**"], "reviewers": ["a", "b"]}, {"match": ["**/*.sql"], "reviewers": ["c"]}]
    found = routing.route(["doc/x.sql"], routes=[], sensitive=rules, task_lane="t")
    assert routing.required_lanes(found) == ["a", "b", "c"]
    later = routing.route(["x.sql"], routes=[], sensitive=rules, task_lane="t")
    assert routing.required_lanes(later) == ["c"]


def test_lanes_come_in_the_order_of_the_config_and_rules_in_theirs():
    routes = [{"match": "x/**", "reviewer": "late"}, {"match": "y/**", "reviewer": "early"}]
    routes += [{"match": "z/**", "reviewer": "late"}]
    found = routing.route(["z/1", "y/1", "x/1"], routes=routes, sensitive=[], task_lane="", lanes=["early", "late"])
    assert [(entry["lane"], entry["rule"]) for entry in found] == [
        ("early", "y/**"),
        ("late", "x/**"),
        ("late", "z/**"),
    ]


def test_lanes_that_the_config_does_not_name_follow_in_the_order_of_the_rules():
    routes = [{"match": "x", "reviewer": "first"}, {"match": "y", "reviewer": "second"}]
    found = routing.route(["y", "x"], routes=routes, sensitive=[], task_lane="")
    assert routing.required_lanes(found) == ["first", "second"]


def test_no_changed_path_needs_no_review(gpuaas):
    assert required(gpuaas, [], "A-backend") == []


def test_paths_that_no_rule_names_can_be_told(gpuaas):
    paths = ["README.md", "app/x", "LICENSE"]
    assert routing.unmatched_paths(paths, required(gpuaas, paths, "A-backend")) == ["LICENSE", "README.md"]


@given(
    st.lists(st.sampled_from([path for path, _lane in OWNERS]), max_size=8),
    st.sampled_from(["A-backend", B, C, D, E]),
    st.randoms(use_true_random=False),
)
def test_no_lane_reviews_itself_and_the_order_of_paths_does_not_matter(gpuaas, paths, task_lane, random):
    found = required(gpuaas, paths, task_lane)
    shuffled = random.sample(paths, len(paths)) + paths[:2]
    assert task_lane not in routing.required_lanes(found)
    assert required(gpuaas, shuffled, task_lane) == found
