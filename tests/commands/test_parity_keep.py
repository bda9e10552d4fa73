"""parity-report keep: an older command is run for its caller, and all that it came to is kept in one file."""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.commands.parity_keep import meaning
from fairway_scripts.cutover.parity.case_file import case_text, packed, read_case, unpacked
from fairway_scripts.store.legacy_contents import changes_between, make_changes, read_contents
from tests.support.repositories import write_file
from tests.support.shell import BIN, Answer, Checkout, environment, make_checkout, queue_text, task

DATABASE = os.path.join(".git", "agent_queue", "agent_queue.db")


def checkout(tmp_path: Path) -> Checkout:
    return make_checkout(tmp_path, queue_text(task("B-1")), lanes=[])


def script(project: Checkout, text: str) -> str:
    """An older script that does what the Python `text` says, outside of the repository."""
    path = os.path.join(os.path.dirname(project.main), "agent_queue.sh")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"#!{sys.executable}\nimport os, sqlite3, subprocess, sys\n{text}\n")
    os.chmod(path, 0o755)
    return path


def start(project: Checkout, *words: str, feed: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    """parity-report keep with its streams as bytes."""
    return subprocess.run(
        [sys.executable, os.path.join(BIN, "parity-report"), "keep", *words],
        cwd=project.main,
        env=environment(**env),
        input=feed,
        capture_output=True,
        check=False,
    )


def capture(project: Checkout, *command: str, feed: bytes = b"", name: str = "case", **env: str) -> dict[str, Any]:
    """Capture a command; the case."""
    out = os.path.join(os.path.dirname(project.main), f"{name}.toml")
    done = start(project, "--out", out, "--", *command, feed=feed, **env)
    assert os.path.exists(out), done.stderr
    return read_case(out)


def tables(project: Checkout, text: str) -> None:
    """The old database, made by SQL."""
    path = os.path.join(project.main, DATABASE)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(text)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


# --- the caller -------------------------------------------------------------------------------------------------


def test_the_caller_gets_every_byte_and_the_exit_code_of_the_command(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    path = script(
        project,
        "data = sys.stdin.buffer.read(); sys.stdout.buffer.write(data[::-1] + bytes(range(256)))\n"
        "sys.stderr.buffer.write(b'\\xffoh'); sys.exit(7)",
    )
    done = start(project, "--out", str(tmp_path / "c.toml"), "--", path, feed=b"abc\x00")
    assert (done.returncode, done.stdout, done.stderr) == (7, b"\x00cba" + bytes(range(256)), b"\xffoh")


def test_a_command_that_is_ended_by_a_signal_ends_the_caller_s_call_by_the_same(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    done = start(project, "--out", str(tmp_path / "c.toml"), "--", "sh", "-c", "kill -TERM $$")
    assert done.returncode == -15
    assert read_case(str(tmp_path / "c.toml"))["result"]["exit_code"] == -15


def test_a_lot_of_output_on_both_streams_does_not_block(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    path = script(project, "for _ in range(300): os.write(1, b'o' * 4096); os.write(2, b'e' * 4096)")
    done = start(project, "--out", str(tmp_path / "c.toml"), "--", path)
    assert (len(done.stdout), len(done.stderr)) == (300 * 4096, 300 * 4096)


def test_input_that_the_command_does_not_read_does_not_block(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    done = start(project, "--out", str(tmp_path / "c.toml"), "--", "true", feed=b"x" * 1_000_000)
    assert done.returncode == 0


# --- the case ---------------------------------------------------------------------------------------------------


def test_a_case_holds_the_call_its_input_and_its_result(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    path = script(project, "print('read', sys.stdin.read()); print('hm', file=sys.stderr); sys.exit(1)")
    case = capture(project, path, "ready", "--role", "B-ui", feed=b"hello", name="morning")
    assert case["name"] == "morning"
    assert case["call"]["argv"] == [path, "ready", "--role", "B-ui"]
    assert (case["call"]["stdin"], case["call"]["cwd"]) == ("hello", ".")
    assert case["result"] == {"exit_code": 1, "stdout": "read hello\n", "stderr": "hm\n"}


def test_only_variables_that_a_tool_may_read_are_kept(tmp_path: Path) -> None:
    case = capture(checkout(tmp_path), "true", ACTOR="Ann", TASK_ID="B-1", SECRET_TOKEN="x", FAIRWAY_NOW="2026-05-04")
    assert case["call"]["environment"] == {"ACTOR": "Ann", "TASK_ID": "B-1", "FAIRWAY_NOW": "2026-05-04"}


def test_bytes_that_are_no_text_come_back_as_they_were(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    case = capture(project, script(project, "sys.stdout.buffer.write(b'\\xff\\x00')"))
    assert case["result"]["stdout"] == {"base64": "/wA="}
    assert unpacked(case["result"]["stdout"]) == b"\xff\x00"


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: text.encode("utf-8", "replace")))
def test_whatever_a_command_prints_survives_the_file(data: bytes) -> None:
    read = tomllib.loads(case_text({"result": {"stdout": packed(data)}}))
    assert unpacked(read["result"]["stdout"]) == data


def test_files_of_the_work_tree_that_changed_are_listed_with_their_sums(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    write_file(project.main, "dirty.txt", "as before\n")
    path = script(
        project,
        "open('new.txt', 'w').write('new\\n'); os.unlink('README.md'); open('Makefile', 'w').write('x\\n')\n"
        "subprocess.run(['git', 'add', 'new.txt']); subprocess.run(['git', 'commit', '-qm', 'new'])",
    )
    case = capture(project, path)
    assert case["files"] == [
        {"path": "Makefile", "before": sha256("include $(FAIRWAY_TEST_FRAGMENT)\n"), "after": sha256("x\n")},
        {"path": "README.md", "before": sha256("# gpuaas\n"), "after": ""},
        {"path": "new.txt", "before": "", "after": sha256("new\n")},
    ]


def test_the_case_file_itself_is_not_among_the_files(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    out = os.path.join(project.main, "case.toml")
    start(project, "--out", out, "--", "true")
    start(project, "--out", out, "--replace", "--", "true")
    assert read_case(out)["files"] == []


def test_rows_of_the_old_database_that_changed_are_listed_by_table_and_key(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    tables(
        project,
        "CREATE TABLE task_state (task_id TEXT PRIMARY KEY, status TEXT, owner TEXT); CREATE TABLE notes (text TEXT);"
        "INSERT INTO task_state VALUES ('B-1', 'todo', NULL), ('B-2', 'todo', NULL); INSERT INTO notes VALUES ('a');",
    )
    path = script(
        project,
        f"db = sqlite3.connect({DATABASE!r})\n"
        "db.execute(\"UPDATE task_state SET status = 'done', owner = 'B' WHERE task_id = 'B-1'\")\n"
        "db.execute('DELETE FROM notes'); db.execute(\"INSERT INTO task_state VALUES ('B-3', 'todo', NULL)\")\n"
        "db.commit()",
    )
    case = capture(project, path)
    assert case["rows"] == [
        {"table": "notes", "key": "[1]", "change": "removed", "before": {"text": "a"}},
        {
            "table": "task_state",
            "key": '["B-1"]',
            "change": "changed",
            "before": {"task_id": "B-1", "status": "todo"},
            "after": {"task_id": "B-1", "status": "done", "owner": "B"},
        },
        {"table": "task_state", "key": '["B-3"]', "change": "added", "after": {"task_id": "B-3", "status": "todo"}},
    ]
    assert case["before"]["database"] != case["after"]["database"]


def test_recorded_changes_can_be_made_and_taken_back_in_a_copy(tmp_path: Path) -> None:
    def database(name: str, text: str) -> str:
        path = str(tmp_path / name)
        with closing(sqlite3.connect(path)) as connection:
            connection.executescript("CREATE TABLE a (x INTEGER PRIMARY KEY, y); CREATE TABLE b (z);" + text)
        return path

    old = database("old.db", "INSERT INTO a VALUES (1, x'ff00'), (2, 'gone'); INSERT INTO b VALUES (1.5)")
    new = database("new.db", "INSERT INTO a VALUES (1, 'text'), (3, NULL); INSERT INTO b VALUES (1.5), (7)")
    before, after = read_contents(old), read_contents(new)
    changes = changes_between(before, after)
    make_changes(old, changes)
    assert read_contents(old) == after
    make_changes(old, changes, back=True)
    assert read_contents(old) == before


def test_the_same_call_gives_the_same_bytes_apart_from_its_times(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    path = script(project, "print('z\\ny\\nx')")
    texts = []
    for name in ("first", "second"):
        out = tmp_path / f"{name}.toml"
        start(project, "--out", str(out), "--name", "same", "--", path, ACTOR="Ann", ROLE="B-ui")
        texts.append(re.sub(r"^(captured_at|duration_ms) = .*$", "", out.read_text(), flags=re.MULTILINE))
    assert texts[0] == texts[1]


@pytest.mark.parametrize(
    ("command", "tool", "own_argv", "role", "task_id"),
    [
        (["scripts/ops/agent_queue.sh", "ready", "--role", "B-ui"], "queue-ready", ["--role=B-ui"], "B-ui", ""),
        (
            ["ruby", "scripts/ops/agent_queue_store.rb", "--queue-file", "q.yaml", "set_status", "--task_id=B-1"],
            "queue-set-status",
            ["--queue-file=q.yaml", "--task-id=B-1"],
            "",
            "B-1",
        ),
        (["env", "A=1", "scripts/ops/orchestrate_agents.sh", "tick"], "orchestrator-tick", [], "", ""),
        (["scripts/ops/workflow_regression_packs.sh", "validate"], "regression-packs", ["validate"], "", ""),
        (["scripts/ci/agent_queue_validate.sh"], "queue-validate", [], "", ""),
        (["make", "-s", "queue-ready", "ROLE=B-ui"], "queue-ready", ["--role=B-ui"], "B-ui", ""),
        (["git", "status"], "", [], "", ""),
        (["scripts/ops/agent_queue.sh", "no-such-word"], "", [], "", ""),
    ],
)
def test_a_case_says_how_a_tool_is_asked_the_same(
    command: list[str],
    tool: str,
    own_argv: list[str],
    role: str,
    task_id: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("TASK_ID", "TASK", "ROLE"):
        monkeypatch.delenv(name, raising=False)
    found = meaning(command)
    assert (found["tool"], found["own_argv"]) == (tool, own_argv)
    if tool:
        assert (found["role"], found["task_id"]) == (role, task_id)


# --- what goes wrong ---------------------------------------------------------------------------------------------


def refused(project: Checkout, *words: str) -> Answer:
    return project.run("parity-report", "keep", *words)


@pytest.mark.parametrize("words", [["--", "true"], ["--out", "x.toml"], ["--out", "x.toml", "--"]])
def test_a_file_and_a_command_are_required(words: list[str], tmp_path: Path) -> None:
    assert refused(checkout(tmp_path), *words).word == "usage"


def test_a_case_that_is_there_is_not_written_over_and_the_command_not_run(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    out = tmp_path / "c.toml"
    out.write_text("mine")
    answer = refused(project, "--out", str(out), "--", "touch", str(tmp_path / "ran"))
    assert answer.word == "already_exists"
    assert out.read_text() == "mine"
    assert not (tmp_path / "ran").exists()


def test_a_place_that_cannot_be_written_is_found_before_the_command_runs(tmp_path: Path) -> None:
    project = checkout(tmp_path)
    answer = refused(project, "--out", str(tmp_path / "none" / "c.toml"), "--", "touch", str(tmp_path / "ran"))
    assert answer.word == "file_unavailable"
    assert not (tmp_path / "ran").exists()


def test_a_command_that_cannot_be_started_is_refused_and_leaves_no_case(tmp_path: Path) -> None:
    answer = refused(checkout(tmp_path), "--out", str(tmp_path / "c.toml"), "--", "./no-such-script")
    assert answer.word == "command_failed"
    assert not (tmp_path / "c.toml").exists()


@pytest.mark.parametrize(
    "text",
    [
        "no toml at all",
        'schema = "other/1"',
        'schema = "parity-case/1"\nname = "x"\ncaptured_at = "y"',
        'schema = "parity-case/1"\nname = "x"\ncaptured_at = "y"\n[before]\n[after]\n[result]\n[call]\nargv = [1]',
    ],
)
def test_a_file_that_is_no_case_is_refused(text: str, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(text)
    with pytest.raises(FairwayError) as refusal:
        read_case(str(path))
    assert refusal.value.word == "invalid_document"


CASE = """schema = "parity-case/1"
name = "x"
captured_at = "y"
[call]
argv = []
own_argv = []
stdin = ""
environment = {A = "b"}
[before]
queue_file = ""
database = "d"
[after]
database = "d"
[result]
exit_code = 0
stdout = ""
stderr = ""
[[rows]]
table = "t"
key = "[1]"
"""


@pytest.mark.parametrize(
    ("line", "without", "what"),
    [
        ('queue_file = ""', "", "before.queue_file"),
        ('[after]\ndatabase = "d"', "[after]", "after.database"),
        ("exit_code = 0", 'exit_code = "0"', "result.exit_code"),
        ('table = "t"', "", "rows"),
        ('{A = "b"}', "{A = 1}", "TypeError"),
        ('{A = "b"}', "7", "AttributeError"),
    ],
)
def test_what_a_case_lacks_is_named(line: str, without: str, what: str, tmp_path: Path) -> None:
    path = tmp_path / "c.toml"
    path.write_text(CASE)
    assert read_case(str(path))["call"]["environment"] == {"A": "b"}
    path.write_text(CASE.replace(line, without))
    with pytest.raises(FairwayError) as refusal:
        read_case(str(path))
    assert refusal.value.word == "invalid_document"
    assert what in refusal.value.message
