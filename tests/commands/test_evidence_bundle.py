"""evidence-bundle: a finished run as a manifest, a script to review, and one transaction."""

from __future__ import annotations

import json
import os
import shutil
import stat
from pathlib import Path
from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import git, write_file
from tests.support.shell import BIN, HOME, Answer, Checkout, environment, make_checkout, queue_text, run_tool, task
from tests.support.stored import events, rows

SAMPLE = os.path.join(HOME, "tests", "samples", "evidence-bundle", "run")
#: A text that does something in any place where a shell would read it.
HOSTILE = 'a\'b "c" $(touch pwned) `touch pwned` $HOME; touch pwned #\\'


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2")), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


@pytest.fixture
def run_folder(tmp_path: Path) -> str:
    return shutil.copytree(SAMPLE, str(tmp_path / "run"))


def bundle(project: Checkout, folder: str, *words: str, code: int = 0) -> Any:
    answer = project.run("evidence-bundle", "B-1", "--from", folder, "--json", *words)
    assert answer.code == code, answer
    return answer.json if code == 0 else answer


def only(tmp_path: Path, **files: str) -> str:
    """A folder with these files; `__` stands for the dot of an ending."""
    for name, text in files.items():
        write_file(str(tmp_path / "only"), name.replace("__", "."), text)
    return str(tmp_path / "only")


def play(project: Checkout, script: str, **env: str) -> Answer:
    import subprocess

    done = subprocess.run(
        ["/bin/sh", script],
        cwd=project.main,
        env=environment(FAIRWAY_BIN=BIN, **env),
        capture_output=True,
        text=True,
        timeout=60,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


# --- what a bundle says ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["md", "json"])
def test_a_bundle_is_the_same_to_the_byte(
    form: str, tmp_path: Path, run_folder: str, request: pytest.FixtureRequest
) -> None:
    words = ["B-1", *(["--pretty"] if form == "json" else [])]
    here = run_tool("evidence-bundle", *words, "--from", run_folder, cwd=str(tmp_path))
    env = {"TZ": "Asia/Tokyo", "LANG": "de_DE.UTF-8", "PYTHONHASHSEED": "7"}
    there = run_tool("evidence-bundle", *words, "--from", ".", cwd=run_folder, env=env)
    folder = os.path.join(HOME, "tests", "goldens", "utilities", "evidence-bundle")
    if request.config.getoption("--update-golden"):
        write_file(folder, f"run.{form}", here.out)
    with open(os.path.join(folder, f"run.{form}"), encoding="utf-8") as file:
        assert here.out == file.read()
    assert (there.code, there.out) == (0, here.out)


def test_no_project_and_no_store_is_needed_to_look(tmp_path: Path, run_folder: str) -> None:
    answer = run_tool("evidence-bundle", "B-1", "--from", run_folder, cwd=str(tmp_path))
    assert answer.code == 0
    assert os.listdir(tmp_path) == ["run"]


def test_every_file_is_in_the_manifest_with_its_size_and_hash_sorted_by_path(
    project: Checkout, run_folder: str
) -> None:
    import hashlib

    manifest = bundle(project, run_folder)["manifest"]
    found = [entry["path"] for entry in manifest["artifacts"]]
    assert found == sorted(found)
    assert {"lint.log", "shots/ack.png", "web-tests.xml"} <= set(found)
    for entry in manifest["artifacts"]:
        with open(os.path.join(run_folder, entry["path"]), "rb") as file:
            data = file.read()
        assert (entry["sha256"], entry["size"]) == (hashlib.sha256(data).hexdigest(), len(data))


def test_each_result_says_where_it_comes_from(project: Checkout, run_folder: str) -> None:
    found = {
        row["command"]: (row["result"], row["result_from"])
        for row in bundle(project, run_folder)["manifest"]["commands"]
    }
    assert found == {
        "make lint": ("pass", "command list"),
        "pnpm --dir packages/web test": ("fail", "exit code"),
        "pytest tests/contract -q": ("pass", "JUnit report contract.xml"),
        "helm upgrade --install api charts/api": ("blocked", "command list"),
        "make smoke ENV=staging": ("pass", "exit code"),
        "deploy-packet": ("fail", "artifact"),
    }


def test_an_artifact_of_a_utility_without_a_result_is_in_the_manifest_only(project: Checkout, run_folder: str) -> None:
    found = bundle(project, run_folder)
    assert found["silent"] == ["gates.json"]
    given = bundle(project, run_folder, "--result", "partial")
    assert given["silent"] == []
    assert [row["result"] for row in given["manifest"]["commands"] if row["command"] == "gate-select"] == ["partial"]


def test_a_packet_of_a_build_says_its_result_itself(project: Checkout, tmp_path: Path) -> None:
    report = os.path.join(HOME, "tests", "samples", "ci-packet", "github-failed.json")
    run_tool("ci-packet", report, "--json", "--output", str(tmp_path / "ci.json"), cwd=project.main)
    (command,) = bundle(project, only(tmp_path, packet__json=(tmp_path / "ci.json").read_text()))["manifest"][
        "commands"
    ]
    assert (command["command"], command["result"], command["result_from"]) == ("ci-packet", "fail", "artifact")


FAILED_REPORT = '<?xml version="1.0"?><testsuite><testcase name="a"><failure/></testcase></testsuite>'


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.XML", FAILED_REPORT.encode()),
        ("a.xml", b"<j:testsuite xmlns:j='u'><j:testcase name='a'><j:failure/></j:testcase></j:testsuite>"),
        ("a.xml", FAILED_REPORT.encode("utf-16-le")),
        ("a.xml", FAILED_REPORT.replace("?>", f"?><!--{'x' * 70000}-->").encode()),
    ],
    ids=["ending", "namespace", "utf-16", "comment"],
)
def test_a_report_is_known_by_its_outermost_element(project: Checkout, tmp_path: Path, name: str, data: bytes) -> None:
    folder = only(tmp_path, b__log="x")
    with open(os.path.join(folder, name), "wb") as file:
        file.write(data)
    assert [row["result"] for row in bundle(project, folder)["manifest"]["commands"]] == ["fail"]


def test_xml_that_speaks_of_suites_is_no_report_for_it(project: Checkout, tmp_path: Path) -> None:
    folder = only(tmp_path, a__xml="<!-- <testsuite> --><coverage/>", b__exit="0", b__cmd="make")
    assert [row["command"] for row in bundle(project, folder)["manifest"]["commands"]] == ["make"]


def test_what_a_console_of_windows_wrote_is_an_exit_code(project: Checkout, tmp_path: Path) -> None:
    folder = only(tmp_path, a__log="x")
    for name, text in (("a.exit", "3\r\n"), ("a.cmd", "make\r\n")):
        with open(os.path.join(folder, name), "wb") as file:
            file.write(text.encode("utf-16"))
    (command,) = bundle(project, folder)["manifest"]["commands"]
    assert (command["command"], command["result"]) == ("make", "fail")


def test_files_inside_the_work_tree_are_named_from_its_top(project: Checkout) -> None:
    write_file(project.main, "dist/run/a.log", "x\n")
    write_file(project.main, "dist/other.txt", "y\n")
    answer = project.ok(
        "evidence-bundle", "B-1", "--from", "run", "--artifacts", "other.txt", "--json", cwd=f"{project.main}/dist"
    )
    manifest = answer.json["manifest"]
    assert manifest["root"] == "worktree"
    assert [entry["path"] for entry in manifest["artifacts"]] == ["dist/other.txt", "dist/run/a.log"]


def test_the_command_list_may_come_from_standard_input_or_a_file_of_json_lines(tmp_path: Path) -> None:
    lines = '{"command": "make test", "exit_code": 2, "seconds": 1.6, "artifact": "a.log", "notes": "a\\tb"}\n'
    folder = only(tmp_path, a__log="x", commands__jsonl=lines)
    answer = run_tool("evidence-bundle", "B-1", "--from", folder, "--json", cwd=str(tmp_path))
    (row,) = answer.json["manifest"]["commands"]
    assert (row["command"], row["result"], row["duration_seconds"], row["notes"]) == ("make test", "fail", 2, "a\tb")


# --- results are never guessed -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"commands__tsv": "-\t-\tmake test\n"}, "commands.tsv:1: make test: its result is not known"),
        ({"commands__tsv": "-\t-\tmake test\ta.log\n", "a__log": "x"}, "make test: its result is not known"),
        (
            {"commands__tsv": "pass\t-\tmake test\ta.log\n", "a__log": "x", "a__exit": "1\n"},
            "exit code a.exit says fail",
        ),
        ({"commands__tsv": "pass\t-\tmake\tnone.log\n"}, "the artifact none.log is not among the files"),
        ({"a__exit": "0\n"}, "a.exit: which command ended so is not known"),
        ({"a__xml": "<testsuites></testsuites>"}, "a.xml: has no case"),
    ],
)
def test_what_is_not_known_or_contradicts_itself_is_refused(
    project: Checkout, tmp_path: Path, files: dict[str, str], told: str
) -> None:
    answer = bundle(project, only(tmp_path, **files), code=1)
    assert answer.word == "invalid_document"
    assert told in answer.err


def test_a_list_that_disagrees_with_its_report_is_refused_with_both_sides(project: Checkout, run_folder: str) -> None:
    write_file(run_folder, "commands.tsv", "pass\t-\tpnpm test\tweb-tests.xml\n")
    answer = bundle(project, run_folder, code=1)
    assert "command list says pass, but JUnit report web-tests.xml says fail" in answer.err


def test_a_result_that_nothing_says_may_be_given(project: Checkout, tmp_path: Path) -> None:
    folder = only(tmp_path, commands__tsv="-\t-\tmake test\npass\t-\tmake lint\n")
    found = bundle(project, folder, "--result", "skipped")["manifest"]["commands"]
    assert [(row["result"], row["result_from"]) for row in found] == [("skipped", "RESULT"), ("pass", "command list")]


# --- malformed documents -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("files", "told"),
    [
        ({"commands__tsv": "pass\tmake test\n"}, "commands.tsv:1: has 2 fields"),
        ({"commands__tsv": "# c\n\nfine\t-\tmake test\n"}, "commands.tsv:3: the result 'fine' is none of"),
        ({"commands__tsv": "pass\tlong\tmake test\n"}, "commands.tsv:1: the duration 'long'"),
        ({"commands__tsv": "pass\t-\t \n"}, "commands.tsv:1: names no command"),
        ({"commands__jsonl": '{"command": "a", "result": "pass"\n'}, "commands.jsonl:1: not valid JSON"),
        ({"commands__jsonl": '{"command": "a", "result": "pass"}\n[1]\n'}, "commands.jsonl:2: is no JSON object"),
        ({"commands__jsonl": '{"command": "a", "verdict": "pass"}\n'}, "commands.jsonl:1: unknown key 'verdict'"),
        ({"commands__jsonl": '{"command": ["a"], "result": "pass"}\n'}, "commands.jsonl:1: command is no text"),
        ({"commands__jsonl": '{"command": "a", "command": "b", "result": "pass"}\n'}, "commands.jsonl:1: "),
        ({"commands__jsonl": '{"command": "a", "exit_code": "x"}\n'}, "the exit code 'x' is no number"),
        ({"a__exit": "done\n", "a__cmd": "make"}, "a.exit:1: 'done' is no exit code"),
        ({"a__xml": "<testsuite><testcase name='a'>"}, "a.xml:"),
        ({"a__xml": '<!DOCTYPE x [<!ENTITY y "z">]><testsuite name="a"/>'}, "a.xml:"),
    ],
)
def test_a_malformed_document_is_refused_with_its_place(
    project: Checkout, tmp_path: Path, files: dict[str, str], told: str
) -> None:
    answer = bundle(project, only(tmp_path, **files), code=1)
    assert answer.word == "invalid_document"
    assert told in answer.err


@pytest.mark.parametrize("name", ["commands.tsv", "commands.jsonl", "a.cmd"])
def test_bytes_that_are_no_text_are_refused(project: Checkout, tmp_path: Path, name: str) -> None:
    folder = only(tmp_path, a__exit="0\n", a__cmd="make\n")
    with open(os.path.join(folder, name), "wb") as file:
        file.write(b"pass\t-\tmake \xff\n")
    assert bundle(project, folder, code=1).word == "invalid_document"


def test_a_file_name_that_is_no_text_is_refused(project: Checkout, tmp_path: Path) -> None:
    folder = only(tmp_path, a__log="x")
    with open(os.path.join(os.fsencode(folder), b"\xff.log"), "wb"):
        pass
    answer = bundle(project, folder, code=2)
    assert (answer.word, "not UTF-8" in answer.err) == ("file_unavailable", True)


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["--from", "nowhere"], 3, "not_found"),
        (["--artifacts", "nowhere.log"], 3, "not_found"),
        (["--commands-file", "nowhere.tsv"], 3, "not_found"),
        ([], 2, "usage"),
        (["--from", ".", "--result", "good"], 2, "usage"),
        (["--from", ".", "--producer", "me"], 2, "usage"),
    ],
)
def test_a_call_that_names_nothing_usable_is_refused(project: Checkout, words: list[str], code: int, word: str) -> None:
    answer = project.run("evidence-bundle", "B-1", *words)
    assert (answer.code, answer.word) == (code, word), answer


# --- the script --------------------------------------------------------------------------------------------------


def hostile_run(tmp_path: Path) -> str:
    lines = [{"command": HOSTILE, "result": "pass", "artifact": f"{HOSTILE}/-rf\n.log", "notes": "@/etc/passwd"}]
    lines.append({"command": "--request-id=x", "result": "fail", "notes": f"line one\nline two {HOSTILE}"})
    folder = only(tmp_path, commands__jsonl="".join(json.dumps(line) + "\n" for line in lines))
    write_file(folder, f"{HOSTILE}/-rf\n.log", "x\n")
    return folder


def test_the_script_records_hostile_texts_as_they_are_and_runs_nothing_of_them(
    project: Checkout, tmp_path: Path
) -> None:
    folder = hostile_run(tmp_path)
    bundle(project, folder, "--output", folder + "/")
    answer = play(project, os.path.join(folder, "record-evidence.sh"))
    assert answer.code == 0, answer
    found = rows(project, "task_evidence", "B-1")
    assert [row["command_text"] for row in found] == [HOSTILE, "--request-id=x", "evidence-bundle B-1"]
    assert [row["result"] for row in found] == ["pass", "fail", "fail"]
    assert found[0]["artifact_path"] == f"{folder}/{HOSTILE}/-rf\n.log"
    assert found[0]["notes"] == " @/etc/passwd"
    assert found[1]["notes"] == f"line one\nline two {HOSTILE}"
    for place in (project.main, folder, str(tmp_path)):
        assert "pwned" not in os.listdir(place)


def test_the_script_records_the_same_rows_as_apply(project: Checkout, tmp_path: Path, run_folder: str) -> None:
    bundle(project, run_folder, "--output", run_folder + "/")
    assert play(project, os.path.join(run_folder, "record-evidence.sh")).code == 0
    (tmp_path / "second").mkdir()
    other = make_checkout(tmp_path / "second", queue_text(task("B-1")), lanes=[])
    bundle(other, run_folder, "--output", run_folder + "/", "--apply")
    names = ("command_text", "result", "artifact_path", "artifact_type", "artifact_sha256", "duration_seconds", "notes")
    one = [[row[name] for name in names] for row in rows(project, "task_evidence")]
    two = [[row[name] for name in names] for row in rows(other, "task_evidence")]
    assert [row[:-1] for row in one] == [row[:-1] for row in two]
    assert [row[-1] for row in one[:-1]] == [row[-1] for row in two[:-1]]  # the manifest's own note is of apply


def test_the_script_repeated_records_nothing_twice(project: Checkout, run_folder: str) -> None:
    bundle(project, run_folder, "--output", run_folder + "/")
    script = os.path.join(run_folder, "record-evidence.sh")
    assert play(project, script).code == 0
    before = rows(project, "task_evidence")
    assert play(project, script).code == 0
    assert rows(project, "task_evidence") == before
    assert bundle(project, run_folder, "--apply")["recorded"]["evidence"] == []


def test_the_script_stops_at_the_first_refusal(project: Checkout, run_folder: str) -> None:
    bundle(project, run_folder, "--output", run_folder + "/")
    os.unlink(os.path.join(run_folder, "lint.log"))
    assert play(project, os.path.join(run_folder, "record-evidence.sh")).code == 2
    assert rows(project, "task_evidence") == []


def test_output_names_a_file_or_a_folder_and_neither_becomes_part_of_the_bundle(
    project: Checkout, run_folder: str
) -> None:
    first = bundle(project, run_folder)
    assert bundle(project, run_folder, "--output", f"{run_folder}/m.json")["manifest"] == first["manifest"]
    with open(f"{run_folder}/m.json", encoding="utf-8") as file:
        assert json.load(file) == first["manifest"]
    assert bundle(project, run_folder, "--output", f"{run_folder}/m.json")["manifest"] == first["manifest"]
    assert stat.S_ISREG(os.stat(f"{run_folder}/m.sh").st_mode)


def test_a_manifest_of_a_run_outside_of_the_tree_has_to_lie_beside_it(
    project: Checkout, run_folder: str, tmp_path: Path
) -> None:
    answer = bundle(project, run_folder, "--output", str(tmp_path / "elsewhere.json"), code=2)
    assert (answer.word, f"OUTPUT={run_folder}/" in answer.err) == ("usage", True)


# --- apply -------------------------------------------------------------------------------------------------------


def test_apply_records_every_command_and_the_manifest_in_one_event(project: Checkout, run_folder: str) -> None:
    found = bundle(project, run_folder, "--apply")
    stored = rows(project, "task_evidence", "B-1")
    assert [row["id"] for row in stored] == found["recorded"]["evidence"]
    assert [row["result"] for row in stored] == ["pass", "fail", "pass", "blocked", "fail", "pass", "fail"]
    last = stored[-1]
    assert (last["artifact_type"], last["artifact_sha256"]) == ("evidence-manifest", found["manifest_sha256"])
    assert {row["producer"] for row in stored} == {"claim"}
    (event,) = events(project, "B-1", "evidence_recorded")
    assert event["rows"] == [["task_evidence", row["id"]] for row in stored]
    assert project.run("queue-verify").code == 0


def test_the_same_bundle_is_recorded_once(project: Checkout, run_folder: str) -> None:
    first = bundle(project, run_folder, "--apply")
    again = bundle(project, run_folder, "--apply")
    assert (again["recorded"]["evidence"], again["recorded"]["already"]) == ([], first["recorded"]["evidence"][-1])
    assert len(events(project, "B-1", "evidence_recorded")) == 1


def test_a_bundle_that_changed_by_one_byte_is_another_one(project: Checkout, run_folder: str) -> None:
    bundle(project, run_folder, "--apply")
    write_file(run_folder, "lint.log", "Ruff check .\nAll checks passed!\n")
    assert len(bundle(project, run_folder, "--apply")["recorded"]["evidence"]) == 7


def test_a_second_bundle_of_a_folder_leaves_the_manifest_of_the_first_alone(project: Checkout, run_folder: str) -> None:
    first = bundle(project, run_folder, "--apply")
    project.ok("queue-add", "B-NEXT", "--title", "Another", "--role", "B-ui")
    second = project.ok("evidence-bundle", "B-NEXT", "--from", run_folder, "--apply", "--json").json
    kept = sorted(name for name in os.listdir(run_folder) if name.startswith("evidence-manifest"))
    assert kept == [f"evidence-manifest-{second['manifest_sha256'][:16]}.json", "evidence-manifest.json"]
    assert second["manifest"]["artifacts"] == first["manifest"]["artifacts"], "neither manifest is in the bundle"
    assert project.ok("evidence-verify", "--all", "--json").json["counts"]["changed"] == 0


def test_undo_withdraws_the_whole_bundle_and_it_can_be_recorded_again(project: Checkout, run_folder: str) -> None:
    bundle(project, run_folder, "--apply")
    project.ok("queue-undo", "B-1")
    assert all(row["withdrawn_at"] for row in rows(project, "task_evidence"))
    assert len(bundle(project, run_folder, "--apply")["recorded"]["evidence"]) == 7


def test_a_refused_apply_records_nothing(project: Checkout, run_folder: str) -> None:
    answer = project.run("evidence-bundle", "NOPE", "--from", run_folder, "--apply")
    assert (answer.code, answer.word) == (3, "not_found")
    assert rows(project, "task_evidence") == []
    assert "evidence-manifest.json" not in os.listdir(run_folder)


def test_what_the_run_wrote_into_the_tree_makes_the_evidence_no_staler(project: Checkout) -> None:
    git(project.main, "add", "--all")
    shutil.copytree(SAMPLE, os.path.join(project.main, "dist"))
    bundle(project, f"{project.main}/dist", "--apply")
    assert {row["tree_dirty"] for row in rows(project, "task_evidence")} == {0}
    write_file(project.main, "other.py", "x = 1\n")
    write_file(project.main, "dist/lint.log", "again\n")
    bundle(project, f"{project.main}/dist", "--apply")
    assert rows(project, "task_evidence")[-1]["tree_dirty"] == 1


def test_a_repeated_request_gets_its_first_answer(project: Checkout, run_folder: str) -> None:
    first = bundle(project, run_folder, "--apply", "--request-id", "r-1")
    assert bundle(project, run_folder, "--apply", "--request-id", "r-1")["recorded"] == first["recorded"]


def test_make_takes_several_artifacts_one_a_line(project: Checkout) -> None:
    for name in ("a b.log", "c.log"):
        write_file(project.main, name, "x\n")
    words = ["TASK_ID=B-1", "ARTIFACTS=a b.log\nc.log", "COMMANDS_FILE=commands.tsv", "JSON=1"]
    write_file(project.main, "commands.tsv", "pass\t-\tmake test\ta b.log\n")
    answer = project.make("util-evidence-bundle", *words)
    assert [entry["path"] for entry in answer.json["manifest"]["artifacts"]] == ["a b.log", "c.log"]
    assert [row["artifact"] for row in answer.json["manifest"]["commands"]] == ["a b.log"]
