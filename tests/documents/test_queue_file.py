"""The queue file: typed records with lines out of YAML and JSON; every value that does not fit is a fault."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.queue.definitions_rules import INTEGER_FIELDS, LIST_FIELDS, STATE_FIELDS, TEXT_FIELDS
from fairway_scripts.queue.files.queue_file import (
    QueueFile,
    read_queue_file,
    read_queue_text,
    ruby_reads_differently,
)

SAMPLE = """\
version: 1
updated_at: '2026-05-04'
states: [todo, in_progress, blocked, done]
roles: [A-backend, B-ui, C-ops]
tasks:
- id: A-DEMO-UAT-001
  title: Prove the demo path
  role: A-backend
  status: done
  priority: 1
  owner: Codex
  branch: agent/A-backend
  completed_at: '2026-05-04'
  commit: 3993e614
  depends_on: []
  acceptance_checks:
  - make queue-git-check
  - go test ./...
  notes: |
    Context: first.
    Scope: all.
- id: B-DEMO-UAT-002
  title: Show it
  role: B-ui
  depends_on:
  - A-DEMO-UAT-001
  estimate: 3
"""


def read(text: str, path: str = "q.yaml") -> QueueFile:
    return read_queue_text(text.encode(), path)


def task(body: str) -> QueueFile:
    return read("tasks:\n- id: X\n" + "".join(f"  {line}\n" for line in body.splitlines()))


def found(queue: QueueFile) -> list[tuple[str, str, int]]:
    return [(fault.code, fault.field, fault.line) for fault in queue.faults]


class TestRecords:
    def test_the_confirmed_shape_is_read_without_faults(self) -> None:
        queue = read(SAMPLE)
        assert queue.faults == []
        assert queue.header == {
            "version": 1,
            "updated_at": "2026-05-04",
            "states": ["todo", "in_progress", "blocked", "done"],
            "roles": ["A-backend", "B-ui", "C-ops"],
        }
        assert queue.header_lines == {"version": 1, "updated_at": 2, "states": 3, "roles": 4}
        assert [(task.position, task.line) for task in queue.tasks] == [(0, 6), (1, 22)]

    def test_values_have_the_types_of_their_fields(self) -> None:
        fields = read(SAMPLE).tasks[0].fields
        assert fields["priority"] == 1
        assert fields["acceptance_checks"] == ["make queue-git-check", "go test ./..."]
        assert fields["notes"] == "Context: first.\nScope: all.\n"
        assert (fields["status"], fields["owner"], fields["completed_at"]) == ("done", "Codex", "2026-05-04")

    def test_every_field_is_there_under_its_own_name_only(self) -> None:
        for record in read(SAMPLE).tasks:
            assert set(record.fields) == {*TEXT_FIELDS, *INTEGER_FIELDS, *LIST_FIELDS, *STATE_FIELDS}

    def test_absent_fields_are_blank(self) -> None:
        fields = read("tasks:\n- id: X\n").tasks[0].fields
        assert {fields[name] for name in (*TEXT_FIELDS, *STATE_FIELDS) if name != "id"} == {""}
        assert {fields[name] for name in INTEGER_FIELDS} == {None}
        assert all(fields[name] == [] for name in LIST_FIELDS)

    def test_null_is_blank_whatever_the_field(self) -> None:
        queue = task("title:\nowner: ~\npriority: null\ndepends_on:\ntags: ~\ncommit:")
        assert queue.faults == []
        fields = queue.tasks[0].fields
        blank = (fields["title"], fields["owner"], fields["priority"], fields["dependencies"], fields["tags"])
        assert blank == ("", "", None, [], [])
        assert fields["commit_sha"] == ""

    def test_two_tasks_never_share_a_list(self) -> None:
        first, second = read("tasks:\n- id: X\n- id: Y\n").tasks
        first.fields["tags"].append("x")
        assert second.fields["tags"] == []

    def test_lines_are_known_under_both_spellings(self) -> None:
        record = read(SAMPLE).tasks[0]
        assert record.lines["depends_on"] == record.lines["dependencies"] == 15
        assert record.lines["commit"] == record.lines["commit_sha"] == 14
        assert record.item_lines["acceptance_checks"] == [17, 18]
        assert read(SAMPLE).tasks[1].item_lines["dependencies"] == [26]
        assert (record.spelled("dependencies"), record.spelled("tags")) == ("depends_on", "tags")
        assert (record.line_of("notes"), record.line_of("tags")) == (19, 6)

    def test_unknown_fields_are_kept(self) -> None:
        record = task("estimate: 3\nlinks: {a: [1]}").tasks[0]
        assert record.extra == {"estimate": "3", "links": {"a": ["1"]}}
        assert json.loads(json.dumps(record.extra)) == record.extra

    def test_dependencies_wins_over_an_empty_alias(self) -> None:
        queue = task("dependencies: [A]\ndepends_on: []")
        assert (queue.faults, queue.tasks[0].fields["dependencies"]) == ([], ["A"])

    def test_the_alias_counts_when_dependencies_is_empty(self) -> None:
        queue = task("dependencies: []\ndepends_on: [A]")
        assert (queue.faults, queue.tasks[0].fields["dependencies"]) == ([], ["A"])

    def test_commit_sha_wins_over_commit(self) -> None:
        assert task("commit: abc\ncommit_sha: def").tasks[0].fields["commit_sha"] == "def"


class TestShapes:
    def test_a_bare_list_is_a_queue(self) -> None:
        queue = read("- id: X\n- id: Y\n")
        assert [task.fields["id"] for task in queue.tasks] == ["X", "Y"]
        assert (queue.header, queue.faults) == ({}, [])

    @pytest.mark.parametrize("text", ["tasks: []\n", "tasks:\n", "version: 1\ntasks: []\n", "[]"])
    def test_a_queue_may_have_no_tasks(self, text: str) -> None:
        queue = read(text)
        assert (queue.tasks, queue.faults) == ([], [])

    @pytest.mark.parametrize(
        ("text", "code", "line"),
        [
            ("", "empty_file", 0),
            ("# nothing\n", "empty_file", 0),
            ("version: 1\n", "no_tasks", 1),
            ("just text\n", "wrong_shape", 1),
            ("version: 1\ntasks: some\n", "wrong_shape", 2),
            ("tasks:\n  id: X\n", "wrong_shape", 1),
            ("tasks:\n- id: X\n- Y\n", "not_a_task", 3),
            ("tasks:\n-\n", "not_a_task", 2),
            ("tasks: []\nroles: A-backend\n", "list_needed", 2),
        ],
    )
    def test_any_other_shape_is_a_fault(self, text: str, code: str, line: int) -> None:
        assert [(fault.code, fault.line) for fault in read(text).faults] == [(code, line)]

    def test_a_broken_file_has_no_tasks_and_only_its_own_fault(self) -> None:
        queue = read("tasks:\n- id: X\n- id: [\n")
        assert queue.tasks == []
        assert [fault.code for fault in queue.faults] == ["yaml_syntax"]

    def test_json_gives_the_same_records(self) -> None:
        value = {"version": 1, "tasks": [{"id": "X", "priority": 2, "depends_on": ["Y"], "title": "\U0001f600"}]}
        from_json, from_yaml = read(json.dumps(value), "q.json"), read(yaml.safe_dump(value))
        assert from_json.faults == []
        assert from_json.header == {"version": 1}
        assert from_json.tasks[0].fields == from_yaml.tasks[0].fields


class TestFaults:
    @pytest.mark.parametrize(
        ("body", "code", "field"),
        [
            ("priority: high", "integer_needed", "priority"),
            ("priority: 1.5", "integer_needed", "priority"),
            ("priority: 017", "integer_needed", "priority"),
            ("priority: 1_000", "integer_needed", "priority"),
            ("priority: \u0663", "integer_needed", "priority"),
            ("priority: 99999999999999999999", "integer_needed", "priority"),
            ("sequence: [1]", "integer_needed", "sequence"),
            ("depends_on: A", "list_needed", "depends_on"),
            ("dependencies: ''", "list_needed", "dependencies"),
            ("acceptance_checks: make test", "list_needed", "acceptance_checks"),
            ("acceptance_checks: {a: b}", "list_needed", "acceptance_checks"),
            ("acceptance_checks: ['echo a: b', echo a: b]", "text_needed", "acceptance_checks"),
            ("depends_on: [[A]]", "text_needed", "depends_on"),
            ("depends_on: [A, '']", "text_needed", "depends_on"),
            ("depends_on: [A, ~]", "text_needed", "depends_on"),
            ("title: [a]", "text_needed", "title"),
            ("notes: {Context: x}", "text_needed", "notes"),
            ("commit: [a]", "text_needed", "commit"),
            ("dependencies: [A]\ndepends_on: [B]", "two_dependency_lists", "depends_on"),
        ],
    )
    def test_a_value_of_the_wrong_type_is_a_fault_of_its_task(self, body: str, code: str, field: str) -> None:
        queue = task(body)
        (fault,) = queue.faults
        assert (fault.code, fault.field, fault.task_id) == (code, field, "X")
        assert fault.line == 2 + len(body.splitlines())
        assert field in queue.tasks[0].refused

    @pytest.mark.parametrize(("text", "number"), [("1", 1), ("'2'", 2), ("-3", -3), ("+4", 4), ("0", 0)])
    def test_whole_numbers_are_numbers(self, text: str, number: int) -> None:
        queue = task(f"priority: {text}")
        assert (queue.faults, queue.tasks[0].fields["priority"]) == ([], number)

    def test_an_item_with_a_colon_is_told_to_be_quoted(self) -> None:
        assert "quote it" in task("acceptance_checks:\n- rg: x").faults[0].message

    def test_items_of_a_block_list_have_their_own_lines(self) -> None:
        assert found(task("depends_on:\n- A\n-\n- B")) == [("text_needed", "depends_on", 5)]

    def test_faults_of_reading_and_typing_come_by_line_with_their_task(self) -> None:
        queue = read("tasks:\n- id: X\n  priority: a\n- id: Y\n  title: one\n  title: two\nroles: &r [A]\n")
        assert [(fault.line, fault.task_id, fault.code) for fault in queue.faults] == [
            (3, "X", "integer_needed"),
            (6, "Y", "duplicate_key"),
            (7, "", "anchor"),
        ]


class TestRubyWarnings:
    @pytest.mark.parametrize(
        ("plain", "reading"),
        [
            ("yes", "true"),
            ("Off", "false"),
            ("~", "null"),
            ("017", "an octal number"),
            ("0x1F", "a hexadecimal number"),
            ("0b10110101", "a binary number"),
            ("39936140", "a number"),
            ("1_000", "a number"),
            ("1,000", "a number"),
            ("1.10", "a number"),
            ("1.0e+3", "a number"),
            ("-.inf", "a number"),
            ("1:30", "a number in base 60"),
            ("2026-05-04", "a date"),
            ("2026-05-04T10:00:00Z", "a time"),
            (":foo", "a symbol"),
        ],
    )
    def test_what_ruby_takes_for_something_else_is_named(self, plain: str, reading: str) -> None:
        assert ruby_reads_differently(plain) == reading

    @pytest.mark.parametrize(
        "plain",
        [
            "y",
            "N",
            "08",
            "3993e614",
            "1e3",
            "0o17",
            "2026-13-45",
            "1.2.3",
            ".",
            "-",
            "::",
            "1 000",
            "12 monkeys",
            "nil",
        ],
    )
    def test_what_ruby_leaves_alone_is_left_alone(self, plain: str) -> None:
        assert ruby_reads_differently(plain) is None

    @pytest.mark.parametrize(
        ("body", "field"),
        [
            ("title: 017", "title"),
            ("owner: no", "owner"),
            ("commit: 12345678", "commit"),
            ("completed_at: 2026-05-04", "completed_at"),
            ("depends_on: [1:30]", "depends_on"),
        ],
    )
    def test_an_unquoted_text_field_is_a_warning(self, body: str, field: str) -> None:
        queue = task(body)
        assert found(queue) == [("ruby_reading", field, 3)]
        assert queue.faults[0].severity == "warning"
        assert queue.tasks[0].refused == ()

    @pytest.mark.parametrize(
        "body",
        ["title: '017'", "completed_at: '2026-05-04'", "priority: 1", "estimate: 017", "owner: ~", "notes: |\n  12"],
    )
    def test_quoted_text_numbers_and_unknown_fields_are_silent(self, body: str) -> None:
        assert task(body).faults == []

    def test_the_header_is_silent(self) -> None:
        assert read("version: 1\nupdated_at: 2026-05-04\ntasks: []\n").faults == []


class TestFiles:
    def test_path_and_digest_are_of_the_file(self, tmp_path: Path) -> None:
        file = tmp_path / "queue.yaml"
        file.write_text(SAMPLE)
        queue = read_queue_file(str(file), "doc/queue.yaml")
        assert queue.path == "doc/queue.yaml"
        assert queue.sha256 == hashlib.sha256(SAMPLE.encode()).hexdigest()
        assert len(queue.tasks) == 2

    def test_a_missing_file_is_refused_with_a_hint(self, tmp_path: Path) -> None:
        with pytest.raises(FairwayError) as caught:
            read_queue_file(str(tmp_path / "none.yaml"))
        assert caught.value.word == "not_found"
        assert "QUEUE_FILE" in caught.value.hint

    def test_a_folder_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(FairwayError) as caught:
            read_queue_file(str(tmp_path))
        assert caught.value.word == "file_unavailable"

    def test_a_file_over_the_limit_is_a_fault_and_is_not_read(self, tmp_path: Path) -> None:
        file = tmp_path / "queue.yaml"
        file.write_text(SAMPLE)
        size = len(SAMPLE)
        assert [fault.code for fault in read_queue_file(str(file), max_bytes=size - 1).faults] == ["too_large"]
        assert read_queue_file(str(file), max_bytes=size).faults == []

    def test_a_json_name_means_json(self, tmp_path: Path) -> None:
        file = tmp_path / "queue.json"
        file.write_text("tasks: []\n")
        assert [fault.code for fault in read_queue_file(str(file)).faults] == ["json_syntax"]


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
ITEMS = st.lists(TEXT.filter(str.strip), max_size=3)
TASKS = st.fixed_dictionaries(
    {"id": TEXT, "title": TEXT},
    optional={"notes": TEXT, "priority": st.integers(0, 99), "tags": ITEMS, "depends_on": ITEMS, "other": TEXT},
)


def quoted(value: object) -> str:
    if isinstance(value, int):
        return str(value)
    return yaml.safe_dump(value, default_style='"', default_flow_style=True, width=10**6).strip()


@given(st.lists(TASKS, max_size=4))
def test_any_task_comes_back_as_written_and_at_its_line(written: list[dict[str, Any]]) -> None:
    text, lines = "version: 1\ntasks:\n", []
    for one in written:
        lines.append(text.count("\n") + 1)
        text += "".join(f"{'- ' if at == 0 else '  '}{key}: {quoted(one[key])}\n" for at, key in enumerate(one))
        text += "\n# between\n"
    queue = read(text if written else text.replace("tasks:", "tasks: []"))
    assert queue.faults == []
    assert [task.line for task in queue.tasks] == lines
    for record, one in zip(queue.tasks, written, strict=True):
        assert [record.lines[key] - record.line for key in one] == list(range(len(one)))
        given_back = {**record.fields, **record.extra, "depends_on": record.fields["dependencies"]}
        assert {key: given_back[key] for key in one} == one
