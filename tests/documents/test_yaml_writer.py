"""The YAML writer: whatever text a task holds, the queue file reader gives it back, and Ruby would too."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import subprocess
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.formats.yaml_writer import queue_file_pieces
from fairway_scripts.queue.files.queue_file import read_queue_text

ODD = [
    "no",
    "~",
    "null",
    "017",
    "1e3",
    "1:30",
    "2026-05-04",
    ".inf",
    "=",
    "<<",
    "",
    " ",
    "- a",
    "a: b",
    "a #b",
    "'",
    '"',
    "%",
    "@x",
    "`",
    "!tag",
    "&anchor",
    "*alias",
    "a\n",
    "a\n\n",
    "\na",
    " a\nb",
    "a\n b\n",
    "a \nb",
    "a\tb\n\tc",
    "a\r\nb",
    "a\rb",
    "a\x85b\u2028c\u2029d",
    "\ufeffa",
    "---\n",
    "...",
    "? a",
    "é 漢字 🚦",
    "a\u202eb",
    "x" * 5000,
    "word " * 2000,
    "\n",
    "# a\nb",
]
#: Text that a queue file can hold: every character but the ones that YAML does not allow.
TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t\r\x85") | st.sampled_from(" :#-'\"\n\t|>")
)


def read_back(title: str, notes: str, checks: list[str]) -> dict[str, Any]:
    task = {"id": "B-1", "title": title, "role": "B-ui", "acceptance_checks": checks, "notes": notes}
    text = "".join(queue_file_pieces({"version": 1}, [task, {"id": "B-2", "title": "next", "role": "B-ui"}]))
    document = read_queue_text(text.encode(), "q.yaml")
    assert [fault for fault in document.faults if fault.severity == "error"] == [], text
    assert [record.fields["id"] for record in document.tasks] == ["B-1", "B-2"]
    by_yaml = yaml.safe_load(text)["tasks"][0]
    assert {name: by_yaml[name] for name in task} == task
    return document.tasks[0].fields


@pytest.mark.parametrize("text", ODD, ids=lambda text: ascii(text)[:30])
def test_odd_text_comes_back(text: str) -> None:
    fields = read_back(text, text, [])
    assert (fields["title"], fields["notes"]) == (text, text)


@given(TEXT, TEXT, st.lists(TEXT.filter(str.strip), max_size=3))
def test_any_text_comes_back(title: str, notes: str, checks: list[str]) -> None:
    fields = read_back(title, notes, checks)
    assert (fields["title"], fields["notes"], fields["acceptance_checks"]) == (title, notes, checks)


def test_lines_of_text_are_written_as_a_block() -> None:
    text = "".join(queue_file_pieces({}, [{"id": "B-1", "notes": "Context: a\nScope: b\n"}]))
    assert text == "tasks:\n- id: B-1\n  notes: |\n    Context: a\n    Scope: b\n"


def test_fields_keep_their_order_and_equal_lists_are_written_out() -> None:
    needs = ["A-1"]
    text = "".join(queue_file_pieces({"version": 1}, [{"id": "B-1", "z": needs, "a": needs, "priority": 2}]))
    assert text == "version: 1\ntasks:\n- id: B-1\n  z:\n  - A-1\n  a:\n  - A-1\n  priority: 2\n"


def test_no_tasks_are_an_empty_list() -> None:
    assert "".join(queue_file_pieces({"version": 1}, [])) == "version: 1\ntasks: []\n"


#: Signs out of which numbers, dates, symbols, truth words and null are made, and one that makes text of them.
SIGNS = ["", ":", "0", "1", "7", "-", "+", ".", "_", ",", "e", "x", "o", "b", "~", "<", "=", " a", "é", '"', "/", "?"]
WORDS = [
    *(":8080 is not reachable", ':"a b"', ":a-b", "::", ":", "2026-5-4", "2026-05-04", "2026-05-04 10:00:00 Z"),
    *("2026-05-04T10:00:00+02:00", "190:20:30", "1:30.5", "12:30:45", "0o17", "017", "0b101", "0x1F", "1_000", "1,000"),
    *(".inf", "-.INF", "+.Inf", ".nan", ".NaN", "1e3", "1.5e+3", "-1E-3", "6.02_1", "685.230_15e+03", "<<", "=", "~"),
    *("null", "Null", "NULL", "", *(word for word in ("y", "n", "yes", "no", "on", "off", "true", "false"))),
    *("Y", "N", "Yes", "NO", "On", "OFF", "True", "FALSE", "tRuE", "nULL", "08", "09.5", "1.2.3", "- 1", "1 000"),
]


def every_short_text() -> list[str]:
    return [*WORDS, *("".join(signs) for signs in itertools.product(SIGNS, repeat=3))]


def test_what_other_readers_would_take_for_something_else_is_quoted() -> None:
    wanted = every_short_text()
    text = "".join(queue_file_pieces({}, [{"id": "A-1", "acceptance_checks": wanted}]))
    assert yaml.safe_load(text)["tasks"][0]["acceptance_checks"] == wanted
    plain = {line.removeprefix("  - ") for line in text.split("\n")}
    assert not plain & {"y", "N", "=", "<<", "0o17", "1e3", ":a-b", "017", "12:30:45", "2026-5-4", "1,000", "~", "On"}
    assert {"é", "x", "1.2.3", "1 000", "0 a0", "tRuE"} - plain == {"tRuE"}  # Ruby looks at no case


def test_ruby_reads_every_text_as_text() -> None:
    ruby = shutil.which("ruby")
    if ruby is None:
        assert not os.environ.get("CI"), "ruby is not on PATH"
        pytest.skip("ruby is not on PATH")
    wanted = every_short_text()
    text = "".join(queue_file_pieces({"version": 1}, [{"id": "A-1", "acceptance_checks": wanted}]))
    program = "puts JSON.generate(YAML.safe_load($stdin.read)['tasks'][0]['acceptance_checks'])"
    call = [ruby, "-Eutf-8", "-ryaml", "-rjson", "-e", program]
    done = subprocess.run(call, input=text.encode(), capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout) == wanted
