"""kill -9 at any moment: the store stays whole, and the task is where it was or where it was to go."""

from __future__ import annotations

import random
import time
from pathlib import Path

import pytest

from tests.support.rings import length
from tests.support.shell import Checkout, make_checkout, queue_text, start_tool, task

KILLS = length(2, 8)
LONGEST_SECONDS = 0.06
EVIDENCE = ["queue-record-evidence", "B-1", "--command-text", "t", "--result", "pass"]
HANDOFF = [
    *["queue-record-handoff", "B-1", "--owner", "B", "--branch", "b", "--commit", "HEAD", "--commands", "c"],
    *["--results", "r", "--changed-files", "f"],
]
REVIEW = [
    "queue-record-review",
    "B-1",
    "--reviewer-role",
    "D-arch",
    "--reviewer",
    "D",
    "--status",
    "approved",
    "--commit",
    "HEAD",
]
COMMANDS: dict[str, tuple[list[list[str]], list[str]]] = {
    "claim": ([], ["queue-claim", "B-1", "--role", "B-ui", "--owner", "B"]),
    "release": ([["queue-claim", "B-1", "--role", "B-ui", "--owner", "B"]], ["queue-release", "B-1"]),
    "reclaim": (
        [["queue-claim", "B-1", "--role", "B-ui", "--owner", "B"]],
        ["queue-reclaim", "B-1", "--force", "--reason", "x"],
    ),
    "block": ([], ["queue-set-status", "B-1", "--status", "blocked", "--reason", "x"]),
    "done": ([EVIDENCE], ["queue-set-status", "B-1", "--status", "done"]),
    "evidence": ([], EVIDENCE),
    "handoff": ([], HANDOFF),
    "ack": ([HANDOFF], ["queue-ack-handoff", "B-1"]),
    "review": ([], REVIEW),
    "undo": ([EVIDENCE], ["queue-undo", "--reason", "x"]),
    "prune": ([], ["queue-prune-stale"]),
    "import": ([], ["queue-import"]),
}


def kill_while_running(project: Checkout, call: list[str], after: float) -> None:
    process = start_tool(*call, cwd=project.main)
    time.sleep(after)
    process.kill()
    process.communicate()


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_a_killed_command_leaves_a_sound_store(tmp_path: Path, name: str) -> None:
    before, call = COMMANDS[name]
    project = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2", depends_on=["B-1"])), lanes=[])
    project.ok("queue-ready")
    chance = random.Random(name)
    for _ in range(KILLS):
        for step in before:
            project.run(*step)
        kill_while_running(project, call, chance.uniform(0.005, LONGEST_SECONDS))
        verdict = project.run("queue-verify")
        assert verdict.code == 0, verdict
        assert project.detail("B-1")["status"] in ("todo", "in_progress", "blocked", "done")


def test_a_killed_first_command_leaves_a_store_that_the_next_one_completes(tmp_path: Path) -> None:
    chance = random.Random(0)
    for attempt in range(KILLS):
        project = make_checkout(
            tmp_path, queue_text(*(task(f"B-{n}") for n in range(50))), lanes=[], name=f"p{attempt}"
        )
        kill_while_running(project, ["queue-ready"], chance.uniform(0.02, 0.4))
        assert len(project.ok("queue-ready", "--format", "ids").out.split()) == 50
        assert project.run("queue-verify").code == 0
