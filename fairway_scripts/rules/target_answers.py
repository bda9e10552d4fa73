"""How the suite answers a target of a host: which tool, under which names, with which fixed words.

`catalogue` describes the tools: {"tools": {tool: {"flags": {"--role": "ROLE"}, "switches": [names], "names": [every
variable that the make target takes], "positions": [variables of bare words], "target": bool}},
"targets": {make target: [tool, *words]}, "scripts": the front door's table, "script_flags": {script: {flag: ours}}}.
A guess says where it comes from. Two guesses that differ are no answer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from fairway_scripts.rules.legacy_scripts import first_word, tool_of_call

if TYPE_CHECKING:
    from collections.abc import Mapping

SAME = "same"
ALIAS = "alias"
UNKNOWN = "unknown"

_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_FLAG_OF_HOLE = re.compile(r"(?<!\S)(--?[A-Za-z][A-Za-z0-9_-]*)(?:=|[ \t]+)[\"']?\{([A-Za-z_][A-Za-z0-9_]*)\}")
_NAME_OF_HOLE = re.compile(r"(?<![\w{])([A-Z][A-Z0-9_]*)=[\"']?\{([A-Za-z_][A-Za-z0-9_]*)\}")
#: What may stand in a recipe as it is: nothing that make or the shell reads as anything but text.
_FIXED = re.compile(r"[A-Za-z0-9_@%+=:./-]+\Z")


def answer_of(call: dict[str, Any], catalogue: Mapping[str, Any], chosen: str = "") -> dict[str, Any]:
    """How a target is answered: {answer, tool, by, words, variables, why}.

    `call` has target, script (file name), subcommand, arguments (None when the recipe is no template), environment,
    text (the recipe with `{NAME}` for each value), holes (the names), own (variables set for the target alone),
    others (name -> the name that it stands in for). `chosen` is the tool that a profile names, which settles it.
    `variables` maps a name of the host to ours where the two differ, `words` are what is always passed. `why` gives the
    reasons for `unknown`, or what is lost with the tool that was chosen.
    """
    guess = _guess(call, catalogue, chosen)
    answer = {"answer": UNKNOWN, "tool": "", "by": "", "words": [], "variables": {}, "why": guess.get("why", [])}
    if not guess.get("tool"):
        return answer
    tool = catalogue["tools"][guess["tool"]]
    own = catalogue.get("script_flags", {}).get(call["script"], {})
    flags = {**tool["flags"], **{flag: tool["flags"].get(ours, "") for flag, ours in own.items()}}
    reader = _Mapping({**tool, "flags": flags}, guess["tool"])
    reader.read(call)
    offered = catalogue["targets"].get(call["target"], [])
    words = _merged(guess["words"], reader.words)
    answer |= {"tool": guess["tool"], "by": guess["by"], "words": words, "why": reader.reasons}
    answer["variables"] = {host: own for host, own in sorted(reader.found.items()) if host != own}
    if call["own"]:
        answer["why"] = [*answer["why"], f"it sets {', '.join(call['own'])} for itself"]
    if chosen or not answer["why"]:
        as_it_is = offered[:1] == [guess["tool"]] and offered[1:] == words and not answer["variables"]
        answer["answer"] = SAME if as_it_is else ALIAS
    return answer


def subcommand_of(arguments: list[str], catalogue: Mapping[str, Any]) -> str:
    """The subcommand among the arguments of a template."""
    tools = catalogue["tools"].values()
    return first_word(
        arguments, {flag for tool in tools for flag, name in tool["flags"].items() if name in tool["switches"]}
    )


def _guess(call: dict[str, Any], catalogue: Mapping[str, Any], chosen: str) -> dict[str, Any]:
    """{tool, words, by}, or {why}."""
    by_name: list[str] = catalogue["targets"].get(call["target"], [])
    by_script = tool_of_call(call["script"], call["subcommand"], catalogue["scripts"])
    by_script = by_script if by_script and by_script[0] in catalogue["tools"] else []
    said = " ".join(filter(None, [call["script"], call["subcommand"]]))
    if chosen and chosen not in (by_script[:1] or by_name[:1]):
        words = by_name[1:] if by_name[:1] == [chosen] else []
        return {"tool": chosen, "words": words, "by": "the profile"}
    if not chosen and by_name and by_script and by_name[0] != by_script[0]:
        return {"why": [f"its name says {by_name[0]}, its script ({said}) says {by_script[0]}"]}
    if by_script:
        both = by_name[:1] == by_script[:1]
        words = by_name[1:] if both and len(by_name) > len(by_script) else by_script[1:]
        return {"tool": by_script[0], "words": words, "by": "name and script" if both else f"script: {said}"}
    if by_name:
        return {"tool": by_name[0], "words": by_name[1:], "by": "name"}
    return _by_variables(call, catalogue, said)


def _by_variables(call: dict[str, Any], catalogue: Mapping[str, Any], said: str) -> dict[str, Any]:
    """The one tool that takes all the names which the recipe hands over; fewer than three names say too little."""
    flags: dict[str, str] = {}
    for tool in catalogue["tools"].values():
        flags.update(tool["flags"])
    names = {flags.get(_plain_flag(flag), "") for flag, _hole in _FLAG_OF_HOLE.findall(call["text"])}
    names |= {name for name, _hole in _NAME_OF_HOLE.findall(call["text"]) if f"--{name.lower()}" in flags}
    names.discard("")
    unknown = f"{said} is not known" if said else "it calls none of the known scripts"
    if len(names) < 3:
        return {"why": [unknown]}
    takers = [name for name, tool in catalogue["tools"].items() if tool["target"] and names <= set(tool["names"])]
    if len(takers) == 1:
        return {"tool": takers[0], "words": [], "by": f"variables: only {takers[0]} takes {', '.join(sorted(names))}"}
    several = f"; by its variables it could be {' or '.join(takers)}" if 1 < len(takers) < 5 else ""
    return {"why": [unknown + several]}


def _plain_flag(flag: str) -> str:
    return flag.lower().replace("_", "-")


def _merged(words: list[str], more: list[str]) -> list[str]:
    return [*words, *(word for word in more if word not in words)]


class _Mapping:
    """Which variable of a tool each value of a recipe becomes."""

    def __init__(self, tool: Mapping[str, Any], name: str) -> None:
        self.tool = tool
        self.name = name
        self.found: dict[str, str] = {}
        self.words: list[str] = []
        self.reasons: list[str] = []

    def read(self, call: dict[str, Any]) -> None:
        if call["arguments"] is None:
            self._from_text(call["text"])
        else:
            self._from_environment(call["environment"])
            self._from_arguments(call["arguments"], call["subcommand"])
        for other, main in call["others"].items():
            if main in self.found:
                self._note(other, self.found[main])
        for hole in call["holes"]:
            if hole not in self.found:
                self._by_own_name(hole)
        self.found = {host: own for host, own in self.found.items() if own}

    def _from_text(self, text: str) -> None:
        """What flags and assignments say in a recipe that is more than one plain command."""
        for flag, hole in _FLAG_OF_HOLE.findall(text):
            if own := self.tool["flags"].get(_plain_flag(flag)):
                self._note(hole, own)
        for name, hole in _NAME_OF_HOLE.findall(text):
            if name in self.tool["names"]:
                self._note(hole, name)

    def _from_environment(self, environment: dict[str, str]) -> None:
        for name, value in environment.items():
            if name in self.tool["names"]:
                self._take(name, name, value)
            elif _HOLE.search(value):
                self.reasons.append(f"{name} (in the environment) is no variable of {self.name}")

    def _from_arguments(self, arguments: list[str], subcommand: str) -> None:
        positions = iter(self.tool["positions"])
        words = iter(arguments)
        waiting = subcommand
        for word in words:
            if word.startswith("-"):
                self._flag(word, words)
            elif word == waiting:
                waiting = ""
            else:
                own = next(positions, "")
                if own:
                    self._take(own, own, word)
                else:
                    self.reasons.append(f"the word {word} has no place in {self.name}")

    def _flag(self, word: str, words: Any) -> None:
        flag, equals, value = word.partition("=")
        own = self.tool["flags"].get(_plain_flag(flag), "")
        switch = own in self.tool["switches"]
        if not equals and not switch:
            value = next(words, "")
        if not own:
            self.reasons.append(f"{flag} is no flag of {self.name}")
            self.found.update(dict.fromkeys(_HOLE.findall(value), ""))
        elif switch and not equals:
            self.words.append(_plain_flag(flag))
        else:
            self._take(flag, own, value)

    def _take(self, place: str, own: str, value: str) -> None:
        """A value for one of our variables: a hole becomes a name, plain text a word that is always passed."""
        holes = _HOLE.findall(value)
        if not holes:
            word = "--" + own.lower().replace("_", "-") + "=" + value
            if _FIXED.match(word):
                self.words.append(word)
            else:
                self.reasons.append(f"the fixed value of {place} cannot stand in a recipe: {value!r}")
        elif value == "{" + holes[0] + "}":
            self._note(holes[0], own)
        else:
            self.reasons.append(f"the value of {place} is more than one variable: {value}")
            self.found.update(dict.fromkeys(holes, ""))

    def _note(self, host: str, own: str) -> None:
        before = self.found.get(host)
        if before and before != own:
            self.reasons.append(f"{host} stands for both {before} and {own}")
        self.found[host] = own

    def _by_own_name(self, hole: str) -> None:
        if hole in self.tool["names"]:
            self.found[hole] = hole
        else:
            self.reasons.append(f"{hole} is no variable of {self.name}, and how it is passed cannot be told")
