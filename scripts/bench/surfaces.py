"""What people look at: the dashboard over HTTP and in Chromium, the terminal page on a pseudo-terminal."""

from __future__ import annotations

import contextlib
import gzip
import http.client
import shutil
import signal
import subprocess
import time
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

import screens
import streams
from projects import tool
from readings import memory, processor, spread
from stopwatch import Broken, environment

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projects import Project

    from fairway_scripts.dashboard.panels import Page

_LOOKS, _EVENTS, _IDLE_SECONDS = 5, 20, 10.0
#: Seconds after which the dashboard has given back what its largest answers held.
_TIDY = 3.0
_CHROMIUM = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def measure(project: Project, seconds: float) -> dict[str, Any]:
    """Figures of both pages for a project: milliseconds, MB, percent of one processor, bytes.

    Many browsers listen for `seconds` while writers are killed and the server is restarted.
    """
    with _dashboard(project) as server:
        found = {"start_mb": memory(server.pid), **_pages(server), "unknown_ms": _unknown(server)}
        time.sleep(_TIDY)
        found["all_panels_mb"] = memory(server.pid)
        with _browser(server) as page:
            found["paint_ms"] = _paints(server, page) if page else {}
            found |= _live(server, project, page, many=1)
            found["idle_percent"] = _idle(server, project)
            found["crowd"] = _live(server, project, page, many=streams.MANY)
        minute = streams.minute(project, server.port, server.cookie, server.restart, seconds)
        found["minute"] = {**minute, "delays": spread(minute["delays"]), "memory_mb": memory(server.pid)}
    return {"size": project.size, "dashboard": found, "terminal": screens.measure(project)}


def missing() -> str:
    """The package that the pages lack here, "" when all are there."""
    return next((name for name in ("uvicorn", "starlette", "jinja2", "textual") if find_spec(name) is None), "")


class _Server:
    """A running dashboard that this process has entered."""

    def __init__(self, project: Project) -> None:
        self.project, self.port, self.cookie = project, 0, ""
        self.start()
        form = urlencode({"token": urlsplit(self.address).fragment})
        headers = {"origin": self.at(""), "content-type": "application/x-www-form-urlencoded"}
        _connection, answer = self.ask("/enter", "POST", form, headers)
        self.cookie = str(answer.getheader("set-cookie")).partition(";")[0]

    def start(self) -> None:
        """Start it, at the port that it had; raises Broken when it says nothing."""
        self.process = subprocess.Popen(
            tool("fairway-dashboard", "--port", str(self.port), "--actor", "bench"),
            cwd=self.project.main,
            env=environment(),
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        if not self.address:
            raise Broken("fairway-dashboard printed no address")
        self.pid, self.port = self.process.pid, urlsplit(self.address).port or 0

    def stop(self) -> None:
        """End it as a person does."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(30)

    def restart(self) -> None:
        """End it, and start it again."""
        self.stop()
        self.start()

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
    server = _Server(project)
    try:
        yield server
    finally:
        server.stop()


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
        first[name] = spread([took for took, _body in looks])["median"]
        sizes[name] = len(gzip.compress(looks[-1][1]))
    return {"first_byte_ms": first, "gzip_bytes": sizes}


def _unknown(server: _Server) -> float:
    """Milliseconds to the answer that there is no such page; raises Broken when it says anything else."""
    samples = []
    for number in range(_LOOKS):
        begun = time.perf_counter()
        connection, answer = server.ask(f"/no-such-page-{number}")
        samples.append((time.perf_counter() - begun) * 1000)
        connection.close()
        if answer.status != 404:
            raise Broken(f"an unknown path was answered with {answer.status}")
    return spread(samples)["median"]


@contextlib.contextmanager
def _browser(server: _Server) -> Iterator[Any]:
    """A page of Chromium that has entered; None where Chromium or Playwright is missing."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None or find_spec("playwright") is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=chromium, args=_CHROMIUM)
        page = browser.new_page()
        page.goto(server.address)
        page.wait_for_url(server.at("/"))
        yield page
        browser.close()


def _paints(server: _Server, page: Any) -> dict[str, float]:
    """First contentful paint of each page in Chromium."""
    found = {}
    script = "performance.getEntriesByName('first-contentful-paint').map(one => one.startTime)"
    for name, one in _panels().items():
        samples: list[float] = []
        for _ in range(3):
            page.goto(server.at(one.path))
            while not (painted := page.evaluate(script)):  # the page allows no function that waits in it
                page.wait_for_timeout(20)
            samples += painted
        found[name] = spread(samples)["median"]
    return found


#: Remembers when the name of each track was first seen on the page.
_WATCHING = """() => {
  window.seen = {};
  const look = () => {
    for (const name of document.body.textContent.match(/live-\\d+-\\d+-\\d+/g) || []) seen[name] ??= Date.now();
  };
  new MutationObserver(look).observe(document.body, {childList: true, subtree: true});
}"""


def _live(server: _Server, project: Project, page: Any, *, many: int) -> dict[str, Any]:
    """From the end of a command to its event in `many` streams, and to its row on the screen beside them."""
    before = streams.newest(project)
    written: dict[str, float] = {}
    if page:
        page.goto(server.at("/activity"))
        page.evaluate(_WATCHING)
    with streams.Browsers(server.port, server.cookie, before, many) as browsers:
        for number in range(_EVENTS):
            track = f"live-{many}-{before}-{number}"
            written[track] = streams.write(project, track) or 0
            time.sleep(0.4 + 0.013 * number)  # so that they come at any moment between two looks of the server
        tracks = streams.events(project, before)
        if not browsers.have(max(tracks)):
            raise Broken("an event did not come to a stream")
        found: dict[str, Any] = {"event_ms": spread(streams.delays(browsers, written, tracks)), "screen_ms": None}
    if page:
        page.wait_for_timeout(2000)
        seen = page.evaluate("seen")
        if away := written.keys() - seen.keys():
            raise Broken(f"{len(away)} events did not come to the screen")
        found["screen_ms"] = spread([max(0.0, seen[track] - at * 1000) for track, at in written.items()])
    return {**found, "end_mb": memory(server.pid)}


def _idle(server: _Server, project: Project) -> float:
    """Percent of one processor that the server uses while nothing happens, with one stream open."""
    with streams.Browsers(server.port, server.cookie, streams.newest(project), 1):
        time.sleep(2)
        used = processor(server.pid)
        time.sleep(_IDLE_SECONDS)
        return round((processor(server.pid) - used) / _IDLE_SECONDS * 100, 2)
