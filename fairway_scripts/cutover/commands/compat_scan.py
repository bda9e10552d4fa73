"""compat-scan."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING

from fairway_scripts.base.errors import OK, FairwayError, suggest
from fairway_scripts.calls.answer import answer, say, table, warn
from fairway_scripts.cutover.door.entries import variables_by_tool
from fairway_scripts.cutover.door.published_calls import SCRIPTS
from fairway_scripts.cutover.scan.callers import repository_files, scan_callers, unread_calls
from fairway_scripts.cutover.scan.profile_file import PROFILE_PATH, add_to_profile, read_profile
from fairway_scripts.cutover.scan.scan import Scan, find_root

if TYPE_CHECKING:
    import argparse

    from fairway_scripts.calls.tool_calls import CompatScan
    from fairway_scripts.cutover.cutover_shapes import CallTable
    from fairway_scripts.cutover.scan.scan_shapes import FoundCall, ListedCall, Question, ScanAnswer

_PUBLISHED, _DRAFTED, _LEFT, _KEPT = "published", "drafted", "left", "profile"

#: What the summary says of each: who knows what a call means.
_SAID = {
    _PUBLISHED: "with published names",
    _DRAFTED: "drafted (to be confirmed)",
    _LEFT: "left for you to write",
    _KEPT: "as the profile has them",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Add what compat-scan takes besides the common flags."""
    parser.add_argument("repo", nargs="?", metavar="REPO", default="", help="the repository; default: where you are")
    parser.add_argument("--into", metavar="REPO", default="", help="the same as REPO")
    parser.add_argument("--makefile", metavar="FILE", default="", help="its Makefile; default: the one that make takes")
    parser.add_argument("--write", action="store_true", help=f"add what is missing to {PROFILE_PATH}")


def run(args: CompatScan) -> int:
    """Scan, draft the profile when asked to, and print what was found and what a person has to fill in."""
    if args.repo and args.into and args.repo != args.into:
        raise FairwayError(
            "usage", f"two repositories are named: {args.repo} and {args.into}", suggest("compat-scan", args.repo)
        )
    root = find_root(args.repo or args.into)
    path = os.path.join(root, PROFILE_PATH)
    tools = variables_by_tool()
    profile = read_profile(path, tools)["scripts"] if os.path.exists(path) else {}
    files = repository_files(root)
    scan = Scan(root, args.makefile, files)
    drafted = scan.entries()
    settled = {script: {**drafted.get(script, {}), **profile.get(script, {})} for script in {**drafted, **profile}}
    names = {os.path.basename(script) for script in {**SCRIPTS, **settled}}
    found = scan_callers(root, files, names, [call["target"] for call in scan.calls])
    find = partial(scan.script, any_script=False)
    for place, question in unread_calls(settled, [*found["callers"], *found["ci"]], find):
        scan.ask(place, question)
    asked = [entry for entry in scan.questions if entry["subcommand"] not in profile.get(entry["script"], {})]
    added = []
    if args.write and any(word not in profile.get(script, {}) for script in drafted for word in drafted[script]):
        added = add_to_profile(path, drafted, _notes(asked))
    data: ScanAnswer = {
        "repo": root,
        "makefile": scan.makefile,
        "calls": [_listed(call, profile, drafted) for call in scan.calls],
        "to_fill_in": asked,
        **found,
        "reads": scan.reads,
        "said": scan.said,
        "added": added,
    }
    answer(args, data, _lines(data, write=args.write))
    _warn(data)
    if not args.write:
        say(f"what keeps this in {PROFILE_PATH}: {suggest('compat-scan', '--write')}")
    return OK


def _listed(call: FoundCall, profile: CallTable, drafted: CallTable) -> ListedCall:
    script, word = call["script"], call["subcommand"]
    if word in profile.get(script, {}):
        return {**call, "tool": profile[script][word]["tool"], "by": _KEPT}
    if word in drafted.get(script, {}):
        return {**call, "by": _DRAFTED if call["tool"] else _LEFT}
    return {**call, "by": _PUBLISHED}


def _notes(asked: list[Question]) -> dict[tuple[str, str], str]:
    """Write the remark above each entry of which something is unsure."""
    notes: dict[tuple[str, str], str] = {}
    for entry in asked:
        key = (entry["script"], entry["subcommand"])
        notes[key] = "\n".join([*notes.get(key, "").splitlines(), f"{entry['place']}: {entry['question']}"])
    return notes


def _lines(data: ScanAnswer, *, write: bool) -> list[str]:
    counts = [f"{sum(call['by'] == by for call in data['calls'])} {said}" for by, said in _SAID.items()]
    lines = [f"scanned {data['makefile']}: {len(data['calls'])} calls: {', '.join(counts)}"]
    rows = [{**call, "call": _typed(call)} for call in data["calls"]]
    lines += table(rows, ["target", "place", "call", "by", "tool"])
    lines += [
        f"script {entry['script']}: {', '.join(entry['words']) or 'no subcommands seen'}" for entry in data["scripts"]
    ]
    names = {os.path.basename(script) for script in SCRIPTS}
    for label, mentions in (("caller", data["callers"]), ("CI", data["ci"])):
        lines += [
            f"{label} {entry['path']}:{entry['line']} {entry['how']} {entry['script']}"
            for entry in mentions
            if os.path.basename(entry["path"]) not in names
        ]
    if write:
        lines += [f"{PROFILE_PATH}: added {name}" for name in data["added"]] or [f"{PROFILE_PATH}: nothing to add"]
    asked = [f"  {_question_line(entry)}" for entry in data["to_fill_in"]]
    return [*lines, "to fill in or confirm:" if asked else "nothing to fill in", *asked]


def _question_line(entry: Question) -> str:
    typed = _typed(entry)
    return " ".join(filter(None, [entry["place"], typed and f"{typed}:", entry["question"]]))


def _typed(entry: ListedCall | Question) -> str:
    """Return the script and the subcommand, as people type them; "" for a question about none."""
    return " ".join(filter(None, [os.path.basename(entry["script"]), entry["subcommand"]]))


def _warn(data: ScanAnswer) -> None:
    for line in data["said"]:
        warn(line)
    for entry in data["reads"]:
        is_program = entry["kind"] == "program"
        what = "runs a program" if is_program else "reads or writes a file"
        now = "not now" if is_program else "also now"
        say(f"{entry['file']}:{entry['line']} {what} whenever make reads it ({now}): {entry['text']}")
