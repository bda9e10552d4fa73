"""What people look at: the dashboard over HTTP and in Chromium, the terminal page on a pseudo-terminal."""

from __future__ import annotations

import contextlib
import fcntl
import gzip
import http.client
import os
import pty
import re
import select
import shutil
import signal
import statistics
import struct
import subprocess
import termios
import threading
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from projects import tool
from stopwatch import Broken, environment, run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projects import Project

    from fairway_scripts.dashboard.panels import Page

_LOOKS, _EVENTS, _IDLE_SECONDS = 5, 20, 10.0
#: Seconds after which the dashboard has given back what its largest answers held.
_TIDY = 3.0
#: Keys of the terminal page that are timed: rows, screens, views that were read before.
_KEYS = [b"j"] * 20 + [b"\x1b[6~"] * 10 + [b"1", b"2", b"5", b"2"] * 3
_QUIET = 0.3
_CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def measure(project: Project) -> dict[str, Any]:
    """Figures of both pages for a project: milliseconds, MB, percent of one processor, bytes."""
    with _dashboard(project) as server:
        found = {"start_mb": memory(server.pid), **_pages(server), "unknown_ms": server.timed("/no-such-page")[0]}
        time.sleep(_TIDY)
        found["all_panels_mb"] = memory(server.pid)
        found["paint_ms"] = _paints(server)
        found |= _live(server, project)
    return {"size": project.size, "dashboard": found, "terminal": _terminal(project)}


def missing() -> str:
    """The package that the pages lack here, "" when all are there."""
    return next((name for name in ("uvicorn", "starlette", "jinja2", "textual") if find_spec(name) is None), "")


def memory(pid: int) -> dict[str, float]:
    """What a process holds: `rss`, `pss` (of pages that several share its part), and `peak`, the most of the first."""
    with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
        lines = dict(re.findall(r"^(Rss|Pss):\s+(\d+) kB", file.read(), re.MULTILINE))
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        lines |= dict(re.findall(r"^Vm(HWM):\s+(\d+) kB", file.read(), re.MULTILINE))
    names = {"Rss": "rss", "Pss": "pss", "HWM": "peak"}
    return {names[name]: round(int(kb) / 1024, 1) for name, kb in lines.items()}


def _spread(samples: list[float]) -> dict[str, float]:
    ranked = sorted(samples)
    p95 = ranked[min(len(ranked) - 1, round(0.95 * (len(ranked) - 1)))]
    return {"median": round(statistics.median(ranked), 1), "p95": round(p95, 1), "most": round(ranked[-1], 1)}


# --- the dashboard ---


class _Server:
    """A running dashboard that this process has entered."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.pid, self.address = process.pid, address
        self.port = urlsplit(address).port or 0
        self.cookie = ""
        form = urlencode({"token": urlsplit(address).fragment})
        headers = {"origin": self.at(""), "content-type": "application/x-www-form-urlencoded"}
        _connection, answer = self.ask("/enter", "POST", form, headers)
        self.cookie = str(answer.getheader("set-cookie")).partition(";")[0]

    def at(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def ask(
        self, path: str, method: str = "GET", body: str | None = None, headers: dict[str, str] | None = None
    ) -> tuple[http.client.HTTPConnection, http.client.HTTPResponse]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request(method, path, body, {"cookie": self.cookie, **(headers or {})})
        return connection, connection.getresponse()

    def timed(self, path: str) -> tuple[float, bytes]:
        """Milliseconds to the first byte, and the body."""
        begun = time.perf_counter()
        connection, answer = self.ask(path)
        took = (time.perf_counter() - begun) * 1000
        body = answer.read()
        connection.close()
        return round(took, 1), body


@contextlib.contextmanager
def _dashboard(project: Project) -> Iterator[_Server]:
    process = subprocess.Popen(
        tool("fairway-dashboard", "--port", "0", "--actor", "bench"),
        cwd=project.main,
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        address = process.stdout.readline().strip()
        if not address:
            raise Broken("fairway-dashboard printed no address")
        yield _Server(process, address)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(30)


def _panels() -> Mapping[str, Page]:
    from fairway_scripts.dashboard.site import PAGES  # which loads what only an extra has

    return PAGES


def _pages(server: _Server) -> dict[str, Any]:
    """First bytes and sizes by page, once every panel that comes by itself was computed."""
    first, sizes = {}, {}
    for name, page in _panels().items():
        server.timed(page.path)
        for key, panel in page.panels.items():
            if panel.load != "asked":
                server.timed(f"/panels/{name}/{key}")
        looks = [server.timed(page.path) for _ in range(_LOOKS)]
        first[name] = _spread([took for took, _body in looks])["median"]
        sizes[name] = len(gzip.compress(looks[-1][1]))
    return {"first_byte_ms": first, "gzip_bytes": sizes}


def _paints(server: _Server) -> dict[str, float]:
    """First contentful paint of each page in Chromium; {} where it or Playwright is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        return {}
    if chromium is None:
        return {}
    found = {}
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=_CHROMIUM)
        page = browser.new_page()
        page.goto(server.address)
        page.wait_for_url(server.at("/"))
        script = "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"
        for name, one in _panels().items():
            samples: list[float] = []
            for _ in range(3):
                page.goto(server.at(one.path))
                while not (painted := page.evaluate(script)):  # the page allows no function that waits in it
                    page.wait_for_timeout(20)
                samples += painted
            found[name] = _spread(samples)["median"]
        browser.close()
    return found


def _live(server: _Server, project: Project) -> dict[str, Any]:
    """From the end of a command to its event in a stream, and what the server uses while nothing happens."""
    connection, stream = server.ask("/live")
    heard: list[float] = []

    def listen() -> None:
        with contextlib.suppress(OSError, ValueError, AttributeError):  # what http.client says when it was closed
            while line := stream.readline():
                if line.startswith(b"data: "):
                    heard.append(time.perf_counter())

    thread = threading.Thread(target=listen, daemon=True)
    thread.start()
    time.sleep(1)
    took = []
    for number in range(_EVENTS):
        before = len(heard)
        run(tool("checkpoint-record", "--track-id", f"bench-{number}", "--summary", "x"), project.main)
        written = time.perf_counter()
        until = written + 10
        while len(heard) == before and time.perf_counter() < until:
            time.sleep(0.005)
        if len(heard) == before:
            raise Broken("an event did not come to the stream")
        took.append(max(0.0, (heard[before] - written) * 1000))
        time.sleep(0.013 * number)
    time.sleep(2)
    used = _processor(server.pid)
    time.sleep(_IDLE_SECONDS)
    idle = (_processor(server.pid) - used) / _IDLE_SECONDS * 100
    connection.close()
    return {"event_ms": _spread(took), "idle_percent": round(idle, 2), "end_mb": memory(server.pid)}


def _processor(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    with open(f"/proc/{pid}/stat", encoding="ascii") as file:
        fields = file.read().rpartition(") ")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


# --- the terminal page ---


def _terminal(project: Project) -> dict[str, Any]:
    """The first screen, keys to their first byte, and memory after a walk through all views."""
    firsts = []
    for _ in range(3):
        with _terminal_page(project) as (screen, took):
            firsts.append(took)
            pid, descriptor = screen
            for key in (b"2", b"3", b"4", b"5", b"6", b"2"):
                os.write(descriptor, key)
                _settle(descriptor)
            keys = [_key(descriptor, key) for key in _KEYS]
            while select.select([descriptor], [], [], 3)[0]:  # the slow tools of view 6 come late
                os.read(descriptor, 1 << 16)
            held, used = memory(pid), _processor(pid)
            time.sleep(_IDLE_SECONDS / 2)
            idle = (_processor(pid) - used) / (_IDLE_SECONDS / 2) * 100
    return {"first_ms": _spread(firsts), "key_ms": _spread(keys), "walked_mb": held, "idle_percent": round(idle, 2)}


@contextlib.contextmanager
def _terminal_page(project: Project) -> Iterator[tuple[tuple[int, int], float]]:
    """The page on a terminal of 80 by 24, and the milliseconds until its table stood there with its count."""
    words = tool("fairway-tui", "--role", "B-ui", "--actor", "bench")
    begun = time.perf_counter()
    pid, descriptor = pty.fork()
    if pid == 0:
        os.chdir(project.main)
        os.execve(words[0], words, environment({"TERM": "xterm-256color"}))
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    try:
        seen = b""
        while b"A-backend" not in seen or b"rows" not in seen:
            if time.perf_counter() - begun > 60:
                raise Broken("fairway-tui showed no table")
            if select.select([descriptor], [], [], 0.05)[0]:
                seen += os.read(descriptor, 1 << 16)
        took = (time.perf_counter() - begun) * 1000
        _settle(descriptor)
        yield (pid, descriptor), took
    finally:
        os.kill(pid, signal.SIGTERM)
        os.close(descriptor)
        os.waitpid(pid, 0)


def _settle(descriptor: int) -> None:
    while select.select([descriptor], [], [], _QUIET)[0]:
        os.read(descriptor, 1 << 16)


def _key(descriptor: int, key: bytes) -> float:
    """Milliseconds from a key to the first byte that is drawn for it."""
    while select.select([descriptor], [], [], 0.02)[0]:
        os.read(descriptor, 1 << 16)
    begun = time.perf_counter()
    os.write(descriptor, key)
    select.select([descriptor], [], [], 5)
    return (time.perf_counter() - begun) * 1000
