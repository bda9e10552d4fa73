"""Live events: one reader of the ledger for all browsers, and for each of them a place in it.

A browser has a cursor, the number of the last event that it was told of, and sends it back when it comes again
(Last-Event-ID). So nobody is told an event twice and nobody misses one, whoever was restarted in between. The newest
events are kept in memory; who is further behind is told from the store, a bounded number at a time.
"""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response, StreamingResponse

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.board.oversight import events_after, last_event

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from starlette.requests import Request

    from fairway_scripts.dashboard.desk import Desk
    from fairway_scripts.store.rows import OversightEventsAfter

#: Seconds between two looks at the mark of the store, and looks that are taken before anybody has to listen.
_EVERY, _AT_LEAST = 0.25, 8
#: Streams at once, events in memory, and events that are read at a time.
MOST_STREAMS, _KEPT, _AT_ONCE = 250, 2000, 500
#: Seconds of silence after which a stream says that it is there.
_SILENCE = 15.0


class Feed:
    """The events of a project, as they happen."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.streams = 0
        self._kept: deque[OversightEventsAfter] = deque(maxlen=_KEPT)
        self._head = 0
        self._news = asyncio.Condition()
        self._reader: asyncio.Task[None] | None = None
        self._is_over = False

    async def answer(self, request: Request) -> Response:
        """The stream of one browser, from behind Last-Event-ID, else `after`, else from now on."""
        if self.streams >= MOST_STREAMS or self._is_over:
            return PlainTextResponse("Too many streams are open.\n", 503, {"retry-after": "30"})
        asked = request.headers.get("last-event-id") or request.query_params.get("after", "")
        await self._begin()
        known = asked.isascii() and asked.isdigit() and len(asked) < 16
        # a number that is not there yet is one of another store, which was restored since
        cursor = min(int(asked), self._head) if known else self._head
        return StreamingResponse(
            self._stream(cursor),
            media_type="text/event-stream",
            headers={"cache-control": "no-store", "x-accel-buffering": "no"},
        )

    async def end(self) -> None:
        """End every stream; there will be no other."""
        self._is_over = True
        async with self._news:
            self._news.notify_all()
        if self._reader is not None:
            self._reader.cancel()

    async def _begin(self) -> None:
        """Start the one reader with the first browser: of many that come at once, one starts it."""
        async with self._news:
            if self._reader is None or self._reader.done():
                self._head = await self.desk.ask(last_event)
                self._kept.clear()
                self._reader = asyncio.create_task(self._read())

    async def _read(self) -> None:
        """Read what is new, until nobody listens any more."""
        before: object = None
        looks = 0
        while self.streams or looks < _AT_LEAST:
            await asyncio.sleep(_EVERY)
            looks += 1
            now = await self.desk.mark()
            if now == before:
                continue
            try:
                new = await self.desk.ask(lambda project: events_after(project, self._head, limit=_AT_ONCE))
            except FairwayError:
                continue  # the store is busy, or away for a moment: what happened is read with the next look
            before = now if len(new) < _AT_ONCE else None
            if new:
                self._kept.extend(new)
                self._head = new[-1]["id"]
                async with self._news:
                    self._news.notify_all()

    async def _behind(self, cursor: int) -> list[OversightEventsAfter]:
        """The events behind a cursor, from memory where it reaches back so far."""
        if cursor >= self._head:
            return []
        if self._kept and self._kept[0]["id"] <= cursor + 1:
            return [row for row in self._kept if row["id"] > cursor]
        return await self.desk.ask(lambda project: events_after(project, cursor, limit=_AT_ONCE))

    async def _stream(self, cursor: int) -> AsyncIterator[str]:
        self.streams += 1
        try:
            yield f"retry: 2000\nid: {cursor}\n\n"
            while not self._is_over:
                new = await self._behind(cursor)
                for row in new:
                    yield f"id: {row['id']}\nevent: change\ndata: {json.dumps(row)}\n\n"
                    cursor = row["id"]
                if new:
                    continue
                try:
                    async with asyncio.timeout(_SILENCE), self._news:
                        await self._news.wait_for(lambda: self._is_over or self._head > cursor)  # noqa: B023 - asked now
                except TimeoutError:
                    yield ": here\n\n"
        finally:
            self.streams -= 1
