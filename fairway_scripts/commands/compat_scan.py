"""compat-scan."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from fairway_scripts.commands.tool_names import catalogue
from fairway_scripts.documents.profile_file import PROFILE_PATH
from fairway_scripts.errors import OK, FairwayError, suggest
from fairway_scripts.operations.compat_callers import repository_files, scan_callers
from fairway_scripts.operations.compat_scan import ALIAS, SAME, UNKNOWN, find_root, has_front_doors, scan_makefile
from fairway_scripts.operations.profile import (
    FRAGMENT_PATH,
    differences,
    known_profile,
    write_fragment,
    write_profile,
)
from fairway_scripts.render.answer import answer, say, shown, table, warn
from fairway_scripts.render.profile_mk import profile_fragment

if TYPE_CHECKING:
    import argparse


def arguments(parser: argparse.ArgumentParser) -> None:
    """What compat-scan takes besides the common flags."""
    parser.add_argument("repo", nargs="?", metavar="REPO", default="", help="the repository; default: where you are")
    parser.add_argument("--into", metavar="REPO", default="", help="the same as REPO")
    parser.add_argument("--makefile", metavar="FILE", default="", help="its Makefile; default: the one that make takes")
    parser.add_argument("--write", action="store_true", help=f"write {PROFILE_PATH} and {FRAGMENT_PATH}")


def run(args: Any) -> int:
    """Scan, write the profile when asked to, and print what was found."""
    if args.repo and args.into and args.repo != args.into:
        raise FairwayError(
            "usage", f"two repositories are named: {args.repo} and {args.into}", suggest("compat-scan", args.repo)
        )
    root = find_root(args.repo or args.into)
    known = catalogue()
    profile = known_profile(root, known["tools"])
    files = repository_files(root)
    chosen = {name: entry["tool"] for name, entry in (profile or {"targets": {}})["targets"].items() if entry["tool"]}
    flags = {name: entry["flags"] for name, entry in (profile or {"scripts": {}})["scripts"].items()}
    own = {name: entry["subcommands"] for name, entry in (profile or {"scripts": {}})["scripts"].items()}
    known["scripts"] = {
        name: {**known["scripts"].get(name, {}), **own.get(name, {})} for name in {**known["scripts"], **own}
    }
    found = scan_makefile(root, args.makefile, files, {**known, "script_flags": flags}, chosen)
    found |= scan_callers(root, files, known["scripts"], [entry["target"] for entry in found["targets"]])
    written = {"added": [], "differing": differences(profile, found["targets"]) if profile else [], "fragment": False}
    if args.write:
        written["added"] = write_profile(root, found["makefile"], found["targets"], known["scripts"])
        settled = known_profile(root, known["tools"])
        written["fragment"] = write_fragment(root, profile_fragment(settled or {"targets": {}}))
    counts = Counter(entry["answer"] for entry in found["targets"])
    data = {
        "repo": root,
        **found,
        "counts": {word: counts[word] for word in (SAME, ALIAS, UNKNOWN)},
        "profile": written,
    }
    answer(args, data, _lines(data, write=args.write))
    _warn(found)
    if written["added"] and has_front_doors(root):
        say("the front doors still go by the older profile: make lane-engine")
    if not args.write:
        say(f"compat-scan --write keeps this in {PROFILE_PATH} and {FRAGMENT_PATH}")
    return OK


def _lines(data: dict[str, Any], *, write: bool) -> list[str]:
    counts = ", ".join(f"{number} {word}" for word, number in data["counts"].items())
    lines = [f"scanned {data['makefile']}: {counts}"]
    lines += table([_row(entry) for entry in data["targets"]], ["target", "answer", "tool", "place", "call", "names"])
    for entry in data["targets"]:
        lines += [f"{entry['target']}: {reason}" for reason in entry["why"]]
        lines += [f"{entry['target']}: only through make: {reason}" for reason in entry["complicated"]]
    lines += [
        f"variable {entry['name']} = {shown(str(entry['value']))}: "
        + ("counts for our targets too" if entry["heard"] else "stays the host's, our targets do not hear it")
        for entry in data["variables"]
    ]
    lines += [
        f"script {entry['script']}: {', '.join(entry['words']) or 'no subcommands seen'}" for entry in data["scripts"]
    ]
    for kind in ("callers", "ci"):
        label = "CI" if kind == "ci" else "caller"
        lines += [f"{label} {entry['path']}:{entry['line']} {entry['how']} {entry['script']}" for entry in data[kind]]
    if write:
        lines += [f"profile: added {name}" for name in data["profile"]["added"]] or ["profile: nothing to add"]
        lines.append(f"{FRAGMENT_PATH}: {'written' if data['profile']['fragment'] else 'as it was'}")
    return lines + [_difference(entry) for entry in data["profile"]["differing"]]


def _row(entry: dict[str, Any]) -> dict[str, str]:
    names = [f"{use['name']}={use['ours']}" for use in entry["uses"] if use["name"] != use["ours"]]
    return {
        "target": entry["target"],
        "answer": entry["answer"],
        "tool": " ".join([entry["tool"], *entry["words"]]).strip(),
        "place": f"{entry['file']}:{entry['line']}",
        "call": " ".join([entry["script"].rsplit("/", 1)[-1], entry["subcommand"]]).strip(),
        "names": " ".join(names),
    }


def _difference(entry: dict[str, Any]) -> str:
    if entry["scan"] is None:
        return f"profile: targets.{entry['target']} is kept; the Makefile has no such target"
    return (
        f"profile: targets.{entry['target']}.{entry['key']} is kept as {entry['profile']!r}; "
        f"the Makefile says {entry['scan']!r}"
    )


def _warn(found: dict[str, Any]) -> None:
    for line in found["said"]:
        warn(line)
    for entry in found["reads"]:
        is_program = entry["kind"] == "program"
        what = "runs a program" if is_program else "reads or writes a file"
        now = "not now" if is_program else "also now"
        say(f"{entry['file']}:{entry['line']} {what} whenever make reads it ({now}): {entry['text']}")
