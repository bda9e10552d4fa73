"""evidence-verify: every artifact is hashed again, wherever it lies."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import git, write_file
from tests.support.shell import HOME, Answer, Checkout, make_checkout, queue_text, run_tool, task
from tests.support.stored import rows

SAMPLE = os.path.join(HOME, "tests", "samples", "evidence-bundle", "run")


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2")), lanes=["B-ui", "A-backend"])
    made.ok("queue-ready")
    return made


def record(project: Checkout, artifact: str, *, cwd: str = "", task_id: str = "B-1") -> None:
    words = ["--command-text", "make", "--result", "pass", "--artifact", artifact]
    project.ok("queue-record-evidence", task_id, *words, cwd=cwd)


def verify(project: Checkout, *words: str, cwd: str = "") -> tuple[Answer, list[dict[str, Any]]]:
    answer = project.run("evidence-verify", *(words or ("B-1",)), "--json", cwd=cwd)
    assert answer.out, answer
    return answer, answer.json["artifacts"]


def status(project: Checkout, *words: str) -> tuple[int, list[tuple[str, str]]]:
    answer, found = verify(project, *words)
    return answer.code, [(row["status"], row["where"]) for row in found]


def flip(path: str, at: int) -> None:
    with open(path, "r+b") as file:
        file.seek(at)
        byte = file.read(1)
        file.seek(at)
        file.write(bytes([byte[0] ^ 1]))


def test_an_artifact_that_is_as_it_was_is_found_in_the_worktree_of_its_lane(project: Checkout) -> None:
    write_file(project.lanes["B-ui"], "out.log", "x\n")
    record(project, "out.log", cwd=project.lanes["B-ui"])
    assert status(project) == (0, [("ok", "lane B-ui")])


@pytest.mark.parametrize("at", [0, 4999, 9999])
def test_one_byte_that_changed_is_caught_wherever_it_is(project: Checkout, at: int) -> None:
    path = os.path.join(project.main, "big.bin")
    with open(path, "wb") as file:
        file.write(os.urandom(10000))
    record(project, "big.bin")
    assert status(project) == (0, [("ok", "main checkout")])
    flip(path, at)
    answer, found = verify(project)
    assert (answer.code, answer.word) == (1, "evidence_changed")
    assert found[0]["status"] == "changed"
    assert found[0]["found_sha256"] != found[0]["sha256"]


def test_a_change_of_the_lanes_own_copy_is_caught_even_when_another_tree_has_it_unchanged(project: Checkout) -> None:
    for place in (project.main, project.lanes["B-ui"]):
        write_file(place, "out.log", "x\n")
    record(project, "out.log", cwd=project.lanes["B-ui"])
    flip(os.path.join(project.lanes["B-ui"], "out.log"), 0)
    assert status(project) == (1, [("changed", "lane B-ui")])


def test_a_file_that_is_gone_is_missing(project: Checkout) -> None:
    write_file(project.main, "out.log", "x\n")
    record(project, "out.log")
    os.unlink(os.path.join(project.main, "out.log"))
    assert status(project) == (1, [("missing", "")])


def test_a_folder_in_the_place_of_a_file_is_unreadable(project: Checkout) -> None:
    write_file(project.main, "out.log", "x\n")
    record(project, "out.log")
    os.unlink(os.path.join(project.main, "out.log"))
    os.mkdir(os.path.join(project.main, "out.log"))
    assert status(project) == (1, [("unreadable", "main checkout")])


def test_a_web_address_is_not_checked(project: Checkout) -> None:
    record(project, "https://ci.example.org/1")
    assert status(project) == (0, [("address", "")])


def test_a_committed_artifact_that_left_the_tree_is_found_in_its_commit(project: Checkout) -> None:
    commit = project.commit("B-ui", "report.md", "x\n")
    record(project, "report.md", cwd=project.lanes["B-ui"])
    git(project.lanes["B-ui"], "rm", "--quiet", "report.md")
    git(project.lanes["B-ui"], "commit", "--quiet", "-m", "gone")
    assert status(project) == (0, [("ok", f"commit {commit[:12]}")])


def test_an_artifact_that_a_later_commit_replaced_is_found_in_its_commit(project: Checkout) -> None:
    commit = project.commit("B-ui", "report.md", "x\n")
    record(project, "report.md", cwd=project.lanes["B-ui"])
    project.commit("B-ui", "report.md", "y\n")
    assert status(project) == (0, [("ok", f"commit {commit[:12]}")])


def test_an_uncommitted_change_of_a_committed_artifact_is_caught(project: Checkout) -> None:
    project.commit("B-ui", "report.md", "x\n")
    record(project, "report.md", cwd=project.lanes["B-ui"])
    write_file(project.lanes["B-ui"], "report.md", "z\n")
    assert status(project) == (1, [("changed", "lane B-ui")])


def test_withdrawn_evidence_and_evidence_without_an_artifact_are_left_out(project: Checkout) -> None:
    write_file(project.main, "out.log", "x\n")
    record(project, "out.log")
    project.ok("queue-undo", "B-1")
    project.ok("queue-record-evidence", "B-1", "--command-text", "make", "--result", "pass")
    assert status(project) == (0, [])


def test_all_looks_at_every_task(project: Checkout) -> None:
    write_file(project.main, "out.log", "x\n")
    record(project, "out.log")
    record(project, "out.log", task_id="B-2")
    _answer, found = verify(project, "--all")
    assert [row["task_id"] for row in found] == ["B-1", "B-2"]


def test_every_entry_of_a_recorded_manifest_is_checked(project: Checkout, tmp_path: Path) -> None:
    folder = shutil.copytree(SAMPLE, str(tmp_path / "run"))
    project.ok("evidence-bundle", "B-1", "--from", folder, "--apply")
    answer, found = verify(project)
    assert answer.code == 0
    entries = [row["path"] for row in found if row["manifest"]]
    assert entries == sorted(
        os.path.relpath(os.path.join(top, name), folder)
        for top, _dirs, names in os.walk(folder)
        for name in names
        if name != "evidence-manifest.json"
    )
    for entry in entries:
        flip(os.path.join(folder, entry), 0)
        answer, found = verify(project)
        assert answer.code == 1
        assert {row["path"] for row in found if row["manifest"] and row["status"] != "ok"} == {entry}
        flip(os.path.join(folder, entry), 0)


def test_a_manifest_that_changed_is_caught_itself(project: Checkout, tmp_path: Path) -> None:
    folder = shutil.copytree(SAMPLE, str(tmp_path / "run"))
    project.ok("evidence-bundle", "B-1", "--from", folder, "--apply")
    path = os.path.join(folder, "evidence-manifest.json")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    write_file(folder, "evidence-manifest.json", text.replace('"lint.log"', '"deploy.json"', 1))
    _answer, found = verify(project)
    assert [row["status"] for row in found if row["path"] == path] == ["changed"]


def test_a_manifest_in_a_work_tree_is_checked_in_every_lane(project: Checkout) -> None:
    shutil.copytree(SAMPLE, os.path.join(project.lanes["B-ui"], "dist"))
    project.ok("evidence-bundle", "B-1", "--from", "dist", "--apply", cwd=project.lanes["B-ui"])
    answer, found = verify(project)
    assert answer.code == 0
    assert {row["where"] for row in found if row["manifest"]} == {"lane B-ui"}
    flip(os.path.join(project.lanes["B-ui"], "dist", "gates.json"), 3)
    answer, found = verify(project)
    assert [row["path"] for row in found if row["status"] == "changed"] == ["dist/gates.json"]


def test_a_manifest_that_lies_in_its_commit_only_has_its_entries_checked_there(project: Checkout) -> None:
    lane = project.lanes["B-ui"]
    shutil.copytree(SAMPLE, os.path.join(lane, "dist"))
    project.ok("evidence-bundle", "B-1", "--from", "dist", "--output", "dist/", cwd=lane)
    git(lane, "add", "--all", "--force")
    git(lane, "commit", "--quiet", "-m", "the run")
    project.ok("evidence-bundle", "B-1", "--from", "dist", "--output", "dist/", "--apply", cwd=lane)
    git(lane, "rm", "-r", "--quiet", "dist")
    git(lane, "commit", "--quiet", "-m", "gone")
    answer, found = verify(project)
    assert answer.code == 0
    assert len([row for row in found if row["manifest"]]) == 10
    assert {row["where"].split()[0] for row in found} == {"commit"}


def test_a_manifest_file_is_checked_without_a_store(tmp_path: Path) -> None:
    folder = shutil.copytree(SAMPLE, str(tmp_path / "run"))
    run_tool("evidence-bundle", "B-1", "--from", folder, "--output", f"{folder}/", cwd=str(tmp_path))
    moved = shutil.move(folder, str(tmp_path / "moved"))
    words = ("evidence-verify", "--manifest", f"{moved}/evidence-manifest.json")
    assert run_tool(*words, cwd=str(tmp_path)).code == 0
    flip(f"{moved}/shots/ack.png", 5)
    answer = run_tool(*words, cwd=str(tmp_path))
    assert (answer.code, answer.word) == (1, "evidence_changed")
    assert "shots/ack.png (changed)" in answer.err
    assert sorted(os.listdir(tmp_path)) == ["moved"]


def _manifest(**changes: Any) -> str:
    entry = {"path": "a", "sha256": "0" * 64, "size": 1}
    whole = {"schema": "evidence-manifest/1", "task_id": "B-1", "root": "folder", "commit": None, "artifacts": [entry]}
    return json.dumps({**whole, **changes})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "not valid JSON"),
        ("[]", "schema"),
        (_manifest(schema="other/1"), "schema"),
        (_manifest(root="elsewhere"), "root"),
        (_manifest(artifacts={}), "artifacts: is not a list"),
        (_manifest(artifacts=[1]), "artifacts[0]: is not an object"),
        (_manifest(artifacts=[{"path": "/etc/passwd", "sha256": "0" * 64, "size": 1}]), "artifacts[0].path"),
        (_manifest(artifacts=[{"path": "../a", "sha256": "0" * 64, "size": 1}]), "artifacts[0].path"),
        (_manifest(artifacts=[{"path": "a", "sha256": "x", "size": 1}]), "artifacts[0].sha256"),
        (_manifest(artifacts=[{"path": "a", "sha256": "0" * 64, "size": "big"}]), "artifacts[0].size"),
        (_manifest(artifacts=[{"path": "a", "sha256": "0" * 64, "size": 1}] * 2), "a second time"),
        (_manifest(commit=["x"]), "commit: is not text"),
        ("[" * 100 + "]" * 100, "nested deeper"),
    ],
)
def test_a_malformed_manifest_is_refused_with_the_place_of_its_fault(tmp_path: Path, text: str, told: str) -> None:
    write_file(str(tmp_path), "m.json", text)
    answer = run_tool("evidence-verify", "--manifest", "m.json", cwd=str(tmp_path))
    assert (answer.code, answer.word) == (1, "invalid_document")
    assert told in answer.err


def test_a_manifest_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "m.json").write_bytes(b'{"schema": "\xff"}')
    assert run_tool("evidence-verify", "--manifest", "m.json", cwd=str(tmp_path)).word == "invalid_document"


@pytest.mark.parametrize(("words", "code"), [([], 2), (["B-1", "--all"], 2), (["NOPE"], 3), (["--manifest", "no"], 3)])
def test_what_to_check_is_named_once_and_exists(project: Checkout, words: list[str], code: int) -> None:
    assert project.run("evidence-verify", *words).code == code


def test_the_answer_may_be_attached_and_says_what_it_found(project: Checkout) -> None:
    write_file(project.main, "out.log", "x\n")
    record(project, "out.log")
    flip(os.path.join(project.main, "out.log"), 0)
    assert project.run("evidence-verify", "B-1", "--attach", "B-2").code == 1
    (row,) = rows(project, "task_evidence", "B-2")
    assert (row["artifact_type"], row["result"], row["notes"]) == ("evidence-verify", "fail", "1 changed")


def test_looking_again_gives_the_same_bytes(project: Checkout) -> None:
    write_file(project.main, "out.log", "x\n")
    record(project, "out.log")
    env = {"TZ": "Asia/Tokyo", "LANG": "C", "PYTHONHASHSEED": "3"}
    first = project.run("evidence-verify", "--all")
    assert project.run("evidence-verify", "--all", env=env, cwd=project.lanes["A-backend"]).out == first.out
