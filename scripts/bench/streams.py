"""Many browsers at one dashboard: how late an event comes to each, and whether any is lost or told twice.

The browsers are tasks of one event loop in a thread of this process, so that they cost little themselves.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import subprocess
import threading
import time
from typing import TYPE_CHECKING, Any, Self

from projects import tool
from stopwatch import Broken, environment, run

if TYPE_CHECKING:
    from collections.abc import Callable

    from projects import Project

#: Browsers at once, and seconds between two writers of the minute; each of so many is killed on its way.
MANY, _PACE, _KILLED = 200, 1.0, 7
#: Seconds that browsers are given to be told what was written last.
_PATIENCE = 30.0


class Browsers:
    """So many live streams of one dashboard, each of which comes again behind the last event that it was told."""

    def __init__(self, port: int, cookie: str, cursor: int, many: int = MANY) -> None:
        self.port, self.cookie, self.cursor = port, cookie, cursor
        #: of each browser the numbers of the events that it was told, each with the time
        self.told: list[list[tuple[int, float]]] = [[] for _ in range(many)]
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        time.sleep(2)  # until all of them listen
        return self

    def __exit__(self, *_: object) -> None:
        self._loop.call_soon_threadsafe(self._all.cancel)
        self._thread.join(30)

    def have(self, last: int) -> bool:
        """Whether each was told of the event `last`, waiting for it for a while."""
        until = time.monotonic() + _PATIENCE
        while not all(one and one[-1][0] >= last for one in self.told):
            if time.monotonic() > until:
                return False
            time.sleep(0.1)
        return True

    def _run(self) -> None:
        async def everybody() -> None:
            await asyncio.gather(*(self._browse(one) for one in self.told))

        self._all = self._loop.create_task(everybody())
        with contextlib.suppress(asyncio.CancelledError):
            self._loop.run_until_complete(self._all)
        self._loop.close()

    async def _browse(self, told: list[tuple[int, float]]) -> None:
        while True:
            with contextlib.suppress(OSError):
                reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
                lines = [f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{self.port}", f"Cookie: {self.cookie}"]
                last = told[-1][0] if told else self.cursor
                writer.write("\r\n".join([*lines, f"Last-Event-ID: {last}\r\n\r\n"]).encode())
                number = 0
                while line := await reader.readline():
                    if line.startswith(b"id: "):
                        number = int(line[4:])
                    elif line.startswith(b"data: "):
                        told.append((number, time.time()))
                writer.close()
            await asyncio.sleep(0.2)


def write(project: Project, track: str, *, killed_after: float = 0) -> float | None:
    """Record a checkpoint by a process; when it had ended, None for one that was killed first."""
    process = subprocess.Popen(
        tool("checkpoint-record", "--track-id", track, "--summary", "x"),
        cwd=project.main,
        env=environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if killed_after:
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(killed_after)
        process.kill()
    code = process.wait()
    if code and not killed_after:
        raise Broken(f"checkpoint-record ended with {code}")
    return None if killed_after else time.time()


def events(project: Project, after: int) -> dict[int, str]:
    """The events behind `after`: their numbers, each with the track that it is about."""
    told = json.loads(run(tool("queue-activity", "--limit", "1000", "--json"), project.main))["events"]
    return {row["event_id"]: str(row["payload"].get("subject_id", "")) for row in told if row["event_id"] > after}


def newest(project: Project) -> int:
    """The number of the last event."""
    found = json.loads(run(tool("queue-activity", "--limit", "1", "--json"), project.main))["events"]
    return int(found[0]["event_id"]) if found else 0


def delays(browsers: Browsers, written: dict[str, float], tracks: dict[int, str]) -> list[float]:
    """Milliseconds from the end of each writer in `written` to each browser that was told."""
    return [
        max(0.0, (at - written[tracks[number]]) * 1000)
        for told in browsers.told
        for number, at in told
        if tracks.get(number) in written
    ]


def minute(project: Project, port: int, cookie: str, restart: Callable[[], None], seconds: float) -> dict[str, Any]:
    """MANY browsers while somebody writes once a second, every seventh of these is killed, and the server is restarted.

    Returns `{seconds, browsers, events, deliveries, lost, doubled, delays}`; `delays` are those of what was written
    while the server was there.
    """
    before = newest(project)
    written: dict[str, float] = {}
    with Browsers(port, cookie, before) as browsers:
        steps, begun = max(4, round(seconds / _PACE)), time.monotonic()
        for step in range(steps):
            track = f"minute-{before}-{step}"
            away = step == steps // 2
            stopping = threading.Thread(target=restart) if away else None
            if stopping:
                stopping.start()
            at = write(project, track, killed_after=0.02 * (1 + step % 5) if step % _KILLED == 2 else 0)
            if stopping:
                stopping.join()
            elif at is not None:
                written[track] = at
            time.sleep(max(0.0, begun + (step + 1) * _PACE - time.monotonic()))
        tracks = events(project, before)
        browsers.have(max(tracks, default=before))
        time.sleep(1)  # in which an event that is told twice would come
    took = time.monotonic() - begun
    expected = sorted(tracks)
    numbers = [[number for number, _at in told] for told in browsers.told]
    return {
        "seconds": round(took, 1),
        "browsers": len(numbers),
        "events": len(expected),
        "deliveries": sum(map(len, numbers)),
        "lost": sum(len(set(expected) - set(one)) for one in numbers),
        "doubled": sum(len(one) - len(set(one)) for one in numbers),
        "delays": delays(browsers, written, tracks),
    }
