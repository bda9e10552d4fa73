"""Whether approvals came from somebody who can be told from whoever did the work: lines of the merge checklist."""

from __future__ import annotations

from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.proof_lines import reading_asked
from fairway_scripts.work.verdicts import SAME_AS_CLAIM

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from fairway_scripts.reviews.judged_shapes import Check
    from fairway_scripts.work.work_shapes import Verdict


#: How the names begin of those who recorded something with the scripts from before.
FROM_OLD = "legacy:"


def reviewer_checks(latest: Iterable[Verdict], shared: dict[int, str], *, distinct: bool) -> list[Check]:
    """A line for each approval of which it cannot be told whose it is, as `merge_checklist.merge_checklist` gives them.

    `latest` holds the latest review of each lane, `shared` what each shares with the work, by id. It is a warning when
    it is the login of the claim, or when the approval was taken in from an old database, whoever wrote that; with
    `distinct` (`reviews.distinct_actor`) either, and whatever else it shares, stands in the way.
    """
    found: list[Check] = []
    level = "fail" if distinct else "warn"
    for review in latest:
        what, lane = shared.get(review["id"] or 0, ""), review["reviewer_role"]
        if review["verdict"] == APPROVED and (review.get("recorded_by") or "").startswith(FROM_OLD):
            message = f"{lane}: the approval of {review['reviewer']} was taken in from an old database"
            line = reading_asked([lane], review["reviewed_commit_sha"] or "the commit")
            found.append({"check": "reviewer", "level": level, "message": message, "fix": line})
        if not what or review["verdict"] != APPROVED or not (distinct or what.startswith(SAME_AS_CLAIM)):
            continue
        line = reading_asked([f"somebody else of {lane}"], review["reviewed_commit_sha"] or "the commit")
        message = f"{lane}: the approval of {review['reviewer']} has the {what}"
        found.append({"check": "reviewer", "level": level, "message": message, "fix": line})
    return found
