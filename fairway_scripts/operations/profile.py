"""What a host's profile means to the front doors, and how it is kept in step with what a scan finds."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

from fairway_scripts.documents.file_replacement import replace_file
from fairway_scripts.documents.profile_file import (
    PROFILE_PATH,
    add_to_profile,
    can_be_named,
    profile_entry,
    read_profile,
)
from fairway_scripts.errors import FairwayError, suggest
from fairway_scripts.regular_files import regular

if TYPE_CHECKING:
    from collections.abc import Mapping

FRAGMENT_PATH = "compat/profile.mk"
_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_COMPARED = ("tool", "via", "script", "arguments", "words", "environment", "variables")


def front_door_entries(profile: dict[str, Any]) -> dict[str, Any]:
    """What `read_profile` gives, as front-door.json holds it: {targets, scripts, flags}.

    `targets` has, for each tool, the target of the host that calls the original best: one with the tool's own name,
    else one whose script can be called without make. A target that always passes words of its own (`--status=done`) is
    no way to call the tool in general. Its holes are our names; `variables` maps our names to the host's, for a call
    through make. `scripts` maps the subcommands of a script to tools, `flags` its flags to ours.
    """
    targets: dict[str, Any] = {}
    for name, entry in profile["targets"].items():
        tool = entry["tool"]
        if not tool or entry["words"] or "%" in name:
            continue
        found = {"via": entry["via"], "target": name, **_call(entry)}
        if tool not in targets or _rank(tool, found) < _rank(tool, targets[tool]):
            targets[tool] = found
    scripts = {name: entry["subcommands"] for name, entry in profile["scripts"].items() if entry["subcommands"]}
    flags = {name: entry["flags"] for name, entry in profile["scripts"].items() if entry["flags"]}
    return {"targets": targets, "scripts": scripts, "flags": flags}


def _rank(tool: str, found: dict[str, Any]) -> tuple[bool, bool]:
    return (found["target"] != tool, found["via"] != "script")


def _call(entry: dict[str, Any]) -> dict[str, Any]:
    own: dict[str, str] = entry["variables"]
    given = {name: host for host, name in own.items()}
    if entry["via"] == "make":
        return {"variables": given}

    def renamed(text: str) -> str:
        return _HOLE.sub(lambda hole: "{" + own.get(hole[1], hole[1]) + "}", text)

    return {
        "script": entry["script"],
        "arguments": [renamed(text) for text in entry["arguments"]],
        "environment": {name: renamed(text) for name, text in entry["environment"].items()},
        "variables": given,
    }


def known_profile(root: str, tools: Mapping[str, Any]) -> dict[str, Any] | None:
    """The profile of a host, None when there is none; raises what `read_profile` does, also for a tool nobody knows."""
    path = os.path.join(root, PROFILE_PATH)
    if not os.path.exists(path):
        return None
    profile = read_profile(path)
    for name, entry in profile["targets"].items():
        if entry["tool"] and entry["tool"] not in tools:
            message = f"{path}: targets.{name}.tool: {entry['tool']} is no tool"
            raise FairwayError("invalid_config", message, suggest("queue-help"))
    return profile


def differences(profile: dict[str, Any], found: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Where the profile and a scan do not say the same: [{target, key, profile, scan}]; `key` "" for a whole target.

    A target that only the profile has is there too (scan None): the Makefile has lost it.
    """
    scanned = {entry["target"]: profile_entry(entry) for entry in found}
    differing = []
    for name, entry in profile["targets"].items():
        said = scanned.get(name)
        if said is None:
            differing.append({"target": name, "key": "", "profile": entry["tool"], "scan": None})
            continue
        for key in _COMPARED:
            empty = type(entry[key])()
            if entry[key] != said.get(key, empty):
                differing.append({"target": name, "key": key, "profile": entry[key], "scan": said.get(key, empty)})
    return differing


def write_profile(root: str, makefile: str, found: list[dict[str, Any]], scripts: Mapping[str, Any]) -> list[str]:
    """Add to the host's profile what a scan found and it does not have; the names of what was added.

    `scripts` is the front door's own table: a subcommand that it answers the same way needs no entry. A target whose
    name a profile cannot hold is left out.
    """
    found = [entry for entry in found if can_be_named(entry["target"])]
    entries = {entry["target"]: profile_entry(entry) for entry in found}
    notes = {entry["target"]: _note(entry) for entry in found}
    words: dict[str, Any] = {}
    for entry in found:
        call = " ".join(filter(None, [entry["tool"], *_plain(entry)]))
        usual = scripts.get(entry["script"].rsplit("/", 1)[-1], {}).get(entry["subcommand"])
        if entry["answer"] != "unknown" and entry["subcommand"] and usual is None:
            script = words.setdefault(os.path.basename(entry["script"]), {"subcommands": {}})
            script["subcommands"].setdefault(entry["subcommand"], call)
    return add_to_profile(os.path.join(root, PROFILE_PATH), makefile, {"targets": entries, "scripts": words}, notes)


def write_fragment(root: str, text: str) -> bool:
    """Write `compat/profile.mk` beside the profile; whether it changed."""
    path = os.path.join(root, FRAGMENT_PATH)
    try:
        with open(path, encoding="utf-8", opener=regular) as file:
            if file.read() == text:
                return False
    except (OSError, UnicodeDecodeError):
        pass
    replace_file(path, text.encode())
    return True


def _plain(entry: dict[str, Any]) -> list[str]:
    """The words of a target that belong to its subcommand: those that are no flags."""
    return [word for word in entry["words"] if not word.startswith("-")]


def _note(entry: dict[str, Any]) -> str:
    """The remark above a new entry: why it is not answered, or why it goes through make."""
    if entry["answer"] == "unknown":
        near = f" ({entry['tool']} comes near)" if entry["tool"] else ""
        return f"not answered{near}: {'; '.join(entry['why'])}"
    if entry["complicated"]:
        return "through make: " + "; ".join(entry["complicated"])
    return ""
