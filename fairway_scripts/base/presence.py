"""Whether something stands at a path, where "it cannot be seen" is not taken for "no"."""

from __future__ import annotations

import os


def is_there(path: str) -> bool:
    """Whether a path leads to something; raises OSError (PermissionError) when a folder on the way is closed."""
    try:
        os.stat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def is_file_there(path: str) -> bool:
    """Whether a path leads to a regular file; raises OSError as `is_there` does."""
    return os.path.isfile(path) or (is_there(path) and os.path.isfile(path))
