"""review-waits: who waits for whom, since when, and the line that wakes them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.providers import put_providers_on_path
from tests.support.shell import Checkout, make_checkout, queue_text, task

AT = {"FAIRWAY_NOW": "2026-11-21T08:00:00Z"}
LATER = {"FAIRWAY_NOW": "2026-11-21T11:05:00Z"}


@pytest.fixture(autouse=True)
def _providers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_providers_on_path(monkeypatch, tmp_path / "providers")


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A task of B-ui whose commit D-arch has been asked to read."""
    made = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui", "D-arch"])
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=AT)
    made.commit("B-ui", "doc/api/x.yaml", message="contract")
    made.ok("queue-route-review", "B-1", "--ref", "agent/B-ui", env=AT)
    return made


def waits(project: Checkout, *words: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = project.ok("review-waits", *words, "--json", env=LATER).json["waits"]
    return found


def review(project: Checkout, status: str) -> None:
    words = [
        "--reviewer-role",
        "D-arch",
        "--reviewer",
        "D",
        "--status",
        status,
        "--commit",
        "agent/B-ui",
        "--note",
        "n",
    ]
    project.ok("queue-record-review", "B-1", *words, env=AT)


def test_the_lane_of_the_task_waits_for_the_one_that_was_asked(project: Checkout) -> None:
    (row,) = waits(project)
    assert (row["waiting_lane"], row["lane"], row["what"], row["waited_seconds"]) == (
        "B-ui",
        "D-arch",
        "reading",
        11100,
    )
    assert (row["session_id"], row["command"]) == ("", "make session-launch ROLE=D-arch")
    out = project.ok("review-waits", env=LATER).out
    assert out.splitlines()[0].split() == ["B-1", "B-ui", "D-arch", "reading", "3h05m", "-"]
    assert out.splitlines()[1] == "    make session-launch ROLE=D-arch"


def test_a_lane_that_objected_waits_for_the_rework(project: Checkout) -> None:
    review(project, "changes_requested")
    (row,) = waits(project)
    assert (row["waiting_lane"], row["lane"], row["what"]) == ("D-arch", "B-ui", "rework")
    assert row["command"] == "make session-launch ROLE=B-ui TASK_ID=B-1"


def test_an_approval_ends_the_wait(project: Checkout) -> None:
    review(project, "approved")
    answer = project.ok("review-waits")
    assert (answer.out, "nobody waits for a review" in answer.err) == ("", True)


def test_where_a_session_is_there_the_line_is_for_it(project: Checkout) -> None:
    project.ok("session-upsert", "--session-id", "s-1", "--role", "D-arch", "--backend", "manual")
    (row,) = waits(project)
    assert (row["session_id"], row["command"]) == (
        "s-1",
        f"make review-checkout TASK_ID=B-1 WORKTREE={project.lanes['D-arch']}",
    )


@pytest.mark.parametrize(("lane", "count"), [("D-arch", 1), ("B-ui", 1), ("C-ops", 0)])
def test_of_one_lane(project: Checkout, lane: str, count: int) -> None:
    assert len(waits(project, "--role", lane)) == count
    assert project.run("review-waits", "--role", "X").word == "not_found"
