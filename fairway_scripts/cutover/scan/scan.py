"""Learning how a repository's queue scripts are called, and drafting its part of the table of calls."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING

from fairway_scripts.base import paths
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.calls.variables import SWITCHES, VALUES
from fairway_scripts.catalog import COMMON, MUTATING, TOOLS
from fairway_scripts.cutover.door.entries import own_flag
from fairway_scripts.cutover.door.published import names_of, published
from fairway_scripts.cutover.door.published_calls import SCRIPTS
from fairway_scripts.cutover.scan.drafting import Draft, plain_flag, readable
from fairway_scripts.cutover.scan.host_makefile import makefile_of, text_of
from fairway_scripts.cutover.scan.legacy_scripts import ENDINGS, relative_script, same_words, subcommands_in
from fairway_scripts.cutover.scan.make_recipes import read_recipes
from fairway_scripts.cutover.scan.recipe_calls import calls_in, hole, holes_in
from fairway_scripts.cutover.scan.script_flags import flags_in, switches_in, valued_in
from fairway_scripts.cutover.scan.sub_makes import followed, sub_makes
from fairway_scripts.cutover.scan.subcommand_words import split_call, tool_for, two_words, with_second, words_apart

if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import TableEntry
    from fairway_scripts.cutover.scan.recipe_calls import ScriptCall
    from fairway_scripts.cutover.scan.scan_shapes import FoundCall, Question, Recipe

_FAMILY = re.compile(r"(?:queue|agent|orchestrator|workflow|regression)-")
_READ = re.compile(
    r"\$\{([A-Z][A-Z0-9_]*):?[-?]|ENV(?:\.fetch\(|\[)[\"']([A-Z][A-Z0-9_]*)|environ\W+(?:get\W+)?([A-Z][A-Z0-9_]*)"
)
#: Variables that are read by many scripts and are no part of a call.
_ELSEWHERE = ("WORKTREE_ROOT", "HOST", "CATALOG")
_USED = re.compile(r"\$(?:(\w+)|\{(\w+))")
#: Where make stops, in a makefile that only the scan has.
_STOPPED = re.compile(r"^\S+:\d+: \*\*\* ")
#: Flags of every script, which nobody has to explain.
_HELP = ("--help", "--version")
_OURS = frozenset((*VALUES, *SWITCHES))
_NAMES = {os.path.basename(path) for path in SCRIPTS}


def find_root(given: str) -> str:
    """Return the checkout that a scan is about: `given`, else the one around the current folder.

    Raises FairwayError `not_found`.
    """
    place = os.path.realpath(given or os.getcwd())
    if not os.path.isdir(place):
        raise FairwayError("not_found", f"{place} is no folder", "name the folder of a repository")
    repository = paths.find_repository(place)
    return (repository and repository.worktree) or place


class Scan:
    """One scan of a checkout: the calls that its recipes make, and the entries that are drafted from them."""

    def __init__(self, root: str, makefile: str, files: list[str]) -> None:
        """Read everything; nothing of the repository is run. Raises FairwayError as `read_recipes` does."""
        self.root, self.files = root, set(files)
        self.makefile = makefile or makefile_of(root)
        if not self.makefile or not os.path.isfile(os.path.join(root, self.makefile)):
            raise FairwayError("not_found", f"no Makefile in {root}", "name the file with --makefile")
        self.targets = {
            target: [tool.name, *words] for tool in TOOLS.values() for target, words in tool.make_targets.items()
        }
        self.known = {path for path in files if os.path.basename(path) in _NAMES and "legacy" not in path}
        self.texts: dict[str, str] = {}
        self.others: dict[str, list[Recipe]] = {}
        self.drafts: dict[tuple[str, str], Draft] = {}
        self.questions: list[Question] = []
        self.calls: list[FoundCall] = []
        found = read_recipes(root, self.makefile, files, _OURS, self.targets)
        self.reads, self.said, self.recipes = found["reads"], found["said"], found["targets"]
        self.holes = {name: hole(name) for name in found["holes"]}
        seen = [pair for entry in self.recipes for pair in self._target(entry)]
        self.words = words_apart(call for _entry, call in seen)
        calls = ((call.script, *self._split(call)[1:], entry["target"]) for entry, call in seen)
        self.doubles = two_words(calls, self.targets)
        self.tools: dict[tuple[str, str], str] = {}
        for entry, call in seen:
            key = (call.script, self._asked(call)[1])
            self.tools[key] = self.tools.get(key) or tool_for(*key, entry["target"], self.targets, _given(call))[0]
        for entry, call in seen:
            self._call(entry, call)
        self._agree()
        for draft in self.drafts.values():
            for question in draft.settle_needs(self._text(draft.script)):
                self.ask(draft.place, question, draft)
        self._unseen()

    def entries(self) -> dict[str, dict[str, TableEntry]]:
        """Return the entries that a profile needs: of every script that is called in a way of its own."""
        own = {script for (script, _word), draft in self.drafts.items() if draft.tool and not draft.is_published()}
        found: dict[str, dict[str, TableEntry]] = {}
        for (script, word), draft in self.drafts.items():
            if script in own or not draft.tool:
                found.setdefault(script, {})[word] = draft.entry()
        for (script, word), draft in self.drafts.items():
            for other in same_words(self._text(script), word) if script in own and draft.tool else ():
                found[script].setdefault(other, draft.entry())  # what people type
        return found

    def ask(self, place: str, question: str, draft: Draft | None = None) -> None:
        """Note what a person has to fill in or confirm."""
        script, subcommand = (draft.script, draft.subcommand) if draft else ("", "")
        entry: Question = {"place": place, "script": script, "subcommand": subcommand, "question": question}
        if entry not in self.questions:
            self.questions.append(entry)

    # --- recipes ------------------------------------------------------------------------------------------------

    def _target(self, entry: Recipe) -> list[tuple[Recipe, ScriptCall]]:
        """Return the calls of scripts that a recipe makes, or has another make make, each with the recipe."""
        place, target = f"{entry['file']}:{entry['line']}", entry["target"]
        is_family = bool(_FAMILY.match(target))
        why = f"cannot be read: {_STOPPED.sub('', entry['why'])}" if entry["why"] else ""
        found: list[tuple[Recipe, ScriptCall]] = []
        more, missed = followed(entry, self.recipes, self._other) if is_family and not why else ([], [])
        try:
            for recipe in () if why else [entry, *more]:
                found += [(recipe, call) for call in self._calls_in(recipe, any_script=is_family)]
        except ValueError as problem:
            why = f"cannot be split into words: {problem}"
        for text in missed:
            self.ask(place, f"{target} has make do what is not followed: {readable(text)}")
        is_own = target in self.targets and os.path.normpath(entry["file"]) in self.files
        if is_family and is_own and not (found or missed or why):
            why = f"calls no script that is seen: {readable(entry['text'])}"
        if is_family and why:
            self.ask(place, f"{target} {why}")
        return found

    def _calls_in(self, recipe: Recipe, *, any_script: bool) -> list[ScriptCall]:
        find = partial(self.script, any_script=any_script)
        calls = calls_in(recipe["text"], {**self.holes, **recipe["exports"]}, find)
        feeders = {call.feeder for call in calls} - self.known
        return [call for call in calls if not call.sourced and call.script not in feeders]

    def _other(self, makefile: str) -> list[Recipe]:
        """Return the recipes of another makefile, read once for all its goals; [] for one that is not read."""
        if makefile not in self.others:
            self.others[makefile] = []
            calls = [call for entry in self.recipes for call in sub_makes(entry["text"]) if call.makefile == makefile]
            goals = {goal for call in calls for goal in call.goals}
            if makefile in self.files:
                with suppress(FairwayError):
                    self.others[makefile] = read_recipes(self.root, makefile, [*self.files], _OURS, goals)["targets"]
        return self.others[makefile]

    def script(self, word: str, *, any_script: bool) -> str:
        """Return the path of the script that a word names, "" for none; with `any_script` of any name."""
        path = relative_script(word, self.root, self.files, _NAMES)
        known = path in self.known or os.path.basename(path) in _NAMES
        is_script = any_script and path in self.files and self._text(path).startswith("#!")
        return path if path and (known or is_script or (any_script and path.endswith(ENDINGS))) else ""

    def _call(self, entry: Recipe, call: ScriptCall) -> None:
        place = f"{entry['file']}:{entry['line']}"
        labels, word, words = self._asked(call)
        if entry["pattern"] and word and word.split()[0] not in labels:
            return  # a form that the pattern would make too, and that the script does not know
        tool, doubt = tool_for(call.script, word, entry["target"], self.targets, _given(call))
        for other in [] if tool else same_words(self._text(call.script), word):
            tool = tool or self.tools.get((call.script, other)) or tool_for(call.script, other, "", self.targets)[0]
        target = entry["target"]
        found: FoundCall = {"target": target, "place": place, "script": call.script, "subcommand": word, "tool": tool}
        if not any({**known, "place": place} == found for known in self.calls):  # in another branch of a condition
            self.calls.append(found)
        draft = self.drafts.setdefault((call.script, word), Draft(call.script, word, tool, place))
        draft.says, draft.takes = switches_in(self._text(call.script)), valued_in(self._text(call.script))
        if tool:
            # what the recipe's own shell puts into a word is not read by the script
            used = {one or other for one, other in _USED.findall(entry["text"])}
            draft.read(call, words, {name: text for name, text in entry["exports"].items() if name not in used})
        else:
            said = readable(" ".join([os.path.basename(call.script), *call.words]))
            self.ask(place, f"which tool does the same; {said}", draft)
        for question in [*([doubt] if doubt else []), *draft.questions]:
            self.ask(place, question, draft)
        draft.questions = []

    def _asked(self, call: ScriptCall) -> tuple[list[str], str, list[str]]:
        """Return the same as `_split`, with subcommands of two words."""
        labels, word, words = self._split(call)
        return (labels, *(with_second(word, words) if (call.script, word) in self.doubles else (word, words)))

    def _split(self, call: ScriptCall) -> tuple[list[str], str, list[str]]:
        """Return the words that a script tells apart, the subcommand of a call, and its other words."""
        labels = [*subcommands_in(self._text(call.script)), *self.words.get(call.script, ())]
        return (labels, *split_call(call, labels))

    def _text(self, script: str) -> str:
        if script not in self.texts:
            self.texts[script] = text_of(os.path.join(self.root, script)) or ""
        return self.texts[script]

    # --- what the scripts say themselves ----------------------------------------------------------------------------

    def _agree(self) -> None:
        """Give every entry the flags that mean one thing in all other calls of its script, and what it reads itself."""
        for script in {script for script, _word in self.drafts}:
            own = [draft for (path, _word), draft in self.drafts.items() if path == script and draft.tool]
            text = self._text(script)
            read = {name for found in _READ.findall(text) for name in found if name} - {*COMMON, *MUTATING, *_ELSEWHERE}
            for draft in own:
                usual = published(script, draft.subcommand)
                if usual is None or not usual.env:
                    draft.env |= {name: name for name in sorted(read & set(draft.variables) - set(draft.env))}
            if all(draft.is_published() for draft in own):
                continue
            meanings = _meanings(own, text)
            for draft in own:
                self._learn(draft, flags_in(text), meanings)
                draft.translate(text)
                for question in draft.questions:
                    self.ask(draft.place, question, draft)

    def _learn(self, draft: Draft, flags: list[str], meanings: dict[str, set[str]]) -> None:
        named = names_of(draft.tool.split()[0])[0]
        for flag in flags:
            if named.get(flag) and f"{flag}=" not in draft.map:
                draft.map.setdefault(flag, named[flag])
            elif not {flag, f"{flag}="} & {*meanings}:
                self._typed(draft, flag)
        for flag, names in meanings.items():
            meant = names & set(draft.variables)
            known = {other.removesuffix("=") for other in draft.map}
            if len(meant) == 1 and flag.removesuffix("=") not in known:
                draft.map[flag] = meant.pop()

    def _typed(self, draft: Draft, flag: str) -> None:
        """Give an entry a flag with a value that its script knows and no recipe gives, by what its name says."""
        if {flag, f"{flag}="} & {*draft.map, *draft.switches}:
            return
        is_switch = flag in draft.says
        own = draft.set_by(flag) if is_switch else draft.variable_of(flag, "")
        if own and (is_switch or own not in draft.said()):
            draft.map[flag] = own
            self.ask(draft.script, f"{flag}, in no recipe, is taken for {own}")
        draft.questions = []

    def _unseen(self) -> None:
        """Ask about what scripts tell apart, and flags that they know, in no call that was seen."""
        for script in sorted({script for script, _word in self.drafts}):
            own = [draft for (path, _word), draft in self.drafts.items() if path == script]
            if all(draft.is_published() or not draft.tool for draft in own) and script in SCRIPTS:
                continue
            known = {flag.removesuffix("=") for draft in own for flag in (*draft.map, *draft.switches)}
            known |= {flag for draft in own if draft.is_published() for flag in names_of(draft.tool.split()[0])[0]}
            flags = sorted({*flags_in(self._text(script))} - known - {*_HELP})
            if flags:
                self.ask(
                    script, f"the script also knows {', '.join(flags)}, in no recipe: add those that are typed by hand"
                )


def _given(call: ScriptCall) -> list[str]:
    return holes_in(" ".join(call.words))


def _meanings(drafts: list[Draft], text: str) -> dict[str, set[str]]:
    """Return what the flags of a script mean in the calls that were seen, or are filled with by itself."""
    found: dict[str, set[str]] = {}
    env = {theirs for draft in drafts for theirs in draft.env}
    for draft in drafts:
        for flag, name in draft.map.items():
            if name not in COMMON and flag.startswith("--"):  # a letter stands for something else in each subcommand
                is_kind = name in ("RESULT", "STATUS") and plain_flag(flag) != own_flag(name)
                found.setdefault(flag, set()).update(() if is_kind else [name])  # a verdict is no state
    lines = "\n".join(line for line in text.split("\n") if not re.search(r"\.(?:sh|rb|py)\b", line))
    for flag, theirs in re.findall(r"(--[a-z][a-z0-9-]*)[\"']?[ =][\"']?\$\{?([A-Z][A-Z0-9_]*)", lines):
        if theirs in env:
            found.setdefault(flag, set()).update(draft.env.get(theirs, "") for draft in drafts)
    return found
