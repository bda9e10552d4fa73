"""lane-engine: which side answers a lane, and moving lanes between the sides."""

from __future__ import annotations

import json
import os
import sqlite3
from typing import TYPE_CHECKING, Any

import pytest

from fairway_scripts import entry
from fairway_scripts.operations import rollback
from fairway_scripts.operations.rollback import export_lane
from tests.support.older_scripts import add_older_scripts, make_cutover
from tests.support.repositories import write_file
from tests.support.shell import make_checkout, queue_text, task

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.shell import Checkout

QUEUE = queue_text(task("B-1"), task("B-2"), task("A-1", "A-backend", depends_on=["B-1"]))


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    found = make_checkout(str(tmp_path), QUEUE, lanes=["B-ui"])
    found.ok("queue-import")
    return found


def front_door(project: Checkout) -> Any:
    with open(os.path.join(project.main, ".git", "fairway", "front-door.json"), encoding="utf-8") as file:
        return json.load(file)


def doctor_keys(project: Checkout) -> list[str]:
    """The keys of what the doctor finds."""
    here = {"FAIRWAY_ENGINE": "fairway"}
    return [row["key"] for row in project.run("queue-doctor", "--json", env=here).json["findings"]]


def engines(project: Checkout) -> dict[str, str]:
    return {row["role"]: row["engine"] for row in project.ok("lane-engine", "--json").json["lanes"]}


def test_without_a_cut_over_every_lane_is_fairway_and_there_is_no_file_for_the_front_doors(project: Checkout) -> None:
    found = project.ok("lane-engine", "--json").json
    assert found["cutting_over"] is False
    assert {row["engine"] for row in found["lanes"]} == {"fairway"}
    assert not os.path.exists(os.path.join(project.main, ".git", "fairway", "front-door.json"))


def test_a_change_is_kept_with_who_when_and_why_and_the_front_doors_read_it(project: Checkout) -> None:
    project.ok("lane-engine", "B-ui", "shadow", "first try", "--actor", "coordinator")
    (row,) = [row for row in project.ok("lane-engine", "--json").json["lanes"] if row["role"] == "B-ui"]
    assert (row["engine"], row["set_by"], row["reason"], row["own"]) == ("shadow", "coordinator", "first try", True)
    assert front_door(project)["engines"] == {"*": "fairway", "B-ui": "shadow"}


def test_the_history_of_a_lane_shows_every_change(project: Checkout) -> None:
    project.ok("lane-engine", "B-ui", "legacy", "one")
    project.ok("lane-engine", "A-backend", "legacy", "other")
    project.ok("lane-engine", "B-ui", "shadow", "two")
    changes = project.ok("lane-engine", "B-ui", "--json").json["changes"]
    assert [(row["before"], row["engine"], row["reason"]) for row in changes] == [
        ("fairway", "legacy", "one"),
        ("legacy", "shadow", "two"),
    ]


def test_all_changes_every_lane_and_those_that_have_none_of_their_own(project: Checkout) -> None:
    project.ok("lane-engine", "ALL", "legacy", "begin")
    assert set(engines(project).values()) == {"legacy"}
    assert front_door(project)["engines"]["*"] == "legacy"


def test_an_engine_that_a_lane_has_already_is_no_change(project: Checkout) -> None:
    project.ok("lane-engine", "B-ui", "legacy", "one")
    assert project.ok("lane-engine", "B-ui", "legacy", "again", "--json").json["changes"][0]["changed"] is False
    assert len(project.ok("lane-engine", "B-ui", "--json").json["changes"]) == 1


def test_make_takes_the_same(project: Checkout) -> None:
    done = project.make("lane-engine", "ROLE=B-ui", "ENGINE=shadow", "REASON=it's $(time)")
    assert done.code == 0, done
    assert project.ok("lane-engine", "B-ui", "--json").json["changes"][0]["reason"] == "it's $(time)"


def test_a_repeated_request_changes_nothing(project: Checkout) -> None:
    words = ("lane-engine", "B-ui", "legacy", "begin", "--request-id", "r-1", "--json")
    first = project.ok(*words).json["changes"]
    project.ok("lane-engine", "B-ui", "shadow", "on")
    assert project.ok(*words).json["changes"] == first
    assert engines(project)["B-ui"] == "shadow"


@pytest.mark.parametrize(
    ("words", "word"),
    [
        (("B-ui", "shadow"), "reason_required"),
        (("B-ui", "shadow", "  "), "reason_required"),
        (("B-ui", "ruby", "why"), "usage"),
        (("--engine", "shadow", "--reason", "why"), "usage"),
        (("B-ui", "--role", "C-ops"), "usage"),
        (("B-ui", "shadow", "first", "try"), "usage"),
        (("B-xx", "shadow", "why"), "not_found"),
        (("B-xx",), "not_found"),
    ],
)
def test_what_makes_no_sense_is_refused_and_changes_nothing(
    project: Checkout, words: tuple[str, ...], word: str
) -> None:
    assert project.run("lane-engine", *words).word == word
    assert project.ok("lane-engine", "--json").json["cutting_over"] is False


class TestCuttingOver:
    def test_it_is_refused_while_nothing_was_compared(self, project: Checkout) -> None:
        project.ok("lane-engine", "ALL", "legacy", "begin")
        refused = project.run("lane-engine", "B-ui", "fairway", "go")
        assert (refused.code, refused.word) == (1, "parity_mismatch")
        assert refused.err.splitlines()[-1] == "hint: make parity-report ROLE=B-ui"
        assert engines(project)["B-ui"] == "legacy"

    def test_force_is_recorded_with_what_it_went_past(self, project: Checkout) -> None:
        project.ok("lane-engine", "ALL", "legacy", "begin")
        project.ok("lane-engine", "B-ui", "fairway", "we know", "--force")
        change = project.ok("lane-engine", "B-ui", "--json").json["changes"][-1]
        assert (change["engine"], change["forced"], change["reason"]) == ("fairway", True, "we know")
        assert change["obstacles"]

    def test_the_lane_starts_from_what_the_legacy_side_says(self, project: Checkout) -> None:
        older = add_older_scripts(project, "B-1", "B-2", "A-1")
        project.ok("lane-engine", "ALL", "legacy", "begin")
        older.rows("UPDATE task_state SET status = 'in_progress', owner = 'Zed' WHERE task_id = 'B-1'")
        project.ok("lane-engine", "B-ui", "fairway", "go", "--force")
        state = project.detail("B-1")
        assert (state["status"], state["owner"]) == ("in_progress", "Zed")


class TestTheFileOfTheFrontDoors:
    def test_it_is_written_again_when_it_is_lost(self, project: Checkout) -> None:
        project.ok("lane-engine", "B-ui", "legacy", "begin")
        wanted = front_door(project)
        os.unlink(os.path.join(project.main, ".git", "fairway", "front-door.json"))
        project.ok("lane-engine")
        assert front_door(project) == wanted

    def test_it_is_put_right_when_it_says_something_else(self, project: Checkout) -> None:
        project.ok("lane-engine", "B-ui", "legacy", "begin")
        path = os.path.join(project.main, ".git", "fairway", "front-door.json")
        wanted = front_door(project)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({**wanted, "engines": {"*": "fairway"}}, file)
        project.ok("lane-engine", "B-ui")
        assert front_door(project) == wanted

    def test_it_names_the_folders_that_the_installation_chose(self, project: Checkout) -> None:
        with open(os.path.join(project.main, ".fairway", "compat.json"), "w", encoding="utf-8") as file:
            json.dump({"legacy_folder": {"ops": "scripts/ops-legacy"}}, file)
        project.ok("lane-engine", "B-ui", "legacy", "begin")
        assert front_door(project)["legacy_folder"] == {"ops": "scripts/ops-legacy", "ci": "scripts/ci/legacy"}

    def test_it_knows_what_the_profile_of_the_host_says(self, project: Checkout) -> None:
        entry = '[targets.take-task]\ntool = "queue-claim"\nvia = "script"\nscript = "scripts/ops/agent_queue.sh"\n'
        write_file(project.main, "compat/profile.toml", entry + 'arguments = ["take", "--task-id", "{TASK_ID}"]\n')
        project.ok("lane-engine", "B-ui", "legacy", "begin")
        found = front_door(project)
        assert found["targets"]["queue-claim"]["arguments"] == ["take", "--task-id", "{TASK_ID}"]
        assert "front_door_stale" not in doctor_keys(project)
        write_file(project.main, "compat/profile.toml", entry + 'arguments = ["fetch", "--task-id", "{TASK_ID}"]\n')
        assert "front_door_stale" in doctor_keys(project)
        project.ok("lane-engine")
        assert front_door(project)["targets"]["queue-claim"]["arguments"] == ["fetch", "--task-id", "{TASK_ID}"]
        assert "front_door_stale" not in doctor_keys(project)

    def test_a_profile_that_cannot_be_read_is_refused_before_anything_changes(self, project: Checkout) -> None:
        project.ok("lane-engine", "B-ui", "legacy", "begin")
        write_file(project.main, "compat/profile.toml", "[targets.x]\nunknown = 1\n")
        assert project.run("lane-engine", "B-ui", "shadow", "on").word == "invalid_config"
        assert "front_door_stale" in doctor_keys(project)
        os.unlink(os.path.join(project.main, "compat", "profile.toml"))
        assert engines(project)["B-ui"] == "legacy"


class TestGoingBack:
    def test_everything_that_happened_is_exported_although_write_back_was_off(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="none")
        work_through(project)
        assert older.calls == []
        found = project.ok("lane-engine", "B-ui", "legacy", "back", "--json").json
        assert older.commands == ["set-status", "record-evidence", "record-handoff", "record-review", "set-status"]
        assert older.state("B-1") == ("done", "B")
        exported = found["exported"][0]
        assert (exported["mode"], exported["tasks"], exported["records"]) == ("command", 2, 3)
        assert engines(project)["B-ui"] == "legacy"

    def test_our_records_all_stay_and_nothing_is_there_twice(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        work_through(project)
        project.ok("lane-engine", "B-ui", "legacy", "back")
        project.ok("orchestrator-status", env={"FAIRWAY_ENGINE": "fairway"})
        detail = project.ok("queue-task-detail", "B-1", "--json", env={"FAIRWAY_ENGINE": "fairway"}).json
        assert [len(detail[name]) for name in ("evidence", "handoffs", "reviews")] == [1, 1, 1]
        for table in ("task_evidence", "task_handoffs", "task_reviews"):
            assert older.rows(f"SELECT count(*) FROM {table}") == [(1,)]
        assert [row["to_status"] for row in detail["history"]].count("done") == 1
        project.ok("queue-verify")

    def test_it_is_refused_while_the_legacy_side_says_something_else(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        older.say("refuse")
        older.rows("UPDATE task_state SET status = 'blocked' WHERE task_id = 'B-1'")
        refused = project.run("lane-engine", "B-ui", "legacy", "back")
        assert (refused.code, refused.word) == (1, "parity_mismatch")
        assert "status is in_progress here and blocked on the legacy side" in refused.err
        assert engines(project)["B-ui"] == "fairway"

    def test_it_is_refused_when_a_record_cannot_be_proven_to_be_there(self, tmp_path: Path) -> None:
        project, _older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        work_through(project)
        with sqlite3.connect(project.store) as store:
            store.execute("DELETE FROM legacy_rows WHERE own_table = 'task_handoffs'")
        refused = project.run("lane-engine", "B-ui", "legacy", "back")
        assert "B-1: 1 record(s) are not on the legacy side" in refused.err

    def test_what_happens_meanwhile_is_exported_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="none")
        exports: list[Any] = []

        def slow_export(*words: Any) -> Any:
            found = export_lane(*words)
            if not exports:
                project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
            exports.append(found)
            return found

        monkeypatch.chdir(project.main)
        monkeypatch.setattr(rollback, "export_lane", slow_export)
        assert entry.run("lane-engine", ["B-ui", "legacy", "back"]) == 0
        assert len(exports) == 2
        assert older.state("B-1") == ("in_progress", "B")

    def test_force_goes_back_all_the_same_and_keeps_the_differences(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        older.say("refuse")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        project.ok("lane-engine", "B-ui", "legacy", "burning", "--force")
        change = project.ok("lane-engine", "B-ui", "--json").json["changes"][-1]
        assert change["forced"]
        assert any("status is in_progress here" in line for line in change["obstacles"])

    def test_what_was_forced_over_is_not_told_to_the_legacy_side_later(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        older.say("refuse")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        project.ok("lane-engine", "B-ui", "legacy", "burning", "--force")
        older.unsay("refuse")
        assert project.ok("lane-engine", "--deliver", "--json").json["waiting"] == 0
        assert older.state("B-1") == ("todo", "")
        assert (
            project.ok("queue-task-detail", "B-1", "--json", env={"FAIRWAY_ENGINE": "fairway"}).json["status"] == "todo"
        )
        project.ok("queue-verify")

    def test_a_second_cut_over_and_way_back_exports_only_what_is_new(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="none")
        work_through(project)
        project.ok("lane-engine", "B-ui", "legacy", "back")
        calls = len(older.calls)
        project.ok("lane-engine", "B-ui", "fairway", "again", "--force")
        project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
        project.ok("lane-engine", "B-ui", "legacy", "back again")
        assert older.commands[calls:] == ["set-status"]
        assert older.state("B-2") == ("in_progress", "B")

    def test_a_state_that_somebody_changed_on_the_legacy_side_is_told_again(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        older.rows("UPDATE task_state SET status = 'todo', owner = '' WHERE task_id = 'B-1'")
        project.ok("lane-engine", "B-ui", "shadow", "back")
        assert older.state("B-1") == ("in_progress", "B")

    def test_without_originals_the_queue_file_gets_the_state(self, tmp_path: Path) -> None:
        project = make_checkout(str(tmp_path), QUEUE, lanes=["B-ui"])
        project.ok("lane-engine", "ALL", "legacy", "begin")
        project.ok("lane-engine", "B-ui", "fairway", "go", "--force")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass")
        found = project.ok("lane-engine", "B-ui", "legacy", "back", "--json").json["exported"][0]
        assert (found["mode"], found["kept_here"], found["differences"]) == ("yaml", 1, [])
        with open(project.queue_file, encoding="utf-8") as file:
            assert "status: in_progress\n" in file.read()


def work_through(project: Checkout) -> None:
    """Take B-1 from the claim to done, with evidence, a handoff and a review."""
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass")
    commit = project.commit("B-ui", "x.txt")
    handoff = ("--commands", "make test", "--results", "ok", "--changed-files", "x.txt")
    project.ok("queue-record-handoff", "B-1", "--owner", "B", "--branch", "agent/B-ui", "--commit", commit, *handoff)
    review = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved", "--commit", commit)
    project.ok("queue-record-review", "B-1", *review)
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", commit)
