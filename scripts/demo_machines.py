"""A second machine in the day: a network namespace with a name and a clone of its own, 20 ms from the server."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
from typing import TYPE_CHECKING

from demo import HOME
from own_network import Machine, why_no_machines

if TYPE_CHECKING:
    from demo_day import Day


def visit(day: Day, task_id: str) -> None:
    """See the day's task and session from another machine: they are shown as another's, and left alone."""
    why = why_no_machines()
    if day.server is None or why:
        print(f"\ndemo-day: no second machine: {why}")
        return
    machine = Machine(2, os.path.join(day.server.folder, ".s.PGSQL.5432"), 0.01)
    try:
        _look(day, machine, task_id)
    finally:
        machine.remove()


def _look(day: Day, machine: Machine, task_id: str) -> None:
    clone, service = os.path.join(day.folder, "elsewhere"), os.path.join(day.folder, "elsewhere.conf")
    day.run("git", "clone", "--quiet", day.main, clone)
    with open(service, "w", encoding="utf-8") as file:
        file.write(machine.relay.service())
    env = {**day.env, "PGSERVICEFILE": service, "ACTOR": "second"}

    def there(tool: str, *words: str, code: int = 0) -> str:
        is_shown = "--json" not in words
        if is_shown:
            print(f"\n[{machine.name}]$ {tool} {' '.join(words)}", flush=True)
        line = machine.words(sys.executable, os.path.join(HOME, "bin", tool), *words)
        done = subprocess.run(line, cwd=clone, env=env, capture_output=True, text=True, check=False)
        if is_shown or done.returncode != code:
            print(done.stdout + done.stderr, end="")
        if done.returncode != code:
            sys.exit(f"demo-day: {tool} on {machine.name} ended with {done.returncode}, not {code}")
        return done.stdout

    there("queue-where")
    there("session-status")
    (session,) = json.loads(there("session-status", "--json"))["sessions"]
    marked = json.loads(there("session-reconcile", "--json"))["marked"]
    if (session["host"], session["process"], marked) != (socket.gethostname(), "elsewhere", []):
        sys.exit(f"demo-day: the session of the first machine was taken for one of {machine.name}: {session}")
    there("worktree-status")
    there("queue-claim", "--task-id", task_id, "--role", "B-ui", "--owner", "second", code=4)
    there("queue-verify")
