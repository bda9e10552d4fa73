"""Finding a program on a search path, and an environment that nobody can slip anything into."""

from __future__ import annotations

import os
import pwd
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

#: Where systems keep their programs, for a caller without a search path.
_USUAL_PATH = "/usr/local/bin:/usr/bin:/bin"
#: What a command may need to know of its caller and cannot be led astray by.
_PASSED = ("LANG", "LANGUAGE", "TZ", "TERM", "COLUMNS", "LINES", "NO_COLOR", "CI", "TMPDIR", "SSH_AUTH_SOCK")


def search_path(path: str) -> str:
    """`path` with only the folders that are named absolutely: others change with the current folder."""
    folders = [folder for folder in path.split(os.pathsep) if os.path.isabs(folder)]
    return os.pathsep.join(dict.fromkeys(folders)) or _USUAL_PATH


def find_program(name: str, path: str) -> str:
    """The file that `name` (without a slash) stands for on a search path, links resolved; "" when there is none."""
    for folder in path.split(os.pathsep):
        place = os.path.join(folder, name)
        if os.path.isfile(place) and os.access(place, os.X_OK):
            return os.path.realpath(place)
    return ""


def bare_environment(path: str, given: Mapping[str, str], named: Iterable[str] = ()) -> dict[str, str]:
    """The environment of a command that was approved: what cannot change its meaning, and the variables `named`.

    `given` is the caller's. HOME and the name of the user are the account's own, for programs read their settings
    from there. A user without an account has `/` for HOME, as containers have it.
    """
    try:
        account = pwd.getpwuid(os.getuid())
        home, user = account.pw_dir, account.pw_name
    except KeyError:
        home, user = "/", f"uid-{os.getuid()}"
    own = {"PATH": path, "HOME": home, "USER": user, "LOGNAME": user}
    wanted = {*_PASSED, *named}
    passed = {name: value for name, value in given.items() if name in wanted or name.startswith("LC_")}
    return {**passed, **own, "PWD": os.getcwd()}
