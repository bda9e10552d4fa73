"""What speaks against moving a repository's older scripts, looked up before anything is touched."""

from __future__ import annotations

import os

from fairway_scripts.base.errors import FairwayError, suggest_program
from fairway_scripts.cutover.layout import InstallStep
from fairway_scripts.cutover.scan.shim_hazards import is_own_neighbour, moving_hazards, sourcing_pattern
from fairway_scripts.git.git import ask
from fairway_scripts.programs.spawn import run_quick


def tracked(root: str, path: str) -> bool:
    """Tell whether git has a file of the checkout `root`."""
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
        message = f"the tree is not clean: {names}{f' and {more} more' if more > 0 else ''}"
        raise FairwayError("git_inconsistent", message, "commit or stash them first")


def climbing_scripts(root: str, scripts: list[str]) -> list[str]:
    """List the scripts that find the repository from their own place, which has to stay as deep as it is."""
    return [
        path for path in scripts if any(entry["kind"] == "climbs" for entry in moving_hazards(_text(root, path), ()))
    ]


def copy_neighbours(root: str, plan: list[InstallStep]) -> None:
    """Add to `plan` the copies of the files that a moved script uses from beside it."""
    moves = [step for step in plan if step.act == "move"]
    going = {step.source for step in moves}
    for step in moves:  # grows while it is walked: what is copied along may use others
        folder, name = os.path.split(step.source)
        files = {entry.name for entry in os.scandir(os.path.join(root, folder)) if entry.is_file()} - {name}
        stay = {other for other in files if os.path.join(folder, other) not in going}
        for hazard in moving_hazards(_text(root, step.source), stay):
            target = f"{os.path.dirname(step.path)}/{hazard['name']}"
            if hazard["kind"] == "beside" and not any(other.path == target for other in plan):
                plan.append(InstallStep("copy", target, os.path.join(folder, hazard["name"])))
                moves.append(plan[-1])


def _text(root: str, path: str) -> str:
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        return file.read()


def sourced_scripts(root: str, scripts: list[str]) -> dict[str, str]:
    """Return the scripts that others source, which a stand-in cannot do, each with the place of such a line.

    Raises FairwayError `git_unavailable`.
    """
    if not scripts:
        return {}
    pattern = sourcing_pattern(map(os.path.basename, scripts))
    code, out, err = run_quick(["git", "grep", "-n", "-I", "-E", "-e", pattern, "--", ":!*.md"], root)
    if code > 1:
        raise FairwayError(
            "git_unavailable", f"git grep failed: {os.fsdecode(err).strip()}", suggest_program("git", "grep", "--help")
        )
    found: dict[str, str] = {}
    for entry in out.decode(errors="replace").splitlines():
        path, line, text = (*entry.split(":", 2), "", "")[:3]
        plain = text.lstrip()
        if plain.startswith("#") or (
            path in scripts and is_own_neighbour(text) and plain.startswith(("require", "import", "from"))
        ):
            continue
        for script in scripts:
            if os.path.basename(script).partition(".")[0] in text and script != path:
                found.setdefault(script, f"{path}:{line}")
    return found
