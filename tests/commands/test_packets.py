"""The packet tools: what they print, refuse, leave out and keep."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

import pytest

from tests.support.given_last import given_last
from tests.support.ready_made import ready_made
from tests.support.repositories import write_file
from tests.support.shell import HOME, Answer, Checkout, make_checkout, queue_text, task
from tests.support.stored import rows

NOW = {"FAIRWAY_NOW": "2026-11-21T08:00:00Z", "ACTOR": "tester"}
NOTES = "Context: alerts are lost\nDeliverables: an acknowledge button\nScope:\n- packages/web/a.ts\nInvariants: no API"
BUGFIX = [
    *["--root-cause", "token lost", "--owning-layer", "service", "--proof-command", "echo proof; true"],
    *["--regression-coverage", "unit test", "--residual-risk", "none"],
]
WATCH = [
    *["--watch-id", "W-1", "--owner-lane", "C-ops/watch", "--process", "CI of master", "--command", "ci status"],
    *["--expected-duration", "20m", "--success-condition", "green", "--failure-condition", "red"],
]
MAP = [
    *["--scope", "billing", "--current-owner", "A", "--target-owner", "B", "--migration-risk", "low"],
    *["--source-doc", "doc/a.md", "--source-doc", "doc/b.md"],
]
GUARD = ["--guard-intent", "no imports", "--graduation-criteria", "a quiet week", "--finding", "x imports y"]
SLICE = [
    *["--target-seam", "API", "--old-path", "cmd/api", "--new-path", "packages/api", "--proof-command", "make test"],
    *["--rollback-plan", "revert"],
]
GOLDEN = {
    "context": ("context-packet", ["B-1"]),
    "bugfix": ("bugfix-packet", ["B-1", *BUGFIX]),
    "watcher": ("watcher-packet", WATCH),
    "architecture-map": ("architecture-map-packet", ["B-1", *MAP]),
    "boundary-guard": ("boundary-guard-packet", ["B-1", *GUARD]),
    "vertical-slice": ("vertical-slice-packet", ["B-1", *SLICE]),
    "template": ("packet-template", ["boundary-guard", "B-1", "--field", "guard_intent=x", "--field", "mode=report",
                                     "--field", "graduation_criteria=y", "--field", "finding=a",
                                     "--field", "finding=b"]),
}  # fmt: skip


@pytest.fixture
def project() -> Checkout:
    """B-1 in progress with notes, checks, an open dependency's sibling, evidence and a handoff; B-2 is open."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    queue = queue_text(
        task("B-1", notes=NOTES, acceptance_checks=["pnpm test"]), task("B-2"), task("B-3", dependencies=["B-2"])
    )
    made = make_checkout(parent, queue, lanes=["B-ui"])
    lane = made.lanes["B-ui"]
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--branch", "agent/B-ui", env=NOW)
    made.ok(
        "session-upsert", "--session-id", "s-1", "--role", "B-ui", "--backend", "manual", "--task-id", "B-1", env=NOW
    )
    made.ok("queue-record-evidence", "B-1", "--command-text", "pnpm test", "--result", "pass", cwd=lane, env=NOW)
    return made


def call(project: Checkout, tool: str, *words: str, **env: str) -> Answer:
    return project.run(tool, *words, env={**NOW, **env})


# --- golden files: the same store and the same clock give the same bytes ---------------------------------------


@pytest.mark.parametrize("name", sorted(GOLDEN))
def test_a_packet_is_the_same_to_the_byte(project: Checkout, name: str, request: pytest.FixtureRequest) -> None:
    tool, words = GOLDEN[name]
    answer = call(project, tool, *words)
    assert (answer.code, call(project, tool, *words).out) == (0, answer.out), answer.err
    path = os.path.join(HOME, "tests", "goldens", "packets", f"{name}.md")
    if request.config.getoption("--update-golden"):
        write_file(os.path.dirname(path), os.path.basename(path), answer.out)
    with open(path, encoding="utf-8") as file:
        assert answer.out == file.read()


# --- what is missing ------------------------------------------------------------------------------------------


def test_every_missing_field_is_named_at_once_and_nothing_is_printed(project: Checkout) -> None:
    answer = call(project, "context-packet", "B-2")
    assert (answer.code, answer.word, answer.out) == (1, "packet_incomplete", "")
    assert all(name in answer.err for name in ("OWNER", "GOAL", "ACCEPTANCE", "--draft"))


def test_a_draft_marks_what_is_missing(project: Checkout) -> None:
    answer = call(project, "context-packet", "B-2", "--draft")
    assert answer.code == 0
    assert "TODO: GOAL" in answer.out
    assert "TODO: ACCEPTANCE" in answer.out


def test_a_draft_is_not_attached(project: Checkout) -> None:
    assert call(project, "context-packet", "B-2", "--draft", "--attach").word == "usage"


def test_an_unknown_task_is_not_found(project: Checkout) -> None:
    assert call(project, "context-packet", "B-9", "--goal", "x").code == 3


# --- where values come from -----------------------------------------------------------------------------------


def test_a_flag_beats_the_store_and_a_field_in_the_environment_is_somebody_elses(project: Checkout) -> None:
    stored = call(project, "context-packet", "B-1").out
    assert "an acknowledge button" in stored
    assert call(project, "context-packet", "B-1", GOAL="from outside", RISKS="x", OWNER="y").out == stored
    assert "\ntyped\n" in call(project, "context-packet", "B-1", "--goal", "typed").out


def test_a_call_of_the_older_script_says_everything_in_its_environment(project: Checkout) -> None:
    words = {"TASK_ID": "B-2", "OWNER": "B", "GOAL": "g", "ACCEPTANCE": "one\ntwo"}
    answer = call(project, "compat-call", "agent_context_packet.sh", **words)
    assert "- one\n- two\n" in answer.out


def test_through_make_only_typed_values_count(project: Checkout) -> None:
    answer = project.make("agent-context-packet", "TASK_ID=B-2", "OWNER=B", "GOAL=typed $(x) 'y'", "ACCEPTANCE=done",
                          env={**NOW, "RISKS": "of the shell"})  # fmt: skip
    assert answer.code == 0, answer.err
    assert "typed $(x) 'y'" in answer.out
    assert "- done" in answer.out
    assert "of the shell" not in answer.out


def test_a_watcher_packet_needs_no_project(tmp_path: Path) -> None:
    from tests.support.shell import run_tool

    answer = run_tool("watcher-packet", *WATCH, cwd=str(tmp_path), env=NOW)
    assert answer.code == 0, answer.err
    assert answer.out.startswith("# Watcher Packet: W-1\n")


def test_a_value_cannot_open_a_section_or_move_the_cursor(project: Checkout) -> None:
    out = call(project, "context-packet", "B-1", "--goal", "x\n## Acceptance\n\x1b[2Jy").out
    assert out.count("\n## Acceptance\n") == 1
    assert "\x1b" not in out


# --- length ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_long_packet_is_shortened_and_says_how_to_see_the_rest(project: Checkout, form: list[str]) -> None:
    words = ["context-packet", "B-1", "--goal", "g" * 9000, "--risk", "r" * 9000, *form]
    answer = call(project, *words)
    assert len(answer.out) < 10_000
    assert "context-packet B-1 --full" in answer.out
    assert "queue-task-detail TASK_ID=B-1 ALL=1" in answer.out
    full = call(project, *words, "--full").out
    assert "g" * 9000 in full
    assert "--full" not in full


def test_records_give_way_before_what_the_worker_has_to_know(project: Checkout) -> None:
    for number in range(12):
        call(project, "queue-record-evidence", "B-1", "--command-text", f"{number} " + "c" * 900, "--result", "pass")
    out = call(project, "context-packet", "B-1", "--goal", "g" * 2000).out
    assert len(out) < 10_000
    assert "g" * 2000 in out
    assert "11 ccc" in out  # the newest
    assert "more: make queue-task-detail TASK_ID=B-1 ALL=1" in out


# --- keeping --------------------------------------------------------------------------------------------------


def test_an_attached_packet_is_evidence_with_the_hash_of_what_was_printed(project: Checkout) -> None:
    answer = call(project, "context-packet", "B-1", "--attach")
    row = rows(project, "task_evidence", "B-1")[-1]
    assert (row["artifact_type"], row["artifact_sha256"]) == ("packet", hashlib.sha256(answer.out.encode()).hexdigest())
    with open(os.path.join(project.main, row["artifact_path"]), encoding="utf-8") as file:
        assert file.read() == answer.out


def test_output_goes_to_the_file_that_is_attached(project: Checkout, tmp_path: Path) -> None:
    target = tmp_path / "packet.md"
    answer = call(project, "context-packet", "B-1", "--attach", "--output", str(target))
    assert (answer.code, answer.out) == (0, "")
    assert rows(project, "task_evidence")[-1]["artifact_sha256"] == hashlib.sha256(target.read_bytes()).hexdigest()


def test_a_repeated_request_attaches_once_and_gives_the_first_packet(project: Checkout) -> None:
    words = ["bugfix-packet", "B-1", *BUGFIX, "--attach", "--run-proof", "--request-id", "r-1"]
    first = call(project, *words)
    count = len(rows(project, "task_evidence"))
    assert call(project, *words).out == first.out
    assert len(rows(project, "task_evidence")) == count


# --- bug fixes ------------------------------------------------------------------------------------------------


def test_the_proof_is_run_and_recorded_with_the_packet_in_one_event(project: Checkout) -> None:
    events = len(rows(project, "events"))
    answer = call(project, "bugfix-packet", "B-1", *BUGFIX, "--run-proof", "--attach")
    assert answer.code == 0, answer.err
    assert "## Proof Run" in answer.out
    proof, packet = rows(project, "task_evidence")[-2:]
    assert (proof["result"], proof["producer"], proof["command_text"]) == ("pass", "runner", "echo proof; true")
    assert "proof" in proof["notes"]
    assert packet["artifact_type"] == "packet"
    assert len(rows(project, "events")) == events + 1
    call(project, "queue-undo")
    assert all(row["withdrawn_at"] for row in rows(project, "task_evidence")[-2:])


@pytest.mark.parametrize(("command", "note"), [("exit 3", "exit code 3"), ("sleep 30 & wait", "stopped after 1s")])
def test_a_proof_that_fails_is_recorded_and_refused(project: Checkout, command: str, note: str) -> None:
    words = given_last(BUGFIX, ["--proof-command", command, "--run-proof", "--proof-timeout", "1s"])
    answer = call(project, "bugfix-packet", "B-1", *words)
    assert (answer.code, answer.word) == (1, "proof_failed")
    row = rows(project, "task_evidence")[-1]
    assert row["result"] == "fail"
    assert row["notes"].startswith(note)


@pytest.mark.parametrize(
    ("follow_up", "code"), [("", 1), ("someday", 1), ("B-1", 1), ("B-2", 0), ("see B-2, please", 0)]
)
def test_deferred_coverage_needs_a_task_that_is_open(project: Checkout, follow_up: str, code: int) -> None:
    words = given_last(BUGFIX, ["--regression-coverage", "deferred: no harness", "--follow-up", follow_up])
    assert call(project, "bugfix-packet", "B-1", *words).code == code


@pytest.mark.parametrize(("pack", "code"), [("", 1), ("no-such", 1), ("terminal", 0)])
def test_a_workflow_fix_names_a_pack_that_exists(project: Checkout, pack: str, code: int) -> None:
    write_file(project.main, "doc/governance/Workflow_Regression_Packs.yaml", "packs:\n- id: terminal\n")
    words = given_last(BUGFIX, ["--owning-layer", "release workflow", "--workflow-pack", pack])
    assert call(project, "bugfix-packet", "B-1", *words).code == code


# --- templates ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", [["vertical-slice", "B-1"], ["vertical-slice", "--task-id", "B-1"],
                                   ["--template", "vertical-slice", "B-1"]])  # fmt: skip
def test_a_template_and_its_task_are_named_either_way(project: Checkout, words: list[str]) -> None:
    assert call(project, "packet-template", *words, "--draft").out.startswith("# Vertical Slice Packet: B-1\n")


def test_a_template_refuses_unknown_fields_and_names_what_is_missing(project: Checkout) -> None:
    assert call(project, "packet-template", "boundary-guard", "--field", "nonsense=1").word == "usage"
    answer = call(project, "packet-template", "boundary-guard", "--field", "mode= ")
    assert answer.word == "packet_incomplete"
    assert all(name in answer.err for name in ("GUARD_INTENT", "MODE", "GRADUATION_CRITERIA"))


def test_an_unknown_template_names_the_known_ones(project: Checkout) -> None:
    answer = call(project, "packet-template", "nonsense")
    assert answer.code == 3
    assert "vertical-slice" in answer.err
