"""Temporary folders whose names say nothing.

What a tool prints holds the path of its project, and tests say of words that they are not in it. A name drawn from all
letters spells any short word some day; one drawn from these spells none.
"""

from __future__ import annotations

import os
import random
import tempfile

#: Capitals, as words that tests look for are small, and no vowel among them, as words have one.
LETTERS = "QXZJV"
_LENGTH = 10


def fresh_folder(prefix: str, parent: str | os.PathLike[str] | None = None) -> str:
    """The path of a new folder in `parent` (default: where temporary folders are made), for its owner alone."""
    place = os.path.realpath(parent or tempfile.gettempdir())
    draw = random.SystemRandom()
    while True:
        folder = os.path.join(place, prefix + "".join(draw.choices(LETTERS, k=_LENGTH)))
        try:
            os.mkdir(folder, 0o700)
        except FileExistsError:
            continue
        return folder
