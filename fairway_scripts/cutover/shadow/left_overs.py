"""Shadowed calls that nobody has compared: their observer died."""

from __future__ import annotations

import os
import time

from fairway_scripts.base.errors import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project

#: A shadowed call that waits longer (seconds) than any comparison takes has lost its observer.
_LEFT_ALONE = 600


def mention_left_calls(project: Project) -> None:
    """Note shadowed calls that began long ago and are not compared yet: the process that should have done it died."""
    if project.repository is None:
        return
    try:
        names = os.listdir(os.path.join(project.repository.common_dir, "fairway", "shadow"))
    except OSError:
        return
    limit = time.strftime("%Y%m%dT%H%M%S", time.gmtime(time.time() - _LEFT_ALONE))  # as the ids of calls begin
    left = [name for name in names if name < limit]
    if left:
        project.notes.append(
            f"{len(left)} shadowed call(s) are not compared yet, the oldest {min(left)}: {suggest('parity-report')}"
        )
