"""Running git without the subprocess module."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.programs import spawn
from fairway_scripts.programs.spawn import git_environment, run_quick
from tests.support.repositories import make_repository


def fake_git(monkeypatch, tmp_path, script: str) -> None:
    folder = tmp_path / "fake"
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


def test_exit_code_stdout_and_stderr_come_back_apart(checkout, monkeypatch, tmp_path):
    fake_git(monkeypatch, tmp_path, "printf out; printf err >&2; exit 7")
    assert run_quick(["git", "x"], checkout) == (7, b"out", b"err")


def test_git_runs_in_the_given_directory(checkout):
    assert run_quick(["git", "rev-parse", "--show-toplevel"], checkout) == (0, checkout.encode() + b"\n", b"")


def test_arguments_arrive_byte_for_byte(checkout, monkeypatch, tmp_path):
    fake_git(monkeypatch, tmp_path, "printf '%s|' \"$@\"")
    hostile = ["$(touch x)", "two words", "new\nline", "", "'\"", os.fsdecode(b"\xff")]
    assert run_quick(["git", *hostile], "/p")[1] == os.fsencode(
        "|".join(["-c", "core.fsmonitor=false", "-C", "/p", *hostile, ""])
    )


@pytest.mark.parametrize("size", [0, 1, 1 << 16, 3 << 20])
def test_large_output_on_both_channels_does_not_deadlock(checkout, monkeypatch, tmp_path, size):
    fake_git(
        monkeypatch, tmp_path, f"head -c {size} /dev/zero >&2; head -c {size} /dev/zero; head -c {size} /dev/zero >&2"
    )
    code, out, err = run_quick(["git"], checkout)
    assert (code, len(out), len(err)) == (0, size, 2 * size)


@pytest.mark.parametrize("size", [0, 1, 3 << 20])
def test_large_input_comes_through_while_output_flows(checkout, monkeypatch, tmp_path, size):
    fake_git(monkeypatch, tmp_path, "exec cat")
    feed = os.urandom(size)
    assert run_quick(["git"], checkout, feed) == (0, feed, b"")


def test_a_git_that_does_not_read_its_input_is_no_failure(checkout, monkeypatch, tmp_path):
    fake_git(monkeypatch, tmp_path, "exec 0<&-; printf done")
    assert run_quick(["git"], checkout, b"x" * (3 << 20)) == (0, b"done", b"")


def test_a_full_pipe_takes_nothing_and_is_tried_again():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    while spawn._write(writer, memoryview(b"x" * 4096)):
        pass
    assert os.read(reader, 1 << 20)
    assert spawn._write(writer, memoryview(b"x" * 4096)) == 4096
    os.close(reader)
    os.close(writer)


def test_without_input_stdin_is_empty(checkout, monkeypatch, tmp_path):
    fake_git(monkeypatch, tmp_path, "exec cat")
    assert run_quick(["git"], checkout) == (0, b"", b"")


def test_a_git_killed_by_a_signal_gives_the_negated_number(checkout, monkeypatch, tmp_path):
    fake_git(monkeypatch, tmp_path, "kill -9 $$")
    assert run_quick(["git"], checkout)[0] == -9


def test_a_missing_git_is_a_refusal_that_says_so(checkout, monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FairwayError, match="git cannot be started") as refusal:
        run_quick(["git", "status"], checkout)
    assert refusal.value.word == "git_unavailable"


def test_other_programs_are_refused(checkout):
    with pytest.raises(ValueError, match="only git"):
        run_quick(["ls"], checkout)


def test_no_file_descriptor_is_left_open(checkout, monkeypatch, tmp_path):
    before = os.listdir("/dev/fd")
    run_quick(["git", "status"], checkout)
    run_quick(["git", "cat-file", "--batch-check"], checkout, b"HEAD\n")
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(FairwayError):
        run_quick(["git", "status"], checkout)
    assert os.listdir("/dev/fd") == before


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("GIT_DIR", "{other}/.git"),
        ("GIT_WORK_TREE", "{other}"),
        ("GIT_INDEX_FILE", "{other}/.git/index"),
        ("GIT_COMMON_DIR", "{other}/.git"),
        ("GIT_OBJECT_DIRECTORY", "{other}/.git/objects"),
        ("GIT_NAMESPACE", "elsewhere"),
    ],
)
def test_variables_of_a_surrounding_hook_do_not_redirect_git(checkout, tmp_path, monkeypatch, variable, value):
    other = make_repository(tmp_path, "other")
    plain = run_quick(["git", "status", "--porcelain=v2", "--branch"], checkout)
    monkeypatch.setenv(variable, value.format(other=other))
    assert run_quick(["git", "status", "--porcelain=v2", "--branch"], checkout) == plain
    assert variable not in git_environment()


def test_every_variable_that_git_calls_local_is_removed_except_carried_settings(monkeypatch):
    names = set(subprocess.run(["git", "rev-parse", "--local-env-vars"], capture_output=True, text=True).stdout.split())
    for name in names:
        monkeypatch.setenv(name, "x")
    kept = {name: git_environment()[name] for name in names & set(git_environment())}
    assert kept == {
        "GIT_CONFIG_COUNT": "x",
        "GIT_CONFIG_PARAMETERS": "x",
        "GIT_NO_REPLACE_OBJECTS": "1",
        "GIT_GRAFT_FILE": "/dev/null/none",
    }


def test_messages_are_in_one_language(checkout, monkeypatch):
    monkeypatch.setenv("LANG", "de_DE.UTF-8")
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    assert b"unknown revision" in run_quick(["git", "log", "absent"], checkout)[2]
    assert git_environment()["LC_ALL"] == "C"


def test_status_does_not_write_the_index(checkout):
    # a file with another time and the same content makes `git status` refresh the index unless told not to
    os.utime(f"{checkout}/README.md", (1, 1))
    with open(f"{checkout}/.git/index", "rb") as file:
        before = file.read()
    run_quick(["git", "status"], checkout)
    with open(f"{checkout}/.git/index", "rb") as file:
        assert file.read() == before


def test_subprocess_is_not_imported():
    probe = "import sys, fairway_scripts.programs.spawn; print('subprocess' in sys.modules, 'pathlib' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {probe}"],
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == "False False"
