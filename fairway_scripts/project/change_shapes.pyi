from typing import TypedDict

# A fault of a queue file as it is told and kept, with its line as a text.
class ToldFault(TypedDict):
    path: str
    line: int
    task_id: str
    field: str
    severity: str
    code: str
    message: str
    text: str

# What a change may set of a task's state.
class Updates(TypedDict, total=False):
    status: str
    owner: str | None
    claimant: str | None
    branch: str | None
    claimed_at: str | None
    lease_expires_at: str | None
    completed_at: str | None
    commit_sha: str | None
    review_required: int | None
    review_status: str | None
    reviewer: str | None
    reviewed_at: str | None
    review_note: str | None
    fence: int
