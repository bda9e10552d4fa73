"""What newcomers have stumbled over: each time the line that is printed leads on, with the caller's own values."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import pytest

from fairway_scripts.calls.typed_names import closest
from fairway_scripts.calls.variables import ALIASES, SWITCHES, VALUES, VARIABLE_ALIASES
from tests.support.repositories import git
from tests.support.shell import Answer, Checkout, make_checkout, queue_text, task

#: Flags whose name means something else as a variable of a shell or of a host's Makefile.
TOO_GENERAL = {"--path", "--name", "--id", "--db", "--session", "--transcript"}


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A project with a lane at work, in which nothing is done without a review, and no route asks for one."""
    made = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=["B-ui"], config=None)
    made.ok("fairway-init", "--lane", "B-ui", "--lane", "A-backend")
    made.ok("fairway-config", "set", "gates.require_review_before_done", "true")
    return made


def hint_of(answer: Answer) -> list[str]:
    line = next(line for line in answer.err.splitlines() if line.startswith("hint: "))
    return shlex.split(line.removeprefix("hint: "))


def test_a_review_that_only_the_gate_asks_for_is_asked_of_a_lane_that_the_caller_names(project: Checkout) -> None:
    """The hint led to a routing that asks nobody, which led back to it."""
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "bea")
    commit = project.commit("B-ui", "README.md", message="B-1: a word")
    routed = project.ok("queue-route-review", "B-1", "--ref", commit).out
    assert "no review is required" in routed
    (asked,) = [line for line in routed.splitlines() if line.startswith("gates.require_review_before_done asks")]
    line = f"make queue-route-review TASK_ID=B-1 REF={commit[:12]} REVIEWER_ROLE='<reviewer-role>' REASON='<reason>'"
    assert asked.endswith(line)
    project.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", "--commit", commit)
    handoff = ["--commands", "make test", "--results", "pass", "--changed-files", "README.md", "--branch", "agent/B-ui"]
    project.ok("queue-record-handoff", "B-1", "--owner", "bea", "--commit", commit, *handoff)
    step = project.ok("queue-task-detail", "B-1", "--json").json["next_step"]
    assert step["command"] == line
    assert step["why"].startswith("nobody has approved it")
    judged = project.run("queue-merge-ready", "B-1", "--ref", commit)
    assert line in judged.out + judged.err
    project.ok("queue-route-review", "B-1", "--ref", commit, "--reviewer-role", "A-backend", "--reason", "reads it")


def test_a_wrong_lane_is_told_with_the_line_of_the_right_one(project: Checkout) -> None:
    refused = project.run("queue-claim", "B-1", "--role", "A-backend", "--owner", "ann")
    assert refused.word == "wrong_lane"
    words = hint_of(refused)
    assert {"ROLE=B-ui", "OWNER=ann", "TASK_ID=B-1"} <= set(words)


def test_a_misspelt_lane_is_not_declared_but_corrected(project: Checkout) -> None:
    refused = project.run("queue-claim", "B-1", "--role", "B-iu", "--owner", "ann")
    assert refused.word == "not_found"
    assert {"ROLE=B-ui", "OWNER=ann", "TASK_ID=B-1"} <= set(hint_of(refused))


def test_a_task_that_was_added_by_mistake_leads_to_a_line_that_asks_what_to_change(project: Checkout) -> None:
    project.ok("queue-add", "B-9", "--role", "B-ui", "--title", "a mistake", "--acceptance", "none")
    refused = project.run("queue-undo", "B-9")
    assert refused.word == "undo_refused"
    assert hint_of(refused) == ["make", "queue-update", "TASK_ID=B-9", "TITLE=<title>"]


def test_every_other_name_of_a_flag_is_another_name_of_its_variable() -> None:
    """`--depends-on` was taken and `DEPENDS_ON=` was lost without a word."""
    lost = {
        flag
        for variable, flags in ALIASES.items()
        for flag in flags
        if (name := flag[2:].upper().replace("-", "_")) not in VARIABLE_ALIASES.get(variable, ())
        and name not in {*VALUES, *SWITCHES}
    }
    assert lost == TOO_GENERAL


@pytest.mark.parametrize("typed", ["DEPENDENCY", "DEPENDS", "DEPENDS_UPON", "ACCEPTANCES", "Depends_on"])
def test_another_ending_is_a_slip(typed: str) -> None:
    meant, _same = closest(typed, {"DEPENDENCIES", "DEPENDS_ON", "ACCEPTANCE", "TITLE", "TASK_ID"})
    assert meant in ("DEPENDENCIES", "DEPENDS_ON", "ACCEPTANCE")


def test_dependencies_are_kept_under_either_name(project: Checkout) -> None:
    added = project.make("queue-add", "TASK_ID=B-9", "ROLE=B-ui", "TITLE=x", "ACCEPTANCE=y", "DEPENDS_ON=B-1")
    assert added.code == 0, added
    assert project.ok("queue-task-detail", "B-9", "--json").json["dependencies"][0]["task_id"] == "B-1"


def test_a_second_lane_is_followed_by_its_own_first_task(project: Checkout) -> None:
    """It named the first lane of the configuration, whatever was declared."""
    folder = f"{project.main}-empty"
    git(project.main, "init", "--quiet", folder)
    project.ok("fairway-init", "--lane", "core", cwd=folder)
    assert "queue-add ROLE=docs" in project.ok("fairway-init", "--lane", "docs", cwd=folder).err


def test_what_is_not_committed_is_committed_before_the_checks_are_run_again(project: Checkout) -> None:
    """The page said to run the checks again, and said so again afterwards."""
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "bea")
    with open(os.path.join(project.lanes["B-ui"], "half.txt"), "w", encoding="utf-8") as file:
        file.write("half\n")
    project.ok("watcher-run", "--task-id", "B-1", "--command", "true", cwd=project.lanes["B-ui"])
    assert "commit what belongs to it, then run" in project.detail("B-1")["next_step"]["why"]


def test_a_lane_that_reads_a_review_is_no_disagreement(project: Checkout) -> None:
    """It was an error after each review-checkout, and the line for its distance merged into the wrong branch."""
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "bea")
    project.commit("B-ui", "a.txt", message="B-1: a")
    project.ok("worktree-setup", "--role", "A-backend")
    place = next(row for row in git(project.main, "worktree", "list").splitlines() if "A-backend" in row).split()[0]
    project.ok("review-checkout", "B-1", "--worktree", place)
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    found = project.ok("queue-git-check", "--json").json["findings"]
    mine = {row["word"]: row for row in found if row["lane"] == "A-backend"}
    assert mine["reviewing"]["level"] == "note"
    assert {row["fix"] for row in mine.values()} == {f"git -C {place} switch agent/A-backend"}
    levels = [
        row["level"] for row in project.ok("queue-doctor", "--json").json["findings"] if "review/" in row["message"]
    ]
    assert levels == ["note"]


@pytest.mark.parametrize(
    ("typed", "hint"),
    [
        (["TASKID=B-1", "ROLE=B-ui", "OWNER=bea"], "make queue-claim ROLE=B-ui OWNER=bea TASK_ID='<task-id>'"),
        (["TASK_ID=B-1", "ROLLE=B-ui", "OWNER=bea"], "make queue-claim TASK_ID=B-1 OWNER=bea ROLE='<role>'"),
    ],
)
def test_a_misspelt_variable_leaves_the_rest_of_the_line_typed(project: Checkout, typed: list[str], hint: str) -> None:
    assert set(hint_of(project.make("queue-claim", *typed))) == set(shlex.split(hint))


def test_a_word_that_is_none_of_a_list_is_asked_for_in_the_same_line(project: Checkout) -> None:
    refused = project.run("queue-set-status", "B-1", "--status", "finished", "--owner", "bea")
    assert {"TASK_ID=B-1", "STATUS=<status>", "OWNER=bea"} <= set(hint_of(refused))
    words = ["--reviewer-role", "A-backend", "--reviewer", "ann", "--status", "ok", "--commit", "HEAD"]
    refused = project.run("queue-record-review", "B-1", *words)
    assert {"STATUS=<status>", "REVIEWER=ann", "COMMIT=HEAD"} <= set(hint_of(refused))
