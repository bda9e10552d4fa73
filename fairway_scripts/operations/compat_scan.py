"""Learning how a repository's own Makefile calls its queue scripts, and how the suite answers each target."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from fairway_scripts import paths
from fairway_scripts.documents.profile_file import can_be_named
from fairway_scripts.errors import FairwayError
from fairway_scripts.handover import front_door_file
from fairway_scripts.operations.host_makefile import makefile_of, read_makefile, texts_of
from fairway_scripts.rules import make_reading
from fairway_scripts.rules.legacy_scripts import calls_in, finder, relative_script
from fairway_scripts.rules.make_expansion import Expander, Group, Hole, Piece, flat_text
from fairway_scripts.rules.makefile_scan import logical_lines
from fairway_scripts.rules.recipe_words import Complicated, template
from fairway_scripts.rules.target_answers import ALIAS, SAME, UNKNOWN, answer_of, subcommand_of
from fairway_scripts.workspace.make_database import GOAL, NOT_RUN

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ALIAS", "SAME", "UNKNOWN", "find_root", "scan_makefile"]

_FAMILY = re.compile(r"(?:queue|agent|orchestrator|workflow)-")
_SHELL_NAME = re.compile(r"\$\{?([A-Z][A-Z0-9_]*)\}?")


def find_root(given: str) -> str:
    """The checkout that a scan is about: `given`, else the one around the current folder; raises `not_found`."""
    place = os.path.realpath(given or os.getcwd())
    if not os.path.isdir(place):
        raise FairwayError("not_found", f"{place} is no folder", "name the folder of a repository")
    repository = paths.find_repository(place)
    return (repository and repository.worktree) or place


def scan_makefile(
    root: str, makefile: str, files: list[str], catalogue: Mapping[str, Any], chosen: Mapping[str, str]
) -> dict[str, Any]:
    """Every queue target of the Makefile of `root` with what it calls and how the suite answers it.

    `makefile` names another file than the one make would take ("" for that one), `files` are those of the repository,
    `chosen` is the tool that a profile names for a target. Nothing of the Makefile is run. Returns {makefile, targets,
    variables (those with names of ours, and whether our targets hear them), reads (what reading the Makefile runs),
    said (make's own complaints)}. Raises FairwayError: `not_found` without a Makefile, `invalid_config` for one that is
    not safe to read or that make cannot read, `missing_dependency`, `backend_unavailable`.
    """
    name = makefile or makefile_of(root)
    if not name or not os.path.isfile(os.path.join(root, name)):
        raise FairwayError("not_found", f"no Makefile in {root}", "name the file with --makefile")
    database, read = read_makefile(root, name, files)
    sources = texts_of(root, str(read["variables"].get("MAKEFILE_LIST", {}).get("value", name)).split())
    make_reading.as_the_host_reads(read["variables"], sources.values(), NOT_RUN)
    reader = _Targets(root, files, catalogue, read, sources)
    return {
        "makefile": name,
        "targets": [reader.entry(*group, chosen) for group in reader.groups()],
        "variables": _own_variables(read["variables"], catalogue),
        "reads": [found for path, text in sources.items() for found in make_reading.read_time_actions(path, text)],
        "said": [line for line in database["said"] if isinstance(line, str)],  # type: ignore[attr-defined]
    }


def _own_variables(known: Mapping[str, Any], catalogue: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The variables that the host sets under names of ours: [{name, value, heard}], `heard` where ours listen to it."""
    names = {*catalogue["names"], *catalogue["heard"]}
    return [
        {"name": name, "value": entry["value"], "heard": name in catalogue["heard"]}
        for name, entry in sorted(known.items())
        if entry["origin"] == "makefile" and name in names and str(entry["value"]).strip()
    ]


def has_front_doors(root: str) -> bool:
    """Whether the project at `root` is cutting over: its front doors then go by the profile of the last lane-engine."""
    repository = paths.find_repository(root)
    return repository is not None and os.path.exists(front_door_file(repository.common_dir))


class _Targets:
    """The targets of one Makefile, read against the table of tools."""

    def __init__(
        self,
        root: str,
        files: list[str],
        catalogue: Mapping[str, Any],
        read: dict[str, Any],
        sources: dict[str, str],
    ) -> None:
        self.root = root
        self.files = set(files)
        self.catalogue = catalogue
        self.read = read
        self.pattern = finder(catalogue["scripts"])
        self.optional = {name for text in sources.values() for name in make_reading.optional_names(text)}
        self.made = {entry["target"] for entry in read["targets"] if entry["recipe"]}

    def groups(self) -> list[tuple[list[dict[str, Any]], list[str]]]:
        """Each queue target as `(its rules, their lines)`; a double-colon target has several rules."""
        found: dict[str, list[dict[str, Any]]] = {}
        for rule in [*self.read["targets"], *self.read["patterns"]]:
            if rule["file"] and not rule["target"].startswith(".") and rule["target"] != GOAL:
                found.setdefault(rule["target"], []).append(rule)
        groups = [
            (rules, [line for rule in rules for line in logical_lines(rule["recipe"])]) for rules in found.values()
        ]
        return [group for group in groups if self._is_ours(*group)]

    def _is_ours(self, rules: list[dict[str, Any]], lines: list[str]) -> bool:
        target = rules[0]["target"]
        if not lines:
            return False
        return bool(_FAMILY.match(target)) or bool(calls_in(self._text(target, lines), self.pattern))

    def _text(self, target: str, lines: list[str]) -> str:
        return "\n".join(flat_text(pieces) for pieces in self._expanded(target, lines)[1])

    def _expanded(self, target: str, lines: list[str]) -> tuple[Expander, list[list[Piece]]]:
        expander = Expander(self.read["variables"], self.catalogue["names"], self.optional, target)
        expanded = [_without_prefix(expander.expand(line)) for line in lines]
        return expander, [pieces for pieces in expanded if flat_text(pieces).strip()]

    def entry(self, rules: list[dict[str, Any]], lines: list[str], chosen: Mapping[str, str]) -> dict[str, Any]:
        """What there is to say about one target."""
        target = rules[0]["target"]
        expander, commands = self._expanded(target, lines)
        text = _SHELL_NAME.sub(r"{\1}", "\n".join(flat_text(pieces) for pieces in commands))
        found, reasons = self._template(rules, expander, commands)
        call = {"target": target, "own": rules[0]["variables"], "text": text, **self._call(found, text, reasons)}
        names = [hole.name for hole in found["holes"]] if found else _names_in(text, self.pattern)
        names += [piece.name for piece in _all(commands) if isinstance(piece, Group) and piece.name not in names]
        others = {other: main for other, main in _others(commands).items() if main in names}
        holes = {name: expander.holes.get(name, "") for name in [*names, *others]}
        call |= {"holes": list(holes), "others": others}
        answer = answer_of(call, self.catalogue, chosen.get(target, ""))
        if "%" in target:
            answer |= {"answer": UNKNOWN, "why": ["it is a pattern: part of its name is a value"]}
        elif not can_be_named(target):
            answer["why"] = [*answer["why"], "its name has a sign that a profile cannot hold, so it stays the host's"]
        own = {name: answer["variables"].get(name, name) for name in holes}
        return {
            "target": target,
            "file": rules[0]["file"],
            "line": rules[0]["line"],
            **answer,
            "via": "script" if found is not None and call["path"] in self.files else "make",
            "complicated": reasons,
            "script": call["path"],
            "subcommand": call["subcommand"],
            "arguments": call["arguments"] or [],
            "environment": call["environment"],
            "uses": [{"name": name, "default": value, "ours": own[name]} for name, value in sorted(holes.items())],
        }

    def _template(
        self, rules: list[dict[str, Any]], expander: Expander, commands: list[list[Piece]]
    ) -> tuple[dict[str, Any] | None, list[str]]:
        """The template of a recipe that is one plain command, else why it is none."""
        reasons = list(expander.reasons)
        if len(rules) > 1:
            reasons.append("it has more than one rule")
        elif len(commands) != 1:
            reasons.append("it has several commands")
        needed = [name for rule in rules for name in rule["prerequisites"] if name in self.made]
        reasons += [f"it needs {name} first" for name in needed]
        reasons += [f"it sets {name} for itself" for rule in rules for name in rule["variables"]]
        if reasons:
            return None, reasons
        try:
            return template(commands[0]), []
        except Complicated as complicated:
            return None, [str(complicated)]

    def _call(self, found: dict[str, Any] | None, text: str, reasons: list[str]) -> dict[str, Any]:
        """The script that a target calls: {path, script, subcommand, arguments, environment}."""
        if found is not None:
            path = relative_script(found["script"], self.root, self.files, self.catalogue["scripts"])
            return {
                "path": path or found["script"],
                "script": os.path.basename(path),
                "subcommand": subcommand_of(found["arguments"], self.catalogue) if path else "",
                "arguments": found["arguments"],
                "environment": found["environment"],
            }
        calls = list(dict.fromkeys(calls_in(text, self.pattern)))
        if len(calls) > 1:
            names = " and ".join(" ".join([os.path.basename(path), word]).strip() for path, word in calls)
            reasons.append(f"it calls {names}")
        path, word = calls[0] if len(calls) == 1 else ("", "")
        path = relative_script(path, self.root, self.files, self.catalogue["scripts"])
        script = os.path.basename(path)
        return {"path": path, "script": script, "subcommand": word, "arguments": None, "environment": {}}


def _without_prefix(pieces: list[Piece]) -> list[Piece]:
    """A command without make's `@`, `-` and `+` in front, which a variable may have brought, and without its ends."""
    if pieces and isinstance(pieces[0], str):
        pieces = [pieces[0].lstrip("@-+ \t\n"), *pieces[1:]]
    if pieces and isinstance(pieces[-1], str):
        pieces = [*pieces[:-1], pieces[-1].rstrip()]
    return pieces


def _names_in(text: str, pattern: re.Pattern[str]) -> list[str]:
    """The variables whose values a recipe uses, but for those that only say where a script is."""
    return list(dict.fromkeys(re.findall(r"\{([A-Za-z_][A-Za-z0-9_]*)\}", pattern.sub("", text))))


def _others(commands: list[list[Piece]]) -> dict[str, str]:
    """The names that stand in for another: {other: main}."""
    return {other: hole.name for hole in _all(commands) if isinstance(hole, Hole) for other in hole.others}


def _all(commands: list[list[Piece]]) -> list[Piece]:
    """Every piece, also those inside groups."""
    pieces = [piece for line in commands for piece in line]
    for piece in pieces:  # grows while it is walked: a group may hold groups
        if isinstance(piece, Group):
            pieces += piece.pieces
    return pieces
