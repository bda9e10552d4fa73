"""Telling agent programs of the suite, in the files of the project alone, and taking that back to the byte.

What a file was before is kept in the git directory. A file that is as we left it gets those bytes back; of one that
somebody has changed since, only what we wrote is taken out.
"""

from __future__ import annotations

import difflib
import hashlib
import os

from fairway_scripts.agents.hook_files import PROGRAMS, with_hook, without_hook
from fairway_scripts.agents.marked_block import is_edited, with_block, without_block
from fairway_scripts.base import jsonio
from fairway_scripts.base.errors import FairwayError, suggest_again
from fairway_scripts.base.paths import find_repository
from fairway_scripts.formats.file_replacement import replace_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.agents.agent_shapes import FileChange, Kept
    from fairway_scripts.agents.hook_files import Program
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.calls.tool_calls import FairwayAgents

_INSTRUCTIONS = "AGENTS.md"
_BODY = """\
## Work state

The state of work in this repository is kept by `fairway`, not in chat and not in files of your own.

1. Run `fairway prime` first. It says which task is yours, what is missing of it, and the next lines to run.
2. Run the lines that it prints; a refusal prints the line that mends it.
3. After each step, and when you do not know what is next, run `fairway prime` again.
"""
_KEPT = "agents.json"


def changes(programs: list[str], *, remove: bool) -> list[FileChange]:
    """What would be written for these programs: `{path, before, after}`, texts; None stands for no file.

    Raises FairwayError: `usage` for a folder that is no project's, `file_owned` for a block that somebody edited and
    for a file that a link has outside of the project, `invalid_document` for settings that cannot be read.
    """
    repository, root = project_here()
    kept = _remembered(repository)
    found: list[FileChange] = []
    for path in [_INSTRUCTIONS, *(PROGRAMS[name].path for name in programs)]:
        before = _text(os.path.join(root, path))
        if remove:
            after = _restored(kept.get(path), before) if _is_as_left(kept.get(path), before) else _without(path, before)
        else:
            after = _with(path, before or "")
        if after != before:
            refuse_outside(root, path)
            found.append({"path": path, "before": before, "after": after})
    return found


def apply(found: list[FileChange], *, remove: bool) -> None:
    """Write the changes, and remember what the files were before the first of them."""
    repository, root = project_here()
    kept = _remembered(repository)
    for change in found:
        path, after, target = change["path"], change["after"], os.path.join(root, change["path"])
        if after is None:
            os.unlink(os.path.realpath(target))
            _drop_empty(os.path.dirname(target), root)
        else:
            os.makedirs(os.path.dirname(target), exist_ok=True)
            replace_file(target, [after.encode()])
        if remove:
            kept.pop(path, None)
        else:
            first = kept[path]["before"] if _is_as_left(kept.get(path), change["before"]) else change["before"]
            kept[path] = {"before": first, "sha256": _digest(after or "")}
    folder = os.path.join(repository.common_dir, "fairway")
    os.makedirs(folder, exist_ok=True)
    replace_file(os.path.join(folder, _KEPT), [jsonio.dumps(kept).encode()])


def diff(change: FileChange) -> list[str]:
    """The lines of a change as `diff -u` shows them."""
    before, after = (change["before"] or "").splitlines(), (change["after"] or "").splitlines()
    old = "/dev/null" if change["before"] is None else f"a/{change['path']}"
    new = "/dev/null" if change["after"] is None else f"b/{change['path']}"
    return list(difflib.unified_diff(before, after, old, new, lineterm=""))


def project_here() -> tuple[Repository, str]:
    """The repository that one stands in, and its work tree.

    Raises FairwayError `usage` where there is none, and for one that is the home folder.
    """
    repository = find_repository(os.getcwd())
    if repository is None or not repository.worktree:
        raise FairwayError("usage", "this is no work tree of a git repository", "go to the repository that is meant")
    home = os.path.expanduser("~")
    if os.path.realpath(repository.worktree) == os.path.realpath(home):
        message = f"{home} is your home folder: what stands there is for all of your projects"
        raise FairwayError("usage", message, "go to the repository of one project")
    return repository, repository.worktree


def refuse_outside(root: str, path: str) -> None:
    """Refuse a path of the project that a link leads out of it, to what is for other projects too.

    Raises FairwayError `file_owned`.
    """
    real = os.path.realpath(os.path.join(root, path))
    if os.path.commonpath([os.path.realpath(root), real]) != os.path.realpath(root):
        message = f"{path} is a link out of the project: {real} would be changed for others too"
        raise FairwayError("file_owned", message, "put a file of the project's own in place of the link")


def _with(path: str, before: str) -> str:
    if path == _INSTRUCTIONS:
        _refuse_edited(before)
        return with_block(before, _BODY)
    return with_hook(_program(path), before)


def _without(path: str, before: str | None) -> str | None:
    """A file without what we wrote; None where nothing else was in it."""
    if before is None:
        return None
    if path == _INSTRUCTIONS:
        _refuse_edited(before)
        after = without_block(before)
    else:
        after = without_hook(_program(path), before)
    return after if after or after == before else None


def _refuse_edited(text: str) -> None:
    if is_edited(text):
        message = f"{_INSTRUCTIONS}: the block between the marks fairway:begin and fairway:end was edited by hand"
        raise FairwayError(
            "file_owned", message, "take what is yours out of it, then delete the marks and what is between"
        )


def _program(path: str) -> Program:
    return next(program for program in PROGRAMS.values() if program.path == path)


def _is_as_left(kept: Kept | None, text: str | None) -> bool:
    return kept is not None and text is not None and _digest(text) == kept["sha256"]


def _restored(kept: Kept | None, before: str | None) -> str | None:
    return kept["before"] if kept else before


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _remembered(repository: Repository) -> dict[str, Kept]:
    text = _text(os.path.join(repository.common_dir, "fairway", _KEPT))
    try:
        found = jsonio.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _text(path: str) -> str | None:
    try:
        with open(path, encoding="utf-8", newline="") as file:
            return file.read()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as problem:
        reason = problem.strerror if isinstance(problem, OSError) else problem
        raise FairwayError("file_unavailable", f"{path}: cannot be read: {reason}") from problem


def _drop_empty(folder: str, root: str) -> None:
    """Take the folder of a removed file away where nothing else is in it."""
    if os.path.realpath(folder) != os.path.realpath(root) and not os.path.islink(folder) and not os.listdir(folder):
        os.rmdir(folder)


def chosen(args: FairwayAgents) -> list[str]:
    """The programs of `FOR`, all of them where it is empty; raises FairwayError `usage` for one that is not known."""
    names = [name.strip().lower() for name in args.programs.split(",") if name.strip()] or list(PROGRAMS)
    unknown = [name for name in names if name not in PROGRAMS]
    if unknown:
        message = f"FOR {', '.join(unknown)} is none of {', '.join(PROGRAMS)}"
        raise FairwayError("usage", message, suggest_again(args, FOR=",".join(PROGRAMS)))
    return list(dict.fromkeys(names))
