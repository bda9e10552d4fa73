"""queue-verify: a store that was tampered with is found out, and the first broken row is named."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.project.ledger import START, event_hash
from tests.support.shell import Answer, Checkout, make_checkout, queue_text, task

#: B-1 is claimed (event 2), has evidence (3) and is done (4); B-2, which waits for it, was claimed (5), given
#: back (6) and claimed again (7); B-3 is untouched and waits for B-2.


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> tuple[Checkout, str]:
    """A project that has been worked on, and a backup of its store."""
    tmp_path = tmp_path_factory.mktemp("verify")
    project = make_checkout(
        tmp_path,
        queue_text(task("B-1", priority=1), task("B-2", depends_on=["B-1"]), task("B-3", depends_on=["B-2"])),
        lanes=[],
        config=None,
    )
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass", "--request-id", "r1")
    project.ok("queue-set-status", "B-1", "--status", "done", "--commit", "HEAD")
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    project.ok("queue-release", "B-2")
    project.ok("queue-claim", "B-2", "--role", "B-ui", "--owner", "B")
    project.ok("queue-verify")
    backup = str(tmp_path / "saved.db")
    project.ok("queue-backup", "--output", backup)
    return project, backup


@pytest.fixture
def project(saved: tuple[Checkout, str]) -> Checkout:
    made, backup = saved
    made.ok("queue-restore", "--from", backup, "--force")
    return made


def tamper(project: Checkout, statement: str, *values: object) -> None:
    with closing(sqlite3.connect(project.store)) as connection:
        connection.execute(statement, values)
        connection.commit()


def found(project: Checkout) -> list[dict[str, Any]]:
    """The problems that verify reports; it has to report some."""
    answer = project.run("queue-verify", "--json")
    assert (answer.code, answer.word) == (1, "verify_failed"), answer
    assert answer.json["ok"] is False
    problems: list[dict[str, Any]] = answer.json["findings"]
    return problems


def checks(project: Checkout) -> set[tuple[str, str]]:
    return {(problem["word"], problem["task_id"]) for problem in found(project)}


def text(project: Checkout) -> Answer:
    answer = project.run("queue-verify")
    assert answer.code == 1
    return answer


def test_a_sound_store_is_ok(project: Checkout) -> None:
    assert project.ok("queue-verify").out == "ok: 8 events, 3 tasks\n"
    answer = project.ok("queue-verify", "--json").json
    assert (answer["ok"], answer["events"], answer["tasks"], answer["findings"]) == (True, 8, 3, [])
    assert answer["schema"] == "queue-verify/1"


def test_the_first_broken_row_is_named_with_its_task(project: Checkout) -> None:
    tamper(project, "UPDATE events SET payload = replace(payload, 'make test', 'make tea') WHERE id = 3")
    tamper(project, "UPDATE events SET actor = 'somebody else' WHERE id = 6")
    answer = text(project)
    assert answer.out.splitlines()[0].startswith("ledger: event 3 of B-1 was changed after it was written")
    assert "the first: event 3 of B-1" in answer.err
    assert [(problem["event_id"], problem["task_id"]) for problem in found(project)] == [(3, "B-1"), (6, "B-2")]


@pytest.mark.parametrize(
    "column", ["at", "actor", "session_id", "tool", "kind", "payload", "request_id", "previous_hash", "hash"]
)
def test_a_change_of_any_column_of_an_event_is_found(project: Checkout, column: str) -> None:
    tamper(project, f"UPDATE events SET {column} = 'x' WHERE id = 6")
    assert [(problem["word"], problem["event_id"]) for problem in found(project)] == [("ledger", 6)]


def test_an_event_moved_to_another_task_is_found(project: Checkout) -> None:
    tamper(project, "UPDATE events SET task_id = 'B-3' WHERE id = 6")
    assert {("ledger", "B-2"), ("ledger", "B-3")} <= checks(project)


def test_a_removed_event_is_found_by_the_one_after_it(project: Checkout) -> None:
    tamper(project, "DELETE FROM events WHERE id = 6")
    problem = found(project)[0]
    assert (problem["word"], problem["event_id"]) == ("ledger", 7)
    assert "does not follow event 5" in problem["message"]


def test_a_removed_first_event_is_found(project: Checkout) -> None:
    tamper(project, "DELETE FROM events WHERE id = 2")
    assert "does not follow the beginning" in found(project)[0]["message"]


def test_a_removed_last_event_is_found_by_the_version(project: Checkout) -> None:
    tamper(project, "DELETE FROM events WHERE id = 7")
    assert ("version", "B-2") in checks(project)


def test_all_events_of_a_task_removed_are_found(project: Checkout) -> None:
    tamper(project, "DELETE FROM events WHERE task_id = 'B-2'")
    assert ("version", "B-2") in checks(project)


def test_an_event_forged_with_a_right_hash_is_found_by_the_state(project: Checkout) -> None:
    with closing(sqlite3.connect(project.store)) as connection:
        connection.row_factory = sqlite3.Row
        event = dict(connection.execute("SELECT * FROM events WHERE id = 7").fetchone())
        event["payload"] = event["payload"].replace('"owner":"B"', '"owner":"Mallory"')
        connection.execute(
            "UPDATE events SET payload = ?, hash = ? WHERE id = 7", (event["payload"], event_hash(event))
        )
        connection.commit()
    assert ("state", "B-2") in checks(project)


def test_a_payload_that_is_no_object_is_found(project: Checkout) -> None:
    with closing(sqlite3.connect(project.store)) as connection:
        connection.row_factory = sqlite3.Row
        event = dict(connection.execute("SELECT * FROM events WHERE id = 2").fetchone())
        event.update(payload="[]", task_id="B-3", previous_hash=START)
        names = [name for name in event if name != "id"]
        event["hash"] = event_hash(event)
        connection.execute(
            f"INSERT INTO events ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})",
            [event[name] for name in names],
        )
        connection.commit()
    assert ("ledger", "B-3") in checks(project)


@pytest.mark.parametrize(
    ("column", "value", "check"),
    [
        ("status", "blocked", "history"),
        ("owner", "Mallory", "history"),
        ("branch", "elsewhere", "history"),
        ("commit_sha", "f" * 40, "history"),
        ("claimant", "mallory@host", "state"),
        ("claimed_at", "2020-01-01T00:00:00.000000Z", "state"),
        ("status_since", "2020-01-01T00:00:00.000000Z", "state"),
        ("fence", 9, "state"),
        ("version", 9, "version"),
        ("terminal", 1, "terminal"),
        ("ready", 1, "readiness"),
        ("open_blockers", 3, "readiness"),
        ("role", "A-backend", "order"),
        ("sort_priority", 0, "order"),
        ("sort_sequence", 99, "order"),
    ],
)
def test_a_tampered_state_is_found(project: Checkout, column: str, value: object, check: str) -> None:
    tamper(project, f"UPDATE task_state SET {column} = ? WHERE task_id = 'B-2'", value)
    assert (check, "B-2") in checks(project)


def test_a_task_made_ready_too_early_is_found(project: Checkout) -> None:
    tamper(project, "UPDATE task_state SET ready = 1, open_blockers = 0 WHERE task_id = 'B-3'")
    assert checks(project) == {("readiness", "B-3")}


def test_a_fence_below_the_number_of_claims_is_found(project: Checkout) -> None:
    tamper(project, "UPDATE task_state SET fence = 1 WHERE task_id = 'B-2'")
    assert ("fence", "B-2") in checks(project)


def test_a_finished_task_with_a_claimant_is_found(project: Checkout) -> None:
    tamper(project, "UPDATE task_state SET claimant = 'x' WHERE task_id = 'B-1'")
    assert ("claim", "B-1") in checks(project)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE task_state_history SET to_status = 'blocked' WHERE id = (SELECT max(id) FROM task_state_history)",
        "DELETE FROM task_state_history WHERE id = (SELECT max(id) FROM task_state_history)",
        "UPDATE task_state_history SET from_owner = 'x' WHERE id = (SELECT max(id) FROM task_state_history)",
        "DELETE FROM task_state_history WHERE task_id = 'B-2'",
        "DELETE FROM task_state_history WHERE task_id = 'B-2' AND command_source = 'released'",
    ],
)
def test_a_tampered_history_is_found(project: Checkout, statement: str) -> None:
    tamper(project, statement)
    assert ("history", "B-2") in checks(project)


def test_a_task_without_a_state_is_found(project: Checkout) -> None:
    tamper(project, "DELETE FROM task_state_history WHERE task_id = 'B-3'")
    tamper(project, "DELETE FROM task_state WHERE task_id = 'B-3'")
    assert ("state", "B-3") in checks(project)


def test_events_without_a_state_are_found(project: Checkout) -> None:
    for statement in (
        "DELETE FROM task_state_history WHERE task_id = 'B-2'",
        "DELETE FROM task_state WHERE task_id = 'B-2'",
        "DELETE FROM task_dependencies WHERE task_id = 'B-2'",
        "DELETE FROM task_definitions WHERE id = 'B-2'",
    ):
        tamper(project, statement)
    assert ("state", "B-2") in checks(project)


def test_a_row_that_names_no_task_is_found(project: Checkout) -> None:
    tamper(project, "UPDATE task_evidence SET task_id = 'GONE'")
    assert ("foreign_key", "") in checks(project)


def test_a_revert_of_nothing_is_found(project: Checkout) -> None:
    tamper(project, "UPDATE events SET reverts = 99 WHERE id = 7")
    assert {("reverts", "B-2"), ("ledger", "B-2")} <= checks(project)


def test_an_answer_that_is_no_json_is_found(project: Checkout) -> None:
    tamper(project, "UPDATE requests SET response = '{'")
    assert checks(project) == {("request", ""), ("row", "")}


def test_remembered_settings_that_are_no_json_are_found(project: Checkout) -> None:
    tamper(project, "UPDATE meta SET value = '{'")
    assert ("meta", "") in checks(project)


def test_a_file_with_a_bad_page_is_found_and_nothing_else_is_asked_of_it(project: Checkout) -> None:
    with closing(sqlite3.connect(project.store)) as connection:
        page = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'idx_task_state_ready'").fetchone()[
            0
        ]
        size = connection.execute("PRAGMA page_size").fetchone()[0]
    with open(project.store, "r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xff" * size)
    assert checks(project) == {("integrity", "")}


def test_changes_nothing(project: Checkout) -> None:
    before = project.ok("queue-snapshot").out
    project.ok("queue-verify")
    assert project.ok("queue-snapshot").out == before


def test_without_a_store_says_so(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(), lanes=[], config=None)
    answer = project.run("queue-verify")
    assert (answer.code, answer.word) == (3, "not_found")


def test_the_configuration_in_force_decides_what_is_finished(tmp_path: Path) -> None:
    project = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2", depends_on=["B-1"])))
    project.ok("queue-import")
    config = tmp_path / "gpuaas" / ".fairway" / "config.toml"
    text = config.read_text()
    assert 'terminal = ["done"]' in text
    config.write_text(text.replace('terminal = ["done"]', 'terminal = ["done", "blocked"]'))
    project.ok("queue-verify")  # the store still follows the settings it was computed by
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "x", "--force")
    project.ok("queue-verify")
    assert project.ok("queue-ready", "--format", "ids").out.split() == ["B-2"]
