"""Telling the legacy side what happened in a lane that is cut over: exactly once, whatever fails and whoever dies."""

from __future__ import annotations

import fcntl
import os
import signal
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from fairway_scripts.digest import of_file
from tests.support.older_scripts import make_cutover
from tests.support.shell import finish, queue_text, start_tool, task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.older_scripts import OlderScripts
    from tests.support.shell import Checkout

QUEUE = queue_text(task("B-1"), task("B-2"), task("A-1", "A-backend"))
CLAIM = ("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
PROOF = ("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass")
DONE = ("queue-set-status", "B-1", "--status", "done")


@pytest.fixture
def sides(tmp_path: Path) -> tuple[Checkout, OlderScripts]:
    return make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")


def write_backs(project: Checkout) -> list[tuple[str, str, int]]:
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


class TestByCommand:
    def test_a_change_of_state_reaches_the_legacy_side_at_once(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        project.ok(*CLAIM, "--actor", "mia")
        assert older.state("B-1") == ("in_progress", "B")
        values = {"task_id": "B-1", "status": "in_progress", "owner": "B", "branch": "agent/B-ui"}
        assert older.calls == [["set-status", values, "mia", "1"]]
        assert write_backs(project) == [("state", "done", 1)]

    def test_the_reason_of_a_blocked_task_goes_along(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--blocked-reason", "no contract; $(x)")
        assert older.calls[0][1]["blocked_reason"] == "no contract; $(x)"

    def test_records_go_in_the_order_of_the_events_and_are_known_as_ours(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        project, older = sides
        for words in (CLAIM, PROOF, PROOF, DONE):
            project.ok(*words)
        assert older.commands == ["set-status", "record-evidence", "record-evidence", "set-status"]
        evidence = [row for row in listed(project) if row[0] == "task_evidence"]
        assert evidence == [("task_evidence", "1", "1"), ("task_evidence", "2", "2")]
        project.ok("queue-verify")

    def test_what_the_legacy_side_says_already_is_not_told_again(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.rows("UPDATE task_state SET status = 'in_progress', owner = 'B', branch = 'agent/B-ui'")
        project.ok(*CLAIM)
        assert older.calls == []
        assert write_backs(project) == [("state", "done", 0)]

    def test_a_record_that_was_undone_before_it_was_delivered_is_left_out(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*PROOF)
        older.unsay("refuse")
        project.ok("queue-undo")
        project.ok("lane-engine", "--deliver")
        assert older.rows("SELECT count(*) FROM task_evidence") == [(0,)]
        assert [row[1] for row in write_backs(project)] == ["done"]


class TestWhatIsOwed:
    def test_nothing_for_lanes_of_the_legacy_side(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, _older = sides
        own_side = {"FAIRWAY_ENGINE": "fairway"}
        project.ok("queue-claim", "A-1", "--role", "A-backend", "--owner", "A", env=own_side)
        assert write_backs(project) == []

    def test_nothing_once_every_lane_is_cut_over(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, _older = sides
        project.ok("lane-engine", "ALL", "fairway", "all", "--force")
        project.ok(*CLAIM)
        assert write_backs(project) == []

    def test_nothing_while_write_back_is_off(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="none")
        project.ok(*CLAIM)
        assert (write_backs(project), older.calls) == ([], [])


class TestAFailure:
    def test_it_does_not_undo_our_change_and_is_said(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        claimed = project.ok(*CLAIM)
        assert "not written back yet: B-1 state: ERROR: not today" in claimed.err
        assert project.detail("B-1")["status"] == "in_progress"
        assert older.state("B-1") == ("todo", "")

    def test_the_coordinator_and_the_doctor_show_it_with_what_to_do(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM)
        (action,) = [row for row in actions(project) if row["task_id"] == "B-1" and "legacy side" in row["reason"]]
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
        assert project.make("lane-engine", "DELIVER=1").out == "1 written back, 0 failed, 0 waiting\n"
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
        project.ok(*CLAIM)
        older.say("refuse")
        project.ok(*PROOF)
        older.unsay("refuse")
        project.ok(*DONE)
        assert older.state("B-1") == ("in_progress", "B")
        project.ok("lane-engine", "--deliver")
        assert older.commands[-2:] == ["record-evidence", "set-status"]
        assert older.state("B-1") == ("done", "B")

    def test_one_run_does_not_go_past_what_failed(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        older.say("refuse")
        project.ok(*CLAIM)
        project.ok(*PROOF)
        calls = len(older.calls)
        assert project.run("lane-engine", "--deliver").code == 1
        assert older.commands[calls:] == ["set-status"]

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
        ("words", "table"), [(CLAIM, "task_state_history"), (PROOF, "task_evidence")], ids=["state", "record"]
    )
    def test_the_next_call_notes_what_arrived_and_delivers_nothing_twice(
        self, sides: tuple[Checkout, OlderScripts], held: str, words: tuple[str, ...], table: str
    ) -> None:
        project, older = sides
        older.say(held)
        process = start_tool(*words, cwd=project.main)
        older.wait_for(held)
        process.kill()
        finish(process)
        assert [row[1] for row in write_backs(project)] == ["pending"]
        project.ok("queue-ready")  # the original lives on, so nobody else delivers
        older.unsay(held)
        project.ok("lane-engine", "--deliver")  # waits for the original, which lives on
        assert len(older.calls) == 1
        assert older.rows(f"SELECT count(*) FROM {table}") == [(1,)]
        assert [row[0] for row in listed(project)] == [table]
        assert [row[1] for row in write_backs(project)] == ["done"]
        project.ok("queue-verify")

    def test_an_original_that_died_with_us_before_it_wrote_is_called_again(
        self, sides: tuple[Checkout, OlderScripts]
    ) -> None:
        project, older = sides
        older.say("hold-before")
        process = start_tool(*PROOF, cwd=project.main)
        original = older.wait_for("hold-before")
        process.kill()
        os.kill(original, signal.SIGKILL)
        finish(process)
        older.unsay("hold-before")
        project.ok("lane-engine", "--deliver")
        assert older.commands == ["record-evidence", "record-evidence"]
        assert older.rows("SELECT count(*) FROM task_evidence") == [(1,)]

    def test_before_the_original_was_started_the_next_call_delivers(self, sides: tuple[Checkout, OlderScripts]) -> None:
        project, older = sides
        with open(os.path.join(project.main, ".git", "fairway", "write-back.lock"), "w", encoding="utf-8") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            project.ok(*CLAIM)  # somebody else delivers, so this call leaves it
            assert write_backs(project) == [("state", "pending", 0)]
        project.ok("queue-ready")
        assert older.state("B-1") == ("in_progress", "B")
        assert len(older.calls) == 1


class TestByQueueFile:
    @pytest.fixture
    def project(self, tmp_path: Path) -> Checkout:
        return make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="yaml")[0]

    def text(self, project: Checkout) -> str:
        with open(project.queue_file, encoding="utf-8") as file:
            return file.read()

    def test_exactly_the_state_lines_of_the_task_change(self, project: Checkout) -> None:
        before = self.text(project).splitlines()
        project.ok(*CLAIM)
        after = self.text(project).splitlines()
        added = [line for line in after if line not in before]
        assert sorted(added) == ["  branch: agent/B-ui", "  owner: B", "  status: in_progress"]
        assert [line for line in after if line not in added] == before
        assert project.detail("B-2")["status"] == "todo"

    def test_it_is_no_change_of_definitions(self, project: Checkout) -> None:
        project.ok(*CLAIM)
        with sqlite3.connect(project.store) as store:
            (known,) = store.execute("SELECT sha256 FROM queue_sources WHERE kind = 'active'").fetchone()
        assert known == of_file(project.queue_file)
        assert "read " not in project.ok("queue-ready", env={"FAIRWAY_ENGINE": "fairway"}).err
        assert project.ok("queue-validate", env={"FAIRWAY_ENGINE": "fairway"}).code == 0

    def test_a_task_that_the_file_does_not_have_is_a_failure_that_is_kept(self, project: Checkout) -> None:
        project.ok("queue-add", "B-9", "--title", "Ours", "--role", "B-ui")
        answer = project.ok("queue-claim", "B-9", "--role", "B-ui", "--owner", "B")
        assert "has no task B-9" in answer.err
        assert [row[1] for row in write_backs(project)] == ["failed"]


def test_an_edit_that_somebody_else_overtook_is_begun_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    from fairway_scripts.operations import write_back_yaml

    path = str(tmp_path / "queue.yaml")
    with open(path, "w", encoding="utf-8") as file:
        file.write(QUEUE)
    reads = []

    def overtaken(place: str) -> bytes:
        reads.append(place)
        if len(reads) == 2:
            with open(path, "a", encoding="utf-8") as file:
                file.write("# somebody else was here\n")
        with open(place, "rb") as file:
            return file.read()

    monkeypatch.setattr(write_back_yaml, "_read", overtaken)
    project = SimpleNamespace(queue=SimpleNamespace(path=path, found=""), show=lambda shown: shown)
    state = {"status": "blocked", "owner": "", "branch": "", "commit_sha": None, "completed_at": None}
    write_back_yaml.write_state(project, "B-2", state)  # type: ignore[arg-type]
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert "# somebody else was here\n" in text
    assert "status: blocked\n" in text
