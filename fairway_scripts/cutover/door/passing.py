"""Handing a call over to the script that was there before, as if nobody had stood in between."""

from __future__ import annotations

import _signal  # type: ignore[import-not-found]  # what `signal` is made of, without its costly enumerations
import errno
import os

from fairway_scripts.cutover.door import handover

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.cutover_shapes import FrontDoor, ShadowedCall

#: Signals that the interpreter ignores for itself, which a program it starts would inherit: SIGPIPE and SIGXFSZ.
_IGNORED_HERE = ("SIGPIPE", "SIGXFSZ")
_COERCED = ("C.UTF-8", "C.utf8", "UTF-8")


def replace_process(argv: list[str], extra: dict[str, str], feed: str = "") -> NoReturn:
    """Become the original: its arguments, streams, signals and exit code are its own. Raises OSError.

    `feed` is what it reads, "" for what the caller gives it.
    """
    if feed:
        os.dup2(fed(feed), 0)
    for number in default_signals():
        _signal.signal(number, _signal.SIG_DFL)
    environment = {**original_environment(), **extra}
    try:
        os.execve(argv[0], argv, environment)
    except OSError as problem:
        if problem.errno != errno.ENOEXEC:
            raise
        os.execve("/bin/sh", ["/bin/sh", *argv], environment)  # a script without a first line, as shells run it


def fed(text: str) -> int:
    """Return a file without a name that holds a text, to be read from its beginning."""
    import tempfile

    with tempfile.TemporaryFile() as file:
        file.write(os.fsencode(text))
        file.flush()
        file.seek(0)
        return os.dup(file.fileno())


def original_environment() -> dict[str, str]:
    """Return the environment as the caller gave it: in the C locale the interpreter adds an LC_CTYPE for itself."""
    environment = {**os.environ, **handover.STAY_LEGACY}
    if environment.get("LC_CTYPE") in _COERCED and not environment.get("LC_ALL"):
        try:
            with open("/proc/self/environ", "rb") as file:
                given = any(entry.startswith(b"LC_CTYPE=") for entry in file.read().split(b"\0"))
        except OSError:
            given = True
        if not given:
            del environment["LC_CTYPE"]
    return environment


def default_signals() -> list[int]:
    """Return the signals to be put back to what programs expect."""
    return [getattr(_signal, name) for name in _IGNORED_HERE if hasattr(_signal, name)]


def original_in(script: str, repository: Repository) -> str:
    """Return the original of a script as the caller's checkout has it, else the main one; "" for none."""
    for root in checkouts(repository):
        path = handover.original(script, root)
        if path:
            return path
    return ""


def checkouts(repository: Repository) -> list[str]:
    """Return the checkouts in which a call's original is looked for, in order."""
    return [root for root in (repository.worktree, repository.main_worktree) if root]


def shadowed_call(
    data: FrontDoor,
    script: str,
    argv: list[str],
    tool: str,
    own_argv: list[str],
    values: dict[str, str],
    role: str,
    untranslated: list[str],
) -> ShadowedCall:
    """Return what is noted of a call that both sides do: `argv` runs the original, `own_argv` are words of our tool."""
    return {
        "tool": tool,
        "own_argv": own_argv,
        "values": values,
        "untranslated": untranslated,
        "role": role,
        "task_id": values.get("TASK_ID", ""),
        "script": script,
        "argv": argv,
        "database": data.get("legacy_db", ""),
    }
