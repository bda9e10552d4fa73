"""The engines side by side: claims a second of clients that stay connected, and hot commands far from the server."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

import engine_peer
from projects import FREE_LANE, HOME, QUEUE_FILE, commit, empty_project, flat_queue, tool
from stopwatch import Broken, environment, run

sys.path.insert(0, os.path.join(HOME, "scripts"))
import own_network
import own_server

CLIENTS = (1, 16, 64)
SECONDS = 4.0
#: The way to the server and back, for whoever is far from it.
FAR = 0.02
#: More than any engine claims in that time.
TASKS = 20_000
_CLAIMER = os.path.join(os.path.dirname(__file__), "engine_claimer.py")


def measure(parent: str, clients: tuple[int, ...] = CLIENTS, seconds: float = SECONDS) -> dict[str, Any]:
    """Claims a second of SQLite and, where its server is here, of PostgreSQL, with its log flushed at every commit."""
    far: dict[str, dict[str, float]] = {}
    missing = engine_peer.why_not()
    found = {"sqlite": _claims(parent, "sqlite", None, clients, seconds)}
    programs = own_server.programs()
    if programs:
        server = own_server.Server(programs, parent=tempfile.gettempdir(), flushes=True)
        try:
            for kind in ("postgres", "plain", *([] if missing else ["procrastinate"])):
                found[kind] = _claims(parent, kind, server, clients, seconds)
            far = _far(parent, server)
        finally:
            server.remove()
    return {"seconds": seconds, "claims_per_s": found, "far_ms": far, "missing": missing}


def _far(parent: str, server: Any, rounds: int = 9) -> dict[str, dict[str, float]]:
    """Milliseconds of whole cold commands: at the server, and `FAR` seconds there and back from it."""
    relay = own_network.Relay(os.path.join(server.folder, ".s.PGSQL.5432"), delay=FAR / 2)
    main = empty_project(parent, "engine-far")
    commit(main, {QUEUE_FILE: flat_queue(100)}, "queue")
    service = os.path.join(parent, "far.conf")
    with open(service, "w", encoding="utf-8") as file:
        file.write(relay.service())
    store = {"QUEUE_DB": f"postgres:{own_server.SERVICE}/bench_far"}
    ways = {"here": {**server.environment, **store}, "far": {"PGSERVICEFILE": service, **store}}
    samples: dict[str, dict[str, list[float]]] = {}
    for number in range(rounds):
        for way, env in ways.items():
            task_id = f"C-LOAD-{2 * number + (way == 'far'):06}"
            words = {
                "queue-ready": (),
                "queue-claim": ("--task-id", task_id, "--role", FREE_LANE, "--owner", "W"),
                "queue-task-detail": ("--task-id", task_id),
                "queue-set-status": ("--task-id", task_id, "--status", "blocked", "--reason", "x"),
            }
            for name, given in words.items():
                began = time.perf_counter()
                run(tool(name, *given), main, env)
                samples.setdefault(name, {}).setdefault(way, []).append((time.perf_counter() - began) * 1000)
    relay.close()
    return {
        name: {way: round(statistics.median(values[1:]), 1) for way, values in both.items()}
        for name, both in samples.items()
    }


def _claims(parent: str, kind: str, server: Any, clients: tuple[int, ...], seconds: float) -> dict[str, Any]:
    """The race of each number of clients on a store of its own."""
    found = {}
    for many in clients:
        main = empty_project(parent, f"engine-{kind}-{many}")
        place = f"postgres:{own_server.SERVICE}/bench_{kind}_{many}"
        env = {"QUEUE_DB": os.path.join(main, "queue.db")}
        if server is not None:
            env = {**server.environment, "QUEUE_DB": place}
        if kind == "procrastinate":
            server.sql(f"DROP DATABASE IF EXISTS {engine_peer.DATABASE}")
            server.sql(f"CREATE DATABASE {engine_peer.DATABASE}")
            engine_peer.fill(env, TASKS)
        else:
            commit(main, {QUEUE_FILE: flat_queue(TASKS)}, "queue")
            run(tool("queue-ready", "--limit", "1"), main, env)
        found[str(many)] = _race(main, env, kind, server, many, seconds)
        if kind in ("sqlite", "postgres"):
            run(tool("queue-verify"), main, env)
    return found


def _race(main: str, env: dict[str, str], kind: str, server: Any, many: int, seconds: float) -> dict[str, Any]:
    words = [sys.executable, _CLAIMER, "verb" if kind in ("sqlite", "postgres") else kind]
    running = [
        subprocess.Popen(
            [*words, f"w{number}", str(seconds), FREE_LANE],
            cwd=main,
            env=environment(env),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(many)
    ]
    for process in running:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise Broken("a claimer did not start")
    before, began = _spent(server), time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    told = [process.communicate()[0].split() for process in running]
    wall, after = time.perf_counter() - began, _spent(server)
    if any(process.returncode for process in running):
        raise Broken(f"claimers ended with {[process.returncode for process in running]}")
    each = [ids for _cpu, *ids in told]
    claimed = [task_id for ids in each for task_id in ids]
    if len(set(claimed)) != len(claimed):
        raise Broken(f"{len(claimed) - len(set(claimed))} double claims")
    if not claimed:
        raise Broken("nobody claimed anything")
    return {
        "per_s": round(len(claimed) / wall),
        "least": min(map(len, each)),
        "most": max(map(len, each)),
        "client_ms": round(1000 * sum(float(cpu) for cpu, *_ids in told) / len(claimed), 3),
        "server_ms": round(1000 * (after - before) / len(claimed), 3),
    }


def _spent(server: Any) -> float:
    """Seconds of processor time that a server and its sessions (ended ones too) have taken; 0 where that is unknown."""
    own = str(server.process.pid) if server is not None else ""
    ticks = 0
    for pid in filter(str.isdigit, os.listdir("/proc") if own and os.path.isdir("/proc") else ()):
        try:
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
        except OSError:
            continue  # it has just ended
        if own in (pid, fields[1]):  # fields are numbered from the state on: parent 1, times 11 to 14
            ticks += sum(map(int, fields[11 : 15 if pid == own else 13]))
    return ticks / os.sysconf("SC_CLK_TCK")


if __name__ == "__main__":
    import json

    with tempfile.TemporaryDirectory() as folder:
        given = tuple(int(word) for word in sys.argv[1:]) or CLIENTS
        json.dump(measure(folder, given), sys.stdout, indent=1)
