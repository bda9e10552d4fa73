"""Queue files as people have them: the sample of the page, and a backlog of another tool, into a store and back."""

from __future__ import annotations

import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from fairway_scripts.queue.definitions_rules import ALIASES, INTEGER_FIELDS, LIST_FIELDS, STATE_FIELDS, TEXT_FIELDS
from fairway_scripts.queue.files.queue_file import read_queue_text
from tests.support.shell import HOME, QUEUE_FILE, Checkout, make_checkout

with open(os.path.join(HOME, "docs/queue-file.md"), encoding="utf-8") as page:
    PAGE = page.read()
with open(os.path.join(HOME, "tests/samples/queue-file/product-backlog.yaml"), encoding="utf-8") as backlog:
    BACKLOG = backlog.read()
SAMPLE = re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)[0]
FIELDS = {*TEXT_FIELDS, *INTEGER_FIELDS, *LIST_FIELDS, *STATE_FIELDS}


def tasks_of(text: str) -> list[dict[str, Any]]:
    """The fields of the tasks of a queue file, the unknown ones among them."""
    document = read_queue_text(text.encode(), "queue.yaml")
    assert [fault for fault in document.faults if fault.severity == "error"] == []
    return [{**record.fields, **record.extra} for record in document.tasks]


def test_the_page_describes_every_field() -> None:
    rows = re.findall(r"^\| (`[^|]*`) \|", PAGE, re.MULTILINE)
    described = {name for row in rows for name in re.findall(r"`(\w+)`", row)}
    assert {*FIELDS, *ALIASES} - described - {"dependencies", "commit_sha"} == set()
    assert {"dependencies", "commit_sha", "version", "roles", "states", "tasks"} <= set(re.findall(r"`(\w+)`", PAGE))


def test_the_sample_of_the_page_has_every_field() -> None:
    document = read_queue_text(SAMPLE.encode(), "queue.yaml")
    assert document.faults == []
    given = {name for record in document.tasks for name in record.given}
    assert (FIELDS | {"estimate_days"}) - given == {"lane"}


def gpuaas(tmp_path: Path, text: str) -> Checkout:
    """A checkout under the preset, whose queue file has `text`."""
    project = make_checkout(tmp_path, "tasks: []\n", lanes=[], config=None)
    project.ok("fairway-init", "--preset", "gpuaas")
    project.write_queue(text)
    return project


@pytest.mark.parametrize("text", [SAMPLE, BACKLOG], ids=["sample of the page", "backlog"])
def test_everything_in_the_file_comes_back_out_of_the_store(text: str, tmp_path: Path) -> None:
    project = gpuaas(tmp_path, text)
    project.ok("fairway-config", "add-profile", "product-adoption")
    project.ok("fairway-config", "add-domain", "developer-experience")
    project.ok("queue-import")
    before, after = tasks_of(text), tasks_of(project.ok("queue-snapshot", "--format", "yaml").out)
    for task in before:
        task["status"] = task["status"] or "todo"
        task["kind"] = "" if task["kind"] == "task" else task["kind"]  # which is what a task is that names none
    assert sorted(after, key=lambda task: task["id"]) == sorted(before, key=lambda task: task["id"])
    assert project.ok("queue-import").out.startswith("nothing new since")


def test_a_backlog_of_kinds_of_its_own_comes_in_by_following_the_hints(tmp_path: Path) -> None:
    project = gpuaas(tmp_path, BACKLOG)
    typed = []
    for _ in range(4):
        answer = project.run("queue-import", "--json")
        if answer.code == 0:
            break
        refusal = next(json.loads(line) for line in answer.err.splitlines() if '"word"' in line)
        assert refusal["word"] == "invalid_queue"
        assert len(refusal["message"].splitlines()) <= 3  # one line for all tasks of one profile
        typed.append(refusal["argv"][-3:])
        project.ok(typed[-1][0].rsplit("/", 1)[-1], *typed[-1][1:])
    assert [words[1:] for words in typed] == [
        ["add-profile", "product-adoption"],
        ["add-domain", "developer-experience"],
    ]
    assert answer.code == 0, answer
    found = project.ok("queue-validate", "--json").json
    kinds = [fault for fault in found["findings"] if fault["word"] == "unknown_kind"]
    assert [fault["message"].split(",")[0].split(";")[0] for fault in kinds][:2] == [
        "unknown kind session-adapter in 2 tasks",
        "unknown kind dashboard in 2 tasks",
    ]
    assert len(kinds) == 9
    codes = [fault["word"] for fault in found["findings"] if fault["word"] not in ("unknown_kind", "unknown_field")]
    assert codes == ["prose_acceptance_check"]


def test_the_task_page_shows_what_the_file_has(tmp_path: Path) -> None:
    project = gpuaas(tmp_path, BACKLOG)
    project.ok("fairway-config", "add-profile", "product-adoption")
    project.ok("fairway-config", "add-domain", "developer-experience")
    shown = project.ok("queue-task-detail", "FW-106").out
    for line in BACKLOG.split("  - id: FW-106\n")[1].split("  - id: ")[0].splitlines():
        value = line.split("- ", 1)[-1].split(": ", 1)[-1].strip().strip('"[]')
        if value and not value.endswith(":"):
            assert value in shown, (value, shown)
    assert QUEUE_FILE not in shown


def test_dependencies_under_their_other_name_and_children_come_in_as_such(tmp_path: Path) -> None:
    project = gpuaas(tmp_path, BACKLOG)
    project.ok("fairway-config", "add-profile", "product-adoption")
    project.ok("fairway-config", "add-domain", "developer-experience")
    told = project.ok("queue-task-detail", "FW-116", "--json").json
    assert [row["task_id"] for row in told["dependencies"]] == ["FW-114"]
    assert (told["parent_id"], told["ready"], told["open_blockers"]) == ("FW-115", False, 1)
    assert "Release page of v0.1.10" in told["metadata"]["target_paths"]
    children = project.ok("queue-tree", "FW-115", "--json").json["children"]
    assert [child["task"]["task_id"] for child in children] == ["FW-116", "FW-117"]
