"""Ways around a gate: each of them ends where the plain way ends."""

from __future__ import annotations

import os
from typing import Any

import pytest

from tests.support.old_database import OldDatabase
from tests.support.ready_made import ready_made
from tests.support.repositories import git, write_file
from tests.support.shell import GPUAAS_CONFIG, Answer, Checkout, make_checkout, queue_text, task
from tests.support.stored import state

REF = "agent/B-ui"
STRICT = {
    "require_review_before_done = false": 'require_review_before_done = true\nstale_evidence = "refuse"',
    'preflight_before_claim = "enforce"': 'preflight_before_claim = "off"',
}


@pytest.fixture
def project() -> Checkout:
    """B-1 is claimed by bee under a configuration that asks for evidence of the commit and for reviews."""
    return ready_made(_project)


def write_strict(parent: str, changes: dict[str, str] | None = None, more: str = "") -> str:
    """The configuration of GPUaaS under which everything is asked for; its path."""
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read()
    for old, new in {**STRICT, **(changes or {})}.items():
        assert old in text
        text = text.replace(old, new, 1)
    write_file(parent, "strict.toml", text + more)
    return os.path.join(parent, "strict.toml")


def _project(parent: str) -> Checkout:
    made = make_checkout(
        parent,
        queue_text(task("B-1", parent_id="B-E"), task("B-2"), task("B-E", kind="epic")),
        lanes=["B-ui"],
        config=write_strict(parent),
    )
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bee")
    return made


def work(project: Checkout, path: str = "doc/architecture/Runtime.md", text: str = "x\n") -> str:
    return project.commit("B-ui", path, text, "B-1: work")


def prove(project: Checkout, *more: str, cwd: str = "") -> Answer:
    words = ("--command-text", "t", "--result", "pass", "--actor", "bee", *more)
    return project.ok("queue-record-evidence", "B-1", *words, cwd=cwd or project.lanes["B-ui"])


def review(project: Checkout, lane: str, *more: str, commit: str = REF, env: dict[str, str] | None = None) -> Answer:
    words = ("--reviewer-role", lane, "--reviewer", lane[0], "--status", "approved", "--commit", commit)
    return project.run("queue-record-review", "B-1", *words, "--actor", lane, *more, env=env)


def ready(project: Checkout, *more: str) -> Any:
    return project.run("queue-merge-ready", "B-1", "--ref", REF, "--json", *more).json


def finish(project: Checkout, *more: str, task_id: str = "B-1") -> Answer:
    return project.run("queue-set-status", task_id, "--status", "done", "--actor", "bee", *more)


def failed(found: Any) -> list[str]:
    return [entry["word"] for entry in found["findings"] if entry["level"] == "error"]


@pytest.mark.parametrize(
    "made", [("tag", "master"), ("tag", "origin/master"), ("branch", "origin/master"), ("file", "master")]
)
def test_another_thing_of_the_name_of_the_integration_branch_is_not_it(
    made: tuple[str, str], project: Checkout
) -> None:
    sha, (kind, name) = work(project), made
    if kind == "file":
        write_file(os.path.join(project.main, ".git"), name, f"{sha}\n")
    else:
        git(project.main, kind, name, sha)
    found = ready(project)
    assert found["changed_paths"] == ["doc/architecture/Runtime.md"]
    assert [row["lane"] for row in found["required_reviews"]] == ["D-arch", "E-governance"]
    assert finish(project, "--commit", sha).code != 0


def test_a_tag_of_the_name_of_a_lanes_branch_is_not_what_is_read(project: Checkout) -> None:
    git(project.main, "tag", REF, work(project))
    newest = work(project, text="another\n")
    assert ready(project)["commit_sha"] == newest
    assert review(project, "D-arch", "--json").json["reviewed_commit_sha"] == newest


@pytest.mark.parametrize("place", [".git", ".git/worktrees"])
def test_evidence_that_names_no_commit_speaks_for_none(place: str, project: Checkout) -> None:
    work(project)
    prove(project, cwd=os.path.join(project.main, place))
    assert "evidence" in failed(ready(project))
    assert project.detail("B-1")["evidence"][0]["freshness"] != "fresh"


@pytest.mark.parametrize("reason", [" ", "\t", "\u200b", "\u2800", "\u3164"])
def test_a_reason_of_which_nothing_is_seen_is_none(reason: str, project: Checkout) -> None:
    work(project)
    before = state(project, "B-2")
    assert finish(project, "--force", "--reason", reason, task_id="B-2").word == "reason_required"
    blocked = ("queue-set-status", "B-2", "--status", "blocked", "--blocked-reason", reason)
    assert project.run(*blocked).word == "reason_required"
    waiver = ("review-waive", "B-1", "--ref", REF, "--shape", "light", "--owner", "Lead", "--reason", reason)
    assert project.run(*waiver).word == "reason_required"
    assert state(project, "B-2") == before


@pytest.mark.parametrize("name", [" ", "\u200b", "\u2800"])
def test_somebody_of_whom_nothing_is_seen_is_nobody(name: str, project: Checkout) -> None:
    work(project)
    waiver = ("review-waive", "B-1", "--ref", REF, "--shape", "light", "--owner", name, "--reason", "r")
    assert project.run(*waiver, "--actor", "lead").word == "usage"
    recorded = project.run(
        *("queue-record-review", "B-1", "--reviewer-role", "D-arch", "--reviewer", name, "--status", "approved"),
        *("--commit", REF, "--actor", "dee", "--json"),
    )
    assert recorded.json["reviewer"] == "dee"
    assert project.run("queue-where", "--json", env={"ACTOR": name}).json["actor"]["found"] == "user@host"


@pytest.mark.parametrize("name", ["\u0412", "b\u0435\u0435", "\uff22", "B\u200b"])
def test_a_name_that_is_drawn_like_that_of_the_work_reviews_it_not(name: str, project: Checkout) -> None:
    work(project)
    words = ("--reviewer-role", "D-arch", "--status", "approved", "--commit", REF, "--actor", "dee")
    assert project.run("queue-record-review", "B-1", "--reviewer", name, *words).word == "self_review"


@pytest.mark.parametrize("base", [REF, "HEAD~1 of the lane", "a branch on the way"])
def test_a_base_that_is_not_on_the_integration_branch_hides_nothing(base: str, project: Checkout) -> None:
    first = work(project)
    work(project, "packages/web/a.ts")
    if base != REF:
        git(project.main, "branch", "way", first)
        base = first if base.startswith("HEAD") else "way"
    found = ready(project, "--base", base)
    assert "base" in failed(found)
    (why,) = [entry["message"] for entry in found["findings"] if entry["word"] == "base"]
    assert why == f"{base} is not on master: what it has more would be merged too, and was not judged"


def test_the_base_of_a_fix_is_work_that_was_approved_for_another_task(project: Checkout) -> None:
    """From the integration branch on: an approval of a part of it hides the rest as well as the base would."""
    first = work(project)
    second = work(project, "packages/web/a.ts")
    work(project, "packages/web/b.ts")

    def approve(base: str) -> None:
        words = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved", "--actor", "dee")
        project.ok("queue-record-review", "B-2", *words, "--commit", second, "--base", base)

    approve(first)
    assert "base" in failed(ready(project, "--base", second))
    approve("master")
    found = ready(project, "--base", second)
    assert "base" not in failed(found)
    (said,) = [entry["message"] for entry in found["findings"] if entry["word"] == "base"]
    assert said.endswith("what it has more would be merged too, and is judged for B-2")
    words = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "changes_requested", "--actor", "dee")
    project.ok("queue-record-review", "B-2", *words, "--commit", second, "--base", "master", "--notes", "no")
    assert "base" in failed(ready(project, "--base", second))


def approve_other(project: Checkout, commit: str, *more: str, status: str = "approved") -> None:
    words = ("--reviewer-role", "D-arch", "--reviewer", "D", "--actor", "dee", "--base", "master", "--commit", commit)
    project.ok("queue-record-review", "B-2", *words, "--status", status, *more)


def waive_other(project: Checkout, commit: str) -> None:
    words = ("--shape", "light", "--owner", "Lead", "--reason", "r", "--actor", "lead")
    project.ok("review-waive", "B-2", "--ref", commit, *words)


@pytest.mark.parametrize("how", ["a waiver of it", "own work"])
def test_what_approves_no_change_judges_no_base(how: str, project: Checkout) -> None:
    first = work(project)
    work(project, "packages/web/a.ts")
    if how == "own work":
        approve_other(project, first)
        project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B", "--actor", "dee")
    else:
        waive_other(project, first)
        approve_other(project, first, "--waiver", "1")
    assert "base" in failed(ready(project, "--base", first))


@pytest.mark.parametrize("about", [("--waiver", "1"), ("--review-domain", "ops")])
def test_an_objection_to_another_thing_leaves_a_base_judged(about: tuple[str, str], project: Checkout) -> None:
    first = work(project)
    work(project, "packages/web/a.ts")
    waive_other(project, first)
    approve_other(project, first)
    approve_other(project, first, *about, "--notes", "no", status="changes_requested")
    assert "base" not in failed(ready(project, "--base", first))


def test_an_older_commit_of_the_integration_branch_may_be_the_base(project: Checkout) -> None:
    older = git(project.main, "rev-parse", "master~1")
    work(project)
    assert "base" not in failed(ready(project, "--base", "master"))
    assert {"README.md", "doc/architecture/Runtime.md"} & set(ready(project, "--base", older)["changed_paths"])


def test_merging_first_asks_nobody_less(project: Checkout) -> None:
    sha = work(project)
    prove(project)
    review(project, "C-ops")
    asked = ready(project)["required_reviews"]
    git(project.main, "merge", "--quiet", "--ff-only", REF)
    merged = ready(project)
    assert [row["lane"] for row in merged["required_reviews"]] == [row["lane"] for row in asked]
    assert failed(merged) == ["review", "review"]
    answer = finish(project, "--commit", sha)
    assert answer.word == "review_required"
    assert "D-arch has not reviewed" in answer.err
    assert "E-governance has not reviewed" in answer.err
    review(project, "D-arch")
    review(project, "E-governance")
    assert finish(project, "--commit", sha).code == 0


def with_settings(project: Checkout, old: str, new: str) -> None:
    """The project's own configuration with one text replaced."""
    path = os.path.join(project.main, ".fairway", "config.toml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    assert old in text
    write_file(project.main, ".fairway/config.toml", text.replace(old, new, 1))


def test_work_is_not_finished_by_naming_no_commit(project: Checkout) -> None:
    with_settings(project, "require_review_before_done = true", "require_review_before_done = false")
    work(project)
    prove(project)
    sha = work(project, text="after the proof\n")
    answer = finish(project)
    assert answer.word == "evidence_required"
    assert "no commit is named, so whether evidence 1 speaks for it cannot be told" in answer.err
    assert "COMMIT=" in answer.err
    prove(project)
    git(project.main, "merge", "--quiet", "--ff-only", REF)
    assert finish(project, "--commit", sha).code == 0


def test_a_blocking_gate_of_a_profile_holds_for_the_finished_status(project: Checkout) -> None:
    with_settings(project, "require_review_before_done = true", "require_review_before_done = false")
    gate = '[[workstream_profiles.gates]]\nname = "scan"\nmode = "blocking"\nevidence_type = "scan"\n'
    with_settings(
        project, "[[packet_templates]]", f'[[workstream_profiles]]\nname = "all"\n{gate}\n[[packet_templates]]'
    )
    sha = work(project)
    prove(project)
    git(project.main, "merge", "--quiet", "--ff-only", REF)
    answer = finish(project, "--commit", sha)
    assert answer.word == "evidence_required"
    assert "gate all/scan (blocking): no evidence of type scan" in answer.err
    assert state(project, "B-1")["status"] == "in_progress"
    prove(project, "--artifact-type", "scan", "--commit", sha)
    assert finish(project, "--commit", sha).code == 0


def test_whoever_did_the_work_does_not_approve_it_through_the_task_above(project: Checkout) -> None:
    work(project)
    words = ("--reviewer-role", "D-arch", "--status", "approved", "--commit", REF)
    project.ok("queue-record-review", "B-E", *words, "--reviewer", "Dee", "--actor", "bee")
    assert [row["ok"] for row in ready(project)["required_reviews"]] == [False, False]
    project.ok("queue-record-review", "B-E", *words, "--reviewer", "Dee", "--actor", "dee")
    assert [row["ok"] for row in ready(project)["required_reviews"]] == [True, False]


def test_a_clock_that_is_ahead_answers_no_objection_that_came_later(project: Checkout) -> None:
    work(project)
    words = ("--reviewer-role", "D-arch", "--reviewer", "Dee", "--commit", REF, "--actor", "dee")
    project.ok(
        "queue-record-review", "B-E", *words, "--status", "approved", env={"FAIRWAY_NOW": "2099-01-01T00:00:00Z"}
    )
    project.ok("queue-record-review", "B-1", *words, "--status", "changes_requested")
    assert ready(project)["required_reviews"][0]["verdict"] == "changes_requested"


def test_the_login_of_the_work_is_told_of_a_verdict_on_the_task_above_too(project: Checkout) -> None:
    work(project)
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")  # who chose no name
    words = ("--reviewer-role", "D-arch", "--reviewer", "Dee", "--status", "approved", "--commit", REF)
    project.ok("queue-set-status", "B-1", "--status", "todo", "--actor", "bee")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-record-review", "B-E", *words)
    told = [entry["message"] for entry in ready(project)["findings"] if entry["word"] == "reviewer"]
    assert [message for message in told if "same login as the claim" in message]


@pytest.mark.parametrize("claimed_first", [True, False])
def test_an_old_database_that_somebody_wrote_approves_no_work_of_here(claimed_first: bool, project: Checkout) -> None:
    sha, task_id = work(project), "B-1" if claimed_first else "B-2"
    old = OldDatabase(os.path.join(project.main, ".git", "forged.db"))
    at = {"task_id": task_id, "created_at": "2026-11-30T15:00:00Z"}
    old.add("task_evidence", **at, command_text="scan", result="pass")
    old.add("task_evidence", **at, command_text="lint", result="fail")
    for lane in ("D-arch", "E-governance"):
        old.add("task_reviews", **at, reviewer_role=lane, reviewer=lane[0], verdict="approved", reviewed_commit_sha=sha)
    project.ok("queue-import", "--legacy-db", old.path, "--actor", "bee")
    detail = project.detail(task_id)
    if claimed_first:
        assert [row["result"] for row in detail["evidence"]] == ["fail"]
        assert detail["reviews"] == []
        assert [row["ok"] for row in ready(project)["required_reviews"]] == [False, False]
    else:  # the older scripts had it first: what they recorded is told to be theirs
        found = project.run("queue-merge-ready", "B-2", "--ref", REF, "--json").json["findings"]
        told = [entry["message"] for entry in found if entry["word"] == "reviewer"]
        assert told == [
            f"{lane}: the approval of {lane[0]} was taken in from an old database"
            for lane in ("D-arch", "E-governance")
        ]


def test_another_work_tree_that_git_is_told_of_is_not_what_was_tested(project: Checkout) -> None:
    work(project)
    lane, clean = project.lanes["B-ui"], os.path.join(project.main, "..", "clean")
    git(project.main, "worktree", "add", "--quiet", "--detach", clean, REF)
    write_file(lane, "README.md", "not committed\n")
    git(project.main, "config", "extensions.worktreeConfig", "true")
    git(lane, "config", "--worktree", "core.worktree", os.path.realpath(clean))
    prove(project)
    assert project.detail("B-1")["evidence"][0]["tree_dirty"] is True
    assert "worktree" in failed(ready(project))


def test_routing_the_end_of_a_change_asks_nobody_less_once_it_is_merged(project: Checkout) -> None:
    first = work(project)
    sha = work(project, "scripts/ops/a.sh")
    prove(project)
    project.ok("queue-route-review", "B-1", "--ref", REF, "--base", first, "--actor", "bee")
    review(project, "C-ops")
    git(project.main, "merge", "--quiet", "--ff-only", REF)
    assert [row["lane"] for row in ready(project)["required_reviews"] if not row["ok"]] == ["D-arch", "E-governance"]
    assert finish(project, "--commit", sha).word == "review_required"


def test_a_blocking_gate_is_not_lowered_by_whoever_it_blocks(project: Checkout) -> None:
    gate = '[[workstream_profiles.gates]]\nname = "scan"\nmode = "blocking"\nevidence_type = "scan"\n'
    named = '[[workstream_profiles]]\nname = "scanned"\ntask_kinds = ["task"]\n'
    with_settings(project, "[[packet_templates]]", f"{named}{gate}\n[[packet_templates]]")
    words = ("--profile", "scanned", "--gate", "scan", "--mode", "report_only", "--reason", "it is in the way")
    assert project.run("guard-graduate", *words, "--actor", "bee").word == "self_review"
    project.ok("guard-graduate", *words, "--actor", "lead")


@pytest.mark.parametrize("waived", [("--shape", "light"), ("--review-domain", "ops")])
def test_a_clock_that_is_set_back_brings_no_waiver_back(waived: tuple[str, str], project: Checkout) -> None:
    project.write_queue(queue_text(task("B-1", review_domains=["ops"])))
    work(project)
    words = ("--owner", "Lead", "--reason", "r", "--actor", "lead", "--expires", "2099-01-01T00:00:00Z")
    project.ok("review-waive", "B-1", "--ref", REF, *waived, *words)
    asked = [row["lane"] for row in ready(project)["required_reviews"] if not row["ok"]]
    later = {"FAIRWAY_NOW": "2099-02-01T00:00:00Z"}
    project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "fail", "--actor", "bee", env=later)
    assert len([row for row in ready(project)["required_reviews"] if not row["ok"]]) > len(asked)
