"""queue-list, queue-status-report, queue-health-report, queue-activity: what is where, how much, too long, and when."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.shell import Checkout, make_checkout, queue_text, task

MORNING = "2026-11-21T08:00:00Z"
EVENING = "2026-11-21T18:00:00Z"
TWO_DAYS_LATER = "2026-11-23T08:00:00Z"
TASKS = [
    task("A-1", "A-backend", status="done", commit="abc12345", completed_at="2026-05-04"),
    task("A-2", "A-backend", priority=2),
    task("B-EPIC", kind="epic"),
    task("B-1", priority=1, parent_id="B-EPIC", depends_on=["A-1"]),
    task("B-2", priority=3, parent_id="B-1", depends_on=["A-2"]),
    task("B-3", priority=2, status="blocked", owner="Bea"),
]


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(*TASKS), lanes=["A-backend", "B-ui", "D-arch"])


def claim(project: Checkout, task_id: str = "B-1", now: str = MORNING) -> None:
    project.ok("queue-claim", task_id, "--role", "B-ui", "--owner", "B", "--actor", "ann", env={"FAIRWAY_NOW": now})


def ids(answer: Any) -> list[str]:
    return [row["task_id"] for row in answer.json["tasks"]]


class TestList:
    def test_lists_by_lane_then_priority_with_the_id_first(self, project: Checkout) -> None:
        lines = project.ok("queue-list").out.splitlines()
        assert [line.split()[0] for line in lines] == ["A-2", "A-1", "B-1", "B-3", "B-2", "B-EPIC"]
        assert lines[3].split() == ["B-3", "B-ui", "blocked", "Bea", "2", "Title", "of", "B-3"]

    @pytest.mark.parametrize(
        ("filters", "expected"),
        [
            (["--role", "A-backend"], ["A-2", "A-1"]),
            (["--status", "todo"], ["A-2", "B-1", "B-2", "B-EPIC"]),
            (["--owner", "Bea"], ["B-3"]),
            (["--in", "B-EPIC"], ["B-1", "B-2"]),
            (["--in", "B-EPIC", "--status", "todo", "--role", "B-ui", "--limit", "1"], ["B-1"]),
            (["--role", "A-backend", "--status", "blocked"], []),
            (["--limit", "0"], []),
        ],
    )
    def test_filters_narrow_it_down_together(self, project: Checkout, filters: list[str], expected: list[str]) -> None:
        assert ids(project.ok("queue-list", *filters, "--json")) == expected

    def test_a_limit_says_how_many_there_are(self, project: Checkout) -> None:
        answer = project.ok("queue-list", "--limit", "2")
        assert len(answer.out.splitlines()) == 2
        assert "2 of 6 shown" in answer.err
        assert project.ok("queue-list", "--limit", "2", "--json").json["total"] == 6
        assert "2 of" not in project.ok("queue-list", "--in", "B-EPIC", "--limit", "2").err

    def test_an_empty_list_says_so_on_stderr_only(self, project: Checkout) -> None:
        answer = project.ok("queue-list", "--owner", "nobody")
        assert (answer.out, "no task matches" in answer.err) == ("", True)

    def test_ids_and_tsv_are_for_other_programs(self, project: Checkout) -> None:
        assert project.ok("queue-list", "--role", "A-backend", "--format", "ids").out == "A-2\nA-1\n"
        assert (
            project.ok("queue-list", "--owner", "Bea", "--format", "tsv").out
            == "B-3\tB-ui\tblocked\tBea\t2\tTitle of B-3\n"
        )

    def test_json_keys_are_complete_and_plain(self, project: Checkout) -> None:
        row = project.ok("queue-list", "--in", "B-1", "--json").json["tasks"][0]
        assert row == {
            "task_id": "B-2",
            "lane": "B-ui",
            "status": "todo",
            "owner": "",
            "claimant": None,
            "branch": "",
            "priority": 3,
            "kind": "task",
            "title": "Title of B-2",
            "commit_sha": None,
            "parent_id": "B-1",
            "ready": False,
            "open_blockers": 1,
            "left_file_at": None,
            "archived_at": None,
            "status_since": row["status_since"],
            "updated_at": row["updated_at"],
        }

    @pytest.mark.parametrize(
        ("arguments", "word"),
        [
            (["--status", "finished"], "usage"),
            (["--role", "Z-none"], "not_found"),
            (["--in", "B-NONE"], "not_found"),
            (["--limit", "many"], "usage"),
            (["--limit", "-1"], "usage"),
        ],
    )
    def test_refuses_what_it_does_not_know(self, project: Checkout, arguments: list[str], word: str) -> None:
        answer = project.run("queue-list", *arguments)
        assert (answer.word, answer.out) == (word, "")

    def test_archived_tasks_are_left_out_unless_everything_is_wanted(self, project: Checkout) -> None:
        claim(project, "B-1")
        project.write_queue(queue_text(*[entry for entry in TASKS if entry["id"] not in ("B-1", "B-2")]))
        project.ok("queue-prune-stale", "--actor", "coordinator")
        assert "B-1" not in ids(project.ok("queue-list", "--json"))
        assert "B-1" in ids(project.ok("queue-list", "--all", "--json"))
        report = project.ok("queue-status-report", "--json").json
        listed = project.ok("queue-list", "--json").json["tasks"]
        assert (report["archived"], report["total"], report["by_lane"]["B-ui"]["in_progress"]) == (1, len(listed), 0)
        counted = {lane: sum(counts.values()) for lane, counts in report["by_lane"].items()}
        assert counted == {lane: sum(row["lane"] == lane for row in listed) for lane in counted}
        (lane,) = project.ok("orchestrator-tick", "--role", "B-ui", "--json").json["lanes"]
        assert lane["counts"] == report["by_lane"]["B-ui"]
        assert project.ok("queue-status-report", "--role", "A-backend", "--json").json["archived"] == 0


class TestStatusReport:
    def test_counts_every_status_of_every_lane_in_the_configured_order(self, project: Checkout) -> None:
        lines = project.ok("queue-status-report").out.splitlines()
        assert lines[:8] == [
            "total: 6",
            "ready: 3",
            "by status:",
            "  todo         4",
            "  in_progress  0",
            "  blocked      1",
            "  done         1",
            "by lane:",
        ]
        assert [line.split()[0] for line in lines[8:]] == ["A-backend", "B-ui", "C-ops", "D-arch", "E-governance"]
        assert lines[9].split() == ["B-ui", "todo=3", "in_progress=0", "blocked=1", "done=0", "ready=2"]

    def test_json_adds_up(self, project: Checkout) -> None:
        report = project.ok("queue-status-report", "--json").json
        assert report["total"] == sum(report["by_status"].values()) == 6
        assert report["by_lane"]["A-backend"] == {"todo": 1, "in_progress": 0, "blocked": 0, "done": 1}
        assert report["ready_by_lane"]["B-ui"] == 2
        assert sum(report["ready_by_lane"].values()) == report["ready"] == 3

    def test_follows_the_work(self, project: Checkout) -> None:
        claim(project)
        assert project.ok("queue-status-report", "--json").json["by_status"]["in_progress"] == 1

    def test_one_lane_alone(self, project: Checkout) -> None:
        report = project.ok("queue-status-report", "--role", "A-backend", "--json").json
        assert (report["total"], list(report["by_lane"])) == (2, ["A-backend"])

    def test_tsv_has_one_row_a_lane_and_status(self, project: Checkout) -> None:
        rows = project.ok("queue-status-report", "--format", "tsv").out.splitlines()
        assert "B-ui\tblocked\t1" in rows
        assert len(rows) == 5 * 4

    def test_output_goes_to_a_file_whole(self, project: Checkout, tmp_path: Path) -> None:
        target = tmp_path / "report.txt"
        answer = project.ok("queue-status-report", "--output", str(target))
        assert (answer.out, target.read_text().splitlines()[0]) == ("", "total: 6")

    def test_a_lane_worktree_sees_the_same_numbers(self, project: Checkout) -> None:
        assert (
            project.ok("queue-status-report", cwd=project.lanes["D-arch"]).out == project.ok("queue-status-report").out
        )


class TestHealthReport:
    def health(self, project: Checkout, *arguments: str, now: str = EVENING) -> Any:
        report = project.ok("queue-health-report", *arguments, "--json", env={"FAIRWAY_NOW": now}).json
        found: dict[str, list[dict[str, Any]]] = {}
        for entry in report["findings"]:
            found.setdefault(entry["word"], []).append(entry)
        return {**report, "findings": found}

    def test_a_queue_without_work_is_healthy(self, project: Checkout) -> None:
        project.ok("queue-list", env={"FAIRWAY_NOW": MORNING})
        report = self.health(project)
        assert report["ok"] is True
        assert report["findings"] == {}

    def test_a_young_claim_is_in_progress_and_nothing_more(self, project: Checkout) -> None:
        claim(project)
        report = self.health(project, now="2026-11-21T09:59:00Z")
        assert (report["in_progress"], report["stale_in_progress"], report["ok"]) == (1, 0, True)

    def test_a_claim_of_more_than_two_hours_is_stale(self, project: Checkout) -> None:
        claim(project)
        report = self.health(project)
        assert (report["stale_in_progress"], report["over_lease"], report["ok"]) == (1, 0, False)
        entry = report["findings"]["stale_in_progress"][0]
        assert (entry["task_id"], entry["lane"], entry["age_seconds"]) == ("B-1", "B-ui", 36000.0)
        assert entry["message"] == "claimed by ann (owner B)"

    def test_a_failed_build_counts_until_something_follows_it(self, project: Checkout) -> None:
        claim(project)
        words = ["--command-text", "gh run view 7", "--artifact-type", "ci_pipeline"]
        failed = ["B-1", "--result", "fail", *words]
        project.ok("queue-record-evidence", *failed, env={"FAIRWAY_NOW": "2026-11-21T09:00:00Z"})
        report = self.health(project)
        (entry,) = report["findings"]["ci_learning"]
        assert (entry["task_id"], entry["lane"], report["ok"]) == ("B-1", "B-ui", False)
        assert "queue-spawn" in entry["fix"]
        assert entry["message"].endswith("failed (gh run view 7), and no task follows it up")
        late = {"FAIRWAY_NOW": "2026-11-21T09:30:00Z"}
        project.ok("queue-spawn", "B-77", "--from-task", "B-1", "--title", "Mend it", "--root", env=late)
        assert self.health(project)["ci_learning"] == 0
        project.ok("queue-record-evidence", *failed, env={"FAIRWAY_NOW": "2026-11-21T10:00:00Z"})
        assert self.health(project)["ci_learning"] == 1
        project.ok("queue-record-evidence", "B-1", "--result", "pass", *words, env=late)
        assert self.health(project)["ci_learning"] == 0

    def test_evidence_after_which_nothing_was_said_waits_for_a_decision(self, project: Checkout) -> None:
        claim(project)
        words = ["--result", "partial", "--command-text", "make test"]
        project.ok("queue-record-evidence", "B-1", *words, env={"FAIRWAY_NOW": "2026-11-21T09:00:00Z"})
        assert self.health(project, now="2026-11-21T09:59:00Z")["undecided_evidence"] == 0
        (entry,) = self.health(project)["findings"]["undecided_evidence"]
        assert (entry["task_id"], "(partial) came after the last decision" in entry["message"]) == ("B-1", True)
        said = ["--state", "active", "--summary", "one test is flaky"]
        project.ok("checkpoint-record", "B-1", *said, env={"FAIRWAY_NOW": "2026-11-21T10:00:00Z"})
        assert self.health(project)["undecided_evidence"] == 0

    def test_a_parent_in_progress_needs_a_roll_up_of_its_own(self, project: Checkout) -> None:
        rows = [task("B-8", status="in_progress", owner="B"), task("B-81", parent_id="B-8")]
        project.write_queue(queue_text(*rows))
        project.ok("queue-list", env={"FAIRWAY_NOW": MORNING})
        (entry,) = self.health(project)["findings"]["active_parent_without_roll_up"]
        assert (entry["task_id"], "1 children (0 finished)" in entry["message"]) == ("B-8", True)
        project.ok("checkpoint-record", "B-8", "--state", "active", "--summary", "half", env={"FAIRWAY_NOW": MORNING})
        assert self.health(project)["active_parent_without_roll_up"] == 0

    def test_a_monitor_needs_something_behind_it(self, project: Checkout) -> None:
        claim(project)
        at = {"FAIRWAY_NOW": MORNING}
        project.ok("watcher-start", "w-1", "--task-id", "B-1", "--process", "the pipeline", env=at)
        poll = ["--command", "gh run view 7", "--poll-interval", "5m"]
        project.ok("watcher-start", "w-2", "--task-id", "B-1", *poll, env=at)
        project.ok("watcher-start", "w-3", "--task-id", "B-1", "--expected-duration", "24h", env=at)
        (entry,) = self.health(project)["findings"]["monitor_without_backing"]
        assert entry["message"].startswith("watcher w-1 (the pipeline) has no process")
        assert "watcher-finish" in entry["fix"]
        tick = project.ok("orchestrator-tick", "--json", env={"FAIRWAY_NOW": EVENING}).json
        assert any("watcher w-1 (the pipeline)" in row["reason"] for row in tick["actions"])
        preflight = project.run("orchestrator-preflight", "--json", env={"FAIRWAY_NOW": EVENING}).json
        assert "monitor_without_backing" in [row["word"] for row in preflight["findings"]]

    def test_work_in_progress_that_nobody_claimed_is_seen_too(self, project: Checkout) -> None:
        project.write_queue(queue_text(task("B-9", status="in_progress", owner="Bea")))
        project.ok("queue-list", env={"FAIRWAY_NOW": MORNING})
        entry = self.health(project)["findings"]["stale_in_progress"][0]
        assert (entry["task_id"], entry["message"]) == ("B-9", "in progress without a claim (owner Bea)")

    def test_a_lease_that_ran_out_comes_with_the_line_that_takes_the_task_back(self, project: Checkout) -> None:
        claim(project)
        report = self.health(project, now=TWO_DAYS_LATER)
        assert report["over_lease"] == 1
        assert report["findings"]["over_lease"][0]["fix"] == "make queue-reclaim TASK_ID=B-1 REASON='<reason>'"

    def test_a_task_blocked_for_more_than_a_day(self, project: Checkout) -> None:
        project.ok("queue-list", env={"FAIRWAY_NOW": MORNING})
        assert self.health(project)["blocked_over_24h"] == 0
        report = self.health(project, now=TWO_DAYS_LATER)
        assert [entry["task_id"] for entry in report["findings"]["blocked_over_24h"]] == ["B-3"]

    def test_the_thresholds_are_the_projects_own(self, project: Checkout) -> None:
        claim(project)
        project.ok("fairway-config", "set", "health.stale_in_progress", "11h")
        report = self.health(project)
        assert (report["stale_in_progress"], report["thresholds"]["stale_in_progress"]) == (0, 39600.0)

    def test_a_handoff_waits_until_it_is_acknowledged(self, project: Checkout) -> None:
        claim(project)
        sha = project.commit("B-ui", "a.txt", message="B-1 work")
        words = ["--owner", "B", "--branch", "agent/B-ui", "--commit", sha, "--commands", "x", "--results", "y"]
        more = ["--changed-files", "a.txt", "--to-role", "A-backend"]
        project.ok("queue-record-handoff", "B-1", *words, *more, env={"FAIRWAY_NOW": "2026-11-21T17:30:00Z"})
        report = self.health(project)
        assert (report["unacknowledged_handoffs"], report["unacknowledged_handoffs_over_1h"]) == (1, 0)
        later = self.health(project, now="2026-11-21T19:00:00Z")
        entry = later["findings"]["unacknowledged_handoffs_over_1h"][0]
        assert (entry["waits_for"], entry["fix"]) == ("A-backend", "make queue-ack-handoff TASK_ID=B-1")
        assert self.health(project, "--role", "A-backend")["unacknowledged_handoffs"] == 1
        assert self.health(project, "--role", "D-arch")["unacknowledged_handoffs"] == 0
        project.ok("queue-ack-handoff", "B-1")
        assert self.health(project)["unacknowledged_handoffs"] == 0

    def test_reviews_are_pending_then_answered_then_stale(self, project: Checkout) -> None:
        claim(project)
        sha = project.commit("B-ui", "doc/architecture/x.md", message="B-1 work")
        project.ok("queue-route-review", "B-1", "--ref", sha, env={"FAIRWAY_NOW": MORNING})
        report = self.health(project, now=TWO_DAYS_LATER)
        waits = [entry["waits_for"] for entry in report["findings"]["pending_reviews_over_24h"]]
        assert (sorted(waits), report["pending_reviews"]) == (["D-arch", "E-governance"], 2)
        entry = report["findings"]["pending_reviews"][0]
        assert entry["fix"].startswith(f"{entry['waits_for']} reads ")
        assert self.health(project, "--role", "D-arch", now=TWO_DAYS_LATER)["pending_reviews"] == 1
        for lane in ("D-arch", "E-governance"):
            verdict = ["--reviewer-role", lane, "--reviewer", lane[0], "--status", "approved", "--commit", sha]
            project.ok("queue-record-review", "B-1", *verdict, "--actor", lane)
        assert self.health(project)["pending_reviews"] == 0
        assert self.health(project)["stale_reviews"] == 0
        tip = project.commit("B-ui", "more.txt", message="B-1 more")
        stale = self.health(project)["findings"]["stale_reviews"]
        assert [entry["waits_for"] for entry in stale] == ["D-arch", "E-governance"]
        assert f" reads {tip[:12]} " in stale[0]["fix"]

    def test_finished_work_is_nobodys_worry(self, project: Checkout) -> None:
        claim(project)
        sha = project.commit("B-ui", "doc/architecture/x.md", message="B-1 work")
        project.ok("queue-route-review", "B-1", "--ref", sha)
        project.ok("queue-set-status", "B-1", "--status", "done", "--commit", sha, "--force", "--reason", "test")
        report = self.health(project, now="2026-11-22T00:00:00Z")
        assert (report["pending_reviews"], report["in_progress"], report["ok"]) == (0, 0, True)

    def test_the_text_names_each_task_with_the_line_that_mends_it(self, project: Checkout) -> None:
        claim(project)
        lines = project.ok("queue-health-report", env={"FAIRWAY_NOW": TWO_DAYS_LATER}).out.splitlines()
        assert lines[:4] == [
            "in_progress: 1  B-1",
            "stale_in_progress: 1 (longer than 2h00m)",
            "  B-1  2d00h  claimed by ann (owner B)",
            "    make queue-task-detail TASK_ID=B-1",
        ]


class TestActivity:
    def test_the_newest_event_comes_first(self, project: Checkout) -> None:
        claim(project)
        project.ok("queue-release", "B-1", "--actor", "ann", "--reason", "wrong lane", env={"FAIRWAY_NOW": EVENING})
        lines = project.ok("queue-activity").out.splitlines()
        assert lines[0].split()[:4] == ["2026-11-21T18:00:00.000000Z", "ann", "released", "B-1"]
        assert "in_progress -> todo" in lines[0]
        assert "(wrong lane)" in lines[0]
        assert lines[1].split()[2:4] == ["claimed", "B-1"]
        assert lines[2].split()[2:4] == ["queue_imported", "-"]

    @pytest.mark.parametrize(
        ("filters", "kinds"),
        [
            (["--task-id", "B-1"], ["claimed"]),
            (["--role", "B-ui"], ["claimed"]),
            (["--role", "A-backend"], []),
            (["--since", "2026-11-22"], []),
            (["--since", "2026-11-21T08:00:00Z"], ["claimed", "queue_imported"]),
            (["--since", "9h"], []),
            (["--since", "11h"], ["claimed", "queue_imported"]),
            (["--limit", "1"], ["claimed"]),
        ],
    )
    def test_filters(self, project: Checkout, filters: list[str], kinds: list[str]) -> None:
        claim(project)
        found = project.ok("queue-activity", *filters, "--json", env={"FAIRWAY_NOW": EVENING}).json
        assert [event["kind"] for event in found["events"]] == kinds

    def test_json_carries_the_payload_as_an_object(self, project: Checkout) -> None:
        claim(project)
        event = project.ok("queue-activity", "B-1", "--json").json["events"][0]
        assert event["payload"]["after"]["claimant"] == "ann"
        assert (event["tool"], event["reverts"], event["reverted_by"]) == ("queue-claim", None, None)

    def test_fifty_are_shown_unless_more_are_asked_for(self, project: Checkout) -> None:
        for _ in range(26):
            claim(project)
            project.ok("queue-release", "B-1", "--actor", "ann")
        answer = project.ok("queue-activity")
        assert (len(answer.out.splitlines()), "50 of 53 shown" in answer.err) == (50, True)
        assert len(project.ok("queue-activity", "--limit", "100").out.splitlines()) == 53

    @pytest.mark.parametrize(
        ("arguments", "word"),
        [(["B-NONE"], "not_found"), (["--since", "last week"], "usage"), (["--role", "Z-none"], "not_found")],
    )
    def test_refuses_what_it_does_not_know(self, project: Checkout, arguments: list[str], word: str) -> None:
        assert project.run("queue-activity", *arguments).word == word

    def test_nothing_found_is_an_answer(self, project: Checkout) -> None:
        answer = project.ok("queue-activity", "--task-id", "A-2")
        assert (answer.out, "nothing happened" in answer.err) == ("", True)


@pytest.mark.parametrize(
    "tool", ["queue-list", "queue-status-report", "queue-health-report", "queue-timing-report", "queue-activity"]
)
def test_a_report_renews_the_callers_leases(project: Checkout, tool: str) -> None:
    claim(project)
    project.ok(tool, "--actor", "ann", env={"FAIRWAY_NOW": EVENING})
    assert project.detail("B-1")["lease_expires_at"] == "2026-11-22T06:00:00.000000Z"


@pytest.mark.parametrize(
    "tool", ["queue-list", "queue-status-report", "queue-health-report", "queue-timing-report", "queue-activity"]
)
def test_a_report_needs_a_queue(tmp_path: Path, tool: str) -> None:
    project = make_checkout(tmp_path, "version: 1\ntasks: []\n", lanes=[])
    os.unlink(project.queue_file)
    assert project.run(tool).word == "not_found"
