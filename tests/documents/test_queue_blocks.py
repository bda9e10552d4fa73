"""The usual form of a queue file is read without a YAML parser; the YAML reader stays the judge of what it says."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fairway_scripts.queue.definitions_rules import TaskRecord
from fairway_scripts.queue.files import queue_file
from fairway_scripts.queue.files.queue_blocks import read_queue_blocks
from fairway_scripts.queue.files.queue_file import read_queue_text
from fairway_scripts.queue.generation import generate_queue
from tests.support.rings import length
from tests.support.shell import HOME

HEADER = "version: 1\nroles:\n- A-backend\n"
FIRST = "- id: A-1\n  title: First\n  depends_on: []\n  notes: |\n    Context: x\n    - y\n"
LAST = "- id: A-9\n  title: Last\n  priority: 3\n  tags:\n  - a\n"


@pytest.fixture(scope="module", autouse=True)
def _also_by_yaml() -> Iterator[None]:
    patch = pytest.MonkeyPatch()
    patch.setattr(
        queue_file, "read_queue_blocks", lambda data, path: None if BY_YAML else read_queue_blocks(data, path)
    )
    yield
    patch.undo()


BY_YAML: list[bool] = []


def everything(data: bytes, *, by_yaml: bool = False) -> dict[str, Any]:
    """All that reading a file gives, lines included."""
    BY_YAML[:] = [True] * by_yaml
    queue = read_queue_text(data, "q.yaml")
    names = ("fields", "extra", "line", "lines", "item_lines", "position", "refused")
    return {
        **queue._asdict(),
        "tasks": [{name: getattr(task, name) for name in names} | {"given": set(task.given)} for task in queue.tasks],
    }


def agree(text: str) -> None:
    assert everything(text.encode()) == everything(text.encode(), by_yaml=True)


def without_yaml(text: str) -> list[bool]:
    """Of each task, whether it was read without the YAML reader; none when the file was declined."""
    blocks = read_queue_blocks(text.encode(), "q.yaml")
    return [type(task) is not TaskRecord for task in blocks.tasks] if blocks else []


USUAL = [
    FIRST,
    LAST,
    "- id: A-2\n  title: Owner's move: no\n".replace(": no", " at http://x#y"),
    "- id: A-2\n  title: ''\n  owner:\n  status: null\n  branch: ~\n  commit: 0b97f6cc\n",
    "- id: A-2\n  title: a\n  commit: 04215895\n",
    "- id: A-2\n  dependencies:\n    - A-1\n    - ../B\n  acceptance_checks:\n    - make x\n",
    "- id: A-2\n  notes: |\n    Text: a # b\n\n    more\n      deeper\n    \n    \tend\n",
    "- title: Caf\u00e9 \u2014 ok\n  id: A-2\n",
]


@pytest.mark.parametrize("task", USUAL)
@pytest.mark.parametrize("indent", ["", "  "])
def test_the_usual_form_needs_no_parser(task: str, indent: str) -> None:
    lines = "".join(indent * (line != "\n") + line for line in (FIRST + task + LAST).splitlines(keepends=True))
    text = HEADER + "tasks:\n" + lines
    assert without_yaml(text) == [True, True, True]
    agree(text)


def test_a_generated_queue_is_of_the_usual_form() -> None:
    text = generate_queue(200)
    assert sum(without_yaml(text)) > 190
    agree(text)


def test_a_usual_file_is_read_without_loading_a_yaml_parser(tmp_path: Path) -> None:
    place = tmp_path / "queue.yaml"
    place.write_text(generate_queue(20).replace("\nstates:", "\nnote: seen by all\nstates:"), encoding="utf-8")
    code = (
        "import sys\nfrom fairway_scripts.queue.files.queue_file import read_queue_file\n"
        f"queue = read_queue_file({str(place)!r})\n"
        "print(len(queue.tasks), queue.header['note'], queue.header_lines, 'yaml' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=HOME, capture_output=True, text=True, check=True)
    lines = {"version": 1, "updated_at": 2, "note": 3, "states": 4, "roles": 9}
    assert done.stdout == f"20 seen by all {lines} False\n"


ALONE = [
    "- id: 'it''s'\n",
    '- id: "A\\n2"\n',
    "- id: A-2\n  title: yes\n",
    "- id: A-2\n  title: 017\n  commit: 12345678\n",
    "- id: A-2\n  commit: 0b101\n",
    "- id: A-2\n  title: cut # off\n",
    "- id: A-2\n  title: several\n    lines\n",
    "- id: A-2\n  # a comment\n  title: x\n",
    "- id: A-2\n# a comment\n",
    "- id: A-2\n\n",
    "- \n  id: A-2\n",
    "- \n  notes: |\n    text\n",
    "- id: A-2\n  tags: [a, b]\n",
    "- id: A-2\n  tags:\n  - no\n",
    "- id: A-2\n  tags:\n  - a: b\n",
    "- id: A-2\n  tags:\n  - ''\n",
    "- id: A-2\n  tags: text\n",
    "- id: A-2\n  title:\n  - a\n",
    "- id: A-2\n  priority: high\n",
    "- id: A-2\n  depends_on:\n  - A-1\n  dependencies:\n  - A-9\n",
    "- id: A-2\n  estimate: 3\n  links:\n    a: [1]\n",
    "- id: A-2\n  notes: |-\n    text\n",
    "- id: A-2\n  notes: |\n     deeper first\n    then not\n".replace("    then not", "     then too"),
    "- id: A-2\n  notes: |\n    text\n\n\n    text\n",
    "- id: A-2\n  notes: |\n    text\n\n",
    "- id: A-2\n  notes: |\n    text\n    \n",
    "- id: A-2\n  notes: |\n    text\n  \n    more\n",
    "- id: A-2\n  notes: |\n    text\n  tags: []\n",
    "- id: A-2\n  notes: >\n    text\n    text\n",
    "- id: A-2\n  title: x \n",
    "- id: A-2\n  title:  x\n",
    "-  id: A-2\n",
]


@pytest.mark.parametrize("task", ALONE)
def test_a_task_with_anything_else_is_read_as_yaml_by_itself(task: str) -> None:
    text = HEADER + "tasks:\n" + FIRST + task + LAST
    assert without_yaml(text) in ([True, False, True], [])
    agree(text)


DECLINED = [
    "",
    "tasks: []\n",
    "{tasks: []}\n",
    FIRST,
    HEADER + "tasks:\n" + FIRST[:-1],
    HEADER + "tasks:\n" + FIRST.replace("\n", "\r\n"),
    HEADER + "tasks:\n" + FIRST + "---\n" + LAST,
    HEADER + "tasks:\n" + FIRST + "...\n",
    HEADER + "tasks:\n" + FIRST + "other: 1\n",
    HEADER + "...\ntasks:\n" + FIRST,
    HEADER + "tasks:\n- id: A\ntasks:\n" + FIRST,
    HEADER + "tasks:\n" + FIRST + "- plain text\n" + LAST,
    HEADER + "tasks:\n" + FIRST + "- \n" + LAST,
    HEADER + "tasks:\n" + FIRST + "- id: &a A\n" + LAST,
    HEADER + "tasks:\n" + FIRST + "- id: A\n  id: B\n" + LAST,
    HEADER + "tasks:\n" + FIRST + "- id: 'open\n" + LAST,
    HEADER + "tasks:\n" + FIRST + "- id: 'A\n- id: B'\n  title: x\n" + LAST,
    HEADER + "tasks:\n" + FIRST + "- tags: [a,\n- b]\n" + LAST,
    HEADER + "tasks:\n" + FIRST.replace("y", "\x07"),
    HEADER + "tasks:\n" + FIRST.replace("y", "\u2028"),
    HEADER + "tasks:\n" + FIRST.replace("y", "\ufeff"),
    HEADER + "other: 'x\ntasks:\n- id: A\n  title: y'\n",
    "other: [x,\ntasks:\n- id]\n",
]


@pytest.mark.parametrize("text", DECLINED)
def test_a_file_whose_tasks_do_not_stand_for_themselves_is_read_as_yaml(text: str) -> None:
    assert read_queue_blocks(text.encode(), "q.yaml") is None
    agree(text)


def test_invalid_utf8_is_declined() -> None:
    data = (HEADER + "tasks:\n").encode() + b"- id: \xc3A\xa9\n"
    assert read_queue_blocks(data, "q.yaml") is None
    assert everything(data) == everything(data, by_yaml=True)


KEYS = ("id", "title", "owner", "status", "priority", "tags", "depends_on", "dependencies", "commit", "notes", "other")
PIECES = (
    *(
        " x",
        " Some text",
        " yes",
        " off",
        " tea",
        " 3",
        " 007",
        " 0189",
        " 09a",
        " 0b11",
        " 7c0eaa10",
        " 1e5",
        " -1",
        " []",
        " [a]",
    ),
    *(" ''", " 'a b'", " 'a: b'", ' "a"', ' "a\\tb"', " null", " ~", "", " ", " a: b", " a:b", " a #b", " a#b", " a:"),
    *(
        " /x/y",
        " ./x",
        " .5",
        " ...",
        " |",
        " |\n    text",
        " |\n    text\n     more\n\n    end",
        " |-\n    x",
        " >\n    x",
    ),
    *(" |\n      x\n    y", " |\n\n    x", " |\n    x\n   y", "\n  - a", "\n  - a\n  - b c", "\n    - a\n    - 'b'"),
    *("\n  - a: b", "\n  - no", "\n  -", "\n  - - a", "\n    key: value", " a\n    b", " *a", " &a b", " !t x", " ? x"),
    *(
        " 'a\n- b'",
        " a\t",
        "\ta",
        " \u00e9",
        " a\u00e9",
        " a\u00a0",
        " {a: b}",
        " a\n# c",
        " a\n\n",
        " a\n  # c",
        " @x",
        " %x",
    ),
)
FIELDS = st.tuples(st.sampled_from(KEYS), st.sampled_from(PIECES)).map(lambda pair: f"{pair[0]}:{pair[1]}\n")
TASK = st.lists(FIELDS, min_size=1, max_size=5).map(lambda fields: "- " + "  ".join(fields))
HEADER_FIELDS = (
    *("version: 1\n", "version: '1'\n", "version: 01\n", "version: x\n", "version:\n", "version: 1.5\n"),
    *("updated_at: '2026-05-04'\n", "updated_at: 2026-05-04\n", "updated_at: 'it''s'\n", "owner: no\n"),
    *("states:\n- todo\n- done\n", "roles:\n- A\n- no\n", "roles:\n  - A\n", "roles: A\n", "states: []\n"),
    *("note: a # b\n", "note: a: b\n", "note: |\n  text\n", "more:\n  a: 1\n", "\n", "# c\n", "roles:\n- A\n\n- B\n"),
    *("states:\n- todo\n-\n", "roles:\n- 1\n", "Title: x\n", "tasks: []\n", "roles:\n- A \n", "\u00e9: x\n"),
)
HEADERS = st.lists(st.sampled_from(HEADER_FIELDS), max_size=5).map("".join)
TEXTS = st.tuples(
    st.one_of(
        st.sampled_from(["", HEADER, "---\n", "# c\n---\nversion: 1\n", "roles: [A, yes]\nversion: x # y\n", "- a\n"]),
        HEADERS,
    ),
    st.sampled_from(["", "", "", "  "]),
    st.lists(st.one_of(TASK, TASK, st.sampled_from([*USUAL, *ALONE])), max_size=5),
    st.sampled_from(["", "", "", "...\n", "---\n", "end: 1\n", "# c\n", "\n", "  \n", "x"]),
)


@settings(max_examples=length(60, 400))
@example(("", "", ["- id: A\n", "- id: A\n"], ""))
@given(TEXTS)
def test_both_readers_agree_on_any_file(parts: tuple[str, str, list[str], str]) -> None:
    header, indent, tasks, end = parts
    lines = "".join(indent + line for line in "".join(tasks).splitlines(keepends=True))
    agree(f"{header}tasks:\n{lines}{end}")


@settings(max_examples=length(40, 200))
@given(st.text(alphabet="- abn:#'\n|[]", max_size=60))
def test_both_readers_agree_on_any_ending_of_a_task(text: str) -> None:
    agree(f"{HEADER}tasks:\n{FIRST}- id: {text}\n{LAST}")
    agree(f"{HEADER}tasks:\n{FIRST}- id: A-2\n  notes: |\n    a{text}\n{LAST}")
    agree(f"{HEADER}tasks:\n{FIRST}- id: A-2\n  tags:\n  - a{text}\n  title: b{text}\n{LAST}")
