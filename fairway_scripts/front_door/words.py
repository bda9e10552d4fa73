"""The words of a call under an old name, put the way the tools read them."""

from __future__ import annotations

import os

from fairway_scripts.variables import ALIASES, SWITCHES, VALUES, VARIABLE_ALIASES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

#: Tools whose bare word is a lane; everywhere else it is taken for a task.
LANE_FIRST = frozenset({"queue-preflight", "agent-role-config"})


def _flag(name: str) -> str:
    return "--" + name.lower().replace("_", "-")


_ALL_NAMES = {*VALUES, *SWITCHES, *(other for others in VARIABLE_ALIASES.values() for other in others)}
_TAKES_VALUE = {_flag(name) for name in VALUES} | {flag for flags in ALIASES.values() for flag in flags} | {"--config"}


def own_words(words: list[str], renamed: dict[str, str] | None = None) -> list[str]:
    """`words` with each value joined to its flag: `--task_id B-1`, `TASK_ID=B-1` -> `--task-id=B-1`.

    `renamed` maps flags that a script had to ours (`--agent` -> `--owner`). A value that begins with a dash stays a
    value that way. Whatever is not known is left as it is, for the tool to judge.
    """
    done: list[str] = []
    rest = iter(words)
    for word in rest:
        if word == "--":
            return [*done, word, *rest]
        done.append(_own_word(word, rest, renamed or {}))
    return done


def _own_word(word: str, rest: Iterator[str], renamed: dict[str, str]) -> str:
    name, equals, value = word.partition("=")
    if word.startswith("-") and name in renamed:
        word, name = renamed[name] + equals + value, renamed[name]
    if word.startswith("--"):
        flag = name.replace("_", "-")
        if equals:
            return f"{flag}={value}"
        following = next(rest, None) if flag in _TAKES_VALUE else None
        return flag if following is None else f"{flag}={following}"
    return f"{_flag(name)}={value}" if equals and name in _ALL_NAMES else word


def split_subcommand(words: list[str]) -> tuple[str, list[str]]:
    """The first bare word of `own_words` and all the others; "" when there is none."""
    for position, word in enumerate(words):
        if not word.startswith("-"):
            return word, [*words[:position], *words[position + 1 :]]
        if word == "--":
            break
    return "", words


def lane_and_task(tool: str, words: list[str]) -> tuple[str, str]:
    """The ROLE and the TASK_ID that `own_words` name, else those of the environment; "" for what nobody names."""
    found = {"--role": "", "--task-id": "", "--task": ""}
    bare = ""
    for word in words:
        name, equals, value = word.partition("=")
        if equals and name in found:
            found[name] = value
        elif not bare and word and not word.startswith("-"):
            bare = word
    lane, task = found["--role"], found["--task-id"] or found["--task"]
    if tool in LANE_FIRST:
        lane = lane or bare
    elif tool:  # of a call that is not known, nobody can say what its bare words are
        task = task or bare
    environment = os.environ.get
    if not lane and not task:
        task = environment("TASK_ID", "") or environment("TASK", "")
        lane = environment("ROLE", "")
    return lane.strip(), task.strip()


def from_environment(names: list[str], *, always: bool = False) -> list[str]:
    """The words of a call that says everything in its environment, as make variables do, for a tool that takes `names`.

    Only with a TASK_ID there is a call read so: names such as STATUS stand in many environments by accident. `always`
    is for scripts that were never called in another way.
    """
    if not always and ("TASK_ID" not in names or not os.environ.get("TASK_ID")):
        return []
    return [f"{_flag(name)}={os.environ[name]}" for name in names if os.environ.get(name)]
