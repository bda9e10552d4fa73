"""lane-engine: which side answers a lane, and moving lanes between the sides."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.cutover.door import engine_changes
from fairway_scripts.cutover.door.returning import return_lane
from fairway_scripts.front import entry
from tests.support.older_scripts import add_older_scripts, force_over, make_cutover
from tests.support.ready_made import ready_made
from tests.support.repositories import git, write_file
from tests.support.shell import Checkout, make_checkout, queue_text, task

QUEUE = queue_text(task("B-1"), task("B-2"), task("A-1", "A-backend", depends_on=["B-1"]))


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    found = make_checkout(parent, QUEUE, lanes=["B-ui"])
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
    return {row["lane"]: row["engine"] for row in project.ok("lane-engine", "--json").json["lanes"]}


def test_without_a_cut_over_every_lane_is_fairway_and_there_is_no_file_for_the_front_doors(project: Checkout) -> None:
    found = project.ok("lane-engine", "--json").json
    assert found["cutting_over"] is False
    assert {row["engine"] for row in found["lanes"]} == {"fairway"}
    assert not os.path.exists(os.path.join(project.main, ".git", "fairway", "front-door.json"))


def test_a_change_is_kept_with_who_when_and_why_and_the_front_doors_read_it(project: Checkout) -> None:
    project.ok("lane-engine", "B-ui", "shadow", "first try", "--actor", "coordinator")
    (row,) = [row for row in project.ok("lane-engine", "--json").json["lanes"] if row["lane"] == "B-ui"]
    assert (row["engine"], row["actor"], row["reason"], row["own"]) == ("shadow", "coordinator", "first try", True)
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

    def test_the_obstacles_are_those_of_the_report_by_the_same_numbers(self, project: Checkout) -> None:
        project.ok("lane-engine", "ALL", "legacy", "begin")
        refused = project.run("lane-engine", "B-ui", "fairway", "go")
        told = [line for line in refused.err.splitlines() if line.startswith("#")]
        report = project.run("parity-report", "B-ui")
        listed = [line.strip() for line in report.out.splitlines() if line.startswith("  #")]
        assert told
        assert [line.replace("B-ui: ", "", 1) for line in told] == listed

    @pytest.mark.parametrize("reason", ["we know", "#2", "number 1", "#11"])
    def test_force_needs_a_reason_that_names_every_obstacle(self, project: Checkout, reason: str) -> None:
        project.ok("lane-engine", "ALL", "legacy", "begin")
        refused = project.run("lane-engine", "B-ui", "fairway", reason, "--force")
        assert (refused.code, refused.word) == (1, "reason_required")
        assert "FORCE goes past them when REASON names each: #1" in refused.err
        assert engines(project)["B-ui"] == "legacy"

    def test_a_refusal_of_all_lanes_leads_to_the_report_of_all(self, project: Checkout) -> None:
        project.ok("lane-engine", "ALL", "legacy", "begin")
        refused = project.run("lane-engine", "ALL", "fairway", "go")
        assert refused.word == "parity_mismatch"
        assert refused.err.splitlines()[-1] == "hint: make parity-report"

    def test_force_is_recorded_with_what_it_went_past(self, project: Checkout) -> None:
        project.ok("lane-engine", "ALL", "legacy", "begin")
        force_over(project, "B-ui", "we know")
        change = project.ok("lane-engine", "B-ui", "--json").json["changes"][-1]
        assert (change["engine"], change["forced"]) == ("fairway", True)
        assert change["reason"].startswith("we know: #1")
        assert change["findings"]

    def test_data_of_the_old_database_without_a_place_here_is_an_obstacle(self, project: Checkout) -> None:
        older = add_older_scripts(project, "B-1", "B-2", "A-1")
        older.rows("ALTER TABLE task_state ADD COLUMN moon_phase TEXT")
        project.ok("lane-engine", "ALL", "legacy", "begin")
        assert "moon_phase" not in project.run("lane-engine", "B-ui", "fairway", "go").err
        older.rows("UPDATE task_state SET moon_phase = 'full' WHERE task_id = 'B-1'")
        refused = project.run("lane-engine", "B-ui", "fairway", "go")
        assert "the old database: task_state.moon_phase has no place here: 1 value(s)" in refused.err
        older.rows("DROP TABLE task_reviews")
        assert "no table is known to hold the reviews" in project.run("lane-engine", "B-ui", "fairway", "go").err

    def test_the_lane_starts_from_what_the_legacy_side_says(self, project: Checkout) -> None:
        older = add_older_scripts(project, "B-1", "B-2", "A-1")
        project.ok("lane-engine", "ALL", "legacy", "begin")
        older.rows("UPDATE task_state SET status = 'in_progress', owner = 'Zed' WHERE task_id = 'B-1'")
        force_over(project, "B-ui")
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

    def test_it_knows_what_the_profile_of_the_host_says(self, project: Checkout) -> None:
        text = '[scripts."scripts/ops/agent_queue.sh".take]\ntool = "queue-claim"\npositional = ["{}"]\n'
        write_file(project.main, "compat/profile.toml", text.replace("{}", "TASK_ID"))
        project.ok("lane-engine", "B-ui", "legacy", "begin")
        entry = {"tool": "queue-claim", "positional": ["TASK_ID"]}
        assert front_door(project)["scripts"] == {"scripts/ops/agent_queue.sh": {"take": entry}}
        assert "front_door_stale" not in doctor_keys(project)
        write_file(project.main, "compat/profile.toml", text.replace("{}", "ROLE"))
        assert "front_door_stale" in doctor_keys(project)
        project.ok("lane-engine")
        entry["positional"] = ["ROLE"]
        assert front_door(project)["scripts"] == {"scripts/ops/agent_queue.sh": {"take": entry}}
        assert "front_door_stale" not in doctor_keys(project)

    def test_a_profile_that_cannot_be_read_is_refused_before_anything_changes(self, project: Checkout) -> None:
        project.ok("lane-engine", "B-ui", "legacy", "begin")
        write_file(project.main, "compat/profile.toml", "[scripts.x.y]\nunknown = 1\n")
        assert project.run("lane-engine", "B-ui", "shadow", "on").word == "invalid_config"
        assert "front_door_stale" in doctor_keys(project)
        os.unlink(os.path.join(project.main, "compat", "profile.toml"))
        assert engines(project)["B-ui"] == "legacy"


class TestGoingBack:
    def test_the_older_side_is_told_the_status_of_every_task_and_nothing_else(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="none")
        work_through(project)
        assert older.calls == []
        returned = project.ok("lane-engine", "B-ui", "legacy", "back", "--json").json["returned"][0]
        assert older.commands == ["set-status", "record-evidence", "set-status"]
        assert older.state("B-1") == ("done", "B")
        assert (returned["delivered"], returned["records"], returned["debts"]) == (3, 3, [])
        assert engines(project)["B-ui"] == "legacy"

    def test_our_records_stay_and_go_out_as_a_file(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        work_through(project)
        returned = project.ok("lane-engine", "B-ui", "legacy", "back", "--json").json["returned"][0]
        with open(returned["file"], encoding="utf-8") as file:
            told = json.load(file)
        assert (told["schema"], told["role"]) == ("returned-lane/1", "B-ui")
        assert [len(told[name]) for name in ("evidence", "handoffs", "reviews")] == [1, 1, 1]
        assert told["handoffs"][0]["changed_files"] == "x.txt"
        project.ok("orchestrator-status", env={"FAIRWAY_ENGINE": "fairway"})
        detail = project.ok("queue-task-detail", "B-1", "--json", env={"FAIRWAY_ENGINE": "fairway"}).json
        assert [len(detail[name]) for name in ("evidence", "handoffs", "reviews")] == [1, 1, 1]
        counts = [older.rows(f"SELECT count(*) FROM {name}")[0][0] for name in ("task_handoffs", "task_reviews")]
        assert counts == [0, 0]
        assert [row["to_status"] for row in detail["history"]].count("done") == 1
        project.ok("queue-verify")

    def test_what_cannot_be_told_is_a_debt_and_no_obstacle(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        older.say("refuse")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        back = project.ok("lane-engine", "B-ui", "legacy", "burning", "--json").json
        assert "B-1 is in_progress here" in back["returned"][0]["debts"][0]
        assert engines(project)["B-ui"] == "legacy"
        listed = project.ok("lane-engine", "--json").json
        assert [(row["task_id"], row["status"]) for row in listed["debts"]] == [("B-1", "in_progress")]
        assert "debt: B-1 is in_progress here" in project.ok("lane-engine").out

    @pytest.mark.parametrize("word", ["refuse", "sleep-walk"])
    def test_what_waits_behind_it_is_a_debt_too(self, tmp_path: Path, word: str) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        older.say(word)
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "a flood")
        project.ok("queue-set-status", "B-1", "--status", "in_progress")
        back = project.ok("lane-engine", "B-ui", "legacy", "burning", "--json").json
        assert len(back["returned"][0]["debts"]) == 3
        assert engines(project)["B-ui"] == "legacy"
        older.unsay(word)
        if word == "sleep-walk":  # it said that it had done it, and is not asked again: somebody sets the last one
            assert project.run("lane-engine", "--deliver").code == 1
            older.rows("UPDATE task_state SET status = 'in_progress', owner = 'B' WHERE task_id = 'B-1'")
        project.ok("lane-engine", "--deliver")
        assert older.state("B-1") == ("in_progress", "B")

    def test_our_newer_state_is_kept_until_the_debt_is_settled(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        older.say("refuse")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        project.ok("lane-engine", "B-ui", "legacy", "burning")
        older.rows("UPDATE task_state SET owner = 'Zed' WHERE task_id = 'B-2'")
        own_side = {"FAIRWAY_ENGINE": "fairway"}
        project.ok("orchestrator-status", env=own_side)
        assert project.ok("queue-task-detail", "B-1", "--json", env=own_side).json["status"] == "in_progress"
        assert project.ok("queue-task-detail", "B-2", "--json", env=own_side).json["owner"] == "Zed"
        older.rows("UPDATE task_state SET status = 'in_progress', owner = 'B' WHERE task_id = 'B-1'")
        assert project.ok("lane-engine", "--deliver", "--json").json["waiting"] == 0
        older.rows("UPDATE task_state SET status = 'blocked' WHERE task_id = 'B-1'")
        assert project.ok("queue-task-detail", "B-1", "--json", env=own_side).json["status"] == "blocked"
        project.ok("queue-verify")

    def test_what_happens_meanwhile_is_told_too(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="command")
        returns: list[Any] = []

        def slow_return(*words: Any) -> Any:
            found = return_lane(*words)
            if not returns:
                older.say("refuse")
                project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
                older.unsay("refuse")
            returns.append(found)
            return found

        monkeypatch.chdir(project.main)
        monkeypatch.setattr(engine_changes, "return_lane", slow_return)
        assert entry.run("lane-engine", ["B-ui", "legacy", "back"]) == 0
        assert older.state("B-1") == ("in_progress", "B")

    def test_a_second_time_tells_only_what_is_new(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1", write_back="none")
        work_through(project)
        project.ok("lane-engine", "B-ui", "legacy", "back")
        calls = len(older.calls)
        force_over(project, "B-ui", "again")
        project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
        project.ok("lane-engine", "B-ui", "legacy", "back again")
        assert older.commands[calls:] == ["set-status"]
        assert older.state("B-2") == ("in_progress", "B")

    def test_a_status_that_somebody_changed_on_the_older_side_is_told_again(self, tmp_path: Path) -> None:
        project, older = make_cutover(tmp_path, QUEUE, "B-1", "B-2", "A-1")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        older.rows("UPDATE task_state SET status = 'todo', owner = '' WHERE task_id = 'B-1'")
        project.ok("lane-engine", "B-ui", "shadow", "back")
        assert older.state("B-1") == ("in_progress", "B")

    def test_without_originals_every_status_is_a_debt(self, tmp_path: Path) -> None:
        project = make_checkout(str(tmp_path), QUEUE, lanes=["B-ui"])
        project.ok("lane-engine", "ALL", "legacy", "begin")
        force_over(project, "B-ui")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass")
        returned = project.ok("lane-engine", "B-ui", "legacy", "back", "--json").json["returned"][0]
        assert returned["records"] == 1
        assert "B-1 is in_progress here: " in returned["debts"][0]
        assert engines(project)["B-ui"] == "legacy"


def work_through(project: Checkout) -> None:
    """Take B-1 from the claim to done, with evidence, a handoff and a review."""
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass")
    commit = project.commit("B-ui", "x.txt")
    handoff = ("--commands", "make test", "--results", "ok", "--changed-files", "x.txt")
    project.ok("queue-record-handoff", "B-1", "--owner", "B", "--branch", "agent/B-ui", "--commit", commit, *handoff)
    review = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved", "--commit", commit)
    project.ok("queue-record-review", "B-1", *review)
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", commit)
