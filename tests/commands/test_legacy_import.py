"""queue-import --legacy-db: taking over what the scripts from before recorded."""

from __future__ import annotations

import os
import signal
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.support.old_database import OldDatabase, make_folder, set_engine, usual_database
from tests.support.rings import some
from tests.support.shell import Answer, Checkout, finish, make_checkout, queue_text, start_tool, task
from tests.support.stored import events, rows, state

WHERE = ".git/agent_queue/agent_queue.db"
DAY = "2026-05-04 10:00:00"
STORED_DAY = "2026-05-04T10:00:00.000000Z"


def checkout(tmp_path: Path, *tasks: dict[str, Any]) -> Checkout:
    return make_folder(tmp_path, queue_text(*(tasks or (task("B-1"), task("B-2")))))


def take_over(project: Checkout, *words: str) -> Any:
    """Import the old database; what was answered as JSON."""
    return project.ok("queue-import", "--legacy-db", WHERE, "--json", *words).json


def counts(answer: Any, kind: str) -> tuple[int, int, int, int, int]:
    """(rows, new, changed, known, left) of one kind of table."""
    (entry,) = [entry for entry in answer["tables"] if entry["kind"] == kind]
    return entry["rows"], entry["new"], entry["changed"], entry["known"], entry["left"]


def clean(project: Checkout) -> bool:
    """Whether queue-verify finds nothing wrong; says what it found."""
    answer = project.run("queue-verify")
    assert answer.code == 0, answer
    return True


def busy_day(old: OldDatabase) -> None:
    """One of everything, for B-1."""
    old.step("B-1", None, "todo", "2026-05-01 08:00:00", owner="", branch="", command_source="yaml_sync")
    old.step("B-1", "todo", "in_progress", DAY, owner="B", branch="agent/B-ui", command_source="claim")
    old.state("B-1", "in_progress", owner="B", branch="agent/B-ui", claimed_at=DAY, updated_at=DAY)
    handoff = old.add("task_handoffs", task_id="B-1", owner="B", branch="agent/B-ui", commands="make", created_at=DAY)
    old.add("task_evidence", task_id="B-1", handoff_id=handoff, command_text="make", result="ok", created_at=DAY)
    old.add("task_reviews", task_id="B-1", reviewer="D", verdict="approve", reviewed_commit_sha="ab", created_at=DAY)
    old.add("agent_sessions", id="s-1", role="B-ui", session_backend="tmux", status="running", started_at=DAY)
    old.add("track_checkpoints", track_id="side", state="active", summary="half", created_at=DAY)


# --- what comes over --------------------------------------------------------------------------------------


def test_a_review_that_was_asked_of_somebody_who_is_no_lane_is_named_and_keeps_nothing_else_out(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    busy_day(old)
    old.run("CREATE TABLE review_requests (id INTEGER PRIMARY KEY, task_id TEXT, role TEXT, created_at TEXT)")
    for role in ("D-arch", "somebody"):
        old.add("review_requests", task_id="B-1", role=role, created_at=DAY)
    answer = take_over(project)
    assert counts(answer, "requests") == (2, 1, 0, 0, 1)
    (entry,) = [entry for entry in answer["tables"] if entry["kind"] == "requests"]
    assert [row["why"] for row in entry["not_placed"]] == ["it asks somebody, which is no lane"]


def test_a_task_arrives_with_its_state_and_its_transitions_at_their_own_times(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    take_over(project)
    found = state(project, "B-1")
    assert {name: found[name] for name in ("status", "owner", "branch", "claimed_at", "status_since", "fence")} == {
        "status": "in_progress",
        "owner": "B",
        "branch": "agent/B-ui",
        "claimed_at": STORED_DAY,
        "status_since": STORED_DAY,
        "fence": 1,
    }
    told = [
        (row["from_status"], row["to_status"], row["at"], row["actor"], row["command_source"])
        for row in rows(project, "task_state_history", "B-1")
    ]
    assert told == [
        (None, "todo", "2026-05-01T08:00:00.000000Z", "legacy:codex", "legacy"),
        ("todo", "in_progress", STORED_DAY, "legacy:codex", "legacy"),
    ]
    assert clean(project)


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (
            "task_evidence",
            {"command_text": "make", "result": "pass", "handoff_id": 1, "recorded_by": "legacy:unknown"},
        ),
        ("task_handoffs", {"owner": "B", "from_role": "B-ui", "commands": "make", "recorded_by": "legacy:B"}),
        (
            "task_reviews",
            {"reviewer_role": "D-arch", "reviewer": "D", "verdict": "approved", "recorded_by": "legacy:D"},
        ),
        ("checkpoints", {"subject_kind": "track", "subject_id": "side", "state": "active", "summary": "half"}),
    ],
)
def test_records_arrive_with_their_time_and_where_they_come_from(
    tmp_path: Path, table: str, columns: dict[str, Any]
) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    take_over(project)
    (row,) = rows(project, table)
    assert {name: row[name] for name in columns} == columns
    assert row["created_at"] == STORED_DAY


def test_sessions_arrive(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    take_over(project)
    (session,) = rows(project, "sessions")
    assert (session["id"], session["role"], session["status"], session["registered_by"]) == (
        "s-1",
        "B-ui",
        "running",
        "legacy:unknown",
    )


def test_the_state_of_the_queue_file_seeds_only_what_the_database_does_not_know(tmp_path: Path) -> None:
    project = checkout(
        tmp_path,
        task("B-1", status="done", owner="old", completed_at="2026-01-01", commit="1111111"),
        task("B-2", status="done", owner="kept", completed_at="2026-01-02", commit="2222222"),
        task("B-3", status="done", completed_at="2026-01-03", commit="3333333"),
    )
    old = usual_database(project)
    old.state("B-1", "todo", owner="", branch="")
    old.state("B-3", "done", owner="C", completed_at=None, commit_sha=None)
    take_over(project)
    shown = {task_id: state(project, task_id) for task_id in ("B-1", "B-2", "B-3")}
    assert [(row["status"], row["owner"], row["commit_sha"]) for row in shown.values()] == [
        ("todo", "", None),
        ("done", "kept", "2222222"),
        ("done", "C", "3333333"),
    ]
    assert shown["B-3"]["completed_at"] == "2026-01-03T00:00:00.000000Z"
    assert clean(project)


def test_dependents_of_what_is_done_there_are_ready_here(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("A-1", role="A-backend"), task("B-1", depends_on=["A-1"]))
    old = usual_database(project)
    old.state("A-1", "done", commit_sha="abc", completed_at=DAY)
    take_over(project)
    assert project.ok("queue-ready", "--format", "ids").out == "B-1\n"


def test_a_gap_in_the_old_history_is_closed_by_a_row_that_says_so(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    old.step("B-1", None, "todo", "2026-05-01 08:00:00")
    old.step("B-1", "in_progress", "blocked", "2026-05-02 08:00:00", reason="waiting")
    old.state("B-1", "done", completed_at="2026-05-03 08:00:00", commit_sha="abc", updated_at="2026-05-03 08:00:00")
    take_over(project)
    told = [(row["from_status"], row["to_status"], row["reason"]) for row in rows(project, "task_state_history", "B-1")]
    assert told == [
        (None, "todo", ""),
        ("todo", "in_progress", "the old database does not say how it came here"),
        ("in_progress", "blocked", "waiting"),
        ("blocked", "done", "as the old database has it"),
    ]
    assert state(project, "B-1")["status_since"] == "2026-05-03T08:00:00.000000Z"
    assert clean(project)


def test_since_when_a_task_stands_so_is_told_by_the_old_history(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1", status="blocked"))
    old = usual_database(project)
    old.step("B-1", None, "todo", "2026-05-01 08:00:00")
    old.step("B-1", "todo", "blocked", DAY)
    old.state("B-1", "blocked", updated_at="2026-05-09 08:00:00")
    take_over(project)
    assert state(project, "B-1")["status_since"] == STORED_DAY


def test_a_claimant_of_then_may_not_review_now(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    old = usual_database(project)
    busy_day(old)
    old.step("B-1", "in_progress", "todo", "2026-05-05 10:00:00", owner="", branch="")
    old.state("B-1", "todo", owner="", branch="")
    take_over(project)
    review = ("queue-record-review", "B-1", "--reviewer-role", "D-arch", "--status", "approved", "--commit", "HEAD")
    assert project.run(*review, "--reviewer", "B").word == "self_review"


def test_other_names_and_epoch_times_come_over_too(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(
        project,
        """CREATE TABLE tasks (id TEXT PRIMARY KEY, state TEXT, assignee TEXT, done_at INTEGER, sha TEXT);
        CREATE TABLE proofs (task TEXT, cmd TEXT, outcome TEXT, who TEXT, ts REAL, author TEXT);
        CREATE TABLE colours (name TEXT);""",
    )
    old.add("tasks", id="B-1", state="Closed", assignee="B", done_at=1777888800, sha="abc")
    old.add("proofs", task="B-1", cmd="make", outcome="passed", ts=1777888800.5, author="codex")
    answer = take_over(project)
    assert answer["mapping"]["tables"] == ["colours"]
    found = state(project, "B-1")
    assert (found["status"], found["owner"], found["completed_at"]) == ("done", "B", STORED_DAY)
    (evidence,) = rows(project, "task_evidence")
    assert (evidence["result"], evidence["created_at"]) == ("pass", "2026-05-04T10:00:00.500000Z")
    assert evidence["recorded_by"] == "legacy:codex"


def test_the_profile_of_the_host_says_what_nobody_could_guess(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project, "CREATE TABLE x (a TEXT, b TEXT)")
    old.add("x", a="B-1", b="later")
    assert project.run("queue-import", "--legacy-db", WHERE).word == "invalid_document"
    os.makedirs(os.path.join(project.main, "compat"))
    with open(os.path.join(project.main, "compat", "profile.toml"), "w") as file:
        file.write('[legacy_db.state]\ntable = "x"\ncolumns = {task_id = "a", status = "b"}\n')
        file.write('[legacy_db.words.status]\nlater = "blocked"\n')
    take_over(project)
    assert state(project, "B-1")["status"] == "blocked"


@pytest.mark.parametrize(
    "text", ["legacy_db = 3\n", "[legacy_db]\nstate = 3\n", "[legacy_db.words]\nstatus = 3\n", "["]
)
def test_a_profile_that_cannot_be_read_is_refused(tmp_path: Path, text: str) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    os.makedirs(os.path.join(project.main, "compat"))
    with open(os.path.join(project.main, "compat", "profile.toml"), "w") as file:
        file.write(text)
    assert project.run("queue-import", "--legacy-db", WHERE).word == "invalid_config"


# --- what does not ----------------------------------------------------------------------------------------


def test_rows_of_tasks_that_the_queue_file_does_not_define_are_named_and_kept_out(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    old.state("Z-9", "done")
    old.add("task_evidence", task_id="Z-9", command_text="make", result="pass", created_at=DAY)
    answer = take_over(project)
    assert counts(answer, "state") == (1, 0, 0, 0, 1)
    assert answer["tables"][0]["not_placed"] == [{"why": "the queue file has no such task", "rows": 1, "keys": ["Z-9"]}]
    assert rows(project, "task_evidence") == []


def test_rows_that_were_kept_out_come_in_once_their_task_is_defined(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    usual_database(project).state("B-3", "blocked")
    take_over(project)
    project.write_queue(queue_text(task("B-1"), task("B-2"), task("B-3")))
    assert take_over(project)["new"] == 1
    assert state(project, "B-3")["status"] == "blocked"


def test_a_status_that_is_none_of_ours_changes_nothing_and_is_named(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    usual_database(project).state("B-1", "someday")
    (entry,) = take_over(project)["tables"][0]["not_placed"]
    assert entry["why"] == "its status 'someday' is none of todo, in_progress, blocked, done"
    assert state(project, "B-1")["status"] == "todo"


def test_an_unknown_word_and_an_unreadable_time_are_kept_as_text_and_told(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    old.add("task_evidence", task_id="B-1", command_text="x", result="meh", notes="n", created_at="last tuesday")
    answer = take_over(project)
    (evidence,) = rows(project, "task_evidence")
    assert evidence["result"] == "meh"
    assert evidence["notes"] == "n (not readable in the old database: created_at: last tuesday)"
    (entry,) = [entry for entry in answer["tables"] if entry["kind"] == "evidence"]
    assert [remark["why"] for remark in entry["remarks"]] == [
        "cannot be read: created_at: last tuesday",
        "result 'meh' is none of ours: kept as it is",
    ]


@pytest.mark.parametrize(
    ("verdict", "status"), [("approve", "approved"), ("reject", "blocked"), ("hmm", "not_required")]
)
def test_a_review_counts_by_its_verdict_and_an_unknown_word_approves_nothing(
    tmp_path: Path, verdict: str, status: str
) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])
    old = usual_database(project)
    old.add("task_reviews", task_id="B-1", reviewer="D", verdict=verdict, reviewed_commit_sha="ab", created_at=DAY)
    take_over(project)
    assert state(project, "B-1")["review_status"] == status
    project.ok("queue-route-review", "B-1", "--ref", "HEAD")
    assert state(project, "B-1")["review_status"] == status


def test_what_was_changed_here_since_stays_and_is_named(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    old.state("B-1", "todo")
    take_over(project)
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "x")
    old.state("B-1", "in_progress", owner="B")
    answer = take_over(project)
    assert answer["tables"][0]["not_placed"] == [{"why": "the task was changed here since", "rows": 1, "keys": ["B-1"]}]
    assert state(project, "B-1")["status"] == "blocked"
    assert clean(project)


def test_a_session_of_the_same_id_here_is_not_overwritten(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    project.ok("session-upsert", "--session-id", "s-1", "--role", "B-ui", "--provider", "mine")
    usual_database(project).add("agent_sessions", id="s-1", role="B-ui", provider="theirs", status="ended")
    answer = take_over(project)
    assert counts(answer, "sessions") == (1, 0, 0, 0, 1)
    assert [row["provider"] for row in rows(project, "sessions")] == ["mine"]


def test_counts_that_do_not_agree_take_nothing_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.cutover.bridge.legacy_import import import_legacy
    from fairway_scripts.queue.opening import open_project
    from fairway_scripts.store.legacy_source import LegacySource

    class Arguments:
        tool = "queue-import"
        actor = "tester"

    project = checkout(tmp_path)
    busy_day(usual_database(project))
    monkeypatch.chdir(project.main)
    here = open_project(Arguments())
    real = LegacySource.count
    monkeypatch.setattr(LegacySource, "count", lambda self, entry: real(self, entry) + 1)
    with pytest.raises(FairwayError) as refused:
        import_legacy(here, WHERE, dry_run=False)
    assert refused.value.word == "verify_failed"
    assert rows(project, "legacy_rows") == rows(project, "task_evidence") == []
    assert state(project, "B-1")["status"] == "todo"


def test_a_lane_that_is_cut_over_is_left_alone(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    project.ok("queue-import")
    set_engine(project, "B-ui", "fairway")
    answer = take_over(project)
    assert answer["new"] == 1  # the track's checkpoint belongs to no lane
    assert counts(answer, "state") == (1, 0, 0, 0, 1)
    assert state(project, "B-1")["status"] == "todo"


# --- once is enough ---------------------------------------------------------------------------------------


def test_a_second_import_adds_nothing(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    first = take_over(project)
    tables = ("task_state", "task_state_history", "task_evidence", "task_reviews", "sessions", "checkpoints", "events")
    before = {table: rows(project, table) for table in tables}
    second = take_over(project)
    assert (second["new"], second["changed"], second["known"]) == (0, 0, first["new"])
    assert {table: rows(project, table) for table in tables} == before


def test_only_what_happened_since_comes_in_the_second_time(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    busy_day(old)
    take_over(project)
    old.step("B-1", "in_progress", "done", "2026-05-05 10:00:00", commit_sha="abc")
    old.state("B-1", "done", owner="B", branch="agent/B-ui", commit_sha="abc", completed_at="2026-05-05 10:00:00")
    old.run("UPDATE task_handoffs SET acknowledged_at = '2026-05-05 09:00:00'")
    answer = take_over(project)
    assert (answer["new"], answer["changed"]) == (1, 2)
    assert state(project, "B-1")["completed_at"] == "2026-05-05T10:00:00.000000Z"
    (handoff,) = rows(project, "task_handoffs")
    assert handoff["acknowledged_at"] == "2026-05-05T09:00:00.000000Z"
    assert [row["to_status"] for row in rows(project, "task_state_history", "B-1")] == ["todo", "in_progress", "done"]
    assert clean(project)


def test_the_checkpoint_of_a_track_that_moved_on_is_another_checkpoint(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    busy_day(old)
    take_over(project)
    old.run("UPDATE track_checkpoints SET state = 'parked'")
    take_over(project)
    assert [row["state"] for row in rows(project, "checkpoints")] == ["active", "parked"]


def test_one_event_a_changed_task_tells_what_came_in(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    take_over(project)
    (payload,) = events(project, "B-1", "legacy_imported")
    assert payload["before"]["status"] == "todo"
    assert payload["after"]["status"] == "in_progress"
    assert sorted({table for table, _id in payload["rows"]}) == [
        "task_evidence",
        "task_handoffs",
        "task_reviews",
        "task_state_history",
    ]
    assert events(project, "B-2", "legacy_imported") == []


def test_what_came_in_cannot_be_undone(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    take_over(project)
    answer = project.run("queue-undo", "--task-id", "B-1")
    assert answer.word == "undo_refused"
    assert "legacy_imported" in answer.err


def test_what_came_in_and_was_pruned_with_its_task_comes_in_again(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    old.step("B-1", None, "blocked", DAY, owner="", branch="")
    old.state("B-1", "blocked", owner="", branch="")
    take_over(project)
    with closing(sqlite3.connect(project.store)) as connection, connection:
        for table, column in (("task_state_history", "task_id"), ("task_state", "task_id"), ("task_definitions", "id")):
            connection.execute(f"DELETE FROM {table} WHERE {column} = 'B-1'")
        connection.execute("UPDATE queue_sources SET sha256 = '', size = 0")
        connection.execute("DELETE FROM events")
    assert take_over(project)["new"] == 2
    assert state(project, "B-1")["status"] == "blocked"


# --- trying it out, and the file itself -------------------------------------------------------------------


def test_a_dry_run_tells_the_same_and_makes_nothing(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    busy_day(usual_database(project))
    tried = take_over(project, "--dry-run")
    assert not os.path.exists(project.store)
    done = take_over(project)
    assert tried["tables"] == done["tables"]
    assert tried["mapping"] == done["mapping"]


def test_a_dry_run_beside_a_store_leaves_it_alone(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    project.ok("queue-import")
    busy_day(usual_database(project))
    assert take_over(project, "--dry-run")["new"] == 8
    assert rows(project, "legacy_rows") == rows(project, "task_evidence") == []


def test_the_text_shows_the_mapping_and_what_could_not_be_placed(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project, "CREATE TABLE task_state (task_id TEXT, status TEXT, assignee TEXT, mood TEXT)")
    old.add("task_state", task_id="Z-1", status="done")
    lines = project.ok("queue-import", "--legacy-db", WHERE).out.splitlines()
    assert "  state: task_id status owner=assignee" in lines
    assert "  state, columns not read: mood" in lines
    assert "not placed: task_state: 1 row(s): the queue file has no such task: Z-1" in lines


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_the_old_database_is_not_touched(tmp_path: Path, journal: str) -> None:
    project = checkout(tmp_path)
    old = usual_database(project, journal=journal)
    busy_day(old)
    before = old.bytes()
    take_over(project)
    assert old.bytes() == before


def test_what_is_in_the_log_of_a_writer_that_is_still_there_counts(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project, journal="wal")
    with closing(sqlite3.connect(old.path)) as writer:
        writer.execute("INSERT INTO task_state (task_id, status) VALUES ('B-1', 'blocked')")
        writer.commit()
        take_over(project)
        assert state(project, "B-1")["status"] == "blocked"


def test_what_is_in_a_log_that_was_left_behind_counts(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project, journal="wal")
    with closing(sqlite3.connect(old.path)) as writer:
        writer.execute("INSERT INTO task_state (task_id, status) VALUES ('B-1', 'blocked')")
        writer.commit()
        left = {name: content for name, content in old.bytes().items() if not name.endswith("-shm")}
    for name, content in left.items():
        with open(os.path.join(os.path.dirname(old.path), name), "wb") as file:
            file.write(content)
    before = old.bytes()
    take_over(project)
    assert state(project, "B-1")["status"] == "blocked"
    assert old.bytes() == before


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (None, "not_found"),
        (b"", "invalid_document"),
        (b"not a database at all, but a text", "invalid_document"),
        (bytes(range(256)) * 32, "invalid_document"),
        (b"SQLite format 3\0" + b"\xff" * 4096, "invalid_document"),
    ],
    ids=["missing", "empty", "text", "encrypted", "header only"],
)
def test_what_is_no_old_database_is_refused_before_anything_is_made(
    tmp_path: Path, content: bytes | None, word: str
) -> None:
    project = checkout(tmp_path)
    path = os.path.join(project.main, "old.db")
    if content is not None:
        with open(path, "wb") as file:
            file.write(content)
    assert project.run("queue-import", "--legacy-db", "old.db").word == word
    assert not os.path.exists(project.store)


def test_a_damaged_page_is_refused_and_nothing_of_it_comes_in(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    old.state("B-1", "done")
    with closing(sqlite3.connect(old.path)) as connection, connection:
        connection.executemany(
            "INSERT INTO task_evidence (task_id, command_text, result) VALUES ('B-1', ?, 'pass')",
            [(f"make {number} {'x' * 100}",) for number in range(400)],
        )
    size = os.path.getsize(old.path)
    with open(old.path, "r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * (size // 2))
    answer = project.run("queue-import", "--legacy-db", WHERE)
    assert answer.word == "store_damaged", answer
    assert rows(project, "legacy_rows") == rows(project, "task_evidence") == []


def test_a_locked_database_is_refused_with_its_name(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    old = usual_database(project)
    with closing(sqlite3.connect(old.path, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        answer = project.run("queue-import", "--legacy-db", WHERE, env={"FAIRWAY_BUSY_SECONDS": "0.2"})
    assert answer.word == "store_busy"
    assert "agent_queue.db" in answer.err


def test_the_shared_git_directory_is_meant_in_a_lane_too(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1")), lanes=["B-ui"])
    usual_database(project).state("B-1", "blocked")
    project.ok("queue-import", "--legacy-db", WHERE, cwd=project.lanes["B-ui"])
    assert state(project, "B-1")["status"] == "blocked"


@pytest.mark.parametrize("after", some([0.05, 0.15, 0.25, 0.35], 0.25))
def test_killing_it_half_way_leaves_all_or_nothing(tmp_path: Path, after: float) -> None:
    tasks = [task(f"B-{number}") for number in range(300)]
    project = checkout(tmp_path, *tasks)
    old = usual_database(project)
    with closing(sqlite3.connect(old.path)) as connection, connection:
        for number in range(300):
            connection.execute("INSERT INTO task_state (task_id, status) VALUES (?, 'blocked')", (f"B-{number}",))
            connection.executemany(
                "INSERT INTO task_evidence (task_id, command_text, result) VALUES (?, 'make', 'pass')",
                [(f"B-{number}",)] * 5,
            )
    project.ok("queue-import")
    process = start_tool("queue-import", "--legacy-db", WHERE, cwd=project.main)
    time.sleep(after)
    process.send_signal(signal.SIGKILL)
    answer: Answer = finish(process)
    taken = len(rows(project, "legacy_rows"))
    assert taken in (0, 1800), answer
    assert len(rows(project, "task_evidence")) == taken * 1500 // 1800
    assert clean(project)
    assert take_over(project)["known"] == taken
    assert len(rows(project, "task_evidence")) == 1500
