"""What tells one configuration from another, at the price of a `stat`."""

from __future__ import annotations

import os

from fairway_scripts import __version__
from fairway_scripts.base import digest
from fairway_scripts.base import settings as settings_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from fairway_scripts.project.project import Project


def config_mark(path: str, own: str = "") -> list[Any]:
    """What tells one state of the settings from another: the file's path, time and size, and whose defaults fill it.

    `own` is the project's own file where `path` is another one that it accepts.
    """
    defaults = f"{__version__} {digest.of_text(repr(settings_of.DEFAULTS))[:16]}"
    if not path:
        return ["", 0, 0, defaults]
    status = os.stat(path)
    mark = [path, status.st_mtime_ns, status.st_size, defaults]
    return mark + config_mark(own)[:3] if own else mark


def configuration_mark(project: Project, cached: dict[str, Any] | None) -> list[str]:
    """What every event keeps of the configuration in force: its path and the digest of its content, both "" for none.

    `cached` is the store's copy of the settings, which knows the digest of the file that it was made from.
    """
    path = project.config.path
    if not path:
        return ["", ""]
    known = cached is not None and cached["mark"] == config_mark(path, project.own_config)
    return [project.show(path), cached["digest"] if cached and known else digest.of_file(path)[:16]]
