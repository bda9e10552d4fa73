"""gate-select: what a change has to pass, each with the rule that asks for it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.plain_ids import plain_ids
from tests.support.repositories import write_file
from tests.support.shell import GPUAAS_CONFIG, HOME, Checkout, make_checkout, queue_text, run_tool, task

GOLDENS = os.path.join(HOME, "tests", "goldens", "utilities", "gate-select")
PACKS = os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml")
CATALOG = "doc/governance/Workflow_Regression_Packs.yaml"
AUTH = "packages/services/auth/service.go"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Three tasks, a catalogue of packs, and a change on the branch of B-ui that touches contracts and the web."""
    folder = tmp_path_factory.mktemp("project")
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read()
    routes = f'[[regression_packs.paths]]\nmatch = "{AUTH}"\npacks = ["auth-session"]\n'
    write_file(str(folder), "config.toml", f"{text}\n{routes}")
    tasks = [
        task("B-1", profile="platform-foundation", acceptance_checks=["pnpm test", "make contracts"]),
        task("A-GUARD-1", "A-backend", kind="guard", tags=["pack:terminal"]),
        task("B-2", risk_level="prod"),
    ]
    made = make_checkout(folder, queue_text(*tasks), lanes=["B-ui"], config=str(folder / "config.toml"))
    with open(PACKS, encoding="utf-8") as file:
        write_file(made.main, CATALOG, file.read())
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--force", "--reason", "trial")
    made.commit("B-ui", "doc/api/openapi.draft.yaml", message="B-1: contract")
    made.commit("B-ui", "packages/web/src/App.tsx", message="B-1: page")
    return made


def select(project: Checkout, *words: str) -> Any:
    return project.ok("gate-select", "--json", *words).json


def names(found: Any, kind: str, part: str = "selected") -> list[str]:
    return [entry["name"] for entry in found[part] if entry["kind"] == kind]


@pytest.mark.parametrize("form", ["md", "json"])
def test_a_selection_is_the_same_to_the_byte(project: Checkout, form: str, request: pytest.FixtureRequest) -> None:
    words = ["--task-id", "B-1", "--ref", "agent/B-ui", *(["--pretty"] if form == "json" else [])]
    here = project.ok("gate-select", *words)
    env = {"TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "5", "FAIRWAY_NOW": "2027-01-01"}
    there = project.ok("gate-select", *words, env=env, cwd=project.lanes["B-ui"])
    if request.config.getoption("--update-golden"):
        write_file(GOLDENS, f"selection.{form}", plain_ids(here.out))
    with open(os.path.join(GOLDENS, f"selection.{form}"), encoding="utf-8") as file:
        assert plain_ids(here.out) == file.read()
    assert there.out == here.out


def test_a_contract_asks_for_its_check_and_for_both_sensitive_lanes(project: Checkout) -> None:
    found = select(project, "--paths", "doc/api/asyncapi.draft.yaml")
    assert names(found, "check") == ["contracts"]
    assert names(found, "reviewer") == ["D-arch", "E-governance"]
    assert (found["shape"], found["selected"][-1]["matched"]) == ("paired", ["doc/api/asyncapi.draft.yaml"])
    assert "bash scripts/ci/contracts_validate.sh" in [entry["command"] for entry in found["commands"]]


def test_a_path_without_contracts_says_why_the_check_is_not_needed(project: Checkout) -> None:
    found = select(project, "--paths", "packages/web/src/App.tsx")
    why = {entry["name"]: entry["why"] for entry in found["not_needed"]}
    assert why["contracts"] == "no changed path matches doc/api/**"
    assert why["require_review_before_done"] == "gates.require_review_before_done is false"
    assert why["A-backend"] == "no rule names it for a light review of this"
    assert "no task is named" in why["platform-foundation/release-risk"]


def test_everything_that_was_considered_is_in_one_of_the_two_lists(project: Checkout) -> None:
    for words in (["--paths", "x"], ["--task-id", "B-1"], ["--ref", "agent/B-ui", "--task-id", "A-GUARD-1"]):
        found = select(project, *words)
        for kind, count in (("gate", 7), ("pack", 2), ("reviewer", 5)):
            assert len(names(found, kind)) + len(names(found, kind, "not_needed")) == count, (words, kind)


def test_a_task_adds_its_own_checks_and_the_gates_of_its_profile(project: Checkout) -> None:
    found = select(project, "--task-id", "B-1")
    assert names(found, "check") == ["pnpm test", "make contracts", "contracts"]
    assert found["ref"] == "agent/B-ui"
    gates = {entry["name"]: entry for entry in found["selected"] if entry["kind"] == "gate"}
    assert gates["platform-foundation/release-risk"]["rule"] == "profile of the task, advisory"
    assert "B-ui" in names(found, "reviewer", "not_needed")


def test_a_task_by_itself_is_looked_at_when_it_has_no_commit_yet(project: Checkout) -> None:
    answer = project.ok("gate-select", "A-GUARD-1", "--json")
    assert "neither a commit nor a branch" in answer.err
    found = answer.json
    assert (found["changed_paths"], names(found, "pack")) == ([], ["terminal"])
    assert {"kind of the task, advisory"} == {e["rule"] for e in found["selected"] if e["name"].startswith("platform")}


def test_a_risky_task_asks_every_review_domain(project: Checkout) -> None:
    found = select(project, "--task-id", "B-2", "--paths", "packages/web/src/App.tsx")
    assert (found["shape"], found["shape_reasons"][0]["rule"]) == ("full-matrix", "live or prod mutation")
    assert names(found, "reviewer") == ["C-ops", "D-arch", "E-governance"]


def test_packs_are_called_for_by_paths_and_the_others_say_why_not(project: Checkout) -> None:
    found = select(project, "--paths", AUTH)
    pack = next(entry for entry in found["selected"] if entry["kind"] == "pack")
    assert (pack["name"], pack["matched"]) == ("auth-session", [AUTH])
    assert pack["rule"].startswith("changed paths")
    assert names(found, "pack", "not_needed") == ["terminal"]


def test_the_mode_of_a_graduated_gate_is_the_one_of_now(tmp_path: Path) -> None:
    made = make_checkout(tmp_path, queue_text(task("A-GUARD-1", "A-backend", kind="guard")), lanes=[])
    words = ("--profile", "platform-foundation", "--gate", "boundary-guard-report", "--mode", "blocking")
    made.ok("guard-graduate", *words, "--reason", "x", "--force")
    found = select(made, "A-GUARD-1")
    assert "kind of the task, blocking" in [entry["rule"] for entry in found["selected"]]


def test_a_command_that_several_ask_for_is_listed_once(project: Checkout) -> None:
    found = select(project, "--task-id", "B-1")
    asked = {entry["command"]: entry["asked_by"] for entry in found["commands"]}
    domains = ["architecture", "governance", "frontend", "ops"]  # of the task's profile
    reviewers = ["reviewer D-arch", "reviewer E-governance", *(f"domain {name}" for name in domains)]
    assert asked["make queue-route-review TASK_ID=B-1 REF=agent/B-ui"] == reviewers
    assert len(asked) == len(found["commands"])


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        ([], 2, "usage"),
        (["--ref", "HEAD", "--paths", "x"], 2, "usage"),
        (["--ref", "nowhere"], 3, "not_found"),
        (["--ref", "HEAD", "--base", "nowhere"], 3, "not_found"),
        (["--task-id", "B-99"], 3, "not_found"),
        (["--paths", "x", "--catalog", "nowhere.yaml"], 3, "not_found"),
        (["--paths", "x", "--catalog", ".fairway/config.toml"], 1, "invalid_packs"),
    ],
)
def test_a_change_that_cannot_be_told_is_refused(project: Checkout, words: list[str], code: int, word: str) -> None:
    answer = project.run("gate-select", *words)
    assert (answer.code, answer.word) == (code, word)


def test_outside_of_a_project_paths_can_be_looked_at_and_a_ref_cannot(tmp_path: Path) -> None:
    assert run_tool("gate-select", "--paths", "x", cwd=str(tmp_path)).code == 0
    assert run_tool("gate-select", "--ref", "HEAD", cwd=str(tmp_path)).word == "git_unavailable"
    assert os.listdir(tmp_path) == []


def test_a_selection_is_attached_as_evidence(project: Checkout) -> None:
    project.ok("gate-select", "--paths", "x", "--attach", "B-2")
    assert project.detail("B-2")["evidence"][-1]["artifact_type"] == "gate-select"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[checks]]\nname = "x"\nmatch = "a"\n', "command"),
        ('[[checks]]\nname = "x"\nmatch = []\ncommand = "c"\n', "at least one"),
        ('[[checks]]\nname = "x"\nmatch = "/a"\ncommand = "c"\n', "starts with a slash"),
        ('[[checks]]\nname = "x"\nmatch = "a"\ncommand = "c"\n' * 2, "already the name"),
    ],
)
def test_a_table_of_checks_that_means_nothing_is_a_fault(tmp_path: Path, text: str, told: str) -> None:
    write_file(str(tmp_path), "config.toml", text)
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=str(tmp_path / "config.toml"))
    answer = made.run("fairway-config", "validate")
    assert (answer.code, told in answer.out + answer.err) == (1, True)
