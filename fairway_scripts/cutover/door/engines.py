"""Which side answers a lane during a cut-over: the scripts from before (`legacy`), both (`shadow`), or `fairway`.

`.fairway/engines.toml` says it (`handover`), committed like any configuration. The store's `lane_engines` follows it,
and remembers since when, by whom and why; `*` is the engine of every lane without a row. Without any row the project is
not cutting over and every lane is `fairway`.
"""

from __future__ import annotations

import os

from fairway_scripts.base import jsonio
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.cutover.door.handover import (
    FAIRWAY,
    LEGACY,
    OTHER_LANES,
    PROFILE,
    SHADOW,
    engines_file,
    front_door_file,
    profile_stamp,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from fairway_scripts.cutover.cutover_shapes import EngineChange, FrontDoor, Manifest
    from fairway_scripts.project.changes import Change
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction

__all__ = ["ENGINES", "FAIRWAY", "LEGACY", "OTHER_LANES", "PROFILE", "SHADOW"]

ENGINES = (LEGACY, SHADOW, FAIRWAY)
KIND = "engine_changed"

#: Where compat-install says what it did, below the main checkout.
MANIFEST = os.path.join(".fairway", "compat.json")


def engines(source: Project | Transaction) -> dict[str, str]:
    """Return the engine of each lane that has one, `*` always among them; {} when the project is not cutting over.

    `source` is an open project or a transaction that is open already.
    """
    if hasattr(source, "store"):
        from fairway_scripts.project.project import is_born

        if not is_born(source.store):
            return {}
        with source.store.read() as tx:
            return engines(tx)
    rows = source.all("engines.all")
    found = {row["role"]: row["engine"] for row in rows}
    return {OTHER_LANES: FAIRWAY, **found} if found else {}


def engine_of_lane(source: Project | Transaction | dict[str, str], role: str) -> str:
    """Return the engine of a lane: its own, else that of `*`, else `fairway`; `source` may be what `engines` gave."""
    known = source if isinstance(source, dict) else engines(source)
    return known.get(role) or known.get(OTHER_LANES, FAIRWAY)


def set_engine(
    change: Change, role: str, engine: str, reason: str, obstacles: Sequence[str] = (), lanes: Sequence[str] = ()
) -> EngineChange:
    """Give a lane (or `*`) its engine, with an event `engine_changed`; the front-door file is the caller's to rewrite.

    A lane that becomes `fairway` is cut over from now on; one that becomes `shadow` or `legacy` is not any more.
    `obstacles` are what spoke against it and was overruled, `lanes` those without an engine of their own that `*`
    moves. An engine of its own that the lane has already is left as it is, without an event. One that it had from `*`
    becomes its own, and is no change of who answers.
    """
    row = change.tx.one("engines.one", role=role)
    before = engine_of_lane(engines(change.tx), role)
    done: EngineChange = {
        "role": role,
        "engine": engine,
        "before": before,
        "lanes": list(lanes),
        "since": change.at,
        "changed": before != engine,
    }
    if row is not None and row["engine"] == engine:
        return {**done, "since": row["since"], "changed": False}
    put_engine(change.tx, role, engine, at=change.at, who=change.project.identity.actor, reason=reason or None)
    details = {"reason": reason, "forced": bool(obstacles), "obstacles": list(obstacles), "lanes": list(lanes)}
    change.record(KIND, "", {"role": role, "before": {"engine": before}, "after": {"engine": engine}, **details})
    return done


def put_engine(tx: Transaction, role: str, engine: str, *, at: str, who: str, reason: str | None) -> None:
    """Write the row of a lane (or of `*`); one that was on `fairway` by `*` has moved when that did."""
    row = tx.one("engines.one", role=role) or tx.one("engines.one", role=OTHER_LANES)
    moved = (row["cut_over_at"] if row else None) or at
    moved_at = moved if engine == FAIRWAY else None
    tx.run("engines.put", role=role, engine=engine, since=at, set_by=who, reason=reason, cut_over_at=moved_at)


def write_engines(project: Project, known: dict[str, str]) -> str:
    """Write the engines where everybody reads them, in the main checkout; return the path, "" without a repository.

    Where one lane has moved and others have not, every lane is named: who has not got this suite can tell them too.
    """
    from fairway_scripts.base import settings as settings_of
    from fairway_scripts.formats.file_replacement import replace_file

    if project.repository is None:
        return ""
    path = engines_file(project.root)
    default = known.get(OTHER_LANES, FAIRWAY)
    mixed = FAIRWAY in known.values() and set(known.values()) != {FAIRWAY}
    named = [*settings_of.lanes(project.settings), *sorted({*known} - {OTHER_LANES})]
    lanes = {lane: engine_of_lane(known, lane) for lane in named}
    lines = [f'{_key(lane)} = "{engine}"' for lane, engine in lanes.items() if mixed or engine != default]
    head = "# Who answers each lane: legacy (the older scripts), shadow (they, and we compare) or fairway (this suite)."
    text = "\n".join([head, f'default = "{default}"', "", "[lanes]", *lines]) + "\n"
    if _content(path) != text:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        replace_file(path, text.encode())
    return path


def _key(lane: str) -> str:
    plain = lane.replace("-", "").replace("_", "")
    return lane if plain.isascii() and plain.isalnum() else jsonio.dumps(lane)  # a string of JSON is one of TOML


# --- the file of the front doors --------------------------------------------------------------------------


def front_door_path(project: Project) -> str:
    """Return where the front doors look; "" outside a git repository, where there are none."""
    if project.repository is None:
        return ""
    return front_door_file(project.repository.common_dir)


def front_door(project: Project) -> FrontDoor | None:
    """Return what the file of the front doors has to say now, from the store and the host's profile; None for no file.

    Raises FairwayError `invalid_config` for a profile that cannot be read.
    """
    known = engines(project)
    if not known:
        return None
    from fairway_scripts.cutover.scan.profile_file import read_profile

    profile = os.path.join(project.root, PROFILE)
    stamp = profile_stamp([project.root])[1]
    return {
        "schema": "front-door/2",
        "engines": known,
        "store": project.store_place.path if project.store_place.found.startswith("fairway.db_path") else "",
        "legacy_db": legacy_db_path(project),
        "scripts": read_profile(profile)["scripts"] if stamp else {},
        "profile": stamp,
    }


def write_front_door(project: Project) -> str:
    """Bring the file of the front doors in step with the store and the profile; return its path, "" for no file.

    The file is replaced in one step, and left alone when it says the same already; without engines it is removed.
    Raises FairwayError `file_unavailable`, and what `front_door` raises.
    """
    path = front_door_path(project)
    if not path:
        return ""
    text = _wanted(project)
    if text is None:
        _remove(path)
        return ""
    if _content(path) != text:
        from fairway_scripts.formats.file_replacement import replace_file

        make_folder(os.path.dirname(path))
        replace_file(path, text.encode())
        share(path)
    return path


def is_front_door_current(project: Project) -> bool:
    """Tell whether the file of the front doors is in step with store and profile; raises what `front_door` raises."""
    path = front_door_path(project)
    return not path or _content(path) == _wanted(project)


def _wanted(project: Project) -> str | None:
    wanted = front_door(project)
    return None if wanted is None else jsonio.dumps(wanted) + "\n"


#: What a note of compat-install always says.
_NOTED = {"folder": str, "files": dict, "copies": dict, "created": dict, "kept": list}


def read_manifest(root: str) -> Manifest | None:
    """Return what compat-install noted in a repository, None when it is not installed.

    Raises FairwayError `file_unavailable` when the note cannot be read.
    """
    import json

    from fairway_scripts.base.errors import FairwayError, suggest_program

    path = os.path.join(root, MANIFEST)
    try:
        with open(path, encoding="utf-8") as file:
            manifest: Manifest = json.load(file)
        told = all(isinstance(dict(manifest).get(name), kind) for name, kind in _NOTED.items())
        told = told and all(isinstance(entry, dict) for entry in manifest["files"].values())
        problem = "" if told else "it is no note of compat-install"
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as found:
        problem = str(found)
    if problem:
        back = suggest_program("git", "checkout", "--", MANIFEST)
        raise FairwayError("file_unavailable", f"{path} cannot be read: {problem}", back)
    return manifest


def legacy_db_path(project: Project) -> str:
    """Return the path of the legacy database: `bridge.legacy_db`, where `.git/` means the shared git directory."""
    written: str = project.settings["bridge"]["legacy_db"]
    if written.startswith(".git/") and project.repository is not None:
        return os.path.join(project.repository.common_dir, written.removeprefix(".git/"))
    return os.path.normpath(os.path.join(project.root, written))


def _content(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read()
    except (OSError, UnicodeDecodeError):
        return None


def _remove(path: str) -> None:
    from fairway_scripts.base.errors import FairwayError

    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path} cannot be removed: {problem.strerror}") from problem
