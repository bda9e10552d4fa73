"""Regression packs: reading the catalogue, choosing what a change calls for, and recording a run."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest
from fairway_scripts.git.git import resolve
from fairway_scripts.project.changes import find_state
from fairway_scripts.reviews.gates import packs_rules as rules
from fairway_scripts.reviews.gates.pack_file import PackFile, read_pack_file
from fairway_scripts.reviews.routes.review_routes import read_change, readable, sampled_paths
from fairway_scripts.store.stored_json import stored
from fairway_scripts.work.records import record_evidence

if TYPE_CHECKING:
    from fairway_scripts.base.settings_shape import RegressionPackPath
    from fairway_scripts.calls.tool_calls import RegressionPacks
    from fairway_scripts.project.project import Project
    from fairway_scripts.reviews.gates.pack_shapes import (
        Catalogue,
        CheckedCatalogue,
        ChosenPack,
        FoundPack,
        Pack,
        PacksForPaths,
        PacksForTask,
    )
    from fairway_scripts.reviews.judged_shapes import CalledPack, OtherPack, PackCheck, PacksOfChange
    from fairway_scripts.store.rows import AttachmentsPackHints
    from fairway_scripts.work.evidence import Special
    from fairway_scripts.work.work_shapes import EvidenceRecorded


def catalogue(project: Project, given: str = "") -> PackFile:
    """The catalogue: `given` (CATALOG, from the current folder), else the configured one of the main checkout.

    Raises FairwayError `not_found`, `file_unavailable`.
    """
    configured = project.settings["regression_packs"]["catalog"]
    path = os.path.abspath(given) if given else os.path.join(project.root, configured)
    return read_pack_file(path, project.show(path), settings_of.lanes(project.settings))


def sound_catalogue(project: Project, given: str = "") -> PackFile:
    """`catalogue` without errors; raises FairwayError `invalid_packs` naming every error."""
    found = catalogue(project, given)
    if found.errors:
        listing = "\n".join(fault.text() for fault in found.errors)
        raise FairwayError(
            "invalid_packs",
            f"{found.path} has {len(found.errors)} fault(s):\n{listing}",
            suggest("regression-packs", "validate"),
            faults=[fault.as_json() for fault in found.errors],
        )
    return found


def list_packs(project: Project, given: str = "") -> Catalogue:
    """`{catalog, packs}`: every pack (see `pack_row`); raises FairwayError `not_found`, `invalid_packs`."""
    found = sound_catalogue(project, given)
    return {"catalog": found.path, "packs": [rules.pack_row(pack) for pack in found.packs]}


def find_pack(project: Project, pack_id: str, given: str = "") -> FoundPack:
    """One pack with `catalog` and its `line`; raises FairwayError `not_found`, `invalid_packs`."""
    found = sound_catalogue(project, given)
    return {**rules.pack_row(_pack(found, pack_id)), "catalog": found.path, "line": _pack(found, pack_id)["line"]}


def validate_packs(project: Project, given: str = "") -> CheckedCatalogue:
    """`{catalog, packs, faults, ok}`: how many packs, and every fault with its `text`; warnings leave it `ok`."""
    found = catalogue(project, given)
    faults = [rules.fault_row(fault) for fault in found.faults]
    return {"catalog": found.path, "packs": len(found.packs), "faults": faults, "ok": not found.errors}


def packs_for_paths(project: Project, args: RegressionPacks) -> PacksForPaths:
    """The packs that PATHS, or else what REF changes since BASE, call for.

    Returns catalog, ref and commit_sha ("" for PATHS), paths, packs (with `paths_changed`, the ones that call for
    it), uncovered (paths that call for no pack). Raises FairwayError: `usage`, `not_found`, `invalid_packs`,
    `git_unavailable`, `git_inconsistent`.
    """
    given = sampled_paths(args.paths)
    ref, commit, changed = "", "", given
    if not given:
        if not args.ref:
            raise FairwayError("usage", "PATHS or REF is required", suggest("regression-packs", "for-paths", REF=None))
        read = read_change(project, args.ref, args.base)
        ref, commit, changed = read["ref"], read["commit_sha"], read["changed_paths"]
    found = sound_catalogue(project, args.catalog)
    chosen = rules.packs_for(found.packs, _routes(project), changed)
    covered = {path for entry in chosen for path in entry["paths"]}
    return {
        "catalog": found.path,
        "ref": ref,
        "commit_sha": commit,
        "paths": [readable(path) for path in changed],
        "packs": [_chosen_row(found, entry["pack_id"], entry["paths"]) for entry in chosen],
        "uncovered": [readable(path) for path in changed if path not in covered],
    }


def packs_for_task(project: Project, args: RegressionPacks) -> PacksForTask:
    """The packs that a task calls for, and whether a recorded run proves its commit.

    A task calls for packs by name (a field such as `regression_packs`, a tag `pack:ID`), by its source_paths and
    target_paths, and by what REF (default: its commit, else its branch) changes. Returns catalog, task_id, lane,
    commit_sha ("" when there is none to measure against), packs (with `reasons` and `run`), unknown (named
    packs that the catalogue does not have). Raises FairwayError: `not_found`, `invalid_packs`.
    """
    found = sound_catalogue(project, args.catalog)
    with project.store.read() as tx:
        state = find_state(tx, args.task_id)
        hints = tx.one("attachments.pack_hints", task_id=args.task_id)
        runs = tx.all("attachments.pack_runs", task_id=args.task_id)
    reasons = _hinted(project, found, hints)
    changed: list[str] = []
    ref = args.ref or state["commit_sha"] or state["branch"] or ""
    commit = resolve(project.repository.common_dir, ref) if ref and project.repository else None
    if args.ref or commit:
        read = read_change(project, ref, args.base)
        commit, changed = read["commit_sha"], read["changed_paths"]
    for entry in rules.packs_for(found.packs, _routes(project), changed):
        reasons.setdefault(entry["pack_id"], []).append(f"changes {_sample(entry['paths'])}")
    policy = project.settings["gates"]["stale_evidence"]
    known = [pack["id"] for pack in found.packs]
    return {
        "catalog": found.path,
        "task_id": state["task_id"],
        "lane": state["role"],
        "commit_sha": commit or "",
        "packs": [
            {
                **rules.pack_row(pack),
                "reasons": reasons[pack["id"]],
                "run": rules.run_verdict(runs, pack, commit or "", policy),
            }
            for pack in found.packs
            if pack["id"] in reasons
        ],
        "unknown": [name for name in reasons if name not in known],
    }


def packs_of_change(project: Project, task_id: str, changed: list[str], catalog: str) -> PacksOfChange:
    """What a change, and a task ("" for none), call for, and what not.

    Returns catalog ("" when there is none), packs (`{pack_id, title, owner, blocks, rule, matched}`), other_packs
    (`{pack_id, why}`) and unknown (packs that the task names and the catalogue does not have). Raises FairwayError:
    `not_found` (CATALOG), `file_unavailable`, `invalid_packs`.
    """
    try:
        found = sound_catalogue(project, catalog)
    except FairwayError as refusal:
        if refusal.word != "not_found" or catalog:
            raise
        return {"catalog": "", "packs": [], "other_packs": [], "unknown": []}
    hints: AttachmentsPackHints | None = None
    if task_id:
        with project.store.read() as tx:
            hints = tx.one("attachments.pack_hints", task_id=task_id)
    by_task = _hinted(project, found, hints)
    by_path = {entry["pack_id"]: entry["paths"] for entry in rules.packs_for(found.packs, _routes(project), changed)}
    packs: list[CalledPack] = []
    others: list[OtherPack] = []
    for pack in found.packs:
        pack_id = pack["id"]
        if pack_id in by_task or pack_id in by_path:
            ways = ["changed paths"] if pack_id in by_path else []
            called: CalledPack = {
                "pack_id": pack_id,
                "title": pack["title"],
                "owner": pack["owner"],
                "blocks": rules.blocks(pack),
                "rule": "; ".join([*ways, *by_task.get(pack_id, [])]),
                "matched": by_path.get(pack_id, []),
            }
            packs.append(called)
        else:
            others.append({"pack_id": pack_id, "why": _uncalled(project, pack)})
    known = [pack["id"] for pack in found.packs]
    unknown = [name for name in by_task if name not in known]
    return {"catalog": project.show(found.path), "packs": packs, "other_packs": others, "unknown": unknown}


def _uncalled(project: Project, pack: Pack) -> str:
    patterns = [*pack["paths"]]
    patterns += [match for route in _routes(project) if pack["id"] in route["packs"] for match in route["match"]]
    if not patterns:
        return "no paths are configured for it"
    return f"no changed path matches {', '.join(dict.fromkeys(patterns))}"


def record_run(project: Project, args: RegressionPacks, *, duration: int | None) -> EvidenceRecorded:
    """Record a run of a pack as evidence of TASK_ID; what has no COMMAND_TEXT is named after the pack.

    Returns the evidence (see `records.record_evidence`) with pack_id and environment. Raises FairwayError:
    `not_found` (pack, task), `usage` (an ENVIRONMENT that the pack does not target), `invalid_packs`.
    """
    pack = _pack(sound_catalogue(project, args.catalog), args.pack_id)
    places = [*pack["target_environments"], *pack["blocking"]["per_environment"]]
    if args.environment and args.environment not in places:
        raise FairwayError(
            "usage",
            f"ENVIRONMENT {args.environment!r} is none of {', '.join(dict.fromkeys(places))}, the ones of {pack['id']}",
            suggest("regression-packs", "show", pack["id"]),
        )
    if not args.environment and len(set(places)) > 1:
        project.notes.append(f"ENVIRONMENT was not named; {pack['id']} runs on {', '.join(dict.fromkeys(places))}")
    args.command_text = args.command_text or f"regression pack {pack['id']}"
    run: Special = {"pack_id": pack["id"], "environment": args.environment}
    return record_evidence(project, args, args.artifact_type, duration=duration, special=run)


def pack_checks(project: Project, task_id: str, changed: list[str], commit: str) -> list[PackCheck]:
    """What merge-ready has to know of packs: `{pack_id, blocks, ok, fresh, why}` of each that is called for.

    A catalogue that cannot be used is one entry without a pack_id.
    """
    try:
        found = sound_catalogue(project)
    except FairwayError as refusal:
        return [{"pack_id": "", "blocks": True, "ok": False, "fresh": False, "why": refusal.message.splitlines()[0]}]
    with project.store.read() as tx:
        hints = tx.one("attachments.pack_hints", task_id=task_id)
        runs = tx.all("attachments.pack_runs", task_id=task_id)
    wanted = {entry["pack_id"] for entry in rules.packs_for(found.packs, _routes(project), changed)}
    wanted |= set(rules.named_packs(*_named(hints)))
    policy = project.settings["gates"]["stale_evidence"]
    checks: list[PackCheck] = []
    for pack in found.packs:
        if pack["id"] in wanted:
            verdict = rules.run_verdict(runs, pack, commit, policy)
            check: PackCheck = {
                "pack_id": pack["id"],
                "blocks": rules.blocks(pack),
                "ok": verdict["ok"],
                "fresh": verdict["fresh"],
                "why": verdict["why"],
            }
            checks.append(check)
    return checks


def _pack(found: PackFile, pack_id: str) -> Pack:
    for pack in found.packs:
        if pack["id"] == pack_id:
            return pack
    known = ", ".join(pack["id"] for pack in found.packs) or "none"
    raise FairwayError(
        "not_found",
        f"{found.path} has no pack {pack_id!r}; packs: {known}",
        suggest("regression-packs", "list"),
        pack_id=pack_id,
    )


def _hinted(project: Project, found: PackFile, hints: AttachmentsPackHints | None) -> dict[str, list[str]]:
    """Why the definition of a task calls for packs: pack id -> reasons."""
    reasons: dict[str, list[str]] = {}
    for name in rules.named_packs(*_named(hints)):
        reasons.setdefault(name, []).append("named by the task")
    source, target = (hints["source_paths"], hints["target_paths"]) if hints else (None, None)
    for field, text in (("source_paths", source), ("target_paths", target)):
        paths = stored(text, list, field)
        for entry in rules.packs_for(found.packs, _routes(project), paths):
            reasons.setdefault(entry["pack_id"], []).append(f"{field} has {_sample(entry['paths'])}")
    return reasons


def _named(hints: AttachmentsPackHints | None) -> tuple[dict[str, object], list[str]]:
    if hints is None:
        return {}, []
    return stored(hints["extra"], dict, "extra"), stored(hints["tags"], list, "tags")


def _routes(project: Project) -> list[RegressionPackPath]:
    return project.settings["regression_packs"]["paths"]


def _chosen_row(found: PackFile, pack_id: str, paths: list[str]) -> ChosenPack:
    return {**rules.pack_row(_pack(found, pack_id)), "paths_changed": [readable(path) for path in paths]}


def _sample(paths: list[str]) -> str:
    more = f" and {len(paths) - 1} more" if len(paths) > 1 else ""
    return f"{readable(paths[0])}{more}"
