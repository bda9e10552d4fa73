"""The part of a check-up that looks at a store on a server and at the way there."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.board.orchestrator.findings import ERROR, NOTE, WARNING, finding
from fairway_scripts.project.project import is_born
from fairway_scripts.store.postgres.facts import OLDEST, facts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.board.board_shapes import DoctorFinding
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.postgres.server_shapes import ServerFacts

#: So many seconds between the clocks of two machines are worth a word, so many milliseconds of a round trip too.
SKEW_SECONDS = 2.0
SLOW_MS = 100.0


def server_findings(project: Project) -> list[DoctorFinding]:
    """What is wrong with the server, the role that is used there, and the file with the password."""
    found = list(_password_file())
    store = project.store
    if store is None or not is_born(store):
        return found
    if store.guard is not None:
        found.append(finding("store_foreign", WARNING, store.guard.message, store.guard.hint))
    try:
        told = facts(store)
    except FairwayError as problem:
        return [*found, finding(problem.word, ERROR, problem.message, problem.hint)]
    return [*found, *_of_the_server(store.path, told), *_of_the_way(store.path, told), *_of_the_role(store.path, told)]


def _of_the_server(place: str, told: ServerFacts) -> Iterator[DoctorFinding]:
    if told["version"] < OLDEST:
        message = f"{place}: the server is version {told['version'] // 10000}; 13 is the oldest that is known to work"
        yield finding("server_old", WARNING, message, suggest("queue-backup"))
    if told["standby"]:
        message = f"{place} is a standby: nothing can be written"
        yield finding("server_standby", ERROR, message, "target_session_attrs=read-write in the service")
    if told["collations"]:
        message = f'{place}: {", ".join(told["collations"][:5])} is not compared byte by byte (COLLATE "C")'
        yield finding("server_collation", ERROR, message, suggest("queue-backup"))
    if abs(told["skew"]) > SKEW_SECONDS:
        message = f"{place}: the server's clock is {told['skew']:+.1f} s from this machine's; times are the server's"
        yield finding("server_clock", WARNING, message, "timedatectl status")


def _of_the_way(place: str, told: ServerFacts) -> Iterator[DoctorFinding]:
    if told["reachable_ms"] > SLOW_MS:
        message = f"{place}: a question takes {told['reachable_ms']:.0f} ms"
        yield finding("server_slow", NOTE, message, suggest("queue-where"))
    if not (told["encrypted"] or told["local"]):
        message = f"{place} is reached without encryption"
        yield finding("server_plain", WARNING, message, "sslmode=verify-full in the service")


def _of_the_role(place: str, told: ServerFacts) -> Iterator[DoctorFinding]:
    if not told["may_write"]:
        yield finding("server_role", NOTE, f"{place}: the role {told['role']} only reads", suggest("queue-where"))
    elif told["may_rewrite"]:
        message = f"{place}: the role {told['role']} may change events that are there, as only an owner should"
        yield finding("server_role", NOTE, message, suggest("queue-where"))


def _password_file() -> list[DoctorFinding]:
    """A password file that others can read is not used.

    https://www.postgresql.org/docs/current/libpq-pgpass.html
    """
    path = os.environ.get("PGPASSFILE") or os.path.expanduser("~/.pgpass")
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return []
    if not stat.S_IMODE(mode) & 0o077:
        return []
    message = f"{path} can be read by others, so PostgreSQL's library does not use it"
    return [finding("password_file", ERROR, message, f"chmod 600 {quoted(path)}")]
