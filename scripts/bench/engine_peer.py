"""procrastinate, a job queue on PostgreSQL: its jobs are taken one after the other, as a worker of it does."""

from __future__ import annotations

import asyncio
import importlib.util
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    #: the number of the job that was taken, "" where there is none left
    Take = Callable[[], Awaitable[str]]

#: The database of its own, beside the one of the suite.
DATABASE = "bench_peer"


def why_not() -> str:
    """Why its row is missing, "" where it is here."""
    found = importlib.util.find_spec("procrastinate")
    return "" if found else "procrastinate is not installed (pip install procrastinate 'psycopg[binary]')"


def _app() -> Any:
    import procrastinate

    connector = procrastinate.PsycopgConnector(conninfo=f"service=fairway dbname={DATABASE}", min_size=1, max_size=1)
    return procrastinate.App(connector=connector)


def fill(env: dict[str, str], tasks: int) -> None:
    """Make its tables with as many jobs as there are tasks."""
    os.environ.update(env)
    asyncio.run(_fill(tasks))


async def _fill(tasks: int) -> None:
    app = _app()
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        deferrer = app.configure_task("bench.nothing", allow_unknown=True)
        await deferrer.batch_defer_async(*({"number": number} for number in range(tasks)))


async def taker() -> Take:
    """A worker that is connected and registered."""
    app = _app()
    await app.open_async()
    worker = await app.job_manager.register_worker()

    async def take() -> str:
        job = await app.job_manager.fetch_job(None, worker)
        return "" if job is None else str(job.id)

    return take
