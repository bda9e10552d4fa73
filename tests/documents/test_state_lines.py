"""Setting the state of one task in a queue file: its state lines change, every other byte stays."""

from __future__ import annotations

import difflib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.documents.queue_file import read_queue_text
from fairway_scripts.documents.state_lines import set_state, state_in_file
from fairway_scripts.errors import FairwayError

SHA = "3993e614" + "a" * 32
WORK = {"status": "in_progress", "owner": "B", "branch": "agent/B-ui", "commit_sha": None, "completed_at": None}
FREE = {"status": "todo", "owner": "", "branch": "", "commit_sha": None, "completed_at": None}
DONE = {**WORK, "status": "done", "commit_sha": SHA, "completed_at": "2026-05-04T10:00:00.000000Z"}

FILE = """\
version: 1   # the first
tasks:
  # before B-1
  - id: B-1
    title: one
    role: B-ui
    status: todo   # here
    owner: ''
    branch: ""
    completed_at: ''
    commit:
    notes: |
      status: todo
      owner: nobody
  - id: B-2
    title: two
    role: B-ui
    status: todo
  - {id: B-3, title: three, role: B-ui, status: todo, owner: ''}
  - id: B-4
    title: four
    role: B-ui
"""


def changed(text: str, task_id: str, state: dict[str, object]) -> list[str]:
    edited = set_state(text.encode(), "queue.yaml", task_id, state).data.decode()
    lines = difflib.unified_diff(text.splitlines(), edited.splitlines(), lineterm="", n=0)
    return [line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---")]


@pytest.mark.parametrize(
    ("task_id", "state", "expected"),
    [
        pytest.param(
            "B-1",
            WORK,
            [
                *("-    status: todo   # here", "-    owner: ''", '-    branch: ""'),
                *("+    status: in_progress   # here", "+    owner: 'B'", '+    branch: "agent/B-ui"'),
            ],
            id="comment-and-quotes-stay",
        ),
        pytest.param(
            "B-1",
            {**FREE, "commit_sha": SHA, "completed_at": "2026-05-04T23:59:59.000000Z"},
            ["-    completed_at: ''", "-    commit:", "+    completed_at: '2026-05-04'", f"+    commit: '{SHA}'"],
            id="a-date-and-a-value-where-none-was",
        ),
        pytest.param(
            "B-2",
            WORK,
            ["-    status: todo", "+    status: in_progress", "+    owner: B", "+    branch: agent/B-ui"],
            id="lines-that-were-not-there",
        ),
        pytest.param(
            "B-3",
            WORK,
            [
                "-  - {id: B-3, title: three, role: B-ui, status: todo, owner: ''}",
                "+  - {id: B-3, title: three, role: B-ui, status: in_progress, owner: 'B', branch: agent/B-ui}",
            ],
            id="all-on-one-line",
        ),
        pytest.param("B-4", {**FREE, "owner": "yes"}, ["+    status: todo", "+    owner: 'yes'"], id="no-state-at-all"),
        pytest.param("B-1", FREE, [], id="nothing-to-do"),
    ],
)
def test_exactly_the_state_lines_of_the_task_change(
    task_id: str, state: dict[str, object], expected: list[str]
) -> None:
    assert changed(FILE, task_id, state) == expected


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", ["", "\n"])
def test_line_ends_stay_as_they_are(line_end: str, last: str) -> None:
    text = (FILE.rstrip("\n") + last).replace("\n", line_end)
    edited = set_state(text.encode(), "queue.yaml", "B-4", WORK).data.decode()
    assert set(edited.replace("\r\n", "\x00").replace("\n", "\x01").replace("\r", "\x02")) & set("\x00\x01\x02") == {
        {"\r\n": "\x00", "\n": "\x01", "\r": "\x02"}[line_end]
    }
    assert edited.endswith(line_end) == bool(last)


def test_a_short_commit_that_means_the_same_stays() -> None:
    text = FILE.replace("    commit:\n", "    commit: 3993e614\n")
    assert "commit" not in "".join(changed(text, "B-1", {**FREE, "commit_sha": SHA}))


@pytest.mark.parametrize("indent", [None, 2])
def test_json_is_edited_too(indent: int | None) -> None:
    import json

    tasks = [{"id": name, "title": "x", "role": "B-ui", "status": "todo", "owner": ""} for name in ("B-1", "B-2")]
    data = json.dumps({"version": 1, "tasks": tasks}, indent=indent).encode()
    edited = json.loads(set_state(data, "queue.json", "B-2", DONE).data)
    assert edited["tasks"][0] == tasks[0]
    assert edited["tasks"][1] == {
        **tasks[1],
        "status": "done",
        "owner": "B",
        "branch": "agent/B-ui",
        "completed_at": "2026-05-04",
        "commit": SHA,
    }


@pytest.mark.parametrize(
    ("text", "task_id", "word"),
    [
        (FILE, "B-9", "not_found"),
        ("tasks: [", "B-1", "invalid_queue"),
        (FILE.replace("owner: ''\n    branch", "owner: >-\n      x\n      y\n    branch", 1), "B-1", "invalid_queue"),
        (FILE.replace("owner: ''\n    branch", "owner: x\n      y\n    branch", 1), "B-1", "invalid_queue"),
    ],
    ids=["no-such-task", "no-yaml", "a-block", "two-lines"],
)
def test_a_file_that_is_not_understood_is_left_alone(text: str, task_id: str, word: str) -> None:
    with pytest.raises(FairwayError) as refused:
        set_state(text.encode(), "queue.yaml", task_id, WORK)
    assert refused.value.word == word


@given(
    owner=st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), max_size=12),
    branch=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=12),
    task_id=st.sampled_from(["B-1", "B-2", "B-3", "B-4"]),
)
def test_any_value_is_read_back_as_it_was(owner: str, branch: str, task_id: str) -> None:
    state = {**WORK, "owner": owner, "branch": branch}
    edited = set_state(FILE.encode(), "queue.yaml", task_id, state).data
    read = state_in_file(edited, "queue.yaml", [task_id])[task_id]
    assert (read["status"], read["owner"], read["branch"]) == ("in_progress", owner, branch)
    others = [task.fields for task in read_queue_text(edited, "queue.yaml").tasks if task.fields["id"] != task_id]
    assert others == [t.fields for t in read_queue_text(FILE.encode(), "queue.yaml").tasks if t.fields["id"] != task_id]
    assert set_state(edited, "queue.yaml", task_id, state).fields == []
