"""Adding tasks to a queue file: the new lines and nothing else."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.queue.files.queue_edits import append_tasks
from fairway_scripts.queue.files.queue_file import read_queue_text

NEW: dict[str, Any] = {"id": "B-9", "title": "New", "role": "B-ui", "depends_on": ["B-1"], "notes": "one\n\n  two: #3"}
BLOCK = "- id: B-9\n  title: New\n  role: B-ui\n  depends_on:\n  - B-1\n  notes: |-\n    one\n\n      two: #3\n"
HEAD = "# A queue\nversion: 1\n\n"


def append(text: str, *tasks: dict[str, Any], path: str = "queue.yaml") -> str:
    """The text of a file after an edit."""
    return append_tasks(text.encode(), path, list(tasks or (NEW,))).data.decode()


def indented(block: str, blanks: str) -> str:
    return "".join(blanks + line if line.strip() else line for line in block.splitlines(keepends=True))


LAYOUTS = {
    "at the end": (HEAD + "tasks:\n- id: B-1\n  title: t\n", "", ""),
    "indented": (HEAD + "tasks:\n  - id: B-1\n    title: t\n", "  ", ""),
    "with a comment below the list": (HEAD + "tasks:\n- id: B-1\n  title: t\n", "", "\n# The end\n# of it\n"),
    "with other fields below the list": (HEAD + "tasks:\n  - title: t\n    id: B-1\n", "  ", "\nroles: [B-ui]\n"),
    "with a comment inside the last task": (HEAD + "tasks:\n- id: B-1   # first\n  # keep\n  title: t\n", "", ""),
    "with a dash on a line of its own": (HEAD + "tasks:\n-\n  id: B-1\n  title: t\n", "", "\n\n"),
    "with a block of text at the end": (
        HEAD + "tasks:\n- id: B-1\n  title: t\n  notes: |\n    # a\n\n    b\n",
        "",
        "\n",
    ),
    "with blank lines that belong to a text": (
        HEAD + "tasks:\n- id: B-1\n  title: t\n  notes: |+\n    a\n\n\n",
        "",
        "",
    ),
    "as a bare list": ("# only\n- id: B-1\n  title: t\n", "", "# end\n"),
    "with a marker of the end": ("---\ntasks:\n- id: B-1\n  title: t\n", "", "...\n"),
    "with a task in braces": (HEAD + "tasks:\n- {id: B-1, title: t}\n", "", ""),
    "not ASCII": (HEAD + 'tasks:\n- id: B-1\n  title: "漢字\u2028   x 🚦"\n', "", "# Ü\n"),
}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_new_tasks_stand_behind_the_last_one_and_every_other_byte_stays(layout: str, line_end: str) -> None:
    before, blanks, behind = (part.replace("\n", line_end) for part in LAYOUTS[layout])
    assert append(before + behind) == before + indented(BLOCK, blanks).replace("\n", line_end) + behind


def test_a_byte_order_mark_stays() -> None:
    before = "\ufefftasks:\n- id: B-1\n  title: t\n"
    assert append(before) == before + BLOCK


def test_a_last_line_without_a_line_end_gets_one() -> None:
    before = HEAD + "tasks:\n- id: B-1\n  title: t"
    assert append(before) == before + "\n" + BLOCK


@pytest.mark.parametrize("empty", ["tasks: []", "tasks:", "tasks: ~", "tasks:  [ ]", '"tasks": null'])
def test_an_empty_list_is_replaced_and_its_comment_stays(empty: str) -> None:
    key = empty.partition(":")[0] + ":"
    edited = append(f"{HEAD}{empty}  # none yet\nroles: [B-ui]\n")
    assert edited == f"{HEAD}{key}  # none yet\n{BLOCK}roles: [B-ui]\n"


def test_a_file_that_is_an_empty_list_becomes_a_list() -> None:
    assert append("# nothing\n[]\n") == "# nothing\n" + BLOCK


def test_the_edit_names_the_first_new_line() -> None:
    text = HEAD + "tasks:\n- id: B-1\n  title: t\n# end\n"
    edit = append_tasks(text.encode(), "queue.yaml", [NEW])
    assert edit.data.decode().splitlines()[edit.line - 1] == "- id: B-9"
    assert edit.added == BLOCK


JSON_FILES = {
    "pretty": json.dumps({"version": 1, "tasks": [{"id": "B-1", "title": "t ] , } tasks"}], "more": [1]}, indent=2),
    "in one line": json.dumps({"tasks": [{"id": "B-1", "title": "t", "tags": ["x"]}], "version": 1}),
    "a bare list": json.dumps([{"id": "B-1", "title": "t"}], indent=4) + "\n",
    "empty": '{\n  "version": 1,\n  "tasks": []\n}\n',
    "empty in one line": '{"tasks":[],"version":1}',
    "another list before": '{"roles": ["tasks"], "tasks": [\n    {"id": "B-1", "title": "t"}\n  ]}\n',
    "CR LF": json.dumps({"tasks": [{"id": "B-1", "title": "t"}]}, indent=1).replace("\n", "\r\n"),
}


@pytest.mark.parametrize("path", ["queue.json", "queue.yaml"])
@pytest.mark.parametrize("name", JSON_FILES)
def test_json_files_are_added_to_as_well(name: str, path: str) -> None:
    before = JSON_FILES[name]
    edit = append_tasks(before.encode(), path, [NEW, {**NEW, "id": "B-10"}])
    after = edit.data.decode()
    was, now = json.loads(before), json.loads(after)
    tasks = (now["tasks"], was["tasks"]) if isinstance(now, dict) else (now, was)
    assert tasks[0] == [*tasks[1], NEW, {**NEW, "id": "B-10"}]
    start = next((at for at, (x, y) in enumerate(zip(before, after, strict=False)) if x != y), len(before))
    assert after.endswith(before[start:].lstrip()), "only what is new stands between the two halves"
    assert before[start:].lstrip()[:1] in ("]", ""), after
    if "\r" in before:
        assert "\n" not in after.replace("\r\n", "")


@pytest.mark.parametrize(
    "text",
    [
        "tasks: [{id: B-1, title: t}]\n",
        "tasks:\n  [{id: B-1, title: t}]\n",
        "tasks: [{id: B-1, title: t},\n        {id: B-2, title: t}]\n",
        "{version: 1, tasks: [{id: B-1, title: t}]}\n",
    ],
)
def test_a_layout_that_is_not_understood_is_left_alone(text: str) -> None:
    with pytest.raises(FairwayError) as refusal:
        append(text)
    assert refusal.value.word == "invalid_queue"
    assert "laid out" in refusal.value.message


@pytest.mark.parametrize("text", ["tasks:\n- id: [\n", "tasks:\n- id: B-1\n  id: B-1\n", "version: 1\n", "\xff"])
def test_a_file_with_faults_is_not_edited(text: str) -> None:
    with pytest.raises(FairwayError) as refusal:
        append_tasks(text.encode("latin-1"), "queue.yaml", [NEW])
    assert refusal.value.word == "invalid_queue"


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=30)


@given(title=TEXT, notes=TEXT, check=TEXT, indent=st.sampled_from(["", "  ", "    "]))
def test_any_text_comes_back_as_it_was_written(title: str, notes: str, check: str, indent: str) -> None:
    new = {"id": "B-9", "title": title, "notes": notes, "acceptance_checks": [check] if check.strip() else []}
    before = f"tasks:\n{indent}- id: B-1\n{indent}  title: t\n# end\n"
    after = append(before, new)
    (_old, record) = read_queue_text(after.encode(), "queue.yaml").tasks
    assert {name: record.fields[name] for name in new} == new
    assert after.endswith("# end\n")
