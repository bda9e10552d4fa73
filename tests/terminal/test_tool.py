"""fairway-tui as it is called: on a terminal, off it, and without its package."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from fairway_scripts.base import extras
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.terminal.commands import terminal_page
from tests.support.providers import need, tmux_folder
from tests.support.shell import BIN, Checkout, environment, make_checkout, queue_text, task

_PATIENCE = 60.0


def need_textual() -> None:
    """Skip the test where Textual is missing; on CI, where it has to be, fail."""
    if find_spec("textual") is None:
        if os.environ.get("CI"):
            pytest.fail("Textual is not installed, and CI has to have it")
        pytest.skip("Textual is not installed (make setup)")


@pytest.fixture
def project(tmp_path: Path) -> Checkout:
    made = make_checkout(tmp_path, queue_text(task("B-1"), task("A-1", "A-backend")), lanes=["A-backend", "B-ui"])
    made.ok("queue-import")
    return made


def test_it_needs_a_terminal(project: Checkout) -> None:
    refused = project.run("fairway-tui")
    assert (refused.code, refused.word, refused.out) == (2, "usage", "")
    assert "hint: make orchestrator-status" in refused.err


def test_under_json_it_refuses_as_json(project: Checkout) -> None:
    refused = project.run("fairway-tui", "--json")
    assert (refused.code, refused.word) == (2, "usage")
    assert refused.err.startswith("{")


def test_help_and_a_refusal_load_no_package_of_the_page(project: Checkout) -> None:
    for words in (["--help"], []):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", os.path.join(BIN, "fairway-tui"), *words],
            cwd=project.main,
            env=environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )
        assert "textual" not in done.stderr
        assert "rich" not in done.stderr


@pytest.mark.parametrize("installed", [True, False])
def test_without_the_package_the_line_that_installs_it_is_named(
    monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    """An installed package asks pip for its extra; in a checkout bin/_start.py says how to make the environment."""
    monkeypatch.setattr(terminal_page, "_missing", lambda: "textual")
    if not installed:
        with pytest.raises(ModuleNotFoundError, match="textual"):
            terminal_page._page()
        return
    monkeypatch.setattr(terminal_page, "HOME", "/nowhere")
    monkeypatch.setattr(extras, "HOME", "/nowhere")
    with pytest.raises(FairwayError) as refusal:
        terminal_page._page()
    assert refusal.value.word == "missing_dependency"
    assert refusal.value.message == "the terminal page needs the Python package textual"
    assert refusal.value.hint.startswith(f"{sys.executable} -m pip install 'textual")


def test_a_page_that_ends_with_a_fault_is_no_success(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        return_code = 1

        def __init__(self, *_given: object) -> None: ...

        def run(self, **_how: object) -> None: ...

    args = SimpleNamespace(json=False, repositories=[])
    monkeypatch.setattr(terminal_page, "_page", lambda: Broken)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    monkeypatch.setattr(sys, "stdout", SimpleNamespace(isatty=lambda: True))
    with pytest.raises(FairwayError) as refusal:
        terminal_page.run(args)
    assert refusal.value.word == "internal"


class Pane:
    """A tmux server of its own with one pane of 80 by 24."""

    def __init__(self, folder: str) -> None:
        self.env = environment(TMUX_TMPDIR=folder, TERM="xterm", FAIRWAY_VIA="make")

    def tmux(self, *words: str) -> str:
        """A tmux command of that server."""
        argv = ["tmux", "-f", "/dev/null", *words]
        return subprocess.run(argv, env=self.env, capture_output=True, text=True, timeout=60).stdout

    def start(self, cwd: str, *variables: str) -> None:
        """The page in the pane, and after it a line with its exit code: tmux itself does not always learn that.

        The shell outlives an interrupt, as one that people type into does.
        """
        page = [sys.executable, os.path.join(BIN, "fairway-tui"), "--role", "B-ui", "--actor", "ann"]
        line = ["sh", "-c", 'trap : INT; "$@"; echo "ended $?"; exec sleep 600', "sh", "env", *variables, *page]
        self.tmux("new-session", "-d", "-x", "80", "-y", "24", "-c", cwd, *line)

    def until(self, words: str) -> str:
        """Wait until the screen holds `words`; the screen."""
        end = time.monotonic() + _PATIENCE
        while words not in (screen := self.tmux("capture-pane", "-p")):
            assert time.monotonic() < end, f"{words!r} is not in\n{screen}"
            time.sleep(0.05)
        return screen

    def keys(self, *keys: str) -> None:
        """Type keys, by the names of tmux."""
        self.tmux("send-keys", *keys)


@pytest.fixture
def pane() -> Iterator[Pane]:
    need("tmux")
    need_textual()
    with tmux_folder() as folder:
        yield Pane(folder)


def test_a_walk_in_a_real_terminal(project: Checkout, pane: Pane) -> None:
    pane.start(project.main)
    pane.until("rows: 5")
    pane.keys("2")
    pane.until("B-1  ")
    pane.keys("Down", "c")
    pane.until("claim B-1")
    pane.keys("Enter")
    pane.until("claimed B-1")
    pane.keys("5")
    pane.until("claimed")
    pane.keys("?")
    assert "board: tasks in the order" in pane.until("j, Down")
    pane.keys("Escape")
    pane.until("my lane: B-ui")
    pane.keys("q")
    pane.until("ended 0")
    assert project.detail("B-1")["claimant"] == "ann"


def test_an_interrupt_leaves_with_130(project: Checkout, pane: Pane) -> None:
    pane.start(project.main)
    pane.until("rows: 5")
    pane.keys("C-c")
    pane.until("ended 130")


@pytest.mark.parametrize("variables", [(), ("NO_COLOR=1",)], ids=["colours", "no colours"])
def test_colours_are_the_terminals_own_sixteen_or_none(
    project: Checkout, pane: Pane, variables: tuple[str, ...]
) -> None:
    project.ok("queue-claim", "B-1", "--role", "B-ui", "--owner", "B")
    pane.start(project.main, *variables)
    pane.until("rows: 5")
    pane.keys("2")
    pane.until("in_progress")
    drawn = pane.tmux("capture-pane", "-e", "-p")
    codes = {code for group in drawn.split("\x1b[")[1:] for code in group.partition("m")[0].split(";")}
    assert not codes & {"38", "48"}, codes
    assert bool(codes & {"36", "33", "31", "32"}) is not bool(variables)
    assert "7" in codes, "the chosen row is seen without colours too"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT], ids=lambda number: number.name)
@pytest.mark.parametrize("has_page", [False, True], ids=["text", "page"])
def test_one_that_is_killed_gives_the_terminal_back(
    project: Checkout, tmp_path: Path, has_page: bool, number: signal.Signals
) -> None:
    """The text that stands there first enters a screen of its own, and so does the page, which may never come."""
    packages = tmp_path / "packages"
    packages.mkdir()
    if has_page:
        need_textual()
    else:
        for name in ("textual", "rich"):
            (packages / f"{name}.py").write_text("import time\nwhile True:\n    time.sleep(0.01)\n", encoding="utf-8")
    leader, follower = pty.openpty()
    fcntl.ioctl(follower, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 100, 0, 0))
    process = subprocess.Popen(
        [sys.executable, os.path.join(BIN, "fairway-tui")],
        cwd=project.main,
        env=environment(PYTHONPATH=str(packages), TERM="xterm"),
        stdin=follower,
        stdout=follower,
        stderr=follower,
    )
    os.close(follower)
    seen, killed = b"", False
    try:
        with contextlib.suppress(OSError):  # the other end is closed
            while select.select([leader], [], [], _PATIENCE)[0] and (piece := os.read(leader, 65536)):
                seen += piece
                if not killed and re.search(rb"(?s)1049h.*1049h.*rows: " if has_page else rb"1049h", seen):
                    process.send_signal(number)
                    killed = True
        in_order = has_page or number == signal.SIGINT  # Python tells of this one by itself
        assert process.wait(_PATIENCE) == (128 + number if in_order else -number), seen
    finally:
        process.kill()
        process.wait()
        os.close(leader)
    assert killed
    assert seen.rfind(b"\x1b[?1049l") > seen.rfind(b"\x1b[?1049h"), seen
