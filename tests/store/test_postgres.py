"""A store on a server: the contract that both engines keep, and what only a server can do to a caller."""

from __future__ import annotations

import glob
import os
import re
import threading
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.base import clock
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store import contents, statements
from fairway_scripts.store.contract import Store, Transaction
from fairway_scripts.store.opening import make_store, open_store
from fairway_scripts.store.postgres import channel as engine
from fairway_scripts.store.postgres.answers import ServerError
from fairway_scripts.store.postgres.place import parts
from fairway_scripts.store.postgres.tables import script
from fairway_scripts.store.postgres.translation import own_statement, translated
from fairway_scripts.store.schema import SCHEMA_VERSION, TABLES
from tests.support.server import OLDER, SERVICE, columns_of, fresh_schema, make_older, server

STATEMENTS = [
    f"{os.path.basename(path)[:-4]}.{name}"
    for path in sorted(glob.glob(os.path.join(os.path.dirname(statements.__file__), "*.sql")))
    for name in statements.read_file(path)
]
#: What PREPARE does not take at all.
UNPREPARED = ("verification.make_images", "verification.drop_images")
ENGINES = ("sqlite", "libpq", "psycopg")


def place_on(_running: Any) -> str:
    """The place of a store on the server, in a schema of its own."""
    return f"postgres:{SERVICE}/{fresh_schema()}"


@pytest.fixture(params=ENGINES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place for a store that is not there yet, on each engine and driver."""
    if request.param == "sqlite":
        return str(tmp_path / "queue.db")
    running: Any = request.getfixturevalue("running")
    request.getfixturevalue("monkeypatch").setenv("FAIRWAY_PG_DRIVER", request.param)
    return place_on(running)


def put(tx: Transaction, key: str, value: str) -> None:
    tx.run("sources.set_meta", key=key, value=value)


def add_task(tx: Transaction, task_id: str, **columns: Any) -> None:
    row = dict.fromkeys(
        ("id", "source", "position", "parent_id", "kind", "title", "role", "notes", "acceptance_checks", "priority")
    ) | dict.fromkeys(
        ("sequence", "profile", "owning_domain", "owning_layer", "source_paths", "target_paths", "review_domains")
    )
    row |= dict.fromkeys(("risk_level", "migration_type", "tags", "extra"))
    row |= {"content_hash": "h", "created_at": "2026", "created_by": "t", "updated_at": "2026"}
    row |= {"id": task_id, "source": "q", "title": task_id, "role": "B-ui"} | columns
    tx.many("sources.put_definition", [tuple(row.values())])
    state = (task_id, "todo", 0, 1, 0, "B-ui", row["priority"], row["sequence"], None, None, None, None, "2026", "2026")
    tx.many("sources.seed_state", [state])


# --- what both keep -------------------------------------------------------------------------------------------


def test_a_missing_store_is_not_made_unasked(place: str) -> None:
    with pytest.raises(FairwayError) as refusal:
        open_store(place)
    assert refusal.value.word == "not_found"


def test_a_new_store_has_every_table_and_its_schema(place: str) -> None:
    with closing(open_store(place, create=True)) as store, store.read() as tx:
        assert contents.counts(tx) == dict.fromkeys(TABLES, 0)
        assert tx.schema_version() == SCHEMA_VERSION
        assert not contents.holds_work(tx)
        assert (tx.due_steps(), tx.dangling_rows(), tx.additions()) == ([], [], [])
    with closing(open_store(place)) as store:
        assert store.damage() == []


def test_a_store_is_made_with_its_first_contents_or_not_at_all(place: str) -> None:
    def fill(store: Store) -> None:
        with store.write() as tx:
            put(tx, "k", "first")

    def fail(store: Store) -> None:
        fill(store)
        raise KeyError

    with pytest.raises(KeyError):
        make_store(place, fail)
    with pytest.raises(FairwayError):
        open_store(place)
    assert make_store(place, fill)
    assert not make_store(place, fill)
    with closing(open_store(place)) as store, store.read() as tx:
        assert tx.value("sources.meta", key="k") == "first"


def write_half(store: Store) -> None:
    with store.write() as tx:
        put(tx, "k", "half")
        raise KeyError


def test_a_failed_transaction_changes_nothing(place: str) -> None:
    with closing(open_store(place, create=True)) as store:
        with pytest.raises(KeyError):
            write_half(store)
        with store.read() as tx:
            assert tx.value("sources.meta", key="k") is None
            assert contents.counts(tx)["events"] == 0


def test_a_reader_sees_one_moment(place: str) -> None:
    with closing(open_store(place, create=True)) as one, closing(open_store(place)) as other:
        with one.read() as tx:
            assert tx.value("sources.meta", key="k") is None
            with other.write() as writing:
                put(writing, "k", "new")
            assert tx.value("sources.meta", key="k") is None
        with one.read() as tx:
            assert tx.value("sources.meta", key="k") == "new"


def test_every_written_row_stands_in_an_event_and_the_head_moves(place: str) -> None:
    with closing(open_store(place, create=True)) as store:
        for value in ("a", "b"):
            with store.write() as tx:
                put(tx, "k", value)
        with store.read() as tx:
            events = tx.all("maintenance.event_chains")
            assert [event["id"] for event in events] == [1, 2]
            assert events[1]["previous_hash"] == events[0]["hash"]
            assert '[["k","b"]]' in events[1]["row_images"]
            assert tx.one("verification.head") == {
                "id": 1, "event_id": 2, "events": 2, "hash": events[1]["store_hash"]
            }  # fmt: skip


def test_a_change_of_somebody_else_is_another_number(place: str) -> None:
    with closing(open_store(place, create=True)) as one, closing(open_store(place)) as other:
        before = one.change_number()
        assert one.change_number() == before
        with other.write() as tx:
            put(tx, "k", "a")
            assert one.change_number() == before, "it is not committed"
        assert one.change_number() != before


def test_an_added_row_tells_its_number(place: str) -> None:
    with closing(open_store(place, create=True)) as store, store.write() as tx:
        row = {"profile": "p", "gate": "g", "mode": "m", "reason": "r", "evidence": None}
        row |= {"recorded_by": "t", "created_at": "2026"}
        assert [tx.insert("gates.add_mode", **row) for _ in range(2)] == [1, 2]


def test_numbers_stay_numbers_and_a_comparison_is_0_or_1(place: str) -> None:
    with closing(open_store(place, create=True)) as store:
        with store.write() as tx:
            add_task(tx, "B-1", priority=3)
            tx.run("maintenance.archive_definition", task_id="B-1", at="2026")
        with store.read() as tx:
            (row,) = tx.all("reports.archived_counts")
            assert row == {"defined": "B-ui", "lane": "B-ui", "status": "todo", "tasks": 1, "ready": 1}
            assert {type(row["tasks"]), type(row["ready"])} == {int}


def test_text_comes_back_as_it_was(place: str) -> None:
    texts = ["", "it's", '"', "\\", "ä€𝄞", "a\nb\tc", "%s :name $1 ?", "\x7f\x01"]
    with closing(open_store(place, create=True)) as store:
        with store.write() as tx:
            for number, text in enumerate(texts):
                put(tx, str(number), text)
        with store.read() as tx:
            assert [tx.value("sources.meta", key=str(number)) for number in range(len(texts))] == texts


def test_order_goes_by_bytes_and_what_is_missing_comes_first(place: str) -> None:
    ids = ["b", "B", "a-1", "a1", "ä", "Z"]
    with closing(open_store(place, create=True)) as store:
        with store.write() as tx:
            for task_id in ids:
                add_task(tx, task_id)
            add_task(tx, "first", priority=1, sequence=1)
            add_task(tx, "second", priority=1)
        with store.read() as tx:
            by_name = [row["id"] for row in tx.all("reports.timed_tasks", role="", task_id="")]
            assert by_name == sorted([*ids, "first", "second"])
            listed = tx.all("reports.list", role="", status="", owner="", archived=0, limit=100)
            assert [row["id"] for row in listed] == [*sorted(ids), "second", "first"]


def test_a_prefix_is_found_whatever_its_case(place: str) -> None:
    with closing(open_store(place, create=True)) as store:
        with store.write() as tx:
            add_task(tx, "B-Ui-1")
        with store.read() as tx:
            assert tx.column("tasks.similar_ids", pattern="b-ui%") == ["B-Ui-1"]


def test_a_backup_is_a_sqlite_file_with_equal_rows_and_restores_into_any_engine(place: str, tmp_path: Path) -> None:
    copy = str(tmp_path / "copy.db")
    with closing(open_store(place, create=True)) as store:
        with store.write() as tx:
            add_task(tx, "B-1", notes="ä")
            put(tx, "k", "v")
        store.back_up(copy)
        with closing(open_store(copy)) as other:
            assert all_rows(other) == all_rows(store)
            before = all_rows(store)
            with store.write() as tx:
                put(tx, "k", "changed")
            with store.write() as tx, other.read() as source:
                contents.replace(tx, source)
            assert all_rows(store)["task_definitions"] == before["task_definitions"]


def all_rows(store: Store) -> dict[str, list[dict[str, Any]]]:
    with store.read() as tx:
        return {name: list(contents.rows(tx, name)) for name in TABLES}


def test_a_writer_that_has_to_wait_too_long_is_told_so(place: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairway_scripts.store.sqlite import connection as of_files

    monkeypatch.setattr(engine, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(of_files, "BUSY_SECONDS", 0.01)
    with closing(open_store(place, create=True)) as one, closing(open_store(place)) as other, one.write():
        with pytest.raises(FairwayError) as refusal, other.write():
            pytest.fail("two writers at once")
        assert refusal.value.word == "store_busy"


def test_many_writers_come_one_after_the_other_and_none_is_lost(place: str) -> None:
    open_store(place, create=True).close()

    def count() -> None:
        with closing(open_store(place)) as store:
            for _ in range(10):
                with store.write() as tx:
                    put(tx, "n", str(int(tx.value("sources.meta", key="n") or 0) + 1))

    threads = [threading.Thread(target=count) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with closing(open_store(place)) as store, store.read() as tx:
        assert tx.value("sources.meta", key="n") == "80"
        assert [row["id"] for row in tx.all("verification.store_chain")] == list(range(1, 81))


# --- what a server takes ----------------------------------------------------------------------------------------


def test_every_statement_is_one_that_the_server_takes(running: Any) -> None:
    wrong = []
    with closing(engine.Connection(place_on(running))) as connection:
        wire = connection.wire
        wire.ask(f'CREATE SCHEMA "{connection.schema}"; SET search_path TO "{connection.schema}"')
        for text in script():
            wire.ask(text)
        wire.ask(statements.statement("verification.make_images"))
        for number, name in enumerate(STATEMENTS):
            if name not in UNPREPARED:
                try:
                    wire.ask(f"PREPARE s{number} AS {translated(own_statement(name))[0]}")
                except ServerError as problem:
                    wrong.append(f"{name}: {problem}")
    assert wrong == []
    assert len(STATEMENTS) > 250


def test_an_order_by_what_may_be_missing_says_where_that_stands() -> None:
    """SQLite puts it first and PostgreSQL last; said in the statement it is the same for both."""
    nullable = r"(sort_priority|sort_sequence|position|claimed_at|imported_at|event_id)\b"
    for name in STATEMENTS:
        for clause in re.findall(r"ORDER BY ([^)\n]*)", statements.statement(name)):
            for item in clause.split(","):
                if re.search(nullable, item):
                    assert "NULLS" in item, f"{name}: {item}"


def test_every_text_column_is_compared_byte_by_byte(running: Any) -> None:
    place = place_on(running)
    open_store(place, create=True).close()
    schema = parts(place)[1]
    collations = running.sql(
        "SELECT DISTINCT coalesce(collation_name, 'default') FROM information_schema.columns "
        f"WHERE table_schema = '{schema}' AND data_type = 'text'"
    )
    assert collations == "C"


@pytest.mark.parametrize(
    "place",
    [
        "postgres:",
        "postgres:acme",
        "postgres:/acme",
        "postgres:svc/Upper",
        "postgres:svc/a;b",
        "postgres://u:secret@host/db",
        "postgres:u:secret@host/acme",
        'postgres:svc/"a"',
        "postgres:svc host=evil/acme",
    ],
)
def test_a_place_is_a_service_and_a_schema_and_never_shows_a_password(place: str) -> None:
    with pytest.raises(FairwayError) as refusal:
        open_store(place, create=True)
    assert refusal.value.word == "usage"
    assert "//u:secret" not in str(refusal.value.as_json("x"))


def test_a_schema_of_something_else_is_left_alone(running: Any) -> None:
    place = place_on(running)
    schema = parts(place)[1]
    running.sql(f"CREATE SCHEMA {schema}; CREATE TABLE {schema}.theirs (x int)")
    with pytest.raises(FairwayError) as refusal:
        open_store(place, create=True)
    assert refusal.value.word == "store_unavailable"
    assert "theirs" in refusal.value.message
    assert running.sql(f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'") == "theirs"


def test_a_later_schema_is_refused_and_an_older_one_only_opened_on_request(running: Any) -> None:
    place = place_on(running)
    open_store(place, create=True).close()
    for version, word in ((SCHEMA_VERSION + 1, "store_newer"), (SCHEMA_VERSION - 1, "store_outdated")):
        running.sql(f"UPDATE {parts(place)[1]}.store_schema SET version = {version}")
        with pytest.raises(FairwayError) as refusal:
            open_store(place)
        assert refusal.value.word == word
    open_store(place, outdated=True).close()


def test_a_text_that_no_server_takes_is_refused_before_it_is_sent(running: Any) -> None:
    with closing(open_store(place_on(running), create=True)) as store:
        with pytest.raises(FairwayError) as refusal, store.write() as tx:
            put(tx, "k", "a\0b")
        assert (refusal.value.word, "NUL" in refusal.value.message) == ("usage", True)
        with store.read() as tx:
            assert tx.value("sources.meta", key="k") is None


def test_times_are_those_of_the_server(running: Any) -> None:
    with closing(open_store(place_on(running), create=True)) as store, store.read():
        assert abs(clock.skew()) < 5
        clock.follow(4_000_000_000_000_000)  # a server that lives in 2096
        assert clock.now().startswith("2096-10-02T07:06:4")


# --- what happens to a connection -----------------------------------------------------------------------------------


def test_no_server_is_said_at_once_and_nothing_is_queued(running: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    with open(running.service_file, encoding="utf-8") as file:
        text = file.read().replace(running.folder, "/nowhere")
    away = os.path.join(running.folder, "away.conf")
    with open(away, "w", encoding="utf-8") as file:
        file.write(text)
    monkeypatch.setenv("PGSERVICEFILE", away)
    with pytest.raises(FairwayError) as refusal:
        open_store("postgres:fairway/acme")
    assert (refusal.value.word, refusal.value.exit_code) == ("store_unavailable", 2)


def end_it_between_two_writes(store: Store) -> None:
    with store.write() as tx:
        put(tx, "k", "half")
        (pid,) = tx.connection.execute("SELECT pg_backend_pid()").fetchone()
        server().sql(f"SELECT pg_terminate_backend({pid})")
        put(tx, "k", "other half")


@pytest.mark.parametrize("driver", ["libpq", "psycopg"])
def test_a_connection_that_is_ended_in_the_middle_changes_nothing(
    running: Any, monkeypatch: pytest.MonkeyPatch, driver: str
) -> None:
    monkeypatch.setenv("FAIRWAY_PG_DRIVER", driver)
    place = place_on(running)
    with closing(open_store(place, create=True)) as store:
        with pytest.raises(FairwayError) as refusal:
            end_it_between_two_writes(store)
        assert refusal.value.word == "store_unavailable"
    with closing(open_store(place)) as store, store.read() as tx:
        assert tx.value("sources.meta", key="k") is None


class CutWire:
    """A wire on which the connection is lost at the commit: before the server got it, or before its answer came."""

    def __init__(self, wire: Any, *, arrives: bool) -> None:
        self._wire = wire
        self._arrives = arrives
        self.is_open = True

    def ask(self, text: str, values: Any = None) -> Any:
        return self._wire.ask(text, values)

    def tell(self, text: str) -> None:
        self._wire.tell(text)

    def hear_session(self, number: int) -> None:
        self._wire.hear_session(number)

    def ask_many(self, asked: Any) -> Any:
        asked = list(asked)
        if asked[-1][0] != "COMMIT":
            return self._wire.ask_many(asked)
        if self._arrives:
            self._wire.ask_many(asked)
        self._wire.close()
        self.is_open = False
        raise ServerError("", "server closed the connection unexpectedly")

    def close(self) -> None:
        self._wire.close()


@pytest.mark.parametrize("arrives", [True, False])
def test_a_connection_that_is_lost_at_the_commit_is_asked_about(running: Any, arrives: bool) -> None:
    with closing(open_store(place_on(running), create=True)) as store:
        store.connection.wire = CutWire(store.connection.wire, arrives=arrives)
        if arrives:
            with store.write() as tx:
                put(tx, "k", "kept")
        else:
            with pytest.raises(FairwayError) as refusal, store.write() as tx:
                put(tx, "k", "lost")
            assert refusal.value.word == "store_unavailable"
            assert "nothing was changed" in refusal.value.message
        with store.read() as tx:
            assert tx.value("sources.meta", key="k") == ("kept" if arrives else None)


def test_what_cannot_be_learned_is_said_to_be_unknown(running: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from fairway_scripts.store.postgres import outcome

    monkeypatch.setattr(outcome, "BUSY_SECONDS", 0.05)
    with closing(open_store(place_on(running), create=True)) as store:
        store.connection.wire = CutWire(store.connection.wire, arrives=True)
        store.connection.service = "nowhere"
        with pytest.raises(FairwayError) as refusal, store.write() as tx:
            put(tx, "k", "v")
        assert "unknown" in refusal.value.message


def test_a_role_that_only_reads_cannot_write(running: Any) -> None:
    place = place_on(running)
    open_store(place, create=True).close()
    schema = parts(place)[1]
    running.sql(
        "DO $$ BEGIN CREATE ROLE fairway_reader LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;"
        f"GRANT USAGE ON SCHEMA {schema} TO fairway_reader;"
        f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO fairway_reader"
    )
    with closing(open_store(f"postgres:reader/{schema}")) as store:
        with store.read() as tx:
            assert tx.value("maintenance.event_count") == 0
        with pytest.raises(FairwayError) as refusal, store.write() as tx:
            put(tx, "k", "v")
        assert refusal.value.word == "store_unavailable"
        assert "permission denied" in refusal.value.message


# --- views -------------------------------------------------------------------------------------------------------


def test_views_answer_who_approved_what_on_which_commit_on_what_evidence(place: str) -> None:
    made = {"task_id": "B-1", "created_at": "2026-01-01"}
    evidence = {**made, "commit_sha": "c1", "producer": "p", "recorded_by": "t"}
    request = {**made, "rules": "[]", "requested_by": "t", "commit_sha": "c1"}
    review = {**made, "reviewer_role": "D", "reviewer": "Dee", "verdict": "approved", "recorded_by": "t"}
    with closing(open_store(place, create=True)) as store:
        with store.write() as tx:
            add_task(tx, "B-1")
            for number, (table, row) in enumerate(
                (
                    ("task_evidence", {**evidence, "command_text": "make test", "result": "pass"}),
                    ("task_evidence", {**evidence, "command_text": "make lint", "result": "fail"}),
                    ("review_requests", {**request, "role": "D"}),
                    ("review_requests", {**request, "role": "E"}),
                    ("task_reviews", {**review, "reviewed_commit_sha": "c1"}),
                ),
                start=1,
            ):
                tx.put_rows(table, [*row, "id"], [[*row.values(), number]])
        with store.read() as tx:

            def ask(sql: str) -> list[tuple[Any, ...]]:
                return [tuple(row) for row in tx.connection.execute(sql)]

            approvals = "SELECT task_id, reviewer, reviewed_commit_sha, passed_evidence FROM v_approvals"
            assert ask(approvals) == [("B-1", "Dee", "c1", 1)]
            assert ask("SELECT reviewer_role FROM v_open_reviews") == [("E",)]
            assert ask("SELECT count(*) FROM v_evidence WHERE commit_sha = 'c1'") == [(2,)]
            assert ask("SELECT task_id, lane, status FROM v_tasks") == [("B-1", "B-ui", "todo")]
            assert ask("SELECT count(*) FROM v_activity") == [(0,)]
            assert tx.additions() == []


def test_an_older_schema_on_a_server_is_brought_up_to_date_by_the_same_steps(running: Any, tmp_path: Path) -> None:
    from fairway_scripts.store.schema import VIEWS
    from fairway_scripts.store.sqlite.migrations import names

    place = place_on(running)
    schema = parts(place)[1]
    old, new = columns_of(OLDER), columns_of(SCHEMA_VERSION)
    later = new.keys() - old.keys()
    added = {name: new[name] - columns for name, columns in old.items()}
    with closing(open_store(place, create=True)) as store, store.write() as tx:
        add_task(tx, "B-1")
    make_older(schema)
    due = names()[OLDER:]
    assert due[:3] == ["m013_views", "m014_tracker_links", "m015_push_intents"]
    with closing(open_store(place, outdated=True)) as store:
        with store.read() as tx:
            assert tx.due_steps() == due
            before = {name: list(contents.rows(tx, name)) for name in TABLES if name not in later}
        copy = str(tmp_path / "before.db")

        def back_up() -> str:
            store.back_up(copy)
            return copy

        assert store.upgrade(back_up) == (due, copy)
        brought = {name: [row | dict.fromkeys(added[name]) for row in rows] for name, rows in before.items()}
        assert all_rows(store) == brought | {name: [] for name in later}
        with store.write() as tx:
            add_task(tx, "B-2")  # numbers go on behind the rows that were there
    with closing(open_store(place)) as store, store.read() as tx:
        assert tx.connection.execute("SELECT count(*) FROM v_tasks").fetchone() == (2,)
        assert running.sql(f"SELECT count(*) FROM pg_views WHERE schemaname = '{schema}'") == str(len(VIEWS))


@pytest.mark.parametrize("driver", ["libpq", "psycopg"])
def test_a_store_that_stays_open_outlives_its_server(
    running: Any, monkeypatch: pytest.MonkeyPatch, driver: str
) -> None:
    monkeypatch.setenv("FAIRWAY_PG_DRIVER", driver)
    with closing(open_store(place_on(running), create=True)) as store:
        with store.write() as tx:
            put(tx, "k", "a")
        before = store.change_number()
        running.stop()
        try:
            with pytest.raises(FairwayError) as refusal:
                store.change_number()
            assert refusal.value.word == "store_unavailable"
            with pytest.raises(FairwayError) as refusal, store.read() as tx:
                tx.value("sources.meta", key="k")
            assert refusal.value.word == "store_unavailable"
        finally:
            running.start()
        with store.read() as tx:
            assert tx.value("sources.meta", key="k") == "a"
        assert store.change_number() == before
        with store.write() as tx:
            put(tx, "k", "b")
        with store.read() as tx:
            assert tx.value("sources.meta", key="k") == "b"


def test_what_others_do_on_the_same_server_changes_no_number(running: Any) -> None:
    with closing(open_store(place_on(running), create=True)) as store:
        with store.write() as tx:
            put(tx, "k", "a")
        before = store.change_number()
        with closing(open_store(place_on(running), create=True)) as neighbour, neighbour.write() as tx:
            put(tx, "k", "a")
        assert store.change_number() == before


@pytest.mark.parametrize("driver", ["libpq", "psycopg"])
def test_rows_go_by_copy_and_come_back_as_they_were(running: Any, monkeypatch: pytest.MonkeyPatch, driver: str) -> None:
    monkeypatch.setenv("FAIRWAY_PG_DRIVER", driver)
    texts = ["", "\\", "\\N", "\\\\t", "a\tb", "a\nb\r\n", "\\n", "ä€𝄞", "\b\f\v\x7f", "\\\\", "x\\", "t\\\tt"]
    rows = [(str(number), text) for number, text in enumerate(texts)]
    with closing(open_store(place_on(running), create=True)) as store:
        with store.write() as tx:
            tx.put_rows("meta", ["key", "value"], rows)
        with store.read() as tx:
            assert sorted(tx.stream("SELECT key, value FROM meta")) == sorted(rows)
            assert list(tx.stream("SELECT CAST(NULL AS bigint), 7, 'x'")) == [(None, 7, "x")]
        with pytest.raises(FairwayError), store.write() as tx:
            tx.put_rows("meta", ["key", "value"], [("n", "\0")])
        with pytest.raises(KeyError), store.write() as tx:
            tx.put_rows("meta", ["key", "value"], (end_at(row) for row in [("a", "1"), ("b", "2")]))
        with store.read() as tx:
            assert tx.value("sources.meta", key="a") is None


def end_at(row: tuple[str, str]) -> tuple[str, str]:
    if row[0] == "b":
        raise KeyError
    return row
