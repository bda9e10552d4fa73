"""The command that starts a provider: a template of words with placeholders, never a piece of shell.

A template is split into words like a command line, then each placeholder is replaced inside its word: whatever a
value holds, it stays that one word. There is no `$NAME`, no pipe and no `&&`; who needs them writes `sh -c '...'`
and reads the values from the environment, because text that is put into a script would be code.
"""

from __future__ import annotations

import itertools
import os
import re
import shlex
from typing import Final

#: What a template may name, by the variable in which the session's environment holds the same.
PLACEHOLDERS: Final = {
    "task_id": "FAIRWAY_TASK_ID",
    "role": "FAIRWAY_ROLE",
    "session_id": "FAIRWAY_SESSION_ID",
    "worktree": "FAIRWAY_WORKTREE",
    "branch": "FAIRWAY_BRANCH",
    "packet": "FAIRWAY_PACKET",
    "prompt": "FAIRWAY_PROMPT",
    "transcript": "FAIRWAY_TRANSCRIPT",
}
_BRACES: Final = re.compile(r"\{([^{}]*)\}|[{}]")
_SHELLS: Final = ("sh", "bash", "dash", "zsh", "ksh", "fish")
_SHELL_SIGNS: Final = ("|", "||", "&&", "&", ";", ">", ">>", "<", "2>&1")


def template_fault(template: str) -> str:
    """What is wrong with a template; "" when nothing is."""
    try:
        words = shlex.split(template)
    except ValueError as fault:
        return f"{template!r} is no command line: {str(fault).lower()}"
    if not words:
        return "must not be empty"
    for word in words:
        for found in _BRACES.finditer(word):
            if found[1] not in PLACEHOLDERS:
                known = ", ".join(f"{{{name}}}" for name in PLACEHOLDERS)
                return f"{template!r} has {found[0]}; known are {known}"
    if "{" in words[0]:
        return f"{template!r} must start with a program, not with a placeholder"
    if "=" in words[0]:
        return f"{template!r} starts with a setting: write env {words[0]} ..."
    sign = next((word for word in words if word in _SHELL_SIGNS), "")
    if sign:
        return f"{template!r} is run without a shell, so {sign} means nothing: write sh -c '...'"
    return _in_script(words)


def placeholders(template: str) -> set[str]:
    """The names of the placeholders in a template without faults."""
    return {found[1] for found in _BRACES.finditer(template)}


def command_words(template: str, values: dict[str, str]) -> list[str]:
    """The words of the command. A word that is nothing but a placeholder without a value is left out."""
    words = []
    for word in shlex.split(template):
        filled = _BRACES.sub(lambda found: values.get(found[1], ""), word)
        if filled or not _BRACES.fullmatch(word):
            words.append(filled)
    return words


def _in_script(words: list[str]) -> str:
    """The fault of a placeholder in the script of `sh -c`, where its value would be run as code."""
    shell = False
    for word, after in itertools.pairwise(words):
        shell = shell or os.path.basename(word) in _SHELLS
        if shell and re.fullmatch(r"-[a-z]*c", word) and (found := _BRACES.search(after)):
            return f'{found[0]} inside a shell script would be run as code: write "${PLACEHOLDERS[found[1]]}"'
    return ""
