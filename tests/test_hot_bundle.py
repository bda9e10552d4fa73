"""The byte code of the tools that are called all day, in one file: a shortcut that nobody notices."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.shell import HOME, environment

ASK = """
import sys
sys.path.insert(0, sys.argv[1])
import _start
sys.path[0] = _start.HOME
_start.use_bundle()
from fairway_scripts.base import clock
print(type(clock.__loader__).__name__, clock.__file__)
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A checkout of the suite with its bundle."""
    home = str(tmp_path_factory.mktemp("suite") / "suite")
    for folder in ("bin", "fairway_scripts", "scripts"):
        shutil.copytree(os.path.join(HOME, folder), f"{home}/{folder}", ignore=shutil.ignore_patterns("__pycache__"))
    os.mkdir(f"{home}/.venv")
    subprocess.run([sys.executable, f"{home}/scripts/hot_bundle.py"], check=True, env=environment())
    return home


@pytest.fixture
def suite(made: str, tmp_path: Path) -> str:
    """A copy of it at another place, files as old as they were."""
    return shutil.copytree(made, str(tmp_path / "elsewhere"))


def loaded_by(suite: str) -> list[str]:
    """The loader of a module of the suite, and the file it comes from."""
    words = [sys.executable, "-c", ASK, f"{suite}/bin"]
    return subprocess.run(words, check=True, capture_output=True, text=True, env=environment()).stdout.split()


def help_of(suite: str, **streams: int) -> tuple[int, str, str]:
    answer = subprocess.run(
        [sys.executable, f"{suite}/bin/queue-help", "queue-claim"],
        capture_output=True,
        text=True,
        env=environment(),
        **streams,
    )
    return answer.returncode, answer.stdout, answer.stderr


def test_modules_come_from_the_bundle_of_the_checkout_that_is_called(suite: str) -> None:
    assert loaded_by(suite) == ["Bundle", f"{suite}/fairway_scripts/base/clock.py"]


def test_an_edit_counts_at_once(suite: str) -> None:
    path = f"{suite}/fairway_scripts/base/clock.py"
    status = os.stat(path)
    with open(path, "a", encoding="utf-8") as file:
        file.write("\n")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))  # of the same time, as some file systems have it
    assert loaded_by(suite) == ["SourceFileLoader", path]


def test_a_touched_source_counts_too(suite: str) -> None:
    path = f"{suite}/fairway_scripts/base/clock.py"
    os.utime(path)
    assert loaded_by(suite) == ["SourceFileLoader", path]


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: b"",
        lambda whole: b"not a bundle",
        lambda whole: b"\0" * 4 + whole[4:],  # of another interpreter
        lambda whole: whole[:-1],
        lambda whole: whole[:100],
        lambda whole: whole[:8] + b"x" * 16 + whole[24:],
        lambda whole: whole[:24] + b"?" * 100 + whole[124:],
    ],
    ids=["empty", "other", "magic", "cut", "head", "lengths", "table"],
)
def test_a_bundle_that_cannot_be_used_is_no_fault(suite: str, damage: Callable[[bytes], bytes]) -> None:
    path = f"{suite}/.venv/hot.bundle"
    expected = help_of(suite)
    with open(path, "rb") as file:
        whole = file.read()
    with open(path, "wb") as file:
        file.write(damage(whole))
    assert loaded_by(suite)[0] == "SourceFileLoader"
    assert help_of(suite) == expected
    assert expected[0] == 0


def test_the_place_of_a_closed_stream_stays_empty(suite: str) -> None:
    words = ["sh", "-c", 'exec "$0" "$1/bin/queue-help" queue-claim <&- >&-', sys.executable, suite]
    answer = subprocess.run(words, capture_output=True, text=True, env=environment())
    os.unlink(f"{suite}/.venv/hot.bundle")
    without = subprocess.run(words, capture_output=True, text=True, env=environment())
    assert (answer.returncode, answer.stderr) == (without.returncode, without.stderr)


def test_setup_writes_the_bundle() -> None:
    with open(os.path.join(HOME, "scripts", "setup.sh"), encoding="utf-8") as file:
        assert "scripts/hot_bundle.py" in file.read()


def test_future_statements_are_told_to_the_compiler_and_load_nothing() -> None:
    """The names of a module's code, and what its annotations are: texts, as the line in the source asks."""
    code = (
        f"import runpy; made = runpy.run_path({os.path.join(HOME, 'scripts', 'hot_bundle.py')!r})['code_of']\n"
        "code = made('fairway_scripts/base/errors.py'); space = {'__name__': 'copy'}; exec(code, space)\n"
        "print('__future__' in code.co_names, type(space['suggest'].__annotations__['return']).__name__)"
    )
    told = subprocess.run([sys.executable, "-c", code], env=environment(), cwd=HOME, capture_output=True, text=True)
    assert told.stdout == "False str\n", told.stderr
