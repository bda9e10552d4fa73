"""Settings from the plain tables of a config file: every key filled, every fault found and placed.

A *place* is the address of a value in the file (keys and 0-based indices), which the reader of the file turns
into a line.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, NamedTuple, cast

from fairway_scripts.base.faults import ERROR, WARNING
from fairway_scripts.base.patterns.globs import double_star_in_word, read_otherwise
from fairway_scripts.base.settings import DEFAULTS
from fairway_scripts.settings.config_checks import CHECKS
from fairway_scripts.settings.config_schema import BY_PATH, REQUIRED, RETIRED, SECTIONS, Key, Section, element_defaults
from fairway_scripts.settings.config_values import value_fault

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway_scripts.base.settings_shape import Settings

Place = tuple[str | int, ...]


class ConfigFault(NamedTuple):
    """One finding at a place."""

    place: Place
    code: str
    message: str
    severity: str = ERROR


class Reading(NamedTuple):
    """What the tables said. `settings` are fit for use only when no fault is an error."""

    settings: Settings
    faults: list[ConfigFault]


def read_tables(tables: Mapping[str, object]) -> Reading:
    """Settings with every key filled from `tables` (what TOML gave) over the defaults, and all faults at once.

    A value that is wrong by itself is reported and replaced by its default; rules that compare values are left
    out when one of theirs was replaced, so that one mistake is reported once.
    """
    faults: list[ConfigFault] = []
    filled: dict[str, object] = copy.deepcopy({**DEFAULTS})
    sections = [section.path for section in SECTIONS if "." not in section.path]
    for name, written in tables.items():
        if name in RETIRED:
            faults.append(_retired((name,), name))
        elif name not in sections:
            faults.append(_unknown((name,), "section", name, sections))
        elif BY_PATH[name].repeated:
            filled[name] = _read_repeated(BY_PATH[name], written, (name,), faults)
        else:
            table = filled[name]
            filled[name] = _read_table(
                BY_PATH[name], written, (name,), table if isinstance(table, dict) else {}, faults
            )
    settings = cast("Settings", filled)  # every value was checked, or is its default
    broken = [fault.place for fault in faults if fault.severity == ERROR and not fault.code.startswith("unknown")]
    for reads, check in CHECKS:
        if not any(_touches(place, read) for place in broken for read in reads):
            faults += [ConfigFault(*found) for found in check(settings)]
    return Reading(settings, faults)


def place_text(place: Place, settings: Settings) -> str:
    """A place as people name it: `roles.B-ui.lease`, and `review_routes.3.match` (counted from 1) without a name."""
    parts: list[str] = []
    value: object = settings
    for step in place:
        value = below(value, step)
        name = value.get("name") if isinstance(step, int) and isinstance(value, dict) else None
        if isinstance(step, int):
            parts.append(_quoted(str(name)) if name else str(step + 1))
        else:
            parts.append(_quoted(step))
    return ".".join(parts)


def _quoted(name: str) -> str:
    """A name as it stands in a dotted key: in quotes when it has anything but letters, digits and dashes."""
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'


def below(value: object, step: str | int) -> object:
    """What stands at one step of an address in a table or a list; None for nothing."""
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and isinstance(step, int) and step < len(value):
        return value[step]
    return None


def _read_table(
    section: Section, written: object, place: Place, defaults: dict[str, object], faults: list[ConfigFault]
) -> dict[str, object]:
    """`defaults` overlaid with the good values of one table."""
    if not isinstance(written, dict):
        header = f"[[{section.path}]]" if section.repeated else f"[{section.path}]"
        faults.append(ConfigFault(place, "wrong_type", f"must be a table, written {header}"))
        return defaults
    keys = {key.name: key for key in section.keys}
    for name, value in written.items():
        key = keys.get(name)
        if (path := f"{section.path}.{name}") in RETIRED:
            retired = _retired((*place, name), path)
            faults += [retired] if all(fault.message != retired.message for fault in faults) else []  # once is enough
        elif key is None:
            faults.append(_unknown((*place, name), "key", name, list(keys)))
        elif key.kind == "tables":
            nested = BY_PATH[f"{section.path}.{name}"]
            defaults[name] = _read_repeated(nested, value, (*place, name), faults)
        elif fault := value_fault(key.kind, value, key.choices):
            faults.append(ConfigFault((*place, name), "bad_value", fault))
        else:
            defaults[name] = _settled(key, value)
            faults += _ambiguous(key, defaults[name], (*place, name))
    faults += [
        ConfigFault((*place, key.name), "missing_key", f"[[{section.path}]] needs this key")
        for key in section.keys
        if key.default is REQUIRED and key.name not in written
    ]
    return defaults


def _read_repeated(
    section: Section, written: object, place: Place, faults: list[ConfigFault]
) -> list[dict[str, object]]:
    if not isinstance(written, list):
        message = f"must be tables, each written [[{section.path}]] with two brackets"
        faults.append(ConfigFault(place, "wrong_type", message))
        return []
    return [
        _read_table(section, entry, (*place, at), element_defaults(section), faults) for at, entry in enumerate(written)
    ]


def _retired(place: Place, path: str) -> ConfigFault:
    return ConfigFault(place, "retired", f"{path} is read by nothing any more and can be taken out", WARNING)


def _settled(key: Key, value: object) -> object:
    """The value in the one form that readers see: a single pattern becomes a list of one."""
    if key.kind == "globs_or_glob" and isinstance(value, str):
        return [value]
    return value


def _ambiguous(key: Key, value: object, place: Place) -> list[ConfigFault]:
    """A warning for each pattern over paths that other tools read differently."""
    if key.kind not in ("glob", "globs", "globs_or_glob"):
        return []
    patterns = value if isinstance(value, list) else [str(value)]
    found = [(pattern, part) for pattern in patterns if (part := double_star_in_word(pattern))]
    signs = [(pattern, sign) for pattern in patterns if (sign := read_otherwise(pattern))]
    return [
        ConfigFault(
            place,
            "read_otherwise",
            f"{sign!r} in the pattern {pattern!r} is read otherwise by other tools: here [...] is one letter, and "
            "nothing is excluded, numbered or replaced; write the paths out, a bracket of a name behind a backslash",
            WARNING,
        )
        for pattern, sign in signs
    ] + [
        ConfigFault(
            place,
            "double_star_in_word",
            f"the pattern {pattern!r} has ** inside the name {part!r}, where it crosses folders here and stays in one "
            "for git; write `**/` for any folders, or `*` for one name",
            WARNING,
        )
        for pattern, part in found
    ]


def _unknown(place: Place, what: str, name: str, known: list[str]) -> ConfigFault:
    import difflib

    near = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    advice = f"did you mean {near[0]}?" if near else f"known here: {', '.join(known)}"
    return ConfigFault(place, f"unknown_{what}", f"unknown {what}; {advice}")


def _touches(place: Place, read: tuple[str, ...]) -> bool:
    """Whether a fault at `place` spoils a rule that reads `read`, where `*` stands for any index."""
    return all(pattern in ("*", step) for step, pattern in zip(place, read, strict=False))
