"""A configuration that is not the project's own opens no gate, and every event says which one was in force."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

import pytest

from tests.support.repositories import write_file
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import rows, state

OWN = ".fairway/config.toml"
REVIEW = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved", "--commit", "HEAD")
GATED = [
    ("queue-set-status", "B-1", "--status", "done", "--owner", "B", "--commit", "HEAD"),
    ("queue-merge-ready", "B-1", "--ref", "HEAD"),
    ("queue-record-review", "B-1", *REVIEW),
    ("review-waive", "B-1", "--shape", "light", "--owner", "D", "--reason", "r"),
    ("queue-approve-run", "B-1", "--command-class", "checks", "--approved-by", "D", "--reason", "r"),
]


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    found = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    found.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    with open(os.path.join(found.main, OWN), encoding="utf-8") as file:
        text = file.read()
    weak = text.replace("require_evidence_before_done = true", "require_evidence_before_done = false")
    write_file(found.main, "weak.toml", weak.replace("require_review_before_done = true", ""))
    return found


def named(project: Checkout, how: str) -> tuple[tuple[str, ...], dict[str, str]]:
    path = os.path.join(project.main, "weak.toml")
    return (("--config", path), {}) if how == "--config" else ((), {"FAIRWAY_CONFIG": path})


@pytest.mark.parametrize("words", GATED, ids=lambda words: words[0])
def test_no_gate_opens_under_it(words: tuple[str, ...], project: Checkout) -> None:
    before = state(project, "B-1")
    _more, env = named(project, "FAIRWAY_CONFIG")
    answer = project.run(*words, env=env)
    assert (answer.code, answer.word) == (4, "config_foreign"), answer
    assert "configuration.accepted" in answer.err
    assert state(project, "B-1") == before


def test_a_finished_status_of_the_own_configuration_cannot_be_renamed_away(project: Checkout) -> None:
    write_file(
        project.main, "weak.toml", '[states]\nallowed = ["todo", "in_progress", "done", "gone"]\nterminal = ["gone"]\n'
    )
    _more, env = named(project, "FAIRWAY_CONFIG")
    assert project.run("queue-set-status", "B-1", "--status", "done", env=env).word == "config_foreign"
    project.ok("queue-ready", env=env)
    assert not rows(project, "task_state", "B-1")[0]["terminal"]
    project.ok("queue-verify")


def test_other_work_goes_on_and_says_so(project: Checkout) -> None:
    _more, env = named(project, "FAIRWAY_CONFIG")
    answer = project.ok("queue-record-evidence", "B-1", "--command-text", "c", "--result", "pass", env=env)
    assert "weak.toml is in force, not the project's own configuration" in answer.err


def test_the_own_configuration_may_accept_it(project: Checkout) -> None:
    path = os.path.join(project.main, OWN)
    with open(path, encoding="utf-8") as file:
        text = file.read()
    write_file(project.main, OWN, text + '\n[configuration]\naccepted = ["weak.*"]\n')
    _more, env = named(project, "FAIRWAY_CONFIG")
    answer = project.ok(*GATED[0], env=env)
    assert "not the project's own" not in answer.err
    assert state(project, "B-1")["status"] == "done"


def test_every_event_names_the_configuration_in_force_and_its_content(project: Checkout) -> None:
    _more, env = named(project, "FAIRWAY_CONFIG")
    project.ok("queue-record-evidence", "B-1", "--command-text", "c", "--result", "pass", env=env)
    found = {row["kind"]: json.loads(row["payload"])["config"] for row in rows(project, "events")}
    for kind, path in (("claimed", OWN), ("evidence_recorded", "weak.toml")):
        with open(os.path.join(project.main, path), "rb") as file:
            assert found[kind] == [path, hashlib.sha256(file.read()).hexdigest()[:16]]
    project.ok("queue-verify")
