"""Starting the dashboard: where it listens, what it answers to, and the server itself."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import socket
import stat
import sys
from typing import TYPE_CHECKING

import uvicorn

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.dashboard.app import Pages, application
from fairway_scripts.dashboard.desk import Desk
from fairway_scripts.dashboard.door import Keys
from fairway_scripts.project.places import store_folder

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.calls.tool_calls import FairwayDashboard
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


#: Begins a HOST that is a socket in the file system.
_UNIX = "unix:"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach what listens at `host`: a socket in the file system only its own user."""
    if host == "localhost" or host.startswith(_UNIX):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def hosts_of(host: str, port: int) -> frozenset[str]:
    """The Host headers that a server at this address answers to."""
    names = {"127.0.0.1", "localhost", "[::1]"} if is_loopback(host) else {f"[{host}]" if ":" in host else host}
    return frozenset(f"{name.lower()}:{port}" for name in names) | ({*names} if port == 80 else set())


def serve(
    folders: list[str], args: FairwayDashboard, *, host: str, port: int, read_only: bool, told: Callable[[str], None]
) -> None:
    """Serve until interrupted; `told` gets the address with the token as soon as it answers there.

    `folders` are the checkouts of the projects. Raises FairwayError `usage` for an address that cannot be listened at.
    """
    path = os.path.abspath(host.removeprefix(_UNIX)) if host.startswith(_UNIX) and host != _UNIX else ""
    if host.startswith(_UNIX):
        listening = _listen_at(path, port)
    else:
        listening = _listen(host, port)
        port = listening.getsockname()[1]
    desk = Desk(folders, args, read_only=read_only)
    desk.tidy()  # the call may have imported a queue file before
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
        if path:
            with contextlib.suppress(OSError):
                os.unlink(path)
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


def _listen_at(path: str, port: int) -> socket.socket:
    """A socket in the file system that its own user alone may open; what an ended server left there is replaced.

    Whoever looks forwards `port` of another machine, or of this one, to it: pages are then asked of that port.
    """
    if not path or not 0 < port <= 65535:
        hint = "name the path, and the PORT that is forwarded to it: HOST=unix:/run/user/1000/fairway PORT=7878"
        raise FairwayError("usage", f"unix:{path} with PORT {port} is no place to listen at", hint)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    mask = os.umask(0o177)
    try:
        if _is_left(path):
            os.unlink(path)
        listening.bind(path)
        listening.listen(_MOST)
    except OSError as fault:
        listening.close()
        raise FairwayError(
            "usage", f"nothing can listen at unix:{path}: {fault.strerror or fault}", "name another path"
        ) from fault
    finally:
        os.umask(mask)
    return listening


def _is_left(path: str) -> bool:
    """Whether a socket lies at `path` that nobody answers any more."""
    try:
        if not stat.S_ISSOCK(os.lstat(path).st_mode):
            return False
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as asking:
            asking.connect(path)
    except ConnectionRefusedError:
        return True
    except OSError:
        return False
    return False
