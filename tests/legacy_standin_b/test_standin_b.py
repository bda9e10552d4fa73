"""The second stand-in works by itself: its targets lead tasks from ready to done, refuse, and keep what they say."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.legacy_standin_b.standin import (
    QUEUE_SCRIPT,
    STORE_SCRIPT,
    LegacyProjectB,
    legacy_rows,
    live_some_days,
    make_legacy_project,
    need_ruby,
)
from tests.support.repositories import git
from tests.support.shell import QUEUE_FILE, environment, queue_text, task

need_ruby()
#: About the scripts that other tests work with, not about the suite.
pytestmark = pytest.mark.endurance


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> LegacyProjectB:
    """A project after four days; tests of this module only look."""
    project = make_legacy_project(tmp_path_factory.mktemp("lived"))
    live_some_days(project)
    return project


def small(tmp_path: Path) -> LegacyProjectB:
    return make_legacy_project(tmp_path, queue_text(task("B-1"), task("B-2"), task("A-1", "A-backend")), lanes=["B-ui"])


def feed(project: LegacyProjectB, script: str, *words: str, text: str) -> subprocess.CompletedProcess[str]:
    env = environment(AQ_CLOCK=project.clock, AQ_BODY="-")
    return subprocess.run(
        [f"{project.main}/{script}", *words], cwd=project.main, env=env, input=text, capture_output=True, text=True
    )


def test_some_days_of_work_are_in_its_tables(lived: LegacyProjectB) -> None:
    states = {row["key"]: row["state"] for row in legacy_rows(lived.main, "work_items")}
    assert states["A-PROV-SCHED-001"] == 3
    assert states["A-PROV-REMOVE-SSH"] == 1
    assert states["C-BACKUP-002"] == 2
    assert states["B-V3-THEME-002"] == 0
    assert "C-KIND-NET-001" not in states
    assert [row["key"] for row in legacy_rows(lived.main, "shelf")] == ["C-KIND-NET-001"]
    [blocked] = [row for row in legacy_rows(lived.main, "work_items") if row["state"] == 2]
    assert blocked["stuck_because"] == "the bucket isn't there yet"
    assert blocked["touched"] == "2026-03-04 15:30:00 +0100"
    first = legacy_rows(lived.main, "relay")[0]
    assert json.loads(first["ran"]) == ["go test ./cmd/...", "make build"]
    assert json.loads(first["paths"]) == ["doc/architecture/Scheduler.md", "cmd/api.go"]
    asks = [(row["item"], row["lane"], row["answer"]) for row in legacy_rows(lived.main, "asks")]
    assert ("A-PROV-SCHED-001", "D-arch", 1) in asks
    assert ("B-V3-ACK-SUPPRESS-CONTROL-001", "E-governance", None) in asks
    assert [row["phase"] for row in legacy_rows(lived.main, "seats")] == [1, 0]
    assert [row["told"] for row in legacy_rows(lived.main, "item_log")][:2] == [
        "todo -> in_progress",
        "in_progress -> done",
    ]


def test_what_is_only_read_answers_alike_from_the_main_checkout_and_from_a_lane(lived: LegacyProjectB) -> None:
    lane = lived.lanes["B-ui"]
    asked = ["queue-ready", "queue-list", "orchestrator-status", "orchestrator-tick", "queue-session-status"]
    asked += ["queue-validate", "queue-git-check", "regression-packs-list", "regression-packs-validate"]
    for target in asked:
        assert lived.typed(target) == lived.typed(target, cwd=lane) != "", target
    ready = json.loads(lived.typed("queue-ready", "ROLE=B-ui", "JSON=1"))
    names = ["B-V3-ACK-SUPPRESS-CONTROL-001", "B-V3-THEME-002", "B-V3-LIST-003"]
    assert [row["id"] for row in ready] == names
    assert "next A-backend: continue A-PROV-REMOVE-SSH" in lived.typed("orchestrator-tick")
    problems = lived.make("orchestrator-preflight")
    assert problems.code == 2
    assert "unanswered: B-V3-ACK-SUPPRESS-CONTROL-001 E-governance" in problems.out
    assert "because: the bucket isn't there yet" in lived.typed("queue-task-detail", "TASK_ID=C-BACKUP-002")
    assert set(json.loads(lived.typed("queue-snapshot"))) >= {"work_items", "shelf", "relay", "asks"}
    assert "title: Terminal of a node" in lived.typed("regression-packs-show", "PACK_ID=terminal")
    packet = {"GOAL": "g", "OWNER_LANE": "B-ui", "ACCEPTANCE": "a"}
    assert "## Goal\ng" in lived.make("agent-context-packet", env=packet).out


def test_refusals_end_with_its_own_codes_and_leave_no_row(tmp_path: Path) -> None:
    project = small(tmp_path)
    project.typed("queue-claim", "ROLE=B-ui", "OWNER=Bea's agent", "TASK_ID=B-1")
    before = legacy_rows(project.main, "item_log")
    assert before[0]["who"] == "Bea's agent"

    def code(*words: str) -> int:
        return project.script(QUEUE_SCRIPT, *words, env={"AQ_LANE": "B-ui"}).code

    assert code("claim", "--task", "B-1") == 3
    assert code("claim", "--task", "A-1") == 3
    assert code("claim", "--task", "B-9") == 66
    assert code("set-status", "--task", "B-1", "--state", "done", "--sha", "abc") == 3
    assert code("set-status", "--task", "B-1", "--state", "finished") == 64
    assert code("evidence", "--task", "B-1", "--says", "fine") == 64
    assert code("no-such-verb") == 64
    assert project.make("queue-set-status", "TASK_ID=B-1", "STATUS=blocked", "OWNER=B").code == 2
    assert legacy_rows(project.main, "item_log") == before


def test_a_value_of_the_environment_counts_where_no_flag_was_typed(tmp_path: Path) -> None:
    project = small(tmp_path)
    env = {"AQ_TASK": "B-1", "AQ_LANE": "B-ui"}
    assert project.script(QUEUE_SCRIPT, "claim", "--task", "B-2", env=env).out == "claimed B-2 for B-ui\n"
    assert project.script(QUEUE_SCRIPT, "claim", env=env).out == "claimed B-1 for B-ui\n"


def test_a_handoff_and_a_session_may_come_from_standard_input(tmp_path: Path) -> None:
    project = small(tmp_path)
    body = json.dumps({"ran": ["a; b", "c"], "paths": ["d e.go"], "next_up": "review"})
    words = ("--task", "B-1", "--as", "B", "--on", "agent/B-ui", "--sha", "abc")
    assert feed(project, QUEUE_SCRIPT, "handoff", *words, text=body).returncode == 0
    [row] = legacy_rows(project.main, "relay")
    assert (json.loads(row["ran"]), json.loads(row["paths"])) == (["a; b", "c"], ["d e.go"])
    bridge = "scripts/ops/codex_subagent_session_bridge.sh"
    for state in ("running", "failed"):
        event = json.dumps({"thread": "t1", "lane": "B-ui", "task": "B-1", "state": state})
        assert feed(project, bridge, text=event).returncode == 0
    assert [(row["seat"], row["phase"]) for row in legacy_rows(project.main, "seats")] == [("codex-t1", 2)]


def test_the_number_of_a_pruned_row_is_given_again(tmp_path: Path) -> None:
    project = small(tmp_path)
    for name in ("B-1", "B-2"):
        project.typed("queue-record-evidence", f"TASK_ID={name}", "COMMAND_TEXT=t", "RESULT=pass")
    project.write_queue(queue_text(task("B-1")))
    assert "proof: 1" in project.typed("queue-prune-stale", "ACTOR=coordinator")
    project.typed("queue-record-evidence", "TASK_ID=B-1", "COMMAND_TEXT=u", "RESULT=fail")
    assert [(row["num"], row["ran"]) for row in legacy_rows(project.main, "proof")] == [(1, "t"), (2, "u")]


def test_the_published_script_lines_work(tmp_path: Path) -> None:
    project = small(tmp_path)
    done = subprocess.run(
        ["ruby", STORE_SCRIPT, "--queue-file", QUEUE_FILE, "validate"], cwd=project.main, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (0, "ok: 3 tasks\n")
    adapter = "scripts/ops/agent_session_adapter.sh"
    assert project.script(adapter, "preflight", "--role", "B-ui").out == "B-ui: ok\n"
    assert project.script(adapter, "launch", "--role", "B-ui", "--task-id", "B-1").code == 0
    assert project.script(adapter, "preflight", "--role", "A-backend").code == 1
    assert project.script("scripts/ops/setup_agent_lanes.sh").code == 0
    assert git(project.main, "worktree", "list").count("\n") == 5
    assert "BIGSERIAL" in project.script("scripts/ops/agent_queue_postgres_compat.sh").out
