"""Who runs a command: the actor, the session it speaks for, and the lane it most likely means."""

from __future__ import annotations

import os

from fairway_scripts.errors import FairwayError

SESSION_VARIABLE = "FAIRWAY_SESSION_ID"


class Identity:
    """The actor of one call.

    `actor` is the name that goes into the ledger. `named` is true when somebody chose it (`--actor`, `ACTOR` or
    a session id): only a chosen name can tell two people apart, `user@host` is shared by all who use the machine.
    """

    __slots__ = ("actor", "named", "session")

    def __init__(self, actor: str, session: str, *, named: bool) -> None:
        self.actor = actor
        self.session = session
        self.named = named


def identify(given: str | None) -> Identity:
    """The actor: `given` (`--actor`), else `ACTOR`, else the session's id, else `user@host`."""
    session = os.environ.get(SESSION_VARIABLE, "")
    chosen = given or os.environ.get("ACTOR") or session
    if chosen:
        return Identity(clean_name(chosen, "actor"), session, named=True)
    return Identity(f"{_user()}@{_host()}", session, named=False)


def clean_name(value: str, what: str) -> str:
    """`value` when it can stand in a record as a name: UTF-8, no control characters, at most 200 characters.

    Raises FairwayError `usage` otherwise.
    """
    if any(ord(char) < 32 or ord(char) == 127 or 0xD800 <= ord(char) <= 0xDFFF for char in value):
        raise FairwayError("usage", f"{what} {value!a} holds a control character or is not UTF-8")
    if len(value) > 200:
        raise FairwayError("usage", f"{what} is {len(value)} characters long; at most 200 are taken")
    return value


def _user() -> str:
    for variable in ("LOGNAME", "USER"):
        if os.environ.get(variable):
            return os.environ[variable]
    try:
        import pwd

        return pwd.getpwuid(os.getuid()).pw_name
    except (ImportError, KeyError):
        return "unknown"


def _host() -> str:
    return os.uname().nodename or "localhost"
