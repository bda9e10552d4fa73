"""Who has to review a change that is merged already: its paths, as far as records tell where it began.

Once a commit is on the integration branch git does not tell any more what belonged to it. Where it was routed, the
requests tell whom it asked. Where it was not, or only the end of it, what was read or waived tells from which commit
on: a change that is merged before it was routed asks nobody less.
"""

from __future__ import annotations

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.git.git import changed_paths
from fairway_scripts.reviews.review_bars import asked_by_requests, bar_as_routed
from fairway_scripts.work.verdicts import MANUAL

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import Bar, ShapeFacts
    from fairway_scripts.reviews.review_coverage import Coverage
    from fairway_scripts.reviews.routes.review_routes import ChangeRead
    from fairway_scripts.work.work_shapes import Asked


def asked_of_merged(project: Project, facts: ShapeFacts, covered: Coverage) -> tuple[Bar, list[Asked]]:
    """The bar and the lanes that are asked of the merged commit of `covered`; `facts` are those of `shape_facts`."""
    requests, settings = facts["requests"], project.settings
    bar, lanes = bar_as_routed(facts, settings), asked_by_requests(requests)
    asked = ((row["base_commit_sha"] or "", row["commit_sha"] or "") for row in requests if row["layer"] != MANUAL)
    routed = {span for span in asked if _is_about(covered, *span)}
    told = {span for span in _spans(facts) if _is_about(covered, *span)}
    if routed and {base for base, _end in told} <= {base for base, _end in routed}:
        return bar, lanes  # nobody has read more than what was routed
    read = {span: _paths(project, *span) for span in routed | told}
    paths = sorted({path for found in read.values() for path in found})
    if not paths:
        return bar, lanes
    from fairway_scripts.reviews.routes.review_shapes import shape_of_change

    base, end = max(sorted(read), key=lambda span: len(read[span]))
    change: ChangeRead = {
        "ref": end,
        "base": base,
        "base_sha": base,
        "merge_base": base,
        "commit_sha": end,
        "changed_paths": paths,
    }
    shape = shape_of_change(project, facts, change)
    return {**shape["bar"], "real_exit": shape["real_exit"]}, asked_by_requests(requests, shape["requirements"])


def _spans(facts: ShapeFacts) -> Iterator[tuple[str, str]]:
    """What was routed (a later routing closes no earlier one here), read or waived: from which commit on, to which."""
    for span in facts["spans"]:
        yield span["base_commit_sha"] or "", span["commit_sha"] or ""
    waiver = facts["waiver"]
    for row in facts["reviews"]:
        yield row["base_commit_sha"] or "", row["reviewed_commit_sha"] or ""
    for given in facts["waivers"]:
        yield given["base_commit_sha"] or "", given["commit_sha"] or ""
    if waiver:
        yield waiver["base_commit_sha"] or "", waiver["commit_sha"] or ""


def _is_about(covered: Coverage, base: str, end: str) -> bool:
    return bool(base and end and base != end) and not covered.why_not(base, end)


def _paths(project: Project, base: str, end: str) -> list[str]:
    try:
        return changed_paths(project.worktree, base, end)
    except FairwayError as problem:
        if problem.word != "not_found":
            raise
        return []  # git has forgotten it: another record has to tell
