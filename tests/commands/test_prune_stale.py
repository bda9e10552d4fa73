"""queue-prune-stale: what left the queue file untouched goes, everything else stays."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support.shell import Checkout, make_checkout, queue_text, task


def checkout(tmp_path: Path, *tasks: dict[str, object]) -> Checkout:
    project = make_checkout(tmp_path, queue_text(*tasks), lanes=[], config=None)
    project.ok("queue-import")
    return project


def prune(project: Checkout, *arguments: str) -> Any:
    return project.ok("queue-prune-stale", "--actor", "coordinator", "--json", *arguments).json


def tables(project: Checkout) -> Any:
    return json.loads(project.ok("queue-snapshot").out)["tables"]


def kept(project: Checkout) -> Any:
    """Every table but what is remembered of the queue file, whose time is noted once it has settled."""
    return {name: rows for name, rows in tables(project).items() if name != "queue_sources"}


def ids(project: Checkout) -> list[str]:
    return [row["id"] for row in tables(project)["task_definitions"]]


def archived(project: Checkout) -> list[str]:
    return [row["id"] for row in tables(project)["task_definitions"] if row["archived_at"]]


def test_an_untouched_task_that_left_the_file_goes_from_every_table(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("A-1", "A-backend"), task("B-1"), task("B-2", depends_on=["A-1"]))
    project.write_queue(queue_text(task("A-1", "A-backend"), task("B-1")))
    answer = prune(project)
    assert answer["removed"] == ["B-2"]
    assert answer["rows"] == {"definitions": 1, "state": 1, "history": 1, "dependencies": 1}
    left = tables(project)
    assert "B-2" not in json.dumps({name: left[name] for name in left if name != "events"})
    assert ids(project) == ["A-1", "B-1"]
    project.ok("queue-verify")


def test_prints_what_went_from_each_table(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2", depends_on=["B-1"]))
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.write_queue(queue_text(task("B-3")))
    answer = project.make("queue-prune-stale", "ACTOR=coordinator")
    assert answer.out.splitlines() == [
        "pruned definitions=1 state=1 history=1 dependencies=1; archived=1",
        "removed: B-2",
        "archived: B-1",
    ]
    assert "B-1 left the queue file while it is claimed" in answer.err


def touch_by(*arguments: str) -> tuple[str, ...]:
    return arguments


@pytest.mark.parametrize(
    "arguments",
    [
        touch_by("queue-claim", "B-1", "--role", "B-ui", "--owner", "B"),
        touch_by("queue-set-status", "B-1", "--status", "blocked", "--reason", "x"),
        touch_by("queue-record-evidence", "B-1", "--command-text", "c", "--result", "pass"),
        touch_by(
            *("queue-record-handoff", "B-1", "--owner", "B", "--branch", "b", "--commit", "HEAD", "--commands", "c"),
            *("--results", "r", "--changed-files", "f"),
        ),
        touch_by(
            *("queue-record-review", "B-1", "--reviewer-role", "D-arch", "--reviewer", "D", "--status", "approved"),
            *("--commit", "HEAD"),
        ),
    ],
    ids=lambda arguments: arguments[0],
)
def test_a_task_that_anything_was_done_with_is_archived_never_deleted(
    tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2"))
    project.ok(*arguments)
    project.write_queue(queue_text(task("B-2")))
    answer = prune(project)
    assert (answer["removed"], answer["archived"]) == ([], ["B-1"])
    assert archived(project) == ["B-1"]
    project.ok("queue-verify")


def test_a_task_whose_change_was_undone_has_a_history_too(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2"))
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-undo")
    project.write_queue(queue_text(task("B-2")))
    assert prune(project)["archived"] == ["B-1"]


@pytest.mark.parametrize("link", [{"depends_on": ["B-1"]}, {"parent_id": "B-1"}], ids=["dependency", "parent"])
def test_a_task_that_another_one_names_is_archived(tmp_path: Path, link: dict[str, object]) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2", **link))
    project.write_queue(queue_text(task("B-2", **link)))
    answer = prune(project)
    assert (answer["removed"], answer["archived"]) == ([], ["B-1"])


def test_a_chain_that_left_as_a_whole_goes_as_a_whole(tmp_path: Path) -> None:
    chain = [task("B-1"), task("B-2", depends_on=["B-1"]), task("B-3", depends_on=["B-2"], parent_id="B-1")]
    project = checkout(tmp_path, *chain, task("B-9"))
    project.write_queue(queue_text(task("B-9")))
    assert prune(project)["removed"] == ["B-1", "B-2", "B-3"]


def test_a_task_that_stays_holds_the_whole_chain_below_it(tmp_path: Path) -> None:
    chain = [task("B-1"), task("B-2", depends_on=["B-1"]), task("B-3", depends_on=["B-2"])]
    project = checkout(tmp_path, *chain, task("B-9"))
    project.ok("queue-set-status", "B-3", "--status", "blocked", "--reason", "x")
    project.write_queue(queue_text(task("B-9")))
    answer = prune(project)
    assert (answer["removed"], answer["archived"]) == ([], ["B-1", "B-2", "B-3"])


def test_a_task_is_archived_once_and_removed_later_when_nothing_holds_it(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2", depends_on=["B-1"]), task("B-9"))
    project.write_queue(queue_text(task("B-2", depends_on=["B-1"]), task("B-9")))
    assert prune(project)["archived"] == ["B-1"]
    assert prune(project)["archived"] == []
    project.write_queue(queue_text(task("B-9")))
    assert prune(project)["removed"] == ["B-1", "B-2"]


def test_a_task_that_comes_back_is_in_force_again(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2"))
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.write_queue(queue_text(task("B-2")))
    prune(project)
    project.write_queue(queue_text(task("B-1"), task("B-2")))
    project.ok("queue-import")
    assert archived(project) == []
    assert project.ok("queue-snapshot").json["tables"]["task_state"][0]["owner"] == "B"


def test_a_dry_run_shows_the_same_and_changes_nothing(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2"), task("B-3", depends_on=["B-2"]))
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.write_queue(queue_text(task("B-9")))
    project.ok("queue-import")
    before = kept(project)
    shown = prune(project, "--dry-run")
    assert kept(project) == before
    assert project.ok("queue-prune-stale", "--dry-run").out.startswith("would prune definitions=2 ")
    done = prune(project)
    assert {**shown, "dry_run": False} == done


def test_one_event_says_what_was_pruned_and_by_whom(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2"))
    project.write_queue(queue_text(task("B-2")))
    prune(project)
    event = tables(project)["events"][-1]
    assert (event["kind"], event["actor"], event["task_id"]) == ("pruned", "coordinator", "")
    assert json.loads(event["payload"])["removed"] == ["B-1"]


def test_nothing_to_prune_leaves_no_trace(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    before = kept(project)
    assert project.ok("queue-prune-stale", "--actor", "coordinator").out == (
        "pruned definitions=0 state=0 history=0 dependencies=0; archived=0\n"
    )
    assert kept(project) == before


def test_a_file_that_is_gone_or_broken_prunes_nothing(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"))
    project.write_queue("tasks: [")
    assert prune(project)["removed"] == []
    (tmp_path / "gpuaas" / "doc/governance/Agent_Work_Queue.yaml").unlink()
    assert prune(project)["removed"] == []
    assert ids(project) == ["B-1"]


def test_a_repeated_request_gives_the_first_answer(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1"), task("B-2"))
    project.write_queue(queue_text(task("B-2")))
    first = prune(project, "--request-id", "r1")
    assert first["removed"] == ["B-1"]
    assert prune(project, "--request-id", "r1") == first
