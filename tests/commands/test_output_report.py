"""output-report: what was delivered of each kind of output, from evidence alone."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.repositories import head, write_file
from tests.support.shell import HOME, Checkout, make_checkout, queue_text, run_tool, task

GOLDENS = os.path.join(HOME, "tests", "goldens", "utilities", "output-report")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """Work of two lanes over four days; nothing in it depends on the clock."""
    made = make_checkout(
        tmp_path_factory.mktemp("project"),
        queue_text(
            task("A-API-1", "A-backend", kind="api-contract"),
            task("A-RUN-1", "A-backend", kind="runbook"),
            task("B-UX-1", kind="ux-flow"),
            task("B-UI-1"),
            task("B-UI-2"),
        ),
        lanes=[],
    )
    write_file(made.main, "doc/api/openapi.yaml", "openapi: 3.1.0\n")
    write_file(made.main, "matrix.md", "| flow | result |\n")
    record(made, 1, "A-API-1", "spectral lint doc/api/openapi.yaml", "--artifact", "doc/api/openapi.yaml")
    record(made, 1, "A-API-1", "make contracts", result="fail")
    record(
        made, 2, "B-UX-1", "uat-matrix", "--artifact", "matrix.md", "--artifact-type", "uat-matrix", result="partial"
    )
    record(made, 2, "B-UI-1", "make ci", "--artifact-type", "ci_pipeline", "--artifact", "https://ci.example.org/7")
    record(made, 3, "B-UI-2", "make test")
    record(made, 3, "A-RUN-1", "read it", "--artifact-type", "contract")
    made.ok("queue-undo", "A-RUN-1", env=at(3))
    for number, task_id in enumerate(["A-RUN-1", "B-UI-2", "A-API-1"], 2):
        role = "A-backend" if task_id.startswith("A") else "B-ui"
        made.ok("queue-claim", task_id, "--role", role, "--owner", role, env=at(number))
        made.ok("queue-set-status", task_id, "--status", "done", "--force", "--reason", "trial", env=at(number))
    return made


def at(day: int) -> dict[str, str]:
    return {"FAIRWAY_NOW": f"2026-11-0{day}T12:00:00Z", "ACTOR": "bea"}


def record(project: Checkout, day: int, task_id: str, command: str, *words: str, result: str = "pass") -> None:
    project.ok("queue-record-evidence", task_id, "--command-text", command, "--result", result, *words, env=at(day))


def report(project: Checkout, *words: str) -> Any:
    return project.ok("output-report", "--json", *words).json


@pytest.mark.parametrize("form", ["md", "json"])
def test_a_report_is_the_same_to_the_byte(project: Checkout, form: str, request: pytest.FixtureRequest) -> None:
    words = ["--pretty"] if form == "json" else []
    here = project.ok("output-report", *words)
    env = {"TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "5", "FAIRWAY_NOW": "2027-01-01"}
    there = project.ok("output-report", *words, env=env, cwd=os.path.join(project.main, "doc"))
    commit = head(project.main)  # the configuration is part of it, so it changes with every release
    plain = here.out.replace(commit, "0" * 40).replace(commit[:12], "0" * 12)
    if request.config.getoption("--update-golden"):
        write_file(GOLDENS, f"report.{form}", plain)
    with open(os.path.join(GOLDENS, f"report.{form}"), encoding="utf-8") as file:
        assert plain == file.read()
    assert there.out == here.out


def test_a_record_counts_by_its_type_its_path_or_the_kind_of_its_task(project: Checkout) -> None:
    found = [(row["task_id"], row["output"], row["by"]) for row in report(project)["delivered"]]
    assert found == [
        ("A-API-1", "API and event contracts", "artifact path"),
        ("B-UX-1", "UX and flow coverage", "evidence type"),
        ("B-UI-1", "CI/CD and deploy automation", "evidence type"),
    ]


def test_what_failed_or_was_withdrawn_counts_for_nothing(project: Checkout) -> None:
    results = {row["result"] for row in report(project)["delivered"]}
    assert results == {"pass", "partial"}
    assert "A-RUN-1" not in {row["task_id"] for row in report(project)["delivered"]}


def test_finished_tasks_without_evidence_of_their_output_are_listed(project: Checkout) -> None:
    found = [(row["task_id"], row["output"]) for row in report(project)["undelivered"]]
    assert found == [("A-RUN-1", "runbooks and operational models"), ("B-UI-2", "")]


def test_a_lane_and_a_span_of_time_narrow_it(in_utc: None, project: Checkout) -> None:
    assert {row["task_id"] for row in report(project, "--role", "B-ui")["delivered"]} == {"B-UX-1", "B-UI-1"}
    span = report(project, "--since", "2026-11-02", "--until", "2026-11-03")
    assert {row["task_id"] for row in span["delivered"]} == {"B-UX-1", "B-UI-1"}
    assert [row["task_id"] for row in span["undelivered"]] == ["A-RUN-1"]
    assert report(project, "--since", "1d", "--at", "2026-11-02T13:00:00Z")["since"] == "2026-11-01T13:00:00.000000Z"


def test_evidence_from_before_the_span_still_shows_what_a_finished_task_delivered(
    in_utc: None, project: Checkout
) -> None:
    span = report(project, "--since", "2026-11-04")
    assert (span["delivered"], span["undelivered"]) == ([], [])


def test_a_span_begins_with_its_first_moment_and_ends_before_its_last(project: Checkout) -> None:
    moment = "2026-11-02T12:00:00Z"
    assert {row["task_id"] for row in report(project, "--since", moment)["delivered"]} == {"B-UX-1", "B-UI-1"}
    assert {row["task_id"] for row in report(project, "--until", moment)["delivered"]} == {"A-API-1"}
    assert report(project, "--until", moment)["undelivered"] == []


def test_every_lane_is_counted_for_every_kind_zeros_included(project: Checkout) -> None:
    found = report(project)
    lanes = {row["lane"] for row in found["counts"]}
    assert {"A-backend", "B-ui", "C-ops", "D-arch", "E-governance"} <= lanes
    assert len(found["counts"]) == len(lanes) * len(found["outputs"])


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [(["--role", "nobody"], 3, "not_found"), (["--since", "often"], 2, "usage"), (["--until", "often"], 2, "usage")],
)
def test_a_lane_or_time_that_is_none_is_refused(project: Checkout, words: list[str], code: int, word: str) -> None:
    answer = project.run("output-report", *words)
    assert (answer.code, answer.word) == (code, word)


def test_outside_of_a_project_there_is_nothing_to_report(tmp_path: Path) -> None:
    assert run_tool("output-report", cwd=str(tmp_path)).word == "not_found"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[output_kinds]]\nname = "x"\n', "needs task_kinds, evidence_types or match"),
        ('[[output_kinds]]\nname = "x"\nmatch = ["/abs"]\n', "starts with a slash"),
        ('[[output_kinds]]\ntask_kinds = ["x"]\n', "name"),
        (
            '[task_kinds]\nallowed = ["task"]\n[[output_kinds]]\nname = "x"\ntask_kinds = ["bug"]\n',
            "'bug' is not one of",
        ),
        ('[[output_kinds]]\nname = "x"\ntask_kinds = ["a"]\n' * 2, "already the name"),
    ],
)
def test_a_table_of_output_kinds_that_means_nothing_is_a_fault(tmp_path: Path, text: str, told: str) -> None:
    write_file(str(tmp_path), "config.toml", text)
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=str(tmp_path / "config.toml"))
    answer = made.run("fairway-config", "validate")
    assert (answer.code, told in answer.out + answer.err) == (1, True)


def test_the_configured_table_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    kind = '[[output_kinds]]\nname = "songs"\nevidence_types = ["song"]\n'
    write_file(str(tmp_path), "config.toml", '[fairway]\nmain_branch = "master"\n' + kind)
    made = make_checkout(tmp_path, queue_text(), lanes=[], config=str(tmp_path / "config.toml"))
    assert report(made)["outputs"] == ["songs"]
