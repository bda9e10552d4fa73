"""queue-snapshot: every table as JSON, or the tasks as a queue file."""

from __future__ import annotations

import json
import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
import yaml

from fairway_scripts.store.schema import SCHEMA_VERSION, TABLES
from tests.support.shell import Checkout, make_checkout, queue_text, task

HOSTILE = 'it\'s "quoted": $HOME # no comment\n  indented\n\ttab\r\nthe end é 漢字 🚦 \u2028 \x85 \n'


def checkout(tmp_path: Path, *tasks: dict[str, object], name: str = "gpuaas") -> Checkout:
    return make_checkout(tmp_path, queue_text(*tasks), lanes=[], config=None, name=name)


def worked_on(tmp_path: Path) -> Checkout:
    project = checkout(
        tmp_path,
        task("A-1", "A-backend", status="done", owner="Codex", commit="abc12345", completed_at="2026-05-04"),
        task("B-1", depends_on=["A-1"], priority=2, notes=HOSTILE),
        task("B-2", depends_on=["B-1"]),
    )
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    project.ok("queue-record-evidence", "B-1", "--command-text", HOSTILE, "--result", "pass")
    return project


def test_holds_every_table_of_the_store(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    document = project.ok("queue-snapshot").json
    assert document["schema"] == "queue-snapshot/1"
    assert document["schema_version"] == SCHEMA_VERSION
    assert sorted(document["tables"]) == sorted(TABLES)
    with closing(sqlite3.connect(project.store)) as connection:
        for name in TABLES:
            count = connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]
            assert len(document["tables"][name]) == count, name
    assert document["tables"]["task_evidence"][0]["command_text"] == HOSTILE


def test_is_the_same_text_for_the_same_rows(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    first = project.ok("queue-snapshot").out
    assert project.ok("queue-snapshot").out == first
    assert first == project.ok("queue-snapshot", "--json").out
    rows = json.loads(first)["tables"]["task_state"]
    assert [row["task_id"] for row in rows] == ["A-1", "B-1", "B-2"]
    assert list(rows[0]) == sorted(rows[0])


def test_has_one_row_a_line_so_that_two_can_be_compared(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    lines = project.ok("queue-snapshot").out.splitlines()
    assert sum(line.startswith('{"actor"') for line in lines) > 2


def test_writes_the_output_file_whole_and_keeps_stdout_empty(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    target = tmp_path / "s.json"
    target.write_text("old")
    answer = project.ok("queue-snapshot", "--output", str(target))
    assert answer.out == ""
    assert target.read_text() == project.ok("queue-snapshot").out
    assert sorted(os.listdir(tmp_path)) == ["gpuaas", "s.json"]


def test_a_failure_leaves_the_old_output_file_and_no_part_of_a_new_one(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    target = tmp_path / "s.json"
    target.write_text("old")
    with closing(sqlite3.connect(project.store)) as connection:
        connection.execute("ALTER TABLE watchers RENAME TO elsewhere")
    assert project.run("queue-snapshot", "--output", str(target)).code == 2
    assert target.read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["gpuaas", "s.json"]


def test_an_output_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    answer = project.run("queue-snapshot", "--output", str(tmp_path / "none" / "s.json"))
    assert (answer.code, answer.word) == (2, "file_unavailable")


def test_changes_nothing_in_the_store_and_imports_nothing(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    before = project.ok("queue-snapshot").out
    project.write_queue(queue_text(task("B-9")))
    os.utime(project.queue_file, (0, 0))
    assert project.ok("queue-snapshot").out == before


@pytest.mark.parametrize("form", ["ids", "tsv"])
def test_other_forms_are_refused(tmp_path: Path, form: str) -> None:
    answer = worked_on(tmp_path).run("queue-snapshot", "--format", form)
    assert (answer.code, answer.word) == (2, "usage")


def test_without_a_store_says_so(tmp_path: Path) -> None:
    answer = checkout(tmp_path).run("queue-snapshot")
    assert (answer.code, answer.word) == (3, "not_found")


def exported(project: Checkout) -> str:
    return project.ok("queue-snapshot", "--format", "yaml").out


def seeded(project: Checkout) -> list[dict[str, object]]:
    """What an import made of a queue file: the definitions and the state, without times of the import."""
    tables = project.ok("queue-snapshot").json["tables"]
    columns = ("status", "terminal", "ready", "open_blockers", "owner", "branch", "completed_at", "commit_sha")
    states = {row["task_id"]: {name: row[name] for name in columns} for row in tables["task_state"]}
    needs = sorted((row["task_id"], row["position"], row["depends_on"]) for row in tables["task_dependencies"])
    moving = ("created_at", "created_by", "updated_at")
    definitions = [{k: v for k, v in row.items() if k not in moving} for row in tables["task_definitions"]]
    return [*({**row, **states[row["id"]]} for row in definitions), {"needs": needs}]


EVERY_FIELD = {
    "priority": 3,
    "sequence": 7,
    "kind": "bug",
    "profile": "web",
    "owning_domain": "ui",
    "owning_layer": "front",
    "risk_level": "low",
    "migration_type": "none",
    "lane": "fast",
    "source_paths": ["a/*", "b"],
    "target_paths": ["c"],
    "review_domains": ["security"],
    "tags": ["x", "no", "017"],
    "acceptance_checks": ["pnpm test -- 'a b'", "make x: y"],
    "notes": HOSTILE,
    "estimate": "5",
    "nested": {"key": ["1", {"deep": "yes"}], "none": None},
}


def test_yaml_comes_back_through_import_with_the_same_definitions_and_states(tmp_path: Path) -> None:
    project = checkout(
        tmp_path,
        task(
            "A-1", "A-backend", status="done", owner="Codex", branch="x", commit="abc12345", completed_at="2026-05-04"
        ),
        task("A-2", "A-backend", status="done", commit="1e3", completed_at="2026-05-04T10:11:12Z"),
        task("B-EPIC", kind="epic"),
        task("B-1", depends_on=["A-2", "A-1"], parent_id="B-EPIC", **EVERY_FIELD),
        task("B-2", depends_on=["B-1"], status="blocked", owner="no"),
        task("B-3", status="in_progress", owner="B", branch="agent/B-ui"),
    )
    project.ok("queue-import")
    other = checkout(tmp_path, name="other")
    other.write_queue(exported(project))
    other.ok("queue-import")
    assert seeded(other) == seeded(project)
    assert exported(other) == exported(project)


def test_yaml_shows_the_present_state_in_the_standard_field_order(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    document = yaml.safe_load(exported(project))
    standard = "id title role status priority owner branch completed_at commit depends_on acceptance_checks notes"
    by_id = {entry["id"]: entry for entry in document["tasks"]}
    assert list(by_id["B-1"]) == standard.split()
    assert by_id["B-1"]["status"] == "in_progress"
    assert by_id["B-1"]["owner"] == "B"
    assert by_id["A-1"]["completed_at"] == "2026-05-04"
    assert document["roles"] == ["A-backend", "B-ui", "C-ops"]
    assert document["version"] == 1


def test_yaml_keeps_text_as_text_for_every_reader(tmp_path: Path) -> None:
    project = checkout(tmp_path, task("B-1", title="no", notes="017", owner="2026-05-04"))
    project.ok("queue-import")
    entry = yaml.safe_load(exported(project))["tasks"][0]
    assert (entry["title"], entry["notes"], entry["owner"]) == ("no", "017", "2026-05-04")


def test_yaml_leaves_out_what_left_the_file_unless_something_depends_on_it(tmp_path: Path) -> None:
    project = checkout(
        tmp_path,
        task("A-OLD", "A-backend"),
        task("A-NEEDED", "A-backend", depends_on=["A-DEEP"]),
        task("A-DEEP", "A-backend"),
        task("B-1", depends_on=["A-NEEDED"]),
    )
    project.ok("queue-import")
    project.write_queue(queue_text(task("B-1", depends_on=["A-NEEDED"])))
    project.ok("queue-import")
    answer = project.ok("queue-snapshot", "--format", "yaml")
    assert [entry["id"] for entry in yaml.safe_load(answer.out)["tasks"]] == ["B-1", "A-NEEDED", "A-DEEP"]
    assert "1 task(s) that left the queue file" in answer.err


def test_yaml_of_a_queue_without_tasks_is_a_queue_file(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    project.ok("queue-import")
    assert yaml.safe_load(exported(project)) == {"version": 1, "tasks": []}


def test_yaml_of_a_generated_queue_is_valid_and_comes_back(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    project.write_queue(project.ok("queue-generate", "--tasks", "60").out)
    project.ok("queue-import")
    other = checkout(tmp_path, name="other")
    other.write_queue(exported(project))
    assert other.ok("queue-validate").code == 0
    other.ok("queue-import")
    assert seeded(other) == seeded(project)


def test_through_make_the_output_file_is_written(tmp_path: Path) -> None:
    project = worked_on(tmp_path)
    answer = project.make("queue-snapshot", f"OUTPUT={tmp_path}/s.yaml", "FORMAT=yaml")
    assert answer.code == 0, answer
    assert (tmp_path / "s.yaml").read_text() == exported(project)
