"""The settings of agent programs in which a project names its hooks, and our one entry in each.

Only files of the project: what a person set for all of their projects is never looked at.
"""

from __future__ import annotations

import json
import math
from typing import NamedTuple, TypeVar

from fairway_scripts.base.errors import FairwayError

Part = TypeVar("Part", dict[str, object], list[object])

_OURS = "fairway prime --hook-json"


class Program(NamedTuple):
    """An agent program: its file of hooks, the event that begins a session, and whether entries are in groups."""

    name: str
    path: str
    event: str
    grouped: bool = True
    #: what a new file needs besides its hooks
    begins: tuple[tuple[str, object], ...] = ()


PROGRAMS = {
    program.name: program
    for program in (
        Program("claude", ".claude/settings.json", "SessionStart"),
        Program("codex", ".codex/hooks.json", "SessionStart"),
        Program("cursor", ".cursor/hooks.json", "sessionStart", grouped=False, begins=(("version", 1),)),
        Program("gemini", ".gemini/settings.json", "SessionStart"),
    )
}


def with_hook(program: Program, text: str) -> str:
    """The settings with our entry, once; everything else keeps its value. Raises FairwayError `invalid_document`."""
    settings = _read(program, text) if text.strip() else dict(program.begins)
    hooks = _part(program, settings, "hooks", dict[str, object]())
    entries = _part(program, hooks, program.event, list[object]())
    wanted = _entry(program)
    others = [entry for entry in entries if not _is_ours(entry)]
    if len(others) == len(entries) - 1 and wanted in entries:
        return text
    hooks[program.event] = [*others, wanted]
    return _written(settings, text)


def without_hook(program: Program, text: str) -> str:
    """The settings without our entry, "" where nothing is left that anybody else wrote."""
    if not text.strip():
        return text
    settings = _read(program, text)
    hooks = settings.get("hooks")
    if not isinstance(hooks, dict):
        return text
    entries = hooks.get(program.event)
    if not isinstance(entries, list) or not any(map(_is_ours, entries)):
        return text
    hooks[program.event] = [entry for entry in entries if not _is_ours(entry)]
    if not hooks[program.event]:
        del hooks[program.event]
    if not hooks:
        del settings["hooks"]
    return "" if settings == dict(program.begins) else _written(settings, text)


def _entry(program: Program) -> dict[str, object]:
    """Our entry: it does nothing on a machine without the suite."""
    line = f"if command -v fairway >/dev/null 2>&1; then {_OURS} --for {program.name}; fi"
    if program.grouped:
        return {"hooks": [{"type": "command", "command": line}]}
    return {"command": line}


def _is_ours(entry: object) -> bool:
    if not isinstance(entry, dict):
        return False
    inner = entry.get("hooks")
    commands = [entry, *(inner if isinstance(inner, list) else [])]
    return any(isinstance(item, dict) and _OURS in str(item.get("command", "")) for item in commands)


def _read(program: Program, text: str) -> dict[str, object]:
    try:
        settings = json.loads(text, object_pairs_hook=_once, parse_float=_finite, parse_constant=_finite)
    except json.JSONDecodeError as fault:
        raise _refusal(program, f"{fault.lineno}: {fault.msg}") from None
    except RecursionError:
        raise _refusal(program, " it is nested too deeply") from None
    except ValueError as fault:
        raise _refusal(program, f" {fault}") from None
    if not isinstance(settings, dict):
        raise _refusal(program, "1: it is no object")
    return settings


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    """An object in which each key stands once: of two, writing it anew would lose one."""
    names = [name for name, _value in pairs]
    for name in names:
        if names.count(name) > 1:
            raise ValueError(f"the key {name!r} stands twice in an object")
    return dict(pairs)


def _finite(text: str) -> float:
    """A number that can be written again; what Python reads as NaN or as an infinity is none that JSON has."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"the number {text} cannot be written again as JSON")
    return number


def _part(program: Program, settings: dict[str, object], name: str, new: Part) -> Part:
    found = settings.setdefault(name, new)
    if not isinstance(found, type(new)):
        raise _refusal(program, f" {name} is not of the kind that hooks have")
    return found


def _refusal(program: Program, fault: str) -> FairwayError:
    entry = json.dumps(_entry(program))
    return FairwayError(
        "invalid_document",
        f"{program.path}:{fault}; it was left as it is",
        f"mend it, or add to its list hooks.{program.event} by hand: {entry}",
    )


def _written(settings: dict[str, object], before: str) -> str:
    """The settings as text, indented as the file was."""
    first = next((line for line in before.splitlines()[1:] if line.strip()), "  ")
    indent = first[: len(first) - len(first.lstrip())]
    end = "" if before and not before.endswith("\n") else "\n"
    written = json.dumps(settings, indent=indent or "  ", ensure_ascii=False)
    return written.encode(errors="backslashreplace").decode() + end  # half of a pair of surrogates stays an escape
