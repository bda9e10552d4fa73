"""How long an answer is waited for: the library waits for ever, also for a server that nothing is heard of any more."""

from __future__ import annotations

import select

#: The server ends a statement by itself before this (`channel.STATEMENT_SECONDS`): who is silent for longer is away.
ANSWER_SECONDS = 130.0


def is_heard(socket: int) -> bool:
    """Wait until something comes from a socket; False where nothing does."""
    waiting = select.poll()
    waiting.register(socket, select.POLLIN)
    return bool(waiting.poll(ANSWER_SECONDS * 1000))


def unheard() -> str:
    """What is said of a server of which nothing comes."""
    return f"nothing was heard of the server for {ANSWER_SECONDS:.0f} seconds"
