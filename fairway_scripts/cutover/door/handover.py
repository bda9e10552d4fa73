"""Which side answers a call while a project cuts over, and how the script that was there before is run.

`.fairway/engines.toml` says which engine each lane is on (`legacy`, `shadow` or `fairway`). It is committed like any
configuration, so that every clone is answered as its own tree says; that of the main checkout decides for all its
worktrees, and a worktree's own where the main checkout has none. `<common git dir>/fairway/front-door.json` is derived:
what a call needs to know of the host's profile and of the store, and the engines that were in force last, for a
checkout of a commit that has none. Without both nothing is cutting over, and every call is answered here.

An *original* is a script of the host that did the work before; installing moves it to a folder of its own.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.cutover_shapes import FrontDoor

FAIRWAY = "fairway"
SHADOW = "shadow"
LEGACY = "legacy"
#: The lane that stands for all lanes without a row of their own.
OTHER_LANES = "*"
#: What is known of how the host's scripts are called, below a checkout.
PROFILE = os.path.join("compat", "profile.toml")
#: What an original is started with, so that whatever it calls by the old names stays on its side.
#: Where a stand-in leaves the words that it was run with, a line each.
RUN_WITH = "FAIRWAY_RUN_WITH"
STAY_LEGACY = {"FAIRWAY_LEGACY": "1"}
_SHIM_MARK = b"fairway-scripts shim"


def front_door_file(common_dir: str) -> str:
    """Return where the front doors of a repository look; there is a file while it is cutting over."""
    return os.path.join(common_dir, "fairway", "front-door.json")


def profile_stamp(roots: list[str]) -> tuple[str, list[int] | None]:
    """Return the first profile of some checkouts, with its time and size; ("", None) for none."""
    for root in roots:
        path = os.path.join(root, PROFILE)
        try:
            status = os.stat(path)
        except OSError:
            continue
        return path, [status.st_mtime_ns, status.st_size]
    return "", None


def engines_file(root: str) -> str:
    """Return where a checkout says which engine each lane is on."""
    return os.path.join(root, ".fairway", "engines.toml")


def load(repository: Repository) -> FrontDoor | None:
    """Return what the front doors of a repository go by; None when it is not cutting over.

    Raises FairwayError `file_unavailable` or `invalid_config` for a file that is there and cannot be read: the wrong
    side would split the record.
    """
    engines = tree_engines(repository)
    if engines is not None and set(engines.values()) == {LEGACY}:
        return {"engines": engines}  # where all calls go one way nothing else has to be known
    known = noted(repository.common_dir)
    if engines is None:
        return known
    return {**known, "engines": engines} if known else {"engines": engines}


def tree_engines(repository: Repository) -> dict[str, str] | None:
    """Return the engines as the tree says, `*` for the lanes that it does not name; None for a tree that says nothing.

    Raises FairwayError `file_unavailable` or `invalid_config`.
    """
    main, own = repository.main_worktree, repository.worktree
    for root in (main, own) if own != main else (main,):
        found = read_engines(root) if root else None
        if found is not None:
            return found
    return None


def read_engines(root: str) -> dict[str, str] | None:
    """Read the engines in the file of the checkout `root`, None without one.

    The file has `default = "ENGINE"` and below `[lanes]` lines `LANE = "ENGINE"`; nothing else is understood. It is
    read by hand, because reading TOML takes longer than a call may be kept waiting. Raises FairwayError.
    """
    path = engines_file(root)
    try:
        with open(path, encoding="utf-8") as file:
            text = file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        raise FairwayError("file_unavailable", f"{path} cannot be read: {problem}", suggest("lane-engine")) from problem
    engines: dict[str, str] = {}
    in_lanes, number = False, 0
    for number, raw in enumerate(text.split("\n"), 1):
        line = raw.strip()
        if line.startswith("#"):
            continue
        name, rest = _name_of(line)
        rest = rest.partition("#")[0].strip()
        equals, value = rest.startswith("="), rest[1:].strip().strip("\"'")
        lane = "" if in_lanes and name == OTHER_LANES else name if in_lanes else OTHER_LANES * (name == "default")
        line = line if equals else line.partition("#")[0].strip()
        if line == "[lanes]":
            in_lanes = True
        elif equals and value in (LEGACY, SHADOW, FAIRWAY) and lane and lane not in engines:
            engines[lane] = value
        elif line:
            message = f"{line!r} is neither default = ENGINE, [lanes], nor LANE = ENGINE below it, each said once"
            raise _not_understood(path, number, message)
    if OTHER_LANES not in engines:  # such as a file that was cut off: no lane moves by that
        raise _not_understood(path, number, "no line says default = ENGINE")
    return engines


def _name_of(line: str) -> tuple[str, str]:
    """Split a line at its `=`; a name in quotes may hold any sign, as `engines` writes it."""
    quote = line[:1]
    if quote not in ("'", '"'):
        name, equals, rest = line.partition("=")
        return name.strip(), equals + rest
    end = 1
    while end < len(line) and line[end] != quote:
        end += 2 if quote == '"' and line[end] == "\\" else 1
    name, rest = line[1:end], line[end + 1 :].strip()
    if quote == '"' and "\\" in name:
        from fairway_scripts.base import jsonio

        try:
            name = str(jsonio.loads(line[: end + 1]))
        except ValueError:
            return "", ""
    return name, rest


def _not_understood(path: str, number: int, message: str) -> FairwayError:
    where = f"{path}:{number}: {message}; engines are legacy, shadow, fairway"
    return FairwayError("invalid_config", where, f"edit {path}")


def noted(common_dir: str) -> FrontDoor | None:
    """Return what was derived for the front doors, None for nothing; raises FairwayError `file_unavailable`."""
    path = front_door_file(common_dir)
    try:
        with open(path, encoding="utf-8") as file:
            from fairway_scripts.base import jsonio

            data: FrontDoor = jsonio.loads(file.read())
        data.get("engines")  # what is no object was not written by this suite
    except FileNotFoundError:
        return None
    except (OSError, ValueError, AttributeError) as problem:
        raise FairwayError("file_unavailable", f"{path} cannot be read: {problem}", suggest("lane-engine")) from problem
    return data


def engine_of(data: FrontDoor, role: str) -> str:
    """Return the engine of a lane: its own, else that of the lanes without a row, else `fairway`."""
    engines = data.get("engines") or {}
    return engines.get(role) or engines.get(OTHER_LANES) or FAIRWAY


def engine_of_call(data: FrontDoor, role: str, lane_of_task: Callable[[], str]) -> str:
    """Return the engine of a call: that of its ROLE, else of its task's lane, else the one that sees most.

    `lane_of_task` gives the lane of the call's task, "" when it names none; it is asked only when that matters.
    A call of no lane is answered here as soon as one lane is on `fairway`, because only this side sees both.
    """
    used = set((data.get("engines") or {}).values()) | {engine_of(data, OTHER_LANES)}
    if len(used) == 1:
        return used.pop()
    lane = role or lane_of_task()
    if lane:
        return engine_of(data, lane)
    return next(engine for engine in (FAIRWAY, SHADOW, LEGACY) if engine in used)


def original(script: str, root: str) -> str:
    """Return the path of an original (`scripts/ops/agent_queue.sh`) in the checkout `root`, "" when there is none.

    A checkout that the shims have not reached yet has it in its old place.
    """
    folder, _, name = script.rpartition("/")
    places = [os.path.join(root, folder, "legacy", name), os.path.join(root, f"{folder}-legacy", name)]
    for place in places:
        if os.path.isfile(place):
            return place
    place = os.path.join(root, script)
    return place if os.path.isfile(place) and not is_shim(place) else ""


def is_shim(path: str) -> bool:
    """Tell whether a file is one of the suite's own stand-ins, whatever its version."""
    try:
        with open(path, "rb") as file:
            return _SHIM_MARK in file.read(400)
    except OSError:
        return False


def take_interpreter() -> list[str]:
    """Return what the caller runs a stand-in with (`python3 -u`), [] where nobody did; no other process sees it."""
    return [word for word in os.environ.pop(RUN_WITH, "").split("\n") if word]


def command(path: str, interpreter: list[str] | None = None) -> list[str]:
    """Return the words that start a script: with the caller's interpreter, else the file itself.

    A file that cannot be run has the interpreter of its first line before it.
    """
    if interpreter:
        return [*interpreter, path]
    is_ruby = path.endswith(".rb")
    if os.access(path, os.X_OK) and not is_ruby:
        return [path]
    with open(path, "rb") as file:
        first = file.readline(256)
    if first.startswith(b"#!"):
        words = os.fsdecode(first[2:]).split(None, 1)
    else:
        words = ["/usr/bin/env", "ruby"] if is_ruby else ["/bin/sh"]
    return [*(word.strip() for word in words), path]
