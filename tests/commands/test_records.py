"""queue-record-evidence, queue-record-handoff and queue-ack-handoff."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.catalog.tool import EVIDENCE
from tests.support.given_last import given_last
from tests.support.payloads import CANARY, LONG, NOT_TEXT, PAYLOADS
from tests.support.ready_made import ready_made
from tests.support.repositories import git, head, write_file
from tests.support.shell import Answer, Checkout, make_checkout, queue_text, run_tool, task
from tests.support.stored import events, rows, state

TEXTS = {name: text for name, text in PAYLOADS.items() if name not in NOT_TEXT and text}


@pytest.fixture
def project() -> Checkout:
    """A task of B-ui, open, and one that is finished; B-ui has a worktree."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    queue = queue_text(task("B-1"), task("B-2", status="done", owner="B", commit="abc", completed_at="2026-05-04"))
    made = make_checkout(parent, queue, lanes=["B-ui"])
    made.ok("queue-ready")
    return made


def prove(project: Checkout, *more: str, cwd: str = "", **env: str) -> Answer:
    """Record a pass for B-1 with some more flags."""
    words = ("B-1", "--command-text", "pnpm test", "--result", "pass", "--json")
    return project.run("queue-record-evidence", *given_last(words, more), cwd=cwd, env=env)


def hand_over(project: Checkout, *more: str, **env: str) -> Answer:
    """Record a complete handoff of B-1; flags that are given again win."""
    words = ["B-1", "--owner", "B", "--branch", "agent/B-ui", "--commit", "agent/B-ui", "--commands", "pnpm test"]
    words += ["--results", "all green", "--changed-files", "packages/web/a.ts", "--json"]
    return project.run("queue-record-handoff", *given_last(words, more), env=env)


@pytest.mark.parametrize("name", EVIDENCE)
def test_whatever_is_said_of_evidence_is_kept_and_shown(project: Checkout, name: str) -> None:
    """Each row of the table of what a call may say, by whoever adds the next one."""
    flag = "--" + name.lower().replace("_", "-")
    assert prove(project, flag, "ann", "--actor", "zoe").json[name.lower()] == "ann"
    assert project.detail("B-1")["evidence"][0][name.lower()] == "ann"
    assert f"{EVIDENCE[name][2]} ann" in project.ok("queue-task-detail", "B-1").out
    assert f"{EVIDENCE[name][2]} ann" in project.ok("context-packet", "B-1", "--draft").out


# --- evidence: what was tested ----------------------------------------------------------------------------


def test_evidence_is_bound_to_the_commit_and_branch_of_the_worktree_it_is_recorded_in(project: Checkout) -> None:
    commit = project.commit("B-ui", "packages/web/a.ts")
    in_lane = prove(project, cwd=project.lanes["B-ui"]).json
    assert (in_lane["commit_sha"], in_lane["branch"], in_lane["tree_dirty"]) == (commit, "agent/B-ui", False)
    in_main = prove(project).json
    assert (in_main["commit_sha"], in_main["branch"]) == (head(project.main), "master")


def test_evidence_recorded_from_a_subfolder_means_the_same_worktree(project: Checkout) -> None:
    commit = project.commit("B-ui", "packages/web/a.ts")
    recorded = prove(project, cwd=os.path.join(project.lanes["B-ui"], "packages", "web")).json
    assert (recorded["commit_sha"], recorded["tree_dirty"]) == (commit, False)


def test_uncommitted_changes_are_recorded_and_mentioned(project: Checkout) -> None:
    write_file(project.lanes["B-ui"], "scratch", "")
    answer = prove(project, cwd=project.lanes["B-ui"])
    assert answer.json["tree_dirty"] is True
    assert "counts as stale" in answer.err
    assert rows(project, "task_evidence")[0]["tree_dirty"] == 1


def test_a_commit_can_be_named_and_a_short_id_is_resolved(project: Checkout) -> None:
    commit = project.commit("B-ui", "a")
    write_file(project.main, "scratch", "")
    answer = prove(project, "--commit", commit[:8])
    assert (answer.json["commit_sha"], answer.json["branch"], answer.json["tree_dirty"]) == (commit, None, False)
    assert "whether the tree was exactly" in answer.err
    here = prove(project, "--commit", "HEAD", cwd=project.lanes["B-ui"]).json
    assert here["branch"] == "agent/B-ui"


@pytest.mark.parametrize("commit", ["0" * 40, "deadbeef", "--all", "no/such", "a\nb"])
def test_a_commit_that_git_does_not_know_is_refused_and_nothing_is_recorded(project: Checkout, commit: str) -> None:
    answer = prove(project, f"--commit={commit}")
    assert (answer.code, answer.word) == (3, "not_found")
    assert rows(project, "task_evidence") == []


def test_before_the_first_commit_there_is_no_commit_to_name(tmp_path: Path) -> None:
    fresh = str(tmp_path / "fresh")
    git(str(tmp_path), "init", "--quiet", "--initial-branch=master", fresh)
    write_file(fresh, "queue.yaml", queue_text(task("B-1")))
    answer = run_tool(
        "queue-record-evidence",
        *["B-1", "--command-text", "t", "--result", "pass", "--queue-file", "queue.yaml", "--json"],
        cwd=fresh,
    )
    assert (answer.json["commit_sha"], answer.json["branch"], answer.json["tree_dirty"]) == (None, "master", True)


def test_outside_git_evidence_names_no_commit_and_says_so(tmp_path: Path) -> None:
    write_file(str(tmp_path), "queue.yaml", queue_text(task("B-1")))
    answer = run_tool(
        "queue-record-evidence",
        *["B-1", "--command-text", "t", "--result", "pass", "--queue-file", "queue.yaml", "--json"],
        cwd=str(tmp_path),
    )
    assert (answer.code, answer.json["commit_sha"], answer.json["branch"]) == (0, None, None)
    assert "names no commit" in answer.err


# --- evidence: the artifact -------------------------------------------------------------------------------


def test_an_artifact_is_recorded_with_its_hash_and_size_and_does_not_make_the_tree_dirty(project: Checkout) -> None:
    lane = project.lanes["B-ui"]
    write_file(lane, "out/log.txt", "all green\n")
    recorded = prove(project, "--artifact-path", "log.txt", "--artifact-type", "command_log", cwd=f"{lane}/out").json
    assert recorded["artifact_path"] == "out/log.txt"
    assert recorded["artifact_sha256"] == hashlib.sha256(b"all green\n").hexdigest()
    assert (recorded["artifact_size"], recorded["artifact_type"]) == (10, "command_log")
    assert recorded["tree_dirty"] is False


def test_an_artifact_outside_the_worktree_is_named_in_full(project: Checkout) -> None:
    parent = os.path.dirname(project.main)
    write_file(parent, "elsewhere.log", "")
    recorded = prove(project, "--artifact", "../elsewhere.log").json
    assert recorded["artifact_path"] == os.path.join(parent, "elsewhere.log")
    assert recorded["artifact_size"] == 0


def test_an_artifact_on_the_web_is_recorded_without_a_hash(project: Checkout) -> None:
    recorded = prove(project, "--artifact-path", "https://ci.example.org/jobs/7").json
    assert (recorded["artifact_path"], recorded["artifact_sha256"]) == ("https://ci.example.org/jobs/7", None)


@pytest.mark.parametrize(("artifact", "said"), [("absent.log", "No such file"), ("doc", "is not a file")])
def test_an_artifact_that_cannot_be_read_is_refused(project: Checkout, artifact: str, said: str) -> None:
    answer = prove(project, "--artifact-path", artifact)
    assert (answer.code, answer.word) == (2, "file_unavailable")
    assert said in answer.err
    assert rows(project, "task_evidence") == []


def test_a_pipe_as_artifact_is_refused_instead_of_waited_for(project: Checkout) -> None:
    os.mkfifo(os.path.join(project.main, "pipe"))
    assert prove(project, "--artifact-path", "pipe").word == "file_unavailable"


# --- evidence: its words ----------------------------------------------------------------------------------


def test_everything_that_is_given_is_kept(project: Checkout) -> None:
    more = ("--duration-seconds", "312", "--notes", "slow today", "--producer", "runner", "--actor", "ci-7")
    recorded = prove(project, *more).json
    (row,) = rows(project, "task_evidence")
    assert (row["duration_seconds"], row["notes"], row["producer"], row["recorded_by"]) == (
        312,
        "slow today",
        "runner",
        "ci-7",
    )
    assert {name: value for name, value in recorded.items() if name in row} == {
        name: bool(value) if name == "tree_dirty" else value for name, value in row.items() if name in recorded
    }


def test_the_text_answer_begins_with_what_happened(project: Checkout) -> None:
    answer = project.ok("queue-record-evidence", "B-1", "--command-text", "a\nb", "--result", "fail")
    first, *rest = answer.out.splitlines()
    assert first == "recorded evidence 1 for B-1: fail"
    assert "command_text: a\\nb" in rest


RUNNER = ("--command-text", "t", "--result", "pass", "--producer", "runner")


@pytest.mark.parametrize("actor", ["bea", "BEA ", "\uff42ea"])
def test_a_claimant_does_not_type_the_record_of_a_runner(project: Checkout, actor: str) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    answer = project.run("queue-record-evidence", "B-1", *RUNNER, "--actor", actor)
    assert (answer.code, answer.word, rows(project, "task_evidence")) == (4, "self_review", [])
    assert "COMMAND='<command>'" in answer.err


@pytest.mark.parametrize("env", [{}, {"FAIRWAY_SESSION_ID": "s-1"}], ids=["login", "session"])
def test_nor_does_the_login_or_the_session_that_has_claimed_it(project: Checkout, env: dict[str, str]) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=env)
    named = ["--actor", "ci"] if env else []
    answer = project.run("queue-record-evidence", "B-1", *RUNNER, *named, env=env)
    assert (answer.code, answer.word) == (4, "self_review")
    assert (
        project.run("evidence-bundle", "B-1", "--artifacts", __file__, *RUNNER[2:], *named, "--apply", env=env).code
        == 4
    )
    assert rows(project, "task_evidence") == []


def test_a_record_of_our_own_runner_names_it_and_a_typed_one_does_not(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    project.ok("watcher-run", "--task-id", "B-1", "--command", "true", "--actor", "bea")
    project.ok("queue-record-evidence", "B-1", *RUNNER, "--actor", "ci-7")
    assert [(row["producer"], row["run_by"]) for row in rows(project, "task_evidence")] == [
        ("runner", "watcher-run"),
        ("runner", None),
    ]
    assert "runner, says ci-7" in project.ok("queue-task-detail", "B-1").out


def test_a_sign_off_is_not_typed_by_the_claimant(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    signed = ("--signed-off-by", "Lead")
    answer = prove(project, *signed, "--actor", "bea")
    assert (answer.code, answer.word, "bea, who runs this command" in answer.err) == (4, "self_review", True)
    assert prove(project, *signed, "--actor", "lead").code == 0


@pytest.mark.parametrize("result", ["pass", "fail", "partial", "skipped", "blocked"])
def test_every_result_is_recorded_for_a_task_in_any_status(project: Checkout, result: str) -> None:
    words = ["--command-text", "t", "--result", result]
    project.ok("queue-record-evidence", "B-1", *words)
    project.ok("queue-record-evidence", "B-2", *words)
    assert [row["result"] for row in rows(project, "task_evidence")] == [result, result]


@pytest.mark.parametrize(
    "flags",
    [
        ["--result", "passed"],
        ["--producer", "robot"],
        ["--duration-seconds", "1.5"],
        ["--duration-seconds", "-1"],
        ["--duration-seconds=-1"],
        ["--artifact-type", "a\nb"],
    ],
    ids=" ".join,
)
def test_values_that_are_none_are_refused(project: Checkout, flags: list[str]) -> None:
    answer = prove(project, *flags)
    assert (answer.code, answer.word) == (2, "usage")


def test_every_missing_variable_is_named_with_an_example(project: Checkout) -> None:
    answer = project.run("queue-record-evidence", "--notes", "x")
    assert (answer.code, answer.word) == (2, "usage")
    assert "TASK_ID, COMMAND_TEXT, RESULT are required" in answer.err
    asked = "TASK_ID='<task-id>' COMMAND_TEXT='<command-text>' RESULT='<result>' NOTES=x"
    assert f"make queue-record-evidence {asked}" in answer.err


def test_an_unknown_task_is_not_found_and_the_nearest_one_is_named(project: Checkout) -> None:
    answer = project.run("queue-record-evidence", "b-1", "--command-text", "t", "--result", "pass")
    assert (answer.code, answer.word) == (3, "not_found")
    assert "did you mean B-1?" in answer.err


def test_any_text_is_kept_as_it_is(project: Checkout) -> None:
    for field in ("command-text", "notes"):
        said = {name: prove(project, f"--{field}={text}").json[field.replace("-", "_")] for name, text in TEXTS.items()}
        assert said == TEXTS
    stored = rows(project, "task_evidence")
    kept = [row["command_text"] for row in stored[: len(TEXTS)]] + [row["notes"] for row in stored[len(TEXTS) :]]
    assert kept == [*TEXTS.values()] * 2
    assert not os.path.exists(os.path.join(project.main, CANARY))


def test_bytes_that_are_not_utf_8_are_refused(project: Checkout) -> None:
    answer = project.run("queue-record-evidence", "B-1", b"--command-text=a\xff", "--result", "pass")
    assert (answer.code, answer.word) == (2, "usage")


def test_long_notes_come_from_a_file(project: Checkout) -> None:
    notes = "line\r\n" * 50_000
    write_file(project.main, "notes.txt", notes)
    prove(project, "--notes", "@notes.txt")
    assert rows(project, "task_evidence")[0]["notes"] == notes


# --- evidence: one change ---------------------------------------------------------------------------------


def test_evidence_is_one_event_and_leaves_the_state_alone(project: Checkout) -> None:
    project.ok("queue-ready")
    before = state(project, "B-1")
    prove(project)
    assert state(project, "B-1") == before
    (event,) = events(project, "B-1", "evidence_recorded")
    assert (event["table"], event["row_id"], event["result"]) == ("task_evidence", 1, "pass")


def test_a_repeated_request_gives_the_first_answer_and_adds_nothing(project: Checkout) -> None:
    write_file(project.main, "log.txt", "")
    first = prove(project, "--request-id", "r1", "--artifact-path", "log.txt", FAIRWAY_NOW="2026-11-20")
    os.unlink(os.path.join(project.main, "log.txt"))  # what the first call named may be gone by now
    again = prove(project, "--request-id", "r1", "--artifact-path", "log.txt", FAIRWAY_NOW="2026-11-21")
    assert (first.code, again.code, again.json) == (0, 0, first.json)
    assert "was answered before" in again.err
    assert len(rows(project, "task_evidence")) == len(events(project, "B-1", "evidence_recorded")) == 1


def test_a_request_id_stands_for_one_call_only(project: Checkout) -> None:
    prove(project, "--request-id", "r1")
    answer = prove(project, "--request-id", "r1", "--notes", "another")
    assert (answer.code, answer.word) == (4, "request_reused")
    assert len(rows(project, "task_evidence")) == 1


def test_a_worker_whose_claim_was_taken_over_cannot_record_under_its_old_fence(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "one")
    assert prove(project, "--fence", "1").code == 0
    project.ok("queue-release", "B-1", "--actor", "one")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "two")
    assert prove(project, "--fence", "1").word == "fence_outdated"


# --- handoffs ---------------------------------------------------------------------------------------------


def test_a_handoff_keeps_its_fields_and_resolves_the_commit(project: Checkout) -> None:
    commit = project.commit("B-ui", "packages/web/a.ts")
    more = ["--risks", "r", "--blockers", "b", "--next-step", "n", "--to-role", "D-arch", "--notes", "p"]
    answer = hand_over(project, *more, "--commit", commit[:8])
    (row,) = rows(project, "task_handoffs")
    assert (row["from_role"], row["to_role"], row["owner"], row["branch"]) == ("B-ui", "D-arch", "B", "agent/B-ui")
    assert row["commit_sha"] == answer.json["commit_sha"] == commit
    assert (row["risks"], row["blockers"], row["next_step"], row["payload"]) == ("r", "b", "n", "p")
    assert row["acknowledged_at"] is None


def test_a_handoff_does_not_change_the_owner_of_the_task(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    before = state(project, "B-1")
    hand_over(project, "--owner", "Somebody", "--to-role", "C-ops", "--actor", "carl")
    assert state(project, "B-1") == before


@pytest.mark.parametrize("missing", ["owner", "branch", "commit", "commands", "results", "changed-files"])
def test_the_least_that_a_handoff_says_is_asked_for(project: Checkout, missing: str) -> None:
    answer = hand_over(project, f"--{missing}=")
    assert (answer.code, answer.word) == (2, "usage")
    assert f"{missing.upper().replace('-', '_')} is required" in answer.err


@pytest.mark.parametrize(
    ("flags", "said"),
    [(["--commit", "deadbeef"], "deadbeef"), (["--to-role", "F-none"], "there is no lane 'F-none'")],
    ids=["commit", "lane"],
)
def test_what_a_handoff_names_has_to_exist(project: Checkout, flags: list[str], said: str) -> None:
    answer = hand_over(project, *flags)
    assert (answer.code, answer.word) == (3, "not_found")
    assert said in answer.err
    assert rows(project, "task_handoffs") == []


def test_without_a_configuration_any_lane_may_take_over(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"], config=None)
    assert hand_over(project, "--to-role", "E-governance").json["to_lane"] == "E-governance"


def test_the_texts_of_a_handoff_are_kept_as_they_are(project: Checkout) -> None:
    fields = ("commands", "results", "changed_files", "risks", "blockers", "next_step")
    short = {name: text for name, text in TEXTS.items() if len(text) <= LONG}
    for text in short.values():
        assert hand_over(project, *(f"--{field.replace('_', '-')}={text}" for field in fields)).code == 0
    kept = dict(zip(short, rows(project, "task_handoffs"), strict=True))
    assert {name: [row[field] for field in fields] for name, row in kept.items()} == {
        name: [text] * len(fields) for name, text in short.items()
    }
    assert not os.path.exists(os.path.join(project.main, CANARY))


def test_a_handoff_text_may_be_as_long_as_an_argument_can_be(project: Checkout) -> None:
    text = str(TEXTS["120 kB"])
    assert hand_over(project, f"--commands={text}").code == 0
    assert rows(project, "task_handoffs")[0]["commands"] == text


def test_a_repeated_handoff_is_recorded_once(project: Checkout) -> None:
    git(project.main, "tag", "handed-over")
    words = ("--request-id", "h1", "--commit", "handed-over")
    first = hand_over(project, *words)
    git(project.main, "tag", "--delete", "handed-over")
    assert hand_over(project, *words).json == first.json
    assert len(rows(project, "task_handoffs")) == 1


# --- acknowledgements -------------------------------------------------------------------------------------


def acknowledge(project: Checkout, *more: str) -> Answer:
    return project.run("queue-ack-handoff", *more, "--actor", "dora", "--json")


def marks(project: Checkout) -> list[Any]:
    return [(row["acknowledged_by"], row["acknowledged_note"]) for row in rows(project, "task_handoffs")]


def test_every_open_handoff_of_the_task_is_acknowledged_with_a_note(project: Checkout) -> None:
    hand_over(project)
    hand_over(project)
    answer = acknowledge(project, "B-1", "--note", "taken over")
    assert (answer.json["acknowledged"], answer.json["already"]) == ([1, 2], [])
    assert marks(project) == [("dora", "taken over")] * 2
    (event,) = events(project, "B-1", "handoff_acknowledged")
    assert event["rows"] == [["task_handoffs", 1], ["task_handoffs", 2]]


def test_one_handoff_can_be_named_without_its_task(project: Checkout) -> None:
    hand_over(project)
    hand_over(project)
    assert acknowledge(project, "--handoff-id", "2").json["acknowledged"] == [2]
    assert marks(project) == [(None, None), ("dora", "")]
    assert acknowledge(project, "B-1").json["acknowledged"] == [1]


@pytest.mark.parametrize("words", [["B-1"], ["--handoff-id", "1"]])
def test_acknowledging_again_changes_nothing_and_says_who_did(project: Checkout, words: list[str]) -> None:
    hand_over(project)
    acknowledge(project, "B-1", "--note", "first")
    before = rows(project, "events")
    answer = project.run("queue-ack-handoff", *words, "--actor", "eve", "--note", "second")
    assert answer.code == 0
    assert answer.out.startswith("handoff 1 of B-1 was acknowledged by dora at 20")
    assert marks(project) == [("dora", "first")]
    assert rows(project, "events") == before


def test_handoffs_that_were_acknowledged_before_are_not_listed_with_new_ones(project: Checkout) -> None:
    hand_over(project)
    acknowledge(project, "B-1")
    hand_over(project)
    answer = acknowledge(project, "B-1")
    assert (answer.json["acknowledged"], answer.json["already"]) == ([2], [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["B-2"], "B-2 has no handoff to acknowledge"),
        (["B-9"], "there is no task B-9"),
        (["--handoff-id", "7"], "there is no handoff 7"),
        (["B-2", "--handoff-id", "1"], "there is no handoff 1 of B-2; it belongs to B-1"),
    ],
)
def test_what_is_not_there_cannot_be_acknowledged(project: Checkout, words: list[str], said: str) -> None:
    hand_over(project)
    answer = project.run("queue-ack-handoff", *words)
    assert (answer.code, answer.word) == (3, "not_found")
    assert said in answer.err
    assert marks(project) == [(None, None)]


@pytest.mark.parametrize("words", [[], ["--handoff-id", "0"], ["--handoff-id", "x"]])
def test_an_acknowledgement_names_a_task_or_a_handoff(project: Checkout, words: list[str]) -> None:
    assert project.run("queue-ack-handoff", *words).word == "usage"
