"""What settings answer: lanes, branches, leases, worktrees, states; and what is assumed without a config file."""

from __future__ import annotations

import copy
import json
import subprocess
import sys

import pytest

from fairway_scripts.base import settings as project
from fairway_scripts.settings.config_schema import SECTIONS

LANES = ["A-backend", "B-ui"]


@pytest.fixture
def settings():
    return project.default_settings(LANES)


def with_lane(settings, name, **values):
    changed = copy.deepcopy(settings)
    project.lane(changed, name).update(values)
    return changed


def test_without_a_config_file_the_lanes_are_the_given_ones_on_agent_branches(settings):
    assert project.lanes(settings) == LANES
    assert [project.lane_branch(settings, name) for name in LANES] == ["agent/A-backend", "agent/B-ui"]


def test_without_a_config_file_worktrees_lie_beside_the_main_checkout(settings):
    assert project.worktree_path(settings, "B-ui", "/src/shop") == "/src/shop-B-ui"


def test_the_caller_says_which_naming_and_branch_it_saw():
    seen = project.default_settings(["B-ui"], naming="gpuas-{role}", main_branch="master")
    assert project.worktree_path(seen, "B-ui", "/src/gpuaas") == "/src/gpuas-B-ui"
    assert seen["fairway"]["main_branch"] == "master"


def test_without_a_config_file_gpuaas_task_ids_are_accepted(settings):
    assert settings["fairway"]["task_id_pattern"] == "^[A-Z][A-Z0-9-]*$"


def test_assumed_settings_share_nothing_with_the_defaults():
    before = copy.deepcopy(project.DEFAULTS)
    changed = project.default_settings(LANES)
    changed["states"]["allowed"].append("parked")
    changed["gates"]["require_blocked_reason"] = False
    assert before == project.DEFAULTS


def test_settings_are_plain_json(settings):
    assert json.loads(json.dumps(settings)) == settings


def test_a_lane_that_is_not_configured_is_none_and_has_the_conventional_branch(settings):
    assert project.lane(settings, "Z-none") is None
    assert project.lane_branch(settings, "Z-none") == "agent/Z-none"
    assert project.lane_provider(settings, "Z-none") == ""


def test_a_configured_branch_and_provider_are_used(settings):
    changed = with_lane(settings, "B-ui", branch="ui/work", provider="claude")
    assert project.lane_branch(changed, "B-ui") == "ui/work"
    assert project.lane_provider(changed, "B-ui") == "claude"


@pytest.mark.parametrize(("lease", "seconds"), [("", 12 * 3600), ("2h", 7200), ("1h30m", 5400), ("1d", 86400)])
def test_the_lease_is_the_lanes_own_or_that_of_all_claims(settings, lease, seconds):
    assert project.lease_seconds(with_lane(settings, "B-ui", lease=lease), "B-ui") == seconds


def test_an_unknown_lane_has_the_lease_of_all_claims(settings):
    settings["claims"]["lease"] = "45m"
    assert project.lease_seconds(settings, "Z-none") == 2700


@pytest.mark.parametrize(
    ("root", "naming", "override", "expected"),
    [
        ("..", "gpuas-{role}", "", "/src/gpuas-B-ui"),
        ("../worktrees", "{repo}-{role}", "", "/src/worktrees/shop-B-ui"),
        ("/lanes", "{role}", "", "/lanes/B-ui"),
        ("..", "gpuas-{role}", "/elsewhere", "/elsewhere/gpuas-B-ui"),
        ("..", "gpuas-{role}", "../../far", "/far/gpuas-B-ui"),
    ],
)
def test_a_worktree_is_root_and_naming_and_an_override_replaces_the_root(settings, root, naming, override, expected):
    settings["worktrees"].update(root=root, naming=naming)
    assert project.worktree_path(settings, "B-ui", "/src/shop", override) == expected


@pytest.mark.parametrize(("own", "expected"), [("../ui", "/src/ui"), ("/lanes/ui", "/lanes/ui")])
def test_a_lane_with_a_worktree_of_its_own_stays_there_whatever_the_root(settings, own, expected):
    changed = with_lane(settings, "B-ui", worktree=own)
    assert project.worktree_path(changed, "B-ui", "/src/shop", "/elsewhere") == expected


def test_a_trailing_slash_of_the_main_checkout_does_not_lose_its_name(settings):
    assert project.worktree_path(settings, "B-ui", "/src/shop/") == "/src/shop-B-ui"


def test_a_lane_is_reviewed_on_its_review_branch(settings):
    assert project.review_branch(settings, "B-ui") == "review/B-ui"


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("yaml:doc/queue.yaml", ("yaml", "doc/queue.yaml")),
        ("json:doc/queue.txt", ("json", "doc/queue.txt")),
        ("doc/queue.json", ("json", "doc/queue.json")),
        ("doc/queue.yml", ("yaml", "doc/queue.yml")),
        ("inline", ("inline", "")),
        ("c:/queue", ("yaml", "c:/queue")),
    ],
)
def test_the_queue_file_has_a_form_and_a_path(settings, written, expected):
    settings["fairway"]["queue_source"] = written
    assert project.queue_source(settings) == expected


def test_tasks_start_in_the_first_allowed_state_and_end_in_any_terminal_one(settings):
    settings["states"].update(allowed=["new", "in_progress", "shipped", "dropped"], terminal=["shipped", "dropped"])
    assert project.initial_status(settings) == "new"
    assert [project.is_terminal(settings, status) for status in ("shipped", "dropped", "done", "new")] == [
        True,
        True,
        False,
        False,
    ]


def test_every_default_is_described_in_the_schema_and_the_other_way_round():
    described = {s.path: None if s.repeated else {k.name for k in s.keys} for s in SECTIONS if "." not in s.path}
    assert described == {
        name: None if isinstance(value, list) else set(value) for name, value in project.DEFAULTS.items()
    }


def test_asking_settings_loads_no_slow_module():
    slow = ["dataclasses", "pathlib", "typing", "tomllib", "subprocess", "logging", "hashlib", "copy", "difflib"]
    program = f"import sys, fairway_scripts.base.settings; print([name for name in {slow} if name in sys.modules])"
    answer = subprocess.run([sys.executable, "-S", "-c", program], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"
