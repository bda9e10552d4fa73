"""queue-backup and queue-restore: whole copies out of a store in use and back into one in use."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.sqlite.migrations import apply_until
from tests.support.ready_made import ready_made
from tests.support.rings import length
from tests.support.shell import Checkout, finish, make_checkout, queue_text, start_tool, task

AT = "2026-05-04T08:00:00Z"


@pytest.fixture
def project() -> Checkout:
    """A store with a claimed task, evidence, and an undone change."""
    return ready_made(_project)


def _project(parent: str) -> Checkout:
    made = make_checkout(parent, queue_text(task("B-1"), task("B-2", depends_on=["B-1"])), lanes=[], config=None)
    made.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    made.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", "--request-id", "r1")
    made.ok("queue-set-status", "B-2", "--status", "blocked", "--reason", "waits")
    made.ok("queue-undo")
    return made


@pytest.fixture
def empty(tmp_path: Path) -> Checkout:
    """Another project, which has no store yet."""
    return make_checkout(tmp_path, queue_text(), lanes=[], config=None, name="other")


def snapshot(project: Checkout) -> str:
    return project.ok("queue-snapshot").out


def backup_of(project: Checkout, path: Path) -> str:
    project.ok("queue-backup", "--output", str(path))
    return str(path)


def snapshot_of(project: Checkout, path: Path) -> str:
    project.ok("queue-snapshot", "--output", str(path))
    return str(path)


def altered(project: Checkout, path: Path, change: Callable[[dict[str, Any]], object]) -> str:
    """A snapshot with something changed in it."""
    document = json.loads(snapshot(project))
    change(document)
    path.write_text(json.dumps(document))
    return str(path)


def without_restore(project: Checkout, replaced: str, backup: str) -> str:
    """A snapshot of a store without the one event that its forced restore has added, which says what it replaced."""
    document = json.loads(snapshot(project))
    event = take_newest_event(document)
    payload = json.loads(event["payload"])
    assert (event["kind"], payload["forced"], payload["backup"]) == ("store_restored", True, backup)
    head = json.loads(replaced)["tables"]["ledger_head"][-1] if replaced else {}
    assert payload["replaced"] == {name: head[name] for name in ("event_id", "events", "hash") if head}
    return json.dumps(document)


def take_newest_event(document: Any) -> dict[str, Any]:
    """Take the newest event out of a snapshot, as if it had never been; the event."""
    event: dict[str, Any] = document["tables"]["events"].pop()
    newest = document["tables"]["events"][-1]
    document["tables"]["ledger_head"][-1] |= {"event_id": newest["id"], "hash": newest["store_hash"]}
    document["tables"]["ledger_head"][-1]["events"] -= 1
    return event


def same(one: str, other: str) -> bool:
    return bool(json.loads(one) == json.loads(other))


def beside(project: Checkout) -> list[str]:
    return sorted(os.listdir(os.path.dirname(project.store)))


# --- backup -----------------------------------------------------------------------------------------------


def test_a_backup_is_one_sound_file_with_the_time_in_its_name(project: Checkout) -> None:
    answer = project.ok("queue-backup", "--json", env={"FAIRWAY_NOW": AT}).json
    folder = os.path.join(os.path.dirname(project.store), "backups")
    assert answer["path"] == os.path.join(folder, "queue-20260504T080000Z.db")
    assert os.listdir(folder) == ["queue-20260504T080000Z.db"]
    assert answer["size"] == os.path.getsize(answer["path"])
    with closing(sqlite3.connect(answer["path"])) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert copy.execute("PRAGMA journal_mode").fetchone() == ("delete",)  # so it needs no -wal and -shm file
        assert copy.execute("SELECT owner FROM task_state WHERE task_id = 'B-1'").fetchone() == ("B",)
    assert os.listdir(folder) == ["queue-20260504T080000Z.db"]


def test_a_second_backup_in_the_same_second_gets_a_name_of_its_own(project: Checkout) -> None:
    names = [project.ok("queue-backup", "--json", env={"FAIRWAY_NOW": AT}).json["path"] for _ in range(3)]
    assert [os.path.basename(name) for name in names] == [
        "queue-20260504T080000Z.db",
        "queue-20260504T080000Z-2.db",
        "queue-20260504T080000Z-3.db",
    ]


def test_a_backup_never_replaces_a_file(project: Checkout, tmp_path: Path) -> None:
    target = tmp_path / "b.db"
    target.write_text("precious")
    answer = project.run("queue-backup", "--output", str(target))
    assert (answer.code, answer.word) == (4, "already_exists")
    assert target.read_text() == "precious"
    assert not [name for name in os.listdir(tmp_path) if name.endswith(".part")]


def test_a_backup_into_a_folder_that_is_not_there_is_refused(project: Checkout, tmp_path: Path) -> None:
    answer = project.run("queue-backup", "--output", str(tmp_path / "none" / "b.db"))
    assert (answer.code, answer.word) == (2, "file_unavailable")


def test_a_backup_onto_a_folder_is_refused(project: Checkout, tmp_path: Path) -> None:
    answer = project.run("queue-backup", "--output", str(tmp_path))
    assert (answer.code, answer.word) == (2, "file_unavailable")


def test_a_backup_of_no_store_is_refused(empty: Checkout) -> None:
    answer = empty.run("queue-backup")
    assert (answer.code, answer.word) == (3, "not_found")


def test_a_backup_has_what_was_committed_while_a_writer_holds_the_lock(project: Checkout, tmp_path: Path) -> None:
    with closing(sqlite3.connect(project.store, isolation_level=None)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("UPDATE task_state SET owner = 'half way'")
        path = backup_of(project, tmp_path / "b.db")
        writer.execute("ROLLBACK")
    with closing(sqlite3.connect(path)) as copy:
        assert copy.execute("SELECT count(*) FROM task_state WHERE owner = 'half way'").fetchone() == (0,)


def test_a_damaged_store_gives_no_backup(project: Checkout, tmp_path: Path) -> None:
    damage(project)
    answer = project.run("queue-backup", "--output", str(tmp_path / "b.db"))
    assert (answer.code, answer.word) == (2, "store_damaged")
    assert not (tmp_path / "b.db").exists()


# --- restore ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copy_of", [backup_of, snapshot_of])
def test_a_new_store_gets_exactly_what_was_saved(
    project: Checkout, empty: Checkout, tmp_path: Path, copy_of: Callable[[Checkout, Path], str]
) -> None:
    source = copy_of(project, tmp_path / "saved")
    answer = empty.ok("queue-restore", "--from", source, "--json").json
    assert (answer["tasks"], answer["form"]) == (2, copy_of.__name__.removesuffix("_of"))
    assert (answer["backup"], answer["set_aside"]) == ("", "")
    assert snapshot(empty) == snapshot(project)
    empty.ok("queue-verify")


def test_through_make(project: Checkout, empty: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "it's a $backup.db")
    answer = empty.make("queue-restore", f"FROM={source}")
    assert answer.code == 0, answer
    assert answer.out.startswith("restored 2 tasks and ")
    assert snapshot(empty) == snapshot(project)


def test_a_store_that_holds_work_is_not_replaced_unasked(project: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    project.ok("queue-release", "B-1")
    before = snapshot(project)
    answer = project.run("queue-restore", "--from", source)
    assert (answer.code, answer.word) == (4, "already_exists")
    assert f"make queue-restore FROM={source} FORCE=1" in answer.err
    assert snapshot(project) == before
    assert "backups" not in beside(project)


@pytest.mark.parametrize("copy_of", [backup_of, snapshot_of])
def test_force_replaces_it_after_a_backup(
    project: Checkout, tmp_path: Path, copy_of: Callable[[Checkout, Path], str]
) -> None:
    saved = snapshot(project)
    source = copy_of(project, tmp_path / "saved")
    project.ok("queue-release", "B-1")
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "Someone else")
    lost = snapshot(project)
    answer = project.ok("queue-restore", "--from", source, "--force", env={"FAIRWAY_NOW": AT})
    backup = os.path.join(os.path.dirname(project.store), "backups", "queue-before-restore-20260504T080000Z.db")
    assert same(without_restore(project, lost, backup), saved)
    assert backup in answer.err
    restored = snapshot(project)
    second = project.ok("queue-restore", "--from", backup, "--force", "--json").json["backup"]
    assert same(without_restore(project, restored, second), lost)
    project.ok("queue-verify")


def test_the_restored_store_works_on(project: Checkout, empty: Checkout, tmp_path: Path) -> None:
    empty.write_queue(queue_text(task("B-1"), task("B-2", depends_on=["B-1"])))
    empty.ok("queue-restore", "--from", backup_of(project, tmp_path / "b.db"))
    empty.ok("queue-set-status", "B-1", "--status", "done", "--commit", "HEAD")
    assert empty.ok("queue-ready", "--format", "ids").out.split() == ["B-2"]
    empty.ok("queue-verify")


def test_a_backup_with_its_write_ahead_log_beside_it_is_read_whole(
    project: Checkout, empty: Checkout, tmp_path: Path
) -> None:
    with closing(sqlite3.connect(project.store)) as holder:  # keeps the log from being folded into the file
        holder.execute("SELECT count(*) FROM task_state").fetchone()
        project.ok("queue-release", "B-1")
        for suffix in ("", "-wal"):
            with open(project.store + suffix, "rb") as file:
                (tmp_path / f"copied.db{suffix}").write_bytes(file.read())
    empty.ok("queue-restore", "--from", str(tmp_path / "copied.db"))
    assert snapshot(empty) == snapshot(project)


def test_reading_a_copy_leaves_nothing_beside_it(project: Checkout, empty: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    with closing(sqlite3.connect(source)) as copy:
        copy.execute("PRAGMA journal_mode = WAL")  # as in a copy that somebody made with cp
    before = sorted(os.listdir(tmp_path))
    empty.ok("queue-restore", "--from", source)
    assert sorted(os.listdir(tmp_path)) == before


def test_readers_see_the_old_store_until_the_new_one_is_whole(project: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    project.ok("queue-release", "B-1")
    with closing(sqlite3.connect(project.store, isolation_level=None)) as reader:
        question = "SELECT status FROM task_state WHERE task_id = 'B-1'"
        reader.execute("BEGIN")
        assert reader.execute(question).fetchone() == ("todo",)
        project.ok("queue-restore", "--from", source, "--force")
        assert reader.execute(question).fetchone() == ("todo",)
        reader.execute("COMMIT")
        assert reader.execute(question).fetchone() == ("in_progress",)
        assert reader.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_a_restore_waits_for_a_writer_and_keeps_its_work_in_the_backup(project: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    writer = sqlite3.connect(project.store, isolation_level=None, check_same_thread=False)
    writer.execute("BEGIN IMMEDIATE")
    writer.execute("UPDATE task_state SET review_note = 'written while the restore waited' WHERE task_id = 'B-2'")
    started = start_tool("queue-restore", "--from", source, "--force", "--json", cwd=project.main)
    release = threading.Timer(1.0, lambda: writer.execute("COMMIT"))
    release.start()
    restored = finish(started)
    release.join()
    writer.close()
    assert restored.code == 0, restored
    with closing(sqlite3.connect(restored.json["backup"])) as copy:
        note = copy.execute("SELECT review_note FROM task_state WHERE task_id = 'B-2'").fetchone()
    assert note == ("written while the restore waited",)
    project.ok("queue-verify")


def test_writers_and_readers_at_work_never_see_a_broken_store(project: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    crowd = [
        start_tool("queue-record-evidence", "B-1", "--command-text", f"c{n}", "--result", "pass", cwd=project.main)
        for n in range(4)
    ]
    crowd += [start_tool("queue-restore", "--from", source, "--force", cwd=project.main) for _ in range(2)]
    crowd += [start_tool("queue-ready", cwd=project.main) for _ in range(4)]
    answers = [finish(process) for process in crowd]
    assert [answer.code for answer in answers] == [0] * len(crowd), answers
    project.ok("queue-verify")


def test_killed_at_any_moment_the_store_is_the_old_one_or_the_new_one(project: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    new = json.loads(snapshot(project))
    project.ok("queue-release", "B-1")
    old = json.loads(snapshot(project))
    seen = []
    for round_ in range(0, 12, length(4, 1)):
        process = start_tool("queue-restore", "--from", source, "--force", cwd=project.main)
        time.sleep(0.02 * round_)
        process.send_signal(signal.SIGKILL)
        finish(process)
        now = json.loads(snapshot(project))
        if now["tables"]["events"][-1]["kind"] == "store_restored":
            take_newest_event(now)
            assert now == new
        else:
            assert now == old
        seen.append(now)
        project.ok("queue-verify")
    assert old in seen


# --- what is refused --------------------------------------------------------------------------------------


def refused(project: Checkout, source: str, code: int, word: str) -> str:
    """Restore must refuse `source`, and then neither the store nor a backup of it has appeared."""
    answer = project.run("queue-restore", "--from", source, "--force")
    assert (answer.code, answer.word) == (code, word), answer
    assert not os.path.exists(project.store)
    return answer.err


@pytest.mark.parametrize("kept", [0.05, 0.3, 0.5, 0.95])
def test_a_truncated_backup(project: Checkout, empty: Checkout, tmp_path: Path, kept: float) -> None:
    source = tmp_path / "b.db"
    backup_of(project, source)
    source.write_bytes(source.read_bytes()[: int(source.stat().st_size * kept)])
    refused(empty, str(source), 2, "store_damaged")


def test_a_backup_with_a_page_overwritten(project: Checkout, empty: Checkout, tmp_path: Path) -> None:
    source = tmp_path / "b.db"
    backup_of(project, source)
    content = bytearray(source.read_bytes())
    middle = len(content) // 2 // 4096 * 4096
    content[middle : middle + 4096] = b"\xff" * 4096
    source.write_bytes(content)
    refused(empty, str(source), 2, "store_damaged")


def test_a_backup_of_a_newer_version(project: Checkout, empty: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    with closing(sqlite3.connect(source)) as copy:
        copy.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    refused(empty, source, 2, "store_newer")


def test_a_backup_without_one_of_its_tables(project: Checkout, empty: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    with closing(sqlite3.connect(source)) as copy:
        copy.execute("DROP TABLE requests")
    assert "requests" in refused(empty, source, 2, "store_damaged")


def test_a_backup_with_a_row_that_names_no_task(project: Checkout, empty: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    with closing(sqlite3.connect(source)) as copy:
        copy.execute("UPDATE task_evidence SET task_id = 'GONE'")
        copy.commit()
    assert "task_evidence row 1" in refused(empty, source, 2, "store_damaged")


def test_a_database_of_something_else(empty: Checkout, tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE accounts (id INTEGER PRIMARY KEY)")
    refused(empty, str(tmp_path / "other.db"), 1, "invalid_document")


@pytest.mark.parametrize(
    ("content", "word"),
    [
        (b"", "invalid_document"),
        (b"version: 1\ntasks: []\n", "invalid_document"),
        (b"{}", "invalid_document"),
        (b"[]", "invalid_document"),
        (b'{"schema": "something-else/1"}', "invalid_document"),
        (b'{"schema": "queue-snapshot/2"}', "store_newer"),
        (b'{"schema": "queue-snapshot/1"}', "store_damaged"),
        (b'{"schema": "queue-snapshot/1", "schema_version": "4", "tables": {}}', "store_damaged"),
        (b'{"schema": "queue-snapshot/1", "schema_version": 0, "tables": {}}', "store_damaged"),
        (b'{"schema": "queue-snapshot/1", "schema_version": 1, "tables": []}', "store_damaged"),
        (b'{"schema": "queue-snapshot/1", "schema_version": 1, "tables": {"meta": {}}}', "store_damaged"),
        (b'{"schema": "queue-snapshot/1", "schema_version": 999, "tables": {}}', "store_newer"),
        (b'{"schema": "queue-snapshot/1", "x": NaN}', "store_damaged"),
        (b'{"schema": "queue-snap', "store_damaged"),
        (b'{"a": "\xff"}', "store_damaged"),
        (b'{"a":' * 100_000, "store_damaged"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_a_file_that_is_no_snapshot(empty: Checkout, tmp_path: Path, content: bytes, word: str) -> None:
    (tmp_path / "file").write_bytes(content)
    refused(empty, str(tmp_path / "file"), 1 if word == "invalid_document" else 2, word)


def test_a_file_that_is_not_there(empty: Checkout) -> None:
    refused(empty, "nowhere.db", 3, "not_found")


def test_a_folder(empty: Checkout, tmp_path: Path) -> None:
    refused(empty, str(tmp_path), 2, "file_unavailable")


def test_no_file_named(empty: Checkout) -> None:
    answer = empty.run("queue-restore")
    assert (answer.code, answer.word) == (2, "usage")
    assert "FROM is required" in answer.err


def test_the_store_itself(project: Checkout) -> None:
    before = snapshot(project)
    answer = project.run("queue-restore", "--from", project.store, "--force")
    assert (answer.code, answer.word) == (2, "usage")
    assert snapshot(project) == before


def drop_table(document: dict[str, Any]) -> None:
    del document["tables"]["task_reviews"]


def add_table(document: dict[str, Any]) -> None:
    document["tables"]["sqlite_sequence"] = []


def add_column(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1]["colour"] = "red"


def drop_column(document: dict[str, Any]) -> None:
    del document["tables"]["task_state"][1]["owner"]


def text_for_a_number(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1]["version"] = "many"


def true_for_a_number(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1]["terminal"] = True


def fraction(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1]["version"] = 1.5


def huge_number(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1]["version"] = 1 << 70


def list_for_text(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1]["owner"] = ["B"]


def half_a_character(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1]["owner"] = "\ud800"


def row_that_is_text(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1] = "B-2"


def row_twice(document: dict[str, Any]) -> None:
    document["tables"]["task_state"].insert(1, document["tables"]["task_state"][0])


def missing_value(document: dict[str, Any]) -> None:
    document["tables"]["task_state"][1]["status"] = None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (drop_table, "it has no table task_reviews"),
        (add_table, "sqlite_sequence"),
        (add_column, "table task_state, row 2: it has an unknown column colour"),
        (drop_column, "table task_state, row 2: it has no column owner"),
        (text_for_a_number, "table task_state, row 2"),
        (true_for_a_number, "table task_state, row 2: column terminal"),
        (fraction, "table task_state, row 2: column version"),
        (huge_number, "table task_state, row 2"),
        (list_for_text, "table task_state, row 2: column owner"),
        (half_a_character, "table task_state, row 2"),
        (row_that_is_text, "table task_state, row 2: it is not an object of columns"),
        (row_twice, "table task_state, row 2"),
        (missing_value, "table task_state, row 2"),
    ],
    ids=lambda value: getattr(value, "__name__", None),
)
def test_a_snapshot_with_rows_that_do_not_fit(
    project: Checkout, empty: Checkout, tmp_path: Path, change: Callable[[dict[str, Any]], object], told: str
) -> None:
    source = altered(project, tmp_path / "s.json", change)
    assert told in refused(empty, source, 2, "store_damaged")


def test_a_snapshot_with_a_row_that_names_no_task(project: Checkout, empty: Checkout, tmp_path: Path) -> None:
    source = altered(project, tmp_path / "s.json", lambda document: document["tables"]["task_definitions"].pop())
    assert "no such row in task_definitions" in refused(empty, source, 2, "store_damaged")


# --- older, damaged and newer stores ----------------------------------------------------------------------


def damage(project: Checkout) -> bytes:
    """Overwrite the store with something that is no database; returns it."""
    for suffix in ("-wal", "-shm"):
        if os.path.exists(project.store + suffix):
            os.unlink(project.store + suffix)
    rubbish = b"SQLite format 3\0" + b"rubbish " * 1000
    with open(project.store, "wb") as file:
        file.write(rubbish)
    return rubbish


def test_a_damaged_store_is_moved_aside_and_replaced(project: Checkout, tmp_path: Path) -> None:
    saved = snapshot(project)
    source = backup_of(project, tmp_path / "b.db")
    rubbish = damage(project)
    with open(project.store + "-wal", "wb") as log:
        log.write(b"its log")
    answer = project.ok("queue-restore", "--from", source, "--json", env={"FAIRWAY_NOW": AT})
    aside = project.store + ".damaged-20260504T080000Z"
    assert answer.json["set_aside"] == aside
    assert aside in answer.err
    with open(aside, "rb") as file:
        assert file.read() == rubbish
    assert snapshot(project) == saved


def test_a_store_with_one_bad_page_is_moved_aside_too(project: Checkout, tmp_path: Path) -> None:
    saved = snapshot(project)
    source = backup_of(project, tmp_path / "b.db")
    with open(project.store, "r+b") as file:
        file.seek(os.path.getsize(project.store) // 2 // 4096 * 4096)
        file.write(b"\xff" * 4096)
    answer = project.ok("queue-restore", "--from", source, "--force", "--json").json
    assert os.path.exists(answer["set_aside"])
    assert snapshot(project) == saved


def test_a_damaged_source_does_not_move_a_damaged_store(project: Checkout, tmp_path: Path) -> None:
    rubbish = damage(project)
    (tmp_path / "s.json").write_text("{")
    assert project.run("queue-restore", "--from", str(tmp_path / "s.json")).word == "store_damaged"
    with open(project.store, "rb") as file:
        assert file.read() == rubbish


def test_an_older_backup_is_brought_to_the_newest_schema(empty: Checkout, tmp_path: Path) -> None:
    source = str(tmp_path / "old.db")
    older_store(source)
    answer = empty.ok("queue-restore", "--from", source, "--json").json
    assert answer["tasks"] == 0
    empty.ok("queue-verify")


def test_an_older_snapshot_is_brought_to_the_newest_schema(empty: Checkout, tmp_path: Path) -> None:
    tables: dict[str, list[Any]] = {"task_definitions": [], "task_dependencies": [], "archived_tasks": []}
    row = {"task_id": "A-1", "title": "", "role": "A-backend", "status": "done", "terminal": 1, "source": "a.yaml"}
    tables["archived_tasks"].append({**row, "commit_sha": None, "completed_at": None})
    document = {"schema": "queue-snapshot/1", "schema_version": 1, "tables": tables}
    (tmp_path / "s.json").write_text(json.dumps(document))
    empty.ok("queue-restore", "--from", str(tmp_path / "s.json"))
    restored = json.loads(snapshot(empty))
    assert restored["schema_version"] == SCHEMA_VERSION
    assert [entry["task_id"] for entry in restored["tables"]["archived_tasks"]] == ["A-1"]


def test_an_outdated_store_is_replaced_only_with_force_and_backed_up(
    project: Checkout, empty: Checkout, tmp_path: Path
) -> None:
    source = backup_of(project, tmp_path / "b.db")
    os.makedirs(os.path.dirname(empty.store))
    older_store(empty.store)
    assert empty.run("queue-restore", "--from", source).word == "already_exists"
    answer = empty.ok("queue-restore", "--from", source, "--force", "--json").json
    with closing(sqlite3.connect(answer["backup"])) as copy:
        assert copy.execute("PRAGMA user_version").fetchone() == (3,)
    assert same(without_restore(empty, "", answer["backup"]), snapshot(project))


def test_a_newer_store_is_left_alone(project: Checkout, tmp_path: Path) -> None:
    source = backup_of(project, tmp_path / "b.db")
    with closing(sqlite3.connect(project.store)) as connection:
        connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    answer = project.run("queue-restore", "--from", source, "--force")
    assert (answer.code, answer.word) == (2, "store_newer")


def older_store(path: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("BEGIN")
        apply_until(connection, 3)
        connection.execute("COMMIT")
