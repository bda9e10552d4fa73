"""A way to a server that is long, or breaks off: a relay, and network namespaces as machines."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

#: What a client sends to commit a change (the Parse message of an unnamed statement): readers end by another one.
COMMIT = b"\0COMMIT\0"
#: What becomes of a commit on a relay that cuts.
LOST, UNANSWERED, SILENT = "lost", "unanswered", "silent"


class Relay:
    """Carries TCP connections on to a socket of a server, and takes its time: `delay` seconds in each direction.

    With `cut` it breaks a connection off at its first commit: `LOST` before the server gets it, `UNANSWERED` when the
    server has answered and the client has not heard it; `SILENT` is the same, but nobody hangs up.
    `is_down` refuses every new connection.
    """

    def __init__(self, target: str, *, host: str = "127.0.0.1", delay: float = 0.0, cut: str = "") -> None:
        self.target, self.delay, self.cut = target, delay, cut
        self.goes_down = self.is_down = False
        self._listener = socket.create_server((host, 0), backlog=64)
        self.host, self.port = self._listener.getsockname()[:2]
        threading.Thread(target=self._accept, daemon=True).start()

    def service(self, name: str = "fairway", user: str = "fairway") -> str:
        """The section of a service file that leads here."""
        return f"[{name}]\nhost={self.host}\nport={self.port}\ndbname=postgres\nuser={user}\nsslmode=disable\n"

    def close(self) -> None:
        """Take no more connections."""
        self._listener.close()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _address = self._listener.accept()
                if self.is_down:
                    client.close()
                    continue
                client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                server = socket.socket(socket.AF_UNIX)
                server.connect(self.target)
                pair = _Pair(self, client, server)
                for pump in (pair.up, pair.down):
                    threading.Thread(target=pump, daemon=True).start()


class _Pair:
    """One connection in both directions."""

    def __init__(self, relay: Relay, client: socket.socket, server: socket.socket) -> None:
        self._relay, self._client, self._server = relay, client, server
        self._is_committing = False

    def up(self) -> None:
        """From the client to the server."""
        self._pump(self._client, self._server, self._is_let_up)

    def down(self) -> None:
        """From the server to the client."""
        self._pump(self._server, self._client, lambda _data: not self._is_committing)

    def _is_let_up(self, data: bytes) -> bool:
        if COMMIT not in data or not self._relay.cut:
            return True
        self._relay.is_down = self._relay.goes_down
        self._is_committing = True
        return self._relay.cut in (UNANSWERED, SILENT)

    def _pump(self, source: socket.socket, target: socket.socket, lets: Callable[[bytes], bool]) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(1 << 16):
                time.sleep(self._relay.delay)
                if not lets(data):
                    if self._relay.cut == SILENT:
                        continue
                    break
                target.sendall(data)
        for end in (self._client, self._server):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


class Machine:
    """A network namespace with a name of its own, which reaches nothing but a relay on this machine."""

    def __init__(self, number: int, target: str, delay: float) -> None:
        self.name = f"fw{os.getpid() % 100000}-{number}"
        self._address = f"10.{64 + os.getpid() % 128}.{number}"  # of nobody else: runs are beside each other
        inside, outside = f"fwi{os.getpid() % 100000}-{number}", f"fwo{os.getpid() % 100000}-{number}"
        _ip("netns", "add", self.name)
        try:
            _ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", self.name)
            _ip("addr", "add", f"{self._address}.1/24", "dev", outside)
            _ip("link", "set", outside, "up")
            _ip("-n", self.name, "addr", "add", f"{self._address}.2/24", "dev", inside)
            for device in ("lo", inside):
                _ip("-n", self.name, "link", "set", device, "up")
            self.relay = Relay(target, host=f"{self._address}.1", delay=delay)
        except BaseException:
            self.remove()
            raise

    def words(self, *words: str) -> list[str]:
        """A command line that runs another one on this machine."""
        named = 'hostname=$1; shift; echo $hostname >/proc/sys/kernel/hostname; exec "$@"'
        return ["ip", "netns", "exec", self.name, "unshare", "--uts", "sh", "-c", named, "sh", self.name, *words]

    def remove(self) -> None:
        """Leave nothing of it."""
        subprocess.run(["ip", "netns", "del", self.name], check=False, capture_output=True)


def why_no_machines() -> str:
    """Why no network namespace can be made here, "" where it can."""
    if os.geteuid():
        return "network namespaces need root"
    if not (shutil.which("ip") and shutil.which("unshare")):
        return "ip or unshare is missing"
    name = f"fw{os.getpid() % 100000}-try"
    try:
        _ip("netns", "add", name)
        _ip("netns", "exec", name, "unshare", "--uts", "true")
    except OSError as problem:
        return str(problem)
    finally:
        subprocess.run(["ip", "netns", "del", name], check=False, capture_output=True)
    return ""


def _ip(*words: str) -> None:
    done = subprocess.run(["ip", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        raise OSError(f"ip {' '.join(words)}: {done.stderr.strip()}")
