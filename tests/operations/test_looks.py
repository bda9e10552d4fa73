"""A look at a whole project asks the machine as often for many tasks as for few."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from fairway_scripts.base import paths
from fairway_scripts.board.inbox import lane_inbox
from fairway_scripts.board.orchestrator.orchestrator import look
from fairway_scripts.board.review_waits import review_waits
from fairway_scripts.project.opening import open_unchanged
from fairway_scripts.project.project import Project
from fairway_scripts.store.contract import Transaction
from tests.support.shell import Checkout, make_checkout, queue_text, task

NOW = "2026-11-30T12:00:00.000000Z"
LANES = ("A-backend", "B-ui")
LOOKS: dict[str, Callable[[Project], object]] = {
    "orchestrator-tick": lambda project: look(project, now=NOW),
    "review-waits": lambda project: review_waits(project, lane="", now=NOW),
    "a lane's inbox": lambda project: lane_inbox(project, "A-backend"),
}


class _Args:
    tool, actor, queue_db, queue_file, config = "orchestrator-tick", "", "", "", ""


def busy_project(folder: Path, size: int) -> Checkout:
    """`size` tasks that are worked on by nobody, handed over without evidence, and wait for a review."""
    folder.mkdir()
    tasks = [task(f"B-{number}", status="in_progress", owner="B", branch="agent/B-ui") for number in range(size)]
    made = make_checkout(folder, queue_text(*tasks), lanes=LANES)
    made.ok("queue-import")
    commit = made.commit("B-ui", "app.ts")
    given = ("--owner", "B", "--branch", "agent/B-ui", "--commit", commit)
    for entry in tasks:
        made.ok(
            "queue-record-handoff",
            entry["id"],
            *given,
            "--commands",
            "make test",
            "--results",
            "partial",
            "--changed-files",
            "app.ts",
        )
        made.ok("queue-route-review", entry["id"], "--ref", commit, "--reviewer-role", "A-backend", "--reason", "asked")
    return made


@pytest.fixture(scope="module")
def small_and_large(tmp_path_factory: pytest.TempPathFactory) -> list[Checkout]:
    """A project of 3 tasks and one of 12, which are only looked at."""
    folder = tmp_path_factory.mktemp("looks")
    return [busy_project(folder / str(size), size) for size in (3, 12)]


@pytest.mark.parametrize("name", LOOKS)
def test_files_are_read_and_statements_made_as_often_for_12_tasks_as_for_3(
    small_and_large: list[Checkout], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    asked: Counter[str] = Counter()
    read, text_of = paths._text, Transaction.text_of

    def read_counted(path: str) -> str | None:
        asked["files of git"] += 1
        return read(path)

    def text_counted(statement: str) -> str:
        asked[statement] += 1
        return text_of(statement)

    monkeypatch.setattr(paths, "_text", read_counted)
    monkeypatch.setattr(Transaction, "text_of", staticmethod(text_counted))
    counts = []
    for made in small_and_large:
        monkeypatch.chdir(made.main)
        project = open_unchanged(_Args())
        asked.clear()
        LOOKS[name](project)
        counts.append(Counter(asked))
        project.store.close()
    assert counts[0] == counts[1]
    assert counts[0]["files of git"] > 0
