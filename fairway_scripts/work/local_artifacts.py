"""Which untracked files say something about the work: not the artifacts that evidence names, nor configured places."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.git.git_status import Counting
    from fairway_scripts.project.project import Project
    from fairway_scripts.store.contract import Transaction


def counting(project: Project, own: Iterable[str] = (), *, tx: Transaction | None = None) -> Counting:
    """What `git_status.status` asks about untracked files: those that make a work tree dirty.

    Set aside are the files that `own` names (relative to the top of the work tree), the artifacts that evidence names
    and whatever `evidence.local_artifact_paths` matches. The store is asked when there is anything untracked; inside
    a transaction `tx` is the one to ask in. A tracked file is never set aside: it is part of what was tested.
    """
    known: list[set[str]] = []

    def those(files: list[str]) -> list[str]:
        if not known:
            known.append({*own, *_artifacts(project, tx)})
        counted = [path for path in files if path not in known[0]]
        patterns = project.settings["evidence"]["local_artifact_paths"]
        return _unmatched(counted, patterns) if counted and patterns else counted

    return those


def _unmatched(files: list[str], patterns: list[str]) -> list[str]:
    from fairway_scripts.base.patterns.globs import compile_glob

    globs = [compile_glob(pattern) for pattern in patterns]
    return [path for path in files if not any(glob.match(path) for glob in globs)]


def _artifacts(project: Project, tx: Transaction | None) -> list[str]:
    if tx is not None:
        return tx.column("records.artifact_paths")
    with project.store.read() as snapshot:
        return snapshot.column("records.artifact_paths")
