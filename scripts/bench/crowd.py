"""Sixteen processes at once: how fast they claim, and whether anything is lost or given out twice."""

from __future__ import annotations

import json
import os
import re
import sqlite3
import subprocess
import time
from typing import Any

from projects import FREE_LANE, QUEUE_FILE, commit, empty_project, flat_queue, missing, processes, tool
from stopwatch import environment, run

MANY = 16
RACES = 5
#: One claimer: it claims until the store says that nothing is ready. $1 is its folder, the rest its command line.
_CLAIMER = """
folder=$1; shift
refused=0
while [ $refused -lt 200 ]; do
  "$@" >> "$folder/claimed" 2> "$folder/last" && continue
  case $(cat "$folder/last") in *nothing_ready*) exit 0 ;; esac
  cat "$folder/last" >> "$folder/refused"
  refused=$((refused + 1))
done
exit 1
"""


def measure(parent: str, tasks: int) -> dict[str, Any]:
    """Claims, races and writes of sixteen processes; see the keys at the end of each part."""
    main = empty_project(parent, "crowd")
    commit(main, {QUEUE_FILE: flat_queue(tasks + RACES + 1)}, "queue")
    run(tool("queue-ready", "--limit", "1"), main)
    races = [_race(main, f"C-LOAD-{number:06}") for number in range(RACES)]
    kept, wall = _write_at_once(main, f"C-LOAD-{RACES:06}")
    aside = ("--task-id", f"C-LOAD-{RACES:06}", "--status", "blocked", "--reason", "no claimer shall find it")
    run(tool("queue-set-status", *aside), main)
    return {
        "processes": MANY,
        "race_winners": races,
        "writes": MANY,
        "writes_kept": kept,
        "writes_wall_s": wall,
        **_claim_all(main, os.path.join(parent, "claimers"), tasks),
        "batch_claims_per_s": _batch(parent, tasks),
        "commits_per_s": _commits(parent, tasks),
        "verified": _verified(main),
    }


def _race(main: str, task_id: str) -> int:
    """How many of sixteen claims of the same task succeed."""
    lines = [
        tool("queue-claim", "--role", FREE_LANE, "--task-id", task_id, "--owner", f"W{n}", "--actor", f"w{n}")
        for n in range(MANY)
    ]
    return sum(code == 0 for code, _out, _err in processes(lines, main))


def _write_at_once(main: str, task_id: str) -> tuple[int, float]:
    """How many of sixteen records made at the same time are there afterwards, and the seconds they took."""
    lines = [
        tool("queue-record-evidence", "--task-id", task_id, "--command-text", f"write {n}", "--result", "pass")
        for n in range(MANY)
    ]
    began = time.perf_counter()
    processes(lines, main)
    wall = time.perf_counter() - began
    page = run(tool("queue-task-detail", "--task-id", task_id, "--json"), main)
    return len(set(re.findall(r'"command_text":\s*"(write \d+)"', page))), wall


def _claim_all(main: str, folder: str, tasks: int) -> dict[str, Any]:
    running = []
    began = time.perf_counter()
    for number in range(MANY):
        own = os.path.join(folder, str(number))
        os.makedirs(own)
        words = tool("queue-claim", "--role", FREE_LANE, "--owner", f"W{number}", "--actor", f"w{number}")
        running.append(
            subprocess.Popen(
                ["sh", "-c", _CLAIMER, "claimer", own, *words], cwd=main, env=environment(), stdin=subprocess.DEVNULL
            )
        )
    codes = [process.wait() for process in running]
    wall = time.perf_counter() - began
    own_claims = [_words(folder, number, "claimed", "claimed ") for number in range(MANY)]
    claimed = [task_id for ids in own_claims for task_id in ids]
    refused = [word for number in range(MANY) for word in _words(folder, number, "refused", "error: ")]
    return {
        "tasks": tasks,
        "claims": len(claimed),
        "double_claims": len(claimed) - len(set(claimed)),
        "left_over": tasks - len(set(claimed)),
        "lock_errors": sum(word.startswith("store_") for word in refused),
        "other_errors": sum(not word.startswith("store_") for word in refused) + sum(code != 0 for code in codes),
        "claims_wall_s": wall,
        "claims_per_s": len(claimed) / wall,
        "claims_of_one_process": [min(map(len, own_claims)), max(map(len, own_claims))],
    }


def _batch(parent: str, tasks: int) -> float:
    """Claims a second of one `fairway batch` that claims all ready tasks, its start included; 0 when one failed."""
    main = empty_project(parent, "batch")
    commit(main, {QUEUE_FILE: flat_queue(tasks)}, "queue")
    run(tool("queue-ready", "--limit", "1"), main)
    line = json.dumps({"tool": "claim", "arguments": {"role": FREE_LANE, "owner": "W", "actor": "w"}})
    began = time.perf_counter()
    done = subprocess.run(
        tool("fairway-batch"),
        cwd=main,
        env=environment(),
        input=f"{line}\n" * tasks,
        capture_output=True,
        text=True,
        check=False,
    )
    wall = time.perf_counter() - began
    claimed = {json.loads(told).get("answer", {}).get("task_id") for told in done.stdout.splitlines()}
    return tasks / wall if done.returncode == 0 and len(claimed) == tasks else 0.0


def _commits(parent: str, count: int) -> float:
    """Commits a second of a row each that wait for the disk as ours do, in one process: no batch can be faster."""
    connection = sqlite3.connect(os.path.join(parent, "commits.db"), isolation_level=None)
    connection.executescript("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE one (text TEXT)")
    began = time.perf_counter()
    for number in range(count):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO one VALUES (?)", (f"claim {number}",))
        connection.execute("COMMIT")
    wall = time.perf_counter() - began
    connection.close()
    return count / wall


def _words(folder: str, number: int, name: str, start: str) -> list[str]:
    """The word behind `start` in every line of a claimer's file that begins so."""
    path = os.path.join(folder, str(number), name)
    if not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [line.removeprefix(start).split()[0].rstrip(":") for line in file if line.startswith(start)]


def _verified(main: str) -> bool | None:
    """Whether queue-verify finds the store sound afterwards; None while there is no such tool."""
    if missing("queue-verify"):
        return None
    run(tool("queue-verify"), main)
    return True
