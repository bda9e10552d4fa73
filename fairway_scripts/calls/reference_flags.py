"""Flags of the Go program Fairway in the names of our tools, so that scripts which were written for it go on."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Final

#: tool -> its flag there -> ours; one with `=` carries its value.
_FLAGS: Final = {
    "queue-record-handoff": {"--to": "--to-role", "--payload": "--notes"},
    "queue-record-review": {"--verdict": "--status", "--reason": "--note"},
    "queue-route-review": {"--reviewer": "--reviewer-role"},
    "queue-spawn": {
        "--id": "--task-id",
        "--role": "--to-role",
        "--child": "--place=child",
        "--sibling": "--place=sibling",
        "--root": "--place=root",
    },
    "queue-update": {"--role": "--to-role"},
    "record-guard-report": {"--guard": "--gate", "--mode": "--guard-mode"},
    "session-launch": {"--command": "--provider-command"},
    "watcher-packet": {
        "--success": "--success-condition",
        "--failure": "--failure-condition",
        "--owner": "--owner-lane",
    },
    "watcher-start": {"--success": "--success-condition", "--failure": "--failure-condition"},
    "watcher-status": {"--include-done": "--all"},
    "worktree-prune": {"--force": "--yes"},
}
#: Words of a verdict there and here.
_VERDICTS: Final = {"approve": "approved", "changes": "changes_requested", "reject": "blocked"}
#: tool -> the flag that its first bare word stands for.
_BARE: Final = {"queue-import": "--queue-file", "queue-backup": "--output", "queue-snapshot": "--output"}
#: tool -> the flag that its second bare word stands for: `set-status ID STATE`.
_SECOND: Final = {"queue-set-status": "--status"}
#: Flags that say what is the case here anyway.
_NEEDLESS: Final = {"queue-import": ("--state-once",)}


def translate(tool: str, words: list[str]) -> list[str]:
    """The words of a call with its flags in our names; words of another command behind `--` stay as they are."""
    end = words.index("--") if "--" in words else len(words)
    own, others = words[:end], words[end:]
    own = [word for word in own if word not in _NEEDLESS.get(tool, ())]
    if tool in _BARE:
        own = _bare(tool, own)
    if tool in _SECOND and len(own) > 1 and not own[0].startswith("-") and not own[1].startswith("-"):
        own = [own[0], f"{_SECOND[tool]}={own[1]}", *own[2:]]
    renames = _FLAGS.get(tool, {})
    own = [_renamed(renames, word) for word in own] if renames else own
    if tool == "queue-record-review":
        own = _review(own)
    return [*own, *others]


def _renamed(renames: dict[str, str], word: str) -> str:
    name, equals, value = word.partition("=")
    return f"{renames[name]}{equals}{value}" if name in renames else word


def _bare(tool: str, words: list[str]) -> list[str]:
    """`db backup PATH` as `--output=PATH`; `-` is standard output, as it is without a path."""
    if not words or (words[0].startswith("-") and words[0] != "-"):
        return words
    if any(not word.startswith("-") for word in words[1:2]):
        raise FairwayError("usage", f"two files are named: {words[0]} and {words[1]}", suggest(tool, "--help"))
    return words[1:] if words[0] == "-" else [f"{_BARE[tool]}={words[0]}", *words[1:]]


def _review(words: list[str]) -> list[str]:
    """A review as it is recorded here: a verdict in our words, and a reviewer who is a lane names it too."""
    found = list(words)
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == "--status" and not equals and place + 1 < len(words):
            found[place + 1] = _VERDICTS.get(words[place + 1], words[place + 1])
        elif name == "--status":
            found[place] = f"--status={_VERDICTS.get(value, value)}"
    given = {word.partition("=")[0] for word in words}
    if "--reviewer" in given and "--reviewer-role" not in given:
        found.append(f"--reviewer-role={_value(words, '--reviewer')}")
    return found


def _value(words: list[str], flag: str) -> str:
    for place, word in enumerate(words):
        name, equals, value = word.partition("=")
        if name == flag:
            return value if equals else "".join(words[place + 1 : place + 2])
    return ""
