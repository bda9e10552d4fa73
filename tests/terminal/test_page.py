"""The page as people see it, key by key."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
from typing import Any

import pytest

from fairway_scripts.board.reports import status_report
from tests.support.engines import on_file, on_server
from tests.support.server import server
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.terminal.screens import AT, HELD, Seen, walk

from fairway_scripts.terminal.layout import HINTS  # isort: skip
from fairway_scripts.terminal.reader import Facts  # isort: skip
from fairway_scripts.terminal.rows import Asked  # isort: skip
from fairway_scripts.terminal.sketch import screen  # isort: skip
from fairway_scripts.terminal.views import VIEWS  # isort: skip
from pathlib import Path

GOLDEN = os.path.join(os.path.dirname(os.path.abspath(__file__)), "golden")
LANES = ("A-backend", "B-ui", "C-ops")


@pytest.fixture
def project(engine: str, tmp_path: Path) -> Checkout:
    """Three lanes; B-1 is worked on and handed over, its review is asked."""
    queue = queue_text(
        task("B-1", priority=1, title="Acknowledge alerts"),
        task("B-2", title="Show the reason", dependencies=["B-1"]),
        task("B-3", title="[bold red]not markup[/] \x1b[31mnot a colour\u202e"),
        task("A-1", "A-backend", title="Acknowledge over HTTP", priority=2),
        task("C-1", "C-ops", title="Alert on slow acknowledgements"),
    )
    made = make_checkout(tmp_path, queue, lanes=LANES)
    now = {"FAIRWAY_NOW": AT, "ACTOR": "bob"}
    made.ok("queue-import", env=now)
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=now)
    return made


def hand_over(project: Checkout) -> str:
    """B-1 handed to A-backend, with a review asked of the lanes that its change concerns."""
    sha = project.commit("B-ui", "packages/web/alerts.ts", message="Acknowledge alerts")
    now = {"FAIRWAY_NOW": AT, "ACTOR": "bob"}
    given = ["--owner", "B", "--branch", "agent/B-ui", "--commit", sha, "--commands", "pnpm test", "--results", "pass"]
    project.ok("queue-record-handoff", "B-1", *given, "--changed-files", "a.ts", "--to-role", "A-backend", env=now)
    project.ok("queue-route-review", "B-1", "--ref", sha, env=now)
    return sha


def compare(name: str, seen: Seen, request: pytest.FixtureRequest) -> None:
    """The screen against the golden file of that name; ids of commits are those of the set-up."""
    path = os.path.join(GOLDEN, f"{name}.txt")
    text = re.sub(r"\b[0-9a-f]{12}\b", "x" * 12, seen.text)
    if request.config.getoption("--update-golden"):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
    with open(path, encoding="utf-8") as file:
        assert text == file.read(), name


class TestScreens:
    def test_every_view_at_80_by_24(self, project: Checkout, request: pytest.FixtureRequest) -> None:
        hand_over(project)

        async def steps(seen: Seen) -> None:
            compare("1-lanes", seen, request)
            for number, name in ((2, "board"), (3, "reviews"), (5, "activity")):
                await seen.press(str(number))
                await seen.settled()
                compare(f"{number}-{name}", seen, request)
            await seen.press("4", until="no live session and no watcher at work")
            await seen.press("6", "slash")
            await seen.type("next")  # what doctor says is of the machine
            await seen.press("enter")
            await seen.until("orchestrator-tick", gone=True)
            await seen.settled()
            compare("6-next", seen, request)

        walk(project, steps, role="A-backend")

    def test_a_task_and_the_keys(self, project: Checkout, request: pytest.FixtureRequest) -> None:
        """From the worktree of the task, where its line names no folder of this machine."""

        async def steps(seen: Seen) -> None:
            await seen.press("2", "down")
            await seen.settled()
            await seen.press("enter", until="fence: 1")
            compare("task", seen, request)
            await seen.press("escape", "question_mark", until="board: tasks in the order")
            compare("keys", seen, request)

        walk(project, steps, place=project.lanes["B-ui"])

    def test_a_form(self, project: Checkout, request: pytest.FixtureRequest) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "down", "e", until="the command that was run")
            compare("evidence", seen, request)

        walk(project, steps)

    def test_stored_text_is_neither_markup_nor_steers_the_terminal(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", until="[bold red]not markup[/]")
            await seen.press("end", "up", "enter", until="[bold red]not markup[/] \\x1b[31mnot a colour\\u202e")
            assert "\x1b" not in seen.text
            assert "\u202e" not in seen.text

        walk(project, steps)


class TestChanges:
    def test_a_claim_runs_the_tool_as_the_person(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", until="A-1 ")
            await seen.press("c", until="claim A-1")
            await seen.press("ctrl+u")
            await seen.type("Ann", "enter", until="claimed A-1")

        walk(project, steps)
        found = project.detail("A-1")
        assert (found["status"], found["owner"], found["claimant"]) == ("in_progress", "Ann", "ann")
        newest = project.ok("queue-activity", "--task-id", "A-1", "--limit", "1", "--json").json["events"][0]
        assert (newest["kind"], newest["actor"], newest["tool"]) == ("claimed", "ann", "queue-claim")

    def test_a_refusal_is_shown_as_the_tool_gives_it_with_its_hint(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "down", "c", until="claim B-1")
            await seen.type("Ann", "enter", until="hint: ")
            assert "error: already_claimed: " in seen.text

        walk(project, steps)
        assert project.detail("B-1")["owner"] == "B"

    def test_a_block_asks_why_and_goes_no_further_without(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "b", until="block A-1")
            await seen.press("enter", until="why is required")
            await seen.type("waits for the API", "enter", until="A-1: todo -> blocked")

        walk(project, steps)
        found = project.detail("A-1")
        assert (found["status"], found["history"][-1]["reason"]) == ("blocked", "waits for the API")

    def test_undo_names_the_change_first_and_esc_leaves_it(self, project: Checkout) -> None:
        project.ok("queue-set-status", "A-1", "--status", "blocked", "--reason", "x", "--actor", "ann")

        async def steps(seen: Seen) -> None:
            await seen.press("u", until="status_set of A-1")
            await seen.press("escape")
            await seen.until("undo this?", gone=True)
            assert project.detail("A-1")["status"] == "blocked"
            await seen.press("u", until="status: blocked -> todo")
            await seen.press("enter", until="undone: status_set of A-1")

        walk(project, steps)
        assert project.detail("A-1")["status"] == "todo"

    def test_evidence_and_a_handoff_name_the_commit_of_the_lane(self, project: Checkout) -> None:
        sha = project.commit("B-ui", "packages/web/alerts.ts")

        async def steps(seen: Seen) -> None:
            await seen.press("2", "down", "e", until="the command that was run")
            for text in ("pnpm test", "pass", "", ""):
                await seen.type(text, "enter")
            await seen.until("recorded evidence")
            await seen.press("escape", "h", until="the files that were changed")
            for text in ("pnpm test", "pass", "alerts.ts", "C-ops"):
                await seen.type(text, "enter")
            await seen.until("recorded handoff")

        walk(project, steps, actor="bob")
        found = project.detail("B-1")
        assert [(row["result"], row["commit_sha"]) for row in found["evidence"]] == [("pass", sha)]
        assert [(row["commit_sha"], row["branch"], row["to_lane"]) for row in found["handoffs"]] == [
            (sha, "agent/B-ui", "C-ops")
        ]

    def test_a_change_needs_a_task(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("c", until="claim: no task is chosen")

        walk(project, steps)


class TestLines:
    def test_any_tool_runs_with_completion(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "down", "colon")
            await seen.type("queue-task-d")
            await seen.press("tab")
            await seen.type(" ")
            await seen.press("tab", "enter", until="done: queue-task-detail B-1")
            assert "fence: 1" in seen.text

        walk(project, steps)

    def test_a_tool_that_is_not_there_is_refused_with_the_one_that_is_meant(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("colon")
            await seen.type("queue-redy", "enter", until="no tool is called 'queue-redy'")
            assert "hint: make queue-help TOPIC=queue-ready" in seen.text

        walk(project, steps)

    def test_the_suggested_line_runs_in_the_lane_after_it_was_shown(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "down", "exclamation_mark", until="run this line")
            assert f"in {project.lanes['B-ui']}"[:79] in seen.text
            await seen.press("enter", until="stands for a value that is still to be given")
            await seen.press("ctrl+u")
            await seen.type("pwd", "enter", until="done: pwd")
            assert project.lanes["B-ui"] in seen.text.replace("\n", "")

        walk(project, steps)

    def test_a_line_for_a_shell_is_not_run(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "down", "exclamation_mark", until="run this line")
            await seen.press("ctrl+u")
            await seen.pilot.press(
                *"true", "space", "ampersand", "ampersand", "space", *"touch", "space", *"x", "enter"
            )
            await seen.until("&& is for a shell")

        walk(project, steps)
        assert not os.path.exists(os.path.join(project.lanes["B-ui"], "x"))

    def test_what_a_program_prints_steers_nothing(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "down", "exclamation_mark", until="run this line")
            await seen.press("ctrl+u")
            await seen.type(r"printf 'a[b]\033[2Jc\342\200\256d'", "enter", until="a[b]\\x1b[2Jc\\u202ed")

        walk(project, steps)

    def test_copying_takes_the_line_that_is_suggested_else_the_id(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("y", until="copied: make queue-ready ROLE=A-backend")
            await seen.press("2", "y", until="copied: A-1")
            await seen.press("enter", until="history")
            await seen.press("y", until="copied: make queue-claim")
            assert seen.page.clipboard.startswith("make queue-claim ROLE=A-backend OWNER='<owner>' TASK_ID=A-1")

        walk(project, steps)


class TestLooking:
    def test_what_others_do_is_seen(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("5", until="claimed")
            project.ok("queue-claim", "C-1", "--role", "C-ops", "--owner", "C", "--actor", "carol")
            await seen.until("carol")

        walk(project, steps)

    @on_server
    def test_a_server_that_is_started_again_is_followed(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", until="A-1 ")
            server().stop()
            try:
                await seen.until("store_unavailable")
            finally:
                server().start()
            project.ok("queue-claim", "C-1", "--role", "C-ops", "--owner", "C", "--actor", "carol")
            await seen.press("5", until="carol")

        walk(project, steps)

    def test_another_queue_file_is_said_and_not_imported(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", until="A-1 ")
            project.write_queue(queue_text(task("B-9")))
            await seen.press("r")
            await seen.settled()
            assert "A-1 " in seen.text

        walk(project, steps)

    def test_a_filter_keeps_what_matches_and_esc_takes_it_away(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "slash")
            await seen.type("lane:B-ui acknowledge", "enter", until="rows: 1")
            assert "B-1 " in seen.text
            assert "filter: lane:B-ui acknowledge" in seen.text
            await seen.press("escape", until="rows: 5")

        walk(project, steps)

    def test_what_is_drawn_before_the_page_is_what_the_page_shows(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            page, rows = seen.page, seen.page.grid.rows
            facts = Facts(page.lane, page.project_name, page.lanes, [])
            drawn, _, hints = screen(facts, rows, f"{len(rows):,}", 80, 24).partition("\x1b[24;1H")
            assert [line.rstrip() for line in drawn.split("\r\n")] == seen.lines[: len(rows) + 3]
            assert hints == seen.lines[-1]
            outline = screen(facts, VIEWS[0].outline(page.lanes, Asked()), "counting", 80, 24)
            assert [line.split()[0] for line in outline.split("\r\n")[3:]] == page.lanes
            assert "rows: counting" in outline
            assert not re.search(r"\d", outline.split("\r\n", 3)[3].partition("\x1b")[0])
            assert screen(facts, rows, "5", len(HINTS) - 1, 24) == screen(facts, rows, "5", 80, 5) == ""

        walk(project, steps)

    def test_a_lane_is_there_before_its_tasks_are_counted_and_nothing_is_a_number_until_then(
        self, project: Checkout, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        counted = threading.Event()

        def slow(*given: Any) -> Any:
            assert counted.wait(60)
            return status_report(*given)

        async def steps(seen: Seen) -> None:
            monkeypatch.setattr("fairway_scripts.terminal.views.status_report", slow)
            await seen.press("slash")
            await seen.type("lane:B-ui", "enter", until="B-ui  ...")
            assert seen.lines[1].endswith("rows: counting")
            (row,) = [line for line in seen.lines if line.startswith("B-ui")]
            assert row.split() == ["B-ui", *["..."] * 7]
            counted.set()
            await seen.until("rows: 1")
            (row,) = [line for line in seen.lines if line.startswith("B-ui")]
            assert row.split()[:6] == ["B-ui", "1", "1", "0", "0", "3"]

        walk(project, steps)

    def test_enter_on_a_lane_is_its_board(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("down", "enter", until="filter: lane:B-ui")
            await seen.until("rows: 3")

        walk(project, steps)

    @on_file
    def test_another_project_and_back(self, project: Checkout, tmp_path: Path) -> None:
        os.makedirs(tmp_path / "other")
        other = make_checkout(tmp_path / "other", queue_text(task("B-7")), lanes=["B-ui"], name="second")
        other.ok("queue-import")

        async def steps(seen: Seen) -> None:
            await seen.press("p", until="repository")
            await seen.press("enter", until="second  1 lanes")
            await seen.press("2", until="B-7")
            await seen.press("p", until="repository")
            await seen.press("ctrl+u")
            await seen.type(str(tmp_path), "enter", until="error: ")
            await seen.press("escape")
            assert "second  1 lanes" in seen.text

        walk(project, steps, folders=(other.main,))

    def test_a_narrow_and_a_wide_screen(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", until="A-1 ")
            await seen.pilot.resize_terminal(40, 10)
            while any(len(line) > 40 for line in seen.lines):
                await seen.pilot.pause(0.01)
            await seen.pilot.resize_terminal(160, 50)
            await seen.until("Alert on slow acknowledgements")

        walk(project, steps)

    def test_a_lane_of_another_project_is_none_and_said(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            assert "my lane: none" in seen.text
            assert "X-none" in seen.lines[-2]

        walk(project, steps, role="X-none")

    @on_file
    def test_another_project_has_its_own_store_whatever_the_call_named(self, project: Checkout, tmp_path: Path) -> None:
        os.makedirs(tmp_path / "other")
        other = make_checkout(tmp_path / "other", queue_text(task("B-7")), lanes=["B-ui"], name="second")
        other.ok("queue-import")

        async def steps(seen: Seen) -> None:
            await seen.press("p", until="repository")
            await seen.press("enter", until="second  1 lanes")
            await seen.press("2", until="B-7 ")
            await seen.press("b", until="block B-7")
            await seen.type("why not", "enter", until="B-7: todo -> blocked")

        walk(project, steps, folders=(other.main,), queue_db=project.store)
        assert other.detail("B-7")["status"] == "blocked"


class TestLongLists:
    def test_two_thousand_tasks_are_walked_in_windows(self, tmp_path: Path) -> None:
        made = make_checkout(tmp_path, queue_text(*(task(f"B-{number:04}") for number in range(2000))), lanes=["B-ui"])
        made.ok("queue-import")

        async def steps(seen: Seen) -> None:
            await seen.press("2", until="rows: 2,000")
            walked = [seen.page.grid.rows[0].key]
            while walked[-1] != "B-1999" and len(walked) < 2000:
                await seen.press("pagedown")
                await seen.settled()
                chosen = seen.page.grid.chosen
                assert chosen is not None
                walked.append(chosen.key)
                assert len(seen.page.grid.rows) <= HELD
                assert f"{chosen.key} " in seen.text
            assert walked == sorted(walked)
            await seen.press("g")
            await seen.settled()
            assert "B-0000 " in seen.lines[3]
            await seen.press("G", until="B-1999 ")
            for _screen in range(3):
                await seen.press("pageup")
                await seen.settled()
            keys = [row.key for row in seen.page.grid.rows]
            assert keys == [f"B-{number:04}" for number in range(int(keys[0][2:]), 2000)]

        walk(made, steps)

    def test_what_changes_above_leaves_the_chosen_row_chosen(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "end")
            await seen.settled()
            assert seen.page.grid.chosen is not None
            assert seen.page.grid.chosen.key == "C-1"
            project.ok("queue-add", "A-0", "--title", "First", "--role", "A-backend", "--priority", "1")
            await seen.until("A-0 ")
            assert seen.page.grid.chosen.key == "C-1"

        walk(project, steps)


class TestSessions:
    def test_sessions_and_watchers_say_who_is_gone_with_the_line_for_it(
        self, project: Checkout, request: pytest.FixtureRequest
    ) -> None:
        now = {"FAIRWAY_NOW": AT, "ACTOR": "bob"}
        gone = subprocess.Popen(["sleep", "60"])
        try:
            said = ["--role", "B-ui", "--task-id", "B-1", "--backend", "manual", "--session-id"]
            project.ok("session-upsert", *said, "s-1", "--provider", "codex", "--pid", str(gone.pid), env=now)
        finally:
            gone.kill()
            gone.wait()
        project.ok("session-upsert", "--role", "C-ops", "--backend", "manual", "--session-id", "s-2", env=now)
        watch = ["--watch-id", "W-1", "--task-id", "B-1", "--process", "deploy", "--expected-duration", "20m"]
        project.ok("watcher-start", *watch, env=now)

        async def steps(seen: Seen) -> None:
            await seen.press("4")
            await seen.settled()
            compare("4-sessions", seen, request)
            await seen.press("y", until="copied: make session-reconcile")

        walk(project, steps)


class TestTrouble:
    def test_a_project_without_a_store_says_what_makes_one(self, tmp_path: Path) -> None:
        made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])

        async def steps(seen: Seen) -> None:
            assert "error: not_found: " in seen.text
            assert "hint: make queue-import" in seen.text
            await seen.press("exclamation_mark", until="run this line")
            await seen.press("enter", until="done: make queue-import")
            await seen.press("escape", "escape", "2", until="B-1 ")

        walk(made, steps, first="hint: ")

    def test_a_store_that_comes_meanwhile_is_shown(self, tmp_path: Path) -> None:
        made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])

        async def steps(seen: Seen) -> None:
            await seen.press("escape", "2", until="hint: make queue-import")
            await seen.press("escape")
            made.ok("queue-import")
            await seen.until("B-1 ")

        walk(made, steps, first="hint: ")

    def test_q_names_what_still_runs(self, project: Checkout) -> None:
        async def steps(seen: Seen) -> None:
            await seen.press("2", "exclamation_mark", until="run this line")
            await seen.press("ctrl+u")
            await seen.type("sleep 50", "enter", until="running: sleep 50")
            await seen.press("q", until="still running: sleep 50; q again ends it")
            children.extend(running._child for _title, running in seen.page.calls.running.values())
            await seen.press("q")

        children: list[subprocess.Popen[bytes]] = []
        walk(project, steps)
        assert [child.wait() for child in children] == [-signal.SIGTERM]
