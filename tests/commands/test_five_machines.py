"""Five machines, each a network namespace with a name, 20 ms there and back from the server, and a clone of its own."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.repositories import git
from tests.support.rings import length
from tests.support.server import own_network, server, socket_of
from tests.support.server_checkout import ServerCheckout, server_checkout
from tests.support.shell import HOME, environment, queue_text, task

MACHINES, EACH = 5, length(1, 3)


class Clone:
    """A clone of the project on one machine."""

    def __init__(self, machine: Any, main: str, service: str) -> None:
        self.machine, self.main, self.service = machine, main, service

    def start(self, tool: str, *words: str, now: str = "") -> subprocess.Popen[str]:
        """A tool that has begun there, at the time `now`."""
        line = self.machine.words(os.path.join(HOME, "bin", tool), *words)
        env = environment(PGSERVICEFILE=self.service, ACTOR=f"of-{self.machine.name}", FAIRWAY_NOW=now)
        pipe = subprocess.PIPE
        return subprocess.Popen(line, cwd=self.main, env=env, stdout=pipe, stderr=pipe, text=True)

    def run(self, tool: str, *words: str, now: str = "") -> Any:
        """What a tool says there as JSON."""
        process = self.start(tool, *words, "--json", now=now)
        out, err = process.communicate(timeout=120)
        assert process.returncode == 0, err
        return json.loads(out)


@pytest.fixture
def project(tmp_path: Path) -> ServerCheckout:
    tasks = [task(f"B-{number}") for number in range(1 + MACHINES * EACH)]
    made = server_checkout(tmp_path, queue_text(*tasks))
    made.ok("queue-ready")
    return made


@pytest.fixture
def clones(project: ServerCheckout, tmp_path: Path) -> Iterator[list[Clone]]:
    why = own_network.why_no_machines()
    if why:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(why)
    machines = []
    try:
        found = []
        for number in range(1, MACHINES + 1):
            machine = own_network.Machine(number, socket_of(server()), 0.01)
            machines.append(machine)
            service = tmp_path / f"{machine.name}.conf"
            service.write_text(machine.relay.service())
            main = str(tmp_path / machine.name / "gpuaas")
            git(str(tmp_path), "clone", "--quiet", project.main, main)
            found.append(Clone(machine, main, str(service)))
        yield found
    finally:
        for machine in machines:
            machine.remove()


@pytest.mark.endurance
def test_five_machines_share_one_store(project: ServerCheckout, clones: list[Clone]) -> None:
    race = [clone.start("queue-claim", "B-0", "--role", "B-ui", "--owner", clone.machine.name) for clone in clones]
    codes = []
    for process in race:
        process.communicate(timeout=120)
        codes.append(process.returncode)
    assert sorted(codes) == [0, *[4] * (MACHINES - 1)]  # one winner

    claimed = []
    for _ in range(EACH):
        words = ("queue-claim", "--role", "B-ui", "--json", "--owner")
        running = [clone.start(*words, clone.machine.name) for clone in clones]
        for process in running:
            out, err = process.communicate(timeout=120)
            assert process.returncode == 0, err
            claimed.append(json.loads(out)["task_id"])
    assert sorted(claimed) == sorted(f"B-{number}" for number in range(1, 1 + MACHINES * EACH))

    first, last = clones[0], clones[-1]
    for clone in (first, last):  # each has a session: a process that runs there, for as long as the test
        clone.run("session-upsert", "--id", f"of-{clone.machine.name}", "--role", "B-ui", "--pid", str(os.getpid()))
    for clone, other in ((first, last), (last, first)):
        rows = {row["session_id"]: row for row in clone.run("session-status")["sessions"]}
        own, theirs = rows[f"of-{clone.machine.name}"], rows[f"of-{other.machine.name}"]
        assert (own["host"], own["process"]) == (clone.machine.name, "alive")
        assert (theirs["host"], theirs["process"]) == (other.machine.name, "elsewhere")
        assert clone.run("session-reconcile")["marked"] == []
    for clone in (first, last):
        found = clone.run("queue-where")
        assert found["store"]["path"] == project.place
        assert {row["owner"] for row in clone.run("queue-list", "--status", "in_progress")["tasks"]} == {
            one.machine.name for one in clones
        }
    worktrees_are_their_machines(first, last)
    sessions_are_their_machines(first, last)
    assert project.ok("queue-verify").out.startswith("ok: ")


def worktrees_are_their_machines(first: Clone, last: Clone) -> None:
    """Each machine is asked about its own, and told of the others'."""
    path = first.run("worktree-setup", "--role", "B-ui")["worktrees"][0]["path"]
    there = [{"host": first.machine.name, "path": path}]
    (lane,) = last.run("worktree-status", "--role", "B-ui")["lanes"]
    assert (lane["exists"], lane["elsewhere"]) == (False, there)
    told = last.start("worktree-status", "--role", "B-ui").communicate(timeout=120)[0]
    assert f"on {first.machine.name}" in told
    assert "missing" not in told
    found = last.run("queue-git-check", "--role", "B-ui")["findings"]
    assert {(row["word"], row["level"]) for row in found} == {
        ("worktree_elsewhere", "note"),
        ("claim_branch_missing", "note"),
    }
    doctor = last.start("queue-doctor", "--json").communicate(timeout=120)[0]
    assert "lane B-ui has no worktree" not in doctor
    assert last.run("worktree-prune", "--role", "B-ui", "--yes")["removed"] == 0
    (lane,) = first.run("worktree-status", "--role", "B-ui")["lanes"]
    assert (lane["exists"], [row["host"] for row in lane["elsewhere"]]) == (True, [last.machine.name])


def sessions_are_their_machines(first: Clone, last: Clone) -> None:
    """Nobody but its own machine marks a session that was not heard of for days."""
    late = "2126-05-04T10:00:00Z"
    found = last.run("session-reconcile", now=late)
    assert found["marked"] == [f"of-{last.machine.name}"]
    (theirs,) = [row for row in found["findings"] if row["session_id"] == f"of-{first.machine.name}"]
    assert (theirs["word"], theirs["action"], theirs["applied"]) == ("no_heartbeat", "report", False)
    assert first.machine.name in theirs["reason"]
    assert first.run("session-reconcile", now=late)["marked"] == [f"of-{first.machine.name}"]
