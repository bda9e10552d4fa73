"""The clock of `make test-later`: the wall clock and the times of files are later, and nothing else is."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shell import HOME

SOURCE = os.path.join(HOME, "scripts", "legs", "later.c")
DAYS = 400
SHIFT = DAYS * 86400
#: Between two readings of a clock lies what a program takes to start, and never this long.
NEAR = 600
#: Waits of every kind, each of which has to end; the limit of pytest ends this where one does not.
WAITS = """
import multiprocessing, threading, time
time.sleep(0.001)
taken = threading.Lock()
taken.acquire()
assert not taken.acquire(timeout=0.001)
assert not threading.Event().wait(0.001)
assert not multiprocessing.Semaphore(0).acquire(timeout=0.001)
"""
#: Gives a file a time and reads it back, in every way there is.
ROUND_TRIP = """
import os, sys, time
path, given = sys.argv[1], int(time.time()) - int(sys.argv[2])
with open(path, "w") as file:
    os.utime(path, (given, given))
    ways = os.stat(path), os.lstat(path), os.fstat(file.fileno()), next(os.scandir(os.path.dirname(path))).stat()
print({(way.st_mtime - given, way.st_atime - given) for way in ways})
"""
MTIME = "import os, sys; print(os.stat(sys.argv[1]).st_mtime)"
SQLITE = "import sqlite3; print(*sqlite3.connect('').execute(\"select strftime('%s', 'now')\").fetchone())"


class Day:
    """Runs programs on a day, with PATH and nothing else of the environment, whatever day the suite runs on."""

    def __init__(self, clock: str = "") -> None:
        self.environment = {"PATH": os.environ["PATH"], "TZ": "UTC", **({"LD_PRELOAD": clock} if clock else {})}

    def run(self, *argv: str) -> str:
        return subprocess.run(argv, env=self.environment, check=True, capture_output=True, text=True).stdout

    def python(self, code: str, *words: str) -> str:
        """An interpreter that reads no variable and no site-packages."""
        return self.run(sys.executable, "-I", "-S", "-c", code, *words)

    @property
    def now(self) -> float:
        return float(self.run("date", "+%s"))


TODAY = Day()


@pytest.fixture(scope="module")
def later(tmp_path_factory: pytest.TempPathFactory) -> Day:
    if not shutil.which("cc"):
        if os.environ.get("CI"):
            pytest.fail("a C compiler (cc) is not here, and CI has to have it")
        pytest.skip("a C compiler (cc) is not here")
    clock = str(tmp_path_factory.mktemp("clock") / "later.so")
    given = [f"-DDAYS={DAYS}", f"-DFROM={TODAY.now:.0f}L", "-o", clock, SOURCE]
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", *given], check=True)
    return Day(clock)


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(["date", "+%s"], id="date"),
        pytest.param(["bash", "-c", "printf '%(%s)T' -1"], id="bash"),
        pytest.param([sys.executable, "-ISc", "import time; print(time.time())"], id="python"),
        pytest.param([sys.executable, "-ISc", SQLITE], id="sqlite"),
    ],
)
def test_a_program_lives_on_the_later_day(later: Day, program: list[str]) -> None:
    assert abs(float(later.run(*program)) - SHIFT - TODAY.now) < NEAR


def test_what_git_writes_is_of_the_later_day(later: Day) -> None:
    told = later.run("git", "-c", "user.name=A", "-c", "user.email=a@example.org", "var", "GIT_AUTHOR_IDENT")
    assert abs(float(told.split()[-2]) - SHIFT - TODAY.now) < NEAR


def test_clocks_that_measure_and_waits_go_as_they_do(later: Day) -> None:
    clock = "import time; print(time.monotonic())"
    assert abs(float(later.python(clock)) - float(TODAY.python(clock))) < NEAR
    later.python(WAITS)


def test_a_file_from_before_is_as_old_as_it_says(later: Day) -> None:
    assert later.python(MTIME, SOURCE) == TODAY.python(MTIME, SOURCE)


def test_a_file_that_is_written_is_of_the_later_day(later: Day, tmp_path: Path) -> None:
    path = str(tmp_path / "new")
    later.run("touch", path)
    assert abs(float(later.python(MTIME, path)) - SHIFT - TODAY.now) < NEAR


@pytest.mark.parametrize("age", [-SHIFT, 0, 1, SHIFT - 3600, SHIFT + 86400, 30 * SHIFT])
def test_a_time_that_a_program_gives_a_file_is_read_back(later: Day, tmp_path: Path, age: int) -> None:
    assert later.python(ROUND_TRIP, str(tmp_path / "file"), str(age)) == "{(0.0, 0.0)}\n"
