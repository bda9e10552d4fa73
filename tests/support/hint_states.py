"""The states of a project from which hints are followed: each is prepared by calls in this process, and by damage."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from fairway_scripts.front import entry
from tests.support.repositories import commit_file, git, make_repository
from tests.support.shell import GPUAAS_CONFIG, Checkout, make_checkout, queue_text, task

CONFIG = """
[fairway]
main_branch = "master"
[sessions]
default_backend = "manual"
[[roles]]
name = "alpha"
[[roles]]
name = "beta"
[gates]
require_evidence_before_done = true
require_review_before_done = true
"""
LONG_AGO, SINCE = "2026-01-01T00:00:00Z", "2026-01-01T01:00:00Z"
SENSITIVE = {"review_domains": ["governance", "ops", "backend"], "risk_level": "high"}


class State(NamedTuple):
    """How a project comes to a state, the task that it is about, and whether the gpuaas preset is in force."""

    prepare: Callable[[Checkout], None]
    subject: str = "X-1"
    gpuaas: bool = False
    configured: bool = True


def do(tool: str, *words: str, now: str = "") -> None:
    """Run a tool that has to succeed, in this process."""
    if now:
        os.environ["FAIRWAY_NOW"] = now
    code = entry.run(tool, list(words))
    os.environ.pop("FAIRWAY_NOW", None)
    assert code == 0, (tool, words)


def make_state(name: str, folder: Path, change_folder: Callable[[str], None]) -> Checkout:
    """A project in a state of `STATES`; `change_folder` makes its checkout the working folder."""
    state = STATES[name]
    if not state.configured:
        made = Checkout(make_repository(folder), {})
    else:
        config = folder / "settings.toml"
        config.write_text(CONFIG)
        checks: dict[str, Any] = {"acceptance_checks": ["true"]}
        if state.gpuaas:
            config = folder / "gpuaas.toml"
            shutil.copy(GPUAAS_CONFIG, config)
            with open(config, "a", encoding="utf-8") as file:
                file.write(
                    '\n[sessions]\ndefault_backend = "manual"\n' if "[sessions]" not in config.read_text() else ""
                )
            queue, lanes = queue_text(task("B-1", **SENSITIVE, **checks), task("B-2", **checks)), ["B-ui"]
        else:
            tasks = [task(f"X-{number}", "alpha", **checks) for number in range(1, 4)]
            queue, lanes = queue_text(*tasks, roles=("alpha", "beta")), ["alpha"]
        made = make_checkout(folder, queue, lanes=lanes, config=str(config), name="p")
    change_folder(made.main)
    state.prepare(made)
    return made


def nothing(_project: Checkout) -> None:
    """No call yet: no store."""


def claimed(_project: Checkout) -> None:
    do("queue-claim", "X-1", "--role=alpha", "--owner=Ann", "--actor=ann")


def claimed_by_us(_project: Checkout) -> None:
    do("queue-claim", "X-1", "--role=alpha", "--owner=Ann")


def queue_missing(project: Checkout) -> None:
    claimed_by_us(project)
    os.unlink(project.queue_file)


def queue_broken(project: Checkout) -> None:
    claimed_by_us(project)
    with open(project.queue_file, "a", encoding="utf-8") as file:
        file.write("- id: X-9\n  title: [\n")


def undeclared_lane(project: Checkout) -> None:
    claimed_by_us(project)
    project.write_queue(queue_text(task("X-1", "gamma"), task("X-2", "alpha"), roles=("alpha", "gamma")))


def worked(project: Checkout) -> str:
    """A claim, a commit on the lane's branch, a pass on it, and a handoff; the commit."""
    lane, task_id = ("B-ui", "B-1") if "B-ui" in project.lanes else ("alpha", "X-1")
    do("queue-claim", task_id, f"--role={lane}", "--owner=Ann", "--actor=ann")
    sha = project.commit(lane, "a.txt")
    do("queue-record-evidence", task_id, "--command-text=true", "--result=pass", f"--commit={sha}", "--actor=ann")
    words = ("--owner=Ann", f"--branch=agent/{lane}", f"--commit={sha}", "--commands=true", "--results=pass")
    do("queue-record-handoff", task_id, *words, "--changed-files=a.txt", "--actor=ann")
    return sha


def handed_off(project: Checkout) -> None:
    worked(project)


def judged(project: Checkout, verdict: str, sha: str = "", lane: str = "beta", task_id: str = "X-1") -> None:
    words = (f"--reviewer-role={lane}", "--reviewer=Bea", f"--status={verdict}", "--actor=bea")
    do("queue-record-review", task_id, *words, f"--commit={sha or worked(project)}")


def changes_requested(project: Checkout) -> None:
    judged(project, "changes_requested")


def approved_and_moved_on(project: Checkout) -> None:
    judged(project, "approved")
    commit_file(project.lanes["alpha"], "a.txt", "more\n")


def done(project: Checkout) -> None:
    judged(project, "approved")
    git(project.main, "merge", "--quiet", "--ff-only", "agent/alpha")
    do("queue-set-status", "X-1", "--status=done", "--actor=ann")


def lease_expired(_project: Checkout) -> None:
    do("queue-claim", "X-1", "--role=alpha", "--owner=Ann", "--actor=ann", now=LONG_AGO)


def branch_missing(project: Checkout) -> None:
    claimed_by_us(project)
    git(project.main, "update-ref", "-d", "refs/heads/agent/alpha")


def worktree_missing(project: Checkout) -> None:
    claimed_by_us(project)
    shutil.rmtree(project.lanes["alpha"])


def blocked(project: Checkout) -> None:
    claimed_by_us(project)
    do("queue-set-status", "X-1", "--status=blocked", "--reason=waits for a key")


def foreign_store(project: Checkout) -> None:
    """The store of another repository, named by a variable."""
    queue = queue_text(task("Y-1", "alpha"), roles=("alpha", "beta"))
    config = os.path.join(project.main, ".fairway", "config.toml")
    other = make_checkout(os.path.dirname(project.main), queue, lanes=[], config=config, name="other")
    here = os.getcwd()
    os.chdir(other.main)
    do("queue-list")
    os.chdir(here)
    os.environ["QUEUE_DB"] = other.store


def store_damaged(project: Checkout) -> None:
    claimed_by_us(project)
    with open(project.store, "r+b") as file:
        file.write(b"\0" * 4096)


def store_lost(project: Checkout) -> None:
    claimed_by_us(project)
    folder = os.path.dirname(project.store)
    for name in os.listdir(folder):
        if name.startswith("queue.db"):
            os.unlink(os.path.join(folder, name))


def sensitive_claimed(_project: Checkout) -> None:
    do("queue-claim", "B-1", "--role=B-ui", "--owner=Ann", "--actor=ann")


def sensitive_partly_approved(project: Checkout) -> None:
    judged(project, "approved", lane="D-arch", task_id="B-1")


STATES: dict[str, State] = {
    "no configuration and no store": State(nothing, configured=False),
    "no store": State(nothing),
    "claimed": State(claimed_by_us),
    "claimed by another": State(claimed),
    "queue file missing": State(queue_missing),
    "queue file broken": State(queue_broken),
    "undeclared lane": State(undeclared_lane),
    "handed off": State(handed_off),
    "changes requested": State(changes_requested),
    "approved and moved on": State(approved_and_moved_on),
    "done": State(done),
    "lease expired": State(lease_expired),
    "branch missing": State(branch_missing),
    "worktree missing": State(worktree_missing),
    "blocked": State(blocked),
    "foreign store": State(foreign_store),
    "store damaged": State(store_damaged),
    "store lost": State(store_lost),
    "sensitive, no store": State(nothing, "B-1", gpuaas=True),
    "sensitive, claimed": State(sensitive_claimed, "B-1", gpuaas=True),
    "sensitive, handed off": State(handed_off, "B-1", gpuaas=True),
    "sensitive, partly approved": State(sensitive_partly_approved, "B-1", gpuaas=True),
}
