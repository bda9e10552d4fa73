"""queue-undo: the caller's last change is taken back by another change, unless something was built on it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.shell import Answer, Checkout, finish, make_checkout, queue_text, start_tool, task

CLAIM = ("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
EVIDENCE = ("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass")
HANDOFF = (
    *("queue-record-handoff", "B-1", "--owner", "B", "--branch", "b", "--commit", "HEAD", "--commands", "c"),
    *("--results", "r", "--changed-files", "f"),
)
REVIEW = (
    *("queue-record-review", "B-1", "--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved"),
    *("--commit", "HEAD", "--note", "No findings."),
)
CHECKPOINT = ("checkpoint-record", "--task-id", "B-1", "--state", "active", "--summary", "half way")
DONE = ("queue-set-status", "B-1", "--status", "done", "--commit", "HEAD")
#: Columns of a state that undo leaves as they are after the change that it reverts.
MOVING = ("version", "fence", "updated_at")


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2", depends_on=["B-1"])), lanes=[], config=None)
    made.ok("queue-ready", env={"ACTOR": "importer"})
    return made


def tables(project: Checkout) -> Any:
    return json.loads(project.ok("queue-snapshot").out)["tables"]


def kept(project: Checkout) -> Any:
    """Every table but what is remembered of the queue file, whose time is noted once it has settled."""
    return {name: rows for name, rows in tables(project).items() if name != "queue_sources"}


def state(project: Checkout, task_id: str = "B-1") -> dict[str, Any]:
    return next(row for row in tables(project)["task_state"] if row["task_id"] == task_id)


def settled(project: Checkout) -> list[dict[str, Any]]:
    """The states, without what only ever grows."""
    return [{k: v for k, v in row.items() if k not in MOVING} for row in tables(project)["task_state"]]


def undo(project: Checkout, *arguments: str) -> Any:
    return project.ok("queue-undo", "--json", *arguments).json


def refused(project: Checkout, *arguments: str, word: str = "undo_refused") -> Answer:
    before = kept(project)
    answer = project.run("queue-undo", *arguments)
    assert (answer.code, answer.word) == ({"undo_refused": 4, "not_found": 3}[word], word), answer
    assert kept(project) == before
    return answer


STEPS = {
    "claim": ((), CLAIM, "claimed"),
    "release": ((CLAIM,), ("queue-release", "B-1"), "released"),
    "reclaim": ((CLAIM,), ("queue-reclaim", "B-1", "--force", "--reason", "gone"), "reclaimed"),
    "blocked": ((CLAIM,), ("queue-set-status", "B-1", "--status", "blocked", "--reason", "x"), "status_set"),
    "done": ((CLAIM,), DONE, "status_set"),
    "reopened": (
        (CLAIM, DONE),
        ("queue-set-status", "B-1", "--status", "todo", "--reopen", "--reason", "x"),
        "status_set",
    ),
    "evidence": ((CLAIM,), EVIDENCE, "evidence_recorded"),
    "handoff": ((CLAIM,), HANDOFF, "handoff_recorded"),
    "acknowledgement": ((CLAIM, HANDOFF), ("queue-ack-handoff", "B-1"), "handoff_acknowledged"),
    "review": ((CLAIM,), REVIEW, "reviewed"),
    "checkpoint": ((CLAIM,), CHECKPOINT, "checkpoint_recorded"),
    "review request": (
        (CLAIM,),
        ("queue-route-review", "B-1", "--ref", "HEAD", "--reviewer-role", "D-arch", "--reason", "x"),
        "review_routed",
    ),
}


@pytest.mark.parametrize(("before", "step", "kind"), STEPS.values(), ids=STEPS)
def test_everything_is_as_it_was_before_the_change(
    project: Checkout, before: tuple[tuple[str, ...], ...], step: tuple[str, ...], kind: str
) -> None:
    for arguments in before:
        project.ok(*arguments)
    was = settled(project)
    project.ok(*step)
    assert undo(project, "--reason", "wrong task")["kind"] == kind
    lease = {"lease_expires_at": None}  # renewed by undo itself, as by any command
    assert [row | lease for row in settled(project)] == [row | lease for row in was]
    project.ok("queue-verify")


def test_is_a_change_of_its_own_that_names_what_it_reverts(project: Checkout) -> None:
    project.ok(*CLAIM)
    count = len(tables(project)["events"])
    undo(project, "--reason", "wrong task")
    events = tables(project)["events"]
    assert len(events) == count + 1
    assert (events[-1]["kind"], events[-1]["reverts"], events[-1]["task_id"]) == ("undone", events[-2]["id"], "B-1")
    assert json.loads(events[-1]["payload"])["reason"] == "wrong task"
    history = [row for row in tables(project)["task_state_history"] if row["task_id"] == "B-1"]
    assert [(row["to_status"], row["command_source"], row["reason"]) for row in history] == [
        ("todo", "import", "import"),
        ("in_progress", "claim", "claim"),
        ("todo", "undo", "wrong task"),
    ]


def test_prints_what_is_as_it_was(project: Checkout) -> None:
    project.ok(*CLAIM)
    lines = project.ok("queue-undo").out.splitlines()
    assert lines[0].startswith("undone: claimed of B-1 (event ")
    assert "owner: B -> -" in lines
    assert "status: in_progress -> todo" in lines
    assert "fence: 1" in lines


def test_an_undone_claim_makes_the_task_ready_again_and_its_fence_void(project: Checkout) -> None:
    project.ok(*CLAIM)
    undo(project)
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-1"]
    again = project.ok(*CLAIM, "--json").json
    assert again["fence"] == 2
    assert project.run("queue-release", "B-1", "--fence", "1").word == "fence_outdated"


def test_an_undone_finish_holds_the_dependent_task_back_again(project: Checkout) -> None:
    project.ok(*CLAIM)
    project.ok(*DONE)
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-2"]
    undo(project)
    assert project.ok("queue-ready", "--format", "ids").out == ""


@pytest.mark.parametrize(
    ("step", "table"),
    [(EVIDENCE, "task_evidence"), (HANDOFF, "task_handoffs"), (REVIEW, "task_reviews"), (CHECKPOINT, "checkpoints")],
)
def test_a_record_is_withdrawn_and_stays(project: Checkout, step: tuple[str, ...], table: str) -> None:
    project.ok(*step)
    answer = undo(project)
    assert answer["withdrawn"] == [[table, 1]]
    rows = tables(project)[table]
    assert len(rows) == 1
    assert rows[0]["withdrawn_at"]


def test_withdrawn_evidence_opens_no_gate(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")))  # with the gates of the gpuaas preset
    project.ok(*EVIDENCE)
    undo(project)
    answer = project.run(*DONE)
    assert (answer.code, answer.word) == (1, "evidence_required")


def test_an_undone_acknowledgement_leaves_the_handoff_open(project: Checkout) -> None:
    project.ok(*HANDOFF)
    project.ok("queue-ack-handoff", "B-1", "--note", "seen")
    answer = undo(project)
    assert (answer["withdrawn"], answer["reopened"]) == ([], [["task_handoffs", 1]])
    row = tables(project)["task_handoffs"][0]
    assert [row[name] for name in ("acknowledged_at", "acknowledged_by", "acknowledged_note", "withdrawn_at")] == [
        None
    ] * 4


def test_an_undone_route_brings_the_earlier_requests_back(project: Checkout) -> None:
    def route(lane: str) -> None:
        project.ok("queue-route-review", "B-1", "--ref", "HEAD", "--reviewer-role", lane, "--reason", "x")

    def open_requests() -> list[str]:
        rows = tables(project)["review_requests"]
        return sorted(row["role"] for row in rows if not row["superseded_at"] and not row["withdrawn_at"])

    route("D-arch")
    assert open_requests() == ["D-arch"]
    route("E-governance")
    assert open_requests() == ["D-arch", "E-governance"]
    undo(project)
    assert open_requests() == ["D-arch"]
    undo(project)
    assert open_requests() == []


def test_one_after_the_other_back_to_the_beginning(project: Checkout) -> None:
    was = settled(project)
    for arguments in (CLAIM, EVIDENCE, HANDOFF, REVIEW, DONE):
        project.ok(*arguments)
    kinds = [undo(project)["kind"] for _ in range(5)]
    assert kinds == ["status_set", "reviewed", "handoff_recorded", "evidence_recorded", "claimed"]
    assert settled(project) == was
    refused(project, word="not_found")
    project.ok("queue-verify")


def test_only_the_callers_own_changes(project: Checkout) -> None:
    project.ok(*CLAIM, env={"ACTOR": "alice"})
    project.ok("queue-set-status", "B-2", "--status", "blocked", "--reason", "x", env={"ACTOR": "bob"})
    assert undo(project, "--actor", "alice")["task_id"] == "B-1"
    refused(project, "--actor", "alice", word="not_found")
    assert undo(project, "--actor", "bob")["task_id"] == "B-2"


def test_the_last_change_of_one_task_when_it_is_named(project: Checkout) -> None:
    project.ok(*CLAIM)
    project.ok("queue-set-status", "B-2", "--status", "blocked", "--reason", "x")
    assert undo(project, "B-1")["kind"] == "claimed"
    assert project.make("queue-undo", "TASK_ID=B-2", "REASON=oops").code == 0
    assert state(project, "B-2")["status"] == "todo"


def test_a_dry_run_shows_the_same_and_changes_nothing(project: Checkout) -> None:
    project.ok(*CLAIM)
    before = kept(project)
    shown = undo(project, "--dry-run")
    assert project.ok("queue-undo", "--dry-run").out.startswith("would undo: claimed of B-1")
    assert kept(project) == before
    assert {**shown, "dry_run": False} == undo(project)


def test_a_dry_run_refuses_what_the_real_one_would(project: Checkout) -> None:
    project.ok(*CLAIM, env={"ACTOR": "alice"})
    project.ok(*EVIDENCE, env={"ACTOR": "bob"})
    refused(project, "--actor", "alice", "--dry-run")


def test_a_repeated_request_undoes_once(project: Checkout) -> None:
    project.ok(*CLAIM)
    project.ok(*EVIDENCE)
    first = undo(project, "--request-id", "r1")
    assert undo(project, "--request-id", "r1") == first
    assert state(project)["status"] == "in_progress"


# --- what is refused --------------------------------------------------------------------------------------


def test_when_somebody_else_changed_the_task_since(project: Checkout) -> None:
    project.ok(*CLAIM, env={"ACTOR": "alice"})
    project.ok(*EVIDENCE, env={"ACTOR": "bob"})
    answer = refused(project, "--actor", "alice")
    assert "(evidence_recorded by bob) came after it" in answer.err
    assert "make queue-activity TASK_ID=B-1" in answer.err
    undo(project, "--actor", "bob")
    assert undo(project, "--actor", "alice")["kind"] == "claimed"


def test_when_a_dependent_task_was_claimed_on_the_strength_of_it(project: Checkout) -> None:
    project.ok(*CLAIM, env={"ACTOR": "alice"})
    project.ok(*DONE, env={"ACTOR": "alice"})
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", env={"ACTOR": "bob"})
    answer = refused(project, "--actor", "alice")
    assert "B-2 (in_progress) depends on it" in answer.err
    undo(project, "--actor", "bob")
    assert undo(project, "--actor", "alice")["status"] == "in_progress"


def test_not_when_the_dependent_task_had_moved_before(project: Checkout) -> None:
    project.ok("queue-set-status", "B-2", "--status", "blocked", "--reason", "x", env={"ACTOR": "bob"})
    project.ok(*CLAIM)
    project.ok(*DONE)
    assert undo(project)["status"] == "in_progress"


def test_an_import(project: Checkout) -> None:
    project.ok(*CLAIM)
    project.write_queue(queue_text(task("B-1"), task("B-2", depends_on=["B-1"]), task("B-3")))
    project.ok("queue-import")
    assert "definitions follow the queue file" in refused(project).err
    assert undo(project, "B-1")["kind"] == "claimed"


def test_an_import_in_passing_is_no_change_of_the_caller(project: Checkout) -> None:
    project.ok(*CLAIM)
    project.write_queue(queue_text(task("B-1"), task("B-2", depends_on=["B-1"]), task("B-3")))
    project.ok("queue-ready")
    assert undo(project)["kind"] == "claimed"


def test_a_pruning(project: Checkout) -> None:
    project.ok(*CLAIM)
    project.write_queue(queue_text(task("B-2")))
    project.ok("queue-prune-stale")
    refused(project)


def test_an_added_task(project: Checkout) -> None:
    project.ok("queue-add", "B-9", "--title", "Added", "--role", "B-ui")
    assert "a change of kind task_added stays" in refused(project).err


def test_nothing_to_undo(project: Checkout) -> None:
    answer = refused(project, "--actor", "nobody", word="not_found")
    assert "nobody has no change to undo" in answer.err


def test_a_task_that_does_not_exist(project: Checkout) -> None:
    project.ok(*CLAIM)
    refused(project, "B-99", word="not_found")


def test_an_outdated_fence(project: Checkout) -> None:
    project.ok(*CLAIM)
    answer = project.run("queue-undo", "--fence", "7")
    assert (answer.code, answer.word) == (4, "fence_outdated")


def test_of_two_undos_at_once_each_takes_a_change_of_its_own(project: Checkout) -> None:
    project.ok(*CLAIM)
    project.ok(*EVIDENCE)
    started = [start_tool("queue-undo", "--json", cwd=project.main) for _ in range(2)]
    answers = [finish(process) for process in started]
    assert sorted(answer.json["kind"] for answer in answers) == ["claimed", "evidence_recorded"]
    project.ok("queue-verify")
