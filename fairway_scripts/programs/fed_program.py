"""A program that is fed a text and has to end well in time; it leaves nothing running."""

from __future__ import annotations

from fairway_scripts.base import caller
from fairway_scripts.programs import runner

_SHOWN = 300


def feed_program(argv: list[str], text: bytes, seconds: float) -> str:
    """Run a program with `text` on its standard input: "" when it ended with 0, else why not.

    It runs in the caller's environment, and all that is left of it after `seconds` is ended.
    """
    try:
        ended = runner.run(argv, environment=caller.environment(), limit=seconds, feed=text, most=_SHOWN * 4)
    except OSError as problem:
        return f"{argv[0]}: {problem.strerror}"
    if ended.exit_code is None:
        return f"{argv[0]} did not end within {seconds:g} seconds"
    if ended.exit_code == 0:
        return ""
    said = ended.err.decode(errors="replace").strip()[-_SHOWN:]
    return f"{argv[0]} ended with {ended.exit_code}" + (f": {said}" if said else "")
