"""queue-claim, queue-release, queue-reclaim: who works on what."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import commit_file, git, write_file
from tests.support.shell import Checkout, make_checkout, queue_text, task

NOW = "2026-11-21T08:00:00Z"
NEXT_DAY = "2026-11-22T08:00:00Z"


@pytest.fixture
def project() -> Checkout:
    """A project whose lanes A-backend and B-ui have tasks, and a worktree for B-ui."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    tasks = [
        task("A-1", "A-backend"),
        task("B-1", priority=1),
        task("B-2", priority=2),
        task("B-HELD", priority=1, depends_on=["A-1"]),
        task("B-DONE", status="done", commit="abc12345", completed_at="2026-05-04"),
    ]
    made = make_checkout(parent, queue_text(*tasks), lanes=["A-backend", "B-ui"])
    made.ok("queue-ready")
    return made


def test_a_claim_records_who_where_and_until_when(project: Checkout) -> None:
    answer = project.ok(
        "queue-claim",
        "--role",
        "B-ui",
        "--owner",
        "B",
        "--task-id",
        "B-1",
        "--actor",
        "ann",
        "--json",
        env={"FAIRWAY_NOW": NOW},
    )
    assert answer.json == {
        "schema": "queue-claim/1",
        "task_id": "B-1",
        "lane": "B-ui",
        "title": "Title of B-1",
        "status": "in_progress",
        "owner": "B",
        "claimant": "ann",
        "branch": "agent/B-ui",
        "claimed_at": "2026-11-21T08:00:00.000000Z",
        "lease_expires_at": "2026-11-21T20:00:00.000000Z",
        "fence": 1,
        "renewed": False,
        "findings": [],
    }


def test_the_second_claimer_learns_who_holds_the_task_and_since_when(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--owner", "B", "--actor", "ann", "--role", "B-ui", env={"FAIRWAY_NOW": NOW})
    answer = project.run("queue-claim", "B-1", "--owner", "B", "--actor", "bob", "--role", "B-ui")
    assert (answer.code, answer.word) == (4, "already_claimed")
    assert "ann (owner B) since 2026-11-21T08:00:00" in answer.err


def test_claiming_again_as_the_same_actor_and_owner_changes_nothing(project: Checkout) -> None:
    words = ("queue-claim", "B-1", "--owner", "B", "--actor", "ann", "--role", "B-ui", "--json")
    first, second = project.ok(*words).json, project.ok(*words).json
    assert second["renewed"] is True
    assert second["fence"] == first["fence"] == 1
    assert len(project.detail("B-1")["history"]) == 2


def test_the_same_actor_under_another_owner_is_somebody_else(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--owner", "B", "--actor", "ann", "--role", "B-ui")
    assert (
        project.run("queue-claim", "B-1", "--owner", "C", "--actor", "ann", "--role", "B-ui").word == "already_claimed"
    )


def test_without_task_id_the_next_ready_task_of_the_lane_is_taken(project: Checkout) -> None:
    taken = [project.ok("queue-claim", "--role", "B-ui", "--owner", "B", "--json").json["task_id"] for _ in range(2)]
    assert taken == ["B-1", "B-2"]
    answer = project.run("queue-claim", "--role", "B-ui", "--owner", "B")
    assert (answer.code, answer.word) == (1, "nothing_ready")


def test_the_lane_is_found_from_the_worktree(project: Checkout) -> None:
    answer = project.ok("queue-claim", "--owner", "B", "--json", cwd=project.lanes["B-ui"])
    assert answer.json["lane"] == "B-ui"


def test_without_any_lane_claim_next_is_refused(project: Checkout) -> None:
    assert project.run("queue-claim", "--owner", "B").word == "usage"


def test_the_lane_of_the_task_must_be_the_lane_of_the_call(project: Checkout) -> None:
    answer = project.run("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "A-1")
    assert (answer.code, answer.word) == (4, "wrong_lane")
    assert "make queue-claim ROLE=A-backend" in answer.err
    assert project.run("queue-claim", "--owner", "B", "A-1", cwd=project.lanes["B-ui"]).word == "wrong_lane"


def test_unmet_dependencies_are_refused_by_name(project: Checkout) -> None:
    answer = project.run("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-HELD")
    assert (answer.code, answer.word) == (4, "not_ready")
    assert "B-HELD waits for A-1 (todo)" in answer.err


def test_force_needs_a_reason_which_is_recorded(project: Checkout) -> None:
    words = ("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-HELD", "--force")
    assert project.run(*words).word == "reason_required"
    project.ok(*words, "--reason", "stub is enough")
    assert project.detail("B-HELD")["history"][-1]["reason"] == "stub is enough"


def test_finished_work_cannot_be_claimed(project: Checkout) -> None:
    answer = project.run("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-DONE")
    assert (answer.code, answer.word) == (4, "invalid_transition")
    assert "REOPEN=1" in answer.err


@pytest.mark.parametrize("missing", ["B-404", "b-1", "x'; DROP TABLE task_state; --"])
def test_an_unknown_task_is_not_found(project: Checkout, missing: str) -> None:
    answer = project.run("queue-claim", "--role", "B-ui", "--owner", "B", "--task-id", missing)
    assert (answer.code, answer.word) == (3, "not_found")


def test_a_wrong_case_is_guessed(project: Checkout) -> None:
    slip = project.run("queue-claim", "b-1", "--role", "B-ui", "--owner", "B").err
    assert "did you mean B-1?" in slip
    assert slip.splitlines()[-1] == "hint: make queue-claim ROLE=B-ui OWNER=B TASK_ID=B-1", (
        "the same call, spelled right"
    )


def test_owner_is_required_and_is_free_text(project: Checkout) -> None:
    assert project.run("queue-claim", "B-1", "--role", "B-ui").word == "usage"
    claimed = project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "Codex (night) — Ünï", "--json")
    assert claimed.json["owner"] == "Codex (night) — Ünï"


def test_a_control_character_in_the_owner_is_refused(project: Checkout) -> None:
    assert project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "a\nb").word == "usage"


class TestPreflight:
    """The gpuaas preset enforces that the lane's worktree is fit for work."""

    def test_a_dirty_lane_is_refused_with_the_command_that_mends_it(self, project: Checkout) -> None:
        write_file(project.lanes["B-ui"], "left.txt", "over")
        answer = project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        assert (answer.code, answer.word) == (1, "preflight_failed")
        assert "uncommitted" in answer.err

    def test_a_lane_on_another_branch_is_refused(self, project: Checkout) -> None:
        git(project.lanes["B-ui"], "switch", "--quiet", "-c", "elsewhere")
        answer = project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        assert answer.word == "preflight_failed"
        assert "switch agent/B-ui" in answer.err

    def test_a_lane_behind_the_integration_branch_is_refused(self, project: Checkout) -> None:
        commit_file(project.main, "new.txt", "x", "moves on")
        answer = project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        assert answer.word == "preflight_failed"
        assert "lacks 1 commit of master" in answer.err

    def test_force_with_a_reason_goes_past_it(self, project: Checkout) -> None:
        write_file(project.lanes["B-ui"], "left.txt", "over")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--force", "--reason", "generated file")

    def test_a_missing_worktree_only_warns(self, tmp_path: Path) -> None:
        alone = make_checkout(tmp_path, queue_text(task("C-1", "C-ops")), lanes=[], name="alone")
        answer = alone.ok("queue-claim", "C-1", "--role", "C-ops", "--owner", "C")
        assert "warning:" in answer.err

    def test_a_refused_claim_changes_nothing(self, project: Checkout) -> None:
        write_file(project.lanes["B-ui"], "left.txt", "over")
        project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
        assert project.detail("B-1")["status"] == "todo"

    def test_only_the_lane_itself_is_looked_at(self, project: Checkout) -> None:
        write_file(project.main, "left.txt", "over")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")


class TestFences:
    """Every claim has a number; a write that names an older one comes from a worker that woke up late."""

    def test_every_claim_of_a_task_gets_a_higher_number(self, project: Checkout) -> None:
        fences = []
        for _ in range(3):
            fences.append(project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--json").json["fence"])
            project.ok("queue-release", "B-1")
        assert fences == sorted(set(fences))

    def test_a_late_writer_is_refused(self, project: Checkout) -> None:
        old = project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann", "--json").json[
            "fence"
        ]
        project.ok("queue-reclaim", "B-1", "--force", "--reason", "ann is gone")
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bob")
        late = project.run("queue-set-status", "B-1", "--status", "blocked", "--reason", "x", "--fence", str(old))
        assert (late.code, late.word) == (4, "fence_outdated")
        assert project.detail("B-1")["status"] == "in_progress"

    def test_the_current_number_is_accepted(self, project: Checkout) -> None:
        fence = project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--json").json["fence"]
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "x", "--fence", str(fence))


class TestLeases:
    """A lease is hours long, every command of the claimant renews it, and its end is only reported."""

    def test_an_expired_lease_does_not_free_the_task(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann", env={"FAIRWAY_NOW": NOW})
        answer = project.run(
            "queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bob", env={"FAIRWAY_NOW": NEXT_DAY}
        )
        assert answer.word == "already_claimed"

    def test_reclaim_takes_back_what_has_expired(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann", env={"FAIRWAY_NOW": NOW})
        project.ok("queue-reclaim", "B-1", "--reason", "ann is gone", "--actor", "bob", env={"FAIRWAY_NOW": NEXT_DAY})
        detail = project.detail("B-1")
        assert (detail["status"], detail["owner"], detail["claimant"]) == ("todo", "", None)

    def test_reclaim_refuses_a_living_lease_and_a_missing_reason(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann")
        assert project.run("queue-reclaim", "B-1", "--actor", "bob", "--reason", "mine").word == "already_claimed"
        assert project.run("queue-reclaim", "B-1", "--actor", "bob").word == "reason_required"

    @pytest.mark.parametrize("command", [["queue-ready"], ["queue-claim", "B-2", "--role", "B-ui", "--owner", "B"]])
    def test_any_command_of_the_claimant_renews_it(self, project: Checkout, command: list[str]) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann", env={"FAIRWAY_NOW": NOW})
        project.ok(*command, "--actor", "ann", env={"FAIRWAY_NOW": "2026-11-21T18:00:00Z"})
        assert project.detail("B-1")["lease_expires_at"] == "2026-11-22T06:00:00.000000Z"

    def test_the_session_counts_as_its_actor(self, project: Checkout) -> None:
        session = {"FAIRWAY_SESSION_ID": "tmux-B-ui-1"}
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env={**session, "FAIRWAY_NOW": NOW})
        project.ok("queue-ready", env={**session, "FAIRWAY_NOW": "2026-11-21T18:00:00Z"})
        assert project.detail("B-1")["lease_expires_at"] == "2026-11-22T06:00:00.000000Z"

    def test_commands_of_others_do_not_renew_it(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann", env={"FAIRWAY_NOW": NOW})
        project.ok("queue-ready", "--actor", "bob", env={"FAIRWAY_NOW": "2026-11-21T18:00:00Z"})
        assert project.detail("B-1")["lease_expires_at"] == "2026-11-21T20:00:00.000000Z"

    @pytest.mark.parametrize(
        "record",
        [
            ["queue-record-evidence", "B-1", "--command-text", "make test", "--result", "fail"],
            ["queue-record-handoff", "B-1", "--owner", "B", "--branch", "agent/B-ui", "--commit", "HEAD"],
        ],
    )
    def test_work_that_is_recorded_renews_it_whoever_records_it(self, project: Checkout, record: list[str]) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann", env={"FAIRWAY_NOW": NOW})
        handoff = ["--commands", "make test", "--results", "pass", "--changed-files", "a.ts"] * ("handoff" in record[0])
        project.ok(*record, *handoff, "--actor", "bob", env={"FAIRWAY_NOW": "2026-11-21T18:00:00Z"})
        assert project.detail("B-1")["lease_expires_at"] == "2026-11-22T06:00:00.000000Z"

    def test_a_record_of_a_free_task_gives_nobody_a_lease(self, project: Checkout) -> None:
        project.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass")
        assert project.detail("B-1")["lease_expires_at"] is None


def test_release_gives_the_task_back(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann")
    assert project.run("queue-release", "B-1", "--actor", "bob").word == "already_claimed"
    project.ok("queue-release", "B-1", "--actor", "ann")
    assert project.ok("queue-ready", "--role", "B-ui", "--format", "ids").out.split() == ["B-1", "B-2"]


def test_releasing_what_nobody_claimed_is_refused(project: Checkout) -> None:
    assert project.run("queue-release", "B-1").word == "invalid_transition"


def test_a_task_that_the_file_brought_in_as_in_progress_can_be_taken_up_by_its_owner(tmp_path: Path) -> None:
    seeded = task("B-1", status="in_progress", owner="Codex", branch="agent/B-ui")
    project = make_checkout(tmp_path, queue_text(seeded), lanes=[])
    assert project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "Other").word == "already_claimed"
    assert project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "Codex", "--json").json["fence"] == 1


class TestRequests:
    """An agent that retries a call it got no answer to names it with REQUEST_ID."""

    def test_the_second_call_changes_nothing_and_gets_the_first_answer(self, project: Checkout) -> None:
        words = ("queue-claim", "--role", "B-ui", "--owner", "B", "--request-id", "r-1", "--json")
        first = project.ok(*words)
        second = project.ok(*words)
        assert first.json == second.json
        assert project.detail("B-2")["status"] == "todo"

    def test_one_name_for_two_different_calls_is_refused(self, project: Checkout) -> None:
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--request-id", "r-1")
        answer = project.run("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", "--request-id", "r-1")
        assert (answer.code, answer.word) == (4, "request_reused")

    def test_a_refused_call_can_be_repeated_under_its_name(self, project: Checkout) -> None:
        words = ("queue-claim", "B-HELD", "--role", "B-ui", "--owner", "B", "--request-id", "r-1")
        assert project.run(*words).word == "not_ready"
        project.ok("queue-set-status", "A-1", "--status", "done", "--force", "--reason", "trial")
        project.ok(*words)

    def test_the_answer_does_not_depend_on_what_has_become_of_the_lane_since(self, project: Checkout) -> None:
        words = ("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--request-id", "r-1", "--json")
        first = project.ok(*words)
        write_file(project.lanes["B-ui"], "left.txt", "work has begun")
        assert project.ok(*words).json == first.json
