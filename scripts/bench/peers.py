"""Taskwarrior on the same tasks, in turns with our own commands."""

from __future__ import annotations

import json
import os
import shutil
import uuid
from typing import TYPE_CHECKING, Any

import hot
from projects import HOME, QUEUE_FILE
from stopwatch import Call, Key, Stopwatch, run

if TYPE_CHECKING:
    from projects import Project

#: Taskwarrior's word -> ours.
PAIRS = {
    "task ready": "queue-ready",
    "task start": hot.CLAIM,
    "task done": "queue-set-status",
    "task info": "queue-task-detail",
}
_PRIORITIES = {"1": "H", "2": "H", "3": "M", "4": "L", "5": "L"}


def available() -> bool:
    """Whether Taskwarrior is installed."""
    return shutil.which("task") is not None


def measure(project: Project, rounds: int, first_place: int, *, hyperfine: bool) -> dict[str, list[float]]:
    """Samples by name, in seconds, of Taskwarrior's commands and of ours on one project.

    `first_place` is the first round number whose targets no other part of the run has used.
    """
    folder = os.path.join(project.folder, "taskwarrior")
    os.makedirs(folder)
    settings = os.path.join(folder, "taskrc")
    with open(settings, "w", encoding="utf-8") as file:
        file.write(f"data.location={folder}\nconfirmation=off\nverbose=nothing\nuda.lane.type=string\n")
    env = {"TASKRC": settings, "TASKDATA": folder}
    open_ids = _fill(project, folder, env)
    watch = Stopwatch(hyperfine=hyperfine, env=env)

    def round_of(place: int) -> list[Call]:
        started, finished, shown = (open_ids[(place * 3 + offset) % len(open_ids)] for offset in range(3))
        words: dict[str, tuple[str, ...]] = {
            "task ready": ("task", "ready", "limit:20"),
            "task start": ("task", started, "start"),
            "task done": ("task", finished, "done"),
            "task info": ("task", shown, "info"),
        }
        ours = [call for call in hot.calls(project, first_place + place) if call.key.name in PAIRS.values()]
        return [*ours, *(Call(Key(name, project.size), words[name], project.main) for name in PAIRS)]

    return {key.name: samples for key, samples in watch.rounds(rounds, 1, round_of).items()}


def _fill(project: Project, folder: str, env: dict[str, str]) -> list[str]:
    """Give Taskwarrior the tasks of the project; the identifiers of open ones that nothing holds up, in file order."""
    tasks = _tasks(project)
    lines = [_as_task(task) for task in tasks]
    run(("task", "import", "-"), folder, env, feed="\n".join(json.dumps(line) for line in lines) + "\n")
    done = {task["id"] for task in tasks if task["status"] == "done"}
    waiting = [task for task in tasks if task["status"] == "todo"]
    return [_uuid(task["id"]) for task in waiting if done.issuperset(task["dependencies"])]


def _tasks(project: Project) -> list[dict[str, Any]]:
    from fairway_scripts.queue.files.queue_file import read_queue_file

    document = read_queue_file(os.path.join(project.main, QUEUE_FILE))
    return [record.fields for record in document.tasks]


def _uuid(task_id: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{HOME}/{task_id}"))


def _as_task(task: dict[str, Any]) -> dict[str, Any]:
    entry = {
        "uuid": _uuid(task["id"]),
        "description": task["title"],
        "project": task["role"],
        "priority": _PRIORITIES.get(str(task.get("priority")), "L"),
        "entry": "20260101T000000Z",
        "status": "completed" if task["status"] == "done" else "pending",
    }
    if task["status"] == "done":
        entry["end"] = "20260201T000000Z"
    if task["status"] == "in_progress":
        entry["start"] = "20260201T000000Z"
    if task["dependencies"]:
        entry["depends"] = [_uuid(one) for one in task["dependencies"]]
    return entry
