from typing import TypeAlias, TypedDict

from fairway_scripts.board.board_shapes import Action, MarkedFinding
from fairway_scripts.lanes.lane_shapes import LaneRow

# What a tool answers with --json; empty where it gave nothing.
Answer: TypeAlias = dict[str, object]

class LanesAnswer(TypedDict, total=False):
    lanes: list[LaneRow]

class TickAnswer(TypedDict, total=False):
    actions: list[Action]
    totals: dict[str, int]

class DoctorAnswer(TypedDict, total=False):
    findings: list[MarkedFinding]
