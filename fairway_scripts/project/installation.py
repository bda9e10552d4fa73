"""What belongs to the suite itself, wherever it is installed: its version, its home, its make fragment."""

from __future__ import annotations

import importlib.util
import os
import sys
import sysconfig

from fairway_scripts import __version__
from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.base.own_files import HOME

#: The packages that the suite needs at run time: the name to install, and the module to import.
PACKAGES = {"plumbum": "plumbum", "sh": "sh", "tomlkit": "tomlkit", "pyyaml": "yaml", "sqlite-utils": "sqlite_utils"}
PYTHON_FLOOR = (3, 11)
_FRAGMENT = os.path.join("make", "fairway.mk")


def version() -> str:
    """The version of the suite."""
    return __version__


def home() -> str:
    """The folder that holds the package: the checkout, or the `site-packages` of an installation."""
    return os.path.realpath(HOME)


def is_checkout() -> bool:
    """Whether the package runs from a checkout, with its tools and its make fragment beside it."""
    return os.path.isfile(os.path.join(home(), _FRAGMENT))


def _can_import(module: str) -> bool:
    """Whether a module is loaded or can be found; `find_spec` refuses modules that replaced themselves, as sh does."""
    return sys.modules.get(module) is not None or importlib.util.find_spec(module) is not None


def missing_packages() -> list[str]:
    """The packages that this interpreter cannot import.

    Raises ModuleNotFoundError when the checkout has an environment of its own that is not in use: as for every tool,
    the caller starts again there.
    """
    missing = [name for name, module in PACKAGES.items() if not _can_import(module)]
    own = os.path.join(home(), ".venv")
    if missing and os.path.exists(os.path.join(own, "bin", "python")) and os.path.realpath(sys.prefix) != own:
        raise ModuleNotFoundError(f"No module named {missing[0]!r}", name=missing[0])
    return missing


def setup_command() -> str:
    """The command that installs what is missing."""
    return (
        f"make -C '{home()}' setup"
        if is_checkout()
        else suggest_program("pip", "install", "--force-reinstall", "fairway-scripts")
    )


def fragment_path() -> str:
    """Where `make/fairway.mk` is: in the checkout, else under `share/fairway` of the installation.

    Raises FairwayError `file_unavailable` naming the places that were looked at.
    """
    places = [os.path.join(home(), _FRAGMENT), *_installed_places()]
    for place in places:
        if os.path.isfile(place):
            return os.path.realpath(place)
    raise FairwayError(
        "file_unavailable",
        f"make/fairway.mk is not installed; looked for {' and '.join(places)}",
        suggest_program("pip", "install", "--force-reinstall", "fairway-scripts"),
    )


def _installed_places() -> list[str]:
    """Where an installer puts shared data, by every layout that Python knows: the first one is this interpreter's."""
    usual = sysconfig.get_default_scheme()
    schemes = [usual, *(name for name in sysconfig.get_scheme_names() if name != usual and name.endswith("_user"))]
    found = [os.path.join(sysconfig.get_path("data", scheme), "share", "fairway", _FRAGMENT) for scheme in schemes]
    return list(dict.fromkeys(found))
