"""Hints: the one command line that mends a refusal, made from the call that was refused.

A hint is spelled as the call was: a line for make when it came through make, else the tool with the path that was
typed. It holds the caller's own values and asks for the others in angle brackets, which no tool takes as a value. It
asks for proof and never supplies it: no line that approves, and none that types the result of a command which nobody
ran. What no single command mends is said in prose.
"""

from __future__ import annotations

import os
import sys

from fairway_scripts.base.errors import CALL, Hint
from fairway_scripts.base.own_files import HOME
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.calls import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Final

    from fairway_scripts.catalog import Tool

#: The flags of a call that say which project it speaks to and who speaks; every hint of that call repeats them.
_CARRIED: Final = {
    "QUEUE_DB": ("--queue-db", "--db"),
    "QUEUE_FILE": ("--queue-file",),
    "ACTOR": ("--actor",),
    "CONFIG": ("--config",),
}
#: Lists of which one entry, with its spaces, is one value of make: they are read a line an entry.
_WHOLE: Final = frozenset(("ACCEPTANCE",))
#: Longer values are asked for again: a hint is read by people.
_LONGEST: Final = 300
#: What a line may never supply: the verdict of a review, and a result that no command gave.
_PROOF: Final = {
    "STATUS": frozenset(("approved", "approve")),
    "RESULT": frozenset(("pass", "passed", "ok", "success")),
    "SIGNED_OFF_BY": None,
    "APPROVED_BY": None,
}
_HELP: Final = "--help"
#: The word of tools that do several things: `install`, `once`, `show`.
_ACTION: Final = "action"
#: The one command over all tools, and what `CALL.via` says of a call that came through it.
_UMBRELLA: Final = "fairway"
#: Levels of check lists and what they are called in a finding.
_LEVELS: Final = {"fail": "error", "warn": "warning"}
#: What lists of what is wrong call the word, the level, the message and the fix of an entry.
_RENAMED: Final = frozenset(("check", "code", "severity", "what", "hint"))


def tool_line(tool: str, words: Sequence[str], values: Mapping[str, object]) -> Hint:
    """The line that calls a tool, for make or for a shell as the call was; see `errors.suggest`.

    A typed verdict or result is asked for: a line never supplies proof. Raises ValueError for a variable that the
    tool does not take.
    """
    return _line(tool, words, values, via=CALL.via, carried=_carried(), program=_program)


def document_line(tool: str, words: Sequence[str], values: Mapping[str, object]) -> Hint:
    """The line for make that calls a tool, or its name alone; see `errors.suggest_in_document`."""
    return _line(tool, words, values, via="make", carried={}, program=lambda name: [name])


def _line(
    tool: str,
    words: Sequence[str],
    values: Mapping[str, object],
    *,
    via: str,
    carried: dict[str, str | None],
    program: Callable[[str], list[str]],
) -> Hint:
    from fairway_scripts.catalog import find_tool

    found = find_tool(tool)
    wanted = {name: None if _is_proof(name, value) else value for name, value in values.items()}
    given = {name: value for name, value in wanted.items() if value is None or value not in ("", False)}
    unknown = given.keys() - _CARRIED.keys()
    if unknown and (unknown := unknown.difference(found.all_variables)):
        raise ValueError(f"{tool} takes no {', '.join(sorted(unknown))}")
    given |= {name: value for name, value in carried.items() if name not in given}
    if via == "make" and list(words) == [_HELP]:
        return _line("queue-help", (), {"TOPIC": tool}, via=via, carried=carried, program=program)
    target = _target(found, words) if via == "make" and "CONFIG" not in given else ""
    if target:
        return _hint(["make", target, *(_make_word(name, value) for name, value in given.items())])
    flags = [word for name, value in given.items() for word in _flag_words(name, value)]
    name, *word = tool.split(" ")
    return _hint([*program(name), *word, *map(str, words), *flags])


def same_line(args: object, changes: Mapping[str, object], tool: str = "") -> Hint:
    """The line of this call once more, with `changes`; proof that its caller typed is asked for again, not repeated."""
    from fairway_scripts.catalog import find_tool

    given: dict[str, object] = {}
    called = tool or vars(args)["tool"]
    for name in find_tool(called).all_variables:
        value = getattr(args, options.attribute(name), "")
        if name in changes:
            given[name] = changes[name]
        elif value and name not in ("FORMAT", "JSON", "PRETTY", *_CARRIED):
            given[name] = value
    action = vars(args).get(_ACTION)  # what the call does stands before its flags
    return tool_line(called, [action] if isinstance(action, str) and action else (), {**given, **changes})


def call_line(changes: Mapping[str, object]) -> Hint | str:
    """The call that is answered once more, with `changes`; else its help, or a sentence without any."""
    from fairway_scripts.calls.command_line import read_as_typed
    from fairway_scripts.catalog import find_tool

    words = CALL.words
    worded = f"{CALL.tool} {words[0]}" if words else ""
    for name, rest in ((worded, words[1:]), (CALL.tool, words)):
        try:
            tool = find_tool(name)
        except KeyError:
            continue
        args = read_as_typed(tool, rest)
        if args is not None and all(variable in tool.all_variables for variable in changes):
            return same_line(args, changes, name)
    if CALL.tool:
        return tool_line(CALL.tool, (_HELP,), {})
    return f"give {', '.join(changes)} another value"


def program_line(argv: Iterable[str]) -> Hint:
    """The line that calls another program; see `errors.suggest_program`. What it asks for (`<name>`) is kept."""
    return _hint([word if _is_asked(word) else _text("word", word) for word in argv])


def asked(name: str) -> str:
    """What stands for a value that the reader has to give: `TASK_ID` -> `<task-id>`."""
    return f"<{name.lower().replace('_', '-')}>"


def _is_asked(word: str) -> bool:
    return word.isprintable() and word[:1] == "<" and options.is_placeholder(word)


def finding(word: str, item: object, level: str = "error") -> dict[str, object]:
    """One thing that is wrong, with the keys that all findings have; `item` may be a sentence."""
    own = dict(item) if isinstance(item, dict) else {"message": str(item)}
    named = [own.get(name, "") for name in ("word", "check", "code", "key")]
    fix = own.get("fix") or own.get("hint") or ""
    grade = own.get("level") or own.get("severity") or level
    text = own.get("message") or own.get("what") or f"{own.get('field', '')} {own.get('problem', '')}".strip()
    return {
        **{name: value for name, value in own.items() if name not in _RENAMED},
        "level": _LEVELS.get(grade, grade),
        "word": next((name for name in named if name), word),
        "message": text,
        "fix": fix,
        "argv": list(getattr(fix, "argv", None) or own.get("argv") or ()),
    }


def _is_proof(name: str, value: object) -> bool:
    """Whether a value is a verdict or a result that somebody types, or the name of who vouches for it."""
    words = _PROOF.get(name, frozenset())
    return words is None or str(value or "").strip().lower() in words


def _carried() -> dict[str, str | None]:
    """The values of the call that every hint repeats; None for an address, in which a password may stand."""
    found: dict[str, str] = {}
    words = iter(CALL.words)
    for word in words:
        if word == "--":
            break
        flag, equals, value = word.partition("=")
        for name, flags in _CARRIED.items():
            if flag in flags:
                found[name] = value if equals else next(words, "")
    return {name: None if _is_address(value) else value for name, value in found.items() if value}


def _is_address(value: str) -> bool:
    return "://" in value or "password=" in value.lower()


def _target(tool: Tool, words: Sequence[str]) -> str:
    """The make target of a tool that puts just `words` before the flags, "" when there is none."""
    for target, fixed in tool.make_targets.items():
        if fixed == list(words):
            return target
    return ""


def _make_word(name: str, value: object) -> str:
    if name in _WHOLE and isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    if isinstance(value, (list, tuple)):  # make hands a list on as one value, a word an entry
        value = None if any(str(item).split() != [str(item)] for item in value) else " ".join(value)
    return f"{name}={'1' if value is True else _text(name, value)}"


def _flag_words(name: str, value: object) -> list[str]:
    flag = "--" + name.lower().replace("_", "-")
    if value is True or name in options.SWITCHES:
        return [flag]
    if isinstance(value, (list, tuple)):
        return [word for item in value for word in _flag_words(name, item)]
    text = _text(name, value)
    return [f"{flag}={text}"] if text.startswith("-") else [flag, text]


def _text(name: str, value: object) -> str:
    """A value as it stands in a line; what cannot stand in one (line ends, what is hidden, a password) is asked for."""
    text = "" if value is None else str(value)
    login = text.partition("://")[2].partition("/")[0].rpartition("@")[0]
    if not text or not text.isprintable() or len(text) > _LONGEST or options.is_placeholder(text) or ":" in login:
        return asked(name)
    return text


def _program(tool: str) -> list[str]:
    """The words that call a tool from here: its verb behind `fairway` where that was typed, else its own name."""
    if CALL.via != _UMBRELLA:
        return [_place(tool)]
    from fairway_scripts.calls.umbrella import verb_of

    return [_place(_UMBRELLA)] if tool == _UMBRELLA else [_place(_UMBRELLA), verb_of(tool)]


def _place(tool: str) -> str:
    """A tool as it can be called from here: beside the one that was typed, else where this package has it."""
    asked_from = (tool, sys.argv[0], CALL.tool, os.environ.get("PATH", ""))
    if asked_from not in _places:
        _places[asked_from] = _look_for(tool)
    return _places[asked_from]


#: Where tools were found: a list of findings names few tools many times.
_places: dict[tuple[str, str, str, str], str] = {}


def _look_for(tool: str) -> str:
    folder, typed = os.path.split(sys.argv[0])
    if folder and typed in (CALL.tool, _UMBRELLA) and CALL.tool and os.path.exists(os.path.join(folder, tool)):
        found = [os.path.abspath(place) for place in os.environ.get("PATH", "").split(os.pathsep) if place]
        return tool if os.path.abspath(folder) in found else os.path.join(folder, tool)
    for place in (os.path.join(HOME, "bin"), os.path.join(sys.prefix, "bin")):
        if CALL.tool and os.path.exists(os.path.join(place, tool)):
            return os.path.join(place, tool)
    return tool


def _hint(argv: list[str]) -> Hint:
    line = Hint(" ".join(_shown(word, for_make=argv[0] == "make") for word in argv))
    line.argv = argv
    return line


def _shown(word: str, *, for_make: bool) -> str:
    """A word as a shell reads it back; `NAME='two words'`, which people know from make, rather than `'NAME=..'`."""
    name, equals, value = word.partition("=")
    return f"{name}={quoted(value)}" if for_make and equals else quoted(word)
