"""Many browsers, a writer that is killed and a server that is restarted: each event once, in order, to each."""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys

from tests.dashboard.test_process import Running
from tests.support.engines import engine_variables
from tests.support.rings import length
from tests.support.shell import BIN, Checkout, environment

BROWSERS = length(20, 200)
#: Events in each third of the day, one of six by a writer that is killed; and seconds between two of them, so that the
#: day takes a minute in full length.
STEPS, PACE = length(6, 20), length(0, 1)
KILLED = 6


async def browse(running: Running, cursor: int, told: list[int]) -> None:
    """Listen for ever, and come again behind the last event whenever the connection ends."""
    while True:
        with contextlib.suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", running.port)
            lines = [f"GET /live HTTP/1.1\r\nHost: 127.0.0.1:{running.port}", f"Cookie: {running.cookie}"]
            writer.write("\r\n".join([*lines, f"Last-Event-ID: {told[-1] if told else cursor}\r\n\r\n"]).encode())
            number = 0
            while line := await reader.readline():
                if line.startswith(b"id: "):
                    number = int(line[4:])
                elif line.startswith(b"data: "):
                    told.append(number)
            writer.close()
        await asyncio.sleep(0.2)


async def work(project: Checkout, first: int) -> None:
    """Write some events, and kill one writer of KILLED on its way."""
    loop = asyncio.get_running_loop()
    begun = loop.time()
    for step in range(first, first + STEPS):
        line = [sys.executable, f"{BIN}/checkpoint-record", "--track-id", f"t-{step}", "--summary", "x"]
        quiet, variables = subprocess.DEVNULL, environment(**engine_variables(project.main))
        writer = await asyncio.create_subprocess_exec(
            *line, cwd=project.main, env=variables, stdout=quiet, stderr=quiet
        )
        if step % KILLED == 2:
            await asyncio.sleep(0.1)
            with contextlib.suppress(ProcessLookupError):
                writer.kill()
        await writer.wait()
        await asyncio.sleep(begun + PACE * (step - first + 1) - loop.time())


def newest(project: Checkout) -> int:
    return int(project.ok("queue-activity", "--limit", "1", "--json").json["events"][0]["event_id"])


def test_nothing_is_lost_and_nothing_is_told_twice(project: Checkout) -> None:
    project.ok("queue-ready")
    before = newest(project)
    told: list[list[int]] = [[] for _ in range(BROWSERS)]
    running = Running(project)

    async def day() -> Running:
        everybody = [asyncio.create_task(browse(running, before, one)) for one in told]
        await work(project, 0)
        assert await asyncio.to_thread(running.stop) == 130
        await work(project, STEPS)
        again = await asyncio.to_thread(Running, project, "--port", str(running.port), entered=running.cookie)
        await work(project, 2 * STEPS)
        last = await asyncio.to_thread(newest, project)
        for _ in range(600):
            if all(one and one[-1] >= last for one in told):
                break
            await asyncio.sleep(0.1)
        for one in everybody:
            one.cancel()
        await asyncio.gather(*everybody, return_exceptions=True)
        return again

    again = asyncio.run(day())
    assert again.stop() == 130
    events = project.ok("queue-activity", "--limit", "100", "--json").json["events"]
    expected = sorted(event["event_id"] for event in events if event["event_id"] > before)
    killed = len([step for step in range(3 * STEPS) if step % KILLED == 2])
    assert 3 * STEPS - killed <= len(expected) <= 3 * STEPS
    assert [one for one in told if one != expected] == []
