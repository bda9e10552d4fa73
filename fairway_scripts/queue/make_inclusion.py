"""Having a repository's Makefile find the make fragment in every worktree, and on machines without the suite."""

from __future__ import annotations

import contextlib
import os
from typing import TYPE_CHECKING, TypedDict

from fairway_scripts.base import paths
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.git_folder import make_folder, share
from fairway_scripts.base.settings import LOADER_PATH
from fairway_scripts.formats.file_replacement import replace_file, write_new_file
from fairway_scripts.project.installation import fragment_path, home, is_checkout
from fairway_scripts.queue.files.make_files import (
    INCLUDE_LINE,
    LOADER,
    POINTER_PATH,
    plain_include,
    pointer_text,
)
from fairway_scripts.queue.setting_up import make_folder_of

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.project.project import Project


class Inclusion(TypedDict):
    """The line that includes the fragment `path`, and the files that were made for it."""

    line: str
    path: str
    made: list[str]


def inclusion() -> Inclusion:
    """The line with which a Makefile of the caller's work tree includes the fragment: `{line, path, made: [path]}`.

    What the line reads is made where it is missing: `.fairway/fairway.mk` of the work tree, which is to be committed,
    and the note of where the suite is, in the shared git directory. Outside a work tree the line names the fragment
    itself. Raises FairwayError `file_unavailable`.
    """
    fragment = fragment_path()
    repository = paths.find_repository(os.getcwd())
    if repository is None or repository.worktree is None:
        return {"line": plain_include(fragment), "path": fragment, "made": []}
    made = [*note_suite(repository), *put_loader(repository.worktree)]
    return {"line": INCLUDE_LINE, "path": fragment, "made": made}


def put_loader(worktree: str) -> list[str]:
    """Put the file that finds the fragment into a work tree; its path, [] when there is one already."""
    path = os.path.join(worktree, LOADER_PATH)
    if os.path.lexists(path):
        return []
    make_folder_of(path)
    write_new_file(path, LOADER.encode())
    return [path]


def note_suite(repository: Repository) -> list[str]:
    """Note in the shared git directory where this suite is; the path of the note, [] when it says so already."""
    path = os.path.join(repository.common_dir, POINTER_PATH)
    text = pointer_text(fragment_path(), home() if is_checkout() else "")
    try:
        with open(path, encoding="utf-8", errors="surrogateescape") as file:
            if file.read() == text:
                return []
    except OSError:
        pass
    make_folder(os.path.dirname(path))
    replace_file(path, text.encode(errors="surrogateescape"))
    share(path)
    return [path]


def note_suite_quietly(project: Project) -> None:
    """`note_suite` on the way of another command, which a folder that cannot be written must not stop."""
    if project.repository is not None:
        with contextlib.suppress(FairwayError):
            note_suite(project.repository)
