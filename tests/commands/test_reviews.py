"""queue-route-review and queue-record-review."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.given_last import given_last
from tests.support.payloads import CANARY, NOT_TEXT, PAYLOADS
from tests.support.ready_made import ready_made
from tests.support.repositories import commit_file, git, head, write_file
from tests.support.rings import CROWD
from tests.support.shell import (
    GPUAAS_CONFIG,
    Answer,
    Checkout,
    finish,
    make_checkout,
    queue_text,
    run_tool,
    start_tool,
    task,
)
from tests.support.stored import events, rows, state

TEXTS = {name: text for name, text in PAYLOADS.items() if name not in NOT_TEXT and text}
SENSITIVE = "doc/architecture/Runtime.md"


@pytest.fixture
def project() -> Checkout:
    """A task for each of B-ui, D-arch and E-governance, under the gpuaas configuration; those lanes have worktrees."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    queue = queue_text(task("B-1"), task("D-1", "D-arch"), task("E-1", "E-governance"))
    made = make_checkout(parent, queue, lanes=["B-ui", "D-arch", "E-governance"])
    made.ok("queue-ready")
    return made


def route(project: Checkout, ref: str, *more: str, task_id: str = "B-1", **env: str) -> Any:
    """Route a commit; gives the answer as JSON."""
    return project.ok("queue-route-review", task_id, "--ref", ref, "--json", *more, env=env).json


def review(project: Checkout, *more: str, task_id: str = "B-1", **env: str) -> Answer:
    """Record D's approval of agent/B-ui for a task; flags that are given again win."""
    words = ["--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved", "--commit", "agent/B-ui", "--json"]
    return project.run("queue-record-review", task_id, *given_last(words, more), env=env)


def approved_by(project: Checkout, lane: str, commit: str, *more: str, task_id: str = "B-1") -> Any:
    words = ("--reviewer-role", lane, "--reviewer", lane[0], "--commit", commit)
    answer = review(project, *given_last(words, more), task_id=task_id)
    assert answer.code == 0, answer
    return answer.json


def lanes(routed: Any) -> list[tuple[str, str]]:
    return [(entry["lane"], entry["layer"]) for entry in routed["required"]]


def open_rows(project: Checkout, task_id: str = "B-1") -> list[Any]:
    requests = rows(project, "review_requests", task_id)
    return [row for row in requests if not row["superseded_at"] and not row["withdrawn_at"]]


def open_requests(project: Checkout, task_id: str = "B-1") -> list[str]:
    return [row["role"] for row in open_rows(project, task_id)]


# --- which lanes a change asks ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("task_id", "lane", "path", "asked"),
    [
        # sensitive paths need both D-arch and E-governance
        ("B-1", "B-ui", SENSITIVE, [("D-arch", "sensitive"), ("E-governance", "sensitive")]),
        ("B-1", "B-ui", "doc/api/openapi.draft.yaml", [("D-arch", "sensitive"), ("E-governance", "sensitive")]),
        ("B-1", "B-ui", "scripts/ci/contracts_validate.sh", [("D-arch", "sensitive"), ("E-governance", "sensitive")]),
        # D and E review each other
        ("D-1", "D-arch", SENSITIVE, [("E-governance", "sensitive")]),
        ("E-1", "E-governance", "doc/governance/Queue.md", [("D-arch", "sensitive")]),
        # the first matching owner route
        ("B-1", "B-ui", "cmd/api/routes.go", [("E-governance", "owner")]),
        ("B-1", "B-ui", "scripts/ops/agent_queue.sh", [("C-ops", "owner")]),
        # a route to the task's own lane falls through, here to nobody
        ("B-1", "B-ui", "packages/web/src/App.tsx", []),
        ("E-1", "E-governance", "cmd/api/routes.go", []),
        # a path that no rule names
        ("B-1", "B-ui", "LICENSE", []),
    ],
)
def test_the_changed_paths_decide_who_has_to_review(
    project: Checkout, task_id: str, lane: str, path: str, asked: list[tuple[str, str]]
) -> None:
    routed = route(project, project.commit(lane, path), task_id=task_id)
    assert lanes(routed) == asked
    assert open_requests(project, task_id) == [name for name, _layer in asked]
    assert routed["review_required"] is bool(asked)
    assert routed["review_status"] == ("pending" if asked else "not_required")
    assert state(project, task_id)["review_required"] == int(bool(asked))


def test_every_changed_path_counts_and_sensitive_requirements_come_first(project: Checkout) -> None:
    for path in (".github/workflows/ci.yml", "packages/web/a.ts", SENSITIVE, "Makefile"):
        commit = project.commit("B-ui", path)
    routed = route(project, commit)
    assert lanes(routed) == [("D-arch", "sensitive"), ("E-governance", "sensitive"), ("C-ops", "owner")]
    assert routed["required"][2]["rules"] == [".github/**"]
    assert routed["required"][2]["paths"] == [".github/workflows/ci.yml"]
    assert (routed["self_owned"], routed["unrouted"]) == (["packages/web/a.ts"], ["Makefile"])
    assert len(routed["changed_paths"]) == 4


def test_both_names_of_a_moved_file_count(project: Checkout) -> None:
    commit_file(project.main, "cmd/api/routes.go", "long enough to be seen as moved\n" * 5)
    lane = project.lanes["B-ui"]
    git(lane, "merge", "--quiet", "--ff-only", "master")
    git(lane, "mv", "cmd/api/routes.go", "routes.go")
    git(lane, "commit", "--quiet", "-m", "move")
    assert lanes(route(project, head(lane))) == [("E-governance", "owner")]


def test_only_what_the_commit_changed_since_it_left_the_base_counts(project: Checkout) -> None:
    commit_file(project.main, SENSITIVE, "changed on master meanwhile")
    commit = project.commit("B-ui", "packages/web/a.ts")
    routed = route(project, commit)
    assert (routed["base"], routed["required"]) == ("master", [])
    assert routed["merge_base"] == git(project.main, "rev-parse", "master~1")


def test_the_base_can_be_named_and_is_the_branch_on_origin_when_there_is_one(project: Checkout) -> None:
    first = project.commit("B-ui", SENSITIVE)
    second = project.commit("B-ui", "packages/web/a.ts")
    assert lanes(route(project, second, "--base", first)) == []
    git(project.main, "update-ref", "refs/remotes/origin/master", first)
    routed = route(project, second)
    assert (routed["base"], lanes(routed)) == ("origin/master", [])


def test_a_path_with_odd_bytes_is_routed_shown_and_stored(project: Checkout) -> None:
    commit = commit_file(project.lanes["B-ui"], b"doc/architecture/a\xff \n'\".md", "x")
    routed = route(project, commit)
    assert routed["required"][0]["paths"] == ["doc/architecture/a\\xff \n'\".md"]
    assert json.loads(rows(project, "review_requests")[0]["paths"]) == routed["required"][0]["paths"]
    text = project.ok("queue-route-review", "B-1", "--ref", commit).out
    assert text.count("\n") == 6


def test_the_text_answer_has_a_line_for_each_lane(project: Checkout) -> None:
    commit = project.commit("B-ui", SENSITIVE)
    answer = project.ok("queue-route-review", "B-1", "--ref", "agent/B-ui")
    assert answer.out.splitlines() == [
        f"routed B-1 at {commit[:12]} against master: 1 changed path(s)",
        f"D-arch        sensitive  doc/architecture/**  {SENSITIVE} (1)  open",
        f"E-governance  sensitive  doc/architecture/**  {SENSITIVE} (1)  open",
        "shape: paired",
        f"because: sensitive paths ask for paired: path {SENSITIVE}",
        "review_status: pending",
    ]


def test_a_change_that_asks_nobody_says_so(project: Checkout) -> None:
    project.commit("B-ui", "packages/web/a.ts")
    answer = project.ok("queue-route-review", "B-1", "--ref", "agent/B-ui")
    assert "no review is required: nothing here is for another lane than B-ui" in answer.out


def test_a_commit_that_changes_nothing_is_mentioned(project: Checkout) -> None:
    answer = project.ok("queue-route-review", "B-1", "--ref", "master", "--json")
    assert (answer.json["changed_paths"], answer.json["review_required"]) == ([], False)
    assert "changes nothing" in answer.err


@pytest.mark.parametrize(
    ("flags", "word", "said"),
    [
        (["--ref", "deadbeef"], "not_found", "REF 'deadbeef'"),
        (["--ref=--all"], "not_found", "REF '--all'"),
        (["--ref", "master", "--base", "no/such"], "not_found", "BASE 'no/such'"),
        ([], "usage", "REF is required"),
        (["--ref", "master", "--reviewer-role", "C-ops"], "reason_required", "REASON"),
        (["--ref", "master", "--reviewer-role", "F-none", "--reason", "r"], "not_found", "no lane 'F-none'"),
        (["--ref", "master", "--reviewer-role", "B-ui", "--reason", "r"], "self_review", "B-ui"),
        (["--ref", "master", "--path", "a"], "usage", "leave out REF"),
    ],
)
def test_a_call_that_cannot_be_routed_changes_nothing(
    project: Checkout, flags: list[str], word: str, said: str
) -> None:
    project.ok("queue-ready")
    before = state(project, "B-1")
    answer = project.run("queue-route-review", "B-1", *flags)
    assert answer.word == word
    assert said in answer.err
    assert state(project, "B-1") == before
    assert rows(project, "review_requests") == []


def test_unrelated_histories_cannot_be_compared(project: Checkout) -> None:
    git(project.lanes["B-ui"], "checkout", "--quiet", "--orphan", "fresh")
    project.commit("B-ui", "a")
    answer = project.run("queue-route-review", "B-1", "--ref", "fresh")
    assert (answer.code, answer.word) == (1, "git_inconsistent")


def test_an_unknown_task_is_not_found(project: Checkout) -> None:
    assert project.run("queue-route-review", "B-9", "--ref", "master").code == 3


def test_outside_git_a_ref_means_nothing(tmp_path: Path) -> None:
    write_file(str(tmp_path), "queue.yaml", queue_text(task("B-1")))
    answer = run_tool("queue-route-review", "B-1", "--ref", "x", "--queue-file", "queue.yaml", cwd=str(tmp_path))
    assert (answer.code, answer.word) == (2, "git_unavailable")


# --- requests ---------------------------------------------------------------------------------------------


def test_a_request_keeps_the_commit_the_fork_the_rules_and_the_paths(project: Checkout) -> None:
    commit = project.commit("B-ui", SENSITIVE)
    route(project, "agent/B-ui", "--actor", "carl")
    row = rows(project, "review_requests")[0]
    assert (row["commit_sha"], row["base_commit_sha"]) == (commit, git(project.main, "rev-parse", "master"))
    assert (json.loads(row["rules"]), json.loads(row["paths"])) == (["doc/architecture/**"], [SENSITIVE])
    assert (row["requested_by"], row["superseded_at"], row["answered_by"]) == ("carl", None, None)


def test_routing_again_supersedes_the_earlier_requests(project: Checkout) -> None:
    route(project, project.commit("B-ui", SENSITIVE))
    routed = route(project, project.commit("B-ui", "scripts/ops/x"))
    assert routed["superseded"] == 2
    assert open_requests(project) == ["D-arch", "E-governance", "C-ops"]
    assert len(rows(project, "review_requests")) == 5


def test_routing_a_change_that_asks_nobody_any_more_takes_the_requirement_back(project: Checkout) -> None:
    route(project, project.commit("B-ui", SENSITIVE))
    lane = project.lanes["B-ui"]
    git(lane, "reset", "--quiet", "--hard", "HEAD~1")
    routed = route(project, project.commit("B-ui", "packages/web/a.ts"))
    assert (routed["review_required"], routed["review_status"], open_requests(project)) == (False, "not_required", [])


def test_a_request_by_hand_stays_in_force_when_the_task_is_routed_again(project: Checkout) -> None:
    commit = project.commit("B-ui", "packages/web/a.ts")
    first = route(project, commit, "--reviewer-role", "A-backend", "--reason", "knows the protocol")
    assert lanes(first) == [("A-backend", "manual")]
    newer = project.commit("B-ui", "packages/web/b.ts")
    second = route(project, newer)
    assert [(entry["lane"], entry["rules"]) for entry in second["required"]] == [("A-backend", ["knows the protocol"])]
    assert [(row["commit_sha"], row["layer"]) for row in rows(project, "review_requests")] == [
        (commit, "manual"),
        (newer, "manual"),
    ]
    assert approved_by(project, "A-backend", newer)["review_status"] == "approved"


def test_a_routing_that_was_undone_leaves_the_earlier_requests_in_force(project: Checkout) -> None:
    route(project, project.commit("B-ui", SENSITIVE), "--actor", "carl")
    before = state(project, "B-1")["review_status"], [row["id"] for row in open_rows(project)]
    route(project, project.commit("B-ui", "scripts/ops/x"), "--actor", "carl")
    project.ok("queue-undo", "--actor", "carl", "--reason", "not yet")
    assert (state(project, "B-1")["review_status"], [row["id"] for row in open_rows(project)]) == before


def test_routing_is_one_event_that_names_every_row_it_added(project: Checkout) -> None:
    commit = project.commit("B-ui", SENSITIVE)
    route(project, commit)
    route(project, commit)
    first, second = events(project, "B-1", "review_routed")
    assert first["rows"] == [["review_requests", 1], ["review_requests", 2]]
    assert (second["rows"], second["superseded"]) == ([["review_requests", 3], ["review_requests", 4]], [1, 2])
    assert first["before"] == {"review_required": 0, "review_status": "not_required"}
    assert first["after"] == {"review_required": 1, "review_status": "pending"}


def test_a_repeated_routing_request_opens_nothing_twice(project: Checkout) -> None:
    project.commit("B-ui", SENSITIVE)
    first = route(project, "agent/B-ui", "--request-id", "r1")
    project.commit("B-ui", "later")
    assert route(project, "agent/B-ui", "--request-id", "r1") == first
    assert len(rows(project, "review_requests")) == 2


# --- sampling ---------------------------------------------------------------------------------------------

SAMPLES = {
    ".github/workflows/ci.yml": ("C-ops", []),
    "scripts/ci/contracts_validate.sh": ("E-governance", ["D-arch", "E-governance"]),
    "scripts/ops/agent_queue.sh": ("C-ops", []),
    "doc/api/openapi.draft.yaml": ("D-arch", ["D-arch", "E-governance"]),
    "doc/architecture/Runtime.md": ("D-arch", ["D-arch", "E-governance"]),
    "doc/governance/Agent_Queue.md": ("E-governance", ["D-arch", "E-governance"]),
    "docs/design/state-machine.md": ("D-arch", []),
    "packages/web/src/App.tsx": ("B-ui", []),
    "cmd/api/routes.go": ("E-governance", []),
    "packages/services/billing/service.go": ("E-governance", []),
    "nobody/knows": ("", []),
}


def test_paths_are_sampled_without_a_task_and_without_a_store(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    flags = [word for path in SAMPLES for word in ("--path", path)]
    sampled = project.ok("queue-route-review", *flags, "--json").json["paths"]
    assert {entry["path"]: (entry["lane"], entry["sensitive_lanes"]) for entry in sampled} == SAMPLES
    assert not os.path.exists(project.store)


def test_a_sample_is_a_line_a_path(project: Checkout) -> None:
    answer = project.ok("queue-route-review", "--path", "app/x", "--path", "cmd/api/a b.go", "--path", "none")
    assert [line.split() for line in answer.out.splitlines()] == [
        ["app/x", "B-ui", "app/**", "-"],
        ["cmd/api/a", "b.go", "E-governance", "cmd/api/**", "-"],
        ["none", "-", "-", "-"],
    ]


@pytest.mark.parametrize("paths", ["app/x cmd/api/y", "app/x\ncmd/api/y"])
def test_make_passes_several_paths_as_one_text(project: Checkout, paths: str) -> None:
    answer = project.make("queue-route-review", f"PATHS={paths}", "FORMAT=json")
    assert [(entry["path"], entry["lane"]) for entry in answer.json["paths"]] == [
        ("app/x", "B-ui"),
        ("cmd/api/y", "E-governance"),
    ]


def test_with_a_task_routes_to_its_own_lane_fall_through(project: Checkout) -> None:
    words = ("--path", "cmd/api/x", "--path", SENSITIVE, "--json")
    sampled = project.ok("queue-route-review", "E-1", *words).json["paths"]
    assert [(entry["lane"], entry["sensitive_lanes"]) for entry in sampled] == [("", []), ("D-arch", ["D-arch"])]
    assert rows(project, "review_requests") == []


def test_without_configured_routes_a_sample_says_so(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[], config=None)
    answer = project.ok("queue-route-review", "--path", "cmd/api/x")
    assert "no review routes are configured" in answer.err


# --- verdicts ---------------------------------------------------------------------------------------------


def test_a_verdict_is_bound_to_its_commit_and_to_where_that_left_the_base(project: Checkout) -> None:
    commit = project.commit("B-ui", "packages/web/a.ts")
    fork = git(project.main, "rev-parse", "master")
    commit_file(project.main, "other", "1")
    recorded = review(project, "--commit", commit[:8], "--note", "No findings.").json
    (row,) = rows(project, "task_reviews")
    assert recorded["reviewed_commit_sha"] == row["reviewed_commit_sha"] == commit
    assert recorded["base_commit_sha"] == row["base_commit_sha"] == fork
    assert (row["reviewer_role"], row["reviewer"], row["verdict"]) == ("D-arch", "D", "approved")
    assert row["notes"] == "No findings."


def test_the_base_that_was_read_against_can_be_named(project: Checkout) -> None:
    first = project.commit("B-ui", "a")
    project.commit("B-ui", "b")
    assert review(project, "--base", first).json["base_commit_sha"] == first


def test_a_verdict_without_a_base_counts_for_its_commit_only_and_says_so(project: Checkout) -> None:
    git(project.lanes["B-ui"], "checkout", "--quiet", "--orphan", "fresh")
    commit = project.commit("B-ui", "a")
    answer = review(project, "--commit", commit)
    assert (answer.json["reviewed_commit_sha"], answer.json["base_commit_sha"]) == (commit, "")
    assert "counts for this very commit only" in answer.err


@pytest.mark.parametrize(
    ("word", "verdict"),
    [
        ("approved", "approved"),
        ("approve", "approved"),
        ("changes_requested", "changes_requested"),
        ("changes", "changes_requested"),
        ("blocked", "blocked"),
        ("reject", "blocked"),
    ],
)
def test_a_verdict_becomes_the_review_status_of_the_task(project: Checkout, word: str, verdict: str) -> None:
    recorded = review(project, "--status", word, "--note", "why", FAIRWAY_NOW="2026-11-21").json
    assert (recorded["verdict"], recorded["review_status"]) == (verdict, verdict)
    after = state(project, "B-1")
    assert {name: after[name] for name in ("review_required", "review_status", "reviewer", "review_note")} == {
        "review_required": 1,
        "review_status": verdict,
        "reviewer": "D",
        "review_note": "why",
    }
    assert after["reviewed_at"] == "2026-11-21T00:00:00.000000Z"
    assert after["status"] == "todo"


def test_the_task_is_approved_when_every_asked_lane_has_approved(project: Checkout) -> None:
    commit = project.commit("B-ui", SENSITIVE)
    route(project, commit)
    first = approved_by(project, "D-arch", commit)
    assert (first["review_status"], first["waits_for"]) == ("pending", ["E-governance"])
    second = approved_by(project, "E-governance", commit)
    assert (second["review_status"], second["waits_for"]) == ("approved", [])


def test_the_latest_verdict_of_a_lane_counts(project: Checkout) -> None:
    commit = project.commit("B-ui", SENSITIVE)
    route(project, commit)
    approved_by(project, "E-governance", commit)
    for status, summed in (("changes", "changes_requested"), ("approve", "approved"), ("reject", "blocked")):
        assert review(project, "--status", status).json["review_status"] == summed
    assert len(rows(project, "task_reviews")) == 4


def test_routing_a_new_change_asks_again_and_routing_the_approved_commit_does_not(project: Checkout) -> None:
    commit = project.commit("B-ui", SENSITIVE)
    for lane in ("D-arch", "E-governance"):
        approved_by(project, lane, commit)
    again = route(project, commit)
    assert (again["review_status"], [entry["answered_by"] for entry in again["required"]]) == ("approved", [1, 2])
    newer = project.commit("B-ui", "doc/architecture/More.md")
    routed = route(project, newer)
    assert (routed["review_status"], [entry["answered_by"] for entry in routed["required"]]) == ("pending", [None] * 2)
    approved_by(project, "D-arch", newer)
    assert approved_by(project, "E-governance", newer)["review_status"] == "approved"


def test_after_a_clean_rebase_the_approvals_still_stand(project: Checkout) -> None:
    commit = project.commit("B-ui", SENSITIVE)
    approved_by(project, "D-arch", commit)
    approved_by(project, "E-governance", commit)
    commit_file(project.main, "other", "1")
    git(project.lanes["B-ui"], "rebase", "--quiet", "master")
    routed = route(project, "agent/B-ui")
    assert routed["commit_sha"] != commit
    assert (routed["review_status"], [entry["answered_by"] for entry in routed["required"]]) == ("approved", [1, 2])
    # the answer is kept with the request: a later verdict of one lane does not reopen the other's
    assert approved_by(project, "D-arch", "agent/B-ui")["review_status"] == "approved"


def test_an_objection_survives_routing(project: Checkout) -> None:
    review(project, "--status", "blocked")
    routed = route(project, project.commit("B-ui", "packages/web/a.ts"))
    assert (routed["review_required"], routed["review_status"]) == (True, "blocked")


def test_a_verdict_on_another_commit_than_the_asked_one_is_mentioned(project: Checkout) -> None:
    first = project.commit("B-ui", SENSITIVE)
    second = project.commit("B-ui", "doc/architecture/More.md")
    route(project, second)
    answer = review(project, "--commit", first)
    assert f"the review of {second[:12]} was asked for, this verdict is on {first[:12]}" in answer.err


def test_the_reason_for_asking_is_kept_with_the_verdict(project: Checkout) -> None:
    commit = project.commit("B-ui", SENSITIVE)
    route(project, commit, "--reviewer-role", "D-arch", "--reason", "new state machine")
    approved_by(project, "D-arch", commit)
    assert rows(project, "task_reviews")[0]["route_reason"] == "doc/architecture/**, new state machine"


def test_a_verdict_is_one_event_and_no_history_row(project: Checkout) -> None:
    project.ok("queue-ready")
    before, history = state(project, "B-1"), rows(project, "task_state_history", "B-1")
    review(project)
    after = state(project, "B-1")
    assert after["version"] == before["version"] + 1
    assert rows(project, "task_state_history", "B-1") == history
    (event,) = events(project, "B-1", "reviewed")
    assert (event["table"], event["row_id"], event["version"]) == ("task_reviews", 1, after["version"])
    assert event["before"]["review_status"] == "not_required"
    assert event["after"]["review_status"] == "approved"


@pytest.mark.parametrize(
    ("flags", "word", "said"),
    [
        (["--status", "lgtm"], "usage", "approved, changes_requested or blocked"),
        (["--status", "pending"], "usage", "queue-route-review"),
        (["--status="], "usage", "STATUS is required"),
        (["--reviewer-role="], "usage", "REVIEWER_ROLE is required"),
        (["--commit="], "usage", "COMMIT is required"),
        (["--commit", "deadbeef"], "not_found", "COMMIT 'deadbeef'"),
        (["--commit=-x"], "not_found", "COMMIT '-x'"),
        (["--base", "no/such"], "not_found", "BASE 'no/such'"),
        (["--reviewer-role", "F-none"], "not_found", "no lane 'F-none'"),
        (["--reviewer", "a\nb"], "usage", "control character"),
    ],
)
def test_a_verdict_that_cannot_be_bound_is_refused(project: Checkout, flags: list[str], word: str, said: str) -> None:
    answer = review(project, *flags)
    assert answer.word == word
    assert said in answer.err
    if os.path.exists(project.store):
        assert rows(project, "task_reviews") == []


def test_without_a_configuration_any_lane_may_review(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"], config=None)
    assert review(project).json["reviewer_lane"] == "D-arch"


def test_any_note_is_kept_as_it_is(project: Checkout) -> None:
    said = {name: review(project, f"--note={text}").json["notes"] for name, text in TEXTS.items()}
    kept = dict(zip(TEXTS, (row["notes"] for row in rows(project, "task_reviews")), strict=True))
    assert said == kept == TEXTS
    assert state(project, "B-1")["review_note"] == list(TEXTS.values())[-1]
    assert not os.path.exists(os.path.join(project.main, CANARY))


def test_a_repeated_request_records_one_verdict(project: Checkout) -> None:
    project.commit("B-ui", "a")
    first = review(project, "--request-id", "r1")
    project.commit("B-ui", "b")
    again = review(project, "--request-id", "r1")
    assert (again.code, again.json) == (0, first.json)
    assert len(rows(project, "task_reviews")) == 1


def test_verdicts_at_once_are_all_kept(project: Checkout) -> None:
    project.ok("queue-ready")
    words = ["B-1", "--reviewer-role", "D-arch", "--status", "approved", "--commit", "master"]
    running = [
        start_tool("queue-record-review", *words, "--reviewer", f"D{number}", cwd=project.main)
        for number in range(CROWD)
    ]
    answers = [finish(process) for process in running]
    assert [answer.code for answer in answers] == [0] * CROWD, answers
    assert {row["reviewer"] for row in rows(project, "task_reviews")} == {f"D{number}" for number in range(CROWD)}
    assert len(events(project, "B-1", "reviewed")) == CROWD


# --- self review ------------------------------------------------------------------------------------------


@pytest.fixture
def handed_on(project: Checkout) -> Checkout:
    """B-1 was held by old-one under the name Oldo, then released; now bea holds it under the name Bea."""
    for owner, actor in (("Oldo", "old-one"), ("Bea", "bea")):
        project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", owner, "--actor", actor)
        if owner == "Oldo":
            project.ok("queue-release", "B-1", "--actor", actor)
    return project


@pytest.mark.parametrize(
    ("flags", "why"),
    [
        (["--reviewer-role", "B-ui"], "the task's own lane"),
        (["--reviewer", "B-ui"], "the task's own lane"),
        (["--reviewer", " bEA "], "its owner"),
        (["--reviewer", "Oldo"], "its past owner"),
        (["--reviewer", "OLD-one"], "its past claimant"),
        (["--actor", "bea"], "who runs this command, is its claimant"),
        (["--actor", "old-one"], "who runs this command, is its past claimant"),
        (["--actor", "bea", "--reviewer="], "reviewer bea is its owner"),
        (["--actor", "old-one", "--reviewer="], "reviewer old-one is its past claimant"),
    ],
)
def test_nobody_reviews_what_is_or_was_their_own_work(handed_on: Checkout, flags: list[str], why: str) -> None:
    answer = review(handed_on, *flags)
    assert (answer.code, answer.word) == (4, "self_review")
    assert why in answer.err
    assert rows(handed_on, "task_reviews") == []


def test_everybody_else_reviews_even_who_routed_the_task(handed_on: Checkout) -> None:
    handed_on.commit("B-ui", SENSITIVE)
    route(handed_on, "agent/B-ui", "--actor", "dora")
    answer = review(handed_on, "--actor", "dora", "--reviewer=")
    assert (answer.code, answer.json["reviewer"], answer.json["actor"]) == (0, "dora", "dora")


def test_an_actor_that_nobody_named_is_not_taken_for_the_claimant(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    assert review(project).code == 0  # both calls come from the same user@host, as on every one-machine set-up
    assert review(project, "--reviewer=").word == "self_review"


def proved(project: Checkout, *more: str, **env: str) -> Answer:
    words = ("--command-text", "pnpm test", "--result", "pass", "--commit", "agent/B-ui", "--json")
    return project.run("queue-record-evidence", "B-1", *words, *more, env=env)


def test_who_proved_the_work_does_not_review_it_under_another_name(handed_on: Checkout) -> None:
    assert proved(handed_on, "--actor", "pat").code == 0
    for flags in (["--actor", "pat"], ["--reviewer", "\uff30at"], ["--actor", "PAT ", "--reviewer", "D"]):
        answer = review(handed_on, *flags)
        assert (answer.code, answer.word, "recorded its evidence" in answer.err) == (4, "self_review", True)
    assert review(handed_on, "--actor", "dora").code == 0


def test_an_owner_that_never_claimed_does_not_review_either(project: Checkout) -> None:
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--owner", "Dee", "--blocked-reason", "waits")
    project.ok("queue-set-status", "B-1", "--status", "todo", "--owner", "B")
    assert "reviewer dee is its past owner" in review(project, "--reviewer", "dee").err


@pytest.mark.parametrize("work", ["queue-claim", "queue-set-status", "queue-record-evidence"])
def test_a_session_does_not_review_its_own_work_under_another_name(project: Checkout, work: str) -> None:
    flags = {
        "queue-claim": ["--role", "B-ui", "--owner", "B"],
        "queue-set-status": ["--status", "in_progress"],
        "queue-record-evidence": ["--command-text", "t", "--result", "pass"],
    }[work]
    project.ok(work, "B-1", *flags, "--actor", "bea", env={"FAIRWAY_SESSION_ID": "s-1"})
    answer = review(project, "--actor", "dora", FAIRWAY_SESSION_ID="s-1")
    assert (answer.code, answer.word) == (4, "self_review")
    assert "session s-1, in which this command runs, did the work" in answer.err
    assert review(project, "--actor", "dora", FAIRWAY_SESSION_ID="s-2").code == 0


def test_a_session_that_only_finished_the_work_of_others_or_attached_a_document_reviews_it(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    other = {"FAIRWAY_SESSION_ID": "s-1", "ACTOR": "dora"}
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--blocked-reason", "x", env=other)
    project.ok("gate-select", "--task-id", "B-1", "--ref", "master", "--base", "master", "--attach", "B-1", env=other)
    assert review(project, "--actor", "dora", FAIRWAY_SESSION_ID="s-1").code == 0


def test_a_trusted_run_does_not_review(project: Checkout) -> None:
    assert review(project, "--actor", "dora", FAIRWAY_TRUSTED_RUN="s-1").word == "self_review"


SAME_LOGIN = "same login as the claim: "


def test_a_verdict_from_the_login_of_the_claim_is_taken_and_seen_everywhere(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.commit("B-ui", SENSITIVE)
    answer = review(project)
    assert answer.json["findings"][0]["message"].startswith(SAME_LOGIN)
    (event,) = events(project, "B-1", "reviewed")
    assert event["warning"].startswith(SAME_LOGIN)
    assert SAME_LOGIN in project.ok("queue-activity", "--task-id", "B-1").out
    assert f"[{SAME_LOGIN}" in project.ok("queue-task-detail", "B-1").out
    merge = project.run("queue-merge-ready", "B-1", "--ref", "agent/B-ui", "--json")
    (line,) = [entry for entry in merge.json["findings"] if entry["word"] == "reviewer"]
    assert (line["level"], f"the approval of D has the {SAME_LOGIN}" in line["message"]) == ("warning", True)


def test_a_project_can_ask_for_an_actor_who_is_told_apart_from_the_work(tmp_path: Path) -> None:
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read()
    write_file(str(tmp_path), "config.toml", text + "\n[reviews]\ndistinct_actor = true\n")
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"], config=str(tmp_path / "config.toml"))
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.commit("B-ui", SENSITIVE)
    answer = review(project)
    assert (answer.code, answer.word) == (4, "self_review")
    assert f"(reviews.distinct_actor): {SAME_LOGIN}" in answer.err
    assert review(project, "--actor", "dora").code == 0
    project.ok("queue-release", "B-1")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    assert review(project, USER="somebody", LOGNAME="somebody").word == "self_review", "bea may be somebody"


def test_d_and_e_review_each_other(project: Checkout) -> None:
    for own, other in (("D-arch", "E-governance"), ("E-governance", "D-arch")):
        task_id = f"{own[0]}-1"
        project.ok("queue-claim", task_id, "--role", own, "--owner", own[0], "--actor", own[0])
        assert approved_by(project, other, "master", "--actor", other[0], task_id=task_id)["verdict"] == "approved"


# --- same provider ----------------------------------------------------------------------------------------

REMINDER = "prefer a reviewer of another provider"


def hand_over(project: Checkout, task_id: str, notes: str) -> None:
    words = ["--owner", "D", "--branch", "b", "--commit", "master", "--commands", "c", "--results", "r"]
    project.ok("queue-record-handoff", task_id, *words, "--changed-files", "f", "--notes", notes)


def test_a_review_by_the_same_provider_asks_for_an_exception_note_in_the_handoff(project: Checkout) -> None:
    words = ("--reviewer-role", "E-governance", "--reviewer", "E", "--commit", "master")
    assert f"E-governance and D-arch both use gemini: {REMINDER}" in review(project, *words, task_id="D-1").err
    hand_over(project, "D-1", "nothing special")
    assert REMINDER in review(project, *words, task_id="D-1").err
    hand_over(project, "D-1", "Same-model exception: no other lane knows the gates.")
    assert REMINDER not in review(project, *words, task_id="D-1").err


def test_a_review_by_another_provider_or_without_providers_needs_no_note(project: Checkout, tmp_path: Path) -> None:
    assert REMINDER not in review(project).err
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        config = file.read().replace('provider = "gemini"\n', "")
    write_file(str(tmp_path), "config.toml", config)
    other = make_checkout(
        tmp_path, queue_text(task("D-1", "D-arch")), lanes=[], config=str(tmp_path / "config.toml"), name="other"
    )
    words = ("--reviewer-role", "E-governance", "--reviewer", "E", "--commit", "master")
    answer = review(other, *words, task_id="D-1")
    assert (answer.code, REMINDER in answer.err) == (0, False)
