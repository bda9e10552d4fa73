"""Giving a project its configuration file, fitted to what is there."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base import paths
from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.base.patterns.line_patterns import compile_pattern
from fairway_scripts.base.presence import is_file_there
from fairway_scripts.formats.file_replacement import write_new_file
from fairway_scripts.git.integration_branch import integration_branch
from fairway_scripts.queue.definitions_rules import header_list
from fairway_scripts.queue.files.queue_file import read_queue_file
from fairway_scripts.settings.config_file import read_config, with_value
from fairway_scripts.settings.config_tables import LANES, refuse_lane_names, with_tables
from fairway_scripts.settings.config_text import PRESETS, config_text, named_after

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.base.settings_shape import Settings


class WrittenConfig(TypedDict):
    """A configuration file that was written, and the keys that were set to what is there."""

    path: str
    preset: str
    lanes: list[str]
    fitted: dict[str, str]


#: The lane of a project in which nobody has named any.
FIRST_LANE = "work"
#: For ids that the usual pattern does not take: what a branch, a file name and a shell take without quotes.
_WIDER_IDS = "^[A-Za-z0-9][A-Za-z0-9._-]*$"


def config_path(root: str, given: str) -> str:
    """Where the configuration file of the project at `root` is to be: `given`, FAIRWAY_CONFIG, the usual place."""
    return os.path.abspath(given or os.environ.get("FAIRWAY_CONFIG", "") or os.path.join(root, settings_of.CONFIG_PATH))


def write_config(
    root: str, path: str, preset: str = "default", lanes: list[str] | None = None, source: str = ""
) -> WrittenConfig:
    """Write a configuration file at `path` for the project whose main checkout is `root`.

    `preset` is `default` (every key with its default) or `gpuaas`; `lanes` are declared besides those that the preset
    or the queue file names, `source` is the queue file from `root`, or `inline` for none. The integration branch and
    task ids are as they are here. A file that exists is never changed. Returns {path, preset, lanes, fitted}: `fitted`
    are the keys that were set to what is there, with their values. Raises FairwayError: `already_exists`, `usage`
    (preset, a lane's name), `file_unavailable`.
    """
    wanted = lanes or []
    refuse_choice(preset, wanted)
    form, place = settings_of.source_of(source or _usual_source())
    seen, ids = ([], []) if form == "inline" else _seen_in_queue(os.path.join(root, place))
    usual = preset == "default"
    named = list(dict.fromkeys([*seen, *wanted])) or [FIRST_LANE]
    content = config_text(preset, named_after(root), named if usual else None).encode()
    fitted = {"fairway.queue_source": source} if source else {}
    fitted |= _fitted(paths.find_repository(root), settings_of.DEFAULTS if usual else None, ids)
    for key, value in fitted.items():
        content = with_value(path, content, key, value)
    if not usual:
        known = _lanes_of(content)
        content = with_tables(path, content, LANES, [name for name in dict.fromkeys(wanted) if name not in known])
    _write_new(path, content)
    return {"path": path, "preset": preset, "lanes": settings_of.lanes(read_config(path)[0]), "fitted": fitted}


def refuse_choice(preset: str, lanes: list[str]) -> None:
    """Raise FairwayError `usage` for a preset that there is not, or a name that no lane can have."""
    if preset not in PRESETS:
        message = f"PRESET {preset!r} is none of {', '.join(PRESETS)}"
        raise FairwayError("usage", message, suggest("fairway-init", PRESET="gpuaas"))
    refuse_lane_names(lanes)


def _usual_source() -> str:
    return str(settings_of.DEFAULTS["fairway"]["queue_source"])


def _lanes_of(content: bytes) -> list[str]:
    import tomllib

    return [entry["name"] for entry in tomllib.loads(content.decode()).get("roles", [])]


def _fitted(repository: Repository | None, defaults: Settings | None, ids: list[str]) -> dict[str, str]:
    """The keys whose value in the preset would not fit what is there already; `defaults` are None for gpuaas."""
    fitted = {}
    branch = "master" if defaults is None else defaults["fairway"]["main_branch"]
    here = integration_branch(repository, branch) if repository is not None else branch
    if here != branch:
        fitted["fairway.main_branch"] = here
    if not _all_match(settings_of.TASK_ID_PATTERN, ids) and _all_match(_WIDER_IDS, ids):
        fitted["fairway.task_id_pattern"] = _WIDER_IDS
    return fitted


def _all_match(pattern: str, ids: list[str]) -> bool:
    return all(compile_pattern(pattern, ignore_case=False).search(task_id) for task_id in ids)


def _seen_in_queue(path: str) -> tuple[list[str], list[str]]:
    """The lanes that a queue file names, in its order, and the ids of its tasks."""
    if not is_file_there(path):
        return [], []
    document = read_queue_file(path)
    roles = header_list(document.header, "roles") or sorted({record.fields["role"] for record in document.tasks})
    lanes = [name for name in roles if name]
    return lanes, [record.fields["id"] for record in document.tasks if record.fields["id"]]


def _write_new(path: str, content: bytes) -> None:
    """Make a file that must not be there yet, whole or not at all: two calls at once make one of them fail."""
    make_folder_of(path)
    try:
        write_new_file(path, content)
    except FairwayError as refusal:
        if refusal.word != "already_exists":
            raise
        raise FairwayError(refusal.word, refusal.message, suggest("fairway-config", "show"), path=path) from None


def make_folder_of(path: str) -> None:
    """Make the folder of a file that is to be written; raises FairwayError `file_unavailable`."""
    try:
        with contextlib.suppress(FileExistsError):  # a file in the folder's place makes the write fail
            os.makedirs(os.path.dirname(path))
    except OSError as problem:
        message = f"{path} cannot be written: {problem.strerror or problem}"
        raise FairwayError(
            "file_unavailable", message, suggest_program("ls", "-ld", os.path.dirname(path)), path=path
        ) from problem
