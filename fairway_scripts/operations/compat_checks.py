"""What speaks against moving a repository's older scripts, looked up before anything is touched."""

from __future__ import annotations

import os
from typing import Any

from fairway_scripts.errors import FairwayError, suggest, suggest_program
from fairway_scripts.rules.shim_hazards import is_own_neighbour, moving_hazards, sourcing_pattern
from fairway_scripts.workspace.git import ask
from fairway_scripts.workspace.spawn import run_quick


def tracked(root: str, path: str) -> bool:
    """Whether git has a file of the checkout `root`."""
    return bool(ask(root, "ls-files", "-z", "--", path))


def refuse_dirty(root: str, folders: list[str]) -> None:
    """Raise FairwayError `git_inconsistent` for changes that are not committed, and for untracked files in `folders`.

    Only a clean tree can be given back as it was.
    """
    out = os.fsdecode(ask(root, "status", "--porcelain=v1", "-z", "--untracked-files=no"))
    changed = [entry[3:] for entry in out.split("\0") if entry[2:3] == " "]
    places = [folder for folder in folders if os.path.isdir(os.path.join(root, folder))]
    loose: list[str] = []
    if places:
        found = ask(root, "ls-files", "--others", "--exclude-standard", "-z", "--", *places)
        loose = [path for path in os.fsdecode(found).split("\0") if path]
    if changed or loose:
        names = ", ".join([*changed, *loose][:5])
        more = len(changed) + len(loose) - 5
        said = f"{names} and {more} more" if more > 0 else names
        message = f"the tree is not clean: {said}"
        raise FairwayError("git_inconsistent", message, "commit or stash them first")


def refuse_hazards(root: str, plan: list[dict[str, Any]]) -> None:
    """Raise FairwayError `git_inconsistent` for a script that would not work in its new place.

    A file that a script uses from beside it is copied along: that adds steps to `plan`.
    """
    moves = [step for step in plan if step["act"] == "move"]
    for step in moves:
        folder, name = os.path.split(step["from"])
        with open(os.path.join(root, step["from"]), encoding="utf-8", errors="replace") as file:
            text = file.read()
        going = {os.path.basename(other["from"]) for other in moves if os.path.dirname(other["from"]) == folder}
        stay = {entry.name for entry in os.scandir(os.path.join(root, folder)) if entry.is_file()} - going - {name}
        for hazard in moving_hazards(text, stay):
            if hazard["kind"] == "climbs" and os.path.dirname(step["path"]) == f"{folder}/legacy":
                _refuse_climbing(step["from"], hazard)
            if hazard["kind"] == "beside":
                _copy_along(plan, f"{folder}/{hazard['name']}", os.path.dirname(step["path"]))
    _refuse_sourced(root, [step["from"] for step in moves])


def _refuse_climbing(script: str, hazard: dict[str, Any]) -> None:
    message = f"{script}:{hazard['line']} finds the repository from its own place, which would be one folder deeper: "
    raise FairwayError(
        "git_inconsistent",
        message + hazard["text"],
        suggest("compat-install", "--legacy-folder", "ops=scripts/ops-legacy,ci=scripts/ci-legacy"),
        path=script,
        line=hazard["line"],
    )


def _copy_along(plan: list[dict[str, Any]], path: str, folder: str) -> None:
    target = f"{folder}/{os.path.basename(path)}"
    if not any(step["path"] == target for step in plan):
        plan.append({"act": "copy", "from": path, "path": target})


def _refuse_sourced(root: str, scripts: list[str]) -> None:
    if not scripts:
        return
    pattern = sourcing_pattern(map(os.path.basename, scripts))
    code, out, err = run_quick(["git", "grep", "-n", "-I", "-E", "-e", pattern, "--", ":!*.md"], root)
    if code > 1:
        raise FairwayError(
            "git_unavailable", f"git grep failed: {os.fsdecode(err).strip()}", suggest_program("git", "grep", "--help")
        )
    for entry in out.decode(errors="replace").splitlines():
        path, line, text = (*entry.split(":", 2), "", "")[:3]
        if text.lstrip().startswith("#") or (path in scripts and is_own_neighbour(text)):
            continue
        named = [script for script in scripts if os.path.basename(script).partition(".")[0] in text]
        message = f"{path}:{line} sources {', '.join(named)}, which cannot be replaced then: {text.strip()}"
        keep = [word for script in named for word in ("--keep", os.path.basename(script))]
        raise FairwayError("git_inconsistent", message, suggest("compat-install", *keep), path=path)
