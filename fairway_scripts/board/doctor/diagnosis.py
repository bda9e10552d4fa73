"""Checking a set-up: what is wrong with it, how bad that is, and the command that mends each thing."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from fairway_scripts.base import settings as settings_of
from fairway_scripts.base.errors import FairwayError, suggest, suggest_program
from fairway_scripts.board.doctor.diagnosis_engines import engine_findings
from fairway_scripts.board.doctor.diagnosis_git import git_findings
from fairway_scripts.board.doctor.diagnosis_lanes import lane_findings
from fairway_scripts.board.doctor.diagnosis_startup import startup_findings
from fairway_scripts.board.doctor.diagnosis_store import store_findings
from fairway_scripts.board.orchestrator.findings import (
    ERROR,
    KEYS,
    NOTE,
    WARNING,
    finding,
    marked,
    sorted_findings,
)
from fairway_scripts.board.whereabouts import look_around
from fairway_scripts.project import installation
from fairway_scripts.project.project import is_born
from fairway_scripts.queue.opening import refresh

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import DoctorFinding, DoctorReport
    from fairway_scripts.calls.tool_calls import QueueDoctor
    from fairway_scripts.project.project import Project

#: What one look at a file may list.
MOST_FAULTS = 20
#: Refusals that have a finding of another name.
_KEY_OF_WORD = {
    "invalid_config": "config_invalid",
    "not_found": "config_missing",
    "git_unavailable": "repository_broken",
}


def diagnose(args: QueueDoctor, targets: tuple[str, ...] = ()) -> DoctorReport:
    """Everything that is wrong with the set-up that a call uses; `targets` are the suite's own make targets.

    Returns `{ok, findings}`: a finding is {key, level (error, warning, note), message, fix, suppressed};
    `ok` says that no finding which is not suppressed is an error. A changed queue file is imported, as by every reading
    tool. `doctor.suppress` of the configuration names the keys (see `findings.KEYS`) that this project has accepted.
    """
    found = [*_python(), *_packages(), *_clock(), *startup_findings()]
    able = not any(item["level"] == ERROR for item in found)
    suppress: list[str] = []
    try:
        project, problems = look_around(args)
    except FairwayError as problem:
        found.append(_from_refusal(problem))
    else:
        suppress = project.settings["doctor"]["suppress"]
        about_git = git_findings(project, configured=all(problem.word != "invalid_config" for problem in problems))
        found += [*about_git, *_config(project)]
        found += _targets(project.root, targets)
        found += [_from_refusal(problem) for problem in problems if problem.word != "invalid_config"]
        if able and not problems:
            found += _queue(project)
        found += store_findings(project)
        if able and not problems:
            found += engine_findings(project)
        if not any(item["key"] in ("git_missing", "repository_refused") for item in about_git):
            found += lane_findings(project)
    found += _suppressions(suppress)
    findings = marked(sorted_findings(found), suppress)
    return {
        "ok": not any(item["level"] == ERROR and not item["suppressed"] for item in findings),
        "findings": findings,
    }


def _from_refusal(problem: FairwayError) -> DoctorFinding:
    key = _KEY_OF_WORD.get(problem.word, problem.word)
    return finding(key if key in KEYS else "other", ERROR, problem.message, problem.hint)


# --- the machine ------------------------------------------------------------------------------------------


def _python() -> list[DoctorFinding]:
    if sys.version_info >= installation.PYTHON_FLOOR:
        return []
    here, needed = ".".join(map(str, sys.version_info[:3])), ".".join(map(str, installation.PYTHON_FLOOR))
    return [finding("python_old", ERROR, f"this is Python {here}; {needed} is needed", "install a newer Python")]


def _packages() -> list[DoctorFinding]:
    missing = installation.missing_packages()
    if not missing:
        return []
    message = f"missing from {sys.executable}: {', '.join(missing)}"
    return [finding("package_missing", ERROR, message, installation.setup_command())]


def _clock() -> list[DoctorFinding]:
    frozen = os.environ.get("FAIRWAY_NOW")
    if not frozen:
        return []
    message = f"FAIRWAY_NOW is set, so every record gets the time {frozen}"
    return [finding("clock_frozen", WARNING, message, "unset FAIRWAY_NOW")]


# --- the configuration and the queue file -----------------------------------------------------------------


def _config(project: Project) -> list[DoctorFinding]:
    if not project.config.path:
        message = "there is no .fairway/config.toml: lanes and branches are taken from GPUaaS conventions"
        return [finding("config_missing", NOTE, message, suggest("fairway-init"))]
    from fairway_scripts.settings.config_file import read_config

    try:
        settings, faults = read_config(project.config.path)
    except FairwayError as problem:
        return [finding("config_invalid", ERROR, problem.message, problem.hint)]
    found = []
    for fault in faults[:MOST_FAULTS]:
        is_error = fault.severity == "error"
        key = "config_invalid" if is_error else "config_doubtful"
        found.append(finding(key, ERROR if is_error else WARNING, fault.text(), suggest("fairway-config", "validate")))
    if not faults and not settings_of.lanes(settings):
        message = f"{project.show(project.config.path)} names no lane"
        found.append(finding("lanes_missing", WARNING, message, suggest("fairway-config", "add-lane", *_used(project))))
    return found


def _used(project: Project) -> list[str]:
    """The lanes that the tasks of the store have; without one, what asks for a name."""
    if not is_born(project.store):
        return ["<lane>"]
    with project.store.read() as tx:
        return tx.column("tasks.lanes") or ["<lane>"]


def _queue(project: Project) -> list[DoctorFinding]:
    """What any reading tool would say about the queue file, by importing it as that tool would."""
    try:
        refresh(project)
    except FairwayError as problem:
        key = "queue_file_missing" if problem.word == "not_found" else "queue_file_invalid"
        return [finding(key, ERROR, problem.message, problem.hint)]
    if not is_born(project.store) or not project.queue.path:
        return []
    with project.store.read() as tx:
        known = tx.one("sources.source", path=project.queue.path)
    shown = project.show(project.queue.path)
    if not os.path.exists(project.queue.path):
        if known is None:
            message = f"{shown} is not there: every task is one that was added to the store"
            return [finding("queue_file_missing", NOTE, message, suggest("fairway-init"))]
        message = f"{shown} is not there; what was read from it last stays in force"
        fix = suggest_program("git", "-C", project.root, "checkout", "--", shown)
        return [finding("queue_file_missing", WARNING, message, fix)]
    if known is not None and not known["valid"]:
        message = f"{shown} has faults; its last good definitions are in force"
        return [finding("queue_file_invalid", ERROR, message, suggest("queue-validate"))]
    return []


def _targets(root: str, targets: tuple[str, ...]) -> list[DoctorFinding]:
    """Which targets of the suite the project's Makefile, which includes the fragment, has kept for itself."""
    from fairway_scripts.cutover.scan.host_makefile import host_targets

    if not targets:
        return []
    try:
        kept = {target: place for target, place in host_targets(root).items() if target in targets}
    except FairwayError as problem:
        message = f"which targets the Makefile keeps for itself is not known: {problem.message}"
        fix = "`make -n <target>` shows whose recipe a target has" if problem.word == "invalid_config" else problem.hint
        return [finding("targets_unknown", WARNING, message, fix)]
    if not kept:
        return []
    places = ", ".join(f"{target} ({place})" for target, place in sorted(kept.items()))
    take = f"put FAIRWAY_TAKE := {' '.join(sorted(kept))} above the include line to hand them over"
    return [finding("targets_left", NOTE, f"left to the Makefile, which has recipes for them: {places}", take)]


def _suppressions(suppress: list[str]) -> list[DoctorFinding]:
    fix = suggest("fairway-config", "get", "doctor.suppress")
    unknown = [key for key in suppress if key not in KEYS]
    return [finding("suppress_unknown", WARNING, f"doctor.suppress names {key!r}: no finding", fix) for key in unknown]
