"""orchestrator-preflight, -status, -tick and -dispatch. What follows from which facts is tested with the rules."""

from __future__ import annotations

import os
import shlex
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.support.providers import put_providers_on_path
from tests.support.ready_made import ready_made
from tests.support.repositories import commit_file, count_git_calls, git, git_calls, head, write_file
from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import rows

AT = "2026-11-21T08:00:00Z"
GOLDEN = os.path.join(os.path.dirname(__file__), "golden", "orchestrator-tick.txt")
QUEUE = queue_text(
    task("A-1", "A-backend", priority=2),
    task("B-1", priority=1),
    task("B-2", priority=2),
    task("B-3", depends_on=["B-1"]),
    task("C-1", "C-ops"),
)


@pytest.fixture(autouse=True)
def _providers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_providers_on_path(monkeypatch, tmp_path / "providers")


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, QUEUE)
    made.ok("queue-import", env={"FAIRWAY_NOW": AT})
    return made


def claim(project: Checkout, task_id: str = "B-1", lane: str = "B-ui", now: str = AT) -> None:
    project.ok("queue-claim", task_id, "--role", lane, "--owner", lane[0], "--actor", "ann", env={"FAIRWAY_NOW": now})


def hand_off(project: Checkout, task_id: str = "B-1", lane: str = "B-ui", path: str = "doc/api/x.yaml") -> str:
    sha = project.commit(lane, path, message=f"{task_id}: the change")
    said = ["--commands", "make test", "--results", "pass", "--changed-files", path, "--actor", "ann"]
    where = ["--owner", lane[0], "--branch", f"agent/{lane}", "--commit", sha]
    project.ok("queue-record-handoff", task_id, *where, *said, env={"FAIRWAY_NOW": AT})
    return sha


def actions(project: Checkout, *arguments: str, now: str = AT) -> list[dict[str, Any]]:
    seen = project.ok("orchestrator-tick", "--json", *arguments, env={"FAIRWAY_NOW": now}).json
    found: list[dict[str, Any]] = seen["actions"]
    return found


def words(project: Checkout, *arguments: str, now: str = AT) -> list[tuple[str, str, str]]:
    return [(row["action"], row["lane"], row["task_id"]) for row in actions(project, *arguments, now=now)]


def paste(project: Checkout, command: str) -> None:
    """Run a printed command line as a person would."""
    verb, *rest = shlex.split(command)
    assert verb == "make"
    answer = project.make(*rest, env={"FAIRWAY_NOW": AT, "ACTOR": "coordinator"})
    assert answer.code == 0, (command, answer)


class TestTick:
    def test_every_idle_lane_is_told_its_first_ready_task(self, project: Checkout) -> None:
        expected = [("claim", "A-backend", "A-1"), ("claim", "B-ui", "B-1"), ("claim", "C-ops", "C-1")]
        assert words(project) == expected

    def test_a_role_keeps_what_concerns_that_lane(self, project: Checkout) -> None:
        assert words(project, "--role", "B-ui") == [("claim", "B-ui", "B-1")]

    def test_the_commands_that_it_prints_lead_a_task_to_its_review(self, project: Checkout) -> None:
        (row,) = [row for row in actions(project) if row["task_id"] == "B-1"]
        paste(project, row["command"])
        hand_off(project)
        (row,) = [row for row in actions(project) if row["task_id"] == "B-1"]
        assert row["action"] == "route"
        paste(project, row["command"])
        found = {row["action"]: row for row in actions(project, now="2026-11-21T10:00:00Z") if row["task_id"] == "B-1"}
        assert sorted(found) == ["ack", "review"]
        paste(project, found["ack"]["command"])
        later = actions(project, now="2026-11-21T10:00:00Z")
        assert {row["action"] for row in later if row["task_id"] == "B-1"} == {"review"}

    def test_reviewed_work_is_to_be_merged_and_merged_work_to_be_closed(self, project: Checkout) -> None:
        claim(project)
        sha = hand_off(project)
        project.ok("queue-route-review", "B-1", "--ref", sha, env={"FAIRWAY_NOW": AT})
        for lane in {row["role"] for row in rows(project, "review_requests", "B-1")}:
            given = ["--reviewer-role", lane, "--reviewer", "R", "--status", "approved", "--commit", sha]
            project.ok("queue-record-review", "B-1", *given, env={"FAIRWAY_NOW": AT})
        assert ("merge", "B-ui", "B-1") in words(project)
        git(project.main, "merge", "--quiet", "--ff-only", sha)
        (row,) = [row for row in actions(project) if row["task_id"] == "B-1"]
        assert row["action"] == "close"
        project.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", "--commit", sha)
        paste(project, row["command"])
        assert project.detail("B-1")["status"] == "done"

    def test_a_dead_session_is_to_be_reconciled(self, project: Checkout) -> None:
        claim(project)
        said = ["--role", "B-ui", "--task-id", "B-1", "--backend", "manual", "--session-id", "s-1"]
        project.ok("session-upsert", *said, env={"FAIRWAY_NOW": AT})
        assert ("continue", "B-ui", "B-1") in words(project)
        late = actions(project, now="2026-11-22T08:00:00Z")
        (row,) = [row for row in late if row["reason"].startswith("session s-1")]
        assert (row["action"], row["command"]) == ("reconcile", "make session-reconcile")

    def test_a_claim_without_a_session_asks_for_one(self, project: Checkout) -> None:
        claim(project)
        (row,) = [row for row in actions(project) if row["task_id"] == "B-1"]
        assert (row["action"], row["command"]) == ("reconcile", "make session-launch ROLE=B-ui TASK_ID=B-1")

    def test_blocked_work_and_stale_checkpoints_show_after_a_day(self, project: Checkout) -> None:
        now = {"FAIRWAY_NOW": AT}
        claim(project)
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "no staging", env=now)
        project.ok("checkpoint-record", "--track-id", "docs", "--summary", "half", "--state", "active", env=now)
        assert not {"unblock", "checkpoint"} & {row["action"] for row in actions(project)}
        late = [(row["action"], row["task_id"]) for row in actions(project, now="2026-11-22T09:00:00Z")]
        assert ("unblock", "B-1") in late
        assert ("checkpoint", "") in late

    def test_nothing_is_left_to_do_once_all_is_done(self, tmp_path: Path) -> None:
        made = make_checkout(tmp_path, QUEUE)
        finished = {"status": "done", "commit": head(made.main), "completed_at": "2026-11-20"}
        made.write_queue(queue_text(task("A-1", "A-backend", **finished)))
        made.ok("queue-import")
        assert "Next (0)\n  nothing is left to do\n" in made.ok("orchestrator-tick").out


@pytest.mark.separate
class TestTheStoreStaysAsItIs:
    @pytest.mark.parametrize("tool", ["orchestrator-tick", "orchestrator-status", "orchestrator-dispatch"])
    def test_not_a_byte_changes_and_no_lease_is_renewed(self, project: Checkout, tool: str) -> None:
        claim(project)
        write_file(project.main, "doc/governance/Agent_Work_Queue.yaml", QUEUE.replace("Title of B-2", "Another title"))
        watch = sqlite3.connect(project.store)
        before = watch.execute("PRAGMA data_version").fetchone(), content(project)
        project.ok(tool, "--actor", "ann", env={"FAIRWAY_NOW": "2026-11-21T09:00:00Z", "FAIRWAY_SESSION_ID": "s"})
        assert (watch.execute("PRAGMA data_version").fetchone(), content(project)) == before
        watch.close()

    def test_a_changed_queue_file_is_said_and_not_read(self, project: Checkout) -> None:
        project.write_queue(QUEUE.replace("Title of B-1", "Another title"))
        answer = project.ok("orchestrator-tick")
        assert "Another title" not in answer.out
        assert "has changed since it was read: make queue-import" in answer.err

    def test_without_a_store_none_is_made(self, tmp_path: Path) -> None:
        fresh = make_checkout(tmp_path, QUEUE)
        answer = fresh.run("orchestrator-tick")
        assert (answer.code, answer.word) == (3, "not_found")
        assert not os.path.exists(fresh.store)


def content(project: Checkout) -> list[bytes]:
    found = []
    for suffix in ("", "-wal"):
        path = project.store + suffix
        with open(path, "rb") as file:
            found.append(file.read())
    return found


def test_the_same_store_and_clock_give_the_same_bytes(project: Checkout, request: pytest.FixtureRequest) -> None:
    claim(project)
    claim(project, "A-1", "A-backend")
    project.ok("queue-set-status", "A-1", "--status", "blocked", "--reason", "no staging", env={"FAIRWAY_NOW": AT})
    project.ok("checkpoint-record", "--track-id", "docs", "--summary", "half of it", env={"FAIRWAY_NOW": AT})
    late = {"FAIRWAY_NOW": "2026-11-22T10:00:00Z"}
    printed = project.ok("orchestrator-tick", env=late).out
    assert printed == project.ok("orchestrator-tick", env=late).out
    if request.config.getoption("--update-golden"):
        with open(GOLDEN, "w", encoding="utf-8") as file:
            file.write(printed)
    with open(GOLDEN, encoding="utf-8") as file:
        assert printed == file.read()


@pytest.mark.parametrize("tool", ["orchestrator-tick", "orchestrator-preflight"])
def test_git_is_started_as_often_for_300_tasks_as_for_3(
    tmp_path: Path, tool: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    counts = []
    notes = count_git_calls(monkeypatch, tmp_path)
    for size in (3, 300):
        statuses = ("todo", "in_progress", "done")
        told = {"owner": "B", "branch": "agent/B-ui", "commit": "feed1234", "completed_at": "2026-05-04"}
        tasks = [task(f"B-{n}", status=statuses[n % 3], **told) for n in range(size)]
        folder = tmp_path / str(size)
        folder.mkdir()
        made = make_checkout(folder, queue_text(*tasks))
        made.ok("queue-import")
        before = len(git_calls(notes))
        made.run(tool)
        counts.append(len(git_calls(notes)) - before)
    assert counts[0] == counts[1]
    assert 0 < counts[0] <= 13


class TestSince:
    def test_the_cursor_of_one_tick_shows_the_next_what_changed(self, project: Checkout) -> None:
        seen = project.ok("orchestrator-tick", "--json").json
        assert seen["changes"] == []
        claim(project)
        after = project.ok("orchestrator-tick", "--json", "--since", str(seen["cursor"])).json
        ((change),) = after["changes"]
        assert (change["task_id"], [event["kind"] for event in change["events"]]) == ("B-1", ["claimed"])
        assert after["cursor"] > seen["cursor"]

    def test_a_time_is_understood_too(self, project: Checkout) -> None:
        claim(project, now="2026-11-21T09:00:00Z")
        now = {"FAIRWAY_NOW": "2026-11-21T09:30:00Z"}
        lines = project.ok("orchestrator-tick", "--since", "45m", env=now).out.splitlines()
        assert "Changed since 45m (1)" in lines

    def test_anything_else_is_refused(self, project: Checkout) -> None:
        assert project.run("orchestrator-tick", "--since", "recently").word == "usage"


class TestStatus:
    def test_the_board_has_its_sections_in_the_order_of_urgency(self, project: Checkout) -> None:
        claim(project)
        lines = project.ok("orchestrator-status").out.splitlines()
        heads = [line.split(" (")[0] for line in lines if not line.startswith(" ")]
        expected = ["Preflight", "Lanes", "Active", "Ready", "Sessions", "Watchers", "Checkpoints", "Health", "Next"]
        assert heads == expected

    def test_lanes_come_as_configured_with_their_counts(self, project: Checkout) -> None:
        claim(project)
        lanes = {row["lane"]: row for row in project.ok("orchestrator-status", "--json").json["lanes"]}
        assert list(lanes) == ["A-backend", "B-ui", "C-ops", "D-arch", "E-governance"]
        assert lanes["B-ui"]["counts"] == {"blocked": 0, "done": 0, "in_progress": 1, "todo": 2}
        assert (lanes["B-ui"]["ready"], lanes["B-ui"]["waiting"]) == (1, 1)

    def test_active_tasks_come_oldest_first_with_their_session_or_the_reason(self, project: Checkout) -> None:
        claim(project, "C-1", "C-ops", now="2026-11-21T09:00:00Z")
        claim(project, now=AT)
        project.ok(
            "session-upsert", "--role", "C-ops", "--task-id", "C-1", "--backend", "manual", "--session-id", "s-1"
        )
        active = project.ok("orchestrator-status", "--json").json["active"]
        assert [(row["task_id"], row["sessions"]) for row in active] == [("B-1", []), ("C-1", ["s-1"])]
        assert active[0]["why"].endswith("no live session")

    def test_watchers_and_checkpoints_are_there_and_the_stale_ones_marked(self, project: Checkout) -> None:
        now = {"FAIRWAY_NOW": AT}
        project.ok("checkpoint-record", "--track-id", "docs", "--summary", "half", env=now)
        watch = ["--watch-id", "W-1", "--process", "CI", "--success-condition", "green", "--expected-duration", "20m"]
        project.ok("watcher-start", "--task-id", "B-1", *watch, env=now)
        assert "STALE" not in project.ok("orchestrator-status", env=now).out
        late = project.ok("orchestrator-status", env={"FAIRWAY_NOW": "2026-11-22T10:00:00Z"}).out
        assert late.count("STALE") == 2

    def test_outside_git_the_board_still_shows_and_says_what_is_missing(self, tmp_path: Path) -> None:
        made = make_checkout(tmp_path, QUEUE)
        made.ok("queue-import")
        os.makedirs(tmp_path / "bare" / ".fairway")
        os.rename(made.store, tmp_path / "bare" / ".fairway" / "queue.db")
        answer = made.run("orchestrator-status", "--json", cwd=str(tmp_path / "bare"))
        assert answer.code == 0, answer
        assert answer.json["preflight"]["git_trouble"]["word"] == "git_unavailable"


class TestPreflight:
    def checks(self, project: Checkout, *arguments: str, now: str = AT) -> set[tuple[str, str]]:
        answer = project.run("orchestrator-preflight", "--json", *arguments, env={"FAIRWAY_NOW": now})
        assert answer.code == (0 if answer.json["ok"] else 1)
        assert answer.word == ("" if answer.json["ok"] else "preflight_failed")
        assert all(issue["fix"] for issue in answer.json["findings"])
        return {(issue["level"], issue["word"]) for issue in answer.json["findings"]}

    def test_a_project_in_order_passes(self, project: Checkout) -> None:
        assert self.checks(project) == set()
        assert project.ok("orchestrator-preflight", env={"FAIRWAY_NOW": AT}).out.startswith("OK: 0 error(s)")

    def test_a_broken_queue_file_is_an_error(self, project: Checkout) -> None:
        project.write_queue(queue_text(task("B-1", depends_on=["NOPE-1"])))
        assert ("error", "queue_file_invalid") in self.checks(project)

    def test_a_queue_file_that_was_not_read_yet_is_an_error(self, project: Checkout) -> None:
        project.write_queue(QUEUE.replace("Title of B-1", "Another title"))
        assert ("error", "queue_file_changed") in self.checks(project)

    def test_a_damaged_readiness_is_an_error(self, project: Checkout) -> None:
        connection = sqlite3.connect(project.store)
        connection.execute("UPDATE task_state SET ready = 1 WHERE task_id = 'B-3'")
        connection.commit()
        connection.close()
        assert ("error", "derived_columns") in self.checks(project)

    def test_a_dirty_worktree_stops_an_idle_lane_and_is_normal_in_a_busy_one(self, project: Checkout) -> None:
        half = os.path.join(project.lanes["B-ui"], "half.txt")
        write_file(project.lanes["B-ui"], "half.txt", "x")
        assert self.checks(project) == {("error", "uncommitted_changes")}
        os.unlink(half)
        claim(project)
        write_file(project.lanes["B-ui"], "half.txt", "x")
        assert ("warning", "uncommitted_changes") in self.checks(project)

    def test_a_lane_behind_its_base_is_an_error(self, project: Checkout) -> None:
        commit_file(project.main, "new.txt", "x\n")
        assert self.checks(project, "--role", "B-ui") == {("error", "behind_base")}

    def test_a_lane_without_a_worktree_is_told_how_to_get_one(self, tmp_path: Path) -> None:
        made = make_checkout(tmp_path, QUEUE, lanes=("B-ui",))
        made.ok("queue-import")
        out = made.run("orchestrator-preflight").out
        assert "  fix: make worktree-setup ROLE=A-backend\n" in out

    def test_old_claims_blocked_work_and_handoffs_are_errors(self, project: Checkout) -> None:
        claim(project)
        claim(project, "A-1", "A-backend")
        claim(project, "C-1", "C-ops")
        hand_off(project)
        project.ok("queue-set-status", "A-1", "--status", "blocked", "--reason", "x", env={"FAIRWAY_NOW": AT})
        found = self.checks(project, now="2026-11-22T10:00:00Z")
        expected = {"stale_in_progress", "over_lease", "blocked_over_24h", "unacknowledged_handoffs_over_1h"}
        assert {("error", name) for name in expected} <= found
        assert ("error", "evidence_missing") in found

    def test_a_stale_session_watcher_or_checkpoint_is_an_error(self, project: Checkout) -> None:
        now = {"FAIRWAY_NOW": AT}
        project.ok("session-upsert", "--role", "B-ui", "--backend", "manual", "--session-id", "s-1", env=now)
        project.ok("watcher-start", "--task-id", "B-1", "--process", "CI", "--expected-duration", "20m", env=now)
        project.ok("checkpoint-record", "--track-id", "docs", "--summary", "half", env=now)
        found = self.checks(project, now="2026-11-22T10:00:00Z")
        assert {("error", "no_heartbeat"), ("error", "stale_watcher"), ("error", "stale_checkpoint")} <= found

    def test_more_tracks_than_allowed_are_a_warning(self, project: Checkout) -> None:
        for name in ("docs", "ci"):
            project.ok("checkpoint-record", "--track-id", name, "--summary", "s", env={"FAIRWAY_NOW": AT})
        assert self.checks(project) == {("warning", "track_limit")}

    def test_an_unknown_lane_is_refused(self, project: Checkout) -> None:
        assert project.run("orchestrator-preflight", "--role", "Z").word == "not_found"


class TestDispatch:
    def test_each_lane_gets_its_next_work_with_the_command(self, project: Checkout) -> None:
        plan = project.ok("orchestrator-dispatch", "--json").json["plan"]
        found = [(row["lane"], row["action"], row["task_id"]) for row in plan]
        assert found[:2] == [("A-backend", "claim", "A-1"), ("B-ui", "claim", "B-1")]
        assert found[-1] == ("E-governance", "none", "")

    def test_work_that_nobody_attends_is_started_again(self, project: Checkout) -> None:
        claim(project)
        plan = project.ok("orchestrator-dispatch", "--role", "B-ui", "--json").json["plan"]
        found = [(row["action"], row["task_id"], row["command"]) for row in plan]
        assert ("reconcile", "B-1", "make session-launch ROLE=B-ui TASK_ID=B-1") in found

    def test_what_stands_in_the_way_is_said_beside_it(self, project: Checkout) -> None:
        write_file(project.lanes["B-ui"], "half.txt", "x")
        out = project.ok("orchestrator-dispatch", "--role", "B-ui").out
        assert "    in the way: " in out
        assert "has uncommitted changes: half.txt" in out

    def test_a_limit_says_what_it_leaves_out(self, project: Checkout) -> None:
        assert project.ok("orchestrator-dispatch", "--limit", "1").out.splitlines()[-1] == "1 of 5 shown"


def test_make_has_the_targets_of_the_coordinator(project: Checkout) -> None:
    for target in ("orchestrator-status", "orchestrator-tick", "orchestrator-dispatch-plan", "orchestrator-preflight"):
        assert project.make(target, env={"FAIRWAY_NOW": AT}).code == 0
