"""trusted-run and queue-approve-run: an approved command, in the lane of its task, kept as evidence."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pwd
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.programs.processes import start_mark
from tests.support.given_last import given_last
from tests.support.processes import has_ended
from tests.support.repositories import head, write_file
from tests.support.shell import (
    BIN,
    GPUAAS_CONFIG,
    Answer,
    Checkout,
    finish,
    make_checkout,
    queue_text,
    start_tool,
    task,
)
from tests.support.stored import events, rows, state

TRIAL = """
[[trusted_commands]]
class = "trial"
match = ["echo **", "sh {folder}/run.sh", "true", "false", "pwd", "env", "sleep *", "./tool *", "no-such-program"]
options = ["-n", "ENV="]
environment = ["ASKED_FOR"]
[[trusted_commands]]
class = "other"
match = ["echo", "date"]
"""
CLAIMANT = {"ACTOR": "bea"}


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return _made(tmp_path)


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """One project with one approval, for calls that are refused and leave nothing behind."""
    made = _made(tmp_path_factory.mktemp("shared"))
    approve(made)
    return made


def _made(tmp_path: Path) -> Checkout:
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        write_file(str(tmp_path), "config.toml", file.read() + TRIAL.replace("{folder}", str(tmp_path)))
    made = make_checkout(
        tmp_path,
        queue_text(task("B-1"), task("B-2")),
        lanes=["B-ui", "A-backend"],
        config=str(tmp_path / "config.toml"),
    )
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "Codex", env=CLAIMANT)
    return made


def approve(project: Checkout, *words: str, task_id: str = "B-1", approver: str = "Lead") -> Answer:
    given = ["--command-class", "trial", "--approved-by", approver, "--reason", "scope agreed"]
    return project.run("queue-approve-run", task_id, *given_last(given, words), env={"ACTOR": "lead"})


def trusted(project: Checkout, *command: str, cwd: str = "", flags: tuple[str, ...] = (), **env: str) -> Answer:
    words = ("B-1", *flags, "--", *(scripted(project, command[2]) if command[:2] == ("sh", "-c") else command))
    return project.run("trusted-run", *words, cwd=cwd or project.lanes["B-ui"], env={**CLAIMANT, **env})


def scripted(project: Checkout, text: str) -> list[str]:
    """The command that runs a text as the script that is approved, outside of the work tree."""
    folder = os.path.dirname(project.main)
    write_file(folder, "run.sh", text)
    return ["sh", os.path.join(folder, "run.sh")]


def the_session(project: Checkout) -> dict[str, Any]:
    (row,) = rows(project, "sessions")
    return row


def eventually(check: Callable[[], object]) -> None:
    for _attempt in range(400):
        if check():
            return
        time.sleep(0.05)
    raise AssertionError


# --- what is not approved ----------------------------------------------------------------------------------------


def test_without_an_approval_nothing_runs_and_the_line_that_asks_for_one_is_named(project: Checkout) -> None:
    answer = trusted(project, "sh", "-c", "touch ran")
    assert (answer.code, answer.word) == (1, "not_approved")
    assert (
        "hint: make queue-approve-run TASK_ID=B-1 COMMAND_CLASS=trial APPROVED_BY='<approved-by>' REASON='<reason>'"
        in answer.err
    )
    assert not os.path.exists(os.path.join(project.lanes["B-ui"], "ran"))
    assert (rows(project, "sessions"), rows(project, "task_evidence")) == ([], [])


def test_a_command_of_no_class_is_refused_whatever_is_approved(project: Checkout) -> None:
    approve(project)
    answer = trusted(project, "touch", "ran")
    assert (answer.code, answer.word) == (1, "not_approved")
    assert "no entry of [[trusted_commands]] has this command" in answer.err


@pytest.mark.parametrize("words", [["true", "x"], ["/bin/true"], ["true; touch ran"], ["env", "true"]])
def test_a_command_that_only_resembles_an_approved_one_is_refused(shared: Checkout, words: list[str]) -> None:
    assert trusted(shared, *words).word == "not_approved"


def test_an_approval_of_another_class_or_task_does_not_count(project: Checkout) -> None:
    approve(project, "--command-class", "other")
    approve(project, task_id="B-2")
    assert trusted(project, "true").word == "not_approved"
    assert trusted(project, "date").code == 0


def test_an_approval_ends_with_its_time(project: Checkout) -> None:
    early = {"FAIRWAY_NOW": "2026-11-20T10:00:00Z", "ACTOR": "lead"}
    words = ["--command-class", "trial", "--approved-by", "Lead", "--reason", "x", "--expires", "8h"]
    project.ok("queue-approve-run", "B-1", *words, env=early)
    assert trusted(project, "true", FAIRWAY_NOW="2026-11-20T17:59:59Z").code == 0
    answer = trusted(project, "true", FAIRWAY_NOW="2026-11-20T18:00:00Z")
    assert (answer.word, "expired at 2026-11-20T18:00:00" in answer.err) == ("not_approved", True)


def test_an_approval_of_a_commit_covers_a_clean_tree_of_it_only(project: Checkout) -> None:
    lane = project.lanes["B-ui"]
    assert approve(project, "--commit", head(lane)).code == 0
    assert trusted(project, "true").code == 0
    write_file(lane, "new.txt", "x\n")
    assert "has uncommitted changes" in trusted(project, "true").err
    project.commit("B-ui", "new.txt")
    answer = trusted(project, "true")
    assert (answer.word, "is for commit" in answer.err) == ("not_approved", True)


def test_a_withdrawn_approval_does_not_count(project: Checkout) -> None:
    approve(project)
    project.ok("queue-approve-run", "B-1", "--withdraw", "--reason", "no longer", env={"ACTOR": "lead"})
    assert trusted(project, "true").word == "not_approved"
    assert len(events(project, "B-1", "approval_withdrawn")) == 1
    assert project.run("queue-approve-run", "B-1", "--withdraw").word == "not_found"


def test_undo_takes_an_approval_back(project: Checkout) -> None:
    approve(project)
    project.ok("queue-undo", "B-1", env={"ACTOR": "lead"})
    assert rows(project, "execution_approvals")[0]["withdrawn_at"]
    assert trusted(project, "true").word == "not_approved"
    project.ok("queue-verify")


# --- who may approve ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("approver", "actor"),
    [("bea", "lead"), ("BEA", "lead"), ("Codex", "lead"), ("B-ui", "lead"), ("Lead", "bea")],
)
def test_nobody_approves_work_of_their_own(shared: Checkout, approver: str, actor: str) -> None:
    words = ["--command-class", "trial", "--approved-by", approver, "--reason", "x"]
    answer = shared.run("queue-approve-run", "B-1", *words, env={"ACTOR": actor})
    assert (answer.code, answer.word) == (4, "self_review")
    assert len(rows(shared, "execution_approvals")) == 1


def test_an_approver_who_takes_the_task_over_no_longer_approves_it(project: Checkout) -> None:
    approve(project, approver="cleo")
    project.ok("queue-release", "B-1", env=CLAIMANT)
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "Cleo", env={"ACTOR": "cleo"})
    answer = trusted(project, "true", ACTOR="cleo")
    assert (answer.word, "reviewer cleo is its owner" in answer.err) == ("not_approved", True)


def test_a_session_runs_nothing_that_was_approved_in_it(project: Checkout) -> None:
    words = ("--command-class", "trial", "--approved-by", "Lead", "--reason", "x")
    project.ok("queue-approve-run", "B-1", *words, env={"ACTOR": "lead", "FAIRWAY_SESSION_ID": "s1"})
    answer = trusted(project, "true", FAIRWAY_SESSION_ID="s1")
    assert (answer.word, "it was given in session s1" in answer.err) == ("not_approved", True)
    assert trusted(project, "true", FAIRWAY_SESSION_ID="s2").code == 0


def test_a_trusted_run_cannot_approve_the_next_one(project: Checkout) -> None:
    approve(project)
    command = f"{BIN}/queue-approve-run B-1 --command-class other --approved-by Lead --reason x --actor lead"
    answer = trusted(project, "sh", "-c", command)
    assert answer.word == "command_failed"
    assert "cannot approve" in answer.out
    assert len(rows(project, "execution_approvals")) == 1


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["--command-class", "nope"], 3, "not_found"),
        (["--expires", "yesterday"], 2, "usage"),
        (["--expires", "2020-01-01"], 2, "usage"),
        (["--commit", "0123456789"], 3, "not_found"),
        (["--reason", ""], 2, "usage"),
        (["--approved-by", ""], 2, "usage"),
    ],
)
def test_an_approval_that_says_nothing_usable_is_refused(
    shared: Checkout, words: list[str], code: int, word: str
) -> None:
    answer = approve(shared, *words)
    assert (answer.code, answer.word) == (code, word)
    assert len(rows(shared, "execution_approvals")) == 1


def test_a_watcher_may_not_approve(shared: Checkout) -> None:
    words = ["--command-class", "trial", "--approved-by", "Lead", "--reason", "x"]
    answer = shared.run("queue-approve-run", "B-1", *words, env={"FAIRWAY_WATCH_ID": "W-1"})
    assert answer.word == "watcher_refused"


# --- whose task it is --------------------------------------------------------------------------------------------


def test_a_task_that_nobody_holds_is_refused_with_the_line_that_claims_it(project: Checkout) -> None:
    approve(project, task_id="B-2")
    answer = project.run("trusted-run", "B-2", "--", "true", env=CLAIMANT)
    assert (answer.code, answer.word) == (1, "not_approved")
    assert "make queue-claim TASK_ID=B-2 ROLE=B-ui OWNER='<owner>'" in answer.err


def test_another_lane_is_refused_and_the_claimant_may_call_from_anywhere(project: Checkout) -> None:
    approve(project)
    answer = trusted(project, "true", cwd=project.lanes["A-backend"], ACTOR="ada")
    assert (answer.code, answer.word) == (4, "wrong_lane")
    assert trusted(project, "true", cwd=project.lanes["A-backend"]).code == 0
    assert trusted(project, "true", cwd=project.lanes["B-ui"], ACTOR="ada").code == 0


def test_an_outdated_fence_is_refused(project: Checkout) -> None:
    approve(project)
    assert trusted(project, "true", flags=("--fence", "9")).word == "fence_outdated"


# --- what a run records ------------------------------------------------------------------------------------------


def test_a_run_is_kept_as_evidence_with_commit_exit_code_and_the_hash_of_its_log(project: Checkout) -> None:
    approve(project)
    answer = trusted(project, "echo", "a  b", "$HOME", flags=("--json",))
    assert answer.code == 0
    (row,) = rows(project, "task_evidence", "B-1")
    assert row["command_text"] == "echo 'a  b' '$HOME'"
    assert (row["result"], row["producer"], row["artifact_type"]) == ("pass", "runner", "command_log")
    assert (row["commit_sha"], row["branch"], row["tree_dirty"]) == (head(project.lanes["B-ui"]), "agent/B-ui", 0)
    with open(row["artifact_path"], "rb") as file:
        log = file.read()
    assert log == b"a  b $HOME\n"
    assert row["artifact_sha256"] == hashlib.sha256(log).hexdigest()
    assert row["notes"] == "exit code 0; class trial, approval 1 by Lead"
    assert answer.json["evidence_id"] == row["id"]
    assert project.run("evidence-verify", "B-1").code == 0
    assert project.run("queue-verify").code == 0


def test_output_streams_through_and_the_record_goes_to_the_other_stream(project: Checkout) -> None:
    approve(project)
    plain = trusted(project, "sh", "-c", "echo out; echo err >&2")
    assert plain.out == "out\nerr\n"
    assert f"note: ran sh {os.path.dirname(project.main)}/run.sh for B-1: pass" in plain.err
    as_json = trusted(project, "echo", "x", flags=("--json",))
    said = [json.loads(line) for line in as_json.err.splitlines()]
    assert (as_json.json["result"], [(row["level"], row["message"]) for row in said]) == ("pass", [("output", "x")])


@pytest.mark.parametrize("code", [1, 2, 77])
def test_a_command_that_fails_is_recorded_and_ends_with_its_word(project: Checkout, code: int) -> None:
    approve(project)
    answer = trusted(project, "sh", "-c", f"exit {code}")
    assert (answer.code, answer.word) == (1, "command_failed")
    (row,) = rows(project, "task_evidence", "B-1")
    assert (row["result"], row["notes"].startswith(f"exit code {code};")) == ("fail", True)
    assert (the_session(project)["status"], the_session(project)["exit_code"]) == ("failed", code)


def test_it_runs_in_a_session_of_the_lane_in_the_lanes_worktree(project: Checkout) -> None:
    approve(project)
    answer = trusted(
        project, "sh", "-c", "pwd; echo $FAIRWAY_SESSION_ID $FAIRWAY_TASK_ID $AGENT_ROLE", cwd=project.main
    )
    session = the_session(project)
    assert answer.out.splitlines() == [os.path.realpath(project.lanes["B-ui"]), f"{session['id']} B-1 B-ui"]
    assert (session["role"], session["task_id"], session["status"]) == ("B-ui", "B-1", "ended")
    assert (session["worktree_path"], session["exit_code"]) == (os.path.realpath(project.lanes["B-ui"]), 0)
    assert state(project, "B-1")["status"] == "in_progress"


def test_a_head_that_moves_makes_the_evidence_stale(project: Checkout) -> None:
    approve(project)
    before = head(project.lanes["B-ui"])
    words = "git -c user.name=a -c user.email=b commit --quiet --allow-empty -m x"
    assert trusted(project, "sh", "-c", words).code == 0
    (row,) = rows(project, "task_evidence", "B-1")
    assert (row["commit_sha"], row["tree_dirty"]) == (before, 1)
    assert f"HEAD moved to {head(project.lanes['B-ui'])[:12]}" in row["notes"]


def test_a_run_that_takes_too_long_is_stopped_and_failed(project: Checkout) -> None:
    approve(project)
    answer = trusted(project, "sleep", "600", flags=("--timeout", "1s"))
    assert (answer.code, answer.word) == (1, "command_failed")
    (row,) = rows(project, "task_evidence", "B-1")
    assert (row["result"], "stopped (timeout)" in row["notes"]) == ("fail", True)


def test_a_repeated_request_runs_nothing_again(project: Checkout) -> None:
    approve(project)
    words = ("--request-id", "r-1", "--json")
    first = trusted(project, "sh", "-c", "echo x >> count", flags=words)
    assert trusted(project, "sh", "-c", "echo x >> count", flags=words).json == first.json
    with open(os.path.join(project.lanes["B-ui"], "count"), encoding="utf-8") as file:
        assert file.read() == "x\n"


def test_command_is_split_like_a_shell_and_never_run_by_one(project: Checkout) -> None:
    approve(project)
    answer = project.run("trusted-run", "--task-id", "B-1", "--command", "echo 'a b' ; touch ran", env=CLAIMANT)
    assert answer.out == "a b ; touch ran\n"
    assert project.run("trusted-run", "B-1", "--command", "echo 'a", env=CLAIMANT).word == "usage"
    assert project.run("trusted-run", "B-1", "--command", "true", "--", "true", env=CLAIMANT).word == "usage"
    assert project.run("trusted-run", "B-1", env=CLAIMANT).word == "usage"


# --- what the words, the program and the environment mean -------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    ["X=1", "CC=evil", "--eval=x", "-f", "-C", "--file=x", "-E", "X:=1", "MAKEFLAGS=-n", "ENV+=1", "@file", "+x"],
)
def test_an_open_end_takes_no_option_and_no_assignment(shared: Checkout, word: str) -> None:
    answer = trusted(shared, "echo", "a", word)
    assert answer.word == "not_approved"
    assert "could be read as an option or an assignment, which 'echo **' does not name" in answer.err


def test_options_and_assignments_that_are_named_are_taken(shared: Checkout) -> None:
    assert trusted(shared, "echo", "-n", "ENV=prod", "x").out == "ENV=prod x\n"


def test_the_command_sees_nothing_of_its_caller_that_could_lead_it_astray(project: Checkout) -> None:
    approve(project)
    loaded = {
        **dict.fromkeys(
            ("MAKEFILES", "MAKEFLAGS", "ENV", "BASH_ENV", "LD_LIBRARY_PATH", "PYTHONPATH", "PERL5OPT"), "/x"
        ),
        **dict.fromkeys(("GIT_CONFIG_GLOBAL", "GIT_SSH_COMMAND", "KUBECONFIG", "NODE_OPTIONS", "PERL5OPT"), "/x"),
        "ASKED_FOR": "yes",
        "TZ": "Asia/Tokyo",
    }
    out = trusted(project, "env", **loaded).out
    seen = dict(line.split("=", 1) for line in out.splitlines())
    assert {name for name in loaded if name in seen} == {"ASKED_FOR", "TZ"}
    assert seen["HOME"] == pwd.getpwuid(os.getuid()).pw_dir
    assert (seen["FAIRWAY_TASK_ID"], seen["AGENT_ROLE"]) == ("B-1", "B-ui")


def test_the_search_path_is_that_of_the_approval(project: Checkout, tmp_path: Path) -> None:
    approve(project)
    write_file(str(tmp_path), "evil/pwd", "#!/bin/sh\necho evil\n")
    os.chmod(tmp_path / "evil" / "pwd", 0o755)
    answer = trusted(project, "pwd", PATH=f"{tmp_path}/evil{os.pathsep}{os.environ['PATH']}")
    assert answer.out == os.path.realpath(project.lanes["B-ui"]) + "\n"


def test_a_program_that_is_another_one_by_now_is_refused(project: Checkout, tmp_path: Path) -> None:
    words = ["--command-class", "trial", "--approved-by", "Lead", "--reason", "x"]
    write_file(str(tmp_path), "own/pwd", "#!/bin/sh\necho own\n")
    os.chmod(tmp_path / "own" / "pwd", 0o755)
    path = f"{tmp_path}/own{os.pathsep}{os.environ['PATH']}"
    project.ok("queue-approve-run", "B-1", *words, env={"ACTOR": "lead", "PATH": path})
    assert trusted(project, "pwd").out == "own\n"
    os.unlink(tmp_path / "own" / "pwd")
    answer = trusted(project, "pwd")
    assert (answer.word, f"pwd was {tmp_path}/own/pwd when it was given" in answer.err) == ("not_approved", True)


def test_an_approval_from_before_programs_were_held_has_to_be_given_again(project: Checkout) -> None:
    approve(project)
    with contextlib.closing(sqlite3.connect(project.store)) as connection, connection:
        connection.execute("UPDATE execution_approvals SET programs = NULL")
    answer = trusted(project, "true")
    assert (answer.word, "has to be given again" in answer.err) == ("not_approved", True)


def test_a_program_that_cannot_be_started_says_nothing_about_the_work(project: Checkout) -> None:
    approve(project)
    answer = trusted(project, "./tool", "x")
    assert (answer.code, answer.word) == (1, "command_failed")
    assert "could not be started (exit code 127)" in answer.err
    write_file(project.lanes["B-ui"], "tool", "not a program")
    assert "could not be started (exit code 126)" in trusted(project, "./tool", "x").err
    found = [(row["result"], row["notes"].partition(";")[0]) for row in rows(project, "task_evidence", "B-1")]
    told = "(environment_blocker: it could not be started)"
    assert found == [("blocked", f"exit code 127 {told}"), ("blocked", f"exit code 126 {told}")]
    assert "was not found on the search path" in trusted(project, "no-such-program").err


# --- interruptions -----------------------------------------------------------------------------------------------


def started(project: Checkout, tmp_path: Path, *, clean_up: str = "") -> tuple[Any, int]:
    """A trusted run that goes on until it is stopped, and the process of its command."""
    approve(project)
    mark = tmp_path / "pid"
    script = f"{clean_up} echo $$ > {mark}; while :; do sleep 0.05; done"
    words = ["B-1", "--", *scripted(project, script)]
    process = start_tool("trusted-run", *words, cwd=project.lanes["B-ui"], env=CLAIMANT)
    eventually(lambda: mark.exists() and mark.read_text().strip())
    return process, int(mark.read_text())


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_reaches_the_command_and_the_run_is_recorded(
    project: Checkout, tmp_path: Path, number: signal.Signals
) -> None:
    process, pid = started(project, tmp_path, clean_up=f"trap 'touch {tmp_path}/told; exit 0' TERM;")
    process.send_signal(number)
    assert finish(process).code == 130
    assert (tmp_path / "told").exists()
    assert not start_mark(pid)
    (row,) = rows(project, "task_evidence", "B-1")
    assert (row["result"], "interrupted" in row["notes"]) == ("partial", True)
    assert the_session(project)["status"] == "failed"


def test_a_run_that_is_killed_leaves_no_evidence_and_its_session_is_found_gone(
    project: Checkout, tmp_path: Path
) -> None:
    process, pid = started(project, tmp_path)
    process.kill()
    finish(process)
    eventually(lambda: has_ended(pid))  # the command does not outlive its supervisor
    assert rows(project, "task_evidence") == []
    assert the_session(project)["status"] == "running"
    project.ok("session-reconcile")
    assert the_session(project)["status"] == "stale"
    assert project.run("queue-verify").code == 0


# --- configuration -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('[[trusted_commands]]\nclass = "x"\n', "trusted_commands"),
        ('[[trusted_commands]]\nclass = "x"\nmatch = []\n', "at least one entry"),
        ('[[trusted_commands]]\nclass = "x"\nmatch = ["*"]\n', "would trust every program"),
        ('[[trusted_commands]]\nclass = "x"\nmatch = ["make ** x"]\n', "before its last word"),
        ('[[trusted_commands]]\nclass = "x"\nmatch = ["make x; rm y"]\n', "sign of the shell"),
        ('[[trusted_commands]]\nclass = "x"\nmatch = ["make"]\nhow = 1\n', "how"),
        ('[[trusted_commands]]\nclass = "x"\nmatch = ["sh -c *"]\n', "leaves open what sh runs"),
        ('[[trusted_commands]]\nclass = "x"\nmatch = ["make **"]\noptions = ["X"]\n', "neither an option"),
        ('[[trusted_commands]]\nclass = "x"\nmatch = ["make"]\nenvironment = ["LD_PRELOAD"]\n', "LD_PRELOAD changes"),
    ],
)
def test_a_table_of_trusted_commands_that_means_nothing_is_a_fault(tmp_path: Path, text: str, told: str) -> None:
    write_file(str(tmp_path), "config.toml", text)
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=str(tmp_path / "config.toml"))
    answer = made.run("fairway-config", "validate")
    assert answer.code == 1
    assert told in answer.out + answer.err


def test_without_a_table_nothing_can_be_approved_or_run(tmp_path: Path) -> None:
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"], config=None)
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=CLAIMANT)
    assert approve(made).word == "not_found"
    assert trusted(made, "true").word == "not_approved"


# --- through make ------------------------------------------------------------------------------------------------


def test_make_approves_and_runs(project: Checkout) -> None:
    given = ["TASK_ID=B-1", "COMMAND_CLASS=trial", "APPROVED_BY=Lead", "REASON=it's $agreed"]
    assert project.make("queue-approve-run", *given, env={"ACTOR": "lead"}).code == 0
    assert rows(project, "execution_approvals")[0]["reason"] == "it's $agreed"
    answer = project.make("util-trusted-run", "TASK_ID=B-1", "COMMAND=echo 'a  b' $HOME", env=CLAIMANT)
    assert (answer.code, answer.out) == (0, "a  b $HOME\n")


def test_an_approval_is_told_in_the_activity(project: Checkout) -> None:
    approve(project)
    assert "trial Lead (scope agreed)" in project.ok("queue-activity", "--task-id", "B-1").out
