"""ci-packet: real-shaped reports become the same packet every time; watching, deadlines, signals, refusals."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import time
from pathlib import Path

import pytest

from tests.support.repositories import write_file
from tests.support.shell import (
    GPUAAS_CONFIG,
    HOME,
    Answer,
    Checkout,
    finish,
    make_checkout,
    queue_text,
    run_tool,
    start_tool,
    task,
)
from tests.support.stored import rows

SAMPLES = os.path.join(HOME, "tests", "samples", "ci-packet")
GOLDENS = os.path.join(HOME, "tests", "goldens", "utilities", "ci-packet")
CONFIG = {"FAIRWAY_CONFIG": GPUAAS_CONFIG}
GOLDEN = {
    "github.md": ["github-failed.json", "--log", "github-failed.log"],
    "github-list.md": ["github-list.json"],
    "gitlab.md": ["gitlab-pipeline.json", "gitlab-jobs.json", "--log", "gitlab-trace.log"],
    "junit.md": ["pytest.xml", "playwright.xml", "surefire.xml", "--at", "2026-11-20T10:30:00Z"],
    "tap.md": ["node.tap"],
    "generic.md": ["generic.json"],
    "log.md": ["--log", "make.log", "--exit-code", "2"],
    "github.json": ["github-failed.json", "--log", "github-failed.log", "--pretty"],
}
RUNNING = {"databaseId": 1, "workflowName": "ci", "status": "in_progress", "conclusion": ""}
PASSED = {**RUNNING, "status": "completed", "conclusion": "success"}


def call(*words: str, cwd: str | os.PathLike[str] = SAMPLES, **env: str) -> Answer:
    return run_tool("ci-packet", *words, cwd=str(cwd), env={**CONFIG, **env})


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])


def script(folder: Path, *outputs: str) -> str:
    """A command that prints one more of `outputs` with each call, the last one again and again."""
    for number, text in enumerate(outputs):
        (folder / f"{number}.txt").write_text(text)
    last = len(outputs) - 1
    (folder / "next.sh").write_text(
        f'cd "{folder}"; n=$(cat n 2>/dev/null || echo 0); echo $((n+1)) > n\n'
        f"[ $n -gt {last} ] && n={last}; cat $n.txt\n"
    )
    return f"sh {folder}/next.sh"


# --- the same bytes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_packet_is_the_same_to_the_byte(name: str, request: pytest.FixtureRequest) -> None:
    answer = call(*GOLDEN[name])
    assert answer.code == 0, answer.err
    path = os.path.join(GOLDENS, name)
    if request.config.getoption("--update-golden"):
        write_file(GOLDENS, name, answer.out)
    with open(path, encoding="utf-8") as file:
        assert answer.out == file.read()


def test_the_page_shows_the_packet_as_it_is() -> None:
    with open(os.path.join(HOME, "docs", "ci-packet.md"), encoding="utf-8") as page:
        text = page.read()
    with open(os.path.join(GOLDENS, "github.md"), encoding="utf-8") as file:
        for part in file.read().partition("## Next Steps")[::2]:
            assert part.strip() in text


def test_neither_place_nor_language_nor_time_changes_a_byte(tmp_path: Path) -> None:
    here = call("github-failed.json", "--log", "github-failed.log", PYTHONHASHSEED="1", TZ="UTC")
    for name in ("github-failed.json", "github-failed.log"):
        shutil.copy(os.path.join(SAMPLES, name), tmp_path)
    words = [str(tmp_path / "github-failed.json"), "--log", str(tmp_path / "github-failed.log")]
    there = call(*words, cwd="/", PYTHONHASHSEED="2", TZ="Asia/Tokyo", LANG="C", FAIRWAY_NOW="2031-01-01T00:00:00Z")
    assert there.out == here.out


# --- documents ------------------------------------------------------------------------------------------------


def test_without_a_project_and_without_rules_a_failure_is_unclassified(tmp_path: Path) -> None:
    answer = run_tool("ci-packet", os.path.join(SAMPLES, "github-failed.json"), "--json", cwd=str(tmp_path))
    assert (answer.json["failure_class"], answer.json["lanes"]) == ("unclassified", [])


def test_a_pipeline_and_its_jobs_from_two_documents_are_one_run() -> None:
    found = call("gitlab-jobs.json", "gitlab-pipeline.json", "--json").json
    assert [(run["run_id"], run["duration_seconds"], len(run["jobs"])) for run in found["runs"]] == [
        ("46512", 571.0, 4)
    ]


def test_an_exit_code_beside_a_report_is_held_against_it(tmp_path: Path) -> None:
    (tmp_path / "r.xml").write_text('<testsuite name="s"><testcase name="t"/></testsuite>')
    found = call("r.xml", "--exit-code", "1", "--json", cwd=tmp_path).json
    assert (found["outcome"], [row["word"] for row in found["findings"]]) == ("failed", ["documents_disagree"])


def test_a_document_may_come_from_standard_input(tmp_path: Path) -> None:
    import subprocess
    import sys

    with open(os.path.join(SAMPLES, "node.tap"), "rb") as file:
        done = subprocess.run(
            [sys.executable, os.path.join(HOME, "bin", "ci-packet"), "-"], cwd=tmp_path, stdin=file, capture_output=True
        )
    assert done.returncode == 0
    assert b"| standard input | tap |" in done.stdout


def test_several_documents_through_make(project: Checkout) -> None:
    for name in ("node.tap", "generic.json"):
        shutil.copy(os.path.join(SAMPLES, name), project.main)
    answer = project.make("util-ci-packet", "DOCUMENT=node.tap", "AT=2026-11-20")
    assert answer.code == 0, answer.err
    assert "- At: 2026-11-20\n" in answer.out


@pytest.mark.parametrize(
    ("words", "word", "code"),
    [
        ([], "usage", 2),
        (["--log", "make.log"], "usage", 2),
        (["make.log"], "usage", 2),
        (["none.json"], "not_found", 3),
        (["generic.json", "--adapter", "jenkins"], "usage", 2),
        (["generic.json", "--adapter", "github"], "invalid_document", 1),
        (["generic.json", "--adapter", "junit"], "invalid_document", 1),
        (["generic.json", "--watch"], "usage", 2),
        (["generic.json", "--command", "true"], "usage", 2),
        (["--command", "true", "--exit-code", "1"], "usage", 2),
        (["--command", "true", "--poll-interval", "1s"], "usage", 2),
        (["--command", "true", "--timeout", "soon"], "usage", 2),
        (["generic.json", "--exit-code", "-1"], "usage", 2),
        (["generic.json", "--at", "noon"], "usage", 2),
        (["-", "-"], "usage", 2),
        (["generic.json", "--attach", "B-9", "--queue-db", "/proc/none/q.db"], "not_found", 3),
    ],
)
def test_what_makes_no_sense_is_refused_before_anything_is_printed(words: list[str], word: str, code: int) -> None:
    answer = call(*words)
    assert (answer.code, answer.word, answer.out) == (code, word, "")


# --- keeping, exit codes --------------------------------------------------------------------------------------


def test_an_attached_packet_is_evidence_of_what_was_observed(project: Checkout) -> None:
    answer = project.ok("ci-packet", os.path.join(SAMPLES, "github-failed.json"), "--attach", "B-1")
    row = rows(project, "task_evidence", "B-1")[-1]
    assert (row["result"], row["artifact_type"], row["notes"]) == ("fail", "ci-packet", "CI failed, unclassified")
    assert row["artifact_sha256"] == hashlib.sha256(answer.out.encode()).hexdigest()
    assert project.detail("B-1")["status"] == "todo"


@pytest.mark.parametrize(("document", "result"), [(PASSED, "pass"), (RUNNING, "partial")])
def test_what_is_recorded_is_what_was_seen(project: Checkout, document: dict[str, str], result: str) -> None:
    write_file(project.main, "run.json", json.dumps(document))
    project.ok("ci-packet", "run.json", "--attach", "B-1")
    assert rows(project, "task_evidence", "B-1")[-1]["result"] == result


def test_a_failed_build_is_no_failure_of_the_packet_unless_asked(tmp_path: Path) -> None:
    assert call("generic.json").code == 0
    answer = call("generic.json", "--exit-status", "--output", str(tmp_path / "p.md"))
    assert (answer.code, answer.word) == (1, "ci_failed")
    assert (tmp_path / "p.md").read_text().startswith("# CI Packet: failed\n")
    assert "nightly 88 > deploy > rollout" in answer.err


def test_a_passed_build_has_exit_status_0(tmp_path: Path) -> None:
    (tmp_path / "run.json").write_text(json.dumps(PASSED))
    assert call("run.json", "--exit-status", cwd=tmp_path).code == 0


# --- commands and watching ------------------------------------------------------------------------------------


def test_a_command_is_run_once_and_its_error_output_is_no_part_of_the_report(tmp_path: Path) -> None:
    answer = call("--command", f"echo noise >&2; cat {SAMPLES}/generic.json; exit 1", "--json", cwd=tmp_path)
    assert (answer.code, answer.json["outcome"]) == (0, "failed")
    assert [row["adapter"] for row in answer.json["documents"]] == ["generic"]


def test_the_output_of_a_command_is_a_log_only_when_that_is_said(tmp_path: Path) -> None:
    assert call("--command", "echo fine", cwd=tmp_path).word == "usage"
    found = call("--command", "echo error: no >&2; exit 3", "--adapter", "log", "--json", cwd=tmp_path).json
    assert (found["outcome"], found["runs"][0]["reported"]) == ("failed", "exit code 3")
    assert [line["text"] for line in found["failures"][0]["excerpts"][0]["lines"]] == ["error: no"]


@pytest.mark.parametrize("command", ["true", "echo nobody >&2; exit 4", "no_such_program_here"])
def test_a_command_that_writes_no_report_is_refused(tmp_path: Path, command: str) -> None:
    answer = call("--command", command, cwd=tmp_path)
    assert (answer.code, answer.word, answer.out) == (1, "watch_failed", "")


def test_watching_says_each_change_once_and_ends_with_the_last_report(tmp_path: Path) -> None:
    running = json.dumps(RUNNING)
    command = script(tmp_path, running, running, "not json {", "{}", running, json.dumps(PASSED))
    words = ["--command", command, "--watch", "--poll-interval", "0.01s", "--timeout", "60s", "--json"]
    answer = call(*words, cwd=tmp_path)
    assert (answer.code, answer.json["outcome"]) == (0, "passed"), answer.err
    remarks = [json.loads(line) for line in answer.err.splitlines()]
    assert {row["level"] for row in remarks} == {"note"}
    notes = [row["message"].removeprefix("ci: ") for row in remarks]
    assert [note.partition(":")[0] for note in notes] == [
        "ci 1 running",
        "no report",
        "no report",
        "ci 1 running",
        "ci 1 passed",
    ]


def test_after_the_deadline_the_last_report_is_printed(tmp_path: Path) -> None:
    command = script(tmp_path, json.dumps(RUNNING))
    answer = call("--command", command, "--watch", "--poll-interval", "0.05s", "--timeout", "2s", cwd=tmp_path)
    assert (answer.code, answer.word) == (2, "deadline_passed")
    assert answer.out.startswith("# CI Packet: running\n")
    assert "last seen: ci 1 running" in answer.err


def test_after_the_deadline_of_a_command_that_says_nothing_there_is_nothing_to_print(tmp_path: Path) -> None:
    answer = call("--command", "sleep 60", "--watch", "--timeout", "0.3s", cwd=tmp_path)
    assert (answer.code, answer.word, answer.out) == (2, "deadline_passed", "")


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_watch_and_what_it_runs(tmp_path: Path, number: int) -> None:
    command = f"echo $$ > {tmp_path}/pid; exec sleep 60"
    watching = start_tool(
        "ci-packet", "--command", command, "--watch", cwd=str(tmp_path), env={"TMPDIR": str(tmp_path)}
    )
    while not (tmp_path / "pid").exists() or not (tmp_path / "pid").read_text().strip():
        time.sleep(0.02)
    watching.send_signal(number)
    answer = finish(watching)
    assert (answer.code, answer.out) == (130, "")
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)
    assert sorted(os.listdir(tmp_path)) == ["pid"]


# --- configuration --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("rule", "fault"),
    [
        ('name = "x"\nclass = "bad_luck"\nline = "x"', "bad_luck"),
        ('name = "x"\nclass = "scope_expansion"\nline = "(a"', "( without a )"),
        ('name = "x"\nclass = "scope_expansion"\nline = "(?=a)"', "(?="),
        ('name = "x"\nclass = "scope_expansion"', "needs job, step or line"),
        ('class = "scope_expansion"\nline = "x"', "needs this key"),
        ('name = "failing-test"\nclass = "scope_expansion"\nline = "x"', "is already the name of another rule"),
    ],
)
def test_a_rule_that_is_none_is_a_fault_of_the_configuration(tmp_path: Path, rule: str, fault: str) -> None:
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read().replace("# --- Tasks and workstreams", f"[[ci.failure_rules]]\n{rule}\n\n# --- Tasks", 1)
    (tmp_path / "config.toml").write_text(text)
    answer = call("generic.json", FAIRWAY_CONFIG=str(tmp_path / "config.toml"))
    assert (answer.code, answer.word) == (1, "invalid_config")
    assert fault in answer.err


def test_the_configuration_says_how_much_is_shown(tmp_path: Path) -> None:
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read().replace("context_lines = 3\nmost_lines = 60", "context_lines = 0\nmost_lines = 1")
    (tmp_path / "config.toml").write_text(text)
    found = call(*GOLDEN["github.json"], FAIRWAY_CONFIG=str(tmp_path / "config.toml")).json
    assert [(len(row["excerpts"][0]["lines"]), row["lines_left_out"]) for row in found["failures"]] == [(1, 7), (1, 4)]
