"""Recipes that call make again: what the target of the other makefile does, with the values that it is given."""

from __future__ import annotations

import os
import re
from getopt import GetoptError, gnu_getopt
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.cutover.scan.recipe_calls import ASSIGNMENT, hole, segments, stands_before

if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.cutover.scan.scan_shapes import Recipe

#: The options of make, as getopt wants them told.
_LETTERS = "bBdehijklLmnOpqrRsStvwC:E:f:I:o:W:"
_NAMES = [
    *("directory=", "eval=", "file=", "makefile=", "include-dir="),
    *("old-file=", "assume-old=", "what-if=", "new-file=", "assume-new="),
    *("always-make", "check-symlink-times", "debug", "dry-run", "environment-overrides", "help", "ignore-errors"),
    *("jobs", "just-print", "keep-going", "load-average", "max-load", "no-builtin-rules", "no-builtin-variables"),
    *("no-keep-going", "no-print-directory", "no-silent", "output-sync", "print-data-base", "print-directory"),
    *("question", "quiet", "recon", "shuffle", "silent", "stop", "touch", "trace", "version"),
    "warn-undefined-variables",
]
#: Words whose value is one that make can do without, which getopt does not know; a number may follow the `_COUNTED`.
_OPTIONAL = re.compile(r"-[^-CEfIoOW]*(?:[jl][\d.]+|O.+)|--(?:deb|j|l|max|ou|sh)[a-z-]*=.*")
_COUNTED = re.compile(r"-[^-CEfIoOW]*[jl]|--(?:j|l|max)[a-z-]*")
_NUMBER = re.compile(r"\.?\d[\d.]*")
#: Before the text that a shell is to run, as in `sh -ec 'make x'`.
_RUN_TEXT = re.compile(r"-[a-z]*c")


class SubMake(NamedTuple):
    """A call of make: its words, its makefile ("" for the same one), its goals, the variables that it sets.

    `away` says that it reads what is not looked at: another folder, several makefiles, text of its own,
    or that its options are none of make.
    """

    words: list[str]
    makefile: str
    goals: list[str]
    values: dict[str, str]
    away: bool


def sub_makes(text: str) -> list[SubMake]:
    """List the calls of make in a recipe; none for a text that cannot be split into words."""
    try:
        lines = [segments(line) for line in text.splitlines()]
    except ValueError:  # some words go over several lines
        try:
            lines = [segments(text)]
        except ValueError:
            return []
    found = []
    for line in lines:  # each has a shell of its own
        away = False
        for words, *_rest in line:
            environment, command = _command(words)
            program = os.path.basename(command[0]) if command else ""
            if program in ("make", "gmake"):
                found.append(_read(["make", *command[1:]], environment, away=away))
            elif command and _is_for_a_shell(words, len(words) - len(command)):
                found += [
                    call._replace(values={**environment, **call.values}, away=away or call.away)
                    for call in sub_makes(command[0])
                ]
            away = away or program in ("cd", "pushd")
    return found


def _command(words: list[str]) -> tuple[dict[str, str], list[str]]:
    """Return what a simple command puts into the environment of a program, and its words from that program on."""
    environment: dict[str, str] = {}
    for place, word in enumerate(words):
        if _is_for_a_shell(words, place):
            return environment, words[place:]
        if given := ASSIGNMENT.match(word):
            environment[given[1]] = given[2]
        elif not stands_before(words, place):
            return environment, words[place:]
    return environment, []


def _is_for_a_shell(words: list[str], place: int) -> bool:
    shells = {"sh", "bash", "dash", "zsh"} & {os.path.basename(word) for word in words[:place]}
    return bool(shells and _RUN_TEXT.fullmatch(words[place - 1]))


def _read(words: list[str], environment: dict[str, str], *, away: bool) -> SubMake:
    plain = [
        "-k" if _OPTIONAL.fullmatch(word) or (_COUNTED.fullmatch(before) and _NUMBER.fullmatch(word)) else word
        for before, word in pairwise(words)
    ]
    try:
        options, others = gnu_getopt(plain, _LETTERS, _NAMES)
    except GetoptError:
        return SubMake(words, "", [], environment, away=True)
    files = [os.path.normpath(value) for name, value in options if name in ("-f", "--file", "--makefile")]
    away = away or len(files) > 1
    for name, value in options:
        is_folder = name in ("-C", "--directory") and os.path.normpath(value) != "."
        away = away or is_folder or name in ("-E", "--eval")
    given = {name.rstrip(":"): value for name, equals, value in (word.partition("=") for word in others) if equals}
    goals = [word for word in others if "=" not in word]
    return SubMake(words, "".join(files[:1]), goals, {**environment, **given}, away)


def followed(
    target: Recipe, known: list[Recipe], read: Callable[[str], list[Recipe]]
) -> tuple[list[Recipe], list[str]]:
    """Return the recipes that a recipe has make do, and the calls of make that are not followed.

    The recipes have the name of the target that calls them. `known` are the targets of the same makefile, `read` gives
    those of another one.
    """
    found: list[Recipe] = []
    missed: list[SubMake] = []
    for call in sub_makes(target["text"]):
        others = read(call.makefile) if call.makefile and not call.away else known
        done = [other for other in others if other["target"] in call.goals and other is not target]
        if call.away or not call.goals or {other["target"] for other in done if not other["why"]} < {*call.goals}:
            missed.append(call)
        for other in () if call.away else done:
            text = other["text"]
            for name, value in call.values.items():
                text = text.replace(hole(name), value)
            found.append({**other, "text": text, "target": target["target"]})
            missed += sub_makes(text)
    return found, [" ".join(call.words) for call in missed]
