"""The lines of the Model Context Protocol: one that is no message is answered too, and what is sent is text.

The SDK drops a line that it cannot read, and a client that waits for its answer waits for ever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

import mcp_types as types
from mcp.shared.message import SessionMessage
from pydantic import ValidationError

from fairway_scripts.base import jsonio

if TYPE_CHECKING:
    from typing import Self

    from mcp.shared._stream_protocols import ReadStream, WriteStream

_Told = TypeVar("_Told")


class Answered:
    """The messages of a client; for each line that is none the client gets an error, with the id where it is known."""

    def __init__(
        self,
        reading: ReadStream[SessionMessage | Exception],
        writing: WriteStream[SessionMessage],
    ) -> None:
        self._reading = reading
        self._writing = writing

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        while True:
            item = await self._reading.__anext__()
            if not isinstance(item, Exception):
                return item
            await self._refuse(item)

    async def receive(self) -> SessionMessage | Exception:
        """The next message; see `anyio`'s streams. Raises what the stream below raises when there is none."""
        while True:
            item = await self._reading.receive()
            if not isinstance(item, Exception):
                return item
            await self._refuse(item)

    async def _refuse(self, fault: Exception) -> None:
        answer = refusal(fault)
        if answer is not None:
            await self._writing.send(SessionMessage(answer))

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
