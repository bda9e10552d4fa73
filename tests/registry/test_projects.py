"""`fairway projects` and `--all-projects`: many projects on one machine, one look at all of them."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.shell import BIN, Answer, Checkout, environment, make_checkout, queue_text, run_tool, task


class Machine:
    """A home with its state folder, and projects."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.state = {"XDG_STATE_HOME": str(folder / "state")}
        self.file = folder / "state" / "fairway" / "projects.json"

    def project(self, name: str, *ids: str, lanes: tuple[str, ...] = ()) -> Checkout:
        (self.folder / name).mkdir()
        made = make_checkout(self.folder / name, queue_text(*(task(name_of) for name_of in ids)), lanes=lanes)
        made.ok("queue-ready")
        return made

    def run(self, *words: str, cwd: str = "/", **env: str) -> Answer:
        return run_tool(words[0], *words[1:], cwd=cwd, env={**self.state, **env})

    def add(self, project: Checkout, name: str, **more: str) -> Answer:
        answer = self.run("fairway-projects", "add", project.main, "--project-name", name, **more)
        assert answer.code == 0, answer
        return answer

    def rows(self, action: str = "list") -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.run("fairway-projects", action, "--json").json["projects"]
        return found


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


class TestList:
    def test_add_list_and_remove(self, machine: Machine) -> None:
        one = machine.project("one", "B-1")
        machine.add(one, "first")
        (row,) = machine.rows()
        assert (row["name"], row["folder"], row["store"]) == ("first", one.main, one.store)
        assert machine.run("fairway-projects", "remove", "first").code == 0
        assert machine.rows() == []
        assert one.ok("queue-ready").code == 0
        assert machine.run("fairway-projects", "remove", "first").word == "not_found"

    def test_a_worktree_is_the_project_that_it_belongs_to(self, machine: Machine) -> None:
        one = machine.project("one", "B-1", lanes=("B-ui",))
        machine.add(one, "first")
        again = machine.run("fairway-projects", "add", "--json", cwd=one.lanes["B-ui"])
        assert again.json["added"] is False
        assert [row["folder"] for row in machine.rows()] == [one.main]

    def test_a_clone_that_moved_is_the_one_that_it_was(self, machine: Machine) -> None:
        one = machine.project("one", "B-1")
        machine.add(one, "first")
        moved = str(machine.folder / "elsewhere")
        shutil.move(one.main, moved)
        assert machine.rows("status")[0]["state"] == "file_unavailable"
        assert machine.run("fairway-projects", "add", moved, "--project-name", "first").code == 0
        assert [(row["name"], row["folder"]) for row in machine.rows()] == [("first", moved)]

    def test_two_tracks_in_one_repository_are_two_projects(self, machine: Machine) -> None:
        one = machine.project("one", "B-1")
        machine.add(one, "first")
        config = os.path.join(one.main, ".fairway", "second.toml")
        text = Path(one.main, ".fairway", "config.toml").read_text()
        Path(one.main, "second.yaml").write_text(queue_text(task("B-7")))
        text = text.replace(
            'queue_source = "yaml:doc/governance/Agent_Work_Queue.yaml"', 'queue_source = "yaml:second.yaml"'
        )
        lines = [line for line in text.splitlines() if not line.startswith("db_path")]
        place = lines.index("[fairway]") + 1
        Path(config).write_text(
            "\n".join([*lines[:place], 'db_path = ".git/fairway/second.db"', *lines[place:]]) + "\n"
        )
        track = ["--config", config]
        ready = machine.run("queue-ready", *track, cwd=one.main)
        assert ready.code == 0, ready
        added = machine.run("fairway-projects", "add", "--project-name", "second", *track, cwd=one.main)
        assert added.code == 0, added
        answers = machine.run("queue-ready", "--all-projects", "--json").json["projects"]
        assert {row["name"]: [item["task_id"] for item in row["answer"]["tasks"]] for row in answers} == {
            "first": ["B-1"],
            "second": ["B-7"],
        }

    def test_a_name_is_one_projects(self, machine: Machine) -> None:
        machine.add(machine.project("one", "B-1"), "first")
        two = machine.project("two", "B-1")
        answer = machine.run("fairway-projects", "add", two.main, "--project-name", "first")
        assert (answer.code, answer.word) == (4, "already_exists")
        assert "hint: " in answer.err

    def test_many_at_once_lose_nothing(self, machine: Machine) -> None:
        projects = [machine.project(f"p{number}", "B-1") for number in range(6)]
        started = [
            subprocess.Popen(
                [
                    sys.executable,
                    os.path.join(BIN, "fairway-projects"),
                    "add",
                    project.main,
                    "--project-name",
                    f"n{number}",
                ],
                env=environment(**machine.state),
                stdout=subprocess.DEVNULL,
            )
            for number, project in enumerate(projects)
        ]
        assert [process.wait(timeout=90) for process in started] == [0] * 6
        assert [row["name"] for row in machine.rows()] == [f"n{number}" for number in range(6)]
        assert os.listdir(machine.file.parent) == ["projects.json"]

    def test_a_relative_state_folder_does_not_count(self, machine: Machine) -> None:
        one = machine.project("one", "B-1")
        answer = machine.run("fairway-projects", "add", one.main, XDG_STATE_HOME="state", HOME=str(machine.folder))
        assert answer.code == 0, answer
        assert (machine.folder / ".local" / "state" / "fairway" / "projects.json").exists()

    @pytest.mark.parametrize(
        "text", ["{", "[]", '{"schema": "projects/1"}', '{"schema": "projects/1", "projects": [{"uuid": 1}]}']
    )
    def test_a_file_that_is_none_of_ours_is_left_alone(self, machine: Machine, text: str) -> None:
        machine.file.parent.mkdir(parents=True)
        machine.file.write_text(text)
        one = machine.project("one", "B-1")
        for words in (["list"], ["add", one.main], ["remove", "x"]):
            answer = machine.run("fairway-projects", *words)
            assert (answer.code, answer.word, f"{machine.file}:1: " in answer.err) == (1, "invalid_document", True)
        assert machine.file.read_text() == text

    @pytest.mark.parametrize("words", [[], ["ad"]])
    def test_words_that_are_not_known(self, machine: Machine, words: list[str]) -> None:
        assert machine.run("fairway-projects", *words).word == "usage"

    def test_a_folder_without_a_project_is_not_added(self, machine: Machine) -> None:
        assert machine.run("fairway-projects", "add", str(machine.folder)).code != 0
        assert machine.run("fairway-projects", "add", "/no/such/folder").word == "file_unavailable"


class TestAcross:
    @pytest.fixture
    def two(self, machine: Machine) -> tuple[Checkout, Checkout]:
        first, second = machine.project("one", "B-1"), machine.project("two", "B-2", "B-3")
        machine.add(first, "first")
        machine.add(second, "second")
        return first, second

    def test_ready_in_all_of_them(self, machine: Machine, two: tuple[Checkout, Checkout]) -> None:
        out = machine.run("fairway", "ready", "--all-projects", "--limit", "1").out
        assert out.splitlines()[0] == f"== first ({two[0].main})"
        assert [line.split()[0] for line in out.splitlines() if not line.startswith("==")] == ["B-1", "B-2"]

    @pytest.mark.parametrize("tool", ["queue-ready", "orchestrator-status", "orchestrator-tick", "queue-activity"])
    def test_each_answers_for_all(self, machine: Machine, two: tuple[Checkout, Checkout], tool: str) -> None:
        answer = machine.run(tool, "--all-projects", "--json").json
        assert answer["schema"] == f"{tool}-across/1"
        assert [(row["name"], row["exit_code"]) for row in answer["projects"]] == [("first", 0), ("second", 0)]
        assert all(row["answer"]["schema"] == f"{tool}/1" for row in answer["projects"])

    def test_looking_changes_no_store(self, machine: Machine, two: tuple[Checkout, Checkout]) -> None:
        two[0].write_queue(queue_text(task("B-1"), task("B-9")))
        before = [Path(project.store).read_bytes() for project in two]
        for tool in ("queue-ready", "orchestrator-tick", "queue-activity"):
            assert machine.run(tool, "--all-projects").code == 0
        assert machine.run("fairway-projects", "status").code == 0
        assert [Path(project.store).read_bytes() for project in two] == before
        assert two[0].ok("queue-list", "--format", "ids").out.split() == ["B-1", "B-9"]

    def test_what_is_said_beside_an_answer_names_its_project(
        self, machine: Machine, two: tuple[Checkout, Checkout]
    ) -> None:
        two[0].write_queue("tasks: [\n")
        answer = machine.run("queue-ready", "--all-projects")
        assert [line for line in answer.err.splitlines() if "first: " in line], answer.err
        assert "second: " not in answer.err
        told = machine.run("queue-ready", "--all-projects", "--json").json["projects"]
        assert [len(row.get("remarks", [])) for row in told] == [1, 0]

    def test_one_that_is_broken_is_one_row(self, machine: Machine, two: tuple[Checkout, Checkout]) -> None:
        Path(two[0].store).write_bytes(b"no database at all, but long enough to be looked at" * 40)
        answer = machine.run("queue-ready", "--all-projects", "--json").json["projects"]
        assert answer[0]["error"]["word"] == "store_damaged"
        assert [row["task_id"] for row in answer[1]["answer"]["tasks"]] == ["B-2", "B-3"]
        assert "error: store_damaged: " in machine.run("queue-ready", "--all-projects").out
        os.unlink(two[0].store)
        states = {row["name"]: row["state"] for row in machine.rows("status")}
        assert states == {"first": "store_lost", "second": "ok"}
        out = machine.run("queue-ready", "--all-projects").out
        assert "error: store_lost: " in out
        assert "B-2" in out

    def test_a_refusal_is_told_with_all_of_its_lines(self, machine: Machine, two: tuple[Checkout, Checkout]) -> None:
        with open(os.path.join(two[0].main, ".fairway/config.toml"), "a", encoding="utf-8") as file:
            file.write("\nx = = 1\n")
        out = machine.run("queue-ready", "--all-projects").out
        assert "is no TOML" in out
        assert "\nhint: " in out
        assert "B-2" in out

    @pytest.mark.parametrize("wrong", [("--since", "soon"), ("--bogus",)], ids=" ".join)
    def test_a_call_that_is_wrong_everywhere_is_refused_once(
        self, machine: Machine, two: tuple[Checkout, Checkout], wrong: tuple[str, ...]
    ) -> None:
        answer = machine.run("queue-activity", "--all-projects", *wrong)
        assert (answer.code, answer.word, answer.out) == (2, "usage", "")

    def test_the_lines_for_a_project_are_spelled_as_the_call_was(
        self, machine: Machine, two: tuple[Checkout, Checkout]
    ) -> None:
        out = machine.run("fairway", "tick", "--all-projects", FAIRWAY_VIA="").out
        assert "fairway claim --role" in out
        assert "queue-claim" not in out

    def test_a_store_on_a_server_is_asked_there(self, machine: Machine) -> None:
        from tests.support.server import server
        from tests.support.server_checkout import server_checkout

        made = server_checkout(machine.folder, queue_text(task("B-1"), task("B-2")))
        made.ok("queue-ready")
        machine.state |= server().environment
        machine.add(made, "far")
        (row,) = machine.rows("status")
        assert (row["store"], row["state"], row["total"]) == (made.place, "ok", 2)
        server().sql(f"DROP SCHEMA {made.schema} CASCADE")
        assert [row["state"] for row in machine.rows("status")] == ["store_lost"]

    def test_what_is_of_one_project_is_refused(self, machine: Machine, two: tuple[Checkout, Checkout]) -> None:
        answer = machine.run("queue-ready", "--all-projects", f"--queue-db={two[0].store}")
        assert (answer.code, answer.word) == (2, "usage")

    def test_without_a_project_it_says_how_to_add_one(self, machine: Machine) -> None:
        answer = machine.run("queue-ready", "--all-projects")
        assert (answer.code, answer.word, "fairway-projects add" in answer.err) == (3, "not_found", True)

    def test_behind_make_it_is_a_variable(self, machine: Machine, two: tuple[Checkout, Checkout]) -> None:
        answer = two[0].make("queue-ready", "ALL_PROJECTS=1", "JSON=1", env=machine.state)
        assert [row["name"] for row in json.loads(answer.out)["projects"]] == ["first", "second"]
