"""The ground that both sides are compared on: a copy of a repository that nobody works in, and copies of that."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, paths
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.shell_words import quoted
from fairway_scripts.cutover.parity.own_side import discard
from fairway_scripts.git import references
from fairway_scripts.git.git import ask
from fairway_scripts.programs.processes import ALIVE, liveness
from fairway_scripts.programs.spawn import run_quick
from fairway_scripts.store.opening import open_store

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository

DATABASE = os.path.join("agent_queue", "agent_queue.db")
_LOCKS = ("index.lock", "HEAD.lock", os.path.join("agent_queue", "lock"))
#: Fixed, so that the commits of both sides have the same ids.
_AUTHOR = "parity-run <parity-run@localhost> 1700000000 +0000"


def fit_copy(place: str, *, allow_remote: bool) -> Repository:
    """Return the repository at `place` when it is a copy that nobody works in.

    With `allow_remote` it may have remotes that are folders on this machine. Raises FairwayError: `not_found` (no
    checkout there), `live_repository` with every sign of life and the commands that make a fit copy.
    """
    repository = paths.find_repository(place) if os.path.isdir(place) else None
    if repository is None or repository.worktree is None:
        raise FairwayError(
            "not_found",
            f"{place} is no checkout of a git repository",
            suggest("parity-report run", "--help"),
            path=place,
        )
    signs = _signs_of_life(repository, allow_remote=allow_remote)
    if signs:
        raise FairwayError(
            "live_repository",
            f"{repository.worktree} looks like a repository that is worked in: {'; '.join(signs)}",
            copy_command(repository.main_worktree or repository.worktree),
            signs=signs,
            path=repository.worktree,
        )
    return repository


def _signs_of_life(repository: Repository, *, allow_remote: bool) -> list[str]:
    found = []
    linked = [entry for entry in references.worktrees(repository) if not entry["main"]]
    if linked:
        found.append(f"{len(linked)} other worktree(s) belong to it ({linked[0]['path']})")
    for name, url in _remotes(repository):
        local = os.path.isabs(url) or url.startswith(("./", "../", "file://"))
        if not (allow_remote and local):
            found.append(f"its remote {name} is {url}" + (" (--allow-remote lets it stay)" if local else ""))
    found += [f"it is locked by {name}" for name in _LOCKS if os.path.lexists(_inside(repository, name))]
    if os.path.exists(_inside(repository, "fairway", "front-door.json")):
        found.append("it is being cut over (fairway/front-door.json)")
    return found + _signs_in_store(_inside(repository, "fairway", "queue.db"))


def _inside(repository: Repository, *parts: str) -> str:
    return os.path.join(repository.common_dir, *parts)


def _remotes(repository: Repository) -> list[tuple[str, str]]:
    code, out, _err = run_quick(
        ["git", "config", "--get-regexp", r"^remote\..*\.(url|pushurl)$"], repository.worktree or repository.common_dir
    )
    rows = [line.split(" ", 1) for line in os.fsdecode(out).splitlines()] if code == 0 else []
    return [(key.split(".", 1)[1].rpartition(".")[0], url) for key, url in rows]


def _signs_in_store(path: str) -> list[str]:
    if not os.path.exists(path):
        return []
    try:
        store = open_store(path, outdated=True)
        with store.read() as tx:
            claims = tx.all("parity_run.live_claims", now=clock.now())
            sessions = tx.all("parity_run.open_sessions")
        store.close()
    except FairwayError as problem:
        return [f"its store cannot be read: {problem.message}"]
    live = [row["id"] for row in sessions if liveness(row["pid"], row["pid_started_at"], row["host"]) == ALIVE]
    return [
        *(f"{row['who']} holds the claim of {row['name']}" for row in claims[:1]),
        *(f"session {name} is running" for name in live[:1]),
    ]


def copy_command(root: str) -> str:
    """Return the commands that make a fit copy of the repository at `root`, the old database with it."""
    source, copy = quoted(root), quoted(f"{root}-copy")
    old = os.path.join(".git", os.path.dirname(DATABASE))
    commands = [
        f"git clone --quiet --no-hardlinks {source} {copy}",
        f"git -C {copy} fetch --quiet --update-head-ok origin '+refs/heads/*:refs/heads/*'",
        f"git -C {copy} remote remove origin",
    ]
    if os.path.isdir(os.path.join(root, old)):
        commands.append(f"cp -Rp {quoted(os.path.join(root, old))} {quoted(os.path.join(f'{root}-copy', old))}")
    return " && ".join([*commands, f"parity-report run --repo {copy} --out {quoted(f'{root}-parity')}"])


def copy_checkout(repository: Repository, target: str) -> None:
    """Copy a checkout with its repository to the new folder `target`, without our store.

    Raises FairwayError `file_unavailable`, `live_repository` (a linked worktree).
    """
    try:
        shutil.copytree(str(repository.worktree), target, symlinks=True)
        if os.path.isfile(os.path.join(target, ".git")):
            raise FairwayError(
                "live_repository",
                f"{repository.worktree} is a linked worktree",
                copy_command(repository.main_worktree or ""),
            )
        shutil.rmtree(os.path.join(target, ".git", "fairway"), ignore_errors=True)
    except (OSError, shutil.Error) as problem:
        raise FairwayError("file_unavailable", f"{target}: cannot be copied to: {problem}") from problem


def commit_paths(root: str, base: str, changes: list[tuple[str, str]]) -> dict[str, str]:
    """Commit one file on a branch of its own for each (branch, path) of `changes`, all on top of `base`.

    No work tree moves. Gives branch -> commit; the same in every copy of one repository.
    """
    parent = ask(root, "rev-parse", f"{base}^{{commit}}").decode().strip()
    stream = []
    for branch, path in changes:
        text, message = "for parity-run\n", f"parity-run: {path}"
        stream.append(f"commit refs/heads/{branch}\ncommitter {_AUTHOR}\ndata {len(message.encode())}\n{message}\n")
        stream.append(f"from {parent}\nM 100644 inline {path}\ndata {len(text)}\n{text}\n")
    ask(root, "fast-import", "--quiet", "--force", feed="".join(stream).encode())
    return {branch: ask(root, "rev-parse", f"refs/heads/{branch}").decode().strip() for branch, _path in changes}


def put_database(snapshot: str, target: str) -> None:
    """Put a copy of the database `snapshot` ("" for none) where `target` is, without what was left beside it."""
    discard(target)
    if snapshot:
        os.makedirs(os.path.dirname(target), exist_ok=True)
        shutil.copyfile(snapshot, target)
