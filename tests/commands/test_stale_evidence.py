"""Evidence of another commit: the task page, its next step, merge-ready and `done` say one thing, by one setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.repositories import git, head
from tests.support.shell import Checkout, make_checkout, queue_text, task


def project_with(tmp_path: Path, policy: str, *, gate: bool) -> tuple[Checkout, str]:
    """A task that was proved, handed off and routed, and whose branch then got one more commit; and what is stale."""
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"], config=None)
    made.ok("fairway-init", "--lane", "B-ui", "--lane", "A-backend")
    made.ok("fairway-config", "set", "gates.stale_evidence", policy)
    made.ok("fairway-config", "set", "gates.require_evidence_before_done", str(gate).lower())
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "bea")
    old = made.commit("B-ui", "a.txt", message="B-1: a")
    made.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", cwd=made.lanes["B-ui"])
    new = made.commit("B-ui", "b.txt", message="B-1: b")
    words = ["--commands", "make test", "--results", "pass", "--changed-files", "b.txt", "--branch", "agent/B-ui"]
    made.ok("queue-record-handoff", "B-1", "--owner", "bea", "--commit", new, *words)
    made.ok("queue-route-review", "B-1", "--ref", new)
    return made, f"evidence 1 is stale: it was recorded on {old[:12]}, not on {new[:12]}"


@pytest.mark.parametrize("gate", [True, False])
@pytest.mark.parametrize("policy", ["warn", "refuse", "accept"])
def test_all_four_say_it_in_the_same_words_and_propose_the_same_line(tmp_path: Path, policy: str, gate: bool) -> None:
    project, stale = project_with(tmp_path, policy, gate=gate)
    lane, shuts = project.lanes["B-ui"], policy == "refuse" and gate
    said = f"{stale} (gates.stale_evidence: {policy})"
    page = project.ok("queue-task-detail", "B-1", cwd=lane).out
    step = project.ok("queue-task-detail", "B-1", "--json", cwd=lane).json["next_step"]
    judged = project.run("queue-merge-ready", "B-1", "--ref", head(lane), "--json", cwd=lane)
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    done = project.run("queue-set-status", "B-1", "--status", "done", "--commit", head(lane), cwd=lane)
    if policy == "accept":
        assert "queue-merge-ready" in step["command"]
        assert "evidence" not in [row["word"] for row in judged.json["findings"]]
        assert (judged.code, done.code, done.err) == (0, 0, "")
        return
    assert step["why"] == f"{said}: run its checks and record them"
    assert stale.partition(": ")[2] in page
    (found,) = [row for row in judged.json["findings"] if row["word"] == "evidence"]
    assert (found["message"], found["fix"]) == (said, step["command"])
    assert (found["level"], judged.code, done.code) == (("error", 1, 1) if shuts else ("warning", 0, 0))
    if shuts:
        assert (done.word, said in done.err, f"hint: {step['command']}" in done.err) == (
            "evidence_required",
            True,
            True,
        )
    else:
        assert f"warning: B-1 is done all the same: {said}" in done.err


def test_what_speaks_against_a_pass_is_said_by_all_too(tmp_path: Path) -> None:
    """The next step took a pass for enough, whatever had failed on the same commit since."""
    project, _stale = project_with(tmp_path, "warn", gate=True)
    lane = project.lanes["B-ui"]
    for command, result in (("make test", "pass"), ("make lint", "fail")):
        project.ok("queue-record-evidence", "B-1", "--command-text", command, "--result", result, cwd=lane)
    said = "evidence 2 passed on this commit, but evidence 3 says fail on this commit: make lint"
    assert project.detail("B-1")["next_step"]["why"].startswith(said)
    assert said in project.run("queue-merge-ready", "B-1", "--ref", head(lane), cwd=lane).out
    git(project.main, "merge", "--quiet", "--ff-only", "agent/B-ui")
    assert said in project.ok("queue-set-status", "B-1", "--status", "done", "--commit", head(lane)).err
