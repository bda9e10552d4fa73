"""Recipes that call make again: what the target of the other makefile does, with the values that it is given."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING, Any, NamedTuple

from fairway_scripts.cutover.scan.recipe_calls import hole

if TYPE_CHECKING:
    from collections.abc import Callable

    Target = dict[str, Any]


class SubMake(NamedTuple):
    """A call of make: its makefile ("" for the same one), its goals, the variables that it sets."""

    makefile: str
    goals: list[str]
    values: dict[str, str]


def sub_makes(text: str) -> list[SubMake]:
    """The calls of make in a recipe, a line each; one that goes to another folder is none of them."""
    found = []
    for line in text.splitlines():
        try:
            words = shlex.split(line)
        except ValueError:
            continue
        if words and os.path.basename(words[0]) in ("make", "gmake") and not {"-C", "--directory"} & {*words}:
            found.append(_read(words[1:]))
    return found


def _read(words: list[str]) -> SubMake:
    call = SubMake("", [], {})
    left = iter(words)
    for word in left:
        name, equals, value = word.partition("=")
        if word in ("-f", "--file", "--makefile"):
            call = call._replace(makefile=next(left, ""))
        elif name in ("--file", "--makefile"):
            call = call._replace(makefile=value)
        elif word.startswith("-f"):
            call = call._replace(makefile=word[2:])
        elif equals and not word.startswith("-"):
            call.values[name] = value
        elif not word.startswith("-"):
            call.goals.append(word)
    return call


def followed(target: Target, known: list[Target], read: Callable[[str, list[str]], list[Target]]) -> list[Target]:
    """The recipes that a recipe has make do, each under the name of the target that calls it.

    `known` are the targets of the same makefile, `read` gives those of another one.
    """
    found = []
    for call in sub_makes(target["text"]):
        others = read(call.makefile, call.goals) if call.makefile else known
        for other in others:
            if other["target"] not in call.goals or other is target:
                continue
            text = other["text"]
            for name, value in call.values.items():
                text = text.replace(hole(name), value)
            found.append({**other, "text": text, "target": target["target"]})
    return found
