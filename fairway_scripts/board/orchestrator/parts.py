"""Parts of the coordinator's view for who shows no more: what is asked for them alone, and no more of it is kept."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError
from fairway_scripts.board.board_rules import lane_rows
from fairway_scripts.board.health import loose_findings
from fairway_scripts.board.orchestrator import tick as rules
from fairway_scripts.board.orchestrator.facts import committed, concerns, of_lanes, of_work
from fairway_scripts.git.git_survey import survey
from fairway_scripts.lanes.elsewhere import with_elsewhere
from fairway_scripts.lanes.lanes import repository_of
from fairway_scripts.project.lane_choice import worktree_root
from fairway_scripts.work.local_artifacts import counting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway_scripts.board.board_shapes import Action, BoardLane, Facts, Upcoming
    from fairway_scripts.git.git_survey import Survey
    from fairway_scripts.project.project import Project


def upcoming(project: Project, *, now: str, lane: str = "", most: int) -> Upcoming:
    """The first `most` of the `actions` of `look`, and how many there are: `{actions, total}`.

    Nothing else is looked at, and what is not among the first is not kept: a tenth of 100,000 tasks may be in progress.
    """
    with project.store.read() as tx:
        facts: Facts = {**of_work(project, tx, now), "loose": loose_findings(project, tx, now=now)}
    found = _survey(project, [], sorted(committed(facts)))["commits"]
    facts["integrated"] = {sha: facts_of["integrated"] for sha, facts_of in found.items()}
    facts["standing"] = rules.standings(facts)
    facts["session_findings"] = rules.findings_that_count(facts)
    total = 0

    def counted() -> Iterator[Action]:
        nonlocal total
        for row in rules.actions(facts):
            if concerns(row, lane):
                total += 1
                yield row

    return {"actions": heapq.nsmallest(most, counted(), key=rules.order(facts)), "total": total}


def lanes_seen(project: Project, *, lane: str = "") -> list[BoardLane]:
    """The `lanes` of `look` and nothing else: the counts of each lane, and its worktree as git has it."""
    with project.store.read() as tx:
        facts = of_lanes(project, tx)
    names = [name for name in facts["lanes"] if lane in ("", name)]
    places = with_elsewhere(project, _survey(project, names, [])["lanes"])
    return [row for row in lane_rows(facts, places) if lane in ("", row["lane"])]


def _survey(project: Project, lanes: list[str], commits: list[str]) -> Survey:
    """What git says of lanes and commits; where git cannot be asked, nothing."""
    try:
        return survey(
            *(repository_of(project), project.settings, lanes, commits, []),
            worktree_root=worktree_root(),
            counting=counting(project),
        )
    except FairwayError:
        return {
            "base": {"name": "", "head": None},
            "shallow": True,  # what is not known may be there all the same
            "branches": {},
            "commits": {},
            "unmerged": [],
            "lanes": [],
        }
