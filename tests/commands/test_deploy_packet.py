"""deploy-packet: the same packet every time, exit codes, commands under supervision, and what is refused."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path

import pytest

from tests.support.repositories import write_file
from tests.support.shell import HOME, Answer, Checkout, make_checkout, queue_text, run_tool, task
from tests.support.stored import rows

SAMPLES = os.path.join(HOME, "tests", "samples", "deploy-packet")
GOLDENS = os.path.join(HOME, "tests", "goldens", "utilities", "deploy-packet")
EXPECTED = ["--expected", "expected.yaml"]
GOLDEN = {
    "kubectl.md": (1, [*EXPECTED, "--observed", "kubectl.json"]),
    "observed.md": (0, [*EXPECTED, "--observed", "observed.json", "--at", "2026-11-20T10:30:00Z"]),
    "demo.md": (0, [*EXPECTED, "--observed", "kubectl.json", "--environment", "demo"]),
    "kubectl.json": (1, [*EXPECTED, "--observed", "kubectl.json", "--pretty"]),
}


def call(*words: str, cwd: str | os.PathLike[str] = SAMPLES, **env: str) -> Answer:
    return run_tool("deploy-packet", *words, cwd=str(cwd), env=env)


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    found = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    for name in os.listdir(SAMPLES):
        shutil.copy(os.path.join(SAMPLES, name), found.main)
    return found


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_packet_is_the_same_to_the_byte(name: str, request: pytest.FixtureRequest) -> None:
    code, words = GOLDEN[name]
    answer = call(*words)
    assert answer.code == code, answer.err
    if request.config.getoption("--update-golden"):
        write_file(GOLDENS, name, answer.out)
    with open(os.path.join(GOLDENS, name), encoding="utf-8") as file:
        assert answer.out == file.read()


def test_the_page_shows_the_packet_as_it_is() -> None:
    with open(os.path.join(HOME, "docs", "deploy-packet.md"), encoding="utf-8") as page:
        text = page.read()
    with open(os.path.join(GOLDENS, "kubectl.md"), encoding="utf-8") as file:
        assert file.read().strip() in text


def test_neither_place_nor_language_nor_time_changes_a_byte(tmp_path: Path) -> None:
    here = call(*EXPECTED, "--observed", "kubectl.json", PYTHONHASHSEED="1", TZ="UTC")
    shutil.copytree(SAMPLES, tmp_path, dirs_exist_ok=True)
    words = ["--expected", str(tmp_path / "expected.yaml"), "--observed", str(tmp_path / "kubectl.json")]
    other = {"PYTHONHASHSEED": "2", "TZ": "Asia/Tokyo", "LANG": "C", "FAIRWAY_NOW": "2031-01-01T00:00:00Z"}
    assert call(*words, cwd="/", **other).out == here.out


def test_a_difference_is_told_by_word_and_exit_code() -> None:
    answer = call(*EXPECTED, "--observed", "kubectl.json")
    assert (answer.code, answer.word) == (1, "deploy_differs")
    assert "4 differ, 1 missing: staging > billing > commit" in answer.err


def test_a_field_that_is_missing_is_a_difference_too(tmp_path: Path) -> None:
    write_file(str(tmp_path), "e.yaml", "environments: {s: {services: {a: {version: 1}, b: {version: 1}}}}")
    write_file(str(tmp_path), "o.yaml", "environments: {s: {services: {a: {version: 1}}}}")
    answer = call("--expected", "e.yaml", "--observed", "o.yaml", cwd=tmp_path)
    assert (answer.code, answer.word) == (1, "deploy_differs")


def test_what_is_deployed_may_be_in_several_documents(tmp_path: Path) -> None:
    write_file(
        str(tmp_path), "e.yaml", "environments: {s: {services: {a: {version: 1}}}, p: {services: {a: {version: 1}}}}"
    )
    for name in ("s", "p"):
        write_file(str(tmp_path), f"{name}.yaml", f"environments: {{{name}: {{services: {{a: {{version: 1}}}}}}}}")
    words = ["--expected", "e.yaml", "--observed", "s.yaml"]
    assert call(*words, "--observed", "p.yaml", cwd=tmp_path).code == 0
    twice = call(*words, "--observed", "s.yaml", cwd=tmp_path)
    assert (twice.code, twice.word, twice.out) == (1, "invalid_document", "")


def test_documents_may_come_from_commands() -> None:
    answer = call("--expected-command", "cat expected.yaml", "--observed-command", "echo noise >&2; cat observed.json")
    assert answer.code == 0, answer.err
    assert "| observed | echo noise >&2; cat observed.json | deploy |" in answer.out


@pytest.mark.parametrize(
    ("command", "word", "code"),
    [
        ("cat observed.json; exit 3", "command_failed", 1),
        ("no_such_program_here", "command_failed", 1),
        ("true", "invalid_document", 1),
        ("echo {", "invalid_document", 1),
    ],
)
def test_a_command_that_gives_no_whole_document_is_refused(command: str, word: str, code: int) -> None:
    answer = call(*EXPECTED, "--observed-command", command)
    assert (answer.code, answer.word, answer.out) == (code, word, "")


def test_a_command_has_a_time_limit_and_nothing_of_it_is_left(tmp_path: Path) -> None:
    command = f"echo $$ > {tmp_path}/pid; exec sleep 60"
    answer = call(*EXPECTED, "--observed-command", command, "--timeout", "0.5s", TMPDIR=str(tmp_path))
    assert (answer.code, answer.word, answer.out) == (2, "deadline_passed", "")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert os.listdir(tmp_path) == ["pid"]


@pytest.mark.parametrize(
    ("words", "word", "code"),
    [
        ([], "usage", 2),
        (EXPECTED, "usage", 2),
        (["--observed", "observed.json"], "usage", 2),
        ([*EXPECTED, "--observed", "observed.json", "--observed-command", "true"], "usage", 2),
        ([*EXPECTED, "--expected-command", "true", "--observed", "observed.json"], "usage", 2),
        ([*EXPECTED, "--observed", "observed.json", "--timeout", "5s"], "usage", 2),
        ([*EXPECTED, "--observed-command", "true", "--timeout", "soon"], "usage", 2),
        ([*EXPECTED, "--observed", "observed.json", "--at", "noon"], "usage", 2),
        (["--expected", "-", "--observed", "-"], "usage", 2),
        (["--expected", "none.yaml", "--observed", "observed.json"], "not_found", 3),
        ([*EXPECTED, "--observed", "none.json"], "not_found", 3),
        ([*EXPECTED, "--observed", "."], "file_unavailable", 2),
        ([*EXPECTED, "--observed", "observed.json", "--environment", "moon"], "not_found", 3),
        (["--expected", "kubectl.json", "--observed", "kubectl.json"], "invalid_document", 1),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_printed(words: list[str], word: str, code: int) -> None:
    answer = call(*words)
    assert (answer.code, answer.word, answer.out) == (code, word, "")


@pytest.mark.parametrize(("observed", "code", "result"), [("kubectl.json", 1, "fail"), ("observed.json", 0, "pass")])
def test_an_attached_packet_is_evidence_of_what_was_observed(
    project: Checkout, observed: str, code: int, result: str
) -> None:
    answer = project.run("deploy-packet", *EXPECTED, "--observed", observed, "--attach", "B-1")
    assert answer.code == code, answer.err
    row = rows(project, "task_evidence", "B-1")[-1]
    assert (row["result"], row["artifact_type"]) == (result, "deploy-packet")
    assert row["artifact_sha256"] == hashlib.sha256(answer.out.encode()).hexdigest()
    assert project.detail("B-1")["status"] == "todo"


def test_the_packet_through_make_and_into_a_file(project: Checkout) -> None:
    words = ["EXPECTED=expected.yaml", "OBSERVED=kubectl.json", "ENVIRONMENT=demo", "OUTPUT=packet.md"]
    answer = project.make("util-deploy-packet", *words)
    assert answer.code == 0, answer.err
    with open(os.path.join(project.main, "packet.md"), encoding="utf-8") as file:
        assert file.read().startswith("# Deploy Packet: match\n")
