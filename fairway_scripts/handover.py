"""Which side answers a call while a project cuts over, and how the script that was there before is run.

`<common git dir>/fairway/front-door.json` says which engine each lane is on (`legacy`, `shadow` or `fairway`) and how
the host's own targets called their scripts. It is derived from the store, so that a call can be sent on without
opening a database. Without that file nothing is cutting over, and every call is answered here.

An *original* is a script of the host that did the work before; installing moves it to a folder of its own.
"""

from __future__ import annotations

import os

from fairway_scripts import jsonio
from fairway_scripts.errors import FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

FAIRWAY = "fairway"
SHADOW = "shadow"
LEGACY = "legacy"
#: The lane that stands for all lanes without a row of their own.
OTHER_LANES = "*"
#: Where originals are, by default, for each folder of scripts: {folder word: [path from the checkout]}.
FOLDERS = {"ops": "scripts/ops", "ci": "scripts/ci"}
#: What an original is started with, so that whatever it calls by the old names stays on its side.
STAY_LEGACY = {"FAIRWAY_LEGACY": "1"}
_SHIM_MARK = b"fairway-scripts shim"

#: tool -> the ways in which the suite's own names were called before, best first. Each is (folder, script, style,
#: word): the style says how make variables reach the script, the word is its subcommand.
#:   flags        `--task-id ID`      environment  `TASK_ID=ID` in its environment      bare  not at all
_STORE = ("ops", "agent_queue.sh", "flags")
_PLAIN = (
    *("ready", "claim", "release", "reclaim", "set-status", "record-evidence", "record-handoff", "ack-handoff"),
    *("route-review", "record-review", "merge-ready", "list", "task-detail", "undo", "add", "update", "spawn"),
    *("import", "prune-stale", "status-report", "health-report", "timing-report", "activity", "snapshot"),
)
_CONDUCTOR = ("ops", "orchestrate_agents.sh", "flags")
_SESSIONS = ("ops", "agent_session_adapter.sh", "flags")
ORIGINALS: dict[str, tuple[tuple[str, str, str, str], ...]] = {
    **{f"queue-{word}": ((*_STORE, word),) for word in _PLAIN},
    "queue-validate": (("ci", "agent_queue_validate.sh", "bare", ""), (*_STORE, "validate")),
    "queue-git-check": (("ci", "agent_queue_git_consistency.sh", "bare", ""), (*_STORE, "git-check")),
    "queue-preflight": (("ops", "agent_preflight.sh", "flags", ""), (*_SESSIONS, "preflight")),
    "orchestrator-status": ((*_CONDUCTOR, "status"),),
    "orchestrator-tick": ((*_CONDUCTOR, "tick"),),
    "orchestrator-preflight": ((*_CONDUCTOR, "preflight"),),
    "orchestrator-dispatch": ((*_CONDUCTOR, "dispatch"),),
    "checkpoint-record": ((*_STORE, "checkpoint"),),
    "checkpoint-status": ((*_STORE, "checkpoints"),),
    "checkpoint-stale": ((*_STORE, "checkpoint-stale"),),
    "session-upsert": ((*_STORE, "session-upsert"),),
    "session-status": ((*_STORE, "session-status"),),
    "session-end": ((*_STORE, "session-end"),),
    "session-reconcile": ((*_STORE, "session-reconcile"),),
    "session-launch": ((*_SESSIONS, "launch"),),
    "subagent-bridge": (("ops", "codex_subagent_session_bridge.sh", "flags", ""),),
    "worktree-setup": (("ops", "setup_agent_lanes.sh", "flags", ""),),
    "agent-role-config": (("ops", "agent_role_config.sh", "flags", ""),),
    "regression-packs": (("ops", "workflow_regression_packs.sh", "flags", ""),),
    "context-packet": (("ops", "agent_context_packet.sh", "environment", ""),),
    "watcher-packet": (("ops", "agent_watch_task.sh", "environment", ""),),
    "bugfix-packet": (("ops", "bugfix_review_packet.sh", "environment", ""),),
}
#: Variables that stand before the subcommand of the store's own scripts.
_GLOBAL = ("QUEUE_FILE",)


def front_door_file(common_dir: str) -> str:
    """Where the front doors of a repository look; there is a file while it is cutting over."""
    return os.path.join(common_dir, "fairway", "front-door.json")


def load(common_dir: str) -> dict[str, Any] | None:
    """The parsed front-door.json of a repository, None when it is not cutting over.

    Raises FairwayError `file_unavailable` for a file that is there and cannot be read: the wrong side would split
    the record.
    """
    path = front_door_file(common_dir)
    try:
        with open(path, encoding="utf-8") as file:
            data: dict[str, Any] = jsonio.loads(file.read())
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as problem:
        raise FairwayError("file_unavailable", f"{path} cannot be read: {problem}", suggest("lane-engine")) from problem
    return data


def engine_of(data: dict[str, Any], role: str) -> str:
    """The engine of a lane: its own, else that of the lanes without a row, else `fairway`."""
    engines = data.get("engines") or {}
    return str(engines.get(role) or engines.get(OTHER_LANES) or FAIRWAY)


def engine_of_call(data: dict[str, Any], role: str, lane_of_task: Callable[[], str]) -> str:
    """The engine of a call: that of its ROLE, else of its task's lane, else the one that sees most.

    `lane_of_task` gives the lane of the call's task, "" when it names none; it is asked only when that matters.
    A call of no lane is answered here as soon as one lane is on `fairway`, because only this side sees both.
    """
    used = set((data.get("engines") or {}).values()) | {engine_of(data, OTHER_LANES)}
    if len(used) == 1:
        return str(used.pop())
    lane = role or lane_of_task()
    if lane:
        return engine_of(data, lane)
    return next(engine for engine in (FAIRWAY, SHADOW, LEGACY) if engine in used)


def legacy_call(
    data: dict[str, Any], tool: str, values: dict[str, str], root: str
) -> tuple[list[str], dict[str, str]] | None:
    """What runs the original for `tool` with make-variable values, in the checkout `root`.

    `values` holds only what was given ({"TASK_ID": "B-1"}). Returns (argv, environment to add), the original's
    absolute path first in argv (behind its interpreter when the file is not executable); None when there is none.
    What the host's profile says (`targets` of front-door.json) goes before the suite's own table, but for a DRY_RUN
    that its target would leave out.
    """
    target = (data.get("targets") or {}).get(tool)
    if target and not _goes_further(target, values):
        found = _by_profile(data, target, values, root)
        if found is not None:
            return found
    for folder, script, style, word in ORIGINALS.get(tool, ()):
        path = original(data, f"{FOLDERS[folder]}/{script}", root)
        if path:
            arguments, extra = _styled(style, word, values)
            return [*command(path), *arguments], {**extra, **STAY_LEGACY}
    return None


def original(data: dict[str, Any], script: str, root: str) -> str:
    """The absolute path of an original (`scripts/ops/agent_queue.sh`) in the checkout `root`, "" when there is none.

    A checkout that the shims have not reached yet has it in its old place.
    """
    folder, _, name = script.rpartition("/")
    moved = next((word for word, place in FOLDERS.items() if place == folder), "")
    places = [os.path.join(root, folder, "legacy", name), os.path.join(root, f"{folder}-legacy", name)]
    if moved and moved in (data.get("legacy_folder") or {}):
        places.insert(0, os.path.join(root, data["legacy_folder"][moved], name))
    for place in places:
        if os.path.isfile(place):
            return place
    place = os.path.join(root, script)
    return place if os.path.isfile(place) and not is_shim(place) else ""


def is_shim(path: str) -> bool:
    """Whether a file is one of the suite's own stand-ins, whatever its version."""
    try:
        with open(path, "rb") as file:
            return _SHIM_MARK in file.read(400)
    except OSError:
        return False


def command(path: str) -> list[str]:
    """The words that start a script: the file itself, or its interpreter and the file when it is not executable."""
    if os.access(path, os.X_OK):
        return [path]
    with open(path, "rb") as file:
        first = file.readline(256)
    if first.startswith(b"#!"):
        words = os.fsdecode(first[2:]).split(None, 1)
    else:
        words = ["/usr/bin/env", "ruby"] if path.endswith(".rb") else ["/bin/sh"]
    return [*(word.strip() for word in words), path]


def _styled(style: str, word: str, values: dict[str, str]) -> tuple[list[str], dict[str, str]]:
    given = {name: value for name, value in values.items() if value != ""}
    if style == "environment":
        return [], given
    if style == "bare":
        return [], {name: given[name] for name in _GLOBAL if name in given}
    before = _flags({name: given.pop(name) for name in _GLOBAL if word and name in given})
    return [*before, *([word] if word else []), *_flags(given)], {}


def _flags(values: dict[str, str]) -> list[str]:
    words = []
    for name, value in values.items():
        words.append("--" + name.lower().replace("_", "-"))
        # a switch is given to make as NAME=1; a value that happens to be 1 belongs to a name that is none
        if not (name in _SWITCHES and value == "1"):
            words.append(value)
    return words


_SWITCHES = frozenset(
    {"FORCE", "REOPEN", "DRY_RUN", "EXPLAIN", "ALL", "CLAIM", "FOREGROUND", "STOP", "YES", "JSON", "PRETTY"}
)


def _by_profile(
    data: dict[str, Any], target: dict[str, Any], values: dict[str, str], root: str
) -> tuple[list[str], dict[str, str]] | None:
    if target.get("via") == "make":
        folder = (data.get("legacy_folder") or {}).get("ops", "scripts/ops/legacy")
        makefile = os.path.join(root, folder, "Makefile")
        if not os.path.isfile(makefile):
            return None
        # make expands what stands on its command line, so a dollar is doubled to stay one
        names = target.get("variables") or {}
        given = [f"{names.get(name, name)}={value}".replace("$", "$$") for name, value in values.items()]
        call = ["make", "--no-print-directory", "-s", "-C", root, "-f", makefile, str(target["target"]), *given]
        return ["/usr/bin/env", *call], dict(STAY_LEGACY)
    path = original(data, str(target.get("script", "")), root)
    if not path:
        return None
    extra = {}
    for name, text in (target.get("environment") or {}).items():
        value = _filled(str(text), values)
        if value is not None:
            extra[name] = value
    return [*command(path), *_arguments(target.get("arguments") or [], values)], {**extra, **STAY_LEGACY}


def _goes_further(target: dict[str, Any], values: dict[str, str]) -> bool:
    """Whether a target of the host would really do what is only to be tried: it has no place for DRY_RUN."""
    places = [*(target.get("arguments") or []), *(target.get("environment") or {}).values()]
    return bool(values.get("DRY_RUN")) and not any("{DRY_RUN}" in str(text) for text in places)


def _arguments(template: list[str], values: dict[str, str]) -> list[str]:
    """The words of a template with its holes filled; a hole without a value goes, and the flag before it."""
    words: list[str] = []
    for text in template:
        value = _filled(text, values)
        if value is not None:
            words.append(value)
        elif words and text.startswith("{") and words[-1].startswith("-") and words[-1] in template:
            words.pop()
    return words


def _filled(text: str, values: dict[str, str]) -> str | None:
    """`text` with every {NAME} replaced in one pass, None when one of them has no value."""
    parts = text.split("{")
    done = [parts[0]]
    for part in parts[1:]:
        name, closed, rest = part.partition("}")
        if not closed or not name.replace("_", "").isalnum() or name != name.upper():
            done.append("{" + part)
        elif not values.get(name):
            return None
        else:
            done += [values[name], rest]
    return "".join(done)
