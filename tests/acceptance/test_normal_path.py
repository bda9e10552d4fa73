"""The normal path of a task, in the very command lines that GPUaaS documents, from the main checkout and from a lane.

The lines go through a shell and `make`, as people and agents type them; only ids and commits are filled in.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from fairway_scripts.queue.generation import generate_queue
from tests.acceptance.typed import type_line
from tests.support.repositories import add_lane_worktrees, commit_file, git, head
from tests.support.shell import QUEUE_FILE, Answer, Checkout, make_checkout

LANE = "B-ui"
#: A page of the lane's own, and a contract: that one needs D-arch and E-governance.
CHANGED = {"packages/web/src/App.tsx": "export {}\n", "doc/api/openapi.draft.yaml": "openapi: 3.1.0\n"}

BEFORE_THE_WORK = """\
make queue-prune-stale ACTOR=coordinator
make queue-ready
make queue-claim ROLE=B-ui OWNER=B TASK_ID=<id>
""".splitlines()
BEFORE_THE_MERGE = """\
make queue-record-evidence TASK_ID=<id> COMMAND_TEXT="pnpm --dir packages/web typecheck" RESULT=pass
make queue-record-handoff TASK_ID=<id> OWNER=B BRANCH=agent/B-ui COMMIT=<sha> COMMANDS="..." RESULTS="..." CHANGED_FILES="..."
make queue-route-review TASK_ID=<id> REF=<sha>
make queue-record-review TASK_ID=<id> REVIEWER_ROLE=D-arch REVIEWER=D STATUS=approved COMMIT=<sha> NOTE="No findings."
make queue-record-review TASK_ID=<id> REVIEWER_ROLE=E-governance REVIEWER=E STATUS=approved COMMIT=<sha> NOTE="Gates sufficient."
make queue-merge-ready TASK_ID=<id> REF=<sha>
""".splitlines()  # noqa: E501 - the lines stay as they are written
AFTER_THE_MERGE = """\
make queue-set-status TASK_ID=<id> STATUS=done OWNER=<owner> BRANCH=<branch> COMMIT=<sha>
make queue-git-check                                                   # also a task's own acceptance check
""".splitlines()
LINES = [*BEFORE_THE_WORK, *BEFORE_THE_MERGE, *AFTER_THE_MERGE]


class Replay(NamedTuple):
    """What came of the path: the project, the task, its commit, and the answer to each line."""

    project: Checkout
    task_id: str
    sha: str
    answers: dict[str, Answer]


def gpuaas_project(parent: str) -> Checkout:
    """The gpuaas preset, a generated queue of full size, five lanes; finished tasks carry a commit that exists."""
    project = make_checkout(parent, "version: 1\ntasks: []\n", lanes=[])
    commit_file(project.main, QUEUE_FILE, generate_queue(commits=[head(project.main)[:8]]), "Queue")
    return Checkout(project.main, add_lane_worktrees(project.main))


def replay(project: Checkout, cwd: str) -> Replay:
    """Walk the path in `cwd`: lines of make, and between them the work of the lane and the coordinator's merge."""
    answers: dict[str, Answer] = {}
    task_id = type_line(f"make -s queue-ready ROLE={LANE} LIMIT=1 FORMAT=ids", cwd).out.strip()
    filled = {"<id>": task_id, "<owner>": "B", "<branch>": f"agent/{LANE}"}

    def walk(lines: list[str]) -> None:
        for line in lines:
            typed = line
            for blank, value in filled.items():
                typed = typed.replace(blank, value)
            answers[line] = type_line(typed, cwd)

    walk(BEFORE_THE_WORK)
    for path, text in CHANGED.items():
        filled["<sha>"] = project.commit(LANE, path, text, f"{task_id}: {path}")[:8]
    walk(BEFORE_THE_MERGE)
    git(project.main, "merge", "--quiet", "--ff-only", f"agent/{LANE}")
    walk(AFTER_THE_MERGE)
    return Replay(project, task_id, head(project.main), answers)


@pytest.fixture(scope="module", params=["the main checkout", f"gpuas-{LANE}"])
def done(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Replay:
    """The whole path, walked once from each place."""
    project = gpuaas_project(str(tmp_path_factory.mktemp("normal-path")))
    lane = project.lanes[LANE]
    assert os.path.basename(lane) == f"gpuas-{LANE}"
    return replay(project, project.main if request.param == "the main checkout" else lane)


@pytest.fixture
def rows(done: Replay) -> Iterator[Any]:
    """A function that asks the store in SQL about the task and gives the rows as dicts."""
    connection = sqlite3.connect(done.project.store)
    connection.row_factory = sqlite3.Row

    def ask(sql: str) -> list[dict[str, Any]]:
        return [dict(row) for row in connection.execute(sql, {"task_id": done.task_id})]

    yield ask
    connection.close()


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.split("#")[0].strip())
def test_the_line_works_as_it_is_documented(done: Replay, line: str) -> None:
    answer = done.answers[line]
    assert answer.code == 0, answer
    assert answer.out
    assert "error" not in answer.err
    assert "Traceback" not in answer.err


def test_ready_lists_the_lane_that_will_be_claimed_from(done: Replay) -> None:
    listed = done.answers["make queue-ready"].out
    assert done.task_id in listed.split()
    assert len(listed.splitlines()) > 3


def test_the_claim_goes_to_the_owner_and_the_branch_of_the_lane(done: Replay) -> None:
    claimed = done.answers["make queue-claim ROLE=B-ui OWNER=B TASK_ID=<id>"].out.splitlines()
    assert claimed[0] == f"claimed {done.task_id}"
    assert "owner: B" in claimed
    assert f"branch: agent/{LANE}" in claimed


def test_the_contract_is_routed_to_both_reviewing_lanes(done: Replay, rows: Any) -> None:
    printed = done.answers["make queue-route-review TASK_ID=<id> REF=<sha>"].out
    assert "doc/api/openapi.draft.yaml" in printed
    requests = rows("SELECT role, layer, paths, commit_sha FROM review_requests WHERE task_id = :task_id ORDER BY role")
    assert [request["role"] for request in requests] == ["D-arch", "E-governance"]
    assert {request["layer"] for request in requests} == {"sensitive"}
    assert {request["commit_sha"] for request in requests} == {done.sha}
    assert all("doc/api/openapi.draft.yaml" in json.loads(request["paths"]) for request in requests)


def test_merge_ready_names_no_failure(done: Replay) -> None:
    checks = done.answers["make queue-merge-ready TASK_ID=<id> REF=<sha>"].out
    assert "fail" not in checks.split()
    assert "pass" in checks.split()


def test_git_check_finds_queue_and_git_in_agreement(done: Replay) -> None:
    last = done.answers[AFTER_THE_MERGE[-1]]
    assert "OK" in last.out
    assert "error" not in last.out.split()


def test_git_check_is_clean_once_the_lanes_have_taken_the_merge(done: Replay) -> None:
    for lane in done.project.lanes.values():
        git(lane, "merge", "--quiet", "--ff-only", "master")
    found = done.project.ok("queue-git-check", "--json").json
    assert [finding for finding in found["findings"] if finding["level"] != "note"] == []


def test_the_task_is_done_on_the_merged_commit_and_held_by_nobody(done: Replay, rows: Any) -> None:
    (state,) = rows("SELECT * FROM task_state WHERE task_id = :task_id")
    assert {name: state[name] for name in ("status", "owner", "branch", "commit_sha", "claimant", "review_status")} == {
        "status": "done",
        "owner": "B",
        "branch": f"agent/{LANE}",
        "commit_sha": done.sha,
        "claimant": None,
        "review_status": "approved",
    }
    assert state["completed_at"]
    assert state["fence"] == 1


def test_every_step_left_its_record(rows: Any) -> None:
    history = rows("SELECT to_status FROM task_state_history WHERE task_id = :task_id ORDER BY id")
    assert [row["to_status"] for row in history] == ["todo", "in_progress", "done"]
    assert rows("SELECT command_text, result, producer FROM task_evidence WHERE task_id = :task_id") == [
        {"command_text": "pnpm --dir packages/web typecheck", "result": "pass", "producer": "claim"}
    ]
    assert rows(
        "SELECT owner, branch, commands, results, changed_files FROM task_handoffs WHERE task_id = :task_id"
    ) == [{"owner": "B", "branch": "agent/B-ui", "commands": "...", "results": "...", "changed_files": "..."}]
    events = rows("SELECT kind FROM events WHERE task_id = :task_id ORDER BY id")
    assert [row["kind"] for row in events] == [
        "claimed", "evidence_recorded", "handoff_recorded", "review_routed", "reviewed", "reviewed", "status_set",
    ]  # fmt: skip


def test_both_verdicts_are_bound_to_the_commit_that_was_merged(done: Replay, rows: Any) -> None:
    reviews = rows("SELECT reviewer_role, reviewer, verdict, reviewed_commit_sha, notes FROM task_reviews ORDER BY id")
    assert reviews == [
        {
            "reviewer_role": lane,
            "reviewer": reviewer,
            "verdict": "approved",
            "reviewed_commit_sha": done.sha,
            "notes": note,
        }
        for lane, reviewer, note in [("D-arch", "D", "No findings."), ("E-governance", "E", "Gates sufficient.")]
    ]


def test_the_handoff_names_the_whole_commit_that_was_given_short(done: Replay, rows: Any) -> None:
    (handoff,) = rows("SELECT commit_sha FROM task_handoffs WHERE task_id = :task_id")
    assert handoff["commit_sha"] == done.sha


def test_no_other_task_was_touched(done: Replay, rows: Any) -> None:
    touched = rows("SELECT DISTINCT task_id FROM events WHERE task_id <> ''")
    assert touched == [{"task_id": done.task_id}]
    assert rows("SELECT count(*) AS tasks FROM task_definitions") == [{"tasks": 406}]


def test_main_checkout_and_lanes_share_one_store(done: Replay) -> None:
    for lane in [done.project.main, *done.project.lanes.values()]:
        answer = done.project.ok("queue-task-detail", done.task_id, "--json", cwd=lane)
        assert answer.json["status"] == "done"


def test_the_ledger_verifies(done: Replay) -> None:
    answer = done.project.ok("queue-verify")
    assert answer.out.startswith("ok")
