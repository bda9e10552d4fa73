"""Making a UAT matrix: the catalogue of flows, test reports, and where there is a project, its tasks and packs."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from fairway_scripts.base import digest
from fairway_scripts.base.errors import FairwayError
from fairway_scripts.formats.input_file import Document, read_document
from fairway_scripts.project.opening import locate
from fairway_scripts.project.settings_in_force import settings_from_file
from fairway_scripts.queue.opening import open_project
from fairway_scripts.reviews.gates.packs import sound_catalogue
from fairway_scripts.utilities.uat.flow_file import read_flows
from fairway_scripts.utilities.uat.uat_matrix_rules import compose
from fairway_scripts.utilities.uat.uat_report import read_results

if TYPE_CHECKING:
    from fairway_scripts.calls.tool_calls import UatMatrix
    from fairway_scripts.project.project import Project
    from fairway_scripts.utilities.uat.uat_shapes import KnownPack, Matrix, NamedCatalogue, Result
    from fairway_scripts.utilities.utility_shapes import Finding, ReadDocument

#: `staging=report.json`, `staging:chromium=report.xml`: where a report was made, before its file.
_PLACED = re.compile(r"([^=:/\\]*)(?::([^=:/\\]*))?=(.+)")


class Call(NamedTuple):
    """What a call asks for: the flows' file, the reports (each with its place, if any), the environment of the rest."""

    flows: str
    reports: list[str]
    catalog: str
    environment: str
    at: str


def uat_matrix(args: UatMatrix, call: Call) -> tuple[Matrix, Project | None]:
    """(the matrix, the open project or None): see `uat_matrix_rules.compose`, with at, findings and documents.

    Raises FairwayError: `invalid_document`, `not_found` (a file), `file_unavailable`, `invalid_packs`,
    `invalid_config`.
    """
    file = read_document(call.flows)
    catalogue: NamedCatalogue = {**read_flows(file), "document": file.name}
    documents = [_document_row(file, "flows")]
    results: list[Result] = []
    findings: list[Finding] = []
    for text in call.reports:
        environment, browser, path = placed(text)
        document = read_document(path)
        read = read_results(document, catalogue, environment or call.environment, browser)
        results += read["results"]
        findings += read["findings"]
        documents.append(_document_row(document, read["adapter"]))
    wanted = list(dict.fromkeys(name for flow in catalogue["flows"] for name in flow["tasks"]))
    project = _project(args) if wanted else None
    near = project or _located(args)
    packs, pack_file = _packs(near, call.catalog)
    documents += pack_file
    statuses = _statuses(project, wanted) if project else None
    matrix = compose(catalogue, results, near.settings, statuses, packs)
    found: Matrix = {
        **matrix,
        "checked": {"tasks": statuses is not None or not wanted, "regression_packs": packs is not None},
        "at": call.at,
        "findings": findings,
        "documents": documents,
    }
    return found, project


def placed(text: str) -> tuple[str, str, str]:
    """(environment, browser, file) of a report as a call names it: `demo=r.json`, `demo:webkit=r.xml` or `r.xml`."""
    found = _PLACED.fullmatch(text)
    return (found[1].strip(), (found[2] or "").strip(), found[3]) if found else ("", "", text)


def _project(args: UatMatrix) -> Project | None:
    """The open project; None where there is none."""
    try:
        return open_project(args)
    except FairwayError as problem:
        if problem.word != "not_found":
            raise
        return None


def _located(args: UatMatrix) -> Project:
    """The project around with its settings, its store left alone."""
    project = locate(args)
    project.settings = settings_from_file(project)
    return project


def _statuses(project: Project, task_ids: list[str]) -> dict[str, str]:
    with project.store.read() as tx:
        states = {task_id: tx.one("tasks.state", task_id=task_id) for task_id in task_ids}
    return {task_id: state["status"] for task_id, state in states.items() if state}


def _packs(project: Project, given: str) -> tuple[list[KnownPack] | None, list[ReadDocument]]:
    """(the packs, None without a catalogue; the catalogue among the documents); one that is named has to be there."""
    path = given or os.path.join(project.root, project.settings["regression_packs"]["catalog"])
    if not given and not os.path.exists(path):
        return None, []
    found = sound_catalogue(project, given)
    packs: list[KnownPack] = [{"id": pack["id"], "title": pack["title"], "gaps": pack["gaps"]} for pack in found.packs]
    return packs, [_document_row(read_document(path), "regression packs")]


def _document_row(document: Document, adapter: str) -> ReadDocument:
    size, sha256 = len(document.data), digest.of_bytes(document.data)
    return {"name": document.name, "adapter": adapter, "bytes": size, "sha256": sha256}
