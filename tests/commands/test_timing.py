"""queue-timing-report: where the time of tasks went, from what the store recorded."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.ready_made import ready_made
from tests.support.shell import Checkout, make_checkout, queue_text, task

DAY = "2026-11-21T"
LATER = f"{DAY}20:00:00Z"


@pytest.fixture
def project() -> Checkout:
    """Imported at 08:00; B-1 was claimed at 10:00, blocked from 11:00 to 13:00 and finished at 15:00."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    tasks = [
        task("A-1", "A-backend"),
        task("A-OLD", "A-backend", status="done", commit="abc12345", completed_at="2026-05-04"),
        task("B-1"),
        task("B-2"),
    ]
    project = make_checkout(parent, queue_text(*tasks), lanes=["A-backend", "B-ui"])
    at(project, 8, "queue-list")
    at(project, 10, "queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    at(project, 11, "queue-set-status", "B-1", "--status", "blocked", "--reason", "no contract")
    at(project, 13, "queue-set-status", "B-1", "--status", "in_progress")
    words = ["--command-text", "pnpm test", "--result", "pass"]
    at(project, 14, "queue-record-evidence", "B-1", *words, "--duration-seconds", "90", cwd=project.lanes["B-ui"])
    at(project, 15, "queue-set-status", "B-1", "--status", "done")
    return project


def at(project: Checkout, hour: int, tool: str, *arguments: str, cwd: str = "") -> None:
    project.ok(tool, *arguments, "--actor", "ann", cwd=cwd, env={"FAIRWAY_NOW": f"{DAY}{hour:02d}:00:00Z"})


def report(project: Checkout, *arguments: str, now: str = LATER) -> Any:
    return project.ok("queue-timing-report", *arguments, "--json", env={"FAIRWAY_NOW": now}).json


def test_a_finished_task_has_all_its_times(project: Checkout) -> None:
    timing = report(project)["by_task"][0]
    assert timing == {
        "task_id": "B-1",
        "lane": "B-ui",
        "title": "Title of B-1",
        "status": "done",
        "open": False,
        "first_seen_at": f"{DAY}08:00:00.000000Z",
        "first_claimed_at": f"{DAY}10:00:00.000000Z",
        "finished_at": f"{DAY}15:00:00.000000Z",
        "last_activity_at": f"{DAY}15:00:00.000000Z",
        "wait_seconds": 2 * 3600.0,
        "cycle_seconds": 5 * 3600.0,
        "blocked_seconds": 2 * 3600.0,
        "review_seconds": None,
        "evidence_seconds": 90.0,
        "evidence_count": 1,
        "unknown": [],
    }


def test_lanes_get_medians_and_totals(project: Checkout) -> None:
    at(project, 16, "queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    lane = report(project)["by_lane"][0]
    assert (lane["lane"], lane["tasks"], lane["finished"]) == ("B-ui", 2, 1)
    assert lane["wait"] == {"count": 2, "median_seconds": 5 * 3600.0, "total_seconds": 10 * 3600.0}
    assert lane["cycle"] == {"count": 1, "median_seconds": 5 * 3600.0, "total_seconds": 5 * 3600.0}


def test_review_time_runs_from_the_request_to_the_last_approval(project: Checkout) -> None:
    at(project, 16, "queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    sha = project.commit("B-ui", "doc/architecture/x.md", message="B-2")
    at(project, 16, "queue-route-review", "B-2", "--ref", sha)
    for hour, lane in ((17, "D-arch"), (18, "E-governance")):
        words = ["--reviewer-role", lane, "--reviewer", lane[0], "--status", "approved", "--commit", sha]
        project.ok("queue-record-review", "B-2", *words, "--actor", lane, env={"FAIRWAY_NOW": f"{DAY}{hour}:00:00Z"})
    assert report(project, "B-2")["by_task"][0]["review_seconds"] == 2 * 3600.0


def test_tasks_of_which_nothing_is_known_are_counted_not_listed(project: Checkout) -> None:
    answer = project.ok("queue-timing-report")
    assert "3 task(s) have no known times" in answer.err
    assert report(project)["not_measured"] == 3


def test_a_named_task_is_shown_whatever_is_known(project: Checkout) -> None:
    timing = report(project, "--task-id", "A-OLD")["by_task"][0]
    assert (timing["wait_seconds"], timing["cycle_seconds"], timing["finished_at"]) == (None, None, None)
    lines = project.ok("queue-timing-report", "A-OLD").out.splitlines()
    assert lines[-1].startswith("unknown: A-OLD: it was done when it was first seen")


@pytest.mark.parametrize(
    ("filters", "shown", "total"),
    [
        ([], ["B-2", "B-1"], 2),
        (["--limit", "1"], ["B-2"], 2),
        (["--since", f"{DAY}15:30:00Z"], ["B-2"], 1),
        (["--since", f"{DAY}15:00:00Z"], ["B-2", "B-1"], 2),
        (["--since", "1h"], [], 0),
        (["--role", "A-backend"], [], 0),
        (["--role", "B-ui"], ["B-2", "B-1"], 2),
    ],
)
def test_filters_show_the_newest_activity_first(
    project: Checkout, filters: list[str], shown: list[str], total: int
) -> None:
    at(project, 16, "queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    found = report(project, *filters)
    assert ([row["task_id"] for row in found["by_task"]], found["total"]) == (shown, total)


def test_an_undone_claim_is_no_wait(project: Checkout) -> None:
    at(project, 16, "queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    at(project, 17, "queue-undo", "--reason", "wrong task")
    assert report(project, "B-2")["by_task"][0]["wait_seconds"] is None


def test_text_shows_lanes_and_tasks_in_plain_spans(project: Checkout) -> None:
    answer = project.ok("queue-timing-report", env={"FAIRWAY_NOW": LATER})
    assert answer.out.splitlines() == [
        "by lane (median / total):",
        "  B-ui  tasks=1  wait=2h00m/2h00m  cycle=5h00m/5h00m  blocked=2h00m/2h00m  review=-/-  evidence=1m/1m",
        "by task:",
        "  B-1  done  wait=2h00m  cycle=5h00m  blocked=2h00m  review=-  evidence=1m",
    ]


def test_tsv_gives_seconds(project: Checkout) -> None:
    out = project.ok("queue-timing-report", "--format", "tsv").out
    assert out == "B-1\tB-ui\tdone\t7200.0\t18000.0\t7200.0\t-\t90.0\n"


def test_the_same_store_gives_the_same_report(project: Checkout) -> None:
    first = project.ok("queue-timing-report", "--json", env={"FAIRWAY_NOW": LATER}).out
    assert project.ok("queue-timing-report", "--json", env={"FAIRWAY_NOW": LATER}).out == first


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (["B-NONE"], "not_found"),
        (["--since", "soon"], "usage"),
        (["--limit", "x"], "usage"),
        (["--role", "Z"], "not_found"),
    ],
)
def test_refuses_what_it_does_not_know(project: Checkout, arguments: list[str], word: str) -> None:
    assert project.run("queue-timing-report", *arguments).word == word
