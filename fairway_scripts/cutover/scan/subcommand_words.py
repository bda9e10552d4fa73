"""Which word of a call says what is asked of a script, and which tool of ours does that. Pure."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.cutover.door.entries import tool_variables
from fairway_scripts.cutover.door.published import plain
from fairway_scripts.cutover.door.published_calls import SCRIPTS
from fairway_scripts.cutover.scan.recipe_calls import HOLE
from fairway_scripts.cutover.scan.variable_names import VERBS

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from fairway_scripts.cutover.scan.recipe_calls import ScriptCall

_WORD = re.compile(r"[a-z][a-z0-9_-]*\Z")
_FIRST = re.compile(r"[a-z][a-z0-9_:.-]*\Z")


def split_call(call: ScriptCall, labels: Iterable[str]) -> tuple[str, list[str]]:
    """Return the subcommand of a call and its other words; `labels` are the words that the script tells apart.

    Where a script has subcommands, any plain word in their place is one.
    """
    known = {*labels, *SCRIPTS.get(call.script, {})} - {""}
    needs = bool(known) and "" not in SCRIPTS.get(call.script, {})
    skip = False
    for place, word in enumerate(call.words):
        if skip:
            skip = False
        elif word.startswith("-"):
            skip = "=" not in word and _is_value(call.words[place + 1 :], known)
        else:
            if HOLE.search(word) or not (word in known or plain(word) in known or (needs and _WORD.match(word))):
                break
            return word, [*call.words[:place], *call.words[place + 1 :]]
    return "", call.words


def _is_value(words: list[str], known: Collection[str]) -> bool:
    """Tell whether the first of the words behind a flag is its value, as far as the subcommands that are known say.

    So it is where it is known only when somebody calls, and where it is no subcommand but a later word is one:
    `--queue-file doc/queue.yaml validate`.
    """
    first = words[0] if words and not words[0].startswith("-") else ""
    is_known = first in known or plain(first) in known
    later = any(word in known for word in words[1:])
    return bool(HOLE.search(first)) or (bool(first) and not is_known and later)


def tool_for(
    script: str, word: str, target: str, targets: Mapping[str, list[str]], given: Collection[str] = ()
) -> tuple[str, str]:
    """Return the tool that does what a call does, and what speaks against it.

    The script's own word goes before the target, unless the tool of the target takes more of the variables that are
    `given`. `targets` are the make targets of the suite with their tool and its words.
    """
    usual = SCRIPTS.get(script, {}).get(word) or SCRIPTS.get(script, {}).get(plain(word)) if word else None
    usual = usual or (SCRIPTS.get(script, {}).get("") if not word else None)
    usual = usual or (SCRIPTS["scripts/ops/agent_queue.sh"].get(plain(word)) if word else None)
    if usual and not tool_variables(usual.partition(" ")[0]):
        usual = None
    by_target = " ".join(targets.get(target, []))
    if usual and by_target and usual.split()[0] != by_target.split()[0]:
        taken = {tool: len({*given} & {*tool_variables(tool.split()[0])}) for tool in (usual, by_target)}
        better, other = (by_target, usual) if taken[by_target] > taken[usual] else (usual, by_target)
        by = f"the target {target}" if other == by_target else f"the word {word}"
        return better, f"whether it is {better.split()[0]}: {by} is called like {other.split()[0]}"
    return usual or by_target or ("queue-set-status" if word in VERBS else ""), ""


def two_words(
    calls: Iterable[tuple[str, str, list[str], str]], targets: Mapping[str, list[str]]
) -> set[tuple[str, str]]:
    """Find the subcommands whose next word says which of several tools is meant: `report status`, `report timing`.

    A call is its script, its subcommand, its other words and the target that makes it, which says what it is about.
    """
    found: dict[tuple[str, str], dict[str, str]] = {}
    for script, word, words, target in calls:
        by_target = (targets.get(target) or [""])[0]
        tool = by_target or tool_for(script, word, target, targets)[0]
        found.setdefault((script, word), {})[tool] = next_word(words) if word else ""
    return {key for key, tools in found.items() if len({*tools.values()} - {""}) == len(tools) > 1}


def next_word(words: Iterable[str]) -> str:
    """Return the first word behind flags that may be a subcommand, "" where something else stands there."""
    first = next((word for word in words if not word.startswith("-")), "")
    return first if _WORD.match(first) else ""


def with_second(word: str, words: list[str]) -> tuple[str, list[str]]:
    """Return a subcommand of two words, and what is left of the call's words behind the first."""
    place = words.index(next_word(words))
    return f"{word} {words[place]}", words[:place] + words[place + 1 :]


def words_apart(calls: Iterable[ScriptCall]) -> dict[str, set[str]]:
    """Return the first words by which a Makefile tells the calls of one script apart: {script: its subcommands}."""
    firsts: dict[str, set[str]] = {}
    for call in calls:
        word = "".join(call.words[:1])
        if _FIRST.match(word):
            firsts.setdefault(call.script, set()).add(word)
    return {script: words for script, words in firsts.items() if len(words) > 1}
