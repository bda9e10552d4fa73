"""parity-report explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base import clock
from fairway_scripts.base.errors import OK
from fairway_scripts.calls.answer import answer, say
from fairway_scripts.cutover.commands.parity_report import reported
from fairway_scripts.cutover.door.entries import PROFILE
from fairway_scripts.cutover.explaining import drafts, entry_text, untranslated

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import ParityReportExplain


def run(args: ParityReportExplain) -> int:
    """Print an entry for each open difference."""
    found = reported(args)
    entries = drafts(found, args.reason, args.owner, clock.now()[:10])
    answer(args, {"entries": entries}, [line for entry in entries for line in [*entry_text(entry), ""]])
    lacking = [name for name in ("reason", "owner") if not getattr(args, name)]
    if entries and lacking:
        say(
            f"append them to compat/differences.toml and fill in {' and '.join(lacking)}: the report takes none without"
        )
    if unread := untranslated(found):
        say(f"{unread} call(s) could not be translated: {PROFILE} says how they are read, and no entry explains them")
    return OK
