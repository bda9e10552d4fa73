"""The one error boundary: what a process prints and how it ends, whatever happens."""

from __future__ import annotations

import ast
import json
import os
import runpy
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
import tomllib
from contextlib import closing
from itertools import product
from pathlib import Path
from typing import ClassVar

import pytest

from fairway_scripts.base.errors import EXIT_CODES, FairwayError
from fairway_scripts.catalog import TOOLS
from fairway_scripts.front import entry
from fairway_scripts.front.unforeseen import refusal_of
from fairway_scripts.store.schema import SCHEMA_VERSION
from fairway_scripts.store.sqlite.migrations import apply_until
from tests.support.rings import some
from tests.support.shell import BIN, HOME, Checkout, environment, make_checkout, queue_text, task
from tests.support.stored import events

#: A tool that says when it is at work, and then waits.
WAITING = """
import sys, time
sys.path[0] = sys.argv[1]
from fairway_scripts.front import entry
from fairway_scripts.front.unforeseen import refusal_of
from fairway_scripts.work.commands import ready

def wait(args):
    print("waiting", flush=True)
    time.sleep(30)

ready.run = wait
sys.exit(entry.run("queue-ready", []))
"""
INSTALLED = """
import sys
sys.path[0] = sys.argv.pop(1)
from fairway_scripts.front.entry import queue_import
sys.exit(queue_import())
"""


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    """A project with enough tasks to fill a pipe."""
    return make_checkout(tmp_path, queue_text(*(task(f"B-{n:04}", title="x" * 200) for n in range(800))), lanes=[])


def test_a_refusal_is_a_word_a_sentence_and_a_hint_on_stderr(project: Checkout) -> None:
    answer = project.run("queue-claim", "B-404", "--role", "B-ui", "--owner", "B")
    assert (answer.code, answer.out) == (3, "")
    error, hint = answer.err.splitlines()[-2:]
    assert error.startswith("error: not_found: ")
    assert hint.startswith("hint: ")


def test_under_json_the_refusal_is_one_json_object_on_stderr(project: Checkout) -> None:
    for words in (["--json"], ["--format=json"], ["--json=yes"]):
        answer = project.run("queue-claim", "B-404", "--role", "B-ui", "--owner", "B", *words)
        refusal = json.loads(answer.err.splitlines()[-1])
        assert (answer.code, answer.out, refusal["word"]) == (3, "", "not_found")
        assert refusal["hint"]


def test_a_wrong_command_line_is_refused_with_2(project: Checkout) -> None:
    answer = project.run("queue-ready", "--bogus")
    assert (answer.code, answer.word) == (2, "usage")
    assert "hint: make queue-help TOPIC=queue-ready" in answer.err


def test_a_reader_that_goes_away_is_no_fault(project: Checkout) -> None:
    script = f"'{sys.executable}' '{BIN}/queue-ready' | head -1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", script], cwd=project.main, env=environment(), capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "141"
    assert "Traceback" not in done.stderr


def test_an_interrupt_ends_with_130_and_without_a_traceback(project: Checkout) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITING, HOME],
        cwd=project.main,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "waiting\n"
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _out, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (130, "")


def test_a_fault_of_ours_shows_where_and_ends_with_2(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from fairway_scripts.work.commands import ready

    def broken(_args: object) -> int:
        raise RuntimeError("surprise")

    monkeypatch.setattr(ready, "run", broken)
    assert entry.run("queue-ready", []) == 2
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "error: internal: RuntimeError: surprise" in err


def test_an_unknown_error_word_cannot_be_raised() -> None:
    with pytest.raises(ValueError, match="unknown error word"):
        FairwayError("oops", "no such word")


@pytest.mark.parametrize("word", sorted(EXIT_CODES))
def test_every_word_ends_with_1_to_4(word: str) -> None:
    assert EXIT_CODES[word] in (1, 2, 3, 4)


def test_every_tool_is_an_entry_point_of_the_installed_package() -> None:
    for name in TOOLS:
        assert callable(getattr(entry, name.replace("-", "_")))
    with pytest.raises(AttributeError):
        entry.no_such_tool  # noqa: B018


def test_an_installed_tool_says_which_package_is_missing(project: Checkout) -> None:
    done = subprocess.run(
        [sys.executable, "-S", "-c", INSTALLED, HOME],
        cwd=project.main,
        env=environment(),
        capture_output=True,
        text=True,
    )
    assert done.returncode == 2
    assert "error: missing_dependency: the Python package" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_installed_tool_reads_no_more_of_the_table_of_tools_than_the_checkout(project: Checkout) -> None:
    asks = "import sys; from fairway_scripts.front.entry import queue_ready; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asks], cwd=HOME, env=environment(), capture_output=True, text=True)
    read = {name.rpartition(".")[2] for name in done.stdout.split() if name.startswith("fairway_scripts.catalog.")}
    assert read == {"tool", "work"}


class TestBin:
    """The files of bin/ find the package and an interpreter that has what it needs."""

    def copy_of_bin(self, tmp_path: Path, *, venv: bool) -> str:
        """A checkout made of links; its .venv, if it has one, leads to this test's interpreter."""
        home = tmp_path / "home"
        (home / "bin").mkdir(parents=True)
        for name in ("fairway_scripts", "requirements.lock"):
            (home / name).symlink_to(os.path.join(HOME, name))
        for name in ("_start.py", "queue-validate"):
            with open(os.path.join(BIN, name), "rb") as file:
                (home / "bin" / name).write_bytes(file.read())
        if venv:
            (home / ".venv/bin").mkdir(parents=True)
            (home / ".venv/bin/python").write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
            (home / ".venv/bin/python").chmod(0o755)
        return str(home / "bin/queue-validate")

    def test_without_its_packages_a_tool_starts_again_in_the_projects_environment(
        self, tmp_path: Path, project: Checkout
    ) -> None:
        tool = self.copy_of_bin(tmp_path, venv=True)
        done = subprocess.run(
            [sys.executable, "-S", tool], cwd=project.main, env=environment(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr

    def test_without_that_environment_it_says_what_to_run(self, tmp_path: Path, project: Checkout) -> None:
        tool = self.copy_of_bin(tmp_path, venv=False)
        done = subprocess.run(
            [sys.executable, "-S", tool], cwd=project.main, env=environment(), capture_output=True, text=True
        )
        assert done.returncode == 2
        assert "error: missing_dependency:" in done.stderr
        assert "make -C" in done.stderr

    def test_a_tool_runs_through_a_symlink(self, tmp_path: Path, project: Checkout) -> None:
        link = tmp_path / "ready"
        link.symlink_to(os.path.join(BIN, "queue-ready"))
        done = subprocess.run(
            [sys.executable, str(link), "--limit", "1", "--format", "ids"],
            cwd=project.main, env=environment(), capture_output=True, text=True,
        )  # fmt: skip
        assert done.stdout == "B-0000\n"

    @pytest.mark.parametrize(
        ("tool", "venv", "told"),
        [
            ("queue-ready", True, "own -S {tool} a b"),
            ("queue-doctor", True, "own {tool} a b"),
            ("queue-ready", False, "python3 {tool} a b"),
        ],
    )
    def test_a_tool_that_is_typed_finds_the_interpreter_of_its_checkout(
        self, tmp_path: Path, tool: str, venv: bool, told: str
    ) -> None:
        """What `python3` is on PATH, and how slowly it starts, does not matter; a light tool needs no packages."""
        folder = tmp_path / "one two"
        for name, place in (("own", ".venv/bin/python"), ("python3", "path/python3"), ("", "bin/_")):
            (folder / place).parent.mkdir(parents=True)
            (folder / place).write_text(f'#!/bin/sh\necho {name} "$@"\n')
            (folder / place).chmod(0o755 if venv or name != "own" else 0o644)
        path = shutil.copy(os.path.join(BIN, tool), folder / "bin" / tool)
        env = {"PATH": f"{folder}/path:/usr/bin:/bin"}
        done = subprocess.run([path, "a", "b"], env=env, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == (told.format(tool=path) + "\n", "")
        # a link to it in a folder that has an environment of its own beside it, such as ~/bin
        other = tmp_path / "other/bin/linked"
        (tmp_path / "other/.venv/bin").mkdir(parents=True)
        other.parent.mkdir()
        other.symlink_to(path)
        (tmp_path / "other/.venv/bin/python").write_text("#!/bin/sh\necho foreign\n")
        (tmp_path / "other/.venv/bin/python").chmod(0o755)
        done = subprocess.run([str(other), "a", "b"], env=env, capture_output=True, text=True)
        assert (done.stdout, done.stderr) == (told.format(tool=other) + "\n", "")

    def test_the_starter_can_be_read_by_an_old_python(self) -> None:
        """No f-strings, no annotations: an old Python has to get as far as the sentence."""
        with open(os.path.join(BIN, "_start.py"), encoding="utf-8") as file:
            text = file.read()
        new = (ast.JoinedStr, ast.AnnAssign, ast.NamedExpr)
        assert not [node for node in ast.walk(ast.parse(text)) if isinstance(node, new)]
        assert "->" not in text


def test_a_list_cannot_be_printed_as_yaml(project: Checkout) -> None:
    assert project.run("queue-ready", "--format", "yaml").word == "usage"


class TestInterpreterWithoutPackages:
    """Whatever changed since the last call, a tool that begins in a Python without any package ends as usual."""

    #: Text that only the YAML parser reads: a quoted title over two lines.
    UNUSUAL = 'tasks:\n- id: B-1\n  title: "over\n    two lines"\n  role: B-ui\n- {id: B-2, title: two, role: B-ui}\n'
    CALLS: ClassVar[dict[str, list[str]]] = {
        "queue-ready": [],
        "queue-claim": ["--role", "B-ui", "--owner", "B", "--task-id", "B-2"],
        "queue-set-status": ["B-1", "--status", "blocked", "--reason", "waits"],
        "queue-task-detail": ["B-1"],
        "queue-record-evidence": ["B-1", "--command-text", "make test", "--result", "pass"],
        "queue-import": [],
        "queue-migrate": [],
        "orchestrator-tick": [],
    }

    def call(self, tool: str, project: Checkout) -> subprocess.CompletedProcess[str]:
        """The tool in an interpreter that has the standard library only."""
        return subprocess.run(
            [sys.executable, "-S", os.path.join(BIN, tool), *self.CALLS[tool]],
            cwd=project.main,
            env=environment(),
            capture_output=True,
            text=True,
        )

    @pytest.fixture
    def used(self, tmp_path: Path) -> Checkout:
        """A project whose store knows its configuration and its queue file."""
        made = make_checkout(tmp_path, queue_text(task("B-1"), task("B-2")), lanes=["B-ui"])
        made.ok("queue-ready")
        return made

    def edit_the_configuration(self, project: Checkout) -> None:
        with open(os.path.join(project.main, ".fairway", "config.toml"), "a", encoding="utf-8") as file:
            file.write("\n[health]\nhandoff = '3h'\n")

    def edit_the_queue(self, project: Checkout) -> None:
        project.write_queue(self.UNUSUAL)

    def edit_both(self, project: Checkout) -> None:
        self.edit_the_configuration(project)
        self.edit_the_queue(project)

    def lose_the_store(self, project: Checkout) -> None:
        self.edit_both(project)
        shutil.rmtree(os.path.dirname(project.store))

    def make_a_migration_due(self, project: Checkout) -> None:
        self.edit_both(project)
        shutil.rmtree(os.path.dirname(project.store))
        os.makedirs(os.path.dirname(project.store))
        with closing(sqlite3.connect(project.store, isolation_level=None)) as connection:
            connection.execute("BEGIN")
            apply_until(connection, SCHEMA_VERSION - 1)
            connection.execute("COMMIT")

    CHANGES: ClassVar[list[str]] = [
        *("edit_the_configuration", "edit_the_queue", "edit_both", "lose_the_store", "make_a_migration_due")
    ]
    #: The cases of a short run: every tool and every change at least once.
    SHORT: ClassVar[list[tuple[str, str]]] = [
        *product(("edit_both",), CALLS),
        *((change, "queue-claim") for change in CHANGES if change != "edit_both"),
    ]

    @pytest.mark.parametrize(("change", "tool"), some(product(CHANGES, CALLS), *SHORT))
    def test_the_first_call_after_a_change(self, used: Checkout, tool: str, change: str) -> None:
        getattr(self, change)(used)
        done = self.call(tool, used)
        assert "Traceback" not in done.stderr, done.stderr
        refusal = ""
        if change == "make_a_migration_due" and tool != "queue-migrate":
            refusal = "error: store_outdated: "
        elif change == "lose_the_store" and tool in ("queue-migrate", "orchestrator-tick"):
            refusal = "error: not_found: "
        if done.returncode and not os.path.exists(os.path.join(HOME, ".venv", "bin", "python")):
            refusal = "error: missing_dependency: "
        assert bool(done.returncode) is bool(refusal), done.stderr
        assert refusal in done.stderr

    def test_a_claim_is_made_once_although_the_tool_begins_twice(self, used: Checkout) -> None:
        self.edit_both(used)
        assert self.call("queue-claim", used).returncode == 0
        assert len(events(used, "B-2", "claimed")) == 1

    def test_what_is_light_exists_and_what_a_tool_imports_is_known(self) -> None:
        source = os.path.join(BIN, "_start.py")
        start = runpy.run_path(source)
        assert start["LIGHT"] <= {*TOOLS, entry.STAND_INS_CALL}
        with open(os.path.join(HOME, "pyproject.toml"), "rb") as file:
            named = tomllib.load(file)["project"]["dependencies"]
        assert len(start["PACKAGES"]) == len(named)


class TestWhatNobodyForesaw:
    """A fault of the machine that names its file is the caller's to mend; every other one is ours."""

    def test_a_file_that_the_system_refuses(self) -> None:
        refused = refusal_of(NotADirectoryError(20, "Not a directory", "/srv/file"))
        assert (refused.word, refused.message) == ("file_unavailable", "/srv/file: Not a directory")
        assert refused.exit_code == 2

    @pytest.mark.parametrize("fault", [OSError(28, "No space left"), ValueError("x"), KeyError("x")], ids=repr)
    def test_everything_else(self, fault: Exception) -> None:
        refused = refusal_of(fault)
        assert refused.word == "internal"
        assert refused.details["traceback"]

    def test_a_tool_whose_target_is_no_folder(self, project: Checkout) -> None:
        done = project.run("fairway-agents", "skill", "--into", os.path.join(project.main, ".fairway/config.toml"))
        assert (done.code, done.word, "Traceback" in done.err) == (2, "file_unavailable", False)
