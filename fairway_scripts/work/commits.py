"""The commit that a call names."""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError, suggest_program

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project


def resolve_commit(project: Project, given: str) -> str:
    """The full id of a commit that git knows; outside a git repository `given` as it is.

    Raises FairwayError `not_found` for a commit that git does not know.
    """
    if project.repository is None:
        return given
    from fairway_scripts.git.git import resolve

    found = resolve(project.worktree, given)
    if found is None:
        raise FairwayError(
            "not_found",
            f"git knows no commit {given!r} in {project.worktree}",
            suggest_program("git", "log", "-1", given),
            commit=given,
        )
    return found
