"""What goes to a server in one message: rows that wait, the event over them, and statements that the session knows."""

from __future__ import annotations

from contextlib import closing
from functools import partial
from typing import Any

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.store import ledger
from fairway_scripts.store.contract import Store, Transaction
from fairway_scripts.store.opening import open_store
from tests.store.test_postgres import add_task, place, place_on, put

assert place  # the fixture: each engine and driver

#: Whatever JSON writes in a way of its own, and what it leaves as it is.
TEXT = 'ä€𝄞 "quoted" back\\slash /\b\f\n\r\t\x01\x1f\x7f\x85\u2028 null {"a":[1]} \'x\' $1 :name'


def add_history(tx: Transaction, reason: str) -> None:
    row: dict[str, Any] = dict.fromkeys(("from_status", "from_owner", "from_branch", "to_branch", "claimant"))
    row |= dict.fromkeys(("from_commit_sha", "to_commit_sha"))
    row |= {"task_id": "T", "to_status": "done", "to_owner": "o", "command_source": "test", "actor": "a"}
    tx.put("tasks.add_history", **row, reason=reason, at="2026")


def record(tx: Transaction, kind: str) -> None:
    ledger.append(tx, {**ledger.rows_event(kind), "task_id": "T", "payload": '{"said":"ä"}'})


def events(store: Store) -> list[dict[str, Any]]:
    """The events by kind, each with the reasons of the rows that it holds; all hashes are right."""
    found: list[dict[str, Any]] = []
    previous: dict[str, str] = {}
    head = ledger.START
    with store.read() as tx:
        for event in sorted(tx.all("maintenance.event_chains"), key=lambda event: event["id"]):
            assert event["previous_hash"] == previous.get(event["task_id"], ledger.START)
            assert ledger.event_hash(event) == event["hash"]
            head = ledger.store_hash(head, event["id"], event["hash"])
            assert event["store_hash"] == head
            previous[event["task_id"]] = event["hash"]
            rows = [row for table, _key, row in ledger.images_in(event["row_images"]) if table == "task_state_history"]
            found.append({"kind": event["kind"], "reasons": [row["reason"] for row in rows if row]})
        end = tx.one("verification.head")
        assert end is not None
        assert (end["hash"], end["events"]) == (head, len(found))
    return found


@pytest.fixture
def store(place: str) -> Any:
    with closing(open_store(place, create=True)) as made:
        with made.write() as tx:
            add_task(tx, "T")
        yield made


def test_a_row_that_waits_stands_in_its_event_whatever_is_in_it(store: Store) -> None:
    with store.write() as tx:
        add_history(tx, TEXT)
        record(tx, "one")
        add_history(tx, "after it")
    assert events(store)[1:] == [{"kind": "one", "reasons": [TEXT, "after it"]}]


def test_rows_belong_to_the_event_that_is_recorded_after_them(store: Store) -> None:
    with store.write() as tx:
        add_history(tx, "a")
        record(tx, "one")
        add_history(tx, "b")
        record(tx, "two")
        add_history(tx, "c")
    with store.write() as tx:
        add_history(tx, "d")
        tx.run("tasks.renew_lease", task_id="T", lease_expires_at="2027")  # asks, and what waits goes along
        add_history(tx, "e")
        record(tx, "three")
    with store.write() as tx:
        add_history(tx, "nobody recorded it")
    assert events(store)[1:] == [
        {"kind": "one", "reasons": ["a"]},
        {"kind": "two", "reasons": ["b", "c"]},
        {"kind": "three", "reasons": ["d", "e"]},
        {"kind": ledger.ROWS_WRITTEN, "reasons": ["nobody recorded it"]},
    ]


def test_a_change_that_finds_no_row_is_refused_with_all_of_its_transaction(store: Store) -> None:
    with store.read() as tx:
        state = tx.one("tasks.state", task_id="T") or {}
    gone = FairwayError("store_busy", "somebody was first")

    def change(version: int) -> None:
        with store.write() as tx:
            tx.put("tasks.update_state", otherwise=lambda: gone, **{**state, "version": version})
            add_history(tx, "x")
            record(tx, "one")

    with pytest.raises(FairwayError) as refusal:
        change(7)
    assert refusal.value is gone
    assert len(events(store)) == 1
    change(state["version"])
    assert [event["kind"] for event in events(store)] == [ledger.ROWS_WRITTEN, "one"]


def test_statements_that_a_session_has_forgotten_or_that_mean_something_else_are_sent_whole(running: Any) -> None:
    where = place_on(running)
    with closing(open_store(where, create=True)) as store:
        wire = store.connection.wire

        def change(value: str) -> None:
            with store.write() as tx:
                put(tx, "k", value)
            with store.read() as tx:
                assert tx.value("sources.meta", key="k") == value
                tx.all("sources.sources")

        for number in range(4):
            change(str(number))
        assert running.sql("SELECT count(*) FROM pg_prepared_statements") == "0"  # of psql's own session
        assert int(wire.ask("SELECT count(*) FROM pg_prepared_statements").rows[0][0]) > 3
        wire.ask("DEALLOCATE ALL")
        change("forgotten")
        for number in range(4):
            change(str(number))
        running.sql(f"ALTER TABLE {store.connection.schema}.queue_sources ADD COLUMN later text")
        with store.read() as tx:
            tx.all("sources.sources")
        change("with another column")


@pytest.mark.parametrize("columns", [False, True], ids=["gone", "other columns"])
def test_one_that_is_forgotten_within_a_transaction_is_refused_to_be_run_again(running: Any, *, columns: bool) -> None:
    with closing(open_store(place_on(running), create=True)) as store:

        def ask(*, harm: bool = False) -> None:
            with store.read() as tx:
                tx.value("sources.meta", key="k")
                if harm and columns:
                    running.sql(f"ALTER TABLE {store.connection.schema}.queue_sources ADD COLUMN later text")
                elif harm:
                    store.connection.wire.ask("DEALLOCATE ALL")
                tx.all("sources.sources")

        for _ in range(3):
            ask()
        with pytest.raises(FairwayError) as refusal:
            ask(harm=True)
        assert (refusal.value.word, refusal.value.hint) == ("store_busy", "run the command again")
        ask()


def test_a_connection_is_of_use_to_another_call_where_nothing_is_begun(running: Any) -> None:
    with closing(open_store(place_on(running), create=True)) as store:
        connection = store.connection
        for begin in (store.read, partial(store.write, repeatable=True)):
            with begin() as tx:
                tx.value("sources.meta", key="k")
                assert connection.in_transaction
            assert not connection.in_transaction
        with pytest.raises(FairwayError), store.write(foreseen=[("sources.meta", {"key": "a\0b"})]):
            pass
        assert connection.in_transaction
    assert connection.in_transaction


def test_behind_a_pooler_nothing_is_prepared(running: Any) -> None:
    with closing(open_store(place_on(running), create=True)) as store:
        wire = store.connection.wire
        plain = wire.hear_session
        store.connection.wire = Elsewhere(wire, lambda number: plain(number + 1))
        for _ in range(3):
            with store.write() as tx:
                put(tx, "k", "v")
        assert wire.ask("SELECT count(*) FROM pg_prepared_statements").rows == [["0"]]


class Elsewhere:
    """A wire whose answers come from another session than the one that was connected to."""

    def __init__(self, wire: Any, hear_session: Any) -> None:
        self._wire, self.hear_session = wire, hear_session

    def __getattr__(self, name: str) -> Any:
        return getattr(self._wire, name)
