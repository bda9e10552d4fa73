"""Telling the older scripts the status of tasks of a lane that has moved: once, whatever fails and whoever dies."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.compat.older import write
from tests.support.older_scripts import SCRIPT, OlderScripts, force_over, make_cutover
from tests.support.shell import BIN, Checkout, environment, finish, queue_text, start_tool, task

QUEUE = queue_text(task("B-1"), task("B-2"), task("A-1", "A-backend"))
CLAIM = ("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
PROOF = ("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass")
#: How evidence is recorded by a script that reads the command.
FED = """
schema = "profile/2"
[scripts."scripts/ops/agent_queue.sh".record-evidence]
tool = "queue-record-evidence"
map = {"--task-id" = "TASK_ID", "--result" = "RESULT"}
stdin = "COMMAND_TEXT"
"""
DONE = ("queue-set-status", "B-1", "--status", "done")


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Checkout, OlderScripts]:
    return make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")


def pending(project: Checkout) -> list[tuple[str, str, int]]:
    """Kind, state and tries of everything that was ever owed."""
    connection = sqlite3.connect(project.store)
    try:
        return list(connection.execute("SELECT kind, state, attempts FROM write_backs ORDER BY id"))
    finally:
        connection.close()


def listed(project: Checkout) -> list[tuple[str, str, Any]]:
    """The rows of the old database that are known to be ours."""
    connection = sqlite3.connect(project.store)
    try:
        question = "SELECT legacy_table, legacy_key, own_key FROM legacy_rows WHERE direction = 'out' ORDER BY 1, 2"
        return list(connection.execute(question))
    finally:
        connection.close()


def actions(project: Checkout) -> list[dict[str, Any]]:
    found = project.ok("orchestrator-tick", "--json").json["actions"]
    return [row for row in found if row["action"] == "reconcile"]


class TestWhatIsTold:
    def test_a_change_of_status_reaches_the_older_side_at_once(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        project.ok(*CLAIM, "--actor", "mia")
        assert older.state("B-1") == ("in_progress", "B")
        values = {"task_id": "B-1", "status": "in_progress", "owner": "B", "branch": "agent/B-ui"}
        assert older.calls == [["set-status", values, "mia", "1"]]
        assert pending(project) == [("state", "done", 1)]

    def test_an_original_whose_database_its_host_names_gets_the_name(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        """Whoever is told here is called by no recipe that would export it."""
        project, older = sides
        path = os.path.join(project.main, SCRIPT)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        write(path, text.replace("def held", "NAMED = os.environ['AGENT_QUEUE_DB']\nassert os.path.samefile(NAMED, "
            f"{older.database!r})\n\ndef held"))  # fmt: skip
        project.ok(*CLAIM, "--actor", "mia")
        assert (older.state("B-1"), pending(project)) == (("in_progress", "B"), [("state", "done", 1)])

    def test_where_each_status_has_a_word_of_its_own_a_claim_is_told_as_a_claim(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        """The word for going on knows nothing of who works on the task, and of a task that nobody has taken."""
        project, older = sides
        verbs = '[scripts."scripts/ops/agent_queue.sh".{}]\ntool = "{}"\nmap = {{"--task-id" = "TASK_ID", {}}}\n{}\n'
        os.makedirs(os.path.join(project.main, "compat"))
        with open(os.path.join(project.main, "compat", "profile.toml"), "w", encoding="utf-8") as profile:
            profile.write('schema = "profile/2"\n')
            constant = 'constants = {STATUS = "in_progress"}'
            profile.write(verbs.format("resume", "queue-set-status", '"--owner" = "OWNER"', constant))
            profile.write(verbs.format("take", "queue-claim", '"--owner" = "OWNER", "--role" = "ROLE"', ""))
        path = os.path.join(project.main, SCRIPT)
        with open(path, encoding="utf-8") as file:
            text = file.read()
        verb = "if COMMAND == 'resume':\n    sys.exit('it is todo')\n"
        verb += "if COMMAND == 'take':\n    COMMAND, GIVEN['status'] = 'set-status', 'in_progress'\n"
        write(path, text.replace("db = sqlite3", f"{verb}db = sqlite3"))
        project.ok(*CLAIM, "--actor", "mia")
        assert older.state("B-1") == ("in_progress", "B")
        assert (older.commands, pending(project)) == (["resume", "take"], [("state", "done", 1)])

    def test_the_reason_of_a_blocked_task_goes_along(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--blocked-reason", "no contract; $(x)")
        assert older.calls[0][1]["blocked_reason"] == "no contract; $(x)"

    def test_records_stay_here(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        for words in (CLAIM, PROOF, PROOF):
            project.ok(*words)
        assert older.commands == ["set-status"]

    def test_a_closed_task_brings_one_piece_of_evidence_that_names_it(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        project, older = sides
        for words in (CLAIM, PROOF, DONE):
            project.ok(*words)
        assert older.commands == ["set-status", "record-evidence", "set-status"]
        proof = older.calls[1][1]
        with sqlite3.connect(project.store) as store:
            ((head,),) = store.execute("SELECT hash FROM events WHERE task_id = 'B-1' ORDER BY id DESC LIMIT 1")
        assert proof["command_text"].startswith(f"fairway ledger {head[:16]}: B-1 done")
        assert older.state("B-1") == ("done", "B")
        assert [(table, key.split("|")[0]) for table, key, _own in listed(project)] == [
            ("task_evidence", "1"),
            ("task_state_history", "1"),
            ("task_state_history", "2"),
        ]
        project.ok("queue-verify")

    def test_an_original_that_reads_a_value_is_given_it(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        os.makedirs(os.path.join(project.main, "compat"), exist_ok=True)
        with open(os.path.join(project.main, "compat", "profile.toml"), "w", encoding="utf-8") as file:
            file.write(FED)
        for words in (CLAIM, PROOF, DONE):
            project.ok(*words)
        assert older.calls[1][:2] == ["record-evidence", {**older.calls[1][1], "task_id": "B-1", "result": "pass"}]
        assert older.calls[1][1]["command_text"].startswith("fairway ledger ")
        assert older.state("B-1") == ("done", "B")

    def test_a_task_of_a_lane_that_has_not_moved_sees_what_it_depends_on(self, tmp_path: Path) -> None:
        queue = queue_text(task("B-1"), task("A-1", "A-backend", depends_on=["B-1"]))
        project, older = make_cutover(tmp_path, queue, "B-1", "A-1")
        for words in (CLAIM, PROOF, DONE):
            project.ok(*words)
        assert older.state("B-1")[0] == "done"

    def test_what_the_older_side_says_already_is_not_told_again(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.rows("UPDATE task_state SET status = 'in_progress'")
        project.ok(*CLAIM)
        assert older.calls == []
        assert pending(project) == [("state", "done", 0)]


class TestWhatIsOwed:
    def test_nothing_for_lanes_of_the_legacy_side(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, _older = sides
        own_side = {"FAIRWAY_ENGINE": "fairway"}
        project.ok("queue-claim", "A-1", "--role", "A-backend", "--owner", "A", env=own_side)
        assert pending(project) == []

    def test_nothing_once_every_lane_is_cut_over(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, _older = sides
        force_over(project, "ALL")
        project.ok(*CLAIM)
        assert pending(project) == []

    def test_nothing_while_write_back_is_off(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="none")
        project.ok(*CLAIM)
        assert (pending(project), older.calls) == ([], [])


class TestAFailure:
    def test_it_does_not_undo_our_change_and_is_said(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        claimed = project.ok(*CLAIM)
        assert "the older scripts are not told yet: B-1 state: ERROR: not today" in claimed.err
        assert "again: make lane-engine DELIVER=1" in claimed.err
        assert project.detail("B-1")["status"] == "in_progress"
        assert older.state("B-1") == ("todo", "")

    def test_it_names_a_command_that_a_host_without_our_make_targets_has(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        project, older = sides
        older.say("refuse")
        claimed = project.run(*CLAIM, env={"FAIRWAY_VIA": ""})
        assert "again: make" not in claimed.err
        assert "/lane-engine --deliver" in claimed.err

    def test_the_coordinator_and_the_doctor_show_it_with_what_to_do(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM)
        (action,) = [row for row in actions(project) if row["task_id"] == "B-1" and "older scripts" in row["reason"]]
        assert action["command"] == "make lane-engine DELIVER=1"
        assert "not today" in action["reason"]
        found = project.run("queue-doctor", "--json").json["findings"]
        (finding,) = [row for row in found if row["key"] == "write_back_failed"]
        assert finding["fix"] == "make lane-engine DELIVER=1"

    def test_deliver_tries_again_and_says_whether_it_got_through(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM)
        refused = project.run("lane-engine", "--deliver", "--json")
        assert (refused.code, refused.word, refused.json["failed"]) == (1, "parity_mismatch", 1)
        older.unsay("refuse")
        assert project.make("lane-engine", "DELIVER=1").out == "1 told, 0 failed, 0 waiting, 0 debts\n"
        assert older.state("B-1") == ("in_progress", "B")

    def test_it_rests_before_it_is_tried_again(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM, env={"FAIRWAY_NOW": "2026-11-21T10:00:00Z"})
        older.unsay("refuse")
        project.ok("queue-ready", env={"FAIRWAY_NOW": "2026-11-21T10:00:10Z"})
        assert older.state("B-1") == ("todo", "")
        project.ok("queue-ready", env={"FAIRWAY_NOW": "2026-11-21T10:01:00Z"})
        assert older.state("B-1") == ("in_progress", "B")

    def test_what_came_later_for_the_task_waits_for_it(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM)
        older.unsay("refuse")
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "why")
        assert older.state("B-1")[0] == "todo"
        project.ok("lane-engine", "--deliver")
        assert older.commands[-2:] == ["set-status", "set-status"]
        assert older.state("B-1")[0] == "blocked"

    def test_one_run_does_not_go_past_what_failed(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM)
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "why")
        calls = len(older.calls)
        assert project.run("lane-engine", "--deliver").code == 1
        assert older.commands[calls:] == ["set-status"]

    def test_an_original_that_ends_with_0_and_does_nothing_is_never_called_again(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        project, older = sides
        older.say("sleep-walk")
        assert "left no new row of B-1" in project.ok(*CLAIM).err
        older.unsay("sleep-walk")
        refused = project.run("lane-engine", "--deliver", "--json")
        assert (refused.code, refused.word, refused.json["debts"]) == (1, "parity_mismatch", 1)
        project.ok("queue-ready", env={"FAIRWAY_NOW": "2099-01-01T10:00:00Z"})
        assert older.commands == ["set-status"]
        found = project.run("queue-doctor", "--json").json["findings"]
        assert [row["fix"] for row in found if row["key"] == "write_back_failed"] == ["make lane-engine DELIVER=1"]
        older.rows("UPDATE task_state SET status = 'in_progress' WHERE task_id = 'B-1'")
        assert project.ok("lane-engine", "--deliver", "--json").json["debts"] == 0

    def test_our_side_of_a_comparison_delivers_nothing_from_its_copy(
        self, sides: tuple[Checkout, OlderScripts], tmp_path: Path
    ) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM, env={"FAIRWAY_NOW": "2026-11-21T10:00:00Z"})
        older.unsay("refuse")
        copy = str(tmp_path / "copy.db")
        with sqlite3.connect(project.store) as source, sqlite3.connect(copy) as target:
            source.backup(target)
        candidate = {"FAIRWAY_ENGINE": "fairway", "FAIRWAY_NOW": "2026-11-22T10:00:00Z"}
        project.ok("queue-ready", "--queue-db", copy, env=candidate)
        assert older.state("B-1") == ("todo", "")

    def test_other_tasks_do_not_wait(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM)
        older.unsay("refuse")
        project.ok("queue-set-status", "B-2", "--status", "blocked", "--reason", "why")
        assert older.state("B-2")[0] == "blocked"

    def test_a_database_that_is_gone_is_a_failure_that_is_kept(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        os.rename(older.database, older.database + ".away")
        assert "there is no old database" in project.ok(*CLAIM).err
        os.rename(older.database + ".away", older.database)
        project.ok("lane-engine", "--deliver")
        assert older.state("B-1") == ("in_progress", "B")


class TestAKill:
    @pytest.mark.parametrize("held", ["hold-before", "hold-after"])
    @pytest.mark.parametrize(
        ("words", "kinds"), [(CLAIM, ["state"]), (DONE, ["evidence", "state"])], ids=["status", "evidence"]
    )
    def test_the_next_call_notes_what_arrived_and_tells_nothing_twice(
        self, sides: tuple[Checkout, OlderScripts], held: str, words: tuple[str, ...], kinds: list[str]
    ) -> None:
        project, older = sides
        if words is DONE:
            project.ok(*CLAIM)
            project.ok(*PROOF)
        calls = len(older.calls)
        older.say(held)
        process = start_tool(*words, cwd=project.main)
        older.wait_for(held)
        process.kill()
        finish(process)
        assert [row[1] for row in pending(project)][-len(kinds) :] == ["pending"] * len(kinds)
        project.ok("queue-ready")  # the original lives on, so nobody else calls one
        older.unsay(held)
        project.ok("lane-engine", "--deliver")  # waits for the original, which lives on
        assert len(older.calls) - calls == len(kinds)
        assert {row[1] for row in pending(project)} == {"done"}
        project.ok("queue-verify")

    def test_an_original_that_died_with_us_before_it_wrote_is_called_again(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        project, older = sides
        older.say("hold-before")
        process = start_tool(*CLAIM, cwd=project.main)
        original = older.wait_for("hold-before")
        process.kill()
        os.kill(original, signal.SIGKILL)
        finish(process)
        older.unsay("hold-before")
        project.ok("lane-engine", "--deliver")
        assert older.commands == ["set-status", "set-status"]
        assert older.rows("SELECT count(*) FROM task_state_history") == [(1,)]

    def test_before_the_original_was_started_the_next_call_tells(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        with open(os.path.join(project.main, ".git", "fairway", "write-back.lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            project.ok(*CLAIM)  # somebody else is at it, so this call leaves it
            assert pending(project) == [("state", "pending", 0)]
        project.ok("queue-ready")
        assert older.state("B-1") == ("in_progress", "B")
        assert len(older.calls) == 1


#: Runs a tool in an interpreter that finds no packages. Not by -S: what a machine sets up for its interpreters stays.
WITHOUT_PACKAGES = """
import os, runpy, sys
sys.argv = sys.argv[1:]
sys.path[:] = [os.path.dirname(sys.argv[0]), *(path for path in sys.path[1:] if "site-packages" not in path)]
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_the_standard_library_alone_hands_on(sides: tuple[Checkout, OlderScripts]) -> None:
    """Whoever types a command of the day has the system's Python, and what is owed does not wait for another one."""
    project, older = sides
    words = [sys.executable, "-c", WITHOUT_PACKAGES, os.path.join(BIN, "queue-claim"), *CLAIM[1:]]
    done = subprocess.run(words, cwd=project.main, capture_output=True, text=True, env=environment())
    assert (done.returncode, done.stderr) == (0, "")
    assert older.state("B-1") == ("in_progress", "B")
