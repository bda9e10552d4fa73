"""Starting the dashboard: where it listens, what it answers to, and the server itself."""

from __future__ import annotations

import ipaddress
import socket
import sys
from typing import TYPE_CHECKING, Any

import uvicorn

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.dashboard.app import Pages, application
from fairway_scripts.dashboard.desk import Desk
from fairway_scripts.dashboard.door import Keys
from fairway_scripts.project.places import store_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.dashboard.live import Feed

#: Seconds that open streams are given to end when the server stops.
_GRACE = 1
#: Connections at once: 250 streams and the pages beside them.
_MOST = 300


class _Server(uvicorn.Server):
    """A server that ends the streams of live events before it waits for what is being answered."""

    def __init__(self, config: uvicorn.Config, feed: Feed) -> None:
        super().__init__(config)
        self._feed = feed

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End every stream, then what else is open."""
        await self._feed.end()
        await super().shutdown(sockets)


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens at `host`."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hosts_of(host: str, port: int) -> frozenset[str]:
    """The Host headers that a server at this address answers to."""
    names = {"127.0.0.1", "localhost", "[::1]"} if is_loopback(host) else {f"[{host}]" if ":" in host else host}
    return frozenset(f"{name.lower()}:{port}" for name in names) | ({*names} if port == 80 else set())


def serve(folders: list[str], args: Any, *, host: str, port: int, read_only: bool, told: Callable[[str], None]) -> None:
    """Serve until interrupted; `told` gets the address with the token as soon as it answers there.

    `folders` are the checkouts of the projects. Raises FairwayError `usage` for an address that cannot be listened at.
    """
    listening = _listen(host, port)
    port = listening.getsockname()[1]
    desk = Desk(folders, args, read_only=read_only)
    keys = Keys(desk.ask_here(store_folder), port)
    shown = "127.0.0.1" if is_loopback(host) else host
    told(f"http://{shown}:{port}/enter#{keys.token}")
    pages = Pages(desk, keys)
    config = uvicorn.Config(
        application(pages, hosts_of(host, port)),
        log_level="error",
        access_log=False,
        lifespan="off",
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST,
        timeout_graceful_shutdown=_GRACE,
        ws="none",
    )
    try:
        _Server(config, pages.feed).run(sockets=[listening])
    finally:
        desk.close()
        sys.stderr.flush()


def _listen(host: str, port: int) -> socket.socket:
    """A socket that listens already: who is told the address can connect, and waits for the server to begin."""
    if port > 65535:
        raise FairwayError("usage", f"PORT {port} is no port: the largest is 65535")
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_MOST)
    except (OSError, UnicodeError) as fault:
        listening.close()
        why = getattr(fault, "strerror", None) or "that is no address"
        hint = "name another PORT, or 0 for any free one"
        raise FairwayError("usage", f"nothing can listen at {host}:{port}: {why}", hint) from fault
    return listening
