"""queue-tree, the tasks inside another one, and epics that are finished too early."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.shell import Checkout, make_checkout, queue_text, task
from tests.support.stored import rows

DONE = {"status": "done", "commit": "abc", "completed_at": "2026-05-04"}
TREE = """\
B-E [todo] Title of B-E (2/5)
  B-S1 [todo] Title of B-S1 (1/2)
    B-1 [done] Title of B-1
    B-2 [todo] Title of B-2
  B-S2 [done] Title of B-S2 (0/1)
    A-1 [todo] Title of A-1
"""


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """An epic of two stories; each parent is listed behind its children."""
    return make_checkout(
        tmp_path,
        queue_text(
            task("A-1", "A-backend", parent_id="B-S2"),
            task("B-2", parent_id="B-S1", priority=2),
            task("B-1", parent_id="B-S1", priority=1, **DONE),
            task("B-S2", parent_id="B-E", sequence=2, **DONE),
            task("B-S1", parent_id="B-E", sequence=1, kind="story"),
            task("B-E", kind="epic"),
            task("B-ALONE"),
        ),
        lanes=["B-ui"],
    )


def finish(project: Checkout, task_id: str) -> str:
    """Finish a task past its gates; what was said on the way."""
    words = ["--status", "done", "--force", "--reason", "r", "--commit", "HEAD"]
    project.ok("queue-set-status", task_id, "--status", "in_progress")
    return project.ok("queue-set-status", task_id, *words).err


def test_the_tree_shows_what_lies_below_in_the_order_of_work_with_how_much_is_done(project: Checkout) -> None:
    assert project.ok("queue-tree", "B-E").out == TREE
    assert project.ok("queue-tree", "B-S2").out == TREE[TREE.index("B-S2") :].replace("\n    A", "\n  A")


def test_depth_cuts_the_tree_and_not_the_counts(project: Checkout) -> None:
    assert project.ok("queue-tree", "B-E", "--depth", "0").out == TREE.splitlines()[0] + "\n"
    one = project.ok("queue-tree", "B-E", "--depth", "1").out.splitlines()
    assert one == [line for line in TREE.splitlines() if not line.startswith("    ")]
    assert project.ok("queue-tree", "B-E", "--depth", "1", "--json").json["cut"] == 2
    assert project.ok("queue-tree", "B-E", "--depth", "9", "--json").json["cut"] == 0


def test_json_nests_tasks_and_children(project: Checkout) -> None:
    tree = project.ok("queue-tree", "B-E", "--json").json
    assert (tree["task"]["task_id"], tree["task"]["done"], tree["task"]["total"]) == ("B-E", 2, 5)
    first, second = tree["children"]
    assert [child["task"]["task_id"] for child in first["children"]] == ["B-1", "B-2"]
    assert second["children"][0] == {
        "children": [],
        "task": {
            "task_id": "A-1",
            "title": "Title of A-1",
            "kind": "task",
            "lane": "A-backend",
            "status": "todo",
            "owner": "",
            "priority": None,
            "parent_id": "B-S2",
            "terminal": False,
            "left_file": False,
            "done": 0,
            "total": 0,
        },
    }


def test_without_a_task_every_tree_is_shown_and_no_task_that_stands_alone(project: Checkout) -> None:
    assert project.ok("queue-tree").out == TREE
    tree = project.ok("queue-tree", "--json").json
    assert tree["task"] is None
    assert [child["task"]["task_id"] for child in tree["children"]] == ["B-E"]


def test_a_task_without_children_is_a_tree_of_one(project: Checkout) -> None:
    assert project.ok("queue-tree", "B-ALONE").out == "B-ALONE [todo] Title of B-ALONE\n"


def test_an_unfinished_task_that_left_the_file_is_shown_and_does_not_count(project: Checkout) -> None:
    project.ok("queue-list")
    project.write_queue(queue_text(task("B-S1", parent_id="B-E"), task("B-E"), task("A-1", "A-backend")))
    lines = project.ok("queue-tree", "B-E").out.splitlines()
    assert lines[0] == "B-E [todo] Title of B-E (2/3)"
    assert "    B-2 [todo] Title of B-2 (left the queue file)" in lines
    assert "    B-1 [done] Title of B-1" in lines, "finished work that was swept out of the file is still done"


@pytest.mark.parametrize(
    ("words", "word"),
    [(["B-77"], "not_found"), (["B-E", "--depth", "x"], "usage"), (["B-E", "--format", "tsv"], "usage")],
)
def test_what_cannot_be_shown_is_refused(project: Checkout, words: list[str], word: str) -> None:
    assert project.run("queue-tree", *words).word == word


def test_a_chain_of_a_thousand_tasks_is_cut_and_said_to_be(tmp_path: Path) -> None:
    chain = [task(f"B-{number}", **({"parent_id": f"B-{number - 1}"} if number else {})) for number in range(1000)]
    project = make_checkout(tmp_path, queue_text(*chain), lanes=[])
    answer = project.ok("queue-tree", "B-0")
    assert answer.out.startswith("B-0 [todo] Title of B-0 (0/999)\n")
    assert len(answer.out.splitlines()) == 101
    assert "have more below them" in answer.err
    assert project.ok("queue-tree", "B-0", "--json").json["cut"] == 1


# --- inside a task --------------------------------------------------------------------------------------------


def test_ready_and_claim_take_only_what_lies_below_a_task(project: Checkout) -> None:
    assert project.ok("queue-ready", "--in", "B-E", "--format", "ids").out.split() == ["A-1", "B-2", "B-S1"]
    claimed = project.ok("queue-claim", "--in", "B-S1", "--role", "B-ui", "--owner", "B", "--json").json
    assert claimed["task_id"] == "B-2"
    answer = project.run("queue-claim", "--in", "B-S1", "--role", "B-ui", "--owner", "B")
    assert answer.word == "nothing_ready"
    assert "below B-S1" in answer.err


@pytest.mark.parametrize("words", [["queue-ready"], ["queue-claim", "--role", "B-ui", "--owner", "B"]])
def test_an_unknown_task_to_look_inside_is_refused(project: Checkout, words: list[str]) -> None:
    assert project.run(*words, "--in", "B-77").word == "not_found"


# --- finishing a task with open ones below it -----------------------------------------------------------------


def test_finishing_an_epic_with_open_tasks_below_it_warns_and_lists_them(project: Checkout) -> None:
    said = finish(project, "B-E")
    assert "warning: B-E is done with 3 open tasks below it: " in said
    for listed in ("B-S1 (todo)", "B-2 (todo)", "A-1 (todo)"):
        assert listed in said
    assert "B-1" not in said.replace("B-S1", "")
    assert rows(project, "task_state", "B-E")[0]["status"] == "done"


def test_an_epic_whose_tasks_are_done_or_left_the_file_is_finished_quietly(project: Checkout) -> None:
    project.ok("queue-list")
    project.write_queue(queue_text(task("B-E", kind="epic"), task("B-S2", parent_id="B-E", **DONE)))
    assert "open task" not in finish(project, "B-E")


def test_no_status_but_a_finished_one_warns(project: Checkout) -> None:
    answer = project.ok("queue-set-status", "B-E", "--status", "blocked", "--reason", "r")
    assert "open task" not in answer.err


def test_many_open_tasks_are_counted(tmp_path: Path) -> None:
    tasks = [task("B-E"), *(task(f"B-{number:02}", parent_id="B-E") for number in range(30))]
    said = finish(make_checkout(tmp_path, queue_text(*tasks), lanes=[]), "B-E")
    assert "with 30 open tasks below it: " in said
    assert "B-19 (todo) and 10 more" in said
