"""uat-matrix: the same matrix every time, where results come from, what the project knows, and what is refused."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.repositories import write_file
from tests.support.shell import GPUAAS_CONFIG, HOME, Answer, Checkout, make_checkout, queue_text, run_tool, task
from tests.support.stored import rows

SAMPLES = os.path.join(HOME, "tests", "samples", "uat-matrix")
GOLDENS = os.path.join(HOME, "tests", "goldens", "utilities", "uat-matrix")
PACKS = os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml")
FLOWS = ["--flows", "flows.yaml"]
REPORTS = ["playwright-staging.json", "demo=playwright-demo.xml", "demo=pytest-demo.xml"]
GOLDEN = {
    "all.md": [*FLOWS, *REPORTS, "--catalog", PACKS],
    "all.json": [*FLOWS, *REPORTS, "--catalog", PACKS, "--pretty"],
    "flows-alone.md": [*FLOWS, "--at", "2026-11-20"],
}
SMALL = "environments: [staging]\nbrowsers: [chromium]\nflows: [{id: A, tests: ['**/*.ts'], tasks: [B-1, B-2]}]\n"
PASSED = '<testsuite hostname="chromium"><testcase classname="a.ts" name="t"/></testsuite>'


def call(*words: str, cwd: str | os.PathLike[str], **env: str) -> Answer:
    return run_tool("uat-matrix", *words, cwd=str(cwd), env={"FAIRWAY_CONFIG": GPUAAS_CONFIG, **env})


@pytest.fixture
def samples(tmp_path: Path) -> str:
    """The sample documents in a folder that is no project."""
    return str(shutil.copytree(SAMPLES, tmp_path / "samples"))


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A folder with a catalogue of one flow and a report of one test that passed."""
    write_file(str(tmp_path), "flows.yaml", SMALL)
    write_file(str(tmp_path), "report.xml", PASSED)
    return tmp_path


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    found = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    write_file(found.main, "flows.yaml", SMALL)
    write_file(found.main, "report.xml", PASSED)
    return found


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_matrix_is_the_same_to_the_byte(name: str, samples: str, request: pytest.FixtureRequest) -> None:
    answer = call(*GOLDEN[name], cwd=samples)
    assert answer.code == 0, answer.err
    assert not os.path.exists(os.path.join(os.path.dirname(GPUAAS_CONFIG), ".fairway"))  # looking makes no store
    if request.config.getoption("--update-golden"):
        write_file(GOLDENS, name, answer.out)
    with open(os.path.join(GOLDENS, name), encoding="utf-8") as file:
        assert answer.out == file.read()


def test_the_page_shows_the_matrix_as_it_is() -> None:
    with open(os.path.join(HOME, "docs", "uat-matrix.md"), encoding="utf-8") as page:
        text = page.read()
    with open(os.path.join(GOLDENS, "all.md"), encoding="utf-8") as file:
        assert file.read().strip() in text


def test_neither_place_nor_language_nor_time_changes_a_byte(samples: str) -> None:
    here = call(*GOLDEN["all.md"], cwd=samples, PYTHONHASHSEED="1", TZ="UTC")
    words = ["--flows", f"{samples}/flows.yaml", f"{samples}/playwright-staging.json"]
    words += [f"demo={samples}/playwright-demo.xml", f"demo={samples}/pytest-demo.xml", "--catalog", PACKS]
    other = {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LANG": "C", "FAIRWAY_NOW": "2031-01-01T00:00:00Z"}
    assert call(*words, cwd="/", **other).out == here.out


def test_a_matrix_never_says_that_anything_is_accepted(samples: str) -> None:
    for words in GOLDEN.values():
        assert "accept" not in call(*words, cwd=samples).out.lower()


# --- where results come from ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "environment"),
    [
        (["demo=report.xml"], "demo"),
        (["demo:webkit=report.xml"], "demo"),
        (["report.xml", "--environment", "demo"], "demo"),
        (["staging=report.xml", "--environment", "demo"], "staging"),
        (["--document", "demo=report.xml"], "demo"),
    ],
)
def test_a_call_names_where_a_report_was_made(small: Path, words: list[str], environment: str) -> None:
    found = call(*FLOWS, *words, "--json", cwd=small).json
    cells = [cell for cell in found["flows"][0]["cells"] if cell["outcome"] == "pass"]
    assert [(cell["environment"], cell["browser"]) for cell in cells] == [(environment, "chromium")]


def test_a_report_of_nowhere_is_refused_with_the_way_out(small: Path) -> None:
    answer = call(*FLOWS, "report.xml", cwd=small)
    assert (answer.code, answer.word, answer.out) == (1, "invalid_document", "")
    assert "/uat-matrix ENVIRONMENT:BROWSER=report.xml" in answer.err


def test_a_file_may_have_a_name_with_a_sign_of_equality(small: Path) -> None:
    shutil.copy(small / "report.xml", small / "a=b.xml")
    assert call(*FLOWS, "./a=b.xml", "--environment", "staging", cwd=small).code == 0


def test_a_report_may_come_from_standard_input(small: Path) -> None:
    words = [sys.executable, os.path.join(HOME, "bin", "uat-matrix"), *FLOWS, "staging=-"]
    done = subprocess.run(words, cwd=small, input=PASSED.encode(), capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"| standard input | junit |" in done.stdout


# --- what the project knows -----------------------------------------------------------------------------------


def test_in_a_project_tasks_have_their_status(project: Checkout) -> None:
    answer = project.ok("uat-matrix", *FLOWS, "staging=report.xml")
    assert "| A | - | - | B-1 (todo), B-2 (unknown) | - |" in answer.out
    assert "- unknown_task: A: B-2: there is no such task\n" in answer.out
    assert "there is no project here" not in answer.out


def test_without_a_project_that_is_said(small: Path) -> None:
    answer = run_tool("uat-matrix", *FLOWS, "staging=report.xml", cwd=str(small))
    assert "- not checked: there is no project here that knows the tasks\n" in answer.out
    assert "- not checked: there is no catalogue of regression packs\n" in answer.out


def test_an_attached_matrix_is_evidence_of_what_was_seen(project: Checkout) -> None:
    answer = project.ok("uat-matrix", *FLOWS, "staging=report.xml", "--attach", "B-1")
    row = rows(project, "task_evidence", "B-1")[-1]
    assert (row["result"], row["artifact_type"], row["notes"]) == ("pass", "uat-matrix", "UAT matrix: 1 pass")
    assert row["artifact_sha256"] == hashlib.sha256(answer.out.encode()).hexdigest()
    assert project.detail("B-1")["status"] == "todo"


@pytest.mark.parametrize(
    ("report", "result"),
    [(PASSED.replace("/></", "><failure/></testcase></"), "fail"), ("<testsuite/>", "partial")],
)
def test_what_is_recorded_is_what_was_seen(project: Checkout, report: str, result: str) -> None:
    write_file(project.main, "report.xml", report)
    project.ok("uat-matrix", *FLOWS, "staging=report.xml", "--attach", "B-1")
    assert rows(project, "task_evidence", "B-1")[-1]["result"] == result


def test_the_matrix_through_make(project: Checkout) -> None:
    answer = project.make("util-uat-matrix", "FLOWS=flows.yaml", "DOCUMENT=staging=report.xml", "OUTPUT=matrix.md")
    assert answer.code == 0, answer.err
    with open(os.path.join(project.main, "matrix.md"), encoding="utf-8") as file:
        assert "- Expected cells: 1: 1 pass\n" in file.read()


# --- exit codes and refusals ----------------------------------------------------------------------------------


def test_failures_are_no_failure_of_the_matrix_unless_asked(small: Path) -> None:
    write_file(str(small), "report.xml", PASSED.replace("/></", "><failure/></testcase></"))
    assert call(*FLOWS, "staging=report.xml", cwd=small).code == 0
    answer = call(*FLOWS, "staging=report.xml", "--exit-status", cwd=small)
    assert (answer.code, answer.word) == (1, "uat_incomplete")
    assert answer.out.startswith("# UAT Matrix\n")


def test_a_matrix_whose_expected_cells_all_passed_has_exit_status_0(small: Path) -> None:
    assert call(*FLOWS, "staging=report.xml", "--exit-status", cwd=small).code == 0


def test_what_was_not_run_has_not_passed(small: Path) -> None:
    assert call(*FLOWS, "--exit-status", cwd=small).word == "uat_incomplete"


@pytest.mark.parametrize(
    ("words", "word", "code"),
    [
        ([], "usage", 2),
        (["demo=playwright-demo.xml"], "usage", 2),
        ([*FLOWS, "--at", "noon"], "usage", 2),
        (["--flows", "-", "demo=-"], "usage", 2),
        (["--flows", "none.yaml"], "not_found", 3),
        ([*FLOWS, "none.json"], "not_found", 3),
        ([*FLOWS, "--catalog", "none.yaml"], "not_found", 3),
        ([*FLOWS, "--catalog", "flows.yaml"], "invalid_packs", 1),
        ([*FLOWS, "."], "file_unavailable", 2),
        (["--flows", "playwright-staging.json"], "invalid_document", 1),
        ([*FLOWS, "flows.yaml"], "invalid_document", 1),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_printed(
    samples: str, words: list[str], word: str, code: int
) -> None:
    answer = call(*words, cwd=samples)
    assert (answer.code, answer.word, answer.out) == (code, word, "")
