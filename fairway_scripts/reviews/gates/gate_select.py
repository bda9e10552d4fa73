"""What a change, and the task that it is for, have to pass: gathers the facts and has them selected."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.git.git import resolve
from fairway_scripts.project.changes import find_definition, find_state
from fairway_scripts.reviews.gates.gate_select_rules import select, shape_text
from fairway_scripts.reviews.gates.packs import packs_of_change
from fairway_scripts.reviews.gates.profile_gates import claimed_in, graduations, modes_for
from fairway_scripts.reviews.review_bar import bar_of
from fairway_scripts.reviews.routes.review_routes import read_change, readable, sampled_paths
from fairway_scripts.reviews.routes.review_shape import shape_of, task_facts
from fairway_scripts.reviews.routes.review_shapes import shape_answer, shape_facts, shape_of_change
from fairway_scripts.store.stored_json import stored

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import GateSelect
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.judged_shapes import GateTask, Selected, SelectFacts, ShapeFacts, ShapeOfChange
    from fairway_scripts.reviews.routes.review_routes import ChangeRead
    from fairway_scripts.reviews.routes.review_shape import ReadDefinition

_NO_TASK: ReadDefinition = {"kind": "", "risk_level": "", "tags": [], "extra": {}, "profile": "", "review_domains": []}
_NOTHING: ChangeRead = {
    "ref": "",
    "commit_sha": "",
    "base": "",
    "base_sha": "",
    "merge_base": "",
    "changed_paths": [],
}


def gate_select(project: Project, args: GateSelect) -> Selected:
    """Which gates, regression packs, reviewers and checks a change calls for; nothing is changed or judged.

    The change is PATHS, else what REF changes since BASE, else what the commit or branch of TASK_ID changes. Returns
    task_id, lane, ref, commit_sha, base, merge_base ("" for PATHS), changed_paths, catalog, unknown_packs, shape,
    shape_needed, shape_reasons, shape_text (lines), waiver, risk_level, faults (what the task declares that is not
    known), and selected, not_needed and commands, see
    `gate_select_rules.select`. Raises FairwayError: `usage`, `not_found`, `invalid_packs`, `file_unavailable`,
    `git_unavailable`, `git_inconsistent`.
    """
    task, about = _task(project, args.task_id)
    read = _change(project, args, task)
    paths = read["changed_paths"]
    if about is not None and read["commit_sha"]:
        shape: ShapeOfChange = shape_of_change(project, about, read)
    else:
        of_task = about["task"] if about else task_facts("", _NO_TASK, project.settings)
        plain = shape_of(of_task, paths, project.settings)
        bar = bar_of(of_task, paths, project.settings, plain["reasons"])
        shape = {**plain, "waiver": None, "bar": bar, "real_exit": bar["real_exit"]}
    packs = packs_of_change(project, args.task_id, paths, args.catalog)
    facts: SelectFacts = {
        "task": task,
        "ref": read["ref"],
        "paths": paths,
        "settings": project.settings,
        "modes": _modes(project, args.task_id) if task else {},
        "packs": packs["packs"],
        "other_packs": packs["other_packs"],
        "shape": shape,
    }
    return {
        "task_id": args.task_id,
        "lane": task["lane"] if task else "",
        "ref": read["ref"],
        "commit_sha": read["commit_sha"],
        "base": read["base"],
        "merge_base": read["merge_base"],
        "changed_paths": read["changed_paths"],
        "catalog": packs["catalog"],
        "unknown_packs": packs["unknown"],
        **shape_answer(shape),
        "shape_text": shape_text(shape),
        "faults": shape["bar"]["faults"],
        **select(facts),
    }


def _task(project: Project, task_id: str) -> tuple[GateTask | None, ShapeFacts | None]:
    """The task with what gates ask of it, and what the shape of its review depends on; (None, None) without one."""
    if not task_id:
        return None, None
    with project.store.read() as tx:
        state = find_state(tx, task_id)
        definition = find_definition(tx, task_id)
        about = shape_facts(project, tx, state)
    task: GateTask = {
        "task_id": task_id,
        "lane": state["role"],
        "kind": state["kind"] or "",
        "profile": definition["profile"] or "",
        "acceptance_checks": stored(definition["acceptance_checks"], list, "acceptance_checks"),
        "ref": state["commit_sha"] or state["branch"] or "",
    }
    return task, about


def _change(project: Project, args: GateSelect, task: GateTask | None) -> ChangeRead:
    given = sampled_paths(args.paths)
    if given and args.ref:
        raise FairwayError(
            "usage", "PATHS and REF are two ways to name a change: give one", suggest("gate-select", "--help")
        )
    if given:
        return {**_NOTHING, "changed_paths": sorted({readable(path) for path in given})}
    ref = args.ref
    if not ref and task is None:
        raise FairwayError("usage", "REF, PATHS or TASK_ID is required", suggest("gate-select", REF=None))
    if not ref and task and task["ref"] and project.repository:
        ref = task["ref"] if resolve(project.repository.common_dir, task["ref"]) else ""
    if not ref:
        project.notes.append(f"{args.task_id} has neither a commit nor a branch: only the task itself was looked at")
        return _NOTHING.copy()
    read = read_change(project, ref, args.base)
    return {**read, "changed_paths": [readable(path) for path in read["changed_paths"]]}


def _modes(project: Project, task_id: str) -> dict[str, str]:
    with project.store.read() as tx:
        past = tx.all("tasks.past_holders", task_id=task_id)
        return modes_for(past, graduations(tx), lambda: claimed_in(tx, task_id, past))
