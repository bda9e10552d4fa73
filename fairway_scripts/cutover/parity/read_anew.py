"""Calls whose words could not be translated, read once more by the table of calls as the profile says it today."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.cutover.door import handover
from fairway_scripts.cutover.door.calls import read_call
from fairway_scripts.cutover.door.door_table import table_of
from fairway_scripts.cutover.door.table import find_entry
from fairway_scripts.cutover.parity.kept_cases import kept_call
from fairway_scripts.cutover.parity.parity_rules import CALL, MISMATCH, UNCLEAR

if TYPE_CHECKING:
    from fairway_scripts.cutover.cutover_shapes import CallNote
    from fairway_scripts.cutover.parity.parity_shapes import Observation
    from fairway_scripts.project.project import Project

_READ_NOW = "it could not be translated then, and compat/profile.toml reads it now"


def as_read_today(project: Project, row: Observation) -> Observation:
    """Return an observation, `unclear` where its call could not be translated and the profile reads all of it today.

    Such a call shows nothing: its words are known now, but nobody has compared what the two sides make of them. One of
    which too little was kept stays as it was noted.
    """
    if row["verdict"] != MISMATCH or not any(difference["field"] == CALL for difference in row["differences"]):
        return row
    case = kept_call(project, row["call_id"])
    if case is None or not _is_read(project, case.note):
        return row
    return {**row, "verdict": UNCLEAR, "note": _READ_NOW, "differences": []}


def _is_read(project: Project, note: CallNote) -> bool:
    """Tell whether every word of a noted call has a place by now; what came by another way than words is unknown."""
    if project.repository is None:
        return False
    table = table_of(handover.load(project.repository) or {}, project.repository)
    names = [os.path.basename(word) for word in note["argv"]]
    script = os.path.basename(note["script"])
    if script not in names:
        return False
    entry, words = find_entry(table, note["script"], note["argv"][names.index(script) + 1 :])
    if not entry.tool:  # the profile leaves it to its script, or nobody knows it any more
        return entry.subcommand in (table.get(note["script"]) or {})
    call = read_call(entry, words, note["environment"])
    seen = {*words, *call.values, *entry.subcommand.split()}
    return not call.untranslated and all({lost, lost.partition("=")[0]} & seen for lost in note["untranslated"])
