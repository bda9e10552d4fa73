"""queue-set-status: moves, gates and reasons."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import commit_file, git
from tests.support.shell import GPUAAS_CONFIG, Checkout, make_checkout, queue_text, task


@pytest.fixture
def project() -> Checkout:
    """Two tasks of B-ui, the second waiting for the first, under the gpuaas gates."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2", depends_on=["B-1"])), lanes=["B-ui"])
    made.ok("queue-ready")
    return made


def configured(tmp_path: Path, *, lanes: tuple[str, ...] = (), **replaced: tuple[str, str]) -> Checkout:
    """The same project with parts of the configuration replaced."""
    with open(GPUAAS_CONFIG, encoding="utf-8") as file:
        text = file.read()
    for before, after in replaced.values():
        assert before in text
        text = text.replace(before, after)
    config = tmp_path / "config.toml"
    config.write_text(text)
    return make_checkout(
        tmp_path, queue_text(task("B-1"), task("B-2", depends_on=["B-1"])), lanes=list(lanes), config=str(config)
    )


def prove(project: Checkout, task_id: str = "B-1", cwd: str = "") -> None:
    project.ok("queue-record-evidence", task_id, "--command-text", "pnpm test", "--result", "pass", cwd=cwd)


def test_done_needs_evidence_that_passed(project: Checkout) -> None:
    words = ("queue-set-status", "B-1", "--status", "done")
    answer = project.run(*words)
    assert (answer.code, answer.word) == (1, "evidence_required")
    assert "make watcher-run TASK_ID=B-1" in answer.err
    project.ok("queue-record-evidence", "B-1", "--command-text", "pnpm test", "--result", "fail")
    assert project.run(*words).word == "evidence_required"
    prove(project)
    project.ok(*words)
    assert project.detail("B-1")["status"] == "done"


def test_done_sets_the_time_and_frees_the_dependents(project: Checkout) -> None:
    prove(project)
    moved = project.ok("queue-set-status", "B-1", "--status", "done", "--json", env={"FAIRWAY_NOW": "2026-11-21"}).json
    assert moved["completed_at"] == "2026-11-21T00:00:00.000000Z"
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-2"]


def review(project: Checkout, commit: str, verdict: str = "approved", lane: str = "D-arch") -> None:
    words = ("--reviewer-role", lane, "--reviewer", lane[0], "--status", verdict, "--commit", commit)
    project.ok("queue-record-review", "B-1", *words)


def hand_off(project: Checkout, commit: str) -> None:
    words = ("--owner", "B", "--branch", "agent/B-ui", "--commit", commit, "--commands", "t", "--results", "green")
    project.ok("queue-record-handoff", "B-1", *words, "--changed-files", "a.txt")


def test_done_without_a_commit_takes_the_approved_one_and_never_the_head_of_the_integration_branch(
    project: Checkout,
) -> None:
    prove(project)
    read, other = project.commit("B-ui", "a.txt"), commit_file(project.lanes["B-ui"], "b.txt", "x")
    hand_off(project, other)
    review(project, read)
    refused = project.run("queue-set-status", "B-1", "--status", "done")
    assert (refused.code, refused.word) == (1, "git_inconsistent")
    assert f"{read[:12]} (approved by D-arch) is not on master" in refused.err
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    commit_file(project.main, "README.md", "somebody else's work\n")
    answer = project.ok("queue-set-status", "B-1", "--status", "done")
    assert f"{read[:12]} is taken (approved by D-arch)" in answer.err
    assert project.detail("B-1")["commit_sha"] == read


def merge(project: Checkout) -> None:
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")


def test_a_commit_that_is_named_has_to_be_on_the_integration_branch_too(project: Checkout) -> None:
    """FORCE with a reason is the way past it, and is recorded; asking for the gates comes first."""
    sha = project.commit("B-ui", "a.txt")
    words = ("queue-set-status", "B-1", "--status", "done", "--commit", sha)
    assert project.run(*words).word == "evidence_required"
    prove(project, cwd=project.lanes["B-ui"])
    refused = project.run(*words, "--json")
    assert (refused.code, refused.word, refused.out) == (1, "git_inconsistent", "")
    assert f"{sha[:12]} (given) is not on master" in refused.err
    assert project.detail("B-1")["status"] == "todo"
    assert project.run(*words, "--force").word == "reason_required"
    project.ok(*words, "--force", "--reason", "squashed by the host")
    events = project.ok("queue-activity", "--json").json["events"]
    assert (events[0]["kind"], events[0]["payload"]["forced"]) == ("status_set", True)
    project.ok(*words)  # it is done with that commit already


def test_a_finished_task_is_not_bound_to_a_commit_that_was_never_merged(project: Checkout) -> None:
    prove(project)
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", "HEAD")
    sha = project.commit("B-ui", "a.txt")
    words = ("queue-set-status", "B-1", "--status", "done", "--commit", sha)
    assert project.run(*words).word == "git_inconsistent"
    merge(project)
    project.ok(*words)


def test_nothing_is_merged_where_git_knows_no_integration_branch(project: Checkout) -> None:
    sha = project.commit("B-ui", "a.txt")
    prove(project, cwd=project.lanes["B-ui"])
    git(project.main, "branch", "--move", "master", "trunk")
    refused = project.run("queue-set-status", "B-1", "--status", "done", "--commit", sha)
    assert (refused.code, refused.word) == (1, "git_inconsistent")


def test_done_without_a_commit_takes_the_one_that_was_handed_off(project: Checkout) -> None:
    prove(project)
    sha = project.commit("B-ui", "a.txt")
    hand_off(project, sha)
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    assert f"{sha[:12]} is taken (handoff 1)" in project.ok("queue-set-status", "B-1", "--status", "done").err


def test_done_without_any_commit_says_that_none_is_known(project: Checkout) -> None:
    prove(project)
    answer = project.ok("queue-set-status", "B-1", "--status", "done")
    assert "B-1 is done without a commit" in answer.err
    assert not project.detail("B-1")["commit_sha"]


def test_an_objection_is_a_warning_where_no_review_is_required(project: Checkout) -> None:
    prove(project)
    sha = project.commit("B-ui", "a.txt")
    review(project, sha, "changes_requested")
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    answer = project.ok("queue-set-status", "B-1", "--status", "done", "--commit", sha)
    assert f"D-arch: changes_requested by D on {sha[:12]}" in answer.err


def test_the_newest_failure_on_the_commit_shuts_the_evidence_gate(project: Checkout) -> None:
    sha = project.commit("B-ui", "a.txt")
    for result in ("pass", "fail"):
        words = ("--command-text", "make test", "--result", result, "--commit", sha)
        project.ok("queue-record-evidence", "B-1", *words)
    answer = project.run("queue-set-status", "B-1", "--status", "done", "--commit", sha)
    assert answer.word == "evidence_required"
    assert "evidence 2 says fail on this commit: make test" in answer.err


def test_a_short_commit_is_stored_in_full(project: Checkout) -> None:
    sha = project.commit("B-ui", "a.txt")
    prove(project, cwd=project.lanes["B-ui"])
    merge(project)
    project.ok(
        "queue-set-status", "B-1", "--status", "done", "--commit", sha[:8], "--owner", "B", "--branch", "agent/B-ui"
    )
    detail = project.detail("B-1")
    assert (detail["commit_sha"], detail["owner"], detail["branch"]) == (sha, "B", "agent/B-ui")


@pytest.mark.parametrize("commit", ["0" * 40, "nonsense", "--help", "HEAD:README.md"])
def test_a_commit_that_git_does_not_know_is_refused(project: Checkout, commit: str) -> None:
    answer = project.run("queue-set-status", "B-1", "--status", "done", f"--commit={commit}")
    assert (answer.code, answer.word) == (3, "not_found")


def test_evidence_on_another_commit_warns(project: Checkout) -> None:
    prove(project, cwd=project.lanes["B-ui"])
    sha = project.commit("B-ui", "a.txt")
    merge(project)
    assert "is stale" in project.ok("queue-set-status", "B-1", "--status", "done", "--commit", sha).err


def test_evidence_on_another_commit_can_be_refused_by_configuration(tmp_path: Path) -> None:
    project = configured(tmp_path, stale=('preflight_before_claim = "enforce"', 'stale_evidence = "refuse"'))
    prove(project)

    sha = commit_file(project.main, "a.txt", "x")
    answer = project.run("queue-set-status", "B-1", "--status", "done", "--commit", sha)
    assert answer.word == "evidence_required"
    assert "stale" in answer.err


@pytest.mark.parametrize("variable", ["blocked-reason", "reason", "note"])
def test_blocked_needs_a_reason_under_any_of_its_names(project: Checkout, variable: str) -> None:
    words = ("queue-set-status", "B-1", "--status", "blocked")
    answer = project.run(*words)
    assert (answer.code, answer.word) == (1, "reason_required")
    assert "BLOCKED_REASON" in answer.err
    assert project.run(*words, f"--{variable}=  ").word == "reason_required"
    project.ok(*words, f"--{variable}=backend contract not merged")
    assert project.detail("B-1")["history"][-1]["reason"] == "backend contract not merged"


def test_blocking_ends_the_claim_and_the_task_can_be_claimed_again(project: Checkout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "ann")
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "x")
    assert project.detail("B-1")["claimant"] is None
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "C", "--actor", "bob")


def test_finished_work_is_reopened_only_on_purpose_and_with_a_reason(project: Checkout) -> None:
    prove(project)
    project.ok("queue-set-status", "B-1", "--status", "done")
    words = ("queue-set-status", "B-1", "--status", "todo")
    assert project.run(*words).word == "invalid_transition"
    assert project.run(*words, "--reopen").word == "reason_required"
    project.ok(*words, "--reopen", "--reason", "regressed")
    detail = project.detail("B-1")
    assert (detail["status"], detail["completed_at"], detail["commit_sha"]) == ("todo", None, None)
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-1"]


def test_entering_in_progress_is_a_claim(project: Checkout) -> None:
    project.ok("queue-set-status", "B-1", "--status", "in_progress", "--owner", "B", "--actor", "ann")
    detail = project.detail("B-1")
    assert (detail["claimant"], detail["fence"]) == ("ann", 1)
    assert detail["lease_expires_at"] is not None
    assert (
        project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", "--actor", "bob").word == "already_claimed"
    )


def test_entering_in_progress_needs_the_dependencies(project: Checkout) -> None:
    assert project.run("queue-set-status", "B-2", "--status", "in_progress", "--owner", "B").word == "not_ready"


def test_an_unknown_status_is_refused_with_the_ones_there_are(project: Checkout) -> None:
    answer = project.run("queue-set-status", "B-1", "--status", "finished")
    assert (answer.code, answer.word) == (2, "usage")
    assert "todo, in_progress, blocked, done" in answer.err


def test_task_and_status_are_required(project: Checkout) -> None:
    answer = project.run("queue-set-status")
    assert (answer.code, answer.word) == (2, "usage")
    assert "TASK_ID, STATUS are required" in answer.err


class TestConfiguredStates:
    """Terminal work is what the configuration calls terminal; moves can be restricted to a list of pairs."""

    STATES = (
        'allowed = ["todo", "in_progress", "blocked", "done"]\nterminal = ["done"]',
        """allowed = ["todo", "in_progress", "review", "shipped", "dropped"]
terminal = ["shipped", "dropped"]
transitions = [["todo", "in_progress"], ["in_progress", "review"], ["review", "shipped"], ["*", "dropped"]]""",
    )

    def test_moves_outside_the_list_are_refused_with_those_inside(self, tmp_path: Path) -> None:
        project = configured(tmp_path, states=self.STATES)
        answer = project.run("queue-set-status", "B-1", "--status", "review")
        assert (answer.code, answer.word) == (4, "invalid_transition")
        assert "dropped, in_progress" in answer.err

    def test_every_terminal_state_completes_the_task_and_frees_its_dependents(self, tmp_path: Path) -> None:
        project = configured(tmp_path, states=self.STATES)
        project.ok("queue-set-status", "B-1", "--status", "dropped", "--force", "--reason", "not needed")
        assert project.detail("B-1")["completed_at"] is not None
        assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-2"]

    def test_a_changed_configuration_changes_what_is_ready(self, tmp_path: Path) -> None:
        project = configured(tmp_path)
        project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "x")
        assert project.ok("queue-ready", "--format", "ids").out.split() == []
        config = tmp_path / "gpuaas/.fairway/config.toml"
        config.write_text(config.read_text().replace('terminal = ["done"]', 'terminal = ["done", "blocked"]'))
        assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-2"]


class TestReviewGate:
    """With `require_review_before_done` an approval of the finished commit is needed."""

    GATE = ("require_review_before_done = false", "require_review_before_done = true")
    REFUSE = ('preflight_before_claim = "enforce"', 'stale_evidence = "refuse"')
    REVIEW = ("queue-record-review", "B-1", "--reviewer-role", "D-arch", "--reviewer", "D", "--status")

    def test_done_needs_an_approval(self, tmp_path: Path) -> None:
        project = configured(tmp_path, gate=self.GATE)
        prove(project)
        answer = project.run("queue-set-status", "B-1", "--status", "done")
        assert (answer.code, answer.word) == (1, "review_required")
        project.ok(*self.REVIEW, "changes_requested", "--commit", "HEAD")
        assert project.run("queue-set-status", "B-1", "--status", "done").word == "review_required"
        project.ok(*self.REVIEW, "approved", "--commit", "HEAD")
        project.ok("queue-set-status", "B-1", "--status", "done")

    @pytest.mark.parametrize("policy", ["accept", "warn", "refuse"])
    def test_an_approval_of_another_change_is_none_whatever_counts_as_stale_evidence(
        self, tmp_path: Path, policy: str
    ) -> None:
        stale = (self.REFUSE[0], f'stale_evidence = "{policy}"')
        project = configured(tmp_path, gate=self.GATE, stale=stale)
        project.ok(*self.REVIEW, "approved", "--commit", "HEAD")
        sha = commit_file(project.main, "a.txt", "x")
        prove(project)
        answer = project.run("queue-set-status", "B-1", "--status", "done", "--commit", sha)
        assert answer.word == "review_required"
        assert "nobody has approved this commit" in answer.err

    def test_merge_ready_says_the_same_where_no_path_asks_for_a_review(self, tmp_path: Path) -> None:
        project = configured(tmp_path, lanes=("B-ui",), gate=self.GATE)
        sha = project.commit("B-ui", "a.txt")
        project.ok("queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass", "--commit", sha)
        said = "nobody has approved this commit, and gates.require_review_before_done asks for it"
        ready = project.run("queue-merge-ready", "B-1", "--ref", sha, "--json").json
        assert ("error", said) in [(row["level"], row["message"]) for row in ready["findings"]]
        assert said in project.run("queue-set-status", "B-1", "--status", "done", "--commit", sha).err
        project.ok(*self.REVIEW, "approved", "--commit", sha)
        ready = project.run("queue-merge-ready", "B-1", "--ref", sha, "--json").json
        assert "review" in [row["word"] for row in ready["passed"]]
        merge(project)
        project.ok("queue-set-status", "B-1", "--status", "done", "--commit", sha)
