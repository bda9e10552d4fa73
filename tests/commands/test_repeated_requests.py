"""A call that is repeated with its REQUEST_ID gives its first answer again, whole, and writes nothing: every tool."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.catalog import TOOLS
from tests.commands.test_packets import BUGFIX, GOLDEN, GUARD, MAP, SLICE, WATCH
from tests.support import interface_page
from tests.support.old_database import usual_database
from tests.support.repositories import write_file
from tests.support.shell import HOME, Answer, Checkout, queue_text, task
from tests.support.stored import rows
from tests.trackers.conftest import Tracked

CHANGING = [each.name for tool in TOOLS.values() for each in (tool, *tool.words) if "REQUEST_ID" in each.all_variables]
#: Tools that need a tracker.
TRACKERS = [name for name in CHANGING if name.startswith("fairway-tracker ")]
SAMPLES = os.path.join(HOME, "tests", "samples")
RUN = interface_page.RUNS
CATALOG = ("--catalog", os.path.join(HOME, "compat", "gpuaas", "regression-packs.yaml"))
#: What the page of all tools leaves out: calls that keep what they make, take something back, or do it otherwise.
MORE: list[tuple[str, Sequence[str]]] = [
    ("queue-claim", ("--role", "B-ui", "--owner", "B")),
    ("queue-claim", ("B-2", "--role", "B-ui", "--owner", "B")),
    ("queue-set-status", ("B-4", "--status", "todo", "--reopen", "--reason", "x")),
    ("queue-update", ("B-8", "--tags", "a,b", "--clear", "PARENT")),
    ("queue-route-review", ("B-1", "--ref", "agent/B-ui", "--reviewer-role", "C-ops", "--reason", "x")),
    ("queue-record-review", ("B-1", *RUN["queue-record-review"][1:], "--note", "twice", "--findings-count", "2")),
    ("review-waive", (*RUN["review-waive"], "--expires", "2d")),
    ("queue-record-push-intent", ("B-1", "--withdraw", "--reason", "x")),
    ("queue-approve-run", ("B-1", "--command-class", "ci-watch", "--approved-by", "Lead", "--reason", "x")),
    ("queue-approve-run", ("B-1", "--command-class", "ci-watch", "--withdraw", "--reason", "x")),
    ("trusted-run", ("B-1", "--command", "make queue-verify")),
    ("watcher-run", ("--task-id", "B-1", "--command", "false")),
    ("watcher-start", ("W-5", "--task-id", "B-1", "--process", "deploy", "--command", "true")),
    ("watcher-finish", ("W-5", "--result", "pass", "--artifact-path", "run/out.txt")),
    ("checkpoint-record", ("--track-id", "docs", "--state", "active", "--summary", "x")),
    ("session-launch", ("--role", "B-ui", "--backend", "manual", "--session-id", "s-9")),
    ("session-upsert", ("--session-id", "s-9", "--status", "running")),
    ("session-end", ("--session-id", "s-9", "--exit-code", "0")),
    ("session-reconcile", ()),
    ("subagent-bridge", ("--external-id", "thread-42", "--state", "completed", "--task-id", "B-1", "--summary", "x")),
    ("context-packet", (*RUN["context-packet"], "--attach")),
    ("bugfix-packet", ("B-1", *BUGFIX, "--attach", "--run-proof")),
    ("watcher-packet", ("B-1", *WATCH, "--attach")),
    ("architecture-map-packet", ("B-1", *MAP, "--check", "true", "--attach")),
    ("boundary-guard-packet", ("B-1", *GUARD, "--attach")),
    ("vertical-slice-packet", ("B-1", *SLICE, "--attach")),
    ("packet-template", (*GOLDEN["template"][1], "--attach")),
    ("ci-packet", (*RUN["ci-packet"], "--attach", "B-1")),
    ("deploy-packet", (*RUN["deploy-packet"], "--attach", "B-1")),
    ("uat-matrix", (*RUN["uat-matrix"], "--attach", "B-1")),
    ("evidence-bundle", ("B-1", "--from", "run", "--apply")),
    ("evidence-verify", ("B-1", "--attach", "B-1")),
    ("output-report", ("--attach", "B-1")),
    ("review-report", ("--attach", "B-1")),
    ("readiness-report", ("--attach", "B-1")),
    ("gate-select", (*RUN["gate-select"], "--attach", "B-1")),
    ("release-verify", ("--attach", "B-1")),
    ("regression-packs", ("record", *CATALOG, "--pack-id", "terminal", "--task-id", "B-1", "--result", "pass")),
    ("queue-import", ("--write",)),
    ("queue-export", ()),
    ("queue-undo", ("B-1",)),
    ("queue-release", ("B-2",)),
    ("worktree-prune", ("--role", "B-ui", "--yes")),
    ("worktree-setup", ()),
    ("queue-prune-stale", ()),
    ("lane-engine", ("B-ui", "legacy", "a first try")),
    ("lane-engine", ("B-ui", "fairway", "back", "--force")),
]


def keys(value: Any, at: str = "") -> set[str]:
    """Every key of an answer, however deep, with the way to it."""
    if isinstance(value, dict):
        return {f"{at}.{name}" for name in value}.union(*(keys(item, f"{at}.{name}") for name, item in value.items()))
    return set().union(*(keys(item, f"{at}[]") for item in value)) if isinstance(value, list) else set()


def told(answer: Answer) -> Any:
    """What a call answered, or with what it was refused."""
    return answer.json if answer.out else answer.code


def compare(
    project: Checkout, name: str, words: Sequence[str], number: int, env: dict[str, str] | None = None
) -> list[str]:
    """What is wrong with the second answer."""
    call = (*name.split(), *words, "--request-id", f"r-{number}", "--json")
    at_first = len(rows(project, "events"))
    first = project.run(*call, env=env)
    before = len(rows(project, "events"))
    second = project.run(*call, env=env)
    found = []
    if before > at_first and (told(first), "was answered before" in second.err) != (told(second), True):
        found.append(f"{call} wrote something, and was answered anew when it was repeated: {first}, {second}")
    if first.code not in (0, 1):
        found.append(f"{call} was refused: {first.err}")
    if first.code != second.code:
        found.append(f"{call} ended with {first.code}, then with {second.code}: {second.err}")
    if different := keys(told(first)) ^ keys(told(second)):
        found.append(f"{call} has {sorted(different)} in one of its answers only")
    if len(rows(project, "events")) != before:
        found.append(f"{call} wrote something again")
    return found


def test_a_repeated_call_has_all_the_keys_of_the_first(tmp_path: Path) -> None:
    project = interface_page.prepared(str(tmp_path))
    write_file(project.main, "run/out.txt", "passed\n")
    calls = [(name, RUN[name]) for name in CHANGING if name not in TRACKERS] + MORE
    found = [text for number, (name, words) in enumerate(calls) for text in compare(project, name, words, number)]
    assert not found, "\n".join(found)


def test_what_was_imported_is_told_again(tmp_path: Path) -> None:
    project = interface_page.prepared(str(tmp_path))
    project.write_queue(queue_text(task("B-1", title="Another"), task("B-7")))
    assert not compare(project, "queue-import", (), 1)
    project.ok("queue-verify")


def test_what_came_out_of_an_old_database_is_told_again(tmp_path: Path) -> None:
    project = interface_page.prepared(str(tmp_path))
    old = usual_database(project)
    old.state("B-4", "in_progress", owner="B")
    assert not compare(project, "queue-import", ("--legacy-db", old.path), 1)
    project.ok("queue-verify")


def test_a_tracker_is_asked_once(tmp_path: Path) -> None:
    tracker = pytest.importorskip("tests.trackers.conftest", reason="the extra [trackers] is not installed")
    for project in tracker.tracked(tmp_path, "github"):
        given: Tracked = project
        given.site.add(12, "Buttons overlap")
        given.site.add(13, "No answer")
        calls = {
            "import": ("13",),
            "link": ("B-1", "--issue", "12"),
            "export": ("B-1",),
            "reconcile": ("--apply",),
            "unlink": ("B-1", "--issue", "12", "--reason", "x"),
        }
        assert {f"fairway-tracker {name}" for name in calls} == {*TRACKERS}
        found = []
        for number, (name, words) in enumerate(calls.items()):
            found += compare(given.checkout, f"fairway-tracker {name}", words, number, given.site.environment)
        assert not found, "\n".join(found)
