"""What other machines have of a lane, where several of them share one store: it is shown as theirs, and left alone.

A worktree stands in the store by its path. In a store on a server the name of its machine comes first (`HOST:/path`),
since two machines may have the same folders.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.programs.processes import host_name
from fairway_scripts.project.project import is_born
from fairway_scripts.store.contract import is_server

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.git.git_survey import HostPlace, LaneSurvey
    from fairway_scripts.lanes.lane_shapes import OfHost, OwnWorktree
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.rows import LanesLiveSessions, LanesMadeWorktrees


def stored_path(project: Project, path: str) -> str:
    """A worktree of this machine as the store has it."""
    return f"{host_name()}:{path}" if is_server(project.store.path) else path


def own_worktrees(made: list[LanesMadeWorktrees]) -> dict[str, OwnWorktree]:
    """Of the worktrees that were made, those of this machine by their paths, each with `stored`.

    One without a machine was made before the store knew of any.
    """
    found: dict[str, OwnWorktree] = {}
    for row in made:
        host, path = _parted(row["path"])
        if host in ("", host_name()):
            found[path] = {**row, "path": path, "stored": row["path"]}
    return found


def is_elsewhere(project: Project, session: OfHost) -> bool:
    """Whether a session is another machine's, of those that share the store."""
    return is_server(project.store.path) and session["host"] not in (None, "", host_name())


def shares_store(project: Project) -> bool:
    """Whether other machines have the same store."""
    return project.store is not None and is_born(project.store) and is_server(project.store.path)


def on_other_machines(project: Project) -> dict[str, list[HostPlace]]:
    """Lane -> `{host, path}` of its worktrees on other machines: what they made, else where their sessions run."""
    if not shares_store(project):
        return {}
    with project.store.read() as tx:
        tx.foresee(("lanes.made_worktrees", {}), ("lanes.live_sessions", {}))
        return places_of(tx.all("lanes.made_worktrees"), tx.all("lanes.live_sessions"))


def places_of(made: Iterable[LanesMadeWorktrees], sessions: Iterable[LanesLiveSessions]) -> dict[str, list[HostPlace]]:
    """The same from the worktrees that were made and the live sessions."""
    places = {(row["role"], *_parted(row["path"])) for row in made}
    known = {place[:2] for place in places}
    places |= {
        (row["role"], row["host"], row["worktree_path"])
        for row in sessions
        if row["host"] and row["worktree_path"] and (row["role"], row["host"]) not in known
    }
    found: dict[str, list[HostPlace]] = {}
    for lane, host, path in sorted(places):
        if host not in ("", host_name()):
            found.setdefault(lane, []).append({"host": host, "path": path})
    return found


def with_elsewhere(project: Project, lanes: Iterable[LaneSurvey]) -> list[LaneSurvey]:
    """What is known of lanes here, with `elsewhere`: what other machines have of each."""
    places = on_other_machines(project)
    return [{**row, "elsewhere": places.get(row["lane"], [])} for row in lanes]


def hosts_text(places: list[HostPlace]) -> str:
    """`on HOST, HOST`: where a lane has worktrees that are not here."""
    return f"on {', '.join(dict.fromkeys(row['host'] for row in places))}"


def _parted(stored: str) -> tuple[str, str]:
    if stored.startswith("/"):
        return "", stored
    host, _, path = stored.partition(":")
    return host, path
