"""The parity run: what has to be compared before the older scripts can go, done on copies of a repository."""

from __future__ import annotations

import os
import shutil
import tomllib
from typing import TYPE_CHECKING

from fairway_scripts.base import clock, jsonio
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.base.progress import doing
from fairway_scripts.base.regular_files import read_regular
from fairway_scripts.cutover.parity.parity import explanations
from fairway_scripts.cutover.parity.parity_cases import compare_cases
from fairway_scripts.cutover.parity.parity_ground import fit_copy
from fairway_scripts.cutover.parity.parity_rows import IMPORT, Rows
from fairway_scripts.cutover.parity.parity_runbook import MERGE_PATH, Step, Subject, changes, reads, route_branch
from fairway_scripts.cutover.parity.parity_sides import Sides
from fairway_scripts.formats.file_replacement import replace_file
from fairway_scripts.git.git import ask, resolve
from fairway_scripts.project.installation import home

if TYPE_CHECKING:
    from fairway_scripts.base.paths import Repository
    from fairway_scripts.calls.tool_calls import ParityReportRun
    from fairway_scripts.cutover.parity.parity_shapes import Difference, RunResult
    from fairway_scripts.store.rows import ParityRunTasks

ROUTE_FIXTURES = os.path.join("compat", "gpuaas", "route-fixtures.toml")
RESULT = "parity.json"
_TABLE = "route-table"


def run_parity(call: ParityReportRun) -> RunResult:
    """Compare both sides; return the result, which is also in `parity.json` of the folder `call.out`.

    `call` is one of parity-report run whose paths begin at the root of the file system. The copy itself is left
    as it is. Raises FairwayError: `live_repository`, `not_found`, `already_exists` (the folder holds something else),
    `file_unavailable`, `invalid_document`, `invalid_config`.
    """
    repository = fit_copy(call.repo, allow_remote=call.allow_remote)
    _make_place(call, repository)
    explained = explanations(str(repository.worktree))
    rows = Rows(call, explained, clock.now()[:10])
    sides = Sides(repository, call.out, call.legacy_db, call.legacy_cmd)
    try:
        if _import(sides, rows):
            _compare(sides, rows, call)
    finally:
        shutil.rmtree(sides.work, ignore_errors=True)
    return {
        "at": clock.now(),
        "repo": str(repository.worktree),
        "commit": ask(str(repository.worktree), "rev-parse", "HEAD").decode().strip(),
        "legacy_cmd": call.legacy_cmd,
        "cases": call.cases,
        "preset": sides.preset,
        "rows": rows.rows,
        "counts": rows.counts(),
        "unused": [] if call.only else rows.unused(),
    }


def _make_place(call: ParityReportRun, repository: Repository) -> None:
    out, root = call.out, str(repository.worktree)
    if out == root or out.startswith(f"{root}/"):
        raise FairwayError(
            "usage",
            f"--out {out} lies inside the copy",
            suggest("parity-report", "run", "--repo", root, "--out", f"{root}-parity"),
        )
    if os.path.isdir(out) and os.listdir(out) and not os.path.exists(os.path.join(out, RESULT)):
        raise FairwayError("already_exists", f"{out} holds something else", "name another --out", path=out)
    try:
        for name in ("raw", "work"):
            shutil.rmtree(os.path.join(out, name), ignore_errors=True)
            os.makedirs(os.path.join(out, name))
        replace_file(os.path.join(out, RESULT), b"{}\n")  # ours from now on, also when the run does not end
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{out}: cannot be written: {problem.strerror}", path=out) from problem


def _import(sides: Sides, rows: Rows) -> bool:
    """Take the old state in; tell whether there is something to compare then."""
    tape, step = sides.take_in(), Step(IMPORT, "queue-import", {})
    if tape.exit_code == 0:
        count = sum(entry["rows"] for entry in jsonio.loads(tape.stdout.decode()).get("tables", []))
        source = f"the old database ({count} rows)" if sides.snapshot else "the queue file alone: no old database"
        rows.add(step, source, [], {}, {})
        return True
    said = tape.stderr.decode(errors="replace").strip() or f"exit code {tape.exit_code}"
    rows.add(step, "the old database", [{"field": "exit", "legacy": "done", "own": said}], {}, {})
    return False


def _compare(sides: Sides, rows: Rows, call: ParityReportRun) -> None:
    _need_main_branch(sides)
    tasks = sides.learn()
    sides.begin_story()
    routes = _read_routes(call.routes or os.path.join(home(), ROUTE_FIXTURES))
    subject = _subject(sides, tasks, routes)
    if rows.wants_any(_TABLE):
        _compare_table(sides, rows, subject)
    if call.cases:
        compare_cases(sides, rows, call.cases)
    for story in reads(subject):
        _compare_story(sides, rows, story)
    if subject.task_id:
        for story in changes(_make_ground(sides, subject)):
            _compare_story(sides, rows, story)
    else:
        rows.leave(Step("claims", "queue-claim", {}), "no task is ready, so nothing can be claimed")


def _read_routes(path: str) -> list[tuple[str, str]]:
    """Read the rows of a table of routes as (path, lane), in their order.

    Raises FairwayError: `file_unavailable`, `invalid_document`.
    """
    try:
        rows = tomllib.loads(read_regular(path).decode()).get("route", [])
        return [(str(row["path"]), str(row["reviewer"])) for row in rows]
    except OSError as problem:
        raise FairwayError("file_unavailable", f"{path}: cannot be read: {problem.strerror}") from problem
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError, KeyError, TypeError) as problem:
        message = f"{path} is no table of routes ([[route]] with path and reviewer): {problem}"
        raise FairwayError("invalid_document", message, f"mend {path}") from problem


def _need_main_branch(sides: Sides) -> None:
    main = sides.settings["fairway"]["main_branch"]
    if resolve(sides.own, main) is None:
        raise FairwayError(
            "not_found",
            f"the copy has no branch {main!r}, which the configuration calls the main one",
            "set fairway.main_branch in .fairway/config.toml of the copy",
        )


def _subject(sides: Sides, tasks: list[ParityRunTasks], routes: list[tuple[str, str]]) -> Subject:
    """Choose what the stories are about, and make a branch for each row of the table of routes."""
    lanes = sides.context.lanes or sorted({row["role"] for row in tasks})
    ready = [row for row in tasks if row["ready"]]
    first = min(ready, key=lambda row: lanes.index(row["role"]) if row["role"] in lanes else len(lanes), default=None)
    role, task_id = (first["role"], first["task_id"]) if first else ("", "")
    held = [row["task_id"] for row in tasks if row["role"] == role and not (row["ready"] or row["terminal"])]
    routed = task_id or next((row["task_id"] for row in tasks), "")
    if routed:
        branches = [(route_branch(position), path) for position, (path, _lane) in enumerate(routes)]
        sides.commit(sides.settings["fairway"]["main_branch"], branches)
    return Subject(lanes, role, task_id, next(iter(held), ""), routed, "", "", "", [], routes)


def _make_ground(sides: Sides, subject: Subject) -> Subject:
    """Give the subject's lane its worktree and a commit on its branch, alike on both sides."""
    branch = sides.branch_of(subject.role)
    commit = sides.commit(sides.settings["fairway"]["main_branch"], [(branch, MERGE_PATH)])[branch]
    sides.begin_story()
    sides.make_lane(subject.role)
    asked = [f"--task-id={subject.task_id}", f"--ref={commit}", f"--queue-db={sides.story_store}", "--json"]
    routed = sides.run_tool("route-of-merge", "queue-route-review", asked)
    required = jsonio.loads(routed.stdout.decode())["required"] if routed.exit_code == 0 else []
    base = ask(sides.own, "rev-parse", "HEAD").decode().strip()
    reviewers = [entry["lane"] for entry in required]
    return subject._replace(branch=branch, commit=commit, base=base, reviewers=reviewers)


def _compare_table(sides: Sides, rows: Rows, subject: Subject) -> None:
    """Our routes against the table of paths and lanes, all in one call."""
    paths = [word for path, _lane in subject.routes for word in ("--paths", path)]
    tape = sides.run_tool(_TABLE, "queue-route-review", [*paths, f"--queue-db={sides.story_store}", "--json"])
    routed = jsonio.loads(tape.stdout.decode())["paths"] if tape.exit_code == 0 else []
    lane_of = {entry["path"]: entry["lane"] for entry in routed}
    for path, lane in subject.routes:
        step = Step(f"{_TABLE}:{path}", "queue-route-review", {"PATHS": path})
        own = lane_of.get(path)
        differing: list[Difference] = [{"field": "reviewers", "legacy": lane, "own": own}] if own != lane else []
        theirs, ours = {"reviewers": [lane]}, {"reviewers": [own or ""]}
        rows.add(step, "the table of routes", differing, {**theirs}, {**ours}, raw=_TABLE)


def _compare_story(sides: Sides, rows: Rows, story: list[Step]) -> None:
    """Compare one story: after a step in which the sides differ, the ones behind it start from different states."""
    if not rows.wants_any(*(step.id for step in story)):
        return
    if not sides.command:
        for step in story:
            if not step.quiet:
                rows.leave(step, rows.why_no_legacy(step))
        return
    doing(f"comparing {story[0].id}")
    sides.begin_story()
    left = ""
    for step in story:
        if left:
            rows.leave(step, f"the sides differ since {left}")
            continue
        if step.merged:
            sides.merge(step.merged)
        legacy = sides.run_legacy(step)
        if legacy is None:
            rows.leave(step, "the older scripts have nothing for it")
            continue
        verdict = rows.compare(step, "the older scripts", legacy, sides.run_own(step), sides.context)
        if verdict != "match" and len(story) > 1:
            left = step.id
