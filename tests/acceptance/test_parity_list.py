"""One short proof for each behaviour that a replacement of the earlier queue scripts has to show.

The tests have the names of that list; each family has its thorough tests elsewhere.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.support.ready_made import ready_made
from tests.support.repositories import commit_file, git, head
from tests.support.shell import HOME, Checkout, make_checkout, queue_text, task

PACK_FILE = "doc/governance/Workflow_Regression_Packs.yaml"
EVIDENCE = ("queue-record-evidence", "COMMAND_TEXT=pnpm test", "RESULT=pass")


@pytest.fixture
def project() -> Checkout:
    """Two tasks of B-ui and one of A-backend, with worktrees, under the gpuaas configuration."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    tasks = [task("B-1", priority=1), task("B-2", priority=2, depends_on=["B-1"]), task("A-1", "A-backend", priority=3)]
    made = make_checkout(parent, queue_text(*tasks), lanes=["A-backend", "B-ui", "D-arch"])
    made.ok("queue-ready")
    return made


def made(project: Checkout, *words: str, cwd: str = "", code: int = 0) -> str:
    """Run `make WORDS`; what it printed on both streams."""
    answer = project.make(*words, cwd=cwd)
    assert answer.code == code, (words, answer)
    return answer.out + answer.err


def claimed_work(project: Checkout) -> str:
    """B-1 claimed, worked on, proved and handed off; the commit."""
    made(project, "queue-claim", "ROLE=B-ui", "OWNER=B", "TASK_ID=B-1")
    sha = project.commit("B-ui", "doc/api/openapi.draft.yaml", message="B-1: contract")
    made(project, *EVIDENCE, "TASK_ID=B-1", cwd=project.lanes["B-ui"])
    handoff = ["OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}", "COMMANDS=pnpm test", "RESULTS=pass", "CHANGED_FILES=x"]
    made(project, "queue-record-handoff", "TASK_ID=B-1", *handoff)
    return sha


def test_ready_order(project: Checkout) -> None:
    assert made(project, "queue-ready", "FORMAT=ids").split()[:2] == ["A-1", "B-1"]
    assert "B-2" not in project.make("queue-ready").out


def test_claim(project: Checkout) -> None:
    assert "claimed B-1" in made(project, "queue-claim", "ROLE=B-ui", "OWNER=B", "TASK_ID=B-1", "ACTOR=ann")
    assert "already_claimed" in made(project, "queue-claim", "ROLE=B-ui", "OWNER=B", "TASK_ID=B-1", "ACTOR=bob", code=2)


def test_set_status(project: Checkout) -> None:
    assert "B-1: todo -> in_progress" in made(
        project, "queue-set-status", "TASK_ID=B-1", "STATUS=in_progress", "OWNER=B"
    )
    assert "usage" in made(project, "queue-set-status", "TASK_ID=B-1", "STATUS=finished", code=2)


def test_evidence_before_done(project: Checkout) -> None:
    assert "evidence_required" in made(project, "queue-set-status", "TASK_ID=B-1", "STATUS=done", code=2)
    made(project, *EVIDENCE, "TASK_ID=B-1")
    made(project, "queue-set-status", "TASK_ID=B-1", "STATUS=done")


def test_blocked_reason(project: Checkout) -> None:
    assert "reason_required" in made(project, "queue-set-status", "TASK_ID=B-1", "STATUS=blocked", code=2)
    made(project, "queue-set-status", "TASK_ID=B-1", "STATUS=blocked", "BLOCKED_REASON=contract not merged")


def test_routing(project: Checkout) -> None:
    sha = claimed_work(project)
    routed = made(project, "queue-route-review", "TASK_ID=B-1", f"REF={sha}")
    assert "D-arch" in routed
    assert "E-governance" in routed


def test_merge_readiness(project: Checkout) -> None:
    sha = claimed_work(project)
    assert "not_merge_ready" in made(project, "queue-merge-ready", "TASK_ID=B-1", f"REF={sha}", code=2)
    for lane, who in (("D-arch", "D"), ("E-governance", "E")):
        review = [f"REVIEWER_ROLE={lane}", f"REVIEWER={who}", "STATUS=approved", f"COMMIT={sha}"]
        made(project, "queue-record-review", "TASK_ID=B-1", *review)
    assert "merge-ready" in made(project, "queue-merge-ready", "TASK_ID=B-1", f"REF={sha}")


def test_git_check(project: Checkout) -> None:
    made(project, "queue-git-check")
    git(project.lanes["B-ui"], "switch", "--quiet", "-c", "elsewhere")
    assert "git_inconsistent" in made(project, "queue-git-check", code=2)


def test_task_detail(project: Checkout) -> None:
    claimed_work(project)
    detail = json.loads(project.make("queue-task-detail", "TASK_ID=B-1", "JSON=1").out)
    assert (detail["status"], len(detail["evidence"]), len(detail["handoffs"])) == ("in_progress", 1, 1)


@pytest.mark.parametrize("report", ["status", "health", "timing"])
def test_three_reports(project: Checkout, report: str) -> None:
    claimed_work(project)
    shown = json.loads(project.make(f"queue-{report}-report", "FORMAT=json").out)
    assert shown["schema"] == f"queue-{report}-report/1"


def test_session_status_and_reconcile(project: Checkout) -> None:
    session = ["SESSION_ID=s-1", "ROLE=B-ui", "BACKEND=manual", "PROVIDER=claude", "TASK_ID=B-1"]
    made(project, "queue-session-upsert", *session)
    assert "s-1" in made(project, "queue-session-status")
    late = project.make("queue-session-reconcile", env={"FAIRWAY_NOW": "2036-01-01T00:00:00Z"})
    assert "s-1" in late.out
    assert "s-1" not in project.make("queue-session-status").out
    assert project.detail("B-1")["status"] == "todo"


def test_coordinator_preflight_and_tick(project: Checkout) -> None:
    made(project, "queue-prune-stale", "ACTOR=coordinator")
    made(project, "orchestrator-status")
    first = made(project, "orchestrator-tick")
    assert "make queue-claim ROLE=B-ui" in first
    commit_file(project.lanes["B-ui"], "x", "y")
    with open(os.path.join(project.lanes["B-ui"], "left"), "w", encoding="utf-8") as file:
        file.write("over")
    assert "preflight_failed" in made(project, "orchestrator-preflight", code=2)


def test_watcher_packet_and_close(project: Checkout) -> None:
    packet = [
        *["WATCH_ID=w-1", "TASK_ID=B-1", "OWNER_LANE=C-ops/watch", "PROCESS=CI of the branch", "COMMAND=make test"],
        *["SUCCESS_CONDITION=exit:0", "FAILURE_CONDITION=exit:1", "ALLOWED_FIXES=none", "EXPECTED_DURATION=20m"],
        *["POLL_INTERVAL=1m", "MUST_NOT_TOUCH=packages/**", "ESCALATION_RULES=ask D", "EVIDENCE_REQUIRED=the log"],
        "CLOSE_CONDITION=green",
    ]
    shown = made(project, "agent-watch-task", *packet)
    for field in ("CI of the branch", "exit:0", "exit:1", "20m", "green", "ask D"):
        assert field in shown
    made(project, "watcher-start", "WATCH_ID=w-1", "TASK_ID=B-1", "COMMAND=make test")
    assert "evidence_required" in made(project, "watcher-finish", "WATCH_ID=w-1", "RESULT=pass", code=2)
    made(project, "watcher-finish", "WATCH_ID=w-1", "RESULT=pass", "NOTES=green at last")
    assert [row["result"] for row in project.detail("B-1")["evidence"]] == ["pass"]
    assert project.detail("B-1")["status"] == "todo"


def test_stale_checkpoints(project: Checkout) -> None:
    made(project, "orchestrator-checkpoint", "TRACK_ID=docs", "SUMMARY=half done", "STATE=active", "OWNER=C")
    assert "docs" in made(project, "orchestrator-checkpoints")
    assert "docs" not in project.make("orchestrator-checkpoint-stale").out
    assert "docs" in project.make("orchestrator-checkpoint-stale", env={"FAIRWAY_NOW": "2036-01-01"}).out


def test_review_branch_checkout(project: Checkout) -> None:
    sha = claimed_work(project)
    made(project, "review-checkout", "TASK_ID=B-1", cwd=project.lanes["D-arch"])
    assert head(project.lanes["D-arch"]) == sha
    assert git(project.lanes["D-arch"], "branch", "--show-current") == "review/B-ui"


def test_pack_validation(project: Checkout) -> None:
    target = os.path.join(project.main, PACK_FILE)
    shutil.copy(os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml"), target)
    assert "2 packs" in made(project, "workflow-regression-packs-validate")
    with open(target, "a", encoding="utf-8") as file:
        file.write("- id: broken\n")
    assert "invalid_packs" in made(project, "workflow-regression-packs-validate", code=2)


def test_bug_fix_packet(project: Checkout) -> None:
    fields = ["ROOT_CAUSE=token lost", "OWNING_LAYER=service", "REGRESSION_COVERAGE=unit test", "RESIDUAL_RISK=none"]
    assert "packet_incomplete" in made(project, "agent-bugfix-packet", "TASK_ID=B-1", *fields, code=2)
    whole = [*fields, "BUG_SUMMARY=acks vanish", "PROOF_COMMAND=make test", "IMPACT=operators"]
    shown = made(project, "agent-bugfix-packet", "TASK_ID=B-1", *whole)
    for text in ("token lost", "service", "make test", "unit test", "none"):
        assert text in shown


def test_snapshot_export(project: Checkout, tmp_path: Path) -> None:
    claimed_work(project)
    first = project.make("queue-snapshot", "FORMAT=json").out
    (tmp_path / "snapshot.json").write_text(first)
    other = tmp_path / "other.db"
    made(project, "queue-restore", f"FROM={tmp_path / 'snapshot.json'}", f"QUEUE_DB={other}")
    assert project.make("queue-snapshot", "FORMAT=json", f"QUEUE_DB={other}").out == first
