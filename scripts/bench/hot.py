"""The hot commands, cold: a new process each time, on stores of several sizes, directly and through make."""

from __future__ import annotations

import shutil
import statistics
from typing import TYPE_CHECKING

from projects import CHECKED_LANE, FREE_LANE, PYTHON, tool
from stopwatch import Broken, Call, Key, run

if TYPE_CHECKING:
    from projects import Project
    from stopwatch import Stopwatch

BARE, SQLITE, RUBY = "python -I -c pass", "python -I -c 'import sqlite3'", "ruby -rsqlite3 -rjson -ryaml -e 1"
CLAIM, CHECKED_CLAIM = "queue-claim", "queue-claim (lane checked)"
#: Every row of the table, in its order. The checked claim asks git for the state of the lane's worktree.
COMMANDS = (
    "queue-ready",
    CLAIM,
    CHECKED_CLAIM,
    "queue-set-status",
    "queue-task-detail",
    "queue-record-evidence",
    "queue-record-handoff",
    "queue-record-review",
)
#: The commands that are measured through make as well.
THROUGH_MAKE = ("queue-ready", "queue-record-evidence")


def calls(project: Project, place: int) -> list[Call]:
    """One call of each hot command on a project; each round (`place`) has targets of its own.

    Claims take the next ready task of a lane, each for another actor, because nobody holds dozens and every command
    of a holder renews what it holds. Tasks to work on come from a third lane: a few that go back and forth
    between two statuses, some that are looked at, and some that collect records.
    """
    moved, shown, worked = project.spare[:4], project.spare[4:12], project.spare[12:28]
    status = ("blocked", "todo")[place // len(moved) % 2]
    task = worked[place % len(worked)]
    words = {
        "queue-ready": ("--limit=20",),
        CLAIM: (f"--role={FREE_LANE}", "--owner=C", f"--actor=free-{place}"),
        CHECKED_CLAIM: (f"--role={CHECKED_LANE}", "--owner=A", f"--actor=checked-{place}"),
        "queue-set-status": (
            *(f"--task-id={moved[place % len(moved)]}", f"--status={status}", "--owner=B"),
            "--blocked-reason=waits for a decision",
        ),
        "queue-task-detail": (f"--task-id={shown[place % len(shown)]}",),
        "queue-record-evidence": (f"--task-id={task}", "--command-text=pnpm typecheck", "--result=pass"),
        "queue-record-handoff": (
            *(f"--task-id={task}", "--owner=B", "--branch=agent/B-ui", f"--commit={project.head[:8]}"),
            *("--commands=pnpm typecheck", "--results=pass", "--changed-files=packages/web/src/App.tsx"),
        ),
        "queue-record-review": (
            *(f"--task-id={task}", "--reviewer-role=D-arch", "--reviewer=D", "--status=approved"),
            *(f"--commit={project.head[:8]}", "--note=No findings."),
        ),
    }
    return [Call(Key(name, project.size), tool(name.split()[0], *words[name]), project.main) for name in COMMANDS]


def make_calls(project: Project, place: int) -> list[Call]:
    """The calls that go through make, as a person types them."""
    task = project.spare[12:28][place % 16]
    typed = {
        "queue-ready": ("LIMIT=20",),
        "queue-record-evidence": (f"TASK_ID={task}", "COMMAND_TEXT=pnpm typecheck", "RESULT=pass"),
    }
    make = ("make", "-s", "--no-print-directory")
    return [Call(Key(f"make {name}", project.size), (*make, name, *typed[name]), project.main) for name in THROUGH_MAKE]


def floor_calls(folder: str) -> list[Call]:
    """What any tool has to pay: the interpreter alone, with SQLite, and the legacy tools' own start."""
    floors = [
        Call(Key(BARE, 0), (PYTHON, "-I", "-c", "pass"), folder),
        Call(Key(SQLITE, 0), (PYTHON, "-I", "-c", "import sqlite3"), folder),
    ]
    if ruby_works(folder):
        floors.append(Call(Key(RUBY, 0), ("ruby", "-rsqlite3", "-rjson", "-ryaml", "-e", "1"), folder))
    return floors


def ruby_works(folder: str) -> bool:
    """Whether Ruby with the libraries of the legacy tools is here."""
    if not shutil.which("ruby"):
        return False
    try:
        run(("ruby", "-rsqlite3", "-rjson", "-ryaml", "-e", "1"), folder)
    except Broken:
        return False
    return True


def measure(
    watch: Stopwatch, projects: list[Project], rounds: int, made: Project, folder: str
) -> dict[Key, list[float]]:
    """Samples of the floors, of every hot command on every project, and of make on the project `made`."""
    floors = floor_calls(folder)

    def round_of(place: int) -> list[Call]:
        found = list(floors)
        for project in projects:
            found += calls(project, place)
            if project is made:
                found += make_calls(project, place)
        return found

    return watch.rounds(rounds, 2, round_of)


def through_make(samples: dict[Key, list[float]], size: int) -> dict[str, float]:
    """What make adds to a command, in seconds: the median of the differences within a round."""
    added = {}
    for name in THROUGH_MAKE:
        pairs = zip(samples[Key(f"make {name}", size)], samples[Key(name, size)], strict=True)
        added[name] = statistics.median(through - direct for through, direct in pairs)
    return added
