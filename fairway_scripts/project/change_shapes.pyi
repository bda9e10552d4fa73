from typing import TypedDict

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
