"""Reading the files that come with the package, which may lie in a folder or in a zip."""

from __future__ import annotations

import os

PACKAGE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
#: The folder that holds the package: the checkout, or the `site-packages` of an installation.
HOME = os.path.dirname(PACKAGE)


def own_bytes(path: str) -> bytes:
    """What a file of the package holds, by its path beside a module's `__file__`. Raises OSError."""
    found: bytes = __loader__.get_data(path)  # type: ignore[name-defined]  # the loader of every module of ours has it
    return found
