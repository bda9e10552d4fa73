"""A day in shadow: the older scripts answer, our side is compared, and exactly what really differs is found."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.cutover.parity.parity_report import as_text
from fairway_scripts.cutover.shadow.moment import keep_moment
from tests.compat.shadowed import OBSERVER, REVIEWER, Shadowed, make_shadowed
from tests.legacy_standin.standin import legacy_rows, need_ruby
from tests.support.older_scripts import force_over
from tests.support.ready_made import ready_made
from tests.support.repositories import git
from tests.support.rings import length
from tests.support.shell import HOME, environment, finish

need_ruby()

TABLES = ("task_state", "task_state_history", "task_handoffs", "task_evidence", "task_reviews")
#: What the stand-in does otherwise on purpose.
PLANTED = [
    ("ready", "ready.B-ui", ["B-1", "B-2", "B-4"], ["B-2", "B-1", "B-4"]),
    ("record-evidence", "exit", "done", "not_understood"),
    ("route-review", "reviewers", ["D-arch"], ["E-governance"]),
]
ENTRY = """
[[difference]]
operation = "{operation}"
field = "{field}"
match = {{ legacy = "^{legacy}$", own = "^{own}$" }}
{word}reason = "planted"
owner = "D-arch"
date = 2026-05-04
expires = 2099-01-01
"""


def test_the_caller_waits_for_no_copy_of_a_large_log(tmp_path: Path) -> None:
    for size, is_kept in ((1 << 20, True), (32 << 20, False)):
        folder, database = tmp_path / str(size), tmp_path / "old.db"
        folder.mkdir()
        for path, length_of in ((database, 4096), (tmp_path / "old.db-wal", size)):
            path.touch()
            os.truncate(path, length_of)
        assert (bool(keep_moment(str(database), str(folder))), bool(os.listdir(folder))) == (is_kept, is_kept)


def entry_for(operation: str, field: str, legacy: Any, own: Any) -> str:
    """The entry that explains a planted difference."""
    sides = {"legacy": as_text(legacy), "own": as_text(own)}
    return ENTRY.format(
        operation=operation, field=field, word='word = "usage"\n' if own == "not_understood" else "", **sides
    )


@pytest.fixture
def project() -> Iterator[Shadowed]:
    made = ready_made(make_shadowed)
    yield made
    made.settle()  # an observer must not outlive the folder that it works in


def rows_of(project: Shadowed) -> dict[str, Any]:
    return {table: legacy_rows(project.main, table) for table in TABLES}


def verdicts(project: Shadowed) -> list[tuple[str, str]]:
    return [(row["operation"], row["verdict"]) for row in project.observed()]


def hold(project: Shadowed) -> int:
    """Keep observers from working off the spool, as one that is busy does; close the handle to let them."""
    import fcntl

    handle = os.open(f"{project.spool}.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(handle, fcntl.LOCK_EX)
    return handle


def processes() -> Iterator[tuple[int, list[str]]]:
    """Every process with its command line."""
    for number in filter(str.isdecimal, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/cmdline", "rb") as file:
                yield int(number), file.read().decode(errors="replace").split("\0")
        except OSError:
            continue


def runs_original(project: Shadowed) -> bool:
    """Whether an original of this project is at work."""
    kept = os.path.join(project.main, "scripts", "ops", "legacy", "")
    return any(word.startswith(kept) for _number, words in processes() for word in words)


def observers(project: Shadowed) -> list[int]:
    """The observers of the calls that wait in this project: nobody else's calls have these ids."""
    waiting, found = set(project.waiting), []
    for number, words in processes():
        if words[-3:-1] and words[-2] in waiting and words[-3] == OBSERVER:
            found.append(number)
    return found


def leave_waiting(project: Shadowed, *calls: tuple[str, ...]) -> list[str]:
    """Make calls whose observers are killed as soon as they have captured the outcome; the ids."""
    handle = hold(project)
    for words in calls:
        before = set(project.waiting)
        project.queue(*words)
        (call_id,) = set(project.waiting) - before
        until = time.monotonic() + 30
        while not os.path.exists(os.path.join(project.spool, call_id, "after.json")):
            assert time.monotonic() < until
            time.sleep(0.01)
    for number in observers(project):
        os.kill(number, signal.SIGKILL)
    os.close(handle)
    return project.waiting


@pytest.mark.endurance
def test_a_day_of_traffic_finds_exactly_what_was_planted(project: Shadowed) -> None:
    lane = project.lanes["B-ui"]
    assert project.call("ready", "--role", "B-ui").out.splitlines()[0] == "B-ui\tB-1\tP1\tTitle of B-1"
    project.call("claim", "--role", "B-ui", "--owner", "B-ui", "--task-id", "B-1")
    assert project.call("claim", "--role", "B-ui", "--owner", "B-ui", "--task-id", "B-3").code == 1
    plain = project.commit("B-ui", "web/x.ts", message="B-1: x")
    evidence = ["record-evidence", "--task-id", "B-1", "--command-text", "make test", "--result"]
    assert project.call(*evidence, "ok").code == 0
    project.call(*evidence, "pass", cwd=lane)
    handoff = ["--commands", "make test", "--results", "pass", "--changed-files", "web/x.ts"]
    where = ["--owner", "B-ui", "--branch", "agent/B-ui", "--commit", plain]
    project.call("record-handoff", "--task-id", "B-1", *where, *handoff)
    review = ["record-review", "--task-id", "B-1", "--reviewer-role", "D-arch", "--reviewer", "dan"]
    project.call(*review, "--status", "approved", "--commit", plain, who=REVIEWER)
    project.call("merge-ready", "--task-id", "B-1", "--ref", plain)
    governed = project.commit("B-ui", "docs/governance/x.md", message="B-1: rules")
    project.call("route-review", "--task-id", "B-1", "--ref", governed)
    git(project.main, "merge", "--quiet", "--ff-only", governed)
    project.call("set-status", "--task-id", "B-1", "--status", "done", "--commit", governed)
    project.call("ready", "--role", "B-ui")

    found = [
        (row["operation"], difference["field"], difference["legacy"], difference["own"])
        for row in project.observed()
        for difference in json.loads(row["differences"])
    ]
    assert found == [PLANTED[0], PLANTED[1], PLANTED[2]], project.observed()
    assert {verdict for _operation, verdict in verdicts(project)} == {"match", "mismatch"}
    assert len(project.observed()) == 11

    for name in ("legacy_result", "own_result"):
        told = [json.loads(row[name]) for row in project.observed() if row["verdict"] == "match"]
        assert (told[0]["state"]["status"], told[0]["state"]["owner"]) == ("in_progress", "B-ui"), name
        added = [entry["records"] for entry in told if entry.get("records")]
        assert added == [[["evidence", "pass"]], [["handoff", ""]], [["review", "D-arch approved"]]], name

    reported = project.run("parity-report", "B-ui", "--json")
    assert (reported.code, reported.word) == (1, "parity_mismatch")
    assert reported.json["lanes"][0]["unproven"] == ["route-review"]
    refused = project.run("lane-engine", "B-ui", "fairway", "it is time")
    assert (refused.code, refused.word) == (1, "parity_mismatch")
    assert refused.err.count("without an explanation") == 3

    text = "".join(entry_for(*planted) for planted in PLANTED)
    os.makedirs(os.path.join(project.main, "compat"), exist_ok=True)
    with open(os.path.join(project.main, "compat", "differences.toml"), "w", encoding="utf-8") as file:
        file.write(text)
    assert project.ok("parity-report").out.startswith("11 observed, 0 unexplained")
    force_over(project, "B-ui")
    project.ok("queue-verify")


def test_a_difference_can_be_done_again_and_shows_both_sides(project: Shadowed) -> None:
    project.call("ready", "--role", "B-ui")
    (row,) = project.observed()
    before = rows_of(project)
    again = project.run("parity-report", "--replay", row["call_id"])
    assert (again.code, again.word) == (1, "parity_mismatch")
    assert "ready.B-ui: legacy B-1 B-2 B-4, own B-2 B-1 B-4" in again.out
    assert "+++ own out" in again.out
    assert len(project.observed()) == 1
    assert rows_of(project) == before


def test_what_is_asked_of_a_branch_is_done_again_on_the_commits_of_then(project: Shadowed) -> None:
    governed = project.commit("B-ui", "docs/governance/x.md", message="B-1: rules")
    project.call("route-review", "--task-id", "B-1", "--ref", "agent/B-ui")
    (row,) = project.observed()
    git(project.main, "merge", "--quiet", "--ff-only", governed)
    project.commit("B-ui", "cmd/api/x.go")
    again = project.run("parity-report", "--replay", row["call_id"], "--json")
    assert (again.word, again.json["unknown"]) == ("parity_mismatch", "")
    assert json.loads(row["differences"]) == again.json["differences"] != []

    os.unlink(os.path.join(row["replay"], "own.out"))  # as after a refusal, in which no commit is named
    again = project.run("parity-report", "--replay", row["call_id"])
    assert (again.code, again.word) == (1, "parity_mismatch")
    assert again.out.startswith("route-review is not compared: unknown\n")


def test_what_other_lanes_did_on_the_legacy_side_counts_for_both(project: Shadowed) -> None:
    project.call("claim", "--role", "A-backend", "--owner", "A-backend", "--task-id", "A-1")
    project.call("ready")
    project.call("set-status", "--task-id", "A-1", "--status", "done", "--force", "--reason", "by hand")
    project.call("claim", "--role", "B-ui", "--owner", "B-ui", "--task-id", "B-5")
    (ready, claim) = project.observed()
    assert [row["field"] for row in json.loads(ready["differences"])] == ["ready.B-ui"]
    assert (claim["verdict"], json.loads(claim["legacy_result"])["exit"]) == ("match", "done")


def test_our_side_of_a_change_leaves_no_trace_but_the_observation(project: Shadowed) -> None:
    project.call("claim", "--role", "B-ui", "--owner", "B-ui", "--task-id", "B-1")
    kinds = [
        event["kind"]
        for event in project.ok("queue-activity", "--json", env={"FAIRWAY_ENGINE": "fairway"}).json["events"]
    ]
    assert "claimed" not in kinds
    assert kinds.count("legacy_imported") >= 1
    state = project.ok("queue-task-detail", "B-1", "--json", env={"FAIRWAY_ENGINE": "fairway"}).json
    assert (state["status"], state["owner"]) == ("in_progress", "B-ui")


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_calls_that_follow_each_other_at_once_are_told_apart(project: Shadowed, journal: str) -> None:
    """As in a chain of commands: nobody has compared the first one when the last one is done."""
    handle = hold(project)
    database = sqlite3.connect(project.legacy_db, isolation_level=None)
    database.execute(f"PRAGMA journal_mode = {journal}").fetchone()  # somebody looks all the time
    head = git(project.main, "rev-parse", "HEAD")
    for words in (
        ("claim", "--role", "B-ui", "--owner", "B-ui"),
        ("set-status", "--status", "blocked", "--reason", "waiting"),
        ("set-status", "--status", "in_progress"),
        ("record-evidence", "--command-text", "make test", "--result", "pass"),
        ("task-detail",),
        ("set-status", "--status", "done", "--commit", head),
    ):
        assert project.queue(words[0], "--task-id", "B-1", *words[1:]).code == 0, words
    database.close()
    os.close(handle)
    project.settle()
    assert {verdict for _operation, verdict in verdicts(project)} == {"match"}, project.observed()
    assert project.detail_here("B-1")["status"] == "done"


def test_a_second_change_while_the_first_is_made_leaves_the_first_unclear(project: Shadowed) -> None:
    handle = hold(project)
    evidence = ["record-evidence", "--task-id", "B-1", "--command-text", "make test", "--result", "pass"]
    with contextlib.closing(sqlite3.connect(project.legacy_db, isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")  # both begin before one can end
        processes = [project.start_script("scripts/ops/agent_queue.sh", *evidence) for _ in range(2)]
        until = time.monotonic() + 30
        while len(project.waiting) < 2:
            assert time.monotonic() < until
            time.sleep(0.01)
        database.execute("ROLLBACK")
    assert [finish(process).code for process in processes] == [0, 0]
    os.close(handle)
    project.settle()
    assert ("record-evidence", "unclear") in verdicts(project)
    assert ("record-evidence", "mismatch") not in verdicts(project)


def test_a_merge_before_our_side_looked_makes_a_route_unclear(project: Shadowed) -> None:
    sha = project.commit("B-ui", "cmd/api/x.go")
    handle = hold(project)
    assert project.queue("route-review", "--task-id", "B-2", "--ref", sha).code == 0
    git(project.main, "merge", "--quiet", "--no-edit", sha)
    os.close(handle)
    project.settle()
    assert ("route-review", "unclear") in verdicts(project)


def test_an_older_capture_never_takes_back_what_is_known_already(project: Shadowed) -> None:
    leave_waiting(project, ("claim", "--role", "B-ui", "--owner", "B-ui", "--task-id", "B-1"))
    blocked = ["set-status", "--task-id", "B-1", "--status", "blocked", "--reason", "x"]
    assert project.queue(*blocked, env={"FAIRWAY_LEGACY": "1"}).code == 0
    here = {"FAIRWAY_ENGINE": "fairway"}
    project.ok("queue-ready", env=here)
    before = project.ok("queue-activity", "--json", env=here).json["events"]
    project.compare_waiting()
    assert verdicts(project) == [("claim", "unclear")]
    assert project.ok("queue-activity", "--json", env=here).json["events"] == before
    assert project.detail_here("B-1")["status"] == "blocked"


def test_a_call_whose_reader_went_away_is_unclear_and_never_equal_to_nothing(project: Shadowed) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    words = [os.path.join(project.main, "scripts/ops/agent_queue.sh"), "ready", "--role", "B-ui"]
    subprocess.run(words, cwd=project.main, env=environment(), stdout=writing, stderr=subprocess.DEVNULL, timeout=60)
    os.close(writing)
    project.settle()
    (row,) = project.observed()
    assert (row["verdict"], row["note"]) == ("unclear", "what it printed is not known whole: its reader went away")


def test_a_call_whose_front_door_was_killed_is_mirrored_and_noted(project: Shadowed) -> None:
    process = project.start_script(
        "scripts/ops/agent_queue.sh", "claim", "--role", "B-ui", "--owner", "B", "--task-id", "B-1"
    )
    until = time.monotonic() + 30
    while not runs_original(project):
        assert time.monotonic() < until
        time.sleep(0.002)
    process.kill()
    process.communicate()
    while legacy_rows(project.main, "task_state_history")[-1]["to_status"] != "in_progress":
        assert time.monotonic() < until
        time.sleep(0.01)
    project.compare_waiting()
    assert [(row["verdict"], row["task_id"]) for row in project.observed()] == [("interrupted", "B-1")]
    state = project.ok("queue-task-detail", "B-1", "--json", env={"FAIRWAY_ENGINE": "fairway"}).json
    assert state["status"] == "in_progress"
    assert project.waiting == []


@pytest.mark.endurance
def test_calls_are_observed_once_wherever_observers_are_killed(project: Shadowed) -> None:
    calls = leave_waiting(
        project,
        ("claim", "--role", "B-ui", "--owner", "B-ui", "--task-id", "B-1"),
        ("ready", "--role", "B-ui"),
        ("record-evidence", "--task-id", "B-1", "--command-text", "make test", "--result", "pass"),
        ("set-status", "--task-id", "B-1", "--status", "done", "--commit", git(project.main, "rev-parse", "HEAD")),
        ("claim", "--role", "B-ui", "--owner", "B-ui", "--task-id", "B-3"),
    )
    assert len(calls) == 5
    before = rows_of(project)
    with open(project.legacy_db, "rb") as file:
        content = hashlib.sha256(file.read()).hexdigest()
    chance, kills = random.Random(7), 0
    for _ in range(40):
        process = subprocess.Popen([sys.executable, OBSERVER], cwd=project.main, env=environment())
        time.sleep(chance.uniform(0.1, 0.32))
        process.kill()
        process.communicate()
        kills += process.returncode == -signal.SIGKILL
        if not project.waiting:
            break
    project.compare_waiting()
    assert kills >= 1
    rows = project.observed()
    assert sorted(row["call_id"] for row in rows) == calls
    assert [(row["operation"], row["verdict"]) for row in sorted(rows, key=lambda row: row["call_id"])] == [
        *[("claim", "match"), ("ready", "match"), ("record-evidence", "match"), ("set-status", "match")],
        ("claim", "match"),
    ]
    assert project.waiting == []
    assert project.ok("queue-verify").out.startswith("ok")
    assert rows_of(project) == before
    with open(project.legacy_db, "rb") as file:
        assert hashlib.sha256(file.read()).hexdigest() == content
    assert [row["result"] for row in project.detail_here("B-1")["evidence"]] == ["pass"]


#: Runs the observer and kills it right before or after a step of the work.
BOMB = """
import os, sys
sys.path.insert(0, {home!r})
from fairway_scripts.cutover.observer import main
from fairway_scripts.cutover.shadow import observing
real = getattr(observing, {step!r})
def step(*given, **named):
    found = real(*given, **named) if {after!r} else None
    os.kill(os.getpid(), 9)
    return found
setattr(observing, {step!r}, step)
main()
"""


@pytest.mark.endurance
def test_the_work_is_finished_after_a_death_at_any_step(project: Shadowed) -> None:
    evidence = ["--command-text", "make test", "--result", "ok"]
    calls = leave_waiting(project, ("record-evidence", "--task-id", "B-1", *evidence))
    kept, place = f"{project.main}.kept", os.path.join(project.main, ".git", "fairway")
    shutil.copytree(place, kept)
    steps = ["make_base", "run_own", "keep_case", "_take_in", "remove_call"]
    moments = [*((step, True) for step in steps), ("keep_case", False), ("_take_in", False)]
    for step, after in moments[:: length(3, 1)]:
        shutil.rmtree(place)
        shutil.copytree(kept, place)
        words = [sys.executable, "-c", BOMB.format(home=HOME, step=step, after=after)]
        assert subprocess.run(words, cwd=project.main, env=environment()).returncode == -signal.SIGKILL, step
        project.compare_waiting()
        assert [row["call_id"] for row in project.observed()] == calls, step
        assert verdicts(project) == [("record-evidence", "mismatch")], step
        assert [row["result"] for row in project.detail_here("B-1")["evidence"]] == ["pass"], step
        assert project.waiting == [], step
        assert project.run("parity-report", "--replay", calls[0]).code == 1, step


#: Runs the observer and kills it after it has removed so many files of a call that is done.
REMOVAL_BOMB = """
import os, sys
sys.path.insert(0, {home!r})
from fairway_scripts.cutover.observer import main
from fairway_scripts.cutover.shadow import observing
real, unlink, left = observing.remove_call, os.unlink, {count!r}
def counted(*given, **named):
    global left
    unlink(*given, **named)
    left -= 1
    if not left:
        os.kill(os.getpid(), 9)
def removal(call):
    os.unlink = counted
    real(call)
    os.unlink = unlink
observing.remove_call = removal
main()
"""


@pytest.mark.endurance
def test_a_death_while_a_call_is_removed_spoils_none_of_the_later_ones(project: Shadowed) -> None:
    calls = leave_waiting(
        project,
        ("claim", "--role", "B-ui", "--owner", "B-ui", "--task-id", "B-1"),
        ("set-status", "--task-id", "B-1", "--status", "blocked", "--reason", "x"),
    )
    kept, place = f"{project.main}.kept", os.path.join(project.main, ".git", "fairway")
    shutil.copytree(place, kept)
    for count in (1, 2, 4, 6)[:: length(3, 1)]:
        shutil.rmtree(place)
        shutil.copytree(kept, place)
        words = [sys.executable, "-c", REMOVAL_BOMB.format(home=HOME, count=count)]
        assert subprocess.run(words, cwd=project.main, env=environment()).returncode == -signal.SIGKILL, count
        project.compare_waiting()
        assert [row["call_id"] for row in project.observed()] == calls, count
        assert verdicts(project) == [("claim", "match"), ("set-status", "match")], count
        assert project.waiting == [], count


def test_the_coordinator_hears_of_calls_that_nobody_compares(project: Shadowed) -> None:
    (call_id,) = leave_waiting(project, ("ready", "--role", "B-ui"))
    quiet = project.ok("orchestrator-tick", env={"FAIRWAY_ENGINE": "fairway"})
    assert "not compared" not in quiet.err
    old = os.path.join(project.spool, "20260101" + call_id[8:])
    shutil.move(os.path.join(project.spool, call_id), old)
    told = project.ok("orchestrator-tick", env={"FAIRWAY_ENGINE": "fairway"})
    assert "1 shadowed call(s) are not compared yet" in told.err
    assert "calls" in project.run("lane-engine", "B-ui", "fairway", "now").err.replace("call(s)", "calls")
    project.compare_waiting()
