"""A server of a test, in a thread of this process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from socketserver import BaseServer
from typing import TypeVar

Server = TypeVar("Server", bound=BaseServer)

#: Seconds between looks at whether a server is to end; by default it is half a second, which every test would wait.
_LOOK = 0.01


@contextmanager
def serving(server: Server) -> Iterator[Server]:
    """Let a server answer until the block ends."""
    thread = threading.Thread(target=server.serve_forever, args=(_LOOK,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
