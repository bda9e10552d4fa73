"""What a task declares of its review, through every tool that looks at it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import git, head
from tests.support.shell import Answer, Checkout, make_checkout, queue_text, task
from tests.support.stored import events, rows

REF = "agent/A-backend"
THREE = ["governance", "ops", "backend"]


@pytest.fixture
def project() -> Checkout:
    """A-1 declares three domains and a high risk; A-2 is critical; A-3 is a part of A-E. A-1 is claimed and proven."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    queue = queue_text(
        task("A-1", "A-backend", review_domains=THREE, risk_level="high"),
        task("A-2", "A-backend", risk_level="critical"),
        task("A-E", "A-backend", kind="epic"),
        task("A-3", "A-backend", parent_id="A-E", review_domains=["ops"]),
        task("A-4", "A-backend", risk_level="low"),
    )
    made = make_checkout(parent, queue, lanes=["A-backend"])
    for task_id in ("A-1", "A-2", "A-3", "A-4"):
        made.ok(
            "queue-claim", task_id, "--role", "A-backend", "--owner", "A", "--actor", "abe", "--force", "--reason", "t"
        )
    return made


def work(project: Checkout, task_id: str = "A-1", path: str = "cmd/worker/main.go", text: str = "x\n") -> str:
    sha = project.commit("A-backend", path, text, f"{task_id}: work")
    project.ok("queue-record-evidence", task_id, "--command-text", "t", "--result", "pass", "--commit", sha)
    words = ("--owner", "A", "--branch", REF, "--commit", sha, "--commands", "t", "--results", "green")
    project.ok("queue-record-handoff", task_id, *words, "--changed-files", path)
    return sha


def review(project: Checkout, lane: str, *more: str, task_id: str = "A-1", status: str = "approved") -> Answer:
    words = ("--reviewer-role", lane, "--reviewer", lane[0], "--status", status, "--commit", REF, "--actor", lane)
    return project.ok("queue-record-review", task_id, *words, *more)


def ready(project: Checkout, task_id: str = "A-1", ref: str = REF) -> Any:
    return project.run("queue-merge-ready", task_id, "--ref", ref, "--json").json


def finish(project: Checkout, task_id: str = "A-1", *more: str, **env: str) -> Answer:
    return project.run("queue-set-status", task_id, "--status", "done", *more, env=env)


def merge(project: Checkout) -> None:
    git(project.main, "merge", "--quiet", "--ff-only", REF)


def test_every_tool_names_the_domains_that_are_missing(project: Checkout) -> None:
    sha = work(project)
    found = ready(project)
    assert (found["ok"], found["missing_domains"]) == (False, THREE)
    routed = project.ok("queue-route-review", "A-1", "--ref", REF, "--json").json
    assert (routed["missing_domains"], routed["review_status"]) == (THREE, "pending")
    assert [(row["role"], row["review_domain"]) for row in rows(project, "review_requests", "A-1")] == [
        ("E-governance", "governance"),
        ("C-ops", "ops"),
        ("D-arch", "backend"),  # next to it: A-backend cannot read its own work
    ]
    assert project.detail("A-1")["missing_domains"] == THREE
    assert "missing approvals: governance, ops, backend" in project.ok("queue-task-detail", "A-1").out
    selected = project.ok("gate-select", "A-1", "--json").json["selected"]
    assert [entry["name"] for entry in selected if entry["kind"] == "domain"][:3] == THREE
    (active,) = [row for row in project.ok("orchestrator-tick", "--json").json["active"] if row["task_id"] == "A-1"]
    assert "E-governance for governance, C-ops for ops, D-arch for backend" in str(active)
    merge(project)
    refused = finish(project, "A-1", "--commit", sha)
    assert (refused.code, refused.word) == (1, "review_required")
    assert all(f"{domain} has no approval (declared: review_domains)" in refused.err for domain in THREE)
    finish(project, "A-1", "--commit", sha, "--force", "--reason", "an outage")
    gaps = project.run("release-verify", "--json").json["findings"]
    assert [gap["message"].split()[0] for gap in gaps if gap["subject"] == "A-1"] == THREE


def test_merge_ready_and_done_say_the_same_until_the_last_domain_has_approved(project: Checkout) -> None:
    sha = work(project)
    for lane, more in (("E-governance", ()), ("C-ops", ()), ("D-arch", ("--review-domain", "backend"))):
        assert ready(project)["ok"] is False
        assert finish(project, "A-1", "--commit", sha).word == "review_required"
        review(project, lane, *more)
    assert ready(project)["ok"] is True
    merge(project)
    done = finish(project)
    assert done.code == 0, done
    assert f"{sha[:12]} is taken (approved by D-arch)" in done.err
    approvals = events(project, "A-1", "status_set")[-1]["approvals"]
    assert [(entry["domains"], entry["review_id"]) for entry in approvals][:3] == [
        *[(["governance"], 1), (["ops"], 2), (["backend"], 3)]
    ]
    assert project.run("release-verify", "--json").json["findings"] == []
    project.ok("queue-verify")


def test_an_objection_blocks_both_although_another_lane_approves(project: Checkout) -> None:
    sha = work(project)
    for lane, more in (("E-governance", ()), ("C-ops", ()), ("D-arch", ("--review-domain", "backend"))):
        review(project, lane, *more)
    review(project, "B-ui", "--review-domain", "ops", status="changes_requested")
    said = f"B-ui for ops: changes_requested by B on {sha[:12]}"
    assert any(said in row["message"] for row in ready(project)["findings"] if row["level"] == "error")
    merge(project)
    assert said in finish(project, "A-1", "--commit", sha).err


def test_the_verdict_is_for_the_domain_that_is_named_in_any_spelling_and_no_other(project: Checkout) -> None:
    work(project)
    answer = review(project, "D-arch", "--review-domain", "Operations")
    assert "review_domain: ops" in answer.out
    assert "ops is answered by C-ops; this verdict of D-arch counts for it all the same" in answer.err
    assert ready(project)["missing_domains"] == ["governance", "backend"]
    unknown = project.run(
        "queue-record-review", "A-1", "--reviewer-role", "D-arch", "--status", "approved", "--commit", REF,
        "--review-domain", "opps",
    )  # fmt: skip
    assert (unknown.code, unknown.word) == (2, "usage")
    assert "REVIEW_DOMAIN 'opps' is not known; known: architecture, arch, security" in unknown.err


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("review_domains", ["ops", "oops"], "unknown review domain oops; known: architecture, arch, security, ops"),
        ("risk_level", "hihg", "unknown risk level hihg; known: low, medium, high, critical"),
        ("profile", "platform-fundation", "unknown profile platform-fundation; known: platform-foundation"),
    ],
)
def test_an_unknown_word_is_refused_with_its_line(tmp_path: Path, field: str, value: Any, said: str) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2", **{field: value})), lanes=[])
    answer = project.run("queue-validate", "--json")
    (fault,) = [fault for fault in answer.json["findings"] if fault["level"] == "error"]
    assert (answer.code, fault["task_id"], fault["field"]) == (1, "B-2", field)
    assert said in fault["message"]
    with open(project.queue_file, encoding="utf-8") as file:
        line = file.read().splitlines()[fault["line"] - 1]
    assert (value[-1] if isinstance(value, list) else value) in line


def test_a_low_risk_wants_evidence_and_nobody_else(project: Checkout) -> None:
    sha = project.commit("A-backend", "cmd/a.go", "x\n")
    assert finish(project, "A-4", "--commit", sha).word == "evidence_required"
    project.ok("queue-record-evidence", "A-4", "--command-text", "t", "--result", "pass", "--commit", sha)
    assert ready(project, "A-4")["ok"] is True


# --- epics ------------------------------------------------------------------------------------------------


def test_an_epics_verdict_counts_for_a_child_whose_commits_it_has_read(project: Checkout) -> None:
    child = work(project, "A-3")
    project.commit("A-backend", "cmd/more.go", "x\n", "A-E: more")
    review(project, "C-ops", task_id="A-E")
    found = ready(project, "A-3", child)
    assert found["missing_domains"] == []
    (entry,) = found["required_reviews"]
    assert (entry["ok"], entry["inherited_from"]) == (True, "A-E")
    assert "with A-E (review 1)" in entry["message"]
    routed = project.ok("queue-route-review", "A-3", "--ref", child, "--json").json
    assert (routed["review_status"], routed["required"][0]["inherited_from"]) == ("approved", "A-E")
    assert events(project, "A-3", "review_routed")[-1]["rows"]
    merge(project)
    assert finish(project, "A-3", "--commit", child).code == 0
    (approval,) = events(project, "A-3", "status_set")[-1]["approvals"]
    assert (approval["review_id"], approval["inherited_from"]) == (1, "A-E")


def test_what_the_epic_has_not_read_is_not_inherited(project: Checkout) -> None:
    work(project, "A-3")
    review(project, "C-ops", task_id="A-E")
    later = project.commit("A-backend", "cmd/later.go", "x\n", "A-3: later")
    assert ready(project, "A-3", later)["missing_domains"] == ["ops"]


def test_an_objection_to_the_epic_after_its_approval_counts_for_the_child_too(project: Checkout) -> None:
    child = work(project, "A-3")
    review(project, "C-ops", task_id="A-E")
    review(project, "C-ops", task_id="A-E", status="changes_requested")
    assert ready(project, "A-3", child)["missing_domains"] == ["ops"]


# --- waivers ----------------------------------------------------------------------------------------------


def waive(project: Checkout, domain: str, *more: str, task_id: str = "A-1", **env: str) -> Answer:
    words = (
        "--review-domain",
        domain,
        "--owner",
        "Lead",
        "--reason",
        "known",
        "--ref",
        REF,
        "--actor",
        "lea",
        "--json",
    )
    return project.run("review-waive", task_id, *words, *more, env=env)


def test_a_waiver_of_a_domain_is_seen_and_ends(project: Checkout) -> None:
    work(project)
    review(project, "E-governance")
    review(project, "D-arch", "--review-domain", "backend")
    given = waive(project, "ops", "--expires", "2d").json
    assert (given["needed"], given["granted"], given["counts"]) == ("ops", "waived", True)
    found = ready(project)
    (line,) = [row for row in found["findings"] if row["message"].startswith("ops: waived until")]
    assert line["level"] == "warning"
    assert "by Lead: known (waiver 1)" in line["message"]
    assert "ops" not in found["missing_domains"]
    later = project.run("queue-merge-ready", "A-1", "--ref", REF, "--json", env={"FAIRWAY_NOW": "2099-01-01"}).json
    assert later["missing_domains"] == ["ops"]
    project.ok("queue-verify")


def test_a_deferred_review_stays_asked_for(project: Checkout) -> None:
    work(project)
    assert waive(project, "ops", "--defer").json["granted"] == "deferred"
    project.ok("queue-route-review", "A-1", "--ref", REF)
    assert "ops" in {row["review_domain"] for row in rows(project, "review_requests", "A-1")}
    assert "ops" not in ready(project)["missing_domains"]


def test_at_a_real_exit_a_waiver_counts_once_another_lane_has_approved_it(project: Checkout) -> None:
    work(project, "A-2")
    given = waive(project, "security", task_id="A-2").json
    assert (given["real_exit"], given["counts"]) == (True, False)
    assert "security" in ready(project, "A-2")["missing_domains"]
    number = str(given["waiver_id"])
    words = ("queue-record-review", "A-2", "--status", "approved", "--commit", REF, "--waiver", number)
    own = project.run(*words, "--reviewer-role", "A-backend", "--reviewer", "Z", "--actor", "zoe")
    owner = project.run(*words, "--reviewer-role", "D-arch", "--reviewer", "Lead", "--actor", "zoe")
    recorder = project.run(*words, "--reviewer-role", "D-arch", "--reviewer", "D", "--actor", "lea")
    assert [answer.word for answer in (own, owner, recorder)] == ["self_review"] * 3
    assert project.run(*words[:-1], "99", "--reviewer-role", "D-arch", "--reviewer", "D").word == "not_found"
    review(project, "D-arch", "--waiver", number, task_id="A-2")
    found = ready(project, "A-2")
    assert "security" not in found["missing_domains"]
    assert "architecture" in found["missing_domains"]  # to approve a waiver is not to approve the change
    assert any("approved by D-arch" in row["message"] for row in found["findings"] if row["level"] == "warning")
    review(project, "D-arch", "--waiver", number, task_id="A-2", status="changes_requested")
    assert "security" in ready(project, "A-2")["missing_domains"]
    project.ok("queue-verify")


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["--review-domain", "governance", "--shape", "light"], 2, "usage"),
        ([], 2, "usage"),
        (["--review-domain", "C-ops"], 4, "waiver_refused"),
        (["--review-domain", "oops"], 2, "usage"),
        (["--shape", "light", "--defer"], 2, "usage"),
        (["--review-domain", "ops", "--expires", "2020-01-01"], 2, "usage"),
    ],
)
def test_what_is_no_waiver_is_refused(project: Checkout, words: list[str], code: int, word: str) -> None:
    project.commit("A-backend", "cmd/a.go", "x\n")
    answer = project.run("review-waive", "A-1", "--owner", "Lead", "--reason", "r", "--ref", REF, *words)
    assert (answer.code, answer.word) == (code, word), answer
    assert head(project.main)
