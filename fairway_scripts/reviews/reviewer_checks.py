"""Whether approvals came from somebody who can be told from whoever did the work: lines of the merge checklist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.work.gates import APPROVED
from fairway_scripts.work.proof_lines import reading_asked
from fairway_scripts.work.verdicts import SAME_AS_CLAIM

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

    Row = dict[str, Any]


def reviewer_checks(latest: Iterable[Row], shared: dict[int, str], *, distinct: bool) -> list[dict[str, str]]:
    """A line for each approval that shares a login with the work, as `merge_checklist.merge_checklist` gives them.

    `latest` holds the latest review of each lane, `shared` what each shares, by id. It is a warning when it is the
    login of the claim; with `distinct` (`reviews.distinct_actor`) whatever it shares stands in the way.
    """
    found = []
    for review in latest:
        what = shared.get(review["id"], "")
        if not what or review["verdict"] != APPROVED or not (distinct or what.startswith(SAME_AS_CLAIM)):
            continue
        lane = review["reviewer_role"]
        line = reading_asked([f"somebody else of {lane}"], review["reviewed_commit_sha"])
        message = f"{lane}: the approval of {review['reviewer']} has the {what}"
        found.append({"check": "reviewer", "level": "fail" if distinct else "warn", "message": message, "fix": line})
    return found
