from typing import TypedDict

from fairway_scripts.git.git_survey import HostPlace

class LaneWorktree(TypedDict):
    path: str
    exists: bool
    branch: str | None
    expected_branch: str
    dirty: bool
    ahead: int | None
    behind: int | None
    elsewhere: list[HostPlace]
