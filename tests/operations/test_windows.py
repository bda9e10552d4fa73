"""Windows of long lists: whatever their size and direction, together they are the list."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.board.inbox import lane_inbox
from fairway_scripts.board.windows import event_count, event_window, task_count, task_window
from fairway_scripts.project.opening import open_unchanged
from fairway_scripts.project.project import Project
from tests.support.shell import Checkout, make_checkout, queue_text, task

LANES = ("A-backend", "B-ui")


class _Args:
    tool, actor, queue_db, queue_file, config = "fairway-tui", "", "", "", ""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """23 tasks in two lanes, some without a priority, one finished, one blocked."""
    tasks = [
        task(
            f"{lane[0]}-{number:02}", lane, title=f"Thing {number}", **({"priority": number % 3} if number % 2 else {})
        )
        for number in range(11)
        for lane in LANES
    ]
    tasks.append(task("A-99", "A-backend", title="ÄÖ Over", status="done", commit="a" * 40))
    made = make_checkout(tmp_path_factory.mktemp("windows"), queue_text(*tasks), lanes=LANES)
    made.ok("queue-import", env={"ACTOR": "ann"})
    made.ok("queue-set-status", "A-05", "--status", "blocked", "--reason", "x", env={"ACTOR": "bob"})
    return made


@pytest.fixture
def project(checkout: Checkout) -> Iterator[Project]:
    before = os.getcwd()
    os.chdir(checkout.main)
    try:
        opened = open_unchanged(_Args())
        yield opened
        opened.store.close()
    finally:
        os.chdir(before)


def forward(project: Project, found: dict[str, Any], size: int) -> list[str]:
    seen: list[dict[str, Any]] = []
    while window := task_window(project, found, key=seen[-1] if seen else None, rows=size):
        seen += window
    return [row["id"] for row in seen]


def backward(project: Project, found: dict[str, Any], size: int) -> list[str]:
    seen: list[dict[str, Any]] = []
    while window := task_window(project, found, key=seen[0] if seen else None, rows=size, back=True):
        seen = window + seen
    return [row["id"] for row in seen]


@pytest.mark.parametrize("size", [1, 2, 7, 22, 500])
@pytest.mark.parametrize("found", [{}, {"lane": "B-ui"}, {"finished": True}, {"words": "thing 1"}, {"lane": "none"}])
def test_windows_one_after_the_other_are_the_list_of_queue_list(
    project: Project, checkout: Checkout, found: dict[str, Any], size: int
) -> None:
    every = checkout.ok("queue-list", "--json").json["tasks"]
    expected = [
        row["task_id"]
        for row in every
        if (found.get("finished") or row["status"] != "done")
        and found.get("lane", row["lane"]) == row["lane"]
        and found.get("words", "") in row["title"].lower()
    ]
    assert forward(project, found, size) == expected
    assert backward(project, found, size) == expected
    assert task_count(project, found) == len(expected)


@pytest.mark.parametrize(
    ("found", "ids"),
    [
        ({"status": "blocked"}, ["A-05"]),
        ({"words": "a-0", "status": "blocked"}, ["A-05"]),
        ({"words": "%"}, []),
        ({"words": "over", "finished": True}, ["A-99"]),
        ({"owner": "nobody"}, []),
    ],
)
def test_a_filter_reads_words_as_they_are(project: Project, found: dict[str, Any], ids: list[str]) -> None:
    assert forward(project, found, 10) == ids


@pytest.mark.parametrize("size", [1, 3, 100])
def test_events_go_from_the_newest_to_the_oldest_and_back(project: Project, size: int) -> None:
    every = event_window(project, {}, key=None, rows=100)
    assert [event["kind"] for event in every] == ["status_set", "queue_imported"]
    assert event_count(project, {}) == len(every)
    seen: list[dict[str, Any]] = []
    while window := event_window(project, {}, key=seen[-1] if seen else None, rows=size):
        seen += window
    assert seen == every
    newer = event_window(project, {}, key=every[-1], rows=size, back=True)
    assert newer == every[:-1]


@pytest.mark.parametrize(
    ("found", "kinds"),
    [
        ({"actor": "bob"}, ["status_set"]),
        ({"kind": "queue_imported"}, ["queue_imported"]),
        ({"lane": "A-backend"}, ["status_set"]),
        ({"words": "A-05"}, ["status_set"]),
    ],
)
def test_events_are_filtered(project: Project, found: dict[str, Any], kinds: list[str]) -> None:
    assert [event["kind"] for event in event_window(project, found, key=None, rows=9)] == kinds
    assert event_count(project, found) == len(kinds)


def test_what_waits_for_a_lane_comes_with_its_line(tmp_path: Path) -> None:
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["A-backend", "B-ui", "D-arch"])
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    sha = made.commit("B-ui", "doc/architecture/x.md")
    given = ["--owner", "B", "--branch", "agent/B-ui", "--commit", sha, "--commands", "c", "--results", "r"]
    made.ok("queue-record-handoff", "B-1", *given, "--changed-files", "f", "--to-role", "A-backend")
    made.ok("queue-route-review", "B-1", "--ref", sha)
    before = os.getcwd()
    os.chdir(made.main)
    try:
        opened = open_unchanged(_Args())
        waits = lane_inbox(opened, "A-backend")
        assert [(row["task_id"], row["command"]) for row in waits["handoffs"]] == [
            ("B-1", "make queue-ack-handoff TASK_ID=B-1 HANDOFF_ID=1")
        ]
        asked = {row["lane"] for row in lane_inbox(opened)["requests"]}
        assert asked == {row["lane"] for row in made.detail("B-1")["review_requests"]}
        assert asked
        (row,) = lane_inbox(opened, min(asked))["requests"]
        assert row["command"] == f"make review-checkout TASK_ID=B-1 WORKTREE={made.lanes['D-arch']}"
        assert lane_inbox(opened, "C-ops") == {"requests": [], "handoffs": []}
    finally:
        os.chdir(before)
