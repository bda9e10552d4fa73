"""Command-line building blocks: every make variable as a flag, and what holds for parsed arguments.

A flag is the make variable in lower case with dashes (`TASK_ID` -> `--task-id`). `--flag=` with nothing behind it
means the same as leaving the flag out, so that `make queue-ready ROLE=$(ROLE)` works with an empty ROLE; only an
empty TASK_ID is refused, because "no task named" would mean "any task" to queue-claim.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import CALL, FairwayError, suggest, suggest_again, suggest_call
from fairway_scripts.base.identity import shows_nothing
from fairway_scripts.calls.variables import (
    ALIASES,
    ATTRIBUTES,
    FORMATS,
    OWN_HELP,
    READABLE,
    REPEATABLE,
    SWITCHES,
    VALUES,
    VARIABLE_ALIASES,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.calls.command_line import Arguments
    from fairway_scripts.calls.tool_calls import Call
    from fairway_scripts.catalog import Tool

__all__ = ["ALIASES", "ATTRIBUTES", "READABLE", "REPEATABLE", "SWITCHES", "VALUES", "VARIABLE_ALIASES"]

#: What a tool reads and must not write over.
_READ = ("document", "observed", "expected", "flows", "commands_file", "catalog", "queue_file", "config")
#: Who answers for a record, and why: a value that shows nothing is none.
_ANSWERING = frozenset(
    ("actor", "approved_by", "blocked_reason", "owner", "reason", "reviewer", "reviewer_role", "signed_off_by")
)
#: Bytes of a text that is kept in the store.
_LONGEST_TEXT = 16 << 20
#: Values that turn a switch off and on: make can only pass a switch with a value.
FALSE = ("", "0", "false", "no", "off", "n", "f")
TRUE = ("1", "true", "yes", "on", "y", "t")

#: What people write where a value is still to come, beside `<name>` and dots alone.
_PLACEHOLDERS = frozenset(("TODO", "TBD", "FIXME", "XXX", "???", "…"))
#: How a placeholder begins: all that a value costs which is none.
_OPENING = ("<", ".", "T", "F", "X", "?", "…", " ", "\t", "\n")
#: Variables with a closed set of words, in which `TODO` may be one.
_CLOSED = ("tool", "status", "state")
#: The lists of a handoff, for which users' own pages and scripts write `...`: those lines have to go on working.
_ELIDED = ("commands", "results", "changed_files")
#: Tools whose bare words are those of another command, which may have any.
_COMMANDS = ("watcher-run", "trusted-run", "parity-report keep")


def flag(variable: str) -> str:
    """The flag of a make variable: `TASK_ID` -> `--task-id`."""
    return "--" + variable.lower().replace("_", "-")


def meaning(tool_name: str, variable: str) -> tuple[str, str]:
    """What a variable with a value means to a tool: (metavar, help)."""
    return OWN_HELP.get((tool_name, variable), VALUES[variable])


def switch_help(tool_name: str, variable: str) -> str:
    """What a switch means to a tool."""
    return OWN_HELP.get((tool_name, variable), ("", SWITCHES[variable]))[1]


def attribute(variable: str) -> str:
    """The attribute of the parsed arguments that holds a variable: `TASK_ID` -> `task_id`, `IN` -> `inside`."""
    return ATTRIBUTES.get(variable, variable.lower())


def flags(variable: str, names: list[str]) -> list[str]:
    """Every flag of a variable in a tool that takes `names`: an alias gives way to a variable of that name."""
    others = (alias for alias in ALIASES.get(variable, ()) if alias[2:].upper().replace("-", "_") not in names)
    return [flag(variable), *others]


def switched_on(name: str, value: str) -> bool:
    """Whether the value of a switch turns it on; raises FairwayError `usage` for a word that is neither yes nor no."""
    word = value.strip().lower()
    if word not in TRUE and word not in FALSE:
        raise FairwayError(
            "usage",
            f"{name} is {value!r}, which is neither yes (1, true, on) nor no (0, false, off)",
            suggest_call(**{name: True}),
        )
    return word in TRUE


def settle(tool: Tool, args: Arguments, argv: list[str]) -> Arguments:
    """What parsed arguments still need: one TASK_ID, the format, files read in, texts checked.

    Raises FairwayError `usage` or `file_unavailable`.
    """
    _settle_first_word(tool, args)
    if "TASK_ID" in tool.all_variables:
        _refuse_no_task(tool, args, argv)
    _settle_format(args)
    _read_files(args)
    if getattr(args, "output", ""):
        _refuse_input_as_output(args)
    args.tool = tool.name
    for name, value in vars(args).items():
        for text in value if isinstance(value, list) else [value]:
            if isinstance(text, str):
                _refuse_broken_text(name, text)
                if name in _ANSWERING and shows_nothing(text):
                    setattr(args, name, "")
                if text[:1] in _OPENING and is_placeholder(text):
                    _refuse_placeholder(tool, name, text, is_list=isinstance(value, list))
    return args


def _refuse_input_as_output(args: Arguments) -> None:
    """Refuse an OUTPUT that is a file which the same call reads: the only copy of what was looked at would be gone."""
    if not os.path.isfile(args.output):
        return
    for name in _READ:
        given = getattr(args, name, "") or []
        for value in given if isinstance(given, list) else [given]:
            for path in (value, value.partition("=")[2]):  # uat-matrix: ENVIRONMENT=FILE
                if path and os.path.isfile(path) and os.path.samefile(path, args.output):
                    raise FairwayError(
                        "usage",
                        f"OUTPUT {args.output} is the file that {name.upper()} names, and would be lost",
                        suggest_call(OUTPUT=None),
                    )


def is_placeholder(text: str) -> bool:
    """Whether a value is what hints, manuals and templates write where a value is still to come: `<task>`, `...`."""
    bare = text.strip()
    if bare in _PLACEHOLDERS or (len(bare) > 2 and not bare.strip(".")):
        return True
    return len(bare) > 2 and bare[0] == "<" and bare[-1] == ">" and not any(sign in bare[1:-1] for sign in "<>\n")


def _refuse_placeholder(tool: Tool | None, name: str, text: str, *, is_list: bool = False) -> None:
    if name in _CLOSED or (is_list and tool and tool.name in _COMMANDS):
        return
    if name in _ELIDED and tool and tool.name == "queue-record-handoff" and not text.strip().strip("."):
        return
    variable = next((known for known, place in ATTRIBUTES.items() if place == name), name.upper())
    raise FairwayError(
        "usage",
        f"{variable} is {text.strip()!r}, which stands for a value that is still to be given",
        suggest_call(**{variable: None}),
    )


def _settle_first_word(tool: Tool, args: Arguments) -> None:
    """Put the bare word of the call into the variable that it stands for; `args.bare` says that there was one."""
    word = getattr(args, "first_given", None)
    if tool.first:
        del args.first_given
    if hasattr(args, "words") and tool.first:  # the tool takes plain words of its own and sorts them out itself
        args.words.insert(0, word or "")
        word = None
    args.bare = word is not None
    if word is None:
        return
    place = attribute(tool.first)
    flagged = getattr(args, place)
    if word and flagged and word != flagged:
        what = "tasks" if tool.first == "TASK_ID" else f"values of {tool.first}"
        raise FairwayError("usage", f"two {what} are named: {word} and {flagged}", suggest(tool.name, "--help"))
    setattr(args, place, word or flagged)


def _refuse_no_task(tool: Tool, args: Arguments, argv: list[str]) -> None:
    """Refuse a TASK_ID that is given and empty: "no task named" would mean "any task" to queue-claim."""
    args.task_id = args.task_id.strip()
    flagged = any(token.split("=", 1)[0] in ("--task-id", "--task") for token in argv)
    if not args.task_id and (flagged or (args.bare and tool.first == "TASK_ID")):
        raise FairwayError("usage", "TASK_ID is empty", suggest(tool.name, "--help"))


def _settle_format(args: Arguments) -> None:
    word = args.format.strip().lower() or "text"
    if word not in FORMATS:
        raise FairwayError("usage", f"FORMAT {word!r} is none of {', '.join(FORMATS)}", suggest_call(FORMAT=""))
    args.json = args.json or args.pretty or word == "json"
    args.format = "json" if args.json else word


def _read_files(args: Arguments) -> None:
    """`NOTE_FILE=path` and `NOTE=@path` stand for the text of that file."""
    for name in ("note", "notes"):
        source = getattr(args, f"{name}_file", "")
        value = getattr(args, name, "")
        if not source and value.startswith("@") and len(value) > 1:
            source = value[1:]
        if source:
            if is_placeholder(source):
                _refuse_placeholder(None, f"{name}_file", source)
            setattr(args, name, _file_text(source))


def _file_text(path: str) -> str:
    from fairway_scripts.base.regular_files import read_stream

    try:
        return read_stream(path, _LONGEST_TEXT).decode()
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else problem
        raise FairwayError("file_unavailable", f"{path}: cannot be read: {reason}") from problem


def _refuse_broken_text(name: str, value: str) -> None:
    if "\0" in value:
        raise FairwayError("usage", f"{name.upper()} holds a NUL character")
    try:
        value.encode()
    except UnicodeEncodeError as problem:
        raise FairwayError("usage", f"{name.upper()} is not valid UTF-8: {value[:60]!r}") from problem


def values_of(tool: Tool, args: Arguments) -> dict[str, str]:
    """The make variables that settled arguments stand for, with only what was given: what `settle` undoes.

    A switch is "1", a list has an entry a line, the lane that stands alone is ROLE.
    """
    values = {}
    for name in tool.all_variables:
        value = getattr(args, attribute(name), "")
        text = "\n".join(value) if isinstance(value, list) else "1" if value is True else value or ""
        if text and not (name == "FORMAT" and text in ("text", "json")):
            values[name] = text
    for name, value in vars(args).items():
        if name.startswith("one_") and value:  # the entries that a packet's list gets one by one
            values[name[4:].upper()] = "\n".join([*values.get(name[4:].upper(), "").splitlines(), *value])
    if getattr(args, "lane_given", ""):
        values.setdefault("ROLE", args.lane_given)
    return values


def required(args: Call, *names: str) -> None:
    """Raise FairwayError `usage` naming every variable of `names` that was not given; the hint asks for them."""
    missing = [name for name in names if not getattr(args, ATTRIBUTES.get(name, name.lower()))]
    if missing:
        verb = "is" if len(missing) == 1 else "are"
        line = suggest_again(args, **dict.fromkeys(missing))
        raise FairwayError("usage", f"{', '.join(missing)} {verb} required", line)


def number(args: Call, name: str, least: int = 0) -> int | None:
    """A whole number that was given as text, None when it was not given; raises FairwayError `usage`."""
    value = getattr(args, name.lower()).strip()
    if not value:
        return None
    if not value.isascii() or not value.isdigit() or len(value) > 15 or int(value) < least:
        raise FairwayError(
            "usage", f"{name} {value!r} is not a whole number from {least}", suggest_call(**{name: None})
        )
    return int(value)


def remark(level: str, message: str) -> str:
    """A line of standard error that is no refusal (`note`, `warning`); an object where the call asked for JSON."""
    if not wants_json(CALL.words):
        return f"{level}: {message}\n"
    from fairway_scripts.base.jsonio import dumps

    return dumps({"schema": "remark/1", "tool": CALL.tool, "level": level, "message": message}) + "\n"


def wants_json(argv: list[str]) -> bool:
    """Whether a call asked for JSON, judged without parsing it (it may be the parsing that failed)."""
    for position, token in enumerate(argv):
        if token == "--":  # what follows are the words of another command
            return False
        name, equals, value = token.partition("=")
        if name in ("--json", "--pretty") and (not equals or value.strip().lower() not in FALSE):
            return True
        if name == "--format" and (value if equals else "".join(argv[position + 1 : position + 2])).lower() == "json":
            return True
    return False
