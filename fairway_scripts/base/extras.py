"""The line that installs what is missing, made of how this copy of the package came here: no index needs to have it."""

from __future__ import annotations

import os
import sys

from fairway_scripts.base.errors import Hint, suggest_program
from fairway_scripts.base.own_files import HOME

_NAME = "fairway-scripts"


def install_line(extra: str = "") -> Hint:
    """The command that installs what an extra asks for ("": what the package always needs), where this copy reads it.

    A checkout makes its `.venv` anew; pipx and uv add to their environment, which they mark with a file of their own;
    any other interpreter is named with its pip. Raises nothing: a copy without its metadata gets the package's name.
    """
    if os.path.exists(os.path.join(HOME, "requirements.lock")):
        return suggest_program("make", "-C", HOME, "setup")
    needed = _needed(extra) or [f"{_NAME}[{extra}]" if extra else _NAME]
    if os.path.exists(os.path.join(sys.prefix, "pipx_metadata.json")):
        return suggest_program("pipx", "inject", _NAME, *needed)
    if os.path.exists(os.path.join(sys.prefix, "uv-receipt.toml")):
        return suggest_program("uv", "pip", "install", "--python", sys.executable, *needed)
    return suggest_program(sys.executable, "-m", "pip", "install", *needed)


def _needed(extra: str) -> list[str]:
    """What the installed package asks for under an extra, as pip reads it; none where nothing is installed."""
    from importlib import metadata

    try:
        asked = metadata.requires(_NAME) or []
    except metadata.PackageNotFoundError:
        return []
    found = []
    for line in asked:
        wanted, _, marker = line.partition(";")
        _, named, rest = marker.partition("extra == ")
        if (rest.strip().strip("'\"") if named else "") == extra:
            found.append(wanted.strip())
    return found
