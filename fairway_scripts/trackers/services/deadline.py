"""A limit on a request as a whole: the client's own time limits begin again with each byte that comes."""

from __future__ import annotations

import contextlib
import socket
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping


class Deadline:
    """Shuts the connection of a request that has not been answered in full after so many seconds."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.has_passed = False
        self._socket: socket.socket | None = None

    def notice(self, event: str, told: Mapping[str, Any]) -> None:
        """Keep the newest connection: the client tells what it does (its extension `trace`)."""
        if event.endswith(("connect_tcp.complete", "start_tls.complete")):
            self._socket = told["return_value"].get_extra_info("socket")
            if self.has_passed:
                self._shut()

    @contextlib.contextmanager
    def holding(self) -> Iterator[None]:
        """Hold what is done within; `has_passed` says afterwards whether it was cut off."""
        self.has_passed = False
        timer = threading.Timer(self.seconds, self._shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _shut(self) -> None:
        self.has_passed = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                # the socket's own method: TLS's would change its state under the thread that reads
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)
