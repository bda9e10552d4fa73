"""The files that a release consists of, as they lie in the work tree."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.patterns.globs import compile_glob

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class ReleaseFile(TypedDict):
    """A file of a release; `path` is relative."""

    path: str
    size: int
    sha256: str


class ReleaseFiles(TypedDict):
    """What matches one pattern of a release."""

    pattern: str
    files: list[ReleaseFile]


_WILD = frozenset("*?[{\\")


def release_artifacts(top: str, patterns: Iterable[str]) -> list[ReleaseFiles]:
    """`{pattern, files}` for each pattern, `files` being `{path, size, sha256}` sorted by path, relative to `top`.

    Only regular files count, and folders are not entered through symbolic links. Raises FairwayError
    `file_unavailable`.
    """
    return [{"pattern": pattern, "files": list(_matching(top, pattern))} for pattern in patterns]


def _matching(top: str, pattern: str) -> Iterator[ReleaseFile]:
    for path in matching_paths(top, pattern):
        whole = os.path.join(top, path)
        try:
            status = os.lstat(whole)
            if stat.S_ISREG(status.st_mode):
                yield {"path": path, "size": status.st_size, "sha256": digest.of_file(whole)}
        except OSError as problem:
            message = f"the artifact {path} cannot be read: {problem.strerror}"
            raise FairwayError("file_unavailable", message, suggest_program("ls", "-l", path)) from problem


def matching_paths(top: str, pattern: str) -> list[str]:
    """The paths of what is no folder below `top` and matches `pattern`, sorted and relative; links are not entered."""
    expression = compile_glob(pattern)
    depth = None if "**" in pattern else pattern.count("/")
    return sorted(path for path in _below(top, _fixed_folder(pattern), depth) if expression.match(path))


def _below(top: str, folder: str, depth: int | None) -> Iterator[str]:
    """The paths of all files below a folder of `top`, in no order, with at most `depth` slashes."""
    for place, folders, files in os.walk(os.path.join(top, folder)):
        below = os.path.relpath(place, top)
        if ".git" in folders:
            folders.remove(".git")
        if depth is not None and (0 if below == "." else below.count("/") + 1) >= depth:
            folders.clear()
        yield from (name if below == "." else f"{below}/{name}" for name in files)


def _fixed_folder(pattern: str) -> str:
    """The folder that every match lies in: what stands before the first wild character."""
    plain = next((at for at, char in enumerate(pattern) if char in _WILD), len(pattern))
    return pattern[:plain].rpartition("/")[0]
