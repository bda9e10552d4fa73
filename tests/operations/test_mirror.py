"""The mirror: tasks of lanes that the old scripts answer stand here as they stand there."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fairway_scripts.cutover.bridge.legacy_import import import_legacy
from fairway_scripts.cutover.bridge.legacy_side import look
from fairway_scripts.cutover.bridge.mirror import refresh_from_legacy
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.project.project import Project
from fairway_scripts.queue.opening import open_project
from fairway_scripts.upkeep.verification import verify
from tests.support.old_database import OldDatabase, make_folder, set_engine, usual_database
from tests.support.ready_made import ready_made
from tests.support.rings import length
from tests.support.shell import HOME, Checkout, environment, make_checkout, queue_text, task
from tests.support.stored import events, rows, state

DAY = "2026-05-04 10:00:00"


@pytest.fixture
def project() -> Checkout:
    """B-1 waits for A-1; lane A-backend is answered by the old scripts, B-ui by us."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    tasks = (task("A-1", role="A-backend"), task("A-2", role="A-backend"), task("B-1", depends_on=["A-1"]))
    found = make_folder(parent, queue_text(*tasks))
    found.ok("queue-import")
    set_engine(found, "A-backend", "legacy")
    return found


def opened(project: Checkout, monkeypatch: pytest.MonkeyPatch, *, sync: bool = False) -> Project:
    """The project as an operation sees it."""

    class Arguments:
        tool = "queue-ready"
        actor = "tester"

    monkeypatch.chdir(project.main)
    return open_project(Arguments()) if sync else open_as_it_is(Arguments())


def settle(old: OldDatabase) -> None:
    """Let the times of the old database lie so far back that they tell."""
    for name in (old.path, f"{old.path}-wal"):
        if os.path.exists(name):
            past = time.time_ns() - 10**9
            os.utime(name, ns=(past, past))


# --- what is mirrored -------------------------------------------------------------------------------------


def test_work_that_the_old_scripts_finish_makes_what_waits_for_it_ready(project: Checkout) -> None:
    old = usual_database(project)
    old.state("A-1", "in_progress", owner="A")
    assert project.ok("queue-ready", "--format", "ids").out == "A-2\n"
    old.step("A-1", "in_progress", "done", DAY, commit_sha="abc")
    old.state("A-1", "done", owner="A", commit_sha="abc", completed_at=DAY)
    assert project.ok("queue-ready", "--format", "ids").out == "A-2\nB-1\n"
    assert state(project, "A-1")["completed_at"] == "2026-05-04T10:00:00.000000Z"
    project.ok("queue-verify")


def test_a_claim_sees_what_the_old_scripts_did_a_moment_ago(project: Checkout) -> None:
    usual_database(project).state("A-1", "done", completed_at=DAY, commit_sha="abc")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")


def test_reopened_work_blocks_again(project: Checkout) -> None:
    old = usual_database(project)
    old.state("A-1", "done", completed_at=DAY, commit_sha="abc")
    project.ok("queue-ready")
    old.state("A-1", "todo", owner="", branch="")
    assert project.ok("queue-ready", "--role", "B-ui").out == ""
    found = state(project, "A-1")
    assert (found["completed_at"], found["commit_sha"], found["terminal"]) == (None, None, 0)
    project.ok("queue-verify")


@pytest.mark.parametrize("engine", ["legacy", "shadow"])
def test_tasks_of_other_lanes_are_ours(project: Checkout, engine: str) -> None:
    set_engine(project, "A-backend", engine)
    old = usual_database(project)
    old.state("A-2", "blocked")
    old.state("B-1", "done")
    project.ok("queue-ready")
    assert (state(project, "A-2")["status"], state(project, "B-1")["status"]) == ("blocked", "todo")


def test_a_project_that_is_not_cutting_over_never_looks(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("A-1", role="A-backend")), lanes=[])
    project.ok("queue-import")
    usual_database(project).state("A-1", "done")
    assert project.ok("queue-ready").err == ""
    assert state(project, "A-1")["status"] == "todo"


def test_the_event_says_who_did_it_there(project: Checkout) -> None:
    old = usual_database(project)
    old.step("A-1", None, "blocked", DAY, actor="codex", reason="waits")
    old.state("A-1", "blocked")
    project.ok("queue-ready", "--actor", "somebody")
    (row,) = [row for row in rows(project, "events") if row["kind"] == "legacy_imported"]
    assert (row["actor"], row["session_id"], row["task_id"]) == ("legacy:codex", None, "A-1")


def test_a_mirrored_change_does_not_stand_in_the_way_of_undoing_ones_own(project: Checkout) -> None:
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "x", "--actor", "me")
    usual_database(project).state("A-1", "blocked")
    project.ok("queue-ready", "--actor", "me")
    project.ok("queue-undo", "--actor", "me")
    assert state(project, "B-1")["status"] == "todo"


def test_several_transitions_at_once_keep_their_order(project: Checkout) -> None:
    old = usual_database(project)
    old.step("A-1", None, "todo", "2026-05-01 08:00:00")
    project.ok("queue-ready")
    for number, (before, after) in enumerate(
        [("todo", "in_progress"), ("in_progress", "blocked"), ("blocked", "done")]
    ):
        old.step("A-1", before, after, f"2026-05-0{number + 2} 08:00:00")
    old.state("A-1", "done", completed_at="2026-05-04 08:00:00")
    project.ok("queue-ready")
    told = [row["to_status"] for row in rows(project, "task_state_history", "A-1")]
    assert told == ["todo", "in_progress", "blocked", "done"]


def test_the_old_state_decides_where_its_history_leads_elsewhere(project: Checkout) -> None:
    old = usual_database(project)
    old.state("A-1", "todo", owner="", branch="")
    project.ok("queue-ready")
    old.step("A-1", "todo", "blocked", DAY)
    project.ok("queue-ready")
    assert state(project, "A-1")["status"] == "todo"
    told = [(row["to_status"], row["reason"]) for row in rows(project, "task_state_history", "A-1")]
    assert told[-2:] == [("blocked", ""), ("todo", "as the old database has it")]
    project.ok("queue-verify")


def test_rows_that_we_wrote_there_ourselves_do_not_come_back(project: Checkout) -> None:
    project.ok("queue-record-evidence", "A-1", "--command-text", "make", "--result", "pass")
    old = usual_database(project)
    number = old.add("task_evidence", task_id="A-1", command_text="make there", result="pass", created_at=DAY)
    with closing(sqlite3.connect(project.store)) as connection, connection:
        connection.execute(
            "INSERT INTO legacy_rows VALUES ('task_evidence', ?, 'A-1', 'task_evidence', '1', 'out', '-', '-')",
            (str(number),),
        )
    old.add("task_evidence", task_id="A-1", command_text="make other", result="pass", created_at=DAY)
    project.ok("queue-ready")
    assert [row["command_text"] for row in rows(project, "task_evidence")] == ["make", "make other"]


def test_a_task_that_is_defined_later_gets_its_old_records(project: Checkout) -> None:
    old = usual_database(project)
    old.add("task_evidence", task_id="A-3", command_text="make", result="pass", created_at=DAY)
    settle(old)
    project.ok("queue-ready")
    project.write_queue(queue_text(task("A-1", role="A-backend"), task("A-3", role="A-backend")))
    project.ok("queue-ready")
    assert len(rows(project, "task_evidence", "A-3")) == 1


def test_a_lane_that_goes_back_to_the_old_scripts_is_theirs_again(project: Checkout) -> None:
    old = usual_database(project)
    old.state("A-1", "todo")
    project.ok("queue-ready")
    set_engine(project, "A-backend", "fairway", "2026-05-02T00:00:00.000000Z")
    project.ok("queue-set-status", "A-1", "--status", "blocked", "--reason", "x")
    set_engine(project, "A-backend", "legacy", "2026-05-03T00:00:00.000000Z")
    project.ok("queue-ready")
    assert state(project, "A-1")["status"] == "todo"
    project.ok("queue-verify")


# --- what it costs, and what goes wrong -------------------------------------------------------------------


def test_nothing_is_read_while_nothing_is_written(project: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    old = usual_database(project)
    old.state("A-1", "blocked")
    settle(old)
    here = opened(project, monkeypatch)
    first = refresh_from_legacy(here)
    assert first is not None
    assert (first["tasks"], first["new"]) == (["A-1"], 1)
    assert refresh_from_legacy(here) is None
    old.state("A-2", "blocked")
    second = refresh_from_legacy(here)
    assert second is not None
    assert second["tasks"] == ["A-2"]


def test_a_file_that_was_written_a_moment_ago_is_read_again(project: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    old = usual_database(project)
    old.state("A-1", "blocked")
    now = time.time_ns() + 5 * 10**9
    os.utime(old.path, ns=(now, now))
    here = opened(project, monkeypatch)
    assert refresh_from_legacy(here) is not None
    old.state("A-1", "done", completed_at=DAY)
    os.utime(old.path, ns=(now, now))  # the file system's clock has not ticked
    again = refresh_from_legacy(here)
    assert again is not None
    assert again["tasks"] == ["A-1"]


def test_an_unchanged_old_database_loads_nothing_to_read_it_with(project: Checkout) -> None:
    old = usual_database(project)
    settle(old)
    project.ok("queue-ready")
    code = (
        "import sys; from fairway_scripts.front.entry import run; run('queue-ready', []);"
        "print([name for name in sys.modules if 'legacy_' in name or name in ('sqlite_utils', 're', 'tempfile')])"
    )
    done = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path.insert(0, {HOME!r}); {code}"],
        cwd=project.main,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[-1] == "['fairway_scripts.store.legacy_mark']"


def break_file(old: OldDatabase) -> None:
    with open(old.path, "wb") as file:
        file.write(b"no database any more")


@pytest.mark.parametrize("spoil", [break_file, lambda old: os.unlink(old.path)], ids=["damaged", "gone"])
def test_an_old_database_that_cannot_be_read_leaves_what_was_read_last(project: Checkout, spoil: Any) -> None:
    old = usual_database(project)
    old.state("A-1", "done", completed_at=DAY, commit_sha="abc")
    project.ok("queue-ready")
    spoil(old)
    answer = project.ok("queue-ready", "--role", "B-ui", "--format", "ids")
    assert answer.out == "B-1\n"
    assert "what was read from" in answer.err


def test_a_writer_that_holds_the_lock_does_not_fail_a_read(project: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairway_scripts.cutover.bridge import mirror

    monkeypatch.setattr(mirror, "PATIENCE", 0.1)
    old = usual_database(project)
    here = opened(project, monkeypatch)
    with closing(sqlite3.connect(old.path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        assert refresh_from_legacy(here) is None
    assert any("locked" in note for note in here.notes)
    assert refresh_from_legacy(here) is not None


def test_our_side_of_a_comparison_does_not_look_at_what_the_old_scripts_did(project: Checkout, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    with closing(sqlite3.connect(project.store)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    usual_database(project).state("A-1", "done", completed_at=DAY, commit_sha="abc")
    candidate = {"FAIRWAY_ENGINE": "fairway"}
    assert project.ok("queue-ready", "--queue-db", copy, "--role", "B-ui", env=candidate).out == ""
    assert project.ok("queue-ready", "--role", "B-ui", "--format", "ids", env=candidate).out == "B-1\n"


def test_the_old_state_can_be_asked_for(project: Checkout, monkeypatch: pytest.MonkeyPatch) -> None:
    old = usual_database(project)
    old.state("A-1", "completed", owner=None, branch="agent/A", commit_sha="abc", completed_at=DAY)
    old.state("A-2", "odd")
    with look(opened(project, monkeypatch)) as side:
        found = side.states(["A-1", "A-2", "Z-9"])
    names = ("status", "owner", "branch", "commit_sha", "completed_at")
    assert {task_id: tuple(row[name] or "" for name in names) for task_id, row in found.items()} == {
        "A-1": ("done", "", "agent/A", "abc", "2026-05-04T10:00:00.000000Z"),
        "A-2": ("odd", "", "", "", ""),
    }


# --- any history ------------------------------------------------------------------------------------------

STATUSES = ("todo", "in_progress", "blocked", "done", "closed", "wip", "nonsense", "")
NAMES = st.sampled_from([None, "", "B", "codex", 'it\'s "me"\n', "agent/A"])
TIMES = st.sampled_from([None, "", DAY, "2026-05-04", "2026-05-04T10:00:00+02:00", 1777888800, "soon", -1])
STEPS = st.tuples(st.sampled_from(["A-1", "A-2", "Z-9"]), st.sampled_from(STATUSES), st.sampled_from(STATUSES))
ROWS = st.one_of(
    st.tuples(st.just("step"), STEPS, NAMES, NAMES, TIMES),
    st.tuples(st.just("state"), STEPS, NAMES, NAMES, TIMES),
    st.tuples(st.just("evidence"), STEPS, NAMES, NAMES, TIMES),
    st.tuples(st.just("review"), STEPS, NAMES, NAMES, TIMES),
)
OURS = ("task_state", "task_state_history", "task_evidence", "task_reviews", "legacy_rows", "events")


def write_row(old: OldDatabase, row: Any) -> None:
    """Write one random row to the old database."""
    kind, (task_id, before, after), who, other, at = row
    if kind == "step":
        old.step(task_id, before or None, after, at, owner=who, branch=other, actor=other)
    elif kind == "state":
        old.state(task_id, after, owner=who, claimed_at=at, completed_at=at, commit_sha=other, updated_at=at)
    elif kind == "evidence":
        old.add("task_evidence", task_id=task_id, command_text=who, result=other, created_at=at)
    else:
        old.add("task_reviews", task_id=task_id, reviewer=who, verdict=after, notes=other, created_at=at)


#: What a step means is known only once the state that it led to is.
UNKNOWN_FIRST = [
    [("step", ("A-2", "todo", "todo"), None, None, None), ("state", ("A-2", "todo", "nonsense"), None, None, None)],
    [("step", ("A-1", "todo", "todo"), None, None, None), ("state", ("A-2", "todo", "todo"), None, None, None)],
]


@settings(max_examples=length(4, 25))
@given(batches=st.lists(st.lists(ROWS, max_size=6), min_size=1, max_size=3))
@example(batches=UNKNOWN_FIRST)
@pytest.mark.parametrize("engine", ["", "legacy"])
def test_reading_any_old_history_twice_is_reading_it_once(
    tmp_path_factory: pytest.TempPathFactory, engine: str, batches: list[list[Any]]
) -> None:
    tasks = (task("A-1", role="A-backend"), task("A-2", role="A-backend", status="blocked"), task("B-1"))
    project = make_folder(tmp_path_factory.mktemp("any"), queue_text(*tasks))
    old = usual_database(project)
    with pytest.MonkeyPatch.context() as patch:
        here = opened(project, patch, sync=True)
        if engine:
            set_engine(project, "A-backend", engine)
        for batch in batches:
            for row in batch:
                write_row(old, row)
            if engine:
                refresh_from_legacy(here)
            else:
                import_legacy(here, old.path, dry_run=False)
            assert verify(here)["problems"] == []
        before = {table: rows(project, table) for table in OURS}
        again = import_legacy(here, old.path, dry_run=False)
        assert (again["new"], again["changed"]) == (0, 0)
        assert {table: rows(project, table) for table in OURS} == before
        assert verify(here)["problems"] == []
        if engine:
            with look(here) as side:
                theirs = side.states(["A-1", "A-2"])
            for task_id, there in theirs.items():
                if there["status"] in ("todo", "in_progress", "blocked", "done"):
                    assert state(project, task_id)["status"] == there["status"]


def test_the_ledger_keeps_what_the_mirror_changed(project: Checkout) -> None:
    usual_database(project).state("A-1", "blocked", owner="A")
    project.ok("queue-ready")
    (payload,) = events(project, "A-1", "legacy_imported")
    assert payload["after"] == {"owner": "A", "status": "blocked", "status_since": payload["after"]["status_since"]}
    assert json.dumps(payload)
