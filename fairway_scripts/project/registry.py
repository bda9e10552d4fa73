"""Which stores a repository knows, remembered in a small file of its own beside the store.

`<common git dir>/fairway/stores` (outside git: `.fairway/stores`) has one line a fact, so that a hot command compares a
line instead of asking git:

    own UUID PATH       a store of this repository; PATH starts at the file's folder where the store lies below it
    clone UUID PATH     a store of another clone of this repository, which this one uses
    uses PLACE          the store on a server that the configuration names; a store's PATH may be such a place, too
    checkout PATH       the checkout whose queue file defines the tasks, where git does not record a main checkout
"""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fairway_scripts.project.project import Project

NAME = "stores"
OWN, CLONE, CHECKOUT, USES = "own", "clone", "checkout", "uses"
#: The folder of ours in a shared git directory.
IN_GIT = "fairway"


def folder_of(project: Project) -> str:
    """The folder that holds the file of a project."""
    if project.repository is not None:
        return os.path.join(project.repository.common_dir, IN_GIT)
    return os.path.join(project.root, ".fairway")


def read(folder: str) -> list[str]:
    """The lines of the file in `folder`; none when there is no file, or none that can be read."""
    try:
        with open(os.path.join(folder, NAME), "rb") as file:
            return os.fsdecode(file.read()).splitlines()
    except OSError:
        return []


def known_as(folder: str, path: str) -> tuple[str, str]:
    """How the repository of `folder` knows the store at `path`: (`own` or `clone`, uuid), ("", "") for not at all."""
    name = _name(folder, path)
    for line in read(folder):
        kind, _, rest = line.partition(" ")
        uuid, _, place = rest.partition(" ")
        if place == name and kind in (OWN, CLONE):
            return kind, uuid
    return "", ""


def is_own(folder: str, uuid: str, path: str) -> bool:
    """Whether the repository of `folder` has the store `uuid` at `path` as its own."""
    return known_as(folder, path) == (OWN, uuid)


def owns(folder: str, uuid: str) -> bool:
    """Whether the repository of `folder` has the store `uuid` as its own, wherever that was."""
    return any(line.startswith(f"{OWN} {uuid} ") for line in read(folder))


def checkout(folder: str) -> str:
    """The checkout that is remembered as the one whose queue file counts, "" for none that is still there."""
    for line in read(folder):
        kind, _, path = line.partition(" ")
        if kind == CHECKOUT and os.path.isdir(_plain(path)):
            return _plain(path)
    return ""


def used(folder: str) -> str:
    """The place of the store on a server that this repository uses, "" for a file."""
    for line in read(folder):
        if line.startswith(f"{USES} "):
            return line.removeprefix(f"{USES} ")
    return ""


def remember_use(folder: str, place: str) -> None:
    """Note which store on a server is used, "" for none."""
    before = read(folder)
    kept = [line for line in before if not line.startswith(f"{USES} ")]
    after = [f"{USES} {place}", *kept] if place else kept
    if after != before:
        _write(folder, after)


def remember_store(folder: str, kind: str, uuid: str, path: str) -> None:
    """Note that the store at `path` is `uuid`."""
    name = _name(folder, path)
    kept = [line for line in read(folder) if line.split(" ", 2)[2:] != [name] or line.startswith(f"{CHECKOUT} ")]
    _write(folder, [*kept, f"{kind} {uuid} {name}"])


def remember_checkout(folder: str, path: str) -> None:
    """Note which checkout's queue file counts."""
    kept = [line for line in read(folder) if not line.startswith(f"{CHECKOUT} ")]
    _write(folder, [*kept, f"{CHECKOUT} {_escaped(path)}"])


def forget_store(folder: str, path: str) -> None:
    """Forget the store at `path`, so that another may begin there."""
    name = _name(folder, path)
    before = read(folder)
    kept = [line for line in before if line.split(" ", 2)[2:] != [name] or line.startswith(f"{CHECKOUT} ")]
    if kept != before:
        _write(folder, kept)


def has_bytes(path: str) -> bool:
    """Whether there is a file at `path` with anything in it: an empty one is what a full disk left of a store."""
    try:
        return os.stat(path).st_size > 0
    except OSError:
        return False


def _write(folder: str, lines: list[str]) -> None:
    """Replace the file at once. Two that do so at the same time cost one of the lines, which is found out again."""
    from fairway_scripts.base.errors import FairwayError
    from fairway_scripts.base.git_folder import make_folder, share
    from fairway_scripts.formats.file_replacement import replace_file

    path = os.path.join(folder, NAME)
    try:
        make_folder(folder)
        replace_file(path, "".join(f"{line}\n" for line in lines).encode(errors="surrogateescape"))
        share(path)
    except FairwayError:
        return  # it only saves asking git


def _name(folder: str, path: str) -> str:
    inside = path.removeprefix(f"{folder}/")
    return _escaped(inside)


def _escaped(path: str) -> str:
    return path.replace("%", "%25").replace("\n", "%0A").replace("\r", "%0D")


def _plain(text: str) -> str:
    return text.replace("%0D", "\r").replace("%0A", "\n").replace("%25", "%")
