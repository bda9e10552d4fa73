"""A project whose store is on a PostgreSQL server: configured, shared by clones, moved there and back."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import pytest

from fairway_scripts.store.opening import open_store
from fairway_scripts.upkeep.store_move import content_hash
from tests.support.repositories import git
from tests.support.rings import length
from tests.support.server import SERVICE, server
from tests.support.server_checkout import ServerCheckout, server_checkout
from tests.support.shell import queue_text, task

TASKS = queue_text(task("B-1", notes="ä"), task("B-2", depends_on=["B-1"]), task("A-1", role="A-backend"))


@pytest.fixture
def project(tmp_path: Path) -> ServerCheckout:
    return server_checkout(tmp_path, TASKS)


@pytest.fixture
def on_file(tmp_path: Path) -> ServerCheckout:
    """The same with its store in a file, and the server that it may move to."""
    return server_checkout(tmp_path, TASKS, engine="sqlite")


def work_a_little(project: ServerCheckout) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-record-evidence", "B-1", "--command-text", "make test", "--result", "pass")


# --- found ---------------------------------------------------------------------------------------------------------


def test_the_first_call_makes_the_store_and_every_worktree_has_it(project: ServerCheckout) -> None:
    assert project.ok("queue-ready", "--role", "B-ui", "--format", "ids").out == "B-1\n"
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", cwd=project.lanes["B-ui"])
    assert project.detail("B-1")["owner"] == "B"
    assert not os.path.exists(project.store)
    assert project.ok("queue-verify").out.startswith("ok: ")


def test_where_shows_engine_and_place(project: ServerCheckout) -> None:
    project.ok("queue-ready")
    store = project.ok("queue-where", "--json").json["store"]
    assert (store["engine"], store["path"], store["exists"]) == ("postgres", project.place, True)
    assert store["found"] == "[store] in the configuration"
    assert project.place in project.ok("queue-where").out


def test_doctor_finds_nothing_wrong_but_a_role_that_may_too_much(project: ServerCheckout) -> None:
    project.ok("queue-ready")
    found = {entry["key"]: entry for entry in project.run("queue-doctor", "--json").json["findings"]}
    assert found["server_role"]["level"] == "note"
    assert not {"server_clock", "server_collation", "server_plain", "server_standby", "store_unavailable"} & set(found)


def test_doctor_names_a_password_file_that_others_can_read(project: ServerCheckout, tmp_path: Path) -> None:
    project.ok("queue-ready")
    password = tmp_path / "pgpass"
    password.write_text("*:*:*:*:secret\n")
    password.chmod(0o644)
    answer = project.run("queue-doctor", "--json", env={"PGPASSFILE": str(password)})
    found = {entry["key"]: entry for entry in answer.json["findings"]}
    assert found["password_file"]["fix"] == f"chmod 600 {password}"


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("service", "postgres://u:secret@host/db"),
        ("service", "host=h password=secret"),
        ("service", "u@host"),
        ("service", "a b"),
        ("schema", "Upper"),
        ("schema", 'a"; DROP SCHEMA x'),
        ("engine", "mysql"),
    ],
)
def test_an_address_or_a_wrong_name_is_no_setting(on_file: ServerCheckout, key: str, value: str) -> None:
    answer = on_file.run("fairway-config", "set", f"store.{key}", value)
    assert (answer.code != 0, answer.word in ("usage", "invalid_config")) == (True, True), answer


def test_postgres_needs_a_service(on_file: ServerCheckout) -> None:
    path = os.path.join(on_file.main, ".fairway", "config.toml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(f'service = "{SERVICE}"\n', "").replace('engine = "sqlite"', 'engine = "postgres"'))
    answer = on_file.run("queue-ready")
    assert answer.word == "invalid_config"
    assert "store.service" in answer.err


def test_a_server_that_is_away_refuses_and_makes_no_other_store(project: ServerCheckout) -> None:
    project.ok("queue-ready")
    answer = project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env={"PGSERVICEFILE": "/nowhere"})
    assert (answer.code, answer.word) == (2, "store_unavailable")
    assert not os.path.exists(project.store)


def test_a_file_with_work_is_not_left_behind_by_a_changed_setting(on_file: ServerCheckout) -> None:
    work_a_little(on_file)
    on_file.ok("fairway-config", "set", "store.engine", "postgres")
    answer = on_file.run("queue-ready")
    assert answer.word == "not_found"
    assert "nothing was moved" in answer.err
    hint = next(line for line in answer.err.splitlines() if line.startswith("hint: "))
    assert hint == f"hint: make queue-store-move TO=postgres QUEUE_DB={on_file.store}"
    on_file.ok("queue-store-move", "--to", "postgres", "--db", on_file.store)
    assert on_file.detail("B-1")["owner"] == "B"


# --- two machines ----------------------------------------------------------------------------------------------------


@pytest.fixture
def clone(project: ServerCheckout, tmp_path: Path) -> ServerCheckout:
    """Another clone, as on another machine: the same commits and configuration, and no file of the first one."""
    project.ok("queue-ready")
    place = str(tmp_path / "elsewhere")
    git(str(tmp_path), "clone", "--quiet", project.main, place)
    other = ServerCheckout(project, project.schema)
    other.main = place
    return other


def test_a_clone_works_with_the_same_store(project: ServerCheckout, clone: ServerCheckout) -> None:
    clone.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "C")
    assert project.detail("B-1")["owner"] == "C"
    answer = project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    assert answer.word == "already_claimed"
    assert clone.ok("queue-verify").out == project.ok("queue-verify").out


def test_a_clone_defines_tasks_only_by_a_commit_on_top(project: ServerCheckout, clone: ServerCheckout) -> None:
    added = TASKS + '- id: B-9\n  title: "later"\n  role: "B-ui"\n'
    clone.write_queue(added)
    assert "B-9" not in clone.ok("queue-list", "--format", "ids").out
    git(clone.main, "commit", "--quiet", "--all", "-m", "one more")
    assert "B-9" in clone.ok("queue-list", "--format", "ids").out
    assert "B-9" in project.ok("queue-list", "--format", "ids").out


def test_its_own_store_under_another_address_stays_its_own(on_file: ServerCheckout, tmp_path: Path) -> None:
    """A pooler, or a server that has moved: the service is another one, the store is not."""
    project = on_file
    work_a_little(project)
    project.ok("queue-store-move", "--to", "postgres")
    services = tmp_path / "services.conf"
    with open(server().service_file, encoding="utf-8") as file:
        services.write_text(file.read().replace(f"[{SERVICE}]", "[pooler]"), encoding="utf-8")
    there = {"PGSERVICEFILE": str(services)}
    path = os.path.join(project.main, ".fairway", "config.toml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(f'service = "{SERVICE}"', 'service = "pooler"'))
    project.write_queue(TASKS + '- id: B-9\n  title: "later"\n  role: "B-ui"\n')
    answer = project.ok("queue-list", "--format", "ids", env=there)
    assert "B-9" in answer.out
    assert "another clone" not in answer.err


def test_another_store_in_the_place_is_refused(project: ServerCheckout) -> None:
    project.ok("queue-ready")
    server().sql(
        f"UPDATE {project.schema}.meta SET value = replace(value, 'uuid\":\"', 'uuid\":\"0') WHERE key = 'identity'"
    )
    answer = project.run("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    assert (answer.code, answer.word) == (4, "store_foreign")
    assert "another store" in answer.err


def test_another_repository_only_reads(project: ServerCheckout, tmp_path_factory: pytest.TempPathFactory) -> None:
    project.ok("queue-ready")
    other = server_checkout(tmp_path_factory.mktemp("other"), TASKS, lanes=[])
    git(other.main, "checkout", "--quiet", "--orphan", "begun-anew")
    git(other.main, "commit", "--quiet", "-m", "another beginning")
    git(other.main, "branch", "--quiet", "-M", "begun-anew", "master")
    path = os.path.join(other.main, ".fairway", "config.toml")
    with open(path, encoding="utf-8") as file:
        text = file.read()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text.replace(other.schema, project.schema))
    assert "B-1" in other.ok("queue-list").out
    answer = other.run("queue-set-status", "B-1", "--status", "blocked", "--reason", "x")
    assert (answer.code, answer.word) == (4, "store_foreign")


def test_a_store_that_is_gone_is_said_to_be_lost_and_is_restored(project: ServerCheckout) -> None:
    work_a_little(project)
    backup = project.ok("queue-backup", "--json").json["path"]
    server().sql(f"SET client_min_messages = warning; DROP SCHEMA {project.schema} CASCADE")
    answer = project.run("queue-ready")
    assert (answer.code, answer.word) == (2, "store_lost")
    assert f"FROM={backup}" in answer.err
    project.ok("queue-restore", "--from", backup)
    assert project.detail("B-1")["owner"] == "B"
    project.ok("queue-verify")


# --- moved -----------------------------------------------------------------------------------------------------------


def hash_of(place: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("PGSERVICEFILE", server().service_file)
    with closing(open_store(place)) as store, store.read() as tx:
        return content_hash(tx)


def test_a_move_there_and_back_has_equal_hashes_and_an_unbroken_ledger(
    on_file: ServerCheckout, monkeypatch: pytest.MonkeyPatch
) -> None:
    work_a_little(on_file)
    snapshot = on_file.ok("queue-list", "--json").out
    there = on_file.ok("queue-store-move", "--to", "postgres", "--json").json
    assert (there["from"], there["to"]) == (on_file.store, on_file.place)
    assert hash_of(on_file.place, monkeypatch) == hash_of(on_file.store, monkeypatch) == there["hash"]
    assert on_file.ok("queue-where", "--json").json["store"]["engine"] == "postgres"
    assert on_file.ok("queue-list", "--json").out == snapshot
    on_file.ok("queue-verify")
    would = on_file.ok("queue-store-move", "--to", "sqlite", "--dry-run", "--json").json
    back = on_file.ok("queue-store-move", "--to", "sqlite", "--json").json
    assert (would["to"], back["events"]) == (on_file.store, would["events"] + 1)
    assert hash_of(on_file.place, monkeypatch) == hash_of(on_file.store, monkeypatch) == back["hash"]
    assert on_file.ok("queue-where", "--json").json["store"]["engine"] == "sqlite"
    assert on_file.ok("queue-list", "--json").out == snapshot
    on_file.ok("queue-verify")
    on_file.ok("queue-store-move", "--to", "postgres")  # over what the first move left there
    assert on_file.ok("queue-list", "--json").out == snapshot


def test_the_old_store_says_where_it_was_moved_to_and_takes_nothing_more(on_file: ServerCheckout) -> None:
    work_a_little(on_file)
    on_file.ok("queue-store-move", "--to", "postgres")
    answer = on_file.run("queue-release", "B-1", "--db", on_file.store)
    assert (answer.code, answer.word) == (4, "store_moved")
    assert on_file.place in answer.err
    on_file.ok("queue-store-move", "--to", "sqlite")
    answer = on_file.run("queue-release", "B-1", "--db", on_file.place)
    assert (answer.code, answer.word) == (4, "store_moved")
    on_file.ok("queue-release", "B-1")


def test_a_move_that_was_broken_off_before_the_switch_is_ended_by_the_same_command(on_file: ServerCheckout) -> None:
    work_a_little(on_file)
    config = os.path.join(on_file.main, ".fairway", "config.toml")
    stores = os.path.join(on_file.main, ".git", "fairway", "stores")
    kept = [(path, f"{path}.kept") for path in (config, stores)]
    for path, copy in kept:
        shutil.copy(path, copy)
    done = on_file.ok("queue-store-move", "--to", "postgres", "--json").json
    for path, copy in kept:
        shutil.copy(copy, path)
    assert on_file.run("queue-release", "B-1").word == "store_moved"
    again = on_file.ok("queue-store-move", "--to", "postgres", "--json").json
    assert (again["hash"], again["events"]) == (done["hash"], done["events"])
    on_file.ok("queue-release", "B-1")
    on_file.ok("queue-verify")


def test_a_move_onto_another_store_is_refused_and_changes_nothing(
    on_file: ServerCheckout, tmp_path_factory: pytest.TempPathFactory
) -> None:
    work_a_little(on_file)
    other = server_checkout(tmp_path_factory.mktemp("other"), TASKS)
    other.ok("queue-ready")
    on_file.ok("fairway-config", "set", "store.schema", other.schema)
    answer = on_file.run("queue-store-move", "--to", "postgres")
    assert (answer.code, answer.word) == (4, "already_exists")
    on_file.ok("queue-release", "B-1")
    with closing(sqlite3.connect(on_file.store)) as connection:
        assert connection.execute("SELECT count(*) FROM meta WHERE key = 'moved_to'").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM events WHERE kind = 'store_moved'").fetchone() == (0,)


@pytest.mark.parametrize("to", ["", "mysql", "sqlite"])
def test_where_to_move_is_postgres_or_sqlite_and_not_here(on_file: ServerCheckout, to: str) -> None:
    on_file.ok("queue-ready")
    answer = on_file.run("queue-store-move", "--to", to)
    assert answer.word == "usage", answer


# --- tried, and roles ------------------------------------------------------------------------------------------------


def test_check_tries_the_server_with_the_own_rows_and_leaves_nothing(on_file: ServerCheckout) -> None:
    work_a_little(on_file)
    found = on_file.ok("queue-store-check", "--service", SERVICE, "--json").json
    assert [one["trial"] for one in found["trials"] if one["ok"]] == [
        *("server", "statements", "rows", "answers", "race", "connection ended", "rows back in a file")
    ]
    left = server().sql("SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'fairway_check_%'")
    assert left == "0"
    assert on_file.ok("queue-where", "--json").json["store"]["engine"] == "sqlite"


def test_a_writer_lives_the_day_and_cannot_rewrite_it(project: ServerCheckout) -> None:
    project.ok("queue-ready")
    running = server()
    schema = project.schema
    running.sql("\n".join(project.ok("fairway-store-roles").out.splitlines()))
    for kind in ("writer", "reader"):
        running.sql(
            f"DO $$ BEGIN CREATE ROLE fairway_{kind} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
            f"GRANT {schema}_{kind} TO fairway_{kind}"
        )
    writer = {"QUEUE_DB": f"postgres:writer/{schema}"}
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B", env=writer)
    project.ok("queue-record-evidence", "B-1", "--command-text", "x", "--result", "pass", env=writer)
    project.ok("queue-set-status", "B-1", "--status", "done", "--owner", "B", "--commit", "HEAD", env=writer)
    project.ok("queue-undo", env=writer)
    for forbidden in ("UPDATE {}.events SET actor = 'x'", "DELETE FROM {}.events", "DELETE FROM {}.task_evidence"):
        with pytest.raises(AssertionError, match="permission denied"):
            running.sql(forbidden.format(schema), role="fairway_writer")
    reader = {"QUEUE_DB": f"postgres:reader/{schema}"}
    assert "B-1" in project.ok("queue-list", env=reader).out
    answer = project.run("queue-release", "B-1", env=reader)
    assert (answer.code, answer.word) == (2, "store_unavailable")
    assert "permission denied" in answer.err


def test_roles_are_printed_one_by_one_and_another_word_is_refused(project: ServerCheckout) -> None:
    told = project.ok("fairway-store-roles", "--grantee", "reader", "--json").json
    assert told["roles"] == [f"{project.schema}_reader"]
    assert not [line for line in told["statements"] if "INSERT" in line]
    assert project.run("fairway-store-roles", "--grantee", "god").word == "usage"


# --- racing ----------------------------------------------------------------------------------------------------------


def start_claims(project: ServerCheckout, count: int, *words: str) -> list[subprocess.Popen[bytes]]:
    from tests.support.shell import start_tool

    return [
        start_tool(
            *("queue-claim", *words, "--role", "B-ui", "--owner", f"W{number}"),
            cwd=project.main,
            env={**server().environment, "ACTOR": f"worker-{number}"},
        )
        for number in range(count)
    ]


def test_many_cold_claimers_of_one_task_have_one_winner(project: ServerCheckout) -> None:
    project.ok("queue-ready")
    codes = sorted(process.wait(120) for process in start_claims(project, length(8, 64), "B-1"))
    assert codes == [0, *[4] * length(7, 63)]


@pytest.mark.endurance
def test_64_cold_claimers_of_64_tasks_get_one_each(tmp_path: Path) -> None:
    project = server_checkout(tmp_path, queue_text(*(task(f"B-{number}") for number in range(64))))
    project.ok("queue-ready")
    processes = start_claims(project, 64)
    outs = [process.communicate(timeout=120) for process in processes]
    assert [err for _out, err in outs if b"error" in err] == []
    assert [process.returncode for process in processes] == [0] * 64, outs
    assert len({out.splitlines()[0] for out, _err in outs}) == 64
    project.ok("queue-verify")


def test_a_claimer_that_is_killed_leaves_a_sound_store(tmp_path: Path) -> None:
    project = server_checkout(tmp_path, queue_text(*(task(f"B-{number}") for number in range(30))))
    project.ok("queue-ready")
    for delay in (0.02, 0.04, 0.06, 0.08, 0.1, 0.15):
        processes = start_claims(project, 2)
        for process in processes:
            try:
                process.wait(delay)
            except subprocess.TimeoutExpired:
                process.kill()
            process.communicate()
    project.ok("queue-verify")
    project.ok("queue-claim", "--role", "B-ui", "--owner", "B")


def test_a_server_that_is_started_again_goes_on(project: ServerCheckout) -> None:
    work_a_little(project)
    running = server()
    running.stop()
    try:
        assert project.run("queue-ready").word == "store_unavailable"
    finally:
        running.start()
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "x")
    project.ok("queue-verify")


@pytest.mark.parametrize("to", ["postgres", "sqlite"])
def test_a_store_that_does_not_verify_is_not_moved(on_file: ServerCheckout, to: str) -> None:
    work_a_little(on_file)
    broken = "UPDATE {}task_evidence SET result = 'fail'"
    if to == "sqlite":
        on_file.ok("queue-store-move", "--to", "postgres")
        server().sql(broken.format(f"{on_file.schema}."))
    else:
        with closing(sqlite3.connect(on_file.store)) as connection, connection:
            connection.execute(broken.format(""))
    answer = on_file.run("queue-store-move", "--to", to)
    assert (answer.code, answer.word) == (1, "verify_failed")
    assert on_file.ok("queue-where", "--json").json["store"]["engine"] != to
    on_file.ok("queue-release", "B-1")
