"""What an earlier command could not deliver to the legacy side: noticed at the price of one look at a partial index."""

from __future__ import annotations

import os
import time

from fairway_scripts.base.errors import suggest

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project

#: A shadowed call that waits longer (seconds) than any comparison takes has lost its observer.
_LEFT_ALONE = 600


def deliver_left_overs(project: Project) -> None:
    """Deliver what is owed to the legacy side and due; what goes wrong is told on `project.notes`, never raised."""
    if project.store.read_only:
        return
    with project.store.read() as tx:
        owed = tx.value("tasks.owed")
    if owed:
        from fairway_scripts.cutover.bridge.hand_on import deliver_now

        deliver_now(project)


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
