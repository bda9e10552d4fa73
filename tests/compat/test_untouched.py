"""What the older scripts answer is untouched by this suite, whichever scripts they are and wherever they are called.

A series of calls runs twice in repositories that are built alike at the same path: once as they were, once with this
suite installed and every lane left to the older scripts. Bytes, exit codes and the older database have to be equal.
Only command lines are used here.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
import sys
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import tests.legacy_standin.standin as standin_a
import tests.legacy_standin_b.standin as standin_b
from tests.legacy_standin.standin import LegacyProject
from tests.support.repositories import git
from tests.support.rings import some
from tests.support.shell import HOME, environment, queue_text, task

standin_a.need_ruby()

LANES = ("A-backend", "B-ui", "D-arch", "E-governance")
TEXT = queue_text(
    task("B-1", priority=1, status="todo"),
    task("B-2", priority=1, status="todo"),
    task("B-3", depends_on=["B-1"], status="todo"),
    task("A-1", "A-backend", status="todo"),
    roles=LANES,
)
STAND_INS: dict[str, Any] = {"a": standin_a, "b": standin_b}
CLOCK = {"LEGACY_NOW": "2026-05-04 10:00:00", "AQ_CLOCK": "2026-05-04 12:00:00 +0200", "USER": "bea"}
#: place -> what is particular about it
PLACES = ("main", "lane", "subfolder", "path with spaces", "bare environment", "fresh clone", "without the suite")
#: The case of a short run.
QUEUE, ADAPTER = "scripts/ops/agent_queue.sh", "scripts/ops/agent_session_adapter.sh"

#: What a stand-in has of its own beside the published lines: words of a call, and what it reads.
OWN: dict[str, list[tuple[list[str], bytes]]] = {
    "a": [
        ([QUEUE, "ready", "--role", "B-ui", "--json"], b""),
        ([QUEUE, "record-evidence", "--task-id", "B-1", "--command-text", "it's $x `y`", "--result", "ok"], b""),
        ([QUEUE, "claim", "--task_id=B-2", "--role=B-ui", "--owner", "", "--no-such"], b""),
    ],
    "b": [
        ([QUEUE, "ready", "--lane", "B-ui", "--json"], b""),
        ([QUEUE, "review", "--task", "B-1", "--as", "D-arch", "--by", "D", "--state", "approved", "--sha", "abc",
          "--note", "-"], b"it's\ntwo lines"),
        ([QUEUE, "claim", "--task", "B-2", "--state"], b""),
        (["scripts/ops/codex_subagent_session_bridge.sh"],
         b'{"thread": "t", "lane": "B-ui", "task": "B-2", "state": "running"}'),
        (["make", "-s", "queue-archive-sweep"], b""),
        (["make", "-s", "regression-packs-list"], b""),
    ],
}  # fmt: skip


def published(sha: str) -> list[tuple[list[str], bytes]]:
    """The published lines, some of them wrong, and the host's own targets."""
    one = "TASK_ID=B-1"
    handoff = ["OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}", "COMMANDS=a; b", "RESULTS=c", "CHANGED_FILES=d e"]
    review = ["REVIEWER_ROLE=D-arch", "REVIEWER=D", "STATUS=approved", f"COMMIT={sha}", "NOTE=No findings."]
    lines = [
        ["queue-prune-stale", "ACTOR=coordinator"],
        ["orchestrator-status"],
        ["orchestrator-tick"],
        ["queue-claim", "ROLE=B-ui", "OWNER=B", one],
        ["queue-claim", "ROLE=B-ui", "OWNER=B", one],
        ["queue-claim", "ROLE=B-ui", "OWNER=B", "TASK_ID=A-1"],
        ["queue-record-evidence", one, "COMMAND_TEXT=pnpm --dir packages/web typecheck", "RESULT=pass"],
        ["queue-record-evidence", one, "COMMAND_TEXT=x", "RESULT=wonderful"],
        ["queue-record-handoff", one, *handoff],
        ["queue-route-review", one, f"REF={sha}"],
        ["queue-record-review", one, *review],
        ["queue-merge-ready", one, f"REF={sha}"],
        ["queue-set-status", "TASK_ID=B-2", "STATUS=blocked"],
        ["queue-set-status", "TASK_ID=B-2", "STATUS=blocked", "BLOCKED_REASON=the contract"],
        ["queue-set-status", one, "STATUS=done", "OWNER=B", "BRANCH=agent/B-ui", f"COMMIT={sha}"],
        ["queue-ready"],
        ["queue-git-check"],
        ["queue-task-detail", one],
        ["orchestrator-preflight"],
        ["build"],
        ["no-such-target"],
    ]
    scripts = [
        ["scripts/ci/agent_queue_validate.sh"],
        ["scripts/ci/agent_queue_git_consistency.sh"],
        [
            "ruby",
            "scripts/ops/agent_queue_store.rb",
            "--queue-file",
            "doc/governance/Agent_Work_Queue.yaml",
            "validate",
        ],
        [ADAPTER, "preflight", "--role", "B-ui"],
        [ADAPTER, "launch", "--role", "B-ui", "--task-id", "B-1"],
        ["bash", "scripts/ops/setup_agent_lanes.sh"],
        [QUEUE],
        [QUEUE, "no-such-word", "--help"],
    ]
    return [(["make", "-s", *line], b"") for line in lines] + [(line, b"") for line in scripts]


class Told(NamedTuple):
    """One call as its caller saw it."""

    words: list[str]
    code: int
    out: bytes
    err: bytes


class World(NamedTuple):
    """Where calls start and how."""

    project: LegacyProject
    cwd: str
    #: from `cwd` to the top of its checkout, "" or "../.." and so on
    up: str
    env: dict[str, str]
    sha: str


def build(stand_in: str, parent: str) -> LegacyProject:
    """A repository on the stand-in, with a commit to review that is on no lane's branch."""
    os.makedirs(parent)
    made: LegacyProject = STAND_INS[stand_in].make_legacy_project(parent, TEXT, lanes=LANES, initialise=False)
    lane = made.lanes["B-ui"]
    made.commit("B-ui", "doc/architecture/New.md")
    git(lane, "branch", "review/B-ui")
    git(lane, "reset", "--quiet", "--hard", "master")
    return made


def world(made: LegacyProject, place: str, parent: str) -> World:
    """The place that calls of this case start in."""
    sha = git(made.main, "rev-parse", "review/B-ui")
    env, cwd, up = environment(**CLOCK), made.main, ""
    if place == "lane":
        cwd = made.lanes["B-ui"]
    elif place == "subfolder":
        cwd, up = os.path.join(made.lanes["B-ui"], "doc", "governance"), "../.."
    elif place == "bare environment":
        env = {"PATH": os.environ["PATH"], **CLOCK}
    elif place == "fresh clone":
        cwd = os.path.join(parent, "clone")
        git(parent, "clone", "--quiet", made.main, cwd)
        git(cwd, "branch", "--quiet", "review/B-ui", "origin/review/B-ui")
    return World(made, cwd, up, env, sha)


def install_suite(made: LegacyProject, parent: str, *, leave: bool) -> None:
    """Install a copy of this suite, with nothing told; with `leave` the copy is gone afterwards."""
    home = os.path.join(parent, "suite")
    for folder in ("bin", "fairway_scripts", "make", "compat"):
        shutil.copytree(f"{HOME}/{folder}", f"{home}/{folder}", ignore=shutil.ignore_patterns("__pycache__"))
    subprocess.run(
        [sys.executable, f"{home}/bin/compat-install", "--into", made.main],
        cwd=made.main, env=environment(), check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    if leave:
        shutil.rmtree(home)


def publish(made: LegacyProject) -> None:
    """Commit whatever is new in the main checkout, if only a commit, and bring it to every lane."""
    git(made.main, "add", "--all")
    git(made.main, "commit", "--quiet", "--allow-empty", "-m", "install")
    for lane in made.lanes.values():
        git(lane, "merge", "--quiet", "--ff-only", "master")


def calls(found: World, stand_in: str) -> list[Told]:
    """Make every call; what came of it."""
    told = []
    for words, feed in published(found.sha) + OWN[stand_in]:
        argv = [os.path.join(found.up, word) if word.startswith("scripts/") else word for word in words]
        argv = ["make", "-s", "-C", found.up, *argv[2:]] if found.up and argv[0] == "make" else argv
        if not found.up and argv[0].startswith("scripts/"):
            argv[0] = "./" + argv[0]
        if "--queue-file" in argv:
            argv[3] = os.path.join(found.up, argv[3])
        done = subprocess.run(argv, cwd=found.cwd, env=found.env, input=feed, capture_output=True, timeout=120)
        told.append(Told(words, done.returncode, done.stdout, done.stderr))
    return told


def database(found: World) -> dict[str, Any]:
    """Every table of the older database, row for row; the numbers of processes are nobody's promise."""
    connection = sqlite3.connect(f"file:{standin_a.legacy_db(found.cwd)}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        schema = connection.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()
        rows = {}
        for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
            kept = [dict(row) for row in connection.execute(f'SELECT * FROM "{name}" ORDER BY rowid')]
            rows[name] = [{key: value for key, value in row.items() if key != "pid"} for row in kept]
        return {"schema": [tuple(row) for row in schema], "rows": rows}
    finally:
        connection.close()


def plain(told: Told) -> Told:
    """A call without what differs between two runs of one script.

    That are process numbers, and the place of the script itself, which a shell puts before its own messages.
    """
    err = re.sub(rb"\b(pid|PID)[ =]\d+", rb"\1", told.err)
    return told._replace(err=re.sub(rb"(?m)^\S.*/([\w.]+\.sh: line \d+: )", rb"\1", err))


@pytest.mark.timeout(400)
@pytest.mark.parametrize(("stand_in", "place"), some(product(sorted(STAND_INS), PLACES)))
def test_the_older_scripts_answer_as_without_the_suite(tmp_path: Path, stand_in: str, place: str) -> None:
    parent = os.path.join(os.path.realpath(tmp_path), "a place" if place == "path with spaces" else "place")
    alone = build(stand_in, parent)
    publish(alone)
    control = world(alone, place, parent)
    before = calls(control, stand_in)
    rows_before = database(control)
    assert {told.code for told in before} >= {0, 2}
    assert sum(map(len, rows_before["rows"].values())) >= 12
    os.rename(parent, parent + ".control")

    made = build(stand_in, parent)
    install_suite(made, parent, leave=place == "without the suite")
    publish(made)
    found = world(made, place, parent)
    assert found.sha == control.sha
    after = calls(found, stand_in)
    differing = [(plain(one), plain(two)) for one, two in zip(before, after, strict=True) if plain(one) != plain(two)]
    assert differing == []
    assert database(found) == rows_before
