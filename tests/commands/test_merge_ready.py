"""queue-merge-ready, on real branches: what may be merged, and what the checklist says otherwise."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import (
    add_lane_worktrees,
    commit_file,
    count_git_calls,
    git,
    git_calls,
    head,
    write_file,
)
from tests.support.shell import GPUAAS_CONFIG, Answer, Checkout, make_checkout, queue_text, run_tool, task
from tests.support.stored import rows, state

SENSITIVE = "doc/architecture/Runtime.md"


@pytest.fixture
def project() -> Checkout:
    """B-1 is claimed by B-ui and has one commit on a sensitive path on its branch."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    project = make_checkout(parent, queue_text(task("B-1")), lanes=["B-ui"])
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    project.commit("B-ui", SENSITIVE, "one\n")
    return project


def configured(tmp_path: Path, before: str, after: str) -> Checkout:
    """The same under another configuration."""
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read()
    assert before in text
    write_file(str(tmp_path), "config.toml", text.replace(before, after))
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"], config=str(tmp_path / "config.toml"))
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    project.commit("B-ui", SENSITIVE, "one\n")
    return project


def make_ready(project: Checkout, ref: str = "agent/B-ui") -> None:
    """Everything that the checklist asks of the commit at `ref`."""
    project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass", "--commit", ref)
    hand_over(project, ref)
    for lane in ("D-arch", "E-governance"):
        review(project, lane, ref)


def hand_over(project: Checkout, ref: str) -> None:
    words = ["--owner", "B", "--branch", "agent/B-ui", "--commit", ref, "--commands", "t", "--results", "green"]
    project.ok("queue-record-handoff", "B-1", *words, "--changed-files", SENSITIVE)


def review(project: Checkout, lane: str, ref: str = "agent/B-ui", status: str = "approved") -> None:
    words = ("--reviewer-role", lane, "--reviewer", lane[0], "--status", status, "--commit", ref)
    project.ok("queue-record-review", "B-1", *words)


def check(project: Checkout, ref: str = "agent/B-ui", *more: str, **env: str) -> Answer:
    return project.run("queue-merge-ready", "B-1", "--ref", ref, "--json", *more, env=env)


def levels(answer: Answer) -> dict[str, list[str]]:
    """The levels of each check that does not pass."""
    found: dict[str, list[str]] = {}
    for entry in answer.json["findings"]:
        found.setdefault(entry["word"], []).append(entry["level"])
    return found


def checks(answer: Answer) -> list[dict[str, Any]]:
    """What passed and what did not."""
    return [*({"level": "pass", **row} for row in answer.json["passed"]), *answer.json["findings"]]


def reviews(answer: Answer) -> list[tuple[str, bool]]:
    return [(entry["lane"], entry["ok"]) for entry in answer.json["required_reviews"]]


def only(answer: Answer, name: str) -> Any:
    (entry,) = [entry for entry in checks(answer) if entry["word"] == name]
    return entry


# --- the whole --------------------------------------------------------------------------------------------


def test_a_task_with_everything_in_place_may_be_merged(project: Checkout) -> None:
    make_ready(project)
    answer = check(project)
    assert (answer.code, answer.json["ok"], levels(answer)) == (0, True, {})
    assert reviews(answer) == [("D-arch", True), ("E-governance", True)]
    commit, base = head(project.lanes["B-ui"]), head(project.main)
    assert [answer.json[name] for name in ("task_id", "ref", "commit_sha", "base", "base_sha", "merge_base")] == [
        *["B-1", "agent/B-ui", commit, "master", base, base]
    ]
    assert answer.json["changed_paths"] == [SENSITIVE]


@pytest.mark.parametrize(("declared", "said"), [(["doc/**"], False), (["packages/web"], True), ([], False)])
def test_a_change_beyond_what_the_task_declares_is_a_finding(tmp_path: Path, declared: list[str], said: bool) -> None:
    """It may be right, so it stands in nobody's way; but whoever merges hears of it."""
    project = make_checkout(tmp_path, queue_text(task("B-1", target_paths=declared)), lanes=["B-ui"])
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    project.commit("B-ui", SENSITIVE, "one\n")
    make_ready(project)
    answer = check(project)
    assert answer.code == 0
    assert (f"1 changed path(s) are none of the task's target_paths: {SENSITIVE}" in answer.out) is said


def test_the_text_has_a_line_for_each_check_and_the_command_below_what_does_not_pass(project: Checkout) -> None:
    commit = head(project.lanes["B-ui"])[:12]
    answer = project.run("queue-merge-ready", "B-1", "--ref", "agent/B-ui")
    first, *lines = answer.out.splitlines()
    assert first == f"B-1 at {commit} against master: not merge-ready"
    assert [line.split()[:2] for line in lines if not line.startswith(" ")] == [
        ["pass", "status"],
        ["fail", "evidence"],
        ["fail", "review"],
        ["fail", "review"],
        ["warn", "handoff"],
        ["pass", "branch"],
        ["pass", "base"],
        ["pass", "worktree"],
    ]
    line = f"make watcher-run TASK_ID=B-1 COMMAND='<command>' WORKTREE={project.lanes['B-ui']}"
    assert lines[2].strip() == f"run: {line}"
    assert sum(line.strip().startswith("run: ") for line in lines) == 4
    assert answer.code == 1
    assert answer.err.splitlines() == [
        f"error: not_merge_ready: B-1 at {commit} against master: 3 of 8 checks failed (evidence, review)",
        f"hint: {line}",
    ]


def test_the_answer_comes_on_stdout_and_the_refusal_on_stderr_as_json_too(project: Checkout) -> None:
    answer = check(project)
    assert (answer.code, answer.word, answer.json["ok"]) == (1, "not_merge_ready", False)
    assert answer.json["schema"] == "queue-merge-ready/1"


def test_checking_changes_nothing(project: Checkout) -> None:
    make_ready(project)
    tables = ("task_state", "task_reviews", "review_requests", "events", "task_state_history")
    before = [rows(project, table) for table in tables]
    refs = git(project.main, "for-each-ref")
    check(project)
    assert [rows(project, table) for table in tables] == before
    assert git(project.main, "for-each-ref") == refs


def test_it_answers_the_same_from_the_lane(project: Checkout) -> None:
    make_ready(project)
    here = project.run("queue-merge-ready", "B-1", "--ref", "HEAD", "--json", cwd=project.lanes["B-ui"])
    assert {**here.json, "ref": ""} == {**check(project).json, "ref": ""}


def test_a_short_id_names_the_same_commit(project: Checkout) -> None:
    make_ready(project)
    commit = head(project.lanes["B-ui"])
    assert check(project, commit[:7]).json["commit_sha"] == commit


@pytest.mark.parametrize(
    ("words", "code", "word"),
    [
        (["B-1", "--ref", "deadbeef"], 3, "not_found"),
        (["B-1", "--ref=--all"], 3, "not_found"),
        (["B-1", "--ref", "agent/B-ui", "--base", "nowhere"], 3, "not_found"),
        (["B-9", "--ref", "agent/B-ui"], 3, "not_found"),
        (["B-1"], 2, "usage"),
        (["--ref", "agent/B-ui"], 2, "usage"),
    ],
)
def test_what_does_not_exist_cannot_be_checked(project: Checkout, words: list[str], code: int, word: str) -> None:
    answer = project.run("queue-merge-ready", *words)
    assert (answer.code, answer.word, answer.out) == (code, word, "")


def test_outside_git_nothing_can_be_merged(tmp_path: Path) -> None:
    write_file(str(tmp_path), "queue.yaml", queue_text(task("B-1")))
    answer = run_tool("queue-merge-ready", "B-1", "--ref", "x", "--queue-file", "queue.yaml", cwd=str(tmp_path))
    assert (answer.code, answer.word) == (2, "git_unavailable")


def test_the_number_of_git_processes_does_not_grow_with_the_records(
    project: Checkout, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready(project)
    notes = count_git_calls(monkeypatch, tmp_path)
    check(project)
    once = len(git_calls(notes))
    for _ in range(3):
        make_ready(project)
    before = len(git_calls(notes))
    check(project)
    assert len(git_calls(notes)) - before == once == 3


# --- reviews ----------------------------------------------------------------------------------------------


def test_every_required_lane_has_to_approve(project: Checkout) -> None:
    review(project, "D-arch")
    answer = check(project)
    assert reviews(answer) == [("D-arch", True), ("E-governance", False)]
    (missing,) = [entry for entry in answer.json["findings"] if entry["word"] == "review"]
    assert missing["message"] == "E-governance has not reviewed (sensitive: doc/architecture/**)"
    assert missing["fix"].startswith("E-governance reads ")


def test_what_is_required_is_computed_anew_and_not_taken_from_an_earlier_routing(project: Checkout) -> None:
    project.ok("queue-route-review", "B-1", "--ref", "master")
    assert [lane for lane, _ok in reviews(check(project))] == ["D-arch", "E-governance"]


def test_a_request_by_hand_is_required_too(project: Checkout) -> None:
    words = ("--ref", "agent/B-ui", "--reviewer-role", "C-ops", "--reason", "touches the pager")
    project.ok("queue-route-review", "B-1", *words)
    make_ready(project)
    answer = check(project)
    assert reviews(answer) == [("D-arch", True), ("E-governance", True), ("C-ops", False)]
    assert "C-ops has not reviewed (manual: touches the pager)" in answer.out
    review(project, "C-ops")
    assert check(project).code == 0


def test_a_change_to_own_paths_needs_no_review(project: Checkout) -> None:
    lane = project.lanes["B-ui"]
    git(lane, "reset", "--quiet", "--hard", "master")
    project.commit("B-ui", "packages/web/a.ts")
    answer = check(project)
    assert reviews(answer) == []
    assert only(answer, "review")["message"] == "no changed path asks for another lane's review"


@pytest.mark.parametrize("status", ["changes_requested", "blocked"])
def test_a_later_objection_beats_an_earlier_approval_until_the_lane_approves_again(
    project: Checkout, status: str
) -> None:
    make_ready(project)
    review(project, "D-arch", status=status)
    answer = check(project)
    assert (answer.code, reviews(answer)) == (1, [("D-arch", False), ("E-governance", True)])
    assert f"D-arch: {status} by D on" in answer.out
    review(project, "D-arch")
    assert check(project).code == 0


def test_a_verdict_that_was_undone_counts_no_more(project: Checkout) -> None:
    make_ready(project)
    words = ("--reviewer-role", "D-arch", "--reviewer", "D", "--commit", "agent/B-ui", "--actor", "dora")
    project.ok("queue-record-review", "B-1", "--status", "changes", *words)
    assert reviews(check(project)) == [("D-arch", False), ("E-governance", True)]
    project.ok("queue-undo", "--actor", "dora", "--reason", "wrong task")
    assert reviews(check(project)) == [("D-arch", True), ("E-governance", True)]
    assert state(project, "B-1")["review_status"] == "approved"


def test_an_objection_of_a_lane_that_need_not_review_stands_in_the_way_of_that_change(project: Checkout) -> None:
    make_ready(project)
    review(project, "C-ops", status="blocked")
    answer = check(project)
    assert (answer.code, levels(answer)) == (1, {"review": ["error"]})
    make_newer(project)
    assert levels(check(project)) == {"review": ["warning"]}


def make_newer(project: Checkout) -> None:
    """One more commit that is proven, handed over and approved."""
    project.commit("B-ui", SENSITIVE, "two\n")
    make_ready(project)


def test_anything_committed_on_top_makes_the_approvals_stale_and_both_commits_are_named(project: Checkout) -> None:
    make_ready(project)
    before = head(project.lanes["B-ui"])
    after = project.commit("B-ui", "packages/web/typo.ts")
    answer = check(project)
    assert (answer.code, reviews(answer)) == (1, [("D-arch", False), ("E-governance", False)])
    assert f"approved by D on {before[:12]}, which is stale: REF is {after[:12]} with another change" in answer.out
    assert check(project, before).code == 0


def test_an_approval_of_a_later_commit_does_not_count_for_an_earlier_one(project: Checkout) -> None:
    before = head(project.lanes["B-ui"])
    project.commit("B-ui", "packages/web/typo.ts")
    make_ready(project)
    assert reviews(check(project, before)) == [("D-arch", False), ("E-governance", False)]


def test_a_clean_rebase_keeps_the_approvals_and_says_so(project: Checkout) -> None:
    make_ready(project)
    before = head(project.lanes["B-ui"])
    commit_file(project.main, "other", "1")
    git(project.lanes["B-ui"], "rebase", "--quiet", "master")
    answer = check(project)
    assert (answer.code, reviews(answer)) == (0, [("D-arch", True), ("E-governance", True)])
    assert f"D-arch: approved by D on {before[:12]}, the same change as REF" in answer.out
    assert levels(answer) == {"evidence": ["warning"]}


BLOCK = "".join(f"  step {number}\n" for number in range(8))


@pytest.mark.parametrize("rebased", [False, True])
def test_the_same_edit_in_another_of_six_equal_blocks_was_not_read(tmp_path: Path, rebased: bool) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    commit_file(project.main, SENSITIVE, BLOCK * 6)
    git(project.lanes["B-ui"], "merge", "--quiet", "--ff-only", "master")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bea")
    edited = BLOCK.replace("step 4", "step four")
    before = project.commit("B-ui", SENSITIVE, BLOCK + edited + BLOCK * 4)
    make_ready(project)
    if rebased:
        commit_file(project.main, "other", "1")
    git(project.lanes["B-ui"], "reset", "--quiet", "--hard", "master")
    after = project.commit("B-ui", SENSITIVE, BLOCK * 4 + edited + BLOCK)
    answer = check(project)
    assert (answer.code, reviews(answer)) == (1, [("D-arch", False), ("E-governance", False)])
    stale = f"approved by D on {before[:12]}, which is stale: REF is {after[:12]} with another change"
    assert f"{stale} (not read as it is now: {SENSITIVE})" in answer.out
    routed = project.ok("queue-route-review", "B-1", "--ref", "agent/B-ui", "--json").json
    assert [entry["answered_by"] for entry in routed["required"]] == [None, None]


def test_an_approval_of_the_last_commits_alone_does_not_cover_those_before(project: Checkout) -> None:
    first = head(project.lanes["B-ui"])
    project.commit("B-ui", "packages/web/a.ts")
    make_ready(project)
    words = ("--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved", "--commit", "agent/B-ui")
    project.ok("queue-record-review", "B-1", *words, "--base", first)
    answer = check(project)
    assert (answer.code, reviews(answer)) == (1, [("D-arch", False), ("E-governance", True)])
    assert f"it was read from {first[:12]} on, not what lies before" in answer.out


def test_a_replacement_does_not_show_what_was_read(project: Checkout) -> None:
    make_ready(project)
    before = head(project.lanes["B-ui"])
    after = project.commit("B-ui", "packages/web/typo.ts")
    git(project.main, "replace", f"{after}^{{tree}}", f"{before}^{{tree}}")
    git(project.main, "replace", after, before)
    answer = check(project, after)
    assert (answer.code, reviews(answer)) == (1, [("D-arch", False), ("E-governance", False)])
    assert "not read as it is now: packages/web/typo.ts" in answer.out


def test_squashing_the_same_change_into_one_commit_keeps_the_approvals(project: Checkout) -> None:
    project.commit("B-ui", "packages/web/a.ts")
    make_ready(project)
    lane = project.lanes["B-ui"]
    git(lane, "reset", "--quiet", "--soft", "master")
    git(lane, "commit", "--quiet", "-m", "squashed")
    assert reviews(check(project)) == [("D-arch", True), ("E-governance", True)]


def test_a_rebase_that_changed_the_patch_does_not_keep_them(project: Checkout) -> None:
    make_ready(project)
    commit_file(project.main, "other", "1")
    lane = project.lanes["B-ui"]
    git(lane, "rebase", "--quiet", "master")
    write_file(lane, SENSITIVE, "one \n")  # one blank: blanks count
    git(lane, "commit", "--quiet", "--all", "--amend", "--no-edit")
    assert reviews(check(project)) == [("D-arch", False), ("E-governance", False)]


def test_an_approved_commit_that_git_has_forgotten_counts_for_nothing_else(project: Checkout) -> None:
    make_ready(project)
    forgotten = head(project.lanes["B-ui"])
    lane = project.lanes["B-ui"]
    git(lane, "commit", "--quiet", "--amend", "-m", "reworded", at="2026-05-05T08:00:00Z")
    assert reviews(check(project)) == [("D-arch", True), ("E-governance", True)]
    git(lane, "reflog", "expire", "--expire=now", "--all")
    git(lane, "update-ref", "-d", "ORIG_HEAD")
    git(lane, "gc", "--quiet", "--prune=now")
    answer = check(project)
    assert reviews(answer) == [("D-arch", False), ("E-governance", False)]
    assert forgotten[:12] in answer.out


def test_the_base_can_be_named(project: Checkout) -> None:
    first = head(project.lanes["B-ui"])
    project.commit("B-ui", "packages/web/a.ts")
    answer = check(project, "agent/B-ui", "--base", first)
    assert (answer.json["base_sha"], reviews(answer)) == (first, [])


# --- evidence and handoff ---------------------------------------------------------------------------------


def test_stale_evidence_is_a_warning_under_the_gpuaas_gates(project: Checkout) -> None:
    project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass", "--commit", "master")
    entry = only(check(project), "evidence")
    assert entry["level"] == "warning"
    assert "evidence 1 is stale: it was recorded on" in entry["message"]


def test_stale_evidence_fails_where_the_policy_refuses_it(tmp_path: Path) -> None:
    gate = 'preflight_before_claim = "enforce"'
    project = configured(tmp_path, gate, f'{gate}\nstale_evidence = "refuse"')
    project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass", "--commit", "master")
    assert only(check(project), "evidence")["level"] == "error"


def test_missing_evidence_is_a_warning_where_the_gate_is_open(tmp_path: Path) -> None:
    gate = "require_evidence_before_done"
    project = configured(tmp_path, f"{gate} = true", f"{gate} = false")
    assert only(check(project), "evidence")["level"] == "warning"


def test_a_missing_handoff_fails_where_the_gate_asks_for_one(tmp_path: Path) -> None:
    gate = "require_handoff_before_merge_ready"
    project = configured(tmp_path, f"{gate} = false", f"{gate} = true")
    assert only(check(project), "handoff")["level"] == "error"
    hand_over(project, "agent/B-ui")
    assert only(check(project), "handoff")["level"] == "pass"


# --- status -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "level"),
    [
        (["queue-release", "B-1", "--actor", "bea"], "error"),
        (["queue-set-status", "B-1", "--status", "blocked", "--reason", "waits"], "error"),
        (["queue-set-status", "B-1", "--status", "done", "--commit", "agent/B-ui"], "pass"),
    ],
    ids=["todo", "blocked", "done"],
)
def test_the_task_has_to_be_worked_on_or_finished(project: Checkout, words: list[str], level: str) -> None:
    make_ready(project)
    if level == "pass":
        git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    project.ok(*words)
    assert only(check(project), "status")["level"] == level


# --- git --------------------------------------------------------------------------------------------------


def test_a_base_that_moved_on_has_to_be_taken_in_first(project: Checkout) -> None:
    make_ready(project)
    for name in ("one", "two"):
        commit_file(project.main, name, "1")
    answer = check(project)
    entry = only(answer, "base")
    assert (answer.code, levels(answer)) == (1, {"base": ["error"]})
    assert "lacks 2 commit(s) of master" in entry["message"]
    assert entry["fix"] == f"git -C {project.lanes['B-ui']} rebase master"


def test_a_commit_on_another_branch_is_not_the_tasks(project: Checkout) -> None:
    other = add_lane_worktrees(project.main, ["A-backend"])["A-backend"]
    commit_file(other, "packages/services/x.go", "1")
    entry = only(check(project, "agent/A-backend"), "branch")
    assert (entry["level"], "is not on agent/B-ui" in entry["message"]) == ("error", True)


def test_the_branch_that_the_task_records_is_looked_at_too(project: Checkout) -> None:
    git(project.main, "branch", "topic/b-1", "agent/B-ui")
    words = ("--status", "in_progress", "--branch", "topic/b-1", "--actor", "bea")
    project.ok("queue-set-status", "B-1", *words)
    lane = project.lanes["B-ui"]
    git(lane, "reset", "--quiet", "--hard", "master")
    entry = only(check(project, "topic/b-1"), "branch")
    assert (entry["level"], "is on topic/b-1" in entry["message"]) == ("pass", True)


def test_a_branch_that_is_only_on_origin_counts(project: Checkout) -> None:
    commit = head(project.lanes["B-ui"])
    git(project.main, "worktree", "remove", project.lanes["B-ui"])
    git(project.main, "update-ref", "refs/remotes/origin/agent/B-ui", commit)
    git(project.main, "branch", "--quiet", "-D", "agent/B-ui")
    answer = check(project, commit)
    assert only(answer, "branch")["level"] == "pass"
    assert only(answer, "worktree")["level"] == "warning"


def test_the_lanes_worktree_has_to_be_clean(project: Checkout) -> None:
    make_ready(project)
    write_file(project.lanes["B-ui"], "scratch", "")
    answer = check(project)
    assert (answer.code, levels(answer)) == (1, {"worktree": ["error"]})
    assert "has uncommitted changes: scratch" in only(answer, "worktree")["message"]


def test_worktree_root_moves_the_worktree_that_is_looked_at(project: Checkout, tmp_path: Path) -> None:
    git(project.main, "worktree", "remove", project.lanes["B-ui"])
    elsewhere = str(tmp_path / "elsewhere")
    entry = only(check(project, WORKTREE_ROOT=elsewhere), "worktree")
    assert (entry["level"], os.path.join(elsewhere, "gpuas-B-ui") in entry["message"]) == ("warning", True)


def test_after_the_merge_the_reviews_that_were_asked_for_are_still_held_against_the_commit(project: Checkout) -> None:
    project.ok("queue-route-review", "B-1", "--ref", "agent/B-ui")
    make_ready(project)
    review(project, "E-governance", status="changes")
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    answer = check(project)
    assert (answer.code, reviews(answer)) == (1, [("D-arch", True), ("E-governance", False)])
    review(project, "E-governance")
    answer = check(project)
    assert (answer.code, only(answer, "base")["message"]) == (0, f"master has {answer.json['commit_sha'][:12]} already")


def test_after_the_merge_of_what_was_never_routed_the_checklist_says_that_it_cannot_tell(project: Checkout) -> None:
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    entry = only(check(project), "review")
    assert (entry["level"], "cannot be compared" in entry["message"]) == ("warning", True)


# --- through make -----------------------------------------------------------------------------------------


def test_the_whole_path_of_a_review_runs_through_make(project: Checkout) -> None:
    commit = head(project.lanes["B-ui"])
    for line in (
        ["queue-record-evidence", "COMMAND_TEXT=pnpm --dir packages/web typecheck", "RESULT=pass", f"COMMIT={commit}"],
        [
            *["queue-record-handoff", "OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={commit}", "COMMANDS=pnpm test"],
            *["RESULTS=all green", f"CHANGED_FILES={SENSITIVE}"],
        ],
        ["queue-ack-handoff", "NOTE=taken over"],
        ["queue-route-review", f"REF={commit}"],
        *(
            [
                *["queue-record-review", f"REVIEWER_ROLE={lane}", f"REVIEWER={lane[0]}", "STATUS=approved"],
                *[f"COMMIT={commit}", "NOTE=No findings."],
            ]
            for lane in ("D-arch", "E-governance")
        ),
        ["queue-merge-ready", f"REF={commit}"],
    ):
        answer = project.make(*line, "TASK_ID=B-1")
        assert answer.code == 0, (line, answer)
    assert answer.out.startswith(f"B-1 at {commit[:12]} against master: merge-ready\n")
    assert state(project, "B-1")["review_status"] == "approved"


# --- one notion of clean ----------------------------------------------------------------------------------


def answers_of_all(project: Checkout) -> dict[str, bool]:
    """Whether each tool that asks takes the lane B-ui for clean."""
    lane = project.lanes["B-ui"]
    passed = [entry["word"] for entry in check(project).json["passed"]]
    issues = project.run("queue-preflight", "--role", "B-ui", "--json").json["findings"]
    launch = project.run("session-launch", "--role", "B-ui", "--dry-run", "--backend", "shell")
    watched = project.run("watcher-run", "--task-id", "B-1", "--json", "--", "true", cwd=lane)
    proved = project.run("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass", "--json", cwd=lane)
    consistent = project.run("queue-git-check", "--role", "B-ui", "--json").json["findings"]
    last = rows(project, "task_evidence")[-2]
    assert watched.code == 0, watched
    return {
        "merge-ready": "worktree" in passed,
        "preflight": "uncommitted_changes" not in [issue["word"] for issue in issues],
        "launch": "uncommitted changes" not in launch.err + launch.out,
        "watcher-run": not last["tree_dirty"],
        "record-evidence": not proved.json["tree_dirty"],
        "git-check": "uncommitted_changes" not in [finding["word"] for finding in consistent],
        "review-checkout": project.run("review-checkout", "B-1", cwd=lane).code == 0,
    }


def test_an_artifact_that_evidence_names_leaves_the_lane_clean_for_every_tool(project: Checkout) -> None:
    lane = project.lanes["B-ui"]
    write_file(lane, "logs/unit.log", "fine\n")
    words = ("--command-text", "t", "--result", "pass", "--artifact-path", "logs/unit.log")
    project.ok("queue-record-evidence", "B-1", *words, cwd=lane)
    assert set(answers_of_all(project).values()) == {True}


def test_a_source_file_beside_it_does_not(project: Checkout) -> None:
    lane = project.lanes["B-ui"]
    write_file(lane, "logs/unit.log", "fine\n")
    write_file(lane, "logs/source.py", "x\n")
    words = ("--command-text", "t", "--result", "pass", "--artifact-path", "logs/unit.log")
    project.ok("queue-record-evidence", "B-1", *words, cwd=lane)
    found = answers_of_all(project)
    assert set(found.values()) == {False}, found


def test_configured_places_of_artifacts_are_set_aside(tmp_path: Path) -> None:
    section = '[evidence]\nlocal_artifact_paths = ["logs/**", "*.tmp"]\n\n[worktrees]\n'
    project = configured(tmp_path, "[worktrees]\n", section)
    write_file(project.lanes["B-ui"], "logs/deep/unit.log", "fine\n")
    write_file(project.lanes["B-ui"], "x.tmp", "fine\n")
    assert set(answers_of_all(project).values()) == {True}


def test_a_mark_in_the_index_hides_nothing_from_any_tool(project: Checkout) -> None:
    lane = project.lanes["B-ui"]
    git(lane, "update-index", "--assume-unchanged", SENSITIVE)
    write_file(lane, SENSITIVE, "changed\n")
    found = answers_of_all(project)
    assert set(found.values()) == {False}, found
