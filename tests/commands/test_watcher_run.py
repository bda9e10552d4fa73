"""watcher-run: a command under supervision, from its start to its evidence."""

from __future__ import annotations

import hashlib
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.programs import supervised
from fairway_scripts.programs.processes import start_mark
from tests.support.processes import has_ended
from tests.support.repositories import git, head, write_file
from tests.support.shell import BIN, Checkout, environment, finish, make_checkout, queue_text, start_tool, task
from tests.support.stored import rows, state

#: Far longer than any test waits: a process that sleeps this long has been ended by somebody.
LONG = "600"


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=[])


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """One project for calls that leave nothing behind, or nothing that the next one looks at."""
    project = make_checkout(tmp_path_factory.mktemp("shared"), queue_text(task("B-1"), task("B-2")), lanes=[])
    project.ok("queue-import")
    return project


def run(project: Checkout, *words: str, code: int, **env: str) -> dict[str, Any]:
    answer = project.run("watcher-run", "--task-id", "B-1", "--json", *words, env=env)
    assert answer.code == code, answer
    found: dict[str, Any] = answer.json
    return found


def the_only(project: Checkout, table: str) -> dict[str, Any]:
    (row,) = rows(project, table, "B-1")
    return row


def log_of(project: Checkout) -> str:
    folder = os.path.join(os.path.dirname(project.store), "watchers")
    (name,) = os.listdir(folder)
    with open(os.path.join(folder, name), encoding="utf-8") as file:
        return file.read()


def eventually(holds: Callable[[], object]) -> None:
    """Wait until something holds; a test that waits in vain fails."""
    until = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.02)


def family(tmp_path: Path) -> str:
    """A shell command that notes its own process, a child's and a grandchild's, and then goes on for ever."""
    script = tmp_path / "family.sh"
    script.write_text(
        f"echo $$ >> {tmp_path}/pids\nif test $1 = 1; then exec sleep {LONG}; fi\nsh {script} $(($1 - 1)) &\nwait\n"
    )
    return f"exec sh {script} 3"


def members(tmp_path: Path) -> dict[int, str]:
    """The processes that `family` noted, each with its start mark; empty until all three are there."""
    notes = tmp_path / "pids"
    pids = [int(line) for line in notes.read_text().splitlines()] if notes.exists() else []
    return {pid: start_mark(pid) for pid in pids} if len(pids) == 3 else {}


def assert_gone(family_members: dict[int, str]) -> None:
    assert len(family_members) == 3
    assert all(family_members.values()), "they did run"
    for pid, mark in family_members.items():
        eventually(lambda pid=pid, mark=mark: start_mark(pid) != mark)  # type: ignore[misc]


# --- one run ---------------------------------------------------------------------------------------------------------


def test_a_command_that_passes_finishes_the_watcher_with_its_evidence(project: Checkout) -> None:
    found = run(project, "--", "echo", "all good", code=0)
    assert (found["result"], found["outcome"], found["exit_code"], found["attempts"]) == ("pass", "pass", 0, 1)
    evidence = the_only(project, "task_evidence")
    assert evidence["id"] == found["evidence_id"]
    assert (evidence["command_text"], evidence["result"]) == ("echo 'all good'", "pass")
    assert (evidence["producer"], evidence["artifact_type"]) == ("runner", "command_log")
    assert (evidence["commit_sha"], evidence["tree_dirty"]) == (head(project.main), 0)
    log = log_of(project)
    assert "\nall good\n" in log
    assert found["artifact_sha256"] == evidence["artifact_sha256"] == hashlib.sha256(log.encode()).hexdigest()
    assert found["artifact_size"] == evidence["artifact_size"] == len(log.encode())
    kinds = [row["kind"] for row in rows(project, "events", "B-1")]
    assert kinds == ["watcher_started", "watcher_finished"]
    project.ok("queue-verify")


def test_the_task_may_be_the_first_word(project: Checkout) -> None:
    for words in (["B-1", "--command", "echo ok"], ["B-1", "--", "echo", "ok"]):
        assert "of B-1: pass" in project.ok("watcher-run", *words).out
    answer = project.run("watcher-run", "B-1")
    assert answer.err.startswith("error: usage: COMMAND is required")


def test_a_command_that_fails_ends_with_one_and_says_why(project: Checkout) -> None:
    answer = project.run("watcher-run", "--task-id", "B-1", "--command", "echo 'expected 4, got 5' >&2; exit 3")
    assert (answer.code, answer.word) == (1, "watch_failed")
    assert "failure_class: owning_layer_defect" in answer.out
    assert "| expected 4, got 5" in answer.err
    assert the_only(project, "watchers")["exit_code"] == 3
    assert the_only(project, "task_evidence")["result"] == "fail"


def test_a_command_that_fails_and_then_passes_leaves_both_on_record(project: Checkout) -> None:
    project.ok("queue-import")
    before = state(project, "B-1")
    run(project, "--command", "exit 1", code=1)
    run(project, "--command", "exit 0", code=0)
    assert [row["result"] for row in rows(project, "task_evidence", "B-1")] == ["fail", "pass"]
    assert state(project, "B-1") == before, "a watcher never moves its task"


def test_the_command_is_a_shell_line_and_reads_nothing(project: Checkout) -> None:
    run(project, "--command", "cat && echo \"$FAIRWAY_TASK_ID $(printf '%s' a | tr a b)\"", code=0)
    assert "\nB-1 b\n" in log_of(project)


def test_words_behind_two_dashes_reach_the_command_as_they_are(project: Checkout) -> None:
    run(project, "--", "printf", "<%s>", "a b", "$(id)", "it's", code=0)
    assert "<a b><$(id)><it's>" in log_of(project)


def test_make_passes_the_command_as_it_was_typed(project: Checkout) -> None:
    answer = project.make("watcher-run", "TASK_ID=B-1", "COMMAND=echo \"${HOME:+home}\" '$(shell echo no)' | tr h H")
    assert answer.code == 0, answer
    assert "\nHome $(sHell ecHo no)\n" in log_of(project)


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["--command", "true"], 2, "usage"),
        (["--task-id", "B-1"], 2, "usage"),
        (["--task-id", "B-1", "--command", "true", "--", "true"], 2, "usage"),
        (["--task-id", "B-9", "--command", "true"], 3, "not_found"),
        (["--task-id", "B-1", "--command", "true", "--timeout", "soon"], 2, "usage"),
        (["--task-id", "B-1", "--command", "true", "--poll-interval", "-1"], 2, "usage"),
        (["--task-id", "B-1", "--command", "true", "--success-condition", "it is green"], 2, "usage"),
        (["--task-id", "B-1", "--command", "true", "--failure-condition", "/(/"], 2, "usage"),
        (["--task-id", "B-1", "--command", "true", "--commit", "0000000"], 3, "not_found"),
    ],
)
def test_what_cannot_be_watched_is_refused_before_anything_runs(
    shared: Checkout, tmp_path: Path, words: list[str], code: int, word: str
) -> None:
    before = rows(shared, "watchers")
    canary = tmp_path / "ran"
    changed = [f"touch {canary}" if entry == "true" else entry for entry in words]
    answer = shared.run("watcher-run", *changed)
    assert (answer.code, answer.word) == (code, word), answer.err
    assert not canary.exists()
    assert rows(shared, "watchers") == before


# --- what decides ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("command", "conditions", "result"),
    [
        ("exit 3", ["--success-condition", "exit:0,3"], "pass"),
        ("exit 0", ["--success-condition", "exit:3"], "fail"),
        ("exit 0", ["--failure-condition", "exit:0"], "fail"),
        ("echo 12 passed", ["--success-condition", r"/\d+ passed/"], "pass"),
        ("echo 12 passed; exit 1", ["--success-condition", r"/\d+ passed/"], "fail"),
        ("echo nothing", ["--success-condition", r"/\d+ passed/"], "fail"),
        ("echo passed; echo panic", ["--success-condition", "/passed/", "--failure-condition", "/panic/"], "fail"),
    ],
)
def test_exit_codes_and_patterns_decide(shared: Checkout, command: str, conditions: list[str], result: str) -> None:
    found = run(shared, "--command", command, *conditions, code=0 if result == "pass" else 1)
    assert found["result"] == result


@pytest.mark.parametrize(("condition", "code"), [("--success-condition", 0), ("--failure-condition", 1)])
def test_a_pattern_decides_about_a_command_that_never_ends(shared: Checkout, condition: str, code: int) -> None:
    found = run(shared, "--command", f"echo rolled out; sleep {LONG}", condition, "/rolled out/", code=code)
    assert found["exit_code"] is None
    assert found["duration_seconds"] < 60


def test_polling_runs_the_command_until_it_passes(project: Checkout, tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = f"echo x >> {count}; test $(wc -l < {count}) -ge 3"
    found = run(project, "--command", command, "--poll-interval", "0.05s", "--timeout", "60s", code=0)
    assert (found["attempts"], found["result"]) == (3, "pass")
    assert len(rows(project, "task_evidence")) == 1
    assert "=== attempt 3 " in log_of(project)


def test_polling_ends_at_the_failure_condition(project: Checkout, tmp_path: Path) -> None:
    count = tmp_path / "count"
    command = f"echo x >> {count}; test $(wc -l < {count}) -lt 2 || echo status=failed; exit 1"
    words = ["--poll-interval", "0.05s", "--timeout", "60s", "--failure-condition", "/status=failed/"]
    assert run(project, "--command", command, *words, code=1)["attempts"] == 2


def test_polling_ends_at_the_deadline(project: Checkout) -> None:
    found = run(project, "--command", "echo pending; exit 1", "--poll-interval", "0.2s", "--timeout", "1s", code=1)
    assert (found["outcome"], found["result"]) == ("timed_out", "blocked")
    assert found["attempts"] > 1
    assert "the last attempt: exit code 1" in found["why"]


def test_polling_does_not_repeat_what_cannot_be_started(project: Checkout) -> None:
    found = run(project, "--command", "no-such-program-x", "--poll-interval", "0.1s", code=1)
    assert (found["attempts"], found["failure_class"], found["result"]) == (1, "environment_blocker", "blocked")


# --- failure classes -------------------------------------------------------------------------------------------------


def test_a_command_that_passed_on_this_very_commit_is_flaky(project: Checkout, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    command = f"test ! -e {flag} && touch {flag}"
    assert run(project, "--command", command, code=0)["failure_class"] == ""
    assert run(project, "--command", command, code=1)["failure_class"] == "known_flaky_lane"


def test_a_disturbance_that_passes_is_told_from_a_defect(project: Checkout) -> None:
    found = run(project, "--command", "echo 'read: connection reset by peer'; exit 1", code=1)
    assert (found["failure_class"], found["result"]) == ("expected_transient", "fail")


@pytest.mark.parametrize("commits", [False, True], ids=["left in the tree", "committed"])
def test_touching_what_must_not_be_touched_is_a_failure_even_of_a_command_that_passes(
    project: Checkout, commits: bool
) -> None:
    keep = "git -c user.name=n -c user.email=e add -A && git -c user.name=n -c user.email=e commit -qm x"
    command = "mkdir -p doc/api && echo x > doc/api/a.yaml" + (f" && {keep}" if commits else "")
    found = run(project, "--command", command, "--must-not-touch", "production data, doc/api/**", code=1)
    assert (found["failure_class"], found["exit_code"]) == ("scope_expansion", 0)
    assert "protected paths changed: doc/api/a.yaml" in found["notes"]


# --- what was tested -------------------------------------------------------------------------------------------------


def test_evidence_of_a_changed_tree_counts_as_stale(project: Checkout) -> None:
    write_file(project.main, "README.md", "changed\n")
    run(project, "--command", "true", code=0)
    assert the_only(project, "task_evidence")["tree_dirty"] == 1


def test_evidence_counts_as_stale_when_another_commit_is_checked_out_meanwhile(project: Checkout) -> None:
    before = head(project.main)
    found = run(project, "--command", "git -c user.name=n -c user.email=e commit -q --allow-empty -m x", code=0)
    evidence = the_only(project, "task_evidence")
    assert (evidence["commit_sha"], evidence["tree_dirty"]) == (before, 1)
    assert "HEAD moved while it ran" in found["notes"]


def test_a_commit_that_is_watched_elsewhere_is_named(project: Checkout) -> None:
    git(project.main, "branch", "old")
    commit = head(project.main)
    git(project.main, "commit", "--quiet", "--allow-empty", "-m", "next")
    run(project, "--command", "true", "--commit", "old", code=0)
    assert the_only(project, "task_evidence")["commit_sha"] == commit


# --- nothing stays behind --------------------------------------------------------------------------------------------


def test_at_the_timeout_the_whole_group_ends_grandchildren_too(project: Checkout, tmp_path: Path) -> None:
    process = start_tool(
        "watcher-run",
        *["--task-id", "B-1", "--timeout", "3s", "--command", family(tmp_path), "--json"],
        cwd=project.main,
    )
    eventually(lambda: members(tmp_path))
    found = members(tmp_path)
    answer = finish(process)
    assert answer.code == 1
    assert (answer.json["outcome"], answer.json["failure_class"]) == ("timed_out", "environment_blocker")
    assert_gone(found)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_signal_ends_the_whole_group_and_finishes_the_watcher(
    project: Checkout, tmp_path: Path, number: signal.Signals
) -> None:
    process = start_tool("watcher-run", "--task-id", "B-1", "--command", family(tmp_path), "--json", cwd=project.main)
    eventually(lambda: members(tmp_path))
    found = members(tmp_path)
    process.send_signal(number)
    answer = finish(process)
    assert answer.code == 130
    assert (answer.json["outcome"], answer.json["why"]) == ("interrupted", f"stopped by {number.name}")
    assert_gone(found)
    assert the_only(project, "watchers")["status"] == "blocked"
    assert the_only(project, "task_evidence")["result"] == "partial"


#: Each of them kept a backtracking engine busy, deaf to every signal, for longer than anybody waits.
RUINOUS = ["(a+)+$", "[ab]*a[ab]{300}c"]
#: One line of some megabytes, and then nothing more.
FLOOD = "yes aababbaaaabbbabaabbbabaababab | tr -d '\\n' | head -c 4000000; exec sleep 600"


@pytest.mark.parametrize("pattern", RUINOUS)
def test_no_pattern_and_no_flood_of_output_keeps_the_deadline_waiting(shared: Checkout, pattern: str) -> None:
    condition = f"/{pattern}x/"
    begun = time.monotonic()
    words = ("--success-condition", condition, "--timeout", "1s", "--command", FLOOD)
    assert run(shared, *words, code=1)["outcome"] == "timed_out"
    assert time.monotonic() - begun < 60


def test_a_signal_is_heard_in_a_flood(project: Checkout, tmp_path: Path) -> None:
    command = f"echo $$ > {tmp_path}/pid; {FLOOD}"
    words = ["--task-id", "B-1", "--success-condition", "/[ab]*a[ab]{300}x/", "--json", "--command", command]
    process = start_tool("watcher-run", *words, cwd=project.main)
    eventually(lambda: (tmp_path / "pid").exists() and (tmp_path / "pid").read_text().strip())
    process.send_signal(signal.SIGTERM)
    answer = finish(process)
    assert (answer.code, answer.json["why"]) == (130, "stopped by SIGTERM")
    assert has_ended(int((tmp_path / "pid").read_text()))


def test_a_command_that_writes_without_an_end_is_stopped_before_it_fills_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervised, "MOST_OUTPUT", 100_000)
    seen: list[str] = []
    ended = supervised.run_supervised(
        "exec yes",
        log=str(tmp_path / "log"),
        environment={"PATH": os.environ["PATH"]},
        seconds=60,
        grace=1,
        noted=supervised.Interruption(),
        each_line=lambda line: bool(seen.append(line)),
        each_moment=lambda: None,
    )
    assert ended == (None, "too_much_output")
    assert set(seen[:-1]) == {"y"}


def test_a_log_is_never_written_through_a_link(project: Checkout, tmp_path: Path) -> None:
    folder = os.path.join(os.path.dirname(project.store), "watchers")
    project.ok("queue-list")
    os.makedirs(folder, exist_ok=True)
    write_file(str(tmp_path), "victim", "precious")
    os.symlink(tmp_path / "victim", os.path.join(folder, "W-9.log"))
    answer = project.run("watcher-run", "--task-id", "B-1", "--watch-id", "W-9", "--command", "echo x")
    assert (answer.code, answer.word) == (2, "file_unavailable")
    assert (tmp_path / "victim").read_text() == "precious"


def test_a_group_that_ignores_the_first_signal_is_killed(project: Checkout, tmp_path: Path) -> None:
    project.ok("fairway-config", "set", "watchers.end_grace", "1s")
    command = f"trap '' TERM; {family(tmp_path)}"  # what is ignored stays ignored in every child
    process = start_tool("watcher-run", "--task-id", "B-1", "--timeout", "2s", "--command", command, cwd=project.main)
    eventually(lambda: members(tmp_path))
    found = members(tmp_path)
    assert finish(process).code == 1
    assert_gone(found)


def test_what_a_command_leaves_running_ends_with_it(project: Checkout, tmp_path: Path) -> None:
    background = family(tmp_path).removeprefix("exec ")
    command = f"touch {tmp_path}/pids; {background} & until test $(wc -l < {tmp_path}/pids) = 3; do sleep 0.02; done"
    process = start_tool("watcher-run", "--task-id", "B-1", "--command", command, cwd=project.main)
    assert finish(process).code == 0
    pids = [int(line) for line in (tmp_path / "pids").read_text().split()]
    assert len(pids) == 3
    for pid in pids:
        eventually(lambda pid=pid: not start_mark(pid))  # type: ignore[misc]


def test_a_runner_that_is_killed_leaves_a_watcher_that_shows_as_stale(project: Checkout, tmp_path: Path) -> None:
    process = start_tool(
        "watcher-run", "--watch-id", "W-1", "--task-id", "B-1", "--command", family(tmp_path), cwd=project.main
    )
    eventually(lambda: members(tmp_path))
    (row,) = project.ok("watcher-status", "--json").json["watchers"]
    assert (row["process_state"], row["stale"]) == ("alive", "")
    process.kill()
    finish(process)
    try:
        (row,) = project.ok("watcher-status", "--json").json["watchers"]
        assert row["process_state"] == "dead"
        assert row["stale"] == f"its process {process.pid} has gone without finishing it"
        assert not rows(project, "task_evidence")
        for pid in members(tmp_path):
            eventually(lambda pid=pid: has_ended(pid))  # type: ignore[misc]  # nothing outlives the runner
        project.ok("watcher-finish", "W-1", "--result", "blocked", "--notes", "the runner was killed")
        (row,) = project.ok("watcher-status", "--json").json["watchers"]
        assert (row["status"], row["stale"]) == ("blocked", "")
    finally:
        for pid, mark in members(tmp_path).items():
            if mark and start_mark(pid) == mark:
                os.kill(pid, signal.SIGKILL)


# --- the store, the terminal, the log --------------------------------------------------------------------------------


def test_the_command_itself_may_not_claim_approve_or_close(project: Checkout) -> None:
    claim = f"{sys.executable} {BIN}/queue-claim B-2 --role B-ui --owner B --force --reason x"
    found = run(project, "--command", claim, code=1)
    assert any("a watcher may not claim" in line for line in found["tail"])
    assert state(project, "B-2")["claimant"] is None


def test_a_repeated_request_runs_nothing_again(project: Checkout, tmp_path: Path) -> None:
    words = ["--command", f"echo x >> {tmp_path}/count", "--request-id", "r1"]
    first, second = (run(project, *words, code=0) for _ in range(2))
    assert first["evidence_id"] == second["evidence_id"]
    assert (tmp_path / "count").read_text() == "x\n"


def test_long_lines_broken_text_and_a_missing_last_line_end_are_taken(project: Checkout) -> None:
    command = r"head -c 300000 /dev/zero | tr '\0' x; printf '\nA\377B\r\nlast passed'"
    assert run(project, "--command", command, "--success-condition", "/^last passed$/", code=0)["result"] == "pass"


def test_off_a_terminal_only_the_answer_and_what_failed_are_printed(project: Checkout) -> None:
    answer = project.ok("watcher-run", "--task-id", "B-1", "--command", "echo noise")
    assert "noise" not in answer.err
    assert answer.out.splitlines()[0].startswith("finished watcher ")


def test_on_a_terminal_the_output_comes_with_the_time_since_the_start(project: Checkout) -> None:
    parent, child = pty.openpty()
    try:
        process = subprocess.Popen(
            [sys.executable, os.path.join(BIN, "watcher-run"), "--task-id", "B-1", "--command", "echo noise"],
            cwd=project.main,
            env=environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=child,
        )
        out, _ = process.communicate(timeout=60)
        shown = os.read(parent, 65536).decode()
    finally:
        os.close(child)
        os.close(parent)
    assert "[    0s] noise" in shown
    assert b"noise\n" not in out


def test_flags_may_stand_between_the_task_and_its_command(project: Checkout) -> None:
    answer = project.ok("watcher-run", "B-1", "--timeout", "1m", "--", "sh", "-c", "exit 0", "--timeout", "--json")
    assert answer.out.endswith("\n")
    assert "of B-1: pass" in answer.out
