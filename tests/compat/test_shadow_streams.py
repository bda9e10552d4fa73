"""A call in shadow looks to its caller as the original alone: when its output comes, where it goes, how it ends."""

from __future__ import annotations

import fcntl
import json
import os
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fairway_scripts.programs.legacy_command import delivery_lock
from tests.compat.older import make_host, set_engines, write
from tests.support.shell import BIN, Checkout, environment

ORIGINAL = "scripts/ops/legacy/agent_queue.sh"
#: A call by an older name and by our own; both end in the same place.
WAYS = {"stand-in": ("{main}/scripts/ops/agent_queue.sh", "claim"), "tool": (f"{BIN}/queue-claim",)}
PATIENCE = 30.0
#: Waits long enough for any signal, but not for ever.
WAITS = "n=0; while [ $n -lt 999 ]; do n=$((n+1)); sleep 0.02; done"


@pytest.fixture(scope="module")
def host(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    project = make_host(tmp_path_factory.mktemp("host"))
    project.ok("queue-import")
    set_engines(project.main, {"*": "shadow"})
    return project


@pytest.fixture(params=sorted(WAYS))
def line(request: pytest.FixtureRequest, host: Checkout) -> list[str]:
    """The words of one call."""
    return [word.format(main=host.main) for word in (*WAYS[request.param], "--role", "B-ui")]


@pytest.fixture(autouse=True)
def settled(host: Checkout) -> Iterator[None]:
    """Wait for the observers of a test's calls."""
    yield
    until = time.monotonic() + PATIENCE
    while any(os.path.exists(os.path.join(spool(host), name, "done.json")) for name in waiting(host)):
        assert time.monotonic() < until, waiting(host)
        time.sleep(0.02)


def spool(host: Checkout) -> str:
    return os.path.join(host.main, ".git", "fairway", "shadow")


def waiting(host: Checkout) -> list[str]:
    return sorted(os.listdir(spool(host))) if os.path.isdir(spool(host)) else []


def original(host: Checkout, text: str, first_line: str = "#!/bin/sh") -> None:
    """What stands where the script was before."""
    write(os.path.join(host.main, ORIGINAL), f"{first_line}\n{text}\n")


def start(host: Checkout, line: list[str], **streams: object) -> subprocess.Popen[bytes]:
    given = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    return subprocess.Popen(line, cwd=host.main, env=environment(), **given)  # type: ignore[call-overload, no-any-return]


def come(stream: int, wanted: bytes, patience: float = PATIENCE) -> bytes:
    """What comes on a stream until `wanted` is in it, or nothing more comes."""
    got, until = b"", time.monotonic() + patience
    while wanted not in got and select.select([stream], [], [], max(0.0, until - time.monotonic()))[0]:
        try:
            chunk = os.read(stream, 1 << 16)
        except OSError:  # a terminal that nobody has open any more
            break
        if not chunk:
            break
        got += chunk
    return got


# --- as it is written ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 2])
def test_output_comes_as_it_is_written(host: Checkout, line: list[str], number: int, tmp_path: Path) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    original(host, f"echo first >&{number}; read _ <'{go}'; echo second >&{number}; exit 3")
    process = start(host, line)
    stream = process.stdout if number == 1 else process.stderr
    assert stream is not None
    early = come(stream.fileno(), b"first\n", 10.0)
    go.write_text("go\n")
    rest = stream.read()
    assert (early, rest, process.wait()) == (b"first\n", b"second\n", 3)
    process.communicate()


def test_two_streams_in_one_pipe_keep_their_order(host: Checkout, line: list[str]) -> None:
    original(host, "for n in 1 2 3 4 5 6 7 8 9; do echo out $n; echo err $n >&2; done")
    reading, writing = os.pipe()
    process = start(host, line, stdout=writing, stderr=writing)
    os.close(writing)
    with open(reading, "rb") as both:
        told = both.read().decode().split("\n")
    assert process.wait() == 0
    assert told == [f"{name} {n}" for n in range(1, 10) for name in ("out", "err")] + [""]


def test_a_file_gets_both_streams_in_order_behind_what_is_there(
    host: Checkout, line: list[str], tmp_path: Path
) -> None:
    original(host, "for n in 1 2; do echo out $n; echo err $n >&2; done")
    with open(tmp_path / "log", "wb") as log:
        log.write(b"before\n")
        log.flush()
        assert start(host, line, stdout=log, stderr=log).wait() == 0
    assert (tmp_path / "log").read_text().split("\n") == ["before", "out 1", "err 1", "out 2", "err 2", ""]


def test_much_output_arrives_whole_and_is_not_kept_in_memory(host: Checkout, line: list[str]) -> None:
    original(host, f"exec '{sys.executable}' -ISc \"import sys; sys.stdout.write('0123456789abcde\\n' * (50 << 16))\"")
    process = start(host, line)
    assert process.stdout is not None
    size, most = 0, 0
    while chunk := process.stdout.read(1 << 20):
        size += len(chunk)
        with open(f"/proc/{process.pid}/status", encoding="ascii") as file:
            most = max(most, *(int(row.split()[1]) for row in file if row.startswith("VmRSS:")), 0)
    assert (size, process.wait()) == (50 << 20, 0)
    assert most < 40_000  # kB: the interpreter itself
    process.communicate()


# --- a reader that goes away ---------------------------------------------------------------------------------------


def test_a_reader_that_goes_away_ends_the_original_as_before(host: Checkout, line: list[str]) -> None:
    original(host, "while :; do echo line; done")
    process = start(host, line)
    assert process.stdout is not None
    assert process.stdout.readline() == b"line\n"
    process.stdout.close()
    assert process.wait(PATIENCE) == -signal.SIGPIPE


def test_an_original_that_says_nothing_meanwhile_is_left_alone(host: Checkout, line: list[str], tmp_path: Path) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    original(host, f"echo line; read _ <'{go}'; trap '' PIPE; echo more 2>/dev/null; exit 4")
    process = start(host, line)
    assert process.stdout is not None
    assert process.stdout.readline() == b"line\n"
    process.stdout.close()
    time.sleep(0.2)
    assert process.poll() is None
    go.write_text("go\n")
    assert process.wait(PATIENCE) == 4


def test_what_runs_on_behind_the_original_keeps_nobody_waiting(host: Checkout, line: list[str], tmp_path: Path) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    original(host, f"(read _ <'{go}'; echo later) & echo now; exit 6")
    process = start(host, line)
    assert process.wait(PATIENCE) == 6
    assert process.stdout is not None
    assert come(process.stdout.fileno(), b"now\n") == b"now\n"
    go.write_text("go\n")
    assert process.communicate(timeout=PATIENCE)[0] == b"later\n"


# --- a terminal ---------------------------------------------------------------------------------------------------

#: Gives a program the terminal on its standard input, and the window of the test.
_SEATED = """
import fcntl, os, sys, termios
os.setsid()
fcntl.ioctl(next(filter(os.isatty, (0, 1, 2))), termios.TIOCSCTTY, 0)
os.execvp(sys.argv[1], sys.argv[1:])
"""


class Terminal:
    """A terminal of 33 lines and 77 columns with one call in its foreground."""

    def __init__(self, host: Checkout, line: list[str], **streams: object) -> None:
        self.end, slave = os.openpty()
        self.resize(33, 77)
        given = {name: streams.get(name, slave) for name in ("stdin", "stdout", "stderr")}
        self.process = start(host, [sys.executable, "-ISc", _SEATED, *line], **given)
        os.close(slave)

    def resize(self, lines: int, columns: int) -> None:
        fcntl.ioctl(self.end, termios.TIOCSWINSZ, struct.pack("4H", lines, columns, 0, 0))

    def shows(self, wanted: str) -> str:
        """What the terminal shows until `wanted` is in it, as text."""
        return come(self.end, wanted.encode()).decode()

    def types(self, text: bytes) -> None:
        os.write(self.end, text)

    def ends(self) -> int:
        code = self.process.wait(PATIENCE)
        os.close(self.end)
        return code


def test_on_a_terminal_the_order_is_kept_and_nothing_is_added(host: Checkout, line: list[str]) -> None:
    original(host, "for n in 1 2 3 4 5; do echo out $n; echo err $n >&2; done; echo end; exit 7")
    terminal = Terminal(host, line)
    shown = terminal.shows("end\r\n")
    assert shown.split("\r\n") == [f"{name} {n}" for n in range(1, 6) for name in ("out", "err")] + ["end", ""]
    assert terminal.ends() == 7


@pytest.mark.parametrize("piped", ["stdin", "stdout", "stderr", ""])
def test_each_stream_stays_the_terminal_that_it_was(host: Checkout, line: list[str], piped: str) -> None:
    text = 'for n in 0 1 2; do [ -t $n ] && s=$s$n; done; echo "tty=$s $(stty size </dev/tty)" >/dev/tty; echo x'
    original(host, text)
    terminal = Terminal(host, line, **({piped: subprocess.DEVNULL} if piped else {}))
    kept = "".join(str(n) for n, name in enumerate(("stdin", "stdout", "stderr")) if name != piped)
    assert f"tty={kept} 33 77\r\n" in terminal.shows(" 33 77\r\n")
    terminal.ends()


def test_the_size_of_the_window_is_known_and_follows(host: Checkout, line: list[str]) -> None:
    size = "stty size <&2"
    waits = f'n=0; while [ "$({size})" != "40 100" ] && [ $n -lt 999 ]; do n=$((n+1)); sleep 0.02; done'
    original(host, f"trap '{size}' WINCH; {size}; {waits}; sleep 0.2; exit 8")
    terminal = Terminal(host, line)
    assert "33 77\r\n" in terminal.shows("33 77\r\n")
    terminal.resize(40, 100)
    assert "40 100\r\n" in terminal.shows("40 100\r\n")
    assert terminal.ends() == 8


def test_what_is_typed_reaches_the_original_as_it_is_typed(host: Checkout, line: list[str]) -> None:
    original(host, 'printf "name? " >&2; read name; echo "hello $name"')
    terminal = Terminal(host, line)
    assert terminal.shows("name? ") == "name? "
    terminal.types(b"ann\n")
    assert terminal.shows("hello ann\r\n") == "ann\r\nhello ann\r\n"
    assert terminal.ends() == 0


def test_what_is_set_on_the_output_is_set_on_the_terminal(host: Checkout, line: list[str]) -> None:
    original(host, 'stty -echo <&1; printf "word? "; read word; stty echo <&1; echo "got $word"')
    terminal = Terminal(host, line)
    assert terminal.shows("word? ") == "word? "
    terminal.types(b"secret\n")
    assert terminal.shows("got secret\r\n") == "got secret\r\n"
    assert termios.tcgetattr(terminal.end)[3] & termios.ECHO
    assert terminal.ends() == 0


@pytest.mark.parametrize(("key", "name"), [(b"\x03", "INT"), (b"\x1c", "QUIT")])
def test_an_interrupt_from_the_terminal_reaches_the_original_once(
    host: Checkout, line: list[str], key: bytes, name: str
) -> None:
    text = f"n=0; trap 'n=$((n+1)); echo told $n' {name}; echo ready; for i in 1 2 3 4 5 6 7 8; do sleep 0.05; done"
    original(host, text)
    terminal = Terminal(host, line)
    terminal.shows("ready\r\n")
    terminal.types(key)
    assert "told 1\r\n" in terminal.shows("told 1\r\n")
    assert terminal.process.wait(PATIENCE) == 0
    assert "told" not in come(terminal.end, b"told", 0.1).decode()
    os.close(terminal.end)


def test_an_original_that_an_interrupt_ends_ends_the_call_by_it(host: Checkout, line: list[str]) -> None:
    original(host, "echo ready; exec sleep 60")
    terminal = Terminal(host, line)
    terminal.shows("ready\r\n")
    terminal.types(b"\x03")
    assert terminal.ends() == -signal.SIGINT


def test_a_shell_suspends_and_continues_the_call(host: Checkout, line: list[str], tmp_path: Path) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    original(host, f"echo ready; read _ <'{go}'; echo done")
    terminal = Terminal(host, ["bash", "--norc", "-i"])
    terminal.types(b"PS1='$ '; set +o history; stty -echo\n")
    terminal.types(b" ".join(b"'" + word.encode() + b"'" for word in line) + b"\n")
    terminal.shows("ready\r\n")
    terminal.types(b"\x1a")
    assert "Stopped" in terminal.shows("Stopped")
    terminal.types(b"fg\n")
    time.sleep(0.1)
    go.write_text("go\n")
    assert "done\r\n" in terminal.shows("done\r\n")
    terminal.types(b'echo "code=$?"; exit\n')
    assert "code=0\r\n" in terminal.shows("code=0\r\n")
    terminal.ends()


# --- signals, and processes of ours that are killed ------------------------------------------------------------------


@pytest.mark.parametrize("name", ["INT", "TERM", "HUP", "USR1", "ALRM", "QUIT"])
def test_a_signal_that_is_sent_to_the_call_reaches_the_original(host: Checkout, line: list[str], name: str) -> None:
    original(host, f"trap 'echo told; exit 9' {name}; echo ready; {WAITS}")
    process = start(host, line)
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.Signals[f"SIG{name}"])
    assert process.communicate(timeout=PATIENCE) == (b"told\n", b"")
    assert process.returncode == 9


@pytest.mark.parametrize("name", ["INT", "TERM", "USR1"])
def test_a_signal_that_is_sent_to_the_whole_group_reaches_the_original_once(
    host: Checkout, line: list[str], name: str
) -> None:
    text = f"trap 'n=$((n+1)); echo told $n' {name}; echo ready; for i in 1 2 3 4 5 6 7 8 9 10; do sleep 0.05; done"
    original(host, text)
    process = subprocess.Popen(
        line, cwd=host.main, env=environment(), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    for _ in range(2):
        os.killpg(process.pid, signal.Signals[f"SIG{name}"])
        time.sleep(0.15)
    assert process.communicate(timeout=PATIENCE)[0] == b"told 1\ntold 2\n"
    assert process.returncode == 0


def test_a_killed_original_keeps_nobody_waiting_for_a_slow_reader_and_loses_nothing(
    host: Checkout, line: list[str]
) -> None:
    original(host, "head -c 120000 /dev/zero; echo ready >&2; exec sleep 60")
    process = start(host, line)
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stderr.readline() == b"ready\n"
    process.terminate()
    assert process.wait(PATIENCE) == -signal.SIGTERM
    assert len(process.stdout.read()) == 120000
    process.communicate()


def test_a_stream_that_the_original_closes_ends_for_its_reader(host: Checkout, line: list[str], tmp_path: Path) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    original(host, f"echo line; exec >&-; read _ <'{go}'; exit 3")
    process = start(host, line)
    assert process.stdout is not None
    assert come(process.stdout.fileno(), b"more") == b"line\n"
    assert process.poll() is None
    go.write_text("go\n")
    assert process.wait(PATIENCE) == 3
    process.communicate()


def test_a_call_ends_by_the_signal_of_its_original(host: Checkout, line: list[str]) -> None:
    for name in ("KILL", "TERM", "INT", "SEGV"):
        original(host, f"echo out; kill -s {name} $$")
        process = start(host, line)
        assert process.communicate(timeout=PATIENCE)[0] == b"out\n"
        assert process.returncode == -signal.Signals[f"SIG{name}"]


def children(number: int) -> list[int]:
    with open(f"/proc/{number}/task/{number}/children", encoding="ascii") as file:
        return [int(word) for word in file.read().split()]


def words_of(number: int) -> str:
    with open(f"/proc/{number}/cmdline", "rb") as file:
        return file.read().decode(errors="replace")


def test_every_process_of_ours_but_the_call_can_be_killed_unnoticed(
    host: Checkout, line: list[str], tmp_path: Path
) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    original(host, f"echo first; read _ <'{go}'; echo second; echo third >&2; exit 11")
    process = start(host, line)
    assert process.stdout is not None
    assert process.stdout.readline() == b"first\n"
    until = time.monotonic() + PATIENCE
    while len(children(process.pid)) < 2:
        assert time.monotonic() < until, "nobody stands by"
        time.sleep(0.01)
    ours = [number for number in children(process.pid) if "legacy/agent_queue.sh" not in words_of(number)]
    for number in ours:
        os.kill(number, signal.SIGKILL)
    time.sleep(0.1)
    go.write_text("go\n")
    assert process.communicate(timeout=PATIENCE) == (b"second\n", b"third\n")
    assert process.returncode == 11


def test_the_original_and_its_output_outlive_the_call(host: Checkout, line: list[str], tmp_path: Path) -> None:
    go = tmp_path / "go"
    os.mkfifo(go)
    original(host, f"echo first; read _ <'{go}'; echo second; echo ended >'{tmp_path}/ended'")
    process = start(host, line)
    assert process.stdout is not None
    assert process.stdout.readline() == b"first\n"
    time.sleep(0.2)
    process.kill()
    assert process.wait() == -signal.SIGKILL
    go.write_text("go\n")
    assert process.communicate(timeout=PATIENCE)[0] == b"second\n"
    assert (tmp_path / "ended").read_text() == "ended\n"


# --- the copy that is compared ---------------------------------------------------------------------------------------


def ended(host: Checkout, line: list[str], **streams: object) -> tuple[dict[str, object], bytes, bytes]:
    """How a call is noted to have ended, and the copies of its two streams."""
    with delivery_lock(f"{spool(host)}.lock", seconds=PATIENCE) as held:  # so that the observer has to wait
        assert held is not None
        before = set(waiting(host))
        start(host, line, **streams).communicate(timeout=PATIENCE)
        (call_id,) = set(waiting(host)) - before
        folder = os.path.join(spool(host), call_id)
        with open(os.path.join(folder, "done.json"), encoding="utf-8") as file:
            end = json.load(file)
        copies = []
        for name in ("out", "err"):
            with open(os.path.join(folder, name), "rb") as copy:
                copies.append(copy.read())
        return end, copies[0], copies[1]


def test_both_streams_are_kept_apart(host: Checkout, line: list[str]) -> None:
    original(host, "echo out; echo err >&2")
    end, out, err = ended(host, line)
    assert (end["unread"], out, err) == ({}, b"out\n", b"err\n")


def test_an_answer_that_is_too_large_is_noted_as_not_whole(host: Checkout, line: list[str]) -> None:
    original(host, "head -c 5000000 /dev/zero")
    end, out, _err = ended(host, line)
    assert (end["unread"], len(out)) == ({"out": "it is larger than 4194304 bytes"}, 4194304)


def test_a_reader_that_went_away_is_noted(host: Checkout, line: list[str]) -> None:
    original(host, "sleep 0.2; echo out; echo out")
    reading, writing = os.pipe()
    os.close(reading)
    end, _out, _err = ended(host, line, stdout=writing)
    os.close(writing)
    assert (end["unread"], end["signal"]) == ({"out": "its reader went away"}, signal.SIGPIPE)
