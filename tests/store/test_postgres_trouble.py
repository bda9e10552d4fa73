"""What goes wrong between a store on a server and its callers: the way, the server, the clocks, other versions."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store.contract import Store, Transaction
from fairway_scripts.store.opening import open_store
from fairway_scripts.store.postgres import outcome, patience
from fairway_scripts.store.postgres.answers import ServerError
from fairway_scripts.store.postgres.driver import connect
from fairway_scripts.store.postgres.place import parts
from fairway_scripts.store.postgres.tables import steps_after
from fairway_scripts.store.schema import SCHEMA_VERSION
from tests.support.server import OLDER, SERVICE, fresh_schema, make_older, own_network, own_server, server, socket_of
from tests.support.shell import HOME, environment


@pytest.fixture
def place(running: Any) -> str:
    """The place of an empty store."""
    made = f"postgres:{SERVICE}/{fresh_schema()}"
    open_store(made, create=True).close()
    assert running
    return made


def put(tx: Transaction, value: str) -> None:
    tx.run("sources.set_meta", key="k", value=value)


def value(place: str) -> Any:
    with closing(open_store(place)) as store, store.read() as tx:
        return tx.value("sources.meta", key="k")


def use_service(monkeypatch: pytest.MonkeyPatch, folder: Path, text: str) -> None:
    path = folder / "service.conf"
    path.write_text(text)
    monkeypatch.setenv("PGSERVICEFILE", str(path))


# --- a commit whose answer does not come ---------------------------------------------------------------------------


@pytest.mark.parametrize("cut", [own_network.LOST, own_network.UNANSWERED])
def test_a_way_that_breaks_at_the_commit_leaves_no_doubt(
    running: Any, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cut: str
) -> None:
    relay = own_network.Relay(socket_of(running), cut=cut)
    use_service(monkeypatch, tmp_path, relay.service())
    with closing(open_store(place)) as store:
        relay.cut, later = "", cut
        with store.write() as tx:
            put(tx, "before")
        relay.cut = later
        threading.Timer(0.3, setattr, (relay, "cut", "")).start()
        if cut == own_network.UNANSWERED:
            with store.write() as tx:
                put(tx, "made")
        else:
            with pytest.raises(FairwayError) as refusal, store.write() as tx:
                put(tx, "lost")
            assert refusal.value.word == "store_unavailable"
            assert "nothing was changed" in refusal.value.message
    relay.close()
    use_service(monkeypatch, tmp_path, own_network.Relay(socket_of(running)).service())
    assert value(place) == ("made" if cut == own_network.UNANSWERED else "before")


@pytest.mark.parametrize("driver", ["libpq", "psycopg"])
@pytest.mark.parametrize("values", [None, []], ids=["a message", "a question"])
def test_a_silent_server_is_given_up(
    running: Any, monkeypatch: pytest.MonkeyPatch, driver: str, values: list[str | None] | None
) -> None:
    if driver == "psycopg":
        pytest.importorskip("psycopg")
    monkeypatch.setenv("FAIRWAY_PG_DRIVER", driver)
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.2)
    wire = connect(SERVICE, "here")
    assert list(wire.ask("SELECT 1", values).rows[0]) == ["1"]
    with pytest.raises(ServerError, match="nothing was heard"):
        wire.ask("SELECT pg_sleep(30)", values)
    assert not wire.is_open


def test_a_server_of_which_nothing_is_heard_is_not_waited_for_without_end(
    running: Any, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A cable that is pulled, a server that stands still: nobody hangs up. At a commit the next one is asked."""
    monkeypatch.setenv("FAIRWAY_PG_DRIVER", "libpq")  # the other one keeps the relay of this process from working
    monkeypatch.setattr(patience, "ANSWER_SECONDS", 0.5)
    relay = own_network.Relay(socket_of(running))
    use_service(monkeypatch, tmp_path, relay.service())
    with closing(open_store(place)) as store:
        relay.cut = own_network.SILENT
        with store.write() as tx:
            put(tx, "made")
        assert value(place) == "made"
    relay.close()


def test_an_outcome_that_nobody_tells_is_unknown_and_the_same_request_finds_it_out(
    running: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server has committed and is out of reach: the tool does not guess; the call made again does nothing twice."""
    from tests.support.server_checkout import server_checkout
    from tests.support.shell import queue_text, task

    project = server_checkout(tmp_path, queue_text(task("B-1"), task("B-2")))
    project.ok("queue-ready")
    relay = own_network.Relay(socket_of(running), cut=own_network.UNANSWERED)
    relay.goes_down = True
    service = tmp_path / "cut.conf"
    service.write_text(relay.service())
    monkeypatch.setattr(outcome, "BUSY_SECONDS", 0.2)
    words = ("queue-claim", "--role", "B-ui", "--owner", "B", "--request-id", "r-1")
    away = {"PGSERVICEFILE": str(service), "FAIRWAY_BUSY_SECONDS": "0.2"}
    answer = project.run(*words, env=away)
    assert (answer.code, answer.word) == (2, "store_unavailable")
    assert "unknown" in answer.err
    again = project.ok(*words, "--json").json
    assert again["task_id"] == "B-1"
    assert project.ok("queue-list", "--status", "in_progress", "--format", "ids").out == "B-1\n"
    relay.close()


# --- a client that is killed, in each phase --------------------------------------------------------------------------

#: Changes a row and stops at the phase that it is told: it says so and waits to be killed.
CLIENT = """
import os, sys, time
from fairway_scripts.store.opening import open_store
place, phase = sys.argv[1:]
def stop(here):
    if here == phase:
        print(here, flush=True)
        time.sleep(60)
store = open_store(place)
stop("opened")
with store.write() as tx:
    stop("locked")
    tx.run("sources.set_meta", key="k", value=phase)
    stop("written")
    tx.connection.send([])
    wire = tx.connection.wire
    ask = wire.ask_many
    def committed(messages):
        messages = list(messages)
        answers = ask(messages)
        if messages[-1][0] == "COMMIT":
            stop("committed")
        return answers
    tx.connection.wire = type("W", (), {"ask_many": staticmethod(committed), "ask": wire.ask, "close": wire.close,
                                        "is_open": True})()
    if phase != "committed":
        stop("closing")
"""


@pytest.mark.parametrize("phase", ["opened", "locked", "written", "closing", "committed"])
def test_a_client_that_is_killed_holds_nothing_up_and_leaves_nothing_half(place: str, phase: str) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", CLIENT, place, phase],
        env=environment(PYTHONPATH=HOME, **server().environment),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == f"{phase}\n"
    process.kill()
    process.wait(30)
    process.stdout.close()
    with closing(open_store(place)) as store, store.write() as tx:  # the lock is free
        found = tx.value("sources.meta", key="k")
        assert found == ("committed" if phase == "committed" else None)
        put(tx, "next")
    with closing(open_store(place)) as store, store.read() as tx:
        chain = tx.all("verification.store_chain")
    assert [row["id"] for row in chain] == list(range(1, len(chain) + 1))
    assert len(chain) == (2 if phase == "committed" else 1)


def test_a_session_that_the_server_ends_while_it_waits_for_the_lock_has_changed_nothing(
    running: Any, place: str
) -> None:
    told: list[str] = []
    with closing(open_store(place)) as first, first.write() as tx:
        put(tx, "first")

        def wait() -> None:
            try:
                with closing(open_store(place)) as second, second.write() as late:
                    put(late, "second")
            except FairwayError as problem:
                told.append(problem.word)

        thread = threading.Thread(target=wait)
        thread.start()
        waiting = "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        until = time.monotonic() + 20
        while not running.sql(waiting) and time.monotonic() < until:
            time.sleep(0.02)
        thread.join()
    assert told == ["store_unavailable"]
    assert value(place) == "first"


# --- servers of another kind ---------------------------------------------------------------------------------------


def test_a_standby_is_read_and_says_why_it_takes_nothing(
    running: Any, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with closing(open_store(place)) as store, store.write() as tx:
        put(tx, "v")
    standby = own_server.Server.__new__(own_server.Server)
    folder = f"{running.folder}-standby"
    os.mkdir(folder)
    try:
        standby.__dict__.update(running.__dict__, folder=folder, data=os.path.join(folder, "data"))
        if running.user is not None:
            os.chown(folder, running.user, -1)
        words = ("-h", running.folder, "-U", "fairway", "-D", standby.data, "-R", "--checkpoint=fast")
        standby._run("pg_basebackup", *words)
        standby.start()
        use_service(monkeypatch, tmp_path, f"[{SERVICE}]\nhost={folder}\ndbname=postgres\nuser=fairway\n")
        assert value(place) == "v"
        with closing(open_store(place)) as store:
            with pytest.raises(FairwayError) as refusal, store.write() as tx:
                put(tx, "w")
            assert (refusal.value.word, refusal.value.exit_code) == ("store_unavailable", 2)
            assert "standby" in refusal.value.message
        with pytest.raises(FairwayError) as refusal:
            open_store(f"postgres:{SERVICE}/{fresh_schema()}", create=True)
        assert refusal.value.word == "store_unavailable"
    finally:
        standby.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def pooled(running: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Pgbouncer in transaction mode with two connections to the server, which the service leads to."""
    program = shutil.which("pgbouncer") or "/usr/sbin/pgbouncer"
    if not os.path.exists(program):
        (pytest.fail if os.environ.get("CI") else pytest.skip)("pgbouncer is not here")
    folder = os.path.join(running.folder, f"pool-{fresh_schema()}")
    os.mkdir(folder)
    users, settings = os.path.join(folder, "users"), os.path.join(folder, "pgbouncer.ini")
    with open(users, "w", encoding="utf-8") as file:
        file.write('"fairway" ""\n')
    lines = {
        "pool_mode": "transaction",
        "default_pool_size": "2",
        "listen_addr": "",
        "unix_socket_dir": folder,
        "auth_type": "trust",
        "auth_file": users,
    }
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"[databases]\npostgres = host={running.folder} dbname=postgres user=fairway\n[pgbouncer]\n")
        file.writelines(f"{name} = {text}\n" for name, text in lines.items())
    if running.user is not None:
        os.chown(folder, running.user, -1)
    log = open(os.path.join(folder, "log"), "wb")  # noqa: SIM115 - open as long as the pooler
    process = subprocess.Popen([program, settings], user=running.user, cwd=folder, stdout=log, stderr=log)
    use_service(monkeypatch, tmp_path, f"[{SERVICE}]\nhost={folder}\nport=6432\ndbname=postgres\nuser=fairway\n")
    until = time.monotonic() + 20
    while not os.path.exists(os.path.join(folder, ".s.PGSQL.6432")) and time.monotonic() < until:
        time.sleep(0.02)
    yield tmp_path / "service.conf"
    process.send_signal(signal.SIGINT)
    process.wait(30)
    log.close()


def test_a_pooler_by_the_transaction_is_no_difference(pooled: Any, place: str) -> None:
    def count() -> None:
        with closing(open_store(place)) as store:
            for _ in range(10):
                with store.write() as tx:
                    put(tx, str(int(tx.value("sources.meta", key="k") or 0) + 1))
                with store.read() as tx:
                    assert int(tx.value("sources.meta", key="k")) > 0

    assert pooled
    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert value(place) == "80"
    with closing(open_store(place)) as store, store.read() as tx:
        tx.connection.execute("SELECT 1").fetchone()
        path = tx.connection.execute("SELECT current_setting('search_path')").fetchone()
        assert path == (f'"{parts(place)[1]}"',)


def test_tools_work_through_a_pooler(pooled: Any, tmp_path: Path) -> None:
    from tests.support.server_checkout import server_checkout
    from tests.support.shell import queue_text, task

    project = server_checkout(tmp_path, queue_text(task("B-1"), task("B-2")))
    through = {"PGSERVICEFILE": str(pooled)}
    project.ok("queue-ready", env=through)
    project.ok("queue-claim", "--role", "B-ui", "--owner", "B", env=through)
    project.ok("queue-set-status", "B-1", "--status", "blocked", "--reason", "x", env=through)
    project.ok("queue-verify", env=through)
    assert project.detail("B-1")["status"] == "blocked"


# --- other clocks, other versions ----------------------------------------------------------------------------------


def test_machines_with_wrong_clocks_write_the_time_of_the_server(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """One machine is an hour late, one a day ahead: what they write is in order, and now."""
    plain = clock.datetime

    def shifted(seconds: float) -> Any:
        class Shifted(plain):  # type: ignore[valid-type,misc]
            @classmethod
            def now(cls, zone: Any = None) -> Any:
                return plain.now(zone) + clock.timedelta(seconds=seconds)

        return Shifted

    times = []
    for seconds in (-3600.0, 86400.0, 0.0):
        clock._ahead = None
        monkeypatch.setattr(clock, "datetime", shifted(seconds))
        with closing(open_store(place)) as store:
            with store.write() as tx:
                put(tx, str(seconds))
            with store.read() as tx:
                times.append(tx.all("maintenance.event_chains")[-1]["at"])
        assert abs(clock.skew() + seconds) < 60
    assert times == sorted(times)
    monkeypatch.setattr(clock, "datetime", plain)
    clock._ahead = None
    assert clock.elapsed(times[0], clock.now()) < 600


def test_two_that_migrate_at_once_migrate_once(place: str) -> None:
    with closing(open_store(place)) as store, store.write() as tx:
        put(tx, "kept")
    make_older(parts(place)[1])
    backups: list[str] = []
    done: list[list[str]] = []

    def back_up() -> str:
        backups.append("a backup")
        time.sleep(0.2)
        return "a backup"

    def migrate(store: Store) -> None:
        done.append(store.upgrade(back_up)[0])

    stores = [open_store(place, outdated=True) for _ in range(2)]
    threads = [threading.Thread(target=migrate, args=(store,)) for store in stores]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for store in stores:
        store.close()
    assert sorted(done) == [[], steps_after(OLDER)]
    assert len(backups) == 1
    assert value(place) == "kept"


def test_two_versions_of_the_suite_at_once(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was there before the migration is refused once it is made; who is too new waits for it."""
    from fairway_scripts.store.postgres import opening

    make_older(parts(place)[1])
    monkeypatch.setattr(opening, "SCHEMA_VERSION", OLDER)
    with closing(open_store(place)) as store, store.write() as tx:
        put(tx, "by the older one")
    monkeypatch.setattr(opening, "SCHEMA_VERSION", SCHEMA_VERSION)
    with pytest.raises(FairwayError) as refusal:
        open_store(place)
    assert refusal.value.word == "store_outdated"
    with closing(open_store(place, outdated=True)) as store:
        store.upgrade(lambda: "a backup")
    monkeypatch.setattr(opening, "SCHEMA_VERSION", OLDER)
    with pytest.raises(FairwayError) as refusal:
        open_store(place)
    assert refusal.value.word == "store_newer"
    monkeypatch.setattr(opening, "SCHEMA_VERSION", SCHEMA_VERSION)
    assert value(place) == "by the older one"
