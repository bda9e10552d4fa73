"""The engines side by side: claims a second of clients that stay connected, and hot commands far from the server."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from typing import Any

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
    found = {"sqlite": _claims(parent, "sqlite", {}, clients, seconds)}
    programs = own_server.programs()
    if programs:
        server = own_server.Server(programs, parent=tempfile.gettempdir(), flushes=True)
        try:
            found["postgres"] = _claims(parent, "postgres", server.environment, clients, seconds)
            far = _far(parent, server)
        finally:
            server.remove()
    return {"seconds": seconds, "claims_per_s": found, "far_ms": far}


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


def _claims(parent: str, engine: str, env: dict[str, str], clients: tuple[int, ...], seconds: float) -> dict[str, Any]:
    found = {}
    for many in clients:
        name = f"engine-{engine}-{many}"
        main = empty_project(parent, name)
        place = os.path.join(main, "queue.db") if engine == "sqlite" else f"postgres:{own_server.SERVICE}/bench_{many}"
        env = {**env, "QUEUE_DB": place}
        commit(main, {QUEUE_FILE: flat_queue(TASKS)}, "queue")
        run(tool("queue-ready", "--limit", "1"), main, env)
        found[str(many)] = _race(main, env, many, seconds)
        run(tool("queue-verify"), main, env)
    return found


def _race(main: str, env: dict[str, str], many: int, seconds: float) -> dict[str, Any]:
    words = [sys.executable, _CLAIMER]
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
    began = time.perf_counter()
    for process in running:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    each = [process.communicate()[0].split() for process in running]
    wall = time.perf_counter() - began
    claimed = [task_id for ids in each for task_id in ids]
    if any(process.returncode for process in running) or len(set(claimed)) != len(claimed):
        raise Broken(f"{len(claimed) - len(set(claimed))} double claims, codes {[p.returncode for p in running]}")
    return {
        "per_s": round(len(claimed) / wall),
        "least": min(map(len, each)),
        "most": max(map(len, each)),
    }


if __name__ == "__main__":
    import json

    with tempfile.TemporaryDirectory() as folder:
        given = tuple(int(word) for word in sys.argv[1:]) or CLIENTS
        json.dump(measure(folder, given), sys.stdout, indent=1)
