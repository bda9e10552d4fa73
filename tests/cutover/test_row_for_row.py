"""What an import takes in equals what was there, row for row: on both stand-ins, and under other names."""

from __future__ import annotations

import json
import os
import random
import sqlite3
from contextlib import closing
from datetime import datetime, timezone
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tests.cutover.lived import TASKS_A, TRUTH, Variant, lived
from tests.legacy_standin.standin import need_ruby
from tests.support.old_database import Folder, make_folder
from tests.support.rings import some
from tests.support.shell import QUEUE_FILE, queue_text
from tests.support.stored import rows

need_ruby()

#: kind -> our table, and the columns in which an old row has to be found again as it was.
COMPARED = {
    "evidence": (
        "task_evidence",
        "task_id command_text result artifact_path artifact_type duration_seconds notes created_at",
    ),
    "handoffs": (
        "task_handoffs",
        "task_id owner branch commit_sha commands results changed_files risks next_step to_role created_at",
    ),
    "reviews": ("task_reviews", "task_id reviewer_role reviewer verdict reviewed_commit_sha notes created_at"),
    "requests": ("review_requests", "task_id role commit_sha created_at"),
    "sessions": (
        "sessions",
        "id provider session_backend task_id worktree_path branch pid started_at ended_at exit_code",
    ),
    "checkpoints": ("checkpoints", "subject_id state owner target_close_by summary created_at"),
    "state": ("task_state", "task_id status owner branch commit_sha completed_at"),
}
NAMES = ("as they are", "random and confirmed", "random in another way and confirmed")
#: The cases of a short run.
SHORT = (("a", "random and confirmed"),)
WORDS = {"0": "todo", "1": "in_progress", "2": "blocked", "3": "done"}


def read(ours: str, cell: Any) -> Any:
    """An old cell as a person reads it: times in UTC, one line an item of a list, words for numbers, "" for nothing."""
    text = "" if cell is None else str(cell)
    if ours.endswith("_at") and text:
        zoned = text if text[-5] in "+-" else f"{text} +0000"
        moment = datetime.strptime(zoned, "%Y-%m-%d %H:%M:%S %z")
        return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    if text.startswith("["):
        return "\n".join(item for item in json.loads(text) if item)
    if ours == "status":
        return WORDS.get(text, text)
    return text


def old_records(database: str, stand_in: str, kind: str) -> list[tuple[Any, ...]]:
    """The rows of a kind as they were, read past every tool of ours."""
    found = []
    for name in (kind, "archive") if kind == "state" else (kind,):
        if name not in TRUTH[stand_in]:
            continue
        table, columns = TRUTH[stand_in][name]
        with closing(sqlite3.connect(database)) as connection:
            connection.row_factory = sqlite3.Row
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                wanted = [ours for ours in COMPARED[kind][1].split() if ours in columns]
                found.append(tuple(read(ours, row[columns[ours]]) for ours in wanted))
    return sorted(found)


def new_records(project: Folder, stand_in: str, kind: str) -> list[tuple[Any, ...]]:
    """The rows of ours, in the same columns."""
    if kind not in TRUTH[stand_in]:
        return []
    columns = TRUTH[stand_in][kind][1]
    wanted = [ours for ours in COMPARED[kind][1].split() if ours in columns]
    table = COMPARED[kind][0]
    return sorted(tuple("" if row[ours] is None else str(row[ours]) for ours in wanted) for row in rows(project, table))


def project_of(tmp_path: Path, stand_in: str) -> Folder:
    """A project with the definitions of a stand-in's."""
    if stand_in == "a":
        return make_folder(tmp_path, queue_text(*TASKS_A))
    with open(os.path.join(lived("b")[0], QUEUE_FILE), encoding="utf-8") as file:
        return make_folder(tmp_path, file.read())


def profile_of(variant: Variant, stand_in: str) -> str:
    """What a person writes down who knows the scripts: every table and column, and the words of a number."""
    lines = ['schema = "profile/2"']
    for kind, (table, columns) in TRUTH[stand_in].items():
        lines += [f"[legacy_db.{kind}]", f'table = "{variant.tables[table]}"', f"[legacy_db.{kind}.columns]"]
        lines += [f'{ours} = "{variant.columns[table, theirs]}"' for ours, theirs in columns.items()]
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize(("stand_in", "names"), some(product("ab", NAMES), *SHORT))
def test_every_record_is_here_as_it_was_there(tmp_path: Path, stand_in: str, names: str) -> None:
    database = lived(stand_in)[1]
    project = project_of(tmp_path, stand_in)
    path = os.path.join(tmp_path, "old.db")
    variant = Variant(database, random.Random(names), rename="none" if names == "as they are" else "random")
    with closing(sqlite3.connect(path)) as connection:
        variant.fill(connection)
    if names != "as they are":
        os.makedirs(os.path.join(project.main, "compat"))
        with open(os.path.join(project.main, "compat", "profile.toml"), "w", encoding="utf-8") as file:
            file.write(profile_of(variant, stand_in))
    answer = project.ok("queue-import", "--legacy-db", path, "--json").json
    assert answer["left"] == 0, answer["tables"]
    for kind in COMPARED:
        assert new_records(project, stand_in, kind) == old_records(database, stand_in, kind), kind
    blocked = [row["reason"] for row in rows(project, "task_state_history") if row["to_status"] == "blocked"]
    assert blocked == ["the bucket is not there" if stand_in == "a" else "the bucket isn't there yet"]
    again = project.ok("queue-import", "--legacy-db", path, "--json").json
    assert (again["new"], again["changed"], again["tasks"]) == (0, 0, [])
    project.ok("queue-verify")


@pytest.mark.parametrize(
    ("stand_in", "task_id", "lanes"),
    some(
        [("a", "B-1", "D-arch E-governance"), ("b", "B-V3-ACK-SUPPRESS-CONTROL-001", "E-governance")],
        ("a", "B-1", "D-arch E-governance"),
    ),
)
def test_a_review_that_was_asked_for_and_not_given_is_open_here(
    tmp_path: Path, stand_in: str, task_id: str, lanes: str
) -> None:
    """In the one it is a row without an answer, in the other a list of lanes in the state of the task."""
    project = project_of(tmp_path, stand_in)
    project.ok("queue-import", "--legacy-db", lived(stand_in)[1])
    asked = [row for row in rows(project, "review_requests", task_id) if row["answered_by"] is None]
    assert {row["role"] for row in asked} == set(lanes.split())
    assert project.detail(task_id)["review_status"] == "pending"
