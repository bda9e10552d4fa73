"""Drafting the table of calls from what recipes, other scripts and CI ask of a host's scripts.

Pure: `recipe_calls.ScriptCall`s come in, entries and what is unsure go out. What is the same as the published interface
needs no entry.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fairway_scripts.calls.variables import SWITCHES
from fairway_scripts.cutover.bridge.legacy_words import WORDS
from fairway_scripts.cutover.door.bare_words import FLAGS_END
from fairway_scripts.cutover.door.entries import own_flag, tool_variables
from fairway_scripts.cutover.door.published import names_of, published
from fairway_scripts.cutover.scan.legacy_scripts import same_words
from fairway_scripts.cutover.scan.recipe_calls import HOLE, holes_in
from fairway_scripts.cutover.scan.script_flags import NO
from fairway_scripts.cutover.scan.their_words import SAYS, ours_of, their_words
from fairway_scripts.cutover.scan.variable_names import MEANS, NEEDS, VERBS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from fairway_scripts.cutover.cutover_shapes import TableEntry
    from fairway_scripts.cutover.scan.recipe_calls import ScriptCall

#: A word of a shell that stands for several.
_MANY = re.compile(r"\$(?:[@*]|\{\w+\[[@*]\]\})\Z")
#: A flag of one letter with its value, as `getopts` reads them: `-n5`.
_ATTACHED = re.compile(f"(-[A-Za-z])({HOLE.pattern})\\Z")
#: A word that names what it says: `task=$(TASK_ID)`.
_KEYED = re.compile(f"[A-Za-z_][\\w-]*={HOLE.pattern}\\Z")


class Draft:
    """One entry that is being drafted: what is sure, and what a person has to say."""

    def __init__(self, script: str, subcommand: str, tool: str, place: str) -> None:
        self.script, self.subcommand, self.tool, self.place = script, subcommand, tool, place
        self.variables = tool_variables(tool.partition(" ")[0])
        self.map: dict[str, str] = {}
        self.env: dict[str, str] = {}
        self.positional: list[str] = []
        self.constants: dict[str, str] = {}
        self.values: dict[str, dict[str, str]] = {}
        self.switches: list[str] = []
        self.says: Mapping[str, str] = {}
        self.takes: Collection[str] = ()
        self.stdin: str | dict[str, str] = ""
        self.questions: list[str] = []
        self.unclear = False
        self.labels: list[Mapping[str, str]] = []
        self.given: set[str] = set()

    def variable_of(self, flag: str, hole: str) -> str:
        """Return our variable for a flag, or a name of the environment, that gets the value of a hole; "" for none."""
        if hole in self.variables:
            return hole
        named = names_of(self.tool.partition(" ")[0])[0]
        if flag.startswith("--") and plain_flag(flag) in named:
            return named[plain_flag(flag)]
        for word in (hole, flag.lstrip("-").upper().replace("-", "_")):
            found = next((own for own in self.variables if word and word in MEANS.get(own, ())), "")
            if found:
                self.questions.append(f"{flag or hole} is taken for {found}")
                return found
        return ""

    def read(self, call: ScriptCall, words: list[str], exports: Mapping[str, str]) -> None:
        """Take in one call that somebody makes."""
        left = list(words)
        bare = 0
        ended = False
        while left:
            word = left.pop(0)
            if word == FLAGS_END and not ended:
                ended = True
                bare += self._end_flags(bare)
            elif not ended and (_KEYED.match(word) or (word[:1] == "-" != word and not HOLE.match(word))):
                self._flag(word, left, call.piped)
            elif _MANY.match(word):
                self.questions.append(f"which flags {word} holds")
            else:
                self._bare(word, bare, ended=ended)
                bare += 1
        self._environment(call, exports)
        if call.feeder:
            what = 'stdin = "..." or {key = "..."}'
            self.questions.append(f"what it reads on standard input, from {call.feeder}: {what}")
            self.unclear = True
        if call.payload and (keys := {key: self.variable_of("", name) for key, name in call.payload.items()}):
            self.stdin = {key: own for key, own in keys.items() if own}
            self.questions += [f"what {key} of standard input means" for key, own in keys.items() if not own]
        elif len(call.piped) == 1 and (own := self.variable_of("", call.piped[0])):
            self.stdin = own
        self.labels.append(call.when)
        self.given = self.said()

    def _environment(self, call: ScriptCall, exports: Mapping[str, str]) -> None:
        for name, text in {**exports, **call.environment}.items():
            given = _only(text)
            if not given or (name not in call.environment and given == name):
                continue  # make exports what is given to it in any case; whether the script reads it, its text says
            if own := self.variable_of("", given) or self.variable_of("", name):
                self.env[name] = own

    def settle_needs(self, text: str) -> list[str]:
        """Take what nothing says from where it is told, and return what is left to ask.

        That is the label of a `case` behind which all calls stand, else the subcommand or a word that means the same
        to the script in `text`.
        """
        given = {*self.given, *self.env.values()}  # but no flag that only other calls of the script give
        lacking = [names for names in NEEDS.get(self.tool, ()) if given.isdisjoint(names.split("|"))]
        for name in lacking:
            words = {label.get(name, "") for label in self.labels if "" not in label}
            if len(words) == 1 and all(words):
                self.constants[name] = words.pop()
        if {name for name in self.map.values() if name.partition("=")[0] == "RESULT"} == {"RESULT=fail"}:
            flag = next(flag for flag, name in self.map.items() if name == "RESULT=fail")
            self.constants["RESULT"] = "pass"
            self.questions.append(f"a call without {flag} is taken for RESULT=pass")
        told = next(filter(None, (map(self.word_said, [self.subcommand, *same_words(text, self.subcommand)]))), "")
        name, _, value = told.partition("=")
        if name in lacking and name not in self.constants:
            self.constants[name] = value
            self.questions.append(f"the subcommand is taken for {told}")
        left = [names.split("|")[0] for names in lacking if names not in self.constants]
        asked = [f'nothing says {name}: add it, or constants = {{{name} = "..."}}' for name in left]
        return [*self.questions, *asked]

    def translate(self, text: str) -> None:
        """Take what the script calls states, results or verdicts from its text, where callers name one."""
        variable, kind = SAYS.get(self.tool, ("", ""))
        if variable not in {*self.map.values(), *self.env.values(), *self.positional}:
            return
        if words := their_words(text, kind):
            self.values[variable] = words
            told = ", ".join(f"{theirs} for {ours}" for theirs, ours in words.items())
            self.questions.append(f"{variable} says {told}")

    def said(self) -> set[str]:
        """Return our variables that the calls which were read give a value."""
        maps = (name.partition("=")[0] for name in (*self.map.values(), *self.env.values()))
        places = (name.removesuffix("...") for name in self.positional)
        read = self.stdin.values() if isinstance(self.stdin, dict) else [self.stdin]
        return {*maps, *places, *self.constants, *read}

    def _flag(self, word: str, left: list[str], piped: list[str]) -> None:
        flag, equals, value = word.partition("=")
        if word in self.says:
            self._switch(word)
            return
        if not equals and (attached := _ATTACHED.match(word)):
            flag, value = attached[1], attached[2]
        elif not equals and left and (HOLE.search(left[0]) or not left[0].startswith("-") or left[0] == "-"):
            value = left.pop(0)
        elif not equals and flag not in self.takes:
            self._switch(flag)
            return
        given = piped[0] if value == "-" and len(piped) == 1 else _only(value)
        if f"{flag}=" in self.map or flag in self.map:
            return
        own = self.variable_of(flag, given)
        if own == "RESULT" and value.isdecimal():  # the exit code of what was run
            self.values[own] = {"0": "pass", "1": "fail"}
            self.questions.append("RESULT says 0 for pass, 1 for fail")
        if own:
            self.map[f"{flag}=" if equals else flag] = own
        else:
            self.questions.append(f"what {flag} means ({readable(value)})")
            self.unclear = True

    def _switch(self, flag: str) -> None:
        own = names_of(self.tool.partition(" ")[0])[0].get(plain_flag(flag), "")
        names = {self.says.get(flag, ""), plain_flag(flag).lstrip("-").upper().replace("-", "_")}
        likely = next(
            (name for name in self.variables if name in SWITCHES and names & {name, *MEANS.get(name, ())}), ""
        )
        if own not in SWITCHES and likely and flag not in self.map:
            own = likely
            self.questions.append(f"{flag} is taken for {own}")
        if HOLE.search(flag):  # a word of which only the caller knows what it is
            self.questions.append(f"what the word {readable(flag)} means")
            self.unclear = True
        elif own in SWITCHES:
            self.map.setdefault(flag, own)
        elif said_so := self._word_of(flag):
            self.questions.append(f"{flag} is taken for {said_so}")
            self.map.setdefault(flag, said_so)
        elif flag not in self.switches:
            self.switches.append(flag)
            sets = f" ({self.says[flag]})" if "=" in self.says.get(flag, "") else ""
            self.questions.append(
                f"whether {flag}{sets} means anything: it is taken for a switch without a counterpart"
            )

    def set_by(self, flag: str) -> str:
        """Return what a flag says by being there, as its script sets it: `RESULT=fail`; "" for none."""
        name, equals, value = self.says.get(flag, "").partition("=")
        said = SAYS.get(self.tool, ("", ""))[0]
        own = name if name in self.variables else said if name in MEANS.get(said, ()) else ""
        return self._word(own, value) if equals and value not in NO else ""

    def _word_of(self, flag: str) -> str:
        """Return the same, by the name of the flag where its script does not say."""
        return self.set_by(flag) or self.word_said(plain_flag(flag).lstrip("-"))

    def word_said(self, word: str) -> str:
        """Return what a word of the script says to the tool by itself: `close` is `STATUS=done`; "" for nothing."""
        return self._word(SAYS.get(self.tool, ("", ""))[0], word.replace("-", "_"))

    def _word(self, own: str, value: str) -> str:
        variable, kind = SAYS.get(self.tool, ("", ""))
        if own and own == variable and value not in ours_of(kind):
            value = WORDS[kind].get(value) or (VERBS.get(value, "") if kind == "status" else "")
        return f"{own}={value}" if own and value else ""

    def _end_flags(self, place: int) -> int:
        """Note that what follows stands behind `--`; return how many places of `positional` that takes."""
        known = self.positional
        if place == len(known):
            known.append(FLAGS_END)
        return int(known[place : place + 1] == [FLAGS_END])

    def _bare(self, word: str, place: int, *, ended: bool) -> None:
        known = self.positional
        if place < len(known):
            return
        own = self.variable_of("", _only(word)) if _only(word) else ""
        own = own or ("STATUS" if "STATUS" in self.variables and not holes_in(word) else "")
        if own and own not in known and place == len(known):
            known.append(f"{own}..." if ended and own.startswith("COMMAND") else own)  # as many words as it has
            if not holes_in(word):
                self.questions.append(f"the word {word!r} is taken for {own}")
        else:
            self.questions.append(f"what the word {readable(word)} means")
            self.unclear = True

    def entry(self) -> TableEntry:
        """Return the entry as the profile gets it; what is empty is not written."""
        return {
            "tool": self.tool,
            "map": self.map,
            "env": self.env,
            "positional": self.positional,
            "constants": self.constants,
            "values": self.values,
            "switches": self.switches,
            "stdin": self.stdin,
        }

    def is_published(self) -> bool:
        """Tell whether the published interface says the same already."""
        usual = published(self.script, self.subcommand)
        if usual is None or self.unclear or " ".join([usual.tool, *usual.fixed]) != self.tool or self.stdin:
            return False
        named = names_of(usual.tool)[0]
        flags = all(
            own in (named.get(flag), named.get(plain_flag(flag))) and plain_flag(flag).lstrip("-") == own_flag(own)[2:]
            for flag, own in self.map.items()
        )
        places = not usual.positional or self.positional == usual.positional[: len(self.positional)]
        env = all(usual.env.get(theirs) == own for theirs, own in self.env.items())
        return flags and places and env and not self.switches


def plain_flag(flag: str) -> str:
    """Spell a flag as ours are, also one that is written `--flag=`."""
    return flag.removesuffix("=").lower().replace("_", "-")


def _only(text: str) -> str:
    """Return the variable whose value a text is, "" where it has more to say: `agent/$(ROLE)` is no lane."""
    found = HOLE.fullmatch(text)
    return found[1] if found else ""


def readable(text: str) -> str:
    """Write a word of a recipe for people: `$(TASK_ID)` for a hole."""
    return HOLE.sub(r"$(\1)", text)
