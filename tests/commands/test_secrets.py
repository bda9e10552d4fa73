"""Evidence holds no secrets: what people type is refused with its place, what commands print is redacted."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.support.repositories import write_file
from tests.support.shell import GPUAAS_CONFIG, Checkout, make_checkout, queue_text, task
from tests.support.stored import rows

SECRET = "hunter" + "2x"
TYPED = f"export DB_PASSWORD={SECRET}"


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    return project


EVIDENCE = ("queue-record-evidence", "B-1", "--result", "pass")
HANDOFF = ("queue-record-handoff", "B-1", "--owner", "B", "--branch", "b", "--commit", "HEAD", "--changed-files", "f")
REVIEW = ("queue-record-review", "B-1", "--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved")


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ((*EVIDENCE, "--command-text", TYPED), "COMMAND_TEXT"),
        ((*EVIDENCE, "--command-text", "t", "--notes", f"one\n{TYPED}"), "NOTES:2"),
        ((*HANDOFF, "--commands", TYPED, "--results", "r"), "COMMANDS"),
        ((*HANDOFF, "--commands", "c", "--results", TYPED), "RESULTS"),
        ((*HANDOFF, "--commands", "c", "--results", "r", "--next-step", TYPED), "NEXT_STEP"),
        ((*REVIEW, "--commit", "HEAD", "--note", TYPED), "NOTE"),
        (("queue-set-status", "B-1", "--status", "blocked", "--blocked-reason", TYPED), "BLOCKED_REASON"),
        (("checkpoint-record", "--track-id", "t", "--state", "active", "--summary", TYPED), "SUMMARY"),
        (("watcher-run", "--task-id", "B-1", "--command", TYPED), "COMMAND"),
        (("queue-release", "B-1", "--reason", TYPED, "--actor", "bea"), "REASON"),
    ],
    ids=lambda value: value if isinstance(value, str) else value[0],
)
def test_a_secret_that_is_typed_is_refused_with_its_field_and_nothing_is_stored(
    project: Checkout, words: tuple[str, ...], field: str
) -> None:
    answer = project.run(*words)
    assert (answer.code, answer.word) == (1, "secret_found"), answer
    assert f"{field} holds what looks like a secret (named-secret); nothing was recorded" in answer.err
    assert SECRET not in answer.err + answer.out
    with open(project.store, "rb") as file:
        assert SECRET.encode() not in file.read()
    log = f"{project.store}-wal"
    if os.path.exists(log):
        with open(log, "rb") as file:
            assert SECRET.encode() not in file.read()


def test_the_refusal_names_the_line_that_allows_what_is_no_secret(project: Checkout, tmp_path: Path) -> None:
    answer = project.run(*EVIDENCE, "--command-text", TYPED)
    entry = answer.err.split("[secrets] ")[1].strip()
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read()
    write_file(str(tmp_path), "config.toml", f"{text}\n[secrets]\n{entry}\n")
    other = make_checkout(
        tmp_path, queue_text(task("B-1")), config=str(tmp_path / "config.toml"), name="other", lanes=[]
    )
    assert other.run(*EVIDENCE, "--command-text", TYPED).code == 0


def test_an_artifact_with_a_secret_is_refused_with_file_and_line(project: Checkout) -> None:
    write_file(project.main, "logs/unit.log", f"fine\nalso fine\n{TYPED}\n")
    answer = project.run(*EVIDENCE, "--command-text", "t", "--artifact-path", "logs/unit.log")
    assert (answer.code, answer.word) == (1, "secret_found")
    assert "logs/unit.log:3 holds" in answer.err
    bundle = project.run("evidence-bundle", "B-1", "--artifacts", "logs/unit.log", "--result", "pass", "--apply")
    assert (bundle.word, rows(project, "task_evidence")) == ("secret_found", [])


def test_a_file_that_is_no_text_is_said_not_to_be_searched(project: Checkout) -> None:
    write_file(project.main, "x.tar", b"\0" * 600 + TYPED.encode())
    answer = project.ok(*EVIDENCE, "--command-text", "t", "--artifact-path", "x.tar")
    assert "x.tar is no text: it was not searched for secrets" in answer.err


def test_hashes_ids_and_pictures_are_taken(project: Checkout) -> None:
    digest, commit = "ab12" * 16, "3993e614" * 5
    write_file(project.main, "page.html", f"<img src='data:image/png;base64,{'iVBORw0KGgo' * 500}'>\nsha256:{digest}\n")
    words = ("--command-text", f"git show {commit}", "--notes", f"sha256:{digest} token store is done")
    assert project.run(*EVIDENCE, *words, "--artifact-path", "page.html").code == 0


def test_what_a_watched_command_prints_is_kept_without_its_secrets(project: Checkout) -> None:
    write_file(project.lanes["B-ui"], "say.sh", 'echo fine; echo password=hunter2""x; echo done\n')
    answer = project.ok("watcher-run", "--task-id", "B-1", "--json", "--", "sh", "say.sh", cwd=project.lanes["B-ui"])
    with open(answer.json["log"], encoding="utf-8") as file:
        log = file.read()
    assert "fine\npassword=[redacted: named-secret]\ndone\n" in log
    assert SECRET not in log + answer.out
    (row,) = rows(project, "task_evidence")
    assert f"redacted in {os.path.basename(answer.json['log'])}: named-secret in line" in row["notes"]
    assert project.run("evidence-verify", "B-1").code == 0, "the digest is that of the file as it is kept"
