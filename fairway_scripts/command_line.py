"""From the words of a command line to arguments.

argparse knows the whole language and writes the help and the messages. Importing it and building a parser takes
half as long as a whole hot command should, so a plain command line (known flags with values, at most one task id)
is read by `_read_plainly`; whatever that does not know goes to argparse. Tests hold the two equal.
"""

from __future__ import annotations

from fairway_scripts import options
from fairway_scripts.errors import FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator
    from types import ModuleType
    from typing import Any

    from fairway_scripts.catalog import Tool


class Arguments:
    """Parsed arguments: one attribute a variable (text, "" when not given; a bool for switches; a list)."""


def parse(tool: Tool, argv: list[str], module: ModuleType | None) -> Any:
    """The arguments of a call; `module` is the tool's command module, which may add arguments of its own.

    None stands for a module that is known to add none and need not be loaded.

    Raises FairwayError `usage` with what is wrong; SystemExit after `--help`.
    """
    args: Any = None if hasattr(module, "arguments") else _read_plainly(tool, argv)
    if args is None:
        parser = parser_for(tool)
        if module is not None and hasattr(module, "arguments"):
            module.arguments(parser)
        args = parser.parse_args(_plain_switches(tool, argv))
    return options.settle(tool, args, argv)


def parser_for(tool: Tool) -> argparse.ArgumentParser:
    """The argparse parser of a tool, made from the variables that the catalogue gives it."""
    import argparse

    class Parser(argparse.ArgumentParser):
        def error(self, message: str) -> Any:
            raise FairwayError("usage", message, suggest(tool.name, "--help"))

    parser = Parser(
        prog=tool.name,
        description=tool.summary,
        epilog=f"example: {tool.example or tool.name}",
        allow_abbrev=False,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = tool.all_variables
    if "TASK_ID" in names and tool.task_first:
        parser.add_argument("task_id_given", nargs="?", metavar="TASK_ID", help=argparse.SUPPRESS)
    for name in names:
        _add(parser, name, names)
    parser.add_argument("--config", metavar="FILE", default="", help="the configuration file")
    return parser


def _add(parser: argparse.ArgumentParser, name: str, names: list[str]) -> None:
    strings, dest = options.flags(name, names), options.attribute(name)
    if name in options.SWITCHES:
        parser.add_argument(*strings, dest=dest, action="store_true", help=options.SWITCHES[name])
        return
    metavar, text = options.VALUES[name]
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
    if "TASK_ID" in names:
        values["task_id_given"] = None
    words = iter(argv)
    for word in words:
        if word.startswith("-") and word != "-":
            if not _take_flag(values, known, word, words):
                return None
        elif values.get("task_id_given", "") is None:
            values["task_id_given"] = word
        else:
            return None
    return args


def _nothing(name: str) -> Any:
    """What stands for a variable that is not given."""
    if name in options.SWITCHES:
        return False
    return [] if name in options.REPEATABLE else ""


def _take_flag(values: dict[str, Any], known: dict[str, str], word: str, words: Iterator[str]) -> bool:
    """Store one flag and its value, which may be the next of `words`; false when it is not plain."""
    flag, equals, value = word.partition("=")
    name = known.get(flag, "")
    if not name:
        return False
    place = options.attribute(name)
    if name in options.SWITCHES:
        values[place] = values[place] or not equals or value.strip().lower() not in options.FALSE
        return True
    if not equals:
        value = next(words, "-")
        if value.startswith("-"):
            return False
    if name in options.REPEATABLE:
        values[place].append(value)
    else:
        values[place] = value
    return True


def _plain_switches(tool: Tool, argv: list[str]) -> list[str]:
    """`--force=1` -> `--force`, `--force=0` -> nothing, which is what argparse understands."""
    switches = {options.flag(name) for name in tool.all_variables if name in options.SWITCHES}
    plain: list[str] = []
    for position, token in enumerate(argv):
        if token == "--":
            return plain + argv[position:]
        name, equals, value = token.partition("=")
        if name in switches and equals:
            if value.strip().lower() not in options.FALSE:
                plain.append(name)
        else:
            plain.append(token)
    return plain
