"""From the words of a command line to arguments.

argparse knows the whole language and writes the help and the messages. Importing it and building a parser takes
half as long as a whole hot command should, so a plain command line (known flags with values, at most one task id)
is read by `_read_plainly`; whatever that does not know goes to argparse. Tests hold the two equal.
"""

from __future__ import annotations

from fairway_scripts import __version__
from fairway_scripts.base.errors import CALL, FairwayError, suggest
from fairway_scripts.calls import options

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from types import ModuleType
    from typing import Any, NoReturn

    from fairway_scripts.catalog import Tool

_VERSION_HELP = "print the tool's name and its version"


class Arguments:
    """Parsed arguments: one attribute a variable (text, "" when not given; a bool for switches; a list).

    What `project_notes` holds is none of them, nor is it copied with `vars`.
    """

    #: what a person should hear of the project that the call opened last (`project.opening.locate`)
    __slots__ = ("__dict__", "project_notes")

    actor: str
    bare: bool
    config: str
    first_given: str | None
    format: str
    json: bool
    lane_given: str
    output: str
    pretty: bool
    project_notes: list[str]
    queue_db: str
    queue_file: str
    task_id: str
    tool: str
    words: list[str]


def parse(tool: Tool, argv: list[str], module: ModuleType | None) -> Any:
    """The arguments of a call; `module` is the tool's command module, which may add arguments of its own.

    None stands for a module that is known to add none and need not be loaded.

    Raises FairwayError `usage` with what is wrong; SystemExit after `--help`.
    """
    args = None if hasattr(module, "arguments") else _read_plainly(tool, argv)
    if args is None:
        parser = parser_for(tool)
        if module is not None and hasattr(module, "arguments"):
            module.arguments(parser)
        args = Arguments()
        args.__dict__ = vars(parser.parse_args(_plain_switches(tool, argv)))
    return options.settle(tool, args, argv)


def parser_for(tool: Tool) -> argparse.ArgumentParser:
    """The argparse parser of a tool, made from the variables that the catalogue gives it."""
    import argparse

    given: dict[tuple[int, str], object] = {}

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> NoReturn:
            raise FairwayError("usage", message + _meant(self, message), suggest(tool.name, "--help"))

    class Once(argparse.Action):
        """Keep a value, and refuse a second one: the last word would win in silence."""

        def __call__(self, _parser: object, namespace: object, values: object, option: str | None = None) -> None:
            place = (id(namespace), self.dest)
            if option is not None and place in given:
                raise FairwayError(
                    "usage",
                    f"{option} is given twice: {given[place]!r} and {values!r}; a list is one value with commas",
                    suggest(tool.name, "--help"),
                )
            if option is not None:
                given[place] = values
            setattr(namespace, self.dest, values)

    parser = Parser(
        prog=_called(tool.name),
        description=tool.summary,
        epilog="\n".join([f"example: {_example(tool)}", *_words_of(tool)]),
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    for action in (None, "store"):
        parser.register("action", action, Once)
    names = tool.all_variables
    if tool.first:
        parser.add_argument("first_given", nargs="?", metavar=tool.first, help=argparse.SUPPRESS)
    for name in names:
        _add(parser, tool, name)
    parser.add_argument("--config", metavar="FILE", default="", help="the configuration file")
    parser.add_argument("--version", action="version", version=f"{tool.name} {__version__}", help=_VERSION_HELP)
    return parser


def _called(name: str) -> str:
    """A tool as it was called: its verb behind `fairway` where that was typed, else its own name."""
    from fairway_scripts.calls import umbrella

    first, *word = name.split(" ")
    if CALL.via != umbrella.NAME or first == umbrella.NAME:
        return name
    return " ".join((umbrella.NAME, umbrella.verb_of(first), *word))


def _example(tool: Tool) -> str:
    """The example of a tool, called as this call was."""
    first, space, rest = (tool.example or tool.name).partition(" ")
    return f"{_called(first) if first == tool.name.split(' ')[0] else first}{space}{rest}"


def _words_of(tool: Tool) -> list[str]:
    return [f"\n{word.name} ... (--help):\n  {word.summary}" for word in tool.words]


def _meant(parser: argparse.ArgumentParser, message: str) -> str:
    """Which flag a flag that is not known was most likely meant to be: " (is --dry-run meant?)", else ""."""
    from fairway_scripts.calls.typed_names import closest

    flags = {word for action in parser._actions for word in action.option_strings}  # noqa: SLF001 - no other way
    known = {word[2:].upper().replace("-", "_"): word for word in flags if word.startswith("--")}
    unknown = message.partition("unrecognized arguments: --")[2].partition(" ")[0].partition("=")[0]
    name = closest(unknown.upper().replace("-", "_"), set(known))[0] if unknown else ""
    return f" (is {known[name]} meant?)" if name else ""


def _add(parser: argparse.ArgumentParser, tool: Tool, name: str) -> None:
    strings, dest = options.flags(name, tool.all_variables), options.attribute(name)
    if name in options.SWITCHES:
        parser.add_argument(*strings, dest=dest, action="store_true", help=options.switch_help(tool.name, name))
        return
    metavar, text = options.meaning(tool.name, name)
    if name in options.REPEATABLE:
        parser.add_argument(*strings, dest=dest, metavar=metavar, action="append", default=[], help=text)
    else:
        parser.add_argument(*strings, dest=dest, metavar=metavar, default="", help=text)


def _read_plainly(tool: Tool, argv: list[str]) -> Arguments | None:
    """The arguments of a plain command line, None when argparse has to look at it."""
    names = tool.all_variables
    args = Arguments()
    values = args.__dict__
    values["config"] = ""
    known = {"--config": "CONFIG"}
    for name in names:
        values[options.attribute(name)] = _nothing(name)
        known.update(dict.fromkeys(options.flags(name, names), name))
    if tool.first:
        values["first_given"] = None
    given: dict[str, bool] = {}
    words = iter(argv)
    for word in words:
        if word.startswith("-") and word != "-":
            if not _take_flag(values, known, given, word, words):
                return None
        elif values.get("first_given", "") is None:
            values["first_given"] = word
        else:
            return None
    return args


def read_as_typed(tool: Tool, argv: list[str]) -> Arguments | None:
    """The values of a call that may be refused for them; None where they are not plain flags and the one bare word.

    What stands behind `--` is the COMMAND of a tool that runs one.
    """
    cut = argv.index("--") if "--" in argv else len(argv)
    args = _read_plainly(tool, argv[:cut])
    if args is None:
        return None
    values = args.__dict__
    first = values.pop("first_given", None)
    if first:
        values[options.attribute(tool.first)] = first
    if argv[cut + 1 :] and "COMMAND" in tool.all_variables:
        from fairway_scripts.base.shell_words import quoted

        values["command"] = " ".join(map(quoted, argv[cut + 1 :]))
    return args


def _nothing(name: str) -> str | bool | list[str]:
    """What stands for a variable that is not given."""
    if name in options.SWITCHES:
        return False
    return [] if name in options.REPEATABLE else ""


def _take_flag(
    values: dict[str, Any], known: dict[str, str], given: dict[str, bool], word: str, words: Iterator[str]
) -> bool:
    """Store one flag and its value, which may be the next of `words`; false when it is not plain."""
    flag, equals, value = word.partition("=")
    name = known.get(flag, "")
    if not name:
        return False
    place = options.attribute(name)
    if name in options.SWITCHES:
        answer = value.strip().lower()
        values[place] = not equals or answer in options.TRUE
        return (values[place] or answer in options.FALSE) and given.setdefault(name, values[place]) == values[place]
    if not equals:
        value = next(words, "-")
        if value.startswith("-"):
            return False
    if name in options.REPEATABLE:
        values[place].append(value)
        return True
    if name in given:  # for argparse to refuse
        return False
    given[name] = True
    values[place] = value
    return True


def _plain_switches(tool: Tool, argv: list[str]) -> list[str]:
    """`--force=1` -> `--force`, `--force=0` -> nothing, which is what argparse understands."""
    switches = {options.flag(name): name for name in tool.all_variables if name in options.SWITCHES}
    given: dict[str, bool] = {}
    plain: list[str] = []
    for position, token in enumerate(argv):
        if token == "--":
            return plain + argv[position:]
        name, equals, value = token.partition("=")
        if name not in switches:
            plain.append(token)
            continue
        on = options.switched_on(switches[name], value) if equals else True
        if given.setdefault(name, on) != on:
            raise FairwayError("usage", f"{switches[name]} is given twice: yes and no", suggest(tool.name, "--help"))
        plain += [name] if on else []
    return plain
