"""What the front door of a cut-over adds to a call: an older script called directly, and through its stand-in."""

from __future__ import annotations

import os
import shutil
import statistics
from typing import TYPE_CHECKING

import hot
from projects import HOME, PYTHON, QUEUE_FILE, commit, flat_queue, make_repository
from stopwatch import Call, Key, run

if TYPE_CHECKING:
    from stopwatch import Stopwatch

ORIGINAL = "the original alone"
#: row -> what is measured.
ROWS = {
    "legacy": "every lane on legacy",
    "legacy, among lanes of other engines": "the lane is named",
    "legacy, the lane looked up": "a task is named",
    "shadow": "what the caller waits for",
}
_SCRIPT = "scripts/ops/agent_queue.sh"
_ENGINES = (("C-ops", "legacy"), ("B-ui", "shadow"), ("A-backend", "fairway"))
#: The observer of a measured call ends at once: what it does afterwards is not waited for, and would be in the way.
_OBSERVER = os.path.join("fairway_scripts", "cutover", "observer.py")
_PAUSE = Call(Key("pause", 0), ("sleep", "0.1"), "/")


def measure(watch: Stopwatch, folder: str, rounds: int) -> dict[str, list[float]]:
    """Samples by row, in seconds, with those of the bare interpreter and of the original among them."""
    suite = _suite(os.path.join(folder, "suite"))
    uniform = _host(os.path.join(folder, "uniform"), suite, mixed=False)
    mixed = _host(os.path.join(folder, "mixed"), suite, mixed=True)
    ready = (f"./{_SCRIPT}", "ready", "--role", "C-ops")
    lines = {
        ORIGINAL: (uniform, ("./scripts/ops/legacy/agent_queue.sh", *ready[1:])),
        "legacy": (uniform, ready),
        "legacy, among lanes of other engines": (mixed, ready),
        "legacy, the lane looked up": (mixed, (f"./{_SCRIPT}", "set-status", "--task-id", "C-LOAD-000001")),
        "shadow": (mixed, (f"./{_SCRIPT}", "ready", "--role", "B-ui")),
    }
    calls = [Call(Key(hot.BARE, 0), (PYTHON, "-I", "-c", "pass"), folder)]
    calls += [Call(Key(name, 0), words, cwd) for name, (cwd, words) in lines.items()]
    calls = [*calls[:-1], _PAUSE, calls[-1], _PAUSE]  # the observer of the one in shadow, which is last
    samples = watch.rounds(rounds, 2, lambda _place: calls)
    return {key.name: values for key, values in samples.items() if key != _PAUSE.key}


def added(samples: dict[str, list[float]]) -> dict[str, float]:
    """What each row adds to the original, in seconds: the median of the differences within a round."""
    return {
        name: statistics.median(took - alone for took, alone in zip(samples[name], samples[ORIGINAL], strict=True))
        for name in ROWS
    }


def _suite(folder: str) -> str:
    """A copy of the suite whose observer does nothing."""
    for part in ("bin", "fairway_scripts", "compat"):
        shutil.copytree(os.path.join(HOME, part), os.path.join(folder, part))
    os.makedirs(os.path.join(folder, ".venv", "bin"))
    os.symlink(PYTHON, os.path.join(folder, ".venv", "bin", "python"))
    bundle = os.path.join(".venv", "hot.bundle")
    if os.path.exists(os.path.join(HOME, bundle)):
        shutil.copy2(os.path.join(HOME, bundle), os.path.join(folder, bundle))
    with open(os.path.join(folder, _OBSERVER), "w", encoding="utf-8"):
        pass
    return folder


def _host(folder: str, suite: str, *, mixed: bool) -> str:
    """A repository on an older script that does nothing, with the stand-ins in place; its path."""
    main = make_repository(folder)
    script = os.path.join(main, _SCRIPT)
    commit(main, {_SCRIPT: "#!/bin/sh\nexit 0\n", QUEUE_FILE: flat_queue(100)}, "older scripts")
    os.chmod(script, 0o755)
    run(["git", "commit", "--quiet", "--all", "-m", "executable"], main)
    run([PYTHON, os.path.join(suite, "bin", "compat-install"), "--into", main], main)
    with open(os.path.join(main, ".fairway", "home"), "w", encoding="utf-8") as file:
        file.write(f"{suite}\n")
    run([PYTHON, os.path.join(suite, "bin", "queue-import")], main)
    if mixed:
        lanes = "".join(f'{lane} = "{engine}"\n' for lane, engine in _ENGINES)
        with open(os.path.join(main, ".fairway", "engines.toml"), "w", encoding="utf-8") as file:
            file.write(f'default = "legacy"\n\n[lanes]\n{lanes}')
        run([PYTHON, os.path.join(suite, "bin", "lane-engine")], main)
    return main
