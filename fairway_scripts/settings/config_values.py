"""What one value of the config file may be: a check for every kind of key.

A check takes the value as TOML gave it and answers in a few words what is wrong with it, empty when nothing is.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable

from fairway_scripts.base import clock
from fairway_scripts.base.patterns.globs import glob_fault
from fairway_scripts.base.patterns.line_patterns import pattern_fault as line_pattern_fault
from fairway_scripts.base.words.launching_programs import option_fault, variable_fault
from fairway_scripts.base.words.provider_commands import template_fault
from fairway_scripts.base.words.trackers import address_fault
from fairway_scripts.base.words.trusted_commands import pattern_fault

Check = Callable[[object], str]

_LARGEST = 2**63 - 1
_LONGEST_SPAN = 36_525 * 86_400.0  # a century, which every date computation survives
_SERVICE = re.compile(r"[A-Za-z0-9_.-]+\Z")
_SCHEMA = re.compile(r"[a-z_][a-z0-9_]{0,62}\Z")
_PLACEHOLDER = re.compile(r"\{[^{}]*\}|[{}]")


def value_fault(kind: str, value: object, choices: tuple[str, ...] = ()) -> str:
    """What is wrong with `value` as a key of `kind` (a key of `KINDS`, `choice` or `results`); empty if nothing."""
    if kind == "choice":
        return _text(value) or ("" if value in choices else f"{value!r} is none of {_listed(choices)}")
    if kind == "results":
        return _each(lambda item: "" if item in choices else f"{item!r} is none of {_listed(choices)}")(value)
    return KINDS[kind](value)


def _described(value: object) -> str:
    """A value as the message shows it: with the word TOML users know its type by."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"the text {value!r}"
    if isinstance(value, (int, float)):
        return f"the number {value}"
    if isinstance(value, list):
        return "a list"
    return "a table" if isinstance(value, dict) else "a date or time"


def _text(value: object) -> str:
    if not isinstance(value, str):
        return f"must be text in quotes, not {_described(value)}"
    if not value.strip():
        return "must not be empty"
    if value != value.strip() or any(ord(char) < 32 or 127 <= ord(char) < 160 for char in value):
        return f"{value!r} has blanks at an end or control characters"
    return ""


def _of_text(check: Callable[[str], str]) -> Check:
    """What `check` says of a text that is fit to be a value, else what is wrong with it as such."""

    def whole(value: object) -> str:
        fault = _text(value)
        return fault if fault or not isinstance(value, str) else check(value)

    return whole


@_of_text
def branch_fault(value: str) -> str:
    """What is wrong with a branch name by git's rules for reference names."""
    parts = value.split("/")
    bad = (
        any(char in " ~^:?*[\\" for char in value)
        or ".." in value
        or "@{" in value
        or value == "@"
        or value.startswith("-")
        or value.endswith(".")
        or any(not part or part.startswith(".") or part.endswith(".lock") for part in parts)
    )
    return f"{value!r} is no branch name that git accepts" if bad else ""


def _listed(choices: tuple[str, ...]) -> str:
    return ", ".join(choices)


def _flag(value: object) -> str:
    return "" if isinstance(value, bool) else f"must be true or false, not {_described(value)}"


def _number_from(least: int) -> Check:
    def check(value: object) -> str:
        if not isinstance(value, int) or isinstance(value, bool):
            return f"must be a whole number, not {_described(value)}"
        return "" if least <= value <= _LARGEST else f"{value} is not between {least} and {_LARGEST}"

    return check


@_of_text
def _duration(value: str) -> str:
    try:
        span = clock.duration(value)
    except ValueError:
        return f"{value!r} is no duration; write hours, minutes, days such as 12h, 30m, 1h30m, 2d"
    if not math.isfinite(span) or not 0 < span <= _LONGEST_SPAN:
        return f"{value!r} is not between a moment and a century"
    return ""


def _glob(value: object) -> str:
    if not isinstance(value, str):
        return _text(value)
    fault = glob_fault(value)
    return f"the pattern {value!r} {fault}" if fault else ""


@_of_text
def _regex(value: str) -> str:
    wrong = line_pattern_fault(value, ignore_case=False)
    return f"{value!r} is no regular expression that can be used: it {wrong}" if wrong else ""


@_of_text
def _queue_source(value: str) -> str:
    form, _colon, path = value.partition(":")
    if form in ("yaml", "json"):
        return "" if path.strip() else f"{value!r} names no file"
    return ""


@_of_text
def _line_pattern(value: str) -> str:
    fault = line_pattern_fault(value)
    return f"the pattern {value!r} {fault}" if fault else ""


def _naming(*allowed: str) -> Check:
    @_of_text
    def check(value: str) -> str:
        if "{role}" not in value:
            return f"{value!r} must contain {{role}}, or every lane would have the same name"
        for found in _PLACEHOLDER.findall(value):
            if found not in allowed:
                return f"{value!r} has {found}; known are {', '.join(allowed)}"
        return ""

    return check


@_of_text
def _branch_naming(value: str) -> str:
    return _naming("{role}")(value) or branch_fault(value.replace("{role}", "lane"))


@_of_text
def _lane_name(value: str) -> str:
    if value.startswith("-") or "/" in value or branch_fault(f"agent/{value}"):
        return f"{value!r} cannot be part of a branch and a folder name"
    return ""


def _each(check: Check, *, least: int = 0) -> Check:
    """A list whose entries all pass `check` and are all different, with at least `least` of them."""

    def check_list(value: object) -> str:
        if not isinstance(value, list):
            return f'must be a list such as ["a", "b"], not {_described(value)}'
        for place, item in enumerate(value):
            if fault := check(item):
                return f"entry {place + 1}: {fault}"
            if item in value[:place]:
                return f"names {item!r} twice"
        return "" if len(value) >= least else "must have at least one entry"

    return check_list


def _pair(value: object) -> str:
    if not isinstance(value, list) or len(value) != 2:
        return 'must be a pair such as ["todo", "in_progress"]'
    return _text(value[0]) or _text(value[1])


def _globs_or_glob(value: object) -> str:
    return _glob(value) if isinstance(value, str) else _each(_glob, least=1)(value)


def _graduation(value: object) -> str:
    """When a guard may become blocking: a table of its own keys, of which `clean_runs` must be there."""
    example = '{ clean_runs = 5, within = "168h", max_false_positives = 0 }'
    if not isinstance(value, dict):
        return f"must be a table such as {example}, not {_described(value)}"
    checks = {"clean_runs": _number_from(1), "within": _duration, "max_false_positives": _number_from(0)}
    for name, entry in value.items():
        if name not in checks:
            return f"has {name}; known are {', '.join(checks)}"
        if fault := checks[name](entry):
            return f"{name}: {fault}"
    return "" if "clean_runs" in value else f"needs clean_runs, as in {example}"


@_of_text
def _service(value: str) -> str:
    if "://" in value or "@" in value or "=" in value:
        return "is an address; name a service of pg_service.conf, which keeps host, user and password out of this file"
    return "" if _SERVICE.match(value) else f"{value!r} is no service: letters, digits, '.', '_' and '-'"


@_of_text
def _schema(value: str) -> str:
    return "" if _SCHEMA.match(value) else f"{value!r} is no schema: lower-case letters, digits and '_', at most 63"


@_of_text
def _tracker_url(value: str) -> str:
    fault = address_fault(value)
    return f"the address {fault}" if fault else ""  # which may hold a secret, so it is not repeated


KINDS: dict[str, Check] = {
    "graduation": _graduation,
    "text": _text,
    "flag": _flag,
    "count": _number_from(0),
    "size": _number_from(1),
    "number": _number_from(-_LARGEST),
    "duration": _duration,
    "glob": _glob,
    "globs": _each(_glob),
    "globs_or_glob": _globs_or_glob,
    "regex": _regex,
    "line_pattern": _line_pattern,
    "branch": branch_fault,
    "branch_naming": _branch_naming,
    "naming": _naming("{role}", "{repo}"),
    "lane_name": _lane_name,
    "command_template": _of_text(template_fault),
    "command_patterns": _each(_of_text(pattern_fault), least=1),
    "command_options": _each(_of_text(option_fault)),
    "command_variables": _each(_of_text(variable_fault)),
    "queue_source": _queue_source,
    "texts": _each(_text),
    "some_texts": _each(_text, least=1),
    "pairs": _each(_pair),
    "service": _service,
    "schema": _schema,
    "tracker_url": _tracker_url,
}
