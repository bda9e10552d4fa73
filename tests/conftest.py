"""What every test needs: no setting of the tester or of the machine reaches the code under test."""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Generator, Iterator
from typing import Any

import pytest

from fairway_scripts.base.errors import CALL
from fairway_scripts.calls import hints
from fairway_scripts.git.lane_state import hold_looks
from fairway_scripts.store.contract import Store
from tests.support import rings, tool_server
from tests.support.folders import fresh_folder
from tests.support.world import is_script, leave_the_machine, use_one_hypothesis_profile

# Before anything is collected, in the run itself and in each of its workers: what modules read when they are
# imported, and what every child inherits, is the same on every machine.
leave_the_machine()
use_one_hypothesis_profile()
CALL.spelling = lambda: hints  # as the entry does for every call

#: Files in memory, and the bytes that have to be free there: a store then waits for no disk at every commit.
_MEMORY, _ROOM = "/dev/shm", 4 << 30
_DESCRIPTORS = "/proc/self/fd"
#: So many open files are let be; and so many are asked for, where the limit is lower.
_MANY_FILES, _MOST_FILES = 256, 8192
#: Where this process stands.
_START = os.getcwd()
#: The folder that this process made there, and removes.
_made: list[str] = []


def pytest_configure() -> None:
    """Before anything is collected, in the run itself and in each of its workers."""
    _let_children_be_interrupted()
    _allow_open_files()
    _work_in_memory()
    _pass_over_shims()


def _let_children_be_interrupted() -> None:
    """A run in the background starts with these signals ignored, and would hand that down."""
    for number in (signal.SIGINT, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_IGN and threading.current_thread() is threading.main_thread():
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else signal.SIG_DFL)


def _allow_open_files() -> None:
    """A command that is called in this process leaves its store to the collector, which comes when it likes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def pytest_runtest_setup(item: pytest.Item) -> None:
    tool_server.begin_test(separate=item.get_closest_marker("separate") is not None)


def pytest_runtest_teardown() -> None:
    """Where descriptors are no listed files the limit alone has to do."""
    if os.path.isdir(_DESCRIPTORS) and len(os.listdir(_DESCRIPTORS)) > _MANY_FILES:
        gc.collect()


def _work_in_memory() -> None:
    """Make temporary folders in memory, unless TMPDIR says where they are wanted."""
    if "TMPDIR" not in os.environ and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
        _made.append(fresh_folder("fairway-", _MEMORY))
        os.environ["TMPDIR"] = _made[0]
        tempfile.tempdir = None  # looked up anew


@pytest.fixture(autouse=True)
def _stays_in_its_folder() -> Iterator[None]:
    """A test leaves this process in the folder in which it found it: the next one would stand in one that is gone."""
    yield
    try:
        left = os.getcwd()
    except FileNotFoundError:
        left = "a folder that is gone"
    if left != _START:
        os.chdir(_START)
        pytest.fail(f"it left the process in {left}")


@pytest.fixture(autouse=True)
def _call_of_nobody() -> Iterator[None]:
    """Opening a project in this process says whose call it is, for good: the next test is another call."""
    before = Store.author, Store.configuration
    yield
    Store.author, Store.configuration = before
    hold_looks(0.0)  # as the pages do for themselves, for good


@pytest.fixture(autouse=True)
def _called_through_make() -> Iterator[None]:
    """Hints of what is called in this process are lines for make; tests/test_hints.py has the other spelling."""
    CALL.begin("", [], "make")
    yield
    CALL.begin("", [], "")


@pytest.fixture
def in_utc() -> Iterator[None]:
    """A day that is named begins where its reader lives: for this test at midnight UTC, wherever the suite runs."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = "UTC"
    time.tzset()
    yield
    if before is None:
        del os.environ["TZ"]
    else:
        os.environ["TZ"] = before
    time.tzset()


def _pass_over_shims() -> None:
    """Where a version manager's script stands for `python3`, put the interpreter itself before it.

    The script would decide by the folder that a test stands in which Python starts a tool, and doctor tells of it.
    """
    found = shutil.which("python3")
    if found is None or not is_script(found):
        return
    folder = fresh_folder("fairway-python-")
    os.symlink(os.path.realpath(sys.executable), os.path.join(folder, "python3"))
    os.environ["PATH"] = folder + os.pathsep + os.environ["PATH"]
    _made.append(folder)


def pytest_report_header() -> str:
    length = "full" if rings.FULL else "short (make test-all has the full one)"
    return f"length: {length}; temporary folders: {tempfile.gettempdir()}"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every test its ring, and leave out what only the full run has."""
    for item in items:
        item.add_marker(rings.ring(os.path.relpath(item.path, os.path.dirname(__file__))))
    if not rings.FULL:
        left_out = [item for item in items if item.get_closest_marker("endurance")]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if not item.get_closest_marker("endurance")]


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, Any, Any]:
    """Thousands of tests are made and every one is kept: nothing to look for garbage in."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()  # nothing is frozen: older versions of Hypothesis ask who refers to what


def pytest_sessionfinish(exitstatus: int) -> None:
    """What failed tests have left behind is kept for a look at it."""
    if exitstatus == pytest.ExitCode.TESTS_FAILED:
        _made.clear()


def pytest_unconfigure() -> None:
    for folder in _made:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: a good part of the time a test waits for a lock, a deadline or a terminal."""
    return 2 * (os.cpu_count() or 1)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="write the golden files anew; look at the diff")
