"""The host's part of the table of calls, as a front door gets it without reading TOML each time."""

from __future__ import annotations

import os

from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.cutover.door import handover
from fairway_scripts.cutover.door.passing import checkouts

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.cutover.cutover_shapes import FrontDoor, TableEntry


def table_of(data: FrontDoor, repository: Repository) -> dict[str, dict[str, TableEntry]]:
    """Return the table that a call is read by: what front-door.json holds, read anew when the profile was edited since.

    A profile with faults changes nothing: what was read before stays in force, and queue-doctor names the faults.
    """
    if "profile" not in data:  # nobody has looked yet: all calls went one way
        known = handover.noted(repository.common_dir)
        data = {**known, **data} if known else data
    roots = checkouts(repository)
    path, stamp = handover.profile_stamp(sorted(roots, key=lambda root: root != repository.main_worktree))
    noted = data.get("scripts") or {}
    if data.get("profile") == stamp or stamp is None:
        return noted
    from fairway_scripts.cutover.scan.profile_file import read_profile

    try:
        found = read_profile(path)["scripts"]
    except FairwayError:
        return noted
    _keep({**data, "schema": "front-door/2", "scripts": found, "profile": stamp}, repository)
    return found


def _keep(data: FrontDoor, repository: Repository) -> None:
    """Note what was read for the next call; a call that cannot note it is answered all the same."""
    from fairway_scripts.base.git_folder import make_folder
    from fairway_scripts.formats.file_replacement import replace_file

    path = handover.front_door_file(repository.common_dir)
    try:
        make_folder(os.path.dirname(path))
        replace_file(path, (jsonio.dumps(data) + "\n").encode())
    except (OSError, FairwayError):
        return
