"""regression-packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, pairs, say, shown, table
from fairway_scripts.calls.options import number, required
from fairway_scripts.project.opening import open_as_it_is
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.gates import packs

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping

    from fairway_scripts.calls.tool_calls import RegressionPacks

ACTIONS = "list, show PACK_ID, validate [CATALOG], for-paths PATH..., for-task TASK_ID or record PACK_ID"
_SECTIONS = (
    *("target_environments", "required_seed_data", "required_proof", "artifact_requirements", "current_automation"),
    *("gaps", "paths"),
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """What regression-packs takes besides the common flags: an action and its words."""
    parser.add_argument("action", nargs="?", default="list", metavar="ACTION", help=ACTIONS)
    parser.add_argument("words", nargs="*", metavar="WORD", help="what the action is about")


def run(args: RegressionPacks) -> int:
    """Do what the first word says; `list` without one."""
    action = _ACTIONS.get(args.action)
    if action is None:
        raise FairwayError(
            "usage", f"{args.action!r} is no action; say {ACTIONS}", suggest("regression-packs", "--help")
        )
    variable, act = action
    _take_words(args, variable)
    act(args)
    return OK


def _take_words(args: RegressionPacks, variable: str) -> None:
    """The words behind the action stand for one variable, for several paths, or for nothing."""
    if variable == "paths":
        args.paths = [*args.words, *args.paths]
        return
    if len(args.words) > bool(variable):
        extra = " ".join(args.words[bool(variable) :])
        raise FairwayError("usage", f"{args.action} takes no {extra!r}", suggest("regression-packs", "--help"))
    if args.words:
        setattr(args, variable, args.words[0])


def _list(args: RegressionPacks) -> None:
    project = open_as_it_is(args)
    found = packs.list_packs(project, args.catalog)
    rows = [{**pack, "blocking": f"blocking={pack['blocking_text']}"} for pack in found["packs"]]
    answer(args, found, table(rows, ("id", "owner", "title", "blocking"), form=args.format))
    if not rows:
        say(f"{found['catalog']} has no packs")


def _show(args: RegressionPacks) -> None:
    required(args, "PACK_ID")
    project = open_as_it_is(args)
    pack = packs.find_pack(project, args.pack_id, args.catalog)
    lines = [f"# Regression Pack: {pack['id']}", "", f"title: {pack['title']}", f"owner: {pack['owner']}"]
    lines += [f"blocking: {pack['blocking_text']}", f"lowest_reliable_layer: {pack['lowest_reliable_layer']}"]
    sections: Mapping[str, object] = pack
    for name in _SECTIONS:
        entries = sections[name]
        listed = [f"- {shown(entry)}" for entry in entries] if isinstance(entries, list) else []
        lines += ["", f"## {name}", "", *(listed or ["none"])]
    answer(args, pack, lines)


def _validate(args: RegressionPacks) -> None:
    project = open_as_it_is(args)
    found = packs.validate_packs(project, args.catalog)
    verdict = [f"valid {found['catalog']} ({found['packs']} packs)"] if found["ok"] else []
    answer(args, found, [*(fault["text"] for fault in found["faults"]), *verdict])
    errors = [fault for fault in found["faults"] if fault["severity"] == "error"]
    if errors:
        place = f"{found['catalog']}:{errors[0]['line']}"
        raise FairwayError("invalid_packs", f"{found['catalog']} has {len(errors)} fault(s)", f"edit {place}")


def _for_paths(args: RegressionPacks) -> None:
    project = open_as_it_is(args)
    found = packs.packs_for_paths(project, args)
    rows = [
        {**pack, "blocking": f"blocking={pack['blocking_text']}", "because": ", ".join(pack["paths_changed"][:3])}
        for pack in found["packs"]
    ]
    answer(args, found, table(rows, ("id", "owner", "blocking", "because"), form=args.format))
    if not rows:
        say("no pack names these paths (`paths` of a pack, or [[regression_packs.paths]] in the configuration)")


def _for_task(args: RegressionPacks) -> None:
    required(args, "TASK_ID")
    project = open_project(args)
    found = packs.packs_for_task(project, args)
    rows = [
        {
            **pack,
            "blocking": f"blocking={pack['blocking_text']}",
            "proof": "proven" if pack["run"]["ok"] else "open",
            "because": "; ".join(pack["reasons"]),
            "why": pack["run"]["why"],
        }
        for pack in found["packs"]
    ]
    answer(args, found, table(rows, ("id", "owner", "proof", "why", "because"), form=args.format))
    for name in found["unknown"]:
        say(f"{found['task_id']} names pack {name}, which {found['catalog']} does not have")
    if not rows:
        say(f"{found['task_id']} calls for no pack")


def _record(args: RegressionPacks) -> None:
    required(args, "PACK_ID", "TASK_ID", "RESULT")
    duration = number(args, "DURATION_SECONDS")
    project = open_project(args)
    recorded = packs.record_run(project, args, duration=duration)
    what = f"pack {recorded['pack_id']} {recorded['result']}"
    lines = [f"recorded evidence {recorded['evidence_id']} for {recorded['task_id']}: {what}"]
    lines += pairs(recorded, "environment", "command_text", "commit_sha", "tree_dirty", "artifact_path")
    lines += pairs(recorded, "artifact_sha256", "duration_seconds")
    answer(args, recorded, lines)


#: action -> (the variable that its word stands for, what it does).
_ACTIONS: dict[str, tuple[str, Callable[[RegressionPacks], None]]] = {
    "list": ("", _list),
    "show": ("pack_id", _show),
    "validate": ("catalog", _validate),
    "for-paths": ("paths", _for_paths),
    "for-task": ("task_id", _for_task),
    "record": ("pack_id", _record),
}
