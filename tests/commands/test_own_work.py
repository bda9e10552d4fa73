"""Nobody approves their own work: whatever came first, on whichever task, by name or by session."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.commands.test_other_ways import REF, failed, ready, review, work, write_strict
from tests.support.repositories import git, write_file
from tests.support.shell import QUEUE_FILE, Answer, Checkout, make_checkout, queue_text, task
from tests.support.stored import rows

TOP = '[[review_shapes]]\nname = "all of it"\nshape = "full-matrix"\nmatch = ["top/**"]\n\n[[review_shapes]]'
DISTINCT = "\n[reviews]\ndistinct_actor = true\n"
IN_ONE_SESSION = {"FAIRWAY_SESSION_ID": "s1"}


def begun(parent: Path, *, more: str = "") -> Checkout:
    """B-1, below B-E, which nobody has claimed."""
    config = write_strict(str(parent), {"[[review_shapes]]": TOP}, more)
    folder = parent / "place"
    folder.mkdir()
    tasks = queue_text(task("B-1", parent_id="B-E"), task("B-E", kind="epic"))
    return make_checkout(folder, tasks, lanes=["B-ui"], config=config)


def claim(project: Checkout, actor: str, env: dict[str, str] | None = None) -> None:
    named = ("--actor", actor) if actor else ()
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", *named, env=env)


class By(NamedTuple):
    """Under which name, and in which session, a verdict is given and the task claimed."""

    actor: str
    reviewer: str = "Dee"
    claimant: str = "bee"
    env: dict[str, str] | None = None


SELF = {
    "by name": By("bee"),
    "as reviewer": By("dee", reviewer="BEE"),
    "a name that reads like a login": By("bee@example.org", claimant="bee@example.org"),
    "in one session": By("dee", env=IN_ONE_SESSION),
}


def approve(project: Checkout, by: By, task_id: str = "B-1") -> Answer:
    words = ("--reviewer-role", "D-arch", "--reviewer", by.reviewer, "--status", "approved", "--commit", REF)
    return project.ok("queue-record-review", task_id, *words, "--actor", by.actor, env=by.env)


@pytest.mark.parametrize("by", SELF.values(), ids=SELF)
@pytest.mark.parametrize("where", ["B-1", "B-E"])
def test_what_was_approved_before_it_was_claimed_is_own_work(tmp_path: Path, by: By, where: str) -> None:
    project = begun(tmp_path)
    work(project)
    if where == "B-E":  # the task above is nobody's work
        claim(project, by.claimant, by.env)
    approve(project, by, where)
    if where == "B-1":
        claim(project, by.claimant, by.env)
    found = ready(project)
    assert "D-arch" in [row["lane"] for row in found["required_reviews"] if not row["ok"]]
    if where == "B-1":
        assert any("which does not count: " in entry["message"] for entry in found["findings"])
    approve(project, By("dana"), where)
    assert "D-arch" not in [row["lane"] for row in ready(project)["required_reviews"] if not row["ok"]]


def test_an_approval_of_ones_own_work_takes_the_place_of_none(tmp_path: Path) -> None:
    project = begun(tmp_path)
    work(project)
    approve(project, By("dana"))
    approve(project, By("bee", reviewer="bee"))
    claim(project, "bee")
    found = ready(project)["required_reviews"][0]
    assert (found["lane"], found["ok"], found["reviewer"]) == ("D-arch", True, "Dee")


def test_who_has_read_the_work_may_record_evidence_of_it(tmp_path: Path) -> None:
    project = begun(tmp_path)
    work(project)
    claim(project, "bee")
    approve(project, By("dee"))
    words = ("--command-text", "t", "--result", "pass", "--actor", "dee")
    project.ok("queue-record-evidence", "B-1", *words, cwd=project.lanes["B-ui"])
    assert ready(project)["required_reviews"][0]["ok"]


def waive(project: Checkout, *more: str, env: dict[str, str] | None = None) -> Answer:
    return project.run("review-waive", "B-1", "--ref", REF, "--shape", "light", "--reason", "r", *more, env=env)


def test_a_waiver_of_whoever_claims_the_task_counts_no_more(tmp_path: Path) -> None:
    project = begun(tmp_path)
    work(project)
    assert waive(project, "--owner", "bee", "--actor", "bee").code == 0
    assert [row["lane"] for row in ready(project)["required_reviews"]] == ["D-arch"]
    claim(project, "bee")
    assert [row["lane"] for row in ready(project)["required_reviews"]] == ["D-arch", "E-governance"]


def test_a_session_approves_no_waiver_that_it_recorded(tmp_path: Path) -> None:
    project = begun(tmp_path)
    work(project, "top/a")
    claim(project, "bee")
    assert waive(project, "--owner", "Lead", "--actor", "lead", env=IN_ONE_SESSION).code == 0
    assert review(project, "C-ops", "--waiver", "1", env=IN_ONE_SESSION).word == "self_review"
    assert review(project, "C-ops", "--waiver", "1").code == 0


def test_an_objection_is_taken_back_by_none_who_did_the_work(tmp_path: Path) -> None:
    project = begun(tmp_path)
    work(project)
    claim(project, "bee", IN_ONE_SESSION)
    review(project, "D-arch")
    words = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "changes_requested", "--commit", REF)
    project.ok("queue-record-review", "B-1", *words, "--actor", "D-arch")
    undone = ("queue-undo", "B-1", "--actor", "D-arch")
    assert project.run(*undone, env=IN_ONE_SESSION).word == "self_review"
    assert "review" in failed(ready(project))
    project.ok(*undone)


def test_a_login_waives_and_approves_nothing_where_actors_have_to_be_distinct(tmp_path: Path) -> None:
    project = begun(tmp_path, more=DISTINCT)
    work(project)
    claim(project, "")
    assert waive(project, "--owner", "Lead").word == "self_review"
    run = ("--command-class", "smoke-uat-rerun", "--approved-by", "Lead", "--reason", "r")
    assert project.run("queue-approve-run", "B-1", *run).word == "self_review"
    assert waive(project, "--owner", "Lead", "--actor", "lead").code == 0


def test_a_login_reviews_nothing_that_nobody_has_begun_where_actors_have_to_be_distinct(tmp_path: Path) -> None:
    project = begun(tmp_path, more=DISTINCT)
    work(project)
    words = ("--reviewer-role", "D-arch", "--reviewer", "Dee", "--status", "approved", "--commit", REF)
    assert project.run("queue-record-review", "B-1", *words).word == "self_review"
    assert waive(project, "--owner", "Lead").word == "self_review"
    project.ok("queue-record-review", "B-1", *words, "--actor", "dee")


def test_a_chosen_name_is_no_login_where_actors_have_to_be_distinct(tmp_path: Path) -> None:
    project = begun(tmp_path, more=DISTINCT)
    work(project)
    claim(project, "bee@example.org")
    words = ("--reviewer-role", "D-arch", "--reviewer", "Dee", "--status", "approved", "--commit", REF)
    assert project.run("queue-record-review", "B-1", *words).word == "self_review"
    project.ok("queue-record-review", "B-1", *words, "--actor", "dee")


def test_a_reviewer_whose_name_reads_like_a_login_shuts_out_no_other_login(tmp_path: Path) -> None:
    project = begun(tmp_path, more=DISTINCT)
    work(project)
    claim(project, "")
    approve(project, By("dee@example.org"))
    words = ("--reviewer-role", "E-governance", "--reviewer", "E", "--status", "approved", "--commit", REF)
    project.ok("queue-record-review", "B-1", *words, env={"LOGNAME": "another"})


def test_a_waiver_from_the_login_of_the_work_is_told(tmp_path: Path) -> None:
    project = begun(tmp_path)
    work(project)
    claim(project, "")
    assert "the waiver has the same login as the claim" in waive(project, "--owner", "Lead").err


@pytest.mark.parametrize("by_session", [False, True])
def test_whoever_claims_it_has_signed_off_nothing(tmp_path: Path, by_session: bool) -> None:
    gate = 'name = "scan"\nmode = "blocking"\nevidence_type = "scan"\nowner_signoff_required = true\n'
    gate += 'expires_after = "1h"\n'
    project = begun(tmp_path, more=f'\n[[workstream_profiles]]\nname = "all"\n[[workstream_profiles.gates]]\n{gate}')
    work(project)
    words = ("--command-text", "t", "--result", "pass", "--artifact-type", "scan", "--signed-off-by", "bee")

    def sign(actor: str, env: dict[str, str] | None = None) -> None:
        project.ok("queue-record-evidence", "B-1", *words, "--actor", actor, cwd=project.lanes["B-ui"], env=env)

    def standing() -> str:
        assert "B-1" in project.run("readiness-report").out
        (found,) = [row for row in project.detail("B-1")["gate_evaluations"] if row["gate"] == "scan"]
        return str(found["rejected"][-1]["why"] if found["rejected"] else found["status"])

    sign("bee", IN_ONE_SESSION if by_session else None)
    assert standing() == "satisfied"
    claim(project, "dee" if by_session else "bee", IN_ONE_SESSION)
    why = "bee, who signed it off, holds or held the claim"
    assert standing() == ("it was signed off in session s1, which has claimed the task" if by_session else why)
    assert "missing" in project.run("readiness-report", "--json").out
    words = (*words[:-1], "Lead")
    sign("lead", {"FAIRWAY_NOW": "2099-01-01T00:00:00Z"})
    assert standing() == "its clock was more than 1h ahead"


@pytest.mark.parametrize("by_session", [False, True])
def test_whoever_claims_it_has_lowered_no_gate_of_it(tmp_path: Path, by_session: bool) -> None:
    gate = 'name = "scan"\nmode = "blocking"\nevidence_type = "scan"\n'
    project = begun(tmp_path, more=f'\n[[workstream_profiles]]\nname = "all"\n[[workstream_profiles.gates]]\n{gate}')
    work(project)
    lower = ("guard-graduate", "--profile", "all", "--gate", "scan", "--mode", "report_only", "--reason", "r")
    project.ok(*lower, "--actor", "bee", env=IN_ONE_SESSION if by_session else None)
    assert "gate" not in failed(ready(project))
    claim(project, "dee" if by_session else "bee", IN_ONE_SESSION)
    assert "gate" in failed(ready(project))
    asked = project.ok("gate-select", "--task-id", "B-1", "--json").json["selected"]
    assert "kind of the task, blocking" in [row["rule"] for row in asked if row["name"] == "all/scan"]
    assert project.run("readiness-report", "--json").json["blocking_missing"] == 1
    project.ok(
        "guard-graduate", "--profile", "all", "--gate", "scan", "--mode", "advisory", "--reason", "r", "--actor", "lead"
    )
    assert "gate" not in failed(ready(project))


@pytest.mark.parametrize("name", ["dee", ""])
def test_nobody_lowers_a_gate_of_what_the_session_has_claimed(tmp_path: Path, name: str) -> None:
    gate = 'name = "scan"\nmode = "blocking"\nevidence_type = "scan"\n'
    project = begun(tmp_path, more=f'\n[[workstream_profiles]]\nname = "all"\n[[workstream_profiles.gates]]\n{gate}')
    claim(project, "bee", IN_ONE_SESSION)
    lower = ("guard-graduate", "--profile", "all", "--gate", "scan", "--mode", "advisory", "--reason", "r")
    named = ("--actor", name) if name else ()
    answer = project.run(*lower, *named, env=IN_ONE_SESSION)
    assert (answer.word, "session s1, in which this command runs, has claimed it" in answer.err) == (
        "self_review",
        True,
    )
    project.ok(*lower, *named, env={"FAIRWAY_SESSION_ID": "s2"})


def test_a_failure_that_a_tool_saw_is_not_taken_back(tmp_path: Path) -> None:
    project = begun(tmp_path, more='\n[[trusted_commands]]\nclass = "trial"\nmatch = ["false", "true"]\n')
    claim(project, "bee")
    approved = ("--command-class", "trial", "--approved-by", "Lead", "--reason", "r", "--actor", "lead")
    project.ok("queue-approve-run", "B-1", *approved)
    project.run("trusted-run", "B-1", "--actor", "bee", "--", "false", cwd=project.lanes["B-ui"])
    undone = ("queue-undo", "B-1", "--actor", "bee")
    assert project.run(*undone).word == "undo_refused"
    assert project.run(*undone, "--dry-run").word == "undo_refused"
    project.ok("trusted-run", "B-1", "--actor", "bee", "--", "true", cwd=project.lanes["B-ui"])
    project.ok(*undone)


def test_another_queue_file_changes_nothing_that_the_own_one_defines(tmp_path: Path) -> None:
    project = begun(tmp_path)
    project.write_queue(queue_text(task("B-1", risk_level="critical"), task("B-E", kind="epic")))
    project.ok("queue-list")
    lane = project.lanes["B-ui"]
    write_file(lane, "mine.yaml", queue_text(task("B-1"), task("B-7")))
    for cwd, env in ((lane, {"QUEUE_FILE": "mine.yaml"}), (project.main, {})):
        listed = project.ok("queue-list", "--format", "ids", cwd=cwd, env=env)
        assert "B-7" in listed.out
        assert [row["risk_level"] for row in rows(project, "task_definitions") if row["id"] == "B-1"] == ["critical"]
    assert (
        "1 task(s) of " in project.ok("queue-import", "--queue-file", os.path.join(lane, "mine.yaml"), "--dry-run").err
    )


@pytest.mark.parametrize("there", [True, False])
def test_another_queue_file_changes_nothing_that_the_store_defines(tmp_path: Path, there: bool) -> None:
    project = begun(tmp_path)
    words = ("--role", "B-ui", "--title", "t", "--risk-level", "critical", "--review-domains", "ops")
    project.ok("queue-add", "B-9", *words, "--actor", "lead")
    project.write_queue(queue_text(task("B-1", risk_level="critical"), task("B-E", kind="epic")))
    project.ok("queue-list")
    if not there:
        os.remove(os.path.join(project.main, QUEUE_FILE))
    write_file(project.main, "mine.yaml", queue_text(task("B-9"), task("B-1")))
    project.ok("queue-list", env={"QUEUE_FILE": "mine.yaml"})
    found = {row["id"]: row["risk_level"] for row in rows(project, "task_definitions")}
    assert (found["B-9"], found["B-1"]) == ("critical", "critical")


LESS = {
    "--to-role": "A-backend",
    "--risk-level": "low",
    "--review-domains": "architecture",
    "--clear": "REVIEW_DOMAINS",
    "--kind": "bug",
    "--tags": "pack:terminal",
    "--tags without a pack": "ingress",
    "--profile": "small",
}
#: Without a profile of its own a task has the gates of every one that is for its kind.
PROFILES = """
[[workstream_profiles]]
name = "all"
review_domains = ["ops", "security"]
[[workstream_profiles.gates]]
name = "scan"
mode = "blocking"
evidence_type = "scan"

[[workstream_profiles]]
name = "small"
"""


#: The two ways to claim a task.
CLAIMS = (("queue-claim", "--role", "B-ui", "--owner", "B"), ("queue-set-status", "--status", "in_progress"))


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim[0])
@pytest.mark.parametrize("flag", LESS)
def test_nobody_lowers_what_is_asked_of_work_of_their_own(tmp_path: Path, flag: str, claim: tuple[str, ...]) -> None:
    project = begun(tmp_path, more=PROFILES)
    words = ("--role", "B-ui", "--title", "t", "--risk-level", "critical", "--review-domains", "ops,architecture")
    tags = ("--tags", "ingress,pack:terminal")
    project.ok("queue-add", "B-9", *words, *tags, "--kind", "release", "--actor", "lead")
    project.ok(claim[0], "B-9", *claim[1:], "--actor", "bee", env=IN_ONE_SESSION)
    lower = ("queue-update", "B-9", flag.partition(" ")[0], LESS[flag])
    assert project.run(*lower, "--actor", "bee").word == "self_review"
    assert project.run(*lower, "--actor", "lead", env=IN_ONE_SESSION).word == "self_review"
    project.ok("queue-update", "B-9", "--title", "another", "--priority", "2", "--actor", "bee")
    project.ok(*lower, "--actor", "lead")


@pytest.mark.parametrize("lower", [("--review-domains", "ops"), ("--clear", "PROFILE"), ("--profile", "small")])
def test_what_a_profile_asks_for_is_lowered_by_nobody_who_does_the_work(tmp_path: Path, lower: tuple[str, str]) -> None:
    project = begun(tmp_path, more=PROFILES)
    project.ok("queue-add", "B-9", "--role", "B-ui", "--title", "t", "--profile", "all", "--actor", "lead")
    project.ok("queue-claim", "B-9", "--role", "B-ui", "--owner", "B", "--actor", "bee")
    assert project.run("queue-update", "B-9", *lower, "--actor", "bee").word == "self_review"
    project.ok("queue-update", "B-9", "--review-domains", "security,ops,architecture", "--actor", "bee")
    project.ok("queue-update", "B-9", *lower, "--actor", "lead")


@pytest.mark.parametrize("again", ["once it is merged", "from later on"])
def test_a_second_routing_asks_nobody_less_once_it_is_merged(tmp_path: Path, again: str) -> None:
    project = begun(tmp_path)
    first = work(project)
    sha = work(project, "packages/web/a.ts")
    claim(project, "bee")
    route = ("queue-route-review", "B-1", "--ref", REF, "--actor", "bee")
    project.ok(*route)
    if again == "from later on":
        project.ok(*route, "--base", first)
    git(project.main, "merge", "--quiet", "--ff-only", REF)
    if again == "once it is merged":
        told = project.ok(*route)
        assert "D-arch " in told.out
        assert "BASE says where it began" in told.err
    assert [row["lane"] for row in ready(project)["required_reviews"]] == ["D-arch", "E-governance"]
    words = ("--command-text", "t", "--result", "pass", "--actor", "bee")
    project.ok("queue-record-evidence", "B-1", *words, cwd=project.lanes["B-ui"])
    review(project, "C-ops")
    answer = project.run("queue-set-status", "B-1", "--status", "done", "--commit", sha, "--actor", "bee")
    assert answer.word == "review_required"


def test_a_routing_after_the_merge_opens_no_request_again(tmp_path: Path) -> None:
    project = begun(tmp_path)
    declared = task("B-1", risk_level="critical", review_domains=["ops", "architecture"])
    project.write_queue(queue_text(declared, task("B-E", kind="epic")))
    work(project)
    route = ("queue-route-review", "B-1", "--ref", REF, "--actor", "bee")
    project.ok(*route)
    before = len(project.detail("B-1")["review_requests"])
    git(project.main, "merge", "--quiet", "--ff-only", REF)
    project.ok(*route)
    project.ok(*route)
    assert len(project.detail("B-1")["review_requests"]) == before
