"""One measurement inside a fresh process: `import_probe.py events FILE` or `import_probe.py import STORE`.

Prints the seconds: of the bare libyaml event pass over FILE, or of the import of the queue of the current folder's
project into the new store STORE (reading, checking, making the store, writing; not the start of the process).
"""

from __future__ import annotations

import os
import sys
import time


def events(path: str) -> float:
    """Seconds for every event of a file, with nothing done about them."""
    import yaml

    with open(path, encoding="utf-8") as file:
        text = file.read()
    began = time.perf_counter()
    for _event in yaml.parse(text, Loader=yaml.CLoader):
        pass
    return time.perf_counter() - began


def definitions(store: str) -> float:
    """Seconds for importing the queue file into a new store."""
    sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
    from fairway_scripts.board.commands import list_tasks
    from fairway_scripts.calls.command_line import parse
    from fairway_scripts.catalog import TOOLS
    from fairway_scripts.project.opening import open_as_it_is
    from fairway_scripts.queue.definitions import first_import

    project = open_as_it_is(parse(TOOLS["queue-list"], [f"--queue-db={store}"], list_tasks))
    began = time.perf_counter()
    outcome = first_import(project)
    seconds = time.perf_counter() - began
    if outcome["faults"] or not outcome["added"]:
        sys.exit(f"nothing was imported: {outcome}")
    return seconds


if __name__ == "__main__":
    print({"events": events, "import": definitions}[sys.argv[1]](sys.argv[2]))
