"""The part of a check-up that looks at a cut-over: lanes whose calls nobody could answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fairway_scripts.base.errors import suggest
from fairway_scripts.board.orchestrator.findings import ERROR, finding
from fairway_scripts.cutover.door.engines import FAIRWAY, engines, read_manifest
from fairway_scripts.cutover.door.handover import original

if TYPE_CHECKING:
    from fairway_scripts.board.board_shapes import DoctorFinding
    from fairway_scripts.project.project import Project


def engine_findings(project: Project) -> list[DoctorFinding]:
    """Lanes that older scripts are to answer where compat-install has found none."""
    held = sorted(role for role, engine in engines(project).items() if engine != FAIRWAY)
    manifest = read_manifest(project.root) if held else None
    if manifest is None or any(original(script, project.root) for script in manifest["files"]):
        return []
    message = f"the older scripts are to answer {', '.join(held)}, and there are none: every call is refused"
    fix = suggest("lane-engine", ROLE=held[0], ENGINE=FAIRWAY, FORCE=True, REASON=None)
    return [finding("originals_missing", ERROR, message, fix)]
