"""What many projects on one server cost: sizes, connections and claims, measured, and a projection from them.

    .venv/bin/python scripts/bench/scale.py [--schemas 200] [--projects 5000] [--events 400] [--years 5]

Makes a server of its own, so many schemas with a store, a ledger of some thousand events in one of them, and prints
JSON: what was measured, and what that comes to for so many projects with so many events a working day.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from contextlib import closing
from typing import Any

HOME = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path[:0] = [HOME, os.path.join(HOME, "scripts")]

import machine  # noqa: E402
import own_server  # noqa: E402

from fairway_scripts.store.opening import open_store  # noqa: E402

#: Working days of a year, and the hours into which their claims fall.
DAYS, HOURS = 230, 8
#: Events that are written to measure how much one takes.
EVENTS = 2_000
#: What an idle client connection takes of pgbouncer, in bytes: its documentation says 2 kB.
POOLED = 2_048
_CATALOGS = (
    "SELECT sum(pg_total_relation_size(c.oid)) FROM pg_class c WHERE c.relnamespace = 'pg_catalog'::regnamespace"
)
_TABLE = "SELECT pg_total_relation_size('{schema}.events')"


def measure(server: Any, schemas: int) -> dict[str, Any]:
    """Sizes in bytes and times in milliseconds, with so many stores on a server."""
    found: dict[str, Any] = {"schemas": schemas}
    before = int(server.sql("SELECT pg_database_size('postgres')")), int(server.sql(_CATALOGS))
    begun = time.perf_counter()
    places = [f"postgres:{own_server.SERVICE}/p{number}" for number in range(schemas)]
    first = _open_times(places[0])
    for place in places[1:]:
        open_store(place, create=True).close()
    found["make_ms"] = round((time.perf_counter() - begun) * 1000 / schemas, 1)
    after = int(server.sql("SELECT pg_database_size('postgres')")), int(server.sql(_CATALOGS))
    found["schema_bytes"], found["catalog_bytes"] = (
        (late - early) // schemas for late, early in zip(after, before, strict=True)
    )
    found["open_ms"] = {"1": first, str(schemas): _open_times(places[-1])}
    found["event_bytes"], found["write_ms"] = _events(server, places[0])
    found["connection_bytes"] = _connections(server, places)
    found["visit_bytes"] = _visits(places)
    return found


def _visits(places: list[str]) -> int:
    """How much a connection of a pool grows with each store that it has served: it remembers their tables."""
    with closing(open_store(places[0])) as store:
        (pid,) = store.connection.execute("SELECT pg_backend_pid()").fetchone()
        before = _private(str(pid))
        for place in places:
            store.connection.schema = place.rpartition("/")[2]
            with store.read() as tx:
                tx.all("sources.sources")
                tx.all("tasks.ready_all", priority=1, limit=1)
                tx.all("reports.evidence", task_id="x", withdrawn=0)
        return (_private(str(pid)) - before) // len(places)


def _open_times(place: str) -> float:
    """The shortest time that connecting and opening took."""
    open_store(place, create=True).close()
    times = []
    for _ in range(15):
        begun = time.perf_counter()
        open_store(place).close()
        times.append(time.perf_counter() - begun)
    return round(min(times) * 1000, 2)


def _events(server: Any, place: str) -> tuple[int, float]:
    """What an event takes with its indexes, and how long a change does."""
    schema = place.rpartition("/")[2]
    begun = time.perf_counter()
    with closing(open_store(place)) as store:
        for number in range(EVENTS):
            with store.write() as tx:
                tx.run(
                    "sources.set_meta", key="k", value=f"{number} " + "x" * 600
                )  # a claim's event has 0.6 kB of rows
    took = time.perf_counter() - begun
    return int(server.sql(_TABLE.format(schema=schema))) // EVENTS, round(took * 1000 / EVENTS, 2)


def _connections(server: Any, places: list[str]) -> int:
    """What a connection takes of memory that it shares with nobody, once it has worked."""
    many = min(60, len(places))
    opened = [open_store(place) for place in places[:many]]
    pids = server.sql("SELECT pid FROM pg_stat_activity WHERE application_name = 'fairway'").split()
    total = sum(_private(pid) for pid in pids)
    for store in opened:
        store.close()
    return total // max(1, len(pids))


def _private(pid: str) -> int:
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        lines = [line.split() for line in file]
    return sum(int(words[1]) for words in lines if words[0].startswith("Private_")) * 1024


def project(found: dict[str, Any], *, projects: int, events: int, years: int, claims_per_s: float) -> dict[str, Any]:
    """What the measured figures come to."""
    busiest = 4.0  # the busiest minute of a day has four times the changes of its average
    changes = projects * events / (HOURS * 3600) * busiest
    rows = projects * events * DAYS
    return {
        "projects": projects,
        "catalog_gb": round(projects * found["catalog_bytes"] / 1e9, 1),
        "empty_stores_gb": round(projects * found["schema_bytes"] / 1e9, 1),
        "events_a_year": rows,
        "events_gb_a_year": round(rows * found["event_bytes"] / 1e9, 1),
        "events_gb": round(rows * years * found["event_bytes"] / 1e9, 1),
        "events_of_one_project": events * DAYS * years,
        "changes_per_s": round(changes, 1),
        "share_of_a_server": round(changes / claims_per_s, 2),
        "connections_gb": round(projects * found["connection_bytes"] / 1e9, 1),
        "pool_connection_gb": round(projects * found["visit_bytes"] / 1e9, 2),
        "pooled_clients_gb": round(projects * POOLED / 1e9, 2),
    }


def main() -> None:
    """Measure, project, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--schemas", type=int, default=200, help="stores that are made")
    parser.add_argument("--projects", type=int, default=5_000, help="projects of the projection")
    parser.add_argument("--events", type=int, default=400, help="events of a project on a working day")
    parser.add_argument("--years", type=int, default=5)
    parser.add_argument("--claims", type=float, default=600.0, help="changes a second of one server, as measured")
    given = parser.parse_args()
    server = own_server.Server(own_server.programs(), parent=tempfile.gettempdir(), max_locks_per_transaction="256")
    os.environ.update(server.environment)
    try:
        found = measure(server, given.schemas)
    finally:
        server.remove()
    told = project(found, projects=given.projects, events=given.events, years=given.years, claims_per_s=given.claims)
    print(json.dumps({"machine": machine.describe(), "measured": found, "projected": told}, indent=1))


if __name__ == "__main__":
    main()
