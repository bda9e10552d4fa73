"""A PostgreSQL server of one's own: on a socket in a temporary folder, for a demo or a run of the tests."""

from __future__ import annotations

import glob
import os
import pwd
import shutil
import subprocess
import tempfile
import time

SERVICE = "fairway"
#: Debian's packages put each version's programs here.
_BIN = sorted(glob.glob("/usr/lib/postgresql/*/bin"), key=lambda name: float(name.split("/")[4]))


def programs() -> str:
    """The folder of the server's programs, "" where there is none."""
    found = shutil.which("initdb")
    return os.path.dirname(os.path.realpath(found)) if found else (_BIN[-1] if _BIN else "")


class Server:
    """A running server with one service, `fairway`, whose roles need no password."""

    def __init__(self, bin_folder: str, *, parent: str = "", flushes: bool = False, **options: str) -> None:
        """Begin a server in a folder of its own below `parent` (default: memory); `flushes`: a commit is on disk."""
        self.bin = bin_folder
        self.options = {"fsync": "on" if flushes else "off", **options}
        parent = parent or ("/dev/shm" if os.path.isdir("/dev/shm") else "")
        self.folder = tempfile.mkdtemp(prefix="fw-pg-", dir=parent or None)
        self.data = os.path.join(self.folder, "data")
        self.service_file = os.path.join(self.folder, "pg_service.conf")
        self.user = _other_user()
        if self.user is not None:
            os.chown(self.folder, self.user, -1)
            os.chmod(self.folder, 0o755)
        self._run("initdb", "-D", self.data, "-U", "fairway", "--auth=trust", "-E", "UTF8", "--locale=C", "-N")
        with open(self.service_file, "w", encoding="utf-8") as file:
            file.writelines(
                f"[{name}]\nhost={self.folder}\ndbname=postgres\nuser={role}\n\n"
                for name, role in ((SERVICE, "fairway"), ("reader", "fairway_reader"), ("writer", "fairway_writer"))
            )
        self.start()

    def start(self) -> None:
        """Start the server and wait for it."""
        options = {
            "listen_addresses": "",
            "unix_socket_directories": self.folder,
            "max_connections": "120",
            "shared_buffers": "32MB",
            "logging_collector": "off",
            **self.options,
        }
        words = [word for name, value in options.items() for word in ("-c", f"{name}={value}")]
        with open(os.path.join(self.folder, "log"), "ab") as log:
            self.process = subprocess.Popen(
                [os.path.join(self.bin, "postgres"), "-D", self.data, *words],
                user=self.user,
                cwd=self.folder,
                stdout=log,
                stderr=log,
            )
        for _try in range(400):
            if self._answers():
                return
            time.sleep(0.025)
        raise AssertionError("the server of the tests did not start")

    def _answers(self) -> bool:
        words = ("pg_isready", "-q", "-h", self.folder, "-d", "postgres")
        return subprocess.run([os.path.join(self.bin, words[0]), *words[1:]], check=False).returncode == 0

    def stop(self, signal: int = 3) -> None:
        """End the server at once (SIGQUIT), as a machine that fails does."""
        if self.process.poll() is None:
            self.process.send_signal(signal)
            self.process.wait(30)

    def remove(self) -> None:
        """End it and leave nothing behind."""
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *words: str) -> None:
        done = subprocess.run(
            [os.path.join(self.bin, program), *words],
            user=self.user,
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr

    def sql(self, text: str, role: str = "fairway") -> str:
        """What psql prints for a statement: values parted by `|`, no headings."""
        words = [
            "psql",
            "-X",
            "-q",
            "-A",
            "-t",
            "-v",
            "ON_ERROR_STOP=1",
            "-h",
            self.folder,
            "-U",
            role,
            "-d",
            "postgres",
        ]
        words[0] = os.path.join(self.bin, "psql")
        done = subprocess.run([*words, "-c", text], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    @property
    def environment(self) -> dict[str, str]:
        """What a call needs to find the server."""
        return {"PGSERVICEFILE": self.service_file}


def _other_user() -> int | None:
    """Whom the server runs as: initdb refuses root."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_uid
        except KeyError:
            continue
    return 65534
