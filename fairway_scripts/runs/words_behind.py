"""The words of a call that names a task, and a command behind `--`, with flags anywhere before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import argparse


def take_words(parser: argparse.ArgumentParser) -> None:
    """Let a parser take the task and the command as plain words: those before `--` and all that stand behind it."""
    parser.add_argument("words", nargs="*", metavar="WORD", help="the task, then the command behind `--`; or COMMAND")
    parse = parser.parse_args

    def parse_around(argv: list[str]) -> argparse.Namespace:
        """Argparse takes plain words in one place only; here flags may stand between the task and the command."""
        at = argv.index("--") if "--" in argv else len(argv)
        args: argparse.Namespace = parse(argv[:at])
        args.words = [*args.words, *argv[at + 1 :]]
        return args

    parser.parse_args = parse_around  # type: ignore[assignment,method-assign]
