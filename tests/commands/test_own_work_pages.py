"""What advises says what the gates decide: an approval of one's own work is none on any page either."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.board.inbox import lane_inbox
from fairway_scripts.board.oversight import finished_work
from fairway_scripts.project.opening import open_unchanged
from tests.commands.test_other_ways import REF, failed, ready, review, work
from tests.commands.test_own_work import SELF, By, approve, begun, claim, waive
from tests.support.repositories import git
from tests.support.shell import Checkout

#: With this every page has something to say of D-arch: it is asked, and the approval is of whoever claims the task.
AS_D_ARCH = {"AGENT_ROLE": "D-arch"}


class _Args:
    tool, actor, queue_db, queue_file, config = "fairway-tui", "", "", "", ""


def recorded(project: Checkout, sha: str) -> None:
    """What the lane itself records before a merge, so that nothing is left but the reviews."""
    words = ("--command-text", "t", "--result", "pass", "--actor", "cee")
    project.ok("queue-record-evidence", "B-1", *words, cwd=project.lanes["B-ui"])
    given = ("--owner", "B", "--branch", REF, "--commit", sha, "--commands", "t", "--results", "pass")
    project.ok("queue-record-handoff", "B-1", *given, "--changed-files", "a", "--actor", "cee")


def approved_and_claimed(tmp_path: Path, by: By) -> Checkout:
    """D-arch and E-governance have approved the commit; whoever did so for D-arch claims the task afterwards."""
    project = begun(tmp_path)
    sha = work(project)
    project.ok("queue-route-review", "B-1", "--ref", REF, "--actor", "lead")
    review(project, "E-governance")
    approve(project, by)
    claim(project, by.claimant, by.env)
    recorded(project, sha)
    return project


def waited_for(project: Checkout) -> list[str]:
    return [row["lane"] for row in project.ok("review-waits", "--json").json["waits"]]


def health(project: Checkout, category: str) -> list[dict[str, Any]]:
    found = project.run("queue-health-report", "--json").json["findings"]
    return [row for row in found if row["word"] == category]


def inbox(project: Checkout) -> list[str]:
    """The lanes that are asked, as the terminal page lists them."""
    with contextlib.chdir(project.main):
        found = open_unchanged(_Args())
        try:
            return [row["lane"] for row in lane_inbox(found)["requests"]]
        finally:
            found.store.close()


def actions(project: Checkout) -> dict[str, Any]:
    found = project.ok("orchestrator-tick", "--json").json["actions"]
    return {row["action"]: row for row in found if row["task_id"] == "B-1"}


@pytest.mark.parametrize("by", SELF.values(), ids=SELF)
def test_a_request_is_not_answered_by_whoever_did_the_work(tmp_path: Path, by: By) -> None:
    project = approved_and_claimed(tmp_path, by)
    assert "review" in failed(ready(project))

    detail = project.detail("B-1")
    assert [(row["lane"], row["answered"]) for row in detail["review_requests"]] == [
        ("D-arch", False),
        ("E-governance", True),
    ]
    (own,) = [row for row in detail["reviews"] if row["own_work"]]
    assert (own["reviewer_lane"], own["counts"], detail["review_status"]) == ("D-arch", False, "pending")
    assert detail["next_step"]["why"] == "D-arch has to review it"
    page = project.ok("queue-task-detail", "B-1").out
    assert "approved, does not count: " in page
    assert "review: pending" in page

    assert waited_for(project) == ["D-arch"]
    assert "merge" not in actions(project)
    assert actions(project)["review"]["lane"] == "D-arch"
    assert [row["waits_for"] for row in health(project, "pending_reviews")] == ["D-arch"]
    assert [row["task_id"] for row in project.ok("fairway-prime", "--json", env=AS_D_ARCH).json["asked"]] == ["B-1"]
    assert inbox(project) == ["D-arch"]
    packet = project.ok("context-packet", "B-1", "--owner", "B", "--goal", "g", "--draft").out
    assert "open request: D-arch" in packet
    assert "does not count: " in packet

    approve(project, By("dana"))
    assert project.detail("B-1")["next_step"]["command"].startswith("make queue-merge-ready")
    assert waited_for(project) == []
    assert "merge" in actions(project)
    assert failed(ready(project)) == []


def test_a_review_that_was_made_lighter_by_whoever_did_the_work_is_routed_again(tmp_path: Path) -> None:
    project = begun(tmp_path)
    sha = work(project)
    assert waive(project, "--owner", "bee", "--actor", "bee").code == 0
    route = ("queue-route-review", "B-1", "--ref", REF, "--actor", "lead")
    project.ok(*route)
    approve(project, By("dana"))
    claim(project, "bee")
    recorded(project, sha)
    assert "review" in failed(ready(project))
    detail = project.detail("B-1")
    why = "its review is asked for under waiver 1, which does not count: bee is its claimant"
    assert detail["next_step"]["why"] == why
    assert detail["next_step"]["command"].startswith("make queue-route-review")
    assert "does not count: bee is its claimant" in project.ok("queue-task-detail", "B-1").out
    assert "merge" not in actions(project)
    assert actions(project)["route"]["reason"].endswith(why)
    project.ok(*route)
    assert project.detail("B-1")["next_step"]["why"] == "E-governance has to review it"
    assert "route" not in actions(project)


def test_what_only_the_gate_asks_for_is_not_given_by_whoever_did_the_work(tmp_path: Path) -> None:
    project = begun(tmp_path)
    sha = work(project, "packages/web/a.ts")
    project.ok("queue-route-review", "B-1", "--ref", REF, "--actor", "lead")
    approve(project, By("bee"))
    claim(project, "bee")
    recorded(project, sha)
    asked = [row["lane"] for row in ready(project)["required_reviews"]]
    assert "review" in failed(ready(project)), asked
    assert not project.detail("B-1")["next_step"]["command"].startswith("make queue-merge-ready")
    assert "merge" not in actions(project)


def test_a_review_that_nobody_is_asked_for_is_found_where_own_work_alone_approves(tmp_path: Path) -> None:
    project = begun(tmp_path)
    work(project)
    approve(project, By("bee"))
    claim(project, "bee")
    (found,) = health(project, "unrouted_reviews")
    assert found["message"] == "its review is not_required, and no lane is asked for it"


def test_finished_work_is_not_approved_by_whoever_did_it(tmp_path: Path) -> None:
    project = begun(tmp_path)
    sha = work(project)
    approve(project, By("bee"))
    claim(project, "bee")
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", sha, "--force", "--reason", "r")
    with contextlib.chdir(project.main):
        found = open_unchanged(_Args())
        try:
            assert [row["approval"] for row in finished_work(found, limit=9)] == ["none"]
        finally:
            found.store.close()


def object_to(project: Checkout, task_id: str = "B-1") -> None:
    words = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "changes_requested", "--commit", REF)
    project.ok("queue-record-review", task_id, *words, "--actor", "dana")


def test_an_objection_stands_whatever_whoever_did_the_work_said_afterwards(tmp_path: Path) -> None:
    project = begun(tmp_path)
    sha = work(project)
    project.ok("queue-route-review", "B-1", "--ref", REF, "--actor", "lead")
    review(project, "E-governance")
    object_to(project)
    approve(project, By("bee"))
    claim(project, "bee")
    recorded(project, sha)
    assert "review" in failed(ready(project))
    detail = project.detail("B-1")
    assert detail["review_status"] == "changes_requested"
    assert "D-arch says changes_requested" in detail["next_step"]["why"]
    (wait,) = project.ok("review-waits", "--json").json["waits"]
    assert (wait["lane"], wait["waiting_lane"], wait["what"]) == ("B-ui", "D-arch", "rework")
    assert review(project, "A-backend", "--json").json["review_status"] == "changes_requested"
    routed = project.ok("queue-route-review", "B-1", "--ref", REF, "--actor", "lead", "--json").json
    assert routed["review_status"] == "changes_requested"


@pytest.mark.parametrize("later", ["B-1", "B-E"])
def test_what_others_said_above_is_replaced_by_nobodys_own_work(tmp_path: Path, later: str) -> None:
    project = begun(tmp_path)
    sha = work(project)
    approve(project, By("dana"), "B-E")
    project.ok("queue-route-review", "B-1", "--ref", REF, "--actor", "lead")
    review(project, "E-governance")
    approve(project, By("bee"), later)
    claim(project, "bee")
    recorded(project, sha)
    assert failed(ready(project)) == []
    detail = project.detail("B-1")
    assert [row["answered"] for row in detail["review_requests"]] == [True, True]
    assert detail["next_step"]["command"].startswith("make queue-merge-ready")
    assert "merge" in actions(project)


def test_a_task_is_finished_with_what_others_approved(tmp_path: Path) -> None:
    project = begun(tmp_path)
    sha = work(project)
    git(project.main, "merge", "--quiet", "--ff-only", REF)
    review(project, "D-arch")
    review(project, "E-governance")
    work(project, text="y\n")
    approve(project, By("bee"))
    claim(project, "bee")
    words = ("--command-text", "t", "--result", "pass", "--commit", sha, "--actor", "bee")
    project.ok("queue-record-evidence", "B-1", *words, cwd=project.lanes["B-ui"])
    answer = project.run("queue-set-status", "B-1", "--status", "done", "--actor", "bee", "--json")
    assert (answer.code, answer.json.get("commit_sha")) == (0, sha), answer
