"""The line that installs what is missing, made of how this copy of the package came here: no index needs to have it."""

from __future__ import annotations

import os
import sys

from fairway_scripts.base.errors import Hint, suggest_program
from fairway_scripts.base.own_files import HOME

_NAME = "fairway-scripts"
#: What each extra asks for, and under "" what the package always needs, as pyproject.toml says it: the copies that no
#: pip installed (bundle, Debian package, one file) have no metadata.
ASKED = {
    "": ("plumbum>=2,<3", "sh>=2.2,<3", "tomlkit>=0.13", "pyyaml>=6.0.1", "sqlite-utils>=4.2,<5"),
    "dashboard": ("jinja2>=3.1.6,<4", "starlette>=1.10,<2", "uvicorn>=0.54,<1"),
    "keyring": ("keyring>=25,<26",),
    "mcp": ("mcp>=2.3,<3",),
    "notify": ("apprise>=2.3,<3",),
    "postgres": ("psycopg[binary]>=3.1,<4",),
    "secrets": ("detect-secrets>=1.5,<2",),
    "trackers": ("httpx2>=2.16",),
    "tui": ("textual>=8.2.5,<9",),
}
#: Extras that the environment of a checkout does not have: no test needs them.
_ASIDE = ("keyring", "secrets")


def install_line(extra: str = "") -> Hint:
    """The command that installs what an extra asks for ("": what the package always needs), where this copy reads it.

    A checkout makes its `.venv` anew; pipx and uv add to their environment, which they mark with a file of their own; a
    bundle and a Debian package have a folder for it; any other interpreter is named with its pip.
    """
    asked = ASKED[extra]
    pip = [sys.executable, "-m", "pip", "install"]
    vendor = os.path.join(HOME, "vendor")
    if os.path.exists(os.path.join(HOME, "requirements.lock")):
        if extra not in _ASIDE:
            return suggest_program("make", "-C", HOME, "setup")
        pip[0] = os.path.join(HOME, ".venv", "bin", "python")
    elif os.path.exists(os.path.join(sys.prefix, "pipx_metadata.json")):
        return suggest_program("pipx", "inject", _NAME, *asked)
    elif os.path.exists(os.path.join(sys.prefix, "uv-receipt.toml")):
        return suggest_program("uv", "pip", "install", "--python", sys.executable, *asked)
    elif os.path.isdir(vendor) and os.path.exists(os.path.join(HOME, "bin", "_start.py")):  # which is who reads it
        root = [] if os.access(vendor, os.W_OK) else ["sudo"]
        return suggest_program(*root, *pip, "--target", vendor, *asked)
    elif _is_the_systems():
        pip += ["--user", "--break-system-packages"]  # pip takes packages for its user alone, once that is said
    return suggest_program(*pip, *asked)


def _is_the_systems() -> bool:
    """Whether the interpreter is that of the operating system, to which pip adds nothing by itself (PEP 668)."""
    import sysconfig

    marked = os.path.join(sysconfig.get_path("stdlib"), "EXTERNALLY-MANAGED")
    return sys.prefix == sys.base_prefix and os.path.exists(marked)
