"""The lines of the Model Context Protocol: each that asks is answered, and what is sent is text.

The SDK drops a line that it cannot read, and a client that waits for its answer waits for ever; and when its input
ends it drops what it is at work on, though the call may have changed the record by then.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar, cast

import anyio
import mcp_types as types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

from fairway_scripts.base import jsonio

if TYPE_CHECKING:
    from typing import Self

    from mcp.shared._stream_protocols import ReadStream, WriteStream

_Told = TypeVar("_Told")


class Sending:
    """What is sent to a client, and the requests that it waits for."""

    def __init__(self, writing: WriteStream[SessionMessage]) -> None:
        self._writing = writing
        self._asked: Counter[object] = Counter()  # a client may give an id again before it has its answer
        self._answered = anyio.Event()

    def heard(self, message: types.JSONRPCMessage) -> None:
        """Take note of a message of the client: what it asks is waited for until it is answered or cancelled."""
        if isinstance(message, types.JSONRPCRequest):
            self._asked[message.id] += 1
        elif isinstance(message, types.JSONRPCNotification) and message.method == "notifications/cancelled":
            request = (message.params or {}).get("requestId")
            if isinstance(request, (str, int)):
                self._asked.pop(request, None)
                self._answered.set()

    async def all_answered(self) -> None:
        """Come back when nothing is waited for."""
        while self._asked:
            self._answered = anyio.Event()
            await self._answered.wait()

    async def send(self, item: SessionMessage) -> None:
        """Send a message; see `anyio`'s streams."""
        await self._writing.send(item)
        if isinstance(item.message, (types.JSONRPCResponse, types.JSONRPCError)):
            self._asked -= Counter([item.message.id])
            self._answered.set()

    async def aclose(self) -> None:
        """Close the stream below."""
        await self._writing.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_why: object) -> None:
        await self.aclose()


class Answered:
    """The messages of a client; for each line that is none the client gets an error, with the id where it is known.

    They end when the client's input has ended and all that was asked is answered.
    """

    def __init__(self, reading: ReadStream[SessionMessage | Exception], sending: Sending) -> None:
        self._reading = reading
        self._sending = sending

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        try:
            return await self.receive()
        except anyio.EndOfStream:
            raise StopAsyncIteration from None

    async def receive(self) -> SessionMessage | Exception:
        """The next message; see `anyio`'s streams. Raises what the stream below raises when there is none."""
        while True:
            try:
                item = await self._reading.receive()
            except anyio.EndOfStream:
                await self._sending.all_answered()
                raise
            if not isinstance(item, Exception):
                self._sending.heard(item.message)
                return item
            await self._refuse(item)

    async def _refuse(self, fault: Exception) -> None:
        answer = refusal(fault)
        if answer is not None:
            await self._sending.send(SessionMessage(answer))

    async def aclose(self) -> None:
        """Close the stream below."""
        await self._reading.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_why: object) -> None:
        await self.aclose()

    @property
    def last_context(self) -> object:
        """The context of the last message, which the SDK runs its handler in."""
        return getattr(self._reading, "last_context", None)


def refusal(fault: Exception) -> types.JSONRPCError | None:
    """What a line that is no message is answered with; None for an empty one, which is no message at all."""
    line, given = _read(fault)
    if line is None:
        return _error(types.INVALID_REQUEST, "the line is no message of JSON-RPC 2.0", given)
    if not line.strip():
        return None
    try:
        given = jsonio.loads(line)
    except (ValueError, RecursionError):
        return _error(types.PARSE_ERROR, "the line is no JSON, or is nested too deeply", None)
    return _error(types.INVALID_PARAMS, "a text holds half of a pair of surrogates, which is no character", given)


def speakable(told: _Told) -> _Told:
    """A value that can be sent: a byte of a file's name that is no UTF-8 is written out as JSON writes it."""
    if isinstance(told, str):
        return cast("_Told", told if told.isascii() else told.encode(errors="backslashreplace").decode())
    if isinstance(told, dict):
        return cast("_Told", {speakable(name): speakable(value) for name, value in told.items()})
    return cast("_Told", [speakable(item) for item in told]) if isinstance(told, list) else told


def _error(code: int, message: str, given: object) -> types.JSONRPCError:
    found = given.get("id") if isinstance(given, dict) else None
    known = isinstance(found, int) and not isinstance(found, bool)
    if isinstance(found, str) and speakable(found) == found:
        known = True
    asked = cast("str | int", found) if known else None
    return types.JSONRPCError(jsonrpc="2.0", id=asked, error=types.ErrorData(code=code, message=message))


def _read(fault: Exception) -> tuple[str | None, object]:
    """The line that could not be read as JSON, else (None, what it holds), as far as the fault has it."""
    if not isinstance(fault, ValidationError):
        return None, None
    told = fault.errors(include_url=False, include_context=False)
    if told[0]["type"] == "json_invalid":
        return str(told[0]["input"]), None
    whole = (item["input"] for item in told if item["type"] == "missing" and len(item["loc"]) == 2)
    return None, next(whole, None)
