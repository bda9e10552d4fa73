"""The table of paths with the lane that owns their review, against which routes are checked."""

from __future__ import annotations

import tomllib

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.base.regular_files import read_regular


def read_route_fixtures(path: str) -> list[tuple[str, str]]:
    """The rows of a table of routes as (path, lane), in their order.

    Raises FairwayError: `file_unavailable`, `invalid_document`.
    """
    try:
        rows = tomllib.loads(read_regular(path).decode()).get("route", [])
        return [(str(row["path"]), str(row["reviewer"])) for row in rows]
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path}: cannot be read: {problem.strerror}") from problem
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError) as problem:
        message = f"{path} is no table of routes ([[route]] with path and reviewer): {problem}"
        raise FairwayError("invalid_document", message, f"mend {path}") from problem
