"""Importing queue files, beside the least that reading them can cost: libyaml's events with nothing done about them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from projects import HOME, PYTHON, QUEUE_FILE, commit, empty_project, missing, tool
from stopwatch import Call, Key, run

from fairway_scripts.queue.generation import generate_queue

if TYPE_CHECKING:
    from stopwatch import Stopwatch

IMPORT, AGAIN = "import, new store", "import again, unchanged"
VALIDATE, EVENTS = "queue-validate", "libyaml events alone"
ROWS = (EVENTS, IMPORT, AGAIN, VALIDATE)
_PROBE = os.path.join(HOME, "scripts", "bench", "import_probe.py")
_EVENTS = "import sys, yaml\nfor _ in yaml.parse(open(sys.argv[1], encoding='utf-8').read(), Loader=yaml.CLoader): pass"


def measure(watch: Stopwatch, parent: str, tasks: int, rounds: int) -> dict[str, Any]:
    """Times of whole processes and inside a process for a file of `tasks` tasks, about 40 lines each.

    Gives tasks, lines, bytes, `processes` (samples by name, whole processes) and `inside` (samples of `import` and
    `events`, without the start of the process).
    """
    main = empty_project(parent, f"import-{tasks}")
    text = generate_queue(tasks)
    commit(main, {QUEUE_FILE: text}, "queue")
    importing = _Importing(main, os.path.join(parent, f"stores-{tasks}"), tasks)
    samples = watch.rounds(rounds, 1, importing.calls)
    return {
        "tasks": tasks,
        "lines": text.count("\n"),
        "bytes": len(text.encode()),
        "command": importing.command,
        "processes": {name: samples[Key(name, tasks)] for name in ROWS if Key(name, tasks) in samples},
        "inside": importing.inside(rounds),
    }


class _Importing:
    """The calls of one file; every first import goes into a store of its own."""

    def __init__(self, main: str, stores: str, tasks: int) -> None:
        self.main = main
        self.stores = stores
        self.tasks = tasks
        os.makedirs(stores)
        #: any command reads a changed queue file; the one for it has nothing else to do
        self.command = "queue-ready" if missing("queue-import") else "queue-import"
        self.known = os.path.join(stores, "known.db")
        run(self._words(self.known), main)

    def _words(self, store: str) -> tuple[str, ...]:
        limit = ("--limit=1",) if self.command == "queue-ready" else ()
        return tool(self.command, f"--queue-db={store}", *limit)

    def calls(self, place: int) -> list[Call]:
        """One round: the events, a first import, and an import of what is known."""
        queue = os.path.join(self.main, QUEUE_FILE)
        named = {
            EVENTS: (PYTHON, "-I", "-c", _EVENTS, queue),
            IMPORT: self._words(os.path.join(self.stores, f"{place}.db")),
            AGAIN: self._words(self.known),
        }
        if not missing("queue-validate"):
            named[VALIDATE] = tool("queue-validate", f"--queue-db={self.known}")
        return [Call(Key(name, self.tasks), words, self.main, name == VALIDATE) for name, words in named.items()]

    def inside(self, rounds: int) -> dict[str, list[float]]:
        """Seconds inside the process, measured by `import_probe.py` in turns."""
        samples: dict[str, list[float]] = {"events": [], "import": []}
        for place in range(rounds):
            targets = {"events": QUEUE_FILE, "import": os.path.join(self.stores, f"inside-{place}.db")}
            for name, target in targets.items():
                samples[name].append(float(run((PYTHON, _PROBE, name, target), self.main)))
        return samples
