"""fairway-init."""

from __future__ import annotations

from fairway_scripts.errors import OK
from fairway_scripts.operations.setting_up import write_config
from fairway_scripts.render.answer import answer, say

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


def run(args: Any) -> int:
    """Write the configuration file and say what comes next."""
    written = write_config(args.preset or "default", args.config)
    lanes = ", ".join(written["lanes"]) or "none yet: add a [[roles]] table for each"
    lines = [f"wrote {written['path']}", f"preset: {written['preset']}", f"lanes: {lanes}"]
    lines += [f"{key}: {value}  (as it is here; not the default)" for key, value in written["fitted"].items()]
    answer(args, written, lines)
    say(f"next: read {written['path']}, commit it, then run queue-doctor")
    return OK
