"""Who else names the scripts that a repository's queue targets call: other scripts, and what CI runs."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from fairway_scripts.base import paths
from fairway_scripts.cutover.door.calls import read_call
from fairway_scripts.cutover.door.entries import missing_lines
from fairway_scripts.cutover.door.table import find_entry
from fairway_scripts.cutover.scan.host_makefile import text_of
from fairway_scripts.cutover.scan.legacy_scripts import finder, subcommands_in
from fairway_scripts.cutover.scan.recipe_calls import calls_in, holes_in
from fairway_scripts.git import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from fairway_scripts.cutover.cutover_shapes import CallTable
    from fairway_scripts.cutover.scan.scan_shapes import Callers, Mention

_CI = re.compile(
    r"^(?:\.github/workflows/|\.gitlab/|\.circleci/|\.buildkite/|\.woodpecker/|ci/|\.ci/)"
    r"|^(?:\.gitlab-ci|\.travis|\.drone|azure-pipelines|bitbucket-pipelines|\.pre-commit-config|cloudbuild)[^/]*\.ya?ml$"
    r"|(?:^|/)Jenkinsfile[^/]*$"
)
_SCRIPT = re.compile(r"\.(?:sh|bash|zsh|rb|py|pl|js|mjs|ts)$|(?:^|/)(?:\.husky|\.githooks|hooks)/[^/]+$")
_SOURCED = re.compile(r"^\s*(?:\.|source|load|require|require_relative)\s")
_SKIPPED = ("node_modules/", "vendor/", ".venv/")


def repository_files(root: str) -> list[str]:
    """List every file of a checkout that git tracks or would track, relative to `root`; outside git, every file."""
    if paths.find_repository(root) is not None:
        listed = git.ask(root, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
        return sorted({os.fsdecode(path) for path in listed.split(b"\0") if path})
    found = []
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if name != ".git")
        found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
    return sorted(found)


def scan_callers(root: str, files: list[str], names: Iterable[str], targets: Iterable[str]) -> Callers:
    """Find where scripts and CI files name the known scripts, and which CI lines make one of the targets.

    `names` are the known scripts, `targets` the queue targets of the Makefile. Returns as `scripts` the known scripts
    that are there, with the words their `case` tells apart; as `callers` the lines of scripts that name one, `how`
    being `sources`, `calls` or `mentions`; as `ci` those of CI files, `how` also `make` with `script` the target.
    """
    pattern = finder(names)
    known = set(names)
    makes = re.compile(
        r"\bmake\b(?:[ \t]+[^\s;&|]+)*?[ \t]+(" + "|".join(map(re.escape, sorted(targets))) + r")(?![\w-])"
    )
    found: Callers = {"scripts": [], "callers": [], "ci": []}
    for path in files:
        if path.startswith(_SKIPPED):
            continue
        is_ci = bool(_CI.search(path))
        text = text_of(os.path.join(root, path))
        if text is None or not (is_ci or _SCRIPT.search(path) or text.startswith("#!")):
            continue
        if os.path.basename(path) in known:
            found["scripts"].append({"script": path, "words": subcommands_in(text)})
        for number, line in enumerate(text.split("\n"), 1):
            for script in pattern.findall(line):
                if os.path.basename(script) != os.path.basename(path):
                    found["ci" if is_ci else "callers"].append(_mention(path, number, line, script))
            if is_ci and targets and (made := makes.search(line)):
                found["ci"].append(_mention(path, number, line, made[1], how="make"))
    return found


def _mention(path: str, number: int, line: str, script: str, how: str = "") -> Mention:
    comment = line.lstrip().startswith(("#", "//"))
    how = how or ("mentions" if comment else "sources" if _SOURCED.match(line) else "calls")
    return {"path": path, "line": number, "script": os.path.basename(script), "how": how, "text": line.strip()[:200]}


def unread_calls(table: CallTable, callers: Iterable[Mention], find: Callable[[str], str]) -> Iterator[tuple[str, str]]:
    """Yield where another script or CI makes a call that the table does not translate, and what to add for it.

    `find` gives the path of the script that a word names, "" for none.
    """
    for caller in callers:
        try:
            calls = calls_in(_command(caller["text"]), {}, find) if caller["how"] == "calls" else []
        except ValueError:
            continue
        for call in calls:
            entry, words = find_entry(table, call.script, call.words)
            lost = read_call(entry, words, {}).untranslated if entry.tool else []
            if lost and not any("$" in word or holes_in(word) for word in lost):
                what = f"{', '.join(lost)}: add {'; '.join(missing_lines(entry, lost))} to {entry.place()}"
                yield f"{caller['path']}:{caller['line']}", what


def _command(text: str) -> str:
    """Return the command in a line of CI: `- run: bash x.sh` is `bash x.sh`."""
    return re.sub(r"^-?\s*(?:run|script|entry):\s*", "", re.sub(r"^-\s+", "", text))
