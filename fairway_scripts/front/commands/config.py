"""fairway-config."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.front.configuration import add_words, declare_lanes, read_settings, set_value, validate_config

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from fairway_scripts.calls.tool_calls import FairwayConfig
    from fairway_scripts.front.front_shapes import ReadSettings

ACTIONS = "validate, show, get KEY, set KEY VALUE or add-lane NAME (also add-profile, add-domain)"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What fairway-config takes besides the common flags: an action and its words."""
    parser.add_argument("words", nargs="*", metavar="ACTION", help=f"{ACTIONS}; KEY as in gates.stale_evidence")


def run(args: FairwayConfig) -> int:
    """Check, show, read or set the configuration, or declare lanes in it."""
    action, *words = args.words or [""]
    if action == "add-lane" and words:
        _add_lanes(args, [name.strip() for word in words for name in word.split(",")])
        return OK
    if action in ("add-profile", "add-domain") and words:
        _add(args, action, words)
        return OK
    wanted = {"validate": 0, "show": 0, "get": 1, "set": 2}
    if wanted.get(action) != len(words):
        said = " ".join([action, *words]) or "nothing"
        raise FairwayError("usage", f"say {ACTIONS}; {said!r} was said", suggest("fairway-config", "--help"))
    if action == "validate":
        _validate(args)
    elif action == "show":
        _show(args)
    elif action == "get":
        _get(args, words[0])
    else:
        _set(args, *words)
    return OK


def _validate(args: FairwayConfig) -> None:
    found = validate_config(args)
    errors = [fault for fault in found["faults"] if fault["severity"] == "error"]
    verdict = [] if errors else [f"valid {found['path']}"]
    answer(args, {**found, "ok": not errors}, [*(str(fault["text"]) for fault in found["faults"]), *verdict])
    if errors:
        first = f"{errors[0]['path']}:{errors[0]['line']}"
        raise FairwayError("invalid_config", f"{found['path']} has {len(errors)} fault(s)", f"mend {first}")


def _show(args: FairwayConfig) -> None:
    found = read_settings(args)
    _mention(found)
    answer(args, {"path": found["path"], "settings": found["settings"]}, list(_flat(found["settings"], "")))


def _get(args: FairwayConfig, key: str) -> None:
    found = read_settings(args, key)
    _mention(found)
    value = found["value"]
    lines = list(_flat(value, "")) if isinstance(value, dict) else [value if isinstance(value, str) else _text(value)]
    answer(args, {"key": key, "path": found["path"], "value": value}, lines)


def _set(args: FairwayConfig, key: str, value: str) -> None:
    change = set_value(args, key, value)
    answer(args, change, [f"{key}: {_text(change['before'])} -> {_text(change['after'])}", f"path: {change['path']}"])


def _add_lanes(args: FairwayConfig, names: list[str]) -> None:
    done = declare_lanes(args, names)
    told = [f"added lane {name}" for name in done["added"]] or ["nothing to add: declared already"]
    answer(args, done, [*told, f"lanes: {', '.join(done['lanes'])}", f"path: {done['path']}"])


def _add(args: FairwayConfig, action: str, names: list[str]) -> None:
    done = add_words(args, action, names)
    what = action.removeprefix("add-")
    told = [f"added {what} {name}" for name in done["added"]] or ["nothing to add: declared already"]
    answer(args, done, [*told, f"path: {done['path']}"])


def _mention(found: ReadSettings) -> None:
    if not found["path"]:
        say("there is no configuration file: GPUaaS conventions are assumed (fairway-init makes one)")


def _flat(value: object, above: str) -> Iterator[str]:
    """`section.key: value` lines; a member of a list of tables goes by its name, or by its place from 1."""
    if isinstance(value, dict) and value:
        for name, entry in value.items():
            yield from _flat(entry, f"{above}.{name}".lstrip("."))
    elif isinstance(value, list) and value and isinstance(value[0], dict):
        for place, entry in enumerate(value, start=1):
            yield from _flat(entry, f"{above}.{entry.get('name') or place}".lstrip("."))
    else:
        yield f"{above}: {_text(value)}"


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
