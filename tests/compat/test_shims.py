"""The stand-ins under the older scripts' names: what they are given reaches what answers, untouched."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from fairway_scripts.cutover.door.handover import is_shim
from fairway_scripts.cutover.door.published_calls import SCRIPTS
from tests.compat.older import (
    RECORDER,
    RUBY_RECORDER,
    SHELL_SHIMS,
    call,
    make_host,
    put_shim,
    put_shims,
    set_engines,
    write,
)
from tests.support.payloads import PAYLOADS
from tests.support.repositories import add_lane_worktrees, git, make_repository
from tests.support.shell import HOME, Checkout

SHELLS = {"bash": ["bash"], "dash": ["dash"], "busybox": ["busybox", "sh"]}
HOSTILE = [text if isinstance(text, bytes) else text.encode() for name, text in PAYLOADS.items() if "kB" not in name]


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    project = make_host(tmp_path_factory.mktemp("host"))
    set_engines(project.main, {"*": "legacy"})
    return project


def needs(program: str) -> str:
    """The path of a program: beside the interpreter of the tests (shellcheck comes as a package), else on PATH."""
    beside = os.path.dirname(sys.executable)
    found = shutil.which(program, path=os.pathsep.join((beside, os.environ["PATH"])))
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(f"{program} is not installed")
    return found or ""


# --- what they are --------------------------------------------------------------------------------------------


def test_there_is_a_stand_in_for_every_script(tmp_path: Path) -> None:
    put_shims(str(tmp_path))
    assert len(SCRIPTS) == 15
    assert all(os.access(tmp_path / script, os.X_OK) and is_shim(str(tmp_path / script)) for script in SCRIPTS)


def test_shellcheck_finds_nothing_in_it() -> None:
    done = subprocess.run(
        [needs("shellcheck"), "-s", "sh", os.path.join(HOME, "compat", "stand-in.sh")], capture_output=True, text=True
    )
    assert done.stdout == ""


# --- the original --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", SHELL_SHIMS)
def test_every_hostile_argument_reaches_the_original_byte_for_byte(host: Checkout, script: str) -> None:
    got = call([os.path.join(host.main, "scripts", script), *HOSTILE], host.main, feed=b"in\xff\0put")
    assert got.arguments[: len(HOSTILE)] == HOSTILE
    assert got.out.endswith(b"\0in\xff\0put")
    assert got.code == 0


@pytest.mark.parametrize("shell", SHELLS)
def test_it_works_in_any_posix_shell(host: Checkout, shell: str) -> None:
    needs(SHELLS[shell][0])
    script = os.path.join(host.main, "scripts/ops/agent_queue.sh")
    assert call([*SHELLS[shell], script, *HOSTILE], host.main).arguments == HOSTILE
    assert call([*SHELLS[shell], script, *HOSTILE], host.main, env={"FAIRWAY_LEGACY": "1"}).arguments == HOSTILE


def test_the_ruby_one_hands_over_as_a_program_and_as_an_argument_of_ruby(host: Checkout) -> None:
    needs("ruby")
    script = os.path.join(host.main, "scripts/ops/agent_queue_store.rb")
    for argv in ([script], ["ruby", script]):
        got = call([*argv, "--queue-file", "a b", *HOSTILE], host.main, feed=b"x", env={"EXIT": "9"})
        assert got.arguments == [b"--queue-file", b"a b", *HOSTILE]
        assert got.code == 9
        assert b"FAIRWAY_LEGACY=1" in got.err


@pytest.mark.parametrize("code", [0, 1, 2, 3, 77, 126, 127, 128, 130, 200, 255])
def test_the_exit_code_is_that_of_the_original(host: Checkout, code: int) -> None:
    got = call([os.path.join(host.main, "scripts/ops/agent_queue.sh")], host.main, env={"EXIT": str(code)})
    assert got.code == code


@pytest.mark.parametrize("name", ["TERM", "KILL", "HUP", "PIPE", "INT"])
def test_dying_of_a_signal_looks_the_same_from_outside(host: Checkout, name: str) -> None:
    got = call([os.path.join(host.main, "scripts/ops/agent_queue.sh")], host.main, env={"DIE_OF": name})
    assert got.code == -getattr(signal, f"SIG{name}")


def test_the_original_is_told_that_its_side_was_chosen(host: Checkout) -> None:
    got = call([os.path.join(host.main, "scripts/ci/agent_queue_validate.sh")], host.main)
    assert got.err == b"said by agent_queue_validate.sh FAIRWAY_LEGACY=1\n"


def test_nothing_else_in_its_environment_changes(host: Checkout) -> None:
    write(os.path.join(host.main, "scripts/ops/legacy/agent_watch_task.sh"), "#!/bin/sh\nexec env\n")
    given = {"LANG": "C", "PATH": os.environ["PATH"], "A": "b\nc"}
    got = call([os.path.join(host.main, "scripts/ops/agent_watch_task.sh")], host.main, env=given, bare=True)
    direct = call([os.path.join(host.main, "scripts/ops/legacy/agent_watch_task.sh")], host.main, env=given, bare=True)
    assert sorted(got.out.splitlines()) == sorted([*direct.out.splitlines(), b"FAIRWAY_LEGACY=1"])


def test_a_reader_that_goes_away_ends_the_original_quietly(host: Checkout) -> None:
    write(os.path.join(host.main, "scripts/ops/legacy/bugfix_review_packet.sh"), "#!/bin/sh\nyes\necho survived >&2\n")
    script = os.path.join(host.main, "scripts/ops/bugfix_review_packet.sh")
    got = call(["sh", "-c", f"'{script}' | head -n 1"], host.main)
    assert (got.out, got.err) == (b"y\n", b"survived\n")


@pytest.mark.parametrize("first_line", ["#!/bin/sh\n", "#!/usr/bin/env sh\n", ""])
@pytest.mark.parametrize("mode", [0o644, 0o755])
def test_an_original_that_is_no_program_runs_all_the_same(host: Checkout, first_line: str, mode: int) -> None:
    text = first_line + "printf 'ran %s' \"$1\"\n"
    write(os.path.join(host.main, "scripts/ops/legacy/setup_agent_lanes.sh"), text, mode)
    script = os.path.join(host.main, "scripts/ops/setup_agent_lanes.sh")
    assert call([script, "a b"], host.main).out == b"ran a b"
    assert call([script, "a b"], host.main, env={"FAIRWAY_LEGACY": "1"}).out == b"ran a b"


# --- FAIRWAY_LEGACY=1 -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("script", [*SHELL_SHIMS, "ops/agent_queue_store.rb"])
@pytest.mark.parametrize("folder", ["legacy", "-legacy"])
def test_the_hatch_needs_nothing_but_the_original(tmp_path: object, script: str, folder: str) -> None:
    if script.endswith(".rb"):
        needs("ruby")
    kind, name = os.path.split(script)
    shim = put_shim(script, os.path.join(str(tmp_path), "scripts", kind))
    moved = f"{kind}/legacy" if folder == "legacy" else f"{kind}-legacy"
    original = RUBY_RECORDER if script.endswith(".rb") else RECORDER
    write(os.path.join(str(tmp_path), "scripts", moved, name), original)
    env = {"FAIRWAY_LEGACY": "1", "PATH": os.environ["PATH"], "EXIT": "5", "FAIRWAY_HOME": "/nowhere"}
    got = call([shim, *HOSTILE], str(tmp_path), feed=b"in", env=env, bare=True)
    assert (got.code, got.arguments) == (5, HOSTILE)


@pytest.mark.parametrize("name", ["agent_queue.sh", "agent_queue_store.rb"])
def test_the_hatch_without_an_original_says_so(tmp_path: object, name: str) -> None:
    if name.endswith(".rb"):
        needs("ruby")
    shim = put_shim(name, str(tmp_path))
    got = call([shim, "ready"], str(tmp_path), env={"FAIRWAY_LEGACY": "1"})
    assert got.code == 2
    assert got.err.startswith(b"error: missing_dependency: FAIRWAY_LEGACY is set")


def test_zero_and_nothing_leave_the_hatch_closed(host: Checkout) -> None:
    set_engines(host.main, {"*": "fairway"})
    for value in ("0", ""):
        env = {"FAIRWAY_LEGACY": value, "FAIRWAY_HOME": "/nowhere"}
        assert call([os.path.join(host.main, "scripts/ops/agent_queue.sh")], host.main, env=env).code == 2
    set_engines(host.main, {"*": "legacy"})


# --- finding the suite ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["agent_queue.sh", "agent_queue_store.rb"])
def test_without_the_suite_nothing_is_run_and_the_way_out_is_named(tmp_path: object, name: str) -> None:
    if name.endswith(".rb"):
        needs("ruby")
    root = make_repository(str(tmp_path))
    write(os.path.join(root, "scripts/ops/legacy", name), RECORDER)
    shim = put_shim(name, os.path.join(root, "scripts/ops"))
    got = call([shim, "ready"], root)
    assert (got.code, got.out) == (2, b"")
    assert got.err.startswith(f"error: missing_dependency: {name} cannot find fairway-scripts\nhint: ".encode())
    assert b"FAIRWAY_LEGACY=1" in got.err


@pytest.mark.parametrize("name", ["agent_queue.sh", "agent_queue_store.rb"])
@pytest.mark.parametrize("how", ["environment", "absolute", "relative", "lane", "path"])
def test_the_suite_is_found(tmp_path: object, how: str, name: str) -> None:
    if name.endswith(".rb"):
        needs("ruby")
    root = make_repository(str(tmp_path))
    put_shims(root)
    os.unlink(os.path.join(root, ".fairway/home"))
    env, place = {"PATH": os.environ["PATH"]}, root
    if how == "environment":
        env["FAIRWAY_HOME"] = HOME
    elif how == "path":
        env["PATH"] = f"{HOME}/bin:{env['PATH']}"
    else:
        line = HOME if how == "absolute" else os.path.relpath(HOME, root)
        write(os.path.join(root, ".fairway/home"), f"{line}\n", 0o644)
    if how == "lane":
        git(root, "add", "scripts")
        git(root, "commit", "-m", "shims")
        place = add_lane_worktrees(root, ["B-ui"])["B-ui"]
    got = call([os.path.join(place, "scripts/ops", name), "--help"], "/", env=env)
    assert got.code == 0, got.err
    assert got.out.startswith(f"usage: {name} ".encode())


def test_a_stand_in_behind_a_relative_path_finds_the_suite(host: Checkout) -> None:
    got = call(
        ["./agent_queue.sh", "--help"], os.path.join(host.main, "scripts/ops"), env={"FAIRWAY_ENGINE": "fairway"}
    )
    assert got.code == 0, got.err
    assert call(["sh", "agent_queue.sh", "x"], os.path.join(host.main, "scripts/ops")).arguments == [b"x"]
