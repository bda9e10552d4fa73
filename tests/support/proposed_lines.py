"""Command lines that answers and refusals propose, and whether the words of each stand beside it."""

from __future__ import annotations

import os
import shlex
from collections.abc import Iterator
from typing import Any

from fairway_scripts.calls.published import _HANDED_ON
from fairway_scripts.catalog import TOOLS

TARGETS = {target for tool in TOOLS.values() for target in tool.make_targets}
#: Other programs whose lines are proposed.
OTHERS = ("git", "rm", "ls", "df", "mv", "pip", "gh", "glab", "sqlite-utils", "ssh-add", "tmux", "zellij")
#: Names under which we propose something; `command` is also what a user's own command is called.
PROPOSED = ("fix", "hint", "repeat", "replay", "next_step")
#: Where a `command` is one of ours.
STEPS = ("next_step", "actions", "commands", "selected", "next_steps")
#: Signs of lines that no list of words can stand for: several commands in a row, or an output that goes into a file.
SHELL = (" && ", " > ", " >> ")


def is_line(text: str) -> bool:
    """Whether a text is a command line: its first words are a tool, a make target of ours, or a program."""
    first, _blank, rest = text.partition(" ")
    if first == "make":
        return rest.split(" ", 1)[0] in TARGETS
    return os.path.basename(first) in TOOLS or first in OTHERS


def is_for_a_shell(text: str) -> bool:
    """Whether a text is a line that only a shell can run."""
    return is_line(text) and any(sign in text for sign in SHELL)


def proposed(value: Any, place: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Every `(text, object)` of an answer in which the object proposes the text."""
    if isinstance(value, list):
        for entry in value:
            yield from proposed(entry, place)
    elif isinstance(value, dict):
        for name, entry in value.items():
            if isinstance(entry, str) and (name in PROPOSED or (name == "command" and place in STEPS)):
                yield entry, value
            elif not (name in _HANDED_ON and isinstance(entry, dict)):
                yield from proposed(entry, name)


def lines_without_words(answer: Any) -> list[str]:
    """The command lines that an answer proposes without their words, and the words that are not those of the line."""
    found = []
    for text, row in proposed(answer):
        words = row.get("argv", [])
        if is_line(text) and not is_for_a_shell(text):
            found += [f"{text}: argv is {words}"] if shlex.split(text) != words else []
        elif not is_line(text) and words and shlex.split(text) != words:
            found.append(f"{text}: is no line, and argv is {words}")
    return found
