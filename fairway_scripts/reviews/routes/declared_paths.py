"""Intent against change: which changed paths a task did not declare.

A declared path is a file, a folder with all that is in it, or a pattern (`packages/web/**`). What is declared is what a
task set out to change; a change beyond it may be right, and is a finding for whoever merges, never a refusal.
"""

from __future__ import annotations

from fairway_scripts.base.patterns.globs import compile_glob, glob_fault

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

_PATTERN = frozenset("*?[{")


def undeclared(declared: Iterable[str], changed: Iterable[str]) -> list[str]:
    """The changed paths that no declared path covers, in their order; none where nothing is declared."""
    wanted = [path.strip().removeprefix("./") for path in declared if path.strip()]
    if not wanted:
        return []
    patterns = [compile_glob(path) for path in wanted if _PATTERN & set(path) and not glob_fault(path)]
    plain = {path.rstrip("/") for path in wanted}
    return [path for path in changed if not _is_under(path, plain) and not any(glob.match(path) for glob in patterns)]


def _is_under(path: str, plain: set[str]) -> bool:
    """Whether a path or one of the folders that it lies in is declared."""
    while path:
        if path in plain:
            return True
        path = path.rpartition("/")[0]
    return False
