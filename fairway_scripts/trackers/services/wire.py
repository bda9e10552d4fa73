"""Requests to one tracker: time limits, rate limits, attempts, pages, and a token that is in nothing that comes back.

A request is repeated only where repeating cannot do anything twice. A redirection is followed on the tracker's own
host alone, so that the token goes nowhere else.
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

import httpx2

from fairway_scripts.base.words.trackers import host_of
from fairway_scripts.trackers.services.deadline import Deadline
from fairway_scripts.trackers.services.issues import TrackerError
from fairway_scripts.trackers.services.limits import is_limit, wait_of, when
from fairway_scripts.trackers.services.shapes import part

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    Params = Mapping[str, str | int | list[str]]

_ATTEMPTS = 3
_PAUSE = 0.5
#: Seconds that one call of a tool waits for rate limits altogether.
_PATIENCE = 20.0
_MOST_BYTES = 16 << 20
_MOST_REDIRECTS = 3
_FAILING = (500, 502, 503, 504)
_LONGEST_MESSAGE = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: `data` is its JSON, None for none; `next` the address of the page behind it, "" for none.

    `sent_on` is the address to which a redirection led, "" where there was none.
    """

    status: int
    headers: Mapping[str, str]
    data: object
    next: str = ""
    sent_on: str = ""


class _Call(NamedTuple):
    """A request; `repeat` says that doing it twice does no harm."""

    method: str
    address: str
    params: Params | None
    body: object
    headers: dict[str, str] | None
    repeat: bool


class Wire:
    """The requests of one call of a tool to one tracker."""

    def __init__(self, address: str, headers: dict[str, str], secrets: Sequence[str], seconds: float) -> None:
        """`secrets` are the forms in which the token is sent: they are taken out of all that comes back."""
        self.host = host_of(address)
        self._address = address.rstrip("/")
        self._secrets = [secret for secret in secrets if secret]
        self._patience = _PATIENCE
        self._shut: TrackerError | None = None
        own = {"User-Agent": "fairway-scripts", "Accept": "application/json"}
        self._deadline = Deadline(seconds)
        self._client = httpx2.Client(headers={**own, **headers}, timeout=seconds, follow_redirects=False)

    def close(self) -> None:
        """Close what is open."""
        self._client.close()

    def call(
        self,
        method: str,
        path: str,
        *,
        params: Params | None = None,
        body: object = None,
        headers: dict[str, str] | None = None,
        repeat: bool = True,
        accept: Sequence[int] = (),
    ) -> Reply:
        """The answer to a request; 2xx, 304 and the statuses of `accept`. `path` may be the address of a next page.

        `repeat` says that doing it twice does no harm. Raises TrackerError.
        """
        address = path if "://" in path else f"{self._address}{path}"
        try:
            return self._answer(_Call(method, address, params, body, headers, repeat), accept)
        except (ValueError, httpx2.InvalidURL):
            raise TrackerError("bad_answer", f"{self.host} names an address that is none") from None

    def _answer(self, call: _Call, accept: Sequence[int]) -> Reply:
        if host_of(call.address) != self.host:
            raise TrackerError("bad_answer", f"{self.host} names a page on another host")
        for step in range(_MOST_REDIRECTS):
            reply = self._reply(call)
            if reply.status not in (301, 302, 303, 307, 308):
                return self._judged(replace(reply, sent_on=call.address if step else ""), accept)
            place = reply.headers.get("location", "")
            if not place:
                raise TrackerError("bad_answer", f"{self.host} answered {reply.status} without an address")
            target = str(httpx2.URL(call.address).join(place))
            same_host = host_of(target) == self.host
            if call.method != "GET" or not same_host or not target.startswith(call.address.partition("/")[0]):
                where = "" if same_host else f" to {host_of(target)}"
                raise TrackerError("moved", f"{self.host} says that it moved{where}")
            call = call._replace(address=target, params=None)
        raise TrackerError("bad_answer", f"{self.host} sends the request round in a circle")

    def pages(self, path: str, params: Params) -> Iterator[object]:
        """The rows of a list, page by page: by the Link header, else by `x-next-page`. Raises TrackerError."""
        reply = self.call("GET", path, params=params)
        seen = {path}
        while True:
            if not isinstance(reply.data, list):
                raise TrackerError("bad_answer", f"{self.host} gave no list")
            yield from reply.data
            page = reply.headers.get("x-next-page", "")
            following = reply.next or page
            if not following:
                return
            if following in seen:
                raise TrackerError("bad_answer", f"{self.host} gives the same page again")
            seen.add(following)
            reply = self.call("GET", reply.next) if reply.next else self._page(path, params, page)

    def _page(self, path: str, params: Params, page: str) -> Reply:
        return self.call("GET", path, params={**params, "page": page})

    def _reply(self, call: _Call) -> Reply:
        if self._shut is not None:
            raise self._shut
        for attempt in range(_ATTEMPTS):
            reply = self._attempt(call, last=attempt == _ATTEMPTS - 1)
            if reply is not None:
                return reply
            time.sleep(_PAUSE * 2**attempt)
        self._shut = TrackerError("rate_limited", f"{self.host} takes no more requests for now")
        raise self._shut

    def _attempt(self, call: _Call, *, last: bool) -> Reply | None:
        """The answer to one attempt; None where there may be another. Raises TrackerError."""
        sent = True
        try:
            with self._deadline.holding():
                reply = self._sent(call)
            if self._deadline.has_passed:  # an answer without a length ends with its connection
                raise httpx2.ReadTimeout("")
        except (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout) as problem:
            why, sent = type(problem).__name__, False
        except httpx2.HTTPError as problem:
            why = type(problem).__name__
            if self._deadline.has_passed:
                why = f"no whole answer within {self._deadline.seconds:g} s"
        else:
            if is_limit(reply.status, reply.headers, reply.data):
                self._hold_back(reply)
                return None
            if reply.status not in _FAILING:
                return reply
            why = f"answered {reply.status}"
        if sent and not call.repeat:
            raise TrackerError("outcome_unknown", f"{self.host}: {why}")
        if last:
            raise TrackerError("unreachable", f"{self.host}: {why}")
        return None

    def _hold_back(self, reply: Reply) -> None:
        """Wait as long as the tracker asks. Raises TrackerError, for later requests too, where that is too long."""
        seconds = wait_of(reply.headers)
        if seconds > self._patience:
            self._shut = TrackerError("rate_limited", f"{self.host} takes no more requests until {when(seconds)}")
            raise self._shut
        self._patience -= seconds
        time.sleep(seconds)

    def _sent(self, call: _Call) -> Reply:
        given = None if call.body is None else json.dumps(call.body).encode()
        headers = {"Content-Type": "application/json", **(call.headers or {})} if given else call.headers
        with self._client.stream(
            call.method,
            call.address,
            params=call.params,
            content=given,
            headers=headers,
            extensions={"trace": self._deadline.notice},
        ) as response:
            raw = b""
            for chunk in response.iter_bytes():
                raw += chunk
                if len(raw) > _MOST_BYTES:
                    raise TrackerError("bad_answer", f"{self.host} answered with more than {_MOST_BYTES >> 20} MiB")
            following = self.without_secrets(str(response.links.get("next", {}).get("url", "")))
            told = {name.lower(): self.without_secrets(value) for name, value in response.headers.items()}
            return Reply(response.status_code, told, self._data(raw), following)

    def _data(self, raw: bytes) -> object:
        try:
            return self._cleaned(json.loads(raw.decode("utf-8", "replace"))) if raw.strip() else None
        except (ValueError, RecursionError):
            return None

    def _cleaned(self, value: object) -> object:
        """A value of JSON without the token, however it was written there."""
        if isinstance(value, str):
            return self.without_secrets(value)
        if isinstance(value, list):
            return [self._cleaned(entry) for entry in value]
        if isinstance(value, dict):
            return {self.without_secrets(name): self._cleaned(entry) for name, entry in value.items()}
        return value

    def without_secrets(self, text: str) -> str:
        """A text of the tracker's without the token, should it hold it."""
        for secret in self._secrets:
            text = text.replace(secret, "[token]")
        return text

    def _judged(self, reply: Reply, accept: Sequence[int]) -> Reply:
        status = reply.status
        if status in accept or status == 304:
            return reply
        if 200 <= status < 300:
            if reply.data is None and status != 204:
                raise TrackerError("bad_answer", f"{self.host} answered {status} without JSON")
            return reply
        words = {401: "no_access", 403: "no_access", 404: "hidden", 410: "gone"}
        said = message_of(reply.data)
        word = words.get(status, "bad_answer")
        if status == 403 and "lock" in said.lower():
            word = "locked"
        raise TrackerError(word, f"{self.host} answered {status}{f': {said}' if said else ''}")


def message_of(data: object) -> str:
    """What an answer says in words, on one line and not at length."""
    found: object = ""
    if isinstance(data, dict):
        errors = data.get("errorMessages") or data.get("errors")
        first = errors[0] if isinstance(errors, list) and errors else None
        found = (
            data.get("message") or data.get("error") or (part(first, "message") if isinstance(first, dict) else first)
        )
    line = " ".join(str(found or "").split())
    return "".join(char for char in line if char.isprintable())[:_LONGEST_MESSAGE]
