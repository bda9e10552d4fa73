"""The stand-in does what the published scripts do, and differs from Fairway in the three places that it says."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.legacy_standin.standin import (
    CI,
    HERE,
    NOW,
    OPS,
    STORE_SCRIPT,
    LegacyProject,
    legacy_rows,
    make_legacy_project,
    need_ruby,
)
from tests.support.repositories import git, write_file
from tests.support.shell import HOME, QUEUE_FILE, make_checkout, queue_text, task

need_ruby()
#: About the scripts that other tests work with, not about the suite.
pytestmark = pytest.mark.endurance

LANES = ["B-ui"]


def project(tmp_path: Path, *tasks: dict[str, Any], lanes: list[str] | None = None) -> LegacyProject:
    return make_legacy_project(tmp_path, queue_text(*tasks), lanes=LANES if lanes is None else lanes)


def state(found: LegacyProject, task_id: str) -> dict[str, Any]:
    return next(row for row in legacy_rows(found.main, "task_state") if row["task_id"] == task_id)


def ready(found: LegacyProject, *words: str) -> list[str]:
    return [line.split("\t")[1] for line in found.queue_ok("ready", *words).out.splitlines() if "\t" in line]


# --- the normal path --------------------------------------------------------------------------------------


def test_the_published_command_lines_lead_a_task_from_ready_to_done(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"), task("A-1", "A-backend", depends_on=["B-1"]), lanes=["B-ui", "A-backend"])
    lane = found.lanes["B-ui"]

    def make(*words: str, cwd: str = found.main) -> str:
        answer = found.make(*words, cwd=cwd)
        assert answer.code == 0, (words, answer)
        return answer.out

    assert "task_state: 0 stale row(s) removed" in make("queue-prune-stale", "ACTOR=coordinator")
    assert "A-1 waits for B-1" in make("orchestrator-status")
    assert "B-ui: claim B-1" in make("orchestrator-tick")
    assert found.script(f"{OPS}/agent_session_adapter.sh", "preflight", "--role", "B-ui").code == 0
    make("queue-claim", "ROLE=B-ui", "OWNER=B", "TASK_ID=B-1", cwd=lane)
    launched = found.script(f"{OPS}/agent_session_adapter.sh", "launch", "--role", "B-ui", "--task-id", "B-1")
    assert "session: shell-B-ui-20260504T100000Z" in launched.out
    sha = found.commit("B-ui", "scripts/ci/check.sh")
    make("queue-record-evidence", "TASK_ID=B-1", "COMMAND_TEXT=pnpm --dir packages/web typecheck", "RESULT=pass")
    handoff = ("OWNER=B", "BRANCH=agent/B-ui", "COMMANDS=c", "RESULTS=r", "CHANGED_FILES=f")
    make("queue-record-handoff", "TASK_ID=B-1", f"COMMIT={sha}", *handoff, cwd=lane)
    assert "reviewers: D-arch E-governance" in make("queue-route-review", "TASK_ID=B-1", f"REF={sha}")
    for role, who in (("D-arch", "D"), ("E-governance", "E")):
        assert found.make("queue-merge-ready", "TASK_ID=B-1", f"REF={sha}").code == 2
        review = (f"REVIEWER_ROLE={role}", f"REVIEWER={who}", "STATUS=approved", f"COMMIT={sha}", "NOTE=No findings.")
        make("queue-record-review", "TASK_ID=B-1", *review)
    assert "merge-ready: yes" in make("queue-merge-ready", "TASK_ID=B-1", f"REF={sha}")
    git(found.main, "merge", "--quiet", "--ff-only", sha)
    make("queue-set-status", "TASK_ID=B-1", "STATUS=done", "OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}")
    make("queue-git-check")
    assert "A-backend: claim A-1" in make("orchestrator-tick")
    assert state(found, "B-1") | {
        "status": "done",
        "commit_sha": sha,
        "completed_at": NOW,
        "review_status": "approved",
    } == state(found, "B-1")
    moves = [
        (row["from_status"], row["to_status"], row["command_source"])
        for row in legacy_rows(found.main, "task_state_history")
        if row["task_id"] == "B-1"
    ]
    assert moves == [
        (None, "todo", "yaml_sync"),
        ("todo", "in_progress", "claim"),
        ("in_progress", "done", "set-status"),
    ]


def test_of_two_claims_at_the_same_time_one_wins(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"))
    calls = [
        found.start_script(STORE_SCRIPT, "claim", "--role", "B-ui", "--owner", owner, "--task-id", "B-1")
        for owner in ("one", "two")
    ]
    ended = [(call.communicate(timeout=60), call.returncode) for call in calls]
    assert sorted(code for _streams, code in ended) == [0, 1]
    loser = next(streams[1].decode() for streams, code in ended if code)
    assert loser == f"ERROR: task B-1 already claimed by {state(found, 'B-1')['owner']}\n"
    assert [row["to_status"] for row in legacy_rows(found.main, "task_state_history")] == ["todo", "in_progress"]


def test_the_scripts_work_from_the_folder_that_they_are_put_away_in(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"))
    os.rename(os.path.join(found.main, OPS), os.path.join(found.main, "away"))
    os.makedirs(os.path.join(found.main, OPS))
    os.rename(os.path.join(found.main, "away"), os.path.join(found.main, OPS, "legacy"))
    claimed = found.script(f"{OPS}/legacy/agent_queue.sh", "claim", "--role=B-ui", "--owner=B", "--task_id=B-1")
    assert claimed.code == 0, claimed
    assert state(found, "B-1")["owner"] == "B"


# --- the rules --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-2"], 1, "open dependencies: B-1"),
        (["claim", "--role", "A-backend", "--owner", "B", "--task-id", "B-1"], 1, "belongs to B-ui"),
        (["claim", "--role", "B-ui", "--owner", "", "--task-id", "B-1"], 2, "--owner is required"),
        (["claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-9"], 1, "unknown task B-9"),
        (["set-status", "--task-id", "B-1", "--status", "done"], 1, "no passing evidence"),
        (["set-status", "--task-id", "B-1", "--status", "blocked", "--note", " "], 1, "needs --blocked-reason"),
        (["set-status", "--task-id", "B-1", "--status", "merged"], 2, "unknown status merged"),
        (["set-status", "--task-id", "B-1", "--status", "todo", "--commit", "abc"], 1, "no such commit: abc"),
        (["set-status", "--task-id", "B-0", "--status", "todo"], 1, "done is final"),
        (["record-evidence", "--task-id", "B-1", "--command-text", "c", "--result", "great"], 2, "--result is one of"),
        (["ready", "--colour", "red"], 2, "unknown option --colour for ready"),
        (["go"], 2, "unknown command go"),
        ([], 2, "no command"),
    ],
)
def test_what_is_refused(rules: LegacyProject, words: list[str], code: int, said: str) -> None:
    answer = rules.queue(*words)
    assert answer.code == code, answer
    assert said in answer.err.splitlines()[-1]
    assert answer.err.splitlines()[-1].startswith("ERROR: ")


@pytest.fixture(scope="module")
def rules(tmp_path_factory: pytest.TempPathFactory) -> LegacyProject:
    """A project that no test of the table above changes."""
    done = task("B-0", status="done", commit="abc", completed_at="2026-05-01")
    return project(tmp_path_factory.mktemp("rules"), done, task("B-1"), task("B-2", depends_on=["B-0", "B-1"]))


@pytest.mark.parametrize(("lane", "who"), [("B-ui", "D"), ("D-arch", "b"), ("D-arch", "B-ui")])
def test_nobody_reviews_their_own_work(tmp_path: Path, lane: str, who: str) -> None:
    found = project(tmp_path, task("B-1", status="in_progress", owner="B"), lanes=[])
    answer = found.queue(
        *["record-review", "--task-id", "B-1", "--reviewer-role", lane, "--reviewer", who],
        *["--status", "approved", "--commit", "HEAD"],
    )
    assert answer.code == 1
    assert legacy_rows(found.main, "task_reviews") == []


def test_a_claim_needs_a_lane_that_passes_its_preflight(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"))
    write_file(found.lanes["B-ui"], "left-over.txt", "x")
    claim = ["claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-1"]
    assert "has uncommitted changes" in found.queue(*claim).err
    assert state(found, "B-1")["status"] == "todo"
    assert found.queue(*claim, "--force").code == 2
    found.queue_ok(*claim, "--force", "--reason", "urgent")
    assert legacy_rows(found.main, "task_state_history")[-1]["reason"] == "urgent"


def test_an_approval_counts_for_the_commit_that_was_read(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1", status="in_progress", owner="B", branch="agent/B-ui"))
    found.queue_ok("record-evidence", "--task-id", "B-1", "--command-text", "c", "--result", "pass")
    sha = found.commit("B-ui", "cmd/api/routes.go")
    review = ["record-review", "--task-id", "B-1", "--reviewer-role", "E-governance", "--reviewer", "E"]
    merge = ["merge-ready", "--task-id", "B-1", "--ref", "agent/B-ui"]
    found.queue_ok(*review, "--status", "approved", "--commit", sha)
    found.queue_ok(*merge)
    later = found.commit("B-ui", "cmd/api/more.go")
    assert found.queue(*merge).err == "ERROR: task B-1 is not ready to merge: review E-governance\n"
    found.queue_ok(*review, "--status", "changes_requested", "--commit", later)
    assert found.queue(*merge).code == 1


def test_the_queue_file_seeds_the_state_once(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1", status="todo"), lanes=[])
    found.write_queue(
        queue_text(task("B-1", status="blocked", owner="X"), task("B-2", status="in_progress", owner="Y"))
    )
    found.queue_ok("ready")
    assert [state(found, name)["status"] for name in ("B-1", "B-2")] == ["todo", "in_progress"]
    assert found.queue_ok("sync", "--overwrite-state").out == "synced 2 tasks, state of 1 replaced\n"
    assert state(found, "B-1")["owner"] == "X"


def test_pruning_removes_the_rows_of_tasks_that_are_gone(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"), task("B-2"), lanes=[])
    found.queue_ok("record-evidence", "--task-id", "B-1", "--command-text", "c", "--result", "pass")
    found.write_queue(queue_text(task("B-2")))
    assert "task_evidence: 1 stale row(s) removed" in found.queue_ok("prune-stale").out
    assert [row["task_id"] for row in legacy_rows(found.main, "task_state")] == ["B-2"]


def test_the_ci_checks_fail_on_what_is_wrong(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"))
    validate, consistency = f"{CI}/agent_queue_validate.sh", f"{CI}/agent_queue_git_consistency.sh"
    assert [found.script(path).code for path in (validate, consistency)] == [0, 0]
    git(found.lanes["B-ui"], "checkout", "--quiet", "-b", "elsewhere")
    assert "is on elsewhere, expected agent/B-ui" in found.script(consistency).out
    wrong = [
        task("B-1", role="Z-nobody"),
        task("b 2", depends_on=["B-7"]),
        task("B-1"),
        task("B-3", depends_on=["B-3"]),
    ]
    found.write_queue(queue_text(*wrong))
    answer = found.script(validate)
    assert answer.code == 1
    for problem in ("unknown role Z-nobody", "b 2: malformed id", "unknown task B-7", "repeated id", "B-3 -> B-3"):
        assert problem in answer.err


def test_the_store_runs_under_ruby_as_acceptance_checks_call_it(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"), lanes=[])
    done = subprocess.run(
        ["ruby", STORE_SCRIPT, "--queue-file", QUEUE_FILE, "validate"], cwd=found.main, capture_output=True, check=False
    )
    assert (done.returncode, done.stdout.decode()) == (0, f"OK {QUEUE_FILE}: 1 tasks\n")


def test_text_of_any_kind_is_kept_as_it_was_given(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"), lanes=[])
    text = 'it\'s "quoted"; $(id) `x` \\ naïve ☃\nsecond line'
    found.queue_ok(
        "record-evidence", "--task-id", "B-1", "--command-text", text, "--result", "fail", env={"LC_ALL": "C"}
    )
    assert legacy_rows(found.main, "task_evidence")[0]["command_text"] == text


@pytest.mark.parametrize(
    ("script", "given", "missing"),
    [
        ("agent_context_packet.sh", {"GOAL": "g", "OWNER_LANE": "B-ui", "ACCEPTANCE": "a"}, "GOAL"),
        (
            "bugfix_review_packet.sh",
            dict.fromkeys(("ROOT_CAUSE", "OWNING_LAYER", "PROOF_COMMAND", "REGRESSION_COVERAGE", "RESIDUAL_RISK"), "t"),
            "RESIDUAL_RISK",
        ),
        (
            "agent_watch_task.sh",
            dict.fromkeys(("WATCH_ID", "PROCESS", "COMMAND", "SUCCESS_CONDITION", "FAILURE_CONDITION"), "t")
            | {"CLOSE_CONDITION": "t"},
            "COMMAND",
        ),
    ],
)
def test_packets_take_their_fields_from_the_environment(
    rules: LegacyProject, script: str, given: dict[str, str], missing: str
) -> None:
    path = f"{OPS}/{script}"
    assert rules.script(path, env=given).out.startswith("# ")
    refused = rules.script(path, env={name: text for name, text in given.items() if name != missing})
    assert (refused.code, refused.err) == (2, f"ERROR: {missing} is not set\n")


def test_sub_agents_packs_and_the_trial_tables(rules: LegacyProject) -> None:
    bridge = ["--thread-id", "t1", "--role", "B-ui", "--state", "completed"]
    assert rules.script(f"{OPS}/codex_subagent_session_bridge.sh", *bridge).code == 0
    assert [row["status"] for row in legacy_rows(rules.main, "agent_sessions")] == ["ended"]
    packs = f"{OPS}/workflow_regression_packs.sh"
    assert [line.split("\t")[0] for line in rules.script(packs, "list").out.splitlines()] == [
        "auth-session",
        "terminal",
    ]
    assert rules.script(packs, "validate").code == 0
    assert "id: terminal" in rules.script(packs, "show", "terminal").out
    assert rules.script(packs, "show", "nothing").code == 1
    assert "CREATE TABLE" in rules.script(f"{OPS}/agent_queue_postgres_compat.sh").out


# --- the planted differences, each beside what Fairway does -------------------------------------------------


def test_planted_ready_tasks_of_one_priority_come_by_id_and_not_by_place(tmp_path: Path) -> None:
    tasks = [task("B-3", priority=2), task("B-2", priority=1), task("B-1", priority=1), task("B-4")]
    found = project(tmp_path / "old", *tasks, lanes=[])
    ours = make_checkout(tmp_path / "new", queue_text(*tasks), lanes=[])
    assert ready(found, "--role", "B-ui") == ["B-1", "B-2", "B-3", "B-4"]
    answer = ours.ok("queue-ready", "--role", "B-ui", "--json").json
    assert [row["task_id"] for row in answer["tasks"]] == ["B-2", "B-1", "B-3", "B-4"]


def test_planted_docs_governance_is_reviewed_by_another_lane(tmp_path: Path) -> None:
    found = project(tmp_path / "old", task("B-1"))
    ours = make_checkout(tmp_path / "new", queue_text(task("B-1")), lanes=["B-ui"])
    sha = found.commit("B-ui", "docs/governance/rules.md")
    answer = found.queue_ok("route-review", "--task-id", "B-1", "--ref", sha)
    assert "reviewers: D-arch\n" in answer.out
    routed = ours.ok("queue-route-review", "--paths", "docs/governance/rules.md", "--json").json
    assert [row["lane"] for row in routed["paths"]] == ["E-governance"]


def test_planted_ok_is_taken_for_pass(tmp_path: Path) -> None:
    found = project(tmp_path / "old", task("B-1"), lanes=[])
    ours = make_checkout(tmp_path / "new", queue_text(task("B-1")), lanes=[])
    words = ["--task-id", "B-1", "--command-text", "c", "--result", "ok"]
    found.queue_ok("record-evidence", *words)
    assert legacy_rows(found.main, "task_evidence")[0]["result"] == "pass"
    assert ours.run("queue-record-evidence", *words).word == "usage"


def test_planted_finished_work_is_given_the_tip_of_the_integration_branch(tmp_path: Path) -> None:
    found = project(tmp_path / "old", task("B-1"))
    ours = make_checkout(tmp_path / "new", queue_text(task("B-1")), lanes=["B-ui"])
    claim = ["claim", "--role", "B-ui", "--owner", "Bo", "--task-id", "B-1"]
    proof = ["record-evidence", "--task-id", "B-1", "--command-text", "c", "--result", "pass"]
    for words in (claim, proof, ["set-status", "--task-id", "B-1", "--status", "done"]):
        found.queue_ok(*words)
        ours.ok(f"queue-{words[0]}", *words[1:])
    (state,) = legacy_rows(found.main, "task_state")
    assert state["commit_sha"] == git(found.main, "rev-parse", "master")
    assert not ours.detail("B-1")["commit_sha"]


@pytest.mark.parametrize(
    ("path", "lane"),
    [
        (".github/workflows/ci.yml", "C-ops"),
        ("scripts/ci/contracts_validate.sh", "D-arch E-governance"),
        ("scripts/ops/agent_queue.sh", "C-ops"),
        ("doc/api/openapi.draft.yaml", "D-arch E-governance"),
        ("doc/architecture/Runtime.md", "D-arch E-governance"),
        ("docs/design/state-machine.md", "D-arch"),
        ("packages/web/src/App.tsx", "none"),
        ("cmd/node-agent/main.go", "E-governance"),
        ("packages/services/provisioning/worker/service.go", "E-governance"),
        ("scripts/release.sh", "E-governance"),
        ("cmd/security-x/main.go", "none"),
    ],
)
def test_all_other_paths_are_routed_as_published(routing: LegacyProject, path: str, lane: str) -> None:
    git(routing.lanes["B-ui"], "checkout", "--quiet", "--detach", "agent/B-ui")
    sha = routing.commit("B-ui", path)
    answer = routing.script(STORE_SCRIPT, "route-review", "--task-id", "B-1", "--ref", sha)
    assert f"reviewers: {lane}\n" in answer.out


def test_the_other_review_lane_reviews_for_one_of_the_two(routing: LegacyProject) -> None:
    git(routing.lanes["B-ui"], "checkout", "--quiet", "--detach", "agent/B-ui")
    sha = routing.commit("B-ui", "doc/architecture/Runtime.md")
    answer = routing.script(STORE_SCRIPT, "route-review", "--task-id", "D-1", "--ref", sha)
    assert "reviewers: E-governance\n" in answer.out


@pytest.fixture(scope="module")
def routing(tmp_path_factory: pytest.TempPathFactory) -> LegacyProject:
    return project(tmp_path_factory.mktemp("routing"), task("B-1"), task("D-1", "D-arch"))


# --- the files --------------------------------------------------------------------------------------------


def scripts() -> list[str]:
    folders = [os.path.join(HERE, "scripts", name) for name in ("ops", "ci")]
    return sorted(os.path.join(folder, name) for folder in folders for name in os.listdir(folder))


def test_every_published_script_is_there_and_can_be_run() -> None:
    names = {os.path.relpath(path, os.path.join(HERE, "scripts")) for path in scripts()}
    assert names == {
        *("ops/agent_queue_store.rb", "ops/agent_queue.sh", "ops/agent_role_config.sh", "ops/orchestrate_agents.sh"),
        *("ops/setup_agent_lanes.sh", "ops/agent_preflight.sh", "ops/agent_context_packet.sh"),
        *("ops/bugfix_review_packet.sh", "ops/agent_watch_task.sh", "ops/workflow_regression_packs.sh"),
        *("ops/agent_session_adapter.sh", "ops/codex_subagent_session_bridge.sh"),
        *("ops/agent_queue_postgres_compat.sh", "ci/agent_queue_validate.sh", "ci/agent_queue_git_consistency.sh"),
    }
    assert all(os.stat(path).st_mode & stat.S_IXUSR for path in scripts())


def test_every_target_of_the_makefile_calls_what_is_there(tmp_path: Path) -> None:
    found = project(tmp_path, task("B-1"))
    with open(os.path.join(found.main, "Makefile"), encoding="utf-8") as file:
        phony = re.findall(r"^\.PHONY:((?:.*\\\n)*.*)", file.read(), re.MULTILINE)
    targets = " ".join(phony).replace("\\\n", " ").split()
    assert len(targets) > 40
    given = ["ROLE=B-ui", "LIMIT=1", "FORCE=1", "REASON=why", "DRY_RUN=1", "OUTPUT=snapshot.json"]
    for target in targets:
        answer = found.make(target, *given)
        assert not re.search("unknown (command|option)|not found|No such", answer.err), (target, answer)


def test_the_shell_scripts_pass_shellcheck() -> None:
    beside = os.path.join(os.path.dirname(sys.executable), "shellcheck")
    checker = beside if os.path.exists(beside) else shutil.which("shellcheck")
    if checker is None:
        pytest.skip("shellcheck is not installed")
    shell = [path for path in scripts() if path.endswith(".sh")]
    done = subprocess.run([checker, *shell], capture_output=True, text=True, check=False)
    assert done.stdout == ""


def test_nothing_of_the_stand_in_comes_from_the_package() -> None:
    for path in (*scripts(), os.path.join(HERE, "Makefile")):
        with open(path, encoding="utf-8") as file:
            assert "fairway" not in file.read().lower(), path
    with open(os.path.join(HERE, "standin.py"), encoding="utf-8") as file:
        assert "from fairway_scripts" not in file.read()
    assert os.path.isdir(os.path.join(HOME, "fairway_scripts"))
