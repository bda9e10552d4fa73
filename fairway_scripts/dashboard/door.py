"""Who may come in: the checks that stand before every route.

In this order: the Host header has to name this server with its port (a page of another site that has our address is
refused before anything is looked up), the body is bounded, the caller has the cookie that the token of the start was
exchanged for, and what changes something comes from a form of ours. Every answer carries the headers of `_HEADERS`.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import hmac
import os
import secrets
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import PlainTextResponse

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.formats.file_replacement import write_new_file

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: The largest body of a request, in bytes.
MOST_BYTES = 64 << 10
#: What may be asked for without the cookie.
_OPEN = ("/enter", "/static/")
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}


class Keys:
    """The secrets of one dashboard: the token of this start, and the key that cookies and forms are signed with.

    The key stays in a private file beside the store, so that open pages outlive a restart of the server.
    """

    def __init__(self, folder: str, port: int) -> None:
        self.token = secrets.token_urlsafe(32)
        self.cookie = f"fairway_{port}"
        self._key = _kept_key(os.path.join(folder, "dashboard.key"))

    def is_token(self, given: str) -> bool:
        """Whether `given` is the token of this start."""
        return hmac.compare_digest(given.encode(), self.token.encode())

    def cookie_for(self, name: str) -> str:
        """A new value of the cookie, for somebody who is called `name` ("" for nobody yet)."""
        told = base64.urlsafe_b64encode(f"{secrets.token_hex(8)}:{name}".encode()).decode().rstrip("=")
        return f"{told}.{self._sign('cookie', told)}"

    def name_in(self, cookie: str) -> str | None:
        """The name in a cookie of ours, None for any other value."""
        told, _, signature = cookie.partition(".")
        if not hmac.compare_digest(signature.encode(), self._sign("cookie", told).encode()):
            return None
        return base64.urlsafe_b64decode(told + "=" * (-len(told) % 4)).decode().partition(":")[2]

    def form_token(self, cookie: str) -> str:
        """What a form has to send along that was made for the holder of `cookie`."""
        return self._sign("form", cookie)

    def is_form_token(self, given: str, cookie: str) -> bool:
        """Whether a form was made for the holder of `cookie`."""
        return hmac.compare_digest(given.encode(), self.form_token(cookie).encode())

    def _sign(self, what: str, text: str) -> str:
        return hmac.new(self._key, f"{what}:{text}".encode(), hashlib.sha256).hexdigest()


def _kept_key(path: str) -> bytes:
    """The key in a private file of ours, made when there is none; one for this process where none can be kept."""
    new = secrets.token_bytes(32)
    mask = os.umask(0o077)
    try:
        with contextlib.suppress(FairwayError):
            write_new_file(path, new)
    finally:
        os.umask(mask)
    try:
        status = os.lstat(path)
        if status.st_uid == os.getuid() and not status.st_mode & 0o077:
            with open(path, "rb") as file:
                kept = file.read(64)
            if len(kept) == len(new):
                return kept
    except OSError:
        pass
    return new


class Door:
    """The ASGI application in front of the pages; `hosts` are the Host headers that this server answers to."""

    def __init__(self, app: ASGIApp, keys: Keys, hosts: frozenset[str]) -> None:
        self.app = app
        self.keys = keys
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                kept = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    kept[name] = value
                kept.setdefault("cache-control", "no-store")
            await send(message)

        refusal = self._refusal(scope, headers)
        if refusal is None:
            body = await _bounded(receive, headers)
            if body is None:
                refusal = PlainTextResponse("The body is larger than 64 KiB.\n", 413)
            else:
                await self.app(scope, body, send_guarded)
                return
        await refusal(scope, receive, send_guarded)

    def _refusal(self, scope: Scope, headers: Headers) -> PlainTextResponse | None:
        """What is answered instead of the page; sets `scope["state"]` for those who may come in."""
        named = headers.getlist("host")
        if len(named) != 1 or named[0].lower() not in self.hosts:
            return PlainTextResponse("This server is not called that.\n", 421)
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD", "POST"):
            return PlainTextResponse("Only GET and POST are answered.\n", 405, {"allow": "GET, HEAD, POST"})
        own = f"http://{named[0].lower()}"
        if scope["method"] == "POST" and not _is_from_here(headers, own):
            return PlainTextResponse("This form is not one of this server's pages.\n", 403)
        cookie = cookie_parser(headers.get("cookie", "")).get(self.keys.cookie, "")
        name = self.keys.name_in(cookie)
        scope.setdefault("state", {}).update(cookie=cookie, name=name or "", entered=name is not None)
        if name is None and not path.startswith(_OPEN):
            return _asked_for_token(headers, path)
        return None


def _asked_for_token(headers: Headers, path: str) -> PlainTextResponse:
    if path == "/" and "text/html" in headers.get("accept", ""):
        return PlainTextResponse("Enter with the address that the start printed.\n", 303, {"location": "/enter"})
    return PlainTextResponse("Enter first, with the address that the start printed: /enter\n", 403)


def _is_from_here(headers: Headers, own: str) -> bool:
    """Whether a form was sent by a page of ours, as the browser itself says: by Origin, else by Sec-Fetch-Site."""
    origin = headers.get("origin")
    if origin is not None and origin != "null":
        return origin.lower() == own
    return headers.get("sec-fetch-site") == "same-origin"


async def _bounded(receive: Receive, headers: Headers) -> Receive | None:
    """A `receive` that gives the whole body, read before anything is done with it; None for one that is too large."""
    length = headers.get("content-length", "")
    if length and not (length.isascii() and length.isdigit() and int(length) <= MOST_BYTES):
        return None
    if not length and "transfer-encoding" not in headers:
        return receive
    pieces: list[bytes] = []
    while True:
        message = await receive()
        pieces.append(message.get("body", b""))
        if sum(map(len, pieces)) > MOST_BYTES:
            return None
        if not message.get("more_body"):
            break
    whole: list[Message] = [{"type": "http.request", "body": b"".join(pieces), "more_body": False}]

    async def given() -> Message:
        return whole.pop() if whole else await receive()

    return given
