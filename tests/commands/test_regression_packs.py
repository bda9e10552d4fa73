"""regression-packs: the catalogue, the choice of packs, and runs that are evidence."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import commit_file, git, head, write_file
from tests.support.shell import HOME, Checkout, make_checkout, queue_text, task
from tests.support.stored import events, rows

CATALOG = "doc/governance/Workflow_Regression_Packs.yaml"
GPUAAS = os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml")


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    return catalogued(parent)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """One project for calls that leave nothing behind."""
    project = catalogued(tmp_path_factory.mktemp("shared"))
    project.ok("queue-import")
    return project


def catalogued(folder: str | Path) -> Checkout:
    """A project with GPUaaS's catalogue, and three tasks of one lane."""
    tasks = [
        task("A-1", "A-backend", target_paths=["packages/services/terminal/x.go"]),
        task("A-2", "A-backend", tags=["pack:auth-session", "pack:gone"]),
        task("A-3", "A-backend"),
    ]
    project = make_checkout(folder, queue_text(*tasks), lanes=["A-backend"])
    shutil.copy(GPUAAS, os.path.join(project.main, CATALOG))
    git(project.main, "add", "--all")
    git(project.main, "commit", "--quiet", "-m", "packs")
    git(project.lanes["A-backend"], "reset", "--quiet", "--hard", "master")
    return project


def pack_ids(project: Checkout, *words: str) -> list[str]:
    return project.ok("regression-packs", *words, "--format", "ids").out.split()


# --- the catalogue ---------------------------------------------------------------------------------------------------


def test_list_gives_a_line_for_each_pack(shared: Checkout) -> None:
    assert shared.ok("regression-packs").out == shared.ok("regression-packs", "list").out
    first, second = shared.ok("regression-packs", "list", "--format", "tsv").out.splitlines()
    assert first.split("\t") == [
        "auth-session",
        "C-ops",
        "Sign-in, session renewal and sign-out",
        "blocking=demo=true,prod=true,staging=true",
    ]
    assert second.startswith("terminal\tA-backend\t")


def test_show_prints_the_pack_as_a_page(shared: Checkout) -> None:
    lines = shared.ok("regression-packs", "show", "terminal").out.splitlines()
    assert lines[0] == "# Regression Pack: terminal"
    assert "lowest_reliable_layer: remote_validation" in lines
    headings = [line for line in lines if line.startswith("## ")]
    assert headings[0] == "## target_environments"
    assert "- a terminal on somebody else's node is refused" in lines


def test_show_of_an_unknown_pack_names_the_ones_that_there_are(shared: Checkout) -> None:
    answer = shared.run("regression-packs", "show", "nope")
    assert (answer.code, answer.word) == (3, "not_found")
    assert "auth-session, terminal" in answer.err


def test_validate_prints_warnings_and_a_verdict(shared: Checkout) -> None:
    answer = shared.ok("regression-packs", "validate")
    *warnings, verdict = answer.out.splitlines()
    assert verdict == f"valid {CATALOG} (2 packs)"
    assert all(": warning: " in line and line.startswith(f"{CATALOG}:") for line in warnings)


def test_validate_reports_every_fault_and_exits_one(shared: Checkout) -> None:
    write_file(shared.main, "bad.yaml", "packs:\n- id: a\n- id: a\n  owner: Z\n  title: T\n")
    answer = shared.run("regression-packs", "validate", "bad.yaml", "--json")
    assert (answer.code, answer.word) == (1, "invalid_packs")
    assert not answer.json["ok"]
    lines = {(fault["line"], fault["field"]) for fault in answer.json["findings"]}
    assert {(2, "title"), (2, "required_proof"), (3, "id"), (4, "owner")} <= lines


@pytest.mark.parametrize("action", [["list"], ["show", "a"], ["for-paths", "x"], ["record", "a"], ["for-task", "A-1"]])
def test_a_faulty_catalogue_is_used_for_nothing(shared: Checkout, action: list[str]) -> None:
    write_file(shared.main, "bad.yaml", "packs:\n- id: a\n")
    answer = shared.run("regression-packs", *action, "--catalog", "bad.yaml", "--result", "pass", "--task-id", "A-1")
    assert (answer.code, answer.word) == (1, "invalid_packs")
    assert not rows(shared, "task_evidence")


def test_a_missing_catalogue_is_told_with_its_place(project: Checkout) -> None:
    os.remove(os.path.join(project.main, CATALOG))
    answer = project.run("regression-packs", "list")
    assert (answer.code, answer.word) == (3, "not_found")
    assert CATALOG in answer.err


def test_every_lane_reads_the_catalogue_of_the_main_checkout(project: Checkout) -> None:
    os.remove(os.path.join(project.lanes["A-backend"], CATALOG))
    answer = project.ok("regression-packs", "list", cwd=project.lanes["A-backend"])
    assert answer.out.startswith("auth-session")


@pytest.mark.parametrize("words", [["dance"], ["list", "x"], ["show", "a", "b"], ["show"], ["record"], ["for-paths"]])
def test_what_the_tool_does_not_know_is_refused(shared: Checkout, words: list[str]) -> None:
    answer = shared.run("regression-packs", *words)
    assert (answer.code, answer.word) == (2, "usage")


# --- which packs -----------------------------------------------------------------------------------------------------


def test_paths_call_for_packs(shared: Checkout) -> None:
    words = ["for-paths", "packages/services/terminal/a.go", "README.md"]
    found = shared.ok("regression-packs", *words, "--json").json
    assert [(pack["pack_id"], pack["paths_changed"]) for pack in found["packs"]] == [
        ("terminal", ["packages/services/terminal/a.go"])
    ]
    assert found["uncovered"] == ["README.md"]
    assert pack_ids(shared, *words) == ["terminal"]


def test_a_ref_stands_for_what_it_changes(project: Checkout) -> None:
    project.commit("A-backend", "cmd/node-agent/main.go")
    found = project.ok("regression-packs", "for-paths", "--ref", "agent/A-backend", "--json").json
    assert [pack["pack_id"] for pack in found["packs"]] == ["terminal"]
    assert found["commit_sha"] == head(project.lanes["A-backend"])


def test_the_configuration_adds_paths_to_packs(project: Checkout) -> None:
    config = os.path.join(project.main, ".fairway", "config.toml")
    with open(config, "a", encoding="utf-8") as file:
        file.write('\n[[regression_packs.paths]]\nmatch = "docs/**"\npacks = ["auth-session"]\n')
    project.ok("fairway-config", "validate")
    assert pack_ids(project, "for-paths", "docs/a/b.md") == ["auth-session"]


def test_paths_that_call_for_nothing_say_so(shared: Checkout) -> None:
    answer = shared.ok("regression-packs", "for-paths", "README.md")
    assert answer.out == ""
    assert "no pack names these paths" in answer.err


def test_a_task_calls_for_packs_by_its_paths_its_tags_and_its_changes(project: Checkout) -> None:
    assert pack_ids(project, "for-task", "A-1") == ["terminal"]
    tagged = project.ok("regression-packs", "for-task", "A-2", "--json")
    assert [(pack["pack_id"], pack["reasons"]) for pack in tagged.json["packs"]] == [
        ("auth-session", ["named by the task"])
    ]
    assert tagged.json["unknown"] == ["gone"]
    assert pack_ids(project, "for-task", "A-3") == []
    project.commit("A-backend", "packages/services/auth/login.go")
    assert pack_ids(project, "for-task", "A-3", "--ref", "agent/A-backend") == ["auth-session"]


def test_a_task_with_a_branch_is_measured_on_it(project: Checkout) -> None:
    project.ok("queue-claim", "A-3", "--role", "A-backend", "--owner", "A")
    project.commit("A-backend", "packages/services/auth/login.go")
    found = project.ok("regression-packs", "for-task", "A-3", "--json").json
    assert found["commit_sha"] == head(project.lanes["A-backend"])
    assert [pack["reasons"] for pack in found["packs"]] == [["changes packages/services/auth/login.go"]]


# --- runs ------------------------------------------------------------------------------------------------------------


def test_a_run_is_evidence_that_is_linked_to_its_pack(project: Checkout) -> None:
    words = ["record", "terminal", "--task-id", "A-1", "--result", "pass", "--environment", "demo"]
    answer = project.ok("regression-packs", *words, "--command-text", "make smoke", "--json").json
    (row,) = rows(project, "task_evidence", "A-1")
    assert (row["pack_id"], row["environment"], row["result"]) == ("terminal", "demo", "pass")
    assert (row["command_text"], row["commit_sha"]) == ("make smoke", head(project.main))
    assert answer["evidence_id"] == row["id"]
    assert events(project, "A-1", "evidence_recorded")[0]["pack_id"] == "terminal"
    (pack,) = project.ok("regression-packs", "for-task", "A-1", "--json").json["packs"]
    assert pack["run"]["ok"]
    project.ok("queue-verify")


def test_ordinary_evidence_is_no_run_of_a_pack(project: Checkout) -> None:
    project.ok("queue-record-evidence", "A-1", "--command-text", "t", "--result", "pass")
    (row,) = rows(project, "task_evidence", "A-1")
    assert row["pack_id"] is None
    (pack,) = project.ok("regression-packs", "for-task", "A-1", "--json").json["packs"]
    assert pack["run"]["why"] == "no run is recorded"


def test_a_run_can_be_undone(project: Checkout) -> None:
    project.ok("regression-packs", "record", "terminal", "--task-id", "A-1", "--result", "pass")
    project.ok("queue-undo", "--task-id", "A-1", "--reason", "wrong task")
    (pack,) = project.ok("regression-packs", "for-task", "A-1", "--json").json["packs"]
    assert not pack["run"]["ok"]


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["record", "nope", "--task-id", "A-1", "--result", "pass"], 3, "not_found"),
        (["record", "terminal", "--task-id", "A-9", "--result", "pass"], 3, "not_found"),
        (["record", "terminal", "--task-id", "A-1"], 2, "usage"),
        (["record", "terminal", "--result", "pass"], 2, "usage"),
        (["record", "terminal", "--task-id", "A-1", "--result", "good"], 2, "usage"),
        (["record", "terminal", "--task-id", "A-1", "--result", "pass", "--environment", "moon"], 2, "usage"),
    ],
)
def test_a_run_that_makes_no_sense_is_refused(shared: Checkout, words: list[str], code: int, word: str) -> None:
    answer = shared.run("regression-packs", *words)
    assert (answer.code, answer.word) == (code, word), answer.err
    assert not rows(shared, "task_evidence")


# --- merge-ready -----------------------------------------------------------------------------------------------------


def pack_line(project: Checkout, mode: str) -> list[tuple[str, str]]:
    """The pack checks of merge-ready for the lane's branch under a mode of the gate, `(level, message)`."""
    project.ok("fairway-config", "set", "gates.require_regression_packs", mode)
    answer = project.run("queue-merge-ready", "A-3", "--ref", "agent/A-backend", "--json")
    listed = [*({"level": "pass", **row} for row in answer.json["passed"]), *answer.json["findings"]]
    return [(row["level"], row["message"]) for row in listed if row["word"] == "pack"]


@pytest.fixture
def changed(project: Checkout) -> Checkout:
    project.ok("queue-claim", "A-3", "--role", "A-backend", "--owner", "A")
    project.commit("A-backend", "cmd/node-agent/main.go")
    return project


@pytest.mark.parametrize(("mode", "levels"), [("off", []), ("warn", ["warning"]), ("enforce", ["error"])], ids=str)
def test_merge_ready_asks_for_packs_as_far_as_the_gate_says(changed: Checkout, mode: str, levels: list[str]) -> None:
    assert [level for level, _ in pack_line(changed, mode)] == levels


def test_a_passing_run_on_the_commit_satisfies_the_gate(changed: Checkout) -> None:
    lane = changed.lanes["A-backend"]
    words = ("regression-packs", "record", "terminal", "--task-id", "A-3", "--environment", "demo")
    changed.ok(*words, "--result", "pass", cwd=lane)
    assert pack_line(changed, "enforce") == [("pass", "pack terminal: evidence 1 passed on this commit (demo)")]
    changed.ok(*words, "--result", "fail", cwd=lane)
    assert [level for level, _ in pack_line(changed, "enforce")] == ["error"]


def test_a_run_on_an_earlier_commit_is_only_good_enough_for_a_warning(changed: Checkout) -> None:
    lane = changed.lanes["A-backend"]
    changed.ok("regression-packs", "record", "terminal", "--task-id", "A-3", "--result", "pass", cwd=lane)
    commit_file(lane, "cmd/node-agent/more.go", "x\n")
    ((level, message),) = pack_line(changed, "enforce")
    assert level == "warning"
    assert "is stale" in message


def test_a_pack_that_blocks_nowhere_never_stands_in_the_way(changed: Checkout) -> None:
    path = os.path.join(changed.main, CATALOG)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    write_file(changed.main, CATALOG, text.replace(": true", ": false"))
    assert [level for level, _ in pack_line(changed, "enforce")] == ["warning"]


def test_a_gate_without_a_catalogue_says_so(changed: Checkout) -> None:
    os.remove(os.path.join(changed.main, CATALOG))
    ((level, message),) = pack_line(changed, "enforce")
    assert level == "error"
    assert "no catalogue of regression packs" in message


# --- make ------------------------------------------------------------------------------------------------------------


def test_the_make_targets_say_the_action_themselves(project: Checkout) -> None:
    listed = project.make("workflow-regression-packs").out
    assert listed == project.make("workflow-regression-packs-list").out == project.make("regression-packs-list").out
    assert project.make("workflow-regression-packs-show", "PACK_ID=terminal").out.startswith("# Regression Pack: ter")
    assert project.make("workflow-regression-packs-validate").out.endswith("(2 packs)\n")
    assert project.make("workflow-regression-packs-for-paths", "PATHS=cmd/node-agent/a").out.startswith("terminal")
    recorded = project.make(
        "workflow-regression-packs-record", "PACK_ID=terminal", "TASK_ID=A-1", "RESULT=pass", "NOTES=$(shell id) 'x'"
    )
    assert recorded.out.startswith("recorded evidence 1 for A-1: pack terminal pass")
    assert rows(project, "task_evidence", "A-1")[0]["notes"] == "$(shell id) 'x'"
