"""Whether a PostgreSQL server would do for a project's store: tried with its own rows, beside it."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.project.project import is_born
from fairway_scripts.store.postgres.trial import trial
from fairway_scripts.store.sqlite.connection import scratch

if TYPE_CHECKING:
    from fairway_scripts.project.project import Project
    from fairway_scripts.upkeep.upkeep_shapes import ServerCheck


def check_server(project: Project, service: str = "") -> ServerCheck:
    """Try a service in a scratch schema: `{service, ok, trials: [{trial, ok, detail, ms}]}`.

    The project's store is only read. Raises FairwayError: `usage` (no service), `store_unavailable` (the server cannot
    be reached, or the role may not make a schema).
    """
    configured = project.settings.get("store")
    name = service or (configured["service"] if configured else "")
    if not name:
        raise FairwayError("usage", "no service is named", suggest("queue-store-check", SERVICE=None))
    with contextlib.closing(project.store.copy_to_sandbox() if is_born(project.store) else scratch()) as sandbox:
        trials = list(trial(name, sandbox))
    return {"service": name, "ok": all(one["ok"] for one in trials), "trials": trials}
