"""Where a repository and its worktrees lie, read from git's own files without running git.

Starting git for that would cost more than the rest of a command. The files are git's documented repository layout:
`.git` (a directory, or a file `gitdir: PATH`), `commondir`, `HEAD`, `config`, `packed-refs`, `worktrees/*/gitdir`.

GIT_DIR and its like are not consulted: a hook sets it to the repository it runs in, which the walk finds by itself,
and one that names another repository must not lead to another store.
"""

from __future__ import annotations

import os

from fairway_scripts.base.errors import CALL, FairwayError, suggest_program
from fairway_scripts.base.presence import is_file_there

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.base.git_folder import Worktree

_BRANCHES = "refs/heads/"
_SYMBOLIC_DEPTH = 5  # git's own limit for symbolic references
_OWN_TO_A_WORKTREE = ("refs/bisect/", "refs/worktree/", "refs/rewritten/")
#: What the repository's own configuration file is read for.
_NEEDED = frozenset(("core.bare", "core.sharedrepository", "core.worktree", "extensions.refstorage"))
_HEX = frozenset("0123456789abcdef")
_BLANKS = {"n": "\n", "t": "\t", "b": "\b"}


class Repository:
    """One repository as seen from one place; every path is absolute and free of symbolic links.

    `worktree`: top of the work tree holding the place, None inside a git directory or a bare repository.
    `git_dir`: the git directory of that work tree (a lane has its own).
    `common_dir`: the git directory that all worktrees share.
    `main_worktree`: the first checkout; None for a bare repository, or when git does not record it.
    `plain_references`: whether references are kept as files, which is the format that is read here.
    """

    __slots__ = ("common_dir", "git_dir", "main_worktree", "plain_references", "worktree")

    def __init__(
        self,
        worktree: str | None,
        git_dir: str,
        common_dir: str,
        main_worktree: str | None,
        *,
        plain_references: bool = True,
    ) -> None:
        self.worktree = worktree
        self.git_dir = git_dir
        self.common_dir = common_dir
        self.main_worktree = main_worktree
        self.plain_references = plain_references

    def __repr__(self) -> str:
        return f"Repository(worktree={self.worktree!r}, git_dir={self.git_dir!r}, common_dir={self.common_dir!r})"


def find_repository(start: str) -> Repository | None:
    """The repository that holds `start` (a file or directory), or None when there is none.

    Raises FairwayError `git_unavailable` when a `.git` file points nowhere: going on without the repository
    would silently lead to another store.
    """
    return _above(os.path.realpath(start))


def _above(place: str) -> Repository | None:
    """The repository that holds a place whose path is free of symbolic links."""
    while True:
        marker = os.path.join(place, ".git")
        if os.path.isfile(marker):
            return _repository(place, _linked_git_dir(marker))
        if is_git_dir(marker):
            return _repository(place, os.path.realpath(marker) if os.path.islink(marker) else marker)
        if is_git_dir(place):
            return _repository(None, place)
        above = os.path.dirname(place)
        if above == place:
            return None
        place = above


def look_here() -> Repository | None:
    """The repository that holds the working folder, also left for the next to ask in this call (`repository_here`)."""
    found = _above(here := os.getcwd())  # which the system gives without symbolic links
    CALL.stands_in = (here, found)
    return found


def repository_here() -> Repository | None:
    """The repository that holds the working folder: what `look_here` has just found, else looked for anew."""
    found, CALL.stands_in = CALL.stands_in, None
    here = os.getcwd()
    return found[1] if found and found[0] == here and found[1] else _above(here)


def worktrees(repo: Repository) -> list[Worktree]:
    """All worktrees: the main one first (a bare repository has none), then the linked ones by path.

    Each is `{path, branch, head, main, prunable}`: `branch` is the short name or None when detached, `head` the
    full commit id or None when unborn or unreadable, `prunable` says that the directory is gone and not locked.
    """
    found = []
    if repo.main_worktree is not None:
        found.append(_worktree(repo, repo.common_dir, repo.main_worktree, main=True))
    registry = os.path.join(repo.common_dir, "worktrees")
    linked = []
    for name in _names(registry):
        git_dir = os.path.join(registry, name)
        pointer = _first_line(os.path.join(git_dir, "gitdir"))
        if pointer:
            path = os.path.dirname(os.path.join(git_dir, pointer))
            linked.append(_worktree(repo, git_dir, os.path.realpath(path), main=False))
    return found + sorted(linked, key=lambda entry: str(entry["path"]))


def head_branch(git_dir: str) -> str | None:
    """The branch checked out in the worktree of `git_dir`, even when it has no commit; None when detached."""
    line = _first_line(os.path.join(git_dir, "HEAD")) or ""
    target = line[5:].strip() if line.startswith("ref: ") else ""
    branch = target.removeprefix(_BRANCHES)
    return branch if branch != target else None


def read_ref(repo: Repository, name: str) -> str | None:
    """The full commit id of a reference (`refs/heads/master`, `HEAD`), following symbolic references.

    None when it does not exist. Only for a repository with `plain_references`; `git.references` reads any.
    """
    return _read_ref(repo.git_dir, repo.common_dir, name)


def _repository(place: str | None, git_dir: str) -> Repository:
    """`place` is the directory whose `.git` led to `git_dir`, None when the walk ended inside a git directory."""
    common = _first_line(os.path.join(git_dir, "commondir"))
    common_dir = os.path.realpath(os.path.join(git_dir, common)) if common else git_dir
    linked = git_dir != common_dir
    configured = repository_settings(common_dir)
    main_worktree = _main_worktree(None if linked else place, common_dir, configured)
    return Repository(
        place if linked or place is None else main_worktree,
        git_dir,
        common_dir,
        main_worktree,
        plain_references=configured.get("extensions.refstorage", "files").lower() == "files",
    )


def is_bare(repo: Repository) -> bool:
    """Whether git keeps the repository without a checkout of its own; it may have linked ones."""
    return _says_bare(repository_settings(repo.common_dir))


def _says_bare(configured: dict[str, str]) -> bool:
    return configured.get("core.bare", "").lower() in {"true", "yes", "on", "1"}


def _main_worktree(place: str | None, common_dir: str, configured: dict[str, str]) -> str | None:
    if _says_bare(configured):
        return None
    if "core.worktree" in configured:
        return os.path.realpath(os.path.join(common_dir, configured["core.worktree"]))
    if place is not None:
        return place
    # seen from a lane, a separate git directory does not say where its checkout is
    return os.path.dirname(common_dir) if os.path.basename(common_dir) == ".git" else None


def _linked_git_dir(marker: str) -> str:
    line = _first_line(marker) or ""
    pointer = line[8:] if line.startswith("gitdir: ") else ""
    git_dir = os.path.realpath(os.path.join(os.path.dirname(marker), pointer))
    if pointer and is_git_dir(git_dir):
        return git_dir
    said = f"points to {git_dir}, which is not a git directory" if pointer else "does not say where its repository is"
    raise FairwayError(
        "git_unavailable",
        f"{marker} {said}",
        f"in the main checkout: git worktree repair '{os.path.dirname(marker)}'",
        path=marker,
    )


def is_git_dir(path: str) -> bool:
    """Whether git would accept `path` as a git directory: an empty `.git` is none. Raises OSError for a closed one."""
    if not is_file_there(os.path.join(path, "HEAD")):
        return False
    if os.path.isfile(os.path.join(path, "commondir")):
        return True
    return os.path.isdir(os.path.join(path, "objects")) and os.path.isdir(os.path.join(path, "refs"))


# --- references -------------------------------------------------------------------------------------------


def _worktree(repo: Repository, git_dir: str, path: str, *, main: bool) -> Worktree:
    gone = not os.path.exists(os.path.join(path, ".git"))
    locked = os.path.exists(os.path.join(git_dir, "locked"))
    return {
        "path": path,
        "branch": head_branch(git_dir),
        "head": _read_ref(git_dir, repo.common_dir, "HEAD"),
        "main": main,
        "prunable": gone and not locked and not main,
    }


def _read_ref(git_dir: str, common_dir: str, name: str) -> str | None:
    for _ in range(_SYMBOLIC_DEPTH):
        parts = name.split("/")
        if ".." in parts or "" in parts or (parts[0] != "refs" and name != "HEAD"):
            return None
        private = name == "HEAD" or name.startswith(_OWN_TO_A_WORKTREE)
        line = _first_line(os.path.join(git_dir if private else common_dir, name))
        if line is None:
            return _packed_ref(common_dir, name)
        if not line.startswith("ref: "):
            return _object_id(line.strip())
        name = line[5:].strip()
    return None


def _packed_ref(common_dir: str, name: str) -> str | None:
    """The id in `packed-refs`, whose lines are `ID NAME`; searched whole, as it may hold 100,000 of them."""
    packed = _text(os.path.join(common_dir, "packed-refs")) or ""
    before, found, _ = packed.partition(f" {name}\n")
    return _object_id(before.rpartition("\n")[2]) if found else None


def _object_id(text: str) -> str | None:
    return text if len(text) in {40, 64} and _HEX.issuperset(text) else None


# --- files ------------------------------------------------------------------------------------------------


def _text(path: str) -> str | None:
    """The text of a file, None when there is none; bytes that are not UTF-8 survive as in file names.

    Raises FairwayError `git_unavailable` when the file is there and cannot be read: that is no "not there".
    """
    try:
        with open(path, "rb") as file:
            return os.fsdecode(file.read())
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
    except OSError as problem:
        message = f"{path}: cannot be read: {problem.strerror}"
        raise FairwayError("git_unavailable", message, suggest_program("ls", "-l", path), path=path) from problem


def _first_line(path: str) -> str | None:
    """A pointer file's content without its last line end: a path in it may hold blanks, even newlines."""
    text = _text(path)
    return text if text is None else text.rstrip("\r\n")


def _names(directory: str) -> list[str]:
    try:
        return os.listdir(directory)
    except OSError:
        return []


def repository_settings(common_dir: str) -> dict[str, str]:
    """The settings named in `_NEEDED`; `config.worktree` wins, as git has it for the main checkout."""
    found: dict[str, str] = {}
    for file in ("config", "config.worktree"):
        section = ""
        for raw in (_text(os.path.join(common_dir, file)) or "").split("\n"):
            line = raw.strip()
            if line.startswith("["):
                header, _, line = line.partition("]")
                section, line = header[1:].strip().lower(), line.strip()
            name, equals, value = line.partition("=")
            name = f"{section}.{name.strip().lower()}"
            if name in _NEEDED:
                found[name] = _config_value(value.strip()) if equals else "true"
    return found


def _config_value(text: str) -> str:
    """A value of a git configuration file: quotes and escapes resolved, a comment after it cut off."""
    value, quoted, escaped = [], False, False
    for char in text:
        if escaped:
            value.append(_BLANKS.get(char, char))
            escaped = False
        elif char == "\\":
            escaped = True
        elif char == '"':
            quoted = not quoted
        elif char in "#;" and not quoted:
            return "".join(value).rstrip()
        else:
            value.append(char)
    return "".join(value)
