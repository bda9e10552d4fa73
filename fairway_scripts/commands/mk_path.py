"""fairway-mk-path."""

from __future__ import annotations

from fairway_scripts.errors import OK
from fairway_scripts.operations.installation import fragment_path
from fairway_scripts.render.answer import answer, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(args: Any) -> int:
    """Print the path of the make fragment."""
    path = fragment_path()
    answer(args, {"path": path}, [path])
    if " " in path:
        say("make splits a path at its blanks: set FAIRWAY_HOME and include it as documented in the fragment")
    return OK
