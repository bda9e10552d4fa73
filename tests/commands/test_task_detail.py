"""queue-task-detail: everything that is recorded about a task, and what to do next."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import head, write_file
from tests.support.shell import Checkout, make_checkout, queue_text, run_tool, task

MORNING = "2026-11-21T08:00:00Z"
EVENING = "2026-11-21T18:30:00Z"
TASKS = [
    task("A-1", "A-backend", status="done", owner="Codex", commit="abc12345", completed_at="2026-05-04"),
    task("A-2", "A-backend"),
    task("B-EPIC", kind="epic"),
    task(
        "B-1",
        title="The acknowledge control",
        priority=2,
        sequence=7,
        parent_id="B-EPIC",
        depends_on=["A-1"],
        acceptance_checks=["pnpm test", "make all"],
        notes="Context: one\nScope: two\n",
        risk_level="high",
        tags=["ui", "v3"],
        estimate="3d",
    ),
    task("B-2", depends_on=["B-1", "A-2"], parent_id="B-1"),
]


@pytest.fixture
def project() -> Checkout:
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(*TASKS), lanes=["A-backend", "B-ui"])
    made.ok("queue-ready")
    return made


def claim(project: Checkout, now: str = MORNING) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann", env={"FAIRWAY_NOW": now})


def record_evidence(project: Checkout, *more: str) -> None:
    words = ["--command-text", "pnpm test", "--result", "pass"]
    project.ok("queue-record-evidence", "B-1", *words, *more, cwd=project.lanes["B-ui"])


def record_handoff(project: Checkout, commit: str) -> None:
    words = ["--owner", "B", "--branch", "agent/B-ui", "--commands", "pnpm test", "--results", "green"]
    project.ok("queue-record-handoff", "B-1", *words, "--commit", commit, "--changed-files", "a.txt")


def record_review(project: Checkout, lane: str, commit: str, verdict: str = "approved") -> None:
    words = ["--reviewer-role", lane, "--reviewer", lane[0], "--status", verdict, "--commit", commit]
    project.ok("queue-record-review", "B-1", *words, "--actor", f"agent-{lane}")


def page(project: Checkout, *more: str, task_id: str = "B-1", now: str = EVENING) -> list[str]:
    return project.ok("queue-task-detail", task_id, *more, env={"FAIRWAY_NOW": now}).out.splitlines()


class TestDefinition:
    def test_json_holds_every_field_of_the_definition(self, project: Checkout) -> None:
        detail = project.detail("B-1")
        assert (detail["title"], detail["lane"], detail["priority"]) == ("The acknowledge control", "B-ui", 2)
        assert (detail["sequence"], detail["kind"], detail["parent_id"]) == (7, "task", "B-EPIC")
        assert detail["acceptance_checks"] == ["pnpm test", "make all"]
        assert detail["notes"] == "Context: one\nScope: two\n"
        assert (detail["metadata"]["risk_level"], detail["metadata"]["tags"]) == ("high", ["ui", "v3"])
        assert detail["extra"] == {"estimate": "3d"}
        assert detail["source"] == "doc/governance/Agent_Work_Queue.yaml"

    def test_dependencies_come_with_their_state(self, project: Checkout) -> None:
        assert project.detail("B-2")["dependencies"] == [
            {"task_id": "B-1", "status": "todo", "lane": "B-ui", "owner": "", "met": False, "archived": False},
            {"task_id": "A-2", "status": "todo", "lane": "A-backend", "owner": "", "met": False, "archived": False},
        ]
        assert project.detail("B-1")["dependencies"][0]["met"] is True

    def test_a_dependency_in_an_archive_counts_and_says_so(self, project: Checkout) -> None:
        archived = queue_text(task("A-0", "A-backend", status="done"))
        write_file(project.main, "doc/governance/archive/Agent_Work_Queue_2026-03-09.yaml", archived)
        project.write_queue(queue_text(task("B-9", depends_on=["A-0"])))
        row = project.detail("B-9")["dependencies"][0]
        assert (row["met"], row["archived"], row["status"]) == (True, True, "done")
        assert "  A-0  done (archived)  A-backend  -" in page(project, task_id="B-9")

    def test_neighbours(self, project: Checkout) -> None:
        detail = project.detail("B-1")
        assert detail["dependents"] == [{"task_id": "B-2", "lane": "B-ui", "status": "todo"}]
        assert detail["children"] == [{"task_id": "B-2", "lane": "B-ui", "status": "todo", "title": "Title of B-2"}]

    def test_the_page_starts_with_the_id_and_ends_with_the_notes(self, project: Checkout) -> None:
        lines = page(project)
        assert lines[0] == "B-1  The acknowledge control"
        assert lines[-3:] == ["notes:", "  Context: one", "  Scope: two"]
        assert lines[lines.index("acceptance checks (2):") + 1 :][:2] == ["  pnpm test", "  make all"]
        assert {
            "priority: 2",
            "kind: task",
            "parent: B-EPIC",
            "risk_level: high",
            "tags: ui, v3",
            "estimate: 3d",
        } <= set(lines)

    def test_what_would_move_the_cursor_is_made_visible(self, project: Checkout) -> None:
        project.write_queue(queue_text(task("B-9", title="one\ntwo", notes="a\u001b[2Jb\tc")))
        lines = page(project, task_id="B-9")
        assert (lines[0], lines[-1]) == ("B-9  one\\ntwo", "  a\\x1b[2Jb\tc")


class TestState:
    def test_a_claim_shows_who_and_until_when(self, project: Checkout) -> None:
        claim(project)
        lines = page(project)
        assert lines[1:8] == [
            "status: in_progress for 10h30m",
            "lane: B-ui",
            "owner: B",
            "claimant: ann since 2026-11-21T08:00:00Z",
            "lease: until 2026-11-21T20:00:00Z (1h30m left)",
            "fence: 1",
            f"branch: agent/B-ui at {head(project.lanes['B-ui'])[:12]}",
        ]

    def test_a_lease_that_ran_out(self, project: Checkout) -> None:
        claim(project)
        lines = page(project, now="2026-11-21T23:00:00Z")
        assert "lease: ran out 3h00m ago (2026-11-21T20:00:00Z)" in lines
        assert "  make queue-reclaim TASK_ID=B-1 REASON='<reason>'" in lines
        answer = project.ok("queue-task-detail", "B-1", "--json", env={"FAIRWAY_NOW": "2026-11-21T23:00:00Z"})
        assert answer.json["over_lease"] is True

    def test_looking_at_ones_own_claim_renews_its_lease(self, project: Checkout) -> None:
        claim(project)
        project.ok("queue-task-detail", "B-1", "--actor", "ann", env={"FAIRWAY_NOW": "2026-11-21T12:00:00Z"})
        assert project.detail("B-1")["lease_expires_at"] == "2026-11-22T00:00:00.000000Z"

    def test_history_keeps_every_transition(self, project: Checkout) -> None:
        claim(project)
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "no contract", "--actor", "ann")
        history = project.detail("B-1")["history"]
        assert [row["to_status"] for row in history] == ["todo", "in_progress", "blocked"]
        assert (history[0]["from_status"], history[-1]["reason"], history[-1]["actor"]) == (None, "no contract", "ann")
        lines = page(project)
        assert lines[lines.index("history (3):") + 1].split()[1:] == [
            *["in_progress", "->", "blocked", "ann", "set-status", "no", "contract"]
        ]

    def test_a_long_history_is_cut_with_the_line_that_shows_the_rest(self, project: Checkout) -> None:
        for _ in range(3):
            claim(project)
            project.ok("queue-release", "B-1", "--actor", "ann")
        lines = page(project)
        place = lines.index("history (7):")
        assert lines[place + 6] == "  ... 2 more: make queue-task-detail TASK_ID=B-1 ALL=1"
        assert len([line for line in page(project, "--all") if " -> " in line]) == 7

    def test_a_finished_task_is_measured_by_its_own_commit_and_needs_nothing_more(self, project: Checkout) -> None:
        claim(project)
        sha = project.commit("B-ui", "a.txt", message="B-1")
        record_evidence(project)
        project.ok("queue-set-status", "B-1", "--status", "done", "--commit", sha, "--force", "--reason", "no review")
        project.commit("B-ui", "b.txt", message="the next task")
        detail = project.detail("B-1")
        assert detail["measured_on"] == {"commit_sha": sha, "what": "the recorded commit"}
        assert (detail["evidence"][0]["freshness"], detail["next_step"]) == ("fresh", {"why": "", "command": ""})
        assert f"commit: {sha}" in page(project)

    def test_a_task_that_left_the_queue_file_says_so(self, project: Checkout) -> None:
        claim(project)
        project.write_queue(queue_text(task("A-2", "A-backend")))
        lines = page(project)
        assert any(line.startswith("left the queue file: 2026-") for line in lines)
        assert "  make queue-prune-stale" in lines


class TestEvidence:
    def test_is_fresh_on_the_tip_and_stale_when_the_branch_moves_on(self, project: Checkout) -> None:
        claim(project)
        sha = project.commit("B-ui", "a.txt")
        record_evidence(project)
        assert project.detail("B-1")["evidence"][0]["freshness"] == "fresh"
        tip = project.commit("B-ui", "b.txt")
        row = project.detail("B-1")["evidence"][0]
        assert (row["freshness"], row["commit_sha"]) == ("stale", sha)
        assert row["stale_reason"] == f"it was recorded on {sha[:12]}, not on {tip[:12]}"

    def test_says_that_the_tree_was_dirty(self, project: Checkout) -> None:
        claim(project)
        write_file(project.lanes["B-ui"], "half.txt", "x")
        record_evidence(project)
        row = project.detail("B-1")["evidence"][0]
        assert (row["tree_dirty"], row["freshness"]) == (True, "stale")
        assert any("stale: it was recorded with uncommitted changes" in line for line in page(project))

    def test_names_the_producer_and_the_artifact_with_its_hash(self, project: Checkout) -> None:
        claim(project)
        write_file(project.lanes["B-ui"], "log.txt", "fine\n")
        record_evidence(project, "--artifact-path", "log.txt", "--producer", "runner")
        row = project.detail("B-1")["evidence"][0]
        assert (row["producer"], row["artifact_size"], len(row["artifact_sha256"])) == ("runner", 5, 64)
        line = next(line for line in page(project) if "log.txt" in line)
        assert ("runner" in line, row["artifact_sha256"][:12] in line) == (True, True)

    def test_the_newest_comes_first_on_the_page_and_last_in_json(self, project: Checkout) -> None:
        claim(project)
        for command in ("one", "two"):
            project.ok("queue-record-evidence", "B-1", "--command-text", command, "--result", "pass")
        assert [row["command_text"] for row in project.detail("B-1")["evidence"]] == ["one", "two"]
        lines = page(project)
        assert lines[lines.index("evidence (2):") + 1].endswith("two")


class TestReviews:
    def test_requests_and_verdicts_are_held_against_the_branch_tip(self, project: Checkout) -> None:
        claim(project)
        sha = project.commit("B-ui", "doc/architecture/x.md")
        project.ok("queue-route-review", "B-1", "--ref", sha)
        record_review(project, "D-arch", sha)
        detail = project.detail("B-1")
        assert {row["lane"]: row["answered"] for row in detail["review_requests"]} == {
            "D-arch": True,
            "E-governance": False,
        }
        assert detail["review_requests"][0]["paths"] == ["doc/architecture/x.md"]
        assert (detail["reviews"][0]["on_tip"], detail["reviews"][0]["counts"]) == (True, True)
        project.commit("B-ui", "more.txt")
        assert project.detail("B-1")["reviews"][0]["on_tip"] is False
        assert any(
            line.split()[:4] == ["approved", "D-arch", "(D)", sha[:12]] and "(stale)" in line for line in page(project)
        )

    def test_only_the_latest_verdict_of_a_lane_counts(self, project: Checkout) -> None:
        claim(project)
        sha = project.commit("B-ui", "doc/architecture/x.md")
        record_review(project, "D-arch", sha, "changes_requested")
        record_review(project, "D-arch", sha)
        assert [row["counts"] for row in project.detail("B-1")["reviews"]] == [False, True]
        assert any("changes_requested, replaced" in line for line in page(project))

    def test_superseded_requests_are_shown_on_demand(self, project: Checkout) -> None:
        claim(project)
        for name in ("one", "two"):
            sha = project.commit("B-ui", f"doc/architecture/{name}.md")
            project.ok("queue-route-review", "B-1", "--ref", sha)
        assert len(project.detail("B-1")["review_requests"]) == 2
        assert len(project.ok("queue-task-detail", "B-1", "--all", "--json").json["review_requests"]) == 4
        assert any(line.split()[1:2] == ["superseded"] for line in page(project, "--all"))


class TestWithdrawnRecords:
    @pytest.fixture(autouse=True)
    def _withdraw(self, project: Checkout) -> None:
        claim(project)
        record_evidence(project, "--actor", "ann")
        project.ok("queue-undo", "--actor", "ann", "--reason", "wrong task")

    def test_are_left_out(self, project: Checkout) -> None:
        assert project.detail("B-1")["evidence"] == []

    def test_are_shown_as_withdrawn_on_demand(self, project: Checkout) -> None:
        rows = project.ok("queue-task-detail", "B-1", "--all", "--json").json["evidence"]
        assert rows[0]["withdrawn_at"]
        assert any("[withdrawn 20" in line for line in page(project, "--all"))

    def test_do_not_count_for_the_next_step(self, project: Checkout) -> None:
        step = project.ok("queue-task-detail", "B-1", "--all", "--json").json["next_step"]
        assert step["why"].startswith("no evidence")


def test_the_next_step_leads_through_the_normal_path(project: Checkout) -> None:
    """Following the suggestion each time ends at the merge."""
    steps = []

    def following() -> Any:
        step = project.detail("B-1")["next_step"]["command"]
        steps.append(step.split()[1])
        return step

    assert "ROLE=B-ui" in following()
    claim(project, now="")  # now: a claim of long ago, with nothing since, is told to be taken back
    sha = project.commit("B-ui", "doc/architecture/x.md", message="B-1")
    following()
    record_evidence(project)
    assert f"COMMIT={sha}" in following()
    record_handoff(project, sha)
    assert f"REF={sha}" in following()
    project.ok("queue-route-review", "B-1", "--ref", sha)
    for lane in ("D-arch", "E-governance"):
        assert f"REVIEWER_ROLE={lane}" in following()
        record_review(project, lane, sha)
    assert following() == f"make queue-merge-ready TASK_ID=B-1 REF={sha}"
    assert steps == [
        "queue-claim",
        "watcher-run",
        "queue-record-handoff",
        "queue-route-review",
        "queue-record-review",
        "queue-record-review",
        "queue-merge-ready",
    ]


def test_a_claim_whose_lease_ran_out_is_taken_back_unless_work_was_recorded_since(project: Checkout) -> None:
    """Whoever records it, and however old the commits of the branch are."""
    claim(project)
    assert "queue-reclaim" in project.detail("B-1")["next_step"]["command"]
    record_evidence(project, "--actor", "the build")
    step = project.detail("B-1")
    assert (step["over_lease"], "queue-reclaim" in step["next_step"]["command"]) == (False, False)


def test_what_is_attached_to_a_task_stands_on_its_page(project: Checkout) -> None:
    claim(project, now="")
    record_evidence(project, "--notes", "slow under load")
    session = ["--session-id", "s-1", "--role", "B-ui", "--backend", "shell", "--provider", "codex", "--task-id", "B-1"]
    project.ok("session-upsert", *session)
    for summary in ("begun", "half way"):
        project.ok("checkpoint-record", "B-1", "--state", "active", "--summary", summary, "--owner", "B")
    project.ok("watcher-start", "w-1", "--task-id", "B-1", "--owner", "B", "--process", "the pipeline")
    project.ok("watcher-finish", "w-1", "--result", "fail", "--notes", "two tests failed")
    page = project.ok("queue-task-detail", "B-1").out
    for words in ("pnpm test  note: slow under load", "half way", "w-1  done: fail", "the pipeline  two tests failed"):
        assert words in page
    lines = page.splitlines()
    assert "half way" in lines[lines.index("checkpoints (2):") + 1]
    assert lines[lines.index("sessions (1):") + 1].split()[:6] == ["s-1", "running", "shell", "B-ui", "by", "codex"]
    detail = project.detail("B-1")
    assert [row["summary"] for row in detail["checkpoints"]] == ["begun", "half way"]
    assert (detail["watchers"][0]["watch_id"], detail["watchers"][0]["result"]) == ("w-1", "fail")
    assert detail["sessions"][0]["session_id"] == "s-1"
    assert (project.detail("B-2")["sessions"], project.detail("B-2")["checkpoints"]) == ([], [])


class TestRefusals:
    def test_an_unknown_task_comes_with_a_guess(self, project: Checkout) -> None:
        answer = project.run("queue-task-detail", "b-1")
        assert (answer.code, answer.word, "did you mean B-1?" in answer.err) == (3, "not_found", True)

    def test_an_archived_task_says_where_it_is(self, project: Checkout) -> None:
        archive = "doc/governance/archive/Agent_Work_Queue_2026-03-09.yaml"
        write_file(project.main, archive, queue_text(task("A-0", "A-backend", status="done")))
        project.write_queue(queue_text(*TASKS) + "# changed\n")
        answer = project.run("queue-task-detail", "A-0")
        assert (answer.word, f"A-0 is archived: done, in {archive}" in answer.err) == ("not_found", True)

    def test_a_task_has_to_be_named(self, project: Checkout) -> None:
        assert project.run("queue-task-detail").word == "usage"


def test_no_git_process_is_started(project: Checkout, tmp_path: Path) -> None:
    claim(project)
    folder = tmp_path / "no-git"
    folder.mkdir()
    alarm = folder / "git"
    alarm.write_text(f"#!/bin/sh\ntouch '{folder}/called'\nexit 1\n")
    alarm.chmod(0o755)
    path = os.pathsep.join([str(folder), os.environ["PATH"]])
    project.ok("queue-task-detail", "B-1", env={"PATH": path})
    assert not (folder / "called").exists()


def test_outside_git_freshness_is_unknown(tmp_path: Path) -> None:
    write_file(str(tmp_path), "q.yaml", queue_text(task("B-1")))
    words = {"cwd": str(tmp_path), "env": {"QUEUE_FILE": "q.yaml"}}
    assert run_tool("queue-record-evidence", "B-1", "--command-text", "x", "--result", "pass", **words).code == 0
    detail = run_tool("queue-task-detail", "B-1", "--json", **words).json
    assert (detail["evidence"][0]["freshness"], detail["measured_on"]["commit_sha"]) == ("unknown", "")
