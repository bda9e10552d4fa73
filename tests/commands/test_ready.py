"""queue-ready: what can be claimed now, in the order to take it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shell import Checkout, make_checkout, queue_text, task


def checkout(tmp_path: Path, *tasks: dict[str, object]) -> Checkout:
    return make_checkout(tmp_path, queue_text(*tasks), lanes=[])


def ready_ids(project: Checkout, *arguments: str) -> list[str]:
    return project.ok("queue-ready", "--format", "ids", *arguments).out.split()


def test_orders_by_lane_then_priority_then_file_order(tmp_path: Path) -> None:
    project = checkout(
        tmp_path,
        task("B-2", priority=2),
        task("B-NONE"),
        task("B-1-LATER", priority=1),
        task("B-1-A", priority=1),
        task("A-9", "A-backend", priority=9),
    )
    assert ready_ids(project) == ["A-9", "B-1-LATER", "B-1-A", "B-2", "B-NONE"]


def test_an_explicit_sequence_beats_the_file_order(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-X", priority=1, sequence=9), task("B-Y", priority=1, sequence=3))
    assert ready_ids(project) == ["B-Y", "B-X"]


def test_a_task_without_priority_comes_after_every_usual_one_and_before_rank_1001(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-NONE"), task("B-1001", priority=1001), task("B-999", priority=999))
    assert ready_ids(project) == ["B-999", "B-NONE", "B-1001"]


def test_a_dependency_holds_a_task_back_until_it_is_finished(tmp_path: Path) -> None:
    project = checkout(
        tmp_path,
        task("A-OPEN", "A-backend"),
        task("A-DONE", "A-backend", status="done", commit="abc12345", completed_at="2026-05-04"),
        task("B-FREE", depends_on=["A-DONE"]),
        task("B-HELD", depends_on=["A-DONE", "A-OPEN"]),
    )
    assert ready_ids(project, "--role", "B-ui") == ["B-FREE"]
    project.ok("queue-set-status", "A-OPEN", "--status", "done", "--force", "--reason", "trial")
    assert ready_ids(project, "--role", "B-ui") == ["B-FREE", "B-HELD"]


def test_a_done_task_of_an_archive_counts_as_finished(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-NEXT", depends_on=["A-OLD"]))
    archive = tmp_path / "gpuaas" / "doc/governance/archive/Agent_Work_Queue_2026-03-09.yaml"
    archive.parent.mkdir()
    archive.write_text(
        queue_text(task("A-OLD", "A-backend", status="done", commit="abc12345", completed_at="2026-03-01"))
    )
    assert ready_ids(project) == ["B-NEXT"]
    assert project.run("queue-claim", "A-OLD", "--role", "A-backend", "--owner", "A").code == 3


def test_limit_and_priority_narrow_the_list_and_say_so(tmp_path: Path) -> None:
    project = checkout(tmp_path, *(task(f"B-{n}", priority=n) for n in range(1, 6)))
    answer = project.ok("queue-ready", "--limit", "2")
    assert len(answer.out.splitlines()) == 2
    assert "2 of 5 shown" in answer.err
    assert ready_ids(project, "--priority", "3") == ["B-1", "B-2", "B-3"]


def test_in_narrows_to_the_descendants_of_a_task(tmp_path: Path) -> None:
    project = checkout(
        tmp_path,
        task("B-EPIC"),
        task("B-CHILD", parent_id="B-EPIC"),
        task("B-GRANDCHILD", parent_id="B-CHILD"),
        task("B-OTHER"),
    )
    assert ready_ids(project, "--in", "B-EPIC") == ["B-CHILD", "B-GRANDCHILD"]


def test_an_empty_answer_says_why_on_stderr(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("A-1", "A-backend"), task("B-1", depends_on=["A-1"]))
    answer = project.ok("queue-ready", "--role", "B-ui")
    assert answer.out == ""
    assert "B-1 waits for A-1 (todo)" in answer.err


def test_explain_lists_every_waiting_task_with_what_it_waits_for(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("A-1", "A-backend"), task("B-1", depends_on=["A-1"]))
    waiting = project.ok("queue-ready", "--explain", "--json").json["waiting"]
    assert waiting == [
        {
            "task_id": "B-1",
            "lane": "B-ui",
            "title": "Title of B-1",
            "waits_for": [{"task_id": "A-1", "status": "todo", "lane": "A-backend"}],
            "reason": "waits for A-1 (todo)",
        }
    ]


def test_json_is_one_line_with_a_schema_and_lists_that_are_never_null(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    answer = project.ok("queue-ready", "--json")
    assert answer.out.count("\n") == 1
    assert answer.json == {"schema": "queue-ready/1", "tasks": [], "total": 0}


def test_tsv_is_one_row_a_task(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1", priority=3))
    assert project.ok("queue-ready", "--format", "tsv").out == "B-1\tB-ui\t3\tTitle of B-1\n"


def test_an_unknown_lane_is_refused_with_the_lanes_there_are(tmp_path: Path) -> None:
    answer = checkout(tmp_path).run("queue-ready", "--role", "Z-none")
    assert (answer.code, answer.word) == (3, "not_found")
    assert "A-backend, B-ui" in answer.err


def test_without_queue_file_and_store_it_says_what_is_missing(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, "x", lanes=[])
    (tmp_path / "gpuaas/doc/governance/Agent_Work_Queue.yaml").unlink()
    answer = project.run("queue-ready")
    assert (answer.code, answer.word) == (3, "not_found")
    assert "no queue" in answer.err


def test_a_changed_queue_file_is_read_anew(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    assert ready_ids(project) == ["B-1"]
    project.write_queue(queue_text(task("B-1"), task("B-2")))
    assert ready_ids(project) == ["B-1", "B-2"]


def test_a_broken_queue_file_leaves_the_last_good_definitions_in_force(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2"))
    ready_ids(project)
    project.write_queue(queue_text(task("B-1"), task("B-2", depends_on=["B-NOWHERE"])))
    answer = project.ok("queue-ready", "--format", "ids")
    assert answer.out.split() == ["B-1", "B-2"]
    assert "1 fault(s), so its last good definitions are in force" in answer.err
    refused = project.run("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    assert (refused.code, refused.word) == (1, "invalid_queue")
    assert "B-NOWHERE" in refused.err
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")


def test_a_first_import_that_fails_lists_every_fault_with_its_line(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1", depends_on=["X-1"]), task("b bad"))
    answer = project.run("queue-ready")
    assert (answer.code, answer.word) == (1, "invalid_queue")
    assert "Agent_Work_Queue.yaml:8: B-1: depends_on" in answer.err
    assert "b bad" in answer.err


def test_every_lane_worktree_sees_the_same_queue_whatever_its_own_copy_says(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    stale = tmp_path / "gpuas-B-ui/doc/governance/Agent_Work_Queue.yaml"
    stale.write_text(queue_text(task("B-STALE")))
    answer = project.ok("queue-ready", "--format", "ids", cwd=project.lanes["B-ui"])
    assert answer.out.split() == ["B-1"]


@pytest.mark.parametrize("place", ["symlink", "subfolder"])
def test_works_from_a_subfolder_and_through_a_symlink(tmp_path: Path, place: str) -> None:
    project = checkout(tmp_path, task("B-1"))
    where = tmp_path / "link" if place == "symlink" else tmp_path / "gpuaas/doc/governance"
    if place == "symlink":
        where.symlink_to(tmp_path / "gpuaas")
    assert project.ok("queue-ready", "--format", "ids", cwd=str(where)).out.split() == ["B-1"]
